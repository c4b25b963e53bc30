//! What Huawei's compiler `atc` would say to an ONNX model, told before it is started.
//!
//! [`check()`] gives every fault that stops `atc`, each with the code that `atc` would stop with, and
//! what makes the result slow, less precise or wrong. [`rename()`] mends operators under a name that
//! `atc` does not have. The facts about `atc` are data: the operators that it knows and its chips.

mod check;
mod finding;
mod infer;
mod interface;
mod near;
mod operators;
mod rename;
mod rule;
mod rules;
mod soc;
mod subject;
mod target;

pub use check::{check, check_gears, check_soundness};
pub use finding::{Finding, Place, Severity};
pub use near::near;
pub use operators::Operators;
pub use rename::rename;
pub use rule::{RULES, Rule};
pub use rules::gears::read_gears;
pub use soc::is_chip;
pub use target::{Cann, Target};
