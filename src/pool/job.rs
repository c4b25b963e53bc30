//! A request on its way through the pool.

use std::sync::Arc;
use std::time::Instant;

use super::request::{Request, Slip, Tensors};
use super::ticket::Cell;
use crate::error::{Error, ErrorKind, Result};
use crate::pending::Refused;

/// A request on its way. One that is dropped without an answer says so to who waits.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) number: u64,
    pub(super) tensors: Tensors,
    /// The samples that it is of, where it can be joined with others.
    pub(super) rows: Option<usize>,
    pub(super) queued: Instant,
    /// The devices that were lost while it was at work.
    pub(super) losses: u8,
    /// Until it was answered.
    pub(super) cell: Option<Arc<Cell>>,
}

impl Job {
    pub(super) fn answer(mut self, result: Result<()>) {
        self.leave(result);
    }

    fn leave(&mut self, result: Result<()>) {
        if let Some(cell) = self.cell.take() {
            cell.answer(std::mem::take(&mut self.tensors), result);
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if self.cell.is_some() {
            let message = "the thread of the pool that had the request broke off: submit it again";
            self.leave(Err(Error::internal(message)));
        }
    }
}

/// Why a request is not taken; it comes back.
pub(super) struct Full(pub(super) Tensors, pub(super) Option<Error>);

impl Full {
    /// The request, and why it was not taken.
    pub(super) fn refused(self, slip: Slip) -> Refused<Request> {
        let Self(tensors, error) = self;
        let error = error.unwrap_or_else(|| {
            let message = "the queue of the pool is full: wait for an answer, or make it longer \
                           (`PoolOptions::queue`)";
            Error::new(ErrorKind::OutOfMemory, message)
        });
        let value = Some(Request { tensors, slip });
        Refused { error, value }
    }
}

/// Gives requests back, once the queue is free to be asked by who is woken.
pub(super) fn answer_all(jobs: impl IntoIterator<Item = Job>, error: impl Fn() -> Error) {
    for job in jobs {
        job.answer(Err(error()));
    }
}
