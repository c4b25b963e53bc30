//! Which way up a picture is, as the camera noted it in the Exif data.

use super::picture::{CHANNELS, Picture};
use crate::error::Result;

/// The Exif tag that holds the orientation, and the type of its value, an unsigned 16-bit number.
const TAG: u16 = 0x0112;
const SHORT: u16 = 3;

/// Offset of the first directory's offset in TIFF data, and the length of a directory's entry.
const DIRECTORY: usize = 4;
const ENTRY_BYTES: usize = 12;

/// How the stored pixels are read to see the picture upright: columns for rows, or backwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Orientation {
    transposed: bool,
    mirrored_x: bool,
    mirrored_y: bool,
}

impl Orientation {
    /// The orientation in `exif`, TIFF data; upright as stored if there is none or it is unreadable.
    pub(super) fn from_exif(exif: &[u8]) -> Self {
        let (transposed, mirrored_x, mirrored_y) = match tag(exif) {
            Some(2) => (false, true, false),
            Some(3) => (false, true, true),
            Some(4) => (false, false, true),
            Some(5) => (true, false, false),
            Some(6) => (true, false, true),
            Some(7) => (true, true, true),
            Some(8) => (true, true, false),
            _ => (false, false, false),
        };
        Self {
            transposed,
            mirrored_x,
            mirrored_y,
        }
    }

    /// `stored`, turned upright.
    pub(super) fn upright(self, stored: Picture) -> Result<Picture> {
        if self == Self::default() {
            return Ok(stored);
        }
        let (width, height) = if self.transposed {
            (stored.height(), stored.width())
        } else {
            (stored.width(), stored.height())
        };
        let (columns, rows) = (stored.width() as usize, stored.height() as usize);
        let mut pixels = Vec::with_capacity(stored.pixels().len());
        for y in 0..height as usize {
            for x in 0..width as usize {
                let (x, y) = if self.transposed { (y, x) } else { (x, y) };
                let x = if self.mirrored_x { columns - 1 - x } else { x };
                let y = if self.mirrored_y { rows - 1 - y } else { y };
                let at = (y * columns + x) * CHANNELS;
                pixels.extend_from_slice(&stored.pixels()[at..at + CHANNELS]);
            }
        }
        Picture::from_rgb(width, height, pixels)
    }
}

/// The orientation's number in `exif`, from the first directory.
fn tag(exif: &[u8]) -> Option<u16> {
    let big_endian = match exif.get(..DIRECTORY)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = [*exif.get(at)?, *exif.get(at.checked_add(1)?)?];
        Some(if big_endian {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        })
    };
    let (first, second) = (short(DIRECTORY)?, short(DIRECTORY + 2)?);
    let (high, low) = if big_endian {
        (first, second)
    } else {
        (second, first)
    };
    let directory = usize::from(high) << 16 | usize::from(low);
    (0..usize::from(short(directory)?))
        .map_while(|entry| {
            let at = directory.checked_add(2 + entry * ENTRY_BYTES)?;
            Some((short(at)?, short(at + 2)?, short(at + 8)?))
        })
        .find(|&(tag, kind, _)| tag == TAG && kind == SHORT)
        .map(|(_, _, value)| value)
}
