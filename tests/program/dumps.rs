//! Dumps of tensors: had written by `bench --dump`, looked at, and converted.

use std::fs;
use std::path::{Path, PathBuf};

use ascend_rt::dump::{DumpFile, DumpFolder, DumpTensor, Overflow};
use ascend_rt::{DataType, Tensor};
use serde_json::Value;
use tempfile::TempDir;

use super::{ascend_with, fails, model, path, succeeds, text};

/// A folder as one run leaves it, with the dump of one operator.
fn dumped() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("20260131120000/0/net/1/0");
    fs::create_dir_all(&run).unwrap();
    let numbers = |numbers: &[f32]| {
        numbers
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect::<Vec<u8>>()
    };
    let half = [0x3f80_u16, 0xbf80]
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect::<Vec<u8>>();
    let mut file = DumpFile::new("block/relu");
    file.inputs = vec![DumpTensor::new(
        DataType::F32,
        vec![1, 3],
        numbers(&[-1.0, f32::NAN, 2.0]).into(),
    )];
    file.outputs = vec![DumpTensor::new(DataType::BF16, vec![2], half.into())];
    let place = run.join("Relu.block_relu.4.2.1700000000000000");
    fs::write(&place, file.to_rope().unwrap().to_bytes()).unwrap();
    (folder, place)
}

#[test]
fn a_dump_is_shown() {
    let (folder, file) = dumped();
    for place in [folder.path(), &file] {
        let told = succeeds(&["inspect", path(place), "--stats"]);
        for words in [
            "block_relu (Relu) device 0, model net, run 0",
            "input 0: float32 [1, 3], 12 bytes, min -1.000000 max 2.000000 mean 0.500000",
            "nan 1",
            "output 0: bfloat16 [2], 4 bytes",
        ] {
            assert!(told.contains(words), "{words:?} is missing in {told}");
        }
    }
    let told: Value = serde_json::from_str(&succeeds(&[
        "inspect",
        path(folder.path()),
        "--json",
        "--stats",
    ]))
    .unwrap();
    let dump = &told["dumps"][0];
    assert_eq!(
        (&dump["name"], &dump["type"], &dump["task"]),
        (&"block/relu".into(), &"Relu".into(), &4.into())
    );
    assert_eq!(dump["tensors"][0]["stats"]["nan"], 1);
    assert_eq!(dump["tensors"][1]["shape"], serde_json::json!([2]));
    fails(
        &["inspect", path(&file), "--tree"],
        6,
        &["is a dump of tensors", "--stats"],
    );
}

#[test]
fn overflows_and_failures_are_told_for_what_they_are() {
    let (folder, file) = dumped();
    let overflow = Overflow {
        model: 1,
        stream: 2,
        task: 4,
        block: 0,
        status: Overflow::FLOATING_POINT,
    };
    let noticed = file.with_file_name("Opdebug.Node_OpDebug.9.2.1700000000000001");
    fs::write(&noticed, overflow.to_file().to_rope().unwrap().to_bytes()).unwrap();
    // A tensor that has as many bytes.
    let mut file = DumpFile::new("wide");
    let ones = [1_f32; 512].map(f32::to_le_bytes).concat();
    file.outputs = vec![DumpTensor::new(DataType::F32, vec![1, 512], ones.into())];
    let wide = noticed.with_file_name("Relu.wide.5.2.1700000000000002");
    fs::write(wide, file.to_rope().unwrap().to_bytes()).unwrap();
    let failed = folder.path().join("extra-info/data-dump/3");
    fs::create_dir_all(&failed).unwrap();
    let bytes = DumpFile::new("fc").to_rope().unwrap().to_bytes();
    fs::write(failed.join("exception_info.2.7.20260131120000123"), bytes).unwrap();
    let told = succeeds(&["inspect", path(folder.path())]);
    for words in [
        "Node_OpDebug (Opdebug) device 0, model net, run 0",
        "task 4 of stream 2, of model 1, overflowed in block 0 with status 0x20: floating-point numbers were",
        "output 0: float32 [1, 512], 2048 bytes",
        "fc (exception_info) device 3",
    ] {
        assert!(told.contains(words), "{words:?} is missing in {told}");
    }
    let told = succeeds(&["inspect", path(folder.path()), "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    let dumps = told["dumps"].as_array().unwrap();
    let overflows = dumps.iter().map(|dump| &dump["overflow"]["status"]);
    assert_eq!(
        overflows.filter(|status| **status == 0x20).count(),
        1,
        "{told}"
    );
}

#[test]
fn a_dump_is_converted() {
    let (folder, file) = dumped();
    let out = folder.path().join("out");
    let told = succeeds(&["convert", path(folder.path()), path(&out)]);
    assert!(told.contains("2 tensors as .npy"), "{told}");
    let name = file.file_name().unwrap().to_str().unwrap();
    let run = out.join("20260131120000/0/net/1/0");
    let input = Tensor::read_npy(run.join(format!("{name}.input.0.npy"))).unwrap();
    assert_eq!((input.dtype, &*input.shape), (DataType::F32, &[1, 3][..]));
    // NumPy has no bf16.
    let output = Tensor::read_npy(run.join(format!("{name}.output.0.npy"))).unwrap();
    assert_eq!(output.dtype, DataType::F32);
    assert_eq!(
        &*output.bytes,
        [1.0_f32, -1.0].map(f32::to_ne_bytes).as_flattened()
    );
    fails(
        &["convert", path(&file), path(&out)],
        9,
        &["exists already", "--overwrite"],
    );
    succeeds(&["convert", path(&file), path(&out), "--overwrite"]);
    assert!(out.join(format!("{name}.input.0.npy")).is_file());
}

#[test]
fn a_damaged_dump_is_told_with_its_place() {
    let (folder, file) = dumped();
    let whole = fs::read(&file).unwrap();
    for length in [0, 5, 20, whole.len() - 1] {
        fs::write(&file, &whole[..length]).unwrap();
        fails(
            &["inspect", path(folder.path())],
            7,
            &["block_relu.4.2", "dump file", "; "],
        );
    }
}

#[test]
fn the_configuration_of_the_runtime_is_checked_before_it_is_handed_over() {
    let (folder, om) = model();
    let file = folder.path().join("acl.json");
    let bench = [
        "bench",
        path(&om),
        "--loop",
        "1",
        "--acl_json_path",
        path(&file),
        "--device",
        "mock",
    ];
    for (content, parts) in [
        (
            r#"{"dump": {"dump_mode": "everything"}}"#,
            &["dump.dump_mode is \"everything\"", "write \"input\""][..],
        ),
        (r#"{"err_msg_mode": 1}"#, &["err_msg_mode is 1"]),
        ("{\n\"dump\": [}", &["line 2 column"]),
    ] {
        fs::write(&file, content).unwrap();
        fails(&bench, 6, &[&["acl.json"], parts].concat());
    }
    fs::write(&file, r#"{"err_msg_mode": "1"}"#).unwrap();
    succeeds(&bench);
    // What the runtime passes over is told to who reads the log.
    fs::write(&file, r#"{"err_msg_mod": "1"}"#).unwrap();
    let output = ascend_with("", &[&["--log-level", "warn"], &bench[..]].concat());
    let told = text(&output.stderr);
    assert!(
        told.contains("err_msg_mod is no known key: write err_msg_mode"),
        "{told}"
    );
    fs::remove_file(&file).unwrap();
    fails(&bench, 9, &["acl.json", "check the name"]);
}

#[test]
fn dumps_need_a_folder() {
    let (folder, om) = model();
    let out = folder.path().join("out");
    fails(&["bench", path(&om), "--dump", "1"], 6, &["give --output"]);
    fails(&["bench", path(&om), "--dump_npy", "1"], 6, &["--dump"]);
    let both = [
        "bench",
        path(&om),
        "--dump",
        "1",
        "--profiler",
        "1",
        "--output",
        path(&out),
    ];
    fails(&both, 6, &["exclude each other"]);
}

#[test]
fn bench_has_the_operators_of_each_run_dumped() {
    let (folder, om) = model();
    let out = folder.path().join("out");
    let output = ascend_with(
        "",
        &[
            "bench",
            path(&om),
            "--loop",
            "1",
            "--warmup_count",
            "0",
            "--device",
            "mock",
            "--dump",
            "--dump_npy",
            "1",
            "--output",
            path(&out),
        ],
    );
    let told = text(&output.stderr);
    assert!(
        output.status.success() && told.contains("tensors as .npy in"),
        "{told}"
    );
    // The configuration can be used again.
    let acl: Value = serde_json::from_slice(&fs::read(out.join("acl.json")).unwrap()).unwrap();
    assert_eq!(
        (
            &acl["dump"]["dump_mode"],
            &acl["dump"]["dump_list"][0]["model_name"]
        ),
        (&"all".into(), &"net".into())
    );
    let dumps = DumpFolder::open(out.join("dump")).unwrap();
    let of_type = |kind: &str| {
        dumps
            .files()
            .iter()
            .filter(|dump| dump.kind == kind)
            .count()
    };
    // All convolutions of the network, in its one run.
    assert_eq!(of_type("Conv"), 53, "{:?}", dumps.files().len());
    assert_eq!(dumps.of_run("net", 0).count(), dumps.files().len());
    let first = &dumps.files()[0];
    assert_eq!(
        (first.device, first.read().unwrap().inputs.is_empty()),
        (Some(0), false)
    );
    let count = |folder: &Path| -> usize {
        let mut folders = vec![folder.to_owned()];
        let mut count = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    count +=
                        usize::from(path.extension().is_some_and(|extension| extension == "npy"));
                }
            }
        }
        count
    };
    let tensors = |dump: &ascend_rt::dump::DumpedOperator| {
        let file = dump.read().unwrap();
        file.inputs.len() + file.outputs.len()
    };
    let tensors: usize = dumps.files().iter().map(tensors).sum();
    assert_eq!(count(&out.join("dump")), tensors);
}

/// A small model and a folder for outputs.
fn small() -> (TempDir, PathBuf, PathBuf) {
    let (folder, net, _) = super::compare::folder();
    let om = folder.path().join("net.om");
    succeeds(&["convert", path(&net), path(&om)]);
    let out = folder.path().join("out");
    (folder, om, out)
}

/// What a run says beside its report.
fn noted(om: &Path, more: &[&str]) -> String {
    let bench = ["bench", path(om), "--warmup_count", "0", "--device", "mock"];
    let output = ascend_with("", &[&bench, more].concat());
    let told = text(&output.stderr);
    assert!(output.status.success(), "{told}");
    told
}

#[test]
fn a_configuration_that_is_there_stays() {
    let (_folder, om, out) = small();
    let dump = ["--dump", "--dump_npy", "1", "--output", path(&out)];
    let missing = ["bench", path(&om), "--input", "missing.npy"];
    fails(&[&missing, &dump[..]].concat(), 9, &["missing.npy"]);
    assert!(!out.exists(), "nothing is written before all is checked");
    fs::create_dir(&out).unwrap();
    let configuration = out.join("acl.json");
    fs::write(&configuration, "mine").unwrap();
    // Dumps of one second are told apart.
    for count in 1..4 {
        let told = noted(&om, &dump);
        for part in ["acl.json is another configuration", "tensors as .npy in"] {
            assert!(told.contains(part), "{part:?} is missing in {told}");
        }
        assert_eq!(fs::read_dir(out.join("dump")).unwrap().count(), 2 * count);
    }
    assert_eq!(fs::read_to_string(&configuration).unwrap(), "mine");
    noted(&om, &[&dump[..], &["--overwrite"]].concat());
    assert!(fs::read_to_string(&configuration).unwrap().contains("net"));
    let told = noted(&om, &dump);
    assert!(!told.contains("is another configuration"), "{told}");
}

#[test]
fn dumps_of_a_given_configuration_are_converted() {
    let (folder, om, out) = small();
    let (file, dumps) = (folder.path().join("own.json"), folder.path().join("dumps"));
    fs::create_dir(&dumps).unwrap();
    let convert = ["--acl_json_path", path(&file), "--dump_npy", "1"];
    fs::write(&file, r#"{"err_msg_mode": "1"}"#).unwrap();
    fails(
        &[&["bench", path(&om)], &convert[..]].concat(),
        6,
        &["own.json asks for none", "dump_path"],
    );
    let dump = serde_json::json!({"dump_path": dumps, "dump_list": [{"model_name": "net"}]});
    fs::write(&file, serde_json::json!({ "dump": dump }).to_string()).unwrap();
    let told = noted(&om, &convert);
    assert!(told.contains("tensors as .npy in"), "{told}");
    assert_eq!(fs::read_dir(&dumps).unwrap().count(), 2);
    let told = noted(
        &om,
        &[
            "--dump",
            "--output",
            path(&out),
            "--acl_json_path",
            path(&file),
        ],
    );
    assert!(told.contains("--dump is ignored"), "{told}");
    assert!(!out.join("dump").exists() && !out.join("acl.json").exists());
}
