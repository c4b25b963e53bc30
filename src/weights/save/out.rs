//! Where bytes go.

use std::io::Write;
use std::path::Path;

use crate::error::Result;
use crate::whole::{NewFile, cannot_write};

/// Bytes between two reports of progress.
const STEP: usize = 4 << 20;

/// How many bytes of tensors are written, for someone who waits.
pub(crate) struct Progress<'p> {
    tell: &'p mut dyn FnMut(u64, u64),
    written: u64,
    total: u64,
}

impl<'p> Progress<'p> {
    pub(crate) fn new(tell: &'p mut dyn FnMut(u64, u64), total: u64) -> Self {
        Self {
            tell,
            written: 0,
            total,
        }
    }

    pub(super) fn pass(&mut self, bytes: usize) {
        self.written += bytes as u64;
        (self.tell)(self.written, self.total);
    }
}

/// A file that is being written.
pub(crate) struct Out<'o, 'p> {
    file: &'o mut NewFile,
    place: &'o Path,
    progress: &'o mut Progress<'p>,
    /// Bytes written so far.
    pub(super) at: u64,
    /// Tensors in which finite numbers became infinite.
    pub(super) overflowed: Vec<String>,
}

impl<'o, 'p> Out<'o, 'p> {
    pub(crate) fn new(
        file: &'o mut NewFile,
        place: &'o Path,
        progress: &'o mut Progress<'p>,
    ) -> Self {
        Self {
            file,
            place,
            progress,
            at: 0,
            overflowed: Vec::new(),
        }
    }

    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.file
            .write_all(bytes)
            .map_err(|error| cannot_write(self.place, error))?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Writes elements in steps, `also` sees each of them.
    pub(crate) fn put_elements(&mut self, bytes: &[u8], mut also: impl FnMut(&[u8])) -> Result<()> {
        for step in bytes.chunks(STEP) {
            also(step);
            self.put(step)?;
            self.progress.pass(step.len());
        }
        Ok(())
    }

    /// Counts elements that need not be written, since they are there already.
    pub(super) fn pass_elements(&mut self, bytes: usize) {
        self.progress.pass(bytes);
    }
}
