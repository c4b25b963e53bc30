//! A decoded picture, and the limits on decoding one.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::format::Format;
use super::{jpeg, png};
use crate::error::{Error, ErrorKind, Result};

/// Bytes of one RGB pixel.
pub(super) const CHANNELS: usize = 3;

/// How large a picture may be. Checked against the file's header, before its pixels get memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Width times height, in pixels; 100 megapixels unless told. A pixel takes 3 bytes of memory;
    /// while a picture is turned upright, 6; while a JPEG is decoded, up to 12.
    pub pixels: u64,
    /// Length of the file, in bytes; 512 MiB unless told.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pixels: 100_000_000,
            bytes: 512 << 20,
        }
    }
}

impl Limits {
    /// Length in bytes of the RGB pixels of a `width` x `height` picture, if it is within the limit.
    pub(super) fn admit(self, name: &str, width: u32, height: u32) -> Result<usize> {
        let pixels = u64::from(width) * u64::from(height);
        usize::try_from(pixels)
            .ok()
            .filter(|_| pixels <= self.pixels)
            .and_then(|pixels| pixels.checked_mul(CHANNELS))
            .ok_or_else(|| {
                let message = format!(
                    "{name}: the picture is {width} x {height} pixels, and the limit is {} pixels; \
                     scale it down or raise `Limits::pixels`",
                    self.pixels
                );
                Error::new(ErrorKind::Unsupported, message)
            })
    }
}

/// A decoded picture: upright, RGB, one byte a channel, rows from the top.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Picture {
    /// The picture in the JPEG or PNG file at `path`, within the default [`Limits`].
    ///
    /// # Errors
    /// `Io` if the file cannot be read, else those of [`decode`](Self::decode).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_within(path, Limits::default())
    }

    /// The picture in the JPEG or PNG file at `path`, within `limits`.
    ///
    /// # Errors
    /// `Io` if the file cannot be read, else those of [`decode`](Self::decode).
    pub fn open_within(path: impl AsRef<Path>, limits: Limits) -> Result<Self> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| {
                file.take(limits.bytes.saturating_add(1))
                    .read_to_end(&mut bytes)
            })
            .map_err(|source| {
                Error::of_io(format_args!("{name}: the picture cannot be read"), source)
            })?;
        decode(&name, &bytes, limits)
    }

    /// The picture in `bytes`, a whole JPEG or PNG file, within the default [`Limits`].
    ///
    /// - JPEG: baseline and progressive, grey, YCbCr, RGB, CMYK and YCCK. CMYK is taken for inverted,
    ///   as Adobe and Pillow do.
    /// - PNG: every colour type, bit depth and interlacing. Transparency is dropped, as by Pillow's
    ///   `convert("RGB")`. Of 16 bits the upper 8 are taken, also for grey, where Pillow clips.
    /// - Orientation (Exif) is applied, as by Pillow's `ImageOps.exif_transpose`.
    ///
    /// Colour profiles and gamma are not applied. As with Pillow, a JPEG picture whose data stop
    /// early but are closed by an end marker is no error; what is missing is filled.
    ///
    /// # Errors
    /// `Format` if the file is damaged, truncated or no picture; `Unsupported` if it is larger than
    /// the limits, or of another kind, such as GIF or WebP.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        Self::decode_within(bytes, Limits::default())
    }

    /// The picture in `bytes`, a whole JPEG or PNG file, within `limits`.
    ///
    /// # Errors
    /// Those of [`decode`](Self::decode).
    pub fn decode_within(bytes: &[u8], limits: Limits) -> Result<Self> {
        decode("picture", bytes, limits)
    }

    /// A picture of pixels that are decoded already: `[height, width, 3]` bytes, RGB, rows from the
    /// top.
    ///
    /// # Errors
    /// `Shape` if a side is 0 or the number of bytes is another.
    pub fn from_rgb(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self> {
        let bytes = u64::from(width)
            .checked_mul(u64::from(height))
            .and_then(|pixels| pixels.checked_mul(3));
        if width == 0 || height == 0 || bytes != u64::try_from(pixels.len()).ok() {
            let message = format!(
                "picture: {width} x {height} RGB pixels do not fit {} bytes; \
                 give width * height * 3 bytes and no side of 0",
                pixels.len()
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// Width in pixels, never 0.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, never 0.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels: `[height, width, 3]` bytes, RGB, rows from the top.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture")
            .field("width", &self.width)
            .field("height", &self.height)
            .finish_non_exhaustive()
    }
}

fn decode(name: &str, bytes: &[u8], limits: Limits) -> Result<Picture> {
    if u64::try_from(bytes.len()).is_ok_and(|len| len > limits.bytes) {
        let message = format!(
            "{name}: the file is longer than the limit of {} bytes; \
             compress it or raise `Limits::bytes`",
            limits.bytes
        );
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    match Format::detect(name, bytes)? {
        Format::Jpeg => jpeg::decode(name, bytes, limits),
        Format::Png => png::decode(name, bytes, limits),
    }
}
