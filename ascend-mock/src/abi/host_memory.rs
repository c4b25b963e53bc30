//! Host memory that the device may reach.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;

/// The device reaches registered memory under the host's address.
///
/// # Safety
///
/// The bytes may be read and written until they are unregistered.
unsafe fn register(call: &Entry<'_>, start: *mut c_void, bytes: u64) -> Result<(), Fault> {
    let bytes = usize::try_from(bytes).map_err(Fault::internal)?;
    let device = call.context()?.device;
    let pinned = &call.world.pinned;
    // SAFETY: the caller vouches for it.
    unsafe { pinned.register(start.cast(), bytes, device, call.origin) }
}

pub(super) unsafe fn aclrtHostRegister(
    call: &Entry<'_>,
    ptr: *mut c_void,
    size: u64,
    type_: aclrtHostRegisterType,
    devPtr: *mut *mut c_void,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("devPtr", devPtr) }?;
    if size == 0 {
        return Err(Fault::argument("size is 0"));
    }
    match type_ {
        aclrtHostRegisterType::ACL_HOST_REGISTER_MAPPED
        | aclrtHostRegisterType::ACL_HOST_REGISTER_IOMEMORY
        | aclrtHostRegisterType::ACL_HOST_REGISTER_READONLY => {}
        other => {
            let text = format!("{} is no type of registration", other.0);
            return Err(Fault::new(ACL_ERROR_RT_FEATURE_NOT_SUPPORT, text));
        }
    }
    // SAFETY: the C function demands it.
    unsafe { register(call, ptr, size) }?;
    place.set(ptr);
    Ok(())
}

pub(super) unsafe fn aclrtHostRegisterV2(
    call: &Entry<'_>,
    ptr: *mut c_void,
    size: u64,
    flag: u32,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    if size == 0 {
        return Err(Fault::argument("size is 0"));
    }
    let known =
        ACL_HOST_REG_MAPPED | ACL_HOST_REG_IOMEMORY | ACL_HOST_REG_READONLY | ACL_HOST_REG_PINNED;
    if flag == 0 || flag & !known.cast_unsigned() != 0 {
        let text = format!("{flag:#x} are no flags of registration");
        return Err(Fault::runtime_argument(text));
    }
    // SAFETY: the C function demands it.
    unsafe { register(call, ptr, size) }
}

pub(super) unsafe fn aclrtHostUnregister(call: &Entry<'_>, ptr: *mut c_void) -> Result<(), Fault> {
    present("ptr", ptr)?;
    call.world.pinned.unregister(ptr.addr())
}

pub(super) unsafe fn aclrtHostGetDevicePointer(
    call: &Entry<'_>,
    pHost: *mut c_void,
    pDevice: *mut *mut c_void,
    flag: u32,
) -> Result<(), Fault> {
    present("pHost", pHost)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("pDevice", pDevice) }?;
    if flag != 0 {
        return Err(Fault::argument(format!("flag is {flag}, must be 0")));
    }
    let address = pHost.addr() as u64;
    if call.world.pinned.registered_span(address, 1)?.is_none() {
        let text = format!("{pHost:?} is not registered; call aclrtHostRegister first");
        return Err(Fault::new(ACL_ERROR_HOST_MEMORY_NOT_REGISTERED, text));
    }
    place.set(opaque(address));
    Ok(())
}
