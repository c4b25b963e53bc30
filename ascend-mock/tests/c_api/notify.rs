//! Notifies and count notifies, in one process and in two.

use std::ffi::CString;
use std::process::{Child, Command, Stdio};
use std::{env, ptr};

use ascend_mock::{Kind, MockConfig};
use ascend_sys::{
    aclError, aclrtCntNotifyRecordInfo, aclrtCntNotifyRecordMode, aclrtCntNotifyWaitInfo,
    aclrtCntNotifyWaitMode,
};

use crate::common::{NULL, Raw, Rig, nap};

/// The room that a key needs.
const KEY: usize = 65;

/// Tells the second process what to open.
const KEYS_VARIABLE: &str = "ASCEND_MOCK_TEST_NOTIFIES";

/// How often the two processes wait for each other.
const ROUNDS: usize = 20;

fn is_idle(rig: &Rig, stream: Raw) -> bool {
    acl!(rig.aclrtSynchronizeStreamWithTimeout(stream, 30)) == 0
}

fn wait(rig: &Rig, notify: Raw, stream: Raw) {
    assert_eq!(acl!(rig.aclrtWaitAndResetNotify(notify, stream, 0)), 0);
}

fn record(rig: &Rig, notify: Raw, stream: Raw) {
    assert_eq!(acl!(rig.aclrtRecordNotify(notify, stream)), 0);
}

fn export(rig: &Rig, notify: Raw, flags: u64) -> CString {
    let mut key = vec![0xFF_u8; KEY];
    let place = key.as_mut_ptr().cast();
    assert_eq!(
        acl!(rig.aclrtNotifyGetExportKey(notify, place, KEY, flags)),
        0
    );
    let end = key.iter().position(|byte| *byte == 0).unwrap();
    CString::new(&key[..end]).unwrap()
}

fn import(rig: &Rig, key: &CString) -> Result<Raw, aclError> {
    let mut notify = NULL;
    match acl!(rig.aclrtNotifyImportByKey(&raw mut notify, key.as_ptr(), 0)) {
        0 => Ok(notify),
        code => Err(code),
    }
}

/// SD
#[test]
fn r_304_what_notifies_refuse() {
    let rig = Rig::new();
    let (notify, stream) = (
        made!(rig.aclrtCreateNotify(0)),
        made!(rig.aclrtCreateStream()),
    );
    assert_eq!(acl!(rig.aclrtCreateNotify(ptr::null_mut(), 0)), 100_000);
    assert_eq!(acl!(rig.aclrtRecordNotify(NULL, stream)), 100_000);
    assert_eq!(acl!(rig.aclrtWaitAndResetNotify(NULL, stream, 0)), 100_000);
    assert_eq!(acl!(rig.aclrtDestroyNotify(NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtGetNotifyId(notify, ptr::null_mut())), 100_000);
    assert_eq!(acl!(rig.aclrtRecordNotify(stream, stream)), 107_017);
    made!(rig.aclrtCreateContext(0));
    assert_eq!(acl!(rig.aclrtRecordNotify(notify, stream)), 107_003);
    assert_eq!(
        acl!(rig.aclrtWaitAndResetNotify(notify, stream, 0)),
        107_003
    );
    assert_eq!(acl!(rig.aclrtDestroyNotify(notify)), 0);
    assert_eq!(acl!(rig.aclrtDestroyNotify(notify)), 107_017);
    assert_eq!(acl!(rig.aclrtRecordNotify(notify, NULL)), 107_017);
    let bare = Rig::bare(MockConfig::default());
    let mut made = NULL;
    assert_eq!(acl!(bare.aclrtCreateNotify(&raw mut made, 0)), 107_002);
}

/// SD
#[test]
fn r_304_a_null_stream_is_the_default_stream() {
    let rig = Rig::new();
    let notify = made!(rig.aclrtCreateNotify(0));
    record(&rig, notify, NULL);
    wait(&rig, notify, NULL);
    assert_eq!(rig.synchronize(NULL), 0);
}

#[test]
fn a_wait_takes_the_mark_away() {
    let rig = Rig::new();
    let (one, two) = (
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    );
    let notify = made!(rig.aclrtCreateNotify(1));
    wait(&rig, notify, two);
    assert!(!is_idle(&rig, two));
    record(&rig, notify, one);
    assert_eq!(rig.synchronize(two), 0);
    wait(&rig, notify, two);
    assert!(!is_idle(&rig, two), "the first wait reset it");
    record(&rig, notify, one);
    assert_eq!(rig.synchronize(two), 0);
    record(&rig, notify, one);
    record(&rig, notify, one);
    assert_eq!(rig.synchronize(one), 0);
    wait(&rig, notify, two);
    wait(&rig, notify, two);
    assert!(!is_idle(&rig, two), "two records make one mark");
    record(&rig, notify, one);
    assert_eq!(rig.synchronize(two), 0);
}

#[test]
fn of_two_streams_that_wait_one_goes_on() {
    let rig = Rig::new();
    let streams: [Raw; 2] = std::array::from_fn(|_| made!(rig.aclrtCreateStream()));
    let notify = made!(rig.aclrtCreateNotify(0));
    for stream in streams {
        wait(&rig, notify, stream);
    }
    nap();
    record(&rig, notify, NULL);
    let went_on = loop {
        let idle = streams.map(|stream| is_idle(&rig, stream));
        if idle.contains(&true) {
            break idle;
        }
    };
    assert!(went_on.contains(&false));
    record(&rig, notify, NULL);
    assert_eq!(streams.map(|stream| rig.synchronize(stream)), [0, 0]);
}

/// D
#[test]
fn r_304_a_wait_that_takes_too_long_comes_out_at_synchronize() {
    let rig = Rig::new();
    let (stream, notify) = (
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateNotify(0)),
    );
    assert_eq!(acl!(rig.aclrtWaitAndResetNotify(notify, stream, 1)), 0);
    assert_eq!(rig.synchronize(stream), 107_019);
    assert!(rig.message().unwrap().contains("EE1002"));
}

#[test]
fn a_reset_takes_marks_away_at_once() {
    let rig = Rig::new();
    let (one, two) = (
        made!(rig.aclrtCreateNotify(0)),
        made!(rig.aclrtCreateNotify(0)),
    );
    for notify in [one, two] {
        record(&rig, notify, NULL);
    }
    assert_eq!(rig.synchronize(NULL), 0);
    let mut both = [one, two];
    let reset = |start, count| acl!(rig.aclrtNotifyBatchReset(start, count));
    assert_eq!(reset(ptr::null_mut(), 2), 100_000);
    assert_eq!(reset(both.as_mut_ptr(), 0), 107_000);
    assert_eq!(reset(both.as_mut_ptr(), 2), 0);
    for notify in both {
        let stream = made!(rig.aclrtCreateStream());
        wait(&rig, notify, stream);
        assert!(!is_idle(&rig, stream));
        record(&rig, notify, NULL);
        assert_eq!(rig.synchronize(stream), 0);
    }
    assert_eq!(acl!(rig.aclrtDestroyNotify(two)), 0);
    record(&rig, one, NULL);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(reset(both.as_mut_ptr(), 2), 107_017);
    wait(&rig, one, NULL);
    assert_eq!(rig.synchronize(NULL), 0, "a refused reset resets none");
}

#[test]
fn notifies_have_ids_of_their_own_and_belong_to_the_program() {
    let rig = Rig::new();
    let id = |notify| {
        let mut id = 77;
        assert_eq!(acl!(rig.aclrtGetNotifyId(notify, &raw mut id)), 0);
        id
    };
    let (one, two) = (
        made!(rig.aclrtCreateNotify(0)),
        made!(rig.aclrtCreateNotify(0)),
    );
    assert_ne!(id(one), id(two));
    let mut refused = NULL;
    assert_eq!(acl!(rig.aclrtCreateNotify(&raw mut refused, 2)), 107_000);
    assert_eq!(rig.lease.ledger().count(Kind::Notify), 2);
    for notify in [one, two] {
        assert_eq!(acl!(rig.aclrtDestroyNotify(notify)), 0);
    }
    assert_eq!(rig.lease.ledger().count(Kind::Notify), 0);
    let notifies: Vec<Raw> = (0..8192).map(|_| made!(rig.aclrtCreateNotify(0))).collect();
    assert_eq!(acl!(rig.aclrtCreateNotify(&raw mut refused, 0)), 207_009);
    assert_eq!(acl!(rig.aclrtDestroyNotify(notifies[7])), 0);
    made!(rig.aclrtCreateNotify(0));
}

#[test]
fn an_imported_notify_is_the_same_mark() {
    let (exporter, importer) = (Rig::new(), Rig::new());
    let notify = made!(exporter.aclrtCreateNotify(0));
    let stream = made!(exporter.aclrtCreateStream());
    wait(&exporter, notify, stream);
    assert!(!is_idle(&exporter, stream), "the wait is under way");
    let key = export(&exporter, notify, 2);
    assert_eq!(export(&exporter, notify, 2), key);
    let same = import(&importer, &key).unwrap();
    record(&importer, same, NULL);
    assert_eq!(exporter.synchronize(stream), 0);
    wait(&importer, same, NULL);
    assert!(!is_idle(&importer, NULL));
    record(&exporter, notify, stream);
    assert_eq!(importer.synchronize(NULL), 0);
    assert_eq!(acl!(exporter.aclrtDestroyNotify(notify)), 0);
    assert_eq!(exporter.synchronize(stream), 0);
    assert_eq!(acl!(importer.aclrtDestroyNotify(same)), 0);
}

#[test]
fn what_exports_and_imports_refuse() {
    let rig = Rig::new();
    let notify = made!(rig.aclrtCreateNotify(0));
    let mut room = [0_u8; KEY];
    let place = room.as_mut_ptr().cast();
    let get =
        |notify, place, len, flags| acl!(rig.aclrtNotifyGetExportKey(notify, place, len, flags));
    assert_eq!(get(NULL, place, KEY, 0), 100_000);
    assert_eq!(get(notify, ptr::null_mut(), KEY, 0), 100_000);
    assert_eq!(get(notify, place, KEY - 1, 0), 107_000);
    assert_eq!(get(notify, place, KEY, 1), 107_000);
    let admit = |notify, processes: &mut [i32]| {
        let (start, count) = (processes.as_mut_ptr(), processes.len());
        acl!(rig.aclrtNotifySetImportPid(notify, start, count))
    };
    let own = std::process::id().cast_signed();
    assert_eq!(admit(notify, &mut [own]), 107_000, "there is no key yet");
    let key = export(&rig, notify, 0);
    assert_eq!(import(&rig, &key), Err(207_006), "nobody is admitted");
    assert_eq!(admit(notify, &mut []), 107_000);
    assert_eq!(admit(notify, &mut [-1]), 107_000);
    assert_eq!(admit(notify, &mut [1, own]), 0);
    let imported = import(&rig, &key).unwrap();
    let mut made = NULL;
    let code = acl!(rig.aclrtNotifyImportByKey(ptr::null_mut(), key.as_ptr(), 0));
    assert_eq!(code, 100_000);
    let code = acl!(rig.aclrtNotifyImportByKey(&raw mut made, ptr::null(), 0));
    assert_eq!(code, 100_000);
    let code = acl!(rig.aclrtNotifyImportByKey(&raw mut made, key.as_ptr(), 1));
    assert_eq!(code, 107_000);
    assert_eq!(import(&rig, &c"no key at all".to_owned()), Err(507_022));
    for notify in [notify, imported] {
        assert_eq!(acl!(rig.aclrtDestroyNotify(notify)), 0);
    }
    assert_eq!(import(&rig, &key), Err(507_022), "the notify is gone");
}

fn start_second(go: &CString, back: &CString) -> Child {
    let (go, back) = (go.to_str().unwrap(), back.to_str().unwrap());
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "notify::the_second_process"])
        .env(KEYS_VARIABLE, format!("{go} {back}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What [`two_processes_hand_a_mark_back_and_forth`] runs beside itself.
#[test]
fn the_second_process() {
    let Ok(keys) = env::var(KEYS_VARIABLE) else {
        return;
    };
    let rig = Rig::new();
    let notifies = keys.split(' ').map(|key| CString::new(key).unwrap());
    let notifies: Vec<Raw> = notifies.map(|key| import(&rig, &key).unwrap()).collect();
    for _ in 0..ROUNDS {
        wait(&rig, notifies[0], NULL);
        record(&rig, notifies[1], NULL);
        assert_eq!(rig.synchronize(NULL), 0);
    }
}

#[test]
fn two_processes_hand_a_mark_back_and_forth() {
    let rig = Rig::new();
    let (go, back) = (
        made!(rig.aclrtCreateNotify(0)),
        made!(rig.aclrtCreateNotify(0)),
    );
    let refused = start_second(&export(&rig, go, 0), &export(&rig, back, 0)).wait();
    assert!(!refused.unwrap().success(), "the process is not admitted");
    let mut second = start_second(&export(&rig, go, 2), &export(&rig, back, 2));
    for _ in 0..ROUNDS {
        record(&rig, go, NULL);
        wait(&rig, back, NULL);
        assert_eq!(rig.synchronize(NULL), 0);
    }
    assert!(second.wait().unwrap().success());
}

fn change(rig: &Rig, notify: Raw, mode: aclrtCntNotifyRecordMode, value: u32) -> aclError {
    let mut info = aclrtCntNotifyRecordInfo { mode, value };
    acl!(rig.aclrtCntNotifyRecord(notify, NULL, &raw mut info))
}

fn await_count(
    rig: &Rig,
    notify: Raw,
    mode: aclrtCntNotifyWaitMode,
    value: u32,
    clears: bool,
    timeout: u32,
) -> Raw {
    let stream = made!(rig.aclrtCreateStream());
    let mut info = aclrtCntNotifyWaitInfo {
        mode,
        value,
        timeout,
        isClear: clears.into(),
        rsv: [0; 3],
    };
    let code = acl!(rig.aclrtCntNotifyWaitWithTimeout(notify, stream, &raw mut info));
    assert_eq!(code, 0);
    stream
}

#[test]
fn count_notifies_are_changed_and_awaited_in_every_mode() {
    type Record = aclrtCntNotifyRecordMode;
    type Wait = aclrtCntNotifyWaitMode;
    let rig = Rig::new();
    let notify = made!(rig.aclrtCntNotifyCreate(0));
    let check = |mode, value, holds: bool| {
        let stream = await_count(&rig, notify, mode, value, false, 0);
        if holds {
            assert_eq!(rig.synchronize(stream), 0);
        } else {
            assert!(!is_idle(&rig, stream), "{mode:?} {value}");
        }
        assert_eq!(acl!(rig.aclrtDestroyStreamForce(stream)), 0);
    };
    let steps = [
        (Record::ACL_RT_CNT_NOTIFY_RECORD_SET_VALUE_MODE, 12, 12),
        (Record::ACL_RT_CNT_NOTIFY_RECORD_ADD_MODE, 3, 15),
        (Record::ACL_RT_CNT_NOTIFY_RECORD_BIT_AND_MODE, 6, 6),
        (Record::ACL_RT_CNT_NOTIFY_RECORD_BIT_OR_MODE, 9, 15),
    ];
    for (mode, operand, value) in steps {
        assert_eq!(change(&rig, notify, mode, operand), 0);
        assert_eq!(rig.synchronize(NULL), 0);
        check(Wait::ACL_RT_CNT_NOTIFY_WAIT_EQUAL_MODE, value, true);
    }
    let cases = [
        (Wait::ACL_RT_CNT_NOTIFY_WAIT_LESS_MODE, 16, true),
        (Wait::ACL_RT_CNT_NOTIFY_WAIT_LESS_MODE, 15, false),
        (Wait::ACL_RT_CNT_NOTIFY_WAIT_EQUAL_MODE, 14, false),
        (Wait::ACL_RT_CNT_NOTIFY_WAIT_BIGGER_MODE, 14, true),
        (Wait::ACL_RT_CNT_NOTIFY_WAIT_BIGGER_MODE, 15, false),
        (Wait::ACL_RT_CNT_NOTIFY_WAIT_BIGGER_OR_EQUAL_MODE, 15, true),
        (Wait::ACL_RT_CNT_NOTIFY_WAIT_BIGGER_OR_EQUAL_MODE, 16, false),
        (
            Wait::ACL_RT_CNT_NOTIFY_WAIT_EQUAL_WITH_BITMASK_MODE,
            5,
            true,
        ),
        (
            Wait::ACL_RT_CNT_NOTIFY_WAIT_EQUAL_WITH_BITMASK_MODE,
            17,
            false,
        ),
    ];
    for (mode, value, holds) in cases {
        check(mode, value, holds);
    }
    let stream = await_count(
        &rig,
        notify,
        Wait::ACL_RT_CNT_NOTIFY_WAIT_EQUAL_MODE,
        15,
        true,
        0,
    );
    assert_eq!(rig.synchronize(stream), 0);
    check(Wait::ACL_RT_CNT_NOTIFY_WAIT_EQUAL_MODE, 0, true);
    assert_eq!(
        change(&rig, notify, Record::ACL_RT_CNT_NOTIFY_RECORD_ADD_MODE, 5),
        0
    );
    assert_eq!(acl!(rig.aclrtCntNotifyReset(notify, NULL)), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    check(Wait::ACL_RT_CNT_NOTIFY_WAIT_EQUAL_MODE, 0, true);
    let late = await_count(
        &rig,
        notify,
        Wait::ACL_RT_CNT_NOTIFY_WAIT_EQUAL_MODE,
        1,
        false,
        1,
    );
    assert_eq!(rig.synchronize(late), 107_019);
}

#[test]
fn what_count_notifies_refuse() {
    let rig = Rig::new();
    let notify = made!(rig.aclrtCntNotifyCreate(0));
    let code = acl!(rig.aclrtCntNotifyCreate(ptr::null_mut(), 0));
    assert_eq!(code, 107_000);
    assert_eq!(change(&rig, NULL, aclrtCntNotifyRecordMode(1), 1), 107_000);
    assert_eq!(
        change(&rig, notify, aclrtCntNotifyRecordMode(3), 1),
        107_000
    );
    let code = acl!(rig.aclrtCntNotifyRecord(notify, NULL, ptr::null_mut()));
    assert_eq!(code, 100_000);
    let mut info = aclrtCntNotifyWaitInfo {
        mode: aclrtCntNotifyWaitMode(5),
        value: 0,
        timeout: 0,
        isClear: 0,
        rsv: [0; 3],
    };
    let code = acl!(rig.aclrtCntNotifyWaitWithTimeout(notify, NULL, &raw mut info));
    assert_eq!(code, 107_000);
    let mut id = 77;
    assert_eq!(acl!(rig.aclrtCntNotifyGetId(notify, &raw mut id)), 0);
    assert_ne!(id, 77);
    let plain = made!(rig.aclrtCreateNotify(0));
    assert_eq!(acl!(rig.aclrtCntNotifyGetId(plain, &raw mut id)), 107_017);
    assert_eq!(acl!(rig.aclrtCntNotifyDestroy(notify)), 0);
    assert_eq!(acl!(rig.aclrtCntNotifyDestroy(notify)), 107_017);
}
