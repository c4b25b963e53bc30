//! A loaded `.om`: its description, how it is loaded, and running it.

mod aipp_parameters;
mod aipp_spec;
mod bundle;
mod dataset;
mod description;
mod gears;
mod interface;
mod load_config;
mod raw_aipp;
mod raw_description;
mod source;
mod tensor_spec;
mod turn;
mod weight_memory;
mod work_memory;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ascend_graph::text;
use ascend_sys::aclmdlIODims;

use self::bundle::RawBundle;
use self::interface::Interface;
use self::load_config::Given;
use self::raw_aipp::RawAipp;
use self::raw_description::RawDescription;
use self::source::{Source, c_path};
use self::turn::Turns;
use crate::call::Current;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::stream::Stream;

pub(crate) use aipp_parameters::AippTarget;
pub use aipp_parameters::{AippParameters, ColourConversion, Crop, Margins, PictureParameters};
pub use aipp_spec::AippSpec;
pub use ascend_graph::om::{Format, Picture};
pub use bundle::Bundle;
pub(crate) use dataset::Dataset;
pub use description::Description;
pub use gears::{Gear, GearAxis, GearKind, Gears};
pub(crate) use interface::Slot;
pub use load_config::{LoadConfig, MemoryNeed};
pub use tensor_spec::{DimRange, TensorSpec};
pub(crate) use turn::Turn;
pub use work_memory::WorkMemory;

/// A model on a device.
///
/// One model does one execution at a time (the runtime forbids more); sessions on it take turns.
/// For more at once, load it several times.
///
/// C API: `aclmdlLoadFromFile`, `aclmdlLoadFromMem`, `aclmdlLoadWithConfig`, `aclmdlUnload`,
/// `acl_mdl.h`.
pub struct Model {
    // In the order in which they go: the model is unloaded before its memory is freed.
    raw: RawDescription,
    loaded: Loaded,
    interface: Interface,
    /// The file that it is of.
    path: Option<PathBuf>,
    /// Held from the refresh of inputs until the outputs were read.
    turns: Arc<Turns>,
    _given: Given,
}

/// A model that the runtime holds, until it is dropped.
#[derive(Debug)]
struct Loaded {
    id: u32,
    context: Context,
    /// The bundle that it is of, with which it goes.
    bundle: Option<Arc<RawBundle>>,
}

impl Model {
    /// Loads the `.om` file at `path` into `context`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) when the file cannot be read, [`ErrorKind::Format`](crate::ErrorKind::Format) when it is no whole
    /// `.om`, [`ErrorKind::OutOfMemory`](crate::ErrorKind::OutOfMemory) when the device has not enough memory,
    /// [`ErrorKind::Execution`](crate::ErrorKind::Execution) when the model was built for another chip.
    #[doc(alias = "aclmdlLoadFromFile")]
    pub fn load(context: &Context, path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::from_source(context, Source::File(path), || {
            let name = c_path(path)?;
            let mut id = 0;
            let current = context.bind()?;
            // SAFETY: a NUL-terminated path and a valid pointer.
            let status = unsafe { current.api().aclmdlLoadFromFile(name.as_ptr(), &raw mut id) };
            current.check("aclmdlLoadFromFile", status)?;
            Ok((id, Given::default()))
        })
    }

    /// Loads an `.om` from memory. The bytes are needed during the call only.
    ///
    /// # Errors
    ///
    /// As for [`Model::load`].
    #[doc(alias = "aclmdlLoadFromMem")]
    pub fn from_bytes(context: &Context, om: &[u8]) -> Result<Self> {
        Self::from_source(context, Source::Memory(om), || {
            let (address, bytes) = (om.as_ptr().cast(), om.len());
            let mut id = 0;
            let current = context.bind()?;
            // SAFETY: a valid range and pointer; the bytes are needed during the call.
            let status = unsafe { current.api().aclmdlLoadFromMem(address, bytes, &raw mut id) };
            current.check("aclmdlLoadFromMem", status)?;
            Ok((id, Given::default()))
        })
    }

    /// Loads a model as `config` says.
    ///
    /// # Errors
    ///
    /// As for [`Model::load`], and [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) when the configuration breaks a
    /// rule.
    #[doc(alias = "aclmdlLoadWithConfig")]
    pub fn load_with(context: &Context, config: &LoadConfig) -> Result<Self> {
        Self::from_source(context, config.source(), || config.load(context))
    }

    /// Loads a model by `load`, which gives its number, and describes it.
    fn from_source(
        context: &Context,
        source: Source<'_>,
        load: impl FnOnce() -> Result<(u32, Given)>,
    ) -> Result<Self> {
        let device = context.device().ordinal();
        let _span = tracing::debug_span!("load model", model = %source, device).entered();
        let model = load().and_then(|(id, given)| {
            let loaded = Loaded {
                id,
                context: context.clone(),
                bundle: None,
            };
            let mut model = Self::describe(given, loaded, || source.shape_order())?;
            model.path = source.path().map(Path::to_owned);
            let description = &mut model.interface.description;
            let mut ranges = description.inputs.iter().flat_map(|input| &input.ranges);
            if ranges.all(|range| range.most.is_some()) {
                // A runtime that cannot tell is no reason to refuse the model.
                description.memory = source.memory_need(context).ok();
            }
            Ok(model)
        });
        model.map_err(|error| {
            error.while_doing(text!("cannot load {source}", source = source.text()))
        })
    }

    /// Takes charge of a loaded model; for `order` see [`Interface::read`].
    fn describe(
        // On an error the last parameter goes first: the model before its memory.
        given: Given,
        loaded: Loaded,
        order: impl FnOnce() -> Option<Vec<String>>,
    ) -> Result<Self> {
        let raw = RawDescription::of(&loaded.context, loaded.id)?;
        let turns = given.work.as_ref().map(|work| Arc::clone(work.turns()));
        Ok(Self {
            interface: Interface::read(&loaded.context, &raw, loaded.id, order)?,
            raw,
            loaded,
            path: None,
            turns: turns.unwrap_or_default(),
            _given: given,
        })
    }

    /// The runtime's number of the model.
    pub(crate) fn id(&self) -> u32 {
        self.loaded.id
    }

    /// The context that the model is loaded in.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.loaded.context
    }

    /// The file that it was loaded from, if it was.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The model's inputs and outputs.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.interface.description
    }

    /// The inputs as the runtime has them, with their bytes.
    pub(crate) fn slots(&self) -> &[(Slot, usize)] {
        &self.interface.slots
    }

    /// The turn of one execution: of this model, and of all that share its work memory.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Device`](crate::ErrorKind::Device) when an earlier one was not ended.
    pub(crate) fn turn(&self) -> Result<Turn<'_>> {
        self.turns.next()
    }

    /// The runtime's number of the input that is `wanted`.
    fn slot(&self, wanted: Slot) -> Result<usize> {
        let mut slots = self.slots().iter();
        slots.position(|(slot, _)| *slot == wanted).ok_or_else(|| {
            let message = format!("the model has no input for {wanted:?}");
            Error::internal(message)
        })
    }

    /// Switches the model to gear `gear` for executions of `inputs`.
    ///
    /// # Safety
    ///
    /// The memory of the input that takes the gear is idle.
    pub(crate) unsafe fn switch(
        &self,
        _turn: &Turn<'_>,
        inputs: &Dataset,
        gear: usize,
    ) -> Result<()> {
        let index = self.slot(Slot::Gear)?;
        let gears = self.description().gears.as_ref();
        let chosen = gears.and_then(|gears| Some((gears.kind, gears.gears.get(gear)?)));
        let Some((kind, chosen)) = chosen else {
            let message = format!("the model has no gear {gear}");
            return Err(Error::internal(message));
        };
        let (id, set) = (self.loaded.id, inputs.raw());
        let value = |value: usize| chosen.values.get(value).map_or(0, |value| *value as u64);
        let current = self.context().bind()?;
        let api = current.api();
        match kind {
            GearKind::Batch => {
                // SAFETY: the model is loaded, the dataset alive, its memory idle.
                let status = unsafe { api.aclmdlSetDynamicBatchSize(id, set, index, value(0)) };
                current.check("aclmdlSetDynamicBatchSize", status)
            }
            GearKind::ImageSize => {
                let (height, width) = (value(0), value(1));
                // SAFETY: as above.
                let status = unsafe { api.aclmdlSetDynamicHWSize(id, set, index, height, width) };
                current.check("aclmdlSetDynamicHWSize", status)
            }
            GearKind::Dims => {
                let row = self.interface.rows.get(gear).map_or(&[][..], Vec::as_slice);
                let mut dims = aclmdlIODims {
                    dimCount: row.len(),
                    ..aclmdlIODims::default()
                };
                for (place, dim) in dims.dims.iter_mut().zip(row) {
                    *place = *dim;
                }
                // SAFETY: as above.
                let status =
                    unsafe { api.aclmdlSetInputDynamicDims(id, set, index, &raw const dims) };
                current.check("aclmdlSetInputDynamicDims", status)
            }
        }
    }

    /// The shape of output `index` in the gear that the model was switched to.
    pub(crate) fn output_shape(&self, _turn: &Turn<'_>, index: usize) -> Result<Vec<usize>> {
        self.raw.current_output_dims(index)
    }

    /// Sets how the pictures of input `input` are preprocessed in executions of `inputs`, for
    /// `batch` of them.
    ///
    /// # Safety
    ///
    /// The memory of the input that takes the parameters is idle.
    pub(crate) unsafe fn set_aipp(
        &self,
        _turn: &Turn<'_>,
        inputs: &Dataset,
        input: usize,
        (parameters, batch): (&AippParameters, usize),
    ) -> Result<()> {
        let index = self.slot(Slot::Parameters(input))?;
        let current = self.context().bind()?;
        let set = RawAipp::new(&current, parameters, batch)?;
        // SAFETY: the model is loaded, the dataset alive, its memory idle.
        unsafe { set.apply(self.loaded.id, inputs.raw(), index) }
    }

    /// Runs the model and waits.
    ///
    /// # Safety
    ///
    /// The datasets name memory of the sizes they say, which nobody touches during the call.
    pub(crate) unsafe fn execute(
        &self,
        _turn: &Turn<'_>,
        inputs: &Dataset,
        outputs: &Dataset,
    ) -> Result<()> {
        let current = self.context().bind()?;
        // SAFETY: as the caller promises.
        let status = unsafe {
            current
                .api()
                .aclmdlExecute(self.loaded.id, inputs.raw(), outputs.raw())
        };
        current.check("aclmdlExecute", status)
    }

    /// Queues an execution.
    ///
    /// # Safety
    ///
    /// As for [`Self::execute`], until the stream has passed this point; and the turn is
    /// kept as long. The context that is current is the model's.
    pub(crate) unsafe fn queue(
        &self,
        current: &Current<'_>,
        _turn: &Turn<'_>,
        (inputs, outputs): (&Dataset, &Dataset),
        stream: &Stream,
    ) -> Result<()> {
        // SAFETY: as the caller promises.
        let status = unsafe {
            current.api().aclmdlExecuteAsync(
                self.loaded.id,
                inputs.raw(),
                outputs.raw(),
                stream.raw(),
            )
        };
        current.check("aclmdlExecuteAsync", status)
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        if self.bundle.is_some() {
            return;
        }
        let unloaded = self.context.bind().and_then(|current| {
            // SAFETY: ours, and no execution holds it.
            let status = unsafe { current.api().aclmdlUnload(self.id) };
            current.check("aclmdlUnload", status)
        });
        if let Err(error) = unloaded {
            tracing::error!(%error, "cannot unload the model");
        }
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model")
            .field("id", &self.loaded.id)
            .field("description", self.description())
            .finish_non_exhaustive()
    }
}
