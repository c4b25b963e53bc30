//! The functions of a program, and what they are told.

use std::collections::VecDeque;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ascend_sys::{AclApi, aclrtExceptionInfo};

use super::Exception;
use crate::acl::Acl;
use crate::error::{AclCode, Result};

/// A function of the program.
pub(crate) type Handler = Box<dyn Fn(&Exception) + Send + Sync>;

/// What the runtime answers for what it does not know.
const UNKNOWN: u32 = u32::MAX;

/// Failures that are kept for the errors that follow from them.
const MOST_KEPT: usize = 64;

/// How many runtimes have handlers: runs look at this alone where there are none.
static LISTENING: AtomicUsize = AtomicUsize::new(0);

type Question = Option<unsafe extern "C" fn(*const aclrtExceptionInfo) -> u32>;

/// What a runtime's failures go through.
pub(crate) struct Hub {
    pub(super) questions: Questions,
    handlers: Mutex<Handlers>,
    /// The last ones, with when they were told.
    recent: Mutex<VecDeque<(Instant, Exception)>>,
    is_told: Condvar,
}

/// The functions of the program by their numbers. They are called and dropped under no lock: they may
/// wait for others that want it, and own what wants it.
#[derive(Default)]
struct Handlers {
    all: Vec<(u64, Arc<Handler>)>,
    /// Of the next one.
    number: u64,
}

/// What can be asked about a failure.
#[derive(Clone, Copy)]
pub(super) struct Questions {
    device: Question,
    stream: Question,
    task: Question,
    thread: Question,
    code: Question,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds a handler; its number.
pub(super) fn add(acl: &Acl, handler: Handler) -> Result<u64> {
    let hub = acl.exceptions().listen(acl)?;
    Ok(hub.add(handler))
}

/// Takes a handler back. A call that is under way goes on.
pub(super) fn remove(acl: &Acl, number: u64) {
    let hub = acl.exceptions().hub();
    drop(hub.map(|hub| hub.remove(number)));
}

/// When what begins now begins, if anybody listens.
pub(crate) fn start() -> Option<Instant> {
    (LISTENING.load(Ordering::Relaxed) > 0).then(Instant::now)
}

/// The failures of `acl`, if anybody listens to them.
pub(crate) fn of(acl: &Acl) -> Option<Arc<Hub>> {
    let hub = acl.exceptions().hub()?;
    hub.has_listeners().then(|| Arc::clone(hub))
}

/// Drops a function that was called, away from the thread of the runtime: what it owns may call that.
fn let_go(handler: Arc<Handler>) {
    let Some(handler) = Arc::into_inner(handler) else {
        return;
    };
    let thread = thread::Builder::new().name("ascend-exception".to_owned());
    if let Err(error) = thread.spawn(move || drop(handler)) {
        tracing::error!(%error, "no thread to drop a function for exceptions on");
    }
}

impl Hub {
    pub(super) fn new(api: &AclApi) -> Self {
        Self {
            questions: Questions {
                device: api.aclrtGetDeviceIdFromExceptionInfo,
                stream: api.aclrtGetStreamIdFromExceptionInfo,
                task: api.aclrtGetTaskIdFromExceptionInfo,
                thread: api.aclrtGetThreadIdFromExceptionInfo,
                code: api.aclrtGetErrorCodeFromExceptionInfo,
            },
            handlers: Mutex::default(),
            recent: Mutex::default(),
            is_told: Condvar::new(),
        }
    }

    pub(super) fn has_listeners(&self) -> bool {
        !lock(&self.handlers).all.is_empty()
    }

    pub(super) fn add(&self, handler: Handler) -> u64 {
        let mut handlers = lock(&self.handlers);
        if handlers.all.is_empty() {
            LISTENING.fetch_add(1, Ordering::Relaxed);
        }
        handlers.number += 1;
        let number = handlers.number;
        handlers.all.push((number, Arc::new(handler)));
        number
    }

    pub(super) fn remove(&self, number: u64) -> Option<Arc<Handler>> {
        let mut handlers = lock(&self.handlers);
        let mut all = handlers.all.iter();
        let position = all.position(|(other, _)| *other == number)?;
        let (_, handler) = handlers.all.remove(position);
        if handlers.all.is_empty() {
            LISTENING.fetch_sub(1, Ordering::Relaxed);
        }
        Some(handler)
    }

    pub(super) fn clear(&self) -> Vec<(u64, Arc<Handler>)> {
        let handlers = mem::take(&mut lock(&self.handlers).all);
        if !handlers.is_empty() {
            LISTENING.fetch_sub(1, Ordering::Relaxed);
        }
        handlers
    }

    /// Keeps a failure, and calls the program's functions.
    pub(super) fn tell(&self, exception: &Exception) {
        let mut recent = lock(&self.recent);
        if recent.len() >= MOST_KEPT {
            recent.pop_front();
        }
        recent.push_back((Instant::now(), exception.clone()));
        drop(recent);
        self.is_told.notify_all();
        tracing::warn!(
            device = exception.device,
            stream = exception.stream,
            task = exception.task,
            code = exception.code.map(AclCode::get),
            "{exception}"
        );
        let handlers = lock(&self.handlers).all.clone();
        for (_, handler) in handlers {
            if catch_unwind(AssertUnwindSafe(|| handler(exception))).is_err() {
                tracing::error!("a function for exceptions panicked");
            }
            let_go(handler);
        }
    }

    /// The failures since `start` that are told by now.
    pub(crate) fn all_since(&self, start: Instant) -> Vec<Exception> {
        let recent = lock(&self.recent);
        let new = recent.iter().filter(|(when, _)| *when >= start);
        new.map(|(_, exception)| exception.clone()).collect()
    }

    /// The first failure since `start` that `fits`, for which it waits a little: it may be told after
    /// the wait of its stream ended.
    pub(crate) fn since(
        &self,
        start: Instant,
        patience: Duration,
        fits: impl Fn(&Exception) -> bool,
    ) -> Option<Exception> {
        let end = Instant::now() + patience;
        let mut recent = lock(&self.recent);
        loop {
            let mut new = recent.iter().filter(|(when, _)| *when >= start);
            if let Some((_, exception)) = new.find(|(_, exception)| fits(exception)) {
                return Some(exception.clone());
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            let waited = self.is_told.wait_timeout(recent, left);
            recent = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Questions {
    /// Whether these are the functions of the same library.
    pub(super) fn are(&self, others: &Self) -> bool {
        let is = |one: Question, other: Question| match (one, other) {
            (Some(one), Some(other)) => ptr::fn_addr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        is(self.device, others.device)
            && is(self.stream, others.stream)
            && is(self.task, others.task)
            && is(self.thread, others.thread)
            && is(self.code, others.code)
    }

    /// # Safety
    ///
    /// The runtime is in the call that `info` was handed out by.
    pub(super) unsafe fn ask(&self, info: *const aclrtExceptionInfo) -> Exception {
        let ask = |question: Question| {
            let question = question?;
            // SAFETY: the caller vouches for it.
            let number = unsafe { question(info) };
            (number != UNKNOWN).then_some(number)
        };
        let code = ask(self.code).map(u32::cast_signed);
        Exception {
            device: ask(self.device),
            stream: ask(self.stream),
            task: ask(self.task),
            thread: ask(self.thread),
            code: code.and_then(AclCode::new),
            operator: None,
        }
    }
}
