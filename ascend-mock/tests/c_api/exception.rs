//! Failed tasks as exception callbacks are told of them, and the state of a device.

use std::ptr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};

use ascend_mock::{Kind, MockConfig};
use ascend_sys::{AclApi, aclrtErrorInfo, aclrtErrorType, aclrtExceptionInfo, aclrtMemUceInfo};

use crate::common::{Library, NULL, Raw, Rig, Shared, nap, until};

/// What one call of an exception callback saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    task: u32,
    stream: u32,
    thread: u32,
    device: u32,
    code: u32,
    on: ThreadId,
    info: usize,
}

/// The callbacks have no argument of their own: one test at a time uses these.
static TURN: Mutex<()> = Mutex::new(());
static API: Mutex<Option<AclApi>> = Mutex::new(None);
static SEEN: Mutex<Vec<Seen>> = Mutex::new(Vec::new());
static OTHERS: Mutex<usize> = Mutex::new(0);

/// A question about an exception.
type Question = unsafe extern "C" fn(*const aclrtExceptionInfo) -> u32;

fn ask(question: Option<Question>, info: *const aclrtExceptionInfo) -> u32 {
    // SAFETY: an exception, or what the device must refuse.
    unsafe { question.unwrap()(info) }
}

fn ask_all(api: &AclApi, info: *const aclrtExceptionInfo) -> [u32; 5] {
    [
        ask(api.aclrtGetTaskIdFromExceptionInfo, info),
        ask(api.aclrtGetStreamIdFromExceptionInfo, info),
        ask(api.aclrtGetThreadIdFromExceptionInfo, info),
        ask(api.aclrtGetDeviceIdFromExceptionInfo, info),
        ask(api.aclrtGetErrorCodeFromExceptionInfo, info),
    ]
}

unsafe extern "C" fn see(info: *mut aclrtExceptionInfo) {
    let api = API.lock().unwrap().unwrap();
    let [task, stream, thread, device, code] = ask_all(&api, info);
    SEEN.lock().unwrap().push(Seen {
        task,
        stream,
        thread,
        device,
        code,
        on: thread::current().id(),
        info: info.addr(),
    });
}

unsafe extern "C" fn count(_: *mut aclrtExceptionInfo) {
    *OTHERS.lock().unwrap() += 1;
}

/// A rig whose callbacks nobody else's are mixed with.
fn with_rig(config: MockConfig, body: impl FnOnce(&Rig)) {
    let _turn = TURN.lock().unwrap();
    let rig = Rig::with(config);
    *API.lock().unwrap() = Some(rig.api);
    SEEN.lock().unwrap().clear();
    *OTHERS.lock().unwrap() = 0;
    body(&rig);
}

/// Queues a task that fails with 507013: it writes to a block that is gone by then.
fn fail(rig: &Rig, stream: Raw) {
    let block = rig.malloc(64);
    let gate = rig.block(stream);
    assert_eq!(acl!(rig.aclrtMemsetAsync(block, 64, 1, 64, stream)), 0);
    assert_eq!(acl!(rig.aclrtFree(block)), 0);
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 507_013);
}

/// What the callback saw, which is told of so many failures: it may still be under way when the
/// failure is known.
fn seen(count: usize) -> Vec<Seen> {
    until(|| SEEN.lock().unwrap().len() >= count);
    SEEN.lock().unwrap().clone()
}

fn stream_id(rig: &Rig, stream: Raw) -> u32 {
    let mut id = -1;
    assert_eq!(acl!(rig.aclrtStreamGetId(stream, &raw mut id)), 0);
    id.cast_unsigned()
}

/// SD
#[test]
fn r_224_the_last_callback_wins_and_null_clears() {
    with_rig(MockConfig::default(), |rig| {
        let stream = made!(rig.aclrtCreateStream());
        assert_eq!(acl!(rig.aclrtSetExceptionInfoCallback(Some(count))), 0);
        assert_eq!(acl!(rig.aclrtSetExceptionInfoCallback(Some(see))), 0);
        fail(rig, stream);
        assert_eq!((seen(1).len(), *OTHERS.lock().unwrap()), (1, 0));
        assert_eq!(acl!(rig.aclrtSetExceptionInfoCallback(None)), 0);
        fail(rig, stream);
        nap();
        assert_eq!(seen(1).len(), 1);
    });
}

/// S
#[test]
fn r_225_registered_callbacks_are_called_beside_the_one_that_is_set() {
    with_rig(MockConfig::default(), |rig| {
        let register = |callback| acl!(rig.aclrtExceptionInfoCallbackRegister(callback));
        let unregister = |callback| acl!(rig.aclrtExceptionInfoCallbackUnregister(callback));
        assert_eq!(register(None), 107_000);
        assert_eq!(unregister(None), 107_000);
        assert_eq!(unregister(Some(see)), 107_000);
        assert_eq!(register(Some(see)), 0);
        assert_eq!(register(Some(count)), 0);
        assert_eq!(acl!(rig.aclrtSetExceptionInfoCallback(Some(see))), 0);
        fail(rig, made!(rig.aclrtCreateStream()));
        until(|| *OTHERS.lock().unwrap() == 1);
        assert_eq!(seen(2).len(), 2);
        assert_eq!(unregister(Some(see)), 0);
        fail(rig, made!(rig.aclrtCreateStream()));
        until(|| *OTHERS.lock().unwrap() == 2);
        assert_eq!(seen(3).len(), 3);
    });
}

/// SD
#[test]
fn r_226_a_callback_runs_on_an_internal_thread() {
    with_rig(MockConfig::default().devices(2), |rig| {
        assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
        assert_eq!(acl!(rig.aclrtSetExceptionInfoCallback(Some(see))), 0);
        let stream = made!(rig.aclrtCreateStream());
        fail(rig, stream);
        fail(rig, stream);
        let own = fs_thread_id();
        let [first, second] = seen(2)[..] else {
            panic!("{:?}", seen(2))
        };
        let id = stream_id(rig, stream);
        assert_eq!((first.stream, second.stream), (id, id));
        assert!(first.task < second.task, "{first:?} {second:?}");
        assert_eq!((first.device, first.code), (1, 507_013));
        assert_eq!((first.thread, second.thread), (own, own));
        assert_ne!(first.on, thread::current().id());
    });
}

/// The number that the system knows this thread by.
fn fs_thread_id() -> u32 {
    let link = std::fs::read_link("/proc/thread-self").unwrap();
    link.file_name().unwrap().to_str().unwrap().parse().unwrap()
}

static RELEASED: AtomicBool = AtomicBool::new(false);

unsafe extern "C" fn linger(info: *mut aclrtExceptionInfo) {
    until(|| RELEASED.load(Ordering::Acquire));
    // SAFETY: the exception holds during the call.
    unsafe { see(info) };
}

/// SD
#[test]
fn r_226_a_stream_goes_on_while_a_callback_runs() {
    with_rig(Rig::strict(), |rig| {
        RELEASED.store(false, Ordering::Release);
        assert_eq!(acl!(rig.aclrtSetExceptionInfoCallback(Some(linger))), 0);
        let stream = made!(rig.aclrtCreateStream());
        fail(rig, stream);
        let block = rig.malloc(64);
        assert_eq!(acl!(rig.aclrtMemsetAsync(block, 64, 1, 64, stream)), 0);
        assert_eq!(rig.synchronize(stream), 0);
        assert!(seen(0).is_empty(), "the callback is under way");
        RELEASED.store(true, Ordering::Release);
        assert_eq!(seen(1)[0].code, 507_013);
    });
}

unsafe extern "C" fn see_late(info: *mut aclrtExceptionInfo) {
    nap();
    // SAFETY: the exception holds during the call.
    unsafe { see(info) };
}

/// What fails last is told before the program or the library can be gone.
#[test]
fn nothing_that_failed_is_lost_at_the_end() {
    type End = fn(Rig) -> Option<Rig>;
    let ends: [End; 4] = [
        |rig| {
            assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
            Some(rig)
        },
        |rig| {
            assert_eq!(acl!(rig.aclrtResetDeviceForce(0)), 0);
            Some(rig)
        },
        |rig| {
            assert_eq!(acl!(rig.aclFinalize()), 0);
            Some(rig)
        },
        |_| None,
    ];
    let _turn = TURN.lock().unwrap();
    for end in ends {
        let rig = Rig::with(MockConfig::default());
        *API.lock().unwrap() = Some(rig.api);
        SEEN.lock().unwrap().clear();
        assert_eq!(acl!(rig.aclrtSetExceptionInfoCallback(Some(see_late))), 0);
        let stream = made!(rig.aclrtCreateStream());
        fail(&rig, stream);
        fail(&rig, stream);
        let _left = end(rig);
        let seen = SEEN.lock().unwrap().clone();
        let codes: Vec<_> = seen.iter().map(|seen| (seen.device, seen.code)).collect();
        assert_eq!(codes, [(0, 507_013); 2]);
    }
}

/// Else a program that unloads the function's library would be left without it too early.
#[test]
fn r_224_a_callback_that_is_taken_back_has_seen_all_and_runs_no_more() {
    type Change = fn(&Rig) -> i32;
    let changes: [[Change; 2]; 3] = [
        [
            |rig| acl!(rig.aclrtSetExceptionInfoCallback(Some(see_late))),
            |rig| acl!(rig.aclrtSetExceptionInfoCallback(None)),
        ],
        [
            |rig| acl!(rig.aclrtSetExceptionInfoCallback(Some(see_late))),
            |rig| acl!(rig.aclrtSetExceptionInfoCallback(Some(count))),
        ],
        [
            |rig| acl!(rig.aclrtExceptionInfoCallbackRegister(Some(see_late))),
            |rig| acl!(rig.aclrtExceptionInfoCallbackUnregister(Some(see_late))),
        ],
    ];
    for [set, unset] in changes {
        with_rig(MockConfig::default(), |rig| {
            assert_eq!(set(rig), 0);
            let stream = made!(rig.aclrtCreateStream());
            fail(rig, stream);
            fail(rig, stream);
            assert_eq!(unset(rig), 0);
            assert_eq!(SEEN.lock().unwrap().len(), 2);
            assert_eq!(*OTHERS.lock().unwrap(), 0);
        });
    }
}

unsafe extern "C" fn see_once(info: *mut aclrtExceptionInfo) {
    let api = API.lock().unwrap().unwrap();
    // SAFETY: may be called at any time.
    let code = unsafe { api.aclrtSetExceptionInfoCallback.unwrap()(None) };
    assert_eq!(code, 0);
    // SAFETY: the exception holds during the call.
    unsafe { see(info) };
}

#[test]
fn r_224_a_callback_may_clear_itself() {
    with_rig(MockConfig::default(), |rig| {
        assert_eq!(acl!(rig.aclrtSetExceptionInfoCallback(Some(see_once))), 0);
        let stream = made!(rig.aclrtCreateStream());
        fail(rig, stream);
        assert_eq!(seen(1).len(), 1);
        fail(rig, stream);
        assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
        assert_eq!(seen(1).len(), 1);
    });
}

/// A callback that does not return costs no memory without end, and keeps no stream.
#[test]
fn failures_that_wait_to_be_told_are_bounded() {
    with_rig(MockConfig::default(), |rig| {
        RELEASED.store(false, Ordering::Release);
        assert_eq!(acl!(rig.aclrtSetExceptionInfoCallback(Some(linger))), 0);
        let stream = made!(rig.aclrtCreateStream());
        let block = rig.malloc(64);
        let gate = rig.block(stream);
        for _ in 0..1100 {
            assert_eq!(acl!(rig.aclrtMemsetAsync(block, 64, 1, 64, stream)), 0);
        }
        assert_eq!(acl!(rig.aclrtFree(block)), 0);
        rig.open(gate);
        assert_eq!(rig.synchronize(stream), 507_013);
        RELEASED.store(true, Ordering::Release);
        assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
        // One more, if the callback had it in time.
        let told = SEEN.lock().unwrap().len();
        assert!((1024..=1025).contains(&told), "{told}");
    });
}

static FAILED: Mutex<Option<Shared>> = Mutex::new(None);
static CODES: Mutex<Vec<i32>> = Mutex::new(Vec::new());

/// Waits for all that the failed stream and the device have to do.
unsafe extern "C" fn wait_for_all(info: *mut aclrtExceptionInfo) {
    let here = Library {
        api: API.lock().unwrap().unwrap(),
    };
    let stream = FAILED.lock().unwrap().unwrap();
    let codes = [
        acl!(here.aclrtSetDevice(0)),
        acl!(here.aclrtSynchronizeStream(stream.raw())),
        acl!(here.aclrtSynchronizeDevice()),
    ];
    CODES.lock().unwrap().extend(codes);
    // SAFETY: the exception holds during the call.
    unsafe { see(info) };
}

/// Who takes the failure is open: the callback or the thread that waits.
#[test]
fn a_callback_may_wait_for_the_stream_that_failed() {
    for config in [Rig::strict(), MockConfig::default()] {
        with_rig(config, |rig| {
            CODES.lock().unwrap().clear();
            assert_eq!(
                acl!(rig.aclrtSetExceptionInfoCallback(Some(wait_for_all))),
                0
            );
            let stream = made!(rig.aclrtCreateStream());
            *FAILED.lock().unwrap() = Some(Shared(stream));
            let block = rig.malloc(64);
            let gate = rig.block(stream);
            assert_eq!(acl!(rig.aclrtMemsetAsync(block, 64, 1, 64, stream)), 0);
            assert_eq!(acl!(rig.aclrtFree(block)), 0);
            rig.open(gate);
            let failed = Shared(stream);
            let outcome = rig.start(move |here| acl!(here.aclrtSynchronizeStream(failed.raw())));
            let outcome = outcome.get();
            seen(1);
            let mut codes = CODES.lock().unwrap().clone();
            assert_eq!(codes.remove(0), 0);
            codes.push(outcome);
            codes.sort_unstable();
            assert_eq!(codes, [0, 0, 507_013]);
        });
    }
}

/// SD
#[test]
fn r_226_an_exception_is_gone_after_the_callback() {
    with_rig(MockConfig::default(), |rig| {
        assert_eq!(acl!(rig.aclrtSetExceptionInfoCallback(Some(see))), 0);
        fail(rig, made!(rig.aclrtCreateStream()));
        let kept = ptr::without_provenance(seen(1)[0].info);
        until(|| ask_all(&rig.api, kept) == [u32::MAX; 5]);
        assert!(rig.message().unwrap().contains("EE1017"));
        let ledger = rig.lease.ledger();
        assert_eq!(ledger.count(Kind::ExceptionInfo), 0, "{ledger}");
    });
}

/// S
#[test]
fn r_227_questions_about_null_answer_all_ones() {
    let rig = Rig::new();
    assert_eq!(ask_all(&rig.api, ptr::null()), [u32::MAX; 5]);
    let (mut args, mut len, mut function) = (NULL, 0, NULL);
    let code = acl!(rig.aclrtGetArgsFromExceptionInfo(ptr::null(), &raw mut args, &raw mut len));
    assert_eq!(code, 100_000);
    let code =
        acl!(rig.aclrtGetFuncHandleFromExceptionInfo(ptr::null(), (&raw mut function).cast()));
    assert_eq!(code, 100_000);
}

#[test]
fn a_device_says_what_sort_of_failure_it_last_had() {
    let rig = Rig::new();
    let kind = |device| {
        let mut info = aclrtErrorInfo {
            errorType: aclrtErrorType(77),
            ..aclrtErrorInfo::default()
        };
        let code = acl!(rig.aclrtGetErrorVerbose(device, &raw mut info));
        (code, info.errorType)
    };
    assert_eq!(kind(0), (0, aclrtErrorType::ACL_RT_NO_ERROR));
    assert_eq!(kind(1).0, 107_001);
    assert_eq!(acl!(rig.aclrtGetErrorVerbose(0, ptr::null_mut())), 100_000);
    let stream = made!(rig.aclrtCreateStream());
    fail(&rig, stream);
    assert_eq!(kind(0), (0, aclrtErrorType::ACL_RT_ERROR_OTHERS));
}

#[test]
fn nothing_of_the_memory_is_known_to_be_broken() {
    let rig = Rig::new();
    let mut ranges = [aclrtMemUceInfo::default(); 2];
    let (start, mut count) = (ranges.as_mut_ptr(), 77);
    let get = |device, start, count| acl!(rig.aclrtGetMemUceInfo(device, start, 2, count));
    assert_eq!(get(0, ptr::null_mut(), &raw mut count), 100_000);
    assert_eq!(get(0, start, ptr::null_mut()), 100_000);
    assert_eq!(get(9, start, &raw mut count), 107_001);
    assert_eq!((get(0, start, &raw mut count), count), (0, 0));
    let repair = |start, count| acl!(rig.aclrtMemUceRepair(0, start, count));
    assert_eq!(repair(ptr::null_mut(), 2), 100_000);
    assert_eq!(repair(start, 129), 100_000);
    assert_eq!(repair(start, 2), 207_000);
    assert_eq!(acl!(rig.aclRecoverAllHcclTasks(9)), 107_001);
    assert_eq!(acl!(rig.aclRecoverAllHcclTasks(0)), 200_001);
}

/// Work that stream-ordered code queues from a thread of its own bears that thread's number.
#[test]
fn an_exception_names_the_thread_that_asked_for_the_task() {
    with_rig(MockConfig::default(), |rig| {
        assert_eq!(acl!(rig.aclrtSetExceptionInfoCallback(Some(see))), 0);
        let asked = rig.elsewhere(|rig| {
            assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
            fail(rig, made!(rig.aclrtCreateStream()));
            fs_thread_id()
        });
        assert_eq!(seen(1)[0].thread, asked);
        assert_ne!(asked, fs_thread_id());
    });
}
