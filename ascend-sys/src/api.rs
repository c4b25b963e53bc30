//! The tables of C functions, each made from its list of signatures in the bindings.

use std::error::Error;
use std::fmt;

/// A C function that the loaded libraries do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingSymbol {
    /// The function's C name.
    pub symbol: &'static str,
    /// The libraries that have it, and since when.
    pub origin: &'static str,
}

impl MissingSymbol {
    /// Of the function with this documentation, whose last line says where it is.
    pub(crate) const fn new(symbol: &'static str, docs: &[&'static str]) -> Self {
        Self {
            symbol,
            origin: match docs.last() {
                Some(line) => line.trim_ascii(),
                None => "",
            },
        }
    }
}

impl fmt::Display for MissingSymbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the loaded Ascend libraries have no function {}",
            self.symbol
        )?;
        // "In libascendcl.so; since CANN 8.5."
        match self.origin.trim_end_matches('.').strip_prefix("In ") {
            Some(origin) => write!(f, " (it is in {origin})"),
            None => Ok(()),
        }
    }
}

impl Error for MissingSymbol {}

/// Turns signatures into a table: a field, a symbol name and a calling method for each.
macro_rules! table {
    (@returns) => { () };
    (@returns $result:ty) => { $result };
    (
        $(#[$about:meta])* $api:ident $libraries:tt
        $(
            $(#[doc = $docs:literal])*
            pub fn $name:ident($($argument:ident : $kind:ty),* $(,)?) $(-> $result:ty)?;
        )*
    ) => {
        $(#[$about])*
        ///
        /// Every function is optional: a release of CANN that lacks one leaves its field empty,
        /// and the method of the same name then answers [`MissingSymbol`](crate::MissingSymbol).
        #[derive(Clone, Copy, Debug)]
        pub struct $api {
            $(
                $(#[doc = $docs])*
                pub $name: Option<unsafe extern "C" fn($($argument: $kind),*) $(-> $result)?>,
            )*
        }

        impl $api {
            /// The table without any function.
            pub const EMPTY: Self = Self { $($name: None,)* };

            /// The C names, in the order of the header.
            pub const SYMBOLS: &'static [&'static str] = &[$(stringify!($name)),*];

            /// The libraries that have the functions, in the order of search; a release of CANN
            /// has some of them.
            pub const LIBRARIES: &'static [&'static str] = &$libraries;

            /// Opens the table's own libraries beside `main`, and takes every function that one
            /// of them or of the main libraries has.
            ///
            /// # Safety
            ///
            /// As for [`Libraries::open`](crate::Libraries::open).
            ///
            /// # Errors
            ///
            /// [`LoadError::NoLibrary`](crate::LoadError::NoLibrary) when none is there,
            /// [`LoadError::Broken`](crate::LoadError::Broken) when one cannot be opened.
            pub unsafe fn load(main: &crate::Libraries) -> Result<Self, crate::LoadError> {
                // SAFETY: as the caller promises.
                let beside = unsafe { main.beside(Self::LIBRARIES) }?;
                // SAFETY: CANN's functions have the signatures of its headers.
                Ok(unsafe { Self::from_finder(|name| beside.address(name).or_else(|| main.address(name))) })
            }

            /// Takes from `libraries` every function that one of them has.
            ///
            /// # Safety
            ///
            /// The libraries' functions of these names have these signatures.
            #[must_use]
            pub unsafe fn from_libraries(libraries: &crate::Libraries) -> Self {
                // SAFETY: as the caller promises.
                unsafe { Self::from_finder(|name| libraries.address(name)) }
            }

            /// # Safety
            ///
            /// What `find` answers for a NUL-terminated name is a function with that signature.
            #[allow(
                clippy::disallowed_methods,
                clippy::useless_transmute,
                reason = "an address becomes a function of any signature by no other means"
            )]
            unsafe fn from_finder(find: impl Fn(&str) -> Option<crate::library::Address>) -> Self {
                Self {
                    $(
                        // SAFETY: the caller vouches for the signature; both are pointers.
                        $name: find(concat!(stringify!($name), "\0")).map(|address| unsafe {
                            std::mem::transmute::<
                                crate::library::Address,
                                unsafe extern "C" fn($($kind),*) $(-> $result)?,
                            >(address)
                        }),
                    )*
                }
            }

            /// The names of the functions that this table lacks.
            pub fn missing(&self) -> impl Iterator<Item = &'static str> {
                [$((stringify!($name), self.$name.is_none())),*]
                    .into_iter()
                    .filter_map(|(name, missing)| missing.then_some(name))
            }

            $(
                $(#[doc = $docs])*
                ///
                /// # Safety
                ///
                /// As the C function demands of its arguments.
                ///
                /// # Errors
                ///
                /// When the loaded libraries lack the function.
                #[inline]
                #[allow(clippy::too_many_arguments, reason = "the C function's own")]
                pub unsafe fn $name(&self, $($argument: $kind),*)
                    -> Result<table!(@returns $($result)?), crate::MissingSymbol>
                {
                    match self.$name {
                        // SAFETY: the caller keeps to the C function's rules.
                        Some(function) => Ok(unsafe { function($($argument),*) }),
                        None => Err(crate::MissingSymbol::new(stringify!($name), &[$($docs),*])),
                    }
                }
            )*
        }
    };
}

/// Names the tables, with their libraries: each name is what a list of signatures is handed to.
macro_rules! tables {
    ($dollar:tt $(
        $(#[$about:meta])*
        $callback:ident => $api:ident $libraries:tt;
    )*) => {
        $(
            macro_rules! $callback {
                ($dollar($dollar functions:tt)*) => {
                    table! { $(#[$about])* $api $libraries $dollar($dollar functions)* }
                };
            }
        )*
    };
}

tables! { $
    /// The functions of AscendCL itself, as a plain value.
    acl_api => AclApi [
        "libascendcl.so", "libacl_rt.so", "libacl_mdl.so", "libacl_op_executor.so",
    ];
    /// The compiler of single operators.
    op_compiler_api => OpCompilerApi ["libacl_op_compiler.so"];
    /// Matrix products.
    cblas_api => CblasApi ["libacl_cblas.so"];
    /// Passing tensors between host and device, and between processes.
    tdt_api => TdtApi ["libacl_tdt_channel.so", "libacl_tdt_queue.so"];
    /// Profiling.
    prof_api => ProfApi ["libmsprofiler.so"];
    /// Dumping tensors and exceptions.
    dump_api => DumpApi ["libascend_dump.so"];
    /// The picture and video units.
    dvpp_api => DvppApi ["libacl_dvpp.so"];
    /// Searching feature vectors.
    fv_api => FvApi ["libacl_retr.so"];
    /// What a chip has.
    platform_api => PlatformApi ["libplatform.so"];
    /// Fusing captured kernels.
    super_kernel_api => SuperKernelApi ["libascendsk.so"];
    /// The values that aclnn operators work on.
    aclnn_base_api => AclnnBaseApi ["libnnopbase.so"];
    /// The aclnn operators.
    aclnn_api => AclnnApi [
        // CANN 8.x
        "libopapi.so", "libaclnn_math.so", "libaclnn_ops_infer.so", "libaclnn_ops_train.so",
        "libaclnn_rand.so",
        // CANN 9.x
        "libopapi_math.so", "libopapi_nn.so", "libopapi_cv.so", "libopapi_transformer.so",
    ];
}
