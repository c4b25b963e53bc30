//! Tasks: what streams hold. A task can run again and again, as captured graphs need it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::event::Record;
use crate::fault::Fault;
use crate::ledger::Origin;
use crate::world::World;

use super::queue::Queue;

/// One thing for a stream to do.
#[derive(Clone)]
pub(crate) struct Task {
    /// The call that asked for it.
    pub(crate) origin: Origin,
    /// The thread that the call was made on.
    pub(crate) thread: u32,
    pub(crate) uses: Uses,
    pub(crate) action: Action,
}

#[derive(Clone)]
pub(crate) enum Action {
    Work(Work),
    Record(Arc<Record>),
    Wait(Wait),
}

/// Work gets the world that it is done in, and looks up there what it names.
pub(crate) type Work = Arc<dyn Fn(&World) -> Result<(), Fault> + Send + Sync>;

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
    /// answer of the poll may have changed. Dropping the poll gives the wait up.
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
pub(crate) struct Waker(pub(super) Weak<Queue>);

impl Waker {
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
        self.with(Use::Reads { address, bytes })
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

    fn with(mut self, usage: Use) -> Self {
        self.0.push(usage);
        self
    }
}
