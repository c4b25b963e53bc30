//! What a thread carries from call to call, apart for every world: its current context, its last
//! error and its error texts.

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, CString, c_char};
use std::thread::{self, JoinHandle};
use std::{fs, mem, ptr};

use ascend_sys::aclError;

use crate::fault::Fault;
use crate::graph::Mode;
use crate::messages::Unread;
use crate::slots::SLOTS;
use crate::sync::lock;
use crate::world::World;

thread_local! {
    /// Whether a function of the program runs here that a stream asked for.
    static IN_CALLBACK: Cell<bool> = const { Cell::new(false) };
    /// The number that the system knows the thread by, or 0 until it is asked for.
    static ID: Cell<u32> = const { Cell::new(0) };
    static THREAD: RefCell<[State; SLOTS]> = RefCell::default();
}

/// One thread's state in one slot.
#[derive(Default)]
struct State {
    /// The world that all this belongs to: what an earlier world of the slot left is forgotten.
    world: u64,
    context: Option<u64>,
    capture_mode: Mode,
    /// The tasks that the thread submitted.
    tasks: u32,
    last_error: aclError,
    messages: Unread,
    /// The text that the thread was last given a pointer to.
    shown: CString,
}

fn with<R>(world: &World, body: impl FnOnce(&mut State) -> R) -> R {
    let mut body = Some(body);
    let mut run = |state: &mut State| {
        if state.world != world.serial {
            *state = State {
                world: world.serial,
                ..State::default()
            };
        }
        body.take().map(|body| body(state))
    };
    let outcome = THREAD.try_with(|states| run(&mut states.borrow_mut()[world.slot]));
    // A thread that is being torn down has no state any more, and is served as a new one.
    match outcome.ok().flatten() {
        Some(outcome) => outcome,
        None => match run(&mut State::default()) {
            Some(outcome) => outcome,
            None => unreachable!("the body runs once, on the thread's state or on a fresh one"),
        },
    }
}

/// Runs a function of the program, which must not make every call.
pub(crate) fn as_callback<R>(body: impl FnOnce() -> R) -> R {
    let before = IN_CALLBACK.try_with(|flag| flag.replace(true));
    let answer = body();
    if let Ok(before) = before {
        let _gone = IN_CALLBACK.try_with(|flag| flag.set(before));
    }
    answer
}

pub(crate) fn is_in_callback() -> bool {
    IN_CALLBACK.try_with(Cell::get).unwrap_or(false)
}

/// The calling thread's number in the system.
pub(crate) fn id() -> u32 {
    let known = ID.try_with(Cell::get).unwrap_or(0);
    if known != 0 {
        return known;
    }
    let link = fs::read_link("/proc/thread-self").ok();
    let id = link.and_then(|link| link.file_name()?.to_str()?.parse().ok());
    let id = id.unwrap_or(0);
    let _gone = ID.try_with(|cell| cell.set(id));
    id
}

/// The calling thread's name: the one that Rust gave it, else the 15 bytes that the system keeps of
/// what `pthread_setname_np` gave it.
pub(crate) fn name() -> Option<String> {
    if let Some(name) = thread::current().name() {
        return Some(name.to_owned());
    }
    let name = fs::read("/proc/thread-self/comm").ok()?;
    let name = String::from_utf8_lossy(&name);
    let name = name.trim_end_matches('\n');
    (!name.is_empty()).then(|| name.to_owned())
}

/// Waits until a thread of the device ends, unless it is the calling one.
pub(crate) fn join(thread: JoinHandle<()>) {
    if thread.thread().id() == thread::current().id() {
        return;
    }
    let name = thread.thread().name().map(str::to_owned);
    if thread.join().is_err() {
        tracing::error!(name, "a thread of the device panicked");
    }
}

/// The handle that the calling thread is bound to; whether it still lives is not checked.
pub(crate) fn context(world: &World) -> Option<u64> {
    with(world, |state| state.context)
}

/// Binds the calling thread. The runtime keeps an explicit context and the device binding of
/// `aclrtSetDevice` apart, but each replaces the other, so one place is enough.
pub(crate) fn bind(world: &World, context: Option<u64>) {
    with(world, |state| state.context = context);
}

pub(crate) fn capture_mode(world: &World) -> Mode {
    with(world, |state| state.capture_mode)
}

pub(crate) fn exchange_capture_mode(world: &World, mode: Mode) -> Mode {
    with(world, |state| mem::replace(&mut state.capture_mode, mode))
}

/// The number of a task that the calling thread submits.
pub(crate) fn count_task(world: &World) -> u32 {
    with(world, |state| {
        state.tasks = state.tasks.wrapping_add(1);
        state.tasks.wrapping_sub(1)
    })
}

/// The number of the calling thread's last task; `None` before the first.
pub(crate) fn last_task(world: &World) -> Option<u32> {
    with(world, |state| state.tasks.checked_sub(1))
}

/// Remembers a failed call of `symbol` for the calling thread, or its text for all threads.
pub(crate) fn raise(world: &World, symbol: &str, fault: &Fault) {
    let message = fault.message(symbol);
    with(world, |state| {
        if fault.is_runtime() {
            state.last_error = fault.code;
        }
        match world.messages.shared() {
            Some(messages) => lock(messages).add(message),
            None => state.messages.add(message),
        }
    });
}

pub(crate) fn last_error(world: &World) -> aclError {
    with(world, |state| state.last_error)
}

pub(crate) fn clear_last_error(world: &World) {
    with(world, |state| state.last_error = 0);
}

/// The texts since the last reading, newest first; NULL if there are none. The pointer holds
/// until the thread's next call of this.
pub(crate) fn take_messages(world: &World) -> *const c_char {
    if THREAD.try_with(|_| ()).is_err() {
        // A thread that is being torn down has no place for the text.
        return ptr::null();
    }
    with(world, |state| {
        let text = world.messages.take().or_else(|| state.messages.take());
        let Some(text) = text else { return ptr::null() };
        state.shown = CString::new(text.replace('\0', "?")).unwrap_or_default();
        CStr::as_ptr(&state.shown)
    })
}
