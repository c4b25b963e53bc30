//! Complaints of users, and where `ascend explain` tells them to begin.

use std::fs;

use serde_json::Value;

use super::explain::{codes, explains_json, explains_stdin};
use super::path;

/// Complaints as users post them, in words of our own, and the code to begin with.
const COMPLAINTS: [(&str, &str); 30] = [
    ("[ERROR] model execute failed, error:507011", "507011"),
    (
        "Conv node. CANN failure 500001: ACL_ERROR_FAILURE ; NPU=0",
        "500001",
    ),
    (
        "BroadcastToD: CANN failure 500002 ACL_ERROR_GE_FAILURE",
        "500002",
    ),
    (
        "aclgrphParseONNXFromMem returned GRAPH_FAILED -1",
        "graph-failed",
    ),
    (
        "CANN error: EZ9999: Inner Error!\n  there is an aivec error exception, core id is 7\n  \
         aclrtSynchronizeStream failed, error code is 507035",
        "507035",
    ),
    ("E89999: Inner Error!\n  tiling of [op1] failed", "E89999"),
    (
        "EE1001: The argument is invalid. Try again with a valid argument\n  retCode is 107017",
        "107017",
    ),
    (
        "aclInit failed, error code is 507008. EE8888: context pointer null",
        "507008",
    ),
    (
        "EZ9999: Inner Error!\n  [the model stream execute failed]\n  error code:507011 pc start: 0x1240, \
         fault kernel_name=te_matmul_1",
        "EZ9999",
    ),
    (
        "ImportError: libascendcl.so: cannot open shared object file: No such file or directory",
        "no-acl-library",
    ),
    (
        "ImportError: libhccl.so: cannot open shared object file\nRuntimeError: Failed to infer device type",
        "no-hccl-library",
    ),
    ("/usr/bin/ld: ok\natc: command not found", "no-command"),
    (
        "E40021: Failed to compile Op [conv1]\nModuleNotFoundError: No module named 'decorator'",
        "E40021",
    ),
    (
        "OSError: libatb.so: cannot open shared object file: No such file",
        "no-atb-library",
    ),
    (
        "EL0003: The argument is invalid. NPU error, error code is 507000",
        "EL0003",
    ),
    ("call aclrtSetDevice failed, error code:507033", "507033"),
    (
        "rtModelCheckCompatibility: supported socVersion=Ascend910B2, but the model socVersion=Ascend910B",
        "wrong-soc",
    ),
    (
        "reason=[task type not support] ACL_ERROR_RT_TASK_TYPE_NOT_SUPPORT",
        "507009",
    ),
    (
        "E19010: No parser is registered for Op [LayerNorm_1], optype [ai.onnx::11::Fused]",
        "E19010",
    ),
    (
        "ATC run failed, Please check the detail log\nE16005: The model has 2 domain versions",
        "E16005",
    ),
    (
        "E19999: Inner Error!\nE20001: Failed to compile Op [Slice_ascend_mbatch_1], optype [Slice]",
        "E20001",
    ),
    (
        "ATC run failed\nE10049: --input_shape has 3 dims, the model has 4",
        "E10049",
    ),
    (
        "EZ3002: x\nDynamic shape is not supported on this chip",
        "EZ3002",
    ),
    ("Cannot re-initialize NPU in forked subprocess", "forked"),
    ("aclInit failed: 100002", "100002"),
    (
        "thread 7: aclrtMalloc failed, ret=107002 ErrCode=107002 InnerCode=0x7070001",
        "107002",
    ),
    (
        "arg0 tensorsize:602112 filesize:1204224 not match",
        "input-size",
    ),
    (
        "main.o: in function main: undefined reference to `aclrtSetDevice'",
        "not-linked",
    ),
    ("/usr/bin/ld: cannot find -lascendcl", "not-linked"),
    (
        "ModuleNotFoundError: No module named 'tbe.common'",
        "no-pyacl",
    ),
];

#[test]
fn the_complaints_of_users_have_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("posted.log");
    for (said, root) in COMPLAINTS {
        fs::write(&log, said).unwrap();
        let told = explains_json(&[path(&log)]);
        assert_eq!(told["root"], root, "{said}: {told:#}");
        let (code, told) = explains_stdin(&["--json"], said.as_bytes());
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(
            (code, &told["root"]),
            (Some(0), &Value::from(root)),
            "{said}"
        );
    }
    let told = explains_json(&[COMPLAINTS[8].0]);
    assert_eq!(told["operators"], Value::from(vec!["te_matmul_1"]));
    assert_eq!(codes(&told), ["EZ9999", "507011"]);
}

/// Versions that are told in words are held against each other.
#[test]
fn versions_of_driver_and_cann_are_judged() {
    for (said, fits, parts) in [
        (
            "Which driver do I need? Host driver: 24.1.rc3, image: cann:8.0.RC3-910b",
            true,
            &[
                "driver 24.1.rc3 fits CANN 8.0.RC3",
                "came out with driver 24.1.RC3",
            ][..],
        ),
        (
            "npu-smi 23.0.6\nstarting with CANN 8.1.RC1, no device",
            false,
            &[
                "driver 23.0.6 is older",
                "driver_25.0.rc1_linux",
                "ascend doctor",
            ],
        ),
    ] {
        let (code, told) = explains_stdin(&[], said.as_bytes());
        assert_eq!(code, Some(0), "{told}");
        for part in parts {
            assert!(told.contains(part), "{part:?} is missing in {told}");
        }
        let json = explains_json(&[said]);
        assert_eq!(json["versions"]["fit"], fits, "{json}");
    }
    // beside a code they are told too
    let told =
        explains_json(&["call aclInit failed, ret=507008, driver 24.1.rc3 with CANN 8.1.RC1"]);
    assert_eq!(
        (&told["root"], &told["versions"]["fit"]),
        (&"507008".into(), &false.into())
    );
    let (code, _) = explains_stdin(&[], b"driver 24.1.rc3 alone");
    assert_eq!(code, Some(1));
}
