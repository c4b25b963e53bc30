//! The requests that wait, and who takes them.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};

use super::request::{Request, Slip, Tensors};
use super::ticket::Cell;
use crate::error::{Error, ErrorKind, Result};
use crate::pending::Refused;

/// How many devices may be lost with a request at work before it is taken for the cause.
const MOST_LOSSES: u8 = 3;

/// A request on its way. One that is dropped without an answer says so to who waits.
#[derive(Debug)]
pub(super) struct Job {
    number: u64,
    pub(super) tensors: Tensors,
    /// The samples that it is of, where it can be joined with others.
    pub(super) rows: Option<usize>,
    queued: Instant,
    /// The devices that were lost while it was at work.
    losses: u8,
    /// Until it was answered.
    cell: Option<Arc<Cell>>,
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
            self.leave(Err(Error::new(ErrorKind::Internal, message)));
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

/// The bounded queue between those who submit and the workers.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// There is work, or its end.
    work: Condvar,
    /// There is space, or an end.
    space: Condvar,
    /// How many requests may wait.
    capacity: usize,
    /// How long a request waits for others at most.
    wait: Duration,
    /// The samples that are joined at most.
    most: usize,
}

#[derive(Debug)]
struct State {
    /// By number.
    jobs: VecDeque<Job>,
    next: u64,
    is_open: bool,
    /// The workers that are there.
    workers: usize,
    /// Which of the devices are lost.
    lost: Vec<bool>,
    /// How the last device was lost.
    loss: Option<String>,
    /// Who awaits space.
    wakers: Vec<Waker>,
}

impl State {
    /// Refuses what can no longer be done.
    fn check(&self) -> Result<()> {
        if self.workers == 0 {
            return Err(self.no_device());
        }
        if !self.is_open {
            return Err(closed());
        }
        Ok(())
    }

    fn no_device(&self) -> Error {
        let why = self.loss.as_deref().unwrap_or("its threads broke off");
        let message = format!(
            "no device is left to the pool: {why}; make a pool anew, on other devices if they fail again"
        );
        Error::new(ErrorKind::Device, message)
    }
}

fn closed() -> Error {
    Error::new(
        ErrorKind::InvalidArgument,
        "the pool was closed before the request had begun: submit it to another one",
    )
}

impl Queue {
    /// A queue for `workers` on `devices` devices, which join up to `most` samples.
    pub(super) fn new(
        (capacity, wait): (usize, Duration),
        (workers, devices): (usize, usize),
        most: usize,
    ) -> Self {
        let state = State {
            // What is lost with a device comes back on top.
            jobs: VecDeque::with_capacity(capacity + workers * most),
            next: 0,
            is_open: true,
            workers,
            lost: vec![false; devices],
            loss: None,
            wakers: Vec::new(),
        };
        Self {
            state: Mutex::new(state),
            work: Condvar::new(),
            space: Condvar::new(),
            capacity,
            wait,
            most,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many requests wait.
    pub(super) fn len(&self) -> usize {
        self.lock().jobs.len()
    }

    /// The devices that are not lost.
    pub(super) fn devices_left(&self) -> usize {
        self.lock().lost.iter().filter(|lost| !**lost).count()
    }

    /// Waits for space and queues a request; its number.
    pub(super) fn push(
        &self,
        (tensors, rows): (Tensors, Option<usize>),
        cell: &Arc<Cell>,
    ) -> Result<u64, Full> {
        let mut state = self.lock();
        loop {
            if let Err(error) = state.check() {
                return Err(Full(tensors, Some(error)));
            }
            if state.jobs.len() < self.capacity {
                return Ok(self.append(state, (tensors, rows), cell));
            }
            let waited = self.space.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Queues a request if there is space, and else has `waker` woken when there may be some.
    pub(super) fn try_push(
        &self,
        (tensors, rows): (Tensors, Option<usize>),
        cell: &Arc<Cell>,
        waker: Option<&Waker>,
    ) -> Result<u64, Full> {
        let mut state = self.lock();
        if let Err(error) = state.check() {
            return Err(Full(tensors, Some(error)));
        }
        if state.jobs.len() < self.capacity {
            return Ok(self.append(state, (tensors, rows), cell));
        }
        if let Some(waker) = waker
            && !state.wakers.iter().any(|other| other.will_wake(waker))
        {
            state.wakers.push(waker.clone());
        }
        Err(Full(tensors, None))
    }

    fn append(
        &self,
        mut state: MutexGuard<'_, State>,
        (tensors, rows): (Tensors, Option<usize>),
        cell: &Arc<Cell>,
    ) -> u64 {
        let number = state.next;
        state.next += 1;
        state.jobs.push_back(Job {
            number,
            tensors,
            rows,
            queued: Instant::now(),
            losses: 0,
            cell: Some(Arc::clone(cell)),
        });
        drop(state);
        self.work.notify_one();
        number
    }

    /// Takes back the request of this number if it waits.
    pub(super) fn withdraw(&self, number: u64) -> Option<Tensors> {
        let mut state = self.lock();
        let place = state.jobs.binary_search_by_key(&number, |job| job.number);
        let mut job = state.jobs.remove(place.ok()?)?;
        self.made_space(state);
        job.cell = None;
        Some(std::mem::take(&mut job.tensors))
    }

    /// Tells those who wait for space, once the queue is free to be asked.
    fn made_space(&self, mut state: MutexGuard<'_, State>) {
        let mut wakers = std::mem::take(&mut state.wakers);
        drop(state);
        self.space.notify_all();
        if wakers.is_empty() {
            return;
        }
        wakers.drain(..).for_each(Waker::wake);
        let mut state = self.lock();
        if state.wakers.is_empty() {
            state.wakers = wakers;
        }
    }

    /// Waits for requests that may run together on `device`, and puts them into `batch`; false at the
    /// end of the work.
    pub(super) fn take(&self, device: usize, batch: &mut Vec<Job>) -> bool {
        let mut state = self.lock();
        loop {
            if state.lost[device] {
                return false;
            }
            let Some(front) = state.jobs.front() else {
                if !state.is_open {
                    return false;
                }
                let waited = self.work.wait(state);
                state = waited.unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let left = self.wait.saturating_sub(front.queued.elapsed());
            let (count, is_full) = self.joined(&state.jobs);
            if is_full || left.is_zero() || !state.is_open {
                batch.extend(state.jobs.drain(..count));
                if !state.jobs.is_empty() {
                    self.work.notify_one();
                }
                self.made_space(state);
                return true;
            }
            let waited = self.work.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// How many of the first jobs can be joined, and whether no more can.
    fn joined(&self, jobs: &VecDeque<Job>) -> (usize, bool) {
        let mut all = 0;
        for (index, job) in jobs.iter().enumerate() {
            match job.rows {
                Some(rows) if all + rows <= self.most => all += rows,
                _ => return (index.max(1), true),
            }
        }
        (jobs.len(), all == self.most)
    }

    /// Says that `device` is lost, and puts back what was at work there.
    pub(super) fn lose(&self, device: usize, batch: &mut Vec<Job>, error: &Error) {
        let mut state = self.lock();
        state.lost[device] = true;
        state.loss = Some(error.to_string());
        let is_cause = |job: &mut Job| {
            job.losses += 1;
            job.losses >= MOST_LOSSES
        };
        let causes: Vec<Job> = batch.extract_if(.., is_cause).collect();
        for job in batch.drain(..).rev() {
            let place = state
                .jobs
                .partition_point(|other| other.number < job.number);
            state.jobs.insert(place, job);
        }
        drop(state);
        self.work.notify_all();
        let message = format!(
            "{MOST_LOSSES} devices were lost with this request at work, so it may be the cause; the last \
             one: {error}"
        );
        answer_all(causes, || Error::new(ErrorKind::Device, message.clone()));
    }

    /// A worker goes; with the last one, all that waits is given back.
    pub(super) fn leave(&self) {
        let mut state = self.lock();
        state.workers -= 1;
        let left = if state.workers == 0 {
            std::mem::take(&mut state.jobs)
        } else {
            VecDeque::new()
        };
        let message = state.no_device().to_string();
        self.made_space(state);
        // Whoever was to be woken for work in its place.
        self.work.notify_all();
        answer_all(left, || Error::new(ErrorKind::Device, message.clone()));
    }

    /// Takes no more requests; what waits is run, or given back.
    pub(super) fn close(&self, gives_back: bool) {
        let mut state = self.lock();
        state.is_open = false;
        let left = if gives_back {
            std::mem::take(&mut state.jobs)
        } else {
            VecDeque::new()
        };
        self.made_space(state);
        self.work.notify_all();
        answer_all(left, closed);
    }
}

/// Gives requests back, once the queue is free to be asked by who is woken.
fn answer_all(jobs: impl IntoIterator<Item = Job>, error: impl Fn() -> Error) {
    for job in jobs {
        job.answer(Err(error()));
    }
}
