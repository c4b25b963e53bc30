//! Captured graphs: capture, replay, what captures refuse.

use std::ffi::{CStr, CString, c_void};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{fs, ptr};

use ascend_mock::{Kind, MockConfig};
use ascend_sys::{aclError, aclmdlRICaptureMode, aclmdlRICaptureStatus, aclmdlRITaskType};

use crate::common::{D2D, D2H, H2D, NULL, Raw, Rig, Shared};

pub(crate) const GLOBAL: aclmdlRICaptureMode =
    aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_GLOBAL;
const THREAD: aclmdlRICaptureMode = aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_THREAD_LOCAL;
const RELAXED: aclmdlRICaptureMode = aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_RELAXED;

pub(crate) fn begin(rig: &Rig, stream: Raw) {
    assert_eq!(acl!(rig.aclmdlRICaptureBegin(stream, GLOBAL)), 0);
}

pub(crate) fn end(rig: &Rig, stream: Raw) -> Result<Raw, aclError> {
    let mut graph = NULL;
    match acl!(rig.aclmdlRICaptureEnd(stream, &raw mut graph)) {
        0 => Ok(graph),
        code => Err(code),
    }
}

pub(crate) fn fill(rig: &Rig, target: Raw, value: i32, stream: Raw) -> aclError {
    acl!(rig.aclrtMemsetAsync(target, 8, value, 8, stream))
}

pub(crate) fn run(rig: &Rig, graph: Raw, stream: Raw) -> aclError {
    match acl!(rig.aclmdlRIExecuteAsync(graph, stream)) {
        0 => rig.synchronize(stream),
        code => code,
    }
}

pub(crate) fn streams<const N: usize>(rig: &Rig) -> [Raw; N] {
    std::array::from_fn(|_| made!(rig.aclrtCreateStream()))
}

pub(crate) fn status(rig: &Rig, stream: Raw) -> (aclmdlRICaptureStatus, Raw) {
    let (mut status, mut graph) = (aclmdlRICaptureStatus(9), NULL);
    let code = acl!(rig.aclmdlRICaptureGetInfo(stream, &raw mut status, &raw mut graph));
    assert_eq!(code, 0);
    (status, graph)
}

/// Fills `target` when it is run.
fn filling(rig: &Rig, target: Raw, value: i32) -> Raw {
    let [stream] = streams(rig);
    begin(rig, stream);
    assert_eq!(fill(rig, target, value, stream), 0);
    end(rig, stream).unwrap()
}

/// S
#[test]
fn r_288_default_streams_are_not_captured() {
    let rig = Rig::new();
    let default = made!(rig.aclrtCtxGetCurrentDefaultStream());
    assert_eq!(acl!(rig.aclmdlRICaptureBegin(NULL, GLOBAL)), 100_000);
    assert_eq!(acl!(rig.aclmdlRICaptureBegin(default, GLOBAL)), 107_031);
    assert_eq!(rig.lease.ledger().count(Kind::Graph), 0);
}

/// S (first part I)
#[test]
fn r_289_a_stream_is_captured_once() {
    let rig = Rig::new();
    let [stream] = streams(&rig);
    begin(&rig, stream);
    assert_eq!(acl!(rig.aclmdlRICaptureBegin(stream, GLOBAL)), 107_027);
    assert_eq!(acl!(rig.aclmdlRICaptureEnd(NULL, ptr::null_mut())), 100_000);
    assert_eq!(
        end(&rig, stream),
        Err(507_903),
        "the second begin was illegal"
    );
    begin(&rig, stream);
    assert_eq!(acl!(rig.aclmdlRICaptureEnd(stream, ptr::null_mut())), 0);
}

/// SD
#[test]
fn r_290_what_the_end_of_a_capture_refuses() {
    let rig = Rig::new();
    let [one, two] = streams(&rig);
    assert_eq!(end(&rig, one), Err(107_029));
    let event = made!(rig.aclrtCreateEvent());
    begin(&rig, one);
    assert_eq!(acl!(rig.aclrtRecordEvent(event, one)), 0);
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(two, event)), 0);
    assert_eq!(end(&rig, two), Err(107_036), "it began on the other stream");
    let shared = Shared(one);
    let code = rig.elsewhere(|rig| {
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        end(rig, shared.raw()).map(|_| ())
    });
    assert_eq!(code, Err(107_038));
    assert_eq!(
        end(&rig, one),
        Err(107_025),
        "the second stream is not joined"
    );
    assert_eq!(
        end(&rig, one),
        Err(107_029),
        "the capture is over all the same"
    );
    assert_eq!(
        rig.synchronize(two),
        0,
        "and so it is for the second stream"
    );
    assert_eq!(rig.lease.ledger().count(Kind::Graph), 0);
    assert_eq!(acl!(rig.aclmdlRICaptureBegin(one, RELAXED)), 0);
    let code = rig.elsewhere(|rig| {
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        end(rig, shared.raw()).map(|_| ())
    });
    assert!(code.is_ok(), "relaxed captures end anywhere");
}

/// S, with
#[test]
fn r_291_illegal_calls_make_a_capture_invalid() {
    type Call = fn(&Rig, Raw) -> aclError;
    let calls: [(Call, aclError); 8] = [
        (|rig, stream| rig.synchronize(stream), 107_027),
        (|rig, stream| acl!(rig.aclrtDestroyStream(stream)), 107_027),
        (
            |rig, stream| {
                let mut status = ascend_sys::aclrtStreamStatus(7);
                acl!(rig.aclrtStreamQuery(stream, &raw mut status))
            },
            107_027,
        ),
        (|rig, _| acl!(rig.aclrtSynchronizeDevice()), 107_027),
        (
            |rig, _| {
                let (target, source) = (rig.pinned(8), rig.pinned(8));
                let (target, source) = (target.as_mut_ptr().cast(), source.as_ptr().cast());
                acl!(rig.aclrtMemcpy(target, 8, source, 8, crate::common::H2H))
            },
            107_030,
        ),
        (
            |rig, stream| {
                let (target, source) = (rig.malloc(8), [0_u8; 8]);
                acl!(rig.aclrtMemcpyAsync(target, 8, source.as_ptr().cast(), 8, H2D, stream))
            },
            107_041,
        ),
        (
            |rig, stream| {
                let event = made!(rig.aclrtCreateEvent());
                assert_eq!(acl!(rig.aclrtRecordEvent(event, stream)), 0);
                acl!(rig.aclrtSynchronizeEvent(event))
            },
            107_028,
        ),
        (
            |rig, stream| {
                let event = made!(rig.aclrtCreateEvent());
                assert_eq!(acl!(rig.aclrtRecordEvent(event, NULL)), 0);
                acl!(rig.aclrtStreamWaitEvent(stream, event))
            },
            107_024,
        ),
    ];
    for (place, (call, code)) in calls.into_iter().enumerate() {
        let rig = Rig::new();
        let [stream] = streams(&rig);
        begin(&rig, stream);
        let active = aclmdlRICaptureStatus::ACL_MODEL_RI_CAPTURE_STATUS_ACTIVE;
        assert_eq!(status(&rig, stream).0, active);
        assert_eq!(call(&rig, stream), code, "call {place}");
        let invalid = aclmdlRICaptureStatus::ACL_MODEL_RI_CAPTURE_STATUS_INVALIDATED;
        assert_eq!(status(&rig, stream).0, invalid, "call {place}");
        let target = rig.malloc(8);
        assert_eq!(fill(&rig, target, 1, stream), 507_903, "call {place}");
        assert_eq!(end(&rig, stream), Err(507_903), "call {place}");
        assert_eq!(rig.synchronize(stream), 0);
    }
}

/// S
#[test]
fn r_292_destroy() {
    let rig = Rig::new();
    let target = rig.malloc(8);
    let graph = filling(&rig, target, 3);
    let [stream] = streams(&rig);
    assert_eq!(acl!(rig.aclmdlRIDestroy(NULL)), 100_000);
    let gate = rig.block(stream);
    assert_eq!(acl!(rig.aclmdlRIExecuteAsync(graph, stream)), 0);
    assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 107_037);
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 0);
    assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 107_017);
    assert_eq!(run(&rig, graph, stream), 107_017);
}

/// D
#[test]
fn r_293_a_graph_runs_many_times_with_buffers_by_address() {
    let rig = Rig::new();
    let [stream] = streams(&rig);
    let (input, output) = (rig.malloc(8), rig.malloc(8));
    let (from, to) = (rig.pinned(8), rig.pinned(8));
    rig.upload(output, &[0; 8]);
    begin(&rig, stream);
    let source = from.as_mut_ptr().cast();
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(input, 8, source, 8, H2D, stream)),
        0
    );
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(output, 8, input, 8, D2D, stream)),
        0
    );
    let target = to.as_mut_ptr().cast();
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(target, 8, output, 8, D2H, stream)),
        0
    );
    let graph = end(&rig, stream).unwrap();
    assert_eq!(rig.download(output, 8), [0; 8], "a capture does nothing");
    for round in 0..20 {
        from.fill(round);
        assert_eq!(run(&rig, graph, stream), 0);
        assert_eq!(to, [round; 8]);
    }
    assert_eq!(run(&rig, graph, NULL), 0, "on any stream of the context");
    assert_eq!(acl!(rig.aclmdlRIExecute(graph, -1)), 0);
    assert_eq!(acl!(rig.aclmdlRIExecute(graph, 0)), 107_000);
    assert!(
        rig.lease.findings().is_empty(),
        "{:?}",
        rig.lease.findings()
    );
}

/// Two streams that join the capture through events, and run in the right order every time.
#[test]
fn side_streams_fork_and_join() {
    let rig = Rig::new();
    let [main, side, other] = streams(&rig);
    let events: [Raw; 3] = std::array::from_fn(|_| made!(rig.aclrtCreateEventExWithFlag(1)));
    let blocks: [Raw; 3] = std::array::from_fn(|_| rig.malloc(8));
    begin(&rig, main);
    assert_eq!(fill(&rig, blocks[0], 5, main), 0);
    assert_eq!(acl!(rig.aclrtRecordEvent(events[0], main)), 0);
    for (stream, block, event) in [(side, blocks[1], events[1]), (other, blocks[2], events[2])] {
        assert_eq!(acl!(rig.aclrtStreamWaitEvent(stream, events[0])), 0);
        assert_eq!(
            acl!(rig.aclrtMemcpyAsync(block, 8, blocks[0], 8, D2D, stream)),
            0
        );
        assert_eq!(acl!(rig.aclrtRecordEvent(event, stream)), 0);
    }
    // The second side stream is joined through the first one.
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(side, events[2])), 0);
    assert_eq!(acl!(rig.aclrtRecordEvent(events[1], side)), 0);
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(main, events[1])), 0);
    assert_eq!(fill(&rig, blocks[0], 9, main), 0);
    let graph = end(&rig, main).unwrap();
    let mut count = 0;
    assert_eq!(
        acl!(rig.aclmdlRIGetStreams(graph, ptr::null_mut(), &raw mut count)),
        0
    );
    assert_eq!(count, 3);
    let mut found = [NULL; 3];
    assert_eq!(
        acl!(rig.aclmdlRIGetStreams(graph, found.as_mut_ptr(), &raw mut count)),
        0
    );
    assert_eq!(found, [main, side, other]);
    count = 2;
    assert_eq!(
        acl!(rig.aclmdlRIGetStreams(graph, found.as_mut_ptr(), &raw mut count)),
        107_039
    );
    for _ in 0..10 {
        for block in blocks {
            rig.upload(block, &[1; 8]);
        }
        assert_eq!(run(&rig, graph, main), 0);
        let results = blocks.map(|block| rig.download(block, 1)[0]);
        assert_eq!(results, [9, 5, 5]);
    }
    assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 0);
    assert_eq!(acl!(rig.aclrtDestroyStream(side)), 0);
}

/// The child is the other graph's from its capture on; its handle is not needed for that.
#[test]
fn a_graph_that_is_part_of_another_outlives_its_handle() {
    for config in [MockConfig::default().strict(false), Rig::strict()] {
        let rig = Rig::with(config);
        let [main, side] = streams(&rig);
        let [fork, join] = [(); 2].map(|()| made!(rig.aclrtCreateEventExWithFlag(1)));
        let block = rig.malloc(8);
        begin(&rig, main);
        assert_eq!(acl!(rig.aclrtRecordEvent(fork, main)), 0);
        assert_eq!(acl!(rig.aclrtStreamWaitEvent(side, fork)), 0);
        assert_eq!(fill(&rig, block, 7, side), 0);
        assert_eq!(acl!(rig.aclrtRecordEvent(join, side)), 0);
        assert_eq!(acl!(rig.aclrtStreamWaitEvent(main, join)), 0);
        let child = end(&rig, main).unwrap();
        begin(&rig, main);
        assert_eq!(acl!(rig.aclmdlRIExecuteAsync(child, main)), 0);
        let parent = end(&rig, main).unwrap();
        assert_eq!(run(&rig, parent, main), 0);
        assert_eq!(acl!(rig.aclmdlRIDestroy(child)), 0);
        for _ in 0..3 {
            rig.upload(block, &[1; 8]);
            assert_eq!(run(&rig, parent, main), 0);
            assert_eq!(rig.download(block, 1), [7]);
        }
        assert_eq!(acl!(rig.aclmdlRIDestroy(parent)), 0);
    }
}

#[test]
fn two_captures_do_not_meet_and_captured_events_stay_in_theirs() {
    let rig = Rig::new();
    let [one, two, outside] = streams(&rig);
    let event = made!(rig.aclrtCreateEvent());
    for stream in [one, two] {
        assert_eq!(acl!(rig.aclmdlRICaptureBegin(stream, RELAXED)), 0);
    }
    assert_eq!(acl!(rig.aclrtRecordEvent(event, one)), 0);
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(two, event)), 107_032);
    assert_eq!(
        (end(&rig, one), end(&rig, two)),
        (Err(507_903), Err(507_903))
    );
    begin(&rig, one);
    assert_eq!(acl!(rig.aclrtRecordEvent(event, one)), 0);
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(NULL, event)), 107_031);
    assert_eq!(end(&rig, one), Err(507_903));
    begin(&rig, one);
    assert_eq!(acl!(rig.aclrtRecordEvent(event, one)), 0);
    end(&rig, one).unwrap();
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(outside, event)), 107_028);
    assert_eq!(acl!(rig.aclrtRecordEvent(event, outside)), 0);
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(one, event)), 0);
    assert_eq!(acl!(rig.aclrtSynchronizeEvent(event)), 0);
}

/// S
#[test]
fn r_203_the_modes_say_who_may_block() {
    let rig = Rig::new();
    let [stream] = streams(&rig);
    let target = Shared(rig.malloc(8));
    let copy = |rig: &Rig| {
        let from = [0_u8; 8];
        acl!(rig.aclrtMemcpy(target.raw(), 8, from.as_ptr().cast(), 8, H2D))
    };
    let elsewhere = |mode: Option<aclmdlRICaptureMode>| {
        rig.elsewhere(|rig| {
            assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
            if let Some(mut mode) = mode {
                assert_eq!(
                    acl!(rig.aclmdlRICaptureThreadExchangeMode(&raw mut mode)),
                    0
                );
                assert_eq!(mode, GLOBAL, "what threads start with");
            }
            copy(rig)
        })
    };
    for (mode, here, there, relaxed) in [
        (GLOBAL, 107_030, 107_030, 0),
        (THREAD, 107_030, 0, 0),
        (RELAXED, 0, 0, 0),
    ] {
        for (call, code) in [
            (copy(&rig), 0),
            {
                assert_eq!(acl!(rig.aclmdlRICaptureBegin(stream, mode)), 0);
                (elsewhere(Some(RELAXED)), relaxed)
            },
            (elsewhere(None), there),
            (copy(&rig), here),
        ] {
            assert_eq!(call, code, "{mode:?}");
        }
        assert_eq!(end(&rig, stream).is_ok(), here == 0);
    }
    let mut mode = aclmdlRICaptureMode(9);
    assert_eq!(
        acl!(rig.aclmdlRICaptureThreadExchangeMode(&raw mut mode)),
        100_000
    );
    assert_eq!(acl!(rig.aclmdlRICaptureBegin(stream, mode)), 100_000);
}

#[test]
fn a_failed_task_ends_the_run_and_is_the_streams_failure() {
    let rig = Rig::new();
    let [main, side] = streams(&rig);
    let [fork, join] = [made!(rig.aclrtCreateEvent()), made!(rig.aclrtCreateEvent())];
    let (gone, target, later) = (rig.malloc(8), rig.malloc(8), rig.malloc(8));
    rig.upload(later, &[1; 8]);
    begin(&rig, main);
    assert_eq!(acl!(rig.aclrtRecordEvent(fork, main)), 0);
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(side, fork)), 0);
    assert_eq!(acl!(rig.aclrtMemcpyAsync(target, 8, gone, 8, D2D, side)), 0);
    assert_eq!(acl!(rig.aclrtRecordEvent(join, side)), 0);
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(main, join)), 0);
    assert_eq!(fill(&rig, later, 2, main), 0);
    let graph = end(&rig, main).unwrap();
    assert_eq!(acl!(rig.aclrtFree(gone)), 0);
    assert_eq!(run(&rig, graph, main), 507_013);
    assert_eq!(rig.download(later, 8), [1; 8]);
    assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 0);
}

#[test]
fn abort_ends_a_run_that_waits() {
    let rig = Rig::new();
    let [stream] = streams(&rig);
    let (value, target) = (rig.malloc(8), rig.malloc(8));
    rig.upload(value, &[0; 8]);
    rig.upload(target, &[0; 8]);
    begin(&rig, stream);
    assert_eq!(acl!(rig.aclrtValueWait(value, 1, 0, stream)), 0);
    assert_eq!(fill(&rig, target, 1, stream), 0);
    let graph = end(&rig, stream).unwrap();
    assert_eq!(acl!(rig.aclmdlRIExecuteAsync(graph, stream)), 0);
    assert_eq!(
        acl!(rig.aclrtSynchronizeStreamWithTimeout(stream, 20)),
        507_046
    );
    assert_eq!(acl!(rig.aclmdlRIAbort(graph)), 0);
    assert_eq!(rig.synchronize(stream), 507_023);
    assert_eq!(rig.download(target, 8), [0; 8]);
    rig.upload(value, &1_u64.to_ne_bytes());
    assert_eq!(run(&rig, graph, stream), 0, "the next run is a new one");
    assert_eq!(rig.download(target, 8), [1; 8]);
}

#[test]
fn aborting_a_stream_drops_the_run_that_it_is_in() {
    let rig = Rig::new();
    let [main, side] = streams(&rig);
    let [fork, join] = [made!(rig.aclrtCreateEvent()), made!(rig.aclrtCreateEvent())];
    let (value, target) = (rig.malloc(8), rig.malloc(8));
    rig.upload(value, &[0; 8]);
    rig.upload(target, &[0; 8]);
    begin(&rig, main);
    assert_eq!(acl!(rig.aclrtValueWait(value, 1, 0, main)), 0);
    assert_eq!(acl!(rig.aclrtRecordEvent(fork, main)), 0);
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(side, fork)), 0);
    assert_eq!(fill(&rig, target, 3, side), 0);
    assert_eq!(acl!(rig.aclrtRecordEvent(join, side)), 0);
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(main, join)), 0);
    let graph = end(&rig, main).unwrap();
    assert_eq!(acl!(rig.aclmdlRIExecuteAsync(graph, main)), 0);
    assert_eq!(
        acl!(rig.aclrtSynchronizeStreamWithTimeout(main, 20)),
        507_046
    );
    assert_eq!(acl!(rig.aclrtStreamAbort(main)), 0);
    assert_eq!(rig.synchronize(main), 0);
    assert_eq!(rig.download(target, 1), [0]);
    rig.upload(value, &[1; 8]);
    assert_eq!(run(&rig, graph, main), 0);
    assert_eq!(rig.download(target, 1), [3]);
    assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 0);
}

/// Two streams run one graph with side streams at the same time.
#[test]
fn a_graph_runs_on_several_streams_at_once() {
    for config in [MockConfig::default(), Rig::strict()] {
        let rig = Rig::with(config);
        let [main, left, right, other] = streams(&rig);
        let events: [Raw; 3] = std::array::from_fn(|_| made!(rig.aclrtCreateEvent()));
        let target = rig.malloc(8);
        begin(&rig, main);
        assert_eq!(acl!(rig.aclrtRecordEvent(events[0], main)), 0);
        for (stream, event) in [(left, events[1]), (right, events[2])] {
            assert_eq!(acl!(rig.aclrtStreamWaitEvent(stream, events[0])), 0);
            assert_eq!(fill(&rig, target, 3, stream), 0);
            assert_eq!(acl!(rig.aclrtRecordEvent(event, stream)), 0);
            assert_eq!(acl!(rig.aclrtStreamWaitEvent(main, event)), 0);
        }
        let graph = end(&rig, main).unwrap();
        for _ in 0..200 {
            for stream in [main, other] {
                assert_eq!(acl!(rig.aclmdlRIExecuteAsync(graph, stream)), 0);
            }
        }
        assert_eq!(acl!(rig.aclrtSynchronizeDeviceWithTimeout(20_000)), 0);
        assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 0);
    }
}

#[test]
fn graphs_describe_themselves() {
    let rig = Rig::new();
    let [stream] = streams(&rig);
    let (value, event) = (rig.malloc(8), made!(rig.aclrtCreateEvent()));
    begin(&rig, stream);
    assert_eq!(acl!(rig.aclrtValueWrite(value, 3, 0, stream)), 0);
    assert_eq!(acl!(rig.aclrtRecordEvent(event, stream)), 0);
    assert_eq!(fill(&rig, value, 1, stream), 0);
    let graph = end(&rig, stream).unwrap();
    let mut count = 0;
    assert_eq!(
        acl!(rig.aclmdlRIGetTasksByStream(stream, ptr::null_mut(), &raw mut count)),
        0
    );
    let mut tasks = vec![NULL; usize::try_from(count).unwrap()];
    assert_eq!(
        acl!(rig.aclmdlRIGetTasksByStream(stream, tasks.as_mut_ptr(), &raw mut count)),
        0
    );
    let kinds = tasks.iter().enumerate().map(|(place, task)| {
        let (mut kind, mut id) = (aclmdlRITaskType(99), 99);
        assert_eq!(acl!(rig.aclmdlRITaskGetType(*task, &raw mut kind)), 0);
        assert_eq!(acl!(rig.aclmdlRITaskGetSeqId(*task, &raw mut id)), 0);
        assert_eq!(id as usize, place);
        kind
    });
    let expected = [
        aclmdlRITaskType::ACL_MODEL_RI_TASK_VALUE_WRITE,
        aclmdlRITaskType::ACL_MODEL_RI_TASK_EVENT_RECORD,
        aclmdlRITaskType::ACL_MODEL_RI_TASK_DEFAULT,
    ];
    assert!(kinds.eq(expected));
    assert_eq!(acl!(rig.aclmdlRISetName(graph, c"forward".as_ptr())), 0);
    let mut name = [0; 16];
    assert_eq!(
        acl!(rig.aclmdlRIGetName(graph, 7, name.as_mut_ptr())),
        107_039
    );
    assert_eq!(acl!(rig.aclmdlRIGetName(graph, 16, name.as_mut_ptr())), 0);
    // SAFETY: the call has written a text with its end.
    assert_eq!(unsafe { CStr::from_ptr(name.as_ptr()) }, c"forward");
    let path = std::env::temp_dir().join(format!("ascend-graph-{}.json", std::process::id()));
    let text = CString::new(path.to_str().unwrap()).unwrap();
    assert_eq!(acl!(rig.aclmdlRIDebugJsonPrint(graph, text.as_ptr(), 0)), 0);
    let written = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    for part in [
        "\"forward\"",
        "aclrtValueWrite",
        "event record",
        "aclrtMemsetAsync",
    ] {
        assert!(written.contains(part), "{written}");
    }
    let nowhere = c"/nowhere/graph.json".as_ptr();
    assert_eq!(acl!(rig.aclmdlRIDebugJsonPrint(graph, nowhere, 0)), 107_010);
}

static ENDED: AtomicU32 = AtomicU32::new(0);

unsafe extern "C" fn ended(_: *mut c_void) {
    ENDED.fetch_add(1, Ordering::Relaxed);
}

#[test]
fn destroying_a_graph_calls_back() {
    let rig = Rig::new();
    let graph = filling(&rig, rig.malloc(8), 1);
    let register = |data| acl!(rig.aclmdlRIDestroyRegisterCallback(graph, Some(ended), data));
    assert_eq!(register(NULL), 0);
    assert_eq!(register(NULL), 107_000);
    assert_eq!(
        acl!(rig.aclmdlRIDestroyUnregisterCallback(graph, Some(ended))),
        0
    );
    assert_eq!(
        acl!(rig.aclmdlRIDestroyUnregisterCallback(graph, Some(ended))),
        107_000
    );
    assert_eq!(register(NULL), 0);
    assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 0);
    assert_eq!(ENDED.load(Ordering::Relaxed), 1);
}
