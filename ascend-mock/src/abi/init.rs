//! Callbacks around initialisation.

use std::ffi::*;
use std::sync::Arc;

use ascend_sys::*;

use super::pointers::UserData;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::hooks::{FinalizeHook, InitHook, Key};

/// Refuses a function that is NULL (100000).
fn function<F>(function: Option<F>) -> Result<F, Fault> {
    function.ok_or_else(|| Fault::null("cbFunc"))
}

pub(super) unsafe fn aclFinalizeCallbackRegister(
    call: &Entry<'_>,
    type_: aclRegisterCallbackType,
    cbFunc: aclFinalizeCallbackFunc,
    userData: *mut c_void,
) -> Result<(), Fault> {
    let function = function(cbFunc)?;
    let key = Key::new(type_, function as usize)?;
    let argument = UserData(userData);
    // SAFETY: the program gives both away until it takes the callback back.
    let hook: FinalizeHook = Arc::new(move || unsafe { function(argument.raw()) });
    call.register_finalize_hook(key, hook)
}

pub(super) unsafe fn aclFinalizeCallbackUnRegister(
    call: &Entry<'_>,
    type_: aclRegisterCallbackType,
    cbFunc: aclFinalizeCallbackFunc,
) -> Result<(), Fault> {
    let function = function(cbFunc)?;
    call.unregister_finalize_hook(Key::new(type_, function as usize)?)
}

pub(super) unsafe fn aclInitCallbackRegister(
    call: &Entry<'_>,
    type_: aclRegisterCallbackType,
    cbFunc: aclInitCallbackFunc,
    userData: *mut c_void,
) -> Result<(), Fault> {
    let function = function(cbFunc)?;
    let key = Key::new(type_, function as usize)?;
    let argument = UserData(userData);
    let hook: InitHook = Arc::new(move |config| {
        let mut text = config.to_vec();
        text.push(0);
        // SAFETY: the program gives both away until it takes the callback back, and the text lives
        // until it returns.
        unsafe { function(text.as_ptr().cast(), config.len(), argument.raw()) }
    });
    call.register_init_hook(key, &hook)
}

pub(super) unsafe fn aclInitCallbackUnRegister(
    call: &Entry<'_>,
    type_: aclRegisterCallbackType,
    cbFunc: aclInitCallbackFunc,
) -> Result<(), Fault> {
    let function = function(cbFunc)?;
    call.unregister_init_hook(Key::new(type_, function as usize)?)
}
