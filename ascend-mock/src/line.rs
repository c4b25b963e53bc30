//! A bounded line of things between threads.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use ascend_sys::{ACL_ERROR_RT_QUEUE_EMPTY, ACL_ERROR_RT_QUEUE_FULL};

use crate::fault::Fault;
use crate::sync::{Deadline, Signal, lock};

pub(crate) struct Line<T> {
    capacity: usize,
    state: Mutex<State<T>>,
    changed: Signal,
}

struct State<T> {
    waiting: VecDeque<T>,
    is_stopped: bool,
}

impl<T> Line<T> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                is_stopped: false,
            }),
            changed: Signal::default(),
        }
    }

    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    /// 207014 when there is no room in time, and once the line is stopped.
    pub(crate) fn put(&self, thing: T, deadline: Deadline) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        while state.is_stopped || state.waiting.len() >= self.capacity {
            if state.is_stopped || deadline.is_over() {
                let why = if state.is_stopped { "stopped" } else { "full" };
                return Err(Fault::new(
                    ACL_ERROR_RT_QUEUE_FULL,
                    format!(
                        "it is {why}, at {} of {}",
                        state.waiting.len(),
                        self.capacity
                    ),
                ));
            }
            state = self.changed.wait_until(state, deadline);
        }
        state.waiting.push_back(thing);
        self.changed.notify();
        Ok(())
    }

    /// The first thing, if `fits` accepts it; 207013 when nothing comes in time, and once the line
    /// is stopped.
    pub(crate) fn take(
        &self,
        deadline: Deadline,
        fits: impl Fn(&T) -> Result<(), Fault>,
    ) -> Result<T, Fault> {
        let mut state = lock(&self.state);
        loop {
            if let Some(first) = state.waiting.front() {
                fits(first)?;
            }
            if let Some(first) = state.waiting.pop_front() {
                self.changed.notify();
                return Ok(first);
            }
            if state.is_stopped || deadline.is_over() {
                let why = if state.is_stopped { "stopped" } else { "empty" };
                return Err(Fault::new(ACL_ERROR_RT_QUEUE_EMPTY, format!("it is {why}")));
            }
            state = self.changed.wait_until(state, deadline);
        }
    }

    pub(crate) fn len(&self) -> usize {
        lock(&self.state).waiting.len()
    }

    /// Takes everything out.
    pub(crate) fn clear(&self) -> Vec<T> {
        let waiting = lock(&self.state).waiting.drain(..).collect();
        self.changed.notify();
        waiting
    }

    pub(crate) fn is_stopped(&self) -> bool {
        lock(&self.state).is_stopped
    }

    /// Wakes who waits, now and ever.
    pub(crate) fn stop(&self) {
        lock(&self.state).is_stopped = true;
        self.changed.notify();
    }
}

/// The end of a wait of so many milliseconds: −1 has none, 0 is over at once.
pub(crate) fn patience(milliseconds: i32) -> Result<Deadline, Fault> {
    match u64::try_from(milliseconds) {
        Ok(time) => Ok(Deadline::after(Duration::from_millis(time))),
        Err(_) if milliseconds == -1 => Ok(Deadline::NEVER),
        Err(_) => Err(Fault::argument(format!(
            "timeout {milliseconds} ms is below -1, which stands for no limit"
        ))),
    }
}
