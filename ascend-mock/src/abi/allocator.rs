//! Allocators of the program.

use ascend_sys::*;

use super::pointers::{Place, handle, opaque};
use crate::entry::Entry;
use crate::fault::Fault;

pub(super) unsafe fn aclrtAllocatorCreateDesc(
    call: &Entry<'_>,
) -> Result<aclrtAllocatorDesc, Fault> {
    Ok(opaque(call.create_allocator_desc()))
}

pub(super) unsafe fn aclrtAllocatorDestroyDesc(
    call: &Entry<'_>,
    allocatorDesc: aclrtAllocatorDesc,
) -> Result<(), Fault> {
    let desc = handle("allocatorDesc", allocatorDesc)?;
    call.world.allocator_descs.remove(desc).map(|_| ())
}

pub(super) unsafe fn aclrtAllocatorSetObjToDesc(
    call: &Entry<'_>,
    allocatorDesc: aclrtAllocatorDesc,
    allocator: aclrtAllocator,
) -> Result<(), Fault> {
    let desc = handle("allocatorDesc", allocatorDesc)?;
    let object = handle("allocator", allocator)?;
    call.change_allocator_desc(desc, |allocator| allocator.object = object)
}

/// Refuses a function that is NULL (100000).
fn function<F>(func: Option<F>) -> Result<Option<F>, Fault> {
    match func {
        Some(_) => Ok(func),
        None => Err(Fault::null("func")),
    }
}

pub(super) unsafe fn aclrtAllocatorSetAllocFuncToDesc(
    call: &Entry<'_>,
    allocatorDesc: aclrtAllocatorDesc,
    func: aclrtAllocatorAllocFunc,
) -> Result<(), Fault> {
    let desc = handle("allocatorDesc", allocatorDesc)?;
    let func = function(func)?;
    call.change_allocator_desc(desc, |allocator| allocator.allocate = func)
}

pub(super) unsafe fn aclrtAllocatorSetFreeFuncToDesc(
    call: &Entry<'_>,
    allocatorDesc: aclrtAllocatorDesc,
    func: aclrtAllocatorFreeFunc,
) -> Result<(), Fault> {
    let desc = handle("allocatorDesc", allocatorDesc)?;
    let func = function(func)?;
    call.change_allocator_desc(desc, |allocator| allocator.free = func)
}

pub(super) unsafe fn aclrtAllocatorSetAllocAdviseFuncToDesc(
    call: &Entry<'_>,
    allocatorDesc: aclrtAllocatorDesc,
    func: aclrtAllocatorAllocAdviseFunc,
) -> Result<(), Fault> {
    let desc = handle("allocatorDesc", allocatorDesc)?;
    let func = function(func)?;
    call.change_allocator_desc(desc, |allocator| allocator.advise = func)
}

pub(super) unsafe fn aclrtAllocatorSetGetAddrFromBlockFuncToDesc(
    call: &Entry<'_>,
    allocatorDesc: aclrtAllocatorDesc,
    func: aclrtAllocatorGetAddrFromBlockFunc,
) -> Result<(), Fault> {
    let desc = handle("allocatorDesc", allocatorDesc)?;
    let func = function(func)?;
    call.change_allocator_desc(desc, |allocator| allocator.address = func)
}

pub(super) unsafe fn aclrtAllocatorRegister(
    call: &Entry<'_>,
    stream: aclrtStream,
    allocatorDesc: aclrtAllocatorDesc,
) -> Result<(), Fault> {
    let stream = handle("stream", stream)?;
    call.register_allocator(stream, handle("allocatorDesc", allocatorDesc)?)
}

pub(super) unsafe fn aclrtAllocatorUnregister(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.unregister_allocator(handle("stream", stream)?)
}

pub(super) unsafe fn aclrtAllocatorGetByStream(
    call: &Entry<'_>,
    stream: aclrtStream,
    allocatorDesc: *mut aclrtAllocatorDesc,
    allocator: *mut aclrtAllocator,
    allocFunc: *mut aclrtAllocatorAllocFunc,
    freeFunc: *mut aclrtAllocatorFreeFunc,
    allocAdviseFunc: *mut aclrtAllocatorAllocAdviseFunc,
    getAddrFromBlockFunc: *mut aclrtAllocatorGetAddrFromBlockFunc,
) -> Result<(), Fault> {
    let stream = handle("stream", stream)?;
    // SAFETY: NULL, or a place for the answer.
    let desc_place = unsafe { Place::new("allocatorDesc", allocatorDesc) }?;
    // SAFETY: as above.
    let object_place = unsafe { Place::new("allocator", allocator) }?;
    // SAFETY: as above.
    let allocate_place = unsafe { Place::new("allocFunc", allocFunc) }?;
    // SAFETY: as above.
    let free_place = unsafe { Place::new("freeFunc", freeFunc) }?;
    // SAFETY: as above.
    let advise_place = unsafe { Place::new("allocAdviseFunc", allocAdviseFunc) }?;
    // SAFETY: as above.
    let address_place = unsafe { Place::new("getAddrFromBlockFunc", getAddrFromBlockFunc) }?;
    let (desc, found) = call.allocator(stream)?;
    desc_place.set(opaque(desc));
    object_place.set(opaque(found.object));
    allocate_place.set(found.allocate);
    free_place.set(found.free);
    advise_place.set(found.advise);
    address_place.set(found.address);
    Ok(())
}
