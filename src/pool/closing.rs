//! How a pool ends: its threads, and what is waited for.

use std::convert::Infallible;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::worker::Worker;
use super::{CopyStatistics, Pool};
use crate::error::{Error, ErrorKind, Result};

/// The threads of a pool, in the order of its copies.
pub(super) struct Threads {
    all: Vec<JoinHandle<()>>,
    /// Each thread has one until it has let its copy go.
    alive: Sender<Infallible>,
    gone: Mutex<Receiver<Infallible>>,
}

impl Default for Threads {
    fn default() -> Self {
        let (alive, gone) = mpsc::channel();
        Self {
            all: Vec::new(),
            alive,
            gone: Mutex::new(gone),
        }
    }
}

impl Threads {
    pub(super) fn start(&mut self, worker: Worker) -> Result<()> {
        let alive = self.alive.clone();
        let work = move || {
            worker.work();
            drop(alive);
        };
        let thread = thread::Builder::new().name("ascend-pool".to_owned());
        let thread = thread.spawn(work).map_err(|error| {
            let message = format!("no thread for a copy of the model: {error}; take fewer copies, or raise `ulimit -u`");
            Error::new(ErrorKind::OutOfMemory, message).with_source(error)
        })?;
        self.all.push(thread);
        Ok(())
    }

    fn join(&mut self) {
        self.let_go_of_own();
        for thread in self.all.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the pool broke off");
            }
        }
    }

    /// One of them cannot wait for itself, and the others wait for what it has at work.
    fn let_go_of_own(&mut self) {
        let current = thread::current().id();
        let mut all = self.all.iter();
        if all.any(|thread| thread.thread().id() == current) {
            self.all.clear();
        }
    }

    /// Waits until all copies are gone; the places of those that are not by then, whose threads are left to
    /// themselves.
    fn join_within(&mut self, limit: Duration) -> Vec<usize> {
        self.let_go_of_own();
        if self.all.is_empty() {
            return Vec::new();
        }
        let (alive, gone) = mpsc::channel();
        // Its end is what ends the wait.
        drop(std::mem::replace(&mut self.alive, alive));
        let gone = std::mem::replace(&mut self.gone, Mutex::new(gone));
        let gone = gone.into_inner().unwrap_or_else(PoisonError::into_inner);
        if gone.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Disconnected) {
            self.join();
            return Vec::new();
        }
        let threads = std::mem::take(&mut self.all).into_iter().enumerate();
        let (done, left): (Vec<_>, Vec<_>) = threads.partition(|(_, thread)| thread.is_finished());
        self.all = done.into_iter().map(|(_, thread)| thread).collect();
        self.join();
        left.into_iter().map(|(place, _)| place).collect()
    }
}

impl Pool {
    /// Runs all that is queued, gives the devices back, and tells what each copy did.
    ///
    /// It waits for as long as that takes, for ever where a device hangs: [`Pool::close_within`] does not.
    #[allow(
        clippy::must_use_candidate,
        reason = "what it tells is not what it is called for"
    )]
    pub fn close(mut self) -> Vec<CopyStatistics> {
        self.queue.close(false);
        self.threads.join();
        self.statistics().collect()
    }

    /// The same, for as long as `limit` at most. What still waits in the queue by then is given back, and
    /// copies that are not gone are left to their threads, which own them and all that they use: they let them
    /// go when their device answers, and else the end of the process does.
    ///
    /// What is at work on a device that hangs is answered if its sessions have a limit
    /// ([`SessionOptions::run_limit`](crate::session::SessionOptions::run_limit)), and else not.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Device`], with the numbers of the devices that did not answer.
    pub fn close_within(mut self, limit: Duration) -> Result<Vec<CopyStatistics>> {
        self.queue.close(false);
        let left = self.threads.join_within(limit);
        if left.is_empty() {
            return Ok(self.statistics().collect());
        }
        self.queue.close(true);
        let mut devices: Vec<u32> = left.iter().map(|&place| self.copies[place].0).collect();
        devices.sort_unstable();
        devices.dedup();
        let devices: Vec<String> = devices.iter().map(ToString::to_string).collect();
        let message = format!(
            "no answer of the devices with the numbers {} within {limit:?}: {} of {} copies of the model are not given \
             back; give more time to devices that are only busy, or end the process, and reset those that hang",
            devices.join(", "),
            left.len(),
            self.copies.len()
        );
        Err(Error::new(ErrorKind::Device, message))
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.queue.close(true);
        self.threads.join();
    }
}
