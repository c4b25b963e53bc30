//! ONNX Runtime, as a shared library that the user has.
//!
//! The library is loaded when the first model wants it. Sessions have threads of their own, as many as
//! they are told; there is no pool for all.

mod library;
mod value;

use std::borrow::Cow;
use std::path::Path;
use std::sync::Mutex;

use ascend_graph::DataType;
use ascend_graph::om::WEIGHTS_LOCATION;
use ascend_graph::onnx::{self, External, Graph, TensorInfo};
use bytes::Bytes;
use ort::logging::LogLevel;
use ort::session::{Session, SessionInputValue};
use ort::value::{Outlet, ValueType};

use super::guard::guarded;
use super::{EngineError, Program, Tensor, check_nesting};
use crate::sync::lock;

/// Constants of up to this many bytes are put into the file, where shapes are inferred from them.
const INLINE_BYTES: usize = 4096;

/// A session, and what the model says of its edge.
struct OnnxRuntimeProgram {
    /// Runs of one session must not overlap.
    session: Mutex<Session>,
    inputs: Vec<Edge>,
    outputs: Vec<Edge>,
    dims: Vec<(String, Vec<Option<usize>>)>,
}

/// An input or output.
struct Edge {
    name: String,
    dtype: DataType,
}

/// Loads the library, unless it is loaded.
pub(super) fn open(library: Option<&Path>) -> Result<(), EngineError> {
    library::environment(library).map(drop)
}

pub(super) fn load(
    graph: &Bytes,
    weights: &Bytes,
    threads: usize,
    library: Option<&Path>,
) -> Result<Box<dyn Program>, EngineError> {
    let environment = library::environment(library)?;
    let mut model = onnx::Model::read(graph)?;
    let edges = |infos: Vec<TensorInfo>| -> Vec<Edge> {
        let edge = |info: TensorInfo| Edge {
            name: info.name,
            dtype: info.dtype,
        };
        infos.into_iter().map(edge).collect()
    };
    let (inputs, outputs) = (edges(model.inputs()?), edges(model.outputs()?));
    let mut outside = Vec::new();
    if let Some(graph) = &mut model.graph {
        check_nesting(graph)?;
        check_places(graph)?;
        for constant in &mut graph.initializer {
            let placed = place(constant, weights);
            outside.extend(placed.map_err(|error| error.at("constant", &constant.name))?);
        }
    }
    let file = model.to_rope().to_bytes();
    let session = guarded(|| {
        let mut builder = Session::builder(&environment)
            .map_err(|error| refusal(&error))?
            .with_intra_threads(threads.max(1))
            .map_err(|error| refusal(&error))?
            .with_log_level(LogLevel::Warning)
            .map_err(|error| refusal(&error))?;
        for (name, value) in outside {
            builder = builder
                .with_external_initializer(name, value)
                .map_err(|error| refusal(&error))?;
        }
        builder
            .commit_from_memory(&file)
            .map_err(|error| refusal(&error))
    })?;
    let known = session.inputs().iter().chain(session.outputs());
    let dims = known.filter_map(dims_of).collect();
    Ok(Box::new(OnnxRuntimeProgram {
        session: Mutex::new(session),
        inputs,
        outputs,
        dims,
    }))
}

/// Refuses constants whose elements lie in files: ONNX Runtime would open them.
fn check_places(graph: &Graph) -> Result<(), EngineError> {
    let mut graphs = vec![(graph, true)];
    while let Some((graph, is_outermost)) = graphs.pop() {
        let attributes = graph.node.iter().flat_map(|node| &node.attribute);
        let inside = attributes
            .clone()
            .flat_map(|attribute| attribute.t.as_deref().into_iter().chain(&attribute.tensors));
        let initializers = graph
            .initializer
            .iter()
            .map(|tensor| (tensor, is_outermost));
        for (tensor, may_be_outside) in initializers.chain(inside.map(|tensor| (tensor, false))) {
            let Some(external) = tensor.external()? else {
                continue;
            };
            if !may_be_outside || external.location != WEIGHTS_LOCATION {
                let message = format!(
                    "its elements lie in the file `{}`, which is not read; compile the model anew",
                    external.location
                );
                return Err(EngineError::new(message).at("constant", &tensor.name));
            }
        }
        graphs.extend(
            attributes
                .flat_map(onnx::Attribute::subgraphs)
                .map(|graph| (graph, false)),
        );
    }
    Ok(())
}

/// Gives the value of a constant in the weights, or puts a small or unusual one into the file.
fn place(
    constant: &mut onnx::Tensor,
    weights: &Bytes,
) -> Result<Option<(String, ort::value::DynValue)>, EngineError> {
    let Some(External { offset, length, .. }) = constant.external()? else {
        return Ok(None);
    };
    let (dtype, wanted) = (constant.dtype()?, constant.byte_len()?);
    let start = usize::try_from(offset).ok();
    let length = usize::try_from(length.unwrap_or(wanted)).ok();
    let range = start.and_then(|start| Some(start..start.checked_add(length?)?));
    let bytes = range.filter(|range| range.end <= weights.len() && range.len() as u64 == wanted);
    let bytes = bytes.map(|range| weights.slice(range)).ok_or_else(|| {
        let has = weights.len();
        EngineError::new(format!(
            "it takes {wanted} bytes from byte {offset} on, there are {has} bytes of weights"
        ))
    })?;
    if bytes.len() > INLINE_BYTES
        && let Some(value) = value::owned(dtype, &constant.dims, &bytes)?
    {
        return Ok(Some((constant.name.clone(), value)));
    }
    *constant = onnx::Tensor::new(&constant.name, dtype, constant.dims.clone(), bytes);
    Ok(None)
}

/// Gives what is known of the shape of an input or output. One without axes and one of which nothing is
/// known look alike to callers of the library.
fn dims_of(outlet: &Outlet) -> Option<(String, Vec<Option<usize>>)> {
    let ValueType::Tensor { shape, .. } = outlet.dtype() else {
        return None;
    };
    let extents = shape.iter().map(|&dim| usize::try_from(dim).ok());
    let dims = (!shape.is_empty()).then(|| extents.collect())?;
    Some((outlet.name().to_owned(), dims))
}

impl Program for OnnxRuntimeProgram {
    fn run(&self, inputs: Vec<Tensor>) -> Result<Vec<Tensor>, EngineError> {
        if inputs.len() != self.inputs.len() {
            let (given, taken) = (inputs.len(), self.inputs.len());
            return Err(EngineError::new(format!(
                "{given} inputs were given, but the model takes {taken}"
            )));
        }
        let mut session = lock(&self.session);
        guarded(|| {
            let mut values: Vec<(Cow<'_, str>, SessionInputValue<'_>)> = Vec::new();
            for (edge, tensor) in self.inputs.iter().zip(&inputs) {
                let value = edge.value(tensor);
                let value = value.map_err(|error| error.at("input", &edge.name))?;
                values.push((edge.name.as_str().into(), value.into()));
            }
            let found = session.run(values).map_err(|error| refusal(&error))?;
            let edges = self.outputs.iter();
            let outputs = edges.map(|edge| {
                let value = found
                    .get(&edge.name)
                    .ok_or_else(|| EngineError::new("was not computed"));
                let tensor = value.and_then(|value| value::tensor(value, edge.dtype));
                tensor.map_err(|error| error.at("output", &edge.name))
            });
            outputs.collect()
        })
    }

    fn engine(&self) -> &'static str {
        "ONNX Runtime"
    }

    fn dims(&self, value: &str) -> Option<Vec<Option<usize>>> {
        let mut known = self.dims.iter();
        let (_, dims) = known.find(|(name, _)| name == value)?;
        Some(dims.clone())
    }
}

impl Edge {
    fn value(&self, tensor: &Tensor) -> Result<ort::value::DynValue, EngineError> {
        if tensor.dtype != self.dtype {
            return Err(EngineError::new(format!(
                "it is {}, but was given as {}",
                self.dtype, tensor.dtype
            )));
        }
        tensor.check_size()?;
        let dims: Result<Vec<i64>, _> = tensor.dims.iter().map(|&dim| i64::try_from(dim)).collect();
        let dims = dims.map_err(|error| EngineError::new(error.to_string()))?;
        let value = value::owned(self.dtype, &dims, &tensor.bytes)?;
        value.ok_or_else(|| super::edge::unsupported(self.dtype, &super::PLAIN_TYPES))
    }
}

/// What stands before and behind a node's name in what ONNX Runtime says: of a failed run, of an operator
/// that it does not know, and of one that it has no kernel for.
const NAMED: [[&str; 2]; 3] = [
    ["Name:'", "' Status"],
    ["In Node, (\"", "\", "],
    ["node with name '", "'"],
];

/// What ONNX Runtime says, with the node that it names.
fn refusal<R>(error: &ort::Error<R>) -> EngineError {
    let text = error.message().trim();
    let named = |[before, behind]: [&str; 2]| text.split_once(before)?.1.split_once(behind);
    let node = NAMED.into_iter().find_map(named);
    EngineError {
        node: node.map(|(name, _)| name.to_owned()),
        ..EngineError::new(text.replace('\n', " "))
    }
}
