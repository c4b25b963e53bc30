//! What a classifier's scores say.

use std::cmp::Ordering;

use crate::error::{Error, ErrorKind, Result};

/// A class and its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// The class: its place among the scores.
    pub index: usize,
    /// Its score, as given.
    pub score: f32,
}

/// The `k` highest of `scores`, best first; all of them if there are fewer.
///
/// Equal scores rank by lower index. A NaN ranks below every number.
///
/// # Errors
/// `InvalidArgument` if there are no scores; `Execution` if all of them are NaN.
pub fn top_k(scores: &[f32], k: usize) -> Result<Vec<Ranked>> {
    if scores.is_empty() {
        let message = "scores: there are none to rank; give the model's output";
        return Err(Error::new(ErrorKind::InvalidArgument, message));
    }
    if scores.iter().all(|score| score.is_nan()) {
        let message = format!(
            "scores: all {} are NaN: the model computed no answer; check its weights, the range of \
             its input, and overflow if it computes in f16",
            scores.len()
        );
        return Err(Error::new(ErrorKind::Execution, message));
    }
    let mut ranked: Vec<Ranked> = scores
        .iter()
        .enumerate()
        .map(|(index, &score)| Ranked { index, score })
        .collect();
    if k > 0 && k < ranked.len() {
        ranked.select_nth_unstable_by(k - 1, order);
    }
    ranked.truncate(k);
    ranked.sort_unstable_by(order);
    Ok(ranked)
}

/// Best first: numbers before NaN, higher before lower, then the lower index.
fn order(a: &Ranked, b: &Ranked) -> Ordering {
    a.score
        .is_nan()
        .cmp(&b.score.is_nan())
        .then_with(|| b.score.partial_cmp(&a.score).unwrap_or(Ordering::Equal))
        .then_with(|| a.index.cmp(&b.index))
}

/// The probabilities that `scores` (logits) stand for: positive, with a sum of 1.
///
/// Finite scores of any size do not overflow. A score of `-inf` has probability 0. As in torch, a NaN
/// or `inf` among the scores, or nothing but `-inf`, makes every probability NaN.
#[must_use]
pub fn softmax(scores: &[f32]) -> Vec<f32> {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f32> = scores.iter().map(|score| (score - highest).exp()).collect();
    let sum: f32 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranking_is_stable_and_knows_nan() {
        let indices = |scores: &[f32], k| -> Vec<usize> {
            let ranked = top_k(scores, k).unwrap();
            ranked.into_iter().map(|ranked| ranked.index).collect()
        };
        let scores = [1.0, f32::NAN, 3.0, 3.0, f32::NEG_INFINITY, 0.0, -0.0];
        assert_eq!(indices(&scores, 3), [2, 3, 0]);
        assert_eq!(indices(&scores, 0), [0; 0]);
        assert_eq!(indices(&scores, 99), [2, 3, 0, 5, 6, 4, 1]);
        let best = Ranked {
            index: 2,
            score: 3.0,
        };
        assert_eq!(top_k(&scores, 1).unwrap(), [best]);
        let nan = top_k(&[f32::NAN; 3], 1).unwrap_err();
        assert_eq!(nan.kind(), ErrorKind::Execution);
        let none = top_k(&[], 1).unwrap_err();
        assert_eq!(none.kind(), ErrorKind::InvalidArgument);
    }

    #[test]
    fn softmax_does_not_overflow() {
        let even = softmax(&[1e30, 1e30, -1e30, f32::NEG_INFINITY]);
        assert_eq!(even, [0.5, 0.5, 0.0, 0.0]);
        let values = softmax(&[1.0, 2.0, 3.0]);
        for (value, expected) in values
            .iter()
            .zip([0.090_030_57, 0.244_728_47, 0.665_240_96])
        {
            assert!((value - expected).abs() < 1e-7, "{value}");
        }
        assert!(softmax(&[1.0, f32::NAN]).iter().all(|value| value.is_nan()));
        assert!(
            softmax(&[1.0, f32::INFINITY])
                .iter()
                .all(|value| value.is_nan())
        );
        assert!(softmax(&[]).is_empty());
    }
}
