//! The file behind a trace: written in large pieces, and whole after each.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::config::{ConfigError, create_file};

/// What is held back at most, in bytes and in time.
const BUFFER: usize = 64 << 10;
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) struct Sink {
    file: File,
    /// What the file ends with. It is written after each piece, and the next piece over it: so the
    /// file is whole when the process dies.
    trailer: &'static str,
    /// Where the trailer begins.
    end: u64,
    held: Vec<u8>,
    flushed: Instant,
    is_empty: bool,
    has_failed: bool,
}

impl Sink {
    pub(super) fn create(
        path: &Path,
        header: &str,
        trailer: &'static str,
    ) -> Result<Self, ConfigError> {
        let mut sink = Self {
            file: create_file("trace", path)?,
            trailer,
            end: 0,
            held: header.into(),
            flushed: Instant::now(),
            is_empty: true,
            has_failed: false,
        };
        sink.flush();
        Ok(sink)
    }

    /// Adds one event.
    pub(super) fn write(&mut self, text: &str) {
        self.is_empty = false;
        self.held.extend_from_slice(text.as_bytes());
        if self.held.len() >= BUFFER || self.flushed.elapsed() >= PATIENCE {
            self.flush();
        }
    }

    /// Writes what stands between two events.
    pub(super) fn separate(&mut self, separator: &str) {
        if !self.is_empty {
            self.held.extend_from_slice(separator.as_bytes());
        }
    }

    /// Brings everything to the file. A trace that cannot be written is given up, with a warning.
    pub(super) fn flush(&mut self) {
        self.flushed = Instant::now();
        if !self.has_failed
            && let Err(error) = self.try_flush()
        {
            self.has_failed = true;
            tracing::warn!("the trace ends here, it cannot be written: {error}");
        }
        self.held.clear();
    }

    fn try_flush(&mut self) -> io::Result<()> {
        if self.trailer.is_empty() {
            return self.file.write_all(&self.held);
        }
        let bytes = self.held.len() as u64;
        self.held.extend_from_slice(self.trailer.as_bytes());
        self.file.write_all_at(&self.held, self.end)?;
        self.end += bytes;
        Ok(())
    }
}
