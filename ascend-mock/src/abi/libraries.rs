//! The C functions of the libraries beside `libascendcl`.

use ascend_sys::*;

use crate::slots::{Lease, SLOTS};

/// Makes the C functions of the libraries, their tables, and what gives the tables out.
macro_rules! libraries {
    ($(
        $(#[$about:meta])*
        $library:ident: $api:ident of $signatures:ident by $maker:ident, with bodies of [$($area:ident),*];
    )*) => {
        $(mod $library {
            #[allow(unused_imports, reason = "a library needs a part of the C names")]
            use ascend_sys::{$api as TABLE, *};

            #[allow(unused_imports, reason = "what makes the functions needs one or the other")]
            use crate::{abi::operators::run, entry::entry};

            /// The bodies, by the names of their functions.
            mod bodies {
                $(pub(super) use crate::abi::$area::*;)*
            }

            $signatures!($maker);

            /// The functions of every slot.
            pub(super) static TABLES: [TABLE; super::SLOTS] = [
                table::<0>(),
                table::<1>(),
                table::<2>(),
                table::<3>(),
                table::<4>(),
                table::<5>(),
                table::<6>(),
                table::<7>(),
            ];
        })*

        /// The names of all C functions.
        pub(crate) fn symbols() -> impl Iterator<Item = &'static str> {
            [AclApi::SYMBOLS, $($api::SYMBOLS),*].into_iter().flatten().copied()
        }

        /// The tables of the libraries beside `libascendcl`.
        impl Lease {
            $(
                $(#[$about])*
                #[must_use]
                pub fn $library(&self) -> $api {
                    $library::TABLES[self.world().slot]
                }
            )*
        }
    };
}

/// Makes the C functions of aclnn operators, which have one body, and the table of a slot.
macro_rules! operator_functions {
    ($(
        $(#[$meta:meta])*
        pub fn $name:ident($($argument:ident : $kind:ty),* $(,)?) -> aclnnStatus;
    )*) => {
        $(
            unsafe extern "C" fn $name<const SLOT: usize>($($argument: $kind),*) -> aclnnStatus {
                run(SLOT, stringify!($name), &[$((stringify!($argument), $argument.into())),*])
            }
        )*

        pub(super) const fn table<const SLOT: usize>() -> TABLE {
            TABLE { $($name: Some($name::<SLOT>)),* }
        }
    };
}

libraries! {
    /// The compiler of single operators.
    op_compiler: OpCompilerApi of op_compiler_functions by c_functions, with bodies of [compile];
    /// Matrix products.
    cblas: CblasApi of cblas_functions by c_functions, with bodies of [matrix];
    /// Passing tensors between threads.
    tdt: TdtApi of tdt_functions by c_functions, with bodies of [channel, queue, queue_route, shared_buffer];
    /// Profiling.
    prof: ProfApi of prof_functions by c_functions, with bodies of [marks, profiling];
    /// Dumping tensors and exceptions.
    dump: DumpApi of dump_functions by c_functions, with bodies of [dump];
    /// The picture and video units.
    dvpp: DvppApi of dvpp_functions by c_functions, with bodies of [picture, picture_channel, picture_file, video, vpc];
    /// Searching feature vectors.
    fv: FvApi of fv_functions by c_functions, with bodies of [retrieval];
    /// What a chip has.
    platform: PlatformApi of platform_functions by c_functions, with bodies of [platform];
    /// Fusing captured kernels.
    super_kernel: SuperKernelApi of super_kernel_functions by c_functions, with bodies of [super_kernel];
    /// The values that aclnn operators work on.
    aclnn_base: AclnnBaseApi of aclnn_base_functions by c_functions, with bodies of [nnop];
    /// The aclnn operators.
    aclnn: AclnnApi of aclnn_functions by operator_functions, with bodies of [];
}
