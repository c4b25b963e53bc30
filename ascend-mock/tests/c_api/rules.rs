//! What holds of all functions: layers, order of checks, handles, codes.

use std::ptr;

use ascend_mock::MockConfig;
use ascend_sys::{
    aclError, aclmdlRICaptureMode, aclrtBinaryLoadOption, aclrtBinaryLoadOptionType,
    aclrtBinaryLoadOptionValue, aclrtBinaryLoadOptions, aclrtFloatOverflowMode, aclrtLastErrLevel,
    aclrtMemUceInfo, aclrtMemcpyKind,
};

use crate::common::models::{fixed, fixed_for};
use crate::common::{D2D, H2D, NULL, POLICY, Raw, Rig, Shared, at};

fn last_error(rig: &Rig) -> aclError {
    acl!(rig.aclrtGetLastError(aclrtLastErrLevel::ACL_RT_THREAD_LEVEL))
}

fn destroyed_stream(rig: &Rig) -> Raw {
    let stream = made!(rig.aclrtCreateStream());
    assert_eq!(acl!(rig.aclrtDestroyStream(stream)), 0);
    stream
}

fn destroyed_event(rig: &Rig) -> Raw {
    let event = made!(rig.aclrtCreateEvent());
    assert_eq!(acl!(rig.aclrtDestroyEvent(event)), 0);
    event
}

/// S
#[test]
fn r_001_each_layer_has_a_code_for_bad_arguments() {
    let rig = Rig::new();
    let (block, stream) = (rig.malloc(8), made!(rig.aclrtCreateStream()));
    let bytes = [0_u8; 16];
    let from = bytes.as_ptr().cast();
    let odd = aclrtMemcpyKind(99);
    for (outer, code) in [
        ("pointer", acl!(rig.aclrtGetRunMode(ptr::null_mut()))),
        ("place", acl!(rig.aclrtMalloc(ptr::null_mut(), 8, POLICY))),
        ("source", acl!(rig.aclrtMemcpy(block, 8, NULL, 8, H2D))),
        ("enum", acl!(rig.aclrtMemcpy(block, 8, from, 8, odd))),
        ("size", acl!(rig.aclrtMalloc(&mut { NULL }, 0, POLICY))),
    ] {
        assert_eq!(code, 100_000, "{outer}");
    }
    for (runtime, code) in [
        ("room", acl!(rig.aclrtMemcpy(block, 8, from, 16, H2D))),
        ("address", acl!(rig.aclrtFree(at(block, 1)))),
        (
            "timeout",
            acl!(rig.aclrtSynchronizeStreamWithTimeout(stream, 0)),
        ),
        ("flag", acl!(rig.aclrtValueWait(block, 1, 4, stream))),
    ] {
        assert_eq!(code, 107_000, "{runtime}");
    }
}

/// S
#[test]
fn r_002_codes_of_the_runtime_layer_are_passed_on() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let mut block = NULL;
    assert_eq!(acl!(rig.aclrtSetDevice(7)), 107_001);
    assert_eq!(
        acl!(rig.aclrtMalloc(&raw mut block, 1 << 50, POLICY)),
        207_001
    );
    let gate = rig.block(stream);
    let code = acl!(rig.aclrtSynchronizeStreamWithTimeout(stream, 1));
    assert_eq!(code, 507_046);
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 0);
}

/// SD
#[test]
fn r_003_without_a_context_there_is_107002() {
    let rig = Rig::new();
    let block = Shared(rig.malloc(8));
    rig.elsewhere(|rig| {
        let mut made = NULL;
        let block = block.raw();
        let from = [0_u8; 8].as_ptr().cast();
        let expect = |symbol: &str, code: aclError| {
            assert_eq!(code, 107_002, "{symbol}");
            let text = rig.message().unwrap();
            assert!(text.contains("EE1018") && text.contains(symbol), "{text}");
        };
        expect("aclrtGetDevice", acl!(rig.aclrtGetDevice(&mut 0)));
        expect(
            "aclrtCreateStream",
            acl!(rig.aclrtCreateStream(&raw mut made)),
        );
        expect(
            "aclrtMalloc",
            acl!(rig.aclrtMalloc(&raw mut made, 8, POLICY)),
        );
        expect(
            "aclrtMallocHost",
            acl!(rig.aclrtMallocHost(&raw mut made, 8)),
        );
        expect("aclrtMemcpy", acl!(rig.aclrtMemcpy(block, 8, from, 8, H2D)));
        expect("aclrtMemset", acl!(rig.aclrtMemset(block, 8, 1, 8)));
        expect("aclrtSynchronizeDevice", acl!(rig.aclrtSynchronizeDevice()));
        expect("aclrtSynchronizeStream", rig.synchronize(NULL));
    });
}

/// S
#[test]
fn r_004_the_outer_layer_checks_before_the_context() {
    let rig = Rig::bare(MockConfig::default());
    let none = ptr::null_mut();
    let mut made = NULL;
    assert_eq!(acl!(rig.aclrtMalloc(none, 8, POLICY)), 100_000);
    assert_eq!(acl!(rig.aclrtMalloc(&raw mut made, 8, POLICY)), 107_002);
    assert_eq!(acl!(rig.aclrtCreateStream(none)), 100_000);
    assert_eq!(acl!(rig.aclrtCreateStream(&raw mut made)), 107_002);
    assert_eq!(acl!(rig.aclrtMemcpy(NULL, 8, NULL, 8, D2D)), 100_000);
}

/// S
#[test]
fn r_005_handles_are_checked_before_the_context() {
    let rig = Rig::new();
    let (stream, event) = (
        Shared(destroyed_stream(&rig)),
        Shared(destroyed_event(&rig)),
    );
    rig.elsewhere(|rig| {
        let (stream, event) = (stream.raw(), event.raw());
        assert_eq!(rig.synchronize(NULL), 107_002, "there is no context");
        for code in [
            rig.synchronize(stream),
            acl!(rig.aclrtSynchronizeStreamWithTimeout(stream, 1)),
            acl!(rig.aclrtDestroyStream(stream)),
            acl!(rig.aclrtRecordEvent(event, NULL)),
            acl!(rig.aclrtStreamWaitEvent(NULL, event)),
            acl!(rig.aclrtDestroyEvent(event)),
        ] {
            assert_eq!(code, 107_017);
        }
    });
}

/// A binary whose functions the program names, and one of them.
fn kernel(rig: &Rig) -> (Raw, Raw) {
    let mut option = aclrtBinaryLoadOption {
        type_: aclrtBinaryLoadOptionType::ACL_RT_BINARY_LOAD_OPT_CPU_KERNEL_MODE,
        value: aclrtBinaryLoadOptionValue { cpuKernelMode: 2 },
    };
    let options = aclrtBinaryLoadOptions {
        options: &raw mut option,
        numOpt: 1,
    };
    let (file, mut binary, mut function) = ([1_u8; 8], NULL, NULL);
    let data = file.as_ptr().cast();
    let code = acl!(rig.aclrtBinaryLoadFromData(data, 8, &raw const options, &raw mut binary));
    assert_eq!(code, 0);
    let (run, sort) = (c"run".as_ptr(), c"Sort".as_ptr());
    let code = acl!(rig.aclrtRegisterCpuFunc(binary, run, sort, &raw mut function));
    assert_eq!(code, 0);
    (binary, function)
}

/// S, which says best effort: here every such handle is found out.
#[test]
fn r_006_handles_that_are_destroyed_or_of_another_kind_are_107017() {
    let rig = Rig::new();
    let (stream, event) = (
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateEvent()),
    );
    let notify = made!(rig.aclrtCreateNotify(0));
    assert_eq!(acl!(rig.aclrtDestroyNotify(notify)), 0);
    let label = made!(rig.aclrtCreateLabel());
    assert_eq!(acl!(rig.aclrtDestroyLabel(label)), 0);
    let captured = made!(rig.aclrtCreateStream());
    let mode = aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_GLOBAL;
    assert_eq!(acl!(rig.aclmdlRICaptureBegin(captured, mode)), 0);
    let mut graph = NULL;
    let code = acl!(rig.aclmdlRICaptureEnd(captured, &raw mut graph));
    assert_eq!(code, 0);
    assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 0);
    let (binary, function) = kernel(&rig);
    assert_eq!(acl!(rig.aclrtBinaryUnLoad(binary)), 0);
    let mut list = NULL;
    let expect = |what: &str, code: aclError| {
        assert_eq!(code, 107_017, "{what}");
        assert!(rig.message().unwrap().contains("EE1017"), "{what}");
    };
    for stream in [destroyed_stream(&rig), event] {
        expect("stream", rig.synchronize(stream));
    }
    for event in [destroyed_event(&rig), stream] {
        expect("event", acl!(rig.aclrtRecordEvent(event, stream)));
    }
    for notify in [notify, stream] {
        expect("notify", acl!(rig.aclrtRecordNotify(notify, stream)));
    }
    for graph in [graph, stream] {
        expect("model", acl!(rig.aclmdlRIExecuteAsync(graph, stream)));
    }
    for label in [label, stream] {
        expect("label", acl!(rig.aclrtSetLabel(label, stream)));
    }
    for binary in [binary, stream] {
        expect("binary", acl!(rig.aclrtBinaryUnLoad(binary)));
    }
    for function in [function, stream] {
        let code = acl!(rig.aclrtKernelArgsInit(function, &raw mut list));
        expect("function", code);
    }
    expect("args", acl!(rig.aclrtKernelArgsFinalize(stream)));
}

/// SD
#[test]
fn r_007_null_is_the_default_stream_of_the_current_context() {
    let rig = Rig::new();
    let (default, other) = (
        made!(rig.aclrtCtxGetCurrentDefaultStream()),
        made!(rig.aclrtCreateStream()),
    );
    let target = rig.malloc(8);
    let gate = rig.block(default);
    assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, NULL)), 0);
    let wait = || acl!(rig.aclrtSynchronizeStreamWithTimeout(NULL, 10));
    assert_eq!(wait(), 507_046, "behind the default stream's wait");
    let explicit = made!(rig.aclrtCreateContext(0));
    assert_eq!(wait(), 0, "the default stream of another context");
    assert_eq!(acl!(rig.aclrtDestroyContext(explicit)), 0);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    assert_eq!(acl!(rig.aclrtRecordEvent(gate, other)), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(rig.download(target, 8), [7; 8]);
}

/// S
#[test]
fn r_008_failures_of_the_runtime_layer_are_the_threads_last_error() {
    let rig = Rig::new();
    let (stream, mut block) = (destroyed_stream(&rig), NULL);
    let expect = |code: aclError, expected| {
        assert_eq!(code, expected);
        assert_eq!(last_error(&rig), expected);
    };
    expect(acl!(rig.aclrtSetDevice(7)), 107_001);
    expect(rig.synchronize(stream), 107_017);
    expect(acl!(rig.aclrtFree(at(NULL, 64))), 107_000);
    let code = acl!(rig.aclrtMalloc(&raw mut block, 1 << 50, POLICY));
    expect(code, 207_001);
    assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
    expect(acl!(rig.aclrtResetDevice(0)), 507_007);
    expect(acl!(rig.aclrtSynchronizeDevice()), 107_002);
}

/// S
#[test]
fn r_010_reserved_arguments_are_refused() {
    let rig = Rig::with(Rig::strict().devices(2));
    let (block, mut flags, mut made) = (rig.malloc(8), 0_u32, NULL);
    let code = acl!(rig.aclrtGetPrimaryCtxState(0, &raw mut flags, &mut 0));
    assert_eq!(code, 100_000);
    assert_eq!(acl!(rig.aclrtDeviceL2CacheFlush(block)), 100_000);
    assert_eq!(acl!(rig.aclmdlRIBuildBegin(&raw mut made, 1)), 100_000);
    // Some answer otherwise.
    assert_eq!(acl!(rig.aclrtValueWrite(block, 0, 1, NULL)), 107_000);
    assert_eq!(acl!(rig.aclrtDeviceEnablePeerAccess(1, 1)), 200_006);
    // With nothing in them, all work.
    let code = acl!(rig.aclrtGetPrimaryCtxState(0, ptr::null_mut(), &mut 0));
    assert_eq!(code, 0);
    assert_eq!(acl!(rig.aclrtDeviceL2CacheFlush(NULL)), 0);
    assert_eq!(acl!(rig.aclmdlRIBuildBegin(&raw mut made, 0)), 0);
    assert_eq!(acl!(rig.aclrtValueWrite(block, 0, 0, NULL)), 0);
    assert_eq!(acl!(rig.aclrtDeviceEnablePeerAccess(1, 0)), 0);
    assert_eq!(rig.synchronize(NULL), 0);
}

/// S
#[test]
fn r_011_failures_of_models_are_in_their_range_or_500002() {
    let rig = Rig::new();
    let load = |file: &[u8]| acl!(rig.aclmdlLoadFromMem(file.as_ptr().cast(), file.len(), &mut 0));
    assert_eq!(load(b"IMOD"), 145_006);
    assert_eq!(load(&fixed()[..300]), 545_002);
    assert_eq!(acl!(rig.aclmdlUnload(u32::MAX)), 145_003);
    // What has no number to be published.
    let id = rig.load(&fixed_for("Ascend310P3", "1"));
    let (input, output) = (rig.input(&[0.0; 8]), rig.empty());
    assert_eq!(acl!(rig.aclmdlExecute(id, input, output)), 500_002);
}

/// S
#[test]
fn r_012_what_is_not_supported_says_so_every_time() {
    let rig = Rig::with(Rig::strict().devices(2).soc_name("Ascend310P3"));
    let mut range = aclrtMemUceInfo::default();
    let infinite = aclrtFloatOverflowMode::ACL_RT_OVERFLOW_MODE_INFNAN;
    for _ in 0..2 {
        assert_eq!(acl!(rig.aclrtSetDeviceSatMode(infinite)), 207_000);
        assert_eq!(acl!(rig.aclrtMemUceRepair(0, &raw mut range, 1)), 207_000);
        assert_eq!(acl!(rig.aclRecoverAllHcclTasks(0)), 200_001);
        assert_eq!(acl!(rig.aclrtDeviceEnablePeerAccess(1, 2)), 200_006);
    }
}
