//! Pickles as data: what a pickle describes, without doing any of it.
//!
//! `machine` reads the opcodes into a [`Heap`] of inert [`Value`]s that refer to each other by
//! index. Sharing stays sharing, cycles stay cycles, and nothing here recurses, so neither depth
//! nor width of the description can exhaust the stack. `globals` holds the names that mean
//! something, and `denylist` those that are refused on sight.
#![forbid(unsafe_code)]

mod cursor;
mod denylist;
mod globals;
mod heap;
mod machine;
mod memo;
mod opcode;
mod scalar;
mod value;

pub(super) use globals::{Meaning, Numpy, Rebuild};
pub(super) use heap::Heap;
pub(super) use value::{Object, Ref, Span, Value};

use super::budget::Budget;
use super::{Fault, or_fault};
use crate::error::Result;

/// The longest pickle: positions in it are 32 bits wide.
const MAX_LEN: usize = u32::MAX as usize;

/// Reads one pickle, within the budget for what it describes.
///
/// # Errors
/// `Format` if it is damaged or names something that only an attack needs, `Unsupported` for
/// opcodes that need another file, `OutOfMemory` at the limit. Positions count from its first byte.
pub(super) fn read<'p>(pickle: &'p [u8], budget: &Budget) -> Result<(Heap<'p>, Ref)> {
    // torch writes seven to eight bytes a value
    let pickle = machine::Machine::new(pickle, 0, pickle.len() / 7, budget)?.run();
    let (heap, root, _) = pickle.map_err(|error| or_fault(error, Fault::MalformedPickle))?;
    Ok((heap, root))
}

/// One of several pickles that follow each other.
pub(super) struct Part<'p> {
    pub(super) heap: Heap<'p>,
    pub(super) root: Ref,
    /// The position behind it.
    pub(super) end: usize,
}

/// Reads the pickle that begins at `start` of `file`, as [`read`] does. Positions count from the
/// first byte of `file`.
pub(super) fn read_at<'p>(file: &'p [u8], start: usize, budget: &Budget) -> Result<Part<'p>> {
    let rest = file.get(start..).unwrap_or_default();
    let rest = &rest[..rest.len().min(MAX_LEN)];
    let pickle = machine::Machine::new(rest, start, 0, budget)?.run();
    let (heap, root, len) = pickle.map_err(|error| or_fault(error, Fault::MalformedPickle))?;
    let end = start + len;
    Ok(Part { heap, root, end })
}
