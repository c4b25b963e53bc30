//! Callbacks and host functions.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtProcessHostFunc(call: &Entry<'_>, _timeout: i32) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtProcessReport(call: &Entry<'_>, _timeout: i32) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtRegDeviceStateCallback(
    call: &Entry<'_>,
    regName: *const c_char,
    _callback: aclrtDeviceStateCallback,
    args: *mut c_void,
) -> Result<(), Fault> {
    present("regName", regName)?;
    present("args", args)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtRegStreamStateCallback(
    call: &Entry<'_>,
    regName: *const c_char,
    _callback: aclrtStreamStateCallback,
    args: *mut c_void,
) -> Result<(), Fault> {
    present("regName", regName)?;
    present("args", args)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSubscribeHostFunc(
    call: &Entry<'_>,
    _hostFuncThreadId: u64,
    _exeStream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSubscribeReport(
    call: &Entry<'_>,
    _threadId: u64,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtUnSubscribeHostFunc(
    call: &Entry<'_>,
    _hostFuncThreadId: u64,
    _exeStream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtUnSubscribeReport(
    call: &Entry<'_>,
    _threadId: u64,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}
