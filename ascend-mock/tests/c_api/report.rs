//! What is told at the end.

use std::path::{Path, PathBuf};
use std::{env, fs, process, ptr};

use ascend_mock::{MockConfig, Report, lease};
use serde_json::{Value, json};

use crate::common::Rig;

fn scratch(name: &str) -> PathBuf {
    env::temp_dir().join(format!("ascend-mock-{}-{name}", process::id()))
}

fn reporting(path: &Path) -> Rig {
    Rig::with(MockConfig::default().report(Report::File(path.to_owned())))
}

/// The text of a report, which is not needed any more.
fn take(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    fs::remove_file(path).unwrap();
    text
}

#[test]
fn finalising_tells_what_was_not_given_back_and_who_made_it() {
    let path = scratch("leaks.json");
    let rig = reporting(&path);
    rig.malloc(100);
    made!(rig.aclrtCreateStream());
    assert_eq!(acl!(rig.aclFinalize()), 0);
    let report: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let leak = |kind: &str, function: &str, call: u64, bytes: u64| json!({"kind": kind, "made_by": {"function": function, "call": call}, "bytes": bytes});
    let leaks = [
        leak("device reference", "aclrtSetDevice", 2, 0),
        leak("stream", "aclrtCreateStream", 4, 0),
        leak("device block", "aclrtMalloc", 3, 100),
    ];
    assert_eq!(report, json!({"leaks": leaks, "findings": []}));
    // Nothing is told twice, but a second life is told like the first.
    let before = fs::read_to_string(&path).unwrap();
    rig.lease.report_at_end();
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    assert_eq!(acl!(rig.aclInit(ptr::null())), 0);
    assert_eq!(acl!(rig.aclFinalizeReference(ptr::null_mut())), 0);
    drop(rig);
    assert_eq!(take(&path).lines().count(), 2);
}

#[test]
fn the_end_of_the_lease_tells_it_without_a_finalise() {
    let path = scratch("text.txt");
    let rig = reporting(&path);
    let block = rig.malloc(100);
    drop(rig.lease);
    let text = take(&path);
    let expected = "CPU device: not given back: 2\n  \
                    device reference of aclrtSetDevice, call 2\n  \
                    device block of aclrtMalloc, call 3, 100 bytes\n";
    assert_eq!(text, expected, "{block:?}");
}

#[test]
fn a_file_is_written_though_there_is_nothing_to_tell() {
    let path = scratch("nothing.txt");
    let rig = reporting(&path);
    assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
    assert_eq!(acl!(rig.aclFinalize()), 0);
    drop(rig);
    assert_eq!(take(&path), "CPU device: everything was given back\n");
}

#[test]
fn a_report_that_cannot_be_written_is_refused() {
    let config = MockConfig::from_toml("report = \"/no/such/folder/report.json\"").unwrap();
    let error = lease(config).unwrap_err().to_string();
    assert!(
        error.contains("report = \"/no/such/folder/report.json\""),
        "{error}"
    );
}
