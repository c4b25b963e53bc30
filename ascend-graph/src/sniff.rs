//! Recognises files that are sent where a model belongs.

use std::str;

/// How much of a file is looked at to recognise text.
const SNIFFED_BYTES: usize = 512;

/// Tells whether a file is what Git LFS leaves in place of the real one.
pub(crate) fn is_lfs_pointer(file: &[u8]) -> bool {
    file.starts_with(b"version http")
}

/// Tells whether a file starts like text. Binary files have control bytes among their first.
pub(crate) fn is_text(file: &[u8]) -> bool {
    let start = &file[..file.len().min(SNIFFED_BYTES)];
    let text = match str::from_utf8(start) {
        Ok(text) => text,
        // A character may be cut at the end of what is looked at.
        Err(error) if error.error_len().is_none() => {
            str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n');
    !text.is_empty() && !text.chars().any(is_control)
}
