//! `ascend explain` on the logs of several processes: each is told apart, and the first cause is begun with.

use std::fs;

use super::explain::explains_json;
use super::{ascend, path, text};

/// A device that another container holds.
const HELD: &str = "\
[ERROR] RUNTIME(7,python3):2025-01-10-17:53:50.000.000 [driver.cc:65]7 GetDeviceCount:Call drvGetDevNum, drvRetCode=87.
[ERROR] RUNTIME(7,python3):2025-01-10-17:53:50.100.000 [api_c.cc:2]7 rtGetDeviceCount:ErrCode=507899, desc=[driver error:internal error], InnerCode=0x7020010
[ERROR] ASCENDCL(7,python3):2025-01-10-17:53:50.200.000 [a.cc:9]7 aclrtGetDeviceCount:failed, result[507899]
";

/// An operator that fails later.
const FAULT: &str = "\
[ERROR] RUNTIME(8,vllm):2025-01-10-17:53:52.100.000 [engine.cc:11]8 Report:Task exception! retCode=0x26, [aicore exception].
[ERROR] ASCENDCL(8,vllm):2025-01-10-17:53:52.400.000 [c.cc:9]8 aclmdlExecute:failed, result[507011]
";

/// One that only tells that something failed.
const SIGN: &str = "\
[ERROR] ASCENDCL(9,a.out):2025-01-10-17:53:49.000.000 [c.cc:9]9 aclmdlExecute:failed, result[507011]
";

#[test]
fn each_process_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    for (name, log) in [
        ("plog-8_2.log", FAULT),
        ("plog-7_1.log", HELD),
        ("plog-9_3.log", SIGN),
    ] {
        fs::write(folder.path().join(name), log).unwrap();
    }
    let told = explains_json(&[path(folder.path())]);
    assert_eq!(told["root"], "drvRet=87", "{told:#}");
    let processes = told["processes"].as_array().unwrap();
    let told: Vec<_> = processes
        .iter()
        .map(|process| {
            (
                process["number"].as_u64().unwrap(),
                process["root"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [(9, "507011"), (7, "drvRet=87"), (8, "507015")]);
    assert_eq!(
        processes[1]["codes"],
        serde_json::json!(["drvRet=87", "507899"])
    );
    assert_eq!(processes[1]["name"], "python3");
    let told = text(&ascend(&["explain", path(folder.path())]).stdout);
    let at = |file: &str, line: u32| format!("{}:{line}", folder.path().join(file).display());
    for part in [
        "drvRet=87 DRV_ERROR_RESOURCE_OCCUPIED: the device is occupied: the driver gives it to one container \
         at a time  <- begin here\n",
        "507899 ACL_ERROR_RT_DRV_INTERNAL_ERROR: internal driver error  (usually follows from drvRet=87)\n",
        "507015 ACL_ERROR_RT_AICORE_EXCEPTION: an AI Core task faulted  <- where process 8 begins\n",
        "\nprocess 9 (a.out) begins with 507011: ",
        &format!(
            "\nprocess 7 (python3) begins with drvRet=87: {} at 2025-01-10-17:53:50.000.000; also 507899\n",
            at("plog-7_1.log", 1)
        ),
        &format!(
            "\nprocess 8 (vllm) begins with 507015: {} at 2025-01-10-17:53:52.100.000; also 507011\n",
            at("plog-8_2.log", 1)
        ),
    ] {
        assert!(told.contains(part), "{part:?} is missing in:\n{told}");
    }
}

#[test]
fn an_error_of_the_driver_is_a_cause_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<&str> = HELD.lines().collect();
    fs::write(folder.path().join("plog-7_1.log"), lines[1..].join("\n")).unwrap();
    fs::write(folder.path().join("plog-8_2.log"), FAULT).unwrap();
    assert_eq!(explains_json(&[path(folder.path())])["root"], "507899");
}

#[test]
fn one_process_is_told_without_a_list() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("plog-8_2.log");
    fs::write(&log, format!("E19999: Inner Error!\n{FAULT}")).unwrap();
    let told = text(&ascend(&["explain", path(&log)]).stdout);
    for part in [
        "E19999: an internal error of the graph engine: …  (only tells that something failed)\n",
        "an AI Core task faulted  <- begin here\n",
        "a model failed while running  (usually follows from 507015)\n",
    ] {
        assert!(told.contains(part), "{part:?} is missing in:\n{told}");
    }
    assert!(!told.contains("process 8"), "{told}");
    // points are told in lines of their own
    assert!(
        told.contains("\n  do:    (1) find the operator") && told.contains(";\n         (2) "),
        "{told}"
    );
}
