//! Streams: order, overlap, errors, and the ways to end one.

use std::ptr;
use std::thread;
use std::time::{Duration, Instant};

use ascend_mock::{Effect, Injection, Kind, MockConfig};
use ascend_sys::{aclError, aclmdlRICaptureMode, aclrtStreamStatus};

use crate::common::{D2D, D2H, H2D, NULL, Raw, Rig, Shared, nap};

fn is_idle(rig: &Rig, stream: Raw) -> bool {
    let mut status = aclrtStreamStatus(7);
    assert_eq!(acl!(rig.aclrtStreamQuery(stream, &raw mut status)), 0);
    status == aclrtStreamStatus::ACL_STREAM_STATUS_COMPLETE
}

/// A stream that is being captured.
fn capture(rig: &Rig) -> Raw {
    let stream = made!(rig.aclrtCreateStream());
    let mode = aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_RELAXED;
    assert_eq!(acl!(rig.aclmdlRICaptureBegin(stream, mode)), 0);
    stream
}

/// Queues a copy that fails when it runs: its source is freed first.
fn queue_failure(rig: &Rig, stream: Raw) {
    let gate = rig.block(stream);
    let (source, target) = (rig.malloc(8), rig.malloc(8));
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(target, 8, source, 8, D2D, stream)),
        0
    );
    assert_eq!(acl!(rig.aclrtFree(source)), 0);
    rig.open(gate);
}

/// SD
#[test]
fn r_103_create_stream() {
    let rig = Rig::bare(MockConfig::default());
    let mut stream = NULL;
    assert_eq!(acl!(rig.aclrtCreateStream(ptr::null_mut())), 100_000);
    assert_eq!(acl!(rig.aclrtCreateStream(&raw mut stream)), 107_002);
}

/// SD
#[test]
fn r_108_the_default_stream_is_not_destroyed() {
    let rig = Rig::new();
    let default = made!(rig.aclrtCtxGetCurrentDefaultStream());
    assert_eq!(acl!(rig.aclrtDestroyStream(NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtDestroyStreamForce(NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtDestroyStream(default)), 107_000);
    assert_eq!(rig.synchronize(default), 0);
}

/// S
#[test]
fn r_109_a_stream_is_destroyed_in_its_context() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    made!(rig.aclrtCreateContext(0));
    assert_eq!(acl!(rig.aclrtDestroyStream(stream)), 107_003);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    assert_eq!(acl!(rig.aclrtDestroyStream(stream)), 0);
}

/// S (R-005: before the context is looked at)
#[test]
fn r_110_destroyed_and_foreign_handles_are_107017() {
    let rig = Rig::new();
    let (stream, event) = (
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateEvent()),
    );
    assert_eq!(acl!(rig.aclrtDestroyStream(stream)), 0);
    for handle in [stream, event, crate::common::at(NULL, 0xDEAD)] {
        let handle = Shared(handle);
        assert_eq!(acl!(rig.aclrtDestroyStream(handle.raw())), 107_017);
        let code = rig.elsewhere(|rig| rig.synchronize(handle.raw()));
        assert_eq!(code, 107_017);
    }
    assert!(rig.message().unwrap().contains("EE1017"));
}

/// SD
#[test]
fn r_111_destroy_waits_for_queued_work() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let (target, gate) = (rig.malloc(8), rig.block(stream));
    assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, stream)), 0);
    thread::scope(|scope| {
        let gate = Shared(gate);
        let rig = &rig;
        scope.spawn(move || {
            assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
            nap();
            rig.open(gate.raw());
        });
        assert_eq!(acl!(rig.aclrtDestroyStream(stream)), 0);
    });
    assert_eq!(rig.download(target, 8), [7; 8]);
}

/// SD
#[test]
fn r_112_forced_destroy_drops_queued_work() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let target = rig.malloc(8);
    rig.upload(target, &[1; 8]);
    rig.block(stream);
    assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, stream)), 0);
    assert_eq!(acl!(rig.aclrtDestroyStreamForce(stream)), 0);
    assert_eq!(rig.download(target, 8), [1; 8]);
    assert_eq!(rig.lease.ledger().count(Kind::Stream), 0);
}

/// SD
#[test]
fn r_115_r_116_synchronize_takes_null_and_other_contexts() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    made!(rig.aclrtCreateContext(0));
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    let stream = Shared(stream);
    for handle in [Shared(NULL), stream] {
        let code = rig.elsewhere(|rig| rig.synchronize(handle.raw()));
        assert_eq!(code, 107_002);
    }
}

/// SD
#[test]
fn r_117_synchronize_with_timeout() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let gate = rig.block(stream);
    let wait = |milliseconds| acl!(rig.aclrtSynchronizeStreamWithTimeout(stream, milliseconds));
    assert_eq!(wait(-2), 107_000);
    assert_eq!(wait(0), 107_000);
    let start = Instant::now();
    assert_eq!(wait(30), 507_046);
    assert!(start.elapsed() >= Duration::from_millis(30));
    rig.open(gate);
    assert_eq!(wait(-1), 0, "the work went on");
}

/// S (repeat rule I)
#[test]
fn r_118_a_failed_task_comes_out_at_synchronize() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    queue_failure(&rig, stream);
    assert_eq!(rig.synchronize(stream), 507_013);
    assert!(rig.message().unwrap().contains("no live block"));
    assert_eq!(rig.synchronize(stream), 0);
}

/// S
#[test]
fn r_119_results_that_are_no_fault_come_out_at_synchronize_too() {
    let rig = Rig::new();
    let block = rig.malloc(8);
    for code in [507_005, 507_023, 207_003, 207_016, 207_017, 507_901] {
        let rule = Injection::new("aclrtMemsetAsync", Effect::Task(code)).times(1);
        rig.lease.inject(rule).unwrap();
        let stream = made!(rig.aclrtCreateStream());
        assert_eq!(acl!(rig.aclrtMemsetAsync(block, 8, 1, 8, stream)), 0);
        assert_eq!(rig.synchronize(stream), code);
        assert_eq!(acl!(rig.aclrtMemsetAsync(block, 8, 2, 8, stream)), 0);
        assert_eq!(rig.synchronize(stream), 0, "the stream goes on");
        assert_eq!(rig.download(block, 8), [2; 8]);
    }
}

/// S
#[test]
fn r_113_bound_and_captured_streams_are_not_destroyed() {
    let rig = Rig::new();
    let bound = made!(rig.aclrtCreateStreamWithConfig(0, 0x4));
    let graph = made!(rig.aclmdlRIBuildBegin(0));
    assert_eq!(acl!(rig.aclmdlRIBindStream(graph, bound, 0)), 0);
    assert_eq!(acl!(rig.aclrtDestroyStream(bound)), 107_005);
    assert_eq!(acl!(rig.aclmdlRIUnbindStream(graph, bound)), 0);
    assert_eq!(acl!(rig.aclrtDestroyStream(bound)), 0);
    let captured = capture(&rig);
    assert_eq!(acl!(rig.aclrtDestroyStream(captured)), 107_027);
    acl!(rig.aclmdlRICaptureEnd(captured, ptr::null_mut()));
    assert_eq!(acl!(rig.aclrtDestroyStream(captured)), 0);
}

/// S
#[test]
fn r_121_captured_streams_are_not_waited_for() {
    let rig = Rig::new();
    let stream = capture(&rig);
    let mut status = aclrtStreamStatus(7);
    assert_eq!(rig.synchronize(stream), 107_027);
    let code = acl!(rig.aclrtSynchronizeStreamWithTimeout(stream, 10));
    assert_eq!(code, 107_027);
    let code = acl!(rig.aclrtStreamQuery(stream, &raw mut status));
    assert_eq!(code, 107_027);
    acl!(rig.aclmdlRICaptureEnd(stream, ptr::null_mut()));
    assert_eq!(rig.synchronize(stream), 0);
    assert!(is_idle(&rig, stream));
}

/// S
#[test]
fn r_120_some_streams_are_never_waited_for() {
    let rig = Rig::new();
    for flag in [0x4, 0x10, 0x20] {
        let stream = made!(rig.aclrtCreateStreamWithConfig(0, flag));
        let gate = rig.block(stream);
        assert_eq!(rig.synchronize(stream), 0);
        assert!(is_idle(&rig, stream));
        rig.open(gate);
    }
}

/// SD
#[test]
fn r_123_query_is_not_an_error() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    assert!(is_idle(&rig, stream));
    let gate = rig.block(stream);
    assert!(!is_idle(&rig, stream));
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 0);
    assert!(is_idle(&rig, stream));
    assert_eq!(acl!(rig.aclrtStreamQuery(stream, ptr::null_mut())), 100_000);
}

/// SD, with R-118
#[test]
fn r_127_a_failure_stops_the_stream_and_those_of_its_mode() {
    let rig = Rig::new();
    let [failing, other, going_on] = [
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    ];
    for stream in [failing, other] {
        assert_eq!(acl!(rig.aclrtSetStreamFailureMode(stream, 1)), 0);
    }
    let target = rig.malloc(8);
    rig.upload(target, &[1; 8]);
    queue_failure(&rig, failing);
    let fill = |stream| acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, stream));
    // Either the failure is known already, or the task is queued and will not run.
    let queued = fill(failing);
    assert!(queued == 0 || queued == 507_013, "{queued}");
    for _ in 0..2 {
        assert_eq!(rig.synchronize(failing), 507_013);
    }
    assert_eq!(rig.download(target, 8), [1; 8]);
    assert_eq!(fill(failing), 507_013);
    assert_eq!((fill(other), rig.synchronize(other)), (507_013, 507_013));
    assert_eq!((fill(going_on), rig.synchronize(going_on)), (0, 0));
    assert_eq!(rig.download(target, 8), [7; 8]);
    // An abort makes the stream usable again.
    assert_eq!(acl!(rig.aclrtStreamAbort(failing)), 0);
    assert_eq!((fill(failing), rig.synchronize(failing)), (0, 0));
    for stream in [failing, other, going_on] {
        assert_eq!(acl!(rig.aclrtDestroyStream(stream)), 0);
    }
}

/// SD
#[test]
fn r_130_abort_drops_what_is_queued() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let target = rig.malloc(8);
    rig.upload(target, &[1; 8]);
    rig.block(stream);
    assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, stream)), 0);
    let shared = Shared(stream);
    thread::scope(|scope| {
        let rig = &rig;
        let waits = scope.spawn(move || {
            assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
            rig.synchronize(shared.raw())
        });
        nap();
        assert_eq!(acl!(rig.aclrtStreamAbort(stream)), 0);
        let code = waits.join().unwrap();
        assert!(
            code == 107_023 || code == 0,
            "{code}: during the abort, or after it"
        );
    });
    assert!(is_idle(&rig, stream));
    assert_eq!(rig.download(target, 8), [1; 8]);
    assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, stream)), 0);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(rig.download(target, 8), [7; 8]);
    assert_eq!(acl!(rig.aclrtStreamAbort(NULL)), 100_000);
    made!(rig.aclrtCreateContext(0));
    assert_eq!(acl!(rig.aclrtStreamAbort(stream)), 107_003);
}

/// D
#[test]
fn r_131_stop_is_not_for_the_default_stream() {
    let rig = Rig::new();
    let default = made!(rig.aclrtCtxGetCurrentDefaultStream());
    assert_eq!(acl!(rig.aclrtStreamStop(default)), 107_000);
    let stream = made!(rig.aclrtCreateStream());
    rig.block(stream);
    assert_eq!(acl!(rig.aclrtStreamStop(stream)), 0);
    assert_eq!(rig.synchronize(stream), 0);
}

/// SD
#[test]
fn r_081_device_task_abort_drops_the_work_of_all_streams() {
    let rig = Rig::new();
    let streams = [
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    ];
    let target = rig.malloc(8);
    rig.upload(target, &[1; 8]);
    for stream in streams {
        rig.block(stream);
        assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, stream)), 0);
    }
    assert_eq!(acl!(rig.aclrtDeviceTaskAbort(1, 0)), 107_001);
    assert_eq!(acl!(rig.aclrtDeviceTaskAbort(0, u32::MAX)), 107_000);
    assert_eq!(acl!(rig.aclrtDeviceTaskAbort(0, 1_000)), 0);
    for stream in streams {
        assert_eq!(rig.synchronize(stream), 0);
    }
    assert_eq!(rig.download(target, 8), [1; 8]);
}

/// S, for what it says of NULL; the rest follows from the header's names.
#[test]
fn r_135_streams_wait_for_values_that_others_write() {
    let rig = Rig::new();
    let [waits, writes] = [
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    ];
    let (value, target) = (rig.malloc(8), rig.malloc(8));
    let wait = |value, number, flag| acl!(rig.aclrtValueWait(value, number, flag, waits));
    let write = |value, number| acl!(rig.aclrtValueWrite(value, number, 0, writes));
    assert_eq!((wait(NULL, 1, 0), write(NULL, 1)), (100_000, 100_000));
    assert_eq!(
        wait(crate::common::at(value, 4), 1, 0),
        107_000,
        "not a multiple of 8"
    );
    assert_eq!(wait(value, 1, 4), 107_000);
    for (start, flag, number, written) in [
        (0, 0, 5, 6_u64),
        (0, 1, 5, 5),
        (8, 2, 6, 4),
        (u64::MAX, 3, 0xFF, !0x100),
    ] {
        rig.upload(value, &start.to_ne_bytes());
        rig.upload(target, &[1; 8]);
        assert_eq!(wait(value, number, flag), 0);
        assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, waits)), 0);
        assert_eq!(
            acl!(rig.aclrtSynchronizeStreamWithTimeout(waits, 10)),
            507_046
        );
        assert_eq!(rig.download(target, 8), [1; 8], "flag {flag}");
        assert_eq!(write(value, written), 0);
        assert_eq!(rig.synchronize(waits), 0);
        assert_eq!(rig.download(target, 8), [7; 8]);
    }
    // Whoever writes it: here the host.
    rig.upload(value, &[0; 8]);
    assert_eq!(wait(value, 9, 1), 0);
    rig.upload(value, &9_u64.to_ne_bytes());
    assert_eq!(rig.synchronize(waits), 0);
}

/// D, with R-164 for the moment that it surfaces
#[test]
fn r_170_waits_have_a_limit_that_surfaces_at_synchronize() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    assert_eq!(acl!(rig.aclrtSetOpWaitTimeout(1)), 0);
    let target = rig.malloc(8);
    rig.block(stream);
    assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, stream)), 0);
    let start = Instant::now();
    assert_eq!(rig.synchronize(stream), 107_019);
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(
        rig.download(target, 8),
        [7; 8],
        "later work still runs (R-128)"
    );
    assert_eq!(acl!(rig.aclrtSetOpWaitTimeout(0)), 0);
    let gate = rig.block(stream);
    assert_eq!(
        acl!(rig.aclrtSynchronizeStreamWithTimeout(stream, 1_200)),
        507_046
    );
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 0);
}

#[test]
fn threads_count_their_own_tasks() {
    let rig = Rig::new();
    let last = |rig: &Rig| {
        let mut id = 0;
        assert_eq!(acl!(rig.aclrtGetThreadLastTaskId(&raw mut id)), 0);
        id
    };
    let target = rig.malloc(8);
    let fill = || assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, NULL)), 0);
    fill();
    let first = last(&rig);
    fill();
    assert_eq!(last(&rig), first + 1);
    rig.elsewhere(|rig| {
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        assert_ne!(last(rig), first + 1);
    });
    assert_eq!(rig.synchronize(NULL), 0);
}

/// S
#[test]
fn r_133_streams_are_switched_in_graphs_only() {
    let rig = Rig::new();
    let [one, two] = [
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    ];
    assert_eq!(acl!(rig.aclrtActiveStream(NULL, one)), 100_000);
    assert_eq!(acl!(rig.aclrtActiveStream(two, NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtActiveStream(two, one)), 107_005);
}

/// D
#[test]
fn r_128_work_after_a_failure_still_runs() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let target = rig.malloc(8);
    queue_failure(&rig, stream);
    assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, stream)), 0);
    assert_eq!(rig.synchronize(stream), 507_013);
    assert_eq!(rig.download(target, 8), [7; 8]);
}

/// D
#[test]
fn r_136_work_on_one_stream_runs_in_order() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let (target, seen) = (rig.malloc(4), rig.pinned(400));
    for (step, seen) in (0..100).zip(seen.chunks_mut(4)) {
        assert_eq!(acl!(rig.aclrtMemsetAsync(target, 4, step, 4, stream)), 0);
        let to = seen.as_mut_ptr().cast();
        assert_eq!(acl!(rig.aclrtMemcpyAsync(to, 4, target, 4, D2H, stream)), 0);
    }
    assert_eq!(rig.synchronize(stream), 0);
    for (step, seen) in (0..100).zip(seen.chunks(4)) {
        assert_eq!(seen, [step; 4]);
    }
}

/// Two streams that each need the other to go on can only finish if they overlap.
#[test]
fn r_114_streams_run_at_the_same_time() {
    let rig = Rig::new();
    let [one, two] = [
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    ];
    let events: [Raw; 4] = std::array::from_fn(|_| made!(rig.aclrtCreateEventWithFlag(1)));
    for (step, event) in events.into_iter().enumerate() {
        let (records, waits) = if step % 2 == 0 {
            (one, two)
        } else {
            (two, one)
        };
        assert_eq!(acl!(rig.aclrtStreamWaitEvent(waits, event)), 0);
        assert_eq!(acl!(rig.aclrtRecordEvent(event, records)), 0);
    }
    assert_eq!(acl!(rig.aclrtSynchronizeDeviceWithTimeout(10_000)), 0);
}

#[test]
fn a_thousand_idle_streams_are_cheap() {
    let rig = Rig::new();
    let start = Instant::now();
    let streams: Vec<Raw> = (0..1000).map(|_| made!(rig.aclrtCreateStream())).collect();
    for stream in streams {
        assert_eq!(acl!(rig.aclrtDestroyStream(stream)), 0);
    }
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
}

/// Every thread with a context of its own sees its own data only.
#[test]
fn threads_with_contexts_of_their_own_do_not_meet() {
    for config in [MockConfig::default(), Rig::strict()] {
        threads_do_not_meet(&Rig::bare(config));
    }
}

fn threads_do_not_meet(rig: &Rig) {
    let work = |rig: &Rig, mark: u8| -> aclError {
        let context = made!(rig.aclrtCreateContext(0));
        let stream = made!(rig.aclrtCreateStream());
        let (device, host) = (rig.malloc(4096), rig.pinned(4096));
        let data = host.as_mut_ptr();
        for round in 0..50 {
            host.fill(mark ^ round);
            let up = acl!(rig.aclrtMemcpyAsync(device, 4096, data.cast(), 4096, H2D, stream));
            assert_eq!((up, rig.synchronize(stream)), (0, 0));
            assert_eq!(rig.download(device, 4096), [mark ^ round; 4096]);
        }
        assert_eq!(acl!(rig.aclrtFree(device)), 0);
        assert_eq!(acl!(rig.aclrtFreeHost(data.cast())), 0);
        assert_eq!(acl!(rig.aclrtDestroyStream(stream)), 0);
        acl!(rig.aclrtDestroyContext(context))
    };
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..4)
            .map(|mark| scope.spawn(move || work(rig, mark << 6)))
            .collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), 0);
        }
    });
    assert!(rig.lease.ledger().is_empty(), "{}", rig.lease.ledger());
}

/// A lease that ends under blocked streams comes back.
#[test]
fn dropping_the_lease_ends_blocked_streams() {
    let rig = Rig::new();
    for _ in 0..20 {
        rig.block(made!(rig.aclrtCreateStream()));
    }
    let start = Instant::now();
    drop(rig);
    assert!(start.elapsed() < Duration::from_secs(5));
}
