//! Memory that moves between host and device.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtMemAllocManaged(
    call: &Entry<'_>,
    ptr: *mut *mut c_void,
    _size: u64,
    _flag: u32,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemManagedAdvise(
    call: &Entry<'_>,
    ptr: *const c_void,
    _size: u64,
    _advise: aclrtMemManagedAdviseType,
    _location: aclrtMemManagedLocation,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    call.unsupported()
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

pub(super) unsafe fn aclrtMemManagedPrefetchAsync(
    call: &Entry<'_>,
    ptr: *const c_void,
    _size: usize,
    _location: aclrtMemManagedLocation,
    _flags: u32,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemManagedPrefetchBatchAsync(
    call: &Entry<'_>,
    ptrs: *mut *const c_void,
    sizes: *mut usize,
    _count: usize,
    prefetchLocs: *mut aclrtMemManagedLocation,
    prefetchLocIdxs: *mut usize,
    _numPrefetchLocs: usize,
    _flags: u64,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("ptrs", ptrs)?;
    present("sizes", sizes)?;
    present("prefetchLocs", prefetchLocs)?;
    present("prefetchLocIdxs", prefetchLocIdxs)?;
    call.unsupported()
}
