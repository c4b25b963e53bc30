//! Streams: what they are made with, and what can be set of them.

use std::ffi::c_void;
use std::ptr;

use ascend_mock::MockConfig;
use ascend_sys::{
    aclrtDevResLimitType, aclrtStreamAttr, aclrtStreamAttrValue, aclrtStreamConfigAttr,
};

use crate::common::{NULL, Rig, Shared};

/// A number that a function answers of a stream.
macro_rules! number_of {
    ($rig:ident . $symbol:ident ( $stream:expr )) => {{
        let mut number = 0;
        assert_eq!(acl!($rig.$symbol($stream, &raw mut number)), 0);
        number
    }};
}

/// S
#[test]
fn r_104_priorities_are_clamped_and_unknown_flags_accepted() {
    let rig = Rig::new();
    for (asked, priority) in [(0, 0), (3, 3), (7, 7), (99, 7)] {
        let stream = made!(rig.aclrtCreateStreamWithConfig(asked, 0x4000));
        assert_eq!(rig.synchronize(stream), 0);
        assert_eq!(number_of!(rig.aclrtStreamGetPriority(stream)), priority);
    }
    assert_eq!(number_of!(rig.aclrtStreamGetPriority(NULL)), 0);
}

/// S
#[test]
fn r_074_priorities_go_from_0_to_7() {
    let rig = Rig::new();
    let (mut least, mut greatest) = (9, 9);
    let range = |least, greatest| acl!(rig.aclrtDeviceGetStreamPriorityRange(least, greatest));
    assert_eq!(range(&raw mut least, &raw mut greatest), 0);
    assert_eq!((least, greatest), (7, 0));
    assert_eq!(range(ptr::null_mut(), ptr::null_mut()), 0);
}

/// S
#[test]
fn r_105_flags_come_back() {
    let rig = Rig::new();
    for flags in [0x1, 0x2, 0x4, 0x8, 0x10, 0x20, 0x3] {
        let stream = made!(rig.aclrtCreateStreamWithConfig(0, flags));
        assert_eq!(number_of!(rig.aclrtStreamGetFlags(stream)), flags);
    }
    assert_eq!(
        acl!(rig.aclrtStreamGetFlags(NULL, ptr::null_mut())),
        100_000,
        "R-124"
    );
    assert_eq!(
        acl!(rig.aclrtStreamGetPriority(NULL, ptr::null_mut())),
        100_000,
        "R-124"
    );
}

#[test]
fn streams_are_made_from_options() {
    let rig = Rig::new();
    let config = acl!(rig.aclrtCreateStreamConfigHandle());
    assert!(!config.is_null());
    let set = |option, value: *const c_void, bytes| {
        acl!(rig.aclrtSetStreamConfigOpt(config, option, value, bytes))
    };
    let (priority, flags) = (4_u32, 0x9_u64);
    let priority_option = aclrtStreamConfigAttr::ACL_RT_STREAM_PRIORITY;
    let flag_option = aclrtStreamConfigAttr::ACL_RT_STREAM_FLAG;
    assert_eq!(set(priority_option, (&raw const priority).cast(), 4), 0);
    assert_eq!(set(flag_option, (&raw const flags).cast(), 8), 0);
    assert_eq!(set(flag_option, (&raw const flags).cast(), 4), 100_000);
    assert_eq!(set(flag_option, ptr::null(), 8), 100_000);
    assert_eq!(
        set(aclrtStreamConfigAttr(9), (&raw const flags).cast(), 8),
        100_000
    );
    let stream = made!(rig.aclrtCreateStreamV2(config));
    assert_eq!(number_of!(rig.aclrtStreamGetPriority(stream)), 4);
    assert_eq!(number_of!(rig.aclrtStreamGetFlags(stream)), 9);
    let mut stream = NULL;
    assert_eq!(
        acl!(rig.aclrtCreateStreamV2(&raw mut stream, ptr::null())),
        100_000
    );
    assert_eq!(acl!(rig.aclrtDestroyStreamConfigHandle(config)), 0);
    assert_eq!(acl!(rig.aclrtDestroyStreamConfigHandle(config)), 107_017);
}

/// D (code I)
#[test]
fn r_106_a_device_has_1984_streams() {
    let rig = Rig::new();
    for _ in 1..1984 {
        made!(rig.aclrtCreateStream());
    }
    let mut stream = NULL;
    assert_eq!(acl!(rig.aclrtCreateStream(&raw mut stream)), 207_008);
}

/// S
#[test]
fn r_107_how_many_streams_are_left() {
    let rig = Rig::new();
    let left = || {
        let mut count = 0;
        assert_eq!(acl!(rig.aclrtGetStreamAvailableNum(&raw mut count)), 0);
        count
    };
    assert_eq!(left(), 1983);
    let stream = made!(rig.aclrtCreateStream());
    assert_eq!(left(), 1982);
    assert_eq!(acl!(rig.aclrtDestroyStream(stream)), 0);
    assert_eq!(left(), 1983);
    assert_eq!(
        acl!(rig.aclrtGetStreamAvailableNum(ptr::null_mut())),
        100_000
    );
}

/// S
#[test]
fn r_124_stream_ids_differ() {
    let rig = Rig::new();
    let id = |stream| {
        let mut id = -1;
        assert_eq!(acl!(rig.aclrtStreamGetId(stream, &raw mut id)), 0);
        id
    };
    assert_ne!(id(NULL), id(made!(rig.aclrtCreateStream())));
    assert_eq!(acl!(rig.aclrtStreamGetId(NULL, ptr::null_mut())), 100_000);
}

/// S
#[test]
fn r_125_r_126_failure_modes() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let set = |mode| acl!(rig.aclrtSetStreamFailureMode(stream, mode));
    assert_eq!((set(0), set(2)), (0, 0), "only the lowest bit counts");
    assert_eq!((set(1), set(3)), (0, 0));
    assert_eq!(set(0), 207_000, "there is no way back");
    assert_eq!(acl!(rig.aclrtSetStreamFailureMode(NULL, 0)), 0);
    let stream = Shared(stream);
    let code = rig.elsewhere(|rig| acl!(rig.aclrtSetStreamFailureMode(stream.raw(), 1)));
    assert_eq!(code, 107_002);
}

/// S
#[test]
fn r_129_the_overflow_switch_is_off_or_on() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let set = |value| acl!(rig.aclrtSetStreamOverflowSwitch(stream, value));
    assert_eq!(number_of!(rig.aclrtGetStreamOverflowSwitch(stream)), 0);
    assert_eq!((set(1), set(2)), (0, 100_000));
    assert_eq!(number_of!(rig.aclrtGetStreamOverflowSwitch(stream)), 1);
    assert_eq!(
        acl!(rig.aclrtGetStreamOverflowSwitch(stream, ptr::null_mut())),
        100_000
    );
}

#[test]
fn attributes_are_remembered() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    for (kind, number) in [(2, 1_u32), (3, 77), (4, 1), (5, 3)] {
        let kind = aclrtStreamAttr(kind);
        let mut value = aclrtStreamAttrValue { reserve: [0; 4] };
        value.userCustomTag = number;
        assert_eq!(
            acl!(rig.aclrtSetStreamAttribute(stream, kind, &raw mut value)),
            0
        );
        let mut found = aclrtStreamAttrValue { reserve: [9; 4] };
        assert_eq!(
            acl!(rig.aclrtGetStreamAttribute(stream, kind, &raw mut found)),
            0
        );
        // SAFETY: the call has written the number.
        assert_eq!(unsafe { found.userCustomTag }, number, "{kind:?}");
    }
    let mut value = aclrtStreamAttrValue { failureMode: 1 };
    let mode = aclrtStreamAttr::ACL_STREAM_ATTR_FAILURE_MODE;
    assert_eq!(
        acl!(rig.aclrtSetStreamAttribute(stream, mode, &raw mut value)),
        0
    );
    value.failureMode = 0;
    assert_eq!(
        acl!(rig.aclrtSetStreamAttribute(stream, mode, &raw mut value)),
        207_000
    );
    let unknown = aclrtStreamAttr(9);
    assert_eq!(
        acl!(rig.aclrtSetStreamAttribute(stream, unknown, &raw mut value)),
        100_000
    );
    assert_eq!(
        acl!(rig.aclrtGetStreamAttribute(stream, mode, ptr::null_mut())),
        100_000
    );
}

#[test]
fn limits_of_operators_are_rounded_up_and_told() {
    let rig = Rig::new();
    let limit = || {
        let mut milliseconds = 0;
        assert_eq!(acl!(rig.aclrtGetOpExecuteTimeout(&raw mut milliseconds)), 0);
        milliseconds
    };
    let mut interval = 0;
    assert_eq!(acl!(rig.aclrtGetOpTimeOutInterval(&raw mut interval)), 0);
    assert!(interval > 0);
    let default = limit();
    assert_eq!(acl!(rig.aclrtSetOpExecuteTimeOut(3)), 0);
    assert_eq!(limit(), 3_000);
    assert_eq!(acl!(rig.aclrtSetOpExecuteTimeOutWithMs(1_500)), 0);
    assert_eq!(limit(), 1_500);
    let mut actual = 0;
    assert_eq!(
        acl!(rig.aclrtSetOpExecuteTimeOutV2(2_001, &raw mut actual)),
        0
    );
    assert!(actual >= 2_001 && actual % interval == 0, "{actual}");
    assert_eq!(acl!(rig.aclrtSetOpExecuteTimeOut(0)), 0);
    assert_eq!(limit(), default);
    assert_eq!(acl!(rig.aclrtGetOpExecuteTimeout(ptr::null_mut())), 100_000);
}

#[test]
fn core_limits_are_those_of_the_device_at_most() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let cubes = aclrtDevResLimitType::ACL_RT_DEV_RES_CUBE_CORE;
    let limit = || {
        let mut limit = 0;
        assert_eq!(
            acl!(rig.aclrtGetStreamResLimit(stream, cubes, &raw mut limit)),
            0
        );
        limit
    };
    let all = limit();
    assert_eq!(
        acl!(rig.aclrtSetStreamResLimit(stream, cubes, all + 1)),
        107_000
    );
    assert_eq!(acl!(rig.aclrtSetStreamResLimit(stream, cubes, 2)), 0);
    assert_eq!(limit(), 2);
    assert_eq!(acl!(rig.aclrtUseStreamResInCurrentThread(stream)), 0);
    assert_eq!(acl!(rig.aclrtUnuseStreamResInCurrentThread(stream)), 0);
    assert_eq!(acl!(rig.aclrtResetStreamResLimit(stream)), 0);
    assert_eq!(limit(), all);
}

/// S: the device has no groups of cores.
#[test]
fn r_301_groups() {
    let rig = Rig::bare(MockConfig::default());
    assert_eq!(acl!(rig.aclrtSetGroup(0)), 107_002);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    assert_eq!(acl!(rig.aclrtSetGroup(0)), 207_000);
    assert_eq!(acl!(rig.aclrtGetGroupCount(ptr::null_mut())), 100_000);
}
