//! How far records have got: asked for, waited for by the host, and timed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ascend_sys::{ACL_ERROR_RT_EVENT_TIMESTAMP_INVALID, ACL_ERROR_RT_INTERNAL_ERROR};

use super::{EXTERNAL, Event, IPC, Record, TIME_LINE, unsupported};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::sync::Deadline;

impl Entry<'_> {
    /// Whether the latest record is complete, for `aclrtQueryEventStatus`.
    pub(crate) fn is_event_complete(&self, event: u64) -> Result<bool, Fault> {
        let event = self.world.events.get(event)?;
        if let Some(shared) = &event.shared {
            let is_complete = shared.latest().is_none_or(|record| record.is_over());
            if !is_complete {
                self.world.poll_answered();
            }
            return Ok(is_complete);
        }
        match event.recorded() {
            Some(record) => self.is_complete(&record),
            None => Ok(event.is_extended()),
        }
    }

    /// Whether no stream waits for a plain event any more.
    pub(crate) fn is_event_wait_complete(&self, event: u64) -> Result<bool, Fault> {
        let event = self.world.events.get(event)?;
        if event.is_extended() {
            return Err(unsupported(
                "aclrtQueryEventWaitStatus takes no events of aclrtCreateEventExWithFlag",
            ));
        }
        let is_complete = Arc::strong_count(&event.waits) == 1;
        if !is_complete {
            self.world.poll_answered();
        }
        Ok(is_complete)
    }

    /// The same for the deprecated `aclrtQueryEvent`.
    pub(crate) fn is_plain_event_complete(&self, event: u64) -> Result<bool, Fault> {
        let event = self.world.events.get(event)?;
        if event.is_extended() || event.flags & EXTERNAL != 0 {
            return Err(unsupported("aclrtQueryEvent takes plain events only"));
        }
        event
            .recorded()
            .map_or(Ok(true), |record| self.is_complete(&record))
    }

    fn is_complete(&self, record: &Record) -> Result<bool, Fault> {
        self.check_record(record)?;
        let is_complete = record.done_at().is_some();
        if !is_complete {
            self.world.poll_answered();
        }
        Ok(is_complete)
    }

    ///
    pub(crate) fn synchronize_event(&self, event: u64, deadline: Deadline) -> Result<(), Fault> {
        let event = self.world.events.get(event)?;
        if event.flags & EXTERNAL != 0 {
            return Err(unsupported("the host does not wait for external events"));
        }
        if let Some(shared) = &event.shared {
            return match shared.latest() {
                Some(record) => record.wait_on_host(self.world, deadline),
                None => Ok(()),
            };
        }
        match event.recorded() {
            Some(record) => {
                self.check_record(&record)?;
                record.wait_on_host(self.world, deadline)
            }
            None => Ok(()),
        }
    }

    /// Milliseconds between two records, to the microsecond.
    pub(crate) fn elapsed_ms(&self, start: u64, end: u64) -> Result<f32, Fault> {
        let (start, end) = (self.world.events.get(start)?, self.world.events.get(end)?);
        let [start, end] = Event::times([&start, &end])?;
        Ok(if end < start {
            -milliseconds(start - end)
        } else {
            milliseconds(end - start)
        })
    }

    /// Microseconds from the device's start to the record.
    pub(crate) fn event_timestamp(&self, event: u64) -> Result<u64, Fault> {
        let event = self.world.events.get(event)?;
        let [time] = Event::times([&event])?;
        let since = time.saturating_duration_since(self.world.started);
        Ok(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
    }
}

impl Event {
    /// When the latest records were complete.
    fn times<const N: usize>(events: [&Self; N]) -> Result<[Instant; N], Fault> {
        if events
            .iter()
            .any(|event| event.flags & (EXTERNAL | IPC) != 0)
        {
            return Err(unsupported(
                "external events and those of several processes have no time",
            ));
        }
        let records = events.map(Self::recorded);
        if records.iter().any(Option::is_none) {
            return Err(Fault::new(
                ACL_ERROR_RT_INTERNAL_ERROR,
                "an event was never recorded",
            ));
        }
        let invalid = || {
            Fault::new(
                ACL_ERROR_RT_EVENT_TIMESTAMP_INVALID,
                "an event is not complete yet, or was made without ACL_EVENT_TIME_LINE",
            )
        };
        if events.iter().any(|event| event.flags & TIME_LINE == 0) {
            return Err(invalid());
        }
        let times = records.iter().flatten().map(|record| record.done_at());
        let times = times.collect::<Option<Vec<_>>>().ok_or_else(invalid)?;
        times.try_into().map_err(|_| invalid())
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "the C function answers in single precision"
)]
fn milliseconds(time: Duration) -> f32 {
    time.as_micros() as f32 / 1_000.0
}
