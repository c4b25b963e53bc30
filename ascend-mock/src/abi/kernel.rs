//! Kernels: binaries, functions, arguments, launches.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtBinaryGetDevAddress(
    call: &Entry<'_>,
    _binHandle: aclrtBinHandle,
    binAddr: *mut *mut c_void,
    binSize: *mut usize,
) -> Result<(), Fault> {
    present("binAddr", binAddr)?;
    present("binSize", binSize)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtBinaryGetFunction(
    call: &Entry<'_>,
    _binHandle: aclrtBinHandle,
    kernelName: *const c_char,
    funcHandle: *mut aclrtFuncHandle,
) -> Result<(), Fault> {
    present("kernelName", kernelName)?;
    present("funcHandle", funcHandle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtBinaryGetFunctionByEntry(
    call: &Entry<'_>,
    _binHandle: aclrtBinHandle,
    _funcEntry: u64,
    funcHandle: *mut aclrtFuncHandle,
) -> Result<(), Fault> {
    present("funcHandle", funcHandle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtBinaryGetGlobal(
    call: &Entry<'_>,
    _binHandle: aclrtBinHandle,
    name: *const c_char,
    dptr: *mut *mut c_void,
    size: *mut usize,
) -> Result<(), Fault> {
    present("name", name)?;
    present("dptr", dptr)?;
    present("size", size)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtBinaryLoad(
    call: &Entry<'_>,
    _binary: aclrtBinary,
    binHandle: *mut aclrtBinHandle,
) -> Result<(), Fault> {
    present("binHandle", binHandle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtBinaryLoadFromData(
    call: &Entry<'_>,
    data: *const c_void,
    _length: usize,
    options: *const aclrtBinaryLoadOptions,
    binHandle: *mut aclrtBinHandle,
) -> Result<(), Fault> {
    present("data", data)?;
    present("options", options)?;
    present("binHandle", binHandle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtBinaryLoadFromFile(
    call: &Entry<'_>,
    binPath: *const c_char,
    options: *mut aclrtBinaryLoadOptions,
    binHandle: *mut aclrtBinHandle,
) -> Result<(), Fault> {
    present("binPath", binPath)?;
    present("options", options)?;
    present("binHandle", binHandle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtBinaryUnLoad(
    call: &Entry<'_>,
    _binHandle: aclrtBinHandle,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtCheckArchCompatibility(
    call: &Entry<'_>,
    socVersion: *const c_char,
    canCompatible: *mut i32,
) -> Result<(), Fault> {
    present("socVersion", socVersion)?;
    present("canCompatible", canCompatible)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCreateBinary(
    call: &Entry<'_>,
    data: *const c_void,
    _dataLen: usize,
) -> Result<aclrtBinary, Fault> {
    present("data", data)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCtxGetFloatOverflowAddr(
    call: &Entry<'_>,
    overflowAddr: *mut *mut c_void,
) -> Result<(), Fault> {
    present("overflowAddr", overflowAddr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDestroyBinary(
    call: &Entry<'_>,
    _binary: aclrtBinary,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtFunctionGetAvailDynUbufPerBlock(
    call: &Entry<'_>,
    func: *mut c_void,
    _flags: u32,
    dynamicUbufSize: *mut usize,
) -> Result<(), Fault> {
    present("func", func)?;
    present("dynamicUbufSize", dynamicUbufSize)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtFunctionGetBinary(
    call: &Entry<'_>,
    _funcHandle: aclrtFuncHandle,
    binHandle: *mut aclrtBinHandle,
) -> Result<(), Fault> {
    present("binHandle", binHandle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtFunctionGetParamCount(
    call: &Entry<'_>,
    func: *const c_void,
    paramCount: *mut usize,
) -> Result<(), Fault> {
    present("func", func)?;
    present("paramCount", paramCount)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtFunctionGetParamInfo(
    call: &Entry<'_>,
    func: *const c_void,
    _paramIndex: usize,
    paramOffset: *mut usize,
    paramSize: *mut usize,
) -> Result<(), Fault> {
    present("func", func)?;
    present("paramOffset", paramOffset)?;
    present("paramSize", paramSize)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetFloatOverflowStatus(
    call: &Entry<'_>,
    outputAddr: *mut c_void,
    _outputSize: u64,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("outputAddr", outputAddr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetFuncBySymbol(
    call: &Entry<'_>,
    symbol: *const c_void,
    funcHandle: *mut aclrtFuncHandle,
) -> Result<(), Fault> {
    present("symbol", symbol)?;
    present("funcHandle", funcHandle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetFunctionAddr(
    call: &Entry<'_>,
    _funcHandle: aclrtFuncHandle,
    aicAddr: *mut *mut c_void,
    aivAddr: *mut *mut c_void,
) -> Result<(), Fault> {
    present("aicAddr", aicAddr)?;
    present("aivAddr", aivAddr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetFunctionAttribute(
    call: &Entry<'_>,
    _funcHandle: aclrtFuncHandle,
    _attrType: aclrtFuncAttribute,
    attrValue: *mut i64,
) -> Result<(), Fault> {
    present("attrValue", attrValue)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetFunctionName(
    call: &Entry<'_>,
    _funcHandle: aclrtFuncHandle,
    _maxLen: u32,
    name: *mut c_char,
) -> Result<(), Fault> {
    present("name", name)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetFunctionSize(
    call: &Entry<'_>,
    _funcHandle: aclrtFuncHandle,
    aicSize: *mut usize,
    aivSize: *mut usize,
) -> Result<(), Fault> {
    present("aicSize", aicSize)?;
    present("aivSize", aivSize)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetHardwareSyncAddr(
    call: &Entry<'_>,
    addr: *mut *mut c_void,
) -> Result<(), Fault> {
    present("addr", addr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetSymbolAddress(
    call: &Entry<'_>,
    symbol: *const c_void,
    devPtr: *mut *mut c_void,
) -> Result<(), Fault> {
    present("symbol", symbol)?;
    present("devPtr", devPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetSymbolSize(
    call: &Entry<'_>,
    symbol: *const c_void,
    size: *mut usize,
) -> Result<(), Fault> {
    present("symbol", symbol)?;
    present("size", size)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtKernelArgsAppend(
    call: &Entry<'_>,
    _argsHandle: aclrtArgsHandle,
    param: *mut c_void,
    _paramSize: usize,
    paramHandle: *mut aclrtParamHandle,
) -> Result<(), Fault> {
    present("param", param)?;
    present("paramHandle", paramHandle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtKernelArgsAppendPlaceHolder(
    call: &Entry<'_>,
    _argsHandle: aclrtArgsHandle,
    paramHandle: *mut aclrtParamHandle,
) -> Result<(), Fault> {
    present("paramHandle", paramHandle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtKernelArgsFinalize(
    call: &Entry<'_>,
    _argsHandle: aclrtArgsHandle,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtKernelArgsGetHandleMemSize(
    call: &Entry<'_>,
    _funcHandle: aclrtFuncHandle,
    memSize: *mut usize,
) -> Result<(), Fault> {
    present("memSize", memSize)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtKernelArgsGetMemSize(
    call: &Entry<'_>,
    _funcHandle: aclrtFuncHandle,
    _userArgsSize: usize,
    actualArgsSize: *mut usize,
) -> Result<(), Fault> {
    present("actualArgsSize", actualArgsSize)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtKernelArgsGetPlaceHolderBuffer(
    call: &Entry<'_>,
    _argsHandle: aclrtArgsHandle,
    _paramHandle: aclrtParamHandle,
    _dataSize: usize,
    bufferAddr: *mut *mut c_void,
) -> Result<(), Fault> {
    present("bufferAddr", bufferAddr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtKernelArgsInit(
    call: &Entry<'_>,
    _funcHandle: aclrtFuncHandle,
    argsHandle: *mut aclrtArgsHandle,
) -> Result<(), Fault> {
    present("argsHandle", argsHandle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtKernelArgsInitByUserMem(
    call: &Entry<'_>,
    _funcHandle: aclrtFuncHandle,
    _argsHandle: aclrtArgsHandle,
    userHostMem: *mut c_void,
    _actualArgsSize: usize,
) -> Result<(), Fault> {
    present("userHostMem", userHostMem)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtKernelArgsParaUpdate(
    call: &Entry<'_>,
    _argsHandle: aclrtArgsHandle,
    _paramHandle: aclrtParamHandle,
    param: *mut c_void,
    _paramSize: usize,
) -> Result<(), Fault> {
    present("param", param)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtLaunchKernel(
    call: &Entry<'_>,
    _funcHandle: aclrtFuncHandle,
    _numBlocks: u32,
    argsData: *const c_void,
    _argsSize: usize,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("argsData", argsData)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtLaunchKernelV2(
    call: &Entry<'_>,
    _funcHandle: aclrtFuncHandle,
    _numBlocks: u32,
    argsData: *const c_void,
    _argsSize: usize,
    cfg: *mut aclrtLaunchKernelCfg,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("argsData", argsData)?;
    present("cfg", cfg)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtLaunchKernelWithArgsArray(
    call: &Entry<'_>,
    func: *mut c_void,
    _numBlocks: u32,
    _stream: aclrtStream,
    cfg: *mut aclrtLaunchKernelCfg,
    args: *mut *mut c_void,
) -> Result<(), Fault> {
    present("func", func)?;
    present("cfg", cfg)?;
    present("args", args)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtLaunchKernelWithConfig(
    call: &Entry<'_>,
    _funcHandle: aclrtFuncHandle,
    _numBlocks: u32,
    _stream: aclrtStream,
    cfg: *mut aclrtLaunchKernelCfg,
    _argsHandle: aclrtArgsHandle,
    reserve: *mut c_void,
) -> Result<(), Fault> {
    present("cfg", cfg)?;
    present("reserve", reserve)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtLaunchKernelWithHostArgs(
    call: &Entry<'_>,
    _funcHandle: aclrtFuncHandle,
    _numBlocks: u32,
    _stream: aclrtStream,
    cfg: *mut aclrtLaunchKernelCfg,
    hostArgs: *mut c_void,
    _argsSize: usize,
    placeHolderArray: *mut aclrtPlaceHolderInfo,
    _placeHolderNum: usize,
) -> Result<(), Fault> {
    present("cfg", cfg)?;
    present("hostArgs", hostArgs)?;
    present("placeHolderArray", placeHolderArray)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtLaunchSIMTKernelWithArgsArray(
    call: &Entry<'_>,
    func: *mut c_void,
    _gridDim: dim3,
    _blockDim: dim3,
    _dynUbufSize: usize,
    _stream: aclrtStream,
    cfg: *mut aclrtLaunchKernelCfg,
    args: *mut *mut c_void,
) -> Result<(), Fault> {
    present("func", func)?;
    present("cfg", cfg)?;
    present("args", args)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtLaunchSIMTKernelWithHostArgs(
    call: &Entry<'_>,
    func: *mut c_void,
    _gridDim: dim3,
    _blockDim: dim3,
    _dynUbufSize: usize,
    _stream: aclrtStream,
    cfg: *mut aclrtLaunchKernelCfg,
    hostArgs: *mut c_void,
    _argsSize: usize,
    placeHolderArray: *mut aclrtPlaceHolderInfo,
    _placeHolderNum: usize,
) -> Result<(), Fault> {
    present("func", func)?;
    present("cfg", cfg)?;
    present("hostArgs", hostArgs)?;
    present("placeHolderArray", placeHolderArray)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtRegisterCpuFunc(
    call: &Entry<'_>,
    _handle: aclrtBinHandle,
    funcName: *const c_char,
    kernelName: *const c_char,
    funcHandle: *mut aclrtFuncHandle,
) -> Result<(), Fault> {
    present("funcName", funcName)?;
    present("kernelName", kernelName)?;
    present("funcHandle", funcHandle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtResetFloatOverflowStatus(
    call: &Entry<'_>,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}
