//! The CPU device's own `atc`: ONNX in, `.om` out.
//!
//! Only this compiler knows what an engine can do. What the engine that is asked for cannot compute, or would
//! compute wrongly, is refused here by node name. An `.om` holds the model twice, without its weights: in the
//! form that `rten` runs, and as ONNX for ONNX Runtime, so that whichever can run it may.

mod aipp;
mod error;
mod expand;
mod facts;
mod form;
mod gears;
mod interface;
mod lower;
mod memory;
mod portable;
mod rewrite;
mod rules;
mod trial;
mod unsettled;

use std::io;
use std::ops::RangeInclusive;

use ascend_graph::om::{Aipp, Program, Split, WeightFiles, split_weights};
use ascend_graph::onnx::{Graph, Model, TensorInfo, nesting};
use ascend_graph::{Gears, InputShape, Rope};
use bytes::Bytes;

pub use error::{CompileError, Refusal};

use self::interface::Interface;
use self::lower::Lowered;
use crate::config::SOC_NAME;
use crate::engine::{self, Engine};

/// The versions of ONNX's operator set that are compiled for `rten`.
const OPSETS: RangeInclusive<i64> = 7..=21;

/// The version of the encoding of programs: an ONNX model in the form that the engine runs.
pub(crate) const PROGRAM_VERSION: &str = "1";

/// What a model is compiled for.
#[derive(Clone, Debug, Default)]
pub struct CompileOptions {
    /// The name inside the `.om`.
    pub model_name: String,
    /// Shapes of inputs by name, or by place where there is no name.
    pub input_shapes: Vec<InputShape>,
    /// The values that free axes can be set to.
    pub gears: Gears,
    /// Preprocessing of pictures.
    pub aipp: Vec<Aipp>,
    /// Where the weights go: into the `.om`, or into files beside it.
    pub weight_files: WeightFiles,
    /// The command line that the `.om` tells when it is asked how it was made.
    pub command_line: String,
    /// The engine that has to be able to run it.
    pub engine: Engine,
}

/// What was compiled.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The inputs, with the shapes that were fixed.
    pub inputs: Vec<TensorInfo>,
    /// The outputs; an axis that is known only when the model runs is unknown.
    pub outputs: Vec<TensorInfo>,
    /// The nodes of the ONNX graph.
    pub nodes: usize,
    /// The size of the weights in bytes.
    pub weight_bytes: u64,
    /// The files with weights, by name, that belong into the folder `weight` beside the `.om`.
    pub weight_files: Vec<(String, Rope)>,
    /// The programs in the `.om`: one, or one for each gear.
    pub programs: usize,
    /// Whether the engine that is built in can run it, too.
    pub runs_on_rten: bool,
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
    let engine = &options.engine;
    let ready = engine.open();
    ready.map_err(|error| CompileError::unsupported(error.message))?;
    model.ensure_sound()?;
    check_opset(&model, engine)?;
    check_nesting(model.graph()?)?;
    if let Some(graph) = &mut model.graph {
        lower::gather_constants(graph);
    }
    let interface = interface::resolve(&mut model, &options.input_shapes, engine.edge_types())?;
    let gears = gears::apply(&options.gears, &options.input_shapes, &interface, &model)?;
    let split = split_weights(&model)?;
    let mut network = expand::to_onnx(&model)?.into_owned();
    portable::tell_apart(&mut network);
    let onnx = portable::write(&network, &split)?;
    let for_rten = || build_for_rten(&model, &split, &interface, &gears);
    let built = match engine {
        Engine::Rten => for_rten()?,
        Engine::OnnxRuntime(_) => {
            portable::check(&network)?;
            let program = portable::load(&network, &onnx, &split, engine)?;
            let built = Built::try_portable(&network, program.as_ref(), &interface, &gears)?;
            drop(program);
            built.with(for_rten().ok())
        }
    };
    let mut io = interface.describe(&built.outputs[0]);
    for (output, largest) in io.outputs.iter_mut().zip(&built.largest) {
        let largest = interface::io_tensor(largest);
        let axes = output.dims.iter().zip(&largest.dims);
        let range = |(&dim, &most): (&i64, &i64)| [if dim < 0 { 1 } else { dim }, most];
        output.ranges = axes.map(range).collect();
        output.bytes = largest.bytes;
    }
    let aipp = aipp::apply(&mut io, &options.aipp, &options.gears)?;
    let picture_bytes: Vec<_> = aipp
        .iter()
        .map(|aipp| io.inputs[aipp.input].bytes)
        .collect();
    gears::describe(&mut io, &options.gears, &interface, &gears, &built.outputs);
    for (aipp, bytes) in aipp.iter().zip(picture_bytes) {
        io.inputs[aipp.input].bytes = bytes;
    }
    let file = Program {
        name: &options.model_name,
        model: &model,
        split: &split,
        io: &io,
        aipp: &aipp,
        files: options.weight_files,
        soc_version: SOC_NAME,
        tool_version: env!("CARGO_PKG_VERSION"),
        command_line: &options.command_line,
        memory_bytes: built.memory_bytes,
        program_version: PROGRAM_VERSION,
        programs: &built.programs,
        onnx: Some(&onnx.into()),
    }
    .to_rope()?;
    file.write_to(out)?;
    let nodes = model.graph()?.node.len();
    let largest = gears::largest(&gears);
    Ok(Summary {
        inputs: interface.inputs,
        outputs: built.outputs.into_iter().nth(largest).unwrap_or_default(),
        nodes,
        weight_bytes: split.weights.len(),
        weight_files: split.files(&options.model_name, options.weight_files),
        programs: built.programs.len().max(1),
        runs_on_rten: !built.programs.is_empty(),
        file_bytes: file.len(),
    })
}

/// A model in the form that the device takes.
struct Built {
    /// What `rten` runs; none if it cannot.
    programs: Vec<Rope>,
    /// The outputs in each gear, or the outputs.
    outputs: Vec<Vec<TensorInfo>>,
    /// The outputs for the largest inputs, where shapes vary within limits.
    largest: Vec<TensorInfo>,
    memory_bytes: u64,
}

impl Built {
    /// Tries the one program that ONNX Runtime runs in every gear.
    fn try_portable(
        model: &Model,
        program: &dyn engine::Program,
        interface: &Interface,
        gears: &[Vec<TensorInfo>],
    ) -> Result<Self, CompileError> {
        let mut largest = None;
        let outputs = if gears.is_empty() {
            let inputs = interface.largest();
            largest = inputs.and_then(|inputs| fixed_outputs(model, &inputs, program).ok());
            vec![trial::find_outputs(model, &interface.inputs, program)?]
        } else {
            let outputs = gears
                .iter()
                .map(|inputs| fixed_outputs(model, inputs, program));
            outputs.collect::<Result<_, _>>()?
        };
        Ok(Self {
            programs: Vec::new(),
            outputs,
            largest: largest.unwrap_or_default(),
            memory_bytes: memory::peak(model.graph()?, program),
        })
    }

    /// Adds what `rten` makes of the same model, if it gives the same outputs.
    fn with(self, other: Option<Self>) -> Self {
        match other {
            Some(other) if other.outputs == self.outputs => Self {
                programs: other.programs,
                memory_bytes: other.memory_bytes,
                ..self
            },
            _ => self,
        }
    }

    /// Builds one program for the inputs of the interface, which are those of the model, or narrower
    /// ones.
    fn new(model: &Model, split: &Split, interface: &Interface) -> Result<Self, CompileError> {
        let (lowered, program) = build(model, split)?;
        let outputs = trial::find_outputs(model, &interface.inputs, program.as_ref())?;
        // What cannot be tried has no limit that could be told.
        let largest = interface
            .largest()
            .and_then(|inputs| fixed_outputs(model, &inputs, program.as_ref()).ok());
        Ok(Self {
            programs: vec![lowered.file.into()],
            outputs: vec![outputs],
            largest: largest.unwrap_or_default(),
            memory_bytes: memory::peak(model.graph()?, program.as_ref()),
        })
    }
}

/// Builds what `rten` runs.
fn build_for_rten(
    model: &Model,
    split: &Split,
    interface: &Interface,
    gears: &[Vec<TensorInfo>],
) -> Result<Built, CompileError> {
    check_opset(model, &Engine::Rten)?;
    let expanded = expand::for_rten(model)?;
    if gears.is_empty() {
        Built::new(&expanded, split, interface)
    } else {
        build_gears(&expanded, split, gears)
    }
}

/// Builds one program that computes every gear, or one for each where the engine needs to know the
/// shapes. Every gear is tried.
fn build_gears(
    model: &Model,
    split: &Split,
    gears: &[Vec<TensorInfo>],
) -> Result<Built, CompileError> {
    let together = || {
        let (lowered, program) = build(model, split)?;
        let outputs = gears
            .iter()
            .map(|inputs| fixed_outputs(model, inputs, program.as_ref()));
        Ok::<_, CompileError>((lowered, outputs.collect::<Result<Vec<_>, _>>()?))
    };
    let in_gear = |inputs: &[TensorInfo]| {
        let mut model = model.clone();
        model.set_inputs(inputs);
        model
    };
    if let Ok((lowered, outputs)) = together() {
        let largest = in_gear(&gears[gears::largest(gears)]);
        let (_, program) = build(&largest, split)?;
        return Ok(Built {
            programs: vec![lowered.file.into()],
            outputs,
            largest: Vec::new(),
            memory_bytes: memory::peak(largest.graph()?, program.as_ref()),
        });
    }
    let mut built = Built {
        programs: Vec::new(),
        outputs: Vec::new(),
        largest: Vec::new(),
        memory_bytes: 0,
    };
    for (gear, inputs) in gears.iter().enumerate() {
        let one = || {
            let model = in_gear(inputs);
            let (lowered, program) = build(&model, split)?;
            let outputs = fixed_outputs(&model, inputs, program.as_ref())?;
            let memory = memory::peak(model.graph()?, program.as_ref());
            Ok::<_, CompileError>((lowered, outputs, memory))
        };
        let (lowered, outputs, memory) =
            one().map_err(|error| error.within(format_args!("gear {gear}")))?;
        built.programs.push(lowered.file.into());
        built.outputs.push(outputs);
        built.memory_bytes = built.memory_bytes.max(memory);
    }
    Ok(built)
}

/// Gives the outputs for inputs of fixed shapes, which must be fixed too.
fn fixed_outputs(
    model: &Model,
    inputs: &[TensorInfo],
    program: &dyn engine::Program,
) -> Result<Vec<TensorInfo>, CompileError> {
    let outputs = trial::find_outputs(model, inputs, program)?;
    let is_open = |output: &&TensorInfo| {
        let mut dims = output.dims.iter().flatten();
        dims.any(|dim| dim.fixed().is_none())
    };
    match outputs.iter().find(is_open) {
        Some(open) => Err(CompileError::unsupported(format!(
            "the shape of output `{open}` depends on the inputs' elements, which gears exclude"
        ))),
        None => Ok(outputs),
    }
}

fn build(
    model: &Model,
    split: &Split,
) -> Result<(Lowered, Box<dyn engine::Program>), CompileError> {
    let mut lowered = lower::lower(model, split, None)?;
    let mut program = load(&lowered, split)?;
    if lowered.wants_shapes {
        lowered = lower::lower(model, split, Some(program.as_ref()))?;
        // First, so that the weights are never there three times.
        drop(program);
        program = load(&lowered, split)?;
    }
    Ok((lowered, program))
}

fn load(lowered: &Lowered, split: &Split) -> Result<Box<dyn engine::Program>, CompileError> {
    let loaded = Engine::Rten.load(&lowered.file, split.weights.to_bytes(), threads());
    loaded.map_err(|error| CompileError::from_engine("the CPU engine", "load this model", &error))
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Graphs inside of nodes are walked recursively.
fn check_nesting(graph: &Graph) -> Result<(), CompileError> {
    let (deep, most) = (nesting(graph), engine::MOST_NESTED);
    if deep > most {
        return Err(CompileError::unsupported(format!(
            "graphs lie in nodes of graphs {deep} levels deep, at most {most} are supported; `ascend convert \
             --simplify --input-shape NAME:1,3,224,224` takes out those whose condition fixed shapes decide"
        )));
    }
    Ok(())
}

fn check_opset(model: &Model, engine: &Engine) -> Result<(), CompileError> {
    let graph = model.graph()?;
    match model.opset() {
        Some(opset) if OPSETS.contains(&opset) => {}
        // ONNX Runtime itself says how far it goes.
        Some(opset) if opset > *OPSETS.end() && *engine != Engine::Rten => {}
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
