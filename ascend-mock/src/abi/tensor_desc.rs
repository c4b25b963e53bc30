//! What tensor descriptions hold besides type, shape and format.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclGetTensorDescAddress(
    call: &Entry<'_>,
    desc: *const aclTensorDesc,
) -> Result<*mut c_void, Fault> {
    present("desc", desc)?;
    call.unsupported()
}

pub(super) unsafe fn aclGetTensorDescByIndex(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    _index: usize,
) -> Result<*mut aclTensorDesc, Fault> {
    present("desc", desc)?;
    call.unsupported()
}

pub(super) unsafe fn aclGetTensorDescDimRange(
    call: &Entry<'_>,
    desc: *const aclTensorDesc,
    _index: usize,
    _dimRangeNum: usize,
    dimRange: *mut i64,
) -> Result<(), Fault> {
    present("desc", desc)?;
    present("dimRange", dimRange)?;
    call.unsupported()
}

pub(super) unsafe fn aclGetTensorDescName(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
) -> Result<*const c_char, Fault> {
    present("desc", desc)?;
    call.unsupported()
}

pub(super) unsafe fn aclSetTensorConst(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    dataBuffer: *mut c_void,
    _length: usize,
) -> Result<(), Fault> {
    present("desc", desc)?;
    present("dataBuffer", dataBuffer)?;
    call.unsupported()
}

pub(super) unsafe fn aclSetTensorDescName(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    name: *const c_char,
) -> Result<(), Fault> {
    present("desc", desc)?;
    present("name", name)?;
    call.unsupported()
}

pub(super) unsafe fn aclSetTensorDynamicInput(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    dynamicInputName: *const c_char,
) -> Result<(), Fault> {
    present("desc", desc)?;
    present("dynamicInputName", dynamicInputName)?;
    call.unsupported()
}

pub(super) unsafe fn aclSetTensorFormat(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    _format: aclFormat,
) -> Result<(), Fault> {
    present("desc", desc)?;
    call.unsupported()
}

pub(super) unsafe fn aclSetTensorOriginFormat(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    _format: aclFormat,
) -> Result<(), Fault> {
    present("desc", desc)?;
    call.unsupported()
}

pub(super) unsafe fn aclSetTensorOriginShape(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    _numDims: c_int,
    dims: *const i64,
) -> Result<(), Fault> {
    present("desc", desc)?;
    present("dims", dims)?;
    call.unsupported()
}

pub(super) unsafe fn aclSetTensorPlaceMent(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    _memType: aclMemType,
) -> Result<(), Fault> {
    present("desc", desc)?;
    call.unsupported()
}

pub(super) unsafe fn aclSetTensorShape(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    _numDims: c_int,
    dims: *const i64,
) -> Result<(), Fault> {
    present("desc", desc)?;
    present("dims", dims)?;
    call.unsupported()
}

pub(super) unsafe fn aclSetTensorShapeRange(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    _dimsCount: usize,
    dimsRange: *mut [i64; 2usize],
) -> Result<(), Fault> {
    present("desc", desc)?;
    present("dimsRange", dimsRange)?;
    call.unsupported()
}

pub(super) unsafe fn aclSetTensorStorageFormat(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    _format: aclFormat,
) -> Result<(), Fault> {
    present("desc", desc)?;
    call.unsupported()
}

pub(super) unsafe fn aclSetTensorStorageShape(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    _numDims: c_int,
    dims: *const i64,
) -> Result<(), Fault> {
    present("desc", desc)?;
    present("dims", dims)?;
    call.unsupported()
}

pub(super) unsafe fn aclSetTensorValueRange(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    _valueCount: usize,
    valueRange: *mut [i64; 2usize],
) -> Result<(), Fault> {
    present("desc", desc)?;
    present("valueRange", valueRange)?;
    call.unsupported()
}

pub(super) unsafe fn aclTransTensorDescFormat(
    call: &Entry<'_>,
    srcDesc: *const aclTensorDesc,
    _dstFormat: aclFormat,
    dstDesc: *mut *mut aclTensorDesc,
) -> Result<(), Fault> {
    present("srcDesc", srcDesc)?;
    present("dstDesc", dstDesc)?;
    call.unsupported()
}
