//! Run models on Huawei Ascend NPUs, or on the CPU device that is built in.
//!
//! ```
//! use ascend_rt::{Acl, Result, Session};
//! use ndarray::Array4;
//!
//! fn classify(om: &str) -> Result<Vec<f32>> {
//!     let device = Acl::auto()?.device(0)?; // CANN where it is installed, else the CPU device
//!     let mut session = Session::load(&device, om)?;
//!     let image = Array4::<f32>::zeros((1, 3, 224, 224));
//!     let outputs = session.run(&[(&image).into()])?;
//!     Ok(outputs.array::<f32>(0)?.iter().copied().collect())
//! }
//! ```
//!
//! # A tour
//!
//! What Ascend calls things, beside what the standard library has of the kind:
//!
//! | std | Ascend | here | C functions |
//! |---|---|---|---|
//! | the program's start and end | the runtime | [`Acl`] | `aclInit`, `aclFinalizeReference` |
//! | a machine | a device: one NPU | [`Device`] | `aclrtSetDevice`, `aclrtResetDevice` |
//! | a process | a context: where the rest lives | [`Context`] | `aclrtCreateContext`, `aclrtSetCurrentContext` |
//! | a thread with a queue (`mpsc`) | a stream: work in order | [`Stream`] | `aclrtCreateStream`, `aclrtSynchronizeStream` |
//! | `Condvar`, `Instant` | an event: a mark in a stream | [`Event`] | `aclrtRecordEvent`, `aclrtStreamWaitEvent`, `aclrtEventElapsedTime` |
//! | `Vec<T>`, elsewhere | device memory | [`DeviceBuffer`] | `aclrtMalloc`, `aclrtFree` |
//! | `Vec<T>` | pinned memory, which a device reaches by itself | [`PinnedBuffer`] | `aclrtMallocHost`, `aclrtFreeHost` |
//! | `slice::copy_from_slice` | a blocking copy | [`DeviceBuffer::copy_from_slice`] | `aclrtMemcpy` |
//! | `thread::scope` | queued copies of borrowed buffers | [`Stream::scope`] | `aclrtMemcpyAsync` |
//! | `JoinHandle<T>` | queued work that keeps its buffers | [`Pending`] | `aclrtMemcpyAsync`, `aclrtRecordEvent` |
//! | a program's file | an offline model, `.om` | [`Model`] | `aclmdlLoadFromFile`, `aclmdlGetDesc` |
//! | `Command::output` | a model with its memory and stream | [`Session`] | `aclmdlExecuteAsync` |
//! | a pool of threads | sessions on many devices | [`Pool`] | – |
//! | `io::Error` | a code, and the thread's last words | [`Error`], [`AclCode`] | `aclGetRecentErrMsg` |
//!
//! Each object keeps what it was made from, so any order of dropping is right. The current context, which
//! C keeps per thread, never shows: every operation makes the context of its object current first.
//!
//! - [`weights`] reads PyTorch's files, [`convert`] makes models of them and of ONNX, [`check`] tells what
//!   would stop that.
//! - [`session`], [`pool`] and [`pipeline`] run models; [`model`] tells what they take.
//! - [`errors`] is the book of codes, `doctor` (feature `atc`) examines a machine.
//!
//! The guide is in `docs/guide` of the repository: first steps, threads, memory, gears, precision,
//! untrusted files, testing, performance, serving, errors, and how to come from `ais_bench`, `pyACL` and C++.
#![deny(unsafe_code)]

#[allow(unsafe_code, reason = "calls the C API")]
mod acl;
pub mod acl_config;
#[allow(unsafe_code, reason = "calls the C API")]
mod call;
pub mod check;
#[cfg(feature = "vision")]
pub mod classify;
pub mod compare;
#[allow(unsafe_code, reason = "calls the C API")]
mod context;
pub mod convert;
#[allow(unsafe_code, reason = "calls the C API")]
mod device;
#[cfg(feature = "atc")]
pub mod doctor;
#[cfg(all(doctest, feature = "cli"))]
mod documentation;
#[allow(unsafe_code, reason = "calls the C API")]
pub mod dump;
mod error;
pub mod errors;
#[allow(unsafe_code, reason = "calls the C API")]
mod event;
#[allow(unsafe_code, reason = "calls the C API")]
pub mod exception;
pub mod files;
#[cfg(feature = "zh")]
pub mod language;
mod map;
#[allow(unsafe_code, reason = "calls the C API")]
mod memory;
#[allow(unsafe_code, reason = "calls the C API")]
pub mod model;
#[allow(
    unsafe_code,
    reason = "keeps values that a device uses from being dropped"
)]
mod pending;
pub mod pipeline;
pub mod pool;
#[allow(unsafe_code, reason = "calls the C API")]
pub mod profiling;
#[allow(unsafe_code, reason = "queues work on memory that it keeps")]
pub mod session;
#[cfg(feature = "vision")]
#[allow(
    unsafe_code,
    reason = "calls what is compiled for some processors only"
)]
mod simd;
#[allow(unsafe_code, reason = "calls the C API")]
mod stream;
pub mod tensor;
#[cfg(feature = "trace")]
pub mod trace;
pub mod trace_events;
#[cfg(feature = "vision")]
pub mod vision;
pub mod weights;
mod whole;
pub mod zoo;

pub use acl::Acl;
pub use acl_config::AclConfig;
pub use ascend_graph::{DataType, Text};
#[cfg(feature = "mock")]
pub use ascend_mock::{Effect, Engine, Injection, MockConfig};
pub use context::Context;
pub use device::{Device, MemoryInfo};
pub use error::{AclCode, Error, ErrorKind, Result};
pub use event::Event;
pub use memory::{DeviceBuffer, Element, PinnedBuffer, Uploader};
pub use model::Model;
pub use pending::{Pending, Refused, Scope};
pub use pool::Pool;
pub use session::{Input, Outputs, Session};
pub use stream::{Download, Stream, Upload};
pub use tensor::Tensor;
