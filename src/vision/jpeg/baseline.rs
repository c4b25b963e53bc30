//! Baseline JPEG files in YCbCr, which nearly all are: decoded to the bit as libjpeg does, and just the
//! part that is asked for.
//!
//! Everything else, damage as well, is left to the decoder that knows all kinds.
#![expect(clippy::inline_always, reason = "for `simd::widest`")]

use std::ops::Range;

use super::color::{blend_rows, double_columns, repeat_columns, to_rgb, widen};
use super::frame::{COMPONENTS, Frame, Tables};
use super::huffman::{Bits, PADDING};
use super::idct;
use crate::simd;

/// Bytes of a pixel: red, green, blue and one that is not used.
pub(in crate::vision) const PIXEL: usize = 4;

/// The largest buffer that is kept.
pub(in crate::vision) const MOST_KEPT: usize = 32 << 20;

/// How many samples beyond the part their neighbours' colours depend on.
const REACH: usize = 2;

/// A part of a picture: columns and rows, neither empty.
#[derive(Clone, Debug)]
pub(in crate::vision) struct Part {
    pub(in crate::vision) x: Range<usize>,
    pub(in crate::vision) y: Range<usize>,
}

/// The memory of decoding, kept from one file to the next.
#[derive(Default)]
pub(in crate::vision) struct Decoder {
    tables: Tables,
    coded: Vec<u8>,
    planes: [Vec<u8>; COMPONENTS],
    rows: [Vec<i16>; COMPONENTS],
    pixels: Vec<u8>,
}

/// The units, of a block of each colour, that cover a part.
struct Units {
    x: Range<usize>,
    y: Range<usize>,
}

impl Decoder {
    /// Decodes the part that `choose` picks when it is told of the picture, into
    /// [`pixels`](Self::pixels). `None` if it picks none, or if the file is of another kind or damaged:
    /// the codes of all of it are read, whatever the part.
    pub(in crate::vision) fn decode(
        &mut self,
        bytes: &[u8],
        choose: impl FnOnce(&Frame) -> Option<Part>,
    ) -> Option<Part> {
        let (frame, start) = self.tables.read(bytes)?;
        let part = choose(&frame)?;
        let units = |along: &Range<usize>, length: usize, times: usize| {
            let side = idct::SIDE * times;
            let end = (along.end + REACH).min(length);
            along.start.saturating_sub(REACH) / side..end.div_ceil(side)
        };
        let units = Units {
            x: units(&part.x, frame.width, frame.sampling[0]),
            y: units(&part.y, frame.height, frame.sampling[1]),
        };
        let coded = bytes.get(start..)?;
        if !super::has_end_marker(coded) {
            return None;
        }
        simd::widest(
            #[inline(always)]
            || self.scan(&frame, coded, &units),
        )?;
        simd::widest(
            #[inline(always)]
            || self.color(&frame, &part, &units),
        )?;
        Some(part)
    }

    /// The pixels of the part that was decoded last: `[height, width]` of [`PIXEL`] bytes.
    pub(in crate::vision) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Gives back what memory a large file took.
    pub(in crate::vision) fn shrink(&mut self) {
        let [a, b, c] = &self.planes;
        let is_large = |buffer: &Vec<u8>| buffer.capacity() > MOST_KEPT;
        if [a, b, c, &self.coded, &self.pixels]
            .into_iter()
            .any(is_large)
        {
            *self = Self::default();
        }
    }

    /// Decodes the units' samples into the planes.
    #[inline(always)]
    fn scan(&mut self, frame: &Frame, mut rest: &[u8], units: &Units) -> Option<()> {
        let [across, down] = frame.sampling;
        let times = [[across, down], [1, 1], [1, 1]];
        let strides = times.map(|[x, _]| units.x.len() * x * idct::SIDE);
        for ((plane, stride), [_, y]) in self.planes.iter_mut().zip(strides).zip(times) {
            plane.resize(stride * units.y.len() * y * idct::SIDE, 0);
        }
        let tables = {
            let table = |c: usize| {
                Some((
                    self.tables
                        .differences
                        .get(frame.differences[c])?
                        .as_ref()?,
                    self.tables
                        .coefficients
                        .get(frame.coefficients[c])?
                        .as_ref()?,
                    self.tables.quantisers.get(frame.quantisers[c])?.as_ref()?,
                ))
            };
            [table(0)?, table(1)?, table(2)?]
        };
        let mut interval = 0_u8;
        rest = unstuff(rest, interval, &mut self.coded)?;
        let mut bits = Bits::new(&self.coded);
        let mut means = [0_i16; COMPONENTS];
        let mut left = frame.restart;
        let mut block = [0_i16; 64];
        // All of them, so that damage is found wherever it is.
        for y in 0..frame.height.div_ceil(idct::SIDE * down) {
            for x in 0..frame.width.div_ceil(idct::SIDE * across) {
                if frame.restart > 0 {
                    if left == 0 {
                        if bits.is_exhausted() {
                            return None;
                        }
                        interval = interval.wrapping_add(1);
                        rest = unstuff(rest, interval, &mut self.coded)?;
                        bits = Bits::new(&self.coded);
                        means = [0; COMPONENTS];
                        left = frame.restart;
                    }
                    left -= 1;
                }
                let seen = units.x.contains(&x) && units.y.contains(&y);
                for (c, [columns, rows]) in times.into_iter().enumerate() {
                    let (differences, coefficients, quantiser) = tables[c];
                    for place in 0..columns * rows {
                        means[c] = means[c].wrapping_add(bits.difference(differences)?);
                        if !seen {
                            bits.coefficients(coefficients, |_, _| ())?;
                            continue;
                        }
                        let last = bits.coefficients(coefficients, |place, value| {
                            block[idct::ZIGZAG[place & 63] & 63] =
                                value.wrapping_mul(quantiser[place & 63]);
                        })?;
                        block[0] = means[c].wrapping_mul(quantiser[0]);
                        // There are one or two columns.
                        let (row, column) = (place >> (columns - 1), place & (columns - 1));
                        let top = ((y - units.y.start) * rows + row) * idct::SIDE;
                        let from = ((x - units.x.start) * columns + column) * idct::SIDE;
                        let at = top * strides[c] + from;
                        idct::inverse(&block, last == 0, &mut self.planes[c], at, strides[c])?;
                        if last > 0 {
                            block = [0; 64];
                        }
                    }
                }
            }
            if bits.is_exhausted() {
                return None;
            }
        }
        Some(())
    }

    /// Makes the part's pixels of the planes.
    #[inline(always)]
    fn color(&mut self, frame: &Frame, part: &Part, units: &Units) -> Option<()> {
        let [across, down] = frame.sampling;
        let stride = units.x.len() * idct::SIDE;
        let (left, top) = (units.x.start * idct::SIDE, units.y.start * idct::SIDE);
        let width = part.x.len();
        self.pixels.resize(width * part.y.len() * PIXEL, 0);
        let columns = part.x.start / across..(part.x.end - 1) / across + 1;
        let last = [
            frame.width.div_ceil(across) - 1,
            frame.height.div_ceil(down) - 1,
        ];
        let [sums, blue, red] = &mut self.rows;
        sums.resize(columns.len() + 2, 0);
        blue.resize(columns.len() * across, 0);
        red.resize(columns.len() * across, 0);
        let skipped = part.x.start - columns.start * across;
        let inside = columns.start - left..columns.end - left;
        let before = columns.start.saturating_sub(1) - left;
        let after = columns.end.min(last[0]) - left;

        let [luma, colors @ ..] = &self.planes;
        for (y, to) in part
            .y
            .clone()
            .zip(self.pixels.chunks_exact_mut(width * PIXEL))
        {
            for (plane, out) in colors.iter().zip([&mut *blue, &mut *red]) {
                let row = |y: usize| plane.get((y - top) * stride..)?.get(..stride);
                let near = row(y / down)?;
                // The row that lies on the other side of this one.
                let far = if y % 2 == 0 {
                    (y / 2).saturating_sub(1)
                } else {
                    (y / 2 + 1).min(last[1])
                };
                match (across, down) {
                    (1, 1) => widen(&near[inside.clone()], out),
                    (1, _) => {
                        blend_rows(&near[inside.clone()], &row(far)?[inside.clone()], out);
                        let bias = if y % 2 == 0 { 1 } else { 2 };
                        for sum in out.iter_mut() {
                            *sum = (*sum + bias) >> 2;
                        }
                    }
                    // libjpeg does not smooth the colours of the narrowest pictures.
                    _ if last[0] < 2 => repeat_columns(&near[inside.clone()], out),
                    (_, 1) => {
                        widen(&near[before..=before], &mut sums[..1]);
                        widen(&near[inside.clone()], &mut sums[1..]);
                        widen(&near[after..=after], &mut sums[columns.len() + 1..]);
                        double_columns::<2>(sums, out, 1, 2);
                    }
                    _ => {
                        let far = row(far)?;
                        blend_rows(
                            &near[before..=before],
                            &far[before..=before],
                            &mut sums[..1],
                        );
                        blend_rows(&near[inside.clone()], &far[inside.clone()], &mut sums[1..]);
                        let end = &mut sums[columns.len() + 1..];
                        blend_rows(&near[after..=after], &far[after..=after], end);
                        double_columns::<4>(sums, out, 8, 7);
                    }
                }
            }
            let at = (y - top * down) * stride * across + part.x.start - left * across;
            let luma = luma.get(at..)?.get(..width)?;
            to_rgb(luma, &blue[skipped..], &red[skipped..], to);
        }
        Some(())
    }
}

/// Copies the coded data of this restart interval, without stuffed zeros, and gives what follows the
/// marker at its end: nothing after that of the picture.
fn unstuff<'a>(mut rest: &'a [u8], interval: u8, to: &mut Vec<u8>) -> Option<&'a [u8]> {
    to.clear();
    loop {
        let words = rest.as_chunks().0.iter();
        let plain = words.take_while(|word| !has_marker(u64::from_le_bytes(**word)));
        let at = plain.count() * 8;
        let at = at + rest.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        match rest.get(at + 1)? {
            0x00 => {
                to.extend_from_slice(&rest[..=at]);
                rest = &rest[at + 2..];
            }
            0xFF => {
                to.extend_from_slice(&rest[..at]);
                rest = &rest[at + 1..];
            }
            marker @ (0xD0..=0xD7 | 0xD9) => {
                to.extend_from_slice(&rest[..at]);
                to.extend_from_slice(&[0; PADDING]);
                return match *marker {
                    0xD9 => Some(&[]),
                    restart if restart == 0xD0 + interval % 8 => Some(&rest[at + 2..]),
                    _ => None,
                };
            }
            _ => return None,
        }
    }
}

/// Whether a byte of `word` is 0xFF.
fn has_marker(word: u64) -> bool {
    let inverted = !word;
    inverted.wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Behind the codes of a small picture, too.
    #[test]
    fn a_large_file_leaves_no_memory_behind() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/data/vision/gradient.jpg"
        );
        let mut bytes = std::fs::read(path).unwrap();
        let end = bytes.len() - 2;
        bytes.splice(end..end, std::iter::repeat_n(0, MOST_KEPT + 1));
        let mut decoder = Decoder::default();
        let _ = decoder.decode(&bytes, |frame| {
            let (x, y) = (0..frame.width, 0..frame.height);
            Some(Part { x, y })
        });
        assert!(decoder.coded.capacity() > MOST_KEPT);
        decoder.shrink();
        assert!(decoder.coded.capacity() <= MOST_KEPT);
    }

    /// What lies beyond a part makes no difference, at the edges of the picture and of the units.
    #[test]
    fn a_part_is_that_of_the_whole() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/vision");
        let (mut files, mut parts) = (0, 0);
        let mut decoder = Decoder::default();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "jpg") {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let all = |frame: &Frame| {
                let (x, y) = (0..frame.width, 0..frame.height);
                Some(Part { x, y })
            };
            let Some(whole) = decoder.decode(&bytes, all) else {
                continue;
            };
            files += 1;
            let (width, height) = (whole.x.end, whole.y.end);
            let pixels = decoder.pixels().to_vec();
            let stretches = |length: usize| {
                let edges = [0, 1, 7, 16];
                let both = edges.map(|edge| [edge, length.saturating_sub(edge)]);
                let mut edges: Vec<_> = both.into_iter().flatten().collect();
                edges.retain(|&edge| edge <= length);
                edges.sort_unstable();
                edges.dedup();
                let next = edges.iter().zip(&edges[1..]).map(|(a, b)| *a..*b);
                let far = edges.iter().zip(&edges[edges.len() / 2..]);
                let far = far.filter(|(a, b)| a < b).map(|(a, b)| *a..*b);
                next.chain(far).collect::<Vec<_>>()
            };
            for y in stretches(height) {
                for x in stretches(width) {
                    let part = Part {
                        x: x.clone(),
                        y: y.clone(),
                    };
                    let part = decoder.decode(&bytes, |_| Some(part)).unwrap();
                    parts += 1;
                    let rows = decoder.pixels().chunks_exact(part.x.len() * PIXEL);
                    for (row, y) in rows.zip(part.y) {
                        let expected = &pixels[(y * width + x.start) * PIXEL..][..row.len()];
                        assert_eq!(row, expected, "{}: {x:?} of {y}", path.display());
                    }
                }
            }
        }
        assert!(files >= 20 && parts > 1000, "{files}, {parts}");
    }

    /// The code for any processor is run on none of those that tests run on.
    #[test]
    fn all_processors_decode_the_same() {
        let mut files = 0;
        for folder in ["tests/data/vision", "examples/resnet50/pictures"] {
            let folder = format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"));
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_none_or(|extension| extension != "jpg") {
                    continue;
                }
                let bytes = std::fs::read(&path).unwrap();
                let decode = || {
                    let mut decoder = Decoder::default();
                    let part = decoder.decode(&bytes, |frame| {
                        let (x, y) = (0..frame.width, 0..frame.height);
                        Some(Part { x, y })
                    })?;
                    Some((part.x.end, part.y.end, decoder.pixels))
                };
                let [widest, plain] = [decode(), simd::plainly(decode)];
                files += usize::from(plain.is_some());
                assert!(widest == plain, "{}", path.display());
            }
        }
        assert!(files >= 30, "{files}");
    }

    #[test]
    fn a_restart_interval_ends_at_its_own_marker() {
        let mut coded = Vec::new();
        let mut ends = |marker: u8, interval| {
            let bytes = [1, 0xFF, 0x00, 2, 0xFF, marker, 3];
            let rest = unstuff(&bytes, interval, &mut coded).map(<[u8]>::to_vec);
            assert_eq!(coded[..3], [1, 0xFF, 2]);
            rest
        };
        assert_eq!(ends(0xD0, 0), Some(vec![3]));
        assert_eq!(ends(0xD7, 15), Some(vec![3]));
        assert_eq!(ends(0xD1, 0), None);
        // Behind the picture's end nothing is coded.
        assert_eq!(ends(0xD9, 0), Some(Vec::new()));
        assert_eq!(unstuff(&[], 1, &mut coded), None);
    }
}
