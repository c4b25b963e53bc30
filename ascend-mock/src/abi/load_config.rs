//! Loading and executing with a configuration.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclmdlBundleLoadModelWithConfig(
    call: &Entry<'_>,
    _bundleId: u32,
    _index: usize,
    handle: *mut aclmdlConfigHandle,
    modelId: *mut u32,
) -> Result<(), Fault> {
    present("handle", handle)?;
    present("modelId", modelId)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlCreateConfigHandle(
    call: &Entry<'_>,
) -> Result<*mut aclmdlConfigHandle, Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlCreateExecConfigHandle(
    call: &Entry<'_>,
) -> Result<*mut aclmdlExecConfigHandle, Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlDestroyConfigHandle(
    call: &Entry<'_>,
    handle: *mut aclmdlConfigHandle,
) -> Result<(), Fault> {
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlDestroyExecConfigHandle(
    call: &Entry<'_>,
    handle: *const aclmdlExecConfigHandle,
) -> Result<(), Fault> {
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlLoadWithConfig(
    call: &Entry<'_>,
    handle: *const aclmdlConfigHandle,
    modelId: *mut u32,
) -> Result<(), Fault> {
    present("handle", handle)?;
    present("modelId", modelId)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetConfigOpt(
    call: &Entry<'_>,
    handle: *mut aclmdlConfigHandle,
    _attr: aclmdlConfigAttr,
    attrValue: *const c_void,
    _valueSize: usize,
) -> Result<(), Fault> {
    present("handle", handle)?;
    present("attrValue", attrValue)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetExecConfigOpt(
    call: &Entry<'_>,
    handle: *mut aclmdlExecConfigHandle,
    _attr: aclmdlExecConfigAttr,
    attrValue: *const c_void,
    _valueSize: usize,
) -> Result<(), Fault> {
    present("handle", handle)?;
    present("attrValue", attrValue)?;
    call.unsupported()
}
