//! The inverse cosine transform: libjpeg's accurate one, to the bit.
#![expect(clippy::cast_sign_loss, reason = "samples are clamped")]
#![expect(clippy::inline_always, reason = "for `simd::widest`")]

use std::hint::black_box;
use std::num::Wrapping;

/// A block has this many rows and columns.
pub(super) const SIDE: usize = 8;

/// Bits behind the point of the constants, and of the numbers between the two passes.
const CONSTANT_BITS: usize = 13;
const BETWEEN_BITS: usize = 2;

/// Numbers side by side. What no encoder writes may overflow.
type Lanes = [Wrapping<i32>; SIDE];

const ZERO: Lanes = [Wrapping(0); SIDE];

/// Writes the samples of a block into `plane` from `at`, rows `stride` apart. `last` is the last place
/// in zigzag order of a coefficient that is not 0. `None` if the block is not within the plane.
#[inline(always)]
pub(super) fn inverse(
    block: &[i16; SIDE * SIDE],
    last: usize,
    plane: &mut [u8],
    at: usize,
    stride: usize,
) -> Option<()> {
    let plane = plane.get_mut(at..)?.get_mut(..(SIDE - 1) * stride + SIDE)?;
    if last == 0 {
        let mean = (i32::from(block[0]) * 4 + 16) >> 5;
        for y in 0..SIDE {
            *plane.get_mut(y * stride..)?.first_chunk_mut()? = [sample(mean); SIDE];
        }
        return Some(());
    }
    let mut rows = [ZERO; SIDE];
    for (row, from) in rows.iter_mut().zip(block.as_chunks::<SIDE>().0) {
        for (lane, value) in row.iter_mut().zip(from) {
            *lane = Wrapping(i32::from(*value));
        }
    }
    let rows = transpose(&pass(&rows, CONSTANT_BITS - BETWEEN_BITS));
    let rows = transpose(&pass(&rows, CONSTANT_BITS + BETWEEN_BITS + 3));
    for (y, row) in rows.iter().enumerate() {
        let to: &mut [u8; SIDE] = plane.get_mut(y * stride..)?.first_chunk_mut()?;
        for (to, value) in to.iter_mut().zip(row) {
            *to = sample(value.0);
        }
    }
    Some(())
}

/// A number around 0 as a sample around 128.
#[inline(always)]
fn sample(value: i32) -> u8 {
    value.wrapping_add(128).clamp(0, 255) as u8
}

/// One dimension of eight columns at once; the results are rounded by `shift` bits.
#[inline(always)]
fn pass(rows: &[Lanes; SIDE], shift: usize) -> [Lanes; SIDE] {
    let mut out = [ZERO; SIDE];
    // A count that the compiler does not know keeps it from unrolling the loop, which then becomes
    // vectors.
    let count = black_box(SIDE).min(SIDE);
    for i in 0..count {
        let (r0, r1, r2, r3) = (rows[0][i], rows[1][i], rows[2][i], rows[3][i]);
        let (r4, r5, r6, r7) = (rows[4][i], rows[5][i], rows[6][i], rows[7][i]);
        // Even part.
        let z1 = (r2 + r6) * Wrapping(4433);
        let t2 = z1 + r6 * Wrapping(-15137);
        let t3 = z1 + r2 * Wrapping(6270);
        let t0 = (r0 + r4) << CONSTANT_BITS;
        let t1 = (r0 - r4) << CONSTANT_BITS;
        let half = Wrapping(1) << (shift - 1);
        let e0 = t0 + t3 + half;
        let e3 = t0 - t3 + half;
        let e1 = t1 + t2 + half;
        let e2 = t1 - t2 + half;
        // Odd part.
        let z1 = (r7 + r1) * Wrapping(-7373);
        let z2 = (r5 + r3) * Wrapping(-20995);
        let z3 = r7 + r3;
        let z4 = r5 + r1;
        let z5 = (z3 + z4) * Wrapping(9633);
        let z3 = z3 * Wrapping(-16069) + z5;
        let z4 = z4 * Wrapping(-3196) + z5;
        let o0 = r7 * Wrapping(2446) + z1 + z3;
        let o1 = r5 * Wrapping(16819) + z2 + z4;
        let o2 = r3 * Wrapping(25172) + z2 + z3;
        let o3 = r1 * Wrapping(12299) + z1 + z4;
        out[0][i] = (e0 + o3) >> shift;
        out[7][i] = (e0 - o3) >> shift;
        out[1][i] = (e1 + o2) >> shift;
        out[6][i] = (e1 - o2) >> shift;
        out[2][i] = (e2 + o1) >> shift;
        out[5][i] = (e2 - o1) >> shift;
        out[3][i] = (e3 + o0) >> shift;
        out[4][i] = (e3 - o0) >> shift;
    }
    out
}

/// Every other lane of two vectors, from their lower and from their upper halves.
#[inline(always)]
fn interleave(a: &Lanes, b: &Lanes) -> (Lanes, Lanes) {
    (
        [a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3]],
        [a[4], b[4], a[5], b[5], a[6], b[6], a[7], b[7]],
    )
}

/// Rows for columns, in three rounds that vectors can take part in.
#[inline(always)]
fn transpose(m: &[Lanes; SIDE]) -> [Lanes; SIDE] {
    let mut m = *m;
    for _ in 0..3 {
        let mut next = [ZERO; SIDE];
        for i in 0..4 {
            (next[2 * i], next[2 * i + 1]) = interleave(&m[i], &m[i + 4]);
        }
        m = next;
    }
    m
}
