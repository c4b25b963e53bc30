//! Streams and events.

use ascend_sys::{
    aclError, aclrtEvent, aclrtEventRecordedStatus, aclrtEventStatus, aclrtStream,
    aclrtStreamStatus,
};

use super::pointers::{Place, check_timeout, deadline, handle, number, opaque};
use crate::entry::{Entry, entry};
use crate::event::Maker;
use crate::fault::Fault;
use crate::sync::Deadline;

pub(super) unsafe extern "C" fn aclrtCreateStream<const SLOT: usize>(
    stream: *mut aclrtStream,
) -> aclError {
    entry(SLOT, "aclrtCreateStream", |call| {
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("stream", stream) }?;
        place.set(opaque(call.create_stream(0)?));
        Ok(())
    })
}

/// Priorities out of range would be clamped, and flags that are unknown are ignored: the
/// CPU device has one priority.
pub(super) unsafe extern "C" fn aclrtCreateStreamWithConfig<const SLOT: usize>(
    stream: *mut aclrtStream,
    _priority: u32,
    flags: u32,
) -> aclError {
    entry(SLOT, "aclrtCreateStreamWithConfig", |call| {
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("stream", stream) }?;
        place.set(opaque(call.create_stream(flags)?));
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclrtDestroyStream<const SLOT: usize>(
    stream: aclrtStream,
) -> aclError {
    entry(SLOT, "aclrtDestroyStream", |call| {
        call.destroy_stream(handle("stream", stream)?, false)
    })
}

pub(super) unsafe extern "C" fn aclrtDestroyStreamForce<const SLOT: usize>(
    stream: aclrtStream,
) -> aclError {
    entry(SLOT, "aclrtDestroyStreamForce", |call| {
        call.destroy_stream(handle("stream", stream)?, true)
    })
}

pub(super) unsafe extern "C" fn aclrtSynchronizeStream<const SLOT: usize>(
    stream: aclrtStream,
) -> aclError {
    entry(SLOT, "aclrtSynchronizeStream", |call| {
        call.synchronize_stream(number(stream), Deadline::NEVER)
    })
}

pub(super) unsafe extern "C" fn aclrtSynchronizeStreamWithTimeout<const SLOT: usize>(
    stream: aclrtStream,
    milliseconds: i32,
) -> aclError {
    entry(SLOT, "aclrtSynchronizeStreamWithTimeout", |call| {
        check_timeout(milliseconds)?;
        call.check_stream_handle(number(stream))?;
        call.synchronize_stream(number(stream), deadline(milliseconds)?)
    })
}

pub(super) unsafe extern "C" fn aclrtStreamQuery<const SLOT: usize>(
    stream: aclrtStream,
    status: *mut aclrtStreamStatus,
) -> aclError {
    entry(SLOT, "aclrtStreamQuery", |call| {
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("status", status) }?;
        place.set(match call.is_stream_idle(number(stream))? {
            true => aclrtStreamStatus::ACL_STREAM_STATUS_COMPLETE,
            false => aclrtStreamStatus::ACL_STREAM_STATUS_NOT_READY,
        });
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclrtStreamGetId<const SLOT: usize>(
    stream: aclrtStream,
    id: *mut i32,
) -> aclError {
    entry(SLOT, "aclrtStreamGetId", |call| {
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("streamId", id) }?;
        place.set(call.any_stream(number(stream))?.id.cast_signed());
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclrtStreamWaitEvent<const SLOT: usize>(
    stream: aclrtStream,
    event: aclrtEvent,
) -> aclError {
    entry(SLOT, "aclrtStreamWaitEvent", |call| {
        call.wait_for_event(number(stream), handle("event", event)?)
    })
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

pub(super) unsafe extern "C" fn aclrtCreateEvent<const SLOT: usize>(
    event: *mut aclrtEvent,
) -> aclError {
    entry(SLOT, "aclrtCreateEvent", |call| {
        // SAFETY: the C function demands it.
        unsafe { create_event(call, event, Maker::Plain, 0) }
    })
}

pub(super) unsafe extern "C" fn aclrtCreateEventWithFlag<const SLOT: usize>(
    event: *mut aclrtEvent,
    flags: u32,
) -> aclError {
    entry(SLOT, "aclrtCreateEventWithFlag", |call| {
        // SAFETY: the C function demands it.
        unsafe { create_event(call, event, Maker::Flagged, flags) }
    })
}

pub(super) unsafe extern "C" fn aclrtCreateEventExWithFlag<const SLOT: usize>(
    event: *mut aclrtEvent,
    flags: u32,
) -> aclError {
    entry(SLOT, "aclrtCreateEventExWithFlag", |call| {
        // SAFETY: the C function demands it.
        unsafe { create_event(call, event, Maker::Extended, flags) }
    })
}

pub(super) unsafe extern "C" fn aclrtDestroyEvent<const SLOT: usize>(
    event: aclrtEvent,
) -> aclError {
    entry(SLOT, "aclrtDestroyEvent", |call| {
        call.destroy_event(handle("event", event)?)
    })
}

pub(super) unsafe extern "C" fn aclrtRecordEvent<const SLOT: usize>(
    event: aclrtEvent,
    stream: aclrtStream,
) -> aclError {
    entry(SLOT, "aclrtRecordEvent", |call| {
        call.record_event(handle("event", event)?, number(stream))
    })
}

pub(super) unsafe extern "C" fn aclrtResetEvent<const SLOT: usize>(
    event: aclrtEvent,
    stream: aclrtStream,
) -> aclError {
    entry(SLOT, "aclrtResetEvent", |call| {
        call.reset_event(handle("event", event)?, number(stream))
    })
}

pub(super) unsafe extern "C" fn aclrtQueryEvent<const SLOT: usize>(
    event: aclrtEvent,
    status: *mut aclrtEventStatus,
) -> aclError {
    entry(SLOT, "aclrtQueryEvent", |call| {
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("status", status) }?;
        place.set(
            match call.is_plain_event_complete(handle("event", event)?)? {
                true => aclrtEventStatus::ACL_EVENT_STATUS_COMPLETE,
                false => aclrtEventStatus::ACL_EVENT_STATUS_NOT_READY,
            },
        );
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclrtQueryEventStatus<const SLOT: usize>(
    event: aclrtEvent,
    status: *mut aclrtEventRecordedStatus,
) -> aclError {
    entry(SLOT, "aclrtQueryEventStatus", |call| {
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("status", status) }?;
        place.set(match call.is_event_complete(handle("event", event)?)? {
            true => aclrtEventRecordedStatus::ACL_EVENT_RECORDED_STATUS_COMPLETE,
            false => aclrtEventRecordedStatus::ACL_EVENT_RECORDED_STATUS_NOT_READY,
        });
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclrtSynchronizeEvent<const SLOT: usize>(
    event: aclrtEvent,
) -> aclError {
    entry(SLOT, "aclrtSynchronizeEvent", |call| {
        call.synchronize_event(handle("event", event)?, Deadline::NEVER)
    })
}

pub(super) unsafe extern "C" fn aclrtSynchronizeEventWithTimeout<const SLOT: usize>(
    event: aclrtEvent,
    milliseconds: i32,
) -> aclError {
    entry(SLOT, "aclrtSynchronizeEventWithTimeout", |call| {
        check_timeout(milliseconds)?;
        let event = handle("event", event)?;
        call.synchronize_event(event, deadline(milliseconds)?)
    })
}

pub(super) unsafe extern "C" fn aclrtEventElapsedTime<const SLOT: usize>(
    milliseconds: *mut f32,
    start: aclrtEvent,
    end: aclrtEvent,
) -> aclError {
    entry(SLOT, "aclrtEventElapsedTime", |call| {
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("ms", milliseconds) }?;
        let (start, end) = (handle("startEvent", start)?, handle("endEvent", end)?);
        place.set(call.elapsed_ms(start, end)?);
        Ok(())
    })
}
