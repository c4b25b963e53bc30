//! The one way into a world: every C function runs its body here.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use ascend_sys::{ACL_ERROR_UNINITIALIZE, aclError};

use crate::fault::Fault;
use crate::ledger::{Call, Origin};
use crate::sync::lock;
use crate::world::World;
use crate::{slots, threads};

/// A call under way. What calls do is written as methods of this type, by area.
pub(crate) struct Entry<'w> {
    pub(crate) world: &'w Arc<World>,
    pub(crate) origin: Origin,
}

/// Runs a C function that answers with a code.
pub(crate) fn entry(
    slot: usize,
    symbol: &'static str,
    body: impl FnOnce(&Entry<'_>) -> Result<(), Fault>,
) -> aclError {
    run(slot, symbol, body).err().unwrap_or(0)
}

/// Runs a C function that answers with a value: `otherwise` when it fails.
pub(crate) fn value<R>(
    slot: usize,
    symbol: &'static str,
    otherwise: R,
    body: impl FnOnce(&Entry<'_>) -> Result<R, Fault>,
) -> R {
    run(slot, symbol, body).unwrap_or(otherwise)
}

/// Finds the slot's world, keeps panics on this side of the C boundary, and books the outcome.
fn run<R>(
    slot: usize,
    symbol: &'static str,
    body: impl FnOnce(&Entry<'_>) -> Result<R, Fault>,
) -> Result<R, aclError> {
    let Some(world) = slots::world(slot) else {
        return Err(ACL_ERROR_UNINITIALIZE);
    };
    let origin = Origin {
        symbol,
        sequence: world.count_call(),
    };
    let entry = Entry {
        world: &world,
        origin,
    };
    let outcome = guarded(|| body(&entry)).map_err(|fault| {
        threads::raise(&world, symbol, &fault);
        tracing::debug!(symbol, code = fault.code, "{}", fault.text);
        fault.code
    });
    if world.config.record_calls {
        lock(&world.calls).push(Call {
            symbol,
            code: outcome.as_ref().err().copied().unwrap_or(0),
            thread: thread::current().id(),
        });
    }
    outcome
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
        let (_, lease) = lease(MockConfig::default().record_calls(true)).unwrap();
        let slot = lease.slot();
        let code = entry(slot, "aclrtProbe", |_| panic!("on purpose, {}", 7));
        assert_eq!(code, ACL_ERROR_INTERNAL_ERROR);
        let answer = value(slot, "aclrtProbe", 9, |_| panic!("on purpose"));
        assert_eq!(answer, 9);
        assert_eq!(lease.calls().len(), 2);
    }
}
