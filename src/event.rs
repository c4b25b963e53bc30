//! Events: marks in a stream's work.

use std::fmt;
use std::ptr;

use ascend_sys::{aclrtEvent, aclrtEventRecordedStatus};

use crate::context::Context;
use crate::error::Result;

/// A mark that a stream passes: others can wait for it, and the time between two can be read.
///
/// Usable from any thread.
///
/// C API: `aclrtCreateEvent`, `aclrtDestroyEvent`, `acl_rt.h`.
pub struct Event {
    raw: aclrtEvent,
    context: Context,
}

// SAFETY: event handles are process-wide, and queries and waits need neither a context nor
// exclusive access.
unsafe impl Send for Event {}
// SAFETY: as above.
unsafe impl Sync for Event {}

impl Event {
    /// A new event in `context`, good for order and for timing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`](crate::ErrorKind::OutOfMemory) when the device has no event
    /// left.
    #[doc(alias = "aclrtCreateEvent")]
    pub fn new(context: &Context) -> Result<Self> {
        let current = context.bind()?;
        let mut raw = ptr::null_mut();
        // SAFETY: a valid pointer, and a context is current.
        let status = unsafe { current.api().aclrtCreateEvent(&raw mut raw) };
        current.check("aclrtCreateEvent", status)?;
        Ok(Self {
            raw,
            context: context.clone(),
        })
    }

    /// The context of this event.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    pub(crate) fn raw(&self) -> aclrtEvent {
        self.raw
    }

    /// Whether the stream has passed the newest record. An event that was never recorded is not
    /// complete.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Device`](crate::ErrorKind::Device) when the device was lost.
    #[doc(alias = "aclrtQueryEventStatus")]
    pub fn is_complete(&self) -> Result<bool> {
        let current = self.context.bind()?;
        let mut status = aclrtEventRecordedStatus::ACL_EVENT_RECORDED_STATUS_NOT_READY;
        // SAFETY: the event is alive, the pointer valid.
        let code = unsafe {
            current
                .api()
                .aclrtQueryEventStatus(self.raw, &raw mut status)
        };
        current.check("aclrtQueryEventStatus", code)?;
        Ok(status == aclrtEventRecordedStatus::ACL_EVENT_RECORDED_STATUS_COMPLETE)
    }

    /// Waits until the stream has passed the newest record; at once if there is none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Device`](crate::ErrorKind::Device) when the device was lost. Failures of the
    /// stream's work come out of the stream.
    #[doc(alias = "aclrtSynchronizeEvent")]
    pub fn synchronize(&self) -> Result<()> {
        let current = self.context.bind()?;
        // SAFETY: the event is alive.
        let status = unsafe { current.api().aclrtSynchronizeEvent(self.raw) };
        current.check("aclrtSynchronizeEvent", status)
    }

    /// Milliseconds from `earlier` to this event, both complete; negative when this one came
    /// first.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Execution`](crate::ErrorKind::Execution) when one was never recorded,
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) when one is not complete
    /// or of another context.
    #[doc(alias = "aclrtEventElapsedTime")]
    pub fn milliseconds_since(&self, earlier: &Self) -> Result<f32> {
        self.context
            .must_be(&earlier.context, "the earlier event")?;
        let current = self.context.bind()?;
        let mut milliseconds = 0.0;
        // SAFETY: both are alive, the pointer valid.
        let status = unsafe {
            current
                .api()
                .aclrtEventElapsedTime(&raw mut milliseconds, earlier.raw, self.raw)
        };
        current.check("aclrtEventElapsedTime", status)?;
        Ok(milliseconds)
    }
}

impl Drop for Event {
    fn drop(&mut self) {
        let destroyed = self.context.bind().and_then(|current| {
            // SAFETY: ours; work that waits for it is not harmed.
            let status = unsafe { current.api().aclrtDestroyEvent(self.raw) };
            current.check("aclrtDestroyEvent", status)
        });
        if let Err(error) = destroyed {
            tracing::error!(%error, "cannot destroy the event");
        }
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}
