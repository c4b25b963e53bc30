//! What the configuration of `aclInit` does, dumps and snapshots.

use std::ffi::{CString, c_int};
use std::fs;
use std::path::PathBuf;
use std::ptr;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};

use ascend_mock::{Kind, MockConfig};
use ascend_sys::{aclError, aclrtSnapShotStage};

use crate::common::{NULL, Raw, Rig};

/// A file that is gone at the end of the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(text: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let (pid, next) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(format!("ascend-mock-{pid}-process-{next}"));
        fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> CString {
        CString::new(self.0.to_str().unwrap()).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap();
    }
}

fn bare() -> Rig {
    Rig::bare(MockConfig::default().devices(2))
}

fn init(rig: &Rig, text: &str) -> aclError {
    let file = Scratch::new(text);
    acl!(rig.aclInit(file.path().as_ptr()))
}

fn device(rig: &Rig) -> Result<i32, aclError> {
    let mut device = 9;
    match acl!(rig.aclrtGetDevice(&raw mut device)) {
        0 => Ok(device),
        code => Err(code),
    }
}

/// Initialises a device of its own with each text, and compares the codes.
fn check(cases: &[(&str, aclError)]) {
    for &(text, expected) in cases {
        let rig = bare();
        assert_eq!(init(&rig, text), expected, "{text}");
        // R-027: a failure leaves nothing behind.
        if expected != 0 {
            assert!(rig.message().is_some(), "{text}");
            assert_eq!(acl!(rig.aclInit(ptr::null())), 0, "{text}");
        }
    }
}

/// SD
#[test]
fn r_021_error_message_mode() {
    check(&[
        (r#"{"err_msg_mode": "0"}"#, 0),
        (r#"{"err_msg_mode": "1"}"#, 0),
        (r#"{"err_msg_mode": "2"}"#, 100_000),
        (r#"{"err_msg_mode": 1}"#, 100_000),
    ]);
}

/// S
#[test]
fn r_022_event_mode() {
    check(&[
        (r#"{"acl_graph": {"event_mode": "1"}}"#, 0),
        (r#"{"acl_graph": {}}"#, 0),
        (r#"{"acl_graph": {"event_mode": "2"}}"#, 100_000),
    ]);
}

/// S
#[test]
fn r_023_dump_and_profiling_sections() {
    check(&[
        (r#"{"dump": {}}"#, 0),
        (
            r#"{"dump": {"dump_path": "/", "dump_list": [{"model_name": "x", "layer": ["a"]}],
                "dump_mode": "output", "dump_op_switch": "off", "dump_data": "tensor"}}"#,
            0,
        ),
        (r#"{"dump": {"dump_scene": "lite_exception"}}"#, 0),
        (r#"{"dump": 1}"#, 100_009),
        (r#"{"dump": {"dump_list": [{}]}}"#, 100_009),
        (
            r#"{"dump": {"dump_path": "/no/such", "dump_list": [{}]}}"#,
            100_009,
        ),
        (r#"{"dump": {"dump_path": "/", "dump_list": {}}}"#, 100_009),
        (r#"{"dump": {"dump_path": "/", "dump_list": [1]}}"#, 100_009),
        (
            r#"{"dump": {"dump_path": "/", "dump_list": [{"layer": "a"}]}}"#,
            100_009,
        ),
        (
            r#"{"dump": {"dump_path": "/", "dump_list": [{}], "dump_mode": "x"}}"#,
            100_009,
        ),
        (r#"{"dump": {"dump_scene": "x"}}"#, 100_009),
        (r#"{"dump": {"dump_debug": "on"}}"#, 100_009),
        (
            r#"{"dump": {"dump_path": "/", "dump_debug": "on", "dump_list": [{}]}}"#,
            100_009,
        ),
        (
            r#"{"dump": {"dump_path": "/", "dump_scene": "lite_exception", "dump_list": [{}]}}"#,
            100_009,
        ),
        (
            r#"{"dump": {"dump_path": "/", "dump_kernel_data": "printf,x"}}"#,
            100_009,
        ),
        (r#"{"profiler": {"switch": "on", "output": "/"}}"#, 0),
        (r#"{"profiler": {"switch": "off"}}"#, 0),
        (r#"{"profiler": {"switch": "maybe"}}"#, 100_000),
        (r#"{"profiler": {"switch": "on", "output": 1}}"#, 100_000),
        (r#"{"profiler": []}"#, 100_000),
    ]);
}

/// S
#[test]
fn r_024_stack_sizes_and_default_device() {
    check(&[
        (r#"{"StackSize": {"aicore_stack_size": 32768}}"#, 0),
        (r#"{"StackSize": {"aicore_stack_size": "32768"}}"#, 500_001),
        (r#"{"StackSize": {"simt_stack_size": -1}}"#, 500_001),
        (r#"{"simd_printf_fifo_size_per_core": 4096}"#, 0),
        (r#"{"simd_printf_fifo_size_per_core": "x"}"#, 500_001),
        (r#"{"simd_printf_fifo_size_per_core": 1}"#, 107_000),
        (r#"{"defaultDevice": {}}"#, 0),
        (r#"{"defaultDevice": {"default_device": "1"}}"#, 0),
        (r#"{"defaultDevice": {"default_device": 1}}"#, 500_001),
        (r#"{"defaultDevice": {"default_device": ""}}"#, 500_001),
        (r#"{"defaultDevice": {"default_device": "-1"}}"#, 500_001),
        (
            r#"{"defaultDevice": {"default_device": "99999999999"}}"#,
            500_001,
        ),
        (r#"{"defaultDevice": {"default_device": "2"}}"#, 107_001),
        (r#"{"max_opqueue_num": "10"}"#, 0),
        (r#"{"max_opqueue_num": "0"}"#, 148_048),
    ]);
}

/// SD
#[test]
fn r_028_a_default_device_serves_threads_that_set_none() {
    let rig = bare();
    assert_eq!(
        init(&rig, r#"{"defaultDevice": {"default_device": "1"}}"#),
        0
    );
    assert_eq!(device(&rig), Ok(1));
    let block = rig.malloc(4);
    rig.upload(block, &[1, 2, 3, 4]);
    // R-097
    rig.elsewhere(|rig| {
        assert_eq!(device(rig), Ok(1));
        rig.malloc(4);
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        assert_eq!(device(rig), Ok(0), "a device that is set comes first");
    });
    let mut active = 9;
    let state = acl!(rig.aclrtGetPrimaryCtxState(1, ptr::null_mut(), &raw mut active));
    assert_eq!((state, active), (0, 0), "nobody counted it");
    assert_eq!(rig.lease.ledger().count(Kind::DeviceReference), 1);
    // The end of the configuration is the end of the device.
    assert_eq!(acl!(rig.aclFinalize()), 0);
    assert_eq!(device(&rig), Err(107_002));
    assert_eq!(acl!(rig.aclrtFree(block)), 107_000);
}

/// S; asking keeps nothing.
#[test]
fn r_077_r_102_the_state_of_default_contexts() {
    let rig = bare();
    let state = |id| {
        let mut active = 9;
        match acl!(rig.aclrtGetPrimaryCtxState(id, ptr::null_mut(), &raw mut active)) {
            0 => Ok(active),
            code => Err(code),
        }
    };
    assert_eq!(state(0), Ok(0));
    acl!(rig.aclrtSetDevice(0));
    acl!(rig.aclrtSetDevice(0));
    assert_eq!((state(0), state(1)), (Ok(1), Ok(0)));
    acl!(rig.aclrtResetDevice(0));
    assert_eq!(state(0), Ok(1));
    acl!(rig.aclrtResetDevice(0));
    assert_eq!(state(0), Ok(0));
    assert_eq!(state(2), Err(107_001));
    let (mut flags, mut active) = (0, 0);
    for code in [
        acl!(rig.aclrtGetPrimaryCtxState(0, &raw mut flags, &raw mut active)),
        acl!(rig.aclrtGetPrimaryCtxState(0, ptr::null_mut(), ptr::null_mut())),
    ] {
        assert_eq!(code, 100_000);
    }
}

/// SD
#[test]
fn r_036_threads_may_initialise_and_finalise_at_once() {
    let rig = bare();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let code = acl!(rig.aclInit(ptr::null()));
                    assert!(matches!(code, 0 | 100_002), "{code}");
                    assert_eq!(acl!(rig.aclFinalizeReference(ptr::null_mut())), 0);
                }
            });
        }
    });
    let mut count = 9;
    assert_eq!(acl!(rig.aclFinalizeReference(&raw mut count)), 100_037);
    assert_eq!(count, 0);
}

/// SD
#[test]
fn r_294_dumps_go_through_their_states() {
    let rig = bare();
    let good = Scratch::new(r#"{"dump": {"dump_path": "/", "dump_list": [{}]}}"#);
    let bad = Scratch::new(r#"{"dump": {"dump_list": [{}]}}"#);
    let broken = Scratch::new("{");
    let set = |file: &Scratch| acl!(rig.aclmdlSetDump(file.path().as_ptr()));
    assert_eq!(acl!(rig.aclmdlInitDump()), 100_001);
    assert_eq!(acl!(rig.aclInit(ptr::null())), 0);
    assert_eq!(set(&good), 100_045);
    assert_eq!(acl!(rig.aclmdlFinalizeDump()), 100_045);
    assert_eq!(acl!(rig.aclmdlInitDump()), 0);
    assert_eq!(acl!(rig.aclmdlInitDump()), 100_002);
    assert_eq!(acl!(rig.aclmdlSetDump(ptr::null())), 100_000);
    assert_eq!(acl!(rig.aclmdlSetDump(c"no/such/file".as_ptr())), 100_009);
    assert_eq!((set(&bad), set(&broken), set(&good)), (100_009, 100_009, 0));
    assert_eq!(acl!(rig.aclmdlFinalizeDump()), 0);
    assert_eq!(acl!(rig.aclmdlInitDump()), 0);
}

/// D
#[test]
fn r_295_a_dump_of_aclinit_excludes_others() {
    let rig = bare();
    let text = r#"{"dump": {"dump_path": "/", "dump_list": [{}]}}"#;
    assert_eq!(init(&rig, text), 0);
    assert_eq!(acl!(rig.aclmdlInitDump()), 100_044);
    let rig = bare();
    assert_eq!(
        init(&rig, r#"{"dump": {"dump_scene": "lite_exception"}}"#),
        0
    );
    assert_eq!(acl!(rig.aclmdlInitDump()), 0);
}

/// SD
#[test]
fn r_300_snapshots_go_through_their_states() {
    let rig = bare();
    let own = c_int::try_from(std::process::id()).unwrap();
    let something: Raw = ptr::dangling_mut::<u8>().cast();
    let lock = |pid, reserved| acl!(rig.aclrtSnapShotProcessLock(pid, reserved));
    let unlock = || acl!(rig.aclrtSnapShotProcessUnlock(own, NULL));
    let backup = || acl!(rig.aclrtSnapShotProcessBackup(own, ptr::null_mut()));
    let restore = || acl!(rig.aclrtSnapShotProcessRestore(own, ptr::null_mut()));
    assert_eq!(lock(own + 1, NULL), 100_000);
    assert_eq!(lock(own, something), 100_000);
    assert_eq!((unlock(), backup(), restore()), (507_907, 507_908, 507_909));
    assert_eq!(lock(own, NULL), 0);
    assert_eq!((lock(own, NULL), restore()), (507_906, 507_909));
    assert_eq!((backup(), backup()), (0, 507_908));
    assert_eq!((restore(), restore()), (0, 507_909));
    assert_eq!(unlock(), 0);
    // A locked process that was backed up may run on without being restored.
    assert_eq!((lock(own, NULL), backup(), unlock()), (0, 0, 0));
    let old = Rig::bare(MockConfig::default().soc_name("Ascend310P3"));
    assert_eq!(acl!(old.aclrtSnapShotProcessLock(own, NULL)), 207_000);
}

/// D
#[test]
fn functions_are_called_around_snapshots() {
    static DEVICES: AtomicI32 = AtomicI32::new(0);
    unsafe extern "C" fn count(device: i32, answer: Raw) -> u32 {
        DEVICES.fetch_add(device + 1, Ordering::Relaxed);
        u32::try_from(answer.addr()).unwrap()
    }
    let rig = bare();
    let own = c_int::try_from(std::process::id()).unwrap();
    acl!(rig.aclrtSetDevice(1));
    let (pre, post) = (
        aclrtSnapShotStage::ACL_RT_SNAPSHOT_LOCK_PRE,
        aclrtSnapShotStage::ACL_RT_SNAPSHOT_UNLOCK_POST,
    );
    let refuse: Raw = ptr::without_provenance_mut(3);
    assert_eq!(
        acl!(rig.aclrtSnapShotCallbackRegister(pre, Some(count), NULL)),
        0
    );
    assert_eq!(
        acl!(rig.aclrtSnapShotCallbackRegister(pre, Some(count), NULL)),
        507_913
    );
    assert_eq!(
        acl!(rig.aclrtSnapShotCallbackRegister(pre, None, NULL)),
        107_000
    );
    assert_eq!(
        acl!(rig.aclrtSnapShotCallbackRegister(post, Some(count), refuse)),
        0
    );
    assert_eq!(acl!(rig.aclrtSnapShotProcessLock(own, NULL)), 0);
    assert_eq!(
        DEVICES.load(Ordering::Relaxed),
        2,
        "device 1 alone is in use"
    );
    assert_eq!(acl!(rig.aclrtSnapShotProcessUnlock(own, NULL)), 507_912);
    assert_eq!(
        acl!(rig.aclrtSnapShotCallbackUnregister(pre, Some(count))),
        0
    );
    assert_eq!(
        acl!(rig.aclrtSnapShotCallbackUnregister(pre, Some(count))),
        107_000
    );
}
