//! Shared buffers.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtAllocBuf(
    call: &Entry<'_>,
    buf: *mut aclrtMbuf,
    _size: usize,
) -> Result<(), Fault> {
    present("buf", buf)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtAppendBufChain(
    call: &Entry<'_>,
    _headBuf: aclrtMbuf,
    _buf: aclrtMbuf,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtCopyBufRef(
    call: &Entry<'_>,
    _buf: aclrtMbuf,
    newBuf: *mut aclrtMbuf,
) -> Result<(), Fault> {
    present("newBuf", newBuf)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetBufChainNum(
    call: &Entry<'_>,
    _headBuf: aclrtMbuf,
    num: *mut u32,
) -> Result<(), Fault> {
    present("num", num)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetBufData(
    call: &Entry<'_>,
    _buf: aclrtMbuf,
    dataPtr: *mut *mut c_void,
    size: *mut usize,
) -> Result<(), Fault> {
    present("dataPtr", dataPtr)?;
    present("size", size)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetBufDataLen(
    call: &Entry<'_>,
    _buf: aclrtMbuf,
    len: *mut usize,
) -> Result<(), Fault> {
    present("len", len)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetBufFromChain(
    call: &Entry<'_>,
    _headBuf: aclrtMbuf,
    _index: u32,
    buf: *mut aclrtMbuf,
) -> Result<(), Fault> {
    present("buf", buf)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetBufUserData(
    call: &Entry<'_>,
    _buf: aclrtMbuf,
    dataPtr: *mut c_void,
    _size: usize,
    _offset: usize,
) -> Result<(), Fault> {
    present("dataPtr", dataPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSetBufDataLen(
    call: &Entry<'_>,
    _buf: aclrtMbuf,
    _len: usize,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSetBufUserData(
    call: &Entry<'_>,
    _buf: aclrtMbuf,
    dataPtr: *const c_void,
    _size: usize,
    _offset: usize,
) -> Result<(), Fault> {
    present("dataPtr", dataPtr)?;
    call.unsupported()
}
