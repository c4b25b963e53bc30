//! Callbacks and host functions.

use std::ffi::*;
use std::sync::Arc;

use ascend_sys::*;

use super::pointers::{UserData, deadline, number, opaque, text};
use crate::callback::{HostFunction, Sort};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::hooks::{DeviceHook, StreamHook};

/// Refuses a function that is NULL, as the runtime layer does (107000).
fn function<F>(function: Option<F>) -> Result<F, Fault> {
    function.ok_or_else(|| Fault::runtime_argument("the function is NULL"))
}

/// A function of the program with its argument.
///
/// # Safety
///
/// The function may be called with the argument, on any thread, until the device is gone.
unsafe fn host_function(
    function: unsafe extern "C" fn(*mut c_void),
    argument: *mut c_void,
) -> HostFunction {
    let argument = UserData(argument);
    // SAFETY: the caller vouches for the call.
    Arc::new(move || unsafe { function(argument.raw()) })
}

pub(super) unsafe fn aclrtLaunchCallback(
    call: &Entry<'_>,
    fn_: aclrtCallback,
    userData: *mut c_void,
    blockType: aclrtCallbackBlockType,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let blocks = match blockType {
        aclrtCallbackBlockType::ACL_CALLBACK_NO_BLOCK => false,
        aclrtCallbackBlockType::ACL_CALLBACK_BLOCK => true,
        kind => return Err(Fault::argument(format!("{} is no block type", kind.0))),
    };
    let function = function(fn_)?;
    // SAFETY: the program gives both away until the callback has run.
    let function = unsafe { host_function(function, userData) };
    call.launch_callback(function, blocks, number(stream))
}

pub(super) unsafe fn aclrtLaunchHostFunc(
    call: &Entry<'_>,
    stream: aclrtStream,
    fn_: aclrtHostFunc,
    args: *mut c_void,
) -> Result<(), Fault> {
    let function = function(fn_)?;
    // SAFETY: the program gives both away until the function has run.
    let function = unsafe { host_function(function, args) };
    call.launch_host_function(function, number(stream))
}

/// Runs what a stream asks the calling thread for. It is known by the number that
/// `pthread_self` and `pthread_create` give it.
fn process(call: &Entry<'_>, sort: Sort, milliseconds: i32) -> Result<(), Fault> {
    if milliseconds == 0 || milliseconds < -1 {
        return Err(Fault::argument(format!(
            "timeout {milliseconds} ms is neither a time nor -1, which stands for no limit"
        )));
    }
    // SAFETY: always answers, for the calling thread.
    let thread = unsafe { libc::pthread_self() };
    call.process(sort, thread, deadline(milliseconds)?)
}

pub(super) unsafe fn aclrtProcessHostFunc(call: &Entry<'_>, timeout: i32) -> Result<(), Fault> {
    process(call, Sort::HostFunction, timeout)
}

pub(super) unsafe fn aclrtProcessReport(call: &Entry<'_>, timeout: i32) -> Result<(), Fault> {
    process(call, Sort::Report, timeout)
}

pub(super) unsafe fn aclrtSubscribeHostFunc(
    call: &Entry<'_>,
    hostFuncThreadId: u64,
    exeStream: aclrtStream,
) -> Result<(), Fault> {
    call.subscribe(Sort::HostFunction, hostFuncThreadId, number(exeStream))
}

pub(super) unsafe fn aclrtSubscribeReport(
    call: &Entry<'_>,
    threadId: u64,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.subscribe(Sort::Report, threadId, number(stream))
}

pub(super) unsafe fn aclrtUnSubscribeHostFunc(
    call: &Entry<'_>,
    hostFuncThreadId: u64,
    exeStream: aclrtStream,
) -> Result<(), Fault> {
    call.unsubscribe(Sort::HostFunction, hostFuncThreadId, number(exeStream))
}

pub(super) unsafe fn aclrtUnSubscribeReport(
    call: &Entry<'_>,
    threadId: u64,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsubscribe(Sort::Report, threadId, number(stream))
}

pub(super) unsafe fn aclrtRegDeviceStateCallback(
    call: &Entry<'_>,
    regName: *const c_char,
    callback: aclrtDeviceStateCallback,
    args: *mut c_void,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let name = unsafe { text("regName", regName) }?;
    let args = UserData(args);
    let hook = callback.map(|function| -> DeviceHook {
        Arc::new(move |device, state| {
            // SAFETY: the program gives both away until it takes the callback back.
            unsafe { function(device.cast_signed(), state, args.raw()) }
        })
    });
    call.world.hooks.devices.set(name.to_bytes(), hook)
}

pub(super) unsafe fn aclrtRegStreamStateCallback(
    call: &Entry<'_>,
    regName: *const c_char,
    callback: aclrtStreamStateCallback,
    args: *mut c_void,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let name = unsafe { text("regName", regName) }?;
    let args = UserData(args);
    let hook = callback.map(|function| -> StreamHook {
        Arc::new(move |stream, state| {
            // SAFETY: the program gives both away until it takes the callback back.
            unsafe { function(opaque(stream), state, args.raw()) }
        })
    });
    call.world.hooks.streams.set(name.to_bytes(), hook)
}
