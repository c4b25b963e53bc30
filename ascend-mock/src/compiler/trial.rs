use std::collections::{HashMap, HashSet};

use ascend_graph::DataType;
use ascend_graph::onnx::{Dim, Graph, Model, TensorInfo};

use super::error::CompileError;
use super::interface::MOST_INPUT_BYTES;
use super::lower::node_name;
use super::unsettled::unsettled;
use crate::engine::{EngineError, Program, Tensor};

/// Pairs of extents for open axes: first those of a batch, then those of other axes.
///
/// A model may want more than one kernel's width, or a multiple of a power of two.
const ATTEMPTS: [([usize; 2], [usize; 2]); 3] =
    [([2, 3], [64, 96]), ([2, 3], [224, 256]), ([2, 3], [8, 12])];

/// Finds the shapes of the outputs; an axis that is not fixed when the model is compiled is `Dim::Unknown`.
///
/// The program runs on made-up inputs, twice if an axis is open, because only running shows whether the
/// engine can do what the model asks for.
pub(super) fn find_outputs(
    model: &Model,
    inputs: &[TensorInfo],
    program: &dyn Program,
) -> Result<Vec<TensorInfo>, CompileError> {
    let graph = model.graph()?;
    let unsettled = unsettled(graph);
    let ran = run_trials(inputs, program);
    if let Err(error) = &ran
        && !is_excused(error, graph, inputs, &unsettled)
    {
        return Err(CompileError::from_engine(
            program.engine(),
            "run this model",
            error,
        ));
    }
    let mut outputs = model.outputs()?;
    for (place, output) in outputs.iter_mut().enumerate() {
        let known = program.dims(&output.name);
        let dims = match &ran {
            Ok([first, second]) if !unsettled.contains(output.name.as_str()) => {
                let pairs = first[place].iter().zip(&second[place]);
                Some(
                    pairs
                        .map(|(first, second)| Some(*first).filter(|first| first == second))
                        .collect(),
                )
            }
            Ok([first, _]) => known.or_else(|| Some(vec![None; first[place].len()])),
            Err(_) => known,
        };
        let Some(dims): Option<Vec<_>> = dims else {
            let name = &output.name;
            return Err(CompileError::unsupported(format!(
                "the rank of output `{name}` depends on the inputs' elements; make axes and shapes constants"
            )));
        };
        let dim = |extent: Option<usize>| {
            extent
                .and_then(|e| i64::try_from(e).ok())
                .map_or(Dim::Unknown, Dim::Fixed)
        };
        output.dims = Some(dims.into_iter().map(dim).collect());
    }
    Ok(outputs)
}

/// Tells whether a run may have failed only because its inputs were made up.
fn is_excused(
    error: &EngineError,
    graph: &Graph,
    inputs: &[TensorInfo],
    unsettled: &HashSet<&str>,
) -> bool {
    let Some(failed) = &error.node else {
        return !unsettled.is_empty() || inputs.iter().any(|input| input.dtype.is_integer());
    };
    let mut nodes = graph
        .node
        .iter()
        .enumerate()
        .filter(|(index, node)| node_name(node, *index) == *failed);
    nodes.any(|(_, node)| {
        node.output
            .iter()
            .any(|output| unsettled.contains(output.as_str()))
    })
}

/// The dims of all outputs of one run.
type Dims = Vec<Vec<usize>>;

/// Runs the program with two extents for each open axis and gives the dims of the outputs both times.
fn run_trials(inputs: &[TensorInfo], program: &dyn Program) -> Result<[Dims; 2], EngineError> {
    let is_open = inputs
        .iter()
        .flat_map(|input| input.dims.iter().flatten())
        .any(|dim| dim.fixed().is_none());
    let attempts = if is_open {
        &ATTEMPTS[..]
    } else {
        &ATTEMPTS[..1]
    };
    let mut failure = None;
    for (batch, other) in attempts {
        for element in [1, 0] {
            let run = |pick: usize| -> Result<Dims, EngineError> {
                let inputs = make_up(inputs, batch[pick], other[pick], element)?;
                let outputs = program.run(inputs)?;
                Ok(outputs.into_iter().map(|output| output.dims).collect())
            };
            let ran =
                run(0).and_then(|first| Ok([first.clone(), if is_open { run(1)? } else { first }]));
            match ran {
                Ok(dims) => return Ok(dims),
                // The first failure is that of the most usual sizes.
                Err(error) => failure = failure.or(Some(error)),
            }
        }
    }
    Err(failure.unwrap_or_else(|| EngineError::new("nothing was tried")))
}

/// Makes inputs up, with `element` for whole numbers and a gentle pattern for others.
fn make_up(
    inputs: &[TensorInfo],
    batch: usize,
    other: usize,
    element: u8,
) -> Result<Vec<Tensor>, EngineError> {
    let mut named = HashMap::new();
    let tensor = |input: &TensorInfo| {
        let extent = |(axis, dim): (usize, &Dim)| {
            let open = if axis == 0 { batch } else { other };
            match dim {
                Dim::Fixed(extent) => usize::try_from(*extent).unwrap_or(0),
                Dim::Named(name) => *named.entry(name.clone()).or_insert(open),
                Dim::Unknown => open,
            }
        };
        let axes = input.dims.iter().flatten().enumerate();
        let dims: Vec<usize> = axes.map(extent).collect();
        let count = element_count(input.dtype, &dims).ok_or_else(|| {
            let name = &input.name;
            EngineError::new(format!(
                "input `{name}` is too large to try with dims {dims:?}; fix its shape"
            ))
        })?;
        let bytes = elements(input.dtype, count, element);
        let dtype = input.dtype;
        Ok(Tensor { dtype, dims, bytes })
    };
    inputs.iter().map(tensor).collect()
}

/// Gives the product of the dims, or `None` if that many elements are more than an input may have.
fn element_count(dtype: DataType, dims: &[usize]) -> Option<usize> {
    let count = dims
        .iter()
        .try_fold(1_usize, |product, &dim| product.checked_mul(dim))?;
    let bytes = dtype.bytes_of(count.try_into().ok()?)?;
    (bytes <= MOST_INPUT_BYTES).then_some(count)
}

fn elements(dtype: DataType, count: usize, element: u8) -> Vec<u8> {
    let pattern = (0..=u8::MAX)
        .cycle()
        .step_by(37)
        .take(count)
        .map(|step| f32::from(step) / 256.0);
    match dtype {
        DataType::F32 => pattern.flat_map(f32::to_ne_bytes).collect(),
        DataType::F64 => pattern
            .flat_map(|value| f64::from(value).to_ne_bytes())
            .collect(),
        DataType::F16 => pattern
            .flat_map(|value| half::f16::from_f32(value).to_ne_bytes())
            .collect(),
        DataType::BF16 => pattern
            .flat_map(|value| half::bf16::from_f32(value).to_ne_bytes())
            .collect(),
        DataType::I64 | DataType::U64 => u64::from(element).to_ne_bytes().repeat(count),
        DataType::I32 | DataType::U32 => u32::from(element).to_ne_bytes().repeat(count),
        DataType::I16 | DataType::U16 => u16::from(element).to_ne_bytes().repeat(count),
        _ => vec![element; count],
    }
}
