//! Between the runtime's one callback and the functions of a program.
//!
//! The C function has no argument for the program's own data, so each runtime gets one of a few C
//! functions that differ in a number, by which the functions of its program are found.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ascend_sys::{
    ACL_ERROR_API_NOT_SUPPORT, ACL_ERROR_RT_FEATURE_NOT_SUPPORT, AclApi, MissingSymbol, aclError,
    aclrtExceptionInfo, aclrtExceptionInfoCallback,
};

use super::Exception;
use crate::acl::Acl;
use crate::error::{AclCode, Error, ErrorKind, Result};

/// A function of the program.
pub(crate) type Handler = Box<dyn Fn(&Exception) + Send + Sync>;

/// What the runtime answers for what it does not know.
const UNKNOWN: u32 = u32::MAX;

/// Failures that are kept for the errors that follow from them.
const MOST_KEPT: usize = 64;

/// Runtimes with handlers that there can be in a process at once.
const SLOTS: usize = 16;

/// The hubs of the runtimes, by the number of their C function.
static HUBS: [Mutex<Option<Arc<Hub>>>; SLOTS] = [const { Mutex::new(None) }; SLOTS];

/// How many runtimes have handlers: runs look at this alone where there are none.
static LISTENING: AtomicUsize = AtomicUsize::new(0);

/// The C functions.
const CALLBACKS: [aclrtExceptionInfoCallback; SLOTS] = [
    Some(told::<0>),
    Some(told::<1>),
    Some(told::<2>),
    Some(told::<3>),
    Some(told::<4>),
    Some(told::<5>),
    Some(told::<6>),
    Some(told::<7>),
    Some(told::<8>),
    Some(told::<9>),
    Some(told::<10>),
    Some(told::<11>),
    Some(told::<12>),
    Some(told::<13>),
    Some(told::<14>),
    Some(told::<15>),
];

type Question = Option<unsafe extern "C" fn(*const aclrtExceptionInfo) -> u32>;

/// What a runtime's failures go through.
pub(crate) struct Hub {
    questions: Questions,
    handlers: Mutex<Vec<(u64, Arc<Handler>)>>,
    /// The last ones, with when they were told.
    recent: Mutex<VecDeque<(Instant, Exception)>>,
    is_told: Condvar,
}

/// What can be asked about a failure.
#[derive(Clone, Copy)]
struct Questions {
    device: Question,
    stream: Question,
    task: Question,
    thread: Question,
    code: Question,
}

/// What a runtime has registered.
#[derive(Default)]
pub(crate) struct Registered {
    slot: Option<Slot>,
    /// Of the next handler.
    number: u64,
}

#[derive(Clone, Copy)]
struct Slot {
    index: usize,
    /// By the function of which there can be several, rather than by that of the one place.
    is_one_of_many: bool,
}

impl Registered {
    /// Takes the C function back as the runtime ends.
    pub(crate) fn end(&mut self, api: &AclApi) {
        let Some(slot) = self.slot.take() else { return };
        LISTENING.fetch_sub(1, Ordering::Relaxed);
        let (symbol, status) = slot.unregister(api);
        lock(&HUBS[slot.index]).take();
        if status != Ok(0) {
            tracing::error!(symbol, "cannot take back the function for exceptions");
        }
    }
}

impl Slot {
    /// Takes the C function back from the runtime.
    fn unregister(self, api: &AclApi) -> (&'static str, Result<aclError, MissingSymbol>) {
        if self.is_one_of_many {
            // SAFETY: it was registered.
            let status = unsafe { api.aclrtExceptionInfoCallbackUnregister(CALLBACKS[self.index]) };
            ("aclrtExceptionInfoCallbackUnregister", status)
        } else {
            // SAFETY: NULL clears it.
            let status = unsafe { api.aclrtSetExceptionInfoCallback(None) };
            ("aclrtSetExceptionInfoCallback", status)
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds a handler; its number.
pub(super) fn add(acl: &Acl, handler: Handler) -> Result<u64> {
    let mut registered = lock(acl.exceptions());
    let slot = if let Some(slot) = registered.slot {
        slot
    } else {
        let slot = register(acl)?;
        LISTENING.fetch_add(1, Ordering::Relaxed);
        *registered.slot.insert(slot)
    };
    registered.number += 1;
    let number = registered.number;
    if let Some(hub) = lock(&HUBS[slot.index]).as_ref() {
        lock(&hub.handlers).push((number, Arc::new(handler)));
    }
    Ok(number)
}

/// Takes a handler back; with the last one, the C function too.
pub(super) fn remove(acl: &Acl, number: u64) -> Result<()> {
    let mut registered = lock(acl.exceptions());
    let Some(slot) = registered.slot else {
        return Ok(());
    };
    let hub = lock(&HUBS[slot.index]).clone();
    let is_last = hub.is_none_or(|hub| {
        let mut handlers = lock(&hub.handlers);
        handlers.retain(|(other, _)| *other != number);
        handlers.is_empty()
    });
    if !is_last {
        return Ok(());
    }
    registered.slot = None;
    LISTENING.fetch_sub(1, Ordering::Relaxed);
    let (symbol, status) = slot.unregister(acl.api());
    // A call that is under way has its own hold of the hub.
    lock(&HUBS[slot.index]).take();
    acl.check(symbol, status)
}

/// Takes a free C function, and hands it to the runtime.
fn register(acl: &Acl) -> Result<Slot> {
    let hub = Arc::new(Hub::new(acl.api()));
    let free = HUBS.iter().position(|place| {
        let mut place = lock(place);
        let is_free = place.is_none();
        if is_free {
            *place = Some(Arc::clone(&hub));
        }
        is_free
    });
    let Some(index) = free else {
        let message = format!(
            "cannot listen to exceptions: {SLOTS} runtimes of this process do so already; drop the handlers of \
             one of them first"
        );
        return Err(Error::new(ErrorKind::OutOfMemory, message));
    };
    let slot = hand_over(acl, index);
    if slot.is_err() {
        lock(&HUBS[index]).take();
    }
    slot.map_err(|error| error.while_doing("cannot listen to exceptions"))
}

fn hand_over(acl: &Acl, index: usize) -> Result<Slot> {
    let api = acl.api();
    if api.aclrtExceptionInfoCallbackRegister.is_some() {
        // SAFETY: a function that lives as long as the process.
        let status = unsafe { api.aclrtExceptionInfoCallbackRegister(CALLBACKS[index]) };
        match acl.check("aclrtExceptionInfoCallbackRegister", status) {
            Err(error) if is_unsupported(&error) => {}
            registered => {
                return registered.map(|()| Slot {
                    index,
                    is_one_of_many: true,
                });
            }
        }
    }
    // SAFETY: as above.
    let status = unsafe { api.aclrtSetExceptionInfoCallback(CALLBACKS[index]) };
    acl.check("aclrtSetExceptionInfoCallback", status)?;
    Ok(Slot {
        index,
        is_one_of_many: false,
    })
}

fn is_unsupported(error: &Error) -> bool {
    let code = error.code().map(AclCode::get);
    matches!(
        code,
        Some(ACL_ERROR_RT_FEATURE_NOT_SUPPORT | ACL_ERROR_API_NOT_SUPPORT)
    )
}

/// When what begins now begins, if anybody listens.
pub(crate) fn start() -> Option<Instant> {
    (LISTENING.load(Ordering::Relaxed) > 0).then(Instant::now)
}

/// The failures of `acl`, if anybody listens to them.
pub(crate) fn of(acl: &Acl) -> Option<Arc<Hub>> {
    let slot = lock(acl.exceptions()).slot?;
    lock(&HUBS[slot.index]).clone()
}

impl Hub {
    fn new(api: &AclApi) -> Self {
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

    /// Keeps a failure, and calls the program's functions.
    fn tell(&self, exception: &Exception) {
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
        // Not under the lock: a function may take as long as it likes.
        let handlers = lock(&self.handlers).clone();
        for (_, handler) in handlers {
            if catch_unwind(AssertUnwindSafe(|| handler(exception))).is_err() {
                tracing::error!("a function for exceptions panicked");
            }
        }
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
    /// # Safety
    ///
    /// The runtime is in the call that `info` was handed out by.
    unsafe fn ask(&self, info: *const aclrtExceptionInfo) -> Exception {
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

/// What the runtime calls for each failure of the runtime that has this number.
unsafe extern "C" fn told<const SLOT: usize>(info: *mut aclrtExceptionInfo) {
    let tell = || {
        let hub = lock(&HUBS[SLOT]).clone();
        if let Some(hub) = hub {
            // SAFETY: the runtime hands it to this call.
            let exception = unsafe { hub.questions.ask(info) };
            hub.tell(&exception);
        }
    };
    // A panic must not get into C.
    if catch_unwind(tell).is_err() {
        tracing::error!("a failure of a device could not be told");
    }
}
