//! What the device reads and writes in a run.

use super::block;
use super::buffers::Buffer;
use super::plan::Plan;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::memory::DeviceBuffer;
use crate::model::{AippSpec, Dataset, Description, Model, Slot, TensorSpec};

/// How a model is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// All sizes are fixed.
    Fixed,
    /// The model is switched among some shapes; memory is for the largest.
    Gears,
    /// Shapes vary within limits; memory is for the largest.
    Bounded,
    /// Shapes vary without limits; the engine allocates the outputs.
    Unbounded,
}

impl Mode {
    pub(super) fn of(description: &Description) -> Self {
        let Description {
            inputs, outputs, ..
        } = description;
        let is_fixed = |spec: &TensorSpec| {
            spec.is_static() || matches!(spec.aipp, Some(AippSpec::Dynamic { .. }))
        };
        let mut tensors = inputs.iter().chain(outputs);
        if description.gears.is_some() {
            Self::Gears
        } else if tensors.clone().all(is_fixed) {
            Self::Fixed
        } else if tensors.all(|spec| spec.bytes > 0) {
            Self::Bounded
        } else {
            Self::Unbounded
        }
    }
}

/// What the device reads and writes in a run.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) input_set: Dataset,
    pub(super) output_set: Dataset,
    /// In the order of the description.
    pub(super) inputs: Vec<Buffer>,
    pub(super) outputs: Vec<Buffer>,
    /// What only the device reads, in the order of the model's slots.
    hidden: Vec<DeviceBuffer<u8>>,
}

impl Memory {
    /// Memory for runs of `model`, bound to its datasets.
    pub(super) fn new(model: &Model, mode: Mode) -> Result<Self> {
        let (context, description) = (model.context(), model.description());
        check(description, mode)?;
        let mut memory = Self {
            input_set: Dataset::new(context.acl(), model.slots().len())?,
            output_set: Dataset::new(context.acl(), description.outputs.len())?,
            inputs: Vec::with_capacity(description.inputs.len()),
            outputs: Vec::with_capacity(description.outputs.len()),
            hidden: Vec::new(),
        };
        for (place, (slot, bytes)) in model.slots().iter().enumerate() {
            if let Slot::Input(index) = slot {
                let spec = &description.inputs[*index];
                let buffer = buffer(context, spec, mode, "input")?;
                memory.bind_input(place, &buffer)?;
                memory.inputs.push(buffer);
            } else {
                let hidden = DeviceBuffer::<u8>::new(context, *bytes)?;
                memory
                    .input_set
                    .set(place, hidden.as_raw(), hidden.bytes())?;
                memory.hidden.push(hidden);
            }
        }
        if mode != Mode::Unbounded {
            for (index, spec) in description.outputs.iter().enumerate() {
                let buffer = buffer(context, spec, mode, "output")?;
                let device = buffer.device();
                memory
                    .output_set
                    .set(index, device.as_raw(), device.bytes())?;
                memory.outputs.push(buffer);
            }
        }
        Ok(memory)
    }

    fn bind_input(&mut self, place: usize, buffer: &Buffer) -> Result<()> {
        let device = buffer.device();
        self.input_set.set(place, device.as_raw(), device.bytes())
    }

    /// Points the inputs at the bytes in use: a run may have moved them.
    pub(super) fn bind_used(&mut self, model: &Model) -> Result<()> {
        for (place, (slot, _)) in model.slots().iter().enumerate() {
            if let Slot::Input(index) = slot {
                let buffer = &self.inputs[*index];
                let (address, bytes) = (buffer.device().as_raw(), buffer.bytes().len());
                self.input_set.set(place, address, bytes)?;
            }
        }
        Ok(())
    }

    /// Tells the model the shapes of inputs that vary.
    pub(super) fn tell_shapes(&mut self, model: &Model) -> Result<()> {
        for (place, (slot, _)) in model.slots().iter().enumerate() {
            let Slot::Input(index) = slot else { continue };
            let (spec, buffer) = (&model.description().inputs[*index], &self.inputs[*index]);
            if !spec.is_static() {
                self.input_set
                    .set_shape(place, spec.dtype, spec.format, buffer.shape())?;
            }
        }
        Ok(())
    }

    /// Makes the staging ready for the inputs of a plan.
    pub(super) fn hold(&mut self, mode: Mode, specs: &[TensorSpec], plan: &Plan) -> Result<()> {
        for ((spec, buffer), shape) in specs.iter().zip(&mut self.inputs).zip(&plan.shapes) {
            let Some(bytes) = spec.bytes_of(shape) else {
                let message = format!(
                    "{} {shape:?} is larger than can be: give a smaller shape",
                    spec.name
                );
                return Err(Error::new(ErrorKind::Shape, message));
            };
            // The datasets of the other modes keep the addresses that they were given.
            if bytes > buffer.capacity() && mode != Mode::Unbounded {
                let message = format!(
                    "{} {shape:?} takes {bytes} bytes, more than the {} bytes that the model tells of: \
                     convert it again",
                    spec.name,
                    buffer.capacity()
                );
                return Err(Error::new(ErrorKind::Shape, message));
            }
            buffer.hold(shape, bytes)?;
        }
        Ok(())
    }

    /// Copies an input of `shape` into the staging, padded where that is larger.
    pub(super) fn fill(
        &mut self,
        index: usize,
        spec: &TensorSpec,
        (shape, bytes): (&[usize], &[u8]),
    ) -> Result<()> {
        let (held, target) = self.inputs[index].parts_mut();
        if held == shape {
            target.copy_from_slice(bytes);
        } else {
            block::pad(bytes, shape, target, held, width(spec)?);
        }
        Ok(())
    }

    /// Makes output `index` ready for a tensor of `shape`, in the memory that it has.
    pub(super) fn expect(
        &mut self,
        index: usize,
        spec: &TensorSpec,
        shape: &[usize],
    ) -> Result<()> {
        let buffer = &mut self.outputs[index];
        match spec.bytes_of(shape) {
            // Where it fits, no memory is moved: a queued run writes to it.
            Some(bytes) if bytes <= buffer.capacity() => buffer.hold(shape, bytes),
            _ => {
                let message = format!(
                    "output {} came out as {shape:?}, more than the {} bytes that the model tells of: \
                     convert it again",
                    spec.name,
                    buffer.capacity()
                );
                Err(Error::new(ErrorKind::Execution, message))
            }
        }
    }

    /// Cuts output `index` back to `shape`.
    pub(super) fn cut(&mut self, index: usize, spec: &TensorSpec, shape: &[usize]) -> Result<()> {
        let buffer = &mut self.outputs[index];
        if buffer.shape() == shape {
            return Ok(());
        }
        let (made, bytes) = buffer.parts_mut();
        block::cut(bytes, made, shape, width(spec)?);
        self.expect(index, spec, shape)
    }

    /// Takes over what the engine allocates for the outputs in `execute`, which is given the
    /// datasets of the inputs and the outputs.
    pub(super) fn allocate_outputs(
        &mut self,
        model: &Model,
        execute: impl FnOnce(&Dataset, &Dataset) -> Result<()>,
    ) -> Result<()> {
        let outputs = 0..model.description().outputs.len();
        self.outputs.clear();
        for index in outputs.clone() {
            self.output_set.set(index, std::ptr::null_mut(), 0)?;
        }
        let executed = execute(&self.input_set, &self.output_set);
        // A run that failed may have come as far as to allocate some.
        let adopted = outputs.map(|index| {
            let (address, bytes) = self.output_set.get(index)?;
            // SAFETY: no address stood there before, so the engine allocated it for us to free
            // the dataset's is taken away before it is used again.
            Ok(unsafe { DeviceBuffer::adopt(model.context(), address, bytes) })
        });
        let adopted = adopted.collect::<Result<Vec<_>>>()?;
        executed?;
        for (index, device) in adopted.into_iter().enumerate() {
            let mut shape = Vec::new();
            self.output_set.shape(index, &mut shape)?;
            self.outputs.push(Buffer::adopt(device, shape)?);
        }
        Ok(())
    }
}

/// The memory of one tensor: as large as the model says it can be.
fn buffer(context: &Context, spec: &TensorSpec, mode: Mode, side: &str) -> Result<Buffer> {
    let shape = spec.fixed_shape();
    let bytes = match mode {
        Mode::Unbounded if shape.is_none() => 0,
        _ => spec.bytes,
    };
    Buffer::new(context, bytes, shape.unwrap_or_default())
        .map_err(|error| error.while_doing(format_args!("no room for {side} {}", spec.name)))
}

/// The bytes of an element, for copies that pad or cut.
fn width(spec: &TensorSpec) -> Result<usize> {
    let width = spec
        .dtype
        .bytes()
        .and_then(|bytes| usize::try_from(bytes).ok());
    width.ok_or_else(|| {
        let message = format!("{spec} cannot be padded or cut: its elements are no whole bytes; give the shape of a gear");
        Error::new(ErrorKind::Unsupported, message)
    })
}

/// Refuses a model whose sizes in bytes are not those of its shapes.
fn check(description: &Description, mode: Mode) -> Result<()> {
    let refused = |spec: &TensorSpec, shape: &[usize]| {
        let bytes = spec
            .bytes_of(shape)
            .map_or("no".to_owned(), |bytes| bytes.to_string());
        let message = format!(
            "the model contradicts itself: {spec} takes {bytes} bytes as {shape:?}, and {} by its own \
             word; convert it again",
            spec.bytes
        );
        Err(Error::new(ErrorKind::Shape, message))
    };
    for (index, spec) in description.inputs.iter().enumerate() {
        if let Some(shape) = spec.fixed_shape()
            && spec.bytes_of(&shape) != Some(spec.bytes)
        {
            return refused(spec, &shape);
        }
        let most = spec.ranges.iter().map(|range| range.most);
        if let Some(most) = most.collect::<Option<Vec<_>>>()
            && mode == Mode::Bounded
            && !most.is_empty()
            && spec.bytes_of(&most).is_none_or(|bytes| bytes > spec.bytes)
        {
            return refused(spec, &most);
        }
        if matches!(spec.aipp, Some(AippSpec::Dynamic { .. })) {
            continue;
        }
        for gear in description.gears.iter().flat_map(|gears| &gears.gears) {
            let shape = gear.shapes.get(index).map_or(&[][..], Vec::as_slice);
            if spec.bytes_of(shape).is_none_or(|bytes| bytes > spec.bytes) {
                return refused(spec, shape);
            }
        }
    }
    for spec in &description.outputs {
        if let Some(shape) = spec.fixed_shape()
            && spec.bytes_of(&shape).is_none_or(|bytes| bytes > spec.bytes)
        {
            return refused(spec, &shape);
        }
    }
    Ok(())
}
