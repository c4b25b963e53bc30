//! Events.

use std::ffi::c_char;
use std::time::Duration;

use ascend_sys::*;

use super::pointers::{Place, check_timeout, deadline, handle, number, opaque};
use crate::entry::Entry;
use crate::event::Maker;
use crate::fault::Fault;
use crate::sync::Deadline;

pub(super) unsafe fn aclrtStreamWaitEvent(
    call: &Entry<'_>,
    stream: aclrtStream,
    event: aclrtEvent,
) -> Result<(), Fault> {
    call.wait_for_event(number(stream), handle("event", event)?, None)
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
    event: aclrtEvent,
    timestamp: *mut u64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("timestamp", timestamp) }?;
    place.set(call.event_timestamp(handle("event", event)?)?);
    Ok(())
}

pub(super) unsafe fn aclrtGetEventAvailNum(
    call: &Entry<'_>,
    eventCount: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("eventCount", eventCount) }?;
    place.set(call.events_left()?);
    Ok(())
}

pub(super) unsafe fn aclrtGetEventId(
    call: &Entry<'_>,
    event: aclrtEvent,
    eventId: *mut u32,
) -> Result<(), Fault> {
    let event = handle("event", event)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("eventId", eventId) }?;
    place.set(call.event_id(event)?);
    Ok(())
}

pub(super) unsafe fn aclrtIpcGetEventHandle(
    call: &Entry<'_>,
    event: aclrtEvent,
    ipc: *mut aclrtIpcEventHandle,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("handle", ipc) }?;
    let key = call.event_key(handle("event", event)?)?;
    let mut shown = aclrtIpcEventHandle { reserved: [0; 64] };
    for (to, from) in shown.reserved.iter_mut().zip(key.bytes()) {
        *to = c_char::from_ne_bytes([from]);
    }
    place.set(shown);
    Ok(())
}

pub(super) unsafe fn aclrtIpcOpenEventHandle(
    call: &Entry<'_>,
    ipc: aclrtIpcEventHandle,
    event: *mut aclrtEvent,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("event", event) }?;
    let bytes = ipc.reserved.map(|byte| byte.to_ne_bytes()[0]);
    let key = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    place.set(opaque(call.open_event(&String::from_utf8_lossy(key))?));
    Ok(())
}

pub(super) unsafe fn aclrtQueryEventWaitStatus(
    call: &Entry<'_>,
    event: aclrtEvent,
    status: *mut aclrtEventWaitStatus,
) -> Result<(), Fault> {
    let event = handle("event", event)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("status", status) }?;
    place.set(match call.is_event_wait_complete(event)? {
        true => aclrtEventWaitStatus::ACL_EVENT_WAIT_STATUS_COMPLETE,
        false => aclrtEventWaitStatus::ACL_EVENT_WAIT_STATUS_NOT_READY,
    });
    Ok(())
}

/// Whether a record or a wait is between a graph and what is outside of it.
fn is_external(flag: u32) -> Result<bool, Fault> {
    match i32::try_from(flag) {
        Ok(ACL_EVENT_RECORD_DEFAULT) => Ok(false),
        Ok(ACL_EVENT_RECORD_EXTERNAL) => Ok(true),
        _ => Err(Fault::argument(format!(
            "{flag:#x} is no flag of a record or a wait"
        ))),
    }
}

pub(super) unsafe fn aclrtRecordEventWithFlag(
    call: &Entry<'_>,
    event: aclrtEvent,
    stream: aclrtStream,
    flag: u32,
) -> Result<(), Fault> {
    let event = handle("event", event)?;
    match is_external(flag)? {
        true => call.record_event_externally(event, number(stream)),
        false => call.record_event(event, number(stream)),
    }
}

/// The limit of a wait in seconds; 0 stands for none.
fn limit(seconds: u64) -> Option<Duration> {
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

pub(super) unsafe fn aclrtStreamWaitEventWithFlag(
    call: &Entry<'_>,
    stream: aclrtStream,
    event: aclrtEvent,
    timeout: u32,
    flag: u32,
) -> Result<(), Fault> {
    let event = handle("event", event)?;
    match (is_external(flag)?, timeout) {
        (false, _) => call.wait_for_event(number(stream), event, limit(timeout.into())),
        (true, 0) => call.wait_for_external_event(number(stream), event),
        (true, _) => Err(Fault::argument(
            "an external wait has no limit: timeout must be 0",
        )),
    }
}

pub(super) unsafe fn aclrtStreamWaitEventWithTimeout(
    call: &Entry<'_>,
    stream: aclrtStream,
    event: aclrtEvent,
    timeout: i32,
) -> Result<(), Fault> {
    let seconds = u64::try_from(timeout).map_err(|_| {
        Fault::runtime_argument(format!(
            "timeout {timeout} s is below 0, which stands for none"
        ))
    })?;
    let event = match number(event) {
        0 => return Err(Fault::runtime_argument("event is NULL")),
        event => event,
    };
    call.wait_for_event(number(stream), event, limit(seconds))
}
