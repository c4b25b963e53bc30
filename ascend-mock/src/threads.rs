//! What a thread carries from call to call, apart for every world: its current context, its last
//! error and its error texts.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ffi::{CStr, CString, c_char};
use std::{mem, ptr};

use ascend_sys::aclError;

use crate::fault::Fault;
use crate::graph::Mode;
use crate::slots::SLOTS;
use crate::world::World;

/// Error texts that are kept until `aclGetRecentErrMsg` reads them.
const MAX_MESSAGES: usize = 64;

thread_local! {
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
    messages: VecDeque<String>,
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

/// Counts a task that the calling thread submits.
pub(crate) fn count_task(world: &World) {
    with(world, |state| state.tasks = state.tasks.wrapping_add(1));
}

/// The number of the calling thread's last task; `None` before the first.
pub(crate) fn last_task(world: &World) -> Option<u32> {
    with(world, |state| state.tasks.checked_sub(1))
}

/// Remembers a failed call of `symbol` for the calling thread.
pub(crate) fn raise(world: &World, symbol: &str, fault: &Fault) {
    with(world, |state| {
        if fault.is_runtime() {
            state.last_error = fault.code;
        }
        state.messages.truncate(MAX_MESSAGES - 1);
        state.messages.push_front(fault.message(symbol));
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
    with(world, |state| {
        if state.messages.is_empty() {
            return ptr::null();
        }
        let lines: Vec<String> = state.messages.drain(..).collect();
        let text = lines.join("\n").replace('\0', "?");
        state.shown = CString::new(text).unwrap_or_default();
        CStr::as_ptr(&state.shown)
    })
}
