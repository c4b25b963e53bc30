//! Events of several processes: their records are kept in a page that all of them map.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use ascend_sys::{
    ACL_ERROR_RT_EVENT_SYNC_TIMEOUT, ACL_ERROR_RT_INTERNAL_ERROR, ACL_ERROR_RT_RESOURCE_ALLOC_FAIL,
    ACL_ERROR_RT_WAIT_TIMEOUT,
};

use crate::fault::Fault;
use crate::shared_page::{INTERVAL, Purpose, SharedPage, WORDS};
use crate::stream::{Awaited, Poll, Stream, Waker};
use crate::sync::Deadline;
use crate::world::World;

/// The word that says which record is the latest, of whatever process: its number, from 1, above
/// its slot.
const LATEST: usize = 0;
const SLOT_BITS: u32 = 12;

/// The words after it are the slots. Each holds a record's number above how far it is. A slot is
/// its record's alone until that is over, so that records never answer for each other. There are
/// more than tasks that a stream holds.
const FIRST: usize = 1;
const SLOTS: usize = WORDS - FIRST;
const STATE_BITS: u32 = 2;
const PENDING: u64 = 0;
const REACHED: u64 = 1;
/// The stream will not get to the record.
const ABANDONED: u64 = 2;
const _: () = assert!(SLOTS <= 1 << SLOT_BITS, "a slot's number fits");

pub(crate) struct SharedEvent(SharedPage);

/// One record of a shared event.
#[derive(Clone)]
pub(crate) struct SharedRecord {
    event: Arc<SharedEvent>,
    number: u64,
    slot: usize,
}

/// Whether the record that a slot holds is over, or there is none.
fn is_over(slot: u64) -> bool {
    slot == 0 || slot & ((1 << STATE_BITS) - 1) != PENDING
}

/// Waits a little before another look, in strict mode with work.
fn pause<R>(world: &Arc<World>, deadline: Deadline, check: impl FnMut() -> Option<R>) -> Option<R> {
    if world.config.strict {
        let step = deadline.min(Deadline::after(INTERVAL));
        return world.scheduler.drive(world, step, check);
    }
    thread::sleep(INTERVAL);
    None
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

    fn slot(&self, index: usize) -> &AtomicU64 {
        self.0.word(FIRST + index)
    }

    /// Takes a slot whose record is over, first the one that was left alone longest.
    fn take_slot(&self, number: u64) -> Option<usize> {
        let first = usize::try_from(number % SLOTS as u64).unwrap_or_default();
        (first..SLOTS).chain(0..first).find(|&index| {
            let slot = self.slot(index);
            let before = slot.load(Ordering::Acquire);
            let taken = number << STATE_BITS | PENDING;
            let (order, failed) = (Ordering::AcqRel, Ordering::Relaxed);
            is_over(before) && slot.compare_exchange(before, taken, order, failed).is_ok()
        })
    }

    /// A new record, which every process sees as the latest one from now on; `None` while so many
    /// are not over that there is no room for one more.
    fn try_record(self: &Arc<Self>) -> Option<SharedRecord> {
        let latest = self.0.word(LATEST);
        let mut before = latest.load(Ordering::Acquire);
        let slot = self.take_slot((before >> SLOT_BITS) + 1)?;
        loop {
            // Nobody else knows the slot until it is the latest record's.
            let number = (before >> SLOT_BITS) + 1;
            self.slot(slot)
                .store(number << STATE_BITS | PENDING, Ordering::Release);
            let now = number << SLOT_BITS | slot as u64;
            let (order, failed) = (Ordering::AcqRel, Ordering::Acquire);
            match latest.compare_exchange(before, now, order, failed) {
                Ok(_) => {
                    let event = Arc::clone(self);
                    return Some(SharedRecord {
                        event,
                        number,
                        slot,
                    });
                }
                Err(other) => before = other,
            }
        }
    }

    /// A new record, as soon as there is room for one. Those that are not over may be another
    /// process's, so it looks again and again.
    pub(crate) fn record(
        self: &Arc<Self>,
        world: &Arc<World>,
        stream: &Stream,
    ) -> Result<SharedRecord, Fault> {
        let mut found = None;
        loop {
            if let Some(record) = found.take().or_else(|| self.try_record()) {
                return Ok(record);
            }
            if stream.queue.is_inside(world) {
                return Err(Fault::new(
                    ACL_ERROR_RT_RESOURCE_ALLOC_FAIL,
                    format!(
                        "{SLOTS} records of the event, which processes share, are not over yet, \
                         and a task of the stream cannot wait for those behind it"
                    ),
                ));
            }
            found = pause(world, Deadline::NEVER, || self.try_record());
        }
    }

    /// The latest record of any process.
    pub(crate) fn latest(self: &Arc<Self>) -> Option<SharedRecord> {
        let latest = self.0.word(LATEST).load(Ordering::Acquire);
        let slot = usize::try_from(latest & ((1 << SLOT_BITS) - 1)).ok()?;
        // What another process wrote is not trusted to be a slot.
        (latest > 0 && slot < SLOTS).then(|| SharedRecord {
            event: Arc::clone(self),
            number: latest >> SLOT_BITS,
            slot,
        })
    }
}

impl SharedRecord {
    /// How far the record is; of one whose slot went to another, only that it is over.
    fn state(&self) -> u64 {
        let word = self.event.slot(self.slot).load(Ordering::Acquire);
        if word >> STATE_BITS == self.number {
            word & ((1 << STATE_BITS) - 1)
        } else {
            REACHED
        }
    }

    /// Says that the record is over, if it is not already.
    pub(crate) fn end(&self, is_abandoned: bool) {
        let pending = self.number << STATE_BITS | PENDING;
        let outcome = if is_abandoned { ABANDONED } else { REACHED };
        let over = self.number << STATE_BITS | outcome;
        let slot = self.event.slot(self.slot);
        let ended = slot.compare_exchange(pending, over, Ordering::AcqRel, Ordering::Relaxed);
        ended.ok();
    }

    /// How it went, if it is over.
    fn outcome(&self) -> Option<Result<(), Fault>> {
        match self.state() {
            PENDING => None,
            ABANDONED => Some(Err(Fault::new(
                ACL_ERROR_RT_INTERNAL_ERROR,
                "the event's stream was destroyed before it got to the record",
            ))),
            _ => Some(Ok(())),
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.state() != PENDING
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
            pause(world, deadline, || self.outcome());
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
