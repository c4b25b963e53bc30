//! What the library does, as spans of [`tracing`]: one line shows them.
//!
//! ```
//! use tracing_subscriber::fmt::format::FmtSpan;
//!
//! tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_span_events(FmtSpan::CLOSE).init();
//! ```
//!
//! | level | what is told |
//! |---|---|
//! | `ERROR` | what cannot be returned: failures while something is dropped |
//! | `WARN` | a device that stands in for another, a task that failed on a device, findings |
//! | `INFO` | the library that was loaded |
//! | `DEBUG` | stages that come once: start, load, convert, open weights, make a session |
//! | `TRACE` | stages of each run: stage, queue, wait, batch, decode; codes that the CPU device answers |
//!
//! Where nobody listens, or not at that level, a span costs a comparison, and nothing is allocated.
//! All targets begin with `ascend_rt`, those of the CPU device with `ascend_mock`.
//!
//! [`TraceLayer`] writes the same spans to a file that Perfetto opens.

mod layer;
mod values;

pub use self::layer::{TraceGuard, TraceLayer};
