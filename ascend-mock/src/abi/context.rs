//! Contexts.

use ascend_sys::*;

use super::pointers::{Place, handle, opaque};
use crate::entry::Entry;
use crate::fault::Fault;

pub(super) unsafe fn aclrtCreateContext(
    call: &Entry<'_>,
    context: *mut aclrtContext,
    device: i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("context", context) }?;
    place.set(opaque(call.create_context(device)?));
    Ok(())
}

pub(super) unsafe fn aclrtDestroyContext(
    call: &Entry<'_>,
    context: aclrtContext,
) -> Result<(), Fault> {
    call.destroy_context(handle("context", context)?)
}

pub(super) unsafe fn aclrtSetCurrentContext(
    call: &Entry<'_>,
    context: aclrtContext,
) -> Result<(), Fault> {
    call.set_context(handle("context", context)?)
}

pub(super) unsafe fn aclrtGetCurrentContext(
    call: &Entry<'_>,
    context: *mut aclrtContext,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("context", context) }?;
    place.set(opaque(call.context()?.handle));
    Ok(())
}

pub(super) unsafe fn aclrtCtxGetCurrentDefaultStream(
    call: &Entry<'_>,
    stream: *mut aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("stream", stream) }?;
    place.set(opaque(call.context()?.default_stream));
    Ok(())
}

pub(super) unsafe fn aclrtCtxGetSysParamOpt(
    call: &Entry<'_>,
    opt: aclSysParamOpt,
    value: *mut i64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("value", value) }?;
    place.set(call.context_option(opt)?);
    Ok(())
}

pub(super) unsafe fn aclrtCtxSetSysParamOpt(
    call: &Entry<'_>,
    opt: aclSysParamOpt,
    value: i64,
) -> Result<(), Fault> {
    call.set_context_option(opt, value)
}

pub(super) unsafe fn aclrtGetPrimaryCtxState(
    call: &Entry<'_>,
    deviceId: i32,
    flags: *mut u32,
    active: *mut i32,
) -> Result<(), Fault> {
    if !flags.is_null() {
        return Err(Fault::argument("flags is reserved for NULL"));
    }
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("active", active) }?;
    place.set(i32::from(call.is_active(deviceId)?));
    Ok(())
}
