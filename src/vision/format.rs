//! What kind of file this is, told by its first bytes.

use crate::error::{Error, ErrorKind, Result};

/// The kinds of file that can be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
}

/// Kinds that people do hand to an image model, and how they begin: offset, bytes, name.
const FOREIGN: [(usize, &[u8], &str); 16] = [
    (0, b"GIF8", "a GIF picture"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"BM", "a BMP picture"),
    (0, b"II*\0", "a TIFF picture"),
    (0, b"MM\0*", "a TIFF picture"),
    (0, b"II+\0", "a BigTIFF picture"),
    (4, b"ftypavi", "an AVIF picture"),
    (4, b"ftyphei", "an HEIC picture"),
    (4, b"ftyphev", "an HEIC picture"),
    (4, b"ftypm", "an HEIF picture or an MP4 film"),
    (4, b"ftyp", "an MP4 film or a picture of its family"),
    (0, b"\xFF\x0A", "a JPEG XL picture"),
    (4, b"JXL \r\n\x87\n", "a JPEG XL picture"),
    (4, b"jP  \r\n\x87\n", "a JPEG 2000 picture"),
    (0, b"8BPS", "a Photoshop picture"),
    (0, b"%PDF", "a PDF document"),
];

/// How much of a file is looked at to tell text from binary data.
const TEXT_PROBE_BYTES: usize = 512;

impl Format {
    /// Recognises `bytes`, or says what they are instead.
    pub(super) fn detect(name: &str, bytes: &[u8]) -> Result<Self> {
        if bytes.starts_with(b"\xFF\xD8\xFF") {
            return Ok(Self::Jpeg);
        }
        if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
            return Ok(Self::Png);
        }
        Err(refusal(name, bytes))
    }
}

fn refusal(name: &str, bytes: &[u8]) -> Error {
    let foreign = FOREIGN.iter().find(|(offset, magic, _)| {
        bytes
            .get(*offset..)
            .is_some_and(|rest| rest.starts_with(magic))
    });
    if let Some((_, _, what)) = foreign {
        return Error::new(
            ErrorKind::Unsupported,
            format!("{name}: this is {what}; convert it to JPEG or PNG"),
        );
    }
    let what = if bytes.is_empty() {
        "the file is empty".to_owned()
    } else if b"\xFF\xD8\xFF".starts_with(bytes) || b"\x89PNG\r\n\x1A\n".starts_with(bytes) {
        format!("the file is truncated: it ends after {} bytes", bytes.len())
    } else if is_text(bytes) {
        "this is text, not a picture".to_owned()
    } else {
        let head = &bytes[..bytes.len().min(8)];
        format!("this is no picture known here: it begins with the bytes {head:02X?}")
    };
    Error::new(
        ErrorKind::Format,
        format!("{name}: {what}; give a JPEG or PNG file"),
    )
}

/// Whether `bytes` begin like text: ASCII without control characters other than white space.
fn is_text(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .take(TEXT_PROBE_BYTES)
        .all(|&byte| byte >= 0x80 || !byte.is_ascii_control() || byte.is_ascii_whitespace())
        && std::str::from_utf8(&bytes[..bytes.len().min(TEXT_PROBE_BYTES)])
            .map_or_else(|fault| fault.error_len().is_none(), |_| true)
}
