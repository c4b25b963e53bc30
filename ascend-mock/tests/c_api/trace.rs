//! The trace of calls and tasks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::{env, fs, process, thread};

use ascend_mock::{Effect, Injection, MockConfig, lease};
use ascend_sys::aclDataType;
use serde_json::Value;

use crate::common::{NULL, Rig};

/// A file of a test's own, which goes when the test ends well.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Self(env::temp_dir().join(format!("ascend-mock-{}-{name}", process::id())))
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&fs::read(&self.0).unwrap()).unwrap()
    }

    fn lines(&self) -> Vec<Value> {
        let text = fs::read_to_string(&self.0).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !thread::panicking() {
            fs::remove_file(&self.0).unwrap();
        }
    }
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn a_line_tells_a_call_with_its_arguments_and_answer() {
    let file = Scratch::new("call.jsonl");
    let name = env::temp_dir().join("ascend-mock-{pid}-call.jsonl");
    let rig = Rig::with(MockConfig::default().trace(name));
    let mut address = NULL;
    let policy = crate::common::POLICY;
    assert_eq!(acl!(rig.aclrtMalloc(&raw mut address, 64, policy)), 0);
    assert_eq!(acl!(rig.aclrtFree(NULL)), 100_000);
    assert_eq!(acl!(rig.aclDataTypeSize(aclDataType::ACL_FLOAT)), 4);
    assert_eq!(acl!(rig.aclrtFree(address)), 0);
    drop(rig);
    let lines = file.lines();
    let names: Vec<_> = lines.iter().map(|line| &line["function"]).collect();
    let expected = [
        "aclInit",
        "aclrtSetDevice",
        "aclrtMalloc",
        "aclrtFree",
        "aclDataTypeSize",
    ];
    assert_eq!(names[..5], expected);
    let numbers: Vec<_> = lines.iter().map(|line| line["call"].as_u64()).collect();
    assert_eq!(numbers, (1..=6).map(Some).collect::<Vec<_>>());
    let [malloc, refused, size] = [&lines[2], &lines[3], &lines[4]];
    assert_eq!(malloc["event"], "call");
    assert_eq!(malloc["arguments"]["size"], 64);
    let shown = malloc["arguments"]["devPtr"].as_str().unwrap();
    assert!(shown.starts_with("0x"), "{shown}");
    assert_eq!((&malloc["result"], &malloc["code"]), (&0.into(), &0.into()));
    assert_eq!(malloc["thread"], 1);
    assert!(
        malloc["thread_name"]
            .as_str()
            .unwrap()
            .contains("a_line_tells")
    );
    assert!(number(&malloc["duration_us"]) > 0.0);
    assert_eq!(refused["result"], 100_000);
    assert_eq!((&size["result"], &size["code"]), (&4.into(), &0.into()));
}

#[test]
fn tasks_are_on_the_tracks_of_their_streams() {
    let file = Scratch::new("tasks.jsonl");
    let failure = Injection::new("aclrtMemsetAsync", Effect::Task(507_015)).nth(2);
    let config = MockConfig::default().devices(2).inject(failure);
    let rig = Rig::bare(config.trace(&file.0));
    assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
    let (stream, block) = (made!(rig.aclrtCreateStream()), rig.malloc(64));
    let mut id = -1;
    assert_eq!(acl!(rig.aclrtStreamGetId(stream, &raw mut id)), 0);
    for _ in 0..2 {
        assert_eq!(acl!(rig.aclrtMemsetAsync(block, 64, 1, 64, stream)), 0);
    }
    assert_eq!(rig.synchronize(stream), 507_015);
    drop(rig);
    let lines = file.lines();
    let of = |kind: &str| -> Vec<&Value> {
        let all = lines.iter();
        all.filter(|line| line["event"] == kind && line["function"] == "aclrtMemsetAsync")
            .collect()
    };
    let (calls, tasks) = (of("call"), of("task"));
    assert_eq!((calls.len(), tasks.len()), (2, 2));
    for (call, task) in calls.iter().zip(&tasks) {
        assert_eq!((&task["stream"], &task["device"]), (&id.into(), &1.into()));
        assert_eq!(task["call"], call["call"]);
        assert!(number(&task["start_us"]) >= number(&call["start_us"]));
    }
    assert_eq!(
        (&tasks[0]["code"], &tasks[1]["code"]),
        (&0.into(), &507_015.into())
    );
}

#[test]
fn threads_have_lines_of_their_own_on_which_calls_do_not_overlap() {
    let file = Scratch::new("threads.jsonl");
    let rig = Rig::with(MockConfig::default().trace(&file.0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
                for _ in 0..200 {
                    let block = rig.malloc(64);
                    assert_eq!(acl!(rig.aclrtFree(block)), 0);
                }
            });
        }
    });
    drop(rig);
    let mut threads: BTreeMap<u64, Vec<(f64, f64)>> = BTreeMap::new();
    let mut calls = BTreeSet::new();
    for line in file.lines() {
        let span = (number(&line["start_us"]), number(&line["duration_us"]));
        threads
            .entry(line["thread"].as_u64().unwrap())
            .or_default()
            .push(span);
        assert!(
            calls.insert(line["call"].as_u64().unwrap()),
            "told twice: {line}"
        );
    }
    assert_eq!((threads.len(), calls.len()), (9, 2 + 8 * 401));
    for spans in threads.values() {
        for pair in spans.windows(2) {
            assert!(pair[0].0 + pair[0].1 <= pair[1].0 + 0.002, "{pair:?}");
        }
    }
}

#[test]
fn the_chrome_form_is_whole_at_any_time() {
    let file = Scratch::new("chrome.json");
    let rig = Rig::with(MockConfig::default().trace(&file.0));
    assert_eq!(file.json()["traceEvents"], Value::Array(Vec::new()));
    let block = rig.malloc(64);
    // More than is held back at once: some of it is in the file before the end.
    for _ in 0..1000 {
        assert_eq!(acl!(rig.aclrtMemsetAsync(block, 64, 1, 64, NULL)), 0);
    }
    assert_eq!(rig.synchronize(NULL), 0);
    let early = file.json()["traceEvents"].as_array().unwrap().len();
    drop(rig);
    let whole = file.json();
    let events = whole["traceEvents"].as_array().unwrap();
    assert!(
        early > 0 && early < events.len(),
        "{early} of {}",
        events.len()
    );
    let named = |process: u64, kind: &str| -> &Value {
        let mut names = events.iter().filter(|event| event["ph"] == "M");
        let name = names.find(|event| event["pid"] == process && event["name"] == kind);
        &name.unwrap()["args"]["name"]
    };
    assert_eq!(named(0, "process_name"), "host");
    assert_eq!(named(1, "process_name"), "device 0");
    assert_eq!(named(1, "thread_name"), "stream 0");
    let spans = |process: u64| -> Vec<&Value> {
        let all = events.iter();
        all.filter(|event| event["ph"] == "X" && event["pid"] == process)
            .collect()
    };
    let (calls, tasks) = (spans(0), spans(1));
    assert_eq!((calls.len(), tasks.len()), (1004, 1000));
    for event in calls.iter().chain(&tasks) {
        assert!(number(&event["ts"]) >= 0.0 && number(&event["dur"]) >= 0.0);
        assert!(event["args"]["call"].as_u64().is_some());
    }
    assert_eq!(calls[2]["name"], "aclrtMalloc");
    assert_eq!(calls[2]["args"]["arguments"]["size"], 64);
}

#[test]
fn what_cannot_be_written_is_refused() {
    for (path, part) in [
        ("/no/such/folder/trace.json", "/no/such/folder"),
        ("trace.txt", ".jsonl"),
    ] {
        let error = lease(MockConfig::default().trace(path)).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn threads_of_c_programs_have_their_names() {
    let file = Scratch::new("c_thread.jsonl");
    let rig = Rig::bare(MockConfig::default().trace(&file.0));
    rig.in_c_thread(c"c-worker", |rig| acl!(rig.aclrtSetDevice(0)));
    drop(rig);
    let lines = file.lines();
    assert_eq!(lines[0]["thread_name"], "c-worker");
}
