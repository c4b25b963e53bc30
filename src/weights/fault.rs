//! What exactly is wrong with a file.

use std::fmt;

/// What is wrong with a file, closer than [`ErrorKind`](crate::ErrorKind) tells;
/// [`Error::fault`](crate::Error::fault) gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// It is no checkpoint of any known form.
    UnknownForm,
    /// It is a checkpoint of a known form that is not read.
    UnsupportedContainer,
    /// Its form is read, and it uses a part of it that is not.
    Unsupported,
    /// A header does not describe the file.
    BadHeader,
    /// Text that should be JSON is not, or not what it should hold.
    BadJson,
    /// The archive's directory is damaged or contradicts itself.
    BadZip,
    /// The description of the objects is damaged.
    MalformedPickle,
    /// An opcode that pickles do not have, or that needs another file.
    BadOpcode,
    /// A name that only an attack needs.
    ForbiddenGlobal,
    /// A class or function that is not listed; [`Mode::Model`](super::Mode::Model) keeps it inert.
    UnknownGlobal,
    /// It ends too early.
    Truncated,
    /// A record or a tensor that should be there is not.
    MissingRecord,
    /// Something is there twice.
    Duplicate,
    /// Two things lie in the same bytes.
    Overlap,
    /// Lengths that should agree do not.
    SizeMismatch,
    /// A range reaches outside of what it is in.
    OutOfBounds,
    /// A length below zero.
    Negative,
    /// A length beyond 64 bits.
    Overflow,
    /// An element type that is not known, or two for one storage.
    DType,
    /// A name that leads out of the folder.
    Traversal,
    /// It needs more memory than the limit.
    Limit,
    /// Several keys hold weights, or the key asked for does not.
    Ambiguous,
}

impl Fault {
    /// The name that programs use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownForm => "unknown_form",
            Self::UnsupportedContainer => "unsupported_container",
            Self::Unsupported => "unsupported",
            Self::BadHeader => "bad_header",
            Self::BadJson => "bad_json",
            Self::BadZip => "bad_zip",
            Self::MalformedPickle => "malformed_pickle",
            Self::BadOpcode => "bad_opcode",
            Self::ForbiddenGlobal => "forbidden_global",
            Self::UnknownGlobal => "unknown_global",
            Self::Truncated => "truncated",
            Self::MissingRecord => "missing_record",
            Self::Duplicate => "duplicate",
            Self::Overlap => "overlap",
            Self::SizeMismatch => "size_mismatch",
            Self::OutOfBounds => "out_of_bounds",
            Self::Negative => "negative",
            Self::Overflow => "overflow",
            Self::DType => "dtype",
            Self::Traversal => "traversal",
            Self::Limit => "limit",
            Self::Ambiguous => "ambiguous",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
