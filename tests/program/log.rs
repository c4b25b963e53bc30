//! What the program tells of its work, to who asks for it.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::{WEIGHTS, ascend, command, fails, model, path, text};

#[test]
fn stages_are_told_on_stderr() {
    let folder = tempfile::tempdir().unwrap();
    let om = folder.path().join("net.om");
    let line = [
        "convert",
        WEIGHTS,
        path(&om),
        "--image-size",
        "32",
        "--batch",
        "1",
    ];
    assert!(ascend(&line).stderr.is_empty());
    fs::remove_file(&om).unwrap();
    let output = ascend(&[&["--log-level", "debug"], &line[..]].concat());
    let told = text(&output.stderr);
    for words in [
        "convert{from=",
        "open weights",
        "compile",
        "DEBUG",
        "ascend_rt",
    ] {
        assert!(told.contains(words), "{words:?} is missing in {told}");
    }
    assert!(!told.contains("TRACE"), "{told}");
    let run = |level: &str| {
        let mut run = command("");
        run.args(["run", path(&om), "--device", "mock"])
            .env("ASCEND_LOG", level);
        run.output().unwrap()
    };
    // what a call answers and its caller expects is no failure
    let told = text(&run("debug").stderr);
    assert!(
        told.contains("load model") && !told.contains("code=10700"),
        "{told}"
    );
    let told = text(&run("ascend_rt=trace").stderr);
    for words in ["load model", "queue upload", "wait", "the device was done"] {
        assert!(told.contains(words), "{words:?} is missing in {told}");
    }
    for wrong in ["loud", "ascend_rt=loud", "debug,loud"] {
        let output = run(wrong);
        assert_eq!(output.status.code(), Some(6), "{wrong}");
        let told = text(&output.stderr);
        let way_out = format!("ASCEND_LOG={wrong}: give off, error, warn");
        assert!(told.contains(&way_out), "{told}");
    }
    fails(
        &["info", "--log-level", "loud"],
        2,
        &["give off, error, warn"],
    );
}

#[test]
fn the_log_is_written_as_json_and_as_a_trace() {
    let (folder, om) = model();
    let [log, trace] = ["log.jsonl", "trace.json"].map(|name| folder.path().join(name));
    let line = [
        "run",
        path(&om),
        "--device",
        "mock",
        "--log-json",
        path(&log),
        "--log-trace",
        path(&trace),
    ];
    let output = ascend(&line);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines = fs::read_to_string(&log).unwrap();
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let has = |name: &str| lines.iter().any(|line| line["span"]["name"] == name);
    assert!(has("load model") && has("start"), "{lines:?}");
    // Single runs would make it long.
    assert!(lines.iter().all(|line| line["level"] != "TRACE"));
    let events: Value = serde_json::from_slice(&fs::read(&trace).unwrap()).unwrap();
    let events = events.as_array().unwrap();
    let span = |name: &str| {
        let mut spans = events
            .iter()
            .filter(|event| event["ph"] == "X" && event["name"] == name);
        spans
            .next()
            .unwrap_or_else(|| panic!("no span {name}"))
            .clone()
    };
    let (run, wait) = (span("run"), span("wait"));
    assert_eq!(run["tid"], wait["tid"]);
    let number = |event: &Value, key: &str| event[key].as_f64().unwrap();
    assert!(number(&run, "ts") <= number(&wait, "ts"), "{run} {wait}");
    assert_eq!(run["args"]["device"], 0);
    span("load model");
    let names: Vec<_> = events
        .iter()
        .filter(|event| event["name"] == "thread_name")
        .collect();
    assert!(
        names.iter().any(|event| event["args"]["name"] == "main"),
        "{names:?}"
    );
    fails(&line, 9, &["log.jsonl exists already", "another name"]);
    let nowhere = ["info", "--log-trace", "/nonexistent/t.json"];
    fails(
        &nowhere,
        9,
        &["cannot write the log /nonexistent/t.json", "another file"],
    );
}

#[test]
fn a_log_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.jsonl");
    // No file may grow, and the signal for that is not wanted.
    let line = "trap '' XFSZ; ulimit -f 0; exec \"$0\" inspect \"$1\" --log-json \"$2\"";
    let mut shell = Command::new("/bin/sh");
    shell.args([
        "-c",
        line,
        env!("CARGO_BIN_EXE_ascend"),
        WEIGHTS,
        path(&log),
    ]);
    let output = shell.output().unwrap();
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(9), "{told}");
    assert!(
        told.contains("cannot write the log") && told.contains("log.jsonl"),
        "{told}"
    );
    assert!(!output.stdout.is_empty(), "the work itself is done");
}

#[test]
fn a_terminal_gets_nothing_to_act_on() {
    let folder = tempfile::tempdir().unwrap();
    let weights = folder.path().join("\x1b[31mred.safetensors");
    fs::copy(WEIGHTS, &weights).unwrap();
    let om = folder.path().join("net.om");
    let output = ascend(&[
        "--log-level",
        "debug",
        "convert",
        path(&weights),
        path(&om),
        "--image-size",
        "32",
        "--batch",
        "1",
    ]);
    let told = text(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("[31mred.safetensors"), "{told}");
    assert!(!told.contains('\x1b'), "{told:?}");
    assert!(told.lines().count() > 2, "{told}");
}

/// Asserts that what lies on one track lies apart, or one within the other.
fn assert_nested(events: &[Value]) {
    let number = |event: &Value, key: &str| event[key].as_f64().unwrap();
    let mut spans: Vec<_> = events.iter().filter(|event| event["ph"] == "X").collect();
    spans.sort_by(|a, b| {
        let track = |event: &Value| event["tid"].as_u64();
        let key = |event: &Value| (number(event, "ts"), -number(event, "dur"));
        (track(a), key(a)).partial_cmp(&(track(b), key(b))).unwrap()
    });
    let mut open: Vec<(&Value, f64)> = Vec::new();
    for span in spans {
        let (start, end) = (number(span, "ts"), number(span, "ts") + number(span, "dur"));
        open.retain(|(outer, until)| outer["tid"] == span["tid"] && *until > start + 0.000_5);
        if let Some((outer, until)) = open.last() {
            assert!(end <= until + 0.002, "{span} leaves {outer}");
        }
        open.push((span, end));
    }
}

#[test]
fn every_stage_of_a_job_is_in_the_trace() {
    let (folder, om) = model();
    let [trace, out] = ["trace.json", "out.jsonl"].map(|name| folder.path().join(name));
    let pictures = "examples/resnet50/pictures";
    let output = ascend(&[
        "classify",
        path(&om),
        pictures,
        "--device",
        "mock",
        "--out",
        path(&out),
        "--log-trace",
        path(&trace),
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let events: Value = serde_json::from_slice(&fs::read(&trace).unwrap()).unwrap();
    let events = events.as_array().unwrap();
    for name in [
        "start",
        "open device",
        "load model",
        "make session",
        "pipeline read",
        "pipeline decode",
        "decode picture",
        "pipeline preprocess",
        "preprocess picture",
        "submit",
        "batch",
        "stage",
        "run",
        "queue upload",
        "queue execution",
        "queue download",
        "wait",
        "pipeline postprocess",
    ] {
        assert!(
            events
                .iter()
                .any(|event| event["ph"] == "X" && event["name"] == name),
            "no span {name}"
        );
    }
    let of_thread =
        |event: &&Value| event["name"] == "thread_name" && event["args"]["name"] == "ascend-pool";
    assert!(events.iter().any(|event| of_thread(&event)));
    assert_nested(events);
}
