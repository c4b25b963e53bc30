//! Which objects of a checkpoint lead to tensors.

use crate::error::Result;
use crate::weights::pickle::{Heap, Meaning, Numpy, Ref, Value};

/// Whether a value is a call that stands for one tensor.
pub(super) fn is_tensor(heap: &Heap<'_>, value: Ref) -> bool {
    match heap.value(value) {
        Value::Object(at) => {
            let global = heap.global(heap.object(at).global);
            matches!(global.meaning, Meaning::Rebuild(_))
        }
        Value::Persistent(_) => heap.keeps_tensors_outside(),
        _ => false,
    }
}

/// Whether a value is a call that stands for a scalar of numpy.
pub(super) fn is_numpy_scalar(heap: &Heap<'_>, value: Ref) -> bool {
    match heap.value(value) {
        Value::Object(at) => {
            let global = heap.global(heap.object(at).global);
            global.meaning == Meaning::Numpy(Numpy::Scalar)
        }
        _ => false,
    }
}

/// The values that are tensors or lead to some.
pub(super) struct Holders {
    holds: Vec<bool>,
    counted: Vec<bool>,
    /// How many tensors there are.
    pub(super) tensors: usize,
}

impl Holders {
    /// Goes through everything below `root` once, parts before the whole.
    pub(super) fn find(heap: &Heap<'_>, root: Ref) -> Result<Self> {
        let budget = heap.budget();
        budget.charge(3 * heap.len())?;
        let mut holds = vec![false; heap.len()];
        let mut seen = vec![false; heap.len()];
        let mut tensors = 0;
        let mut waiting = vec![root];
        // each open value, and how many were waiting when its parts were added
        let mut open: Vec<(Ref, usize)> = Vec::new();
        loop {
            match (open.last().copied(), waiting.last().copied()) {
                (Some((value, floor)), _) if waiting.len() == floor => {
                    open.pop();
                    if let Some(&(above, _)) = open.last() {
                        holds[above.index()] |= holds[value.index()];
                    }
                }
                (above, Some(value)) => {
                    waiting.pop();
                    if !std::mem::replace(&mut seen[value.index()], true) {
                        budget.push(&mut open, (value, waiting.len()))?;
                        holds[value.index()] = is_tensor(heap, value);
                        if holds[value.index()] {
                            tensors += 1;
                        } else {
                            heap.parts(value, &mut waiting)?;
                        }
                    } else if let Some((above, _)) = above {
                        holds[above.index()] |= holds[value.index()];
                    }
                }
                (_, None) => break,
            }
        }
        Ok(Self {
            holds,
            counted: vec![false; heap.len()],
            tensors,
        })
    }

    pub(super) fn holds(&self, value: Ref) -> bool {
        self.holds[value.index()]
    }

    /// How many tensors a value leads to that were not counted before.
    pub(super) fn count_new(&mut self, heap: &Heap<'_>, value: Ref) -> Result<usize> {
        let mut count = 0;
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            if !self.holds(value) || std::mem::replace(&mut self.counted[value.index()], true) {
                continue;
            }
            if is_tensor(heap, value) {
                count += 1;
            } else {
                heap.parts(value, &mut waiting)?;
            }
        }
        Ok(count)
    }
}
