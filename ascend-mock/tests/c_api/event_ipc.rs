//! Events that several processes share.

use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use std::{env, ptr, thread};

use ascend_mock::MockConfig;
use ascend_sys::{aclError, aclrtIpcEventHandle};

use crate::common::{NULL, Raw, Rig, Shared, nap};
use crate::event::{IPC, is_complete, record, wait};

/// Tells the second process what to open.
const HANDLE_VARIABLE: &str = "ASCEND_MOCK_TEST_EVENTS";

fn ipc_handle(rig: &Rig, event: Raw) -> aclrtIpcEventHandle {
    let mut handle = aclrtIpcEventHandle { reserved: [0; 64] };
    let code = acl!(rig.aclrtIpcGetEventHandle(event, &raw mut handle));
    assert_eq!(code, 0);
    handle
}

fn open_ipc(rig: &Rig, handle: aclrtIpcEventHandle) -> Result<Raw, aclError> {
    let mut event = NULL;
    match acl!(rig.aclrtIpcOpenEventHandle(handle, &raw mut event)) {
        0 => Ok(event),
        code => Err(code),
    }
}

#[test]
fn events_of_several_processes_work_in_one_too() {
    let (one, two) = (Rig::new(), Rig::new());
    let event = made!(one.aclrtCreateEventExWithFlag(IPC));
    let opened = open_ipc(&two, ipc_handle(&one, event)).unwrap();
    assert!(is_complete(&two, opened), "never recorded");
    assert_eq!(wait(&two, NULL, opened), 0);
    assert_eq!(acl!(two.aclrtSynchronizeEvent(opened)), 0);
    let stream = made!(one.aclrtCreateStream());
    let gate = one.block(stream);
    record(&one, event, stream);
    assert!(!is_complete(&two, opened));
    assert_eq!(wait(&two, NULL, opened), 0);
    assert_eq!(
        acl!(two.aclrtSynchronizeEventWithTimeout(opened, 20)),
        507_047
    );
    assert_eq!(
        acl!(two.aclrtSynchronizeStreamWithTimeout(NULL, 20)),
        507_046
    );
    one.open(gate);
    assert_eq!(two.synchronize(NULL), 0);
    assert_eq!(acl!(two.aclrtSynchronizeEvent(opened)), 0);
    assert!(is_complete(&two, opened) && is_complete(&one, event));
    // A record of the other side counts as well; one that is given up is an error.
    let other = made!(two.aclrtCreateStream());
    two.block(other);
    record(&two, opened, other);
    assert!(!is_complete(&one, event));
    assert_eq!(acl!(two.aclrtDestroyStreamForce(other)), 0);
    assert_eq!(acl!(one.aclrtSynchronizeEvent(event)), 507_000);
}

/// How many records of an event may be under way that processes share.
const IPC_RECORDS: usize = 4093;

#[test]
fn records_of_shared_events_do_not_answer_for_each_other() {
    let rig = Rig::new();
    let event = made!(rig.aclrtCreateEventExWithFlag(IPC));
    let streams = [(); 3].map(|()| made!(rig.aclrtCreateStream()));
    let [slow, quick, waits] = streams;
    let gate = rig.block(slow);
    record(&rig, event, slow);
    assert_eq!(wait(&rig, waits, event), 0);
    for _ in 0..2 * IPC_RECORDS {
        record(&rig, event, quick);
        assert_eq!(rig.synchronize(quick), 0);
    }
    assert!(is_complete(&rig, event), "the latest record");
    let code = acl!(rig.aclrtSynchronizeStreamWithTimeout(waits, 20));
    assert_eq!(code, 507_046, "the first record is not over");
    rig.open(gate);
    assert_eq!(rig.synchronize(waits), 0);
}

#[test]
fn a_shared_event_is_recorded_far_ahead_of_its_stream() {
    for strict in [false, true] {
        let rig = Rig::with(MockConfig::default().strict(strict));
        let event = made!(rig.aclrtCreateEventExWithFlag(IPC));
        let [stream, waits] = [(); 2].map(|()| made!(rig.aclrtCreateStream()));
        let gate = rig.block(stream);
        for _ in 0..600 {
            record(&rig, event, stream);
        }
        assert_eq!(wait(&rig, waits, event), 0);
        assert!(!is_complete(&rig, event));
        rig.open(gate);
        assert_eq!(rig.synchronize(waits), 0);
        assert_eq!(rig.synchronize(stream), 0);
        assert!(is_complete(&rig, event));
    }
}

#[test]
fn a_shared_event_without_room_waits_for_a_record() {
    for strict in [false, true] {
        let rig = Rig::with(MockConfig::default().strict(strict));
        let event = made!(rig.aclrtCreateEventExWithFlag(IPC));
        let streams = [(); 3].map(|()| made!(rig.aclrtCreateStream()));
        let gates = streams.map(|stream| rig.block(stream));
        for at in 0..IPC_RECORDS {
            record(&rig, event, streams[at % 3]);
        }
        let (done, is_done) = mpsc::channel();
        let shared = Shared(streams[0]);
        let shared_event = Shared(event);
        thread::scope(|scope| {
            let rig = &rig;
            scope.spawn(move || {
                assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
                record(rig, shared_event.raw(), shared.raw());
                done.send(()).unwrap();
            });
            let early = is_done.recv_timeout(Duration::from_millis(20));
            assert!(early.is_err(), "no record is over");
            rig.open(gates[1]);
            is_done.recv().unwrap();
            assert!(!is_complete(rig, event), "its own stream is not there yet");
            rig.open(gates[0]);
            rig.open(gates[2]);
        });
        for stream in streams {
            assert_eq!(rig.synchronize(stream), 0);
        }
        assert!(is_complete(&rig, event));
    }
}

#[test]
fn what_ipc_events_refuse() {
    let rig = Rig::new();
    let (plain, event) = (
        made!(rig.aclrtCreateEvent()),
        made!(rig.aclrtCreateEventExWithFlag(IPC)),
    );
    let mut handle = aclrtIpcEventHandle { reserved: [1; 64] };
    let get = |event, handle| acl!(rig.aclrtIpcGetEventHandle(event, handle));
    assert_eq!(get(event, ptr::null_mut()), 100_000);
    assert_eq!(get(NULL, &raw mut handle), 100_000);
    assert_eq!(get(plain, &raw mut handle), 107_000);
    let code = acl!(rig.aclrtIpcOpenEventHandle(handle, ptr::null_mut()));
    assert_eq!(code, 100_000);
    assert_eq!(open_ipc(&rig, handle), Err(507_022), "no handle at all");
    let handle = ipc_handle(&rig, event);
    assert_eq!(acl!(rig.aclrtResetEvent(event, NULL)), 207_000);
    assert_eq!(acl!(rig.aclrtDestroyEvent(event)), 0);
    assert_eq!(open_ipc(&rig, handle), Err(507_022), "the event is gone");
}

fn start_second(handles: [aclrtIpcEventHandle; 2]) -> Child {
    let texts = handles.map(|handle| {
        let bytes = handle.reserved.map(|byte| byte.to_ne_bytes()[0]);
        let text = bytes.split(|byte| *byte == 0).next().unwrap();
        String::from_utf8(text.to_vec()).unwrap()
    });
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "event_ipc::the_second_process"])
        .env(HANDLE_VARIABLE, texts.join(" "))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// What [`two_processes_share_events`] runs beside itself.
#[test]
fn the_second_process() {
    let Ok(handles) = env::var(HANDLE_VARIABLE) else {
        return;
    };
    let rig = Rig::new();
    let events: Vec<Raw> = handles
        .split(' ')
        .map(|text| {
            let mut handle = aclrtIpcEventHandle { reserved: [0; 64] };
            for (to, from) in handle.reserved.iter_mut().zip(text.bytes()) {
                *to = std::ffi::c_char::from_ne_bytes([from]);
            }
            open_ipc(&rig, handle).unwrap()
        })
        .collect();
    // The first process has recorded the first event, on a stream that is blocked.
    assert!(!is_complete(&rig, events[0]));
    record(&rig, events[1], NULL);
    assert_eq!(wait(&rig, NULL, events[0]), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    assert!(is_complete(&rig, events[0]));
    assert_eq!(acl!(rig.aclrtSynchronizeEvent(events[0])), 0);
}

#[test]
fn two_processes_share_events() {
    let rig = Rig::new();
    let events = [(); 2].map(|()| made!(rig.aclrtCreateEventExWithFlag(IPC)));
    let stream = made!(rig.aclrtCreateStream());
    let gate = rig.block(stream);
    record(&rig, events[0], stream);
    let mut second = start_second(events.map(|event| ipc_handle(&rig, event)));
    // It says that it saw the record under way; an event that nobody recorded is complete.
    while second.try_wait().unwrap().is_none() {
        if was_recorded(&rig, events[1]) {
            break;
        }
        nap();
    }
    rig.open(gate);
    assert!(second.wait().unwrap().success());
    assert_eq!(rig.synchronize(stream), 0);
}

/// Whether some process has recorded an event: a stream that waits for one then has a task.
fn was_recorded(rig: &Rig, event: Raw) -> bool {
    let stream = made!(rig.aclrtCreateStream());
    let before = last_task(rig);
    assert_eq!(wait(rig, stream, event), 0);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(acl!(rig.aclrtDestroyStream(stream)), 0);
    last_task(rig) != before
}

fn last_task(rig: &Rig) -> u32 {
    let mut task = 0;
    assert_eq!(acl!(rig.aclrtGetThreadLastTaskId(&raw mut task)), 0);
    task
}
