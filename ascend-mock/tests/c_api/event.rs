//! Events: records, waits, status and time.

use std::{ptr, thread};

use ascend_mock::{Kind, MockConfig};
use ascend_sys::{aclError, aclrtEventRecordedStatus, aclrtEventStatus, aclrtEventWaitStatus};

use crate::common::{NULL, Raw, Rig, Shared, nap};

pub(crate) const SYNC: u32 = 0x1;
pub(crate) const TIME_LINE: u32 = 0x8;
const EXTERNAL: u32 = 0x20;

/// An event of each maker: plain, with the flag SYNC, and extended.
pub(crate) fn three(rig: &Rig) -> [Raw; 3] {
    [
        made!(rig.aclrtCreateEvent()),
        made!(rig.aclrtCreateEventWithFlag(SYNC)),
        made!(rig.aclrtCreateEventExWithFlag(SYNC)),
    ]
}

pub(crate) fn is_complete(rig: &Rig, event: Raw) -> bool {
    let mut status = aclrtEventRecordedStatus(7);
    assert_eq!(acl!(rig.aclrtQueryEventStatus(event, &raw mut status)), 0);
    status == aclrtEventRecordedStatus::ACL_EVENT_RECORDED_STATUS_COMPLETE
}

pub(crate) fn record(rig: &Rig, event: Raw, stream: Raw) {
    assert_eq!(acl!(rig.aclrtRecordEvent(event, stream)), 0);
}

pub(crate) fn wait(rig: &Rig, stream: Raw, event: Raw) -> aclError {
    acl!(rig.aclrtStreamWaitEvent(stream, event))
}

fn elapsed(rig: &Rig, start: Raw, end: Raw) -> Result<f32, aclError> {
    let mut milliseconds = f32::NAN;
    match acl!(rig.aclrtEventElapsedTime(&raw mut milliseconds, start, end)) {
        0 => Ok(milliseconds),
        code => Err(code),
    }
}

/// SD
#[test]
fn r_147_create_event_needs_a_place_and_a_context() {
    let rig = Rig::bare(MockConfig::default());
    let mut event = NULL;
    assert_eq!(acl!(rig.aclrtCreateEvent(ptr::null_mut())), 100_000);
    assert_eq!(acl!(rig.aclrtCreateEvent(&raw mut event)), 107_002);
}

/// S
#[test]
fn r_148_r_149_flags() {
    let rig = Rig::new();
    let mut event = NULL;
    for flags in [0, 0x40, EXTERNAL | SYNC, 0x10 | TIME_LINE] {
        let code = acl!(rig.aclrtCreateEventWithFlag(&raw mut event, flags));
        assert_eq!(code, 107_000, "{flags:#x}");
    }
    for flags in [SYNC, SYNC | TIME_LINE, 0x4, EXTERNAL, 0x10] {
        made!(rig.aclrtCreateEventWithFlag(flags));
    }
}

/// S
#[test]
fn r_150_flags_of_extended_events() {
    let rig = Rig::new();
    let mut event = NULL;
    for (flags, code) in [(0, 107_000), (EXTERNAL, 107_000), (0x41, 107_000)] {
        let refused = acl!(rig.aclrtCreateEventExWithFlag(&raw mut event, flags));
        assert_eq!(refused, code, "{flags:#x}");
    }
    made!(rig.aclrtCreateEventExWithFlag(SYNC | TIME_LINE | 0x2));
}

/// SD
#[test]
fn r_152_an_unfinished_event_is_destroyed_at_once() {
    let rig = Rig::new();
    let [one, two] = [
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    ];
    let event = made!(rig.aclrtCreateEvent());
    let gate = rig.block(one);
    record(&rig, event, one);
    assert_eq!(wait(&rig, two, event), 0);
    assert_eq!(acl!(rig.aclrtDestroyEvent(NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtDestroyEvent(event)), 0);
    assert_eq!(acl!(rig.aclrtDestroyEvent(event)), 107_017);
    rig.open(gate);
    assert_eq!(rig.synchronize(two), 0, "the wait kept the record");
}

/// S
#[test]
fn r_153_what_record_refuses() {
    let rig = Rig::new();
    let (event, stream) = (
        made!(rig.aclrtCreateEvent()),
        made!(rig.aclrtCreateStream()),
    );
    assert_eq!(acl!(rig.aclrtRecordEvent(NULL, stream)), 100_000);
    assert_eq!(acl!(rig.aclrtRecordEvent(stream, stream)), 107_017);
    assert_eq!(acl!(rig.aclrtRecordEvent(event, event)), 107_017);
    record(&rig, event, NULL);
    let shared = Shared(event);
    let code = rig.elsewhere(|rig| acl!(rig.aclrtRecordEvent(shared.raw(), NULL)));
    assert_eq!(code, 107_002);
    made!(rig.aclrtCreateContext(0));
    assert_eq!(acl!(rig.aclrtRecordEvent(event, stream)), 107_003);
    assert_eq!(wait(&rig, stream, event), 107_003);
}

/// SD
#[test]
fn r_154_waits_keep_the_record_they_saw() {
    let rig = Rig::new();
    let [one, two] = [
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    ];
    let event = made!(rig.aclrtCreateEvent());
    record(&rig, event, one);
    assert_eq!(rig.synchronize(one), 0);
    assert_eq!(wait(&rig, two, event), 0);
    let gate = rig.block(one);
    record(&rig, event, one);
    assert!(!is_complete(&rig, event), "queries see the new record");
    let code = acl!(rig.aclrtSynchronizeStreamWithTimeout(two, 5000));
    assert_eq!(code, 0, "the wait saw the old one");
    rig.open(gate);
    assert_eq!(rig.synchronize(one), 0);
    assert!(is_complete(&rig, event));
}

/// SD
#[test]
fn r_156_reset_is_for_flagged_events() {
    let rig = Rig::new();
    let [plain, flagged, extended] = three(&rig);
    assert_eq!(acl!(rig.aclrtResetEvent(NULL, NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtResetEvent(plain, NULL)), 207_000);
    assert_eq!(acl!(rig.aclrtResetEvent(extended, NULL)), 207_000);
    record(&rig, flagged, NULL);
    assert_eq!(rig.synchronize(NULL), 0);
    assert!(is_complete(&rig, flagged));
    assert_eq!(acl!(rig.aclrtResetEvent(flagged, NULL)), 0);
    assert!(!is_complete(&rig, flagged));
    assert_eq!(rig.synchronize(NULL), 0);
}

/// S
#[test]
fn r_157_status_of_unrecorded_events_depends_on_the_maker() {
    let rig = Rig::new();
    let complete = three(&rig).map(|event| is_complete(&rig, event));
    assert_eq!(complete, [false, false, true]);
    let event = made!(rig.aclrtCreateEvent());
    assert_eq!(
        acl!(rig.aclrtQueryEventStatus(event, ptr::null_mut())),
        100_000
    );
    let mut status = aclrtEventRecordedStatus(7);
    assert_eq!(
        acl!(rig.aclrtQueryEventStatus(NULL, &raw mut status)),
        100_000
    );
}

/// S
#[test]
fn r_158_the_deprecated_query_has_opposite_numbers() {
    let rig = Rig::new();
    let [plain, _, extended] = three(&rig);
    let query = |event| {
        let mut status = aclrtEventStatus(7);
        (acl!(rig.aclrtQueryEvent(event, &raw mut status)), status.0)
    };
    assert_eq!(query(extended).0, 207_000);
    assert_eq!(query(plain), (0, 0), "never recorded");
    let stream = made!(rig.aclrtCreateStream());
    let gate = rig.block(stream);
    record(&rig, plain, stream);
    assert_eq!(query(plain), (0, 1));
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(query(plain), (0, 0));
}

/// SD
#[test]
fn r_160_a_wait_holds_later_work_back_and_not_the_host() {
    let rig = Rig::new();
    let [one, two] = [
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    ];
    let (event, target) = (made!(rig.aclrtCreateEvent()), rig.malloc(8));
    rig.upload(target, &[1; 8]);
    let gate = rig.block(one);
    record(&rig, event, one);
    assert_eq!(wait(&rig, two, NULL), 100_000);
    assert_eq!(wait(&rig, two, event), 0);
    assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, two)), 0);
    nap();
    assert_eq!(rig.download(target, 8), [1; 8]);
    rig.open(gate);
    assert_eq!(rig.synchronize(two), 0);
    assert_eq!(rig.download(target, 8), [7; 8]);
}

/// S
#[test]
fn r_161_waiting_for_an_unrecorded_extended_event_does_nothing() {
    let rig = Rig::new();
    let [.., extended] = three(&rig);
    assert_eq!(wait(&rig, NULL, extended), 0);
    assert_eq!(rig.synchronize(NULL), 0);
}

/// S
#[test]
fn r_162_waiting_ahead_takes_the_flag_sync() {
    let rig = Rig::new();
    let timed = made!(rig.aclrtCreateEventWithFlag(TIME_LINE));
    assert_eq!(wait(&rig, NULL, timed), 107_000);
    let stream = made!(rig.aclrtCreateStream());
    let ahead = made!(rig.aclrtCreateEventWithFlag(SYNC));
    assert_eq!(wait(&rig, stream, ahead), 0);
    assert_eq!(
        acl!(rig.aclrtSynchronizeStreamWithTimeout(stream, 10)),
        507_046
    );
    record(&rig, ahead, NULL);
    assert_eq!(rig.synchronize(stream), 0);
}

/// S
#[test]
fn r_163_wait_on_same_stream_is_noop() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let event = made!(rig.aclrtCreateEvent());
    for stream in [stream, NULL] {
        record(&rig, event, stream);
        assert_eq!(wait(&rig, stream, event), 0);
        assert_eq!(rig.synchronize(stream), 0);
    }
}

/// S
#[test]
fn r_165_synchronize_event_needs_no_context() {
    let rig = Rig::new();
    assert_eq!(acl!(rig.aclrtSynchronizeEvent(NULL)), 100_000);
    for event in three(&rig).map(Shared) {
        let code = rig.elsewhere(|rig| acl!(rig.aclrtSynchronizeEvent(event.raw())));
        assert_eq!(code, 0, "never recorded");
    }
    let external = made!(rig.aclrtCreateEventWithFlag(EXTERNAL));
    assert_eq!(acl!(rig.aclrtSynchronizeEvent(external)), 207_000);
}

/// S
#[test]
fn r_166_synchronize_event_with_timeout() {
    let rig = Rig::new();
    let (stream, event) = (
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateEvent()),
    );
    let synchronize = |event, time| acl!(rig.aclrtSynchronizeEventWithTimeout(event, time));
    assert_eq!(synchronize(NULL, -2), 107_000);
    assert_eq!(synchronize(NULL, 0), 100_000);
    assert_eq!(synchronize(event, 0), 107_000);
    let gate = rig.block(stream);
    record(&rig, event, stream);
    assert_eq!(synchronize(event, 10), 507_047);
    rig.open(gate);
    assert_eq!(synchronize(event, -1), 0);
}

/// S
#[test]
fn r_167_elapsed_time_and_what_it_refuses() {
    let rig = Rig::new();
    let [start, end, untimed] = [
        made!(rig.aclrtCreateEvent()),
        made!(rig.aclrtCreateEventWithFlag(TIME_LINE)),
        made!(rig.aclrtCreateEventWithFlag(SYNC)),
    ];
    assert_eq!(
        acl!(rig.aclrtEventElapsedTime(ptr::null_mut(), start, end)),
        100_000
    );
    assert_eq!(elapsed(&rig, NULL, end), Err(100_000));
    record(&rig, start, NULL);
    assert_eq!(elapsed(&rig, start, end), Err(507_000));
    let stream = made!(rig.aclrtCreateStream());
    let gate = rig.block(stream);
    record(&rig, end, stream);
    record(&rig, untimed, NULL);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(elapsed(&rig, start, end), Err(107_006), "not complete");
    assert_eq!(elapsed(&rig, start, untimed), Err(107_006), "no time line");
    nap();
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 0);
    let time = elapsed(&rig, start, end).unwrap();
    assert!((20.0..5_000.0).contains(&time), "{time} ms");
}

/// S
#[test]
fn r_168_time_is_negative_when_the_end_was_recorded_first() {
    let rig = Rig::new();
    let [start, end] = [
        made!(rig.aclrtCreateEvent()),
        made!(rig.aclrtCreateEventWithFlag(TIME_LINE)),
    ];
    record(&rig, end, NULL);
    assert_eq!(rig.synchronize(NULL), 0);
    nap();
    record(&rig, start, NULL);
    assert_eq!(rig.synchronize(NULL), 0);
    let time = elapsed(&rig, start, end).unwrap();
    assert!(time <= -20.0, "{time} ms");
    assert_eq!(elapsed(&rig, end, start), Ok(-time));
}

/// D (cross-device: I)
#[test]
fn r_172_events_order_streams_of_different_devices() {
    let rig = Rig::with(MockConfig::default().devices(2));
    let (one, event) = (
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateEvent()),
    );
    let gate = rig.block(one);
    record(&rig, event, one);
    assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
    let two = made!(rig.aclrtCreateStream());
    assert_eq!(wait(&rig, two, event), 0);
    assert_eq!(
        acl!(rig.aclrtSynchronizeStreamWithTimeout(two, 10)),
        507_046
    );
    rig.open(gate);
    assert_eq!(rig.synchronize(two), 0);
}

/// The record of a stream that is destroyed by force never comes; its waiters are told.
#[test]
fn an_abandoned_record_fails_its_waiters() {
    let rig = Rig::new();
    let [one, two] = [
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    ];
    let event = made!(rig.aclrtCreateEvent());
    rig.block(one);
    record(&rig, event, one);
    assert_eq!(wait(&rig, two, event), 0);
    assert_eq!(acl!(rig.aclrtDestroyStreamForce(one)), 0);
    assert_eq!(rig.synchronize(two), 507_000);
    assert_eq!(acl!(rig.aclrtSynchronizeEvent(event)), 507_000);
    assert_eq!(rig.lease.ledger().count(Kind::Event), 2);
}

/// D (code I)
#[test]
fn r_151_a_device_has_65536_events_with_flags() {
    let rig = Rig::with(MockConfig::default().devices(2));
    let left = |rig: &Rig| {
        let mut left = 0;
        assert_eq!(acl!(rig.aclrtGetEventAvailNum(&raw mut left)), 0);
        left
    };
    let plain = made!(rig.aclrtCreateEvent());
    assert_eq!(left(&rig), 65_536, "a plain event takes none yet");
    let events: Vec<Raw> = (0..65_536)
        .map(|_| made!(rig.aclrtCreateEventWithFlag(SYNC)))
        .collect();
    assert_eq!(left(&rig), 0);
    let mut refused = NULL;
    let code = acl!(rig.aclrtCreateEventWithFlag(&raw mut refused, SYNC));
    assert_eq!(code, 207_007);
    made!(rig.aclrtCreateEvent());
    rig.elsewhere(|rig| {
        assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
        made!(rig.aclrtCreateEventWithFlag(SYNC));
        assert_eq!(left(rig), 65_535, "of the other device");
    });
    assert_eq!(acl!(rig.aclrtDestroyEvent(events[9])), 0);
    assert_eq!(left(&rig), 1);
    record(&rig, plain, NULL);
    assert_eq!(left(&rig), 0, "the first record took it");
    record(&rig, plain, NULL);
    assert_eq!(rig.synchronize(NULL), 0);
}

/// SD
#[test]
fn r_147_a_first_record_waits_for_a_number() {
    let rig = Rig::new();
    let plain = Shared(made!(rig.aclrtCreateEvent()));
    let events: Vec<Raw> = (0..65_536)
        .map(|_| made!(rig.aclrtCreateEventWithFlag(SYNC)))
        .collect();
    let context = {
        let mut context = NULL;
        assert_eq!(acl!(rig.aclrtGetCurrentContext(&raw mut context)), 0);
        Shared(context)
    };
    thread::scope(|scope| {
        let rig = &rig;
        let recorded = scope.spawn(move || {
            assert_eq!(acl!(rig.aclrtSetCurrentContext(context.raw())), 0);
            acl!(rig.aclrtRecordEvent(plain.raw(), NULL))
        });
        nap();
        assert!(!recorded.is_finished());
        assert_eq!(acl!(rig.aclrtDestroyEvent(events[0])), 0);
        assert_eq!(recorded.join().unwrap(), 0);
    });
}

/// SD
#[test]
fn r_152_an_unfinished_event_keeps_its_number() {
    let rig = Rig::new();
    let left = || {
        let mut left = 0;
        assert_eq!(acl!(rig.aclrtGetEventAvailNum(&raw mut left)), 0);
        left
    };
    let stream = made!(rig.aclrtCreateStream());
    let gate = rig.block(stream);
    let before = left();
    let event = made!(rig.aclrtCreateEvent());
    record(&rig, event, stream);
    assert_eq!(acl!(rig.aclrtDestroyEvent(event)), 0);
    assert_eq!(left(), before - 1);
    rig.open(gate);
    assert_eq!(acl!(rig.aclrtDestroyStream(stream)), 0);
    assert_eq!(left(), before);
}

/// S
#[test]
fn r_159_the_wait_status_is_that_of_the_streams_that_wait() {
    let rig = Rig::new();
    let [plain, flagged, extended] = three(&rig);
    let status = |event| {
        let mut status = aclrtEventWaitStatus(7);
        let code = acl!(rig.aclrtQueryEventWaitStatus(event, &raw mut status));
        (code, status.0)
    };
    assert_eq!(status(NULL).0, 100_000);
    let code = acl!(rig.aclrtQueryEventWaitStatus(plain, ptr::null_mut()));
    assert_eq!(code, 100_000);
    assert_eq!(status(extended).0, 207_000);
    assert_eq!(status(plain), (0, 0), "nobody waits");
    let streams = [(); 2].map(|()| made!(rig.aclrtCreateStream()));
    for stream in streams {
        assert_eq!(wait(&rig, stream, flagged), 0);
    }
    assert_eq!(status(flagged), (0, 1));
    record(&rig, flagged, NULL);
    for stream in streams {
        assert_eq!(rig.synchronize(stream), 0);
    }
    assert_eq!(status(flagged), (0, 0));
}

/// SD
#[test]
fn r_164_a_wait_that_takes_too_long_comes_out_at_synchronize() {
    let rig = Rig::new();
    let event = made!(rig.aclrtCreateEventWithFlag(SYNC));
    let stream = made!(rig.aclrtCreateStream());
    let within = |event, time| acl!(rig.aclrtStreamWaitEventWithTimeout(stream, event, time));
    assert_eq!(within(event, -1), 107_000);
    assert_eq!(within(NULL, 1), 107_000);
    let with_flag =
        |event, time, flag| acl!(rig.aclrtStreamWaitEventWithFlag(stream, event, time, flag));
    assert_eq!(with_flag(NULL, 1, 0), 100_000);
    assert_eq!(with_flag(event, 1, 2), 100_000);
    assert_eq!(within(event, 1), 0);
    assert_eq!(rig.synchronize(stream), 107_019);
    assert_eq!(with_flag(event, 1, 0), 0);
    assert_eq!(rig.synchronize(stream), 107_019);
    for code in [within(event, 0), with_flag(event, 0, 0)] {
        assert_eq!(code, 0, "no limit");
    }
    record(&rig, event, NULL);
    assert_eq!(rig.synchronize(stream), 0);
}

/// SD
#[test]
fn r_169_timestamps_are_microseconds_since_the_device_started() {
    let rig = Rig::new();
    let [plain, untimed, _] = three(&rig);
    let time = |event| {
        let mut time = 0;
        match acl!(rig.aclrtEventGetTimestamp(event, &raw mut time)) {
            0 => Ok(time),
            code => Err(code),
        }
    };
    assert_eq!(time(NULL), Err(100_000));
    let code = acl!(rig.aclrtEventGetTimestamp(plain, ptr::null_mut()));
    assert_eq!(code, 100_000);
    assert_eq!(time(plain), Err(507_000), "never recorded");
    record(&rig, untimed, NULL);
    let stream = made!(rig.aclrtCreateStream());
    let gate = rig.block(stream);
    record(&rig, plain, stream);
    assert_eq!(time(plain), Err(107_006), "not complete");
    nap();
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(time(untimed), Err(107_006), "no time line");
    let first = time(plain).unwrap();
    assert!(
        first >= 20_000,
        "{first}: the device started before the nap"
    );
    record(&rig, plain, stream);
    assert_eq!(rig.synchronize(stream), 0);
    assert!(time(plain).unwrap() >= first);
    let shared = made!(rig.aclrtCreateEventExWithFlag(IPC));
    assert_eq!(time(shared), Err(207_000));
    assert_eq!(elapsed(&rig, plain, shared), Err(207_000));
}

/// S
#[test]
fn r_171_ids_are_the_devices_own() {
    let rig = Rig::new();
    let id = |event| {
        let mut id = 99_999;
        assert_eq!(acl!(rig.aclrtGetEventId(event, &raw mut id)), 0);
        id
    };
    let events = three(&rig);
    let ids = events.map(id);
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    assert_eq!(events.map(id), ids);
    assert_eq!(
        acl!(rig.aclrtGetEventId(events[0], ptr::null_mut())),
        100_000
    );
    let mut id = 0;
    assert_eq!(acl!(rig.aclrtGetEventId(NULL, &raw mut id)), 100_000);
    assert_eq!(acl!(rig.aclrtGetEventAvailNum(ptr::null_mut())), 100_000);
}

pub(crate) const IPC: u32 = 0x40;
