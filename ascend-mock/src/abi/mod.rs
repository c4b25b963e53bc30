//! The C functions: from C's arguments to calls of [`Entry`](crate::entry::Entry), and back.
//!
//! The modules hold a body for every function of the list of signatures in `ascend-sys`; a name
//! without a body does not compile. Bodies are thin: checks of pointers that C may get wrong are
//! here, rules are not. Around each body stands a C function that exists once for each slot.

#![allow(
    clippy::wildcard_imports,
    reason = "a module uses most of the C names of its area"
)]
#![allow(
    clippy::unnecessary_wraps,
    reason = "bodies have one form, so that one macro can call them"
)]
#![allow(clippy::too_many_arguments, reason = "the C functions' own")]
#![allow(non_snake_case, reason = "the functions bear their C names")]
#![allow(
    clippy::match_bool,
    reason = "two named statuses read better side by side"
)]

mod aipp;
mod allocator;
mod buffer_chain;
mod bundle;
mod callback;
mod capture;
mod channel;
mod compile;
mod context;
mod copy;
mod copy_batch;
mod copy_forms;
mod data;
mod description;
mod device;
mod dump;
mod event;
mod exception;
mod fields;
mod fill;
mod gears;
mod graph;
mod group;
mod host_memory;
mod init;
mod kernel;
mod label;
mod load_config;
mod managed_memory;
mod marks;
mod matrix;
mod memory;
mod memory_pool;
mod memory_sharing;
mod model;
mod nnop;
mod notify;
mod operator;
mod operators;
mod picture;
mod picture_channel;
mod picture_file;
mod platform;
mod pointers;
mod profiling;
mod queue;
mod queue_route;
mod retrieval;
mod shared_buffer;
mod snapshot;
mod stream;
mod stream_settings;
mod super_kernel;
mod system;
mod task;
mod tensor_desc;
mod timeout;
mod video;
mod virtual_memory;
mod vpc;

use ascend_sys::AclApi;

pub(crate) use libraries::symbols;

use crate::slots::SLOTS;

/// The functions of every slot.
pub(crate) static TABLES: [AclApi; SLOTS] = [
    acl::table::<0>(),
    acl::table::<1>(),
    acl::table::<2>(),
    acl::table::<3>(),
    acl::table::<4>(),
    acl::table::<5>(),
    acl::table::<6>(),
    acl::table::<7>(),
];

/// Makes the C functions of a list of signatures, and the table of a slot.
macro_rules! c_functions {
    (@returns) => { () };
    (@returns $result:ty) => { $result };
    ($(
        $(#[$meta:meta])*
        pub fn $name:ident($($argument:ident : $kind:ty),* $(,)?) $(-> $result:ty)?;
    )*) => {
        $(
            unsafe extern "C" fn $name<const SLOT: usize>($($argument: $kind),*) $(-> $result)? {
                entry::<c_functions!(@returns $($result)?), _>(
                    SLOT,
                    stringify!($name),
                    &|_show| { $(_show(stringify!($argument), &$argument);)* },
                    // SAFETY: the caller keeps to the C function's rules.
                    |call| unsafe { bodies::$name(call, $($argument),*) },
                )
            }
        )*

        pub(super) const fn table<const SLOT: usize>() -> TABLE {
            TABLE { $($name: Some($name::<SLOT>)),* }
        }
    };
}

/// The C functions of `libascendcl.so`.
mod acl {
    use ascend_sys::{AclApi as TABLE, *};

    use crate::entry::entry;

    /// The bodies, by the names of their functions.
    mod bodies {
        pub(super) use crate::abi::{
            aipp::*, allocator::*, buffer_chain::*, bundle::*, callback::*, capture::*, context::*,
            copy::*, copy_batch::*, copy_forms::*, data::*, description::*, device::*, dump::*,
            event::*, exception::*, fill::*, gears::*, graph::*, group::*, host_memory::*, init::*,
            kernel::*, label::*, load_config::*, managed_memory::*, memory::*, memory_pool::*,
            memory_sharing::*, model::*, notify::*, operator::*, snapshot::*, stream::*,
            stream_settings::*, system::*, task::*, tensor_desc::*, timeout::*, virtual_memory::*,
        };
    }

    acl_functions!(c_functions);
}

mod libraries;
