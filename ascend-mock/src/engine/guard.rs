use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::EngineError;

/// Turns a panic inside an engine into an error; the values that it was working on are dropped.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, EngineError>) -> Result<T, EngineError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(from_panic(panic.as_ref())))
}

fn from_panic(panic: &(dyn Any + Send)) -> EngineError {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    EngineError::new(format!(
        "the CPU engine failed: {}",
        text.unwrap_or("no reason is known")
    ))
}
