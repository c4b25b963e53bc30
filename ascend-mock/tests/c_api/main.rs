//! The CPU device through its C functions: what each rule says, and what each library gives.
//!
//! One program, for each that links the device costs seconds and a hundred megabytes.

#![allow(
    clippy::macro_metavars_in_unsafe,
    clippy::unwrap_used,
    reason = "the tests are C calls, and panic when they fail"
)]

#[macro_use]
mod common;

mod aipp;
mod aipp_dynamic;
mod attributes;
mod bundle;
mod callback;
mod config;
mod copy;
mod cost;
mod dataset;
mod device;
mod device_numbers;
mod dump;
mod dump_failures;
mod dvpp;
mod event;
mod event_external;
mod event_ipc;
mod every_rule;
mod exception;
mod execute;
mod external_weights;
mod failed_operator;
mod faults;
mod gears;
mod graph;
mod graph_branches;
mod hook;
mod host_memory;
mod kernel;
mod kernel_arguments;
mod label;
mod libraries;
mod loading;
mod memory;
mod model;
mod nnop;
mod notify;
mod operator;
mod pool;
mod process;
mod prof;
mod profile;
mod real;
mod report;
mod rules;
mod sharing;
mod slots;
mod stream;
mod stream_settings;
mod strict;
mod system;
mod task;
mod tdt;
mod timing;
mod trace;
mod versions;
mod virtual_memory;
mod waiting;
