//! The program `ascend`, as a user calls it: right work, and every kind of wrong input.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test ends where it fails, and says what it skips"
)]

#[path = "program/atc.rs"]
mod atc;
#[path = "program/atc_failures.rs"]
mod atc_failures;
#[path = "program/bench.rs"]
mod bench;
#[path = "program/bench_energy.rs"]
mod bench_energy;
#[path = "program/bench_lines.rs"]
mod bench_lines;
#[path = "program/bench_outputs.rs"]
mod bench_outputs;
#[path = "program/bench_report.rs"]
mod bench_report;
#[path = "common/book.rs"]
mod book;
#[path = "program/check.rs"]
mod check;
#[path = "program/compare.rs"]
mod compare;
#[path = "program/compare_dumps.rs"]
mod compare_dumps;
#[path = "program/compare_precision.rs"]
mod compare_precision;
#[path = "program/compare_samples.rs"]
mod compare_samples;
#[path = "program/compare_sides.rs"]
mod compare_sides;
#[path = "program/complaints/mod.rs"]
mod complaints;
#[path = "program/completions.rs"]
mod completions;
#[path = "program/doctor.rs"]
mod doctor;
#[path = "program/doctor_bundle.rs"]
mod doctor_bundle;
#[path = "program/doctor_commands.rs"]
mod doctor_commands;
#[path = "program/doctor_hostile.rs"]
mod doctor_hostile;
#[path = "program/doctor_nodes.rs"]
mod doctor_nodes;
#[path = "program/doctor_packages.rs"]
mod doctor_packages;
#[path = "program/doctor_tree.rs"]
mod doctor_tree;
#[path = "program/documents.rs"]
mod documents;
#[path = "program/dry_run.rs"]
mod dry_run;
#[path = "program/dumps.rs"]
mod dumps;
#[path = "program/examples.rs"]
mod examples;
#[path = "program/explain.rs"]
mod explain;
#[path = "program/explain_complaints.rs"]
mod explain_complaints;
#[path = "program/explain_files.rs"]
mod explain_files;
#[path = "program/explain_processes.rs"]
mod explain_processes;
#[path = "program/guide.rs"]
mod guide;
#[path = "program/inspect.rs"]
mod inspect;
#[path = "program/inspect_arrays.rs"]
mod inspect_arrays;
#[path = "program/job.rs"]
mod job;
#[path = "program/job_outputs.rs"]
mod job_outputs;
#[path = "program/job_parts.rs"]
mod job_parts;
#[path = "program/job_stops.rs"]
mod job_stops;
#[path = "program/language.rs"]
mod language;
#[path = "program/language_errors.rs"]
mod language_errors;
#[path = "program/language_pages.rs"]
mod language_pages;
#[path = "program/language_tables.rs"]
mod language_tables;
#[path = "program/log.rs"]
mod log;
#[path = "program/man_pages.rs"]
mod man_pages;
#[path = "program/network.rs"]
mod network;
#[path = "program/om_facts.rs"]
mod om_facts;
#[path = "program/pages.rs"]
mod pages;
#[path = "program/profile.rs"]
mod profile;
#[path = "program/profile_forms.rs"]
mod profile_forms;
#[path = "program/profile_hostile.rs"]
mod profile_hostile;
#[path = "program/profile_results.rs"]
mod profile_results;
#[path = "program/run.rs"]
mod run;
#[path = "program/shell.rs"]
mod shell;
#[path = "program/stand_in.rs"]
mod stand_in;
#[path = "program/telling.rs"]
mod telling;
#[allow(dead_code, reason = "each test program uses a part of it")]
#[path = "common/torch_zip.rs"]
mod torch_zip;
#[path = "program/weights.rs"]
mod weights;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ascend_graph::om::{Bundle, OmModel};
use serde_json::Value;
use tempfile::TempDir;

const WEIGHTS: &str = "examples/resnet50/resnet50_slim.safetensors";

fn ascend(arguments: &[&str]) -> Output {
    ascend_with("", arguments)
}

fn ascend_with(config: &str, arguments: &[&str]) -> Output {
    command(config).args(arguments).output().unwrap()
}

/// The program with this configuration of the CPU device.
fn command(config: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ascend"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    // Not even by chance a CANN: the environment names an empty place.
    for variable in [
        "LD_LIBRARY_PATH",
        "ASCEND_TOOLKIT_HOME",
        "ASCEND_HOME_PATH",
        "HOME",
    ] {
        command.env(variable, "/nonexistent");
    }
    // nor the language of whoever tests
    command.env("ASCEND_LANG", "en");
    if !config.is_empty() {
        command.env("ASCEND_MOCK_CONFIG", config);
    }
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn succeeds(arguments: &[&str]) -> String {
    let output = ascend(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Asserts the exit code and that the message holds all of `parts`, without a panic.
#[track_caller]
fn fails(arguments: &[&str], code: i32, parts: &[&str]) {
    let output = ascend(arguments);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{message}");
    assert!(!message.contains("panicked"), "{message}");
    for part in parts {
        assert!(message.contains(part), "{part:?} is missing in: {message}");
    }
}

/// A folder with the shipped model as a small `.om`.
fn model() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let om = folder.path().join("net.om");
    succeeds(&[
        "convert",
        WEIGHTS,
        path(&om),
        "--image-size",
        "64",
        "--batch",
        "1",
    ]);
    (folder, om)
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn info_tells_the_device() {
    let facts: Value = serde_json::from_str(&succeeds(&["info", "--json"])).unwrap();
    assert_eq!(
        (&facts["backend"], &facts["soc"]),
        (&"mock".into(), &"Ascend-CPU".into())
    );
    assert!(facts["devices"][0]["memory_total_bytes"].as_u64().unwrap() > 0);
    let output = ascend(&["info"]);
    assert!(text(&output.stderr).contains("no CANN found"));
    assert!(ascend(&["info", "--device", "mock"]).stderr.is_empty());
}

#[test]
fn the_environment_describes_the_cpu_device() {
    let config = "soc = \"Ascend310P3\"\ndevices = 2";
    let output = ascend_with(config, &["info", "--json", "--device", "mock"]);
    let facts: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(facts["soc"], "Ascend310P3");
    assert_eq!(
        facts["devices"][1]["memory_total_bytes"],
        24_000_000_000_u64
    );
    let output = ascend_with("sock = \"Ascend310P3\"", &["info"]);
    assert_eq!(output.status.code(), Some(6));
    assert!(text(&output.stderr).contains("unknown field `sock`"));
}

#[test]
fn without_cann_an_npu_is_an_error_that_says_where_it_was_looked_for() {
    fails(
        &["info", "--device", "npu"],
        3,
        &["found no CANN", "libascendcl.so", "/usr/local/Ascend"],
    );
}

#[test]
fn pictures_are_classified() {
    let folder = tempfile::tempdir().unwrap();
    let om = folder.path().join("net.om");
    succeeds(&["convert", WEIGHTS, path(&om)]);
    let (picture, labels) = (
        "examples/resnet50/pictures/house.jpg",
        "examples/resnet50/labels.txt",
    );
    let lines = succeeds(&[
        "classify",
        path(&om),
        picture,
        picture,
        "--labels",
        labels,
        "--json",
        "--top",
        "3",
    ]);
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["file"], picture);
    assert_eq!(lines[0]["top"].as_array().unwrap().len(), 3);
    assert_eq!(lines[0]["top"][0]["label"], "house");
    assert!(lines[0]["top"][0]["score"].as_f64().unwrap() > 0.5);
    fails(&["classify", path(&om), WEIGHTS, picture], 7, &[WEIGHTS]);
}

#[test]
fn run_writes_each_output() {
    let (folder, om) = model();
    let input = folder.path().join("zeros.npy");
    let shape = vec![1, 3, 64, 64];
    let bytes = vec![0; 3 * 64 * 64 * 4];
    let tensor = ascend_rt::Tensor {
        dtype: ascend_rt::DataType::F32,
        shape: shape.into(),
        bytes: bytes.into(),
    };
    tensor.write_npy(&input).unwrap();
    let out = folder.path().join("out");
    succeeds(&[
        "run",
        path(&om),
        "--input",
        &format!("input={}", path(&input)),
        "--output",
        path(&out),
    ]);
    let output = ascend_rt::Tensor::read_npy(out.join("output.npy")).unwrap();
    assert_eq!(output.shape[..], [1, 16]);
    fails(
        &[
            "run",
            path(&om),
            "--input",
            &format!("x={}", path(&input)),
            "--output",
            path(&out),
            "--overwrite",
        ],
        6,
        &["none is called x"],
    );
    let wide = ascend_rt::Tensor {
        shape: vec![1, 3, 32, 128].into(),
        ..tensor
    };
    wide.write_npy(&input).unwrap();
    fails(
        &[
            "run",
            path(&om),
            "--input",
            path(&input),
            "--output",
            path(&out),
            "--overwrite",
        ],
        6,
        &["[1, 3, 64, 64]", "[1, 3, 32, 128]"],
    );
    let doubles = ascend_rt::Tensor {
        dtype: ascend_rt::DataType::F64,
        shape: vec![1, 3, 32, 64].into(),
        ..wide
    };
    doubles.write_npy(&input).unwrap();
    fails(
        &[
            "run",
            path(&om),
            "--input",
            path(&input),
            "--output",
            path(&out),
            "--overwrite",
        ],
        6,
        &["float64"],
    );
    fails(
        &[
            "run",
            path(&om),
            "--input",
            "missing.npy",
            "--output",
            path(&out),
            "--overwrite",
        ],
        9,
        &["missing.npy"],
    );
}

#[test]
fn an_unknown_device_is_named() {
    let (_folder, om) = model();
    let picture = "examples/resnet50/pictures/house.jpg";
    fails(
        &["classify", path(&om), picture, "--device", "mock:9"],
        4,
        &["no device 9"],
    );
    fails(
        &["classify", path(&om), picture, "--device", "gpu"],
        2,
        &["no device"],
    );
}

/// The options of `atc`, under its own spelling and ours.
#[test]
fn models_are_converted_in_the_words_of_atc() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (om, aipp) = (at("net.om"), at("aipp.cfg"));
    let small = ["convert", WEIGHTS, path(&om), "--image-size", "64"];
    let convert = |more: &[&str]| succeeds(&[&small[..], more, &["--overwrite"]].concat());
    let shape = "input:-1,3,64,64";
    let said = convert(&["--input_shape", shape, "--dynamic_batch_size=1,2"]);
    assert!(said.contains("gears 1,2: one program"), "{said}");
    let file = OmModel::open(&fs::read(&om).unwrap().into()).unwrap();
    assert_eq!(file.io.batch_gears, [1, 2]);
    assert_eq!(file.io.inputs[1].name, "ascend_mbatch_shape_data");
    fails(&small, 9, &["net.om exists already", "--overwrite"]);
    convert(&["--input-shape", shape, "--dynamic-dims", "1;3"]);
    convert(&["--input-shape", "input:1~4,3,64,64"]);
    let file = OmModel::open(&fs::read(&om).unwrap().into()).unwrap();
    assert_eq!(file.io.inputs[0].ranges[0], [1, 4]);

    let config = "aipp_op { aipp_mode: static input_format: RGB888_U8 }";
    fs::write(&aipp, config).unwrap();
    let fixed = ["--input-shape", "input:1,3,64,64"];
    convert(&[&fixed[..], &["--insert-op-conf", path(&aipp)]].concat());
    let file = OmModel::open(&fs::read(&om).unwrap().into()).unwrap();
    assert_eq!(file.io.inputs[0].dims, [1, 64, 64, 3]);

    let whole = fs::metadata(&om).unwrap().len();
    let said = convert(&[&fixed[..], &["--external_weight", "2"]].concat());
    assert!(said.contains("1 file with weights"), "{said}");
    assert!(fs::metadata(&om).unwrap().len() < whole / 4);
    assert!(at("weight/net_weight_combined").is_file());

    let bundle = at("both.om");
    let together = ["bundle", path(&bundle), path(&om), path(&om)];
    let said = succeeds(&together);
    fails(&together, 9, &["both.om exists already", "--overwrite"]);
    assert!(said.contains("2 models"), "{said}");
    let file = Bundle::read(&fs::read(&bundle).unwrap().into()).unwrap();
    assert_eq!(file.models.len(), 2);
}

#[test]
fn what_atc_would_refuse_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (om, aipp) = (folder.path().join("net.om"), folder.path().join("aipp.cfg"));
    let refused = |more: &[&str], code: i32, parts: &[&str]| {
        let small = ["convert", WEIGHTS, path(&om), "--image-size", "64"];
        fails(&[&small[..], more].concat(), code, parts);
        assert!(!om.exists(), "a failed conversion leaves no file");
    };
    let shape = ["--input-shape", "input:-1,3,64,64"];
    let with = |more: &[&'static str]| [&shape[..], more].concat();
    refused(&["--dynamic-dims", "1;2"], 6, &["E10004"]);
    refused(&with(&["--dynamic-batch-size", "1"]), 6, &["E10035"]);
    refused(&with(&["--dynamic-batch-size", "1,1"]), 6, &["E10039"]);
    refused(&with(&["--dynamic-dims", "1,2;3,4"]), 6, &["E10045"]);
    refused(
        &with(&["--dynamic-batch-size", "1,2", "--dynamic-dims", "1;2"]),
        2,
        &["cannot be used with"],
    );
    fs::write(&aipp, "aipp_op { aipp_mode: static input_format: JPEG }").unwrap();
    let config = ["--insert-op-conf", path(&aipp)];
    refused(&config, 6, &["aipp.cfg", "YUV420SP_U8"]);
    fails(&["bundle", path(&om), WEIGHTS], 7, &["resnet50_slim"]);
    assert!(!om.exists());
}

#[test]
fn damaged_weights_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (source, om) = (folder.path().join("net.pth"), folder.path().join("net.om"));
    let whole = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(WEIGHTS)).unwrap();
    for len in [0, 1, 8, 100, whole.len() / 2, whole.len() - 1] {
        fs::write(&source, &whole[..len]).unwrap();
        fails(&["convert", path(&source), path(&om)], 7, &["net.pth"]);
    }
    fs::write(&source, "these are no weights at all\n").unwrap();
    fails(&["convert", path(&source), path(&om)], 7, &["net.pth"]);
    fails(&["convert", "missing.pth", path(&om)], 9, &["missing.pth"]);
    fails(&["convert", WEIGHTS, "net.xyz"], 6, &[".onnx or .om"]);
    fails(
        &["convert", WEIGHTS, path(&om), "--soc", "310P3"],
        6,
        &["like it: Ascend310P3"],
    );
    assert!(!om.exists(), "a failed conversion leaves no file");
}

#[test]
fn an_om_cut_anywhere_is_refused() {
    let (folder, om) = model();
    let whole = fs::read(&om).unwrap();
    let cut = folder.path().join("cut.om");
    let picture = "examples/resnet50/pictures/house.jpg";
    for len in [0, 3, 255, 256, 300, 1000, whole.len() / 2, whole.len() - 1] {
        fs::write(&cut, &whole[..len]).unwrap();
        let output = ascend(&["classify", path(&cut), picture]);
        let message = text(&output.stderr);
        assert!(
            matches!(output.status.code(), Some(6 | 7 | 9)),
            "cut at {len}: {message}"
        );
        assert!(
            message.contains("cut.om") && !message.contains("panicked"),
            "{message}"
        );
    }
}

#[test]
fn a_faulty_graph_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let (onnx, om) = (folder.path().join("net.onnx"), folder.path().join("net.om"));
    succeeds(&["convert", WEIGHTS, path(&onnx), "--image-size", "64"]);
    let whole = bytes::Bytes::from(fs::read(&onnx).unwrap());
    let write = |change: &dyn Fn(&mut ascend_graph::onnx::Graph)| {
        let mut model = ascend_graph::onnx::Model::read(&whole).unwrap();
        change(model.graph.as_mut().unwrap());
        fs::write(&onnx, model.to_rope().to_bytes()).unwrap();
    };
    write(&|graph| graph.initializer.retain(|tensor| tensor.name != "fc.bias"));
    fails(&["convert", path(&onnx), path(&om)], 6, &["fc.bias"]);
    write(&|graph| {
        let last = graph
            .node
            .iter()
            .find(|node| node.name == "layer4.2.relu")
            .unwrap();
        let looped = last.output[0].clone();
        let first = graph
            .node
            .iter_mut()
            .find(|node| node.name == "layer4.0.conv1")
            .unwrap();
        first.input[0] = looped;
    });
    fails(&["convert", path(&onnx), path(&om)], 6, &["cycle"]);
    fs::write(&onnx, &whole[..whole.len() / 2]).unwrap();
    fails(&["convert", path(&onnx), path(&om)], 7, &["net.onnx"]);
}
