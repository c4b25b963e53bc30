//! Notifies.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, handle, number, opaque, text};
use crate::counter::Condition;
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::notify::Change;

/// The least room for a key.
const KEY_ROOM: usize = 65;

/// Elements that an array of C's may have at most.
const MAX_ELEMENTS: usize = 65_536;

/// Refuses flags that are none of `known`; the runtime layer judges them (107000).
fn check_flags(flags: u64, known: &[i32]) -> Result<(), Fault> {
    if known
        .iter()
        .any(|flag| i64::from(*flag).cast_unsigned() == flags)
    {
        return Ok(());
    }
    Err(Fault::runtime_argument(format!(
        "{flags:#x} is no flag of this call"
    )))
}

/// The elements of an array, copied out.
///
/// # Safety
///
/// `start` is NULL, or that of `count` elements that may be read.
unsafe fn elements<T: Copy>(name: &str, start: *const T, count: usize) -> Result<Vec<T>, Fault> {
    present(name, start)?;
    if count == 0 || count > MAX_ELEMENTS {
        return Err(Fault::runtime_argument(format!(
            "{count} is no number of {name}"
        )));
    }
    // SAFETY: the caller vouches for the elements.
    Ok(unsafe { std::slice::from_raw_parts(start, count) }.to_vec())
}

/// The number of a handle that only the runtime layer looks at: NULL is 107000.
fn runtime_handle<T>(name: &str, raw: *const T) -> Result<u64, Fault> {
    match number(raw) {
        0 => Err(Fault::runtime_argument(format!("{name} is NULL"))),
        number => Ok(number),
    }
}

pub(super) unsafe fn aclrtCreateNotify(
    call: &Entry<'_>,
    notify: *mut aclrtNotify,
    flag: u64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("notify", notify) }?;
    check_flags(flag, &[ACL_NOTIFY_DEFAULT, ACL_NOTIFY_DEVICE_USE_ONLY])?;
    place.set(opaque(call.create_notify()?));
    Ok(())
}

pub(super) unsafe fn aclrtDestroyNotify(
    call: &Entry<'_>,
    notify: aclrtNotify,
) -> Result<(), Fault> {
    call.destroy_notify(handle("notify", notify)?)
}

pub(super) unsafe fn aclrtGetNotifyId(
    call: &Entry<'_>,
    notify: aclrtNotify,
    notifyId: *mut u32,
) -> Result<(), Fault> {
    let notify = handle("notify", notify)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("notifyId", notifyId) }?;
    place.set(call.notify_id(notify)?);
    Ok(())
}

pub(super) unsafe fn aclrtRecordNotify(
    call: &Entry<'_>,
    notify: aclrtNotify,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.record_notify(handle("notify", notify)?, number(stream))
}

pub(super) unsafe fn aclrtWaitAndResetNotify(
    call: &Entry<'_>,
    notify: aclrtNotify,
    stream: aclrtStream,
    timeout: u32,
) -> Result<(), Fault> {
    call.wait_for_notify(handle("notify", notify)?, number(stream), timeout)
}

pub(super) unsafe fn aclrtNotifyBatchReset(
    call: &Entry<'_>,
    notifies: *mut aclrtNotify,
    num: usize,
) -> Result<(), Fault> {
    // SAFETY: an array that is not NULL has `num` handles.
    let notifies = unsafe { elements("notifies", notifies.cast_const(), num) }?;
    let notifies = notifies
        .into_iter()
        .map(|notify| runtime_handle("a notify", notify))
        .collect::<Result<Vec<u64>, _>>()?;
    call.reset_notifies(&notifies)
}

pub(super) unsafe fn aclrtNotifyGetExportKey(
    call: &Entry<'_>,
    notify: aclrtNotify,
    key: *mut c_char,
    len: usize,
    flags: u64,
) -> Result<(), Fault> {
    let notify = handle("notify", notify)?;
    present("key", key)?;
    if len < KEY_ROOM {
        return Err(Fault::runtime_argument(format!(
            "len {len} leaves no room for a key, which takes {KEY_ROOM} bytes"
        )));
    }
    let open = ACL_RT_NOTIFY_EXPORT_FLAG_DISABLE_PID_VALIDATION;
    check_flags(flags, &[ACL_RT_NOTIFY_EXPORT_FLAG_DEFAULT, open])?;
    let text = call.export_notify(notify, flags == i64::from(open).cast_unsigned())?;
    // SAFETY: the key is shorter than the room that was checked, and C vouches for that.
    let room = unsafe { std::slice::from_raw_parts_mut(key.cast::<u8>(), text.len() + 1) };
    let (end, start) = room.split_last_mut().ok_or_else(|| Fault::null("key"))?;
    start.copy_from_slice(text.as_bytes());
    *end = 0;
    Ok(())
}

pub(super) unsafe fn aclrtNotifyImportByKey(
    call: &Entry<'_>,
    notify: *mut aclrtNotify,
    key: *const c_char,
    flags: u64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("notify", notify) }?;
    // SAFETY: NULL, or a text that ends with a zero byte.
    let key = unsafe { text("key", key) }?;
    check_flags(
        flags,
        &[
            ACL_RT_NOTIFY_IMPORT_FLAG_DEFAULT,
            ACL_RT_NOTIFY_IMPORT_FLAG_ENABLE_PEER_ACCESS,
        ],
    )?;
    place.set(opaque(call.import_notify(&key.to_string_lossy())?));
    Ok(())
}

pub(super) unsafe fn aclrtNotifySetImportPid(
    call: &Entry<'_>,
    notify: aclrtNotify,
    pid: *mut i32,
    num: usize,
) -> Result<(), Fault> {
    let notify = handle("notify", notify)?;
    // SAFETY: an array that is not NULL has `num` elements.
    let processes = unsafe { elements("pid", pid.cast_const(), num) }?;
    call.admit_to_notify(notify, &processes)
}

/// Servers that are joined into one are nothing that one machine could imitate.
pub(super) unsafe fn aclrtNotifySetImportPidInterServer(
    call: &Entry<'_>,
    notify: aclrtNotify,
    serverPids: *mut aclrtServerPid,
    _num: usize,
) -> Result<(), Fault> {
    call.notify_id(runtime_handle("notify", notify)?)?;
    present("serverPids", serverPids)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCntNotifyCreate(
    call: &Entry<'_>,
    cntNotify: *mut aclrtCntNotify,
    flag: u64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("cntNotify", cntNotify) };
    let place = place.map_err(|_| Fault::runtime_argument("cntNotify is NULL"))?;
    check_flags(flag, &[ACL_NOTIFY_DEFAULT, ACL_NOTIFY_DEVICE_USE_ONLY])?;
    place.set(opaque(call.create_count_notify()?));
    Ok(())
}

pub(super) unsafe fn aclrtCntNotifyDestroy(
    call: &Entry<'_>,
    cntNotify: aclrtCntNotify,
) -> Result<(), Fault> {
    call.destroy_count_notify(runtime_handle("cntNotify", cntNotify)?)
}

pub(super) unsafe fn aclrtCntNotifyGetId(
    call: &Entry<'_>,
    cntNotify: aclrtCntNotify,
    notifyId: *mut u32,
) -> Result<(), Fault> {
    let notify = runtime_handle("cntNotify", cntNotify)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("notifyId", notifyId) };
    let place = place.map_err(|_| Fault::runtime_argument("notifyId is NULL"))?;
    place.set(call.count_notify_id(notify)?);
    Ok(())
}

pub(super) unsafe fn aclrtCntNotifyRecord(
    call: &Entry<'_>,
    cntNotify: aclrtCntNotify,
    stream: aclrtStream,
    info: *mut aclrtCntNotifyRecordInfo,
) -> Result<(), Fault> {
    present("info", info)?;
    // SAFETY: an information that is not NULL may be read.
    let aclrtCntNotifyRecordInfo { mode, value } = unsafe { info.read() };
    let change = match mode {
        aclrtCntNotifyRecordMode::ACL_RT_CNT_NOTIFY_RECORD_SET_VALUE_MODE => Change::Set(value),
        aclrtCntNotifyRecordMode::ACL_RT_CNT_NOTIFY_RECORD_ADD_MODE => Change::Add(value),
        aclrtCntNotifyRecordMode::ACL_RT_CNT_NOTIFY_RECORD_BIT_OR_MODE => Change::Or(value),
        aclrtCntNotifyRecordMode::ACL_RT_CNT_NOTIFY_RECORD_BIT_AND_MODE => Change::And(value),
        mode => {
            let text = format!("{} is no mode of a record", mode.0);
            return Err(Fault::runtime_argument(text));
        }
    };
    let notify = runtime_handle("cntNotify", cntNotify)?;
    call.change_count(notify, number(stream), change)
}

pub(super) unsafe fn aclrtCntNotifyReset(
    call: &Entry<'_>,
    cntNotify: aclrtCntNotify,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let notify = runtime_handle("cntNotify", cntNotify)?;
    call.change_count(notify, number(stream), Change::Set(0))
}

pub(super) unsafe fn aclrtCntNotifyWaitWithTimeout(
    call: &Entry<'_>,
    cntNotify: aclrtCntNotify,
    stream: aclrtStream,
    info: *mut aclrtCntNotifyWaitInfo,
) -> Result<(), Fault> {
    present("info", info)?;
    // SAFETY: an information that is not NULL may be read.
    let info = unsafe { info.read() };
    let value = info.value;
    let condition = match info.mode {
        aclrtCntNotifyWaitMode::ACL_RT_CNT_NOTIFY_WAIT_LESS_MODE => Condition::Less(value),
        aclrtCntNotifyWaitMode::ACL_RT_CNT_NOTIFY_WAIT_EQUAL_MODE => Condition::Equal(value),
        aclrtCntNotifyWaitMode::ACL_RT_CNT_NOTIFY_WAIT_BIGGER_MODE => Condition::Bigger(value),
        aclrtCntNotifyWaitMode::ACL_RT_CNT_NOTIFY_WAIT_BIGGER_OR_EQUAL_MODE => {
            Condition::BiggerOrEqual(value)
        }
        aclrtCntNotifyWaitMode::ACL_RT_CNT_NOTIFY_WAIT_EQUAL_WITH_BITMASK_MODE => {
            Condition::Bits(value)
        }
        mode => {
            let text = format!("{} is no mode of a wait", mode.0);
            return Err(Fault::runtime_argument(text));
        }
    };
    let notify = runtime_handle("cntNotify", cntNotify)?;
    call.wait_for_count(
        notify,
        number(stream),
        condition,
        info.isClear != 0,
        info.timeout,
    )
}
