//! Kernels of a captured graph fused into one.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{handle, number, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclskOptimize(
    call: &Entry<'_>,
    model: aclmdlRI,
    options: *mut aclskOptions,
) -> Result<(), Fault> {
    call.world.graphs.get(handle("model", model)?)?;
    present("options", options)?;
    call.unsupported()
}

/// # Safety
///
/// The name is NULL, or a text that ends with a zero byte.
unsafe fn check_scope(
    call: &Entry<'_>,
    name: *const c_char,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: the caller vouches for the text.
    unsafe { text("scopeName", name) }?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn aclskScopeBegin(
    call: &Entry<'_>,
    scopeName: *const c_char,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    unsafe { check_scope(call, scopeName, stream) }
}

pub(super) unsafe fn aclskScopeEnd(
    call: &Entry<'_>,
    scopeName: *const c_char,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    unsafe { check_scope(call, scopeName, stream) }
}
