//! `ascend profile` on models.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use ascend_graph::DataType;
use ascend_graph::onnx::Builder;
use serde_json::Value;

use super::bench::Made;
use super::{ascend, ascend_with, fails, model, path, succeeds, text};

/// Spans of a trace, by process, track and name, as start and length in nanoseconds.
fn spans(trace: &str) -> Vec<(u64, u64, String, u64, u64)> {
    let events: Vec<Value> = serde_json::from_str(trace).unwrap();
    let nanoseconds = |value: &Value| {
        let text = value.to_string();
        let (whole, rest) = text.split_once('.').unwrap();
        assert_eq!(rest.len(), 3, "{text}");
        whole.parse::<u64>().unwrap() * 1000 + rest.parse::<u64>().unwrap()
    };
    let spans = events.iter().filter(|event| event["ph"] == "X");
    spans
        .map(|event| {
            (
                event["pid"].as_u64().unwrap(),
                event["tid"].as_u64().unwrap(),
                event["name"].as_str().unwrap().to_owned(),
                nanoseconds(&event["ts"]),
                nanoseconds(&event["dur"]),
            )
        })
        .collect()
}

#[test]
fn a_model_is_run_and_its_time_told() {
    let (folder, om) = model();
    let [json, trace, csv] = ["p.json", "t.json", "p.csv"].map(|name| folder.path().join(name));
    let told = succeeds(&[
        "profile",
        path(&om),
        "--loop",
        "3",
        "--device",
        "mock",
        "--json",
        path(&json),
        "--trace",
        path(&trace),
        "--csv",
        path(&csv),
    ]);
    for part in [
        "profile of",
        "on Ascend-CPU",
        "first run",
        "later runs",
        "upload",
        "execute",
        "download",
        "host",
    ] {
        assert!(told.contains(part), "{part:?} is missing in:\n{told}");
    }
    let profile: Value = serde_json::from_str(&fs::read_to_string(&json).unwrap()).unwrap();
    let stages = &profile["stages"];
    assert_eq!(stages["runs"], 3);
    for run in ["first", "steady"] {
        assert!(stages[run]["execute"].as_f64().unwrap() > 0.0, "{stages}");
    }
    assert_eq!(
        (&profile["is_cpu_device"], &profile["batch"]),
        (&true.into(), &1.into())
    );
    let spans = spans(&fs::read_to_string(&trace).unwrap());
    let named = |name: &str| spans.iter().filter(|span| span.2 == name).count();
    assert_eq!((named("first run"), named("run")), (1, 3));
    assert!(named("execute") >= 5, "{spans:?}");
    // Each stage lies in its run.
    let runs: Vec<_> = spans
        .iter()
        .filter(|span| (span.0, span.1) == (1, 1))
        .collect();
    for stage in spans.iter().filter(|span| span.1 == 10) {
        let is_within = runs
            .iter()
            .any(|run| run.3 <= stage.3 && stage.3 + stage.4 <= run.3 + run.4 + 3);
        assert!(is_within, "{stage:?}");
    }
    let again = succeeds(&[
        "profile",
        path(&om),
        "--loop",
        "1",
        "--against",
        path(&json),
        "--device",
        "mock",
    ]);
    assert!(
        again.contains("run: ") && again.contains("old: "),
        "{again}"
    );
}

#[test]
fn operators_are_told_by_name_and_type() {
    let (folder, om) = model();
    let json = folder.path().join("p.json");
    let trace = folder.path().join("t.json");
    succeeds(&[
        "profile",
        path(&om),
        "--loop",
        "4",
        "--device",
        "mock",
        "--json",
        path(&json),
        "--trace",
        path(&trace),
    ]);
    let profile: Value = serde_json::from_str(&fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(profile["executions"], 4, "{}", profile["notes"]);
    let operators = profile["operators"].as_array().unwrap();
    let mut types: BTreeMap<&str, u64> = BTreeMap::new();
    for operator in operators {
        assert!(!operator["name"].as_str().unwrap().is_empty());
        assert_eq!(operator["count"].as_u64().unwrap() % 4, 0, "{operator}");
        *types
            .entry(operator["op_type"].as_str().unwrap())
            .or_default() += 1;
    }
    assert!(types.contains_key("Conv"), "{types:?}");
    let sum: f64 = operators
        .iter()
        .map(|operator| operator["total"].as_f64().unwrap())
        .sum();
    let watched = profile["stages"]["watched"].as_f64().unwrap();
    assert!(
        sum / 4.0 <= watched * 1.01,
        "operators {sum} of four executions of {watched}"
    );
    let spans = spans(&fs::read_to_string(&trace).unwrap());
    let operator_spans = spans.iter().filter(|span| span.1 >= 100).count();
    let executed: u64 = operators
        .iter()
        .map(|operator| operator["count"].as_u64().unwrap())
        .sum();
    assert_eq!(u64::try_from(operator_spans).unwrap(), executed);
    let by_type = succeeds(&["profile", path(&json), "--by", "type"]);
    assert!(by_type.contains("Conv"), "{by_type}");
    // CANN's own form, of the same device.
    let results = folder.path().join("results");
    succeeds(&[
        "profile",
        path(&om),
        "--loop",
        "2",
        "--device",
        "mock",
        "--output",
        path(&results),
    ]);
    let read: Value =
        serde_json::from_str(&succeeds(&["profile", path(&results), "--json", "-"])).unwrap();
    let count = |profile: &Value| {
        let operators = profile["operators"].as_array().unwrap().iter();
        let counts = operators.map(|operator| operator["count"].as_u64().unwrap());
        counts.sum::<u64>()
    };
    assert_eq!(count(&read) * 2, count(&profile));
}

#[test]
fn an_onnx_file_is_converted_for_its_profile() {
    let made = Made::new();
    let mut graph = Builder::new("double", 13);
    let dims = [2.into(), 4.into()];
    let x = graph.input("x", DataType::F32, &dims);
    graph.node_to("Add", "add", &[&x, &x], &["y"], []);
    graph.output("y", DataType::F32, &dims);
    let onnx = made.at("net.onnx");
    fs::write(&onnx, graph.build().unwrap().to_rope().to_bytes()).unwrap();
    let told = succeeds(&["profile", path(&onnx), "--loop", "2", "--device", "mock"]);
    assert!(told.contains("convert  "), "{told}");
    assert!(!made.at("net.om").exists());
    super::bench::array(&[2, 4], vec![0; 32])
        .write_npy(made.at("x.npy"))
        .unwrap();
    succeeds(&[
        "profile",
        path(&onnx),
        "--input",
        path(&made.at("x.npy")),
        "--device",
        "mock",
    ]);
}

/// "The NPU is slower than the CPU", where only the first run was.
#[test]
fn a_slow_first_run_and_slow_copies_are_told_apart() {
    let made = Made::new();
    let om = made.double(Some(1), &[]);
    let arguments = ["profile", path(&om), "--device", "mock", "--loop", "3"];
    for (fault, rule, part, stages, delay) in [
        (
            "[[fault]]\nfunction = \"aclmdlExecuteAsync\"\nnth = 1\ndelay = \"1s\"\n",
            "first-run",
            "the first run took ",
            ["/stages/first/execute", "/stages/first/host"],
            1e6,
        ),
        (
            "[[fault]]\nfunction = \"aclrtMemcpyAsync\"\ndelay = \"100ms\"\n",
            "transfers",
            "copies between host and device take ",
            ["/stages/steady/upload", "/stages/steady/download"],
            1e5,
        ),
    ] {
        let output = ascend_with(fault, &[&arguments[..], &["--json", "-"]].concat());
        let profile: Value = serde_json::from_slice(&output.stdout).unwrap();
        // Most of the delay, in microseconds, is in one of the stages that it can be seen in.
        let longest = stages.map(|stage| profile.pointer(stage).unwrap().as_f64().unwrap());
        let is_seen = longest.iter().any(|time| *time >= delay / 2.0);
        assert!(is_seen, "{}", profile["stages"]);
        let hints = profile["hints"].as_array().unwrap();
        let hint = hints.iter().find(|hint| hint["id"] == rule);
        let hint = hint.unwrap_or_else(|| panic!("no {rule} in {hints:?}"));
        assert!(hint["seen"].as_str().unwrap().contains(part), "{hint}");
        assert!(
            hint["command"]
                .as_str()
                .unwrap()
                .starts_with("ascend bench"),
            "{hint}"
        );
    }
}

#[test]
fn what_cannot_be_profiled_is_told() {
    let made = Made::new();
    let open = made.double(None, &[]);
    fails(
        &["profile", path(&open), "--device", "mock"],
        6,
        &["--dym-shape"],
    );
    succeeds(&[
        "profile",
        path(&open),
        "--dym-shape",
        "x:3,4",
        "--device",
        "mock",
    ]);
    fails(
        &["profile", path(&open), "--trace", "-"],
        6,
        &["give --trace a file"],
    );
    let wrong = made.at("wrong.om");
    fs::write(&wrong, "no model").unwrap();
    fails(
        &["profile", path(&wrong), "--device", "mock"],
        7,
        &["wrong.om"],
    );
    let output = ascend_with(
        "devices = 2",
        &["profile", path(&open), "--device", "mock:0,1"],
    );
    assert_eq!(output.status.code(), Some(6), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("one device"));
    let output = ascend(&["profile", path(&open), "--loop", "0"]);
    assert_eq!(output.status.code(), Some(2));
    let help = succeeds(&["profile", "--help"]);
    for part in ["Examples:", "--against", "ui.perfetto.dev", "PROF_"] {
        assert!(help.contains(part), "{help}");
    }
}

/// Whether the process has a handler of its own for Ctrl-C, which is signal 2.
fn listens(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let mut lines = status.lines();
    let caught = lines.find_map(|line| line.strip_prefix("SigCgt:"));
    let caught = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    caught.is_some_and(|mask| mask & 0b10 != 0)
}

#[test]
fn one_ctrl_c_ends_both_measurements() {
    let made = Made::new();
    let om = made.double(Some(1), &[]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_ascend"))
        .env("ASCEND_MOCK_CONFIG", "[time]\nexecution = \"20ms\"")
        .args(["profile", path(&om), "--against", path(&om)])
        .args(["--device", "mock", "--loop", "100000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_mins(2);
    while !listens(child.id()) {
        assert!(Instant::now() < patience, "it does not listen");
        sleep(Duration::from_millis(5));
    }
    // Both signals are listened to by then.
    sleep(Duration::from_millis(200));
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(kill.success());
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > patience {
            child.kill().unwrap();
        }
        sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    assert!(
        told.contains("note: stopped") && !told.contains("old: "),
        "{told}"
    );
}
