//! Weights and ONNX on their way to a model: skeletons, data in other files, types, simplification.

use std::fs;
use std::path::Path;

use ascend_graph::DataType;
use ascend_graph::onnx::{Attribute, Builder, Model, Tensor};
use ascend_rt::Tensor as Array;
use tempfile::TempDir;

use super::{WEIGHTS, fails, path, succeeds};

const SMALL: [&str; 2] = ["--image-size", "64"];

fn read(file: &Path) -> Model {
    Model::read(&fs::read(file).unwrap().into()).unwrap()
}

fn write(model: &Model, file: &Path) {
    fs::write(file, model.to_rope().to_bytes()).unwrap();
}

/// A folder with a small ONNX file of the shipped weights.
fn network() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let onnx = folder.path().join("net.onnx");
    succeeds(&[&["convert", WEIGHTS, path(&onnx)], &SMALL[..]].concat());
    (folder, onnx)
}

/// What an `.om` gives for a picture of which each number is its place, small.
fn outputs(folder: &Path, om: &Path, dtype: DataType) -> Vec<f64> {
    let (input, out) = (folder.join("input.npy"), folder.join("out"));
    let numbers = (0..3 * 64 * 64_u16).map(|place| f32::from(place % 251) / 251.0);
    let bytes: Vec<u8> = match dtype {
        DataType::F16 => numbers
            .flat_map(|number| half::f16::from_f32(number).to_le_bytes())
            .collect(),
        _ => numbers.flat_map(f32::to_le_bytes).collect(),
    };
    let array = Array {
        dtype,
        shape: vec![1, 3, 64, 64].into(),
        bytes: bytes.into(),
    };
    array.write_npy(&input).unwrap();
    let given = format!("input={}", path(&input));
    succeeds(&[
        "run",
        path(om),
        "--input",
        &given,
        "--output",
        path(&out),
        "--overwrite",
    ]);
    let output = Array::read_npy(out.join("output.npy")).unwrap();
    assert_eq!(output.dtype, dtype);
    assert_eq!(output.shape[..], [1, 16]);
    match dtype {
        DataType::F16 => {
            let numbers = output.bytes.as_chunks().0.iter();
            numbers
                .map(|&number| half::f16::from_le_bytes(number).to_f64())
                .collect()
        }
        _ => output
            .to_array::<f32>()
            .unwrap()
            .iter()
            .map(|&n| n.into())
            .collect(),
    }
}

#[track_caller]
fn assert_near(got: &[f64], expected: &[f64], tolerance: f64) {
    let scale = expected
        .iter()
        .fold(0.0, |most: f64, number| most.max(number.abs()));
    for (got, expected) in got.iter().zip(expected) {
        assert!(
            (got - expected).abs() <= tolerance * scale,
            "{got} for {expected}"
        );
    }
}

#[test]
fn weights_may_lie_in_a_file_beside_the_model() {
    let (folder, whole) = network();
    let (onnx, data) = (
        folder.path().join("out.onnx"),
        folder.path().join("out.onnx.data"),
    );
    let said = succeeds(&["convert", path(&whole), path(&onnx), "--external-data"]);
    assert!(
        said.contains("out.onnx.data, which belongs beside"),
        "{said}"
    );
    assert!(fs::metadata(&data).unwrap().len() > 1_000_000);
    assert!(fs::metadata(&onnx).unwrap().len() < 300_000);
    let om = folder.path().join("net.om");
    succeeds(&["convert", path(&onnx), path(&om)]);
    let got = outputs(folder.path(), &om, DataType::F32);
    succeeds(&["convert", path(&whole), path(&om), "--overwrite"]);
    assert_eq!(got, outputs(folder.path(), &om, DataType::F32));
    // Cut short, missing, and said to be elsewhere.
    let convert = ["convert", path(&onnx), path(&om), "--overwrite"];
    let bytes = fs::read(&data).unwrap();
    fs::write(&data, &bytes[..bytes.len() / 2]).unwrap();
    fails(
        &convert,
        7,
        &["out.onnx", "constant `layer4.0.conv3.weight`", "has only"],
    );
    fs::remove_file(&data).unwrap();
    fails(
        &convert,
        9,
        &["\"out.onnx.data\"", "copy them into the model's folder"],
    );
    for location in ["../out.onnx.data", "/etc/passwd"] {
        let mut model = read(&onnx);
        for tensor in &mut model.graph.as_mut().unwrap().initializer {
            let mut entries = tensor.external_data.iter_mut();
            if let Some(entry) = entries.find(|entry| entry.key == "location") {
                entry.value = location.into();
            }
        }
        write(&model, &onnx);
        fails(
            &convert,
            6,
            &[location, "only files in the model's own folder"],
        );
    }
}

#[test]
fn a_skeleton_is_filled() {
    let (folder, onnx) = network();
    let original = read(&onnx);
    let mut empty = original.clone();
    for tensor in &mut empty.graph.as_mut().unwrap().initializer {
        let len = tensor.bytes().unwrap().len();
        tensor.raw_data = vec![0; len].into();
    }
    let (skeleton, filled) = (
        folder.path().join("empty.onnx"),
        folder.path().join("filled.onnx"),
    );
    write(&empty, &skeleton);
    let fill = [
        "convert",
        WEIGHTS,
        path(&filled),
        "--skeleton",
        path(&skeleton),
        "--overwrite",
    ];
    let said = succeeds(&fill);
    assert!(
        said.contains("filled 267 constants of the skeleton, kept 0 of the computation"),
        "{said}"
    );
    assert!(said.contains("converted from float16 to float32"), "{said}");
    assert!(read(&filled) == original);
    // Other names, with what would help.
    for tensor in &mut empty.graph.as_mut().unwrap().initializer {
        tensor.name.insert_str(0, "net.");
    }
    for node in &mut empty.graph.as_mut().unwrap().node {
        node.input.iter_mut().skip(1).for_each(|name| {
            if !name.ends_with("_output_0") {
                name.insert_str(0, "net.");
            }
        });
    }
    write(&empty, &skeleton);
    fails(
        &fill,
        6,
        &[
            "267 constants have no tensor of their name",
            "net.conv1.weight float32[",
            "267 of them would have a weight with --prefix =net.",
            "--allow-unmatched",
        ],
    );
    succeeds(&[&fill[..], &["--prefix", "=net."]].concat());
    let said = succeeds(&[&fill[..], &["--allow-unmatched"]].concat());
    assert!(
        said.contains("267 kept the skeleton's own numbers: net."),
        "{said}"
    );
    assert!(
        said.contains("267 of the checkpoint went nowhere"),
        "{said}"
    );
    fails(
        &[
            "convert",
            path(&onnx),
            path(&filled),
            "--skeleton",
            path(&skeleton),
            "--overwrite",
        ],
        6,
        &["give a checkpoint"],
    );
    fails(
        &[&fill[..], &["--opset", "13"]].concat(),
        6,
        &["a network already"],
    );
}

#[test]
fn weights_that_do_not_fit_a_skeleton_are_all_named() {
    let folder = tempfile::tempdir().unwrap();
    let skeleton = folder.path().join("net.onnx");
    let mut graph = Builder::new("net", 11);
    let x = graph.input("x", DataType::F32, &[1.into(), 5.into()]);
    let data = |count: usize| vec![0; count * 4].into();
    let weight = graph.initializer("fc.weight", DataType::F32, &[5, 7], data(35));
    let bias = graph.initializer("fc.bias", DataType::I64, &[16], vec![0; 128].into());
    let product = graph.node("MatMul", "product", &[&x, &weight], []);
    graph.node_to("Add", "sum", &[&product, &bias], &["y"], []);
    graph.output("y", DataType::F32, &[1.into(), 7.into()]);
    write(&graph.build().unwrap(), &skeleton);
    let out = folder.path().join("out.onnx");
    fails(
        &[
            "convert",
            WEIGHTS,
            path(&out),
            "--skeleton",
            path(&skeleton),
        ],
        6,
        &[
            "2 do not fit their constants",
            "fc.weight float16[16, ",
            "for a constant of float32[5, 7]",
            "for a constant of int64[16]",
            "of the checkpoint are left over",
        ],
    );
    assert!(!out.exists());
}

#[test]
fn a_network_may_compute_in_half_precision() {
    let folder = tempfile::tempdir().unwrap();
    let om = folder.path().join("net.om");
    let convert = |more: &[&str]| {
        let own = ["convert", WEIGHTS, path(&om), "--overwrite"];
        succeeds(&[&own, &SMALL[..], more].concat())
    };
    convert(&[]);
    let expected = outputs(folder.path(), &om, DataType::F32);
    for opset in ["9", "13", "14", "15", "18"] {
        convert(&["--dtype", "f16", "--opset", opset]);
        assert_near(&outputs(folder.path(), &om, DataType::F32), &expected, 5e-3);
    }
    convert(&["--dtype", "f16", "--io-dtype", "f16"]);
    assert_near(&outputs(folder.path(), &om, DataType::F16), &expected, 5e-3);
    let onnx = folder.path().join("net.onnx");
    for (opset, kept) in [("13", 0), ("14", 106), ("15", 212)] {
        let half = ["--dtype", "f16", "--opset", opset];
        let own = ["convert", WEIGHTS, path(&onnx), "--overwrite"];
        succeeds(&[&own, &SMALL[..], &half].concat());
        let constants = read(&onnx).graph.unwrap().initializer;
        let single = |tensor: &&Tensor| tensor.dtype().unwrap() == DataType::F32;
        assert_eq!(
            constants.iter().filter(single).count(),
            kept,
            "opset {opset}"
        );
    }
    fails(
        &["convert", WEIGHTS, path(&om), "--dtype", "bf16"],
        6,
        &["f32 or f16"],
    );
}

#[test]
fn a_list_of_batches_makes_gears() {
    let folder = tempfile::tempdir().unwrap();
    let (om, onnx) = (folder.path().join("net.om"), folder.path().join("net.onnx"));
    let convert = |to: &Path, batch: &str| {
        succeeds(
            &[
                &[
                    "convert",
                    WEIGHTS,
                    path(to),
                    "--batch",
                    batch,
                    "--overwrite",
                ],
                &SMALL[..],
            ]
            .concat(),
        )
    };
    assert!(convert(&om, "1,2").contains("tried the gears"));
    for (batch, input) in [
        ("dynamic", "input: float32[batch_size, 3, 64, 64]"),
        ("2", "input: float32[2, 3, 64, 64]"),
    ] {
        convert(&onnx, batch);
        assert_eq!(read(&onnx).inputs().unwrap()[0].to_string(), input);
    }
    let refused = |more: &[&str], code, parts: &[&str]| {
        fails(&[&["convert", WEIGHTS], more].concat(), code, parts);
    };
    refused(
        &[path(&onnx), "--batch", "1,2"],
        6,
        &["a list of batches is for an .om"],
    );
    refused(
        &[path(&om), "--batch", "1,2", "--dynamic-dims", "1;2"],
        6,
        &["one --dynamic option"],
    );
    refused(&[path(&om), "--batch", "many"], 2, &["dynamic, or a list"]);
    refused(&[path(&om), "--external-data"], 6, &["--external-weight"]);
}

#[test]
fn a_graph_is_simplified_for_its_shapes() {
    let folder = tempfile::tempdir().unwrap();
    let (onnx, simple) = (
        folder.path().join("net.onnx"),
        folder.path().join("simple.onnx"),
    );
    let mut graph = Builder::new("net", 11);
    let x = graph.input("x", DataType::F32, &["batch".into(), 3.into(), 4.into()]);
    let shape = graph.node("Shape", "shape", &[&x], []);
    let zero = graph.initializer("zero", DataType::I64, &[1], vec![0; 8].into());
    let batch = graph.node("Gather", "gather", &[&shape, &zero], []);
    let rest = graph.initializer(
        "rest",
        DataType::I64,
        &[1],
        12_i64.to_le_bytes().to_vec().into(),
    );
    let target = graph.node(
        "Concat",
        "concat",
        &[&batch, &rest],
        [Attribute::int("axis", 0)],
    );
    let copy = graph.node("Identity", "copy", &[&x], []);
    graph.node_to("Reshape", "reshape", &[&copy, &target], &["y"], []);
    graph.output("y", DataType::F32, &["batch".into(), 12.into()]);
    write(&graph.build().unwrap(), &onnx);
    let said = succeeds(&["convert", path(&onnx), path(&simple), "--simplify"]);
    assert!(
        said.contains("simplified: 1 of 5 nodes left, 1 Identity or Dropout"),
        "{said}"
    );
    let fixed = ["--simplify", "--input-shape", "x:2,3,4", "--overwrite"];
    let said = succeeds(&[&["convert", path(&onnx), path(&simple)], &fixed[..]].concat());
    assert!(
        said.contains("1 of 5 nodes left, 3 computed ahead"),
        "{said}"
    );
    let model = read(&simple);
    assert_eq!(
        model.inputs().unwrap()[0].to_string(),
        "x: float32[2, 3, 4]"
    );
    fails(
        &["convert", path(&onnx), path(&simple), "--overwrite"],
        6,
        &["is ONNX already", "--simplify"],
    );
    fails(
        &[
            "convert",
            path(&onnx),
            path(&simple),
            "--input-shape",
            "z:1",
            "--overwrite",
        ],
        6,
        &["net.onnx", "no input `z`; its inputs are `x`"],
    );
}
