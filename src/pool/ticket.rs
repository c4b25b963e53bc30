//! The claim to an answer.

use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::queue::Queue;
use super::request::{Answer, Request, Slip, Tensors};
use crate::error::{Error, Result};
use crate::pending::Refused;

/// Where an answer is left for the one who waits for it.
#[derive(Debug, Default)]
pub(super) struct Cell {
    state: Mutex<State>,
    answered: Condvar,
}

#[derive(Debug, Default)]
struct State {
    outcome: Option<(Tensors, Result<()>)>,
    waker: Option<Waker>,
}

impl Cell {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves the answer, and wakes who waits.
    pub(super) fn answer(&self, tensors: Tensors, result: Result<()>) {
        let mut state = self.lock();
        state.outcome = Some((tensors, result));
        let waker = state.waker.take();
        drop(state);
        self.answered.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// The claim to the answer of a request: waited for by [`Ticket::wait`], or awaited as a future in
/// whatever runtime.
///
/// Dropping it withdraws the request: it is not run if it has not begun, and else its answer is
/// dropped.
///
/// An answer comes once, and a ticket goes with it:
///
/// ```compile_fail,E0382
/// # use ascend_rt::pool::Ticket;
/// fn wait_twice(ticket: Ticket) {
///     let first = ticket.wait();
///     let second = ticket.wait();
/// }
/// ```
#[must_use = "dropping a ticket withdraws its request"]
pub struct Ticket {
    queue: Arc<Queue>,
    number: u64,
    /// Until the answer was taken.
    slip: Option<Slip>,
}

impl Ticket {
    pub(super) fn new(queue: &Arc<Queue>, number: u64, slip: Slip) -> Self {
        Self {
            queue: Arc::clone(queue),
            number,
            slip: Some(slip),
        }
    }

    /// Waits for the answer.
    ///
    /// # Errors
    ///
    /// What [`Session::run`](crate::Session::run) would answer to this request alone;
    /// [`ErrorKind::Device`](crate::ErrorKind::Device) when it was lost with its device and no other
    /// one is left; [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) when the pool was
    /// dropped before it had begun. The request comes back with the error.
    pub fn wait(mut self) -> Result<Answer, Refused<Request>> {
        let Some(slip) = self.slip.take() else {
            return Err(taken());
        };
        let mut state = slip.cell.lock();
        let outcome = loop {
            if let Some(outcome) = state.outcome.take() {
                break outcome;
            }
            let waited = slip.cell.answered.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        };
        drop(state);
        finish(slip, outcome)
    }

    /// Whether the answer is there.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let slip = self.slip.as_ref();
        slip.is_some_and(|slip| slip.cell.lock().outcome.is_some())
    }

    /// Withdraws the request: gives it back if it had not begun, or was answered with an error.
    #[must_use]
    pub fn cancel(mut self) -> Option<Request> {
        let slip = self.slip.take()?;
        let withdrawn = self.queue.withdraw(self.number);
        let (outcome, waker) = {
            let mut state = slip.cell.lock();
            (state.outcome.take(), state.waker.take())
        };
        drop(waker);
        let given_back = || match outcome {
            Some((tensors, Err(_))) => Some(tensors),
            _ => None,
        };
        let tensors = withdrawn.or_else(given_back)?;
        Some(Request { tensors, slip })
    }
}

/// Awaits the answer; see [`Ticket::wait`] for its errors.
impl Future for Ticket {
    type Output = Result<Answer, Refused<Request>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(slip) = &self.slip else {
            return Poll::Ready(Err(taken()));
        };
        let mut state = slip.cell.lock();
        let Some(outcome) = state.outcome.take() else {
            match &mut state.waker {
                Some(waker) => waker.clone_from(context.waker()),
                none => *none = Some(context.waker().clone()),
            }
            return Poll::Pending;
        };
        drop(state);
        Poll::Ready(match self.slip.take() {
            Some(slip) => finish(slip, outcome),
            None => Err(taken()),
        })
    }
}

fn finish(
    slip: Slip,
    (tensors, result): (Tensors, Result<()>),
) -> Result<Answer, Refused<Request>> {
    let request = Request { tensors, slip };
    match result {
        Ok(()) => Ok(Answer(request)),
        Err(error) => Err(Refused {
            error,
            value: Some(request),
        }),
    }
}

/// The answer to a future that is polled once more.
fn taken() -> Refused<Request> {
    let message = "the answer was taken already: a ticket gives it once; keep what it gave";
    Refused {
        error: Error::new(crate::ErrorKind::InvalidArgument, message),
        value: None,
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(slip) = mem::take(&mut self.slip)
            && slip.cell.lock().outcome.is_none()
        {
            self.queue.withdraw(self.number);
        }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}
