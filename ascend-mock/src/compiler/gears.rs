//! Gears: the shapes among which a model is switched.

use ascend_graph::om::{Format, GEAR_INPUT, InOut, IoTensor};
use ascend_graph::onnx::{Dim, TensorInfo};
use ascend_graph::{DataType, Gears, InputShape};

use super::error::CompileError;
use super::interface::{Interface, io_tensor};

/// The inputs in each gear, in the order of the gears.
pub(super) fn apply(
    gears: &Gears,
    shapes: &[InputShape],
    interface: &Interface,
) -> Result<Vec<Vec<TensorInfo>>, CompileError> {
    if *gears == Gears::None {
        return Ok(Vec::new());
    }
    if shapes.is_empty() {
        return Err(CompileError::invalid(
            "gears need --input-shape with -1 for the axes that they set (E10004)",
        ));
    }
    if shapes.iter().any(InputShape::has_range) {
        return Err(CompileError::invalid(
            "--input-shape has a range, which gears exclude: write -1 (E10040)",
        ));
    }
    let inputs = &interface.inputs;
    for (index, input) in inputs.iter().enumerate() {
        let free = free_axes(input);
        if !free.is_empty() && !interface.order.contains(&index) {
            return Err(CompileError::invalid(format!(
                "input `{input}` has a free axis, but is not in --input-shape (E10016)"
            )));
        }
        check_axes(gears, input, &free)?;
    }
    for (shape, &index) in shapes.iter().zip(&interface.order) {
        let asked = shape.axes.iter().filter(|axis| !is_fixed(**axis)).count();
        let free = free_axes(&inputs[index]).len();
        if asked != free {
            return Err(CompileError::invalid(format!(
                "input `{}` is to have {asked} free axes, but {free} of them are free in the model; \
                 export it with dynamic axes there",
                inputs[index]
            )));
        }
    }
    let wanted: usize = inputs.iter().map(|input| free_axes(input).len()).sum();
    if wanted == 0 {
        return Err(CompileError::invalid(
            "no input has a free axis that a gear could set; write -1 in --input-shape (E10012)",
        ));
    }
    let rows = gears.rows();
    if let (Gears::Dims(_), Some(row)) = (gears, rows.first())
        && row.len() != wanted
    {
        return Err(CompileError::invalid(format!(
            "--dynamic-dims gives {} values a gear, --input-shape has {wanted} times -1 (E10045)",
            row.len()
        )));
    }
    Ok(rows
        .iter()
        .map(|row| in_gear(gears, row, interface))
        .collect())
}

fn is_fixed(axis: ascend_graph::Axis) -> bool {
    matches!(axis, ascend_graph::Axis::Fixed(_))
}

fn free_axes(input: &TensorInfo) -> Vec<usize> {
    let dims = input.dims.iter().flatten().enumerate();
    dims.filter(|(_, dim)| dim.fixed().is_none())
        .map(|(axis, _)| axis)
        .collect()
}

/// Which axes may be free is a matter of the kind of gears.
fn check_axes(gears: &Gears, input: &TensorInfo, free: &[usize]) -> Result<(), CompileError> {
    let refused = |why: &str| {
        let text = format!("input `{input}`: {why}");
        Err(CompileError::invalid(text))
    };
    let rank = input.dims.as_ref().map_or(0, Vec::len);
    match gears {
        _ if free.is_empty() => Ok(()),
        Gears::Batch(_) if free != [0] => {
            refused("with --dynamic-batch-size only the first axis may be -1 (E10018)")
        }
        Gears::Image(_) if rank != 4 || free != [2, 3] => refused(
            "with --dynamic-image-size height and width of NCHW must be -1, no other (E10019)",
        ),
        _ => Ok(()),
    }
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
