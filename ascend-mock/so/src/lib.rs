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

use std::io::{self, Write};
use std::process;
use std::sync::LazyLock;

use ascend_mock::{Lease, MockConfig, lease};
use ascend_sys::*;

/// The one device of the process.
struct Device {
    acl: AclApi,
    lease: Lease,
}

static DEVICE: LazyLock<Device> = LazyLock::new(|| match lease(MockConfig::default()) {
    Ok((acl, lease)) => Device { acl, lease },
    Err(error) => {
        // Nothing can be done when not even this can be said.
        let _ = writeln!(io::stderr(), "ascend-mock: {error}");
        process::abort()
    }
});

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
