//! What the runtime is told at its start: the JSON of `aclInit`, written and checked.
//!
//! The runtime reads its configuration from a file that programs write by hand (`acl.json`). It
//! passes over keys that it does not know, so that a slip of the pen is never told, and answers
//! most other mistakes with a bare number. [`AclConfig`] writes the file from settings with types,
//! or takes one that exists once [`check`] finds nothing in it that the runtime would refuse.

mod check;
mod keys;
mod start;
mod value;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::dump::DumpConfig;
use crate::error::{Error, ErrorKind, Result};
use crate::files;
use crate::weights::quoted;

pub use self::check::{Finding, check};
pub(crate) use self::start::{Handed, handed};

/// Configuration files above this are not read. The runtime's own limit is not published.
const MOST_BYTES: usize = 10 << 20;

/// What the runtime is to be told at its start.
///
/// ```
/// use ascend_rt::{AclConfig, MockConfig};
/// use ascend_rt::dump::DumpConfig;
///
/// # fn main() -> ascend_rt::Result<()> {
/// # let folder = tempfile::tempdir().unwrap();
/// # let folder = folder.path();
/// let config = AclConfig::new().dump(DumpConfig::new(folder).model("resnet50"));
/// println!("{}", config.to_json()?); // what belongs into an `acl.json`
/// let acl = config.mock(MockConfig::default())?; // or `config.load()`, `config.auto(…)`
/// # drop(acl);
/// # Ok(()) }
/// ```
///
/// C API: the file of `aclInit`, `acl.h`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AclConfig {
    /// A file that is handed over as it is; the settings are empty then.
    file: Option<PathBuf>,
    dump: Option<DumpConfig>,
    profiler: Option<PathBuf>,
    shares_messages: bool,
    default_device: Option<u32>,
    operator_queue: Option<u64>,
    aicore_stack_bytes: Option<u64>,
}

impl AclConfig {
    /// The runtime's defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The settings of an `acl.json` that exists. It is handed to the runtime as it is.
    ///
    /// What [`check`] finds in it that the runtime would pass over is told in the log.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when it cannot be read, [`ErrorKind::InvalidArgument`] when the runtime would
    /// refuse it: the text has all reasons, and what to write instead.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let place = format!("the configuration {}", path.display());
        let content =
            files::map(path).map_err(|error| error.while_doing("cannot read the configuration"))?;
        if content.len() > MOST_BYTES {
            let message = format!(
                "{place} has {} bytes, and {MOST_BYTES} at most: name the right file",
                content.len()
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        let text = std::str::from_utf8(&content).map_err(|error| {
            let message = format!("{place} is no text: {error}; save it as UTF-8");
            Error::new(ErrorKind::InvalidArgument, message)
        })?;
        refuse(&place, check(text))?;
        let file = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Ok(Self {
            file: Some(file),
            ..Self::default()
        })
    }

    /// Has tensors written from the start on, as [`Dump`](crate::dump::Dump) does it for a while.
    #[must_use]
    pub fn dump(mut self, dump: DumpConfig) -> Self {
        self.dump = Some(dump);
        self
    }

    /// Has the runtime profile the whole process into `folder`.
    #[must_use]
    pub fn profiler(mut self, folder: impl Into<PathBuf>) -> Self {
        self.profiler = Some(folder.into());
        self
    }

    /// Whether the words of a failure can be read by any thread, and not only by that which failed
    /// (`err_msg_mode`, R-219). Errors of this crate have them either way.
    #[must_use]
    pub fn share_messages(mut self, shares: bool) -> Self {
        self.shares_messages = shares;
        self
    }

    /// The device of threads that chose none, for other code in the process (`defaultDevice`).
    #[must_use]
    pub fn default_device(mut self, ordinal: u32) -> Self {
        self.default_device = Some(ordinal);
        self
    }

    /// How many compiled single operators are kept (`max_opqueue_num`).
    #[must_use]
    pub fn operator_queue(mut self, count: u64) -> Self {
        self.operator_queue = Some(count);
        self
    }

    /// The stack of each AI core in bytes, for kernels of one's own (`aicore_stack_size`).
    #[must_use]
    pub fn aicore_stack_bytes(mut self, bytes: u64) -> Self {
        self.aicore_stack_bytes = Some(bytes);
        self
    }

    /// Whether it says anything.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The text for an `acl.json`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when settings exclude each other or name what there is not, such
    /// as a folder for dumps that is missing; [`ErrorKind::Io`] when it is a file that is gone.
    pub fn to_json(&self) -> Result<String> {
        if let Some(file) = &self.file {
            let content = files::map(file)?;
            return Ok(String::from_utf8_lossy(&content).into_owned());
        }
        let mut parts = Vec::new();
        if let Some(dump) = &self.dump {
            parts.push(format!("  \"dump\": {}", dump.to_json()?));
        }
        if let Some(folder) = &self.profiler {
            let folder = text_of(folder, "the profiler's folder")?;
            parts.push(format!(
                "  \"profiler\": {{\"switch\": \"on\", \"output\": {}}}",
                quoted(folder)
            ));
        }
        if self.shares_messages {
            parts.push("  \"err_msg_mode\": \"1\"".to_owned());
        }
        if let Some(device) = self.default_device {
            parts.push(format!(
                "  \"defaultDevice\": {{\"default_device\": \"{device}\"}}"
            ));
        }
        if let Some(count) = self.operator_queue {
            parts.push(format!("  \"max_opqueue_num\": \"{count}\""));
        }
        if let Some(bytes) = self.aicore_stack_bytes {
            parts.push(format!(
                "  \"StackSize\": {{\"aicore_stack_size\": {bytes}}}"
            ));
        }
        let text = if parts.is_empty() {
            "{}\n".to_owned()
        } else {
            format!("{{\n{}\n}}\n", parts.join(",\n"))
        };
        refuse("the configuration of the runtime", check(&text))?;
        Ok(text)
    }
}

/// A path that JSON can hold.
pub(crate) fn text_of<'p>(path: &'p Path, what: &str) -> Result<&'p str> {
    path.to_str().ok_or_else(|| {
        let message = format!(
            "{what}, {}, is no text: use a path of UTF-8",
            path.display()
        );
        Error::new(ErrorKind::InvalidArgument, message)
    })
}

/// Turns findings that the runtime refuses into an error, and tells the others in the log.
fn refuse(place: &str, findings: Vec<Finding>) -> Result<()> {
    let mut message = String::new();
    for finding in findings {
        if finding.stops {
            // Writing to a text cannot fail.
            let _ = write!(
                message,
                "{}{finding}",
                if message.is_empty() { "" } else { "; " }
            );
        } else {
            tracing::warn!("{place}: {finding}");
        }
    }
    if message.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidArgument,
        format!("{place}: {message}"),
    ))
}
