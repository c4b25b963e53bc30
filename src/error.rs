//! The one error of this crate.

use std::error::Error as StdError;
use std::fmt;

/// A result whose error is [`enum@Error`]'s kind of thing: what, where, why and what to do next.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in the terms of a decision that a caller can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No usable CANN library on this machine, or one that fails to start.
    Library,
    /// The installed CANN lacks a function that this call needs.
    MissingSymbol,
    /// The device does not exist, is lost, or was taken away.
    Device,
    /// Device or host memory ran out, or a limit on it was reached.
    OutOfMemory,
    /// An argument breaks a rule of the call.
    InvalidArgument,
    /// A tensor's shape or element type does not fit.
    Shape,
    /// A file is damaged or not of the form it was taken for.
    Format,
    /// The request is understood and this device, version or build cannot do it.
    Unsupported,
    /// The operating system refused to read or write.
    Io,
    /// The work was accepted and failed while it ran.
    Execution,
    /// A fault of this library or of the runtime below it.
    Internal,
}

/// An error: what was attempted, on what, why it failed, and what to do next.
///
/// One word wide. [`kind`](Error::kind) is for programs; the text is for people.
pub struct Error(Box<Repr>);

struct Repr {
    kind: ErrorKind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of `kind` with a message of the form "what: why; what to do next".
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Repr {
            kind,
            message: message.into(),
            source: None,
        }))
    }

    /// The same error with the one that caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Which decision this error calls for.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.0.kind, self.0.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| {
            let source: &(dyn StdError + 'static) = source;
            source
        })
    }
}
