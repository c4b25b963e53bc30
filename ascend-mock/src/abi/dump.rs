//! Dumps of tensors.

use std::ffi::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclmdlFinalizeDump(call: &Entry<'_>) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlInitDump(call: &Entry<'_>) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetDump(
    call: &Entry<'_>,
    dumpCfgPath: *const c_char,
) -> Result<(), Fault> {
    present("dumpCfgPath", dumpCfgPath)?;
    call.unsupported()
}
