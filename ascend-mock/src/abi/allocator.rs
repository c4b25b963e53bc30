//! Allocators of the program.

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtAllocatorCreateDesc(
    call: &Entry<'_>,
) -> Result<aclrtAllocatorDesc, Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtAllocatorDestroyDesc(
    call: &Entry<'_>,
    _allocatorDesc: aclrtAllocatorDesc,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtAllocatorGetByStream(
    call: &Entry<'_>,
    _stream: aclrtStream,
    allocatorDesc: *mut aclrtAllocatorDesc,
    allocator: *mut aclrtAllocator,
    allocFunc: *mut aclrtAllocatorAllocFunc,
    freeFunc: *mut aclrtAllocatorFreeFunc,
    allocAdviseFunc: *mut aclrtAllocatorAllocAdviseFunc,
    getAddrFromBlockFunc: *mut aclrtAllocatorGetAddrFromBlockFunc,
) -> Result<(), Fault> {
    present("allocatorDesc", allocatorDesc)?;
    present("allocator", allocator)?;
    present("allocFunc", allocFunc)?;
    present("freeFunc", freeFunc)?;
    present("allocAdviseFunc", allocAdviseFunc)?;
    present("getAddrFromBlockFunc", getAddrFromBlockFunc)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtAllocatorRegister(
    call: &Entry<'_>,
    _stream: aclrtStream,
    _allocatorDesc: aclrtAllocatorDesc,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtAllocatorSetAllocAdviseFuncToDesc(
    call: &Entry<'_>,
    _allocatorDesc: aclrtAllocatorDesc,
    _func: aclrtAllocatorAllocAdviseFunc,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtAllocatorSetAllocFuncToDesc(
    call: &Entry<'_>,
    _allocatorDesc: aclrtAllocatorDesc,
    _func: aclrtAllocatorAllocFunc,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtAllocatorSetFreeFuncToDesc(
    call: &Entry<'_>,
    _allocatorDesc: aclrtAllocatorDesc,
    _func: aclrtAllocatorFreeFunc,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtAllocatorSetGetAddrFromBlockFuncToDesc(
    call: &Entry<'_>,
    _allocatorDesc: aclrtAllocatorDesc,
    _func: aclrtAllocatorGetAddrFromBlockFunc,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtAllocatorSetObjToDesc(
    call: &Entry<'_>,
    _allocatorDesc: aclrtAllocatorDesc,
    _allocator: aclrtAllocator,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtAllocatorUnregister(
    call: &Entry<'_>,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}
