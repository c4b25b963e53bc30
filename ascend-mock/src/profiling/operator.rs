//! The runs of operators that a session has seen.

use std::time::UNIX_EPOCH;

use ascend_graph::DataType;

use crate::engine::{OperatorRun, Seen};

/// One run of an operator. Times are in nanoseconds, starts since 1970.
#[derive(Clone, Debug)]
pub(crate) struct OperatorTime {
    pub(crate) name: String,
    pub(crate) op_type: String,
    /// Which of the model's operators it is.
    pub(crate) task: usize,
    pub(crate) start: u64,
    pub(crate) duration: u64,
    pub(crate) inputs: Vec<(DataType, Vec<usize>)>,
    pub(crate) outputs: Vec<(DataType, Vec<usize>)>,
}

impl OperatorTime {
    pub(crate) fn of(run: &OperatorRun<'_>) -> Self {
        let tensors = |seen: &[Seen<'_>]| {
            let tensors = seen.iter().map(|seen| (seen.dtype(), seen.dims()));
            tensors.collect()
        };
        let start = run.start.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            name: run.operator.name.clone(),
            op_type: run.operator.op_type.clone(),
            task: run.index,
            start: u64::try_from(start.as_nanos()).unwrap_or(u64::MAX),
            duration: u64::try_from(run.duration.as_nanos()).unwrap_or(u64::MAX),
            inputs: tensors(&run.inputs),
            outputs: tensors(&run.outputs),
        }
    }

    pub(crate) fn end(&self) -> u64 {
        self.start.saturating_add(self.duration)
    }
}

/// Where operators ran.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) device: u32,
    pub(crate) stream: u32,
    pub(crate) model: u32,
    /// Whether the model's shapes are open.
    pub(crate) is_dynamic: bool,
}
