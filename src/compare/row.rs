//! A value of both sides.

use ascend_graph::{DataType, Text, text};

use super::elements::width;
use super::figures::Figures;
use super::pairs::Match;
use super::tolerance::Tolerance;
use super::value::Value;
use crate::error::Result;
use crate::tensor::Tensor;

/// Whether a value agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Within what is tolerated.
    Good,
    /// Beyond it.
    Bad,
    /// Nothing is told by it: every element is NaN or infinite on both sides.
    Void,
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
    pub reason: Option<Text>,
    /// The rows of what the node reads.
    pub reads: Vec<usize>,
    /// The nearest rows before it: what the node reads, and where that is no row, what that is made of.
    pub before: Vec<usize>,
    /// Of which of the samples this is, counted from 0.
    pub sample: usize,
    /// Whether it was asked for: an output, or named.
    pub is_asked: bool,
}

impl Row {
    /// A value that is not compared yet, with what both sides know of it, and the side that knows more.
    pub(super) fn new(knows: &Value, sides: [&Value; 2], matched: Match, is_asked: bool) -> Self {
        Self {
            value: Value {
                is_output: sides.iter().any(|value| value.is_output),
                ..knows.clone()
            },
            labels: sides.map(Value::label),
            matched,
            types: [None; 2],
            shapes: [None, None],
            figures: None,
            verdict: Verdict::Unknown,
            reason: None,
            reads: Vec::new(),
            before: Vec::new(),
            sample: 0,
            is_asked,
        }
    }

    /// Compares what both sides gave.
    pub(super) fn judge(
        &mut self,
        a: Result<Tensor<'static>, String>,
        b: Result<Tensor<'static>, String>,
        tolerance: &Tolerance,
        size_of_reads: f64,
    ) {
        let (a, b) = match (a, b) {
            (Ok(a), Ok(b)) => (a, b),
            (Err(why), _) => return self.reason = Some(text!("A does not give it: {why}", why)),
            (_, Err(why)) => return self.reason = Some(text!("B does not give it: {why}", why)),
        };
        let types = [a.dtype, b.dtype];
        self.types = types.map(Some);
        self.shapes = [Some(a.shape.to_vec()), Some(b.shape.to_vec())];
        let is_guessed = self.matched == Match::Order;
        let shapes = [&a.shape, &b.shape].map(|shape| format!("{shape:?}"));
        let Some(figures) = Figures::of(&a, &b, tolerance.bounds()) else {
            let why = if is_number(types[0]) && is_number(types[1]) {
                let [a, b] = shapes;
                text!("the shapes are {a} and {b}", a, b)
            } else {
                let [a, b] = types.map(DataType::name);
                text!("{a} and {b} are not compared", a, b)
            };
            // what was paired by order alone may just be something else
            if !is_guessed && is_number(types[0]) && is_number(types[1]) {
                self.verdict = Verdict::Bad;
            }
            return self.reason = Some(why);
        };
        let noise = tolerance.noise(&self.value.operator, types, size_of_reads);
        let fault = tolerance.fault(&figures, types, noise);
        self.verdict = match fault {
            Some(_) => Verdict::Bad,
            None if figures.is_void() => Verdict::Void,
            None => Verdict::Good,
        };
        let remark = || {
            let [a, b] = shapes;
            (self.shapes[0] != self.shapes[1]).then(|| {
                text!(
                    "the shapes are {a} and {b}: elements were compared in order",
                    a,
                    b
                )
            })
        };
        self.reason = fault.or_else(|| lost(&figures)).or_else(remark);
        self.figures = Some(figures);
    }

    /// How far from agreeing it is: of several samples the one counts for which this is most.
    pub(super) fn rank(&self) -> (u8, bool, f64) {
        let verdict = match self.verdict {
            Verdict::Bad => 3,
            Verdict::Void => 2,
            Verdict::Unknown => 1,
            Verdict::Good => 0,
        };
        let Some(figures) = &self.figures else {
            return (verdict, true, 0.0);
        };
        let error = figures.relative_l2.or(figures.max_absolute);
        (verdict, figures.unlike > 0, error.unwrap_or(0.0))
    }
}

/// Tells of elements that are no numbers on both sides, and so say nothing.
fn lost(figures: &Figures) -> Option<Text> {
    let both = figures.elements - figures.compared - figures.unlike;
    if figures.is_void() {
        return Some(text!(
            "all {count} elements are NaN or infinite on both sides, which tells nothing",
            count = both
        ));
    }
    (both > 0).then(|| {
        text!(
            "{count} of {all} elements are NaN or infinite on both sides, and are left out",
            count = both,
            all = figures.elements
        )
    })
}

fn is_number(dtype: DataType) -> bool {
    width(dtype).is_some()
}
