//! Dumps of tensors.

use std::ffi::*;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::ptr;

use ascend_sys::*;

use super::pointers::{list, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::sync::lock;

pub(super) unsafe fn aclmdlFinalizeDump(call: &Entry<'_>) -> Result<(), Fault> {
    call.world.end_dump()
}

pub(super) unsafe fn aclmdlInitDump(call: &Entry<'_>) -> Result<(), Fault> {
    call.world.start_dump()
}

pub(super) unsafe fn aclmdlSetDump(
    call: &Entry<'_>,
    dumpCfgPath: *const c_char,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let path = unsafe { text("dumpCfgPath", dumpCfgPath) };
    let path = path.ok().map(|path| OsStr::from_bytes(path.to_bytes()));
    call.world.set_dump(path)
}

/// What takes the pieces of a dump instead of a file. None ever comes: files are written all the same.
pub(super) unsafe fn acldumpRegCallback(
    call: &Entry<'_>,
    messageCallback: Option<unsafe extern "C" fn(*const acldumpChunk, i32) -> i32>,
    flag: i32,
) -> Result<(), Fault> {
    if messageCallback.is_none() {
        return Err(Fault::null("messageCallback"));
    }
    if flag != 0 {
        return Err(Fault::argument(format!("flag is {flag}; it is reserved")));
    }
    *lock(&call.world.has_dump_callback) = true;
    Ok(())
}

pub(super) unsafe fn acldumpUnregCallback(call: &Entry<'_>) -> Result<(), Fault> {
    *lock(&call.world.has_dump_callback) = false;
    Ok(())
}

pub(super) unsafe fn acldumpGetPath(
    _call: &Entry<'_>,
    dumpType: acldumpType,
) -> Result<*const c_char, Fault> {
    if !(1..=5).contains(&dumpType.0) {
        return Err(Fault::argument(format!(
            "dumpType has no value {}",
            dumpType.0
        )));
    }
    Err(Fault::new(
        ACL_ERROR_DUMP_NOT_RUN,
        "the CPU device tells no folder of dumps; that of models is the dump_path of the configuration",
    ))
}

pub(super) unsafe fn acldumpGetExceptionInfoPath(
    call: &Entry<'_>,
    path: *mut c_char,
    maxLen: usize,
) -> Result<(), Fault> {
    present("path", path)?;
    let folder = call.failure_folder()?;
    let mut folder = folder.into_os_string().into_vec();
    folder.extend(b"/\0");
    if folder.len() > maxLen {
        return Err(Fault::argument(format!(
            "the folder takes {} bytes with its end, and maxLen is {maxLen}",
            folder.len()
        )));
    }
    // SAFETY: room for as many bytes as the caller says, which are enough; the source is apart from it.
    unsafe { ptr::copy_nonoverlapping(folder.as_ptr().cast(), path, folder.len()) };
    Ok(())
}

pub(super) unsafe fn acldumpSaveExceptionInfo(
    call: &Entry<'_>,
    fileName: *const c_char,
    userTag: *const c_char,
    tensors: *const acldumpTensorInfo,
    tensorCount: usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    unsafe { text("fileName", fileName) }?;
    // SAFETY: as above.
    unsafe { text("userTag", userTag) }?;
    // SAFETY: NULL, or as many descriptions as the caller says.
    unsafe { list("tensors", tensors, tensorCount) }?;
    call.unsupported()
}
