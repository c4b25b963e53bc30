//! `ascend run`, `bench` and `msame`: inputs, outputs and command lines of other tools.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ascend_graph::DataType;
use ascend_graph::onnx::{Builder, Dim};
use ascend_rt::Tensor;
use serde_json::Value;
use tempfile::TempDir;

use super::{fails, path, succeeds};

/// A folder with models of one operator.
pub(super) struct Made(pub(super) TempDir);

impl Made {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `y = x + x` of `[batch, 4]`, where `None` leaves the batch open, made with these options.
    pub(super) fn double(&self, batch: Option<i64>, options: &[&str]) -> PathBuf {
        let mut graph = Builder::new("double", 13);
        let dims = [batch.map_or(Dim::Unknown, Dim::from), 4.into()];
        let x = graph.input("x", DataType::F32, &dims);
        graph.node_to("Add", "add", &[&x, &x], &["y"], []);
        graph.output("y", DataType::F32, &dims);
        self.converted(graph, options)
    }

    /// `sum = a + b` and `difference = a - b` of `[2, 4]`.
    pub(super) fn two(&self) -> PathBuf {
        let mut graph = Builder::new("two", 13);
        let dims = [2.into(), 4.into()];
        let [a, b] = ["a", "b"].map(|name| graph.input(name, DataType::F32, &dims));
        graph.node_to("Add", "add", &[&a, &b], &["sum"], []);
        graph.node_to("Sub", "sub", &[&a, &b], &["difference"], []);
        for name in ["sum", "difference"] {
            graph.output(name, DataType::F32, &dims);
        }
        self.converted(graph, &[])
    }

    pub(super) fn converted(&self, graph: Builder, options: &[&str]) -> PathBuf {
        let (onnx, om) = (self.at("net.onnx"), self.at("net.om"));
        fs::write(&onnx, graph.build().unwrap().to_rope().to_bytes()).unwrap();
        succeeds(&[&["convert", path(&onnx), path(&om), "--overwrite"], options].concat());
        om
    }

    /// Files `NAME_0.bin`, … in a folder, each of one row of four times its number.
    pub(super) fn rows(&self, folder: &str, count: u8) -> PathBuf {
        let place = self.at(folder);
        fs::create_dir_all(&place).unwrap();
        for number in 0..count {
            fs::write(place.join(format!("{folder}_{number}.bin")), row(number)).unwrap();
        }
        place
    }
}

pub(super) fn row(number: u8) -> Vec<u8> {
    f32::from(number).to_le_bytes().repeat(4)
}

pub(super) fn array(shape: &[usize], bytes: Vec<u8>) -> Tensor<'static> {
    Tensor {
        dtype: DataType::F32,
        shape: shape.to_vec().into(),
        bytes: bytes.into(),
    }
}

/// The names of the files in a folder, sorted.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn small_files_are_joined_to_a_batch_that_is_padded_and_cut_back() {
    let made = Made::new();
    let (om, out) = (made.double(Some(4), &[]), made.at("out"));
    // Ten files make two batches and a half; the order is that of their numbers.
    let rows = made.rows("row", 11);
    let said = succeeds(&[
        "bench",
        "--model",
        path(&om),
        "--input",
        path(&rows),
        "--output",
        path(&out),
        "--output_dirname",
        "a",
        "--batchsize",
        "4",
    ]);
    assert!(
        said.contains("[INFO] throughput 1000*batchsize.mean(4)/NPU_compute_time.mean("),
        "{said}"
    );
    assert_eq!(names(&out), ["a", "a_summary.json"]);
    let expected: Vec<String> = (0..11)
        .map(|number| format!("row_{number}_0.bin"))
        .collect();
    let mut sorted = expected.clone();
    sorted.sort();
    assert_eq!(names(&out.join("a")), sorted);
    for number in 0..11 {
        let bytes = fs::read(out.join("a").join(&expected[usize::from(number)])).unwrap();
        assert_eq!(bytes, row(number * 2), "{number}");
    }
    let summary: Value =
        serde_json::from_slice(&fs::read(out.join("a_summary.json")).unwrap()).unwrap();
    let files = summary["filesinfo"].as_object().unwrap();
    assert_eq!(files.len(), 11);
    let infile = path(&rows.join("row_10.bin")).to_owned();
    let outfile = path(&out.join("a").join("row_10_0.bin")).to_owned();
    assert_eq!(files["10"]["infiles"], serde_json::json!([infile]));
    assert_eq!(files["10"]["outfiles"], serde_json::json!([outfile]));
    for key in ["NPU_compute_time", "H2D_latency", "D2H_latency"] {
        for name in ["min", "max", "mean", "median", "percentile(99%)"] {
            assert!(summary[key][name].is_number(), "{key} {name}");
        }
    }
    assert_eq!(
        summary["npu_compute_time_list"].as_array().unwrap().len(),
        3
    );
    let mean = summary["NPU_compute_time"]["mean"].as_f64().unwrap();
    let throughput = summary["throughput"].as_f64().unwrap();
    assert!((throughput * mean / 4000.0 - 1.0).abs() < 1e-9, "{summary}");
}

#[test]
fn a_file_that_does_not_go_into_the_input_is_refused() {
    let made = Made::new();
    let (om, odd) = (made.double(Some(4), &[]), made.at("odd.bin"));
    for (bytes, parts) in [
        (12, &["odd.bin holds 12 bytes", "takes 64"][..]),
        (0, &["odd.bin holds 0 bytes", "takes 64"]),
        (65, &["odd.bin holds 65 bytes", "takes 64"]),
        (128, &["odd.bin holds 128 bytes", "takes 64"]),
    ] {
        fs::write(&odd, vec![0; bytes]).unwrap();
        fails(&["bench", path(&om), "--input", path(&odd)], 6, parts);
    }
    // The first file decides how many are joined.
    let rows = made.rows("row", 3);
    fs::write(rows.join("row_1.bin"), [0; 4]).unwrap();
    fails(
        &["bench", path(&om), "-i", path(&rows)],
        6,
        &["row_1.bin holds 4 bytes", "4 files are joined"],
    );
    let empty = made.at("empty");
    fs::create_dir(&empty).unwrap();
    fails(
        &["bench", path(&om), "-i", path(&empty)],
        6,
        &["holds no .npy"],
    );
    fails(
        &["bench", path(&om), "-i", "/nonexistent/x.bin"],
        9,
        &["/nonexistent/x.bin"],
    );
    fails(
        &["bench", path(&om), "-i", "/nonexistent/*.bin"],
        9,
        &["no file is called"],
    );
    let whole = made.at("whole.npy");
    array(&[4, 4], row(1).repeat(4)).write_npy(&whole).unwrap();
    let content = fs::read(&whole).unwrap();
    for len in [0, 5, 60, content.len() - 1] {
        fs::write(&whole, &content[..len]).unwrap();
        fails(&["bench", path(&om), "-i", path(&whole)], 7, &["whole.npy"]);
    }
}

#[test]
fn several_inputs_come_as_folders_lists_patterns_or_by_name() {
    let made = Made::new();
    let (om, out) = (made.two(), made.at("out"));
    let (a, b) = (made.rows("a", 4), made.rows("b", 4));
    let list = made.at("pairs.txt");
    let lines: Vec<String> = (0..4)
        .map(|number| format!("{0}/a_{number}.bin,{1}/b_{number}.bin", path(&a), path(&b)))
        .collect();
    fs::write(&list, lines.join("\n")).unwrap();
    let files: Vec<String> = ["a", "b"]
        .iter()
        .flat_map(|name| (0..4).map(move |number| (name, number)))
        .map(|(name, number)| path(&made.at(name).join(format!("{name}_{number}.bin"))).to_owned())
        .collect();
    let (a, b) = (path(&a), path(&b));
    let every_way = [
        vec![format!("{a},{b}")],
        vec![a.to_owned(), b.to_owned()],
        vec![format!("b={b}"), a.to_owned()],
        vec![format!("{a}/a_*.bin"), format!("{b}/b_?.bin")],
        vec![format!("@{}", path(&list))],
        vec![files.join(",")],
    ];
    for way in every_way {
        let mut line = vec![
            "bench",
            "--model",
            path(&om),
            "--output",
            path(&out),
            "--output_dirname",
            "d",
            "--outfmt",
            "NPY",
        ];
        for input in &way {
            line.extend(["--input", input]);
        }
        succeeds(&line);
        let folder = out.join("d");
        assert_eq!(names(&folder).len(), 8, "{way:?}");
        let sum = Tensor::read_npy(folder.join("a_3_0.npy")).unwrap();
        assert_eq!(
            (&sum.shape[..], &sum.bytes[..]),
            (&[1, 4][..], &row(6)[..]),
            "{way:?}"
        );
        let difference = Tensor::read_npy(folder.join("a_3_1.npy")).unwrap();
        assert_eq!(difference.bytes[..], row(0), "{way:?}");
        fs::remove_dir_all(&out).unwrap();
    }
    let limited = format!("{a},{b}");
    succeeds(&[
        "bench",
        path(&om),
        "-i",
        &limited,
        "-o",
        path(&out),
        "-od",
        "d",
        "--limit",
        "3",
    ]);
    assert_eq!(names(&out.join("d")).len(), 6);
    fails(
        &["bench", path(&om), "-i", a],
        6,
        &["takes 2 input(s)", "1 were given for 2"],
    );
    fails(
        &["bench", path(&om), "-i", &format!("c={a}"), "-i", b],
        6,
        &["none is called c"],
    );
    fs::remove_file(made.at("b").join("b_3.bin")).unwrap();
    fails(
        &["bench", path(&om), "-i", &limited],
        6,
        &["4 for a, 3 for b"],
    );
}

#[test]
fn stdin_is_an_input_or_a_list() {
    let made = Made::new();
    let (om, out) = (made.double(Some(1), &[]), made.at("out"));
    let rows = made.rows("row", 2);
    let fed = |input: &str, content: &[u8]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ascend"))
            .args([
                "bench",
                "--device",
                "mock",
                path(&om),
                "-i",
                input,
                "-o",
                path(&out),
                "-od",
                "d",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(content).unwrap();
        assert!(child.wait().unwrap().success(), "{input}");
    };
    fed("-", &row(4));
    assert_eq!(fs::read(out.join("d").join("stdin_0.bin")).unwrap(), row(8));
    let npy = made.at("x.npy");
    array(&[1, 4], row(5)).write_npy(&npy).unwrap();
    fed("-", &fs::read(&npy).unwrap());
    assert_eq!(
        fs::read(out.join("d").join("stdin_0.bin")).unwrap(),
        row(10)
    );
    fed(
        "@-",
        format!("{}\n", path(&rows.join("row_1.bin"))).as_bytes(),
    );
    assert_eq!(fs::read(out.join("d").join("row_1_0.bin")).unwrap(), row(2));
}
