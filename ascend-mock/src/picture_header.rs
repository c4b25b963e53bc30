//! What the first bytes of JPEG and PNG files say of their pictures.

use ascend_sys::{
    ACL_ERROR_UNSUPPORTED_JPEG, acldvppJpegFormat as Sampling, acldvppPixelFormat as Format,
};

use crate::fault::Fault;

/// The extents that decoders write are multiples of these.
const HEIGHT_STEP: u64 = 16;

/// A picture before it is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) components: u8,
    /// How much less colour than brightness a JPEG has; unknown for others.
    pub(crate) sampling: Sampling,
}

/// Reads bytes one after another.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes([self.byte()?, self.byte()?]))
    }

    fn long(&mut self) -> Option<u32> {
        Some(u32::from(self.short()?) << 16 | u32::from(self.short()?))
    }

    fn skip(&mut self, count: usize) -> Option<()> {
        self.0 = self.0.get(count..)?;
        Some(())
    }
}

impl Header {
    /// Of a JPEG file: that of its first frame.
    pub(crate) fn of_jpeg(bytes: &[u8]) -> Result<Self, Fault> {
        let mut reader = Reader(bytes);
        if reader.short() != Some(0xFFD8) {
            return Err(Fault::argument("the data is no JPEG file"));
        }
        let cut = || Fault::argument("the JPEG file ends before its first frame");
        loop {
            let marker = marker(&mut reader).ok_or_else(cut)?;
            match marker {
                // Marks without a length.
                0x01 | 0xD0..=0xD7 => {}
                // Frames coded by Huffman's method, not progressive.
                0xC0 | 0xC1 => return frame(&mut reader).ok_or_else(cut)?,
                0xC2 | 0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                    return Err(Fault::new(
                        ACL_ERROR_UNSUPPORTED_JPEG,
                        format!(
                            "the JPEG file is coded as {marker:#x}, neither baseline nor extended"
                        ),
                    ));
                }
                0xD9 | 0xDA => return Err(cut()),
                _ => {
                    let length = reader.short().ok_or_else(cut)?;
                    let rest = usize::from(length).checked_sub(2).ok_or_else(cut)?;
                    reader.skip(rest).ok_or_else(cut)?;
                }
            }
        }
    }

    /// Of a PNG file.
    pub(crate) fn of_png(bytes: &[u8]) -> Result<Self, Fault> {
        let Some(chunk) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") else {
            return Err(Fault::argument("the data is no PNG file"));
        };
        let mut reader = Reader(chunk);
        let mut header = || {
            let is_header = reader.long()? == 13 && reader.long()? == u32::from_be_bytes(*b"IHDR");
            let (width, height) = (reader.long()?, reader.long()?);
            let (_depth, colours) = (reader.byte()?, reader.byte()?);
            // A palette's colours are three components.
            let components = match colours {
                0 => 1,
                4 => 2,
                2 | 3 => 3,
                6 => 4,
                _ => return None,
            };
            (is_header && width > 0 && height > 0).then_some(Self {
                width,
                height,
                components,
                sampling: Sampling::ACL_JPEG_CSS_UNKNOWN,
            })
        };
        header().ok_or_else(|| Fault::argument("the PNG file has no valid header"))
    }

    /// The bytes of the decoded picture, whose rows are multiples of `width_step`.
    pub(crate) fn decoded_jpeg(self, format: Format, width_step: u64) -> Result<u32, Fault> {
        use Format as F;
        let halves = match format {
            F::PIXEL_FORMAT_UNKNOWN => match self.sampling {
                Sampling::ACL_JPEG_CSS_444 => 6,
                Sampling::ACL_JPEG_CSS_422 | Sampling::ACL_JPEG_CSS_440 => 4,
                Sampling::ACL_JPEG_CSS_420 | Sampling::ACL_JPEG_CSS_411 => 3,
                Sampling::ACL_JPEG_CSS_GRAY => 2,
                _ => {
                    return Err(Fault::new(
                        ACL_ERROR_UNSUPPORTED_JPEG,
                        "the JPEG file samples colours in a way that is not supported",
                    ));
                }
            },
            F::PIXEL_FORMAT_YUV_400 => 2,
            F::PIXEL_FORMAT_YUV_SEMIPLANAR_420 | F::PIXEL_FORMAT_YVU_SEMIPLANAR_420 => 3,
            F::PIXEL_FORMAT_YUV_SEMIPLANAR_422 | F::PIXEL_FORMAT_YVU_SEMIPLANAR_422 => 4,
            F::PIXEL_FORMAT_YUV_SEMIPLANAR_444
            | F::PIXEL_FORMAT_YVU_SEMIPLANAR_444
            | F::PIXEL_FORMAT_RGB_888
            | F::PIXEL_FORMAT_BGR_888 => 6,
            other => return Err(no_format(other)),
        };
        self.bytes(width_step, halves)
    }

    pub(crate) fn decoded_png(self, format: Format, width_step: u64) -> Result<u32, Fault> {
        let halves = match format {
            Format::PIXEL_FORMAT_UNKNOWN => 2 * u64::from(self.components),
            Format::PIXEL_FORMAT_RGB_888 => 6,
            Format::PIXEL_FORMAT_RGBA_8888 => 8,
            other => return Err(no_format(other)),
        };
        self.bytes(width_step, halves)
    }

    /// The bytes of rows and columns in whole steps; a pixel has so many halves of a byte.
    fn bytes(self, width_step: u64, halves: u64) -> Result<u32, Fault> {
        let width = u64::from(self.width).next_multiple_of(width_step);
        let height = u64::from(self.height).next_multiple_of(HEIGHT_STEP);
        let bytes = width
            .checked_mul(height)
            .and_then(|pixels| pixels.checked_mul(halves));
        let bytes = bytes.and_then(|bytes| u32::try_from(bytes / 2).ok());
        bytes.ok_or_else(|| {
            Fault::argument(format!(
                "a picture of {} by {} pixels needs more than 4 GiB",
                self.width, self.height
            ))
        })
    }
}

fn no_format(format: Format) -> Fault {
    Fault::argument(format!("no decoder gives pixels of format {}", format.0))
}

/// The next marker; fill bytes may stand before it.
fn marker(reader: &mut Reader<'_>) -> Option<u8> {
    if reader.byte()? != 0xFF {
        return None;
    }
    loop {
        match reader.byte()? {
            0xFF => {}
            marker => return Some(marker),
        }
    }
}

/// The frame behind its marker; `None` if it is cut.
fn frame(reader: &mut Reader<'_>) -> Option<Result<Header, Fault>> {
    let (_length, _precision) = (reader.short()?, reader.byte()?);
    let (height, width) = (reader.short()?, reader.short()?);
    let components = reader.byte()?;
    let mut factors = Vec::new();
    for _ in 0..components {
        let (_id, factor, _table) = (reader.byte()?, reader.byte()?, reader.byte()?);
        factors.push((factor >> 4, factor & 0xF));
    }
    if width == 0 || height == 0 {
        return Some(Err(Fault::argument("the JPEG picture has no pixels")));
    }
    let sampling = match factors[..] {
        [_] => Sampling::ACL_JPEG_CSS_GRAY,
        [brightness, (1, 1), (1, 1)] => match brightness {
            (1, 1) => Sampling::ACL_JPEG_CSS_444,
            (2, 1) => Sampling::ACL_JPEG_CSS_422,
            (2, 2) => Sampling::ACL_JPEG_CSS_420,
            (1, 2) => Sampling::ACL_JPEG_CSS_440,
            (4, 1) => Sampling::ACL_JPEG_CSS_411,
            _ => Sampling::ACL_JPEG_CSS_UNKNOWN,
        },
        _ => Sampling::ACL_JPEG_CSS_UNKNOWN,
    };
    Some(Ok(Header {
        width: u32::from(width),
        height: u32::from(height),
        components,
        sampling,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 33 by 17 pixels, coded by `marker`, with these sampling factors.
    fn jpeg(marker: u8, factors: &[u8]) -> Vec<u8> {
        let count = u8::try_from(factors.len()).unwrap();
        let mut file = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, marker];
        file.extend([0, 8 + 3 * count, 8, 0, 17, 0, 33, count]);
        for (id, factor) in (1..).zip(factors) {
            file.extend([id, *factor, 0]);
        }
        file
    }

    #[test]
    fn frames_are_found_behind_other_segments() {
        let header = Header::of_jpeg(&jpeg(0xC0, &[0x22, 0x11, 0x11])).unwrap();
        let expected = Header {
            width: 33,
            height: 17,
            components: 3,
            sampling: Sampling::ACL_JPEG_CSS_420,
        };
        assert_eq!(header, expected);
        let size = header.decoded_jpeg(Format::PIXEL_FORMAT_UNKNOWN, 128);
        assert_eq!(size.unwrap(), 128 * 32 * 3 / 2);
        let gray = Header::of_jpeg(&jpeg(0xC1, &[0x11])).unwrap();
        assert_eq!(gray.sampling, Sampling::ACL_JPEG_CSS_GRAY);
    }

    #[test]
    fn progressive_and_cut_files_are_refused() {
        let code = |bytes: &[u8]| Header::of_jpeg(bytes).unwrap_err().code;
        assert_eq!(code(&jpeg(0xC2, &[0x11])), 148_052);
        let whole = jpeg(0xC0, &[0x22, 0x11, 0x11]);
        for length in 0..whole.len() {
            assert_eq!(code(&whole[..length]), 100_000);
        }
        assert_eq!(code(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 1]), 100_000);
    }

    #[test]
    fn a_png_tells_its_components() {
        let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x05\0\0\0\x07\x08\x06".to_vec();
        let header = Header::of_png(&file).unwrap();
        assert_eq!((header.width, header.height, header.components), (5, 7, 4));
        let size = header.decoded_png(Format::PIXEL_FORMAT_UNKNOWN, 128);
        assert_eq!(size.unwrap(), 128 * 16 * 4);
        file.truncate(25);
        assert_eq!(Header::of_png(&file).unwrap_err().code, 100_000);
    }
}
