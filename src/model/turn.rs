//! The turns of executions that must not be at work at once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, ErrorKind, Result};

/// Gives one turn at a time.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// Whether the last turn was taken and not ended.
    open: Mutex<bool>,
}

/// A turn. One that is dropped before [`Turn::end`] is the last one: the device may still be at
/// work for it.
#[must_use]
pub(crate) struct Turn<'a>(MutexGuard<'a, bool>);

impl Turns {
    /// Waits for the next turn.
    pub(super) fn next(&self) -> Result<Turn<'_>> {
        // A turn that ended in a panic says so by itself.
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if *open {
            let message = "an earlier run of this model, or of one that shares its work memory, \
                           broke off, and the device may still be at work for it: load the model \
                           anew, on another device if it fails again";
            return Err(Error::new(ErrorKind::Device, message));
        }
        *open = true;
        Ok(Turn(open))
    }
}

impl Turn<'_> {
    /// Ends the turn: the device is no longer at work for it.
    pub(crate) fn end(mut self) {
        *self.0 = false;
    }
}
