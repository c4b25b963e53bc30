//! Pools of memory in the order of a stream.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtMemPoolCreate(
    call: &Entry<'_>,
    memPool: *mut aclrtMemPool,
    poolProps: *const aclrtMemPoolProps,
) -> Result<(), Fault> {
    present("memPool", memPool)?;
    present("poolProps", poolProps)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemPoolDestroy(
    call: &Entry<'_>,
    _memPool: aclrtMemPool,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtMemPoolFreeAsync(
    call: &Entry<'_>,
    ptr: *mut c_void,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemPoolGetAttr(
    call: &Entry<'_>,
    _memPool: aclrtMemPool,
    _attr: aclrtMemPoolAttr,
    value: *mut c_void,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemPoolMallocAsync(
    call: &Entry<'_>,
    ptr: *mut *mut c_void,
    _size: usize,
    _memPool: aclrtMemPool,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemPoolSetAttr(
    call: &Entry<'_>,
    _memPool: aclrtMemPool,
    _attr: aclrtMemPoolAttr,
    value: *mut c_void,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemPoolTrimTo(
    call: &Entry<'_>,
    _memPool: aclrtMemPool,
    _minBytesToKeep: usize,
) -> Result<(), Fault> {
    call.unsupported()
}
