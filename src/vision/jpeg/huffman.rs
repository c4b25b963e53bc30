//! Huffman codes, and the bits that they are read from.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "fields of a few bits are packed into words"
)]
#![expect(clippy::inline_always, reason = "for `simd::widest`")]

/// How many bits are looked up at once. Longer codes are searched by their length.
const LOOKUP_BITS: u32 = 10;

/// The longest code.
const MAX_BITS: usize = 16;

/// Zero bytes behind the coded data, so that reading past their end stays within memory.
pub(super) const PADDING: usize = 16;

/// What a look-up finds: the bits that it uses in the lowest byte, the run of zeros in the next four
/// bits, and the value on top; with [`VALUE_FOLLOWS`], the size of the value on top, whose bits are
/// still to be read; [`LONG_CODE`] if the code is longer than the look-up.
type Entry = u32;

const VALUE_FOLLOWS: Entry = 1 << 15;
const LONG_CODE: Entry = VALUE_FOLLOWS;

/// A Huffman table of a JPEG file.
#[derive(Clone)]
pub(super) struct Table {
    /// As in the file: the number of codes of each length, and the symbols in their order.
    counts: [u8; MAX_BITS],
    symbols: [u8; 256],
    /// For each length, the first code beyond those of the length, aligned to the left of 16 bits.
    ends: [u32; MAX_BITS],
    /// For each length, what turns a code of it into an index of `symbols`.
    offsets: [i32; MAX_BITS],
    lookup: Box<[Entry; 1 << LOOKUP_BITS]>,
}

impl Table {
    /// The table of `counts` codes by length for `symbols`, if these fit. `dc` if they are the sizes
    /// of differences.
    pub(super) fn new(counts: [u8; MAX_BITS], symbols: &[u8], dc: bool) -> Option<Self> {
        let mut table = Self {
            counts,
            symbols: [0; 256],
            ends: [0; MAX_BITS],
            offsets: [0; MAX_BITS],
            lookup: Box::new([LONG_CODE; 1 << LOOKUP_BITS]),
        };
        table
            .symbols
            .get_mut(..symbols.len())?
            .copy_from_slice(symbols);
        let (mut code, mut index) = (0_u32, 0_usize);
        for length in 1..=MAX_BITS {
            let count = usize::from(counts[length - 1]);
            table.offsets[length - 1] = i32::try_from(index).ok()? - i32::try_from(code).ok()?;
            for &symbol in symbols.get(index..index + count)? {
                // Differences have no run and up to 11 bits, coefficients up to 10.
                if (dc && symbol > 11) || (!dc && symbol & 15 > 10) {
                    return None;
                }
                table.enter(code, length, symbol);
                code += 1;
            }
            if code > 1 << length {
                return None;
            }
            index += count;
            table.ends[length - 1] = code << (MAX_BITS - length);
            code <<= 1;
        }
        (index == symbols.len()).then_some(table)
    }

    /// Whether this is the table of `counts` and `symbols`.
    pub(super) fn is(&self, counts: &[u8; MAX_BITS], symbols: &[u8]) -> bool {
        self.counts == *counts && self.symbols.starts_with(symbols)
    }

    /// Enters a code into the look-up, with each of the bits that can follow it.
    fn enter(&mut self, code: u32, length: usize, symbol: u8) {
        let length = length as u32;
        if length > LOOKUP_BITS || code >> length != 0 {
            return;
        }
        let free = LOOKUP_BITS - length;
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        for rest in 0..1_u32 << free {
            let entry = if size <= free {
                let value = extend(rest >> (free - size), size);
                (value as u32) << 16 | run << 8 | (length + size)
            } else {
                size << 16 | VALUE_FOLLOWS | run << 8 | length
            };
            self.lookup[(code << free | rest) as usize] = entry;
        }
    }

    /// The symbol of a code that is longer than the look-up, and its length; `None` if there is none.
    #[cold]
    fn search(&self, bits: u64) -> Option<(u8, u32)> {
        let code = (bits >> 48) as u32;
        let length = self.ends.iter().position(|&end| code < end)?;
        let index = (code >> (MAX_BITS - 1 - length)) as i32 + self.offsets[length];
        let symbol = self.symbols.get(usize::try_from(index).ok()?)?;
        Some((*symbol, length as u32 + 1))
    }
}

/// The number that `size` bits stand for: the upper half as it is, the lower half negative.
#[inline(always)]
fn extend(bits: u32, size: u32) -> i32 {
    if size == 0 {
        return 0;
    }
    let negative = i32::from(bits >> (size - 1) == 0);
    bits as i32 - (negative * ((1 << size) - 1))
}

/// Reads bits of coded data that have no stuffed bytes.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    /// Where the next bytes are taken.
    at: usize,
    /// The next bits, from the top; below `count` of them, bits that are read again.
    word: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    /// `data` end with [`PADDING`] zeros.
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            at: 0,
            word: 0,
            count: 0,
        }
    }

    /// Sees to it that there are 56 bits; zeros behind the end of the data.
    #[inline(always)]
    fn refill(&mut self) {
        if let Some(chunk) = self.data.get(self.at..).and_then(|rest| rest.first_chunk()) {
            self.word |= u64::from_be_bytes(*chunk) >> self.count;
        }
        self.at += (63 - self.count as usize) >> 3;
        self.count |= 0x38;
    }

    #[inline(always)]
    fn skip(&mut self, count: u32) {
        self.word <<= count;
        self.count -= count;
    }

    /// Whether more bits were read than there are before the padding.
    pub(super) fn is_exhausted(&self) -> bool {
        self.at * 8 > (self.data.len() - PADDING) * 8 + self.count as usize
    }

    /// The next run of zeros and the value behind it.
    #[inline(always)]
    fn value(&mut self, table: &Table) -> Option<(u32, i16)> {
        self.refill();
        let entry = table.lookup[(self.word >> (64 - LOOKUP_BITS)) as usize];
        if entry & VALUE_FOLLOWS == 0 {
            self.skip(entry & 0xFF);
            return Some((entry >> 8 & 15, (entry >> 16) as i16));
        }
        let (run, size, length) = if entry == LONG_CODE {
            let (symbol, length) = table.search(self.word)?;
            (u32::from(symbol >> 4), u32::from(symbol & 15), length)
        } else {
            (entry >> 8 & 15, entry >> 16, entry & 0xFF)
        };
        self.skip(length);
        if size == 0 {
            return Some((run, 0));
        }
        let value = extend((self.word >> (64 - size)) as u32, size);
        self.skip(size);
        Some((run, value as i16))
    }

    /// The difference of a block's mean to that of the block before.
    #[inline(always)]
    pub(super) fn difference(&mut self, table: &Table) -> Option<i16> {
        // A difference's size has no run; sizes end at 11.
        self.value(table).map(|(_, value)| value)
    }

    /// Reads the other coefficients of a block: hands the place in zigzag order and the value of each
    /// to `store`.
    #[inline(always)]
    pub(super) fn coefficients(
        &mut self,
        table: &Table,
        mut store: impl FnMut(usize, i16),
    ) -> Option<()> {
        let mut place = 1;
        while place < 64 {
            let (run, value) = self.value(table)?;
            place += run as usize;
            if value == 0 {
                match run {
                    0 => return Some(()),
                    15 => place += 1,
                    _ => return None,
                }
                continue;
            }
            if place > 63 {
                return None;
            }
            store(place, value);
            place += 1;
        }
        (place == 64).then_some(())
    }
}
