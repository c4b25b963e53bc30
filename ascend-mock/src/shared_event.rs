//! Events of several processes: records are counted in a page that all of them map.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use ascend_sys::{
    ACL_ERROR_RT_EVENT_SYNC_TIMEOUT, ACL_ERROR_RT_INTERNAL_ERROR, ACL_ERROR_RT_WAIT_TIMEOUT,
};

use crate::fault::Fault;
use crate::shared_page::{INTERVAL, Purpose, SharedPage, WORDS};
use crate::stream::{Awaited, Poll, Waker};
use crate::sync::Deadline;
use crate::world::World;

/// The word that counts the records, of whatever process.
const COUNT: usize = 0;

/// The words after it hold the outcomes of the latest records, twice the record's number and one
/// more if its stream will not get there.
const FIRST: usize = 1;
const KEPT: u64 = (WORDS - FIRST) as u64;

pub(crate) struct SharedEvent(SharedPage);

/// One record of a shared event.
#[derive(Clone)]
pub(crate) struct SharedRecord {
    event: Arc<SharedEvent>,
    /// From 1.
    number: u64,
}

impl SharedEvent {
    pub(crate) fn create() -> Result<Arc<Self>, Fault> {
        Ok(Arc::new(Self(SharedPage::create(Purpose::Event)?)))
    }

    pub(crate) fn open(key: &str) -> Result<Arc<Self>, Fault> {
        Ok(Arc::new(Self(SharedPage::open(key, Purpose::Event)?)))
    }

    pub(crate) fn key(&self) -> &str {
        self.0.key()
    }

    /// A new record, which every process sees as the latest one from now on.
    pub(crate) fn record(self: &Arc<Self>) -> SharedRecord {
        let before = self.0.word(COUNT).fetch_add(1, Ordering::AcqRel);
        SharedRecord {
            event: Arc::clone(self),
            number: before + 1,
        }
    }

    /// The latest record of any process.
    pub(crate) fn latest(self: &Arc<Self>) -> Option<SharedRecord> {
        let number = self.0.word(COUNT).load(Ordering::Acquire);
        (number > 0).then(|| SharedRecord {
            event: Arc::clone(self),
            number,
        })
    }
}

impl SharedRecord {
    fn word(&self) -> &AtomicU64 {
        let index = usize::try_from(self.number % KEPT).unwrap_or_default();
        self.event.0.word(FIRST + index)
    }

    pub(crate) fn end(&self, is_abandoned: bool) {
        let outcome = self.number << 1 | u64::from(is_abandoned);
        self.word().fetch_max(outcome, Ordering::AcqRel);
    }

    /// How it went, if it is over. Of records that are long past only that is known.
    fn outcome(&self) -> Option<Result<(), Fault>> {
        let outcome = self.word().load(Ordering::Acquire);
        if outcome >> 1 < self.number {
            return None;
        }
        if outcome == self.number << 1 | 1 {
            return Some(Err(Fault::new(
                ACL_ERROR_RT_INTERNAL_ERROR,
                "the event's stream was destroyed before it got to the record",
            )));
        }
        Some(Ok(()))
    }

    pub(crate) fn is_over(&self) -> bool {
        self.word().load(Ordering::Acquire) >> 1 >= self.number
    }

    pub(crate) fn wait_on_host(&self, world: &Arc<World>, deadline: Deadline) -> Result<(), Fault> {
        loop {
            if let Some(outcome) = self.outcome() {
                return outcome;
            }
            if deadline.is_over() {
                return Err(Fault::new(
                    ACL_ERROR_RT_EVENT_SYNC_TIMEOUT,
                    "no process's stream has got to the event's record yet",
                ));
            }
            if world.config.strict {
                let step = deadline.min(Deadline::after(INTERVAL));
                world.scheduler.drive(world, step, || self.outcome());
            } else {
                thread::sleep(INTERVAL);
            }
        }
    }
}

impl Awaited for SharedRecord {
    fn begin(self: Arc<Self>, _: &World, _: &Waker) -> Poll {
        Box::new(move |_| self.outcome())
    }

    fn expired(&self) -> Fault {
        Fault::new(
            ACL_ERROR_RT_WAIT_TIMEOUT,
            "the event that the stream waits for was not recorded in time",
        )
    }

    fn interval(&self) -> Option<Duration> {
        Some(INTERVAL)
    }
}
