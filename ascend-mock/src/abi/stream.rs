//! Streams.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, check_timeout, deadline, handle, number, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::stream::{Comparison, Condition, GREATEST_PRIORITY, LEAST_PRIORITY};
use crate::sync::Deadline;

pub(super) unsafe fn aclrtCreateStream(
    call: &Entry<'_>,
    stream: *mut aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("stream", stream) }?;
    place.set(opaque(call.create_stream(0, 0)?));
    Ok(())
}

/// Flags that are unknown are ignored.
pub(super) unsafe fn aclrtCreateStreamWithConfig(
    call: &Entry<'_>,
    stream: *mut aclrtStream,
    priority: u32,
    flags: u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("stream", stream) }?;
    place.set(opaque(call.create_stream(priority, flags)?));
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
    activeStream: aclrtStream,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.activate_stream(
        handle("activeStream", activeStream)?,
        handle("stream", stream)?,
    )
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

pub(super) unsafe fn aclrtCreateStreamV2(
    call: &Entry<'_>,
    stream: *mut aclrtStream,
    handle: *const aclrtStreamConfigHandle,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("stream", stream) }?;
    let config = call.stream_config(super::pointers::handle("handle", handle)?)?;
    place.set(opaque(
        call.create_stream(config.priority(), config.flags())?,
    ));
    Ok(())
}

pub(super) unsafe fn aclrtDeviceGetStreamPriorityRange(
    _call: &Entry<'_>,
    leastPriority: *mut i32,
    greatestPriority: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    if let Ok(place) = unsafe { Place::new("leastPriority", leastPriority) } {
        place.set(LEAST_PRIORITY.cast_signed());
    }
    // SAFETY: NULL, or a place for the answer.
    if let Ok(place) = unsafe { Place::new("greatestPriority", greatestPriority) } {
        place.set(GREATEST_PRIORITY.cast_signed());
    }
    Ok(())
}

pub(super) unsafe fn aclrtGetStreamAvailableNum(
    call: &Entry<'_>,
    streamCount: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("streamCount", streamCount) }?;
    let left = call.streams_left(call.context()?.device);
    place.set(u32::try_from(left).unwrap_or(u32::MAX));
    Ok(())
}

pub(super) unsafe fn aclrtGetThreadLastTaskId(
    call: &Entry<'_>,
    taskId: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("taskId", taskId) }?;
    call.context()?;
    place.set(call.last_task());
    Ok(())
}

pub(super) unsafe fn aclrtPersistentTaskClean(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.clean_persistent_stream(number(stream))
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

pub(super) unsafe fn aclrtStreamGetFlags(
    call: &Entry<'_>,
    stream: aclrtStream,
    flags: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("flags", flags) }?;
    place.set(call.any_stream(number(stream))?.flags);
    Ok(())
}

pub(super) unsafe fn aclrtStreamGetPriority(
    call: &Entry<'_>,
    stream: aclrtStream,
    priority: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("priority", priority) }?;
    place.set(call.any_stream(number(stream))?.priority());
    Ok(())
}

pub(super) unsafe fn aclrtStreamStop(call: &Entry<'_>, stream: aclrtStream) -> Result<(), Fault> {
    call.stop_stream(handle("stream", stream)?)
}

pub(super) unsafe fn aclrtSwitchStream(
    call: &Entry<'_>,
    leftValue: *mut c_void,
    cond: aclrtCondition,
    rightValue: *mut c_void,
    dataType: aclrtCompareDataType,
    trueStream: aclrtStream,
    falseStream: aclrtStream,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let comparison = Comparison {
        left: handle("leftValue", leftValue)?,
        condition: cond,
        right: handle("rightValue", rightValue)?,
        kind: dataType,
    };
    let (target, stream) = (handle("trueStream", trueStream)?, handle("stream", stream)?);
    if !falseStream.is_null() {
        return Err(Fault::argument("falseStream is reserved, it must be NULL"));
    }
    call.switch_stream(comparison, target, stream)
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

pub(super) unsafe fn aclrtValueWait(
    call: &Entry<'_>,
    devAddr: *mut c_void,
    value: u64,
    flag: u32,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let address = handle("devAddr", devAddr)?;
    call.wait_for_value(address, value, Condition::from_c(flag)?, number(stream))
}

pub(super) unsafe fn aclrtValueWrite(
    call: &Entry<'_>,
    devAddr: *mut c_void,
    value: u64,
    flag: u32,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let address = handle("devAddr", devAddr)?;
    if flag != 0 {
        return Err(Fault::runtime_argument("flag is reserved, it must be 0"));
    }
    call.write_value_in_stream(address, value, number(stream))
}
