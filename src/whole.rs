//! Files that appear whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use ascend_graph::text;

use crate::error::{Error, ErrorKind, Result};

/// Small writes are gathered up to this length.
const BUFFER: usize = 1 << 20;

/// A file that is written beside its place, and removed again unless it gets there.
#[derive(Debug)]
pub struct NewFile {
    file: BufWriter<File>,
    unfinished: Unfinished,
}

/// A file that is complete, and not in its place yet.
pub(crate) struct WrittenFile {
    unfinished: Unfinished,
    bytes: u64,
}

#[derive(Debug)]
struct Unfinished {
    part: PathBuf,
    place: PathBuf,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After the rename there is nothing to remove.
        let _ = fs::remove_file(&self.part);
    }
}

impl NewFile {
    /// Begins the file that will be at `place`; what is there is replaced at the end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if nothing can be written beside `place`, or there is something that is no
    /// regular file, such as a device.
    pub fn create(place: &Path) -> Result<Self> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let Some(name) = place.file_name().filter(|_| !place.is_dir()) else {
            let message = text!(
                "cannot write {file}: a folder is no place for a file; give a file's name",
                file = place.display()
            );
            return Err(Error::new(ErrorKind::Io, message));
        };
        let cannot = |error| cannot_write(place, error);
        let there = fs::metadata(place).ok();
        // a device or pipe would be gone, and whoever reads it would wait
        if there.as_ref().is_some_and(|there| !there.is_file()) {
            let message = text!(
                "{file} is no regular file; give a file's name, or - for stdout where that is taken",
                file = place.display()
            );
            return Err(Error::new(ErrorKind::Io, message));
        }
        let mode = if there.is_some() { 0o600 } else { 0o666 };
        let (part, file) = loop {
            let mut part = name.to_owned();
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            part.push(format!(".{}.{count}.part", std::process::id()));
            let part = place.with_file_name(part);
            // never into a file or link that someone else put there
            let mut options = OpenOptions::new();
            options.write(true).create_new(true).mode(mode);
            match options.open(&part) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                opened => break (part, opened.map_err(cannot)?),
            }
        };
        let unfinished = Unfinished {
            part,
            place: place.to_owned(),
        };
        // who may read a file that is replaced may read the new one, and no one else
        if let Some(there) = there {
            file.set_permissions(there.permissions()).map_err(cannot)?;
        }
        Ok(Self {
            file: BufWriter::with_capacity(BUFFER, file),
            unfinished,
        })
    }

    /// Sends everything to the disk, so that one that is full tells so now.
    pub(crate) fn complete(self) -> Result<WrittenFile> {
        let Self { file, unfinished } = self;
        let complete = file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)
            .and_then(|file| {
                file.sync_all()?;
                Ok(file.metadata()?.len())
            });
        match complete {
            Ok(bytes) => Ok(WrittenFile { unfinished, bytes }),
            Err(error) => Err(cannot_write(&unfinished.place, error)),
        }
    }

    /// Completes the file, puts it in its place, and tells its length in bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if it cannot be written to its end; then nothing is left of it.
    pub fn finish(self) -> Result<u64> {
        self.complete()?.appear()
    }

    /// Puts the file in its place without waiting for the disk, and tells its length in bytes: whole
    /// whenever this process ends, but not whenever the machine does. For many small files.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if it cannot be written to its end; then nothing is left of it.
    pub fn place(self) -> Result<u64> {
        let Self { file, unfinished } = self;
        let written = file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)
            .and_then(|file| Ok(file.metadata()?.len()));
        match written {
            Ok(bytes) => WrittenFile { unfinished, bytes }.appear(),
            Err(error) => Err(cannot_write(&unfinished.place, error)),
        }
    }

    /// Writes all of `bytes`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] with the file's place, if they cannot be written.
    pub fn put(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.file.write_all(bytes);
        written.map_err(|error| cannot_write(&self.unfinished.place, error))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl WrittenFile {
    /// Puts the file in its place and tells its length.
    pub(crate) fn appear(self) -> Result<u64> {
        let Unfinished { part, place } = &self.unfinished;
        fs::rename(part, place).map_err(|error| cannot_write(place, error))?;
        Ok(self.bytes)
    }
}

pub(crate) fn cannot_write(path: &Path, error: io::Error) -> Error {
    let hint = match error.kind() {
        io::ErrorKind::StorageFull => text!("free some space, nothing was left there"),
        io::ErrorKind::NotFound => text!("make the folder first"),
        _ => return Error::of_io(text!("cannot write {file}", file = path.display()), error),
    };
    let message = text!(
        "cannot write {file}: {error}; {hint}",
        file = path.display(),
        error = Error::why(&error),
        hint
    );
    Error::new(ErrorKind::Io, message).with_source(error)
}
