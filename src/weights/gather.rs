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

/// Copies the elements of `width` bytes that lie at `strides` in `data` into row-major order; `out`
/// is as long as they are.
pub(super) fn gather(
    data: &[u8],
    shape: &[usize],
    strides: &[usize],
    width: usize,
    out: &mut [u8],
) {
    match width {
        1 => gather_wide::<1, 64>(data, shape, strides, out),
        2 => gather_wide::<2, 64>(data, shape, strides, out),
        4 => gather_wide::<4, 64>(data, shape, strides, out),
        8 => gather_wide::<8, 32>(data, shape, strides, out),
        _ => gather_wide::<16, 32>(data, shape, strides, out),
    }
}

/// The length of an axis, and the elements from one index to the next.
type Axis = (usize, usize);

/// The axes without those of one element, and with those joined that follow each other in memory.
fn joined(shape: &[usize], strides: &[usize]) -> Vec<Axis> {
    let mut axes: Vec<Axis> = Vec::with_capacity(shape.len());
    for (&len, &stride) in shape.iter().zip(strides) {
        match axes.last_mut() {
            _ if len == 1 => {}
            Some((outer_len, outer_stride)) if *outer_stride == len * stride => {
                *outer_len *= len;
                *outer_stride = stride;
            }
            _ => axes.push((len, stride)),
        }
    }
    axes
}

fn gather_wide<const WIDTH: usize, const TILE: usize>(
    data: &[u8],
    shape: &[usize],
    strides: &[usize],
    out: &mut [u8],
) {
    let (elements, _) = data.as_chunks::<WIDTH>();
    let (out, _) = out.as_chunks_mut::<WIDTH>();
    if out.is_empty() {
        return;
    }
    let mut axes = joined(shape, strides);
    let Some((row_len, step)) = axes.pop() else {
        out[0] = elements[0];
        return;
    };
    // where rows jump, an axis that jumps less is gone through with them, tile by tile
    let narrowest = (0..axes.len()).filter(|&axis| (1..step).contains(&axes[axis].1));
    let across = narrowest.min_by_key(|&axis| axes[axis].1);
    let Some(across) = across else {
        let mut rows = out.chunks_exact_mut(row_len);
        each(&axes, |start| {
            let Some(row) = rows.next() else { return };
            match step {
                0 => row.fill(elements[start]),
                1 => row.copy_from_slice(&elements[start..start + row_len]),
                _ => {
                    let elements = elements[start..].iter().step_by(step);
                    row.iter_mut()
                        .zip(elements)
                        .for_each(|(to, from)| *to = *from);
                }
            }
        });
        return;
    };
    let (column_len, column_step) = axes[across];
    // elements of `out` between two indices of that axis
    let apart = row_len
        * axes[across + 1..]
            .iter()
            .map(|axis| axis.0)
            .product::<usize>();
    let mut written: Vec<Axis> = Vec::with_capacity(axes.len());
    let mut inner = row_len;
    for &(len, _) in axes.iter().rev() {
        written.push((len, inner));
        inner *= len;
    }
    written.reverse();
    axes.remove(across);
    written.remove(across);
    let mut starts = Vec::new();
    each(&axes, |start| starts.push(start));
    let mut at = 0;
    each(&written, |to| {
        let from = starts[at];
        at += 1;
        transpose::<WIDTH, TILE>(
            &elements[from..],
            &mut out[to..],
            (column_len, column_step, apart),
            (row_len, step),
        );
    });
}

/// Calls `visit` with the place of each index of `axes`, in row-major order.
fn each(axes: &[Axis], mut visit: impl FnMut(usize)) {
    let mut index = vec![0; axes.len()];
    let mut at = 0;
    loop {
        visit(at);
        let mut inner = axes.len();
        loop {
            let Some(here) = inner.checked_sub(1) else {
                return;
            };
            inner = here;
            let (len, stride) = axes[here];
            index[here] += 1;
            at += stride;
            if index[here] < len {
                break;
            }
            at -= len * stride;
            index[here] = 0;
        }
    }
}

/// Copies a matrix: element `(i, j)` from `i * column_step + j * row_step` to `i * apart + j`.
///
/// It goes by tiles of `TILE` elements along each side, read by columns into the nearest cache and
/// written by rows from there, so that no line of memory is fetched or written in parts.
fn transpose<const WIDTH: usize, const TILE: usize>(
    from: &[[u8; WIDTH]],
    to: &mut [[u8; WIDTH]],
    (column_len, column_step, apart): (usize, usize, usize),
    (row_len, row_step): Axis,
) {
    let mut tile = [[[0; WIDTH]; TILE]; TILE];
    for i in (0..column_len).step_by(TILE) {
        let height = TILE.min(column_len - i);
        for j in (0..row_len).step_by(TILE) {
            let width = TILE.min(row_len - j);
            let starts = (i * column_step + j * row_step..).step_by(row_step);
            for (line, start) in tile[..width].iter_mut().zip(starts) {
                if column_step == 1 {
                    line[..height].copy_from_slice(&from[start..start + height]);
                } else {
                    let from = from[start..].iter().step_by(column_step);
                    line[..height]
                        .iter_mut()
                        .zip(from)
                        .for_each(|(to, from)| *to = *from);
                }
            }
            for i_in in 0..height {
                let start = (i + i_in) * apart + j;
                let row = &mut to[start..start + width];
                for (to, line) in row.iter_mut().zip(&tile) {
                    *to = line[i_in];
                }
            }
        }
    }
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

    fn gathered(data: &[u8], shape: &[usize], strides: &[usize], width: usize) -> Vec<u8> {
        let mut out = vec![0xee; shape.iter().product::<usize>() * width];
        gather(data, shape, strides, width, &mut out);
        out
    }

    #[test]
    fn gathers_transposed_expanded_and_scalar() {
        let data = [0, 1, 2, 3, 4, 5];
        assert_eq!(gathered(&data, &[3, 2], &[1, 3], 1), [0, 3, 1, 4, 2, 5]);
        assert_eq!(gathered(&data, &[2, 3], &[0, 2], 1), [0, 2, 4, 0, 2, 4]);
        assert_eq!(
            gathered(&data, &[2, 2, 2], &[1, 0, 2], 1),
            [0, 2, 0, 2, 1, 3, 1, 3]
        );
        assert_eq!(gathered(&data, &[], &[], 2), [0, 1]);
        assert!(gathered(&data, &[2, 0], &[1, 1], 4).is_empty());
    }

    /// Against the definition, for shapes around the size of a tile and all orders of axes.
    #[test]
    fn gathers_as_the_definition_says() {
        let data: Vec<u8> = (0..200_000u32).flat_map(u32::to_le_bytes).collect();
        let shapes: [&[usize]; 6] = [
            &[17, 40],
            &[16, 32],
            &[3, 5, 7],
            &[2, 33, 18],
            &[1, 20, 1, 31],
            &[4, 3, 17, 19],
        ];
        let mut cases = 0;
        for shape in shapes {
            let rank = shape.len();
            for turn in 0..rank {
                for swap in 0..rank {
                    for (scale, expanded) in [(1, false), (3, false), (1, true)] {
                        let mut order: Vec<usize> = (0..rank).collect();
                        order.rotate_left(turn);
                        order.swap(0, swap);
                        let mut strides = vec![0; rank];
                        let mut stride = scale;
                        for &axis in &order {
                            strides[axis] = stride;
                            stride *= shape[axis];
                        }
                        if expanded {
                            strides[turn] = 0;
                        }
                        let count = shape.iter().product::<usize>();
                        let mut expected: Vec<u8> = Vec::new();
                        for flat in 0..count {
                            let (mut rest, mut at) = (flat, 0);
                            for axis in (0..rank).rev() {
                                at += rest % shape[axis] * strides[axis];
                                rest /= shape[axis];
                            }
                            expected.extend(&data[at * 4..at * 4 + 4]);
                        }
                        assert_eq!(
                            gathered(&data, shape, &strides, 4),
                            expected,
                            "{shape:?} {strides:?}"
                        );
                        cases += 1;
                    }
                }
            }
        }
        assert!(cases > 100, "{cases}");
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
