//! Host memory that the device may reach.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtHostGetDevicePointer(
    call: &Entry<'_>,
    pHost: *mut c_void,
    pDevice: *mut *mut c_void,
    _flag: u32,
) -> Result<(), Fault> {
    present("pHost", pHost)?;
    present("pDevice", pDevice)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtHostRegister(
    call: &Entry<'_>,
    ptr: *mut c_void,
    _size: u64,
    _type_: aclrtHostRegisterType,
    devPtr: *mut *mut c_void,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    present("devPtr", devPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtHostRegisterV2(
    call: &Entry<'_>,
    ptr: *mut c_void,
    _size: u64,
    _flag: u32,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtHostUnregister(call: &Entry<'_>, ptr: *mut c_void) -> Result<(), Fault> {
    present("ptr", ptr)?;
    call.unsupported()
}
