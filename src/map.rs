//! A file as bytes, without reading it.
#![allow(
    unsafe_code,
    reason = "a mapping is sound only while nobody changes the file, which no type can promise"
)]

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use ascend_graph::text;
use bytes::Bytes;
use memmap2::Mmap;

use crate::error::{Error, ErrorKind, Result};

/// The content of a file.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) bytes: Bytes,
    /// Where it is mapped from, if it is.
    file: Option<File>,
}

impl Content {
    /// Maps the regular file at `path` privately; the mapping lives as long as a slice of it.
    ///
    /// If another process truncates the file meanwhile, touching the lost pages raises `SIGBUS`; if
    /// it rewrites the file, the bytes change under the reader. Both are stated where files are
    /// opened.
    ///
    /// # Errors
    /// `Io`, without the path, if it cannot be opened or is no regular file.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let told = |cause: io::Error| Error::of_io(text!("cannot be read"), cause);
        // before it is opened: opening a pipe would wait for its other end
        if !fs::metadata(path).map_err(told)?.is_file() {
            return Err(Error::new(
                ErrorKind::Io,
                text!("it is no regular file; copy its content into one"),
            ));
        }
        let file = File::open(path).map_err(told)?;
        // SAFETY: the mapping is read-only and private to the returned `Bytes`, which own it. What
        // remains is a change of the file by others; parsers here check each range against the
        // length that was mapped and hold no reference across which a changed byte would break an
        // invariant: text is validated where it is used, and elements are plain numbers.
        let map = unsafe { Mmap::map(&file) }.map_err(told)?;
        Ok(Self {
            bytes: Bytes::from_owner(map),
            file: Some(file),
        })
    }

    /// What reads a few bytes here and there.
    pub(crate) fn glances(&self) -> Glances<'_> {
        Glances {
            content: self,
            window: Vec::new(),
            start: 0,
        }
    }
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        Self { bytes, file: None }
    }
}

/// Reads a few bytes here and there, in ascending order at best. Where the file is mapped, they are
/// read nevertheless: faults, which map 64 KiB around a byte, take twice as long for a network's file.
#[derive(Debug)]
pub(crate) struct Glances<'c> {
    content: &'c Content,
    /// A part of the file.
    window: Vec<u8>,
    /// Where it is from.
    start: usize,
}

impl Glances<'_> {
    /// Bytes that are read at once.
    const WINDOW: usize = 16 << 10;

    /// `len` bytes from `at`, unless the file ends before or cannot be read.
    pub(crate) fn at(&mut self, at: usize, len: usize) -> Option<&[u8]> {
        let mapped = self.content.bytes.get(at..at.checked_add(len)?)?;
        let Some(file) = &self.content.file else {
            return Some(mapped);
        };
        let known = at.checked_sub(self.start);
        if let Some(skip) = known.filter(|skip| skip + len <= self.window.len()) {
            return self.window.get(skip..skip + len);
        }
        let left = self.content.bytes.len() - at;
        self.window.resize(len.max(Self::WINDOW).min(left), 0);
        self.start = at;
        let read = file.read_exact_at(&mut self.window, at as u64);
        if read.is_err() {
            // the file is shorter than it was: touching what was mapped there would end the process
            self.window.clear();
        }
        self.window.get(..len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glances_see_what_is_mapped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let bytes: Vec<u8> = (0..100_000u32).map(|i| (i % 251) as u8).collect();
        fs::write(&path, &bytes).unwrap();
        for content in [
            Content::open(&path).unwrap(),
            Content::from(Bytes::from(bytes.clone())),
        ] {
            let mut glances = content.glances();
            for (at, len) in [
                (0, 10),
                (8_190, 2),
                (8_190, 3),
                (50_000, 20_000),
                (10, 1),
                (99_990, 10),
                (100_000, 0),
            ] {
                assert_eq!(
                    glances.at(at, len),
                    Some(&bytes[at..at + len]),
                    "{at}, {len}"
                );
            }
            assert_eq!(glances.at(99_990, 11), None);
            assert_eq!(glances.at(usize::MAX, 2), None);
        }
    }
}
