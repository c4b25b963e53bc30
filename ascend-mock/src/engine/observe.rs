//! Runs that are watched: what each operator took, gave and needed.

use std::time::{Duration, SystemTime};

use ::rten::Value;
use ascend_graph::DataType;
use rten_tensor::{AsView, Layout};

use super::edge::own_type;
use super::{EngineError, Tensor};

/// A program that runs operator by operator. It is slower than the plain program, whose fused operators
/// it does not have, and equal to it but for rounding.
pub(crate) trait Observable {
    /// Computes the outputs, and tells `observer` of each operator when it is done.
    fn run(
        &self,
        inputs: Vec<Tensor>,
        observer: &mut dyn Observer,
    ) -> Result<Vec<Tensor>, EngineError>;
}

/// Whoever watches a run.
pub(crate) trait Observer {
    /// Takes note of an operator that has run.
    fn observe(&mut self, run: &OperatorRun<'_>);

    /// Takes note of an operator that could not be computed; it gave nothing, and ends the run.
    fn fail(&mut self, run: &OperatorRun<'_>) {
        let _ = run;
    }
}

/// An operator of a model: a node of the ONNX graph, whatever it was compiled to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Operator {
    /// The node's name, or its place and type if it has none.
    pub(crate) name: String,
    pub(crate) op_type: String,
}

/// One run of an operator.
pub(crate) struct OperatorRun<'a> {
    pub(crate) operator: &'a Operator,
    /// Which of the program's operators it is.
    pub(crate) index: usize,
    pub(crate) start: SystemTime,
    pub(crate) duration: Duration,
    /// What it took, constants too, in the node's order.
    pub(crate) inputs: Vec<Seen<'a>>,
    /// What it gave.
    pub(crate) outputs: Vec<Seen<'a>>,
}

/// A value that an operator took or gave, in the type that the engine computes in.
pub(crate) struct Seen<'a> {
    value: &'a Value,
}

impl<'a> Seen<'a> {
    pub(super) fn new(value: &'a Value) -> Self {
        Self { value }
    }

    /// The element type; undefined for what is no tensor.
    pub(crate) fn dtype(&self) -> DataType {
        own_type(self.value).unwrap_or(DataType::Undefined)
    }

    /// The extent of each axis; none for what is no tensor.
    pub(crate) fn dims(&self) -> Vec<usize> {
        match self.value {
            Value::Sequence(_) => Vec::new(),
            tensor => tensor.as_view().shape().to_vec(),
        }
    }

    /// Whether all elements are numbers that are not infinite; `None` for what has no floating-point ones.
    pub(crate) fn is_finite(&self) -> Option<bool> {
        match self.value {
            Value::FloatTensor(tensor) => Some(tensor.iter().all(|element| element.is_finite())),
            _ => None,
        }
    }

    /// A copy of the elements; `None` for what is no tensor.
    pub(crate) fn to_tensor(&self) -> Option<Tensor> {
        Tensor::of_value(self.value)
    }
}
