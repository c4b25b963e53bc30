use std::collections::HashMap;

use ascend_graph::om::{Format, InOut, IoTensor};
use ascend_graph::onnx::{Dim, Model, TensorInfo, ValueInfo};

use super::error::CompileError;
use crate::engine::EDGE_TYPES;

/// The most bytes that one input may have.
pub(super) const MOST_INPUT_BYTES: u64 = 4 << 30;

/// Gives the inputs in the shapes that the options ask for, and writes them into the model.
///
/// A shape goes to the input of its name, or to the one at its place. An axis that is -1, or that no
/// shape is given for, stays as the model has it. An extent that is given to a named axis holds for all
/// axes of that name.
pub(super) fn resolve(
    model: &mut Model,
    shapes: &[(Option<String>, Vec<i64>)],
) -> Result<Vec<TensorInfo>, CompileError> {
    let mut inputs = model.inputs()?;
    for info in inputs.iter().chain(&model.outputs()?) {
        if !EDGE_TYPES.contains(&info.dtype) {
            let known: Vec<_> = EDGE_TYPES.iter().map(|dtype| dtype.name()).collect();
            return Err(CompileError::unsupported(format!(
                "`{}` is {}, which the CPU device cannot take or give; use one of {}",
                info.name,
                info.dtype,
                known.join(", ")
            )));
        }
    }
    let mut extents = HashMap::new();
    for (place, (name, dims)) in shapes.iter().enumerate() {
        let names: Vec<_> = inputs
            .iter()
            .map(|input| format!("`{}`", input.name))
            .collect();
        let found = match name {
            Some(name) => inputs.iter_mut().find(|input| input.name == *name),
            None => inputs.get_mut(place),
        };
        let Some(input) = found else {
            let asked = name
                .as_ref()
                .map_or(format!("number {}", place + 1), |name| format!("`{name}`"));
            let all = names.join(", ");
            return Err(CompileError::invalid(format!(
                "the model has no input {asked}; its inputs are {all}"
            )));
        };
        fix(input, dims, &mut extents)?;
    }
    for input in &mut inputs {
        let Some(dims) = &mut input.dims else {
            let name = &input.name;
            return Err(CompileError::invalid(format!(
                "the rank of input `{name}` is not known; give its shape"
            )));
        };
        for dim in dims {
            if let Dim::Named(name) = dim
                && let Some(&extent) = extents.get(name)
            {
                *dim = Dim::Fixed(extent);
            }
        }
        check_size(input)?;
    }
    write_back(model, &inputs);
    Ok(inputs)
}

/// Gives an input the shape that is asked for.
fn fix(
    input: &mut TensorInfo,
    asked: &[i64],
    extents: &mut HashMap<String, i64>,
) -> Result<(), CompileError> {
    let declared = input
        .dims
        .get_or_insert_with(|| vec![Dim::Unknown; asked.len()]);
    let name = &input.name;
    if declared.len() != asked.len() {
        let (has, given) = (declared.len(), asked.len());
        return Err(CompileError::invalid(format!(
            "input `{name}` has {has} axes, but its shape has {given}"
        )));
    }
    for (axis, (dim, &extent)) in declared.iter_mut().zip(asked).enumerate() {
        let contradicted = match dim {
            _ if extent == -1 => None,
            _ if extent < 1 => {
                return Err(CompileError::invalid(format!(
                    "axis {axis} of input `{name}` cannot be {extent}; give 1 or more, or -1 to leave it open"
                )));
            }
            Dim::Fixed(fixed) => Some(*fixed),
            Dim::Named(axis_name) => Some(*extents.entry(axis_name.clone()).or_insert(extent)),
            Dim::Unknown => None,
        };
        if let Some(other) = contradicted.filter(|&other| other != extent) {
            return Err(CompileError::invalid(format!(
                "axis {axis} of input `{name}` is {other} in the model, but {extent} was asked for"
            )));
        }
        if extent != -1 {
            *dim = Dim::Fixed(extent);
        }
    }
    Ok(())
}

fn check_size(input: &TensorInfo) -> Result<(), CompileError> {
    let mut fixed = input.dims.iter().flatten().filter_map(Dim::fixed);
    let elements = fixed.try_fold(1_u64, |product, extent| {
        product.checked_mul(u64::try_from(extent).ok()?)
    });
    let bytes = elements.and_then(|elements| input.dtype.bytes_of(elements));
    if bytes.is_none_or(|bytes| bytes > MOST_INPUT_BYTES) {
        return Err(CompileError::invalid(format!(
            "input `{input}` is larger than {MOST_INPUT_BYTES} bytes"
        )));
    }
    Ok(())
}

fn write_back(model: &mut Model, inputs: &[TensorInfo]) {
    let by_name: HashMap<_, _> = inputs
        .iter()
        .map(|input| (input.name.as_str(), input))
        .collect();
    for value in model.graph.iter_mut().flat_map(|graph| &mut graph.input) {
        if let Some(input) = by_name.get(value.name.as_str()) {
            *value = ValueInfo::tensor(input.name.clone(), input.dtype, input.dims.as_deref());
        }
    }
}

/// Describes inputs and outputs for the callers of the model.
pub(super) fn describe(inputs: &[TensorInfo], outputs: &[TensorInfo]) -> InOut {
    InOut {
        inputs: inputs.iter().map(io_tensor).collect(),
        outputs: outputs.iter().map(io_tensor).collect(),
        ..InOut::default()
    }
}

fn io_tensor(info: &TensorInfo) -> IoTensor {
    let dims: Vec<_> = info
        .dims
        .iter()
        .flatten()
        .map(|dim| dim.fixed().unwrap_or(-1))
        .collect();
    let format = if dims.len() == 4 {
        Format::NCHW
    } else {
        Format::ND
    };
    IoTensor::new(&info.name, info.dtype, format, &dims)
}
