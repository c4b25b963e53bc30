//! Memory shared between processes.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, handle, list, opaque, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;

/// # Safety
///
/// `key` is NULL, or a text that lives for `'a`.
unsafe fn key_text<'a>(key: *const c_char) -> Result<&'a str, Fault> {
    // SAFETY: the caller vouches for it.
    let key = unsafe { text("key", key) }?.to_str();
    key.map_err(|_| Fault::runtime_argument("the key is no text of aclrtIpcMemGetExportKey"))
}

/// The processes that are let in.
///
/// # Safety
///
/// `pids` is NULL, or that many numbers, which live for `'a`.
unsafe fn pid_list<'a>(pids: *const i32, count: usize) -> Result<&'a [i32], Fault> {
    if count == 0 {
        present("pid", pids)?;
        return Err(Fault::runtime_argument("the number of pids is 0"));
    }
    // SAFETY: the caller vouches for it.
    unsafe { list("pid", pids, count) }
}

pub(super) unsafe fn aclrtIpcMemGetExportKey(
    call: &Entry<'_>,
    devPtr: *mut c_void,
    size: usize,
    key: *mut c_char,
    len: usize,
    flags: u64,
) -> Result<(), Fault> {
    let address = handle("devPtr", devPtr)?;
    present("key", key)?;
    if len == 0 {
        return Err(Fault::runtime_argument("the key's length is 0"));
    }
    let exported = CString::new(call.export_memory(address, size, flags)?);
    let exported = exported.map_err(Fault::internal)?;
    let bytes = exported.as_bytes_with_nul();
    if bytes.len() > len {
        call.close_memory(&exported.to_string_lossy())?;
        return Err(Fault::runtime_argument(format!(
            "the key takes {} bytes, there are {len}",
            bytes.len()
        )));
    }
    // SAFETY: the C function demands a place of `len` bytes, which is no less than the key has.
    unsafe { key.copy_from_nonoverlapping(bytes.as_ptr().cast(), bytes.len()) };
    Ok(())
}

pub(super) unsafe fn aclrtIpcMemImportByKey(
    call: &Entry<'_>,
    devPtr: *mut *mut c_void,
    key: *const c_char,
    flags: u64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("devPtr", devPtr) }?;
    // SAFETY: as the C function demands.
    let key = unsafe { key_text(key) }?;
    place.set(opaque(call.import_memory(key, flags)?));
    Ok(())
}

pub(super) unsafe fn aclrtIpcMemClose(call: &Entry<'_>, key: *const c_char) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    let key = unsafe { key_text(key) }?;
    call.close_memory(key)
}

pub(super) unsafe fn aclrtIpcMemSetImportPid(
    call: &Entry<'_>,
    key: *const c_char,
    pid: *mut i32,
    num: usize,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    let key = unsafe { key_text(key) }?;
    // SAFETY: the C function demands `num` numbers.
    let pids = unsafe { pid_list(pid, num) }?;
    call.let_key_in(key, pids)
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

pub(super) unsafe fn aclrtMemExportToShareableHandle(
    call: &Entry<'_>,
    memory: aclrtDrvMemHandle,
    handleType: aclrtMemHandleType,
    flags: u64,
    shareableHandle: *mut u64,
) -> Result<(), Fault> {
    let memory = handle("handle", memory)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("shareableHandle", shareableHandle) }?;
    if handleType != aclrtMemHandleType::ACL_MEM_HANDLE_TYPE_NONE {
        let text = format!("handles are of type 0 only, not {}", handleType.0);
        return Err(Fault::argument(text));
    }
    place.set(call.export_physical(memory, flags)?);
    Ok(())
}

pub(super) unsafe fn aclrtMemImportFromShareableHandle(
    call: &Entry<'_>,
    shareableHandle: u64,
    deviceId: i32,
    memory: *mut aclrtDrvMemHandle,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("handle", memory) }?;
    let device = call.ordinal(deviceId)?;
    place.set(opaque(call.import_physical(shareableHandle, device)?));
    Ok(())
}

pub(super) unsafe fn aclrtMemSetPidToShareableHandle(
    call: &Entry<'_>,
    shareableHandle: u64,
    pid: *mut i32,
    pidNum: usize,
) -> Result<(), Fault> {
    // SAFETY: the C function demands `pidNum` numbers.
    let pids = unsafe { pid_list(pid, pidNum) }?;
    call.let_number_in(shareableHandle, pids)
}

/// The second forms pass a number too, in the first bytes of what the type says.
fn check_type(kind: aclrtMemSharedHandleType) -> Result<(), Fault> {
    match kind {
        aclrtMemSharedHandleType::ACL_MEM_SHARE_HANDLE_TYPE_DEFAULT
        | aclrtMemSharedHandleType::ACL_MEM_SHARE_HANDLE_TYPE_FABRIC => Ok(()),
        other => Err(Fault::argument(format!(
            "{} is no type of shareable handles",
            other.0
        ))),
    }
}

pub(super) unsafe fn aclrtMemExportToShareableHandleV2(
    call: &Entry<'_>,
    memory: aclrtDrvMemHandle,
    flags: u64,
    shareType: aclrtMemSharedHandleType,
    shareableHandle: *mut c_void,
) -> Result<(), Fault> {
    let memory = handle("handle", memory)?;
    present("shareableHandle", shareableHandle)?;
    check_type(shareType)?;
    let number = call.export_physical(memory, flags)?;
    // SAFETY: the C function demands a place for a number, or for a fabric handle of 128 bytes.
    unsafe { shareableHandle.cast::<u64>().write_unaligned(number) };
    Ok(())
}

/// # Safety
///
/// `shareableHandle` is NULL, or points to what the type says.
unsafe fn shared_number(
    shareableHandle: *mut c_void,
    kind: aclrtMemSharedHandleType,
) -> Result<u64, Fault> {
    present("shareableHandle", shareableHandle)?;
    check_type(kind)?;
    // SAFETY: the caller vouches for it; both types have 8 bytes.
    Ok(unsafe { shareableHandle.cast::<u64>().read_unaligned() })
}

pub(super) unsafe fn aclrtMemImportFromShareableHandleV2(
    call: &Entry<'_>,
    shareableHandle: *mut c_void,
    shareType: aclrtMemSharedHandleType,
    flags: u64,
    memory: *mut aclrtDrvMemHandle,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    let number = unsafe { shared_number(shareableHandle, shareType) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("handle", memory) }?;
    if flags != 0 {
        return Err(Fault::argument(format!("flags are {flags}, must be 0")));
    }
    let device = call.context()?.device;
    place.set(opaque(call.import_physical(number, device)?));
    Ok(())
}

pub(super) unsafe fn aclrtMemSetPidToShareableHandleV2(
    call: &Entry<'_>,
    shareableHandle: *mut c_void,
    shareType: aclrtMemSharedHandleType,
    pid: *mut i32,
    pidNum: usize,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    let number = unsafe { shared_number(shareableHandle, shareType) }?;
    // SAFETY: the C function demands `pidNum` numbers.
    let pids = unsafe { pid_list(pid, pidNum) }?;
    call.let_number_in(number, pids)
}
