//! Capturing streams into graphs.

use ascend_sys::*;

use super::pointers::{Place, handle, number, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::graph::{Mode, Status};

pub(super) unsafe fn aclmdlRICaptureBegin(
    call: &Entry<'_>,
    stream: aclrtStream,
    mode: aclmdlRICaptureMode,
) -> Result<(), Fault> {
    call.begin_capture(handle("stream", stream)?, Mode::from_c(mode)?)
}

/// The model may be left out: that of a capture into a graph which exists is known.
pub(super) unsafe fn aclmdlRICaptureEnd(
    call: &Entry<'_>,
    stream: aclrtStream,
    modelRI: *mut aclmdlRI,
) -> Result<(), Fault> {
    let graph = call.end_capture(handle("stream", stream)?)?;
    // SAFETY: NULL, or a place for the answer.
    if let Ok(place) = unsafe { Place::new("modelRI", modelRI) } {
        place.set(opaque(graph));
    }
    Ok(())
}

pub(super) unsafe fn aclmdlRICaptureGetInfo(
    call: &Entry<'_>,
    stream: aclrtStream,
    status: *mut aclmdlRICaptureStatus,
    modelRI: *mut aclmdlRI,
) -> Result<(), Fault> {
    if status.is_null() && modelRI.is_null() {
        return Err(Fault::argument("status and modelRI are both NULL"));
    }
    let (found, graph) = call.capture_info(number(stream))?;
    // SAFETY: NULL, or a place for the answer.
    if let Ok(place) = unsafe { Place::new("status", status) } {
        place.set(match found {
            Status::None => aclmdlRICaptureStatus::ACL_MODEL_RI_CAPTURE_STATUS_NONE,
            Status::Active => aclmdlRICaptureStatus::ACL_MODEL_RI_CAPTURE_STATUS_ACTIVE,
            Status::Invalidated => aclmdlRICaptureStatus::ACL_MODEL_RI_CAPTURE_STATUS_INVALIDATED,
        });
    }
    // SAFETY: NULL, or a place for the answer.
    if let Ok(place) = unsafe { Place::new("modelRI", modelRI) } {
        place.set(opaque(graph));
    }
    Ok(())
}

pub(super) unsafe fn aclmdlRICaptureTaskGrpBegin(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.begin_group(handle("stream", stream)?)
}

pub(super) unsafe fn aclmdlRICaptureTaskGrpEnd(
    call: &Entry<'_>,
    stream: aclrtStream,
    handle: *mut aclrtTaskGrp,
) -> Result<(), Fault> {
    let stream = super::pointers::handle("stream", stream)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("handle", handle) }?;
    place.set(opaque(call.end_group(stream)?));
    Ok(())
}

pub(super) unsafe fn aclmdlRICaptureTaskUpdateBegin(
    call: &Entry<'_>,
    stream: aclrtStream,
    handle: aclrtTaskGrp,
) -> Result<(), Fault> {
    let stream = super::pointers::handle("stream", stream)?;
    call.begin_update(stream, super::pointers::handle("handle", handle)?)
}

pub(super) unsafe fn aclmdlRICaptureTaskUpdateEnd(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.end_update(handle("stream", stream)?)
}

pub(super) unsafe fn aclmdlRICaptureThreadExchangeMode(
    call: &Entry<'_>,
    mode: *mut aclmdlRICaptureMode,
) -> Result<(), Fault> {
    present("mode", mode)?;
    // SAFETY: the C function demands a mode there.
    let new = Mode::from_c(unsafe { mode.read() })?;
    // SAFETY: as above, and a place for the old one.
    unsafe { mode.write(call.exchange_capture_mode(new).to_c()) };
    Ok(())
}

pub(super) unsafe fn aclmdlRICaptureToModelRIBegin(
    call: &Entry<'_>,
    stream: aclrtStream,
    modelRI: aclmdlRI,
    mode: aclmdlRICaptureMode,
) -> Result<(), Fault> {
    let stream = handle("stream", stream)?;
    let graph = handle("modelRI", modelRI)?;
    call.begin_capture_into(stream, Mode::from_c(mode)?, graph)
}
