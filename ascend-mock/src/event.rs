//! Events: marks in streams that other streams and the host wait for.

use std::mem;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use ascend_sys::{
    ACL_ERROR_RT_EVENT_SYNC_TIMEOUT, ACL_ERROR_RT_EVENT_TIMESTAMP_INVALID,
    ACL_ERROR_RT_FEATURE_NOT_SUPPORT, ACL_ERROR_RT_INTERNAL_ERROR, ACL_ERROR_RT_NO_EVENT_RESOURCE,
    ACL_ERROR_RT_PARAM_INVALID, ACL_EVENT_CAPTURE_STREAM_PROGRESS, ACL_EVENT_DEVICE_USE_ONLY,
    ACL_EVENT_EXTERNAL, ACL_EVENT_IPC, ACL_EVENT_SYNC, ACL_EVENT_TIME_LINE,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::graph::Mark;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::stream::{Awaited, Poll, Waker};
use crate::sync::{Deadline, Signal, lock};
use crate::world::World;

const SYNC: u32 = ACL_EVENT_SYNC.cast_unsigned();
const PROGRESS: u32 = ACL_EVENT_CAPTURE_STREAM_PROGRESS.cast_unsigned();
const TIME_LINE: u32 = ACL_EVENT_TIME_LINE.cast_unsigned();
const DEVICE_USE_ONLY: u32 = ACL_EVENT_DEVICE_USE_ONLY.cast_unsigned();
const EXTERNAL: u32 = ACL_EVENT_EXTERNAL.cast_unsigned();
const IPC: u32 = ACL_EVENT_IPC.cast_unsigned();

/// All bits that `aclrtCreateEventWithFlag` takes; one of them is the runtime's own.
const ALL_PLAIN: u32 = 0x3F;

/// Events that `aclrtCreateEventWithFlag` may make.
const MAX_FLAGGED: usize = 65_536;

/// The call that made an event; what may be done with it differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    /// `aclrtCreateEvent`
    Plain,
    /// `aclrtCreateEventWithFlag`
    Flagged,
    /// `aclrtCreateEventExWithFlag`
    Extended,
}

pub(crate) struct Event {
    maker: Maker,
    flags: u32,
    state: Mutex<EventState>,
}

struct EventState {
    /// The latest record, or the one that the first record will complete.
    record: Arc<Record>,
    /// The stream of the latest record; `None` if there was none, or if it was reset.
    recorded_on: Option<u64>,
}

impl Object for Event {
    const KIND: Kind = Kind::Event;
}

impl Event {
    fn is_extended(&self) -> bool {
        self.maker == Maker::Extended
    }

    /// The latest record, if there is one.
    fn recorded(&self) -> Option<Arc<Record>> {
        let state = lock(&self.state);
        state.recorded_on.map(|_| Arc::clone(&state.record))
    }
}

/// One record of an event. Waits hold the record, not the event: recording again, resetting or
/// destroying the event does not change them.
#[derive(Default)]
pub(crate) struct Record {
    state: Mutex<RecordState>,
    changed: Signal,
    /// Where it stands in a capture.
    mark: OnceLock<Mark>,
}

#[derive(Default)]
struct RecordState {
    outcome: Outcome,
    /// The streams that wait.
    waiting: Vec<Waker>,
}

#[derive(Default)]
enum Outcome {
    #[default]
    Pending,
    Done(Instant),
    /// Its stream will not get there.
    Abandoned(Box<Fault>),
}

impl Record {
    pub(crate) fn complete(&self) {
        self.end(Outcome::Done(Instant::now()));
    }

    /// Says that its stream will not get there.
    pub(crate) fn abandon(&self, why: Fault) {
        self.end(Outcome::Abandoned(Box::new(why)));
    }

    fn end(&self, outcome: Outcome) {
        let mut state = lock(&self.state);
        state.outcome = outcome;
        let waiting = mem::take(&mut state.waiting);
        drop(state);
        self.changed.notify();
        waiting.iter().for_each(Waker::wake);
    }

    fn done_at(&self) -> Option<Instant> {
        match lock(&self.state).outcome {
            Outcome::Done(time) => Some(time),
            Outcome::Pending | Outcome::Abandoned(_) => None,
        }
    }

    pub(crate) fn mark(&self) -> Option<Mark> {
        self.mark.get().cloned()
    }

    pub(crate) fn set_mark(&self, mark: Mark) {
        self.mark.get_or_init(|| mark);
    }

    fn wait_on_host(&self, world: &Arc<World>, deadline: Deadline) -> Result<(), Fault> {
        let late = || {
            Err(Fault::new(
                ACL_ERROR_RT_EVENT_SYNC_TIMEOUT,
                "the event's stream has not got to the record yet",
            ))
        };
        if world.config.strict {
            let outcome = || lock(&self.state).outcome.check();
            let outcome = world.scheduler.drive(world, deadline, outcome);
            return outcome.unwrap_or_else(late);
        }
        let mut state = lock(&self.state);
        loop {
            if let Some(outcome) = state.outcome.check() {
                return outcome;
            }
            if deadline.is_over() {
                return late();
            }
            state = self.changed.wait_until(state, deadline);
        }
    }
}

impl Awaited for Record {
    fn begin(self: Arc<Self>, _: &World, waker: &Waker) -> Poll {
        let mut state = lock(&self.state);
        if matches!(state.outcome, Outcome::Pending) {
            state.waiting.push(waker.clone());
        }
        drop(state);
        Box::new(move |_| lock(&self.state).outcome.check())
    }

    fn expired(&self) -> Fault {
        Fault::new(
            ACL_ERROR_RT_EVENT_SYNC_TIMEOUT,
            "the event that the stream waits for was not recorded in time",
        )
    }
}

impl Outcome {
    fn check(&self) -> Option<Result<(), Fault>> {
        match self {
            Self::Pending => None,
            Self::Done(_) => Some(Ok(())),
            Self::Abandoned(why) => {
                Some(Err(Fault::clone(why).within("before the event's record")))
            }
        }
    }
}

/// Refuses what a kind of event does not support (207000).
fn unsupported(what: &str) -> Fault {
    Fault::new(ACL_ERROR_RT_FEATURE_NOT_SUPPORT, what)
}

/// The flags that each maker takes (R-148…R-150).
fn check_flags(maker: Maker, flags: u32) -> Result<u32, Fault> {
    let refused = || {
        Err(Fault::runtime_argument(format!(
            "{flags:#x} is no set of event flags"
        )))
    };
    match maker {
        Maker::Plain => Ok(SYNC | PROGRESS | TIME_LINE),
        Maker::Flagged => {
            let alone = [DEVICE_USE_ONLY, EXTERNAL];
            let combined = alone.iter().any(|bit| flags & bit != 0 && flags != *bit);
            if flags == 0 || flags > ALL_PLAIN || combined {
                return refused();
            }
            Ok(flags)
        }
        Maker::Extended if flags == IPC => {
            Err(unsupported("events are not shared between processes here"))
        }
        Maker::Extended => {
            if flags == 0 || flags & !(SYNC | PROGRESS | TIME_LINE) != 0 {
                return refused();
            }
            Ok(flags)
        }
    }
}

impl Entry<'_> {
    /// R-147…R-151.
    pub(crate) fn create_event(&self, maker: Maker, flags: u32) -> Result<u64, Fault> {
        let flags = check_flags(maker, flags)?;
        self.context()?;
        if maker == Maker::Flagged {
            let taken = self.world.events.filter(|event| event.maker == maker);
            if taken.len() >= MAX_FLAGGED {
                return Err(Fault::new(
                    ACL_ERROR_RT_NO_EVENT_RESOURCE,
                    format!("all {MAX_FLAGGED} events with flags are in use"),
                ));
            }
        }
        let (handle, _) = self.world.events.insert(self.origin, |_| Event {
            maker,
            flags,
            state: Mutex::new(EventState {
                record: Arc::default(),
                recorded_on: None,
            }),
        });
        Ok(handle)
    }

    ///
    pub(crate) fn destroy_event(&self, handle: u64) -> Result<(), Fault> {
        self.world.events.remove(handle).map(|_| ())
    }

    ///
    pub(crate) fn record_event(&self, event: u64, stream: u64) -> Result<(), Fault> {
        let event = self.world.events.get(event)?;
        let stream = self.own_stream(stream)?;
        let mut state = lock(&event.state);
        let record = match state.recorded_on {
            None if !stream.is_captured() => Arc::clone(&state.record),
            _ => Arc::default(),
        };
        self.submit_record(&stream, &record)?;
        state.record = record;
        state.recorded_on = Some(stream.handle);
        Ok(())
    }

    /// R-160…R-163.
    pub(crate) fn wait_for_event(&self, stream: u64, event: u64) -> Result<(), Fault> {
        let event = self.world.events.get(event)?;
        let stream = self.own_stream(stream)?;
        let state = lock(&event.state);
        match state.recorded_on {
            None if event.is_extended() => Ok(()),
            None if event.flags & SYNC == 0 => Err(Fault::new(
                ACL_ERROR_RT_PARAM_INVALID,
                "the event was never recorded, and is not one that streams can wait for ahead",
            )),
            Some(recorded_on) if recorded_on == stream.handle => Ok(()),
            _ => self.submit_wait_for_record(&stream, &state.record, self.world.time_limits.wait()),
        }
    }

    ///
    pub(crate) fn reset_event(&self, event: u64, stream: u64) -> Result<(), Fault> {
        let event = self.world.events.get(event)?;
        let stream = self.own_stream(stream)?;
        if event.maker != Maker::Flagged || event.flags & SYNC == 0 {
            return Err(unsupported(
                "only events of aclrtCreateEventWithFlag with ACL_EVENT_SYNC are reset",
            ));
        }
        let mut state = lock(&event.state);
        self.submit_work(&stream, |_| Ok(()))?;
        state.record = Arc::default();
        state.recorded_on = None;
        Ok(())
    }

    /// Whether the latest record is complete, for `aclrtQueryEventStatus`.
    pub(crate) fn is_event_complete(&self, event: u64) -> Result<bool, Fault> {
        let event = self.world.events.get(event)?;
        match event.recorded() {
            Some(record) => self.is_complete(&record),
            None => Ok(event.is_extended()),
        }
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
        if (start.flags | end.flags) & EXTERNAL != 0 {
            return Err(unsupported("external events have no time"));
        }
        let (Some(first), Some(second)) = (start.recorded(), end.recorded()) else {
            return Err(Fault::new(
                ACL_ERROR_RT_INTERNAL_ERROR,
                "an event was never recorded",
            ));
        };
        let are_timed = start.flags & end.flags & TIME_LINE != 0;
        let times = first.done_at().zip(second.done_at());
        let (start, end) = times.filter(|_| are_timed).ok_or_else(|| {
            Fault::new(
                ACL_ERROR_RT_EVENT_TIMESTAMP_INVALID,
                "an event is not complete yet, or was made without ACL_EVENT_TIME_LINE",
            )
        })?;
        Ok(if end < start {
            -milliseconds(start - end)
        } else {
            milliseconds(end - start)
        })
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "the C function answers in single precision"
)]
fn milliseconds(time: Duration) -> f32 {
    time.as_micros() as f32 / 1_000.0
}
