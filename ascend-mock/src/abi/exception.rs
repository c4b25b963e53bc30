//! Exceptions, overflow and aborts.

use std::ffi::*;
use std::sync::Arc;
use std::time::Duration;

use ascend_sys::*;

use super::pointers::{Place, UserData, end, handle, number, opaque, text};
use crate::entry::{Entry, Otherwise, present};
use crate::exception::{ExceptionHook, ExceptionInfo, Launched};
use crate::fault::Fault;
use crate::hooks::AbortHook;
use crate::memory::{Fill, Value};

/// What the questions about an exception answer if there is none.
const NO_DETAIL: u32 = u32::MAX;

/// What one answer about overflows takes.
const OVERFLOW_STATUS_BYTES: usize = 64;

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

/// The launch that failed; tasks of other kinds are refused (107000).
fn launched(call: &Entry<'_>, info: u64) -> Result<Launched, Fault> {
    let launched = call.exception_info(info)?.launched;
    launched.ok_or_else(|| Fault::runtime_argument("the task that failed launched no kernel"))
}

pub(super) unsafe fn aclrtGetArgsFromExceptionInfo(
    call: &Entry<'_>,
    info: *const aclrtExceptionInfo,
    devArgsPtr: *mut *mut c_void,
    devArgsLen: *mut u32,
) -> Result<(), Fault> {
    let info = handle("info", info)?;
    // SAFETY: NULL, or a place for the answer.
    let address = unsafe { Place::new("devArgsPtr", devArgsPtr) }?;
    // SAFETY: NULL, or a place for the answer.
    let length = unsafe { Place::new("devArgsLen", devArgsLen) }?;
    let launched = launched(call, info)?;
    address.set(opaque(launched.address));
    length.set(launched.bytes);
    Ok(())
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
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("func", func) }?;
    place.set(opaque(launched(call, info)?.function));
    Ok(())
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

/// No task of the CPU device overflows: its computations end in infinities.
pub(super) unsafe fn aclrtGetOverflowStatus(
    call: &Entry<'_>,
    outputAddr: *mut c_void,
    outputSize: usize,
    stream: aclrtStream,
) -> Result<(), Fault> {
    present("outputAddr", outputAddr)?;
    if outputSize != OVERFLOW_STATUS_BYTES {
        return Err(Fault::runtime_argument(format!(
            "the status has {OVERFLOW_STATUS_BYTES} bytes, outputSize is {outputSize}"
        )));
    }
    // SAFETY: host memory is refused before it is written to.
    let to = unsafe { end(call, "outputAddr", outputAddr, outputSize) }?;
    let none = Fill {
        to,
        bytes: outputSize,
        value: Value::Byte(0),
    };
    call.fill_in_stream(none, number(stream))
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
    callback: aclrtDeviceTaskAbortCallback,
    args: *mut c_void,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let name = unsafe { text("regName", regName) }?;
    let args = UserData(args);
    let hook = callback.map(|function| -> AbortHook {
        Arc::new(move |device, stage, milliseconds| {
            // SAFETY: the program gives both away until it takes the callback back.
            unsafe { function(device.cast_signed(), stage, milliseconds, args.raw()) }
        })
    });
    call.world.hooks.aborts.set(name.to_bytes(), hook)
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
