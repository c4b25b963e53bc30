//! Huffman codes, and the bits that they are read from.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "fields of a few bits are packed into words"
)]
#![expect(clippy::inline_always, reason = "for `simd::widest`")]

/// How many bits are looked up at once. Longer codes are searched by their length.
const LOOKUP_BITS: u32 = 11;

/// The longest code.
const MAX_BITS: usize = 16;

/// Zero bytes behind the coded data, so that reading past their end stays within memory.
pub(super) const PADDING: usize = 16;

/// How far the end of a block advances, and a code that no coefficient has: beyond any block, so that
/// one comparison finds both.
const END: usize = 192;
const UNKNOWN: usize = 64;

/// What a look-up finds: a code with its value, and one behind it if it fits into the looked-up bits
/// too; else the second is the first again.
///
/// A byte each from the lowest on: the bits of both, the bits of the first, how many places further
/// the first is, and the second. Then their values, 16 bits each. If the value of the first does not
/// fit, the bits of both are 0 and the value is its size; for a code that does not fit itself, all is
/// 0.
#[derive(Clone, Copy)]
struct Entry(u64);

impl Entry {
    const LONG_CODE: Self = Self(0);

    /// No code: what it advances is beyond any block.
    const UNKNOWN: Self = Self((UNKNOWN as u64) << 16 | (UNKNOWN as u64) << 24);

    /// A code of `bits`, its value's included.
    #[inline(always)]
    fn new(bits: u32, advance: usize, value: i32) -> Self {
        let value = u64::from(value as u16);
        let ends = u64::from(bits) << 8 | (advance as u64) << 16 | (advance as u64) << 24;
        Self(u64::from(bits) | ends | value << 32 | value << 48)
    }

    /// A code of `bits` whose value of `size` bits is beyond the look-up.
    fn without_value(bits: u32, advance: usize, size: u32) -> Self {
        Self(Self::new(bits, advance, size as i32).0 & !0xFF)
    }

    /// This code and the one behind it.
    fn and(self, second: Self) -> Self {
        let bits = self.bits() + second.bits();
        let advance = (self.first() + second.first()) as u64;
        let first = self.0 & 0x0000_FFFF_00FF_FF00;
        Self(first | u64::from(bits) | advance << 24 | second.0 & 0xFFFF << 48)
    }

    #[inline(always)]
    fn bits(self) -> u32 {
        self.0 as u32 & 0xFF
    }

    #[inline(always)]
    fn first_bits(self) -> u32 {
        (self.0 >> 8) as u32 & 0xFF
    }

    #[inline(always)]
    fn first(self) -> usize {
        (self.0 >> 16) as usize & 0xFF
    }

    #[inline(always)]
    fn second(self) -> usize {
        (self.0 >> 24) as usize & 0xFF
    }

    #[inline(always)]
    fn first_value(self) -> i16 {
        (self.0 >> 32) as i16
    }

    #[inline(always)]
    fn second_value(self) -> i16 {
        (self.0 >> 48) as i16
    }
}

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
    is_dc: bool,
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
            is_dc: dc,
            lookup: Box::new([Entry::LONG_CODE; 1 << LOOKUP_BITS]),
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
        if index != symbols.len() {
            return None;
        }
        if !dc {
            table.pair();
        }
        Some(table)
    }

    /// Whether this is the table of `counts` and `symbols`.
    pub(super) fn is(&self, counts: &[u8; MAX_BITS], symbols: &[u8]) -> bool {
        self.counts == *counts && self.symbols.starts_with(symbols)
    }

    /// How many places further the value of a symbol is.
    fn advance(&self, symbol: u8) -> usize {
        match symbol {
            _ if self.is_dc => 0,
            0x00 => END,
            0xF0 => 16,
            _ if symbol.trailing_zeros() >= 4 => UNKNOWN,
            _ => usize::from(symbol >> 4) + 1,
        }
    }

    /// Enters a code into the look-up, with each of the bits that can follow it.
    fn enter(&mut self, code: u32, length: usize, symbol: u8) {
        let length = length as u32;
        if length > LOOKUP_BITS || code >> length != 0 {
            return;
        }
        let free = LOOKUP_BITS - length;
        let (advance, size) = (self.advance(symbol), u32::from(symbol & 15));
        let places = (code << free) as usize..((code + 1) << free) as usize;
        let entries = &mut self.lookup[places];
        if size > free {
            entries.fill(Entry::without_value(length, advance, size));
            return;
        }
        let each = 1 << (free - size);
        for (value, entries) in entries.chunks_exact_mut(each).enumerate() {
            let value = extend(value as u32, size);
            entries.fill(Entry::new(length + size, advance, value));
        }
    }

    /// Adds the code behind the first, wherever all its bits are in the look-up too.
    fn pair(&mut self) {
        let single = self.lookup.clone();
        for (bits, entry) in self.lookup.iter_mut().enumerate() {
            let used = entry.bits();
            if used == 0 || entry.first() > 16 {
                continue;
            }
            let second = single[bits << used & ((1 << LOOKUP_BITS) - 1)];
            if second.bits() > 0 && used + second.bits() <= LOOKUP_BITS {
                *entry = entry.and(second);
            }
        }
    }

    /// What the upper bits of `word` begin with.
    #[inline(always)]
    fn look_up(&self, word: u64) -> Entry {
        let entry = self.lookup[(word >> (64 - LOOKUP_BITS)) as usize];
        if entry.bits() > 0 {
            return entry;
        }
        self.look_further(entry, word).unwrap_or(Entry::UNKNOWN)
    }

    /// The same for what is longer than the look-up; `None` if it is no code.
    #[inline(never)]
    fn look_further(&self, entry: Entry, word: u64) -> Option<Entry> {
        let (length, advance, size) = if entry.first_bits() > 0 {
            let size = u32::from(entry.first_value().unsigned_abs());
            (entry.first_bits(), entry.first(), size)
        } else {
            let code = (word >> 48) as u32;
            let length = self.ends.iter().position(|&end| code < end)?;
            let index = (code >> (MAX_BITS - 1 - length)) as i32 + self.offsets[length];
            let symbol = *self.symbols.get(usize::try_from(index).ok()?)?;
            let size = u32::from(symbol & 15);
            (length as u32 + 1, self.advance(symbol), size)
        };
        let value = if size > 0 {
            extend((word << length >> (64 - size)) as u32, size)
        } else {
            0
        };
        Some(Entry::new(length + size, advance, value))
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

    /// The difference of a block's mean to that of the block before.
    #[inline(always)]
    pub(super) fn difference(&mut self, table: &Table) -> Option<i16> {
        self.refill();
        let entry = table.look_up(self.word);
        self.skip(entry.bits());
        (entry.first() == 0).then_some(entry.first_value())
    }

    /// Reads the other coefficients of a block: hands the place in zigzag order and the value of each
    /// to `store`, zeros among them, and gives the last place.
    #[inline(always)]
    pub(super) fn coefficients(
        &mut self,
        table: &Table,
        mut store: impl FnMut(usize, i16),
    ) -> Option<usize> {
        let mut place = 0;
        while place < 63 {
            self.refill();
            let entry = table.look_up(self.word);
            let (first, second) = (place + entry.first(), place + entry.second());
            if second > 63 {
                return self.end(entry, [first, second], place, store);
            }
            store(first, entry.first_value());
            store(second, entry.second_value());
            self.skip(entry.bits());
            place = second;
        }
        Some(place)
    }

    /// The end of a block, whose last codes `entry` holds, at these places; the code before them is at
    /// `place`.
    #[inline(always)]
    fn end(
        &mut self,
        entry: Entry,
        [first, second]: [usize; 2],
        place: usize,
        mut store: impl FnMut(usize, i16),
    ) -> Option<usize> {
        if first >= END {
            self.skip(entry.first_bits());
            return Some(place);
        }
        if first > 63 {
            return None;
        }
        store(first, entry.first_value());
        if first == 63 {
            // The second code is the next block's.
            self.skip(entry.first_bits());
        } else if second >= END {
            self.skip(entry.bits());
        } else {
            return None;
        }
        Some(first)
    }
}
