//! Memory that moves between host and device.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, handle, list, number, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtMemAllocManaged(
    call: &Entry<'_>,
    ptr: *mut *mut c_void,
    size: u64,
    flag: u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("ptr", ptr) }?;
    let size = usize::try_from(size).map_err(Fault::internal)?;
    place.set(opaque(call.allocate_managed(size, flag)?));
    Ok(())
}

pub(super) unsafe fn aclrtMemManagedAdvise(
    call: &Entry<'_>,
    ptr: *const c_void,
    size: u64,
    advise: aclrtMemManagedAdviseType,
    location: aclrtMemManagedLocation,
) -> Result<(), Fault> {
    let size = usize::try_from(size).map_err(Fault::internal)?;
    call.advise_managed(handle("ptr", ptr)?, size, advise, location)
}

pub(super) unsafe fn aclrtMemManagedPrefetchAsync(
    call: &Entry<'_>,
    ptr: *const c_void,
    size: usize,
    location: aclrtMemManagedLocation,
    flags: u32,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let (address, flags) = (handle("ptr", ptr)?, u64::from(flags));
    call.prefetch_managed(address, size, location, flags, number(stream))
}

/// Each location goes for the ranges from its index to the next one's.
pub(super) unsafe fn aclrtMemManagedPrefetchBatchAsync(
    call: &Entry<'_>,
    ptrs: *mut *const c_void,
    sizes: *mut usize,
    count: usize,
    prefetchLocs: *mut aclrtMemManagedLocation,
    prefetchLocIdxs: *mut usize,
    numPrefetchLocs: usize,
    flags: u64,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: the C function demands `count` addresses.
    let ptrs = unsafe { list("ptrs", ptrs, count) }?;
    // SAFETY: as many sizes.
    let sizes = unsafe { list("sizes", sizes, count) }?;
    // SAFETY: the C function demands `numPrefetchLocs` locations.
    let locations = unsafe { list("prefetchLocs", prefetchLocs, numPrefetchLocs) }?;
    // SAFETY: as many indices.
    let indexes = unsafe { list("prefetchLocIdxs", prefetchLocIdxs, numPrefetchLocs) }?;
    let rises = indexes.is_sorted_by(|one, two| one < two);
    if count == 0 || indexes.first() != Some(&0) || !rises {
        return Err(Fault::argument(
            "there is no range, or prefetchLocIdxs do not begin with 0, or do not rise",
        ));
    }
    for (index, (address, size)) in ptrs.iter().zip(sizes).enumerate() {
        let location = locations[indexes.partition_point(|begin| *begin <= index) - 1];
        let address = handle("ptrs", *address)?;
        call.prefetch_managed(address, *size, location, flags, number(stream))?;
    }
    Ok(())
}

pub(super) unsafe fn aclrtMemManagedGetAttr(
    call: &Entry<'_>,
    _attribute: aclrtMemManagedRangeAttribute,
    ptr: *const c_void,
    _size: usize,
    data: *mut c_void,
    _dataSize: usize,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    present("data", data)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemManagedGetAttrs(
    call: &Entry<'_>,
    attributes: *mut aclrtMemManagedRangeAttribute,
    _numAttributes: usize,
    ptr: *const c_void,
    _size: usize,
    data: *mut *mut c_void,
    dataSizes: *mut usize,
) -> Result<(), Fault> {
    present("attributes", attributes)?;
    present("ptr", ptr)?;
    present("data", data)?;
    present("dataSizes", dataSizes)?;
    call.unsupported()
}
