//! Labels.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtCreateLabel(
    call: &Entry<'_>,
    label: *mut aclrtLabel,
) -> Result<(), Fault> {
    present("label", label)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCreateLabelList(
    call: &Entry<'_>,
    labels: *mut aclrtLabel,
    _num: usize,
    labelList: *mut aclrtLabelList,
) -> Result<(), Fault> {
    present("labels", labels)?;
    present("labelList", labelList)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDestroyLabel(call: &Entry<'_>, _label: aclrtLabel) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtDestroyLabelList(
    call: &Entry<'_>,
    _labelList: aclrtLabelList,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSetLabel(
    call: &Entry<'_>,
    _label: aclrtLabel,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSwitchLabelByIndex(
    call: &Entry<'_>,
    ptr: *mut c_void,
    _maxValue: u32,
    _labelList: aclrtLabelList,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    call.unsupported()
}
