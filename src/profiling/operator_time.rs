//! The time of one execution of an operator.

use std::sync::Arc;
use std::time::Duration;

/// One execution of an operator, as the device tells it.
///
/// C API: `aclprofGetOpName`, `aclprofGetOpType`, `aclprofGetOpStart`, `aclprofGetOpAttriValue`, …,
/// `acl_prof.h`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperatorTime {
    /// The runtime's number of the model, which tells the models of a process apart.
    pub model: usize,
    /// The operator's name.
    pub name: Arc<str>,
    /// Its type, such as `Conv2D`.
    pub op_type: Arc<str>,
    /// What the record is about.
    pub kind: RecordKind,
    /// The number of the thread, in records of threads; none where the runtime does not tell.
    pub thread: Option<u32>,
    /// When it began, in nanoseconds by the device's own clock: only differences mean something.
    pub start_nanoseconds: u64,
    /// When it ended, by the same clock.
    pub end_nanoseconds: u64,
    /// How long the device counted it, in nanoseconds.
    pub duration_nanoseconds: u64,
}

impl OperatorTime {
    /// How long the device counted it.
    #[must_use]
    pub fn duration(&self) -> Duration {
        Duration::from_nanos(self.duration_nanoseconds)
    }
}

/// What a record is about.
///
/// C API: `aclprofSubscribeOpFlag`, `acl_prof.h`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecordKind {
    /// An operator.
    #[default]
    Operator,
    /// A part of the graph that is executed as one; its operators have records of their own.
    Subgraph,
    /// A part of an operator that is executed in several.
    Thread,
}
