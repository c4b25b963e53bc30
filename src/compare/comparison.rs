//! Two sides, value by value.

use std::collections::HashMap;

use super::pairs::{Pair, pairs};
use super::row::{Row, Verdict};
use super::scope::{Scope, listed};
use super::side::Side;
use crate::error::{Error, ErrorKind, Result};

/// Where the first difference comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// All that the node reads agrees: it is the node itself.
    Node,
    /// Some of what the node reads was not compared, so it may come from before.
    Unsure,
    /// Neither side tells what the node reads.
    Untold,
}

/// The result of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The values of both sides, each after those that it is made of, where that is known.
    pub rows: Vec<Row>,
    /// The outputs that have no partner on the other side, though that is a model: of A, then of B.
    pub lonely: [Vec<String>; 2],
    /// How many other values of A, then of B, have no partner.
    pub unmatched: [usize; 2],
    /// Whether one of the sides tells what each node reads.
    pub knows_order: bool,
}

impl Comparison {
    /// Whether all that was asked for agrees; of two folders of tensors all was asked for.
    #[must_use]
    pub fn is_same(&self) -> bool {
        let is_any_asked = self.rows.iter().any(|row| row.is_asked);
        let mut asked = self.rows.iter().filter(|row| row.is_asked || !is_any_asked);
        self.lonely.iter().all(Vec::is_empty) && asked.all(|row| row.verdict == Verdict::Good)
    }

    /// The first row that does not agree, and where that comes from.
    #[must_use]
    pub fn first_bad(&self) -> Option<(usize, Cause)> {
        let mut rows = self.rows.iter();
        let place = rows.position(|row| row.verdict == Verdict::Bad)?;
        let reads = &self.rows[place].reads;
        let cause = if !self.knows_order {
            Cause::Untold
        } else if reads.len() == self.rows[place].value.reads.len()
            && reads
                .iter()
                .all(|&row| self.rows[row].verdict == Verdict::Good)
        {
            Cause::Node
        } else {
            Cause::Unsure
        };
        Some((place, cause))
    }

    /// Whether nothing but outputs was compared.
    #[must_use]
    pub fn is_only_outputs(&self) -> bool {
        self.rows.iter().all(|row| row.value.is_output)
    }

    /// How many rows have this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows
            .iter()
            .filter(|row| row.verdict == verdict)
            .count()
    }
}

/// Compares two sides that were given their inputs; A is taken as right. `watch` is told how many of how
/// many values are done.
///
/// # Errors
///
/// [`ErrorKind::InvalidArgument`] if there is nothing that both sides have, or nothing of what was asked
/// for.
pub fn compare(
    a: &mut Side,
    b: &mut Side,
    scope: &Scope,
    watch: &mut dyn FnMut(usize, usize),
) -> Result<Comparison> {
    let found = pairs(a.values(), b.values());
    if found.is_empty() {
        return Err(nothing_common(a, b));
    }
    let (mut rows, places) = scope.rows(a, b, &found)?;
    link(&mut rows, &places, a, b);
    let mut comparison = Comparison {
        lonely: lonely(a, b, &found),
        knows_order: a.knows_order() || b.knows_order(),
        rows,
        unmatched: [
            a.values().len() - found.len(),
            b.values().len() - found.len(),
        ],
    };
    for (names, count) in comparison.lonely.iter().zip(&mut comparison.unmatched) {
        *count = count.saturating_sub(names.len());
    }
    a.expect(&places.iter().map(|pair| pair.0).collect::<Vec<_>>());
    b.expect(&places.iter().map(|pair| pair.1).collect::<Vec<_>>());
    let mut start = 0;
    while start < places.len() {
        watch(start, places.len());
        let end = scope.chunk_end(a, b, &places, start);
        let side = |side: usize| -> Vec<usize> {
            let chunk = places[start..end].iter();
            chunk
                .map(|pair| if side == 0 { pair.0 } else { pair.1 })
                .collect()
        };
        let taken = a.take(&side(0)).into_iter().zip(b.take(&side(1)));
        for (offset, (left, right)) in taken.enumerate() {
            let reach = comparison.reach(start + offset);
            let row = &mut comparison.rows[start + offset];
            row.judge(left, right, &scope.tolerance, reach);
        }
        start = end;
    }
    Ok(comparison)
}

impl Comparison {
    /// The largest number that the node of a row reads, as far as that was compared.
    fn reach(&self, row: usize) -> f64 {
        let reads = self.rows[row].reads.iter();
        let figures = reads.filter_map(|&read| self.rows[read].figures.as_ref());
        figures.fold(0.0, |reach, figures| reach.max(figures.sides[0].reach()))
    }
}

/// Tells each row which rows its node reads.
fn link(rows: &mut [Row], places: &[Pair], a: &Side, b: &Side) {
    let by_a = a.knows_order() || !b.knows_order();
    let own = |pair: &Pair| if by_a { pair.0 } else { pair.1 };
    let of: HashMap<usize, usize> = places
        .iter()
        .enumerate()
        .map(|(row, pair)| (own(pair), row))
        .collect();
    for row in rows {
        let reads = row.value.reads.iter();
        row.reads = reads.filter_map(|value| of.get(value).copied()).collect();
    }
}

/// The outputs without a partner, where the other side is a model that should have given it.
fn lonely(a: &Side, b: &Side, found: &[Pair]) -> [Vec<String>; 2] {
    if !(a.is_model() && b.is_model()) {
        return [Vec::new(), Vec::new()];
    }
    let of = |side: &Side, is_paired: &dyn Fn(usize) -> bool| {
        let values = side.values().iter().enumerate();
        values
            .filter(|(place, value)| value.is_output && !is_paired(*place))
            .map(|(_, value)| value.tensor.clone())
            .collect()
    };
    [
        of(a, &|place| found.iter().any(|pair| pair.0 == place)),
        of(b, &|place| found.iter().any(|pair| pair.1 == place)),
    ]
}

fn nothing_common(a: &Side, b: &Side) -> Error {
    let message = format!(
        "A and B have no value in common, by name, by the node's name, by place or by operator: A has {}; B has {}; \
         call files after outputs or nodes of the model, as `ascend run --output` does",
        listed(a.values()),
        listed(b.values())
    );
    Error::new(ErrorKind::InvalidArgument, message)
}
