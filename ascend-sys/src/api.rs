//! The table of C functions, made from the one list of signatures in the bindings.

use std::error::Error;
use std::fmt;

/// A C function that the loaded libraries do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingSymbol {
    /// The function's C name.
    pub symbol: &'static str,
}

impl fmt::Display for MissingSymbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the loaded Ascend libraries have no function {}",
            self.symbol
        )
    }
}

impl Error for MissingSymbol {}

/// Turns the signatures into [`AclApi`](crate::AclApi): a field, a symbol name and a calling
/// method for each.
macro_rules! acl_api {
    (@returns) => { () };
    (@returns $result:ty) => { $result };
    ($(
        $(#[$meta:meta])*
        pub fn $name:ident($($argument:ident : $kind:ty),* $(,)?) $(-> $result:ty)?;
    )*) => {
        /// The functions of AscendCL as a plain value.
        ///
        /// Every function is optional: a release of CANN that lacks one leaves its field empty,
        /// and the method of the same name then answers [`MissingSymbol`](crate::MissingSymbol).
        #[derive(Clone, Copy, Debug)]
        pub struct AclApi {
            $(
                $(#[$meta])*
                pub $name: Option<unsafe extern "C" fn($($argument: $kind),*) $(-> $result)?>,
            )*
        }

        impl AclApi {
            /// The table without any function.
            pub const EMPTY: Self = Self { $($name: None,)* };

            /// The C names, in the order of the header.
            pub const SYMBOLS: &'static [&'static str] = &[$(stringify!($name)),*];

            /// Takes from `libraries` every function that one of them has.
            ///
            /// # Safety
            ///
            /// The libraries' functions of these names have these signatures.
            #[must_use]
            pub unsafe fn from_libraries(libraries: &crate::Libraries) -> Self {
                Self {
                    $(
                        // SAFETY: the caller vouches for the signature.
                        $name: unsafe { libraries.symbol(concat!(stringify!($name), "\0")) },
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
                $(#[$meta])*
                ///
                /// # Safety
                ///
                /// As the C function demands of its arguments.
                ///
                /// # Errors
                ///
                /// When the loaded libraries lack the function.
                #[allow(clippy::too_many_arguments, reason = "the C function's own")]
                pub unsafe fn $name(&self, $($argument: $kind),*)
                    -> Result<acl_api!(@returns $($result)?), crate::MissingSymbol>
                {
                    match self.$name {
                        // SAFETY: the caller keeps to the C function's rules.
                        Some(function) => Ok(unsafe { function($($argument),*) }),
                        None => Err(crate::MissingSymbol { symbol: stringify!($name) }),
                    }
                }
            )*
        }
    };
}
