use std::collections::HashMap;

use ascend_graph::om::{Format, InOut, IoTensor};
use ascend_graph::onnx::{Dim, Model, TensorInfo, ValueInfo};
use ascend_graph::{Axis, InputShape};

use super::error::CompileError;
use crate::engine::EDGE_TYPES;

/// The most bytes that one input may have.
pub(super) const MOST_INPUT_BYTES: u64 = 4 << 30;

/// The most bytes of inputs with which it is tried how large outputs become.
const MOST_TRIED_BYTES: u64 = 64 << 20;

/// Gives the inputs in the shapes that the options ask for, and writes them into the model.
///
/// A shape goes to the input of its name, or to the one at its place. An axis that is -1, or that no
/// shape is given for, stays as the model has it. An extent that is given to a named axis holds for all
/// axes of that name.
pub(super) fn resolve(model: &mut Model, shapes: &[InputShape]) -> Result<Interface, CompileError> {
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
    let (mut extents, mut ranges) = (HashMap::new(), vec![Vec::new(); inputs.len()]);
    let mut order = Vec::new();
    for (place, InputShape { name, axes }) in shapes.iter().enumerate() {
        let names: Vec<_> = inputs
            .iter()
            .map(|input| format!("`{}`", input.name))
            .collect();
        let found = match name {
            Some(name) => inputs.iter().position(|input| input.name == *name),
            None => Some(place).filter(|&place| place < inputs.len()),
        };
        let Some(found) = found else {
            let asked = name
                .as_ref()
                .map_or(format!("number {}", place + 1), |name| format!("`{name}`"));
            let all = names.join(", ");
            return Err(CompileError::invalid(format!(
                "the model has no input {asked}; its inputs are {all}"
            )));
        };
        fix(&mut inputs[found], axes, &mut extents)?;
        ranges[found] = axes.iter().map(range).collect();
        order.push(found);
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
    Ok(Interface {
        inputs,
        ranges,
        order,
    })
}

/// The inputs as the options want them.
pub(super) struct Interface {
    pub(super) inputs: Vec<TensorInfo>,
    /// The least and the most extent of each axis of each input; empty if nothing was said.
    ranges: Vec<Vec<[i64; 2]>>,
    /// The inputs in the order of the options.
    pub(super) order: Vec<usize>,
}

fn range(axis: &Axis) -> [i64; 2] {
    match *axis {
        Axis::Fixed(extent) => [extent, extent],
        Axis::Free => [1, -1],
        Axis::Range(least, most) => [least, most.unwrap_or(-1)],
    }
}

/// Gives an input the shape that is asked for.
fn fix(
    input: &mut TensorInfo,
    asked: &[Axis],
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
    for (axis, (dim, asked)) in declared.iter_mut().zip(asked).enumerate() {
        let extent = match (*asked, &dim) {
            (Axis::Fixed(extent), _) => extent,
            (Axis::Range(..), Dim::Fixed(fixed)) => {
                return Err(CompileError::invalid(format!(
                    "axis {axis} of input `{name}` is {fixed} in the model, but a range was asked for; \
                     export the model with a dynamic axis there"
                )));
            }
            (Axis::Free | Axis::Range(..), _) => continue,
        };
        let contradicted = match dim {
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
        *dim = Dim::Fixed(extent);
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

pub(super) fn write_back(model: &mut Model, inputs: &[TensorInfo]) {
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

impl Interface {
    /// Describes inputs and outputs for the callers of the model.
    pub(super) fn describe(&self, outputs: &[TensorInfo]) -> InOut {
        let mut io = InOut {
            inputs: self.inputs.iter().map(io_tensor).collect(),
            outputs: outputs.iter().map(io_tensor).collect(),
            ..InOut::default()
        };
        if io
            .inputs
            .iter()
            .all(|input| input.dims.iter().all(|&dim| dim >= 0))
        {
            return io;
        }
        for (input, ranges) in io.inputs.iter_mut().zip(&self.ranges) {
            let range = |(axis, &dim): (usize, &i64)| match ranges.get(axis) {
                Some(&range) if dim < 0 => range,
                None if dim < 0 => [1, -1],
                _ => [dim, dim],
            };
            input.ranges = input.dims.iter().enumerate().map(range).collect();
            input.bytes = most_bytes(input);
        }
        io
    }
}

impl Interface {
    /// The inputs at their largest, where open axes have limits that are worth a trial.
    pub(super) fn largest(&self) -> Option<Vec<TensorInfo>> {
        let mut inputs = self.inputs.clone();
        let (mut is_open, mut bytes) = (false, 0);
        for (input, ranges) in inputs.iter_mut().zip(&self.ranges) {
            for (axis, dim) in input.dims.iter_mut().flatten().enumerate() {
                if dim.fixed().is_none() {
                    let [_, most] = ranges.get(axis)?;
                    *dim = Dim::Fixed(Some(*most).filter(|most| *most > 0)?);
                    is_open = true;
                }
            }
            bytes = io_tensor(input).bytes.checked_add(bytes)?;
        }
        Some(inputs).filter(|_| is_open && bytes <= MOST_TRIED_BYTES)
    }
}

/// The bytes of the largest tensor, 0 if there is none.
fn most_bytes(tensor: &IoTensor) -> u64 {
    let count = tensor.ranges.iter().try_fold(1_u64, |count, [_, most]| {
        count.checked_mul(u64::try_from(*most).ok()?)
    });
    let bytes = count.and_then(|count| tensor.dtype.bytes_of(count));
    bytes.unwrap_or(0)
}

pub(super) fn io_tensor(info: &TensorInfo) -> IoTensor {
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
