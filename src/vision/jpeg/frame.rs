//! The headers of a baseline JPEG file.

use super::huffman::Table;
use crate::vision::orientation::Orientation;

/// Luma and two colour differences.
pub(super) const COMPONENTS: usize = 3;

/// What the headers tell of the picture.
#[derive(Clone, Copy, Debug)]
pub(in crate::vision) struct Frame {
    pub(in crate::vision) width: usize,
    pub(in crate::vision) height: usize,
    pub(in crate::vision) orientation: Orientation,
    /// Columns and rows of luma for one of colour: 1 or 2.
    pub(super) sampling: [usize; 2],
    /// For each component, which tables it uses.
    pub(super) quantisers: [usize; COMPONENTS],
    pub(super) differences: [usize; COMPONENTS],
    pub(super) coefficients: [usize; COMPONENTS],
    /// After so many units the coding starts anew; 0 for never.
    pub(super) restart: usize,
}

/// So many code tables a file may tell, for each takes some time to make; files have four.
const MOST_TABLES: usize = 64;

/// The tables of the files read so far: those that come again are kept.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) quantisers: [Option<[i16; 64]>; 4],
    pub(super) differences: [Option<Table>; 4],
    pub(super) coefficients: [Option<Table>; 4],
    /// Which of the last two the file at hand has set.
    set: [[bool; 4]; 2],
    /// How many of them it has told.
    told: usize,
}

/// A segment's marker and data, and where the next one starts.
fn segment(bytes: &[u8], mut at: usize) -> Option<(u8, &[u8], usize)> {
    if *bytes.get(at)? != 0xFF {
        return None;
    }
    at += bytes.get(at..)?.iter().position(|&byte| byte != 0xFF)?;
    let marker = *bytes.get(at)?;
    let length = usize::from(short(bytes.get(at + 1..)?)?);
    let data = bytes.get(at + 3..at + 1 + length)?;
    Some((marker, data, at + 1 + length))
}

fn short(bytes: &[u8]) -> Option<u16> {
    bytes.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

impl Tables {
    /// Reads the headers of `bytes` up to the coded data, which start at the offset that is given too.
    /// `None` if the file is damaged or not of the kind: baseline, YCbCr, one scan.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Option<(Frame, usize)> {
        if !bytes.starts_with(b"\xFF\xD8") {
            return None;
        }
        self.quantisers = [None; 4];
        self.set = Default::default();
        self.told = 0;
        let mut at = 2;
        let mut start: Option<(Frame, [u8; COMPONENTS])> = None;
        let mut restart = 0;
        let mut orientation = Orientation::default();
        // Without either marker the components' names would tell the colours.
        let mut is_ycbcr = false;
        loop {
            let (marker, data, next) = segment(bytes, at)?;
            at = next;
            match marker {
                0xC0 | 0xC1 => start = Some(frame(data)?),
                0xC4 => self.huffman(data)?,
                0xDB => self.quantisers(data)?,
                0xDD => restart = usize::from(short(data)?),
                0xE0 if data.starts_with(b"JFIF\0") => is_ycbcr = true,
                0xE1 => {
                    if let Some(exif) = data.strip_prefix(b"Exif\0\0") {
                        orientation = Orientation::from_exif(exif);
                    }
                }
                0xEE if data.starts_with(b"Adobe") => {
                    if *data.get(11)? != 1 {
                        return None;
                    }
                    is_ycbcr = true;
                }
                0xDA => {
                    let (mut frame, names) = start?;
                    let &[3, a, tables_a, b, tables_b, c, tables_c, 0, 63, 0] = data else {
                        return None;
                    };
                    let tables = [tables_a, tables_b, tables_c];
                    frame.differences = tables.map(|table| usize::from(table >> 4));
                    frame.coefficients = tables.map(|table| usize::from(table & 15));
                    frame.restart = restart;
                    frame.orientation = orientation;
                    let set = |used: [usize; COMPONENTS], set: &[bool; 4]| {
                        used.iter().all(|&table| set.get(table) == Some(&true))
                    };
                    let whole = set(frame.differences, &self.set[0])
                        && set(frame.coefficients, &self.set[1]);
                    return (whole && is_ycbcr && [a, b, c] == names).then_some((frame, at));
                }
                0xE0..=0xEF | 0xFE => (),
                _ => return None,
            }
        }
    }

    fn quantisers(&mut self, mut data: &[u8]) -> Option<()> {
        while let [place, rest @ ..] = data {
            // Of 8 bits each; those of 16 are for pictures of 12.
            let (levels, rest) = rest.split_first_chunk::<64>()?;
            *self.quantisers.get_mut(usize::from(*place))? = Some(levels.map(i16::from));
            data = rest;
        }
        Some(())
    }

    fn huffman(&mut self, mut data: &[u8]) -> Option<()> {
        while let [place, rest @ ..] = data {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let len = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, rest) = rest.split_at_checked(len)?;
            data = rest;
            let (tables, differences) = match place >> 4 {
                0 => (&mut self.differences, true),
                1 => (&mut self.coefficients, false),
                _ => return None,
            };
            let table = tables.get_mut(usize::from(place & 15))?;
            self.told += 1;
            (self.told <= MOST_TABLES).then_some(())?;
            self.set[usize::from(place >> 4)][usize::from(place & 15)] = true;
            if !table.as_ref().is_some_and(|old| old.is(counts, symbols)) {
                *table = Some(Table::new(*counts, symbols, differences)?);
            }
        }
        Some(())
    }
}

/// The start of a frame, and the components' names.
fn frame(data: &[u8]) -> Option<(Frame, [u8; COMPONENTS])> {
    let &[
        8,
        height_1,
        height_0,
        width_1,
        width_0,
        3,
        ref components @ ..,
    ] = data
    else {
        return None;
    };
    let &[
        a,
        luma,
        quantiser_a,
        b,
        0x11,
        quantiser_b,
        c,
        0x11,
        quantiser_c,
    ] = components
    else {
        return None;
    };
    let frame = Frame {
        width: usize::from(u16::from_be_bytes([width_1, width_0])),
        height: usize::from(u16::from_be_bytes([height_1, height_0])),
        orientation: Orientation::default(),
        sampling: [luma >> 4, luma & 15].map(usize::from),
        quantisers: [quantiser_a, quantiser_b, quantiser_c].map(usize::from),
        differences: [0; COMPONENTS],
        coefficients: [0; COMPONENTS],
        restart: 0,
    };
    let known = frame.sampling.iter().all(|times| (1..=2).contains(times));
    (known && frame.width > 0 && frame.height > 0).then_some((frame, [a, b, c]))
}
