//! Snapshots of the process.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtSnapShotCallbackRegister(
    call: &Entry<'_>,
    _stage: aclrtSnapShotStage,
    _callback: aclrtSnapShotCallBack,
    args: *mut c_void,
) -> Result<(), Fault> {
    present("args", args)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSnapShotCallbackUnregister(
    call: &Entry<'_>,
    _stage: aclrtSnapShotStage,
    _callback: aclrtSnapShotCallBack,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSnapShotProcessBackup(
    call: &Entry<'_>,
    _pid: c_int,
    args: *mut aclrtSnapShotBackupArgs,
) -> Result<(), Fault> {
    present("args", args)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSnapShotProcessLock(
    call: &Entry<'_>,
    _pid: c_int,
    reserve: *mut c_void,
) -> Result<(), Fault> {
    present("reserve", reserve)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSnapShotProcessRestore(
    call: &Entry<'_>,
    _pid: c_int,
    args: *mut aclrtSnapShotRestoreArgs,
) -> Result<(), Fault> {
    present("args", args)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSnapShotProcessUnlock(
    call: &Entry<'_>,
    _pid: c_int,
    reserve: *mut c_void,
) -> Result<(), Fault> {
    present("reserve", reserve)?;
    call.unsupported()
}
