//! The one way into a world: every C function runs its body here.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;
use std::{ptr, thread};

use ascend_sys::{
    ACL_ERROR_UNINITIALIZE, aclDataType, aclError, aclFormat, acldvppBorderType,
    acldvppPixelFormat, acldvppStreamFormat, aclprofSubscribeOpFlag, acltdtTensorType,
};

use crate::fault::Fault;
use crate::ledger::{Call, Origin};
use crate::sync::lock;
use crate::world::World;
use crate::{slots, threads};

/// A call under way. What calls do is written as methods of this type, by area.
pub(crate) struct Entry<'w> {
    pub(crate) world: &'w Arc<World>,
    pub(crate) origin: Origin,
    /// What the call's work is to fail with, by an injected fault.
    pub(crate) failing: Cell<Option<Fault>>,
}

/// Shows the arguments of a call, by name, to whoever wants to see them.
pub(crate) type Arguments<'a> = &'a dyn Fn(&mut dyn FnMut(&'static str, &dyn Debug));

/// What a body gives for a C function that answers a `C`.
pub(crate) trait Outcome<C> {
    /// The answer, and the fault to remember if the call failed.
    fn answer(self) -> (C, Option<Fault>);

    /// The answer of a call whose body did not run.
    fn refusal(code: aclError) -> C;
}

/// Most functions answer with a code.
impl Outcome<aclError> for Result<(), Fault> {
    fn answer(self) -> (aclError, Option<Fault>) {
        match self {
            Ok(()) => (0, None),
            Err(fault) => (fault.code, Some(fault)),
        }
    }

    fn refusal(code: aclError) -> aclError {
        code
    }
}

/// What a C function answers instead of a value that it does not have.
pub(crate) trait Absent {
    const ABSENT: Self;
}

/// The others answer with a value, or with what C takes for none.
impl<C: Absent> Outcome<C> for Result<C, Fault> {
    fn answer(self) -> (C, Option<Fault>) {
        match self {
            Ok(value) => (value, None),
            Err(fault) => (C::ABSENT, Some(fault)),
        }
    }

    fn refusal(_: aclError) -> C {
        C::ABSENT
    }
}

/// A value, or the answer of this one function for none.
pub(crate) struct Otherwise<C>(pub(crate) Result<C, Fault>, pub(crate) C);

impl<C: Absent> Outcome<C> for Otherwise<C> {
    fn answer(self) -> (C, Option<Fault>) {
        match self.0 {
            Ok(value) => (value, None),
            Err(fault) => (self.1, Some(fault)),
        }
    }

    fn refusal(_: aclError) -> C {
        C::ABSENT
    }
}

macro_rules! absent {
    ($($kind:ty: $value:expr;)*) => {
        $(impl Absent for $kind {
            const ABSENT: Self = $value;
        })*
    };
}

absent! {
    (): ();
    bool: false;
    u8: 0;
    u16: 0;
    u32: 0;
    u64: 0;
    usize: 0;
    i32: 0;
    i64: 0;
    f32: 0.0;
    f64: 0.0;
    aclDataType: Self::ACL_DT_UNDEFINED;
    aclFormat: Self::ACL_FORMAT_UNDEFINED;
    acltdtTensorType: Self::ACL_TENSOR_DATA_UNDEFINED;
    aclprofSubscribeOpFlag: Self::ACL_SUBSCRIBE_NONE;
    acldvppPixelFormat: Self::PIXEL_FORMAT_UNKNOWN;
    // These have no value for none.
    acldvppStreamFormat: Self(u32::MAX);
    acldvppBorderType: Self(u32::MAX);
}

/// Functions of the program's.
impl<T> Absent for Option<T> {
    const ABSENT: Self = None;
}

impl<T> Absent for *mut T {
    const ABSENT: Self = ptr::null_mut();
}

impl<T> Absent for *const T {
    const ABSENT: Self = ptr::null();
}

/// Runs the body of the C function `symbol`.
pub(crate) fn entry<C: Debug, O: Outcome<C>>(
    slot: usize,
    symbol: &'static str,
    arguments: Arguments<'_>,
    body: impl FnOnce(&Entry<'_>) -> O,
) -> C {
    let mut body = Some(body);
    let answer = RefCell::new(None);
    let code = run(
        slot,
        symbol,
        arguments,
        &mut |entry| {
            let (value, fault) = body.take().map(|body| body(entry).answer()).unzip();
            answer.replace(value);
            fault.flatten()
        },
        &|| {
            let answer = answer.borrow();
            answer.as_ref().map(|answer| format!("{answer:?}"))
        },
    );
    answer.into_inner().unwrap_or_else(|| O::refusal(code))
}

/// Finds the slot's world, keeps panics on this side of the C boundary, and books the outcome.
/// Answers the code for a call whose body gave no answer; `answer` shows the one it gave.
fn run(
    slot: usize,
    symbol: &'static str,
    arguments: Arguments<'_>,
    body: &mut dyn FnMut(&Entry<'_>) -> Option<Fault>,
    answer: &dyn Fn() -> Option<String>,
) -> aclError {
    let Some(world) = slots::world(slot) else {
        return ACL_ERROR_UNINITIALIZE;
    };
    let origin = Origin {
        symbol,
        sequence: world.count_call(),
    };
    let begin = world.tracer.as_ref().map(|_| Instant::now());
    let entry = Entry {
        world: &world,
        origin,
        failing: Cell::default(),
    };
    if world.config.strict {
        entry.check_in_callback();
    }
    let fault = if world.faults.are_active() {
        entry.run_with_faults(arguments, body)
    } else {
        guarded(|| Ok(body(&entry))).unwrap_or_else(Some)
    };
    let code = fault.as_ref().map_or(0, |fault| fault.code);
    if let Some(fault) = &fault {
        threads::raise(&world, symbol, fault);
        // an answer as others are: whether it is a failure, the caller knows
        tracing::trace!(symbol, code, "{}", fault.text);
    }
    if world.config.record_calls {
        lock(&world.calls).push(Call {
            symbol,
            code,
            thread: thread::current().id(),
        });
    }
    if let (Some(tracer), Some(begin)) = (&world.tracer, begin) {
        let answer = answer().unwrap_or_else(|| code.to_string());
        tracer.call(origin, begin, arguments, &answer, code);
    }
    code
}

impl Entry<'_> {
    /// The answer of a function that the CPU device has and cannot do: told once, and never a
    /// success.
    pub(crate) fn unsupported<R>(&self) -> Result<R, Fault> {
        let symbol = self.origin.symbol;
        if lock(&self.world.told_unsupported).insert(symbol) {
            tracing::warn!("{symbol} is not supported by the CPU device");
        }
        Err(Fault::unsupported(symbol))
    }

    /// The same for work in a stream, which has to be one of the current context's.
    pub(crate) fn unsupported_in<R>(&self, stream: u64) -> Result<R, Fault> {
        self.own_stream(stream)?;
        self.unsupported()
    }
}

/// Refuses NULL (100000).
pub(crate) fn present<T>(name: &str, pointer: *const T) -> Result<(), Fault> {
    if pointer.cast::<c_void>().is_null() {
        return Err(Fault::null(name));
    }
    Ok(())
}

/// Runs `body`; a panic becomes a fault.
pub(crate) fn guarded<R>(body: impl FnOnce() -> Result<R, Fault>) -> Result<R, Fault> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        let cause = panic_text(payload.as_ref());
        Err(Fault::internal(format!("the CPU device panicked: {cause}")))
    })
}

fn panic_text(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}

#[cfg(test)]
mod tests {
    use ascend_sys::ACL_ERROR_INTERNAL_ERROR;

    use super::*;
    use crate::{MockConfig, lease};

    #[test]
    fn a_panic_becomes_code_500000_with_its_text() {
        fn code(_: &Entry<'_>) -> Result<(), Fault> {
            panic!("on purpose, {}", 7)
        }
        fn value(_: &Entry<'_>) -> Result<usize, Fault> {
            panic!("on purpose")
        }
        let (_, lease) = lease(MockConfig::default().record_calls(true)).unwrap();
        let answer: aclError = entry(lease.slot(), "aclrtProbe", &|_| (), code);
        assert_eq!(answer, ACL_ERROR_INTERNAL_ERROR);
        let answer: usize = entry(lease.slot(), "aclrtProbe", &|_| (), value);
        assert_eq!(answer, 0);
        assert_eq!(lease.calls().len(), 2);
    }
}
