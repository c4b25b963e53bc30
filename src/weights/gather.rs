//! From elements as they lie in a file to row-major little-endian bytes.

use super::dtype::DataType;

/// Strides, in elements, of a row-major tensor of `shape`.
pub(super) fn row_major(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1usize; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis].saturating_mul(shape[axis].max(1));
    }
    strides
}

/// Whether elements that lie at `strides` are row-major without gaps.
pub(super) fn is_row_major(shape: &[usize], strides: &[usize]) -> bool {
    let mut expected = 1usize;
    for (&len, &stride) in shape.iter().zip(strides).rev() {
        if len != 1 && stride != expected {
            return false;
        }
        expected = expected.saturating_mul(len);
    }
    true
}

/// Copies the elements of `width` bytes that lie at `strides` in `data` into row-major order.
pub(super) fn gather(data: &[u8], shape: &[usize], strides: &[usize], width: usize) -> Vec<u8> {
    match width {
        1 => gather_wide::<1>(data, shape, strides),
        2 => gather_wide::<2>(data, shape, strides),
        4 => gather_wide::<4>(data, shape, strides),
        8 => gather_wide::<8>(data, shape, strides),
        _ => gather_wide::<16>(data, shape, strides),
    }
}

fn gather_wide<const WIDTH: usize>(data: &[u8], shape: &[usize], strides: &[usize]) -> Vec<u8> {
    let (Some((&row_len, outer_shape)), Some((&step, outer_strides))) =
        (shape.split_last(), strides.split_last())
    else {
        return data[..WIDTH].to_vec();
    };
    let mut gathered = vec![0; shape.iter().product::<usize>() * WIDTH];
    let mut index = vec![0; outer_shape.len()];
    let mut start = 0;
    for row in gathered.chunks_exact_mut(row_len.max(1) * WIDTH) {
        for (i, element) in row.chunks_exact_mut(WIDTH).enumerate() {
            let at = (start + i * step) * WIDTH;
            element.copy_from_slice(&data[at..at + WIDTH]);
        }
        for axis in (0..outer_shape.len()).rev() {
            index[axis] += 1;
            start += outer_strides[axis];
            if index[axis] < outer_shape[axis] {
                break;
            }
            start -= outer_shape[axis] * outer_strides[axis];
            index[axis] = 0;
        }
    }
    gathered
}

/// Reverses the bytes of every number: big-endian to little-endian.
pub(super) fn swap_bytes(bytes: &mut [u8], dtype: DataType) {
    let width = dtype.component_bytes();
    if width > 1 {
        bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
}

/// Negates every number of floating-point elements.
pub(super) fn negate(bytes: &mut [u8], dtype: DataType) {
    for number in bytes.chunks_exact_mut(dtype.component_bytes()) {
        flip_sign(number);
    }
}

/// Negates the imaginary part of complex elements.
pub(super) fn conjugate(bytes: &mut [u8], dtype: DataType) {
    for imaginary in bytes
        .chunks_exact_mut(dtype.component_bytes())
        .skip(1)
        .step_by(2)
    {
        flip_sign(imaginary);
    }
}

fn flip_sign(little_endian: &mut [u8]) {
    if let Some(top) = little_endian.last_mut() {
        *top ^= 0x80;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gathers_transposed_expanded_and_scalar() {
        let data = [0, 1, 2, 3, 4, 5];
        assert_eq!(gather(&data, &[3, 2], &[1, 3], 1), [0, 3, 1, 4, 2, 5]);
        assert_eq!(gather(&data, &[2, 3], &[0, 2], 1), [0, 2, 4, 0, 2, 4]);
        assert_eq!(
            gather(&data, &[2, 2, 2], &[1, 0, 2], 1),
            [0, 2, 0, 2, 1, 3, 1, 3]
        );
        assert_eq!(gather(&data, &[], &[], 2), [0, 1]);
        assert!(gather(&data, &[2, 0], &[1, 1], 4).is_empty());
    }

    #[test]
    fn knows_row_major() {
        assert!(is_row_major(&[2, 1, 3], &[3, 77, 1]));
        assert!(!is_row_major(&[3, 2], &[1, 3]));
        assert!(!is_row_major(&[3], &[0]));
        assert_eq!(row_major(&[2, 3, 4]), [12, 4, 1]);
    }

    #[test]
    fn turns_bytes_and_signs() {
        let mut bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        swap_bytes(&mut bytes, DataType::C64);
        assert_eq!(bytes, [4, 3, 2, 1, 8, 7, 6, 5]);
        conjugate(&mut bytes, DataType::C64);
        assert_eq!(bytes, [4, 3, 2, 1, 8, 7, 6, 0x85]);
        negate(&mut bytes, DataType::F64);
        assert_eq!(bytes, [4, 3, 2, 1, 8, 7, 6, 5]);
    }
}
