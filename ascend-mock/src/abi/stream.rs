//! Streams.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, check_timeout, deadline, handle, number, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::sync::Deadline;

pub(super) unsafe fn aclrtCreateStream(
    call: &Entry<'_>,
    stream: *mut aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("stream", stream) }?;
    place.set(opaque(call.create_stream(0)?));
    Ok(())
}

/// Priorities out of range would be clamped, and flags that are unknown are ignored: the
/// CPU device has one priority.
pub(super) unsafe fn aclrtCreateStreamWithConfig(
    call: &Entry<'_>,
    stream: *mut aclrtStream,
    _priority: u32,
    flags: u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("stream", stream) }?;
    place.set(opaque(call.create_stream(flags)?));
    Ok(())
}

pub(super) unsafe fn aclrtDestroyStream(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.destroy_stream(handle("stream", stream)?, false)
}

pub(super) unsafe fn aclrtDestroyStreamForce(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.destroy_stream(handle("stream", stream)?, true)
}

pub(super) unsafe fn aclrtSynchronizeStream(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.synchronize_stream(number(stream), Deadline::NEVER)
}

pub(super) unsafe fn aclrtSynchronizeStreamWithTimeout(
    call: &Entry<'_>,
    stream: aclrtStream,
    milliseconds: i32,
) -> Result<(), Fault> {
    check_timeout(milliseconds)?;
    call.check_stream_handle(number(stream))?;
    call.synchronize_stream(number(stream), deadline(milliseconds)?)
}

pub(super) unsafe fn aclrtStreamQuery(
    call: &Entry<'_>,
    stream: aclrtStream,
    status: *mut aclrtStreamStatus,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("status", status) }?;
    place.set(match call.is_stream_idle(number(stream))? {
        true => aclrtStreamStatus::ACL_STREAM_STATUS_COMPLETE,
        false => aclrtStreamStatus::ACL_STREAM_STATUS_NOT_READY,
    });
    Ok(())
}

pub(super) unsafe fn aclrtStreamGetId(
    call: &Entry<'_>,
    stream: aclrtStream,
    id: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("streamId", id) }?;
    place.set(call.any_stream(number(stream))?.id.cast_signed());
    Ok(())
}

pub(super) unsafe fn aclrtActiveStream(
    call: &Entry<'_>,
    _activeStream: aclrtStream,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtCacheLastTaskExtendInfo(
    call: &Entry<'_>,
    extendInfoPtr: *const c_char,
    _infoSize: usize,
) -> Result<(), Fault> {
    present("extendInfoPtr", extendInfoPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCacheLastTaskOpInfo(
    call: &Entry<'_>,
    infoPtr: *const c_void,
    _infoSize: usize,
) -> Result<(), Fault> {
    present("infoPtr", infoPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCreateStreamConfigHandle(
    call: &Entry<'_>,
) -> Result<*mut aclrtStreamConfigHandle, Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtCreateStreamV2(
    call: &Entry<'_>,
    stream: *mut aclrtStream,
    handle: *const aclrtStreamConfigHandle,
) -> Result<(), Fault> {
    present("stream", stream)?;
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDestroyStreamConfigHandle(
    call: &Entry<'_>,
    handle: *mut aclrtStreamConfigHandle,
) -> Result<(), Fault> {
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDeviceGetStreamPriorityRange(
    call: &Entry<'_>,
    leastPriority: *mut i32,
    greatestPriority: *mut i32,
) -> Result<(), Fault> {
    present("leastPriority", leastPriority)?;
    present("greatestPriority", greatestPriority)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetStreamAttribute(
    call: &Entry<'_>,
    _stream: aclrtStream,
    _stmAttrType: aclrtStreamAttr,
    value: *mut aclrtStreamAttrValue,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetStreamAvailableNum(
    call: &Entry<'_>,
    streamCount: *mut u32,
) -> Result<(), Fault> {
    present("streamCount", streamCount)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetStreamOverflowSwitch(
    call: &Entry<'_>,
    _stream: aclrtStream,
    flag: *mut u32,
) -> Result<(), Fault> {
    present("flag", flag)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetStreamResLimit(
    call: &Entry<'_>,
    _stream: aclrtStream,
    _type_: aclrtDevResLimitType,
    value: *mut u32,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetThreadLastTaskId(
    call: &Entry<'_>,
    taskId: *mut u32,
) -> Result<(), Fault> {
    present("taskId", taskId)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtPersistentTaskClean(
    call: &Entry<'_>,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtProfTrace(
    call: &Entry<'_>,
    userdata: *mut c_void,
    _length: i32,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("userdata", userdata)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtResetStreamResLimit(
    call: &Entry<'_>,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSetStreamAttribute(
    call: &Entry<'_>,
    _stream: aclrtStream,
    _stmAttrType: aclrtStreamAttr,
    value: *mut aclrtStreamAttrValue,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSetStreamConfigOpt(
    call: &Entry<'_>,
    handle: *mut aclrtStreamConfigHandle,
    _attr: aclrtStreamConfigAttr,
    attrValue: *const c_void,
    _valueSize: usize,
) -> Result<(), Fault> {
    present("handle", handle)?;
    present("attrValue", attrValue)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSetStreamFailureMode(
    call: &Entry<'_>,
    _stream: aclrtStream,
    _mode: u64,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSetStreamOverflowSwitch(
    call: &Entry<'_>,
    _stream: aclrtStream,
    _flag: u32,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSetStreamResLimit(
    call: &Entry<'_>,
    _stream: aclrtStream,
    _type_: aclrtDevResLimitType,
    _value: u32,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtStreamGetFlags(
    call: &Entry<'_>,
    _stream: aclrtStream,
    flags: *mut u32,
) -> Result<(), Fault> {
    present("flags", flags)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtStreamGetPriority(
    call: &Entry<'_>,
    _stream: aclrtStream,
    priority: *mut u32,
) -> Result<(), Fault> {
    present("priority", priority)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtStreamStop(call: &Entry<'_>, _stream: aclrtStream) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSwitchStream(
    call: &Entry<'_>,
    leftValue: *mut c_void,
    _cond: aclrtCondition,
    rightValue: *mut c_void,
    _dataType: aclrtCompareDataType,
    _trueStream: aclrtStream,
    _falseStream: aclrtStream,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("leftValue", leftValue)?;
    present("rightValue", rightValue)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtTaskUpdateAsync(
    call: &Entry<'_>,
    _taskStream: aclrtStream,
    _taskId: u32,
    info: *mut aclrtTaskUpdateInfo,
    _execStream: aclrtStream,
) -> Result<(), Fault> {
    present("info", info)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtUnuseStreamResInCurrentThread(
    call: &Entry<'_>,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtUseStreamResInCurrentThread(
    call: &Entry<'_>,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtValueWait(
    call: &Entry<'_>,
    devAddr: *mut c_void,
    _value: u64,
    _flag: u32,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("devAddr", devAddr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtValueWrite(
    call: &Entry<'_>,
    devAddr: *mut c_void,
    _value: u64,
    _flag: u32,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("devAddr", devAddr)?;
    call.unsupported()
}
