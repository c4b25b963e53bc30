//! Two sides, value by value.

use ascend_graph::DataType;

use super::figures::Figures;
use super::pairs::{Match, pairs};
use super::side::Side;
use super::tolerance::Tolerance;
use super::value::Value;
use crate::error::{Error, ErrorKind, Result};
use crate::tensor::Tensor;

/// What is compared, and how strictly.
#[derive(Clone, Debug)]
pub struct Scope {
    /// What is tolerated.
    pub tolerance: Tolerance,
    /// The most bytes of tensors that are held at once, unless a single one takes more.
    pub memory_bytes: u64,
    /// Nodes are left out, and only outputs compared.
    pub outputs_only: bool,
    /// The nodes that are compared, by parts of their names or operators; all if there are none.
    pub nodes: Vec<String>,
    /// The most nodes that are compared, besides outputs.
    pub limit: Option<usize>,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            tolerance: Tolerance::default(),
            memory_bytes: 256 << 20,
            outputs_only: false,
            nodes: Vec::new(),
            limit: None,
        }
    }
}

/// Whether a value agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Within what is tolerated.
    Good,
    /// Beyond it.
    Bad,
    /// Not compared.
    Unknown,
}

/// A value of both sides.
#[derive(Clone, Debug)]
pub struct Row {
    /// The value on the side that knows most of it.
    pub value: Value,
    /// Its names on both sides.
    pub labels: [String; 2],
    /// How it was found that it is the same value.
    pub matched: Match,
    /// Its element types, once it was compared.
    pub types: [Option<DataType>; 2],
    /// Its shapes, once it was compared.
    pub shapes: [Option<Vec<usize>>; 2],
    /// How far the elements are apart, where that can be told.
    pub figures: Option<Figures>,
    /// Whether it agrees.
    pub verdict: Verdict,
    /// What is wrong, or why it was not compared.
    pub reason: Option<String>,
    /// The rows of what the node reads.
    pub reads: Vec<usize>,
    /// Whether it was asked for: an output, or named.
    pub is_asked: bool,
}

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

impl Scope {
    /// The rows, not compared yet, and the pairs that they are of.
    fn rows(
        &self,
        a: &Side,
        b: &Side,
        found: &[(usize, usize, Match)],
    ) -> Result<(Vec<Row>, Vec<(usize, usize, Match)>)> {
        let mut places = found.to_vec();
        // in the order of the side that has one
        if a.knows_order() || !b.knows_order() {
            places.sort_unstable_by_key(|pair| pair.0);
        } else {
            places.sort_unstable_by_key(|pair| pair.1);
        }
        let mut left = self.limit.unwrap_or(usize::MAX);
        let (mut rows, mut named) = (Vec::new(), 0);
        places.retain(|&(left_value, right_value, matched)| {
            let (x, y) = (&a.values()[left_value], &b.values()[right_value]);
            let is_output = x.is_output || y.is_output;
            let is_named = self
                .nodes
                .iter()
                .any(|part| is_called(x, part) || is_called(y, part));
            let is_wanted = is_output
                || (!self.outputs_only && (self.nodes.is_empty() || is_named) && left > 0);
            if !is_wanted {
                return false;
            }
            named += usize::from(is_named);
            left -= usize::from(!is_output).min(left);
            let knows = if a.knows_order() || !b.knows_order() {
                x
            } else {
                y
            };
            rows.push(Row {
                value: Value {
                    is_output,
                    ..knows.clone()
                },
                labels: [x.label(), y.label()],
                matched,
                types: [None; 2],
                shapes: [None, None],
                figures: None,
                verdict: Verdict::Unknown,
                reason: None,
                reads: Vec::new(),
                is_asked: is_output || is_named,
            });
            true
        });
        if rows.is_empty() || (!self.nodes.is_empty() && named == 0) {
            let message = format!(
                "no node that both sides have is called {}: give a part of a name, or an operator; the first ones are {}",
                self.nodes.join(" or "),
                listed(a.values())
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        Ok((rows, places))
    }

    /// Where a chunk ends that begins at `start` and is held at once.
    fn chunk_end(
        &self,
        a: &Side,
        b: &Side,
        places: &[(usize, usize, Match)],
        start: usize,
    ) -> usize {
        let (mut end, mut bytes) = (start, 0_u64);
        while let Some(&(left, right, _)) = places.get(end) {
            // what cannot be told is expected to take a good part
            let unknown = self.memory_bytes / 8;
            let each = [a.bytes(left), b.bytes(right)].map(|bytes| bytes.unwrap_or(unknown));
            bytes = each
                .iter()
                .fold(bytes, |all, each| all.saturating_add(*each));
            if bytes > self.memory_bytes && end > start {
                break;
            }
            end += 1;
        }
        end
    }
}

/// Tells each row which rows its node reads.
fn link(rows: &mut [Row], places: &[(usize, usize, Match)], a: &Side, b: &Side) {
    let by_a = a.knows_order() || !b.knows_order();
    let own = |pair: &(usize, usize, Match)| if by_a { pair.0 } else { pair.1 };
    let of: std::collections::HashMap<usize, usize> = places
        .iter()
        .enumerate()
        .map(|(row, pair)| (own(pair), row))
        .collect();
    for row in rows {
        let reads = row.value.reads.iter();
        row.reads = reads.filter_map(|value| of.get(value).copied()).collect();
    }
}

fn is_called(value: &Value, part: &str) -> bool {
    value.operator == part || value.node.contains(part) || value.tensor == part
}

/// The outputs without a partner, where the other side is a model that should have given it.
fn lonely(a: &Side, b: &Side, found: &[(usize, usize, Match)]) -> [Vec<String>; 2] {
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

/// The names of the first values.
fn listed(values: &[Value]) -> String {
    let names: Vec<String> = values.iter().take(8).map(Value::label).collect();
    names.join(", ")
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

impl Row {
    /// Compares what both sides gave.
    fn judge(
        &mut self,
        a: Result<Tensor<'static>, String>,
        b: Result<Tensor<'static>, String>,
        tolerance: &Tolerance,
        reach: f64,
    ) {
        let (a, b) = match (a, b) {
            (Ok(a), Ok(b)) => (a, b),
            (Err(why), _) => return self.reason = Some(format!("A does not give it: {why}")),
            (_, Err(why)) => return self.reason = Some(format!("B does not give it: {why}")),
        };
        let types = [a.dtype, b.dtype];
        self.types = types.map(Some);
        self.shapes = [Some(a.shape.to_vec()), Some(b.shape.to_vec())];
        let is_guessed = self.matched == Match::Order;
        let Some(figures) = Figures::of(&a, &b, tolerance.bounds()) else {
            let why = if is_number(types[0]) && is_number(types[1]) {
                format!("the shapes are {:?} and {:?}", a.shape, b.shape)
            } else {
                format!("{} and {} are not compared", types[0], types[1])
            };
            // what was paired by order alone may just be something else
            if !is_guessed && is_number(types[0]) && is_number(types[1]) {
                self.verdict = Verdict::Bad;
            }
            return self.reason = Some(why);
        };
        let noise = tolerance.noise(&self.value.operator, types, reach);
        let fault = tolerance.fault(&figures, types, noise);
        self.verdict = if fault.is_some() {
            Verdict::Bad
        } else {
            Verdict::Good
        };
        self.reason = fault;
        if self.reason.is_none() && a.shape != b.shape {
            self.reason = Some(format!(
                "the shapes are {:?} and {:?}: elements were compared in order",
                a.shape, b.shape
            ));
        }
        self.figures = Some(figures);
    }
}

fn is_number(dtype: DataType) -> bool {
    super::elements::width(dtype).is_some()
}
