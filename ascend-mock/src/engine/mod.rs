//! The engine that computes: a program and tensors in, tensors out.
//!
//! Nothing here knows of `AscendCL`. The seam is [`load`] and [`Program`]; behind it stands `rten`, which
//! computes in `f32`, `i32`, `i8` and `u8`. The other types that a model may have at its edge are
//! converted there: `f16` is widened to `f32`, `i64` and `bool` become `i32`, and a number that does not
//! fit is an error.

mod edge;
mod rten;
mod runner;

use std::fmt;

use ascend_graph::onnx::Node;
use bytes::Bytes;

pub(crate) use edge::{EDGE_TYPES, Tensor};

/// How deep graphs may lie in nodes of graphs.
pub(crate) const MOST_NESTED: usize = 6;

/// A model that is ready to run.
pub(crate) trait Program: Send + Sync {
    /// Computes the outputs. Inputs and outputs are in the model's order.
    fn run(&self, inputs: Vec<Tensor>) -> Result<Vec<Tensor>, EngineError>;

    /// Gives what the engine knows of a value's shape before it runs: `None` if not even the rank.
    fn dims(&self, value: &str) -> Option<Vec<Option<usize>>>;
}

/// Why a program could not be loaded or run.
#[derive(Debug)]
pub(crate) struct EngineError {
    /// What went wrong, with the node's name if it is one node's fault.
    pub(crate) message: String,
    /// The node that failed, or the input or output that is wrong.
    pub(crate) node: Option<String>,
}

impl EngineError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            node: None,
        }
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EngineError {}

/// Loads an ONNX model whose large constants lie in `weights`, under the location
/// [`WEIGHTS_LOCATION`](ascend_graph::om::WEIGHTS_LOCATION).
///
/// A buffer of weights that nobody else holds is taken over, any other is copied once. Each run uses
/// `threads` threads, at least one.
pub(crate) fn load(
    graph: &Bytes,
    weights: Bytes,
    threads: usize,
) -> Result<Box<dyn Program>, EngineError> {
    rten::load(graph, weights, threads)
}

/// Says why the engine cannot run a node of ONNX's operator set `opset`, if it can tell from the node alone.
pub(crate) fn objection(node: &Node, opset: i64) -> Option<String> {
    rten::objection(node, opset)
}
