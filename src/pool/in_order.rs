//! Answers in the order of the requests.

use std::collections::VecDeque;
use std::iter::Fuse;

use super::Pool;
use super::request::{Answer, Request};
use super::ticket::Ticket;
use crate::error::Result;
use crate::pending::Refused;

/// The answers to some requests, in their order; see [`Pool::in_order`].
#[derive(Debug)]
pub struct InOrder<'p, I> {
    pub(super) pool: &'p Pool,
    pub(super) requests: Fuse<I>,
    /// Those that are on their way, up to `ahead` of them.
    pub(super) tickets: VecDeque<Result<Ticket, Refused<Request>>>,
    pub(super) ahead: usize,
}

impl<I: Iterator<Item = Request>> Iterator for InOrder<'_, I> {
    type Item = Result<Answer, Refused<Request>>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.tickets.len() < self.ahead
            && let Some(request) = self.requests.next()
        {
            self.tickets.push_back(self.pool.submit(request));
        }
        Some(self.tickets.pop_front()?.and_then(Ticket::wait))
    }
}
