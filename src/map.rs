//! A file as bytes, without reading it.
#![allow(
    unsafe_code,
    reason = "a mapping is sound only while nobody changes the file, which no type can promise"
)]

use std::fs::File;
use std::io;
use std::path::Path;

use bytes::Bytes;
use memmap2::Mmap;

use crate::error::{Error, ErrorKind, Result};

/// The content of the file at `path`; see [`map`].
pub(crate) fn open(path: &Path) -> Result<Bytes> {
    File::open(path)
        .and_then(|file| map(&file))
        .map_err(|error| {
            let message = format!("cannot read {}: {error}", path.display());
            Error::new(ErrorKind::Io, message).with_source(error)
        })
}

/// The content of `file`, mapped privately and kept for as long as a slice of it lives.
///
/// If another process truncates the file meanwhile, touching the lost pages raises `SIGBUS`; if it
/// rewrites the file, the bytes change under the reader. Both are stated where files are opened.
pub(crate) fn map(file: &File) -> io::Result<Bytes> {
    // SAFETY: the mapping is read-only and private to the returned `Bytes`, which own it. What
    // remains is a change of the file by others; parsers here check each range against the length
    // that was mapped and hold no reference across which a changed byte would break an invariant:
    // text is validated where it is used, and elements are plain numbers.
    let map = unsafe { Mmap::map(file)? };
    Ok(Bytes::from_owner(map))
}
