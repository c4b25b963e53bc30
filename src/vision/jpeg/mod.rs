//! JPEG files.

pub(super) mod baseline;
mod color;
mod frame;
mod huffman;
mod idct;

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use super::orientation::Orientation;
use super::picture::{CHANNELS, Limits, Picture};
use crate::error::{Error, ErrorKind, Result};

/// The longest side that a JPEG header can state.
const MAX_SIDE: usize = 65_535;

pub(super) fn decode(name: &str, bytes: &[u8], limits: Limits) -> Result<Picture> {
    match decode_baseline(name, bytes, limits) {
        Some(picture) => picture,
        None => decode_any(name, bytes, limits),
    }
}

/// The picture of a sound baseline file within the limits, to the bit as libjpeg decodes it.
fn decode_baseline(name: &str, bytes: &[u8], limits: Limits) -> Option<Result<Picture>> {
    let mut decoder = baseline::Decoder::default();
    let mut orientation = Orientation::default();
    let part = decoder.decode(bytes, |frame| {
        orientation = frame.orientation;
        let (width, height) = (frame.width.try_into().ok()?, frame.height.try_into().ok()?);
        limits.admit(name, width, height).ok()?;
        Some(baseline::Part {
            x: 0..frame.width,
            y: 0..frame.height,
        })
    })?;
    let (width, height) = (part.x.end.try_into().ok()?, part.y.end.try_into().ok()?);
    let mut pixels = Vec::with_capacity(part.x.end * part.y.end * CHANNELS);
    for &[red, green, blue, _] in decoder.pixels().as_chunks::<{ baseline::PIXEL }>().0 {
        pixels.extend_from_slice(&[red, green, blue]);
    }
    let stored = Picture::from_rgb(width, height, pixels);
    Some(stored.and_then(|stored| orientation.upright(stored)))
}

fn decode_any(name: &str, bytes: &[u8], limits: Limits) -> Result<Picture> {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder
        .decode_headers()
        .map_err(|fault| damage(name, bytes, &fault))?;
    if !has_end(bytes) {
        return Err(truncation(name, bytes));
    }
    let info = decoder.info().unwrap_or_default();
    if !matches!(info.components, 1 | 3 | 4) {
        let message = format!(
            "{name}: the JPEG picture has {} colour components, and 1, 3 or 4 are known; \
             convert it to RGB",
            info.components
        );
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    let len = limits.admit(name, info.width.into(), info.height.into())?;
    let mut pixels = vec![0; len];
    decoder
        .decode_into(&mut pixels)
        .map_err(|fault| damage(name, bytes, &fault))?;
    let picture = Picture::from_rgb(info.width.into(), info.height.into(), pixels)?;
    let exif = info.exif_data.unwrap_or_default();
    Orientation::from_exif(&exif).upright(picture)
}

fn damage(name: &str, bytes: &[u8], fault: &DecodeErrors) -> Error {
    match fault {
        DecodeErrors::IoErrors(_) | DecodeErrors::ExhaustedData => truncation(name, bytes),
        DecodeErrors::Unsupported(_) => Error::new(
            ErrorKind::Unsupported,
            format!(
                "{name}: lossless and arithmetic-coded JPEG are not known; \
                 save it as a baseline JPEG or as PNG"
            ),
        ),
        other => Error::new(
            ErrorKind::Format,
            format!("{name}: the JPEG data are damaged ({other}); fetch or save the file again"),
        ),
    }
}

fn truncation(name: &str, bytes: &[u8]) -> Error {
    let message = format!(
        "{name}: the JPEG file is truncated: no end of the picture in its {} bytes; \
         fetch or save the file again",
        bytes.len()
    );
    Error::new(ErrorKind::Format, message)
}

/// Whether an end-of-image marker follows the start of the first scan.
///
/// The decoder alone does not miss the last few bytes. Thumbnails, which have an end of their own,
/// come before the first scan.
fn has_end(bytes: &[u8]) -> bool {
    scan_start(bytes)
        .and_then(|start| bytes.get(start..))
        .is_some_and(has_end_marker)
}

fn has_end_marker(scans: &[u8]) -> bool {
    scans.windows(2).rev().any(|pair| pair == [0xFF, 0xD9])
}

/// Offset of the first start-of-scan segment's length.
fn scan_start(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        at += bytes.get(at..)?.iter().position(|&byte| byte != 0xFF)?;
        match bytes.get(at)? {
            0xDA => return Some(at + 1),
            0x00 | 0x01 | 0xD0..=0xD8 => at += 1, // markers without a segment
            _ => {
                let length = [*bytes.get(at + 1)?, *bytes.get(at + 2)?];
                at += 1 + usize::from(u16::from_be_bytes(length));
            }
        }
    }
}
