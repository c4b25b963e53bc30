//! Devices and contexts.

use ascend_sys::{aclError, aclrtContext, aclrtStream};

use super::pointers::{Place, check_timeout, deadline, handle, opaque};
use crate::device::Reset;
use crate::entry::entry;
use crate::sync::Deadline;

pub(super) unsafe extern "C" fn aclrtGetDeviceCount<const SLOT: usize>(
    count: *mut u32,
) -> aclError {
    entry(SLOT, "aclrtGetDeviceCount", |call| {
        // SAFETY: NULL, or a place for the answer.
        unsafe { Place::new("count", count) }?.set(call.world.config.devices);
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclrtSetDevice<const SLOT: usize>(id: i32) -> aclError {
    entry(SLOT, "aclrtSetDevice", |call| call.set_device(id))
}

pub(super) unsafe extern "C" fn aclrtGetDevice<const SLOT: usize>(id: *mut i32) -> aclError {
    entry(SLOT, "aclrtGetDevice", |call| {
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("deviceId", id) }?;
        place.set(call.context()?.device.cast_signed());
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclrtResetDevice<const SLOT: usize>(id: i32) -> aclError {
    entry(SLOT, "aclrtResetDevice", |call| {
        call.reset_device(id, Reset::One)
    })
}

pub(super) unsafe extern "C" fn aclrtResetDeviceForce<const SLOT: usize>(id: i32) -> aclError {
    entry(SLOT, "aclrtResetDeviceForce", |call| {
        call.reset_device(id, Reset::All)
    })
}

pub(super) unsafe extern "C" fn aclrtSynchronizeDevice<const SLOT: usize>() -> aclError {
    entry(SLOT, "aclrtSynchronizeDevice", |call| {
        call.synchronize_context(Deadline::NEVER)
    })
}

pub(super) unsafe extern "C" fn aclrtSynchronizeDeviceWithTimeout<const SLOT: usize>(
    milliseconds: i32,
) -> aclError {
    entry(SLOT, "aclrtSynchronizeDeviceWithTimeout", |call| {
        check_timeout(milliseconds)?;
        call.synchronize_context(deadline(milliseconds)?)
    })
}

pub(super) unsafe extern "C" fn aclrtCreateContext<const SLOT: usize>(
    context: *mut aclrtContext,
    device: i32,
) -> aclError {
    entry(SLOT, "aclrtCreateContext", |call| {
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("context", context) }?;
        place.set(opaque(call.create_context(device)?));
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclrtDestroyContext<const SLOT: usize>(
    context: aclrtContext,
) -> aclError {
    entry(SLOT, "aclrtDestroyContext", |call| {
        call.destroy_context(handle("context", context)?)
    })
}

pub(super) unsafe extern "C" fn aclrtSetCurrentContext<const SLOT: usize>(
    context: aclrtContext,
) -> aclError {
    entry(SLOT, "aclrtSetCurrentContext", |call| {
        call.set_context(handle("context", context)?)
    })
}

pub(super) unsafe extern "C" fn aclrtGetCurrentContext<const SLOT: usize>(
    context: *mut aclrtContext,
) -> aclError {
    entry(SLOT, "aclrtGetCurrentContext", |call| {
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("context", context) }?;
        place.set(opaque(call.context()?.handle));
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclrtCtxGetCurrentDefaultStream<const SLOT: usize>(
    stream: *mut aclrtStream,
) -> aclError {
    entry(SLOT, "aclrtCtxGetCurrentDefaultStream", |call| {
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("stream", stream) }?;
        place.set(opaque(call.context()?.default_stream));
        Ok(())
    })
}
