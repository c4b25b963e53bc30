//! Calls that wait: what they must not hold up, and what ends them.

use std::ffi::c_void;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::{env, fs};

use ascend_mock::MockConfig;
use ascend_sys::{AclApi, aclError, aclmdlRICaptureMode, aclrtEventRecordedStatus};

use crate::common::{Library, NULL, Raw, Rig, Shared, nap, until};
use crate::kernel::with_add;

/// More tasks than a stream holds.
const MANY: usize = 2100;
const NOT_READY: aclrtEventRecordedStatus =
    aclrtEventRecordedStatus::ACL_EVENT_RECORDED_STATUS_NOT_READY;

fn streams<const N: usize>(rig: &Rig) -> [Raw; N] {
    std::array::from_fn(|_| made!(rig.aclrtCreateStream()))
}

fn fill(here: &Library<AclApi>, block: Raw, stream: Raw) -> aclError {
    acl!(here.aclrtMemsetAsync(block, 64, 1, 64, stream))
}

/// Waits until a number does not grow any more.
fn settle(number: &AtomicUsize) {
    let mut before = usize::MAX;
    while before != number.load(Ordering::Acquire) {
        before = number.load(Ordering::Acquire);
        (0..10).for_each(|_| nap());
    }
}

#[test]
fn an_event_is_not_locked_while_a_record_of_it_waits_for_room() {
    let rig = Rig::new();
    let [stream, other] = streams(&rig);
    let gate = rig.block(stream);
    let event = made!(rig.aclrtCreateEventWithFlag(1));
    let [event, full, other] = [event, stream, other].map(Shared);
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let recorder = rig.start(move |here| {
        for _ in 0..MANY {
            assert_eq!(acl!(here.aclrtRecordEvent(event.raw(), full.raw())), 0);
            counter.fetch_add(1, Ordering::Release);
        }
    });
    settle(&count);
    assert!(
        (1..MANY).contains(&count.load(Ordering::Acquire)),
        "no queue was full"
    );
    let answers = rig.start(move |here| {
        let mut status = aclrtEventRecordedStatus(7);
        let code = acl!(here.aclrtQueryEventStatus(event.raw(), &raw mut status));
        let wait = acl!(here.aclrtStreamWaitEvent(other.raw(), event.raw()));
        let limited = acl!(here.aclrtSynchronizeEventWithTimeout(event.raw(), 1));
        (code, status, wait, limited)
    });
    assert_eq!(answers.get(), (0, NOT_READY, 0, 507_047));
    rig.open(gate);
    recorder.get();
    assert_eq!(
        (rig.synchronize(stream), rig.synchronize(other.raw())),
        (0, 0)
    );
    assert_eq!(acl!(rig.aclrtSynchronizeEvent(event.raw())), 0);
}

#[test]
fn a_record_that_fails_leaves_the_event_as_it_was() {
    let rig = Rig::new();
    let [good, bad] = streams(&rig);
    let event = made!(rig.aclrtCreateEventWithFlag(1));
    let stop = 1;
    assert_eq!(acl!(rig.aclrtSetStreamFailureMode(bad, stop)), 0);
    let block = rig.malloc(64);
    assert_eq!(acl!(rig.aclrtMemsetAsync(block, 64, 1, 64, bad)), 0);
    let gate = rig.block(bad);
    assert_eq!(acl!(rig.aclrtMemsetAsync(block, 64, 1, 64, bad)), 0);
    assert_eq!(acl!(rig.aclrtFree(block)), 0);
    rig.open(gate);
    let failure = rig.synchronize(bad);
    assert_ne!(failure, 0);
    // A stream that waits ahead waits for the first record that is made.
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(good, event)), 0);
    assert_eq!(acl!(rig.aclrtRecordEvent(event, bad)), failure);
    let mut done = 7;
    assert_eq!(acl!(rig.aclrtStreamQuery(good, (&raw mut done).cast())), 0);
    assert_eq!(acl!(rig.aclrtRecordEvent(event, NULL)), 0);
    assert_eq!(rig.synchronize(good), 0);
    // A later one that fails does not hide the one before it.
    assert_eq!(acl!(rig.aclrtRecordEvent(event, bad)), failure);
    let mut status = aclrtEventRecordedStatus(7);
    assert_eq!(acl!(rig.aclrtQueryEventStatus(event, &raw mut status)), 0);
    assert_ne!(status, NOT_READY);
}

/// In strict mode the run that has to wait has the turn, and others go on all the same.
#[test]
fn a_run_of_a_graph_waits_for_room_in_its_side_streams() {
    let rig = Rig::new();
    let [head, side, runner] = streams(&rig);
    let graph = made!(rig.aclmdlRIBuildBegin(0));
    for stream in [head, side] {
        assert_eq!(acl!(rig.aclmdlRIBindStream(graph, stream, 0)), 0);
    }
    let value = rig.malloc(8);
    rig.upload(value, &[0; 8]);
    assert_eq!(acl!(rig.aclrtValueWait(value, 1, 0, side)), 0);
    assert_eq!(acl!(rig.aclmdlRIEndTask(graph, head)), 0);
    assert_eq!(acl!(rig.aclmdlRIBuildEnd(graph, NULL)), 0);
    let [graph, runner] = [graph, runner].map(Shared);
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let outcome = rig.start(move |here| {
        for _ in 0..MANY {
            assert_eq!(
                acl!(here.aclmdlRIExecuteAsync(graph.raw(), runner.raw())),
                0
            );
            counter.fetch_add(1, Ordering::Release);
        }
        acl!(here.aclrtSynchronizeStream(runner.raw()))
    });
    settle(&count);
    let value = Shared(value);
    let opened = rig.start(move |here| {
        assert_eq!(acl!(here.aclrtValueWrite(value.raw(), 1, 0, NULL)), 0);
        acl!(here.aclrtSynchronizeStream(NULL))
    });
    assert_eq!((opened.get(), outcome.get()), (0, 0));
}

/// What a function of the program does that a stream called.
struct Errand {
    here: Library<AclApi>,
    block: Shared,
    stream: Shared,
    codes: Mutex<Vec<aclError>>,
}

unsafe extern "C" fn run_errand(errand: *mut c_void) {
    // SAFETY: the tests pass an errand that outlives the call.
    let Errand {
        here,
        block,
        stream,
        codes,
    } = unsafe { &*errand.cast::<Errand>() };
    let mut codes = codes.lock().unwrap();
    codes.push(acl!(here.aclrtSetDevice(0)));
    codes.push(fill(here, block.raw(), stream.raw()));
    codes.push(acl!(here.aclrtSynchronizeStream(stream.raw())));
}

/// Hardware does not promise it, and strict mode tells it; but it does not hang here.
#[test]
fn a_host_function_may_have_another_stream_work() {
    let rig = Rig::new();
    let [stream, other] = streams(&rig);
    let errand: &Errand = Box::leak(Box::new(Errand {
        here: Library { api: rig.api },
        block: Shared(rig.malloc(64)),
        stream: Shared(other),
        codes: Mutex::default(),
    }));
    let argument = (&raw const *errand).cast_mut().cast();
    assert_eq!(
        acl!(rig.aclrtLaunchHostFunc(stream, Some(run_errand), argument)),
        0
    );
    let stream = Shared(stream);
    let outcome = rig.start(move |here| acl!(here.aclrtSynchronizeStream(stream.raw())));
    assert_eq!(outcome.get(), 0);
    assert_eq!(*errand.codes.lock().unwrap(), [0; 3]);
}

/// Kernels of Rust programs run where the stream's work runs.
#[test]
fn a_kernel_may_have_another_stream_work() {
    let (rig, add) = with_add();
    let [stream, other] = streams(&rig);
    let block = rig.malloc(64);
    // Its own stream cannot be done before the kernel is.
    for (target, last) in [(other, 0), (stream, 507_000)] {
        let errand = Arc::new(Errand {
            here: Library { api: rig.api },
            block: Shared(block),
            stream: Shared(target),
            codes: Mutex::default(),
        });
        let own = Arc::clone(&errand);
        rig.lease.register_kernel("add", move |_| {
            // SAFETY: the errand lives.
            unsafe { run_errand(Arc::as_ptr(&own).cast_mut().cast()) };
            Ok(())
        });
        assert_eq!(acl!(rig.aclrtLaunchKernel(add, 1, block, 16, stream)), 0);
        let waited_for = Shared(stream);
        let outcome = rig.start(move |here| acl!(here.aclrtSynchronizeStream(waited_for.raw())));
        assert_eq!(outcome.get(), 0);
        assert_eq!(*errand.codes.lock().unwrap(), [0, 0, last]);
    }
}

/// SD
#[test]
fn r_140_a_report_without_a_limit_ends_with_its_stream() {
    type End = fn(&Rig, u64, Raw) -> aclError;
    let ends: [End; 3] = [
        |rig, thread, stream| acl!(rig.aclrtUnSubscribeReport(thread, stream)),
        |rig, _, stream| acl!(rig.aclrtDestroyStream(stream)),
        |rig, _, stream| acl!(rig.aclrtDestroyStreamForce(stream)),
    ];
    let rig = Rig::new();
    for end in ends {
        let [stream] = streams(&rig);
        let (told, thread) = mpsc::channel();
        let (go, goes) = mpsc::channel::<()>();
        let report = rig.start(move |here| {
            // SAFETY: always answers.
            told.send(unsafe { libc::pthread_self() }).unwrap();
            goes.recv().unwrap();
            acl!(here.aclrtProcessReport(-1))
        });
        let thread = thread.recv().unwrap();
        assert_eq!(acl!(rig.aclrtSubscribeReport(thread, stream)), 0);
        go.send(()).unwrap();
        nap();
        assert_eq!(end(&rig, thread, stream), 0);
        assert_eq!(report.get(), 107_012);
    }
}

const ALONE: &str = "ASCEND_TEST_REPLAYS";

fn threads() -> usize {
    fs::read_dir("/proc/self/task").unwrap().count()
}

/// What [`replays_do_not_gather_threads`] runs in a process where nobody else starts threads.
#[test]
fn replays_in_a_process_of_their_own() {
    if env::var_os(ALONE).is_none() {
        return;
    }
    let rig = Rig::with(MockConfig::default().strict(false));
    let [stream, side] = streams(&rig);
    let before = threads();
    let mode = aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_GLOBAL;
    assert_eq!(acl!(rig.aclmdlRICaptureBegin(stream, mode)), 0);
    let [fork, join] = [(); 2].map(|()| made!(rig.aclrtCreateEventExWithFlag(1)));
    let block = rig.malloc(64);
    assert_eq!(acl!(rig.aclrtRecordEvent(fork, stream)), 0);
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(side, fork)), 0);
    assert_eq!(acl!(rig.aclrtMemsetAsync(block, 64, 1, 64, side)), 0);
    assert_eq!(acl!(rig.aclrtRecordEvent(join, side)), 0);
    assert_eq!(acl!(rig.aclrtStreamWaitEvent(stream, join)), 0);
    let mut graph = NULL;
    assert_eq!(acl!(rig.aclmdlRICaptureEnd(stream, &raw mut graph)), 0);
    let replay = |times| {
        for _ in 0..times {
            assert_eq!(acl!(rig.aclmdlRIExecuteAsync(graph, stream)), 0);
            assert_eq!(rig.synchronize(stream), 0);
        }
        threads()
    };
    let few = replay(2);
    assert!(few > before, "the side stream has a thread");
    assert_eq!(replay(500), few);
    assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 0);
    assert_eq!(acl!(rig.aclrtDestroyStream(stream)), 0);
    until(|| threads() == before);
}

#[test]
fn replays_do_not_gather_threads() {
    let outcome = Command::new(env::current_exe().unwrap())
        .args(["--exact", "waiting::replays_in_a_process_of_their_own"])
        .env(ALONE, "1")
        .stdout(Stdio::null())
        .status();
    assert!(outcome.unwrap().success());
}
