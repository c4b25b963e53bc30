//! Callbacks around initialisation.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclFinalizeCallbackRegister(
    call: &Entry<'_>,
    _type_: aclRegisterCallbackType,
    _cbFunc: aclFinalizeCallbackFunc,
    userData: *mut c_void,
) -> Result<(), Fault> {
    present("userData", userData)?;
    call.unsupported()
}

pub(super) unsafe fn aclFinalizeCallbackUnRegister(
    call: &Entry<'_>,
    _type_: aclRegisterCallbackType,
    _cbFunc: aclFinalizeCallbackFunc,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclInitCallbackRegister(
    call: &Entry<'_>,
    _type_: aclRegisterCallbackType,
    _cbFunc: aclInitCallbackFunc,
    userData: *mut c_void,
) -> Result<(), Fault> {
    present("userData", userData)?;
    call.unsupported()
}

pub(super) unsafe fn aclInitCallbackUnRegister(
    call: &Entry<'_>,
    _type_: aclRegisterCallbackType,
    _cbFunc: aclInitCallbackFunc,
) -> Result<(), Fault> {
    call.unsupported()
}
