//! Submission that waits for space without blocking a thread.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::Pool;
use super::job::Full;
use super::request::Request;
use super::ticket::Ticket;
use crate::error::{Error, ErrorKind, Result};
use crate::pending::Refused;

/// A request that waits for space in the queue; see [`Pool::enqueue`].
#[derive(Debug)]
#[must_use = "a future does nothing unless it is polled"]
pub struct Enqueue<'p> {
    pub(super) pool: &'p Pool,
    pub(super) request: Option<Request>,
    /// Its place in the line, once it waits.
    pub(super) place: Option<u64>,
}

impl Future for Enqueue<'_> {
    type Output = Result<Ticket, Refused<Request>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(request) = self.request.take() else {
            let message = "the request was queued already: await its ticket";
            return Poll::Ready(Err(Refused {
                error: Error::new(ErrorKind::InvalidArgument, message),
                value: None,
            }));
        };
        let pool = self.pool;
        let Request { tensors, slip } = match pool.own(request) {
            Ok(request) => request,
            Err(refused) => return Poll::Ready(Err(refused)),
        };
        let rows = pool.rows(&tensors);
        let queue = &pool.queue;
        let waiter = (&mut self.place, context.waker());
        match queue.push_or_wait((tensors, rows), &slip.cell, waiter) {
            Ok(number) => Poll::Ready(Ok(Ticket::new(queue, number, slip))),
            Err(Full(tensors, None)) => {
                self.request = Some(Request { tensors, slip });
                Poll::Pending
            }
            Err(full) => Poll::Ready(Err(full.refused(slip))),
        }
    }
}

impl Drop for Enqueue<'_> {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            self.pool.queue.step_aside(place);
        }
    }
}
