//! Load a model and run it: what most programs need of this crate.

mod block;
mod buffers;
mod failure;
mod held;
mod input;
mod joint;
mod memory;
mod options;
mod outputs;
mod plan;
mod plans;
mod run;
mod timing;

use std::fmt;
use std::mem::{self, ManuallyDrop};
use std::path::Path;
use std::sync::Arc;

use ascend_graph::text;

pub(crate) use self::held::Held;
pub use self::input::Input;
pub(crate) use self::input::arrange;
pub(crate) use self::joint::Joint;
use self::memory::{Memory, Mode};
pub use self::options::{Padding, SessionOptions};
pub use self::outputs::{Output, Outputs};
use self::plan::Setting;
use self::plans::Plans;
use self::run::GearOutputs;
use self::timing::Marks;
pub use self::timing::Timings;
use crate::context::Context;
use crate::device::Device;
use crate::error::{Error, ErrorKind, Result};
use crate::memory::Element;
use crate::model::{
    AippParameters, AippSpec, AippTarget, Description, GearKind, Gears, Model, TensorSpec,
};
use crate::stream::Stream;

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
/// A model with gears is switched to the one that the inputs' shapes name, and one of shapes within
/// limits runs without allocating; [`SessionOptions`] say what becomes of shapes between the gears.
///
/// Outputs lie in the session's own memory, so none is at hand once the next run may write to it:
///
/// ```compile_fail,E0499
/// # use ascend_rt::{Input, Result, Session};
/// fn keep_the_first(session: &mut Session, input: Input<'_>) -> Result<usize> {
///     let first = session.run(&[input.clone()])?;
///     session.run(&[input])?;
///     Ok(first.len())
/// }
/// ```
///
/// The memory of a run is kept from run to run. If the device fails in a way that leaves open
/// whether it still uses that memory, the memory is leaked, and the session refuses further work, as
/// do all that take turns with it.
pub struct Session {
    /// Dropped by hand: leaked when `lost`.
    memory: ManuallyDrop<Memory>,
    model: Arc<Model>,
    stream: Stream,
    mode: Mode,
    options: SessionOptions,
    plans: Plans,
    /// Which input of the last run was for which of the model.
    order: Vec<usize>,
    /// The shape of the last output, for its memory.
    shape: Vec<usize>,
    /// The shapes of the outputs in each gear, once they were asked for.
    gear_outputs: Option<GearOutputs>,
    /// The parameters for the preprocessing of each input.
    aipp: Vec<Option<AippParameters>>,
    /// Those that the device was not given yet, by input.
    new_aipp: Vec<usize>,
    marks: Option<Marks>,
    timings: Option<Timings>,
    lost: bool,
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
    /// [`ErrorKind::OutOfMemory`] when its buffers do not fit, [`ErrorKind::Shape`] when the model
    /// contradicts itself about their sizes.
    pub fn new(model: Arc<Model>) -> Result<Self> {
        Self::with_options(model, SessionOptions::default())
    }

    /// A session on a loaded model, set up by `options`.
    ///
    /// # Errors
    ///
    /// As for [`Session::new`]; [`ErrorKind::Unsupported`] or [`ErrorKind::MissingSymbol`] when its
    /// runs cannot be limited ([`SessionOptions::run_limit`]).
    pub fn with_options(model: Arc<Model>, options: SessionOptions) -> Result<Self> {
        let _span = tracing::debug_span!("make session").entered();
        let mode = Mode::of(model.description());
        let inputs = &model.description().inputs;
        let fixed = inputs.iter().map(TensorSpec::fixed_shape);
        let plans = Plans::new(fixed.collect());
        let memory = Memory::new(&model, mode)?;
        let stream = Stream::new(model.context())?;
        options.check(mode, &stream)?;
        Ok(Self {
            // Last, for from here on nothing drops it but the session.
            memory: ManuallyDrop::new(memory),
            stream,
            mode,
            options,
            plans,
            order: Vec::with_capacity(inputs.len()),
            shape: Vec::new(),
            gear_outputs: None,
            aipp: vec![None; inputs.len()],
            new_aipp: Vec::new(),
            marks: None,
            timings: None,
            lost: false,
            model,
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

    /// Sets how the device preprocesses the pictures of the input `name` from now on, where its
    /// model takes such parameters ([`AippSpec::Dynamic`]). A run is then given the bytes of as many
    /// pictures as the batch says, `uint8` of the shape [`AippParameters::shape`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when the model has no such input, or the parameters do not fit
    /// it.
    ///
    /// C API: `aclmdlSetInputAIPP`, `acl_mdl.h`.
    #[doc(alias = "aclmdlSetInputAIPP")]
    pub fn set_aipp(&mut self, name: &str, parameters: AippParameters) -> Result<()> {
        let description = self.model.description();
        let mut inputs = description.inputs.iter();
        let found = inputs
            .position(|input| input.name == name)
            .and_then(|index| match description.inputs[index].aipp? {
                AippSpec::Dynamic { size, most_bytes } => Some((index, size, most_bytes)),
                AippSpec::Static { .. } => None,
            });
        let Some((index, size, most_bytes)) = found else {
            let message = format!(
                "the model has no input {name} whose preprocessing takes parameters: convert it with \
                 `aipp_mode: dynamic` for that"
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        };
        let gears = description.gears.as_ref();
        let largest = gears.map_or(Vec::new(), Gears::largest_values);
        let largest = |value: usize| largest.get(value).copied().unwrap_or(1);
        parameters.check(&AippTarget {
            name,
            size: size.unwrap_or_else(|| [largest(0), largest(1)]),
            batch: self.most_pictures(index),
            most_bytes,
            is_switched: gears.is_some_and(|gears| gears.kind == GearKind::ImageSize),
        })?;
        self.aipp[index] = Some(parameters);
        self.plans.forget();
        if !self.new_aipp.contains(&index) {
            self.new_aipp.push(index);
        }
        Ok(())
    }

    /// The largest batch of input `index`.
    fn most_pictures(&self, index: usize) -> usize {
        let description = self.model.description();
        let fixed = description.inputs[index].dims.first().copied().flatten();
        let gears = description.gears.as_ref();
        let largest = || gears?.largest_values().first().copied();
        fixed.or_else(largest).unwrap_or(1)
    }

    /// Runs the model on `inputs` and waits.
    ///
    /// Inputs come in the model's order, or by name (see [`Input::named`]). Each is copied to
    /// pinned staging; from there the stream uploads, executes and downloads. The shapes decide the
    /// gear of a model that has some.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when inputs are missing or surplus, or parameters of their
    /// preprocessing were not set, [`ErrorKind::Shape`] when one does not fit ([`Error::gears`] tells
    /// what would, where the model has gears), [`ErrorKind::Execution`] when the device failed,
    /// [`ErrorKind::Device`] when it failed in a way after which nothing can be run, or took longer
    /// than its limit ([`SessionOptions::run_limit`]).
    pub fn run(&mut self, inputs: &[Input<'_>]) -> Result<Outputs<'_>> {
        self.ensure_usable()?;
        let mut order = mem::take(&mut self.order);
        let arranged = arrange(inputs, &self.model.description().inputs, &mut order);
        let staged = arranged.and_then(|()| {
            self.stage(|index| {
                let input = &inputs[order[index]];
                (input.shape(), input.bytes())
            })
        });
        self.order = order;
        staged?;
        self.run_staged()
    }

    /// Copies inputs of the right types, given by shape and bytes, into the staging.
    pub(crate) fn stage<'i>(
        &mut self,
        given: impl Fn(usize) -> (&'i [usize], &'i [u8]),
    ) -> Result<()> {
        let _span = tracing::trace_span!("stage").entered();
        let number = self.hold(|index| given(index).0)?;
        for (index, spec) in self.model.description().inputs.iter().enumerate() {
            self.memory.fill(index, spec, given(index))?;
        }
        self.plans.stage(number);
        Ok(())
    }

    /// Makes the staging ready for inputs of these shapes; the number of their plan.
    fn hold<'i>(&mut self, shape: impl Fn(usize) -> &'i [usize]) -> Result<usize> {
        self.ensure_usable()?;
        let setting = Setting {
            description: self.model.description(),
            aipp: &self.aipp,
            padding: self.options.padding,
        };
        let (number, plan) = self.plans.of(&setting, shape)?;
        let specs = &self.model.description().inputs;
        self.memory.hold(self.mode, specs, plan)?;
        Ok(number)
    }

    /// The staging of input `index`: what is written here is the input of the next
    /// [`Session::run_staged`]. Row-major elements of the input's shape.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when there is no such input, [`ErrorKind::Shape`] when its
    /// elements are not `T` or its shape is not fixed, [`ErrorKind::Device`] when the device failed
    /// in the middle of a run.
    pub fn input_mut<T: Element>(&mut self, index: usize) -> Result<&mut [T]> {
        self.ensure_usable()?;
        let specs = &self.model.description().inputs;
        let Some(spec) = specs.get(index) else {
            let message = format!(
                "the model has {} input(s), there is no number {index}: count from 0",
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

    /// Runs the model on what lies in the staging, and waits. Where shapes vary, they are those of
    /// the last [`Session::run`].
    ///
    /// # Errors
    ///
    /// As for [`Session::run`]; [`ErrorKind::InvalidArgument`] when shapes vary and there was none.
    pub fn run_staged(&mut self) -> Result<Outputs<'_>> {
        self.ensure_usable()?;
        let Some((number, mut plan)) = self.plans.take() else {
            let message = "the shapes of the inputs are not known yet: give them to `run` first";
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        };
        let made = self.run_plan(&mut plan);
        let cut = made.and_then(|()| self.cut(&plan));
        self.plans.put((number, plan));
        cut?;
        let outputs = &self.model.description().outputs;
        Ok(Outputs::new(outputs, &self.memory.outputs))
    }

    /// Whether it broke off in the middle of a run.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost
    }

    fn ensure_usable(&self) -> Result<()> {
        if !self.lost {
            return Ok(());
        }
        let message = text!(
            "this session broke off in the middle of a run: load its model anew, on another device if it \
             fails again"
        );
        Err(Error::new(ErrorKind::Device, message))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if mem::take(&mut self.lost) {
            tracing::error!(
                "leaked the buffers of a session that broke off in the middle of a run"
            );
            // With the model goes the memory that it was given, and which may still be at work; to
            // destroy the stream would be to wait for that.
            let _leaked = ManuallyDrop::new(Arc::clone(&self.model));
            let _leaked = ManuallyDrop::new(Arc::clone(self.stream.shared()));
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
