//! What devices and software say of themselves, and limits and options.

use std::ffi::{CStr, c_char};
use std::ptr;

use ascend_mock::{MockConfig, Profile};
use ascend_sys::{
    aclCannAttr, aclDeviceInfo, aclSysParamOpt, aclrtAtomicOperation, aclrtDevAttr,
    aclrtDevFeatureType, aclrtDevResLimitType, aclrtDeviceLimit, aclrtDeviceStatus,
    aclrtFloatOverflowMode, aclrtTsId, aclrtUtilizationInfo,
};

use crate::common::{NULL, Rig};

pub(crate) fn chip(name: &str) -> Rig {
    Rig::bare(MockConfig::default().soc_name(name).devices(2))
}

pub(crate) fn text(bytes: &[c_char]) -> &str {
    // SAFETY: the tests' arrays are longer than what is written to them.
    unsafe { CStr::from_ptr(bytes.as_ptr()) }.to_str().unwrap()
}

/// S
#[test]
fn r_048_hardware_of_a_device() {
    let rig = chip("Ascend310P3");
    let mut value = 9;
    for (what, expected) in [
        (aclDeviceInfo::ACL_DEVICE_INFO_AI_CORE_NUM, 8),
        (aclDeviceInfo::ACL_DEVICE_INFO_VECTOR_CORE_NUM, 7),
        (aclDeviceInfo::ACL_DEVICE_INFO_L2_SIZE, 16 << 20),
    ] {
        let code = acl!(rig.aclGetDeviceCapability(1, what, &raw mut value));
        assert_eq!((code, value), (0, expected), "{what:?}");
    }
    let cores = aclDeviceInfo::ACL_DEVICE_INFO_AI_CORE_NUM;
    let unknown = aclDeviceInfo::ACL_DEVICE_INFO_UNDEFINED;
    for code in [
        acl!(rig.aclGetDeviceCapability(2, cores, &raw mut value)),
        acl!(rig.aclGetDeviceCapability(u32::MAX, cores, &raw mut value)),
        acl!(rig.aclGetDeviceCapability(0, unknown, &raw mut value)),
        acl!(rig.aclGetDeviceCapability(0, cores, ptr::null_mut())),
    ] {
        assert_eq!(code, 100_000);
    }
}

/// S
#[test]
fn r_049_features_of_a_device() {
    let rig = chip("Ascend-CPU");
    let known = aclrtDevFeatureType::ACL_FEATURE_SYSTEM_MEMQ_EVENT_CROSS_DEV;
    let mut value = 9;
    let code = acl!(rig.aclrtGetDeviceCapability(0, known, &raw mut value));
    assert_eq!((code, value), (0, 0));
    let unknown = aclrtDevFeatureType(77);
    for (code, expected) in [
        (
            acl!(rig.aclrtGetDeviceCapability(0, unknown, &raw mut value)),
            107_000,
        ),
        (
            acl!(rig.aclrtGetDeviceCapability(2, known, &raw mut value)),
            107_001,
        ),
        (
            acl!(rig.aclrtGetDeviceCapability(0, known, ptr::null_mut())),
            100_000,
        ),
    ] {
        assert_eq!(code, expected);
    }
}

/// S
#[test]
fn r_050_features_of_the_software() {
    for (name, expected) in [("Ascend910B3", 3), ("Ascend-CPU", 1), ("Ascend910A", 0)] {
        let rig = chip(name);
        let (mut list, mut count) = (ptr::null(), 9);
        let code = acl!(rig.aclGetCannAttributeList(&raw mut list, &raw mut count));
        assert_eq!((code, count), (0, expected), "{name}");
        // SAFETY: the list has `count` elements, for as long as the process lives.
        let list: &[aclCannAttr] = unsafe { std::slice::from_raw_parts(list, count) };
        for number in 0..3 {
            let mut value = 9;
            let attr = aclCannAttr(number);
            let code = acl!(rig.aclGetCannAttribute(attr, &raw mut value));
            assert_eq!((code, value), (0, i32::from(list.contains(&attr))));
        }
    }
    let rig = chip("Ascend-CPU");
    let (mut list, mut count, mut value) = (ptr::null(), 0, 0);
    for code in [
        acl!(rig.aclGetCannAttributeList(ptr::null_mut(), &raw mut count)),
        acl!(rig.aclGetCannAttributeList(&raw mut list, ptr::null_mut())),
        acl!(rig.aclGetCannAttribute(aclCannAttr(0), ptr::null_mut())),
        acl!(rig.aclGetCannAttribute(aclCannAttr(3), &raw mut value)),
        acl!(rig.aclGetCannAttribute(aclCannAttr(-1), &raw mut value)),
    ] {
        assert_eq!(code, 100_000);
    }
}

/// S
#[test]
fn r_083_device_info_comes_from_the_chip() {
    for name in ["Ascend910B1", "Ascend-CPU", "Ascend310P3"] {
        let rig = chip(name);
        let chip = Profile::named(name).unwrap();
        let bytes = |bytes: u64| i64::try_from(bytes).unwrap();
        for (attribute, expected) in [
            (
                aclrtDevAttr::ACL_DEV_ATTR_AICPU_CORE_NUM,
                chip.cpu_cores.into(),
            ),
            (
                aclrtDevAttr::ACL_DEV_ATTR_AICORE_CORE_NUM,
                chip.ai_cores.into(),
            ),
            (
                aclrtDevAttr::ACL_DEV_ATTR_CUBE_CORE_NUM,
                chip.ai_cores.into(),
            ),
            (
                aclrtDevAttr::ACL_DEV_ATTR_VECTOR_CORE_NUM,
                chip.vector_cores.into(),
            ),
            (aclrtDevAttr::ACL_DEV_ATTR_WARP_SIZE, 0),
            (
                aclrtDevAttr::ACL_DEV_ATTR_TOTAL_GLOBAL_MEM_SIZE,
                bytes(chip.memory_bytes),
            ),
            (
                aclrtDevAttr::ACL_DEV_ATTR_L2_CACHE_SIZE,
                bytes(chip.l2_bytes),
            ),
            (aclrtDevAttr::ACL_DEV_ATTR_PHY_CHIP_ID, 1),
            (aclrtDevAttr::ACL_DEV_ATTR_IS_VIRTUAL, 0),
        ] {
            let mut value = 9;
            let code = acl!(rig.aclrtGetDeviceInfo(1, attribute, &raw mut value));
            assert_eq!((code, value), (0, expected), "{name} {attribute:?}");
        }
    }
    let rig = chip("Ascend-CPU");
    let cores = aclrtDevAttr::ACL_DEV_ATTR_AICORE_CORE_NUM;
    let pod = aclrtDevAttr::ACL_DEV_ATTR_SUPER_POD_ID;
    let mut value = 0;
    for (code, expected) in [
        (
            acl!(rig.aclrtGetDeviceInfo(0, cores, ptr::null_mut())),
            100_000,
        ),
        (
            acl!(rig.aclrtGetDeviceInfo(2, cores, &raw mut value)),
            107_001,
        ),
        (
            acl!(rig.aclrtGetDeviceInfo(0, aclrtDevAttr(99), &raw mut value)),
            107_000,
        ),
        (
            acl!(rig.aclrtGetDeviceInfo(0, pod, &raw mut value)),
            207_000,
        ),
    ] {
        assert_eq!(code, expected);
    }
}

/// S
#[test]
fn r_083_status_and_utilization() {
    let rig = Rig::new();
    let mut status = aclrtDeviceStatus::ACL_RT_DEVICE_STATUS_END;
    assert_eq!(acl!(rig.aclrtQueryDeviceStatus(0, &raw mut status)), 0);
    assert_eq!(status, aclrtDeviceStatus::ACL_RT_DEVICE_STATUS_NORMAL);
    assert_eq!(
        acl!(rig.aclrtQueryDeviceStatus(1, &raw mut status)),
        107_001
    );
    assert_eq!(
        acl!(rig.aclrtQueryDeviceStatus(0, ptr::null_mut())),
        100_000
    );
    let mut info = aclrtUtilizationInfo {
        cubeUtilization: 9,
        vectorUtilization: 9,
        aicpuUtilization: 9,
        memoryUtilization: 9,
        utilizationExtend: ptr::null_mut(),
    };
    let stream = made!(rig.aclrtCreateStream());
    assert_eq!(acl!(rig.aclrtGetDeviceUtilizationRate(0, &raw mut info)), 0);
    assert_eq!((info.cubeUtilization, info.memoryUtilization), (0, -1));
    let gate = rig.block(stream);
    assert_eq!(acl!(rig.aclrtGetDeviceUtilizationRate(0, &raw mut info)), 0);
    assert!(info.cubeUtilization > 0, "a stream has work");
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 0);
    for (code, expected) in [
        (
            acl!(rig.aclrtGetDeviceUtilizationRate(0, ptr::null_mut())),
            100_000,
        ),
        (
            acl!(rig.aclrtGetDeviceUtilizationRate(-1, &raw mut info)),
            107_001,
        ),
    ] {
        assert_eq!(code, expected);
    }
    info.utilizationExtend = ptr::dangling_mut();
    assert_eq!(
        acl!(rig.aclrtGetDeviceUtilizationRate(0, &raw mut info)),
        100_000
    );
}

/// S
#[test]
fn r_080_limits_are_rounded_and_bounded() {
    const SIMD_STACK: aclrtDeviceLimit = aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMD_STACK_SIZE;
    const SIMD_PRINT: aclrtDeviceLimit =
        aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMD_PRINTF_FIFO_SIZE_PER_CORE;
    const SIMT_STACK: aclrtDeviceLimit = aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMT_STACK_SIZE;
    let rig = chip("Ascend910B3");
    let set = |limit, bytes| acl!(rig.aclrtDeviceSetLimit(limit, bytes));
    let get = |limit| {
        let mut bytes = 0;
        match acl!(rig.aclrtDeviceGetLimit(limit, &raw mut bytes)) {
            0 => Ok(bytes),
            code => Err(code),
        }
    };
    assert_eq!(set(aclrtDeviceLimit(5), 1), 100_000);
    assert_eq!(get(aclrtDeviceLimit(5)), Err(100_000));
    assert_eq!(set(SIMD_STACK, 1 << 32), 100_000);
    assert_eq!(
        acl!(rig.aclrtDeviceGetLimit(SIMD_STACK, ptr::null_mut())),
        100_000
    );
    assert_eq!(get(SIMD_STACK), Ok(32 << 10));
    assert_eq!((set(SIMD_STACK, 1), get(SIMD_STACK)), (0, Ok(32 << 10)));
    assert_eq!(
        (set(SIMD_STACK, 33 << 10), get(SIMD_STACK)),
        (0, Ok(48 << 10))
    );
    assert_eq!((set(SIMD_PRINT, 1025), get(SIMD_PRINT)), (0, Ok(1032)));
    for bytes in [0, 1023, (64 << 20) + 1] {
        assert_eq!(set(SIMD_PRINT, bytes), 107_000, "{bytes}");
    }
    assert_eq!(set(SIMT_STACK, 1024), 207_000);
    // Too large a stack comes out when a device starts.
    assert_eq!(set(SIMD_STACK, 256 << 10), 0);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 107_000);
    assert_eq!(
        (set(SIMD_STACK, 192 << 10), acl!(rig.aclrtSetDevice(0))),
        (0, 0)
    );
    let rig = chip("Ascend950PR_9589");
    let mut bytes = 0;
    assert_eq!(acl!(rig.aclrtDeviceSetLimit(SIMT_STACK, 256)), 0);
    assert_eq!(acl!(rig.aclrtDeviceGetLimit(SIMT_STACK, &raw mut bytes)), 0);
    assert_eq!(bytes, 8192);
    let branches = aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMT_DVG_WARP_STACK_SIZE;
    assert_eq!(acl!(rig.aclrtDeviceSetLimit(branches, 0)), 0);
    assert_eq!(acl!(rig.aclrtDeviceSetLimit(SIMT_STACK, 0)), 107_000);
}

#[test]
fn cores_can_be_limited() {
    const CUBE: aclrtDevResLimitType = aclrtDevResLimitType::ACL_RT_DEV_RES_CUBE_CORE;
    const VECTOR: aclrtDevResLimitType = aclrtDevResLimitType::ACL_RT_DEV_RES_VECTOR_CORE;
    let rig = chip("Ascend910B3");
    let get = |kind| {
        let mut count = 0;
        assert_eq!(acl!(rig.aclrtGetDeviceResLimit(0, kind, &raw mut count)), 0);
        count
    };
    let mut here = 0;
    assert_eq!(
        acl!(rig.aclrtGetResInCurrentThread(CUBE, &raw mut here)),
        107_002
    );
    acl!(rig.aclrtSetDevice(0));
    assert_eq!((get(CUBE), get(VECTOR)), (20, 40));
    assert_eq!(acl!(rig.aclrtSetDeviceResLimit(0, CUBE, 12)), 0);
    assert_eq!((get(CUBE), get(VECTOR)), (12, 40));
    assert_eq!(acl!(rig.aclrtGetResInCurrentThread(CUBE, &raw mut here)), 0);
    assert_eq!(here, 12);
    assert_eq!(acl!(rig.aclrtResetDeviceResLimit(0)), 0);
    assert_eq!(get(CUBE), 20);
    for (code, expected) in [
        (acl!(rig.aclrtSetDeviceResLimit(0, CUBE, 0)), 107_000),
        (acl!(rig.aclrtSetDeviceResLimit(0, CUBE, 21)), 107_000),
        (
            acl!(rig.aclrtSetDeviceResLimit(0, aclrtDevResLimitType(2), 1)),
            107_000,
        ),
        (acl!(rig.aclrtSetDeviceResLimit(2, CUBE, 1)), 107_001),
        (
            acl!(rig.aclrtGetDeviceResLimit(0, CUBE, ptr::null_mut())),
            100_000,
        ),
        (acl!(rig.aclrtResetDeviceResLimit(-1)), 107_001),
        (
            acl!(rig.aclrtGetResInCurrentThread(CUBE, ptr::null_mut())),
            100_000,
        ),
    ] {
        assert_eq!(code, expected);
    }
}

#[test]
fn overflow_modes_are_those_of_the_chip() {
    type Mode = aclrtFloatOverflowMode;
    let mode = |rig: &Rig| {
        let mut mode = Mode::ACL_RT_OVERFLOW_MODE_UNDEF;
        match acl!(rig.aclrtGetDeviceSatMode(&raw mut mode)) {
            0 => Ok(mode),
            code => Err(code),
        }
    };
    let (saturates, infinite) = (
        Mode::ACL_RT_OVERFLOW_MODE_SATURATION,
        Mode::ACL_RT_OVERFLOW_MODE_INFNAN,
    );
    let rig = chip("Ascend910B3");
    assert_eq!(mode(&rig), Err(107_002));
    assert_eq!(acl!(rig.aclrtGetDeviceSatMode(ptr::null_mut())), 100_000);
    acl!(rig.aclrtSetDevice(0));
    assert_eq!(mode(&rig), Ok(infinite));
    assert_eq!(acl!(rig.aclrtSetDeviceSatMode(saturates)), 0);
    assert_eq!(mode(&rig), Ok(saturates));
    assert_eq!(
        acl!(rig.aclrtSetDeviceSatMode(Mode::ACL_RT_OVERFLOW_MODE_UNDEF)),
        107_000
    );
    acl!(rig.aclrtSetDevice(1));
    assert_eq!(mode(&rig), Ok(infinite), "each device has its own");
    let rig = chip("Ascend310P3");
    acl!(rig.aclrtSetDevice(0));
    assert_eq!(mode(&rig), Ok(saturates));
    assert_eq!(acl!(rig.aclrtSetDeviceSatMode(infinite)), 207_000);
    // Clearing the status is a task of the stream's.
    assert_eq!(acl!(rig.aclrtResetOverflowStatus(NULL)), 0);
    assert_eq!(rig.synchronize(NULL), 0);
}

#[test]
fn no_overflow_is_told_in_the_order_of_the_stream() {
    let rig = chip("Ascend910B3");
    acl!(rig.aclrtSetDevice(0));
    let (status, mut host) = (rig.malloc(64), [0_u8; 64]);
    let get = |to, bytes| acl!(rig.aclrtGetOverflowStatus(to, bytes, NULL));
    assert_eq!(get(NULL, 64), 100_000);
    for bytes in [0, 8, 63, 65] {
        assert_eq!(get(status, bytes), 107_000, "{bytes}");
    }
    assert_eq!(get(rig.malloc(32), 64), 107_000, "too small");
    assert_ne!(get(host.as_mut_ptr().cast(), 64), 0, "memory of the host");
    assert_eq!(acl!(rig.aclrtMemsetAsync(status, 64, 7, 64, NULL)), 0);
    assert_eq!(get(status, 64), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(rig.download(status, 64), [0; 64]);
}

#[test]
fn no_operation_on_the_others_memory_is_promised() {
    let rig = chip("Ascend-CPU");
    let operations = [
        aclrtAtomicOperation::ACL_RT_ATOMIC_OPERATION_CAS,
        aclrtAtomicOperation::ACL_RT_ATOMIC_OPERATION_DMA_ADD,
    ];
    let mut found = [9; 2];
    let (into, of) = (found.as_mut_ptr(), operations.as_ptr());
    assert_eq!(
        acl!(rig.aclrtDeviceGetHostAtomicCapabilities(into, of, 2, 0)),
        0
    );
    assert_eq!(found, [0, 0]);
    assert_eq!(
        acl!(rig.aclrtDeviceGetP2PAtomicCapabilities(into, of, 2, 0, 1)),
        0
    );
    for (code, expected) in [
        (
            acl!(rig.aclrtDeviceGetHostAtomicCapabilities(into, of, 0, 0)),
            107_000,
        ),
        (
            acl!(rig.aclrtDeviceGetHostAtomicCapabilities(ptr::null_mut(), of, 2, 0)),
            107_000,
        ),
        (
            acl!(rig.aclrtDeviceGetHostAtomicCapabilities(into, of, 2, 2)),
            107_001,
        ),
        (
            acl!(rig.aclrtDeviceGetP2PAtomicCapabilities(into, of, 2, 0, 2)),
            107_001,
        ),
    ] {
        assert_eq!(code, expected);
    }
    let unknown = aclrtAtomicOperation(20);
    let code = acl!(rig.aclrtDeviceGetHostAtomicCapabilities(into, &raw const unknown, 1, 0));
    assert_eq!(code, 107_000);
}

#[test]
fn small_things_check_their_arguments() {
    let rig = chip("Ascend-CPU");
    assert_eq!(
        acl!(rig.aclrtDeviceL2CacheFlush(ptr::dangling_mut())),
        100_000
    );
    assert_eq!(acl!(rig.aclrtDeviceL2CacheFlush(NULL)), 107_002);
    acl!(rig.aclrtSetDevice(0));
    assert_eq!(acl!(rig.aclrtDeviceL2CacheFlush(NULL)), 0);
    assert_eq!(acl!(rig.aclrtSetTsDevice(aclrtTsId::ACL_TS_ID_AIVECTOR)), 0);
    assert_eq!(
        acl!(rig.aclrtSetTsDevice(aclrtTsId::ACL_TS_ID_RESERVED)),
        100_000
    );
}

/// S
#[test]
fn r_100_r_101_options_of_contexts_and_of_the_process() {
    const ORDER: aclSysParamOpt = aclSysParamOpt::ACL_OPT_DETERMINISTIC;
    const DEBUG: aclSysParamOpt = aclSysParamOpt::ACL_OPT_ENABLE_DEBUG_KERNEL;
    let unknown = aclSysParamOpt(4);
    let rig = chip("Ascend-CPU");
    let of_context = |option| {
        let mut value = 9;
        match acl!(rig.aclrtCtxGetSysParamOpt(option, &raw mut value)) {
            0 => Ok(value),
            code => Err(code),
        }
    };
    let of_process = |option| {
        let mut value = 9;
        match acl!(rig.aclrtGetSysParamOpt(option, &raw mut value)) {
            0 => Ok(value),
            code => Err(code),
        }
    };
    assert_eq!(of_context(ORDER), Err(107_002));
    assert_eq!(acl!(rig.aclrtCtxSetSysParamOpt(ORDER, 1)), 107_002);
    acl!(rig.aclrtSetDevice(0));
    assert_eq!(of_context(ORDER), Err(107_021));
    assert_eq!(of_process(ORDER), Ok(0));
    assert_eq!(acl!(rig.aclrtCtxSetSysParamOpt(ORDER, 3)), 0);
    assert_eq!((of_context(ORDER), of_process(ORDER)), (Ok(3), Ok(0)));
    assert_eq!(acl!(rig.aclrtSetSysParamOpt(DEBUG, 1)), 0);
    assert_eq!(
        (of_context(DEBUG), of_process(DEBUG)),
        (Err(107_021), Ok(1))
    );
    for (code, expected) in [
        (acl!(rig.aclrtCtxSetSysParamOpt(unknown, 0)), 100_000),
        (acl!(rig.aclrtCtxSetSysParamOpt(ORDER, 4)), 107_000),
        (acl!(rig.aclrtCtxSetSysParamOpt(ORDER, -1)), 107_000),
        (acl!(rig.aclrtCtxSetSysParamOpt(DEBUG, 2)), 107_000),
        (acl!(rig.aclrtSetSysParamOpt(unknown, 0)), 100_000),
        (acl!(rig.aclrtSetSysParamOpt(DEBUG, 2)), 107_000),
        (
            acl!(rig.aclrtGetSysParamOpt(DEBUG, ptr::null_mut())),
            100_000,
        ),
        (
            acl!(rig.aclrtCtxGetSysParamOpt(DEBUG, ptr::null_mut())),
            100_000,
        ),
    ] {
        assert_eq!(code, expected);
    }
    made!(rig.aclrtCreateContext(0));
    assert_eq!(of_context(ORDER), Err(107_021), "each context has its own");
}
