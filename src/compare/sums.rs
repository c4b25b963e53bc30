//! The sums of which figures are made, in one pass.

use ascend_graph::DataType;

use super::figures::{Figures, Spread};

/// The largest number that `float16` has.
const MOST_HALF: f64 = 65_504.0;

/// What stands for zero where a logarithm is taken: the smallest normal number of `float32`.
const LEAST: f64 = 1.175_494_350_822_287_5e-38;

/// What one pass gathers.
#[derive(Default)]
pub(super) struct Sums {
    bounds: Option<[f64; 2]>,
    elements: u64,
    different: u64,
    unlike: u64,
    outside: u64,
    worst: Option<(f64, u64)>,
    max_relative: f64,
    /// The places where a is not 0.
    bases: u64,
    all: Part,
    sides: [Side; 2],
}

/// Sums over a part of the elements.
#[derive(Clone, Copy, Default)]
struct Part {
    compared: u64,
    product: f64,
    squares: [f64; 2],
    sizes: [f64; 2],
    /// Σ|a - b|, Σ(a - b)², Σ|a - b| / |a|.
    apart: f64,
    squares_apart: f64,
    relative: f64,
    /// Σ|a| ln(|a| / |b|).
    entropy: f64,
}

/// What one pass gathers of one tensor.
#[derive(Clone, Copy, Default)]
struct Side {
    spread: Spread,
    finite: u64,
    /// The first finite element, from which the others are measured: large means lose no digits so.
    origin: f64,
    sum: f64,
    squares: f64,
}

impl Sums {
    pub(super) fn new(bounds: Option<[f64; 2]>) -> Self {
        Self {
            bounds,
            ..Self::default()
        }
    }

    /// Adds a block; its sums are taken apart, so that millions of small terms are not lost in a large
    /// one.
    pub(super) fn add(&mut self, x: &[f64], y: &[f64]) {
        let mut part = Part::default();
        for (&x, &y) in x.iter().zip(y) {
            let place = self.elements;
            self.elements += 1;
            if !(x.is_finite() && y.is_finite()) {
                #[allow(clippy::float_cmp, reason = "infinities are equal or not")]
                let is_like = x == y || (x.is_nan() && y.is_nan());
                let unlike = u64::from(!is_like);
                self.unlike += unlike;
                self.different += unlike;
                self.outside += unlike;
                continue;
            }
            let apart = (x - y).abs();
            self.different += u64::from(apart != 0.0);
            if let Some([absolute, relative]) = self.bounds {
                self.outside += u64::from(apart > absolute + relative * x.abs());
            }
            if self.worst.is_none_or(|(worst, _)| apart > worst) {
                self.worst = Some((apart, place));
            }
            if x != 0.0 {
                let relative = apart / x.abs();
                self.bases += 1;
                self.max_relative = self.max_relative.max(relative);
                part.relative += relative;
                part.entropy += x.abs() * (x.abs().ln() - y.abs().max(LEAST).ln());
            }
            part.compared += 1;
            part.product += x * y;
            part.squares[0] += x * x;
            part.squares[1] += y * y;
            part.sizes[0] += x.abs();
            part.sizes[1] += y.abs();
            part.apart += apart;
            part.squares_apart += apart * apart;
        }
        self.all.add(&part);
        self.sides[0].add(x);
        self.sides[1].add(y);
    }

    /// Adds what the block that was added last, of whole numbers of 8 bytes, hides: those that differ
    /// though they are the same as doubles.
    #[allow(
        clippy::cast_precision_loss,
        clippy::float_cmp,
        reason = "numbers of one double are at most 2048 apart, and exactly equal"
    )]
    pub(super) fn add_hidden(&mut self, dtype: DataType, sides: [&[u8]; 2], x: &[f64], y: &[f64]) {
        let first = self.elements - x.len() as u64;
        let [left, right] = sides.map(|bytes| bytes.as_chunks().0.iter());
        for (place, ((left, right), (x, y))) in (first..).zip(left.zip(right).zip(x.iter().zip(y)))
        {
            if left == right || x != y {
                continue;
            }
            let apart = if dtype == DataType::U64 {
                u64::from_ne_bytes(*left).abs_diff(u64::from_ne_bytes(*right))
            } else {
                i64::from_ne_bytes(*left).abs_diff(i64::from_ne_bytes(*right))
            } as f64;
            self.different += 1;
            if let Some([absolute, relative]) = self.bounds {
                self.outside += u64::from(apart > absolute + relative * x.abs());
            }
            if self.worst.is_none_or(|(worst, _)| apart > worst) {
                self.worst = Some((apart, place));
            }
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "no tensor has 2^53 elements")]
    pub(super) fn finish(self) -> Figures {
        let all = self.all;
        let has_any = all.compared > 0;
        let count = all.compared as f64;
        let some = |value: f64| has_any.then_some(value);
        Figures {
            elements: self.elements,
            compared: all.compared,
            different: self.different,
            unlike: self.unlike,
            outside: self.outside,
            cosine: all.cosine().filter(|_| has_any),
            max_absolute: self.worst.map(|(apart, _)| apart),
            worst: self.worst.map(|(_, place)| place),
            mean_absolute: some(all.apart / count),
            max_relative: some(self.max_relative),
            mean_relative: some(all.relative / (self.bases.max(1) as f64)),
            accumulated_relative: some(ratio(all.apart, all.sizes[0])),
            rmse: some((all.squares_apart / count).sqrt()),
            relative_l2: some(ratio(all.squares_apart.sqrt(), all.squares[0].sqrt())),
            kl: all.kl().filter(|_| has_any),
            sides: self.sides.map(Side::finish),
        }
    }
}

/// A quotient in which nothing of nothing is nothing.
fn ratio(part: f64, whole: f64) -> f64 {
    if part == 0.0 { 0.0 } else { part / whole }
}

impl Part {
    fn add(&mut self, other: &Self) {
        self.compared += other.compared;
        self.product += other.product;
        for (own, other) in self.squares.iter_mut().zip(other.squares) {
            *own += other;
        }
        for (own, other) in self.sizes.iter_mut().zip(other.sizes) {
            *own += other;
        }
        self.apart += other.apart;
        self.squares_apart += other.squares_apart;
        self.relative += other.relative;
        self.entropy += other.entropy;
    }

    fn cosine(&self) -> Option<f64> {
        let [a, b] = self.squares;
        if self.sizes == [0.0, 0.0] {
            return Some(1.0);
        }
        if self.sizes.contains(&0.0) {
            return Some(0.0);
        }
        // each root for itself: the product of the squares may exceed a double
        let cosine = self.product / (a.sqrt() * b.sqrt());
        cosine.is_finite().then(|| cosine.clamp(-1.0, 1.0))
    }

    fn kl(&self) -> Option<f64> {
        let [a, b] = self.sizes;
        if a == 0.0 && b == 0.0 {
            return Some(0.0);
        }
        let kl = self.entropy / a + (b / a).ln();
        // rounding may leave less than nothing
        kl.is_finite().then(|| kl.max(0.0))
    }
}

impl Side {
    fn add(&mut self, numbers: &[f64]) {
        let (mut sum, mut squares) = (0.0, 0.0);
        for &number in numbers {
            if number.is_nan() {
                self.spread.nan += 1;
                continue;
            }
            if number.is_infinite() {
                self.spread.infinite += 1;
                continue;
            }
            if self.finite == 0 {
                self.origin = number;
            }
            self.finite += 1;
            self.spread.beyond_half += u64::from(number.abs() > MOST_HALF);
            let Spread { least, most, .. } = &mut self.spread;
            *least = Some(least.map_or(number, |least| least.min(number)));
            *most = Some(most.map_or(number, |most| most.max(number)));
            let from = number - self.origin;
            sum += from;
            squares += from * from;
        }
        self.sum += sum;
        self.squares += squares;
    }

    #[allow(clippy::cast_precision_loss, reason = "no tensor has 2^53 elements")]
    fn finish(self) -> Spread {
        if self.finite == 0 {
            return self.spread;
        }
        let count = self.finite as f64;
        let mean = self.sum / count;
        let variance = (self.squares / count - mean * mean).max(0.0);
        Spread {
            mean: Some(self.origin + mean),
            deviation: Some(variance.sqrt()),
            ..self.spread
        }
    }
}
