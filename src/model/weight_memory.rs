//! Memory for the weights of a model.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::source::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::memory::DeviceBuffer;

/// Memory for the weights of a model, which all loads with its configuration share: each writes the
/// same into it.
#[derive(Debug)]
pub(super) struct WeightMemory {
    buffer: DeviceBuffer<u8>,
    /// The file that it was filled from.
    filled_from: Mutex<Option<FileState>>,
}

/// What tells a file from one that took its place, and from what it was before it was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileState {
    device: u64,
    number: u64,
    bytes: u64,
    /// Seconds and nanoseconds.
    modified: (i64, i64),
}

impl WeightMemory {
    pub(super) fn new(buffer: DeviceBuffer<u8>) -> Self {
        Self {
            buffer,
            filled_from: Mutex::new(None),
        }
    }

    pub(super) fn buffer(&self) -> &DeviceBuffer<u8> {
        &self.buffer
    }

    /// Fills the memory by `load`, unless it is in use with what `source` held before.
    pub(super) fn fill<T>(
        &self,
        source: Source<'_>,
        load: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let Source::File(path) = source else {
            return load();
        };
        let known = self.filled_from.lock();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        // The runtime tells what is wrong with a file that cannot be read.
        let now = FileState::of(path);
        if now.is_some() && known.is_some() && *known != now {
            let message = "the file was replaced or written to after its weights went into the memory \
                           that this load would share: make a new configuration, with memory of its \
                           own";
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        let loaded = load()?;
        *known = known.or(now);
        Ok(loaded)
    }
}

impl FileState {
    fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        Some(Self {
            device: file.dev(),
            number: file.ino(),
            bytes: file.len(),
            modified: (file.mtime(), file.mtime_nsec()),
        })
    }
}
