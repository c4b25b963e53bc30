//! Single operators.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclopCast(
    call: &Entry<'_>,
    srcDesc: *const aclTensorDesc,
    srcBuffer: *const aclDataBuffer,
    dstDesc: *const aclTensorDesc,
    dstBuffer: *mut aclDataBuffer,
    _truncate: u8,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("srcDesc", srcDesc)?;
    present("srcBuffer", srcBuffer)?;
    present("dstDesc", dstDesc)?;
    present("dstBuffer", dstBuffer)?;
    call.unsupported()
}

pub(super) unsafe fn aclopCreateAttr(call: &Entry<'_>) -> Result<*mut aclopAttr, Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclopCreateHandle(
    call: &Entry<'_>,
    opType: *const c_char,
    _numInputs: c_int,
    inputDesc: *const *const aclTensorDesc,
    _numOutputs: c_int,
    outputDesc: *const *const aclTensorDesc,
    opAttr: *const aclopAttr,
    handle: *mut *mut aclopHandle,
) -> Result<(), Fault> {
    present("opType", opType)?;
    present("inputDesc", inputDesc)?;
    present("outputDesc", outputDesc)?;
    present("opAttr", opAttr)?;
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclopCreateHandleForCast(
    call: &Entry<'_>,
    srcDesc: *mut aclTensorDesc,
    dstDesc: *mut aclTensorDesc,
    _truncate: u8,
    handle: *mut *mut aclopHandle,
) -> Result<(), Fault> {
    present("srcDesc", srcDesc)?;
    present("dstDesc", dstDesc)?;
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclopCreateKernel(
    call: &Entry<'_>,
    opType: *const c_char,
    kernelId: *const c_char,
    kernelName: *const c_char,
    binData: *mut c_void,
    _binSize: c_int,
    _enginetype: aclopEngineType,
    _deallocator: aclDataDeallocator,
) -> Result<(), Fault> {
    present("opType", opType)?;
    present("kernelId", kernelId)?;
    present("kernelName", kernelName)?;
    present("binData", binData)?;
    call.unsupported()
}

pub(super) unsafe fn aclopDestroyAttr(
    call: &Entry<'_>,
    attr: *const aclopAttr,
) -> Result<(), Fault> {
    present("attr", attr)?;
    call.unsupported()
}

pub(super) unsafe fn aclopDestroyHandle(
    call: &Entry<'_>,
    handle: *mut aclopHandle,
) -> Result<(), Fault> {
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclopExecWithHandle(
    call: &Entry<'_>,
    handle: *mut aclopHandle,
    _numInputs: c_int,
    inputs: *const *const aclDataBuffer,
    _numOutputs: c_int,
    outputs: *const *mut aclDataBuffer,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("handle", handle)?;
    present("inputs", inputs)?;
    present("outputs", outputs)?;
    call.unsupported()
}

pub(super) unsafe fn aclopExecute(
    call: &Entry<'_>,
    opType: *const c_char,
    _numInputs: c_int,
    inputDesc: *const *const aclTensorDesc,
    inputs: *const *const aclDataBuffer,
    _numOutputs: c_int,
    outputDesc: *const *const aclTensorDesc,
    outputs: *const *mut aclDataBuffer,
    attr: *const aclopAttr,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("opType", opType)?;
    present("inputDesc", inputDesc)?;
    present("inputs", inputs)?;
    present("outputDesc", outputDesc)?;
    present("outputs", outputs)?;
    present("attr", attr)?;
    call.unsupported()
}

pub(super) unsafe fn aclopExecuteV2(
    call: &Entry<'_>,
    opType: *const c_char,
    _numInputs: c_int,
    inputDesc: *mut *mut aclTensorDesc,
    inputs: *mut *mut aclDataBuffer,
    _numOutputs: c_int,
    outputDesc: *mut *mut aclTensorDesc,
    outputs: *mut *mut aclDataBuffer,
    attr: *mut aclopAttr,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("opType", opType)?;
    present("inputDesc", inputDesc)?;
    present("inputs", inputs)?;
    present("outputDesc", outputDesc)?;
    present("outputs", outputs)?;
    present("attr", attr)?;
    call.unsupported()
}

pub(super) unsafe fn aclopInferShape(
    call: &Entry<'_>,
    opType: *const c_char,
    _numInputs: c_int,
    inputDesc: *mut *mut aclTensorDesc,
    inputs: *mut *mut aclDataBuffer,
    _numOutputs: c_int,
    outputDesc: *mut *mut aclTensorDesc,
    attr: *mut aclopAttr,
) -> Result<(), Fault> {
    present("opType", opType)?;
    present("inputDesc", inputDesc)?;
    present("inputs", inputs)?;
    present("outputDesc", outputDesc)?;
    present("attr", attr)?;
    call.unsupported()
}

pub(super) unsafe fn aclopLoad(
    call: &Entry<'_>,
    model: *const c_void,
    _modelSize: usize,
) -> Result<(), Fault> {
    present("model", model)?;
    call.unsupported()
}

pub(super) unsafe fn aclopRegisterCompileFunc(
    call: &Entry<'_>,
    opType: *const c_char,
    _func: aclopCompileFunc,
) -> Result<(), Fault> {
    present("opType", opType)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetAttrBool(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    _attrValue: u8,
) -> Result<(), Fault> {
    present("attr", attr)?;
    present("attrName", attrName)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetAttrDataType(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    _attrValue: aclDataType,
) -> Result<(), Fault> {
    present("attr", attr)?;
    present("attrName", attrName)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetAttrFloat(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    _attrValue: f32,
) -> Result<(), Fault> {
    present("attr", attr)?;
    present("attrName", attrName)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetAttrInt(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    _attrValue: i64,
) -> Result<(), Fault> {
    present("attr", attr)?;
    present("attrName", attrName)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetAttrListBool(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    _numValues: c_int,
    values: *const u8,
) -> Result<(), Fault> {
    present("attr", attr)?;
    present("attrName", attrName)?;
    present("values", values)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetAttrListDataType(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    _numValues: c_int,
    values: *const aclDataType,
) -> Result<(), Fault> {
    present("attr", attr)?;
    present("attrName", attrName)?;
    present("values", values)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetAttrListFloat(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    _numValues: c_int,
    values: *const f32,
) -> Result<(), Fault> {
    present("attr", attr)?;
    present("attrName", attrName)?;
    present("values", values)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetAttrListInt(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    _numValues: c_int,
    values: *const i64,
) -> Result<(), Fault> {
    present("attr", attr)?;
    present("attrName", attrName)?;
    present("values", values)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetAttrListListInt(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    _numLists: c_int,
    numValues: *const c_int,
    values: *const *const i64,
) -> Result<(), Fault> {
    present("attr", attr)?;
    present("attrName", attrName)?;
    present("numValues", numValues)?;
    present("values", values)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetAttrListString(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    _numValues: c_int,
    values: *mut *const c_char,
) -> Result<(), Fault> {
    present("attr", attr)?;
    present("attrName", attrName)?;
    present("values", values)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetAttrString(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    attrValue: *const c_char,
) -> Result<(), Fault> {
    present("attr", attr)?;
    present("attrName", attrName)?;
    present("attrValue", attrValue)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetKernelArgs(
    call: &Entry<'_>,
    kernelDesc: *mut aclopKernelDesc,
    kernelId: *const c_char,
    _blockDim: u32,
    args: *const c_void,
    _argSize: u32,
) -> Result<(), Fault> {
    present("kernelDesc", kernelDesc)?;
    present("kernelId", kernelId)?;
    present("args", args)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetKernelWorkspaceSizes(
    call: &Entry<'_>,
    kernelDesc: *mut aclopKernelDesc,
    _numWorkspaces: c_int,
    workspaceSizes: *mut usize,
) -> Result<(), Fault> {
    present("kernelDesc", kernelDesc)?;
    present("workspaceSizes", workspaceSizes)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetMaxOpQueueNum(call: &Entry<'_>, _maxOpNum: u64) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclopSetModelDir(
    call: &Entry<'_>,
    modelDir: *const c_char,
) -> Result<(), Fault> {
    present("modelDir", modelDir)?;
    call.unsupported()
}

pub(super) unsafe fn aclopUnregisterCompileFunc(
    call: &Entry<'_>,
    opType: *const c_char,
) -> Result<(), Fault> {
    present("opType", opType)?;
    call.unsupported()
}

pub(super) unsafe fn aclopUpdateParams(
    call: &Entry<'_>,
    opType: *const c_char,
    _numInputs: c_int,
    inputDesc: *const *const aclTensorDesc,
    _numOutputs: c_int,
    outputDesc: *const *const aclTensorDesc,
    attr: *const aclopAttr,
) -> Result<(), Fault> {
    present("opType", opType)?;
    present("inputDesc", inputDesc)?;
    present("outputDesc", outputDesc)?;
    present("attr", attr)?;
    call.unsupported()
}

pub(super) unsafe fn aclopStartDumpArgs(
    call: &Entry<'_>,
    _dumpType: u32,
    path: *const c_char,
) -> Result<(), Fault> {
    present("path", path)?;
    call.unsupported()
}

pub(super) unsafe fn aclopStopDumpArgs(call: &Entry<'_>, _dumpType: u32) -> Result<(), Fault> {
    call.unsupported()
}
