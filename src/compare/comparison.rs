//! Two sides, value by value.

use std::collections::{HashMap, HashSet};

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
    /// What has no partner on the other side, and should have: of A, then of B. Of models these are
    /// outputs; of two sides of files all values that are asked for.
    pub lonely: [Vec<String>; 2],
    /// How many other values of A, then of B, have no partner.
    pub unmatched: [usize; 2],
    /// One side is a model, and the other is dumps of operators, of which none gives an output of it: what
    /// is between decides.
    pub is_without_outputs: bool,
    /// Whether one of the sides tells what each node reads.
    pub knows_order: bool,
    /// How many samples were compared; each row is of the one for which it is worst.
    pub samples: usize,
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
        lonely: lonely(a, b, scope, &found),
        is_without_outputs: is_without_outputs(a, b, &found),
        knows_order: a.knows_order() || b.knows_order(),
        rows,
        samples: 1,
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
            let of_reads = comparison.size_of_reads(start + offset);
            let row = &mut comparison.rows[start + offset];
            row.judge(left, right, &scope.tolerance, of_reads);
        }
        start = end;
    }
    Ok(comparison)
}

impl Comparison {
    /// Takes the comparison of another sample in: of each value the worse of both stays.
    pub fn add(&mut self, other: Self) {
        let sample = self.samples;
        self.samples += other.samples;
        let key = |row: &Row| {
            (
                row.labels.clone(),
                row.value.tensor.clone(),
                row.value.index,
            )
        };
        let mut known: HashMap<_, usize> = HashMap::new();
        for (place, row) in self.rows.iter().enumerate() {
            known.insert(key(row), place);
        }
        // what only some samples give, such as the operators of one branch, comes last
        let mut places = Vec::with_capacity(other.rows.len());
        for mut row in other.rows {
            row.sample += sample;
            let moved = |rows: &[usize]| {
                let rows = rows.iter().filter_map(|row| places.get(*row).copied());
                rows.collect::<Vec<usize>>()
            };
            row.reads = moved(&row.reads);
            row.before = moved(&row.before);
            let place = *known.entry(key(&row)).or_insert(self.rows.len());
            places.push(place);
            match self.rows.get_mut(place) {
                Some(worst) if row.rank() > worst.rank() => *worst = row,
                Some(_) => {}
                None => self.rows.push(row),
            }
        }
        for (names, more) in self.lonely.iter_mut().zip(other.lonely) {
            let more: Vec<_> = more
                .into_iter()
                .filter(|name| !names.contains(name))
                .collect();
            names.extend(more);
        }
    }

    /// The size of what the node of a row reads: the largest root of a mean square, as far as that was
    /// compared. Of an output it is 0, for there nothing follows that could even it out.
    fn size_of_reads(&self, row: usize) -> f64 {
        if self.rows[row].value.is_output {
            return 0.0;
        }
        let reads = self.rows[row].reads.iter();
        let figures = reads.filter_map(|&read| self.rows[read].figures.as_ref());
        figures.fold(0.0, |size, figures| size.max(figures.sides[0].rms()))
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
    let values = if by_a { a.values() } else { b.values() };
    // of each value the nearest rows before it; what it is made of comes before it
    let mut before: Vec<Vec<usize>> = Vec::with_capacity(values.len());
    for value in values {
        let mut nearest: Vec<usize> = Vec::new();
        for read in &value.reads {
            match of.get(read) {
                Some(row) => nearest.push(*row),
                None => nearest.extend(before.get(*read).into_iter().flatten()),
            }
        }
        nearest.sort_unstable();
        nearest.dedup();
        before.push(nearest);
    }
    for (row, pair) in rows.iter_mut().zip(places) {
        let reads = row.value.reads.iter();
        row.reads = reads.filter_map(|value| of.get(value).copied()).collect();
        row.before = before
            .get_mut(own(pair))
            .map(std::mem::take)
            .unwrap_or_default();
    }
}

/// What has no partner and should have: see [`Comparison::lonely`].
fn lonely(a: &Side, b: &Side, scope: &Scope, found: &[Pair]) -> [Vec<String>; 2] {
    if is_without_outputs(a, b, found) {
        return [Vec::new(), Vec::new()];
    }
    let is_of_files = !a.is_model() && !b.is_model();
    let of = |side: &Side, paired: HashSet<usize>| {
        let values = side.values().iter().enumerate();
        let alone = values.filter(|(place, _)| !paired.contains(place));
        alone
            .filter_map(|(_, value)| {
                if is_of_files {
                    scope.is_named(value).then(|| value.label())
                } else {
                    value.is_output.then(|| value.tensor.clone())
                }
            })
            .collect()
    };
    [
        of(a, found.iter().map(|pair| pair.0).collect()),
        of(b, found.iter().map(|pair| pair.1).collect()),
    ]
}

/// See [`Comparison::is_without_outputs`].
fn is_without_outputs(a: &Side, b: &Side, found: &[Pair]) -> bool {
    let is_output = |&(x, y, _): &Pair| a.values()[x].is_output || b.values()[y].is_output;
    let has_dumps = |side: &Side| {
        let mut values = side.values().iter();
        !side.is_model() && values.all(|value| !value.node.is_empty())
    };
    a.is_model() != b.is_model() && (has_dumps(a) || has_dumps(b)) && !found.iter().any(is_output)
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
