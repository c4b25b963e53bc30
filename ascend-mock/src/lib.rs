//! A CPU device below the C ABI of Huawei Ascend's `AscendCL`.
//!
//! [`lease`] makes a device and gives out the table of C functions that reaches it; whatever is
//! written against the table (or against `libascendcl.so`) runs on it unchanged. It keeps the
//! rules of the hardware, and where the hardware leaves a mistake undetected it detects it:
//!
//! - Device addresses and handles cannot be followed by the host. Handles are not given out twice,
//!   and in strict mode freed addresses rest: a use after free or destroy is found, as is memory
//!   of the wrong kind.
//! - Every stream is a thread. Work is done there when its turn comes, with the memory as it is
//!   then, and its errors come out at a synchronisation. [Strictly](MockConfig::strict), work is
//!   done late and one task at a time, in an order between the streams that follows from a seed.
//! - The current context, the last error and the error texts belong to a thread.
//! - [`Lease::ledger`] tells what a program has not given back, and which call made it.
//!
//! ```
//! use ascend_mock::{MockConfig, lease};
//!
//! let (api, lease) = lease(MockConfig::default().devices(2))?;
//! let mut count = 0;
//! // SAFETY: the argument is a place for the answer.
//! let code = unsafe { api.aclrtGetDeviceCount(&raw mut count) }?;
//! assert_eq!((code, count), (0, 2));
//! assert!(lease.ledger().is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![deny(unsafe_code)]

#[allow(unsafe_code, reason = "C's pointers become values here")]
mod abi;
mod aipp;
mod attributes;
mod callback;
mod channel;
mod chip;
pub mod compiler;
mod config;
mod context;
mod counter;
#[allow(unsafe_code, reason = "the program names files by number")]
mod descriptor;
mod device;
mod dump;
mod elf;
mod engine;
mod entry;
mod environment;
mod event;
mod exception;
mod failed_operator;
mod fault;
mod faults;
mod file;
mod findings;
mod graph;
mod handles;
mod hooks;
mod init;
mod injection;
mod json;
mod kernel;
mod label;
mod ledger;
mod limits;
mod line;
mod log;
mod media;
mod memory;
mod messages;
mod model;
mod nnop;
mod notify;
mod numbers;
mod op_compiler;
mod operator;
mod options;
mod picture_header;
mod profile;
mod profiling;
mod queues;
mod random;
mod reduce;
mod report;
mod retrieval;
mod settings;
mod shared_event;
#[allow(
    unsafe_code,
    reason = "pages are mapped, and shared with other processes"
)]
mod shared_page;
mod slots;
mod snapshot;
mod stream;
mod sync;
mod system;
mod threads;
mod time_limits;
mod timing;
mod trace;
mod versions;
mod watch;
mod world;

pub use config::{ConfigError, MockConfig, SOC_NAME};
pub use engine::Engine;
pub use findings::{Finding, Mistake};
pub use injection::{Effect, Injection};
pub use kernel::KernelCall;
pub use ledger::{Call, Kind, Ledger, Live, Origin};
pub use profile::Profile;
pub use report::Report;
pub use slots::{Lease, LeaseError, lease};
pub use timing::TimeModel;
