//! Memory that a file may still ask for.

use super::over_limit;
use crate::error::Result;

/// Bytes that may still be taken for what a file describes. They are booked before they are taken,
/// since what is short in a file may be long in memory.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    /// What the memory is for.
    what: &'static str,
}

impl Budget {
    pub(super) fn new(left: usize, what: &'static str) -> Self {
        Self { left, what }
    }

    /// Books `bytes`.
    pub(super) fn charge(&mut self, bytes: usize) -> Result<()> {
        self.left = self.left.checked_sub(bytes).ok_or_else(|| {
            let what = self.what;
            over_limit(format!(
                "{what} need more memory than the limit; if the file is trusted, raise it with \
                 OpenOptions::memory_limit, or --memory-limit of the program"
            ))
        })?;
        Ok(())
    }
}
