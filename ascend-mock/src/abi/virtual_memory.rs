//! Addresses and physical memory apart.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtFreePhysical(
    call: &Entry<'_>,
    _handle: aclrtDrvMemHandle,
) -> Result<(), Fault> {
    call.unsupported()
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

pub(super) unsafe fn aclrtMallocPhysical(
    call: &Entry<'_>,
    handle: *mut aclrtDrvMemHandle,
    _size: usize,
    prop: *const aclrtPhysicalMemProp,
    _flags: u64,
) -> Result<(), Fault> {
    present("handle", handle)?;
    present("prop", prop)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMapMem(
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

pub(super) unsafe fn aclrtMemGetAccess(
    call: &Entry<'_>,
    virPtr: *mut c_void,
    location: *mut aclrtMemLocation,
    flag: *mut u64,
) -> Result<(), Fault> {
    present("virPtr", virPtr)?;
    present("location", location)?;
    present("flag", flag)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemGetAllocationGranularity(
    call: &Entry<'_>,
    prop: *mut aclrtPhysicalMemProp,
    _option: aclrtMemGranularityOptions,
    granularity: *mut usize,
) -> Result<(), Fault> {
    present("prop", prop)?;
    present("granularity", granularity)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemGetAllocationPropertiesFromHandle(
    call: &Entry<'_>,
    _handle: aclrtDrvMemHandle,
    prop: *mut aclrtPhysicalMemProp,
) -> Result<(), Fault> {
    present("prop", prop)?;
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
    _handle: aclrtDrvMemHandle,
    _adviceLink: aclrtMemLinkType,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtMemRetainAllocationHandle(
    call: &Entry<'_>,
    virPtr: *mut c_void,
    handle: *mut aclrtDrvMemHandle,
) -> Result<(), Fault> {
    present("virPtr", virPtr)?;
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemSetAccess(
    call: &Entry<'_>,
    virPtr: *mut c_void,
    _size: usize,
    desc: *mut aclrtMemAccessDesc,
    _count: usize,
) -> Result<(), Fault> {
    present("virPtr", virPtr)?;
    present("desc", desc)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtReleaseMemAddress(
    call: &Entry<'_>,
    virPtr: *mut c_void,
) -> Result<(), Fault> {
    present("virPtr", virPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtReserveMemAddress(
    call: &Entry<'_>,
    virPtr: *mut *mut c_void,
    _size: usize,
    _alignment: usize,
    expectPtr: *mut c_void,
    _flags: u64,
) -> Result<(), Fault> {
    present("virPtr", virPtr)?;
    present("expectPtr", expectPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtReserveMemAddressNoUCMemory(
    call: &Entry<'_>,
    virPtr: *mut *mut c_void,
    _size: usize,
    _alignment: usize,
    expectPtr: *mut c_void,
    _flags: u64,
) -> Result<(), Fault> {
    present("virPtr", virPtr)?;
    present("expectPtr", expectPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtUnmapMem(call: &Entry<'_>, virPtr: *mut c_void) -> Result<(), Fault> {
    present("virPtr", virPtr)?;
    call.unsupported()
}
