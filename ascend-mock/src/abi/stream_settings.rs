//! Settings of streams: configurations for new ones, attributes, limits of cores.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, number, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::stream::Attribute;

pub(super) unsafe fn aclrtCreateStreamConfigHandle(
    call: &Entry<'_>,
) -> Result<*mut aclrtStreamConfigHandle, Fault> {
    Ok(opaque(call.create_stream_config()))
}

pub(super) unsafe fn aclrtDestroyStreamConfigHandle(
    call: &Entry<'_>,
    handle: *mut aclrtStreamConfigHandle,
) -> Result<(), Fault> {
    call.destroy_stream_config(super::pointers::handle("handle", handle)?)
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

pub(super) unsafe fn aclrtSetStreamOverflowSwitch(
    call: &Entry<'_>,
    stream: aclrtStream,
    flag: u32,
) -> Result<(), Fault> {
    call.set_attribute(number(stream), Attribute::OverflowCheck(flag))
}

pub(super) unsafe fn aclrtSetStreamFailureMode(
    call: &Entry<'_>,
    stream: aclrtStream,
    mode: u64,
) -> Result<(), Fault> {
    call.set_failure_mode(number(stream), mode)
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

pub(super) unsafe fn aclrtSetStreamResLimit(
    call: &Entry<'_>,
    stream: aclrtStream,
    type_: aclrtDevResLimitType,
    value: u32,
) -> Result<(), Fault> {
    call.limit_stream_cores(number(stream), Some((type_, value)))
}

pub(super) unsafe fn aclrtResetStreamResLimit(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.limit_stream_cores(number(stream), None)
}

pub(super) unsafe fn aclrtUseStreamResInCurrentThread(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.any_stream(number(stream)).map(|_| ())
}

pub(super) unsafe fn aclrtUnuseStreamResInCurrentThread(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.any_stream(number(stream)).map(|_| ())
}
