//! A value of both sides.

use ascend_graph::DataType;

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
        let noise = tolerance.noise(&self.value.operator, types, size_of_reads);
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
    width(dtype).is_some()
}
