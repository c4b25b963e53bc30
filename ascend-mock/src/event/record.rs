//! Records of events: what waits are for.

use std::mem;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use ascend_sys::{ACL_ERROR_RT_EVENT_SYNC_TIMEOUT, ACL_ERROR_RT_WAIT_TIMEOUT};

use super::Event;
use crate::fault::Fault;
use crate::graph::Mark;
use crate::numbers::Number;
use crate::shared_event::SharedRecord;
use crate::stream::{Awaited, Poll, Waker};
use crate::sync::{Deadline, Signal, lock};
use crate::world::World;

/// One record of an event. Waits hold the record, not the event: recording again, resetting or
/// destroying the event does not change them.
#[derive(Default)]
pub(crate) struct Record {
    state: Mutex<RecordState>,
    changed: Signal,
    /// Where it stands in a capture.
    mark: OnceLock<Mark>,
    /// What other processes see of it.
    shared: Option<SharedRecord>,
    /// Keeps the event's number until the record is over.
    pub(super) number: OnceLock<Arc<Number>>,
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
    /// A record that other processes see.
    pub(super) fn of_shared(shared: SharedRecord) -> Self {
        Self {
            shared: Some(shared),
            ..Self::default()
        }
    }

    pub(crate) fn complete(&self) {
        self.end(Outcome::Done(Instant::now()));
    }

    /// Says that its stream will not get there.
    pub(crate) fn abandon(&self, why: Fault) {
        self.end(Outcome::Abandoned(Box::new(why)));
    }

    fn end(&self, outcome: Outcome) {
        if let Some(shared) = &self.shared {
            shared.end(matches!(outcome, Outcome::Abandoned(_)));
        }
        let mut state = lock(&self.state);
        state.outcome = outcome;
        let waiting = mem::take(&mut state.waiting);
        drop(state);
        self.changed.notify();
        waiting.iter().for_each(Waker::wake);
    }

    pub(super) fn done_at(&self) -> Option<Instant> {
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

    pub(super) fn wait_on_host(&self, world: &Arc<World>, deadline: Deadline) -> Result<(), Fault> {
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
            ACL_ERROR_RT_WAIT_TIMEOUT,
            "the event that the stream waits for was not recorded in time",
        )
    }
}

/// A stream's wait for a record.
pub(super) struct RecordWait {
    pub(super) record: Arc<Record>,
    /// Counts among the waits of the event.
    pub(super) _counted: Arc<()>,
}

impl Awaited for RecordWait {
    fn begin(self: Arc<Self>, world: &World, waker: &Waker) -> Poll {
        Arc::clone(&self.record).begin(world, waker)
    }

    fn expired(&self) -> Fault {
        self.record.expired()
    }
}

/// A graph's wait for the record that an event has when a run gets there.
pub(super) struct ExternalWait(pub(super) Arc<Event>);

impl Awaited for ExternalWait {
    fn begin(self: Arc<Self>, world: &World, waker: &Waker) -> Poll {
        let record = Arc::clone(&lock(&self.0.state).record);
        record.begin(world, waker)
    }

    fn expired(&self) -> Fault {
        lock(&self.0.state).record.expired()
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
