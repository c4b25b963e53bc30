//! Model files of the Ascend world: ONNX graphs and `.om` offline models, read, checked and written.
//!
//! * [`onnx`] reads a file without copying its weights, tells its inputs and outputs, names every fault
//!   in it, and builds new graphs.
//! * [`atc`] tells what Huawei's compiler would say to an ONNX model.
//! * [`om`] reads and writes the container that the `aclmdl*` calls load.
//! * [`dump`] reads and writes what a device dumps of an operator.
//! * [`InputShape`] and [`Gears`] tell a compiler of shapes, in the words of Huawei's `atc`.
//! * [`DataType`] is the one element type; the three numberings in use are its methods.
//! * [`Text`] is what is told to people, which another language can put into its own words.
//!
//! Files come in as [`Bytes`](bytes::Bytes) and weights stay slices of them. A memory map becomes `Bytes`
//! through [`Bytes::from_owner`](bytes::Bytes::from_owner). What is written is a [`Rope`], whose large
//! pieces are those same slices, so a model is never held in memory twice.
//!
//! Nothing here trusts a file: bad input ends in an [`Error`] that says what is wrong and where.
#![forbid(unsafe_code)]

pub mod atc;
mod dtype;
pub mod dump;
mod error;
mod limit;
#[cfg(feature = "serde")]
mod names;
pub mod om;
pub mod onnx;
mod rope;
mod shape;
mod sniff;
mod text;

pub use dtype::DataType;
pub use error::{Error, ErrorKind, Result};
pub use rope::Rope;
pub use shape::{Axis, Gears, InputShape};
pub use text::{Text, Words, counted};
