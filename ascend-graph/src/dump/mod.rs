//! Dump files: what one operator took and gave in one run, as devices write it.
//!
//! A file is a length in eight little-endian bytes, a message of that length that describes the tensors,
//! and then the elements of all inputs and all outputs, one after the other. Older files have the elements
//! in the message itself. [`DumpFile`] is such a file, and [`DumpName`] what its name says. Where a device looks
//! for overflows, a second file beside an operator's says what its core noticed: an [`Overflow`].

mod file;
mod name;
mod overflow;
mod proto;
mod tensor;

pub use file::DumpFile;
pub use name::DumpName;
pub use overflow::Overflow;
pub use tensor::{DumpTensor, OriginalOp};
