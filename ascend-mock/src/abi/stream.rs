//! Streams.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, check_timeout, deadline, handle, number, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::stream::{Attribute, Comparison, Condition, GREATEST_PRIORITY, LEAST_PRIORITY};
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

pub(super) unsafe fn aclrtCreateStreamConfigHandle(
    call: &Entry<'_>,
) -> Result<*mut aclrtStreamConfigHandle, Fault> {
    Ok(opaque(call.create_stream_config()))
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

pub(super) unsafe fn aclrtDestroyStreamConfigHandle(
    call: &Entry<'_>,
    handle: *mut aclrtStreamConfigHandle,
) -> Result<(), Fault> {
    call.destroy_stream_config(super::pointers::handle("handle", handle)?)
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

/// The attribute of a kind, with the value that C gives for it.
fn attribute(kind: aclrtStreamAttr, value: &aclrtStreamAttrValue) -> Result<Attribute, Fault> {
    // SAFETY: all members are numbers, which any bits are.
    let mode = unsafe { value.failureMode };
    // SAFETY: as above; the 32-bit members share their place.
    let number = unsafe { value.overflowSwitch };
    match kind {
        aclrtStreamAttr::ACL_STREAM_ATTR_FAILURE_MODE => Ok(Attribute::FailureMode(mode)),
        aclrtStreamAttr::ACL_STREAM_ATTR_FLOAT_OVERFLOW_CHECK => {
            Ok(Attribute::OverflowCheck(number))
        }
        aclrtStreamAttr::ACL_STREAM_ATTR_USER_CUSTOM_TAG => Ok(Attribute::Tag(number)),
        aclrtStreamAttr::ACL_STREAM_ATTR_CACHE_OP_INFO => Ok(Attribute::CachesOpInfo(number)),
        aclrtStreamAttr::ACL_STREAM_ATTR_PRIORITY => Ok(Attribute::Priority(number)),
        other => Err(Fault::argument(format!(
            "{} is no attribute of a stream",
            other.0
        ))),
    }
}

pub(super) unsafe fn aclrtGetStreamAttribute(
    call: &Entry<'_>,
    stream: aclrtStream,
    stmAttrType: aclrtStreamAttr,
    value: *mut aclrtStreamAttrValue,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("value", value) }?;
    let kind = attribute(stmAttrType, &aclrtStreamAttrValue { reserve: [0; 4] })?;
    let mut value = aclrtStreamAttrValue { reserve: [0; 4] };
    match call.any_stream(number(stream))?.attribute(kind) {
        Attribute::FailureMode(mode) => value.failureMode = mode,
        Attribute::OverflowCheck(switch) => value.overflowSwitch = switch,
        Attribute::Tag(tag) => value.userCustomTag = tag,
        Attribute::CachesOpInfo(switch) => value.cacheOpInfoSwitch = switch,
        Attribute::Priority(priority) => value.streamPriority = priority,
    }
    place.set(value);
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

pub(super) unsafe fn aclrtGetStreamOverflowSwitch(
    call: &Entry<'_>,
    stream: aclrtStream,
    flag: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("flag", flag) }?;
    let stream = call.any_stream(number(stream))?;
    if let Attribute::OverflowCheck(switch) = stream.attribute(Attribute::OverflowCheck(0)) {
        place.set(switch);
    }
    Ok(())
}

pub(super) unsafe fn aclrtGetStreamResLimit(
    call: &Entry<'_>,
    stream: aclrtStream,
    type_: aclrtDevResLimitType,
    value: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("value", value) }?;
    place.set(call.core_limit(number(stream), type_)?);
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

pub(super) unsafe fn aclrtResetStreamResLimit(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.limit_cores(number(stream), None)
}

pub(super) unsafe fn aclrtSetStreamAttribute(
    call: &Entry<'_>,
    stream: aclrtStream,
    stmAttrType: aclrtStreamAttr,
    value: *mut aclrtStreamAttrValue,
) -> Result<(), Fault> {
    present("value", value)?;
    // SAFETY: the C function demands a value there.
    let value = unsafe { value.read() };
    call.set_attribute(number(stream), attribute(stmAttrType, &value)?)
}

pub(super) unsafe fn aclrtSetStreamConfigOpt(
    call: &Entry<'_>,
    handle: *mut aclrtStreamConfigHandle,
    attr: aclrtStreamConfigAttr,
    attrValue: *const c_void,
    valueSize: usize,
) -> Result<(), Fault> {
    let config = call.stream_config(super::pointers::handle("handle", handle)?)?;
    present("attrValue", attrValue)?;
    if valueSize > 8 {
        return Err(Fault::argument(format!(
            "a value of {valueSize} bytes is too long"
        )));
    }
    let mut value = [0; 8];
    // SAFETY: the C function demands that `valueSize` bytes can be read there.
    let bytes = unsafe { std::slice::from_raw_parts(attrValue.cast::<u8>(), valueSize) };
    value[..valueSize].copy_from_slice(bytes);
    config.set(attr, u64::from_le_bytes(value), valueSize)
}

pub(super) unsafe fn aclrtSetStreamFailureMode(
    call: &Entry<'_>,
    stream: aclrtStream,
    mode: u64,
) -> Result<(), Fault> {
    call.set_failure_mode(number(stream), mode)
}

pub(super) unsafe fn aclrtSetStreamOverflowSwitch(
    call: &Entry<'_>,
    stream: aclrtStream,
    flag: u32,
) -> Result<(), Fault> {
    call.set_attribute(number(stream), Attribute::OverflowCheck(flag))
}

pub(super) unsafe fn aclrtSetStreamResLimit(
    call: &Entry<'_>,
    stream: aclrtStream,
    type_: aclrtDevResLimitType,
    value: u32,
) -> Result<(), Fault> {
    call.limit_cores(number(stream), Some((type_, value)))
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

pub(super) unsafe fn aclrtUnuseStreamResInCurrentThread(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.any_stream(number(stream)).map(|_| ())
}

pub(super) unsafe fn aclrtUseStreamResInCurrentThread(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.any_stream(number(stream)).map(|_| ())
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
