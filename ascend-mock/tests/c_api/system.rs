//! Initialisation, versions, last errors and error texts.

use std::ffi::{CStr, CString};
use std::fs;
use std::path::{Path, PathBuf};
use std::ptr;

use ascend_mock::{MockConfig, SOC_NAME};
use ascend_sys::{aclDataType, aclError, aclrtLastErrLevel, aclrtRunMode};

use crate::common::{H2D, NULL, Rig};

const THREAD: aclrtLastErrLevel = aclrtLastErrLevel::ACL_RT_THREAD_LEVEL;

/// A file that is gone at the end of the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, text: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("ascend-mock-{}-{name}", std::process::id()));
        fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap();
    }
}

fn init(rig: &Rig, path: &Path) -> aclError {
    let path = CString::new(path.to_str().unwrap()).unwrap();
    acl!(rig.aclInit(path.as_ptr()))
}

fn bare() -> Rig {
    Rig::bare(MockConfig::default())
}

/// SD
#[test]
fn r_013_the_first_init_counts_one() {
    let rig = bare();
    let mut count = 9;
    assert_eq!(acl!(rig.aclInit(ptr::null())), 0);
    assert_eq!(acl!(rig.aclFinalizeReference(&raw mut count)), 0);
    assert_eq!(count, 0);
}

/// SD
#[test]
fn r_014_init_twice_is_100002_and_counts() {
    let rig = bare();
    let mut count = 9;
    assert_eq!(acl!(rig.aclInit(ptr::null())), 0);
    assert_eq!(acl!(rig.aclInit(ptr::null())), 100_002);
    assert_eq!(acl!(rig.aclFinalizeReference(&raw mut count)), 0);
    assert_eq!(count, 1);
}

/// SD
#[test]
fn r_015_r_016_empty_paths_and_empty_objects_are_defaults() {
    let (object, empty) = (Scratch::new("object", b"{ }\n"), Scratch::new("empty", b""));
    for path in [Path::new(""), &object.0, &empty.0] {
        assert_eq!(init(&bare(), path), 0, "{}", path.display());
    }
}

/// S
#[test]
fn r_017_r_018_r_027_a_path_that_is_no_file_is_100003() {
    let rig = bare();
    assert_eq!(init(&rig, Path::new("no/such/file.json")), 100_003);
    assert_eq!(init(&rig, &std::env::temp_dir()), 100_003);
    // R-027: the failures left nothing behind.
    assert_eq!(acl!(rig.aclInit(ptr::null())), 0);
}

/// SD
#[test]
fn r_019_r_020_bad_json_is_100006() {
    let deep = format!("{}{}", "[".repeat(11), "]".repeat(11));
    for (name, text) in [("bad", "{\"a\": }"), ("deep", &deep)] {
        let file = Scratch::new(name, text.as_bytes());
        let rig = bare();
        assert_eq!(init(&rig, &file.0), 100_006, "{name}");
        assert!(rig.message().unwrap().contains("at line 1 column"));
    }
}

/// S
#[test]
fn r_026_a_later_init_must_agree_with_the_first() {
    let rig = bare();
    let file = Scratch::new("other", b"{\"dump\": {}}");
    assert_eq!(acl!(rig.aclInit(ptr::null())), 0);
    assert_eq!(acl!(rig.aclFinalize()), 0);
    assert_eq!(init(&rig, &file.0), 100_000);
    assert_eq!(acl!(rig.aclInit(ptr::null())), 0);
}

/// SD
#[test]
fn r_029_r_030_finalize_ignores_the_count() {
    let rig = bare();
    acl!(rig.aclInit(ptr::null()));
    acl!(rig.aclInit(ptr::null()));
    assert_eq!(acl!(rig.aclFinalize()), 0);
    assert_eq!(acl!(rig.aclFinalize()), 100_037);
}

/// S
#[test]
fn r_031_finalize_without_init_succeeds_once() {
    let rig = bare();
    assert_eq!(acl!(rig.aclFinalize()), 0);
    assert_eq!(acl!(rig.aclFinalize()), 100_037);
}

/// SD
#[test]
fn r_032_r_033_finalize_reference_counts_down() {
    let rig = bare();
    let mut count = 9;
    for _ in 0..3 {
        acl!(rig.aclInit(ptr::null()));
    }
    for left in [2, 1, 0] {
        let code = acl!(rig.aclFinalizeReference(&raw mut count));
        assert_eq!((code, count), (0, left));
    }
    // It was a full one.
    assert_eq!(acl!(rig.aclFinalize()), 100_037);
}

/// S
#[test]
fn r_034_finalize_reference_too_often_is_100037() {
    let rig = bare();
    acl!(rig.aclInit(ptr::null()));
    assert_eq!(acl!(rig.aclFinalize()), 0);
    let mut count = 9;
    let code = acl!(rig.aclFinalizeReference(&raw mut count));
    assert_eq!((code, count), (100_037, 0));
}

/// SD
#[test]
fn r_035_finalize_reference_takes_null() {
    let rig = bare();
    let finalize = || acl!(rig.aclFinalizeReference(ptr::null_mut()));
    acl!(rig.aclInit(ptr::null()));
    acl!(rig.aclInit(ptr::null()));
    assert_eq!([finalize(), finalize(), finalize()], [0, 0, 100_037]);
}

/// S
#[test]
fn r_038_a_process_may_initialise_again() {
    let rig = bare();
    for _ in 0..3 {
        assert_eq!(acl!(rig.aclInit(ptr::null())), 0);
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        let block = rig.malloc(4);
        rig.upload(block, &[1, 2, 3, 4]);
        assert_eq!(rig.download(block, 4), [1, 2, 3, 4]);
        assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
        assert_eq!(acl!(rig.aclFinalize()), 0);
    }
}

/// SD
#[test]
fn r_037_finalize_does_not_reset_devices() {
    let rig = Rig::new();
    assert_eq!(acl!(rig.aclFinalize()), 0);
    let mut device = 9;
    assert_eq!((acl!(rig.aclrtGetDevice(&raw mut device)), device), (0, 0));
}

/// S
#[test]
fn r_042_versions() {
    let rig = bare();
    let (mut major, mut minor, mut patch) = (0, 0, 9);
    let code = acl!(rig.aclrtGetVersion(&raw mut major, &raw mut minor, &raw mut patch));
    assert_eq!((code, major, minor, patch), (0, 1, 17, 0));
    let code = acl!(rig.aclrtGetVersion(&raw mut major, ptr::null_mut(), &raw mut patch));
    assert_eq!(code, 100_000);
}

/// SD
#[test]
fn r_043_the_name_of_the_chip_stays() {
    let rig = bare();
    let name = acl!(rig.aclrtGetSocName());
    acl!(rig.aclInit(ptr::null()));
    assert_eq!(acl!(rig.aclFinalize()), 0);
    assert_eq!(acl!(rig.aclrtGetSocName()), name);
    // SAFETY: the name lives as long as the lease.
    let name = unsafe { CStr::from_ptr(name) };
    assert_eq!(name.to_str(), Ok(SOC_NAME));
}

/// SD
#[test]
fn r_044_the_run_mode_is_that_of_a_host() {
    let rig = bare();
    let mut mode = aclrtRunMode::ACL_DEVICE;
    assert_eq!(acl!(rig.aclrtGetRunMode(ptr::null_mut())), 100_000);
    assert_eq!(acl!(rig.aclrtGetRunMode(&raw mut mode)), 0);
    assert_eq!(mode, aclrtRunMode::ACL_HOST);
    assert_eq!(mode.0, 1);
}

/// S
#[test]
fn r_051_data_type_sizes() {
    let rig = bare();
    for (kind, bytes) in [
        (aclDataType::ACL_DT_UNDEFINED, 0),
        (aclDataType::ACL_STRING, 0),
        (aclDataType::ACL_FLOAT, 4),
        (aclDataType::ACL_FLOAT16, 2),
        (aclDataType::ACL_BF16, 2),
        (aclDataType::ACL_INT64, 8),
        (aclDataType::ACL_INT4, 1),
        (aclDataType::ACL_UINT1, 1),
        (aclDataType::ACL_COMPLEX32, 4),
        (aclDataType::ACL_INT8, 1),
        (aclDataType::ACL_UINT8, 1),
        (aclDataType::ACL_BOOL, 1),
        (aclDataType::ACL_INT16, 2),
        (aclDataType::ACL_UINT16, 2),
        (aclDataType::ACL_INT32, 4),
        (aclDataType::ACL_UINT32, 4),
        (aclDataType::ACL_UINT64, 8),
        (aclDataType::ACL_DOUBLE, 8),
        (aclDataType::ACL_COMPLEX64, 8),
        (aclDataType::ACL_COMPLEX128, 16),
        (aclDataType::ACL_HIFLOAT8, 1),
        (aclDataType::ACL_FLOAT8_E5M2, 1),
        (aclDataType::ACL_FLOAT8_E4M3FN, 1),
        (aclDataType::ACL_FLOAT8_E8M0, 1),
        (aclDataType::ACL_FLOAT6_E3M2, 1),
        (aclDataType::ACL_FLOAT6_E2M3, 1),
        (aclDataType::ACL_FLOAT4_E2M1, 1),
        (aclDataType::ACL_FLOAT4_E1M2, 1),
        (aclDataType::ACL_HIFLOAT4, 1),
        (aclDataType(99), 0),
    ] {
        assert_eq!(acl!(rig.aclDataTypeSize(kind)), bytes, "{kind:?}");
    }
}

/// S
#[test]
#[allow(clippy::float_cmp, reason = "the values are exact")]
fn r_052_halves_saturate() {
    let rig = bare();
    for (wide, half) in [
        (1.0, 0x3C00),
        (-2.5, 0xC100),
        (f32::INFINITY, 0x7BFF),
        (f32::NEG_INFINITY, 0xFBFF),
        (f32::NAN, 0x7BFF),
        (1e9, 0x7BFF),
    ] {
        assert_eq!(acl!(rig.aclFloatToFloat16(wide)), half, "{wide}");
    }
    for (half, wide) in [
        (0x3C00, 1.0),
        (0x0001, 5.960_464_5e-8),
        (0x7C00, 65536.0),
        (0xFC00, -65536.0),
        (0x7E00, 98304.0),
    ] {
        assert_eq!(acl!(rig.aclFloat16ToFloat(half)), wide, "{half:#x}");
    }
}

/// SD
#[test]
fn r_082_r_214_get_last_error_clears_and_peek_does_not() {
    let rig = Rig::new();
    acl!(rig.aclrtSetDevice(7));
    assert_eq!(acl!(rig.aclrtPeekAtLastError(THREAD)), 107_001);
    assert_eq!(acl!(rig.aclrtGetLastError(THREAD)), 107_001);
    assert_eq!(acl!(rig.aclrtGetLastError(THREAD)), 0);
    // R-082
    assert_eq!(acl!(rig.aclrtGetLastError(aclrtLastErrLevel(5))), 0);
}

/// S
#[test]
fn r_215_outer_rejections_are_no_last_error() {
    let rig = Rig::new();
    assert_eq!(acl!(rig.aclrtGetRunMode(ptr::null_mut())), 100_000);
    assert_eq!(acl!(rig.aclrtPeekAtLastError(THREAD)), 0);
    assert!(rig.message().unwrap().contains("EH0002"));
}

/// S (second half I)
#[test]
fn r_216_last_errors_belong_to_a_thread_and_outlive_successes() {
    let rig = Rig::new();
    acl!(rig.aclrtSetDevice(7));
    assert_eq!(
        rig.elsewhere(|rig| acl!(rig.aclrtPeekAtLastError(THREAD))),
        0
    );
    acl!(rig.aclrtSetDevice(0));
    assert_eq!(acl!(rig.aclrtPeekAtLastError(THREAD)), 107_001);
}

/// SD
#[test]
fn r_217_r_218_messages_are_read_once_newest_first() {
    let rig = Rig::new();
    assert_eq!(rig.message(), None);
    acl!(rig.aclrtSetDevice(7));
    acl!(rig.aclrtFree(NULL));
    let text = rig.message().unwrap();
    let entries: Vec<&str> = text.split("Solution: ").collect();
    assert_eq!(entries.len(), 3, "{text}");
    let (newest, oldest) = (entries[0], entries[1]);
    assert!(newest.starts_with("EH0002: [PID: "), "{text}");
    assert!(newest.contains("aclrtFree failed with code 100000"));
    assert!(oldest.contains("EE1001: ") && oldest.contains("the device id is not valid"));
    assert!(oldest.contains("device 7 does not exist"));
    assert!(oldest.contains("Possible Cause: "));
    assert!(oldest.contains(&format!("[PID: {}]", std::process::id())));
}

/// SD
#[test]
fn r_220_a_text_holds_until_the_threads_next_call() {
    let rig = Rig::new();
    acl!(rig.aclrtSetDevice(7));
    let text = acl!(rig.aclGetRecentErrMsg());
    rig.elsewhere(|rig| {
        for _ in 0..100 {
            acl!(rig.aclrtSetDevice(8));
            rig.message();
        }
    });
    // SAFETY: this thread has called nothing since.
    let text = unsafe { CStr::from_ptr(text) };
    assert!(text.to_str().unwrap().contains("device 7 does not exist"));
}

/// S≠D: the documentation's side is taken.
#[test]
fn r_221_there_is_no_second_reading() {
    let rig = Rig::new();
    acl!(rig.aclrtSetDevice(7));
    assert!(rig.message().is_some());
    assert_eq!(rig.message(), None);
    acl!(rig.aclrtSetDevice(7));
    assert!(rig.message().is_some(), "after a new failure");
}

/// I
#[test]
fn r_222_a_text_is_not_empty_and_has_a_code() {
    let rig = Rig::new();
    let label = |code: aclError| {
        let text = rig.message().unwrap();
        assert!(text.contains(&code.to_string()), "{text}");
        let label = text.split(':').next().unwrap();
        label.to_owned()
    };
    assert_eq!(label(acl!(rig.aclrtSetDevice(7))), "EE1001");
    assert_eq!(label(acl!(rig.aclrtFree(NULL))), "EH0002");
    let no_context = rig.elsewhere(|rig| acl!(rig.aclrtSynchronizeDevice()));
    assert_eq!((no_context, rig.message()), (107_002, None));
    assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
    assert_eq!(label(acl!(rig.aclrtResetDevice(0))), "EE1018");
}

/// SD
#[test]
fn r_219_messages_belong_to_a_thread() {
    let rig = Rig::new();
    acl!(rig.aclrtSetDevice(7));
    assert_eq!(rig.elsewhere(Rig::message), None);
    assert!(rig.message().is_some());
}

/// SD
#[test]
fn r_219_in_mode_1_any_thread_gets_all_messages() {
    let rig = bare();
    let file = Scratch::new("mode-1", br#"{"err_msg_mode": "1"}"#);
    assert_eq!(init(&rig, &file.0), 0);
    acl!(rig.aclrtSetDevice(7));
    rig.elsewhere(|rig| acl!(rig.aclrtSetDevice(8)));
    let text = rig.elsewhere(Rig::message).unwrap();
    assert!(
        text.contains("device 7") && text.contains("device 8"),
        "{text}"
    );
    assert_eq!(rig.message(), None, "they are read once");
}

/// SD
#[test]
fn r_021_other_modes_of_messages_are_100000() {
    let rig = bare();
    for (name, text) in [
        ("mode-2", r#"{"err_msg_mode": "2"}"#),
        ("mode-n", r#"{"err_msg_mode": 1}"#),
    ] {
        let file = Scratch::new(name, text.as_bytes());
        assert_eq!(init(&rig, &file.0), 100_000, "{text}");
    }
    assert_eq!(
        acl!(rig.aclInit(ptr::null())),
        0,
        "nothing was kept of them"
    );
}

#[test]
fn the_store_of_messages_is_bounded() {
    let rig = Rig::new();
    for _ in 0..500 {
        acl!(rig.aclrtFree(NULL));
    }
    let text = rig.message().unwrap();
    assert_eq!(text.matches("aclrtFree failed").count(), 64);
}

#[test]
fn calls_are_recorded_when_asked_for() {
    let rig = Rig::bare(MockConfig::default().record_calls(true));
    acl!(rig.aclrtSetDevice(0));
    rig.elsewhere(|rig| acl!(rig.aclrtSetDevice(5)));
    acl!(rig.aclrtGetSocName());
    let calls = rig.lease.calls();
    let seen: Vec<_> = calls.iter().map(|call| (call.symbol, call.code)).collect();
    let expected = [
        ("aclrtSetDevice", 0),
        ("aclrtSetDevice", 107_001),
        ("aclrtGetSocName", 0),
    ];
    assert_eq!(seen, expected);
    assert_ne!(calls[0].thread, calls[1].thread);
    assert_eq!(calls[0].thread, calls[2].thread);
}

#[test]
fn two_worlds_share_nothing() {
    let (one, two) = (Rig::new(), bare());
    let mut device = 9;
    assert_eq!(acl!(two.aclrtGetDevice(&raw mut device)), 107_002);
    assert_eq!(acl!(one.aclrtGetDevice(&raw mut device)), 0);
    assert_eq!(acl!(one.aclrtPeekAtLastError(THREAD)), 0);
    assert!(two.message().is_some() && one.message().is_none());
    assert_eq!(acl!(two.aclrtSetDevice(0)), 0);
    let (block, stream) = (one.malloc(16), made!(one.aclrtCreateStream()));
    assert_eq!(acl!(two.aclrtFree(block)), 107_000);
    assert_eq!(two.synchronize(stream), 107_017);
    let host = [0_u8; 16];
    assert_eq!(
        acl!(two.aclrtMemcpy(block, 16, host.as_ptr().cast(), 16, H2D)),
        107_000
    );
}
