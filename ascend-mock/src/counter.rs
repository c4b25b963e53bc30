//! Counters: numbers that streams change and wait for, in this process or in several.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use ascend_sys::ACL_ERROR_RT_WAIT_TIMEOUT;

use crate::fault::Fault;
use crate::shared_page::{INTERVAL, SharedPage};
use crate::stream::{Awaited, Poll, Waker};
use crate::sync::lock;
use crate::world::World;

/// The word of a shared page that holds the value.
const VALUE: usize = 0;

#[derive(Default)]
pub(crate) struct Counter(Mutex<State>);

#[derive(Default)]
struct State {
    value: Value,
    /// The streams that have waited.
    waiting: Vec<Waker>,
}

enum Value {
    Own(u32),
    /// Other processes change it too.
    Shared(Arc<SharedPage>),
}

impl Default for Value {
    fn default() -> Self {
        Self::Own(0)
    }
}

impl Value {
    /// Makes one whole step; `None` leaves the value as it is. Answers whether it was made.
    fn step(&mut self, change: impl Fn(u32) -> Option<u32>) -> bool {
        match self {
            Self::Own(value) => match change(*value) {
                Some(changed) => {
                    *value = changed;
                    true
                }
                None => false,
            },
            Self::Shared(page) => step(page.word(VALUE), change),
        }
    }
}

fn step(word: &AtomicU64, change: impl Fn(u32) -> Option<u32>) -> bool {
    let change = |value| change(u32::try_from(value).unwrap_or(u32::MAX)).map(u64::from);
    word.fetch_update(Ordering::AcqRel, Ordering::Acquire, change)
        .is_ok()
}

impl Counter {
    /// The counter in a page of another process.
    pub(crate) fn of_page(page: Arc<SharedPage>) -> Self {
        Self(Mutex::new(State {
            value: Value::Shared(page),
            ..State::default()
        }))
    }

    /// Moves the value into a page, if it is not in one yet. Waits go on there.
    pub(crate) fn share(
        &self,
        make: impl FnOnce() -> Result<SharedPage, Fault>,
    ) -> Result<Arc<SharedPage>, Fault> {
        let mut state = lock(&self.0);
        let value = match &state.value {
            Value::Shared(page) => return Ok(Arc::clone(page)),
            Value::Own(value) => *value,
        };
        let page = Arc::new(make()?);
        page.word(VALUE).store(u64::from(value), Ordering::Release);
        state.value = Value::Shared(Arc::clone(&page));
        wake(state);
        Ok(page)
    }

    /// The page that the value is in.
    pub(crate) fn page(&self) -> Option<Arc<SharedPage>> {
        match &lock(&self.0).value {
            Value::Own(_) => None,
            Value::Shared(page) => Some(Arc::clone(page)),
        }
    }

    pub(crate) fn change(&self, change: impl Fn(u32) -> u32) {
        let mut state = lock(&self.0);
        state.value.step(|value| Some(change(value)));
        wake(state);
    }
}

/// Makes the streams look that wait.
fn wake(state: MutexGuard<'_, State>) {
    let waiting = state.waiting.clone();
    drop(state);
    waiting.iter().for_each(Waker::wake);
}

/// What a wait waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Less(u32),
    Equal(u32),
    Bigger(u32),
    BiggerOrEqual(u32),
    /// All these bits are set.
    Bits(u32),
}

impl Condition {
    fn holds(self, value: u32) -> bool {
        match self {
            Self::Less(limit) => value < limit,
            Self::Equal(target) => value == target,
            Self::Bigger(limit) => value > limit,
            Self::BiggerOrEqual(limit) => value >= limit,
            Self::Bits(mask) => value & mask == mask,
        }
    }
}

/// A stream's wait for a counter.
pub(crate) struct CounterWait {
    pub(crate) counter: Arc<Counter>,
    pub(crate) condition: Condition,
    /// The end of the wait sets the counter to 0, in the same step.
    pub(crate) clears: bool,
}

impl CounterWait {
    fn is_over(&self) -> bool {
        let (condition, clears) = (self.condition, self.clears);
        lock(&self.counter.0).value.step(|value| {
            condition
                .holds(value)
                .then_some(if clears { 0 } else { value })
        })
    }
}

impl Awaited for CounterWait {
    fn begin(self: Arc<Self>, _: &World, waker: &Waker) -> Poll {
        waker.clone().enlist(&mut lock(&self.counter.0).waiting);
        Box::new(move |_| self.is_over().then_some(Ok(())))
    }

    fn expired(&self) -> Fault {
        Fault::new(
            ACL_ERROR_RT_WAIT_TIMEOUT,
            "nobody recorded the notify that the stream waits for in time",
        )
    }

    fn interval(&self) -> Option<Duration> {
        self.counter.page().map(|_| INTERVAL)
    }
}
