//! Exceptions, overflow and aborts.

use std::ffi::*;
use std::sync::Arc;
use std::time::Duration;

use ascend_sys::*;

use super::pointers::{Place, handle, opaque};
use crate::entry::{Entry, Otherwise, present};
use crate::exception::{ExceptionHook, ExceptionInfo};
use crate::fault::Fault;

/// What the questions about an exception answer if there is none.
const NO_DETAIL: u32 = u32::MAX;

/// Ranges that one repair takes.
const MAX_BROKEN_RANGES: usize = 128;

fn no_callback() -> Fault {
    Fault::runtime_argument("the callback is NULL")
}

/// # Safety
///
/// The function may be called on any thread until the device is gone.
unsafe fn hook(function: unsafe extern "C" fn(*mut aclrtExceptionInfo)) -> ExceptionHook {
    // SAFETY: the caller vouches for the call.
    Arc::new(move |info| unsafe { function(opaque(info)) })
}

/// Answers a question about an exception. What the program holds is a handle, so one that is kept
/// too long is found out.
fn detail(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
    detail: impl FnOnce(ExceptionInfo) -> u32,
) -> Otherwise<u32> {
    let info = handle("info", info).and_then(|info| call.exception_info(info));
    Otherwise(info.map(detail), NO_DETAIL)
}

pub(super) unsafe fn aclRecoverAllHcclTasks(call: &Entry<'_>, deviceId: i32) -> Result<(), Fault> {
    call.ordinal(deviceId)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtBinarySetExceptionCallback(
    call: &Entry<'_>,
    binHandle: aclrtBinHandle,
    _callback: aclrtOpExceptionCallback,
    _userData: *mut c_void,
) -> Result<(), Fault> {
    present("binHandle", binHandle)?;
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
    callback: aclrtExceptionInfoCallback,
) -> Result<(), Fault> {
    let function = callback.ok_or_else(no_callback)?;
    // SAFETY: the program gives the function away until it takes it back.
    let hook = unsafe { hook(function) };
    call.world.exceptions.register(function as usize, hook);
    Ok(())
}

pub(super) unsafe fn aclrtExceptionInfoCallbackUnregister(
    call: &Entry<'_>,
    callback: aclrtExceptionInfoCallback,
) -> Result<(), Fault> {
    let function = callback.ok_or_else(no_callback)?;
    call.world.exceptions.unregister(function as usize)
}

/// Tasks of the CPU device have no block of arguments.
pub(super) unsafe fn aclrtGetArgsFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
    devArgsPtr: *mut *mut c_void,
    devArgsLen: *mut u32,
) -> Result<(), Fault> {
    let info = handle("info", info)?;
    present("devArgsPtr", devArgsPtr)?;
    present("devArgsLen", devArgsLen)?;
    call.exception_info(info)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetDeviceIdFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
) -> Otherwise<u32> {
    detail(call, info, |info| info.device)
}

pub(super) unsafe fn aclrtGetErrorCodeFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
) -> Otherwise<u32> {
    detail(call, info, |info| info.code.cast_unsigned())
}

/// The CPU device knows what sort of failure it was, and no details.
pub(super) unsafe fn aclrtGetErrorVerbose(
    call: &Entry<'_>,
    deviceId: i32,
    errorInfo: *mut aclrtErrorInfo,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("errorInfo", errorInfo) }?;
    place.set(aclrtErrorInfo {
        errorType: call.device_error(deviceId)?,
        ..aclrtErrorInfo::default()
    });
    Ok(())
}

pub(super) unsafe fn aclrtGetFuncHandleFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
    func: *mut aclrtFuncHandle,
) -> Result<(), Fault> {
    let info = handle("info", info)?;
    present("func", func)?;
    call.exception_info(info)?;
    call.unsupported()
}

/// The memory of the CPU device is the host's: no part of it is known to be broken.
pub(super) unsafe fn aclrtGetMemUceInfo(
    call: &Entry<'_>,
    deviceId: i32,
    memUceInfoArray: *mut aclrtMemUceInfo,
    _arraySize: usize,
    retSize: *mut usize,
) -> Result<(), Fault> {
    present("memUceInfoArray", memUceInfoArray)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("retSize", retSize) }?;
    call.ordinal(deviceId)?;
    place.set(0);
    Ok(())
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
) -> Otherwise<u32> {
    detail(call, info, |info| info.stream)
}

pub(super) unsafe fn aclrtGetTaskIdFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
) -> Otherwise<u32> {
    detail(call, info, |info| info.task)
}

pub(super) unsafe fn aclrtGetThreadIdFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
) -> Otherwise<u32> {
    detail(call, info, |info| info.thread)
}

pub(super) unsafe fn aclrtMemUceRepair(
    call: &Entry<'_>,
    deviceId: i32,
    memUceInfoArray: *mut aclrtMemUceInfo,
    arraySize: usize,
) -> Result<(), Fault> {
    present("memUceInfoArray", memUceInfoArray)?;
    if arraySize > MAX_BROKEN_RANGES {
        return Err(Fault::argument(format!(
            "arraySize {arraySize} is above {MAX_BROKEN_RANGES}"
        )));
    }
    call.ordinal(deviceId)?;
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
    deviceId: i32,
    errorInfo: *const aclrtErrorInfo,
) -> Result<(), Fault> {
    present("errorInfo", errorInfo)?;
    call.ordinal(deviceId)?;
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
    callback: aclrtExceptionInfoCallback,
) -> Result<(), Fault> {
    // SAFETY: the program gives the function away until another one takes its place.
    let hook = callback.map(|function| unsafe { hook(function) });
    call.world.exceptions.set(hook);
    Ok(())
}

pub(super) unsafe fn aclrtStreamAbort(call: &Entry<'_>, stream: aclrtStream) -> Result<(), Fault> {
    call.abort_stream(handle("stream", stream)?)
}
