//! Exceptions, overflow and aborts.

use std::ffi::*;
use std::time::Duration;

use ascend_sys::*;

use super::pointers::handle;
use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclRecoverAllHcclTasks(call: &Entry<'_>, _deviceId: i32) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtBinarySetExceptionCallback(
    call: &Entry<'_>,
    _binHandle: aclrtBinHandle,
    _callback: aclrtOpExceptionCallback,
    userData: *mut c_void,
) -> Result<(), Fault> {
    present("userData", userData)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDeviceTaskAbort(
    call: &Entry<'_>,
    deviceId: i32,
    timeout: u32,
) -> Result<(), Fault> {
    call.abort_device_tasks(deviceId, Duration::from_millis(timeout.into()))
}

pub(super) unsafe fn aclrtExceptionInfoCallbackRegister(
    call: &Entry<'_>,
    _callback: aclrtExceptionInfoCallback,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtExceptionInfoCallbackUnregister(
    call: &Entry<'_>,
    _callback: aclrtExceptionInfoCallback,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtGetArgsFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
    devArgsPtr: *mut *mut c_void,
    devArgsLen: *mut u32,
) -> Result<(), Fault> {
    present("info", info)?;
    present("devArgsPtr", devArgsPtr)?;
    present("devArgsLen", devArgsLen)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetDeviceIdFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
) -> Result<u32, Fault> {
    present("info", info)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetErrorCodeFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
) -> Result<u32, Fault> {
    present("info", info)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetErrorVerbose(
    call: &Entry<'_>,
    _deviceId: i32,
    errorInfo: *mut aclrtErrorInfo,
) -> Result<(), Fault> {
    present("errorInfo", errorInfo)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetFuncHandleFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
    func: *mut aclrtFuncHandle,
) -> Result<(), Fault> {
    present("info", info)?;
    present("func", func)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetMemUceInfo(
    call: &Entry<'_>,
    _deviceId: i32,
    memUceInfoArray: *mut aclrtMemUceInfo,
    _arraySize: usize,
    retSize: *mut usize,
) -> Result<(), Fault> {
    present("memUceInfoArray", memUceInfoArray)?;
    present("retSize", retSize)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetOverflowStatus(
    call: &Entry<'_>,
    outputAddr: *mut c_void,
    _outputSize: usize,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("outputAddr", outputAddr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetStreamIdFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
) -> Result<u32, Fault> {
    present("info", info)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetTaskIdFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
) -> Result<u32, Fault> {
    present("info", info)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetThreadIdFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
) -> Result<u32, Fault> {
    present("info", info)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemUceRepair(
    call: &Entry<'_>,
    _deviceId: i32,
    memUceInfoArray: *mut aclrtMemUceInfo,
    _arraySize: usize,
) -> Result<(), Fault> {
    present("memUceInfoArray", memUceInfoArray)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtNpuClearFloatOverFlowStatus(
    call: &Entry<'_>,
    _checkMode: u32,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtNpuGetFloatOverFlowStatus(
    call: &Entry<'_>,
    outputAddr: *mut c_void,
    _outputSize: u64,
    _checkMode: u32,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("outputAddr", outputAddr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtRepairError(
    call: &Entry<'_>,
    _deviceId: i32,
    errorInfo: *const aclrtErrorInfo,
) -> Result<(), Fault> {
    present("errorInfo", errorInfo)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSetDeviceTaskAbortCallback(
    call: &Entry<'_>,
    regName: *const c_char,
    _callback: aclrtDeviceTaskAbortCallback,
    args: *mut c_void,
) -> Result<(), Fault> {
    present("regName", regName)?;
    present("args", args)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSetExceptionInfoCallback(
    call: &Entry<'_>,
    _callback: aclrtExceptionInfoCallback,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtStreamAbort(call: &Entry<'_>, stream: aclrtStream) -> Result<(), Fault> {
    call.abort_stream(handle("stream", stream)?)
}
