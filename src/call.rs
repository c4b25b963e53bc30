//! The one place where a C status becomes an [`Error`].

use std::ffi::CStr;
use std::marker::PhantomData;

use ascend_graph::text;
use ascend_sys::{AclApi, MissingSymbol, aclError};

use crate::acl::Acl;
use crate::context::Context;
use crate::error::{AclCode, Error, ErrorKind, Result};

/// Words of the runtime that an error carries at most.
const MOST_MESSAGE_BYTES: usize = 16 << 10;

impl Acl {
    /// The table of C functions.
    pub(crate) fn api(&self) -> &AclApi {
        &self.loaded().api
    }

    /// Judges the status that `operation` answered on this very thread just now.
    pub(crate) fn check(
        &self,
        operation: &'static str,
        status: Result<aclError, MissingSymbol>,
    ) -> Result<()> {
        match AclCode::new(self.value(status)?) {
            None => Ok(()),
            Some(code) => Err(Error::from_code(
                operation,
                code,
                self.recent_message().as_deref(),
            )),
        }
    }

    /// The value of a C function that has no status.
    pub(crate) fn value<T>(&self, value: Result<T, MissingSymbol>) -> Result<T> {
        value.map_err(|missing| {
            let message = text!(
                "{library} lacks the function {symbol}: install a newer CANN",
                library = self.loaded().origin.text(),
                symbol = missing.symbol
            );
            Error::new(ErrorKind::MissingSymbol, message)
        })
    }

    /// The error of a C function that answers NULL where it refuses, on this very thread just now.
    pub(crate) fn refused(&self, operation: &'static str, why: &str) -> Error {
        let mut message = format!("{operation} refused: {why}");
        if let Some(detail) = self.recent_message() {
            message += ": ";
            message += &detail;
        }
        Error::new(ErrorKind::InvalidArgument, message)
    }

    /// The value of a C function that makes something, and answers NULL when it cannot.
    pub(crate) fn made<T>(
        &self,
        operation: &'static str,
        made: Result<*mut T, MissingSymbol>,
    ) -> Result<*mut T> {
        let raw = self.value(made)?;
        if !raw.is_null() {
            return Ok(raw);
        }
        let words = self.recent_message();
        let words = words.as_deref().unwrap_or("the runtime does not say why");
        let message = format!(
            "{operation} gave nothing: {words}; free some memory of this machine, or restart it"
        );
        Err(Error::new(ErrorKind::OutOfMemory, message))
    }

    /// Forgets what this thread's last call said, where a failure is no error: it would be taken for
    /// the words of the next one, for reading gives all that was not read. Nothing is allocated.
    pub(crate) fn forget_message(&self) {
        // SAFETY: no argument; the text is not looked at.
        let _words = unsafe { self.api().aclGetRecentErrMsg() };
    }

    /// The runtime's own words for the newest failure of this thread (R-217…R-220).
    fn recent_message(&self) -> Option<String> {
        // SAFETY: no argument; the text stays valid until this thread's next call, and
        // is copied before that.
        let text = unsafe { self.api().aclGetRecentErrMsg() }.ok()?;
        if text.is_null() {
            return None;
        }
        // SAFETY: a NUL-terminated text, by the same rule.
        let text = unsafe { CStr::from_ptr(text) }
            .to_string_lossy()
            .trim()
            .to_owned();
        (!text.is_empty()).then(|| shortened(text))
    }
}

/// The newest words, which come first, of a runtime that has more to say than anybody reads.
fn shortened(mut text: String) -> String {
    if text.len() > MOST_MESSAGE_BYTES {
        let end = text.floor_char_boundary(MOST_MESSAGE_BYTES);
        text.truncate(end);
        text.push_str(" …");
    }
    text
}

/// Proof that a context is current on this thread: no call that needs one can forget to bind it.
#[derive(Debug)]
pub(crate) struct Current<'c> {
    context: &'c Context,
    _this_thread: PhantomData<*const ()>,
}

impl<'c> Current<'c> {
    /// For [`Context::bind`] alone.
    pub(crate) fn new(context: &'c Context) -> Self {
        Self {
            context,
            _this_thread: PhantomData,
        }
    }

    /// The context that is current.
    pub(crate) fn context(&self) -> &'c Context {
        self.context
    }

    /// The table of C functions.
    pub(crate) fn api(&self) -> &'c AclApi {
        self.context.acl().api()
    }

    /// Judges a status; see [`Acl::check`].
    pub(crate) fn check(
        &self,
        operation: &'static str,
        status: Result<aclError, MissingSymbol>,
    ) -> Result<()> {
        self.context.acl().check(operation, status)
    }

    /// What a function made; see [`Acl::made`].
    pub(crate) fn made<T>(
        &self,
        operation: &'static str,
        made: Result<*mut T, MissingSymbol>,
    ) -> Result<*mut T> {
        self.context.acl().made(operation, made)
    }

    /// The value of a function that has no status; see [`Acl::value`].
    pub(crate) fn value<T>(&self, value: Result<T, MissingSymbol>) -> Result<T> {
        self.context.acl().value(value)
    }
}
