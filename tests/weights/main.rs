//! Checkpoints of every form: read to the last byte, or refused with the reason.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test ends where it fails, and says what it skips"
)]

mod attacks;
#[path = "../common/mod.rs"]
mod common;
mod fixtures;
mod forms;
mod kinds;
mod losses;
mod made;
mod objects;
mod oracle;
mod save;
mod unsaved;
#[cfg(feature = "mock")]
mod upload;
