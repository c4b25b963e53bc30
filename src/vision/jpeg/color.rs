//! Rows of pixels from the planes of samples, to the bit as libjpeg's "fancy" upsampling makes them.
#![expect(
    clippy::cast_sign_loss,
    reason = "samples are clamped, and products of 16 bits cut in half"
)]
#![expect(clippy::inline_always, reason = "for `simd::widest`")]

use super::baseline::PIXEL;

/// The sum of a row and its neighbour, weighted 3 to 1.
#[inline(always)]
pub(super) fn blend_rows(near: &[u8], far: &[u8], to: &mut [i16]) {
    for ((to, near), far) in to.iter_mut().zip(near).zip(far) {
        *to = i16::from(*near) * 3 + i16::from(*far);
    }
}

/// A row as it is.
#[inline(always)]
pub(super) fn widen(from: &[u8], to: &mut [i16]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = i16::from(*from);
    }
}

/// Twice as many columns. `from` begins and ends with a sample that only weighs on its neighbour.
/// `left` and `right` are what is added before the sum is shifted.
#[inline(always)]
pub(super) fn double_columns<const SHIFT: u32>(
    from: &[i16],
    to: &mut [i16],
    left: i16,
    right: i16,
) {
    for (to, from) in to.as_chunks_mut::<2>().0.iter_mut().zip(from.windows(3)) {
        let here = from[1] * 3;
        *to = [
            (here + from[0] + left) >> SHIFT,
            (here + from[2] + right) >> SHIFT,
        ];
    }
}

/// Twice as many columns, each sample twice.
pub(super) fn repeat_columns(from: &[u8], to: &mut [i16]) {
    for (to, from) in to.as_chunks_mut::<2>().0.iter_mut().zip(from) {
        *to = [i16::from(*from); 2];
    }
}

/// The upper half of a product of 16 bits each.
#[inline(always)]
fn high(a: i16, b: i16) -> i16 {
    ((i32::from(a) * i32::from(b)) >> 16) as i16
}

/// RGB from luma and colour differences, as JFIF has it.
#[inline(always)]
pub(super) fn to_rgb(luma: &[u8], blue: &[i16], red: &[i16], to: &mut [u8]) {
    let to = to.as_chunks_mut::<PIXEL>().0;
    for (((to, y), cb), cr) in to.iter_mut().zip(luma).zip(blue).zip(red) {
        let y = i16::from(*y);
        let (cb, cr) = (cb - 128, cr - 128);
        let r = y + cr + ((high(cr * 2, 26345) + 1) >> 1);
        let b = y + cb * 2 + ((high(cb * 2, -14942) + 1) >> 1);
        let g = (i32::from(cb) * -22554 + i32::from(cr) * 18734 + 32768) >> 16;
        let g = y - cr + g as i16;
        let level = |value: i16| u32::from(value.clamp(0, 255) as u8);
        *to = (level(r) | level(g) << 8 | level(b) << 16).to_le_bytes();
    }
}
