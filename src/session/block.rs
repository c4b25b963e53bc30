//! A block of elements inside a larger one, both row-major.

/// Calls `copy` with the place of each run of elements in a block of shape `small` and in one of
/// shape `large` that holds it from the first element on, and the run's length, in rising order.
/// Each dimension of `small` is at most that of `large`.
fn runs(small: &[usize], large: &[usize], mut copy: impl FnMut(usize, usize, usize)) {
    if small.contains(&0) {
        return;
    }
    // Behind the last dimension that differs, elements lie together in both.
    let differs = small
        .iter()
        .zip(large)
        .rposition(|(small, large)| small != large);
    let (outer, inner) = small.split_at(differs.unwrap_or(0));
    let run: usize = inner.iter().product();
    let stride: usize = large[outer.len()..].iter().product();
    for count in 0..outer.iter().product() {
        let (mut rest, mut stride, mut at) = (count, stride, 0);
        for (len, all) in outer.iter().zip(large).rev() {
            at += rest % len * stride;
            rest /= len;
            stride *= all;
        }
        copy(count * run, at, run);
    }
}

/// Puts the elements of a block of shape `small` into `to`, which is of shape `large`, with zeros
/// behind them; `width` is the bytes of an element.
pub(super) fn pad(from: &[u8], small: &[usize], to: &mut [u8], large: &[usize], width: usize) {
    to.fill(0);
    runs(small, large, |source, target, len| {
        let (source, target, len) = (source * width, target * width, len * width);
        to[target..][..len].copy_from_slice(&from[source..][..len]);
    });
}

/// Moves the block of shape `small` inside of `bytes`, which are of shape `large`, to their start.
pub(super) fn cut(bytes: &mut [u8], large: &[usize], small: &[usize], width: usize) {
    runs(small, large, |target, source, len| {
        let (source, target, len) = (source * width, target * width, len * width);
        bytes.copy_within(source..source + len, target);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of each element, row-major.
    fn numbers(shape: &[usize]) -> Vec<u8> {
        (1..=shape.iter().product())
            .map(|number| u8::try_from(number).unwrap_or(255))
            .collect()
    }

    #[test]
    fn a_block_is_padded_and_cut_back() {
        for (small, large) in [
            (&[][..], &[][..]),
            (&[3], &[3]),
            (&[3], &[5]),
            (&[2, 3], &[4, 3]),
            (&[2, 3], &[2, 5]),
            (&[1, 2, 3, 2], &[2, 2, 4, 3]),
            (&[2, 1, 3], &[2, 4, 3]),
            (&[0, 3], &[2, 3]),
        ] {
            let source = numbers(small);
            let mut padded = vec![9; large.iter().product()];
            pad(&source, small, &mut padded, large, 1);
            // What is read by index is the block, and zero outside of it.
            for (at, value) in padded.iter().enumerate() {
                let (mut rest, mut inside, mut place) = (at, true, 0);
                let mut stride = 1;
                for (axis, len) in large.iter().enumerate().rev() {
                    let index = rest % len;
                    rest /= len;
                    inside &= index < small[axis];
                    place += index * stride;
                    stride *= small[axis];
                }
                let expected = if inside { source[place] } else { 0 };
                assert_eq!(*value, expected, "{small:?} in {large:?} at {at}");
            }
            cut(&mut padded, large, small, 1);
            assert_eq!(padded[..source.len()], source, "{small:?} of {large:?}");
        }
    }

    #[test]
    fn elements_of_several_bytes_stay_together() {
        let source: Vec<u8> = (0..12).collect();
        let mut padded = vec![9; 24];
        pad(&source, &[2, 1], &mut padded, &[2, 2], 6);
        assert_eq!(padded[..6], source[..6]);
        assert_eq!(padded[6..12], [0; 6]);
        assert_eq!(padded[12..18], source[6..]);
        cut(&mut padded, &[2, 2], &[2, 1], 6);
        assert_eq!(padded[..12], source);
    }
}
