//! Callbacks, on threads that ask for them, and host functions.

use std::ffi::c_void;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::thread::{self, Scope, ThreadId};

use ascend_mock::{Mistake, MockConfig};
use ascend_sys::{aclError, aclrtCallbackBlockType};

use crate::common::{NULL, Raw, Rig, Shared, nap};

const BLOCK: aclrtCallbackBlockType = aclrtCallbackBlockType::ACL_CALLBACK_BLOCK;
const NO_BLOCK: aclrtCallbackBlockType = aclrtCallbackBlockType::ACL_CALLBACK_NO_BLOCK;

/// What a callback of these tests notes.
#[derive(Default)]
struct Notes {
    threads: Mutex<Vec<ThreadId>>,
}

impl Notes {
    fn threads(&self) -> Vec<ThreadId> {
        self.threads.lock().unwrap().clone()
    }

    fn raw(&self) -> Raw {
        (&raw const *self).cast_mut().cast()
    }
}

/// Notes the thread that it runs on.
unsafe extern "C" fn note(notes: *mut c_void) {
    // SAFETY: the tests pass notes that outlive the callback.
    let notes = unsafe { &*notes.cast::<Notes>() };
    notes.threads.lock().unwrap().push(thread::current().id());
}

fn this_thread() -> u64 {
    // SAFETY: always answers.
    unsafe { libc::pthread_self() }
}

fn launch(rig: &Rig, notes: &Notes, kind: aclrtCallbackBlockType, stream: Raw) -> aclError {
    acl!(rig.aclrtLaunchCallback(Some(note), notes.raw(), kind, stream))
}

fn launch_host(rig: &Rig, notes: &Notes, stream: Raw) -> aclError {
    acl!(rig.aclrtLaunchHostFunc(stream, Some(note), notes.raw()))
}

fn process(rig: &Rig, milliseconds: i32) -> aclError {
    acl!(rig.aclrtProcessReport(milliseconds))
}

fn subscribe(rig: &Rig, thread: u64, stream: Raw) -> aclError {
    acl!(rig.aclrtSubscribeReport(thread, stream))
}

fn unsubscribe(rig: &Rig, thread: u64, stream: Raw) -> aclError {
    acl!(rig.aclrtUnSubscribeReport(thread, stream))
}

/// A thread that processes reports until it is told to end, as programs have it.
struct Reporter<'scope> {
    thread: u64,
    ends: &'scope AtomicBool,
}

impl<'scope> Reporter<'scope> {
    fn start<'env>(
        scope: &'scope Scope<'scope, 'env>,
        rig: &'scope Rig,
        ends: &'scope AtomicBool,
    ) -> Self {
        let (sender, receiver) = std::sync::mpsc::channel();
        scope.spawn(move || {
            sender.send(this_thread()).unwrap();
            while !ends.load(Ordering::Acquire) {
                // The thread may not be subscribed yet, or nothing may come.
                let code = process(rig, 20);
                assert!([0, 107_012, 507_012].contains(&code), "{code}");
                if code == 107_012 {
                    thread::yield_now();
                }
            }
        });
        let thread = receiver.recv().unwrap();
        Self { thread, ends }
    }
}

impl Drop for Reporter<'_> {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Release);
    }
}

/// SD
#[test]
fn r_137_what_launch_callback_refuses() {
    let rig = Rig::new();
    let (stream, notes) = (made!(rig.aclrtCreateStream()), Notes::default());
    let odd = aclrtCallbackBlockType(2);
    assert_eq!(launch(&rig, &notes, odd, stream), 100_000);
    assert_eq!(
        acl!(rig.aclrtLaunchCallback(None, NULL, BLOCK, stream)),
        107_000
    );
    assert_eq!(launch(&rig, &notes, BLOCK, stream), 107_015);
    assert_eq!(subscribe(&rig, this_thread(), stream), 0);
    made!(rig.aclrtCreateContext(0));
    assert_eq!(launch(&rig, &notes, BLOCK, stream), 107_003);
    assert!(notes.threads().is_empty());
}

/// S
#[test]
fn r_138_a_stream_is_subscribed_once_and_a_thread_serves_one_device() {
    let rig = Rig::with(MockConfig::default().devices(2));
    let stream = made!(rig.aclrtCreateStream());
    let thread = this_thread();
    assert_eq!(subscribe(&rig, thread, stream), 0);
    assert_eq!(subscribe(&rig, thread, stream), 107_011);
    assert_eq!(subscribe(&rig, thread + 1, stream), 107_011);
    assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
    let other = made!(rig.aclrtCreateStream());
    assert_eq!(subscribe(&rig, thread, other), 107_012);
    assert_eq!(subscribe(&rig, thread + 1, other), 0);
}

/// SD
#[test]
fn r_139_one_thread_serves_many_streams() {
    let rig = Rig::new();
    let (thread, notes) = (this_thread(), Notes::default());
    let streams: [Raw; 3] = std::array::from_fn(|_| made!(rig.aclrtCreateStream()));
    for stream in streams {
        assert_eq!(subscribe(&rig, thread, stream), 0);
        assert_eq!(launch(&rig, &notes, BLOCK, stream), 0);
    }
    for _ in streams {
        assert_eq!(process(&rig, -1), 0);
    }
    assert_eq!(notes.threads(), [thread::current().id(); 3]);
    for stream in streams {
        assert_eq!(rig.synchronize(stream), 0);
        assert_eq!(unsubscribe(&rig, thread, stream), 0);
    }
    assert_eq!(process(&rig, 10), 107_012);
}

/// SD
#[test]
fn r_139_a_process_has_1024_report_threads() {
    let rig = Rig::new();
    for thread in 0..1024 {
        assert_eq!(subscribe(&rig, thread, made!(rig.aclrtCreateStream())), 0);
    }
    let stream = made!(rig.aclrtCreateStream());
    assert_eq!(subscribe(&rig, 1024, stream), 207_005);
    assert_eq!(subscribe(&rig, 7, stream), 0);
}

/// SD
#[test]
fn r_140_what_process_report_answers() {
    let rig = Rig::new();
    assert_eq!(process(&rig, 0), 100_000);
    assert_eq!(process(&rig, -2), 100_000);
    assert_eq!(process(&rig, 10), 107_012);
    let stream = made!(rig.aclrtCreateStream());
    assert_eq!(subscribe(&rig, this_thread(), stream), 0);
    assert_eq!(process(&rig, 10), 507_012);
    assert_eq!(rig.elsewhere(|rig| process(rig, 10)), 107_012);
}

/// SD
#[test]
fn r_140_the_processing_thread_needs_no_context() {
    let rig = Rig::new();
    let (stream, notes) = (made!(rig.aclrtCreateStream()), Notes::default());
    let shared = Shared(stream);
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::scope(|scope| {
        let rig = &rig;
        let reporter = scope.spawn(move || {
            sender.send(this_thread()).unwrap();
            loop {
                match process(rig, -1) {
                    107_012 => thread::yield_now(), // not subscribed yet
                    code => return code,
                }
            }
        });
        let thread = receiver.recv().unwrap();
        assert_eq!(subscribe(rig, thread, shared.raw()), 0);
        assert_eq!(launch(rig, &notes, BLOCK, shared.raw()), 0);
        assert_eq!(reporter.join().unwrap(), 0);
    });
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(notes.threads().len(), 1);
}

/// SD
#[test]
fn r_141_the_function_runs_inside_process_report() {
    let rig = Rig::new();
    let (stream, notes) = (made!(rig.aclrtCreateStream()), Notes::default());
    assert_eq!(subscribe(&rig, this_thread(), stream), 0);
    assert_eq!(launch(&rig, &notes, BLOCK, stream), 0);
    nap();
    assert!(notes.threads().is_empty());
    assert_eq!(process(&rig, -1), 0);
    assert_eq!(notes.threads(), [thread::current().id()]);
}

/// S
#[test]
fn r_142_what_unsubscribe_refuses() {
    let rig = Rig::new();
    let (stream, thread) = (made!(rig.aclrtCreateStream()), this_thread());
    assert_eq!(unsubscribe(&rig, thread, stream), 107_011);
    assert_eq!(subscribe(&rig, thread, stream), 0);
    assert_eq!(unsubscribe(&rig, thread + 1, stream), 107_012);
    assert_eq!(unsubscribe(&rig, thread, stream), 0);
    assert_eq!(unsubscribe(&rig, thread, stream), 107_011);
}

/// D
#[test]
fn r_143_block_holds_later_tasks_back_and_no_block_does_not() {
    let rig = Rig::new();
    let (notes, thread) = (Notes::default(), this_thread());
    let target = rig.malloc(8);
    for (kind, seen) in [(BLOCK, 1), (NO_BLOCK, 7)] {
        let stream = made!(rig.aclrtCreateStream());
        assert_eq!(subscribe(&rig, thread, stream), 0);
        rig.upload(target, &[1; 8]);
        assert_eq!(launch(&rig, &notes, kind, stream), 0);
        assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, stream)), 0);
        if kind == NO_BLOCK {
            assert_eq!(rig.synchronize(stream), 0);
        } else {
            nap();
        }
        assert_eq!(rig.download(target, 8), [seen; 8]);
        assert_eq!(process(&rig, -1), 0);
        assert_eq!(rig.synchronize(stream), 0);
        assert_eq!(rig.download(target, 8), [7; 8]);
    }
    assert_eq!(notes.threads().len(), 2);
}

#[test]
fn callbacks_of_a_stream_come_in_order() {
    let rig = Rig::new();
    let (stream, ends) = (made!(rig.aclrtCreateStream()), AtomicBool::new(false));
    let notes: Vec<Notes> = (0..50).map(|_| Notes::default()).collect();
    let shared = Shared(stream);
    thread::scope(|scope| {
        let reporter = Reporter::start(scope, &rig, &ends);
        assert_eq!(subscribe(&rig, reporter.thread, shared.raw()), 0);
        for (step, notes) in notes.iter().enumerate() {
            let kind = if step % 2 == 0 { BLOCK } else { NO_BLOCK };
            assert_eq!(launch(&rig, notes, kind, shared.raw()), 0);
        }
        assert_eq!(launch(&rig, &notes[0], BLOCK, shared.raw()), 0);
        assert_eq!(rig.synchronize(shared.raw()), 0);
        assert_eq!(unsubscribe(&rig, reporter.thread, shared.raw()), 0);
    });
    assert_eq!(notes[0].threads().len(), 2);
    assert!(notes[1..].iter().all(|notes| notes.threads().len() == 1));
}

#[test]
fn what_nobody_processed_is_dropped_by_unsubscribe() {
    let rig = Rig::new();
    let (stream, notes) = (made!(rig.aclrtCreateStream()), Notes::default());
    assert_eq!(subscribe(&rig, this_thread(), stream), 0);
    assert_eq!(launch(&rig, &notes, BLOCK, stream), 0);
    nap();
    assert_eq!(unsubscribe(&rig, this_thread(), stream), 0);
    assert_eq!(rig.synchronize(stream), 107_015);
    assert!(notes.threads().is_empty());
}

#[test]
fn a_forced_destroy_gives_a_callback_up() {
    let rig = Rig::new();
    let (stream, notes) = (made!(rig.aclrtCreateStream()), Notes::default());
    let other = made!(rig.aclrtCreateStream());
    for stream in [stream, other] {
        assert_eq!(subscribe(&rig, this_thread(), stream), 0);
    }
    assert_eq!(launch(&rig, &notes, BLOCK, stream), 0);
    nap();
    assert_eq!(acl!(rig.aclrtDestroyStreamForce(stream)), 0);
    assert_eq!(process(&rig, 20), 507_012);
    assert!(notes.threads().is_empty());
}

/// SD
#[test]
fn r_144_host_functions_run_on_one_thread_of_the_context() {
    let rig = Rig::new();
    let notes = Notes::default();
    assert_eq!(acl!(rig.aclrtLaunchHostFunc(NULL, None, NULL)), 107_000);
    let streams: [Raw; 2] = std::array::from_fn(|_| made!(rig.aclrtCreateStream()));
    for stream in streams {
        assert_eq!(launch_host(&rig, &notes, stream), 0);
        assert_eq!(rig.synchronize(stream), 0);
    }
    let here = notes.threads();
    assert_eq!(here.len(), 2);
    assert_eq!(here[0], here[1]);
    assert_ne!(here[0], thread::current().id());
    let context = made!(rig.aclrtCreateContext(0));
    assert_eq!(launch_host(&rig, &notes, NULL), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_ne!(notes.threads()[2], here[0], "another context");
    assert_eq!(acl!(rig.aclrtDestroyContext(context)), 0);
}

/// Waits until it is let go.
unsafe extern "C" fn hold(flag: *mut c_void) {
    // SAFETY: the tests pass a flag that outlives the function.
    let flag = unsafe { &*flag.cast::<AtomicBool>() };
    while !flag.load(Ordering::Acquire) {
        thread::yield_now();
    }
}

/// SD
#[test]
fn r_144_a_host_function_holds_its_stream_back() {
    let rig = Rig::new();
    let (stream, target) = (made!(rig.aclrtCreateStream()), rig.malloc(8));
    rig.upload(target, &[1; 8]);
    let flag = AtomicBool::new(false);
    let raw = (&raw const flag).cast_mut().cast();
    assert_eq!(acl!(rig.aclrtLaunchHostFunc(stream, Some(hold), raw)), 0);
    assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, stream)), 0);
    nap();
    assert_eq!(rig.download(target, 8), [1; 8]);
    flag.store(true, Ordering::Release);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(rig.download(target, 8), [7; 8]);
}

/// S
#[test]
fn r_145_a_stream_has_callbacks_or_host_functions() {
    let rig = Rig::new();
    let (notes, thread) = (Notes::default(), this_thread());
    let [one, two]: [Raw; 2] = std::array::from_fn(|_| made!(rig.aclrtCreateStream()));
    assert_eq!(subscribe(&rig, thread, one), 0);
    assert_eq!(launch_host(&rig, &notes, one), 107_011);
    assert_eq!(launch_host(&rig, &notes, two), 0);
    assert_eq!(subscribe(&rig, thread, two), 107_011);
    assert_eq!(rig.synchronize(two), 0);
}

#[test]
fn the_lite_functions_take_host_functions_to_a_thread_of_the_program() {
    let rig = Rig::new();
    let (stream, notes) = (made!(rig.aclrtCreateStream()), Notes::default());
    let (thread, here) = (this_thread(), thread::current().id());
    assert_eq!(acl!(rig.aclrtProcessHostFunc(0)), 100_000);
    assert_eq!(acl!(rig.aclrtProcessHostFunc(10)), 107_012);
    assert_eq!(acl!(rig.aclrtSubscribeHostFunc(thread, stream)), 0);
    assert_eq!(acl!(rig.aclrtSubscribeHostFunc(thread, stream)), 107_011);
    assert_eq!(acl!(rig.aclrtProcessHostFunc(10)), 507_012);
    assert_eq!(launch_host(&rig, &notes, stream), 0);
    assert_eq!(acl!(rig.aclrtProcessHostFunc(-1)), 0);
    assert_eq!(notes.threads(), [here]);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(
        acl!(rig.aclrtUnSubscribeHostFunc(thread + 1, stream)),
        107_012
    );
    assert_eq!(acl!(rig.aclrtUnSubscribeHostFunc(thread, stream)), 0);
    assert_eq!(acl!(rig.aclrtUnSubscribeHostFunc(thread, stream)), 107_011);
}

/// The rig of [`misuse`], and the block that it frees.
struct Misuse<'a> {
    rig: &'a Rig,
    block: AtomicPtr<c_void>,
    code: Mutex<Option<aclError>>,
}

/// Frees a block, which no callback may do.
unsafe extern "C" fn misuse(argument: *mut c_void) {
    // SAFETY: the test passes what outlives the function.
    let Misuse { rig, block, code } = unsafe { &*argument.cast::<Misuse<'_>>() };
    let block = block.load(Ordering::Acquire);
    *code.lock().unwrap() = Some(acl!(rig.aclrtFree(block)));
}

fn misuses(rig: &Rig) -> usize {
    let findings = rig.lease.findings();
    let forbidden = |found: &&_| -> bool {
        let found: &ascend_mock::Finding = found;
        found.mistake == Mistake::ForbiddenInCallback && found.text.contains("aclrtFree")
    };
    findings.iter().filter(forbidden).count()
}

/// D
#[test]
fn r_146_strict_mode_finds_calls_that_callbacks_must_not_make() {
    for strict in [false, true] {
        let rig = Rig::with(MockConfig::default().strict(strict));
        let stream = made!(rig.aclrtCreateStream());
        let misused = Misuse {
            rig: &rig,
            block: AtomicPtr::new(rig.malloc(8)),
            code: Mutex::default(),
        };
        let raw = (&raw const misused).cast_mut().cast();
        assert_eq!(acl!(rig.aclrtLaunchHostFunc(stream, Some(misuse), raw)), 0);
        assert_eq!(rig.synchronize(stream), 0);
        assert_eq!(*misused.code.lock().unwrap(), Some(0));
        assert_eq!(misuses(&rig), usize::from(strict));
        let block = rig.malloc(8);
        assert_eq!(acl!(rig.aclrtFree(block)), 0);
        assert_eq!(
            misuses(&rig),
            usize::from(strict),
            "threads of the program may"
        );
    }
}
