//! Faults that the configuration asks for, as a C program meets with them.

use std::ptr;
use std::thread;
use std::time::Duration;

use ascend_mock::{Effect, Injection, Kind, MockConfig};
use ascend_sys::{aclDataType, aclError, aclrtLastErrLevel};

use crate::common::models::fixed;
use crate::common::{D2H, H2D, NULL, POLICY, Raw, Rig, Shared, at, nap};

const NO_MEMORY: aclError = 207_001;
const CORE_FAULT: aclError = 507_015;
const LOST: aclError = 507_010;

fn with(rule: Injection) -> Rig {
    Rig::with(MockConfig::default().inject(rule))
}

/// The codes of this many allocations of 64 bytes.
fn allocate(rig: &Rig, times: usize) -> Vec<aclError> {
    let mut address = NULL;
    (0..times)
        .map(|_| acl!(rig.aclrtMalloc(&raw mut address, 64, POLICY)))
        .collect()
}

fn stream_id(rig: &Rig, stream: Raw) -> u32 {
    let mut id = -1;
    assert_eq!(acl!(rig.aclrtStreamGetId(stream, &raw mut id)), 0);
    u32::try_from(id).unwrap()
}

fn fill(rig: &Rig, block: Raw, value: i32, stream: Raw) -> aclError {
    acl!(rig.aclrtMemsetAsync(block, 64, value, 64, stream))
}

#[test]
fn a_code_is_answered_instead_of_the_call() {
    let rig = with(Injection::new("aclrtMalloc", Effect::Code(NO_MEMORY)));
    assert_eq!(allocate(&rig, 2), [NO_MEMORY; 2]);
    assert!(rig.message().unwrap().contains("injected by fault 1"));
    assert_eq!(
        acl!(rig.aclrtPeekAtLastError(aclrtLastErrLevel::ACL_RT_THREAD_LEVEL)),
        NO_MEMORY
    );
    assert_eq!(rig.lease.ledger().count(Kind::DeviceBlock), 0);
    made!(rig.aclrtMallocHost(64));
}

#[test]
fn a_function_that_answers_a_value_answers_none() {
    let rig = with(Injection::new("aclCreateTensorDesc", Effect::Code(100_000)));
    let kind = aclDataType::ACL_FLOAT;
    let format = ascend_sys::aclFormat::ACL_FORMAT_ND;
    assert!(acl!(rig.aclCreateTensorDesc(kind, 0, ptr::null(), format)).is_null());
    assert_eq!(acl!(rig.aclDataTypeSize(kind)), 4);
}

#[test]
fn rules_count_the_calls_that_match() {
    let fault = || Injection::new("aclrtMalloc", Effect::Code(NO_MEMORY));
    let (ok, no) = (0, NO_MEMORY);
    let cases = [
        (fault().nth(3), [ok, ok, no, ok, ok, ok]),
        (fault().every(2), [ok, no, ok, no, ok, no]),
        (fault().times(2), [no, no, ok, ok, ok, ok]),
        (fault().every(2).times(1), [ok, no, ok, ok, ok, ok]),
        (fault().probability(1.0), [no; 6]),
        (fault().probability(0.0), [ok; 6]),
    ];
    for (rule, expected) in cases {
        let rig = with(rule.clone());
        assert_eq!(allocate(&rig, 6), expected, "{rule:?}");
    }
    // A beginning with a `*` stands for all functions that have it.
    let rig = with(Injection::new("aclrtMal*", Effect::Code(NO_MEMORY)).nth(2));
    let mut address = NULL;
    assert_eq!(acl!(rig.aclrtMallocHost(&raw mut address, 64)), 0);
    assert_eq!(allocate(&rig, 2), [NO_MEMORY, 0]);
}

#[test]
fn the_seed_decides_what_is_left_to_chance() {
    let codes = |seed| {
        let rule = Injection::new("aclrtMalloc", Effect::Code(NO_MEMORY)).probability(0.3);
        let rig = Rig::with(MockConfig::default().seed(seed).inject(rule));
        allocate(&rig, 1000)
    };
    let first = codes(1);
    assert_eq!(first, codes(1));
    assert_ne!(first, codes(2));
    let failed = first.iter().filter(|code| **code == NO_MEMORY).count();
    assert!((200..400).contains(&failed), "{failed} of 1000 failed");
}

#[test]
fn a_rule_can_be_about_one_device() {
    let rule = Injection::new("aclrtMalloc", Effect::Code(NO_MEMORY)).device(1);
    let rig = Rig::with(MockConfig::default().devices(2).inject(rule));
    assert_eq!(allocate(&rig, 1), [0]);
    assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
    assert_eq!(allocate(&rig, 1), [NO_MEMORY]);
    // A function that names its device is about that one.
    let named = Injection::new("aclrtSetDevice", Effect::Code(507_033)).device(0);
    rig.lease.inject(named).unwrap();
    assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 507_033);
}

#[test]
fn a_rule_can_be_about_one_stream() {
    let rig = Rig::new();
    let (one, other) = (
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    );
    let rule = Injection::new("aclrtMemsetAsync", Effect::Code(507_002));
    let rule = rule.stream(stream_id(&rig, other));
    rig.lease.inject(rule).unwrap();
    let block = rig.malloc(64);
    assert_eq!(fill(&rig, block, 1, one), 0);
    assert_eq!(fill(&rig, block, 1, other), 507_002);
    assert_eq!(fill(&rig, block, 1, NULL), 0);
}

#[test]
fn a_rule_can_be_about_one_thread() {
    let rig = with(Injection::new("aclrtSetDevice", Effect::Code(507_033)).thread("worker"));
    let worker = thread::Builder::new().name("worker".into());
    let code = thread::scope(|scope| {
        let worker = worker.spawn_scoped(scope, || acl!(rig.aclrtSetDevice(0)));
        worker.unwrap().join().unwrap()
    });
    assert_eq!(code, 507_033);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
}

#[test]
fn a_delayed_call_goes_on() {
    let delay = Effect::Delay(Duration::from_millis(1));
    let rig = with(Injection::new("aclrtMalloc", delay));
    assert_eq!(allocate(&rig, 2), [0, 0]);
}

#[test]
fn a_task_fails_at_the_synchronisation_and_does_nothing() {
    let rig = with(Injection::new("aclrtMemsetAsync", Effect::Task(CORE_FAULT)).nth(2));
    let block = rig.malloc(64);
    assert_eq!(fill(&rig, block, 1, NULL), 0);
    assert_eq!(fill(&rig, block, 2, NULL), 0);
    assert_eq!(rig.synchronize(NULL), CORE_FAULT);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(rig.download(block, 64), [1; 64]);
    // The arguments are checked all the same.
    let rule = Injection::new("aclrtMemsetAsync", Effect::Task(CORE_FAULT));
    rig.lease.inject(rule).unwrap();
    assert_eq!(acl!(rig.aclrtMemsetAsync(NULL, 64, 1, 64, NULL)), 100_000);
    assert_eq!(rig.synchronize(NULL), 0);
}

#[test]
fn a_task_fails_behind_a_record_and_instead_of_a_blocking_call() {
    let rig = with(Injection::new("aclrtRecordEvent", Effect::Task(CORE_FAULT)));
    let event = made!(rig.aclrtCreateEvent());
    assert_eq!(acl!(rig.aclrtRecordEvent(event, NULL)), 0);
    assert_eq!(rig.synchronize(NULL), CORE_FAULT);
    for (function, code) in [
        ("aclrtMemcpy", 507_013),
        ("aclrtSynchronizeStream", 507_018),
    ] {
        rig.lease
            .inject(Injection::new(function, Effect::Task(code)).times(1))
            .unwrap();
    }
    let (block, bytes) = (rig.malloc(64), [7_u8; 64]);
    let copy = || acl!(rig.aclrtMemcpy(block, 64, bytes.as_ptr().cast(), 64, H2D));
    assert_eq!((copy(), copy()), (507_013, 0));
    assert_eq!(rig.synchronize(NULL), 507_018);
    assert_eq!(rig.synchronize(NULL), 0);
}

#[test]
fn a_hanging_stream_runs_into_the_timeouts_of_those_who_wait() {
    let rig = with(Injection::new("aclrtMemsetAsync", Effect::Hang));
    let (stream, event) = (
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateEvent()),
    );
    let block = rig.malloc(64);
    assert_eq!(fill(&rig, block, 1, stream), 0);
    assert_eq!(acl!(rig.aclrtRecordEvent(event, stream)), 0);
    assert_eq!(
        acl!(rig.aclrtSynchronizeStreamWithTimeout(stream, 5)),
        507_046
    );
    assert_eq!(
        acl!(rig.aclrtSynchronizeEventWithTimeout(event, 5)),
        507_047
    );
    assert_eq!(acl!(rig.aclrtSynchronizeDeviceWithTimeout(5)), 507_046);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(acl!(rig.aclrtDestroyStreamForce(stream)), 0);
    assert_eq!(acl!(rig.aclrtSynchronizeDeviceWithTimeout(5000)), 0);
}

#[test]
fn a_function_without_a_stream_hangs_until_its_timeout_or_the_end() {
    let rig = with(Injection::new(
        "aclrtSynchronizeEventWithTimeout",
        Effect::Hang,
    ));
    let event = made!(rig.aclrtCreateEvent());
    assert_eq!(
        acl!(rig.aclrtSynchronizeEventWithTimeout(event, 5)),
        507_047
    );
    rig.lease
        .inject(Injection::new("aclrtMalloc", Effect::Hang))
        .unwrap();
    let Rig { api, lease } = rig;
    thread::scope(|scope| {
        let stuck = scope.spawn(move || {
            let mut address = NULL;
            // SAFETY: the address has a place.
            unsafe { api.aclrtMalloc(&raw mut address, 64, POLICY) }.unwrap()
        });
        nap();
        assert!(!stuck.is_finished());
        drop(lease);
        assert_eq!(stuck.join().unwrap(), 100_001);
    });
}

#[test]
fn a_lost_device_answers_so_until_it_is_reset() {
    let rule = Injection::new("aclmdlExecuteAsync", Effect::DeviceLost).device(1);
    let rig = Rig::with(MockConfig::default().devices(2).inject(rule));
    assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
    let stream = made!(rig.aclrtCreateStream());
    let (block, event) = (rig.malloc(64), made!(rig.aclrtCreateEvent()));
    let pinned = rig.pinned(64);
    // Work that waits, and a thread that waits for it.
    let gate = rig.block(stream);
    assert_eq!(fill(&rig, block, 1, stream), 0);
    assert_eq!(acl!(rig.aclrtRecordEvent(event, stream)), 0);
    let shared = Shared(stream);
    let outcomes = thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
            rig.synchronize(shared.raw())
        });
        nap();
        let none = ptr::null_mut();
        let code = acl!(rig.aclmdlExecuteAsync(1, none, none, stream));
        (code, waiter.join().unwrap())
    });
    assert_eq!(outcomes, (LOST, LOST));
    // Everything on the device fails, nothing on the other.
    assert_eq!(rig.synchronize(stream), LOST);
    assert_eq!(allocate(&rig, 1), [LOST]);
    assert_eq!(acl!(rig.aclrtSetDevice(1)), LOST);
    let start = pinned.as_mut_ptr().cast();
    assert_eq!(acl!(rig.aclrtMemcpy(start, 64, block, 64, D2H)), LOST);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    assert_eq!(allocate(&rig, 1), [0]);
    assert_eq!(rig.synchronize(NULL), 0);
    // What is given back is taken, and a full reset brings the device back.
    assert_eq!(acl!(rig.aclrtFree(block)), 0);
    for event in [event, gate] {
        assert_eq!(acl!(rig.aclrtDestroyEvent(event)), 0);
    }
    assert_eq!(acl!(rig.aclrtResetDevice(1)), 0);
    assert_eq!(acl!(rig.aclrtSetDevice(1)), LOST);
    assert_eq!(acl!(rig.aclrtResetDeviceForce(1)), 0);
    assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
    assert_eq!(allocate(&rig, 1), [0]);
    assert_eq!(rig.synchronize(NULL), 0);
}

#[test]
fn memory_runs_out_after_so_many_bytes() {
    let rule = Injection::new("aclrtMalloc*", Effect::OutOfMemory { after_bytes: 160 });
    let rig = with(rule);
    assert_eq!(allocate(&rig, 4), [0, 0, NO_MEMORY, NO_MEMORY]);
    assert_eq!(rig.lease.ledger().bytes(Kind::DeviceBlock), 128);
}

#[test]
fn the_third_allocation_fails_and_nothing_leaks() {
    let rig = with(Injection::new("aclrtMalloc", Effect::Code(NO_MEMORY)).nth(3));
    let before = rig.lease.ledger().iter().count();
    let file = fixed();
    let run = || {
        let mut blocks = Vec::new();
        let mut outcome = 0;
        for _ in 0..4 {
            let mut address = NULL;
            outcome = acl!(rig.aclrtMalloc(&raw mut address, file.len(), POLICY));
            if outcome != 0 {
                break;
            }
            rig.upload(address, &file);
            blocks.push(address);
        }
        for block in blocks {
            assert_eq!(acl!(rig.aclrtFree(at(block, 0))), 0);
        }
        outcome
    };
    assert_eq!((run(), run()), (NO_MEMORY, 0));
    assert_eq!(rig.lease.ledger().iter().count(), before);
}

#[test]
fn what_could_never_apply_is_refused_at_run_time_too() {
    let rig = Rig::new();
    let rule = Injection::new("aclrtFly", Effect::Code(1));
    let error = rig.lease.inject(rule).unwrap_err().to_string();
    assert!(error.contains("aclrtFly"), "{error}");
}

#[test]
fn the_configuration_says_the_same_in_toml() {
    let toml = r#"
        [[fault]]
        function = "aclrtMalloc"
        nth = 2
        code = 207001

        [[fault]]
        function = "aclrtMemset*"
        every = 1
        times = 1
        device = 0
        task = 507015

        [[fault]]
        function = "aclrtMallocHost"
        out_of_memory_after = "1 KiB"

        [[fault]]
        function = "aclrtCreateEvent"
        delay = "10 us"
    "#;
    let rig = Rig::with(MockConfig::from_toml(toml).unwrap());
    assert_eq!(allocate(&rig, 3), [0, NO_MEMORY, 0]);
    let block = rig.malloc(64);
    assert_eq!(fill(&rig, block, 1, NULL), 0);
    assert_eq!(rig.synchronize(NULL), CORE_FAULT);
    let mut address = NULL;
    assert_eq!(acl!(rig.aclrtMallocHost(&raw mut address, 1025)), NO_MEMORY);
    made!(rig.aclrtCreateEvent());
}

/// Threads of C programs have the names that the system knows.
#[test]
fn a_rule_can_be_about_a_thread_of_a_c_program() {
    let rig = with(Injection::new("aclrtSetDevice", Effect::Code(507_033)).thread("worker"));
    assert_eq!(
        rig.in_c_thread(c"worker", |rig| acl!(rig.aclrtSetDevice(0))),
        507_033
    );
    assert_eq!(
        rig.in_c_thread(c"other", |rig| acl!(rig.aclrtSetDevice(0))),
        0
    );
}
