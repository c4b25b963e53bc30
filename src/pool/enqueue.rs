//! Submission that waits for space without blocking a thread.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::Pool;
use super::queue::Full;
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
        let Request { tensors, slip } = request;
        let rows = self.pool.rows(&tensors);
        let queue = &self.pool.queue;
        match queue.try_push((tensors, rows), &slip.cell, Some(context.waker())) {
            Ok(number) => Poll::Ready(Ok(Ticket::new(queue, number, slip))),
            Err(Full(tensors, None)) => {
                self.request = Some(Request { tensors, slip });
                Poll::Pending
            }
            Err(full) => Poll::Ready(Err(full.refused(slip))),
        }
    }
}
