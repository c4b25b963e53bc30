//! Devices and contexts.

use std::ptr;

use ascend_mock::{Kind, MockConfig};
use ascend_sys::{aclError, aclmdlRICaptureMode};

use crate::common::{NULL, Raw, Rig, Shared};

fn bare(devices: u32) -> Rig {
    Rig::bare(MockConfig::default().devices(devices))
}

fn device(rig: &Rig) -> Result<i32, aclError> {
    let mut device = 9;
    match acl!(rig.aclrtGetDevice(&raw mut device)) {
        0 => Ok(device),
        code => Err(code),
    }
}

fn context(rig: &Rig) -> Result<Raw, aclError> {
    let mut context = NULL;
    match acl!(rig.aclrtGetCurrentContext(&raw mut context)) {
        0 => Ok(context),
        code => Err(code),
    }
}

/// SD
#[test]
fn r_053_device_count() {
    let rig = bare(3);
    let mut count = 0;
    assert_eq!(acl!(rig.aclrtGetDeviceCount(ptr::null_mut())), 100_000);
    assert_eq!(
        (acl!(rig.aclrtGetDeviceCount(&raw mut count)), count),
        (0, 3)
    );
}

/// SD
#[test]
fn r_055_set_device_out_of_range_is_107001() {
    let rig = bare(2);
    for id in [-1, 2, i32::MIN, i32::MAX] {
        assert_eq!(acl!(rig.aclrtSetDevice(id)), 107_001, "{id}");
    }
}

/// S
#[test]
fn r_064_reset_device_out_of_range_is_107001() {
    let rig = bare(2);
    for id in [-1, 2, i32::MIN, i32::MAX] {
        assert_eq!(acl!(rig.aclrtResetDevice(id)), 107_001, "{id}");
        assert_eq!(acl!(rig.aclrtResetDeviceForce(id)), 107_001, "{id}");
    }
}

/// SD
#[test]
fn r_056_set_device_binds_the_default_context_and_stream() {
    let rig = bare(1);
    assert_eq!(device(&rig), Err(107_002));
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    assert_eq!(device(&rig), Ok(0));
    assert!(context(&rig).is_ok());
    assert_eq!(rig.synchronize(NULL), 0);
}

/// SD
#[test]
fn r_057_r_061_every_set_counts_and_resets_count_down() {
    let rig = bare(1);
    for _ in 0..3 {
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    }
    let first = context(&rig).unwrap();
    for _ in 0..2 {
        assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
        assert_eq!(context(&rig), Ok(first));
    }
    assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
    //
    assert_eq!(context(&rig), Err(107_002));
}

/// S
#[test]
fn r_063_a_reset_too_many_is_507007() {
    let rig = bare(2);
    assert_eq!(acl!(rig.aclrtResetDevice(0)), 507_007, "never set");
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    assert_eq!(acl!(rig.aclrtResetDevice(1)), 507_007, "the other one");
    assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
    rig.message();
    assert_eq!(acl!(rig.aclrtResetDevice(0)), 507_007, "reset already");
    assert!(rig.message().unwrap().contains("EE1018"));
}

/// SD
#[test]
fn r_058_threads_share_the_default_context() {
    let rig = bare(1);
    acl!(rig.aclrtSetDevice(0));
    let here = Shared(context(&rig).unwrap());
    rig.elsewhere(|rig| {
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        assert_eq!(context(rig), Ok(here.raw()));
    });
    assert_eq!(rig.lease.ledger().count(Kind::DeviceReference), 2);
}

/// S
#[test]
fn r_059_set_device_replaces_an_explicit_context() {
    let rig = bare(1);
    let explicit = made!(rig.aclrtCreateContext(0));
    assert_eq!(context(&rig), Ok(explicit));
    acl!(rig.aclrtSetDevice(0));
    assert_ne!(context(&rig), Ok(explicit));
}

/// SD
#[test]
fn r_060_get_device_follows_the_current_context() {
    let rig = bare(2);
    acl!(rig.aclrtSetDevice(0));
    let zero = context(&rig).unwrap();
    acl!(rig.aclrtSetDevice(1));
    assert_eq!(device(&rig), Ok(1));
    assert_eq!(acl!(rig.aclrtSetCurrentContext(zero)), 0);
    assert_eq!(device(&rig), Ok(0));
    assert_eq!(acl!(rig.aclrtGetDevice(ptr::null_mut())), 100_000);
}

/// SD
#[test]
fn r_062_the_last_reset_waits_for_default_context_work() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let event = made!(rig.aclrtCreateEvent());
    let gate = rig.block(stream);
    assert_eq!(acl!(rig.aclrtRecordEvent(event, stream)), 0);
    rig.open(gate);
    assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
    assert_eq!(acl!(rig.aclrtSynchronizeEventWithTimeout(event, 1)), 0);
    assert_eq!(rig.synchronize(stream), 107_017);
    assert_eq!(rig.lease.ledger().count(Kind::Stream), 0);
}

/// S
#[test]
fn r_065_a_full_reset_unbinds_other_threads() {
    let rig = bare(1);
    let bound = std::sync::Barrier::new(2);
    std::thread::scope(|scope| {
        let (rig, bound) = (&rig, &bound);
        let other = scope.spawn(move || {
            assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
            bound.wait();
            bound.wait();
            device(rig)
        });
        bound.wait();
        assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
        // the device works again, but not for the other thread.
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        bound.wait();
        assert_eq!(other.join().unwrap(), Err(107_002));
    });
}

/// S
#[test]
fn r_066_a_device_works_again_after_a_full_reset() {
    let rig = bare(1);
    for _ in 0..3 {
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        let block = rig.malloc(4);
        rig.upload(block, &[1, 2, 3, 4]);
        assert_eq!(rig.download(block, 4), [1, 2, 3, 4]);
        assert_eq!(acl!(rig.aclrtFree(block)), 0);
        assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
    }
    assert!(rig.lease.ledger().is_empty());
}

/// S for R-068, else SD
#[test]
fn r_067_r_068_r_069_a_forced_reset_ignores_the_count() {
    let rig = bare(1);
    acl!(rig.aclrtSetDevice(0));
    acl!(rig.aclrtSetDevice(0));
    assert_eq!(acl!(rig.aclrtResetDeviceForce(0)), 0);
    assert_eq!(acl!(rig.aclrtResetDeviceForce(0)), 507_007);
    assert_eq!(acl!(rig.aclrtResetDevice(0)), 507_007);
    assert!(rig.lease.ledger().is_empty());
}

/// D
#[test]
fn r_070_explicit_contexts_outlive_a_reset() {
    let rig = Rig::new();
    let explicit = made!(rig.aclrtCreateContext(0));
    let block = rig.malloc(8);
    assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
    assert_eq!(context(&rig), Ok(explicit));
    rig.upload(block, &[1; 8]);
    assert_eq!(acl!(rig.aclrtDestroyContext(explicit)), 0);
    assert_eq!(acl!(rig.aclrtFree(block)), 107_000);
}

/// S
#[test]
fn r_071_synchronize_device_waits_for_the_current_context() {
    let rig = bare(1);
    assert_eq!(acl!(rig.aclrtSynchronizeDevice()), 107_002);
    acl!(rig.aclrtSetDevice(0));
    let streams = [
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    ];
    let gates = streams.map(|stream| rig.block(stream));
    assert_eq!(acl!(rig.aclrtSynchronizeDeviceWithTimeout(10)), 507_046);
    let primary = context(&rig).unwrap();
    made!(rig.aclrtCreateContext(0));
    assert_eq!(
        acl!(rig.aclrtSynchronizeDeviceWithTimeout(10)),
        0,
        "another context is idle"
    );
    assert_eq!(acl!(rig.aclrtSetCurrentContext(primary)), 0);
    for gate in gates {
        rig.open(gate);
    }
    assert_eq!(acl!(rig.aclrtSynchronizeDeviceWithTimeout(-1)), 0);
}

/// SD
#[test]
fn r_072_synchronize_device_with_timeout() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let wait = |milliseconds| acl!(rig.aclrtSynchronizeDeviceWithTimeout(milliseconds));
    for milliseconds in [i32::MIN, -2, 0] {
        assert_eq!(wait(milliseconds), 107_000, "{milliseconds}");
    }
    let gate = rig.block(stream);
    assert_eq!(wait(10), 507_046);
    rig.open(gate);
    assert_eq!(wait(-1), 0, "the work went on");
}

/// S
#[test]
fn r_073_synchronize_device_in_a_capture_is_107027() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let mode = aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_RELAXED;
    assert_eq!(acl!(rig.aclmdlRICaptureBegin(stream, mode)), 0);
    assert_eq!(acl!(rig.aclrtSynchronizeDevice()), 107_027);
    assert_eq!(acl!(rig.aclrtSynchronizeDeviceWithTimeout(10)), 107_027);
    made!(rig.aclrtCreateContext(0));
    assert_eq!(acl!(rig.aclrtSynchronizeDevice()), 0, "another context");
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    acl!(rig.aclmdlRICaptureEnd(stream, ptr::null_mut()));
    assert_eq!(acl!(rig.aclrtSynchronizeDevice()), 0);
}

/// SD
#[test]
fn r_084_r_085_create_context_binds_and_starts_the_device() {
    let rig = bare(1);
    assert_eq!(acl!(rig.aclrtCreateContext(ptr::null_mut(), 0)), 100_000);
    let mut refused = NULL;
    assert_eq!(acl!(rig.aclrtCreateContext(&raw mut refused, 1)), 107_001);
    let explicit = made!(rig.aclrtCreateContext(0));
    assert_eq!(context(&rig), Ok(explicit));
    rig.malloc(8);
    let streams = [explicit, made!(rig.aclrtCreateContext(0))].map(|context| {
        assert_eq!(acl!(rig.aclrtSetCurrentContext(context)), 0);
        made!(rig.aclrtCtxGetCurrentDefaultStream())
    });
    assert_ne!(
        streams[0], streams[1],
        "each has a default stream of its own"
    );
}

/// SD (R-088: S; no thread can see a context that is being destroyed, so no 507007)
#[test]
fn r_086_r_087_r_088_what_destroy_context_refuses() {
    let rig = Rig::new();
    assert_eq!(acl!(rig.aclrtDestroyContext(NULL)), 100_000);
    assert_eq!(
        acl!(rig.aclrtDestroyContext(context(&rig).unwrap())),
        107_002
    );
    let explicit = made!(rig.aclrtCreateContext(0));
    assert_eq!(acl!(rig.aclrtDestroyContext(explicit)), 0);
    assert_eq!(acl!(rig.aclrtDestroyContext(explicit)), 107_002);
    let stream = {
        acl!(rig.aclrtSetDevice(0));
        made!(rig.aclrtCreateStream())
    };
    assert_eq!(acl!(rig.aclrtDestroyContext(stream)), 107_002);
}

/// S, R-098 included: there is no falling back to the device.
#[test]
fn r_089_destroying_the_current_context_leaves_none() {
    let rig = Rig::new();
    let explicit = made!(rig.aclrtCreateContext(0));
    assert_eq!(acl!(rig.aclrtDestroyContext(explicit)), 0);
    assert_eq!(context(&rig), Err(107_002));
    assert_eq!(device(&rig), Err(107_002));
}

/// SD
#[test]
fn r_090_destroying_a_context_destroys_its_streams() {
    let rig = Rig::new();
    let explicit = made!(rig.aclrtCreateContext(0));
    let stream = made!(rig.aclrtCreateStream());
    rig.block(stream);
    assert_eq!(acl!(rig.aclrtDestroyContext(explicit)), 0);
    assert_eq!(rig.synchronize(stream), 107_017);
}

/// S
#[test]
fn r_092_r_093_set_current_context_refuses_what_is_not_one() {
    let rig = Rig::new();
    let explicit = made!(rig.aclrtCreateContext(0));
    assert_eq!(acl!(rig.aclrtDestroyContext(explicit)), 0);
    assert_eq!(acl!(rig.aclrtSetCurrentContext(NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtSetCurrentContext(explicit)), 107_000);
}

/// SD (R-091: S)
#[test]
fn r_091_r_094_r_097_contexts_are_bound_per_thread() {
    let rig = Rig::new();
    let explicit = Shared(made!(rig.aclrtCreateContext(0)));
    let bound = std::sync::Barrier::new(2);
    std::thread::scope(|scope| {
        let (rig, bound) = (&rig, &bound);
        let other = scope.spawn(move || {
            assert_eq!(context(rig), Err(107_002), "a new thread has none");
            assert_eq!(acl!(rig.aclrtSetCurrentContext(explicit.raw())), 0);
            bound.wait();
            bound.wait();
            context(rig).err()
        });
        bound.wait();
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        assert_ne!(context(rig), Ok(explicit.raw()), "each thread has its own");
        assert_eq!(acl!(rig.aclrtDestroyContext(explicit.raw())), 0);
        bound.wait();
        assert_eq!(other.join().unwrap(), Some(107_002));
    });
}

/// SD
#[test]
fn r_096_get_current_context() {
    let rig = bare(1);
    assert_eq!(acl!(rig.aclrtGetCurrentContext(ptr::null_mut())), 100_000);
    assert_eq!(context(&rig), Err(107_002));
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    let default = context(&rig).unwrap();
    made!(rig.aclrtCreateContext(0));
    assert_ne!(context(&rig), Ok(default));
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    assert_eq!(context(&rig), Ok(default));
}

/// SD
#[test]
fn r_095_a_context_may_be_current_on_several_threads() {
    let rig = Rig::new();
    let explicit = Shared(made!(rig.aclrtCreateContext(0)));
    let together = std::sync::Barrier::new(3);
    std::thread::scope(|scope| {
        let (rig, together) = (&rig, &together);
        for _ in 0..3 {
            scope.spawn(move || {
                assert_eq!(acl!(rig.aclrtSetCurrentContext(explicit.raw())), 0);
                together.wait();
                assert_eq!(context(rig), Ok(explicit.raw()));
                rig.malloc(8);
                together.wait();
            });
        }
    });
}

/// S
#[test]
fn r_098_an_explicit_context_takes_the_place_of_the_device() {
    let rig = bare(2);
    acl!(rig.aclrtSetDevice(0));
    let other = made!(rig.aclrtCreateContext(1));
    assert_eq!(device(&rig), Ok(1), "the explicit one comes first");
    assert_eq!(acl!(rig.aclrtDestroyContext(other)), 0);
    assert_eq!(device(&rig), Err(107_002), "device 0 does not come back");
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    assert_eq!(device(&rig), Ok(0));
}

/// SD
#[test]
fn r_099_the_default_stream_is_what_null_stands_for() {
    let rig = bare(1);
    let mut stream = NULL;
    assert_eq!(
        acl!(rig.aclrtCtxGetCurrentDefaultStream(ptr::null_mut())),
        100_000
    );
    assert_eq!(
        acl!(rig.aclrtCtxGetCurrentDefaultStream(&raw mut stream)),
        107_002
    );
    acl!(rig.aclrtSetDevice(0));
    let stream = made!(rig.aclrtCtxGetCurrentDefaultStream());
    let (mut own, mut null) = (-1, -2);
    assert_eq!(acl!(rig.aclrtStreamGetId(stream, &raw mut own)), 0);
    assert_eq!(acl!(rig.aclrtStreamGetId(NULL, &raw mut null)), 0);
    assert_eq!(own, null);
}
