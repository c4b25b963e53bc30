//! Labels.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, handle, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;

/// Labels that a list may have.
const MAX_LISTED: usize = 65_535;

pub(super) unsafe fn aclrtCreateLabel(
    call: &Entry<'_>,
    label: *mut aclrtLabel,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("label", label) }?;
    place.set(opaque(call.create_label()?));
    Ok(())
}

pub(super) unsafe fn aclrtCreateLabelList(
    call: &Entry<'_>,
    labels: *mut aclrtLabel,
    num: usize,
    labelList: *mut aclrtLabelList,
) -> Result<(), Fault> {
    present("labels", labels)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("labelList", labelList) }?;
    if num == 0 || num > MAX_LISTED {
        let text = format!("a list has 1 to {MAX_LISTED} labels, not {num}");
        return Err(Fault::runtime_argument(text));
    }
    // SAFETY: an array that is not NULL has `num` handles.
    let labels = unsafe { std::slice::from_raw_parts(labels, num) };
    let labels = labels.iter().map(|label| handle("a label", *label));
    let labels = labels.collect::<Result<Vec<u64>, _>>()?;
    place.set(opaque(call.create_label_list(&labels)?));
    Ok(())
}

pub(super) unsafe fn aclrtDestroyLabel(call: &Entry<'_>, label: aclrtLabel) -> Result<(), Fault> {
    call.destroy_label(handle("label", label)?)
}

pub(super) unsafe fn aclrtDestroyLabelList(
    call: &Entry<'_>,
    labelList: aclrtLabelList,
) -> Result<(), Fault> {
    call.destroy_label_list(handle("labelList", labelList)?)
}

pub(super) unsafe fn aclrtSetLabel(
    call: &Entry<'_>,
    label: aclrtLabel,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let (label, stream) = (handle("label", label)?, handle("stream", stream)?);
    call.set_label(label, stream)
}

pub(super) unsafe fn aclrtSwitchLabelByIndex(
    call: &Entry<'_>,
    ptr: *mut c_void,
    maxValue: u32,
    labelList: aclrtLabelList,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let index = handle("ptr", ptr)?;
    let list = handle("labelList", labelList)?;
    let stream = handle("stream", stream)?;
    call.switch_label(index, maxValue, list, stream)
}
