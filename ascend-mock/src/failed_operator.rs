//! Operators that failed, as `aclmdlCreateAndGetOpDesc` tells of them.

use std::collections::VecDeque;
use std::ffi::CString;
use std::sync::{Arc, Mutex};

use ascend_sys::ACL_ERROR_GE_FAILURE;

use crate::entry::Entry;
use crate::fault::Fault;
use crate::model::TensorDesc;
use crate::sync::lock;

/// Failures that are kept; the oldest goes first.
const MAX_KEPT: usize = 64;

/// An operator of a model, with what it reads and makes.
#[derive(Debug, Default)]
pub(crate) struct FailedOperator {
    pub(crate) name: String,
    pub(crate) inputs: Vec<TensorDesc>,
    pub(crate) outputs: Vec<TensorDesc>,
}

/// Which task it was: of device, of stream, and its own number.
pub(crate) type TaskNumber = (u32, u32, u32);

/// The operators that failed last, by their tasks.
#[derive(Default)]
pub(crate) struct FailedOperators(Mutex<VecDeque<(TaskNumber, Arc<FailedOperator>)>>);

/// The answer: a name, and rows of descriptions with their lengths.
pub(crate) struct Told {
    pub(crate) name: CString,
    pub(crate) inputs: (u64, usize),
    pub(crate) outputs: (u64, usize),
}

impl FailedOperators {
    pub(crate) fn add(&self, task: TaskNumber, operator: Arc<FailedOperator>) {
        let mut kept = lock(&self.0);
        if kept.len() >= MAX_KEPT {
            kept.pop_front();
        }
        kept.push_back((task, operator));
    }

    fn find(&self, task: TaskNumber) -> Option<Arc<FailedOperator>> {
        let kept = lock(&self.0);
        let mut newest = kept.iter().rev();
        newest
            .find(|(other, _)| *other == task)
            .map(|(_, operator)| Arc::clone(operator))
    }
}

impl Entry<'_> {
    /// What is known of the operator that a task was of. The caller gets the descriptions.
    pub(crate) fn failed_operator(&self, task: TaskNumber) -> Result<Told, Fault> {
        let operator = self.world.failed_operators.find(task).ok_or_else(|| {
            let (device, stream, task) = task;
            Fault::new(
                ACL_ERROR_GE_FAILURE,
                format!(
                    "no operator is known of task {task} of stream {stream} of device {device}"
                ),
            )
        })?;
        Ok(Told {
            name: CString::new(operator.name.replace('\0', "?")).unwrap_or_default(),
            inputs: self.create_row(&operator.inputs),
            outputs: self.create_row(&operator.outputs),
        })
    }
}
