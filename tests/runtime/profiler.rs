//! A profiler that delivers records of 40 bytes in a way of its own: model, start, end, name, flag.

use std::ffi::{c_char, c_int, c_void};
use std::fs::File;
use std::io::Write;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::ptr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use ascend_sys::{
    ProfApi, aclprofAicoreMetrics, aclprofSubscribeConfig, aclprofSubscribeOpAttri,
    aclprofSubscribeOpFlag,
};

pub(super) const RECORD: usize = 40;

/// Where records go, as the one subscription at a time told it.
static PIPE: Mutex<Option<OwnedFd>> = Mutex::new(None);
pub(super) static TURN: Mutex<()> = Mutex::new(());
/// How long it takes to decode a block, in milliseconds.
pub(super) static DELAY: AtomicU64 = AtomicU64::new(0);
/// Whether a subscription cannot be ended.
pub(super) static IS_STUCK: AtomicBool = AtomicBool::new(false);
/// Whether records are of threads.
pub(super) static ARE_THREADS: AtomicBool = AtomicBool::new(false);
/// The configurations that were destroyed.
pub(super) static DESTROYED: AtomicU32 = AtomicU32::new(0);
/// The number of the pipe, as the subscription told it.
pub(super) static NUMBER: AtomicU32 = AtomicU32::new(0);

pub(super) fn api() -> ProfApi {
    ProfApi {
        aclprofCreateSubscribeConfig: Some(create),
        aclprofDestroySubscribeConfig: Some(destroy),
        aclprofModelSubscribe: Some(subscribe),
        aclprofModelUnSubscribe: Some(unsubscribe),
        aclprofGetOpDescSize: Some(size),
        aclprofGetOpNum: Some(count),
        aclprofGetOpNameLen: Some(length),
        aclprofGetOpName: Some(name),
        aclprofGetOpTypeLen: Some(length),
        aclprofGetOpType: Some(name),
        aclprofGetModelId: Some(model),
        aclprofGetOpStart: Some(start),
        aclprofGetOpEnd: Some(end),
        aclprofGetOpDuration: Some(duration),
        aclprofGetOpFlag: Some(flag),
        aclprofGetOpAttriValue: Some(attribute),
        ..ProfApi::EMPTY
    }
}

/// Writes records in pieces that fit nothing, through a copy of the pipe that stays open.
pub(super) fn write(records: u64) {
    let pipe = PIPE.lock().unwrap();
    let mut file = File::from(pipe.as_ref().unwrap().try_clone().unwrap());
    let bytes: Vec<u8> = (0..records).flat_map(record).collect();
    for piece in bytes.chunks(RECORD * 3 + 1) {
        file.write_all(piece).unwrap();
    }
}

fn record(number: u64) -> [u8; RECORD] {
    let mut record = [0; RECORD];
    record[..8].copy_from_slice(&7_u64.to_le_bytes());
    record[8..16].copy_from_slice(&(number * 100).to_le_bytes());
    record[16..24].copy_from_slice(&(number * 100 + 60).to_le_bytes());
    record[24..28].copy_from_slice(if number.is_multiple_of(2) {
        b"even"
    } else {
        b"odd\0"
    });
    record
}

unsafe extern "C" fn create(
    _time: i8,
    _metrics: aclprofAicoreMetrics,
    fd: *mut c_void,
) -> *mut aclprofSubscribeConfig {
    // SAFETY: the safe layer hands over the address of an open file's number.
    let number = unsafe { *fd.cast::<c_int>() };
    // SAFETY: as above.
    let pipe = unsafe { BorrowedFd::borrow_raw(number) };
    NUMBER.store(u32::try_from(number).unwrap(), Ordering::Relaxed);
    *PIPE.lock().unwrap() = Some(pipe.try_clone_to_owned().unwrap());
    ptr::dangling_mut()
}

unsafe extern "C" fn destroy(_config: *const aclprofSubscribeConfig) -> i32 {
    DESTROYED.fetch_add(1, Ordering::Relaxed);
    0
}

unsafe extern "C" fn subscribe(_model: u32, _config: *const aclprofSubscribeConfig) -> i32 {
    0
}

/// Writes what is left, as the real one flushes.
unsafe extern "C" fn unsubscribe(_model: u32) -> i32 {
    if IS_STUCK.load(Ordering::Relaxed) {
        return 500_005;
    }
    write(1);
    0
}

unsafe extern "C" fn size(size: *mut usize) -> i32 {
    // SAFETY: a place for the answer.
    unsafe { *size = RECORD };
    0
}

unsafe extern "C" fn count(_info: *const c_void, bytes: usize, count: *mut u32) -> i32 {
    assert_eq!(bytes % RECORD, 0, "records are whole");
    thread::sleep(Duration::from_millis(DELAY.load(Ordering::Relaxed)));
    // SAFETY: a place for the answer.
    unsafe { *count = u32::try_from(bytes / RECORD).unwrap() };
    0
}

fn field(info: *const c_void, index: u32, at: usize) -> u64 {
    let offset = usize::try_from(index).unwrap() * RECORD + at;
    // SAFETY: the records are whole, and the index is of one of them.
    let place = unsafe { info.cast::<u8>().add(offset) };
    // SAFETY: as above.
    u64::from_le_bytes(unsafe { place.cast::<[u8; 8]>().read() })
}

unsafe extern "C" fn length(_: *const c_void, _: usize, _: u32, length: *mut usize) -> i32 {
    // SAFETY: a place for the answer.
    unsafe { *length = 4 };
    0
}

unsafe extern "C" fn name(
    info: *const c_void,
    _bytes: usize,
    index: u32,
    name: *mut c_char,
    room: usize,
) -> i32 {
    let text = field(info, index, 24).to_le_bytes();
    assert!(room > 4);
    // SAFETY: room for five bytes.
    unsafe { ptr::copy_nonoverlapping(text.as_ptr(), name.cast(), 5) };
    0
}

unsafe extern "C" fn model(info: *const c_void, _: usize, index: u32) -> usize {
    usize::try_from(field(info, index, 0)).unwrap()
}

unsafe extern "C" fn start(info: *const c_void, _: usize, index: u32) -> u64 {
    field(info, index, 8)
}

unsafe extern "C" fn end(info: *const c_void, _: usize, index: u32) -> u64 {
    field(info, index, 16)
}

unsafe extern "C" fn duration(info: *const c_void, _: usize, index: u32) -> u64 {
    field(info, index, 16) - field(info, index, 8)
}

unsafe extern "C" fn flag(_: *const c_void, _: usize, _: u32) -> aclprofSubscribeOpFlag {
    if ARE_THREADS.load(Ordering::Relaxed) {
        aclprofSubscribeOpFlag::ACL_SUBSCRIBE_OP_THREAD
    } else {
        aclprofSubscribeOpFlag::ACL_SUBSCRIBE_OP
    }
}

/// The thread of even records.
unsafe extern "C" fn attribute(
    info: *const c_void,
    _: usize,
    index: u32,
    attribute: aclprofSubscribeOpAttri,
) -> *const c_char {
    assert_eq!(
        attribute,
        aclprofSubscribeOpAttri::ACL_SUBSCRIBE_ATTRI_THREADID
    );
    assert!(
        ARE_THREADS.load(Ordering::Relaxed),
        "only records of threads have one"
    );
    if (field(info, index, 8) / 100).is_multiple_of(2) {
        c"4294967295".as_ptr()
    } else {
        ptr::null()
    }
}
