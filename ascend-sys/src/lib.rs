//! The C API of Huawei Ascend's CANN (`AscendCL`) as tables that are loaded at run time.
//!
//! - [`AclApi`] is the main table: a plain value with one optional function pointer per C
//!   function, and a method of the same name that calls it. There is such a table for every
//!   other library too, from [`OpCompilerApi`] to the operators of [`AclnnApi`].
//! - [`Libraries`] finds and opens the CANN libraries of this machine; `load` of a further table
//!   opens its own beside them.
//! - [`Version`] says which CANN it is. Whether a function is there, its field says: there is no
//!   Cargo feature for a release.
//! - [`code()`] tells what a status says, what is behind it, and what to do.
//! - Everything else is the C types. Enums are newtypes over integers, because a newer CANN may
//!   answer with values that this crate has never heard of.
//!
//! Signatures stand once, in the headers of `include`; `bindings.rs` is made from them by bindgen
//! and checked in, so that a build needs neither libclang nor a toolkit. The feature `bindgen`
//! makes it anew, from the toolkit in `ASCEND_TOOLKIT_HOME` or `ASCEND_HOME_PATH` if there is one.
//! Each table's list of signatures is a macro as well, such as [`acl_functions`].
//!
//! Nothing in this crate is safe to call without reading the C documentation; the crate
//! `ascend-rt` is the safe layer above it.

#[macro_use]
mod api;
mod codes;
mod library;
mod version;

#[allow(
    missing_docs,
    missing_debug_implementations,
    non_camel_case_types,
    non_snake_case,
    trivial_casts,
    unsafe_op_in_unsafe_fn,
    clippy::allow_attributes_without_reason,
    clippy::pedantic,
    clippy::missing_safety_doc,
    clippy::multiple_unsafe_ops_per_block,
    clippy::undocumented_unsafe_blocks,
    reason = "generated: names are the C header's"
)]
mod bindings {
    #[cfg(not(feature = "bindgen"))]
    include!("bindings.rs");
    #[cfg(feature = "bindgen")]
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

pub use api::MissingSymbol;
pub use bindings::*;
pub use codes::{Code, code, codes};
pub use library::{AppLog, Libraries, LoadError};
pub use version::{BadVersion, Stage, Version, Versions};
