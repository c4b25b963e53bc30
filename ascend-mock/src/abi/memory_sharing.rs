//! Memory shared between processes.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtIpcMemClose(call: &Entry<'_>, key: *const c_char) -> Result<(), Fault> {
    present("key", key)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtIpcMemGetExportKey(
    call: &Entry<'_>,
    devPtr: *mut c_void,
    _size: usize,
    key: *mut c_char,
    _len: usize,
    _flags: u64,
) -> Result<(), Fault> {
    present("devPtr", devPtr)?;
    present("key", key)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtIpcMemImportByKey(
    call: &Entry<'_>,
    devPtr: *mut *mut c_void,
    key: *const c_char,
    _flags: u64,
) -> Result<(), Fault> {
    present("devPtr", devPtr)?;
    present("key", key)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtIpcMemImportPidInterServer(
    call: &Entry<'_>,
    key: *const c_char,
    serverPids: *mut aclrtServerPid,
    _num: usize,
) -> Result<(), Fault> {
    present("key", key)?;
    present("serverPids", serverPids)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtIpcMemSetAttr(
    call: &Entry<'_>,
    key: *const c_char,
    _type_: aclrtIpcMemAttrType,
    _attr: u64,
) -> Result<(), Fault> {
    present("key", key)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtIpcMemSetImportPid(
    call: &Entry<'_>,
    key: *const c_char,
    pid: *mut i32,
    _num: usize,
) -> Result<(), Fault> {
    present("key", key)?;
    present("pid", pid)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemExportToShareableHandle(
    call: &Entry<'_>,
    _handle: aclrtDrvMemHandle,
    _handleType: aclrtMemHandleType,
    _flags: u64,
    shareableHandle: *mut u64,
) -> Result<(), Fault> {
    present("shareableHandle", shareableHandle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemExportToShareableHandleV2(
    call: &Entry<'_>,
    _handle: aclrtDrvMemHandle,
    _flags: u64,
    _shareType: aclrtMemSharedHandleType,
    shareableHandle: *mut c_void,
) -> Result<(), Fault> {
    present("shareableHandle", shareableHandle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemImportFromShareableHandle(
    call: &Entry<'_>,
    _shareableHandle: u64,
    _deviceId: i32,
    handle: *mut aclrtDrvMemHandle,
) -> Result<(), Fault> {
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemImportFromShareableHandleV2(
    call: &Entry<'_>,
    shareableHandle: *mut c_void,
    _shareType: aclrtMemSharedHandleType,
    _flags: u64,
    handle: *mut aclrtDrvMemHandle,
) -> Result<(), Fault> {
    present("shareableHandle", shareableHandle)?;
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemSetPidToShareableHandle(
    call: &Entry<'_>,
    _shareableHandle: u64,
    pid: *mut i32,
    _pidNum: usize,
) -> Result<(), Fault> {
    present("pid", pid)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemSetPidToShareableHandleV2(
    call: &Entry<'_>,
    shareableHandle: *mut c_void,
    _shareType: aclrtMemSharedHandleType,
    pid: *mut i32,
    _pidNum: usize,
) -> Result<(), Fault> {
    present("shareableHandle", shareableHandle)?;
    present("pid", pid)?;
    call.unsupported()
}
