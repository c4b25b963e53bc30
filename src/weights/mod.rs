//! Every form of torch checkpoint as named tensors: mapped, not copied, and never executed.
//!
//! [`Checkpoint::open`] walks one way through this room:
//!
//! 1. `crate::map` maps the file, `detect` tells its form by its content, never by its name.
//! 2. `safetensors` reads a header. `torch_zip`, `legacy` and `tar` find the records of the three
//!    forms of `torch.save` and have `pickle` turn the object's description into inert values, in
//!    which nothing is ever called. `index` reads several files as one.
//! 3. `tree` finds the weights among those values, `rebuild` turns each into an entry: a name,
//!    an element type, a shape and a slice of the file. `objects` joins the two.
//! 4. `naming` settles the names, and the [`Report`] says what was done and what was left.
//!
//! `save` is the way back: tensors of any source into safetensors or `torch.save`'s zip archive.
//!
//! # Safety of untrusted files
//!
//! A pickle is a program. This reader does not run it: it keeps a list of the calls that torch
//! writes and reads their arguments as data. A name that only an attack needs (`os.system`,
//! `builtins.eval`, …) makes the whole file an error that tells the name and its byte position.
//! Memory is bounded by [`OpenOptions::memory_limit`].
//!
//! A mapped file that another process truncates while it is in use ends this process with a bus
//! error, as with every reader that maps. Where that can happen (files on a network share, files
//! that are still being written), read the file and use [`Checkpoint::from_bytes`].

mod budget;
mod cast;
mod checkpoint;
mod detect;
mod dtype;
mod element;
mod fault;
mod form;
mod gather;
mod index;
mod json;
mod legacy;
mod naming;
mod objects;
mod options;
mod pickle;
mod rebuild;
mod report;
mod safetensors;
mod save;
mod statistics;
mod tar;
mod tensor;
mod torch_zip;
mod tree;
mod zip;

pub use checkpoint::Checkpoint;
pub use dtype::DataType;
pub use element::Element;
pub use fault::Fault;
pub use form::Form;
pub(crate) use json::Json;
pub use naming::Rename;
pub use options::{Mode, OpenOptions};
pub use report::{Key, Left, Model, Opaque, Refused, Renamed, Report, Scalar, Valued};
pub(crate) use save::quoted;
pub use save::{NewTensor, SaveOptions, Saved};
pub use statistics::Statistics;
pub use tensor::{Origin, Quantisation, Tensor};

use ascend_graph::Text;

use crate::error::{Error, ErrorKind};

/// Zip archives, for the other files that are such.
pub(crate) mod archive {
    pub(crate) use super::budget::Budget;
    pub(crate) use super::save::archive::{Out, Progress, Zip};
    pub(crate) use super::zip::Archive;
}

/// A file that is damaged, or made to do harm.
fn damaged(message: impl Into<Text>) -> Error {
    Error::new(ErrorKind::Format, message)
}

/// A file in which `fault` is wrong.
fn wrong(fault: Fault, message: impl Into<Text>) -> Error {
    damaged(message).with_fault(fault)
}

/// A file that is in order and of a form that is not read.
fn unsupported(message: impl Into<Text>) -> Error {
    Error::new(ErrorKind::Unsupported, message).with_fault(Fault::Unsupported)
}

/// A file that asks for more memory than [`OpenOptions::memory_limit`] allows.
fn over_limit(message: impl Into<Text>) -> Error {
    Error::new(ErrorKind::OutOfMemory, message).with_fault(Fault::Limit)
}

/// The same error, with `fault` unless what is wrong was told already.
fn or_fault(error: Error, fault: Fault) -> Error {
    if error.fault().is_some() || error.kind() != ErrorKind::Format {
        error
    } else {
        error.with_fault(fault)
    }
}
