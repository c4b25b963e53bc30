//! Copies by description and to symbols, and hints to caches.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::number;
use crate::entry::{Entry, present};
use crate::fault::Fault;

/// The CPU device has no cache to prepare: a hint that is in order changes nothing.
pub(super) unsafe fn aclrtCmoAsync(
    call: &Entry<'_>,
    src: *mut c_void,
    size: usize,
    cmoType: aclrtCmoType,
    stream: aclrtStream,
) -> Result<(), Fault> {
    present("src", src)?;
    if size == 0 {
        return Err(Fault::argument("size is 0"));
    }
    if cmoType.0 > aclrtCmoType::ACL_RT_CMO_TYPE_FLUSH.0 {
        let text = format!("{} is no operation on caches", cmoType.0);
        return Err(Fault::runtime_argument(text));
    }
    call.own_stream(number(stream)).map(|_| ())
}

pub(super) unsafe fn aclrtCmoAsyncWithBarrier(
    call: &Entry<'_>,
    src: *mut c_void,
    _size: usize,
    _cmoType: aclrtCmoType,
    _barrierId: u32,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("src", src)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCmoAsyncWithDesc(
    call: &Entry<'_>,
    cmoDesc: *mut c_void,
    _cmoType: aclrtCmoType,
    _stream: aclrtStream,
    reserve: *const c_void,
) -> Result<(), Fault> {
    present("cmoDesc", cmoDesc)?;
    if !reserve.is_null() {
        return Err(Fault::argument("reserve is not NULL"));
    }
    call.unsupported()
}

pub(super) unsafe fn aclrtCmoGetDescSize(call: &Entry<'_>, size: *mut usize) -> Result<(), Fault> {
    present("size", size)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCmoSetDesc(
    call: &Entry<'_>,
    cmoDesc: *mut c_void,
    src: *mut c_void,
    _size: usize,
) -> Result<(), Fault> {
    present("cmoDesc", cmoDesc)?;
    present("src", src)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCmoWaitBarrier(
    call: &Entry<'_>,
    taskInfo: *mut aclrtBarrierTaskInfo,
    _stream: aclrtStream,
    _flag: u32,
) -> Result<(), Fault> {
    present("taskInfo", taskInfo)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetMemcpyDescSize(
    call: &Entry<'_>,
    _kind: aclrtMemcpyKind,
    descSize: *mut usize,
) -> Result<(), Fault> {
    present("descSize", descSize)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemcpyAsyncWithDesc(
    call: &Entry<'_>,
    desc: *mut c_void,
    _kind: aclrtMemcpyKind,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("desc", desc)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemcpyAsyncWithOffset(
    call: &Entry<'_>,
    dst: *mut *mut c_void,
    _destMax: usize,
    _dstDataOffset: usize,
    src: *mut *const c_void,
    _count: usize,
    _srcDataOffset: usize,
    _kind: aclrtMemcpyKind,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("dst", dst)?;
    present("src", src)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemcpyFromSymbol(
    call: &Entry<'_>,
    dst: *mut c_void,
    _dstMax: usize,
    symbol: *const c_void,
    _count: usize,
    _offset: usize,
    _kind: aclrtMemcpyKind,
) -> Result<(), Fault> {
    present("dst", dst)?;
    present("symbol", symbol)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemcpyFromSymbolAsync(
    call: &Entry<'_>,
    dst: *mut c_void,
    _dstMax: usize,
    symbol: *const c_void,
    _count: usize,
    _offset: usize,
    _kind: aclrtMemcpyKind,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("dst", dst)?;
    present("symbol", symbol)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemcpyToSymbol(
    call: &Entry<'_>,
    symbol: *const c_void,
    src: *const c_void,
    _count: usize,
    _offset: usize,
    _kind: aclrtMemcpyKind,
) -> Result<(), Fault> {
    present("symbol", symbol)?;
    present("src", src)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemcpyToSymbolAsync(
    call: &Entry<'_>,
    symbol: *const c_void,
    src: *const c_void,
    _count: usize,
    _offset: usize,
    _kind: aclrtMemcpyKind,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("symbol", symbol)?;
    present("src", src)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSetMemcpyDesc(
    call: &Entry<'_>,
    desc: *mut c_void,
    _kind: aclrtMemcpyKind,
    srcAddr: *mut c_void,
    dstAddr: *mut c_void,
    _count: usize,
    config: *mut c_void,
) -> Result<(), Fault> {
    present("desc", desc)?;
    present("srcAddr", srcAddr)?;
    present("dstAddr", dstAddr)?;
    present("config", config)?;
    call.unsupported()
}
