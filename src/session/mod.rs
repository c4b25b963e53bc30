//! Load a model and run it: what most programs need of this crate.

mod buffers;
mod input;
mod outputs;
mod timing;

use std::fmt;
use std::mem::{self, ManuallyDrop};
use std::path::Path;
use std::sync::{Arc, MutexGuard};

use self::buffers::Buffer;
pub use self::input::Input;
pub use self::outputs::{Output, Outputs};
use self::timing::Marks;
pub use self::timing::Timings;
use crate::context::Context;
use crate::device::Device;
use crate::error::{Error, ErrorKind, Result};
use crate::memory::{DeviceBuffer, Element};
use crate::model::{Dataset, Description, Model, TensorSpec};
use crate::stream::Stream;

/// The extra input of models with gears.
const GEAR_INPUT: &str = "ascend_mbatch_shape_data";

/// A model with a stream and memory of its own, ready to run.
///
/// ```
/// use ascend_rt::{Acl, Session};
/// use ndarray::Array4;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("resnet50.om");
/// # let mut options = ascend_rt::convert::Options::default();
/// # options.network.size = (64, 64);
/// # let weights = "examples/resnet50/resnet50_slim.safetensors";
/// # ascend_rt::convert::convert(weights.as_ref(), &path, &options)?;
/// let device = Acl::mock(Default::default())?.device(0)?; // or `Acl::auto()`
/// let mut session = Session::load(&device, path)?;
/// let image = Array4::<f32>::zeros((1, 3, 64, 64));
/// let outputs = session.run(&[(&image).into()])?;
/// println!("{}", outputs.array::<f32>(0)?);
/// # Ok(()) }
/// ```
///
/// May be sent to another thread; one thread at a time runs it. Sessions that share a [`Model`]
/// take turns.
///
/// The memory of a run is kept from run to run. If the device fails in a way that leaves open
/// whether it still uses that memory, the memory is leaked and the session refuses further work.
pub struct Session {
    /// Dropped by hand: leaked when `lost`.
    memory: ManuallyDrop<Memory>,
    model: Arc<Model>,
    stream: Stream,
    marks: Option<Marks>,
    timings: Option<Timings>,
    lost: bool,
}

/// What the device reads and writes in a run.
#[derive(Debug)]
struct Memory {
    input_set: Dataset,
    output_set: Dataset,
    inputs: Vec<Buffer>,
    outputs: Vec<Buffer>,
}

impl Session {
    /// Loads the `.om` file at `path` on `device`.
    ///
    /// # Errors
    ///
    /// As for [`Model::load`] and [`Session::new`].
    pub fn load(device: &Device, path: impl AsRef<Path>) -> Result<Self> {
        Self::new(Arc::new(Model::load(&device.context(), path)?))
    }

    /// A session on a loaded model.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`] when its buffers do not fit,
    /// [`ErrorKind::Unsupported`] for a model with gears.
    pub fn new(model: Arc<Model>) -> Result<Self> {
        let context = model.context().clone();
        let Description { inputs, outputs } = model.description();
        if inputs.iter().any(|input| input.name == GEAR_INPUT) {
            let message = "models with gears (dynamic batch, image size or dims) are not run by \
                           this version: convert the model with a fixed or a free shape";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        let mut memory = Memory {
            input_set: Dataset::new(context.acl(), inputs.len())?,
            output_set: Dataset::new(context.acl(), outputs.len())?,
            inputs: Vec::with_capacity(inputs.len()),
            outputs: Vec::with_capacity(outputs.len()),
        };
        let fixed = |dims: &[Option<usize>]| dims.iter().copied().collect::<Option<Vec<_>>>();
        for spec in inputs {
            let shape = fixed(&spec.dims);
            let bytes = if shape.is_some() { spec.bytes } else { 0 };
            memory
                .inputs
                .push(Buffer::new(&context, bytes, shape.unwrap_or_default())?);
        }
        if is_static(&model) {
            for spec in outputs {
                let shape = fixed(&spec.dims).unwrap_or_default();
                memory
                    .outputs
                    .push(Buffer::new(&context, spec.bytes, shape)?);
            }
            memory.bind_inputs()?;
            memory.bind_outputs()?;
        }
        let stream = Stream::new(&context)?;
        Ok(Self {
            memory: ManuallyDrop::new(memory),
            model,
            stream,
            marks: None,
            timings: None,
            lost: false,
        })
    }

    /// The model's inputs and outputs.
    #[must_use]
    pub fn description(&self) -> &Description {
        self.model.description()
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// The context that the session works in.
    #[must_use]
    pub fn context(&self) -> &Context {
        self.model.context()
    }

    /// Measures the parts of each run from now on, or no longer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`] when the device has no event left.
    pub fn set_timing(&mut self, on: bool) -> Result<()> {
        self.marks = if on {
            Some(Marks::new(self.model.context())?)
        } else {
            None
        };
        self.timings = None;
        Ok(())
    }

    /// The parts of the last run, if it was measured.
    #[must_use]
    pub fn timings(&self) -> Option<Timings> {
        self.timings
    }

    /// Runs the model on `inputs` and waits.
    ///
    /// Inputs come in the model's order, or by name (see [`Input::named`]). Each is copied to
    /// pinned staging; from there the stream uploads, executes and downloads.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when inputs are missing or surplus, [`ErrorKind::Shape`]
    /// when one does not fit, [`ErrorKind::Execution`] when the device failed.
    pub fn run(&mut self, inputs: &[Input<'_>]) -> Result<Outputs<'_>> {
        self.ensure_usable()?;
        let model = Arc::clone(&self.model);
        let specs = &model.description().inputs;
        let memory = &mut self.memory;
        input::arrange(inputs, specs, |index, input| {
            let spec = &specs[index];
            if !spec.is_static() {
                let grown = memory.inputs[index].bytes().len() != input.bytes().len();
                if grown || memory.inputs[index].shape() != input.shape() {
                    let (context, bytes) = (model.context(), input.bytes().len());
                    memory.inputs[index] = Buffer::new(context, bytes, input.shape().to_vec())?;
                }
            }
            memory.inputs[index]
                .bytes_mut()
                .copy_from_slice(input.bytes());
            Ok(())
        })?;
        self.run_staged()
    }

    /// The staging of input `index`: what is written here is the input of the next
    /// [`Session::run_staged`]. Row-major elements of the input's shape.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when there is no such input, [`ErrorKind::Shape`] when its
    /// elements are not `T` or its shape is not fixed.
    pub fn input_mut<T: Element>(&mut self, index: usize) -> Result<&mut [T]> {
        let specs = &self.model.description().inputs;
        let Some(spec) = specs.get(index) else {
            let message = format!(
                "the model has {} input(s), there is no number {index}",
                specs.len()
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        };
        if spec.dtype != T::DATA_TYPE || !spec.is_static() {
            let message = format!(
                "the input {spec} cannot be filled in place as {}: use `run`",
                T::DATA_TYPE.name()
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        Ok(bytemuck::cast_slice_mut(
            self.memory.inputs[index].bytes_mut(),
        ))
    }

    /// Runs the model on what lies in the staging, and waits.
    ///
    /// # Errors
    ///
    /// As for [`Session::run`].
    pub fn run_staged(&mut self) -> Result<Outputs<'_>> {
        self.ensure_usable()?;
        let model = Arc::clone(&self.model);
        let turn = model.turn();
        let queued = if is_static(&model) {
            self.queue_static(&model, &turn)
        } else {
            self.run_dynamic(&model, &turn)
        };
        // Whatever was queued must be over before the memory can be touched again.
        let settled = self
            .stream
            .shared()
            .settle()
            .inspect_err(|_| self.lost = true)?;
        drop(turn);
        queued.and(settled)?;
        if let Some(marks) = &self.marks {
            self.timings = Some(marks.timings()?);
        }
        Ok(Outputs::new(
            &self.model.description().outputs,
            &self.memory.outputs,
        ))
    }

    /// All sizes are known: three parts in a row on the stream.
    fn queue_static(&self, model: &Model, turn: &MutexGuard<'_, ()>) -> Result<()> {
        let (memory, stream, marks) = (&self.memory, &self.stream, self.marks.as_ref());
        Marks::record(marks, 0, stream)?;
        for input in &memory.inputs {
            // SAFETY: `run_staged` keeps the memory untouched until the stream has settled.
            unsafe { input.upload(stream) }?;
        }
        Marks::record(marks, 1, stream)?;
        // SAFETY: the datasets name the session's buffers, which `run_staged` keeps untouched
        // until the stream has settled, turn included (R-260, R-261).
        unsafe { model.queue(turn, &memory.input_set, &memory.output_set, stream) }?;
        Marks::record(marks, 2, stream)?;
        for output in &memory.outputs {
            // SAFETY: `run_staged` keeps the memory untouched until the stream has settled.
            unsafe { output.download(stream) }?;
        }
        Marks::record(marks, 3, stream)
    }

    /// The engine allocates the outputs, which only the blocking execution does (R-258).
    fn run_dynamic(&mut self, model: &Model, turn: &MutexGuard<'_, ()>) -> Result<()> {
        let (memory, stream, marks) = (&mut *self.memory, &self.stream, self.marks.as_ref());
        Marks::record(marks, 0, stream)?;
        for input in &memory.inputs {
            // SAFETY: `run_staged` keeps the memory untouched until the stream has settled.
            unsafe { input.upload(stream) }?;
        }
        Marks::record(marks, 1, stream)?;
        stream.synchronize()?;
        let specs = &model.description().inputs;
        for (index, (input, spec)) in memory.inputs.iter().zip(specs).enumerate() {
            memory
                .input_set
                .set_shape(index, spec.dtype, spec.format, input.shape())?;
        }
        memory.bind_inputs()?;
        // SAFETY: the inputs are the session's own and idle; the outputs are the engine's to
        // allocate (R-258).
        unsafe { model.execute(turn, &memory.input_set, &memory.output_set) }?;
        memory.adopt_outputs(model)?;
        Marks::record(marks, 2, stream)?;
        for output in &memory.outputs {
            // SAFETY: `run_staged` keeps the memory untouched until the stream has settled.
            unsafe { output.download(stream) }?;
        }
        Marks::record(marks, 3, stream)
    }

    fn ensure_usable(&self) -> Result<()> {
        if !self.lost {
            return Ok(());
        }
        let message = "this session's device failed in the middle of a run: make a new session, \
                       on another device if it fails again";
        Err(Error::new(ErrorKind::Device, message))
    }
}

impl Memory {
    /// Points the datasets at the buffers: a run may have moved them.
    fn bind_inputs(&mut self) -> Result<()> {
        bind(&mut self.input_set, &self.inputs)
    }

    fn bind_outputs(&mut self) -> Result<()> {
        bind(&mut self.output_set, &self.outputs)
    }

    /// Takes over what the engine allocated for the outputs.
    fn adopt_outputs(&mut self, model: &Model) -> Result<()> {
        let mut adopted = Vec::new();
        for index in 0..model.description().outputs.len() {
            let (address, bytes) = self.output_set.get(index)?;
            self.output_set.set(index, std::ptr::null_mut(), 0)?;
            // SAFETY: the engine allocated it for us to free (R-258), and its record of it was
            // taken away just now.
            adopted.push(unsafe { DeviceBuffer::adopt(model.context(), address, bytes) });
        }
        self.outputs.clear();
        for (index, device) in adopted.into_iter().enumerate() {
            let shape = self.output_set.shape(index)?;
            self.outputs.push(Buffer::adopt(device, shape)?);
        }
        Ok(())
    }
}

fn bind(set: &mut Dataset, buffers: &[Buffer]) -> Result<()> {
    for (index, buffer) in buffers.iter().enumerate() {
        set.set(index, buffer.device().as_raw(), buffer.device().bytes())?;
    }
    Ok(())
}

fn is_static(model: &Model) -> bool {
    let Description { inputs, outputs } = model.description();
    inputs.iter().chain(outputs).all(TensorSpec::is_static)
}

impl Drop for Session {
    fn drop(&mut self) {
        if mem::take(&mut self.lost) {
            tracing::error!("leaked the buffers of a session whose device failed");
            return;
        }
        // SAFETY: dropped once, here; the stream has settled after every run.
        unsafe { ManuallyDrop::drop(&mut self.memory) };
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}
