//! Pickles as data: what a pickle describes, without doing any of it.
//!
//! `machine` reads the opcodes into a [`Heap`] of inert [`Value`]s that refer to each other by
//! index. Sharing stays sharing, cycles stay cycles, and nothing here recurses, so neither depth
//! nor width of the description can exhaust the stack. `globals` holds the names that mean
//! something, and those that are refused on sight.
#![forbid(unsafe_code)]

mod cursor;
mod globals;
mod machine;
mod memo;
mod opcode;
mod scalar;
mod value;

pub(super) use globals::{Meaning, Rebuild};
pub(super) use value::{Heap, Object, Ref, Value};

use crate::error::Result;

/// Reads one pickle, taking at most about `memory` bytes for what it describes.
///
/// # Errors
/// `Format` if it is damaged or names something that only an attack needs, `Unsupported` for
/// opcodes that need another file, `OutOfMemory` at the limit. Positions count from its first byte.
pub(super) fn read(pickle: &[u8], memory: usize) -> Result<(Heap<'_>, Ref)> {
    machine::Machine::new(pickle, memory)?.run()
}
