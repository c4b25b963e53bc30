//! Snapshots of the process.

use std::ffi::*;
use std::ptr;

use ascend_sys::*;

use crate::entry::Entry;
use crate::fault::Fault;
use crate::snapshot::{Callback, Step};

pub(super) unsafe fn aclrtSnapShotCallbackRegister(
    call: &Entry<'_>,
    stage: aclrtSnapShotStage,
    callback: aclrtSnapShotCallBack,
    args: *mut c_void,
) -> Result<(), Fault> {
    call.world.add_snapshot_callback(Callback {
        stage,
        function: callback,
        data: args.expose_provenance(),
    })
}

pub(super) unsafe fn aclrtSnapShotCallbackUnregister(
    call: &Entry<'_>,
    stage: aclrtSnapShotStage,
    callback: aclrtSnapShotCallBack,
) -> Result<(), Fault> {
    call.world.remove_snapshot_callback(stage, callback)
}

pub(super) unsafe fn aclrtSnapShotProcessBackup(
    call: &Entry<'_>,
    pid: c_int,
    args: *mut aclrtSnapShotBackupArgs,
) -> Result<(), Fault> {
    // SAFETY: the program registered its functions for this.
    unsafe { take(call, Step::Backup, pid, args.cast()) }
}

pub(super) unsafe fn aclrtSnapShotProcessLock(
    call: &Entry<'_>,
    pid: c_int,
    reserve: *mut c_void,
) -> Result<(), Fault> {
    // SAFETY: as above.
    unsafe { take(call, Step::Lock, pid, reserve) }
}

pub(super) unsafe fn aclrtSnapShotProcessRestore(
    call: &Entry<'_>,
    pid: c_int,
    args: *mut aclrtSnapShotRestoreArgs,
) -> Result<(), Fault> {
    // SAFETY: as above.
    unsafe { take(call, Step::Restore, pid, args.cast()) }
}

pub(super) unsafe fn aclrtSnapShotProcessUnlock(
    call: &Entry<'_>,
    pid: c_int,
    reserve: *mut c_void,
) -> Result<(), Fault> {
    // SAFETY: as above.
    unsafe { take(call, Step::Unlock, pid, reserve) }
}

/// # Safety
///
/// The functions that the program registered may be called.
unsafe fn take(
    call: &Entry<'_>,
    step: Step,
    pid: c_int,
    reserved: *const c_void,
) -> Result<(), Fault> {
    call.world.check_snapshot(pid, reserved)?;
    call.world.check_step(step)?;
    let (before, after) = step.stages();
    // SAFETY: the caller vouches for the functions.
    unsafe { tell(call, before) }?;
    call.world.take_step(step);
    // SAFETY: as above.
    unsafe { tell(call, after) }
}

/// Calls what is registered for a stage, once for every device that is in use.
///
/// # Safety
///
/// The functions that the program registered may be called.
unsafe fn tell(call: &Entry<'_>, stage: Option<aclrtSnapShotStage>) -> Result<(), Fault> {
    let Some(stage) = stage else { return Ok(()) };
    for device in 0..call.world.config.devices.cast_signed() {
        if !call.is_active(device)? {
            continue;
        }
        for callback in call.world.snapshot_callbacks(stage) {
            let Some(function) = callback.function else {
                continue;
            };
            let data = ptr::with_exposed_provenance_mut(callback.data);
            // SAFETY: the caller vouches for the function, which gets what was registered with it.
            let code = unsafe { function(device, data) };
            if code != 0 {
                return Err(Fault::new(
                    ACL_ERROR_SNAPSHOT_CALLBACK_FAILED,
                    format!("the program's function answered {code} for device {device}"),
                ));
            }
        }
    }
    Ok(())
}
