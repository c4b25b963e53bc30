use std::fmt;
use std::io;

use ascend_graph::ErrorKind;

use crate::engine::EngineError;

/// A node that the CPU device cannot compute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The node's name, or its place and operator if it has none.
    pub node: String,
    /// Its operator, such as `Resize`.
    pub op_type: String,
    /// Why it is refused and what to do about it.
    pub reason: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({}): {}", self.node, self.op_type, self.reason)
    }
}

/// Why a model was not compiled.
#[derive(Debug)]
pub struct CompileError {
    kind: ErrorKind,
    message: String,
    refusals: Vec<Refusal>,
    source: Option<io::Error>,
}

impl CompileError {
    /// Gives what a caller can do: `Format` and `Invalid` are faults of the file or of the options,
    /// `Unsupported` is what the CPU device lacks, `Io` a failure to write.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Gives every node that was refused, in the order of the graph.
    #[must_use]
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message.into())
    }

    pub(super) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message.into())
    }

    pub(super) fn refused(refusals: Vec<Refusal>, nodes: usize) -> Self {
        let lines: Vec<_> = refusals
            .iter()
            .map(|refusal| format!("\n  {refusal}"))
            .collect();
        let message = format!(
            "the CPU device refuses this model of {nodes} nodes:{}",
            lines.concat()
        );
        Self {
            refusals,
            ..Self::unsupported(message)
        }
    }

    /// Says in which part of the work the failure lies.
    pub(super) fn within(mut self, place: impl fmt::Display) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }

    /// Says that an engine could not load or run the model.
    pub(super) fn from_engine(engine: &str, what: &str, error: &EngineError) -> Self {
        Self::unsupported(format!(
            "{engine} cannot {what}: {error}; if ONNX Runtime takes the model with these shapes, simplify it \
             for fixed ones (`ascend convert --simplify --input-shape NAME:1,3,224,224`)"
        ))
    }

    fn new(kind: ErrorKind, message: String) -> Self {
        Self {
            kind,
            message,
            refusals: Vec::new(),
            source: None,
        }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CompileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_ref()?;
        Some(source)
    }
}

impl From<ascend_graph::Error> for CompileError {
    fn from(error: ascend_graph::Error) -> Self {
        Self::new(error.kind(), error.to_string())
    }
}

impl From<io::Error> for CompileError {
    fn from(source: io::Error) -> Self {
        Self {
            source: Some(source),
            ..Self::new(ErrorKind::Io, "the .om could not be written".to_owned())
        }
    }
}
