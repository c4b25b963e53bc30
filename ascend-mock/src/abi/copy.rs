//! Copies and fills of other forms.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtCmoAsync(
    call: &Entry<'_>,
    src: *mut c_void,
    _size: usize,
    _cmoType: aclrtCmoType,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("src", src)?;
    call.unsupported()
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
    present("reserve", reserve)?;
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

pub(super) unsafe fn aclrtMemcpy2d(
    call: &Entry<'_>,
    dst: *mut c_void,
    _dpitch: usize,
    src: *const c_void,
    _spitch: usize,
    _width: usize,
    _height: usize,
    _kind: aclrtMemcpyKind,
) -> Result<(), Fault> {
    present("dst", dst)?;
    present("src", src)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemcpy2dAsync(
    call: &Entry<'_>,
    dst: *mut c_void,
    _dpitch: usize,
    src: *const c_void,
    _spitch: usize,
    _width: usize,
    _height: usize,
    _kind: aclrtMemcpyKind,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("dst", dst)?;
    present("src", src)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemcpyAsyncWithCondition(
    call: &Entry<'_>,
    dst: *mut c_void,
    _destMax: usize,
    src: *const c_void,
    _count: usize,
    _kind: aclrtMemcpyKind,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("dst", dst)?;
    present("src", src)?;
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

pub(super) unsafe fn aclrtMemcpyBatch(
    call: &Entry<'_>,
    dsts: *mut *mut c_void,
    destMaxs: *mut usize,
    srcs: *mut *mut c_void,
    sizes: *mut usize,
    _numBatches: usize,
    attrs: *mut aclrtMemcpyBatchAttr,
    attrsIndexes: *mut usize,
    _numAttrs: usize,
    failIndex: *mut usize,
) -> Result<(), Fault> {
    present("dsts", dsts)?;
    present("destMaxs", destMaxs)?;
    present("srcs", srcs)?;
    present("sizes", sizes)?;
    present("attrs", attrs)?;
    present("attrsIndexes", attrsIndexes)?;
    present("failIndex", failIndex)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemcpyBatchAsync(
    call: &Entry<'_>,
    dsts: *mut *mut c_void,
    destMaxs: *mut usize,
    srcs: *mut *mut c_void,
    sizes: *mut usize,
    _numBatches: usize,
    attrs: *mut aclrtMemcpyBatchAttr,
    attrsIndexes: *mut usize,
    _numAttrs: usize,
    failIndex: *mut usize,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("dsts", dsts)?;
    present("destMaxs", destMaxs)?;
    present("srcs", srcs)?;
    present("sizes", sizes)?;
    present("attrs", attrs)?;
    present("attrsIndexes", attrsIndexes)?;
    present("failIndex", failIndex)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemcpyBatchAsyncV2(
    call: &Entry<'_>,
    dsts: *mut *mut c_void,
    destMaxs: *mut usize,
    srcs: *mut *mut c_void,
    sizes: *mut usize,
    _numBatches: usize,
    attrs: *mut aclrtMemcpyBatchAttr,
    attrsIndexes: *mut usize,
    _numAttrs: usize,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("dsts", dsts)?;
    present("destMaxs", destMaxs)?;
    present("srcs", srcs)?;
    present("sizes", sizes)?;
    present("attrs", attrs)?;
    present("attrsIndexes", attrsIndexes)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemcpyBatchV2(
    call: &Entry<'_>,
    dsts: *mut *mut c_void,
    destMaxs: *mut usize,
    srcs: *mut *mut c_void,
    sizes: *mut usize,
    _numBatches: usize,
    attrs: *mut aclrtMemcpyBatchAttr,
    attrsIndexes: *mut usize,
    _numAttrs: usize,
) -> Result<(), Fault> {
    present("dsts", dsts)?;
    present("destMaxs", destMaxs)?;
    present("srcs", srcs)?;
    present("sizes", sizes)?;
    present("attrs", attrs)?;
    present("attrsIndexes", attrsIndexes)?;
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

pub(super) unsafe fn aclrtMemsetD32(
    call: &Entry<'_>,
    ptr: *mut c_void,
    _memSize: usize,
    _value: u32,
    _N: usize,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemsetD32Async(
    call: &Entry<'_>,
    ptr: *mut c_void,
    _memSize: usize,
    _value: u32,
    _N: usize,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
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
