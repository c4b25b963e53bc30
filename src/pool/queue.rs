//! The requests that wait, and who takes them.

use std::collections::{BTreeMap, VecDeque};
use std::iter;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};

use super::job::{Full, Job, answer_all};
use super::options::PoolOptions;
use super::request::Tensors;
use super::ticket::Cell;
use crate::error::{Error, ErrorKind, Result};

/// How many devices may be lost with a request at work before it is taken for the cause.
const MOST_LOSSES: u8 = 3;

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

#[derive(Debug, Default)]
struct State {
    /// By number.
    jobs: VecDeque<Job>,
    /// The number that comes next, of a job or a place in the line for space.
    next: u64,
    is_open: bool,
    /// The workers that have a batch, which may come back.
    busy: usize,
    devices: Vec<DeviceState>,
    /// How the last device was lost.
    loss: Option<String>,
    /// Who awaits space, by place in the line. Those who were woken are not there.
    wakers: BTreeMap<u64, Waker>,
}

#[derive(Clone, Debug, Default)]
struct DeviceState {
    /// The workers that are there.
    copies: usize,
    is_lost: bool,
}

impl State {
    fn number(&mut self) -> u64 {
        let number = self.next;
        self.next += 1;
        number
    }

    fn devices_left(&self) -> usize {
        let is_left = |device: &&DeviceState| !device.is_lost && device.copies > 0;
        self.devices.iter().filter(is_left).count()
    }

    fn has_no_worker(&self) -> bool {
        self.devices.iter().all(|device| device.copies == 0)
    }

    /// Refuses what can no longer be done.
    fn check(&self) -> Result<()> {
        if self.has_no_worker() {
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
    /// A queue for workers on these devices, which join up to `most` samples.
    pub(super) fn new(options: &PoolOptions, workers: &[usize], most: usize) -> Self {
        let count = workers.iter().max().map_or(0, |last| last + 1);
        let mut devices = vec![DeviceState::default(); count];
        for device in workers {
            devices[*device].copies += 1;
        }
        let state = State {
            is_open: true,
            devices,
            ..State::default()
        };
        let queue = Self {
            state: Mutex::new(state),
            work: Condvar::new(),
            space: Condvar::new(),
            capacity: options.queue,
            wait: options.wait,
            most,
        };
        // What is lost with a device comes back on top.
        let most = queue.holds(workers.len());
        queue.lock().jobs.reserve(most);
        queue
    }

    /// The requests that a worker has at most.
    pub(super) fn at_work(&self) -> usize {
        self.most.min(self.capacity)
    }

    /// The requests that wait or are at work at most, with so many workers.
    pub(super) fn holds(&self, workers: usize) -> usize {
        let at_work = workers.saturating_mul(self.at_work());
        self.capacity.saturating_add(at_work)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many requests wait.
    pub(super) fn len(&self) -> usize {
        self.lock().jobs.len()
    }

    /// The devices that are not lost, and have workers.
    pub(super) fn devices_left(&self) -> usize {
        self.lock().devices_left()
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

    /// Queues a request if there is space.
    pub(super) fn try_push(
        &self,
        (tensors, rows): (Tensors, Option<usize>),
        cell: &Arc<Cell>,
    ) -> Result<u64, Full> {
        let state = self.lock();
        if let Err(error) = state.check() {
            return Err(Full(tensors, Some(error)));
        }
        if state.jobs.len() < self.capacity {
            return Ok(self.append(state, (tensors, rows), cell));
        }
        Err(Full(tensors, None))
    }

    /// Queues a request if there is space, and else has `waker` woken when it may have some, at the
    /// `place` in the line that it has or gets.
    pub(super) fn push_or_wait(
        &self,
        (tensors, rows): (Tensors, Option<usize>),
        cell: &Arc<Cell>,
        (place, waker): (&mut Option<u64>, &Waker),
    ) -> Result<u64, Full> {
        let mut state = self.lock();
        let checked = state.check();
        if checked.is_ok() && state.jobs.len() >= self.capacity {
            let place = *place.get_or_insert_with(|| state.number());
            let waiting = state.wakers.entry(place);
            waiting
                .and_modify(|other| other.clone_from(waker))
                .or_insert_with(|| waker.clone());
            return Err(Full(tensors, None));
        }
        if let Some(place) = place.take() {
            state.wakers.remove(&place);
        }
        match checked {
            Ok(()) => Ok(self.append(state, (tensors, rows), cell)),
            Err(error) => Err(Full(tensors, Some(error))),
        }
    }

    /// Gives up a place in the line. Who was woken at it passes the space on.
    pub(super) fn step_aside(&self, place: u64) {
        let mut state = self.lock();
        if state.wakers.remove(&place).is_none() {
            self.made_space(state);
        }
    }

    fn append(
        &self,
        mut state: MutexGuard<'_, State>,
        (tensors, rows): (Tensors, Option<usize>),
        cell: &Arc<Cell>,
    ) -> u64 {
        let number = state.number();
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

    /// Tells those who wait for space, once the queue is free to be asked: of those in the line as
    /// many as there is space for, or all at the end.
    fn made_space(&self, mut state: MutexGuard<'_, State>) {
        let space = match state.check() {
            Ok(()) => self.capacity.saturating_sub(state.jobs.len()),
            Err(_) => usize::MAX,
        };
        let first = iter::from_fn(|| state.wakers.pop_first());
        let woken: Vec<_> = first.take(space).collect();
        drop(state);
        self.space.notify_all();
        for (_, waker) in woken {
            waker.wake();
        }
    }

    /// Waits for requests that may run together on `device`, and puts them into `batch`, until
    /// [`Queue::done`] says that they are over; false at the end of the work.
    pub(super) fn take(&self, device: usize, batch: &mut Vec<Job>) -> bool {
        let mut state = self.lock();
        loop {
            if state.devices[device].is_lost {
                return false;
            }
            let Some(front) = state.jobs.front() else {
                // What is at work elsewhere may come back.
                if !state.is_open && state.busy == 0 {
                    return false;
                }
                let waited = self.work.wait(state);
                state = waited.unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let left = self.wait.saturating_sub(front.queued.elapsed());
            let (count, is_full) = self.joined(&state.jobs);
            // A full queue cannot bring more.
            let is_full = is_full || state.jobs.len() >= self.capacity;
            if is_full || left.is_zero() || !state.is_open {
                batch.extend(state.jobs.drain(..count));
                state.busy += 1;
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

    /// A batch is over: answered, or put back.
    pub(super) fn done(&self) {
        let mut state = self.lock();
        state.busy -= 1;
        let is_end = !state.is_open && state.busy == 0;
        drop(state);
        if is_end {
            self.work.notify_all();
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

    /// Counts `device` as lost, if it is not the last one.
    pub(super) fn give_up(&self, device: usize) -> bool {
        let mut state = self.lock();
        let gives_up = state.devices[device].is_lost || state.devices_left() > 1;
        state.devices[device].is_lost = gives_up;
        gives_up
    }

    /// Says that `device` is lost, and puts back what was at work there.
    pub(super) fn lose(&self, device: usize, batch: &mut Vec<Job>, error: &Error) {
        let mut state = self.lock();
        state.devices[device].is_lost = true;
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
            "{MOST_LOSSES} devices were lost with this request at work, so it may be the cause: run it alone, or \
             leave it out; the last one: {error}"
        );
        answer_all(causes, || Error::new(ErrorKind::Device, message.clone()));
    }

    /// A worker on `device` goes; with the last one, all that waits is given back.
    pub(super) fn leave(&self, device: usize) {
        let mut state = self.lock();
        state.devices[device].copies -= 1;
        let left = if state.has_no_worker() {
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
