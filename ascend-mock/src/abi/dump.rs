//! Dumps of tensors.

use std::ffi::*;
use std::os::unix::ffi::OsStrExt;

use super::pointers::text;
use crate::entry::Entry;
use crate::fault::Fault;

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
