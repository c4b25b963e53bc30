//! Run models on Huawei Ascend NPUs, or on the CPU device that is built in.
#![deny(unsafe_code)]

mod error;

pub use error::{Error, ErrorKind, Result};
