//! Values that a pickle comes back to.

use std::collections::HashMap;

use super::value::Ref;
use crate::error::Result;
use crate::weights::budget::Budget;

/// Values by slot. Writers number the slots from 0 without gaps; others may take any number.
#[derive(Debug, Default)]
pub(super) struct Memo {
    dense: Vec<Ref>,
    sparse: HashMap<u32, Ref>,
}

impl Memo {
    /// Bytes of memory to book for one far slot, with its share of the room for growth.
    const FAR: usize = 48;

    /// How many slots are taken.
    pub(super) fn len(&self) -> usize {
        self.dense.len() + self.sparse.len()
    }

    pub(super) fn insert(&mut self, slot: u32, value: Ref, budget: &Budget) -> Result<()> {
        let at = slot as usize;
        if at == self.dense.len() && !self.sparse.contains_key(&slot) {
            budget.push(&mut self.dense, value)?;
        } else if let Some(taken) = self.dense.get_mut(at) {
            *taken = value;
        } else {
            budget.charge(Self::FAR)?;
            self.sparse.insert(slot, value);
        }
        Ok(())
    }

    pub(super) fn get(&self, slot: u32) -> Option<Ref> {
        let dense = self.dense.get(slot as usize);
        dense.or_else(|| self.sparse.get(&slot)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::pickle::{Heap, Value};

    #[test]
    fn keeps_dense_and_far_slots() {
        let mut heap = Heap::new(&[], 0, &Budget::new(1000)).unwrap();
        let [a, b, c] = [(); 3].map(|()| heap.add(Value::None).unwrap());
        let mut memo = Memo::default();
        for (slot, value) in [(1, a), (u32::MAX, b), (0, c), (1, b), (2, c)] {
            memo.insert(slot, value, heap.budget()).unwrap();
        }
        let slots = [0, 1, 2, 3, u32::MAX].map(|slot| memo.get(slot));
        assert_eq!(slots, [Some(c), Some(b), Some(c), None, Some(b)]);
        assert_eq!(memo.len(), 4);
    }
}
