//! What lives in a world, and which C call made it.

use std::fmt;
use std::thread::ThreadId;

use ascend_sys::aclError;

/// One C call, as kept by [`MockConfig::record_calls`](crate::MockConfig::record_calls).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The C function's name.
    pub symbol: &'static str,
    /// What it answered; for functions that answer a value, the code behind a failure, or 0.
    pub code: aclError,
    /// The calling thread.
    pub thread: ThreadId,
}

/// The kinds of things that a program makes and must give back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A count that `aclrtSetDevice` added.
    DeviceReference,
    /// An explicit context.
    Context,
    /// A stream, default streams excepted.
    Stream,
    /// An event.
    Event,
    /// Options for streams.
    StreamConfig,
    /// A captured graph.
    Graph,
    /// A task of a captured graph.
    GraphTask,
    /// A part of a captured graph that can be replaced.
    TaskGroup,
    /// A value that decides what a captured graph runs.
    Condition,
    /// A block of device memory.
    DeviceBlock,
    /// A block of page-locked host memory.
    PinnedBlock,
    /// A loaded model.
    Model,
    /// A model description.
    Description,
    /// A dataset.
    Dataset,
    /// A data buffer.
    DataBuffer,
    /// A tensor description, those that a dataset owns excepted.
    TensorDesc,
    /// Addresses that the program reserved.
    AddressRange,
    /// A handle of physical memory.
    PhysicalMemory,
    /// A stream-ordered pool of memory.
    MemoryPool,
    /// A description of an allocator.
    AllocatorDesc,
    /// A buffer that queues pass on.
    SharedBuffer,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DeviceReference => "device reference",
            Self::Context => "context",
            Self::Stream => "stream",
            Self::Event => "event",
            Self::StreamConfig => "stream configuration",
            Self::Graph => "graph",
            Self::GraphTask => "graph task",
            Self::TaskGroup => "task group",
            Self::Condition => "graph condition",
            Self::DeviceBlock => "device block",
            Self::PinnedBlock => "pinned block",
            Self::Model => "model",
            Self::Description => "model description",
            Self::Dataset => "dataset",
            Self::DataBuffer => "data buffer",
            Self::TensorDesc => "tensor description",
            Self::AddressRange => "address range",
            Self::PhysicalMemory => "physical memory",
            Self::MemoryPool => "memory pool",
            Self::AllocatorDesc => "allocator description",
            Self::SharedBuffer => "shared buffer",
        })
    }
}

/// The C call that made something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The C function's name.
    pub symbol: &'static str,
    /// The call's number among all calls of its world, from 1.
    pub sequence: u64,
}

/// One thing that lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Live {
    /// What it is.
    pub kind: Kind,
    /// The call that made it.
    pub origin: Origin,
    /// The bytes that were asked for; 0 for what is not memory.
    pub bytes: u64,
}

/// All that lives in a world at one moment.
#[derive(Clone, Debug, Default)]
pub struct Ledger(pub(crate) Vec<Live>);

impl Ledger {
    /// Whether nothing lives.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many of `kind` live.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.of(kind).count()
    }

    /// The bytes of all that live of `kind`.
    #[must_use]
    pub fn bytes(&self, kind: Kind) -> u64 {
        self.of(kind).map(|live| live.bytes).sum()
    }

    /// Everything that lives, by kind and then in the order of making.
    pub fn iter(&self) -> impl Iterator<Item = &Live> {
        self.0.iter()
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Live> {
        self.0.iter().filter(move |live| live.kind == kind)
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing lives");
        }
        for (position, live) in self.0.iter().enumerate() {
            let Origin { symbol, sequence } = live.origin;
            let separator = if position == 0 { "" } else { "\n" };
            write!(f, "{separator}{} of {symbol}, call {sequence}", live.kind)?;
            if live.bytes > 0 {
                write!(f, ", {} bytes", live.bytes)?;
            }
        }
        Ok(())
    }
}
