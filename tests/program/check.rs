//! `ascend check`: the answer, how it is told, and files that are none of ONNX.

use std::fs;
use std::path::PathBuf;

use ascend_graph::onnx::{Attribute, Model, Node, OperatorSet};
use serde_json::Value;
use tempfile::TempDir;

use super::{WEIGHTS, ascend, fails, path, succeeds, text};

/// A folder with the shipped network as ONNX, changed.
fn network(options: &[&str], change: impl FnOnce(&mut Model)) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let onnx = folder.path().join("net.onnx");
    let convert = ["convert", WEIGHTS, path(&onnx), "--image-size", "64"];
    succeeds(&[&convert[..], options].concat());
    let mut model = Model::read(&fs::read(&onnx).unwrap().into()).unwrap();
    change(&mut model);
    fs::write(&onnx, model.to_rope().to_bytes()).unwrap();
    (folder, onnx)
}

const FIXED: [&str; 2] = ["--batch", "1"];

/// Asserts the exit code and gives what was told.
#[track_caller]
fn answers(arguments: &[&str], code: i32) -> String {
    let output = ascend(&[&["check"], arguments].concat());
    let (told, errors) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{told}{errors}");
    assert!(errors.is_empty(), "{errors}");
    told
}

fn push(model: &mut Model, op_type: &str, domain: &str, name: &str, inputs: &[&str]) {
    let node = Node {
        name: name.into(),
        op_type: op_type.into(),
        domain: domain.into(),
        input: inputs.iter().map(|&input| input.into()).collect(),
        output: vec![format!("{name}_0")],
        ..Node::default()
    };
    model.graph.as_mut().unwrap().node.push(node);
    if !domain.is_empty() {
        model.opset_import.push(OperatorSet {
            domain: domain.into(),
            version: 1,
        });
    }
}

#[test]
fn the_exit_code_is_the_answer() {
    let (_folder, onnx) = network(&FIXED, |_| {});
    let told = answers(&[path(&onnx), "--soc", "Ascend310P3"], 0);
    assert!(
        told.contains("\nconvertible: 0 errors, 0 warnings"),
        "{told}"
    );
    assert!(
        told.contains("net.onnx for Ascend310P3, CANN 8.1:"),
        "{told}"
    );

    let (_folder, open) = network(&[], |_| {});
    let told = answers(&[path(&open), "--soc", "Ascend310"], 12);
    for part in [
        "error EZ3002 (dynamic-without-gears)",
        "at: input input",
        "fix: fix the dims: --input-shape",
        "\nnot convertible: 1 error",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let gears = [
        "--input_shape",
        "input:-1,3,64,64",
        "--dynamic_batch_size",
        "1,2",
    ];
    answers(
        &[&[path(&open), "--soc_version", "Ascend310P3"], &gears[..]].concat(),
        0,
    );
    let told = answers(&[path(&open), "--soc", "Ascend910B3"], 11);
    assert!(
        told.contains("\nconvertible, with warnings: 0 errors, 1 warning"),
        "{told}"
    );
    for (option, code) in [("1", "E10035"), ("1,1", "E10039"), ("1,x", "E10003")] {
        let told = answers(
            &[
                path(&open),
                "--soc",
                "Ascend310P3",
                "--dynamic-batch-size",
                option,
            ],
            12,
        );
        assert!(told.contains(code), "{told}");
    }
    let both = ["--dynamic-batch-size", "1,2", "--dynamic-dims", "1;2"];
    let told = answers(
        &[&[path(&open), "--soc", "Ascend310P3"], &both[..]].concat(),
        12,
    );
    assert!(told.contains("E10009"), "{told}");
    let told = answers(&[path(&onnx), "--soc", "Ascend910B"], 12);
    assert!(
        told.contains("E10001") && told.contains("Ascend910B1"),
        "{told}"
    );
}

#[test]
fn one_cause_is_one_paragraph() {
    let (_folder, onnx) = network(&FIXED, |model| model.opset_import[0].version = 19);
    let told = answers(&[path(&onnx), "--soc", "Ascend310P3"], 12);
    assert!(told.lines().count() < 20, "{told}");
    assert_eq!(told.matches("E16002").count(), 1, "{told}");
    assert!(
        told.contains(" more\n  fix: export it again for opset 11"),
        "{told}"
    );
    let all = answers(&[path(&onnx), "--soc", "Ascend310P3", "--all"], 12);
    assert!(
        all.len() > told.len() && all.contains("layer4.2.conv3 (Conv)"),
        "{all}"
    );

    let json = answers(&[path(&onnx), "--soc", "Ascend310P3", "--json"], 12);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["verdict"], "not_convertible");
    assert_eq!((&json["opset"], &json["errors"]), (&19.into(), &1.into()));
    let finding = &json["findings"][0];
    assert_eq!(
        (&finding["rule"], &finding["code"]),
        (&"opset".into(), &"E16002".into())
    );
    assert_eq!(finding["code_is_assumed"], false);
    assert_eq!(finding["count"], json["nodes"]);
    let place = &finding["places"][0];
    assert_eq!(
        (&place["kind"], &place["op_type"]),
        (&"node".into(), &"Conv".into())
    );
    assert!(
        finding["remedy"]
            .as_str()
            .unwrap()
            .contains("opset_version=11")
    );
}

#[test]
fn misspelt_operators_are_renamed() {
    let (folder, onnx) = network(&FIXED, |model| {
        push(model, "NPUGeGlu", "npu", "glu", &["input"]);
    });
    let told = answers(&[path(&onnx), "--soc", "Ascend910B3"], 12);
    for part in ["E16002 (npu-misspelt)", "glu (NPUGeGlu)", "--fix"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let fixed = folder.path().join("fixed.onnx");
    let arguments = [path(&onnx), "--soc", "Ascend910B3", "--fix", path(&fixed)];
    let told = answers(&arguments, 0);
    assert!(
        told.contains("fixed.onnx") && told.contains("from NPUGeGlu to NPUGeglu"),
        "{told}"
    );
    let model = Model::read(&fs::read(&fixed).unwrap().into()).unwrap();
    assert_eq!(
        model.graph.unwrap().node.last().unwrap().op_type,
        "NPUGeglu"
    );
    let again = folder.path().join("again.onnx");
    let told = answers(
        &[path(&fixed), "--soc", "Ascend910B3", "--fix", path(&again)],
        0,
    );
    assert!(
        told.contains("nothing to rename") && !again.exists(),
        "{told}"
    );
}

#[test]
fn a_users_table_of_operators_is_read() {
    let (folder, onnx) = network(&FIXED, |model| push(model, "Fuse", "acme", "f", &["input"]));
    let table = folder.path().join("operators");
    answers(&[path(&onnx), "--soc", "Ascend910B3"], 12);
    let with_table = [
        path(&onnx),
        "--soc",
        "Ascend910B3",
        "--operators",
        path(&table),
    ];
    fs::write(&table, "# ours\nacme Fuse 1\n").unwrap();
    answers(&with_table, 0);
    fs::write(&table, "acme Fuse one\n").unwrap();
    fails(
        &[&["check"], &with_table[..]].concat(),
        6,
        &["operators", "line 1", "8-18"],
    );
    fs::remove_file(&table).unwrap();
    fails(&[&["check"], &with_table[..]].concat(), 9, &["operators"]);
    let output = ascend(&[&["check", "--json"], &with_table[..]].concat());
    let json: Value = serde_json::from_str(&text(&output.stdout)).unwrap();
    assert_eq!(json["error"]["kind"], "io");
}

#[test]
fn the_cpu_device_tells_what_it_refuses() {
    let (_folder, onnx) = network(&FIXED, |_| {});
    let told = answers(&[path(&onnx), "--soc", "mock"], 0);
    assert!(told.contains("for the CPU device"), "{told}");
    let (_folder, onnx) = network(&FIXED, |model| {
        push(model, "TfIdfVectorizer", "", "count", &["input"]);
    });
    let told = answers(&[path(&onnx), "--soc", "mock"], 12);
    assert!(
        told.contains("error (cpu-device)") && told.contains("count"),
        "{told}"
    );
    let (_folder, onnx) = network(&FIXED, |model| {
        model.graph.as_mut().unwrap().node[1].input[0] = "nowhere".into();
    });
    let told = answers(&[path(&onnx), "--soc", "mock"], 12);
    assert!(told.contains("error (undefined-value)"), "{told}");
}

#[test]
fn constants_beside_the_model_are_its_own() {
    let (folder, whole) = network(&FIXED, |model| {
        push(model, "NPUGeGlu", "npu", "glu", &["input"]);
    });
    let plain = folder.path().join("plain.onnx");
    let weights = ["--image-size", "64", "--batch", "1", "--external-data"];
    succeeds(&[&["convert", WEIGHTS, path(&plain)], &weights[..]].concat());
    answers(&[path(&plain), "--soc", "mock"], 0);
    let split = folder.path().join("split.onnx");
    succeeds(&["convert", path(&whole), path(&split), "--external-data"]);
    // Elsewhere, so that the fixed model needs data of its own.
    let other = tempfile::tempdir().unwrap();
    let fixed = other.path().join("fixed.onnx");
    let soc = ["--soc", "Ascend910B3"];
    let fix = [&["check", path(&split), "--fix", path(&fixed)], &soc[..]].concat();
    answers(&fix[1..], 0);
    let beside = other.path().join("fixed.onnx.data");
    assert!(fs::metadata(&fixed).unwrap().len() < fs::metadata(&beside).unwrap().len());
    // Nothing is written over.
    fails(&fix, 6, &["fixed.onnx", "is there already"]);
    fs::remove_file(&fixed).unwrap();
    fails(&fix, 6, &["fixed.onnx.data", "is there already"]);
    assert!(!fixed.exists());
}

#[test]
fn what_is_no_model_is_one_error() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let om = at("net.om");
    succeeds(&[
        "convert",
        WEIGHTS,
        path(&om),
        "--image-size",
        "64",
        "--batch",
        "1",
    ]);
    fs::write(at("text.onnx"), "no model at all\n").unwrap();
    fs::write(at("empty.onnx"), "").unwrap();
    for (file, code, parts) in [
        (path(&om), 7, &["net.om", "converted already"][..]),
        (
            WEIGHTS,
            7,
            &["resnet50_slim", "holds weights", "ascend convert"],
        ),
        (path(&at("text.onnx")), 7, &["text.onnx", "a text file"]),
        (path(&at("empty.onnx")), 7, &["empty.onnx", "is empty"]),
        ("missing.onnx", 9, &["missing.onnx"]),
        (path(folder.path()), 9, &["no regular file"]),
    ] {
        fails(&["check", file, "--soc", "Ascend310P3"], code, parts);
    }
    // An empty graph is a model that atc refuses.
    let (_folder, onnx) = network(&FIXED, |model| {
        model.graph.as_mut().unwrap().node.clear();
    });
    let told = answers(&[path(&onnx), "--soc", "Ascend310P3"], 12);
    assert!(told.contains("E16004"), "{told}");
}

/// Names come from a file; a terminal is to show them, not to obey them, and not to be flooded.
#[test]
fn a_release_that_is_not_known_is_refused() {
    for release in ["99", "8.7", "x"] {
        let line = [
            "check",
            "net.onnx",
            "--soc",
            "Ascend310P3",
            "--cann",
            release,
        ];
        fails(&line, 2, &[release, "give the nearest of 5.0, 5.1", "9.1"]);
    }
}

#[test]
fn names_do_not_act_on_a_terminal() {
    let (_folder, onnx) = network(&FIXED, |model| {
        let node = &mut model.graph.as_mut().unwrap().node[0];
        node.name = "a\u{1b}[31m\n\u{202e}b".into();
        node.op_type = "x".repeat(100_000);
        node.attribute.push(Attribute::string("a", "b"));
    });
    let told = answers(&[path(&onnx), "--soc", "Ascend310P3"], 12);
    let acts = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    assert!(!told.contains(acts), "{told:?}");
    assert!(told.len() < 10_000);
}
