//! Gears: the shapes among which a model is switched.

use ascend_graph::atc::{Target, check_gears};
use ascend_graph::om::{Format, GEAR_INPUT, InOut, IoTensor};
use ascend_graph::onnx::{Dim, Model, TensorInfo};
use ascend_graph::{Axis, DataType, Gears, InputShape};

use super::error::CompileError;
use super::interface::{Interface, io_tensor};
use crate::config::SOC_NAME;

/// The inputs in each gear, in the order of the gears; `model` has the inputs of the interface.
pub(super) fn apply(
    gears: &Gears,
    shapes: &[InputShape],
    interface: &Interface,
    model: &Model,
) -> Result<Vec<Vec<TensorInfo>>, CompileError> {
    if *gears == Gears::None {
        return Ok(Vec::new());
    }
    for (shape, &index) in shapes.iter().zip(&interface.order) {
        let is_open = |axis: &&Axis| !matches!(axis, Axis::Fixed(_));
        let asked = shape.axes.iter().filter(is_open).count();
        let free = free_axes(&interface.inputs[index]);
        if asked != free {
            return Err(CompileError::invalid(format!(
                "input `{}` is to have {asked} free axes, but {free} of them are free in the model; \
                 export it with dynamic axes there",
                interface.inputs[index]
            )));
        }
    }
    let target = Target {
        input_shapes: shapes.to_vec(),
        gears: gears.clone(),
        ..Target::new(SOC_NAME)
    };
    if let Some(fault) = check_gears(model, &target).first() {
        return Err(CompileError::invalid(fault.to_string()));
    }
    let rows = gears.rows();
    Ok(rows
        .iter()
        .map(|row| in_gear(gears, row, interface))
        .collect())
}

fn free_axes(input: &TensorInfo) -> usize {
    let dims = input.dims.iter().flatten();
    dims.filter(|dim| dim.fixed().is_none()).count()
}

/// The inputs with the values of a gear in place of their free axes.
fn in_gear(gears: &Gears, row: &[u64], interface: &Interface) -> Vec<TensorInfo> {
    let mut inputs = interface.inputs.clone();
    let mut values = row.iter().cycle();
    for &index in &interface.order {
        // Batches and sizes hold for every input, other values are for one axis each.
        if !matches!(gears, Gears::Dims(_)) {
            values = row.iter().cycle();
        }
        for dim in inputs[index].dims.iter_mut().flatten() {
            if dim.fixed().is_none()
                && let Some(&value) = values.next()
            {
                *dim = Dim::Fixed(i64::try_from(value).unwrap_or(i64::MAX));
            }
        }
    }
    inputs
}

/// What the gears add to the description: sizes of the largest, the shape of every output in every
/// gear, and the input that chooses.
pub(super) fn describe(
    io: &mut InOut,
    gears: &Gears,
    interface: &Interface,
    inputs: &[Vec<TensorInfo>],
    outputs: &[Vec<TensorInfo>],
) {
    if inputs.is_empty() {
        return;
    }
    io.set_gears(gears);
    let names = interface.order.iter();
    io.shape_order = names
        .map(|&index| interface.inputs[index].name.clone())
        .collect();
    let own = io.inputs.iter_mut().take(interface.inputs.len());
    for (index, input) in own.enumerate() {
        input.ranges.clear();
        let sizes = inputs.iter().map(|gear| io_tensor(&gear[index]).bytes);
        input.bytes = sizes.max().unwrap_or(0);
    }
    for (gear, outputs) in outputs.iter().enumerate() {
        for (index, output) in outputs.iter().enumerate() {
            io.put_gear_output_dims(gear, index, &io_tensor(output).dims);
        }
    }
    let largest = largest(inputs);
    for (index, output) in io.outputs.iter_mut().enumerate() {
        let tensors = outputs.iter().map(|gear| io_tensor(&gear[index]));
        let bytes = tensors.map(|tensor| tensor.bytes).max().unwrap_or(0);
        *output = IoTensor {
            bytes,
            ..io_tensor(&outputs[largest][index])
        };
    }
    let values = gears.rows().first().map_or(0, Vec::len);
    let values = i64::try_from(values).unwrap_or(i64::MAX);
    io.inputs.push(IoTensor::new(
        GEAR_INPUT,
        DataType::I32,
        Format::ND,
        &[values],
    ));
}

/// The gear with the most bytes of input.
pub(super) fn largest(inputs: &[Vec<TensorInfo>]) -> usize {
    let bytes = |gear: &Vec<TensorInfo>| {
        let sizes = gear.iter().map(|input| io_tensor(input).bytes);
        sizes.fold(0_u64, u64::saturating_add)
    };
    let gears = inputs.iter().enumerate();
    gears
        .max_by_key(|(_, gear)| bytes(gear))
        .map_or(0, |(index, _)| index)
}
