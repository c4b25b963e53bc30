//! Addresses and physical memory apart.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, handle, list, number, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtReserveMemAddress(
    call: &Entry<'_>,
    virPtr: *mut *mut c_void,
    size: usize,
    alignment: usize,
    expectPtr: *mut c_void,
    flags: u64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("virPtr", virPtr) }?;
    place.set(opaque(call.reserve_addresses(
        size,
        alignment,
        expectPtr.addr(),
        flags,
    )?));
    Ok(())
}

pub(super) unsafe fn aclrtReserveMemAddressNoUCMemory(
    call: &Entry<'_>,
    virPtr: *mut *mut c_void,
    size: usize,
    alignment: usize,
    expectPtr: *mut c_void,
    flags: u64,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    unsafe { aclrtReserveMemAddress(call, virPtr, size, alignment, expectPtr, flags) }
}

pub(super) unsafe fn aclrtReleaseMemAddress(
    call: &Entry<'_>,
    virPtr: *mut c_void,
) -> Result<(), Fault> {
    call.world
        .space
        .release_addresses(handle("virPtr", virPtr)?)
}

/// # Safety
///
/// `prop` is NULL, or points to properties.
unsafe fn properties(prop: *const aclrtPhysicalMemProp) -> Result<aclrtPhysicalMemProp, Fault> {
    // SAFETY: the caller vouches for it.
    let prop = unsafe { list("prop", prop, 1) }?;
    Ok(prop[0])
}

pub(super) unsafe fn aclrtMallocPhysical(
    call: &Entry<'_>,
    handle: *mut aclrtDrvMemHandle,
    size: usize,
    prop: *const aclrtPhysicalMemProp,
    flags: u64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("handle", handle) }?;
    // SAFETY: as the C function demands.
    let prop = unsafe { properties(prop) }?;
    place.set(opaque(call.allocate_physical(size, prop, flags)?));
    Ok(())
}

pub(super) unsafe fn aclrtFreePhysical(
    call: &Entry<'_>,
    memory: aclrtDrvMemHandle,
) -> Result<(), Fault> {
    call.free_physical(handle("handle", memory)?)
}

pub(super) unsafe fn aclrtMapMem(
    call: &Entry<'_>,
    virPtr: *mut c_void,
    size: usize,
    offset: usize,
    memory: aclrtDrvMemHandle,
    flags: u64,
) -> Result<(), Fault> {
    let address = handle("virPtr", virPtr)?;
    call.map(address, size, offset, handle("handle", memory)?, flags)
}

pub(super) unsafe fn aclrtUnmapMem(call: &Entry<'_>, virPtr: *mut c_void) -> Result<(), Fault> {
    call.unmap(handle("virPtr", virPtr)?)
}

pub(super) unsafe fn aclrtMemGetAllocationGranularity(
    _call: &Entry<'_>,
    prop: *mut aclrtPhysicalMemProp,
    option: aclrtMemGranularityOptions,
    granularity: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    let prop = unsafe { properties(prop) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("granularity", granularity) }?;
    place.set(Entry::allocation_granularity(&prop, option.0)?);
    Ok(())
}

pub(super) unsafe fn aclrtMemGetAllocationPropertiesFromHandle(
    call: &Entry<'_>,
    memory: aclrtDrvMemHandle,
    prop: *mut aclrtPhysicalMemProp,
) -> Result<(), Fault> {
    let memory = handle("handle", memory)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("prop", prop) }?;
    place.set(call.world.physical.get(memory)?.0.prop());
    Ok(())
}

pub(super) unsafe fn aclrtMemRetainAllocationHandle(
    call: &Entry<'_>,
    virPtr: *mut c_void,
    memory: *mut aclrtDrvMemHandle,
) -> Result<(), Fault> {
    let address = handle("virPtr", virPtr)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("handle", memory) }?;
    place.set(opaque(call.retain_physical(address)?));
    Ok(())
}

pub(super) unsafe fn aclrtMemSetAccess(
    call: &Entry<'_>,
    virPtr: *mut c_void,
    size: usize,
    desc: *mut aclrtMemAccessDesc,
    count: usize,
) -> Result<(), Fault> {
    let address = handle("virPtr", virPtr)?;
    if count == 0 {
        return Err(Fault::argument("count is 0"));
    }
    // SAFETY: the C function demands `count` descriptions.
    let access = unsafe { list("desc", desc, count) }?;
    let access = access.iter().map(|desc| {
        let location = desc.location;
        (location.id, location.type_, desc.flags)
    });
    call.set_access(address, size, &access.collect::<Vec<_>>())
}

pub(super) unsafe fn aclrtMemGetAccess(
    call: &Entry<'_>,
    virPtr: *mut c_void,
    location: *mut aclrtMemLocation,
    flag: *mut u64,
) -> Result<(), Fault> {
    let address = handle("virPtr", virPtr)?;
    // SAFETY: NULL, or a location.
    let location = unsafe { list("location", location, 1) }?[0];
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("flag", flag) }?;
    if location.type_ != aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE {
        let text = format!("location {} is no device", location.type_.0);
        return Err(Fault::argument(text));
    }
    let device = call.ordinal(i32::try_from(location.id).unwrap_or(i32::MAX))?;
    place.set(call.world.space.access(address, device)?);
    Ok(())
}

pub(super) unsafe fn aclrtHostMemMapCapabilities(
    call: &Entry<'_>,
    _deviceId: u32,
    _hacType: aclrtHacType,
    capabilities: *mut aclrtHostMemMapCapability,
) -> Result<(), Fault> {
    present("capabilities", capabilities)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemMapNoAccess(
    call: &Entry<'_>,
    virPtr: *mut c_void,
    _size: usize,
    _offset: usize,
    _handle: aclrtDrvMemHandle,
    _flags: u64,
) -> Result<(), Fault> {
    present("virPtr", virPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemMapSelectedLink(
    call: &Entry<'_>,
    virPtrDst: *mut c_void,
    _size: usize,
    virPtrSrc: *mut c_void,
    _linkIdx: u32,
) -> Result<(), Fault> {
    present("virPtrDst", virPtrDst)?;
    present("virPtrSrc", virPtrSrc)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemMapSetLink(
    call: &Entry<'_>,
    memory: aclrtDrvMemHandle,
    _adviceLink: aclrtMemLinkType,
) -> Result<(), Fault> {
    call.world.physical.get(number(memory))?;
    call.unsupported()
}
