//! The numbers that AscendCL answers with, and what is known of each.

use std::fmt;
use std::num::NonZeroI32;

use super::ErrorKind;

/// A non-zero status of an `AscendCL` function.
///
/// The number is kept as it came: a newer CANN may answer with one that this crate has never
/// heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AclCode(NonZeroI32);

impl AclCode {
    /// The code of a C status, or `None` for success.
    #[must_use]
    pub fn new(status: i32) -> Option<Self> {
        NonZeroI32::new(status).map(Self)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> i32 {
        self.0.get()
    }

    /// The C name, such as `ACL_ERROR_RT_CONTEXT_NULL`, where it is known.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        self.entry().map(|entry| entry.name)
    }

    /// What the code says, in a few words.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        self.entry().map(|entry| entry.meaning)
    }

    /// What is usually behind it.
    #[must_use]
    pub fn cause(self) -> Option<&'static str> {
        self.entry().map(|entry| entry.cause)
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(self) -> Option<&'static str> {
        self.entry().map(|entry| entry.remedy)
    }

    /// The decision that this code calls for.
    #[must_use]
    pub fn kind(self) -> ErrorKind {
        match self.get() {
            107_001
            | 107_002
            | 107_022
            | 200_002
            | 207_004
            | 507_007
            | 507_008
            | 507_010
            | 507_033
            | 507_053..=507_057
            | 507_899
            | 507_901 => ErrorKind::Device,
            200_001 | 200_006 | 200_007 | 207_000 | 207_019 | 207_021 | 507_009 => {
                ErrorKind::Unsupported
            }
            200_000 | 207_001 | 207_005 | 207_007..=207_012 | 207_018 | 245_000..=245_002 => {
                ErrorKind::OutOfMemory
            }
            100_003 | 100_004 | 107_009 | 107_010 | 145_002 | 207_006 => ErrorKind::Io,
            100_005..=100_008 | 100_012..=100_016 | 145_006 | 545_001..=545_005 => {
                ErrorKind::Format
            }
            145_012 | 145_013 | 145_020..=145_022 => ErrorKind::Shape,
            100_039 => ErrorKind::Library,
            100_000..=199_999 => ErrorKind::InvalidArgument,
            500_000 => ErrorKind::Internal,
            _ => ErrorKind::Execution,
        }
    }

    fn entry(self) -> Option<&'static ascend_sys::Code> {
        ascend_sys::code(self.get())
    }
}

impl fmt::Display for AclCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry() {
            Some(entry) => write!(f, "{} ({}: {})", self.get(), entry.name, entry.meaning),
            None => write!(f, "{} (a code that this version does not know)", self.get()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_name_cause_and_remedy() {
        let code = AclCode::new(107_002).unwrap();
        assert_eq!(code.name(), Some("ACL_ERROR_RT_CONTEXT_NULL"));
        assert_eq!(code.kind(), ErrorKind::Device);
        assert!(code.cause().is_some() && code.remedy().is_some());
        assert_eq!(AclCode::new(0), None);
        assert_eq!(
            AclCode::new(999_999).unwrap().to_string(),
            "999999 (a code that this version does not know)"
        );
    }
}
