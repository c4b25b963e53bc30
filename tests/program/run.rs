//! `ascend run` on models with gears and with preprocessing.

use std::fs;
use std::path::{Path, PathBuf};

use ascend_graph::onnx::{Builder, Dim};
use ascend_rt::{DataType, Tensor};

use crate::{WEIGHTS, fails, path, succeeds};

/// A folder with the shipped network as an `.om`, made with these options.
struct Made(tempfile::TempDir);

impl Made {
    fn new(options: &[&str]) -> Self {
        let made = Self(tempfile::tempdir().unwrap());
        let om = made.at("net.om");
        let convert = ["convert", WEIGHTS, path(&om), "--image-size", "64"];
        succeeds(&[&convert[..], options].concat());
        made
    }

    /// The mean of each channel of pictures of any size, made with these options.
    fn mean(options: &[&str]) -> Self {
        let mut graph = Builder::new("mean", 13);
        let dims = [1.into(), 3.into(), Dim::Unknown, Dim::Unknown];
        let x = graph.input("input", DataType::F32, &dims);
        graph.node_to("GlobalAveragePool", "mean", &[&x], &["output"], []);
        let dims = [1, 3, 1, 1].map(Dim::from);
        graph.output("output", DataType::F32, &dims);
        let made = Self(tempfile::tempdir().unwrap());
        let (onnx, om) = (made.at("net.onnx"), made.at("net.om"));
        fs::write(&onnx, graph.build().unwrap().to_rope().to_bytes()).unwrap();
        let convert = ["convert", path(&onnx), path(&om)];
        succeeds(&[&convert[..], options].concat());
        made
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// An input of zeros, but for the first elements of each picture.
    fn input(&self, dtype: DataType, shape: &[usize]) -> PathBuf {
        let bytes = usize::try_from(dtype.bytes().unwrap()).unwrap();
        let each: usize = shape[1..].iter().product::<usize>() * bytes;
        let mut content = vec![0; shape[0] * each];
        for picture in content.chunks_mut(each) {
            picture[bytes - 1] = 0x40;
        }
        let tensor = Tensor {
            dtype,
            shape: shape.to_vec().into(),
            bytes: content.into(),
        };
        let file = self.at("input.npy");
        tensor.write_npy(&file).unwrap();
        file
    }

    /// The arguments of a run on a file.
    fn run<'a>(om: &'a Path, input: &'a Path, output: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
        let run = [
            "run",
            path(om),
            "--input",
            path(input),
            "--output",
            path(output),
        ];
        [&run[..], more].concat()
    }

    fn succeeds(&self, input: &Path, more: &[&str]) -> Tensor<'static> {
        let (om, out) = (self.at("net.om"), self.at("out"));
        succeeds(&Self::run(&om, input, &out, more));
        let tensor = Tensor::read_npy(out.join("output.npy")).unwrap();
        fs::remove_dir_all(&out).unwrap();
        tensor
    }

    fn fails(&self, input: &Path, more: &[&str], parts: &[&str]) {
        let (om, out) = (self.at("net.om"), self.at("out"));
        fails(&Self::run(&om, input, &out, more), 6, parts);
    }
}

#[test]
fn the_gear_is_chosen_from_the_shape_of_the_file() {
    let shape = "input:-1,3,64,64";
    let made = Made::new(&["--input-shape", shape, "--dynamic-batch-size", "1,4"]);
    let one = made.succeeds(&made.input(DataType::F32, &[1, 3, 64, 64]), &[]);
    assert_eq!(one.shape[..], [1, 16]);
    let four = made.succeeds(&made.input(DataType::F32, &[4, 3, 64, 64]), &[]);
    assert_eq!(four.shape[..], [4, 16]);
    let three = made.input(DataType::F32, &[3, 3, 64, 64]);
    made.fails(
        &three,
        &[],
        &["batch sizes 1, 4", "[3, 3, 64, 64]", "--pad"],
    );
    let padded = made.succeeds(&three, &["--pad"]);
    assert_eq!(padded.shape[..], [3, 16]);
    assert_eq!(padded.bytes[..], four.bytes[..3 * 16 * 4]);
    let five = made.input(DataType::F32, &[5, 3, 64, 64]);
    made.fails(
        &five,
        &["--pad"],
        &["no gear holds them", "batch sizes 1, 4"],
    );
}

#[test]
fn what_depends_on_the_padding_is_given_uncut_only() {
    let shape = ["--input-shape", "input:1,3,-1,-1"];
    let made = Made::mean(&[&shape[..], &["--dynamic-image-size", "4,4;8,4"]].concat());
    let between = made.input(DataType::F32, &[1, 3, 6, 4]);
    made.fails(&between, &[], &["image sizes 4x4, 8x4"]);
    made.fails(&between, &["--pad"], &["cannot be cut back", "--pad=uncut"]);
    let output = made.succeeds(&between, &["--pad=uncut"]);
    assert_eq!(output.shape[..], [1, 3, 1, 1]);
    // The one 2 among 8 times 4 pixels.
    assert_eq!(output.bytes[..4], (2.0_f32 / 32.0).to_le_bytes());
}

#[test]
fn pictures_of_bytes_are_preprocessed_on_the_device() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("aipp.cfg");
    // Red comes last in the file, first in the network.
    let text = "aipp_op { aipp_mode: static input_format: RGB888_U8 rbuv_swap_switch: true
        mean_chn_0: 124 mean_chn_1: 116 mean_chn_2: 104
        var_reci_chn_0: 0.0171 var_reci_chn_1: 0.0175 var_reci_chn_2: 0.0174 }";
    fs::write(&config, text).unwrap();
    let fixed = "input:2,3,64,64";
    let made = Made::new(&["--input-shape", fixed, "--insert-op-conf", path(&config)]);
    let output = made.succeeds(&made.input(DataType::U8, &[2, 64, 64, 3]), &[]);
    assert_eq!(
        (output.dtype, &output.shape[..]),
        (DataType::F32, &[2, 16][..])
    );
    let planes = made.input(DataType::U8, &[2, 3, 64, 64]);
    made.fails(
        &planes,
        &[],
        &["input uint8 [2, 64, 64, 3] NHWC", "[2, 3, 64, 64]"],
    );
    let floats = made.input(DataType::F32, &[2, 64, 64, 3]);
    made.fails(
        &floats,
        &[],
        &["input uint8 [2, 64, 64, 3] NHWC", "float32"],
    );
}

#[test]
#[cfg(not(feature = "ort"))]
fn an_engine_that_the_build_lacks_is_refused_with_its_feature() {
    let made = Made::new(&[]);
    let input = made.input(DataType::F32, &[1, 3, 64, 64]);
    let words = "this build cannot use ONNX Runtime: build with the cargo feature `ort`";
    made.succeeds(&input, &["--engine", "rten"]);
    made.fails(&input, &["--engine", "onnxruntime"], &[words]);
    let other = made.at("other.om");
    let convert = ["convert", WEIGHTS, path(&other), "--engine", "onnxruntime"];
    fails(&convert, 8, &[words]);
    let wrong = ["--engine", "gpu", "info"];
    let words = "\"gpu\" is no engine: give rten, onnxruntime or";
    fails(&wrong, 2, &[words]);
}
