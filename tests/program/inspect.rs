//! `ascend inspect` of models: `.om` and ONNX.

use std::fs;
use std::path::{Path, PathBuf};

use ascend_graph::DataType;
use ascend_graph::onnx::{Attribute, Builder};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{WEIGHTS, ascend, ascend_with, fails, model, path, succeeds, text};

pub(super) fn told(arguments: &[&str]) -> Value {
    serde_json::from_str(&succeeds(&[&["inspect", "--json"], arguments].concat())).unwrap()
}

/// The error as JSON and the exit code, which agree with what is said to people.
fn error_of(file: &Path, more: &[&str]) -> (Value, i32) {
    let output = ascend(&[&["inspect", "--json", path(file)], more].concat());
    let message = text(&output.stderr);
    assert!(!message.contains("panicked"), "{message}");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let said = told["error"]["message"].as_str().unwrap();
    assert!(
        message.contains(said) && said.starts_with(path(file)),
        "{message}"
    );
    (told["error"].clone(), output.status.code().unwrap())
}

pub(super) fn written(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let file = folder.path().join(name);
    fs::write(&file, bytes).unwrap();
    file
}

/// A network of two operators with a constant of 8 numbers.
pub(super) fn network(name: &str) -> Builder {
    let mut graph = Builder::new("net", 11);
    let x = graph.input("x", DataType::F32, &["batch".into(), 8.into()]);
    let bytes = (0u8..8).flat_map(|n| f32::from(n).to_le_bytes());
    let bias = graph.initializer(
        "bias",
        DataType::F32,
        &[8],
        bytes.collect::<Vec<u8>>().into(),
    );
    let sum = graph.node("Add", name, &[&x, &bias], []);
    graph.node_to(
        "Softmax",
        "softmax",
        &[&sum],
        &["y"],
        [Attribute::int("axis", 1)],
    );
    graph.output("y", DataType::F32, &["batch".into(), 8.into()]);
    graph
}

pub(super) fn onnx(folder: &TempDir, name: &str) -> PathBuf {
    let file = network(name).build().unwrap().to_rope().to_bytes();
    written(folder, "net.onnx", file)
}

#[test]
fn first_generation_files_are_told() {
    struct Case {
        file: &'static str,
        ops: usize,
        input: (&'static str, &'static str, &'static [i64]),
        constants: usize,
        lines: &'static [&'static str],
    }
    let cases = [
        Case {
            file: "ascend-graph/tests/data/om/hiai_relu.om",
            ops: 3,
            input: ("input", "FLOAT", &[1, 1, 100, 100]),
            constants: 0,
            lines: &[
                "a first-generation .om",
                "Kirin",
                "runs here   no: it is for phones",
            ],
        },
        Case {
            file: "tests/data/om/hiai_tf_softmax_v100.om",
            ops: 4,
            input: ("data1", "FLOAT16", &[3, 10]),
            constants: 0,
            lines: &[
                "work 5.00 KiB (5120 B) + weights 512 B",
                "streams     1;",
                "WEIGHTS_DATA 512 B",
            ],
        },
        Case {
            file: "ascend-graph/tests/data/om/hiai_tf_deconv_size_1.om",
            ops: 8,
            input: ("input0", "FLOAT", &[1, 1, 1, 1]),
            constants: 3,
            lines: &["ConvTranspose 1", "WEIGHTS_DATA 160 B"],
        },
    ];
    for case in cases {
        let file = case.file.to_owned();
        let told = told(&[&file, "--weights", "--device", "mock"]);
        let graph = &told["models"][0]["graphs"][0];
        assert_eq!(graph["op_count"], case.ops, "{file}");
        let (name, dtype, dims) = case.input;
        let data = &graph["data_ops"][0];
        assert_eq!(
            (&data["name"], &data["dtype"]),
            (&json!(name), &json!(dtype))
        );
        assert_eq!(data["dims"], json!(dims), "{file}");
        assert_eq!(told["runs_here"], false);
        assert_eq!(told["weights"].as_array().unwrap().len(), case.constants);
        let lines = succeeds(&["inspect", &file, "--device", "mock"]);
        for part in case.lines {
            assert!(lines.contains(part), "{part:?} is missing in: {lines}");
        }
    }
    let told = told(&["tests/data/om/hiai_tf_softmax_hcs_npucl.om"]);
    assert_eq!(told["models"][0]["task"], json!({"not_protobuf": true}));
}

#[test]
fn constants_are_told_with_their_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let file = onnx(&folder, "sum");
    let om = folder.path().join("net.om");
    succeeds(&["convert", path(&file), path(&om)]);
    for (file, dtype) in [(&file, "float32"), (&om, "FLOAT")] {
        let told = told(&[path(file), "--weights", "--stats", "--hash"]);
        let bias = &told["weights"][0];
        assert_eq!(
            (&bias["name"], &bias["dtype"]),
            (&json!("bias"), &json!(dtype))
        );
        assert_eq!((&bias["shape"], &bias["nbytes"]), (&json!([8]), &json!(32)));
        let stats = &bias["stats"];
        assert_eq!(
            (&stats["min"], &stats["max"], &stats["mean"]),
            (&json!(0.0), &json!(7.0), &json!(3.5))
        );
        let sha256 = "0571cfe42be5c7b95de9afc7c7ba1286fb7a2ef10a9035f8d6b87d21a3bc8387";
        assert_eq!(bias["sha256"], sha256);
        let lines = succeeds(&["inspect", path(file), "--weights", "--stats"]);
        assert!(lines.contains("mean 3.5000e0"), "{lines}");
    }
    let told = told(&[
        "ascend-graph/tests/data/om/hiai_tf_deconv_size_1.om",
        "--weights",
    ]);
    let bytes: u64 = told["weights"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["nbytes"].as_u64().unwrap())
        .sum();
    assert_eq!(bytes, 160, "the constants fill the partition");
}

#[test]
fn gears_preprocessing_and_memory_are_told() {
    let (folder, om) = model();
    let lines = succeeds(&["inspect", path(&om), "--ops"]);
    for part in [
        "a current .om",
        "runs here   yes: it was made for the CPU device",
        "precision   ",
        "before loading",
        "[1, 3, 64, 64] ",
        "output      ",
        "TBE_KERNELS 0 B",
        "Conv",
        "more (--all shows them)",
    ] {
        assert!(lines.contains(part), "{part:?} is missing in: {lines}");
    }
    let all = succeeds(&["inspect", path(&om), "--ops", "--all"]);
    assert!(!all.contains("--all shows them"));
    let memory = told(&[path(&om)]);
    assert!(
        memory["work_bytes"].as_u64().unwrap() > 0 && memory["weight_bytes"].as_u64().unwrap() > 0
    );

    let gears = folder.path().join("gears.om");
    succeeds(&[
        "convert",
        WEIGHTS,
        path(&gears),
        "--image-size",
        "64",
        "--dynamic-batch-size",
        "1,2,4",
        "--input-shape",
        "input:-1,3,64,64",
    ]);
    let told = told(&[path(&gears)]);
    assert_eq!(told["gears"]["dynamic_batch"], json!([1, 2, 4]));
    assert_eq!(
        told["models"][0]["io"]["inputs"][0]["dims"],
        json!([-1, 3, 64, 64])
    );
    let lines = succeeds(&["inspect", path(&gears)]);
    for part in ["batch sizes 1, 2, 4", "has [1, 16], [2, 16], [4, 16]"] {
        assert!(lines.contains(part), "{part:?} is missing in: {lines}");
    }

    let aipp = folder.path().join("aipp.om");
    let config = "aipp_op { aipp_mode: static input_format: RGB888_U8 src_image_size_w: 64 src_image_size_h: 64 mean_chn_0: 7 var_reci_chn_0: 0.5 }";
    let config = written(&folder, "aipp.cfg", config);
    succeeds(&[
        "convert",
        WEIGHTS,
        path(&aipp),
        "--image-size",
        "64",
        "--batch",
        "1",
        "--insert-op-conf",
        path(&config),
    ]);
    let lines = succeeds(&["inspect", path(&aipp)]);
    for part in [
        "static, RGB888_U8 of 64 x 64",
        "mean [7, 0, 0, 0]",
        "the network gets",
        "uint8 [1, 64, 64, 3] NHWC",
    ] {
        assert!(lines.contains(part), "{part:?} is missing in: {lines}");
    }
}

#[test]
fn bundles_are_told_with_what_is_in_them() {
    let (folder, om) = model();
    let bundle = folder.path().join("bundle.om");
    succeeds(&["bundle", path(&bundle), path(&om), path(&om)]);
    let told = told(&[path(&bundle), "--ops", "--device", "mock"]);
    assert_eq!(told["header"]["modeltype"], 5);
    assert_eq!(told["parts"].as_array().unwrap().len(), 2);
    let input = &told["parts"][1]["inputs"][0];
    assert_eq!(
        (&input["name"], &input["dims"]),
        (&json!("input"), &json!([1, 3, 64, 64]))
    );
    assert_eq!(told["ops"].as_array().unwrap().len(), 2);
    let lines = succeeds(&["inspect", path(&bundle)]);
    for part in [
        "a bundle of several .om files",
        "part        resnet50_slim",
        "variables: 0 B",
        "runs here   yes",
    ] {
        assert!(lines.contains(part), "{part:?} is missing in: {lines}");
    }
    fails(
        &["inspect", path(&bundle), "--atc-json"],
        8,
        &["no graph in it itself", "--json"],
    );
}

#[test]
fn the_device_decides_whether_a_file_fits() {
    let (_folder, om) = model();
    assert_eq!(told(&[path(&om), "--device", "mock"])["runs_here"], true);
    // Without a notice: nothing runs on the CPU device.
    assert!(ascend(&["inspect", path(&om)]).stderr.is_empty());
    let none = told(&[path(&om), "--device", "npu"]);
    assert!(none["runs_here"].is_null(), "{none}");
    let because = none["runs_here_because"].as_str().unwrap();
    assert!(because.contains("found no CANN"), "{because}");
    let broken = ascend_with("sock = 1", &["inspect", path(&om)]);
    assert!(broken.status.success());
    assert!(text(&broken.stdout).contains("runs here   unknown: no device was asked"));
}

#[test]
fn look_alikes_and_damaged_files_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let om = fs::read("ascend-graph/tests/data/om/hiai_tf_deconv_size_1.om").unwrap();
    let mut encrypted = om.clone();
    encrypted[80] = 1;
    let mut version = om.clone();
    version[11] = 0x30;
    let cases: [(&str, Vec<u8>, &str, i32); 9] = [
        ("net.om", Vec::new(), "the file is empty", 7),
        ("net.om", b"PICO".repeat(100), "HiSilicon SVP NNN", 7),
        ("net.bin", b"PICO".repeat(100), "HiSilicon SVP NNN", 7),
        (
            "net.om",
            b"version https://git-lfs.github.com/spec/v1\noid".to_vec(),
            "git lfs pull",
            7,
        ),
        (
            "net.om",
            b"/data/models/resnet50_310P3_bs1_fp16.om".to_vec(),
            "text file",
            7,
        ),
        ("net.om", encrypted, "encrypted", 8),
        ("net.om", version, "unknown version", 7),
        ("net.onnx", b"<html>".to_vec(), "a text file", 7),
        ("net.onnx", vec![8, 6], "holds no graph", 7),
    ];
    for (name, bytes, part, code) in cases {
        let file = written(&folder, name, bytes);
        let (error, exit) = error_of(&file, &[]);
        assert!(error["message"].as_str().unwrap().contains(part), "{error}");
        assert_eq!(exit, code, "{error}");
        let kind = if code == 8 {
            "unsupported"
        } else {
            "malformed"
        };
        assert_eq!(error["kind"], kind);
    }
    // Of what is no further readable, the header is told.
    let mut locked = om.clone();
    locked[80] = 1;
    let output = ascend(&[
        "inspect",
        "--json",
        path(&written(&folder, "locked.om", locked)),
    ]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["header"]["is_encrypt"], 1, "{told}");
    for len in [1, 3, 4, 255, 256, 257, 263, 264, 1000, om.len() - 1] {
        let file = written(&folder, "cut.om", &om[..len]);
        let (error, exit) = error_of(&file, &["--ops", "--weights", "--stats"]);
        assert_eq!(exit, 7, "{len}: {error}");
    }
    let onnx = fs::read(onnx(&folder, "sum")).unwrap();
    for len in (8..onnx.len() - 8).step_by(7) {
        let file = written(&folder, "cut.onnx", &onnx[..len]);
        let (error, exit) = error_of(&file, &["--ops"]);
        assert_eq!(exit, 7, "{len}: {error}");
    }
}

#[test]
fn the_graph_is_given_as_atc_gives_it() {
    let told = succeeds(&[
        "inspect",
        "ascend-graph/tests/data/om/hiai_tf_deconv_size_1.om",
        "--atc-json",
    ]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["version"], 2);
    let ops = told["graph"][0]["op"].as_array().unwrap();
    assert_eq!(ops.len(), 8);
    let op = ops.iter().find(|op| op["type"] == "ConvTranspose").unwrap();
    assert_eq!(op["input_desc"][0]["dtype"], "DT_FLOAT16");
    assert!(op["input_desc"][0]["shape"]["dim"].is_array());
    let attributes = op["attr"].as_array().unwrap();
    let strides = attributes
        .iter()
        .find(|attr| attr["key"] == "strides")
        .unwrap();
    assert_eq!(strides["value"]["list"]["val_type"], "VT_LIST_INT");
    assert_eq!(strides["value"]["list"]["i"].as_array().unwrap().len(), 2);
    let target = told["attr"]
        .as_array()
        .unwrap()
        .iter()
        .find(|attr| attr["key"] == "target_type");
    assert_eq!(target.unwrap()["value"]["s"], "LITE");
}
