//! How far apart is too far.

use ascend_graph::{DataType, Text, text};

use super::figures::Figures;

/// The precision in which a model computes, from which follows what may be expected of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// As in `float32`, on another device or in another order.
    Single,
    /// As in `float16`.
    Half,
    /// As in `bfloat16`.
    Brain,
}

impl Expected {
    /// What may be expected of tensors of these types.
    #[must_use]
    pub fn of(types: [DataType; 2]) -> Self {
        if types.contains(&DataType::BF16) {
            Self::Brain
        } else if types.contains(&DataType::F16) {
            Self::Half
        } else {
            Self::Single
        }
    }

    /// The distance from a number to the next one, relative to it.
    fn unit(self) -> f64 {
        match self {
            Self::Single => 2.0_f64.powi(-23),
            Self::Half => 2.0_f64.powi(-10),
            Self::Brain => 2.0_f64.powi(-7),
        }
    }

    /// The least cosine and the most relative L2 error that are expected.
    fn limits(self) -> (f64, f64) {
        match self {
            Self::Single => (0.9999, 1e-4),
            Self::Half => (0.999, 0.02),
            Self::Brain => (0.99, 0.1),
        }
    }

    /// The most part of whole numbers and truth values that may differ: those that were made of fractions
    /// change where these are close.
    fn flips(self) -> f64 {
        match self {
            Self::Single => 0.0,
            Self::Half | Self::Brain => 0.01,
        }
    }
}

/// What is tolerated. What is not set here follows from the precision that is [`Expected`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerance {
    /// The precision that the second side computes in; `None` for what the tensors' types tell.
    pub expected: Option<Expected>,
    /// The least cosine.
    pub cosine: Option<f64>,
    /// The most relative L2 error.
    pub relative_l2: Option<f64>,
    /// The most |a - b| of any element.
    pub max_absolute: Option<f64>,
    /// With `relative`, as numpy's `allclose`: no |a - b| exceeds `absolute + relative * |a|`.
    pub absolute: Option<f64>,
    /// See `absolute`.
    pub relative: Option<f64>,
}

/// Operators that may give the small difference of large numbers.
const CANCELLING: [&str; 5] = ["Add", "Sub", "Sum", "Mean", "ReduceMean"];

impl Tolerance {
    /// The bounds of single elements, if there are some.
    pub(super) fn bounds(&self) -> Option<[f64; 2]> {
        let is_given = self.absolute.is_some() || self.relative.is_some();
        is_given.then(|| [self.absolute.unwrap_or(0.0), self.relative.unwrap_or(0.0)])
    }

    /// The root mean square error that is no error: the rounding of what an operator read, whose root mean
    /// square is `size`, where it may take differences. A few large elements excuse no others so.
    pub(super) fn noise(&self, operator: &str, types: [DataType; 2], size: f64) -> f64 {
        let is_cancelling = CANCELLING.contains(&operator);
        let expected = self.expected.unwrap_or_else(|| Expected::of(types));
        if is_cancelling {
            2.0 * expected.unit() * size
        } else {
            0.0
        }
    }

    /// What is wrong with tensors of these types that are so far apart; `None` if nothing is.
    pub(super) fn fault(
        &self,
        figures: &Figures,
        types: [DataType; 2],
        noise: f64,
    ) -> Option<Text> {
        let expected = self.expected.unwrap_or_else(|| Expected::of(types));
        if figures.unlike > 0 {
            return Some(unlike(figures, expected));
        }
        if let Some(most) = self.max_absolute
            && figures.max_absolute.is_some_and(|error| error > most)
        {
            let error = figures.max_absolute.unwrap_or(0.0);
            return Some(text!(
                "an element is {error} off, {most} is allowed",
                error = format!("{error:.3e}"),
                most = format!("{most:e}")
            ));
        }
        if let Some([absolute, relative]) = self.bounds() {
            return (figures.outside > 0).then(|| {
                text!(
                    "{count} of {all} elements are off by more than {bound}",
                    count = figures.outside,
                    all = figures.elements,
                    bound = format!("{absolute:e} + {relative:e} × |a|")
                )
            });
        }
        let is_set =
            self.cosine.is_some() || self.relative_l2.is_some() || self.max_absolute.is_some();
        if !is_set && !Figures::is_of_floats(types[0], types[1]) {
            return flips(figures, expected.flips());
        }
        if !is_set && figures.rmse.is_some_and(|error| error <= noise) {
            return None;
        }
        let (cosine, relative_l2) = expected.limits();
        let least = self.cosine.or((!is_set).then_some(cosine));
        let most = self.relative_l2.or((!is_set).then_some(relative_l2));
        match (figures.cosine, figures.relative_l2) {
            (Some(found), _) if least.is_some_and(|least| found < least) => Some(text!(
                "the cosine is {found}, at least {least} is asked for",
                found = format!("{found:.6}"),
                least = least.unwrap_or_default().to_string()
            )),
            (_, Some(found)) if most.is_some_and(|most| found > most) => Some(text!(
                "the relative L2 error is {found}, {most} is allowed",
                found = format!("{found:.3e}"),
                most = format!("{:e}", most.unwrap_or_default())
            )),
            _ => None,
        }
    }
}

/// What is wrong where numbers are not finite.
fn unlike(figures: &Figures, expected: Expected) -> Text {
    let [a, b] = figures.sides;
    if expected == Expected::Half && b.infinite > a.infinite && a.beyond_half > 0 {
        return text!(
            "{beyond} of {all} elements of A exceed 65504, the most that float16 holds; in B {infinite} are infinite",
            beyond = a.beyond_half,
            all = figures.elements,
            infinite = b.infinite
        );
    }
    text!(
        "{unlike} of {all} elements are not finite in one of the two: {infinite_a} infinite, {nan_a} NaN in A, \
         {infinite_b} infinite, {nan_b} NaN in B",
        unlike = figures.unlike,
        all = figures.elements,
        infinite_a = a.infinite,
        nan_a = a.nan,
        infinite_b = b.infinite,
        nan_b = b.nan
    )
}

#[allow(clippy::cast_precision_loss, reason = "a part of all elements")]
fn flips(figures: &Figures, most: f64) -> Option<Text> {
    let part = figures.different as f64 / figures.elements.max(1) as f64;
    (part > most).then(|| {
        text!(
            "{count} of {all} whole numbers differ",
            count = figures.different,
            all = figures.elements
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SINGLE: [DataType; 2] = [DataType::F32; 2];
    const HALF: [DataType; 2] = [DataType::F32, DataType::F16];

    fn figures(cosine: f64, relative_l2: f64, max_absolute: f64) -> Figures {
        Figures {
            elements: 100,
            compared: 100,
            cosine: Some(cosine),
            relative_l2: Some(relative_l2),
            max_absolute: Some(max_absolute),
            rmse: Some(max_absolute),
            ..Figures::default()
        }
    }

    #[test]
    fn what_is_tolerated_follows_from_the_types() {
        let plain = Tolerance::default();
        let found = figures(0.99999, 5e-3, 0.1);
        assert!(
            plain
                .fault(&found, SINGLE, 0.0)
                .unwrap()
                .contains("5.000e-3")
        );
        assert_eq!(plain.fault(&found, HALF, 0.0), None);
        let half = Tolerance {
            expected: Some(Expected::Half),
            ..plain
        };
        assert_eq!(half.fault(&found, SINGLE, 0.0), None);
        assert!(half.fault(&figures(0.9, 0.4, 0.1), SINGLE, 0.0).is_some());
    }

    #[test]
    fn what_is_set_replaces_what_is_expected() {
        let found = figures(0.9, 0.4, 0.1);
        let set = |change: fn(&mut Tolerance)| {
            let mut tolerance = Tolerance::default();
            change(&mut tolerance);
            tolerance.fault(&found, SINGLE, 0.0)
        };
        assert!(set(|_| ()).is_some());
        assert_eq!(set(|t| t.cosine = Some(0.8)), None);
        assert!(set(|t| t.cosine = Some(0.95)).unwrap().contains("0.95"));
        assert_eq!(set(|t| t.max_absolute = Some(0.1)), None);
        assert!(set(|t| t.max_absolute = Some(0.05)).is_some());
        assert_eq!(set(|t| t.absolute = Some(0.05)), None);
        // so it is for whole numbers
        let mut whole = figures(0.9, 0.4, 1.0);
        whole.different = 50;
        let long = |tolerance: Tolerance| tolerance.fault(&whole, [DataType::I64; 2], 0.0);
        let plain = Tolerance::default();
        let most = |max_absolute| Tolerance {
            max_absolute: Some(max_absolute),
            ..plain
        };
        assert!(long(plain).is_some());
        assert_eq!(long(most(1.0)), None);
        assert!(long(most(0.5)).is_some());
        let least = |cosine| Tolerance {
            cosine: Some(cosine),
            ..plain
        };
        assert_eq!(long(least(0.8)), None);
        assert!(long(least(0.95)).is_some());
    }

    #[test]
    fn numbers_that_are_lost_are_no_question_of_tolerance() {
        let mut found = figures(1.0, 0.0, 0.0);
        found.unlike = 1;
        let loose = Tolerance {
            cosine: Some(0.0),
            ..Tolerance::default()
        };
        assert!(
            loose
                .fault(&found, HALF, 1.0)
                .unwrap()
                .contains("not finite")
        );
    }

    #[test]
    fn small_differences_of_large_numbers_are_rounding() {
        let plain = Tolerance::default();
        let found = figures(0.1, 3.0, 1e-6);
        let noise = plain.noise("Sub", SINGLE, 10.0);
        assert_eq!(plain.fault(&found, SINGLE, noise), None);
        assert!(
            plain
                .fault(&found, SINGLE, plain.noise("Softmax", SINGLE, 10.0))
                .is_some()
        );
        let mut whole = figures(1.0, 0.0, 1.0);
        whole.different = 1;
        assert!(plain.fault(&whole, [DataType::I64; 2], 0.0).is_some());
        let half = Tolerance {
            expected: Some(Expected::Half),
            ..plain
        };
        assert_eq!(half.fault(&whole, [DataType::I64; 2], 0.0), None);
    }
}
