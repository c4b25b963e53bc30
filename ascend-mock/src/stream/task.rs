//! Tasks: what streams hold. A task can run again and again, as captured graphs need it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::event::Record;
use crate::fault::Fault;
use crate::graph::{Frame, Run};
use crate::ledger::Origin;
use crate::world::World;

use super::queue::Queue;

/// One thing for a stream to do.
#[derive(Clone)]
pub(crate) struct Task {
    /// The call that asked for it.
    pub(crate) origin: Origin,
    /// Its number among the tasks of the thread that asked for it.
    pub(crate) number: u32,
    /// That thread.
    pub(crate) thread: u32,
    pub(crate) uses: Uses,
    pub(crate) action: Action,
}

#[derive(Clone)]
pub(crate) enum Action {
    Work(Work),
    /// Work of an operator or a model, which has a time limit.
    Operator(Work),
    Record(Arc<Record>),
    Wait(Wait),
    /// A record of a captured graph, by its number: every run has records of its own.
    RecordOf(usize),
    /// A wait for one.
    WaitFor(usize),
    /// Decides what comes next.
    Branch(Branch),
}

/// Work gets the world that it is done in, and looks up there what it names.
pub(crate) type Work = Arc<dyn Fn(&World) -> Result<(), Fault> + Send + Sync>;

/// Gets the run of the graph that it is part of, if it is.
pub(crate) type Branch =
    Arc<dyn Fn(&Arc<World>, Option<&Arc<Run>>) -> Result<Flow, Fault> + Send + Sync>;

/// What comes after a task.
pub(crate) enum Flow {
    /// The next one.
    On,
    /// The tasks of a frame, and then the next one.
    Enter(Frame),
    /// The tasks of a frame, and then this one again.
    Repeat(Frame),
    /// The task at a place of the same frame.
    #[allow(dead_code, reason = "for labels")]
    Jump(usize),
    /// Nothing of this frame.
    Leave,
}

/// A wait that holds back what comes after it.
#[derive(Clone)]
pub(crate) struct Wait {
    pub(crate) on: Arc<dyn Awaited>,
    /// How long the stream waits, from when it gets there.
    pub(crate) limit: Option<Duration>,
}

/// What streams wait for. It lasts for many waits; what one wait remembers is in its [`Poll`].
pub(crate) trait Awaited: Send + Sync {
    /// Begins a wait, when a stream gets there. From then on `waker` has to be woken whenever the
    /// answer of the poll may have changed, with no lock held that the poll takes. Dropping the
    /// poll gives the wait up.
    fn begin(self: Arc<Self>, world: &World, waker: &Waker) -> Poll;

    /// What the stream answers when the wait took longer than its limit.
    fn expired(&self) -> Fault;

    /// How often to poll what wakes nobody.
    fn interval(&self) -> Option<Duration> {
        None
    }
}

/// Asks whether a wait is over, and how it went. Not asked again after an answer.
pub(crate) type Poll = Box<dyn FnMut(&World) -> Option<Result<(), Fault>> + Send>;

/// Makes a stream poll what it waits for.
#[derive(Clone)]
pub(crate) struct Waker(Weak<Queue>);

impl Waker {
    pub(crate) fn of(queue: &Arc<Queue>) -> Self {
        Self(Arc::downgrade(queue))
    }

    /// Comes into a list that has every stream once.
    pub(crate) fn enlist(self, list: &mut Vec<Self>) {
        list.retain(|other| other.0.strong_count() > 0);
        if !list.iter().any(|other| Weak::ptr_eq(&other.0, &self.0)) {
            list.push(self);
        }
    }

    pub(crate) fn wake(&self) {
        if let Some(queue) = self.0.upgrade() {
            queue.wake();
        }
    }
}

/// The memory and the objects that a task names.
#[derive(Clone, Default)]
pub(crate) struct Uses(Vec<Use>);

/// Addresses are those of the device or of page-locked host memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Reads {
        address: u64,
        bytes: u64,
        /// Of host memory, when the task was submitted.
        sum: Option<u64>,
    },
    Writes {
        address: u64,
        bytes: u64,
    },
    /// The handle of something that has to live until the task is done.
    Object(u64),
}

impl Uses {
    pub(crate) fn reads(self, address: u64, bytes: usize) -> Self {
        let bytes = bytes as u64;
        self.with(Use::Reads {
            address,
            bytes,
            sum: None,
        })
    }

    pub(crate) fn writes(self, address: u64, bytes: usize) -> Self {
        let bytes = bytes as u64;
        self.with(Use::Writes { address, bytes })
    }

    pub(crate) fn object(self, handle: u64) -> Self {
        self.with(Use::Object(handle))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Use> {
        self.0.iter().copied()
    }

    pub(super) fn each(&mut self, change: impl FnMut(&mut Use)) {
        self.0.iter_mut().for_each(change);
    }

    fn with(mut self, usage: Use) -> Self {
        self.0.push(usage);
        self
    }
}

impl FromIterator<Use> for Uses {
    fn from_iter<I: IntoIterator<Item = Use>>(uses: I) -> Self {
        Self(uses.into_iter().collect())
    }
}
