//! The thread that a program runs on.

use std::hint;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::sync::{lock, wait};

/// How long both sides look for each other before they sleep: waking a sleeper takes longer than
/// a small model computes.
const PATIENCE: Duration = Duration::from_micros(15);

type Job = Box<dyn FnOnce() + Send>;

/// A thread that does one job after the other. It runs inside of whatever it is started with, such
/// as an engine's pool, so that no job has to be handed on once more.
pub(super) struct Runner {
    jobs: Arc<Mailbox<Option<Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Runner {
    /// Starts the thread; `inside` has to run what it is given, and to return after it.
    pub(super) fn start(
        inside: impl FnOnce(&mut (dyn FnMut() + Send)) + Send + 'static,
    ) -> std::io::Result<Self> {
        let jobs: Arc<Mailbox<Option<Job>>> = Arc::default();
        let inbox = Arc::clone(&jobs);
        let mut serve = move || {
            while let Some(job) = inbox.take() {
                job();
            }
        };
        let thread = thread::Builder::new()
            .name("ascend-engine".into())
            .spawn(move || inside(&mut serve))?;
        Ok(Self {
            jobs,
            thread: Some(thread),
        })
    }

    /// Has `work` done, and waits for what it gives; `None` if it panicked.
    pub(super) fn run<R: Send + 'static>(
        &self,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> Option<R> {
        let answer: Arc<Mailbox<Option<R>>> = Arc::default();
        let reply = Reply(Arc::clone(&answer), None);
        self.jobs.put(Some(Box::new(move || {
            let mut reply = reply;
            reply.1 = Some(work());
        })));
        answer.take()
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.jobs.put(None);
        let thread = self.thread.take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the engine's thread panicked");
        }
    }
}

/// Answers when it is dropped, so that a panic is an answer too.
struct Reply<R>(Arc<Mailbox<Option<R>>>, Option<R>);

impl<R> Drop for Reply<R> {
    fn drop(&mut self) {
        self.0.put(self.1.take());
    }
}

/// A place for one value, which its taker empties before the next one is put.
struct Mailbox<T> {
    is_full: AtomicBool,
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    value: Option<T>,
    sleepers: usize,
}

impl<T> Default for Mailbox<T> {
    fn default() -> Self {
        Self {
            is_full: AtomicBool::new(false),
            state: Mutex::new(State {
                value: None,
                sleepers: 0,
            }),
            changed: Condvar::new(),
        }
    }
}

impl<T> Mailbox<T> {
    fn put(&self, value: T) {
        let mut state = lock(&self.state);
        while state.value.is_some() {
            state.sleepers += 1;
            state = wait(&self.changed, state);
            state.sleepers -= 1;
        }
        state.value = Some(value);
        self.is_full.store(true, Ordering::Release);
        self.wake(&state);
    }

    fn take(&self) -> T {
        self.look();
        let mut state = lock(&self.state);
        loop {
            if let Some(value) = state.value.take() {
                self.is_full.store(false, Ordering::Release);
                self.wake(&state);
                return value;
            }
            state.sleepers += 1;
            state = wait(&self.changed, state);
            state.sleepers -= 1;
        }
    }

    /// Waits a little without sleeping.
    fn look(&self) {
        let start = Instant::now();
        while !self.is_full.load(Ordering::Acquire) {
            for _ in 0..64 {
                hint::spin_loop();
            }
            if start.elapsed() > PATIENCE {
                return;
            }
        }
    }

    fn wake(&self, state: &State<T>) {
        if state.sleepers > 0 {
            self.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn jobs_are_done_on_one_thread_from_many() {
        let runner = Runner::start(|serve| serve()).unwrap();
        let place = runner.run(|| thread::current().id()).unwrap();
        assert_ne!(place, thread::current().id());
        thread::scope(|scope| {
            for number in 0..8 {
                let runner = &runner;
                scope.spawn(move || {
                    for turn in 0..200 {
                        let answer = runner.run(move || (number * turn, thread::current().id()));
                        assert_eq!(answer, Some((number * turn, place)));
                    }
                });
            }
        });
    }

    #[test]
    fn a_panic_is_no_answer_and_the_thread_goes_on() {
        let runner = Runner::start(|serve| {
            // As a pool that keeps panics to itself.
            while catch_unwind(AssertUnwindSafe(&mut *serve)).is_err() {}
        })
        .unwrap();
        assert_eq!(runner.run(|| -> u32 { panic!("on purpose") }), None);
        assert_eq!(runner.run(|| 7), Some(7));
    }
}
