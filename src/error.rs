//! The one error of this crate.

mod code;
mod step;

use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::io;
use std::mem;

use ascend_graph::{Text, text};

pub use code::AclCode;

use crate::exception::Exception;
use crate::model::Gears;
use crate::weights::Fault;

/// A result whose error is [`Error`].
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
    message: Text,
    operation: Option<&'static str>,
    code: Option<AclCode>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    fault: Option<Fault>,
    gears: Option<Gears>,
    exception: Option<Exception>,
}

/// The runtime's words without the lines that say just what the book says of the code.
fn without_advice(detail: &str, code: AclCode) -> String {
    let is_news = |line: &&str| {
        let advice = line.trim().trim_end_matches('.').split_once(": ");
        let Some(("Possible Cause" | "Solution", advice)) = advice else {
            return true;
        };
        code.cause() != Some(advice) && code.remedy() != Some(advice)
    };
    detail
        .lines()
        .filter(is_news)
        .collect::<Vec<_>>()
        .join("\n")
}

impl Error {
    /// An error of `kind` with a message of the form "what: why; what to do next".
    pub fn new(kind: ErrorKind, message: impl Into<Text>) -> Self {
        Self(Box::new(Repr {
            kind,
            message: message.into(),
            operation: None,
            code: None,
            source: None,
            fault: None,
            gears: None,
            exception: None,
        }))
    }

    /// The error of what the operating system refused: `doing` says what was attempted, on what, such
    /// as "cannot read net.om". The next step follows from the system's reason.
    pub fn of_io(doing: impl Into<Text>, error: io::Error) -> Self {
        let doing: Text = doing.into();
        let message = text!(
            "{doing}: {why}; {step}",
            doing,
            why = step::why(&error),
            step = step::after(&error)
        );
        Self::new(ErrorKind::Io, message).with_source(error)
    }

    /// What the operating system says, so that it can be told in any language.
    pub(crate) fn why(error: &io::Error) -> Text {
        step::why(error)
    }

    /// An error that is nobody's fault but of this library, or of the runtime below it.
    #[must_use]
    pub fn internal(message: impl fmt::Display) -> Self {
        let message = text!(
            "{message}: this should not happen; report it, with what `--log-level debug` tells",
            message = message.to_string()
        );
        Self::new(ErrorKind::Internal, message)
    }

    /// The error of a C function that answered `code`; `detail` is the runtime's own text.
    pub(crate) fn from_code(operation: &'static str, code: AclCode, detail: Option<&str>) -> Self {
        let mut message = code.to_string();
        if let Some(detail) = detail {
            message += ": ";
            message += without_advice(detail, code).trim_end();
        }
        if let (Some(cause), Some(remedy)) = (code.cause(), code.remedy()) {
            // Writing to a text cannot fail.
            let _ = write!(message, "; usual cause: {cause}; what to do: {remedy}");
        }
        let message = text!(
            "{operation} failed with {answer}",
            operation,
            answer = message
        );
        let mut error = Self::new(code.kind(), message);
        error.0.operation = Some(operation);
        error.0.code = Some(code);
        error
    }

    /// The same error, told from further up: `doing` says what was attempted, on what.
    #[must_use]
    pub(crate) fn while_doing(mut self, doing: impl Into<Text>) -> Self {
        let doing: Text = doing.into();
        let why = mem::take(&mut self.0.message);
        self.0.message = text!("{doing}: {why}", doing, why);
        self
    }

    /// The same error of a file that is damaged, with what to do about it, where the text ends with the
    /// damage.
    #[must_use]
    pub(crate) fn with_step(mut self, step: Text) -> Self {
        if self.0.kind == ErrorKind::Format && !self.0.message.contains("; ") {
            let message = mem::take(&mut self.0.message);
            self.0.message = text!("{message}; {step}", message, step);
        }
        self
    }

    /// The same error with the one that caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same error, with what is wrong with the file.
    #[must_use]
    pub(crate) fn with_fault(mut self, fault: Fault) -> Self {
        self.0.fault = Some(fault);
        self
    }

    /// What is wrong with the file of weights that this error is about.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        self.0.fault
    }

    /// The same error, with the shapes that the model has.
    #[must_use]
    pub(crate) fn with_gears(mut self, gears: &Gears) -> Self {
        self.0.gears = Some(gears.clone());
        self
    }

    /// The shapes among which the model is switched, when an input fits none of them.
    #[must_use]
    pub fn gears(&self) -> Option<&Gears> {
        self.0.gears.as_ref()
    }

    /// The same error, with the failed task that it comes from.
    #[must_use]
    pub(crate) fn with_exception(mut self, exception: Exception) -> Self {
        self.0.exception = Some(exception);
        self
    }

    /// The task that failed on the device, with its operator where that is known: of errors of runs,
    /// while somebody listens to exceptions ([`Acl::on_exception`](crate::Acl::on_exception)).
    #[must_use]
    pub fn exception(&self) -> Option<&Exception> {
        self.0.exception.as_ref()
    }

    /// Whether a wait for a stream ended before its work did.
    pub(crate) fn is_timeout(&self) -> bool {
        let code = self.code().map(AclCode::get);
        code == Some(ascend_sys::ACL_ERROR_RT_STREAM_SYNC_TIMEOUT)
    }

    /// What it tells, so that it can be told in any language.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.0.message
    }

    /// Which decision this error calls for.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The C function that failed, where one did.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// What that C function answered.
    #[must_use]
    pub fn code(&self) -> Option<AclCode> {
        self.0.code
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

impl From<ascend_graph::ErrorKind> for ErrorKind {
    fn from(kind: ascend_graph::ErrorKind) -> Self {
        use ascend_graph::ErrorKind as Graph;
        match kind {
            Graph::Format => Self::Format,
            Graph::Unsupported => Self::Unsupported,
            Graph::Io => Self::Io,
            _ => Self::InvalidArgument,
        }
    }
}

impl From<ascend_graph::Error> for Error {
    fn from(error: ascend_graph::Error) -> Self {
        let made = Self::new(error.kind().into(), error.to_string());
        made.with_step(text!("export or fetch the file again"))
    }
}

#[cfg(feature = "mock")]
impl From<ascend_mock::compiler::CompileError> for Error {
    fn from(error: ascend_mock::compiler::CompileError) -> Self {
        Self::new(error.kind().into(), error.to_string())
    }
}

#[cfg(feature = "mock")]
impl From<ascend_mock::ConfigError> for Error {
    fn from(error: ascend_mock::ConfigError) -> Self {
        Self::new(ErrorKind::InvalidArgument, error.to_string())
    }
}

#[cfg(feature = "mock")]
impl From<ascend_mock::LeaseError> for Error {
    fn from(error: ascend_mock::LeaseError) -> Self {
        match error {
            ascend_mock::LeaseError::Config(error) => error.into(),
            error => Self::new(ErrorKind::OutOfMemory, error.to_string()),
        }
    }
}
