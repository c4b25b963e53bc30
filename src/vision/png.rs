//! PNG files.

use std::io::{Cursor, ErrorKind as IoErrorKind};

use ::png::{
    ColorType, Decoder, DecodingError, InterlaceInfo, Limits as DecoderLimits, Reader,
    Transformations, expand_interlaced_row,
};

use super::orientation::Orientation;
use super::picture::{CHANNELS, Limits, Picture};
use crate::error::{Error, ErrorKind, Result};

/// Memory that the decoder may use for a row and for chunks other than pixels: 64 MiB, and 8 bytes
/// for each pixel of a row.
const CHUNK_BYTES: usize = 64 << 20;
const MAX_PIXEL_BYTES: usize = 8;

const RGB_BITS: u8 = 24;

pub(super) fn decode(name: &str, bytes: &[u8], limits: Limits) -> Result<Picture> {
    let fault = |fault: DecodingError| damage(name, bytes, &fault);
    let mut decoder = Decoder::new(Cursor::new(bytes));
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let (width, height) = decoder.read_header_info().map_err(fault)?.size();
    let len = limits.admit(name, width, height)?;
    let columns = len / CHANNELS / height as usize;
    decoder.set_limits(DecoderLimits {
        bytes: CHUNK_BYTES + columns * MAX_PIXEL_BYTES,
    });
    let mut reader = decoder.read_info().map_err(fault)?;
    if reader
        .info()
        .frame_control
        .is_some_and(|frame| (frame.width, frame.height) != (width, height))
    {
        let message = format!(
            "{name}: the first frame of this animated PNG is smaller than the picture; \
             save it as a still PNG"
        );
        return Err(Error::new(ErrorKind::Unsupported, message));
    }

    let mut pixels = vec![0; len];
    if reader.info().interlaced {
        read_interlaced(&mut reader, &mut pixels, columns).map_err(fault)?;
    } else {
        read_rows(&mut reader, &mut pixels, columns).map_err(fault)?;
    }
    reader.finish().map_err(fault)?;

    let exif = reader.info().exif_metadata.as_deref().unwrap_or_default();
    let orientation = Orientation::from_exif(exif);
    orientation.upright(Picture::from_rgb(width, height, pixels)?)
}

type Source<'a> = Reader<Cursor<&'a [u8]>>;

fn read_rows(
    reader: &mut Source<'_>,
    pixels: &mut [u8],
    columns: usize,
) -> Result<(), DecodingError> {
    let (color, _) = reader.output_color_type();
    for rgb in pixels.chunks_exact_mut(columns * CHANNELS) {
        if let Some(row) = reader.next_row()? {
            to_rgb(color, row.data(), rgb);
        }
    }
    Ok(())
}

fn read_interlaced(
    reader: &mut Source<'_>,
    pixels: &mut [u8],
    columns: usize,
) -> Result<(), DecodingError> {
    let (color, _) = reader.output_color_type();
    let stride = columns * CHANNELS;
    let mut scratch = vec![0; stride];
    while let Some(row) = reader.next_interlaced_row()? {
        if let InterlaceInfo::Adam7(pass) = row.interlace() {
            let rgb = &mut scratch[..row.data().len() / color.samples() * CHANNELS];
            to_rgb(color, row.data(), rgb);
            expand_interlaced_row(pixels, stride, rgb, pass, RGB_BITS);
        }
    }
    Ok(())
}

/// Turns a row of 8-bit samples into RGB; transparency is dropped.
fn to_rgb(color: ColorType, row: &[u8], rgb: &mut [u8]) {
    let pixels = row.chunks_exact(color.samples());
    match color {
        ColorType::Rgb => rgb.copy_from_slice(row),
        ColorType::Rgba => {
            for (to, from) in rgb.chunks_exact_mut(CHANNELS).zip(pixels) {
                to.copy_from_slice(&from[..CHANNELS]);
            }
        }
        // A palette never arrives here: the decoder expands it.
        ColorType::Grayscale | ColorType::GrayscaleAlpha | ColorType::Indexed => {
            for (to, from) in rgb.chunks_exact_mut(CHANNELS).zip(pixels) {
                to.fill(from[0]);
            }
        }
    }
}

fn damage(name: &str, bytes: &[u8], fault: &DecodingError) -> Error {
    let what = match fault {
        DecodingError::IoError(fault) if fault.kind() == IoErrorKind::UnexpectedEof => format!(
            "the PNG file is truncated: no end of the picture in its {} bytes",
            bytes.len()
        ),
        other => format!("the PNG data are damaged ({other})"),
    };
    let message = format!("{name}: {what}; fetch or save the file again");
    Error::new(ErrorKind::Format, message)
}
