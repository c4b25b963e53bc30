//! The inverse cosine transform: libjpeg's accurate one, to the bit.
//!
//! A number between the two passes has 16 bits, and one that no encoder writes is cut to them, as
//! libjpeg-turbo's vectors do.
#![expect(clippy::inline_always, reason = "for `simd::widest`")]

use bytemuck::cast;
use wide::{i16x8, i32x4, u8x16, u32x4};

/// A block has this many rows and columns.
pub(super) const SIDE: usize = 8;

/// Bits behind the point of the constants, and of the numbers between the two passes.
const CONSTANT_BITS: i32 = 13;
const BETWEEN_BITS: i32 = 2;

/// By how many bits the results of a pass are rounded. Both passes multiply by 8 together, which the
/// second takes back.
const FIRST_SHIFT: i32 = CONSTANT_BITS - BETWEEN_BITS;
const SECOND_SHIFT: i32 = CONSTANT_BITS + BETWEEN_BITS + 3;

/// Where each row and each column is put, so that those which are multiplied together are neighbours:
/// 0 and 4, 2 and 6, 1 and 3, 5 and 7.
const PLACES: [usize; SIDE] = [0, 4, 2, 5, 1, 6, 3, 7];

/// Two rows, a number of each in turn: one half of their columns, and the other.
type Rows = [i16x8; 2];

/// Where the transform has each coefficient, by its place in zigzag order.
pub(super) const ZIGZAG: [usize; SIDE * SIDE] = {
    let mut places = [0; SIDE * SIDE];
    let (mut row, mut column) = (0, 0);
    let mut at = 0;
    while at < places.len() {
        places[at] = place(row, column);
        let is_up = (row + column) % 2 == 0;
        match (is_up, row, column) {
            (true, _, 7) => row += 1,
            (true, 0, _) | (false, 7, _) => column += 1,
            (true, ..) => (row, column) = (row - 1, column + 1),
            (false, _, 0) => row += 1,
            (false, ..) => (row, column) = (row + 1, column - 1),
        }
        at += 1;
    }
    places
};

/// The place in a block of the coefficient of a row and a column.
const fn place(row: usize, column: usize) -> usize {
    PLACES[row] / 2 * (2 * SIDE) + PLACES[column] * 2 + PLACES[row] % 2
}

/// Writes the samples of a block into `plane` from `at`, rows `stride` apart. `has_mean_only` if no
/// coefficient but the first is other than 0. `None` if the block is not within the plane.
#[inline(always)]
pub(super) fn inverse(
    block: &[i16; SIDE * SIDE],
    has_mean_only: bool,
    plane: &mut [u8],
    at: usize,
    stride: usize,
) -> Option<()> {
    let plane = plane.get_mut(at..)?.get_mut(..(SIDE - 1) * stride + SIDE)?;
    if has_mean_only {
        let mean = ((i32::from(block[0]) + 4) >> 3) + 128;
        let mean = u8::try_from(mean.clamp(0, 255)).ok()?;
        for y in 0..SIDE {
            *plane.get_mut(y * stride..)?.first_chunk_mut()? = [mean; SIDE];
        }
        return Some(());
    }
    let half = |at: usize| {
        let numbers = block[at * SIDE..].first_chunk();
        numbers.map_or(i16x8::ZERO, |numbers| i16x8::new(*numbers))
    };
    let rows = [
        [half(0), half(1)],
        [half(2), half(3)],
        [half(4), half(5)],
        [half(6), half(7)],
    ];
    let rows = pass::<FIRST_SHIFT>(&rows, 0);
    // Rows for columns, of pairs of numbers.
    let turn = |y: usize| {
        u32x4::transpose([
            cast(rows[y]),
            cast(rows[y + 1]),
            cast(rows[y + 2]),
            cast(rows[y + 3]),
        ])
    };
    let (upper, lower) = (turn(0), turn(4));
    let columns = [
        [cast(upper[0]), cast(lower[0])],
        [cast(upper[1]), cast(lower[1])],
        [cast(upper[2]), cast(lower[2])],
        [cast(upper[3]), cast(lower[3])],
    ];
    let columns = pass::<SECOND_SHIFT>(&columns, 128);
    let narrow = |x: usize| u8x16::narrow_i16x8(columns[x], columns[x + 1]);
    let columns = [narrow(0), narrow(2), narrow(4), narrow(6)];
    let rows = shuffle(shuffle(shuffle(columns)));
    for (y, rows) in rows.into_iter().enumerate() {
        let bytes: [[u8; SIDE]; 2] = cast(rows);
        *plane.get_mut(2 * y * stride..)?.first_chunk_mut()? = bytes[0];
        *plane.get_mut((2 * y + 1) * stride..)?.first_chunk_mut()? = bytes[1];
    }
    Some(())
}

/// One dimension, of eight columns at once. `offset` is added to the results, which are rounded by
/// `SHIFT` bits.
#[inline(always)]
fn pass<const SHIFT: i32>(rows: &[Rows; 4], offset: i32) -> [i16x8; SIDE] {
    let offset = i32x4::splat((offset << SHIFT) + (1 << (SHIFT - 1)));
    let halves = [0, 1].map(
        #[inline(always)]
        |half| {
            let [r04, r26, r13, r57] = [rows[0][half], rows[1][half], rows[2][half], rows[3][half]];
            let one = 1 << CONSTANT_BITS;
            let t0 = r04.dot(both(one, one)) + offset;
            let t1 = r04.dot(both(one, -one)) + offset;
            let t2 = r26.dot(both(4433, 4433 - 15137));
            let t3 = r26.dot(both(4433 + 6270, 4433));
            let even = [t0 + t3, t1 + t2, t1 - t2, t0 - t3];
            let z3 = 9633 - 16069;
            let z4 = 9633 - 3196;
            let odd = [
                r13.dot(both(12299 - 7373 + z4, 9633)) + r57.dot(both(z4, 9633 - 7373)),
                r13.dot(both(9633, 25172 - 20995 + z3)) + r57.dot(both(9633 - 20995, z3)),
                r13.dot(both(z4, 9633 - 20995)) + r57.dot(both(16819 - 20995 + z4, 9633)),
                r13.dot(both(9633 - 7373, z3)) + r57.dot(both(9633, 2446 - 7373 + z3)),
            ];
            [
                (even[0] + odd[0]) >> SHIFT,
                (even[1] + odd[1]) >> SHIFT,
                (even[2] + odd[2]) >> SHIFT,
                (even[3] + odd[3]) >> SHIFT,
                (even[3] - odd[3]) >> SHIFT,
                (even[2] - odd[2]) >> SHIFT,
                (even[1] - odd[1]) >> SHIFT,
                (even[0] - odd[0]) >> SHIFT,
            ]
        },
    );
    let join = |y: usize| i16x8::from_i32x8_saturate(cast([halves[0][y], halves[1][y]]));
    [
        join(0),
        join(1),
        join(2),
        join(3),
        join(4),
        join(5),
        join(6),
        join(7),
    ]
}

/// The factors of two rows.
#[inline(always)]
fn both(a: i16, b: i16) -> i16x8 {
    i16x8::new([a, b, a, b, a, b, a, b])
}

/// A byte of the first half and a byte of the second in turn: after three rounds, rows are columns.
#[inline(always)]
fn shuffle(bytes: [u8x16; 4]) -> [u8x16; 4] {
    [
        u8x16::unpack_low(bytes[0], bytes[2]),
        u8x16::unpack_high(bytes[0], bytes[2]),
        u8x16::unpack_low(bytes[1], bytes[3]),
        u8x16::unpack_high(bytes[1], bytes[3]),
    ]
}
