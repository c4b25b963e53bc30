//! The CPU device as a drop-in `libascendcl.so`.
//!
//! Programs that are written for Ascend, in C, C++ or Python, start on it unchanged: it exports
//! the C functions and nothing else. What the device is like is read once from
//! `ASCEND_MOCK_CONFIG`, at the first call.

#![allow(non_snake_case, reason = "the functions bear their C names")]
#![allow(
    clippy::wildcard_imports,
    reason = "the signatures use most of the C types"
)]

mod app_log;
mod warnings;

use std::io::{self, Write};
use std::panic;
use std::process;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use ascend_mock::{Lease, MockConfig, lease};
use ascend_sys::*;

/// The one device of the process.
struct Device {
    acl: AclApi,
    lease: Lease,
}

static DEVICE: LazyLock<Device> = LazyLock::new(|| {
    // Nobody else in this library has set one.
    let _ = tracing::subscriber::set_global_default(warnings::Warnings);
    let config = MockConfig::from_env().map_err(|error| error.to_string());
    match config.and_then(|config| lease(config).map_err(|error| error.to_string())) {
        Ok((acl, lease)) => {
            IS_MADE.store(true, Ordering::Release);
            Device { acl, lease }
        }
        Err(error) => {
            // There is no device to answer calls with: a wrong configuration ends the program,
            // rather than to have it tested on another device than was asked for.
            tell(&error);
            // SAFETY: takes any number. Exit handlers must not run: they may call back.
            unsafe { libc::_exit(2) }
        }
    }
});

/// Whether any call has made the device.
static IS_MADE: AtomicBool = AtomicBool::new(false);

fn tell(what: &str) {
    // Nothing can be done when not even this can be said.
    let _ = writeln!(io::stderr(), "ascend-mock: {what}");
}

/// Run by the loader, before any function of the library can be called.
#[used]
#[unsafe(link_section = ".init_array")]
static LOADED: extern "C" fn() = {
    extern "C" fn loaded() {
        app_log::connect();
        // So early that what the program registers itself has run when the report is made.
        // SAFETY: the function takes nothing, and keeps panics to itself.
        let code = unsafe { libc::atexit(at_exit) };
        if code != 0 {
            tell("there will be no report at the end of the process");
        }
    }
    loaded
};

/// Reports what is left, for programs that do not call `aclFinalize`.
extern "C" fn at_exit() {
    let report = || {
        if IS_MADE.load(Ordering::Acquire) {
            DEVICE.lease.report_at_end();
        }
    };
    if panic::catch_unwind(report).is_err() {
        tell("the report at the end of the process failed");
    }
}

/// Exports the functions of a list of signatures, those of the table that `table` gives.
macro_rules! exports {
    ($(
        $(#[$meta:meta])*
        pub fn $name:ident($($argument:ident : $kind:ty),* $(,)?) $(-> $result:ty)?;
    )*) => {
        $(
            #[unsafe(no_mangle)]
            unsafe extern "C" fn $name($($argument: $kind),*) $(-> $result)? {
                let Some(function) = table().$name else {
                    // The CPU device's table has every function: it is made from the same list.
                    process::abort()
                };
                // SAFETY: the caller keeps to the C function's rules.
                unsafe { function($($argument),*) }
            }
        )*
    };
}

fn table() -> &'static AclApi {
    &DEVICE.acl
}

acl_functions!(exports);

/// Exports the functions of the libraries beside `libascendcl`.
macro_rules! libraries {
    ($($library:ident: $api:ident of $signatures:ident;)*) => {
        $(mod $library {
            use std::process;
            use std::sync::LazyLock;

            use ascend_sys::*;

            static TABLE: LazyLock<$api> = LazyLock::new(|| super::DEVICE.lease.$library());

            fn table() -> &'static $api {
                &TABLE
            }

            $signatures!(exports);
        })*
    };
}

libraries! {
    op_compiler: OpCompilerApi of op_compiler_functions;
    cblas: CblasApi of cblas_functions;
    tdt: TdtApi of tdt_functions;
    prof: ProfApi of prof_functions;
    dump: DumpApi of dump_functions;
    dvpp: DvppApi of dvpp_functions;
    fv: FvApi of fv_functions;
    platform: PlatformApi of platform_functions;
    super_kernel: SuperKernelApi of super_kernel_functions;
    aclnn_base: AclnnBaseApi of aclnn_base_functions;
    aclnn: AclnnApi of aclnn_functions;
}
