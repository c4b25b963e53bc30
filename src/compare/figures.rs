//! How far two tensors are apart.

use ascend_graph::DataType;

use super::elements::{BLOCK, decode, is_float, width};
use super::sums::Sums;
use crate::tensor::Tensor;

/// How far the elements of a tensor `b` are from those of `a`, which are taken as right.
///
/// All sums are of doubles, over the places where both elements are finite (`compared`). Elements are
/// taken in row-major order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// The elements of each tensor.
    pub elements: u64,
    /// The places where both elements are finite.
    pub compared: u64,
    /// The places where the elements are not equal; two NaN count as equal.
    pub different: u64,
    /// The places where an element is NaN or infinite and the other is not the same.
    pub unlike: u64,
    /// The places where |a - b| exceeds `absolute + relative * |a|`, where these were given, or where
    /// elements are unlike.
    pub outside: u64,
    /// Σab / √(Σa² Σb²). Two tensors of zeros have 1, one of zeros and another have 0. `None` if nothing
    /// is compared, or a sum exceeds what a double holds.
    pub cosine: Option<f64>,
    /// The largest |a - b|; `None` if nothing is compared, as in those that follow.
    pub max_absolute: Option<f64>,
    /// Where it is, as the place in row-major order.
    pub worst: Option<u64>,
    /// The mean of |a - b|.
    pub mean_absolute: Option<f64>,
    /// The largest |a - b| / |a| of those places where a is not 0.
    pub max_relative: Option<f64>,
    /// The mean of |a - b| / |a| over the places where a is not 0; 0 if there are none.
    pub mean_relative: Option<f64>,
    /// Σ|a - b| / Σ|a|; infinite if a is all zeros and b is not.
    pub accumulated_relative: Option<f64>,
    /// √(Σ(a - b)² / n), of the same unit as the elements.
    pub rmse: Option<f64>,
    /// √(Σ(a - b)²) / √(Σa²); infinite if a is all zeros and b is not.
    pub relative_l2: Option<f64>,
    /// Σ p ln(p / q) in nats, with p = |a| / Σ|a| and q = |b| / Σ|b|: the absolute values as they are, no
    /// softmax. A zero in q counts as 2⁻¹²⁶; `None` where all of a or of b are zeros, unless both are.
    pub kl: Option<f64>,
    /// What the elements of `a`, then of `b`, are like.
    pub sides: [Spread; 2],
}

/// What the elements of one tensor are like.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// How many are NaN.
    pub nan: u64,
    /// How many are infinite.
    pub infinite: u64,
    /// How many are finite, and beyond ±65504, the range of `float16`.
    pub beyond_half: u64,
    /// The least of the finite ones; `None` if there are none, as in those that follow.
    pub least: Option<f64>,
    /// The greatest of the finite ones.
    pub most: Option<f64>,
    /// The mean of the finite ones.
    pub mean: Option<f64>,
    /// The standard deviation of the finite ones, √(Σ(x - mean)² / n).
    pub deviation: Option<f64>,
}

impl Spread {
    /// √(Σx² / n) of the finite elements, 0 if there are none.
    #[must_use]
    pub fn rms(&self) -> f64 {
        let part = |part: Option<f64>| part.unwrap_or(0.0);
        part(self.mean).hypot(part(self.deviation))
    }
}

impl Figures {
    /// Compares the elements of `b` with those of `a`, place by place; `bounds` are an absolute and a
    /// relative one for each element ([`Figures::outside`]).
    ///
    /// `None` if the numbers of elements differ, or the elements are no numbers.
    #[must_use]
    pub fn of(a: &Tensor<'_>, b: &Tensor<'_>, bounds: Option<[f64; 2]>) -> Option<Self> {
        let widths = [width(a.dtype)?, width(b.dtype)?];
        if a.bytes.len() / widths[0] != b.bytes.len() / widths[1] {
            return None;
        }
        let mut sums = Sums::new(bounds);
        let (mut x, mut y) = (Vec::with_capacity(BLOCK), Vec::with_capacity(BLOCK));
        // beyond 2^53 doubles are the same for several whole numbers
        let is_wide = a.dtype == b.dtype && matches!(a.dtype, DataType::I64 | DataType::U64);
        let blocks = a.bytes.chunks(BLOCK * widths[0]);
        for (left, right) in blocks.zip(b.bytes.chunks(BLOCK * widths[1])) {
            decode(a.dtype, left, &mut x);
            decode(b.dtype, right, &mut y);
            sums.add(&x, &y);
            if is_wide {
                sums.add_hidden(a.dtype, [left, right], &x, &y);
            }
        }
        Some(sums.finish())
    }

    /// Whether nothing can be told of `b`: there are elements, and each is NaN or infinite on both sides.
    #[must_use]
    pub fn is_void(&self) -> bool {
        self.elements > 0 && self.compared == 0 && self.unlike == 0
    }

    /// Whether both tensors hold floating point numbers.
    pub(super) fn is_of_floats(a: DataType, b: DataType) -> bool {
        is_float(a) && is_float(b)
    }
}

#[cfg(test)]
mod tests {
    use half::f16;

    use super::*;

    fn tensor(elements: &[f32]) -> Tensor<'static> {
        let bytes: Vec<u8> = elements.iter().flat_map(|one| one.to_ne_bytes()).collect();
        Tensor {
            dtype: DataType::F32,
            shape: vec![elements.len()].into(),
            bytes: bytes.into(),
        }
    }

    fn figures(a: &[f32], b: &[f32]) -> Figures {
        Figures::of(&tensor(a), &tensor(b), Some([0.1, 0.2])).unwrap()
    }

    #[track_caller]
    fn assert_is(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!(
            (found - expected).abs() <= 1e-14 * expected.abs(),
            "{found} is not {expected}"
        );
    }

    /// With `a, b` in float64, `d = abs(a - b)`, `nz = a != 0`, `r = d[nz] / abs(a[nz])`:
    #[test]
    fn figures_are_those_of_numpy() {
        let (a, b) = (
            [1.5, -2.0, 0.0, 3.25, 0.5, -0.125],
            [1.25, -2.5, 0.75, 3.25, 0.0, -0.25],
        );
        let found = figures(&a, &b);
        assert_is(found.cosine, 0.969_761_492_600_348_8); // a @ b / (norm(a) * norm(b))
        assert_is(found.max_absolute, 0.75); // d.max()
        assert_eq!(found.worst, Some(2)); // d.argmax()
        assert_is(found.mean_absolute, 0.354_166_666_666_666_7); // d.mean()
        assert_is(found.max_relative, 1.0); // r.max()
        assert_is(found.mean_relative, 0.483_333_333_333_333_3); // r.mean()
        assert_is(found.accumulated_relative, 0.288_135_593_220_339); // d.sum() / abs(a).sum()
        assert_is(found.rmse, 0.436_009_365_342_840_6); // sqrt((d * d).mean())
        assert_is(found.relative_l2, 0.258_435_011_323_480_7); // norm(a - b) / norm(a)
        // p = abs(a) / abs(a).sum(), q = maximum(abs(b), 2.0**-126) / abs(b).sum(),
        // (p[nz] * log(p[nz] / q[nz])).sum()
        assert_is(found.kl, 5.920_294_876_062_643);
        assert_is(found.sides[0].mean, 0.520_833_333_333_333_4); // a.mean()
        assert_is(found.sides[0].deviation, 1.604_707_700_970_976_3); // a.std()
        assert_is(found.sides[1].deviation, 1.730_044_957_668_891_2); // b.std()
        // (d > 0.1 + 0.2 * abs(a)).sum(), (a != b).sum()
        assert_eq!((found.outside, found.different, found.elements), (2, 5, 6));
    }

    /// `a = (arange(100000) % 97 / 96).astype(float32)`, and b so with 1e-3 * (arange(100000) % 7 - 3).
    #[test]
    #[allow(clippy::cast_possible_truncation, reason = "as the formula does")]
    fn sums_over_many_blocks_lose_nothing() {
        let base = |place: u32| f64::from(place % 97) / 96.0;
        let a: Vec<f32> = (0..100_000).map(|place| base(place) as f32).collect();
        let shift = |place: u32| 1e-3 * (f64::from(place % 7) - 3.0);
        let b: Vec<f32> = (0..100_000)
            .map(|place| (base(place) + shift(place)) as f32)
            .collect();
        let found = figures(&a, &b);
        let near = |found: Option<f64>, expected: f64| {
            let found = found.unwrap();
            assert!(
                (found / expected - 1.0).abs() < 1e-12,
                "{found} is not {expected}"
            );
        };
        near(found.cosine, 0.999_994_030_461_269_6);
        near(found.relative_l2, 0.003_455_312_497_879_52);
        near(found.rmse, 0.001_999_987_811_676_935_7);
        near(found.sides[0].deviation, 0.291_650_453_323_218_4);
    }

    #[test]
    fn zeros_nothing_and_what_is_not_finite_have_rules() {
        let same = figures(&[0.0, 0.0], &[0.0, -0.0]);
        assert_eq!(
            (same.cosine, same.relative_l2, same.kl),
            (Some(1.0), Some(0.0), Some(0.0))
        );
        let lost = figures(&[1.0, 2.0], &[0.0, 0.0]);
        assert_eq!(
            (lost.cosine, lost.relative_l2, lost.kl),
            (Some(0.0), Some(1.0), None)
        );
        let made = figures(&[0.0], &[1.0]);
        assert_eq!(
            (made.relative_l2, made.max_relative),
            (Some(f64::INFINITY), Some(0.0))
        );
        let empty = figures(&[], &[]);
        assert_eq!(
            (empty.elements, empty.cosine, empty.max_absolute),
            (0, None, None)
        );
        let (nan, inf) = (f32::NAN, f32::INFINITY);
        let odd = figures(&[nan, inf, inf, 1.0, 1e5], &[nan, inf, -inf, nan, 1e5]);
        assert_eq!(
            (odd.unlike, odd.compared, odd.different, odd.outside),
            (2, 1, 2, 2)
        );
        let counts = odd
            .sides
            .map(|side| (side.nan, side.infinite, side.beyond_half));
        assert_eq!(counts, [(1, 2, 1), (2, 2, 1)]);
        assert_eq!(odd.max_absolute, Some(0.0));
    }

    #[test]
    fn types_are_compared_as_numbers() {
        let half: Vec<u8> = [1.5_f32, -2.0]
            .iter()
            .flat_map(|one| f16::from_f32(*one).to_ne_bytes())
            .collect();
        let half = Tensor {
            dtype: DataType::F16,
            shape: vec![2].into(),
            bytes: half.into(),
        };
        let found = Figures::of(&tensor(&[1.5, -2.0]), &half, None).unwrap();
        assert_eq!(found.different, 0);
        assert_eq!(Figures::of(&tensor(&[1.0]), &half, None), None);
        let long = |value: i64| Tensor {
            dtype: DataType::I64,
            shape: vec![1].into(),
            bytes: value.to_ne_bytes().to_vec().into(),
        };
        let found = Figures::of(&long((1 << 53) + 1), &long(1 << 53), None).unwrap();
        assert_eq!(found.different, 1);
        let of = |bounds| Figures::of(&long(i64::MAX), &long(i64::MAX - 3), Some(bounds)).unwrap();
        let exact = of([0.0, 0.0]);
        assert_eq!((exact.outside, exact.max_absolute), (1, Some(3.0)));
        assert_eq!((of([3.0, 0.0]).outside, of([2.0, 0.0]).outside), (0, 1));
        assert_eq!(of([0.0, 1e-9]).outside, 0);
    }
}
