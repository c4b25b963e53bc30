//! Run models on Huawei Ascend NPUs, or on the CPU device that is built in.
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
#[allow(unsafe_code, reason = "calls the C API")]
pub mod dump;
mod error;
pub mod errors;
#[allow(unsafe_code, reason = "calls the C API")]
mod event;
#[allow(unsafe_code, reason = "calls the C API")]
pub mod exception;
pub mod files;
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

/// The code of this page has to compile.
#[cfg(doctest)]
#[doc = include_str!("../docs/models.md")]
mod models_page {}

/// As does that of this one.
#[cfg(doctest)]
#[doc = include_str!("../docs/profile.md")]
mod profile_page {}

/// As does that of this one.
#[cfg(all(doctest, feature = "vision"))]
#[doc = include_str!("../docs/pool.md")]
mod pool_page {}

/// As does that of this one.
#[cfg(all(doctest, feature = "cli"))]
#[doc = include_str!("../docs/diagnostics.md")]
mod diagnostics_page {}

pub use acl::Acl;
pub use acl_config::AclConfig;
pub use ascend_graph::DataType;
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
