//! A copy of the model, and the thread that runs it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::job::Job;
use super::queue::Queue;
use crate::device::Device;
use crate::error::{Error, ErrorKind, Result};
use crate::session::{Joint, Session};

/// How many runs of a copy may fail on its device one after the other before other devices get its
/// requests.
const MOST_FAULTS: u32 = 8;

/// What a copy of the model did so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyStatistics {
    /// The number of its device.
    pub device: u32,
    /// Its runs.
    pub runs: u64,
    /// The requests that they answered, with success or without.
    pub requests: u64,
    /// The samples that went through, where requests can be joined; else the requests.
    pub samples: u64,
    /// How long it was at work: upload, execution, download, and the copies on the host around them.
    pub busy: Duration,
}

/// The same, as it is counted.
#[derive(Debug, Default)]
pub(super) struct Counters {
    runs: AtomicU64,
    requests: AtomicU64,
    samples: AtomicU64,
    busy_nanoseconds: AtomicU64,
}

impl Counters {
    fn add(&self, batch: &[Job], took: Duration) {
        let rows = batch.iter().map(|job| job.rows.unwrap_or(1) as u64);
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.samples.fetch_add(rows.sum(), Ordering::Relaxed);
        self.busy_nanoseconds
            .fetch_add(nanoseconds, Ordering::Relaxed);
    }

    pub(super) fn statistics(&self, device: u32) -> CopyStatistics {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        CopyStatistics {
            device,
            runs: of(&self.runs),
            requests: of(&self.requests),
            samples: of(&self.samples),
            busy: Duration::from_nanos(of(&self.busy_nanoseconds)),
        }
    }
}

/// A copy of the model, and what its thread needs.
pub(super) struct Worker {
    pub(super) session: Session,
    /// The number of its device in the pool.
    pub(super) device: usize,
    pub(super) queue: Arc<Queue>,
    pub(super) joint: Option<Joint>,
    pub(super) counters: Arc<Counters>,
    /// The runs that failed on the device since the last that did not.
    pub(super) faults: u32,
}

/// Tells the queue that a worker goes, however that comes.
struct Leave<'q>(&'q Queue, usize);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.leave(self.1);
    }
}

/// Tells the queue that a batch is over, however that comes.
struct Done<'q>(&'q Queue);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.done();
    }
}

impl Worker {
    /// Runs requests until the pool is closed or the device lost.
    pub(super) fn work(mut self) {
        let queue = Arc::clone(&self.queue);
        let leave = Leave(&queue, self.device);
        let mut batch = Vec::with_capacity(queue.at_work());
        while queue.take(self.device, &mut batch) {
            let _done = Done(&queue);
            if let Err(error) = self.run(&mut batch) {
                let device = self.session.context().device();
                tracing::error!(device = device.ordinal(), %error, "the pool goes on without the device");
                queue.lose(self.device, &mut batch, &error);
            }
        }
        drop(leave);
    }

    /// Runs requests and answers them. With the error, those that are left in `batch` were at work
    /// when the device was lost.
    fn run(&mut self, batch: &mut Vec<Job>) -> Result<()> {
        let result = self.execute(batch)?;
        if result.is_ok() || batch.len() == 1 {
            let mut result = Some(result);
            for job in batch.drain(..) {
                self.answer(job, result.take().unwrap_or(Ok(())));
            }
            return Ok(());
        }
        // One of them is the cause, and the others need not suffer from it.
        while !batch.is_empty() {
            let result = self.execute(&mut batch[..1])?;
            self.answer(batch.remove(0), result);
        }
        Ok(())
    }

    fn answer(&self, job: Job, result: Result<()>) {
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        job.answer(result);
    }

    /// Runs requests together, and copies the outputs to them. The outer error is a lost device, or
    /// one on which nothing succeeds.
    fn execute(&mut self, batch: &mut [Job]) -> Result<Result<()>> {
        let device = self.session.context().device().ordinal();
        let _span = tracing::trace_span!("batch", device, requests = batch.len()).entered();
        let start = Instant::now();
        let result = match (&mut self.joint, &mut *batch) {
            (Some(joint), batch) if batch.iter().all(|job| job.rows.is_some()) => {
                together(&mut self.session, joint, batch)
            }
            (_, [job]) => alone(&mut self.session, job),
            _ => Err(Error::internal(
                "requests were taken together that cannot be joined",
            )),
        };
        self.counters.add(batch, start.elapsed());
        match result {
            Err(error)
                if error.kind() == ErrorKind::Device
                    || self.session.is_lost()
                    || self.is_useless(&error) =>
            {
                Err(error)
            }
            result => {
                if result.is_ok() {
                    self.faults = 0;
                }
                Ok(result)
            }
        }
    }

    /// Counts what failed on the device; whether other devices are to get its requests, since it
    /// would answer them all with errors, faster than those that work.
    fn is_useless(&mut self, error: &Error) -> bool {
        if error.kind() != ErrorKind::Execution || error.code().is_none() {
            return false;
        }
        self.faults = self.faults.saturating_add(1);
        self.faults >= MOST_FAULTS && self.queue.give_up(self.device)
    }
}

/// Runs one request by itself.
fn alone(session: &mut Session, job: &mut Job) -> Result<()> {
    let tensors = &mut job.tensors;
    session.stage(|index| {
        let held = &tensors.inputs[index];
        (held.shape(), held.bytes())
    })?;
    let outputs = session.run_staged()?;
    for (held, output) in tensors.outputs.iter_mut().zip(outputs.iter()) {
        let bytes = output.bytes();
        held.hold(output.shape(), bytes.len())
            .copy_from_slice(bytes);
    }
    Ok(())
}

/// Runs the samples of all requests as one batch.
fn together(session: &mut Session, joint: &mut Joint, batch: &mut [Job]) -> Result<()> {
    let rows = |job: &Job| job.rows.unwrap_or(0);
    let all = batch.iter().map(rows).sum();
    let samples = joint.batch(all);
    let outputs = session.run_joint(joint, all, |index, mut target| {
        for job in &*batch {
            let (place, rest) = target.split_at_mut(job.tensors.inputs[index].bytes().len());
            place.copy_from_slice(job.tensors.inputs[index].bytes());
            target = rest;
        }
    })?;
    for (index, output) in outputs.iter().enumerate() {
        let made = output.shape().first().copied().unwrap_or(0);
        if made != samples || made == 0 {
            let message = format!(
                "output {} came out as {:?} for {samples} samples, so that its rows are not theirs: have each \
                 request run alone (`PoolOptions::joins`)",
                output.name(),
                output.shape()
            );
            return Err(Error::new(ErrorKind::Execution, message));
        }
        let (mut bytes, row) = (output.bytes(), output.bytes().len() / made);
        for job in &mut *batch {
            let rows = rows(job);
            let (own, rest) = bytes.split_at(rows * row);
            job.tensors.outputs[index].hold_rows(output.shape(), rows, own);
            bytes = rest;
        }
    }
    Ok(())
}

/// The number of the device of each session, counted from 0 in the order in which they come.
pub(super) fn devices_of(sessions: &[Session]) -> Vec<usize> {
    let mut devices: Vec<&Device> = Vec::new();
    let number = |session| {
        let device = Session::context(session).device();
        let same =
            |other: &&Device| other.ordinal() == device.ordinal() && other.acl().is(device.acl());
        devices.iter().position(same).unwrap_or_else(|| {
            devices.push(device);
            devices.len() - 1
        })
    };
    sessions.iter().map(number).collect()
}
