//! The CPU device's own `atc`: ONNX in, `.om` out.
//!
//! Only this compiler knows what the engine can do. What the engine cannot compute, or would compute
//! wrongly, is refused here by node name, and all such nodes are named at once.

mod error;
mod facts;
mod interface;
mod lower;
mod memory;
mod rewrite;
mod rules;
mod trial;
mod unsettled;

use std::io;
use std::ops::RangeInclusive;

use ascend_graph::om::{Program, Split, split_weights};
use ascend_graph::onnx::{Model, TensorInfo};
use bytes::Bytes;

pub use error::{CompileError, Refusal};

use self::lower::Lowered;
use crate::config::SOC_NAME;
use crate::engine;

/// The versions of ONNX's operator set that are compiled.
const OPSETS: RangeInclusive<i64> = 7..=21;

/// The version of the encoding of programs: an ONNX model in the form that the engine runs.
pub(crate) const PROGRAM_VERSION: &str = "1";

/// What a model is compiled for.
#[derive(Clone, Debug, Default)]
pub struct CompileOptions {
    /// The name inside the `.om`.
    pub model_name: String,
    /// Shapes of inputs by name, or by place where there is no name; -1 leaves an axis open.
    pub input_shapes: Vec<(Option<String>, Vec<i64>)>,
    /// The command line that the `.om` tells when it is asked how it was made.
    pub command_line: String,
}

/// What was compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The inputs, with the shapes that were fixed.
    pub inputs: Vec<TensorInfo>,
    /// The outputs; an axis that is known only when the model runs is unknown.
    pub outputs: Vec<TensorInfo>,
    /// The nodes of the ONNX graph.
    pub nodes: usize,
    /// The size of the weights in bytes.
    pub weight_bytes: u64,
    /// The size of the `.om` in bytes.
    pub file_bytes: u64,
}

/// Compiles an ONNX file into an `.om` for the CPU device. Equal inputs give equal bytes.
///
/// # Errors
/// As [`compile_model`], and `Format` if `onnx` is no ONNX file.
pub fn compile(
    onnx: &Bytes,
    options: &CompileOptions,
    out: &mut impl io::Write,
) -> Result<Summary, CompileError> {
    compile_model(Model::read(onnx)?, options, out)
}

/// Compiles an ONNX model into an `.om` for the CPU device; external data must have been resolved.
///
/// # Errors
/// `Invalid` if the graph has faults or the shapes do not fit it, `Unsupported` if the CPU device cannot
/// compute it (the [refusals](CompileError::refusals) name the nodes), `Io` if `out` fails.
pub fn compile_model(
    mut model: Model,
    options: &CompileOptions,
    out: &mut impl io::Write,
) -> Result<Summary, CompileError> {
    model.ensure_sound()?;
    check_opset(&model)?;
    if let Some(graph) = &mut model.graph {
        lower::gather_constants(graph);
    }
    let inputs = interface::resolve(&mut model, &options.input_shapes)?;
    let split = split_weights(&model)?;
    let mut lowered = lower::lower(&model, &split, None)?;
    let mut program = load(&lowered, &split)?;
    if lowered.wants_shapes {
        lowered = lower::lower(&model, &split, Some(program.as_ref()))?;
        // First, so that the weights are never there three times.
        drop(program);
        program = load(&lowered, &split)?;
    }
    let outputs = trial::find_outputs(&model, &inputs, program.as_ref())?;
    let memory_bytes = memory::peak(model.graph()?, program.as_ref());
    drop(program);
    let file = Program {
        name: &options.model_name,
        model: &model,
        split: &split,
        io: &interface::describe(&inputs, &outputs),
        soc_version: SOC_NAME,
        tool_version: env!("CARGO_PKG_VERSION"),
        command_line: &options.command_line,
        memory_bytes,
        program_version: PROGRAM_VERSION,
        program: &lowered.file.into(),
    }
    .to_rope()?;
    file.write_to(out)?;
    let nodes = model.graph()?.node.len();
    Ok(Summary {
        inputs,
        outputs,
        nodes,
        weight_bytes: split.weights.len(),
        file_bytes: file.len(),
    })
}

fn load(lowered: &Lowered, split: &Split) -> Result<Box<dyn engine::Program>, CompileError> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let loaded = engine::load(&lowered.file, split.weights.to_bytes(), threads);
    loaded.map_err(|error| CompileError::from_engine("load this model", &error))
}

fn check_opset(model: &Model) -> Result<(), CompileError> {
    let graph = model.graph()?;
    match model.opset() {
        Some(opset) if OPSETS.contains(&opset) => {}
        Some(opset) => {
            let (first, last) = (OPSETS.start(), OPSETS.end());
            return Err(CompileError::unsupported(format!(
                "the model is written for opset {opset}; export it for opset {first} to {last}"
            )));
        }
        None => {
            return Err(CompileError::invalid(
                "the model does not import ONNX's operator set",
            ));
        }
    }
    if !graph.sparse_initializer.is_empty() {
        return Err(CompileError::unsupported(
            "the model has sparse constants; export it with dense ones",
        ));
    }
    Ok(())
}
