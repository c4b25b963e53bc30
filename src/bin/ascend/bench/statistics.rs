//! What many measured times have in common.

use serde_json::{Value, json};

/// The bars of a histogram, of which the last one holds all that is above the others.
const BARS: usize = 16;

/// Measured times in milliseconds, summed up. All are 0 where there are none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Spread {
    pub(super) count: usize,
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) mean: f64,
    pub(super) p50: f64,
    pub(super) p90: f64,
    pub(super) p95: f64,
    pub(super) p99: f64,
    /// The standard deviation.
    pub(super) deviation: f64,
    /// The mean difference between a time and the next one.
    pub(super) jitter: f64,
}

impl Spread {
    /// Of times in the order in which they were measured.
    pub(super) fn of(times: &[f64]) -> Self {
        let mut sorted = times.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (Some(min), Some(max)) = (sorted.first(), sorted.last()) else {
            return Self::default();
        };
        let mean = mean(times.iter().copied());
        let square = self::mean(times.iter().map(|time| (time - mean).powi(2)));
        Self {
            count: times.len(),
            min: *min,
            max: *max,
            mean,
            p50: percentile(&sorted, 50),
            p90: percentile(&sorted, 90),
            p95: percentile(&sorted, 95),
            p99: percentile(&sorted, 99),
            deviation: square.sqrt(),
            jitter: self::mean(steps(times)),
        }
    }

    /// Of several such series.
    pub(super) fn of_several(series: &[Vec<f64>]) -> Self {
        Self {
            jitter: mean(series.iter().flat_map(|times| steps(times))),
            ..Self::of(&series.concat())
        }
    }

    /// All of them, by their names.
    pub(super) fn json(&self) -> Value {
        json!({
            "count": self.count, "min": self.min, "max": self.max, "mean": self.mean, "p50": self.p50,
            "p90": self.p90, "p95": self.p95, "p99": self.p99, "deviation": self.deviation,
            "jitter": self.jitter,
        })
    }

    /// Those that `ais_bench` has, by its names.
    pub(super) fn ais_json(&self) -> Value {
        json!({
            "min": self.min, "max": self.max, "mean": self.mean, "median": self.p50,
            "percentile(99%)": self.p99,
        })
    }
}

/// The differences between each time and the next one.
fn steps(times: &[f64]) -> impl Iterator<Item = f64> {
    times.windows(2).map(|pair| (pair[1] - pair[0]).abs())
}

/// The mean; 0 of nothing.
pub(super) fn mean(times: impl Iterator<Item = f64>) -> f64 {
    let (mut count, mut sum) = (0.0, 0.0);
    for time in times {
        count += 1.0;
        sum += time;
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

/// What `percent` of the sorted times are below, between two of them as NumPy does it.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let steps = sorted.len().saturating_sub(1) * percent;
    let (index, rest) = (steps / 100, steps % 100);
    let below = sorted.get(index).copied().unwrap_or(0.0);
    let above = sorted.get(index + 1).copied().unwrap_or(below);
    below + (above - below) * (as_f64(rest) / 100.0)
}

/// A count as a number to compute with.
#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(crate) fn as_f64(count: usize) -> f64 {
    count as f64
}

/// How many times lie between each two of equal steps, up to the one that 99 % are below.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Histogram {
    /// Where the first bar begins, in milliseconds.
    pub(super) start: f64,
    /// How wide a bar is.
    pub(super) step: f64,
    /// The last one holds all times above.
    pub(super) counts: Vec<usize>,
}

impl Histogram {
    pub(super) fn of(times: &[f64]) -> Self {
        let spread = Spread::of(times);
        let step = (spread.p99 - spread.min) / as_f64(BARS - 1);
        let mut counts = vec![0; BARS];
        if step <= 0.0 {
            // All are the same, or there are none.
            counts[0] = times.len();
            return Self {
                start: spread.min,
                step: 0.0,
                counts,
            };
        }
        let edges: Vec<f64> = (1..BARS)
            .map(|bar| spread.min + step * as_f64(bar))
            .collect();
        for time in times {
            counts[edges.partition_point(|edge| edge < time)] += 1;
        }
        Self {
            start: spread.min,
            step,
            counts,
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({"start": self.start, "step": self.step, "counts": self.counts})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_summed_up() {
        assert_eq!(Spread::of(&[]), Spread::default());
        let one = Spread::of(&[2.0]);
        assert_eq!(
            (one.min, one.p50, one.p99, one.deviation, one.jitter),
            (2.0, 2.0, 2.0, 0.0, 0.0)
        );
        let times: Vec<f64> = (1..=101).rev().map(as_f64).collect();
        let spread = Spread::of(&times);
        assert_eq!(
            (spread.count, spread.min, spread.max, spread.mean),
            (101, 1.0, 101.0, 51.0)
        );
        assert_eq!(
            (spread.p50, spread.p90, spread.p95, spread.p99),
            (51.0, 91.0, 96.0, 100.0)
        );
        assert!((spread.jitter - 1.0).abs() < 1e-12);
        // Between two: as numpy.percentile([1, 2, 3, 4], [50, 90, 99]).
        let few = Spread::of(&[4.0, 1.0, 3.0, 2.0]);
        assert!(
            (few.p50 - 2.5).abs() < 1e-12
                && (few.p90 - 3.7).abs() < 1e-12
                && (few.p99 - 3.97).abs() < 1e-12
        );
        assert!((few.deviation - 1.25_f64.sqrt()).abs() < 1e-12);
        assert!((few.jitter - 2.0).abs() < 1e-12);
        // From one series to the next there is no step.
        let several = Spread::of_several(&[vec![1.0, 2.0], vec![9.0, 8.0]]);
        assert_eq!((several.jitter, several.max, several.mean), (1.0, 9.0, 5.0));
    }

    #[test]
    fn every_time_is_in_a_bar() {
        let times: Vec<f64> = (0..1000).map(as_f64).collect();
        let histogram = Histogram::of(&times);
        assert_eq!(histogram.counts.iter().sum::<usize>(), 1000);
        assert_eq!(histogram.counts.last(), Some(&10));
        assert_eq!(Histogram::of(&[1.0, 1.0]).counts[0], 2);
        assert_eq!(Histogram::of(&[]).counts.iter().sum::<usize>(), 0);
    }
}
