use std::fmt;
use std::io;

use crate::{Text, text};

/// The result of every fallible function of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a caller can do about an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes are not what they should be: damaged, cut short or another kind of file.
    Format,
    /// The file is sound, but holds something that this version does not handle.
    Unsupported,
    /// What the caller asked for contradicts itself or the model.
    Invalid,
    /// Reading or writing failed; [`source`](std::error::Error::source) has the cause.
    Io,
}

/// A failure, with a message that says what is wrong, where and why.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: Text,
    code: Option<&'static str>,
    source: Option<io::Error>,
}

impl Error {
    /// Gives the kind, which is what to decide on.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Gives the code with which `atc` refuses the same, such as `E10035`, where there is one; the message
    /// ends with it.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        self.code
    }

    pub(crate) fn format(message: impl Into<Text>) -> Self {
        Self::new(ErrorKind::Format, message.into())
    }

    pub(crate) fn unsupported(message: impl Into<Text>) -> Self {
        Self::new(ErrorKind::Unsupported, message.into())
    }

    pub(crate) fn invalid(message: impl Into<Text>) -> Self {
        Self::new(ErrorKind::Invalid, message.into())
    }

    pub(crate) fn with_code(self, code: &'static str) -> Self {
        Self {
            code: Some(code),
            ..self
        }
    }

    /// Gives the message without the code, for another language.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.message
    }

    /// Says in which part of a file or model the failure lies.
    pub(crate) fn within(mut self, place: impl fmt::Display) -> Self {
        self.message = text!(
            "{place}: {what}",
            place = place.to_string(),
            what = self.message
        );
        self
    }

    fn new(kind: ErrorKind, message: Text) -> Self {
        Self {
            kind,
            message,
            code: None,
            source: None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.code.map_or(Ok(()), |code| write!(f, " ({code})"))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_ref()?;
        Some(source)
    }
}

impl From<io::Error> for Error {
    fn from(source: io::Error) -> Self {
        Self {
            kind: ErrorKind::Io,
            message: source.to_string().into(),
            code: None,
            source: Some(source),
        }
    }
}
