//! Tasks of a device that fail, told as they fail: which task, of which stream, and which operator.
//!
//! What a call answers for failed work is a number that came out at some wait. The runtime knows more:
//! it calls back for each task that fails. While an [`ExceptionHandler`] lives, each failure is handed
//! to its function, and errors of sessions and pools name the operator.
//!
//! ```
//! use ascend_rt::Acl;
//!
//! # fn main() -> ascend_rt::Result<()> {
//! let acl = Acl::mock(Default::default())?; // or `Acl::load()`
//! let _handler = acl.on_exception(|exception| eprintln!("{exception}"))?;
//! # Ok(()) }
//! ```

mod hub;
mod operator;
mod slot;

use std::fmt;

use crate::acl::Acl;
use crate::error::{AclCode, Result};

use self::hub::Handler;
pub(crate) use self::hub::{of, start};
pub use self::operator::{Operator, OperatorTensor};
pub(crate) use self::slot::Registered;

/// A task that failed on a device.
///
/// What the runtime does not tell is `None` (R-227).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exception {
    /// The number of the device.
    pub device: Option<u32>,
    /// The number of the stream.
    pub stream: Option<u32>,
    /// The number of the task.
    pub task: Option<u32>,
    /// The thread of this process that queued the task, by its number in the system.
    pub thread: Option<u32>,
    /// Why it failed.
    pub code: Option<AclCode>,
    /// The operator that the task ran, where the runtime knows it. It is asked for by the error of a
    /// run, and not during the callback.
    pub operator: Option<Operator>,
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a task failed")?;
        for (what, number) in [
            ("on device", self.device),
            ("on stream", self.stream),
            ("as task", self.task),
            ("queued by thread", self.thread),
        ] {
            if let Some(number) = number {
                write!(f, " {what} {number}")?;
            }
        }
        if let Some(operator) = &self.operator {
            write!(f, " in the operator {operator}")?;
        }
        match self.code {
            Some(code) => write!(f, " with {code}"),
            None => Ok(()),
        }
    }
}

/// Has failures told until it is dropped.
///
/// It keeps the runtime alive. May be dropped on any thread; a call of the function that is under way
/// goes on, and what the function owns is dropped at its end, on a thread of its own.
///
/// Whoever lets go of a device or of a runtime's last value waits until all its failures are told:
/// a lock that the function takes must not be held there, also where that last value is this one.
#[must_use = "failures are told until this is dropped"]
pub struct ExceptionHandler {
    acl: Acl,
    number: u64,
    /// It goes with the runtime.
    is_kept: bool,
}

impl Acl {
    /// Calls `handler` for each task that fails from now on, until the returned value is dropped.
    ///
    /// Several handlers may be set; each failure goes to all of them. `handler` is called on threads
    /// of the runtime, maybe on several at once (R-226). It must not call the runtime, which may be
    /// waiting for it; what it panics with goes to the log.
    ///
    /// CANN before 8.5 has one place for such a function in the whole process, and the last one that is
    /// set gets it (R-224): there, one that other code has set is no longer called. The place is given
    /// back when the runtime ends.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MissingSymbol`](crate::ErrorKind::MissingSymbol) when the library has no such
    /// function, [`ErrorKind::OutOfMemory`](crate::ErrorKind::OutOfMemory) when too many runtimes of
    /// this process had handlers and did not end.
    #[doc(alias = "aclrtSetExceptionInfoCallback")]
    #[doc(alias = "aclrtExceptionInfoCallbackRegister")]
    pub fn on_exception(
        &self,
        handler: impl Fn(&Exception) + Send + Sync + 'static,
    ) -> Result<ExceptionHandler> {
        let handler: Handler = Box::new(handler);
        let number = hub::add(self, handler)?;
        Ok(ExceptionHandler {
            acl: self.clone(),
            number,
            is_kept: false,
        })
    }
}

impl ExceptionHandler {
    /// Has failures told until the runtime ends, of which this is no reason to live any longer.
    pub fn keep_with_runtime(mut self) {
        self.is_kept = true;
    }
}

impl Drop for ExceptionHandler {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        hub::remove(&self.acl, self.number);
    }
}

impl fmt::Debug for ExceptionHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExceptionHandler")
            .field("acl", &self.acl)
            .finish_non_exhaustive()
    }
}
