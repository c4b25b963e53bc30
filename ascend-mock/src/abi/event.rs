//! Events.

use ascend_sys::*;

use super::pointers::{Place, check_timeout, deadline, handle, number, opaque};
use crate::entry::{Entry, present};
use crate::event::Maker;
use crate::fault::Fault;
use crate::sync::Deadline;

pub(super) unsafe fn aclrtStreamWaitEvent(
    call: &Entry<'_>,
    stream: aclrtStream,
    event: aclrtEvent,
) -> Result<(), Fault> {
    call.wait_for_event(number(stream), handle("event", event)?)
}

/// The three ways to make an event.
///
/// # Safety
///
/// `event` is NULL, or a place for the answer.
unsafe fn create_event(
    call: &Entry<'_>,
    event: *mut aclrtEvent,
    maker: Maker,
    flags: u32,
) -> Result<(), Fault> {
    // SAFETY: the caller vouches for it.
    let place = unsafe { Place::new("event", event) }?;
    place.set(opaque(call.create_event(maker, flags)?));
    Ok(())
}

pub(super) unsafe fn aclrtCreateEvent(
    call: &Entry<'_>,
    event: *mut aclrtEvent,
) -> Result<(), Fault> {
    // SAFETY: the C function demands it.
    unsafe { create_event(call, event, Maker::Plain, 0) }
}

pub(super) unsafe fn aclrtCreateEventWithFlag(
    call: &Entry<'_>,
    event: *mut aclrtEvent,
    flags: u32,
) -> Result<(), Fault> {
    // SAFETY: the C function demands it.
    unsafe { create_event(call, event, Maker::Flagged, flags) }
}

pub(super) unsafe fn aclrtCreateEventExWithFlag(
    call: &Entry<'_>,
    event: *mut aclrtEvent,
    flags: u32,
) -> Result<(), Fault> {
    // SAFETY: the C function demands it.
    unsafe { create_event(call, event, Maker::Extended, flags) }
}

pub(super) unsafe fn aclrtDestroyEvent(call: &Entry<'_>, event: aclrtEvent) -> Result<(), Fault> {
    call.destroy_event(handle("event", event)?)
}

pub(super) unsafe fn aclrtRecordEvent(
    call: &Entry<'_>,
    event: aclrtEvent,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.record_event(handle("event", event)?, number(stream))
}

pub(super) unsafe fn aclrtResetEvent(
    call: &Entry<'_>,
    event: aclrtEvent,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.reset_event(handle("event", event)?, number(stream))
}

pub(super) unsafe fn aclrtQueryEvent(
    call: &Entry<'_>,
    event: aclrtEvent,
    status: *mut aclrtEventStatus,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("status", status) }?;
    place.set(
        match call.is_plain_event_complete(handle("event", event)?)? {
            true => aclrtEventStatus::ACL_EVENT_STATUS_COMPLETE,
            false => aclrtEventStatus::ACL_EVENT_STATUS_NOT_READY,
        },
    );
    Ok(())
}

pub(super) unsafe fn aclrtQueryEventStatus(
    call: &Entry<'_>,
    event: aclrtEvent,
    status: *mut aclrtEventRecordedStatus,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("status", status) }?;
    place.set(match call.is_event_complete(handle("event", event)?)? {
        true => aclrtEventRecordedStatus::ACL_EVENT_RECORDED_STATUS_COMPLETE,
        false => aclrtEventRecordedStatus::ACL_EVENT_RECORDED_STATUS_NOT_READY,
    });
    Ok(())
}

pub(super) unsafe fn aclrtSynchronizeEvent(
    call: &Entry<'_>,
    event: aclrtEvent,
) -> Result<(), Fault> {
    call.synchronize_event(handle("event", event)?, Deadline::NEVER)
}

pub(super) unsafe fn aclrtSynchronizeEventWithTimeout(
    call: &Entry<'_>,
    event: aclrtEvent,
    milliseconds: i32,
) -> Result<(), Fault> {
    check_timeout(milliseconds)?;
    let event = handle("event", event)?;
    call.synchronize_event(event, deadline(milliseconds)?)
}

pub(super) unsafe fn aclrtEventElapsedTime(
    call: &Entry<'_>,
    milliseconds: *mut f32,
    start: aclrtEvent,
    end: aclrtEvent,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("ms", milliseconds) }?;
    let (start, end) = (handle("startEvent", start)?, handle("endEvent", end)?);
    place.set(call.elapsed_ms(start, end)?);
    Ok(())
}

pub(super) unsafe fn aclrtEventGetTimestamp(
    call: &Entry<'_>,
    _event: aclrtEvent,
    timestamp: *mut u64,
) -> Result<(), Fault> {
    present("timestamp", timestamp)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetEventAvailNum(
    call: &Entry<'_>,
    eventCount: *mut u32,
) -> Result<(), Fault> {
    present("eventCount", eventCount)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetEventId(
    call: &Entry<'_>,
    _event: aclrtEvent,
    eventId: *mut u32,
) -> Result<(), Fault> {
    present("eventId", eventId)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtIpcGetEventHandle(
    call: &Entry<'_>,
    _event: aclrtEvent,
    handle: *mut aclrtIpcEventHandle,
) -> Result<(), Fault> {
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtIpcOpenEventHandle(
    call: &Entry<'_>,
    _handle: aclrtIpcEventHandle,
    event: *mut aclrtEvent,
) -> Result<(), Fault> {
    present("event", event)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtQueryEventWaitStatus(
    call: &Entry<'_>,
    _event: aclrtEvent,
    status: *mut aclrtEventWaitStatus,
) -> Result<(), Fault> {
    present("status", status)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtRecordEventWithFlag(
    call: &Entry<'_>,
    _event: aclrtEvent,
    _stream: aclrtStream,
    _flag: u32,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtStreamWaitEventWithFlag(
    call: &Entry<'_>,
    _stream: aclrtStream,
    _event: aclrtEvent,
    _timeout: u32,
    _flag: u32,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtStreamWaitEventWithTimeout(
    call: &Entry<'_>,
    _stream: aclrtStream,
    _event: aclrtEvent,
    _timeout: i32,
) -> Result<(), Fault> {
    call.unsupported()
}
