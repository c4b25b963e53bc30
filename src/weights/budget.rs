//! Memory that a file may still ask for.

use std::cell::Cell;
use std::rc::Rc;

use super::over_limit;
use crate::error::Result;

/// Bytes that may still be taken for what the files of one checkpoint describe; clones draw from
/// the same. They are booked before they are taken, since what is short in a file may be long in
/// memory.
#[derive(Clone, Debug)]
pub(crate) struct Budget(Rc<Purse>);

#[derive(Debug)]
struct Purse {
    limit: Cell<usize>,
    left: Cell<usize>,
}

impl Budget {
    pub(crate) fn new(limit: usize) -> Self {
        let (limit, left) = (Cell::new(limit), Cell::new(limit));
        Self(Rc::new(Purse { limit, left }))
    }

    /// Raises the limit by `bytes`.
    pub(super) fn raise(&self, bytes: usize) {
        let Purse { limit, left } = &*self.0;
        limit.set(limit.get().saturating_add(bytes));
        left.set(left.get().saturating_add(bytes));
    }

    /// What there was to take of all that was admitted so far.
    pub(super) fn limit(&self) -> usize {
        self.0.limit.get()
    }

    /// What there is to take still.
    pub(crate) fn left(&self) -> usize {
        self.0.left.get()
    }

    /// Books `bytes`.
    pub(super) fn charge(&self, bytes: usize) -> Result<()> {
        let left = self.left().checked_sub(bytes).ok_or_else(|| {
            over_limit(
                "what it describes needs more memory than the limit; if the file is trusted, \
                 raise it with OpenOptions::memory_limit, or --memory-limit of the program",
            )
        })?;
        self.0.left.set(left);
        Ok(())
    }

    /// Gives back `bytes` that were booked and are free again.
    pub(crate) fn refund(&self, bytes: usize) {
        let left = self.left().saturating_add(bytes);
        self.0.left.set(left.min(self.limit()));
    }

    /// Pushes `item`, once the memory for it is booked.
    #[inline]
    pub(super) fn push<T>(&self, list: &mut Vec<T>, item: T) -> Result<()> {
        self.make_room(list, 1)?;
        list.push(item);
        Ok(())
    }

    /// Appends `items`, once the memory for them is booked.
    #[inline]
    pub(super) fn extend<T: Copy>(&self, list: &mut Vec<T>, items: &[T]) -> Result<()> {
        self.make_room(list, items.len())?;
        list.extend_from_slice(items);
        Ok(())
    }

    /// Makes room for `items` more.
    #[inline]
    pub(super) fn make_room<T>(&self, list: &mut Vec<T>, items: usize) -> Result<()> {
        let free = list.capacity() - list.len();
        if items > free {
            // by doubling, but for no more than half of what is left
            let affordable = self.left() / 2 / size_of::<T>().max(1);
            let more = list.capacity().max(4).min(affordable).max(items - free);
            self.grow(list, more)?;
        }
        Ok(())
    }

    /// A list that is about to have so many items, with room for them as far as an eighth of what is
    /// left allows.
    pub(super) fn list<T>(&self, items: usize) -> Result<Vec<T>> {
        let mut list = Vec::new();
        let affordable = self.left() / 8 / size_of::<T>().max(1);
        self.grow(&mut list, items.min(affordable))?;
        Ok(list)
    }

    #[cold]
    fn grow<T>(&self, list: &mut Vec<T>, more: usize) -> Result<()> {
        self.charge(more.saturating_mul(size_of::<T>()))?;
        list.reserve_exact(list.capacity() - list.len() + more);
        Ok(())
    }
}
