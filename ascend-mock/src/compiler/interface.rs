use ascend_graph::om::{Format, InOut, IoTensor};
use ascend_graph::onnx::{Dim, Model, TensorInfo, fix_inputs};
use ascend_graph::{Axis, DataType, InputShape};

use super::error::CompileError;

/// The most bytes that one input may have.
pub(super) const MOST_INPUT_BYTES: u64 = 4 << 30;

/// The most bytes of inputs with which it is tried how large outputs become.
const MOST_TRIED_BYTES: u64 = 64 << 20;

/// Gives the inputs in the shapes that the options ask for, and writes them into the model.
///
/// The rules are those of [`fix_inputs`]; inputs and outputs must be of one of `types`.
pub(super) fn resolve(
    model: &mut Model,
    shapes: &[InputShape],
    types: &[DataType],
) -> Result<Interface, CompileError> {
    let mut inputs = model.inputs()?;
    for info in inputs.iter().chain(&model.outputs()?) {
        if !types.contains(&info.dtype) {
            let known: Vec<_> = types.iter().map(|dtype| dtype.name()).collect();
            return Err(CompileError::unsupported(format!(
                "`{}` is {}, which the CPU device cannot take or give; use one of {}",
                info.name,
                info.dtype,
                known.join(", ")
            )));
        }
    }
    let order = fix_inputs(&mut inputs, shapes)?;
    let mut ranges = vec![Vec::new(); inputs.len()];
    for (shape, &found) in shapes.iter().zip(&order) {
        ranges[found] = shape.axes.iter().map(range).collect();
    }
    for input in &inputs {
        if input.dims.is_none() {
            let name = &input.name;
            return Err(CompileError::invalid(format!(
                "the rank of input `{name}` is not known; give its shape"
            )));
        }
        check_size(input)?;
    }
    model.set_inputs(&inputs);
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
