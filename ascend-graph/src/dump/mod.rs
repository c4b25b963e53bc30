//! Dump files: what one operator took and gave in one run, as devices write it.
//!
//! A file is a length in eight little-endian bytes, a message of that length that describes the tensors,
//! and then the elements of all inputs and all outputs, one after the other. Older files have the elements
//! in the message itself. [`DumpFile`] is such a file, and [`DumpName`] what its name says.

mod file;
mod name;
mod proto;
mod tensor;

pub use file::DumpFile;
pub use name::DumpName;
pub use tensor::{DumpTensor, OriginalOp};
