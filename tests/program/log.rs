//! What the program tells of its work, to who asks for it.

use std::fs;

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
    let told = text(&run("ascend_rt=trace").stderr);
    for words in ["load model", "queue upload", "wait", "the device was done"] {
        assert!(told.contains(words), "{words:?} is missing in {told}");
    }
    let wrong = run("loud,,=");
    assert_eq!(wrong.status.code(), Some(6));
    assert!(
        text(&wrong.stderr).contains("ASCEND_LOG=loud"),
        "{}",
        text(&wrong.stderr)
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
