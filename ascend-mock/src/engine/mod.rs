//! The engine that computes: a program and tensors in, tensors out.
//!
//! Nothing here knows of `AscendCL`. The seam is [`Engine::load`] and [`Program`]. Behind it stands `rten`,
//! which computes in `f32`, `i32`, `i8` and `u8`. The other types that a model may have at its edge are
//! converted there: `f16` is widened to `f32`, `i64` and `bool` become `i32`, and a number that does not
//! fit is an error. With the feature `ort` a library of ONNX Runtime can stand there instead, which
//! computes in the model's own types.

mod edge;
mod guard;
mod kind;
mod observe;
#[cfg_attr(not(feature = "ort"), path = "absent.rs")]
mod onnxruntime;
mod rten;
mod runner;

use std::fmt;

use ascend_graph::onnx::{Graph, Node, nesting};
use bytes::Bytes;

pub(crate) use edge::{EDGE_TYPES, PLAIN_TYPES, Tensor};
pub use kind::Engine;
pub(crate) use observe::{Observable, Observer, Operator, OperatorRun, Seen};

/// How deep graphs may lie in nodes of graphs.
pub(crate) const MOST_NESTED: usize = 6;

/// A model that is ready to run.
pub(crate) trait Program: Send + Sync {
    /// Computes the outputs. Inputs and outputs are in the model's order.
    fn run(&self, inputs: Vec<Tensor>) -> Result<Vec<Tensor>, EngineError>;

    /// The engine, as sentences name it.
    fn engine(&self) -> &'static str {
        "the CPU engine"
    }

    /// Gives what the engine knows of a value's shape before it runs: `None` if not even the rank.
    fn dims(&self, value: &str) -> Option<Vec<Option<usize>>>;

    /// Gives the same program to run operator by operator. `network` is the model as ONNX, if the file has
    /// it; operators get their names from there.
    fn observable(&self, network: Option<&Bytes>) -> Result<&dyn Observable, EngineError> {
        let _ = network;
        Err(EngineError::new(format!(
            "{} does not tell what its operators do; use the engine rten to profile or to dump",
            self.engine()
        )))
    }
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

    fn at(self, what: &str, name: &str) -> Self {
        Self {
            message: format!("{what} `{name}`: {}", self.message),
            node: Some(name.to_owned()),
        }
    }
}

impl From<ascend_graph::Error> for EngineError {
    fn from(error: ascend_graph::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EngineError {}

/// Says why `rten` cannot run a node of ONNX's operator set `opset`, if it can tell from the node alone.
pub(crate) fn objection(node: &Node, opset: i64) -> Option<String> {
    rten::objection(node, opset)
}

/// Graphs inside of nodes are read and run recursively by engines, so a file could exhaust their stack.
fn check_nesting(graph: &Graph) -> Result<(), EngineError> {
    if nesting(graph) <= MOST_NESTED {
        return Ok(());
    }
    let message = format!(
        "graphs lie in nodes of graphs more than {MOST_NESTED} levels deep; write the model with fewer"
    );
    Err(EngineError::new(message))
}
