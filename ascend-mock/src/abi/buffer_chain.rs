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
    headBuf: aclrtMbuf,
    buf: aclrtMbuf,
) -> Result<(), Fault> {
    present("headBuf", headBuf)?;
    present("buf", buf)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCopyBufRef(
    call: &Entry<'_>,
    buf: aclrtMbuf,
    newBuf: *mut aclrtMbuf,
) -> Result<(), Fault> {
    present("buf", buf)?;
    present("newBuf", newBuf)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetBufChainNum(
    call: &Entry<'_>,
    headBuf: aclrtMbuf,
    num: *mut u32,
) -> Result<(), Fault> {
    present("headBuf", headBuf)?;
    present("num", num)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetBufData(
    call: &Entry<'_>,
    buf: aclrtMbuf,
    dataPtr: *mut *mut c_void,
    size: *mut usize,
) -> Result<(), Fault> {
    present("buf", buf)?;
    present("dataPtr", dataPtr)?;
    present("size", size)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetBufDataLen(
    call: &Entry<'_>,
    buf: aclrtMbuf,
    len: *mut usize,
) -> Result<(), Fault> {
    present("buf", buf)?;
    present("len", len)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetBufFromChain(
    call: &Entry<'_>,
    headBuf: aclrtMbuf,
    _index: u32,
    buf: *mut aclrtMbuf,
) -> Result<(), Fault> {
    present("headBuf", headBuf)?;
    present("buf", buf)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetBufUserData(
    call: &Entry<'_>,
    buf: aclrtMbuf,
    dataPtr: *mut c_void,
    _size: usize,
    _offset: usize,
) -> Result<(), Fault> {
    present("buf", buf)?;
    present("dataPtr", dataPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSetBufDataLen(
    call: &Entry<'_>,
    buf: aclrtMbuf,
    _len: usize,
) -> Result<(), Fault> {
    present("buf", buf)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSetBufUserData(
    call: &Entry<'_>,
    buf: aclrtMbuf,
    dataPtr: *const c_void,
    _size: usize,
    _offset: usize,
) -> Result<(), Fault> {
    present("buf", buf)?;
    present("dataPtr", dataPtr)?;
    call.unsupported()
}
