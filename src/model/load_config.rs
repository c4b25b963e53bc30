//! How a model is loaded.

use std::ffi::{CString, c_void};
use std::path::PathBuf;
use std::ptr;
use std::sync::Arc;

use ascend_sys::{
    ACL_MDL_LOAD_FROM_FILE, ACL_MDL_LOAD_FROM_FILE_WITH_MEM, ACL_MDL_LOAD_FROM_MEM,
    ACL_MDL_LOAD_FROM_MEM_WITH_MEM, aclmdlConfigAttr as Attr, aclmdlConfigHandle,
};
use bytes::Bytes;

use super::source::{Source, c_path};
use super::weight_memory::WeightMemory;
use super::work_memory::WorkMemory;
use crate::call::Current;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::memory::DeviceBuffer;

/// External weights are as many bytes as a multiple of this (R-236).
const WEIGHT_ALIGNMENT: usize = 32;

/// Where a model comes from and how it is loaded: its priority, and the memory that it is given.
///
/// What is given lives as long as the models that were loaded with it: each keeps it until it is
/// unloaded. One configuration may load its model several times; the loads share the memory for
/// weights, so each has to find the same ones: a load is refused when the file is no longer the one
/// of the first load, by its number, length and time of change. A file that is written to during a
/// load goes unnoticed, and changes the weights of all. Memory to work in is shared between models
/// by [`WorkMemory`].
///
/// ```
/// # use ascend_rt::model::LoadConfig;
/// # use ascend_rt::{Context, DeviceBuffer, Model, Result};
/// fn load_twice(context: &Context) -> Result<[Model; 2]> {
///     let config = LoadConfig::file("net.om");
///     let need = config.memory_need(context)?;
///     let weights = DeviceBuffer::new(context, need.weight_bytes)?;
///     let config = config.priority(1).weight_memory(weights);
///     Ok([Model::load_with(context, &config)?, Model::load_with(context, &config)?])
/// }
/// ```
///
/// What the device writes to is out of the program's reach:
///
/// ```compile_fail,E0382
/// # use ascend_rt::model::LoadConfig;
/// # use ascend_rt::{DeviceBuffer, Result};
/// fn overwrite(mut weights: DeviceBuffer<u8>, bytes: &[u8]) -> Result<()> {
///     let config = LoadConfig::file("net.om").weight_memory(weights);
///     weights.copy_from_slice(bytes)
/// }
/// ```
///
/// C API: `aclmdlCreateConfigHandle`, `aclmdlSetConfigOpt`, `aclmdlSetExternalWeightAddress`,
/// `acl_mdl.h`.
#[derive(Clone, Debug)]
pub struct LoadConfig {
    origin: Origin,
    priority: Option<i32>,
    work: Option<Arc<WorkMemory>>,
    weights: Option<Arc<WeightMemory>>,
    weight_folder: Option<PathBuf>,
    external: Vec<(String, Arc<DeviceBuffer<u8>>)>,
}

#[derive(Clone, Debug)]
enum Origin {
    File(PathBuf),
    Memory(Bytes),
}

/// The device memory that a model takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MemoryNeed {
    /// The bytes that it works in; with gears, those of the largest.
    pub work_bytes: usize,
    /// The bytes of its weights, without those in files of their own.
    pub weight_bytes: usize,
}

/// What a model was given, and keeps until it is unloaded.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) work: Option<Arc<WorkMemory>>,
    _weights: Option<Arc<WeightMemory>>,
    _external: Vec<Arc<DeviceBuffer<u8>>>,
}

impl LoadConfig {
    /// Loads the `.om` file at `path`. Weights in files of their own are looked for in the folder
    /// `weight` beside it.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::of(Origin::File(path.into()))
    }

    /// Loads an `.om` from memory.
    #[must_use]
    pub fn memory(om: impl Into<Bytes>) -> Self {
        Self::of(Origin::Memory(om.into()))
    }

    fn of(origin: Origin) -> Self {
        Self {
            origin,
            priority: None,
            work: None,
            weights: None,
            weight_folder: None,
            external: Vec::new(),
        }
    }

    /// The priority of the model's tasks; 0 is the greatest, and the default.
    #[must_use]
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = Some(priority);
        self
    }

    /// The memory that the model works in, which it may share with models that take turns with it.
    #[must_use]
    pub fn work_memory(mut self, memory: Arc<WorkMemory>) -> Self {
        self.work = Some(memory);
        self
    }

    /// The memory for the model's weights, which all loads with this configuration share.
    #[must_use]
    pub fn weight_memory(mut self, memory: DeviceBuffer<u8>) -> Self {
        self.weights = Some(Arc::new(WeightMemory::new(memory)));
        self
    }

    /// The folder of weights in files of their own, for a model from memory.
    #[must_use]
    pub fn weight_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.weight_folder = Some(folder.into());
        self
    }

    /// The content of a file with weights, by the name that the model knows the file by: a multiple
    /// of 32 bytes. The model reads it from there, and the file is not needed.
    #[must_use]
    pub fn external_weight(mut self, file: impl Into<String>, content: DeviceBuffer<u8>) -> Self {
        self.external.push((file.into(), Arc::new(content)));
        self
    }

    /// The device memory that the model takes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] and [`ErrorKind::Format`] as for [`Model::load`](crate::Model::load), and
    /// the runtime's own for a model of shapes without limit, whose need is not known beforehand.
    ///
    /// C API: `aclmdlQuerySize`, `aclmdlQuerySizeFromMem`, `acl_mdl.h`.
    #[doc(alias = "aclmdlQuerySize")]
    pub fn memory_need(&self, context: &Context) -> Result<MemoryNeed> {
        let source = self.source();
        source
            .memory_need(context)
            .map_err(|error| error.while_doing(format_args!("cannot tell the memory of {source}")))
    }

    pub(super) fn source(&self) -> Source<'_> {
        match &self.origin {
            Origin::File(path) => Source::File(path),
            Origin::Memory(om) => Source::Memory(om),
        }
    }

    /// Refuses what cannot work, saying why.
    fn check(&self, context: &Context) -> Result<()> {
        let refused = |message: String| Err(Error::new(ErrorKind::InvalidArgument, message));
        if self.weight_folder.is_some() && matches!(self.origin, Origin::File(_)) {
            return refused(
                "a folder of weights is for models from memory: those of a file are in the folder \
                 `weight` beside it"
                    .to_owned(),
            );
        }
        for (file, content) in &self.external {
            let bytes = content.bytes();
            if bytes == 0 || !bytes.is_multiple_of(WEIGHT_ALIGNMENT) {
                return refused(format!(
                    "the external weight {file} has {bytes} bytes: make the buffer a multiple of \
                     {WEIGHT_ALIGNMENT} bytes, longer than its content where that is none"
                ));
            }
            context.must_be(content.context(), "an external weight")?;
        }
        if let Some(work) = &self.work {
            context.must_be(work.buffer().context(), "the work memory")?;
        }
        if let Some(weights) = &self.weights {
            context.must_be(weights.buffer().context(), "the weight memory")?;
        }
        Ok(())
    }

    /// Loads the model: its number, and what it keeps.
    pub(super) fn load(&self, context: &Context) -> Result<(u32, Given)> {
        self.check(context)?;
        let current = context.bind()?;
        let config = RawConfig::new(&current)?;
        let has_memory = self.work.is_some() || self.weights.is_some();
        let kind = match (self.source(), has_memory) {
            (Source::File(_), false) => ACL_MDL_LOAD_FROM_FILE,
            (Source::File(_), true) => ACL_MDL_LOAD_FROM_FILE_WITH_MEM,
            (Source::Memory(_), false) => ACL_MDL_LOAD_FROM_MEM,
            (Source::Memory(_), true) => ACL_MDL_LOAD_FROM_MEM_WITH_MEM,
        };
        let kind = usize::try_from(kind).unwrap_or_default();
        config.set(Attr::ACL_MDL_LOAD_TYPE_SIZET, &kind)?;
        match self.source() {
            Source::File(path) => config.set_text(Attr::ACL_MDL_PATH_PTR, &c_path(path)?)?,
            Source::Memory(om) => {
                let address: *const c_void = om.as_ptr().cast();
                config.set(Attr::ACL_MDL_MEM_ADDR_PTR, &address)?;
                config.set(Attr::ACL_MDL_MEM_SIZET, &om.len())?;
            }
        }
        if let Some(priority) = &self.priority {
            config.set(Attr::ACL_MDL_PRIORITY_INT32, priority)?;
        }
        if let Some(work) = &self.work {
            config.set(Attr::ACL_MDL_WORKSPACE_ADDR_PTR, &work.buffer().as_raw())?;
            config.set(Attr::ACL_MDL_WORKSPACE_SIZET, &work.bytes())?;
        }
        if let Some(weights) = &self.weights {
            let buffer = weights.buffer();
            config.set(Attr::ACL_MDL_WEIGHT_ADDR_PTR, &buffer.as_raw())?;
            config.set(Attr::ACL_MDL_WEIGHT_SIZET, &buffer.bytes())?;
        }
        if let Some(folder) = &self.weight_folder {
            config.set_text(Attr::ACL_MDL_WEIGHT_PATH_PTR, &c_path(folder)?)?;
        }
        for (file, content) in &self.external {
            config.set_external(file, content)?;
        }
        let load = || {
            let mut id = 0;
            // SAFETY: the configuration is alive, and so is all that it names; the model is given
            // what has to outlive it (R-232, R-234, R-269).
            let status = unsafe { current.api().aclmdlLoadWithConfig(config.raw, &raw mut id) };
            current.check("aclmdlLoadWithConfig", status)?;
            Ok(id)
        };
        let id = match &self.weights {
            Some(weights) => weights.fill(self.source(), load)?,
            None => load()?,
        };
        let external = self.external.iter().map(|(_, content)| content);
        let given = Given {
            work: self.work.clone(),
            _weights: self.weights.clone(),
            _external: external.cloned().collect(),
        };
        Ok((id, given))
    }
}

/// The runtime's own configuration, for the time of one load.
struct RawConfig<'c> {
    raw: *mut aclmdlConfigHandle,
    current: &'c Current<'c>,
}

impl<'c> RawConfig<'c> {
    fn new(current: &'c Current<'c>) -> Result<Self> {
        // SAFETY: no argument.
        let raw = current.made("aclmdlCreateConfigHandle", unsafe {
            current.api().aclmdlCreateConfigHandle()
        })?;
        Ok(Self { raw, current })
    }

    /// Sets an attribute whose C type is as wide as `T`.
    fn set<T>(&self, attribute: Attr, value: &T) -> Result<()> {
        let place: *const c_void = ptr::from_ref(value).cast();
        // SAFETY: the configuration is alive, and the value as many bytes as is said (R-235).
        let status = unsafe {
            self.current
                .api()
                .aclmdlSetConfigOpt(self.raw, attribute, place, size_of::<T>())
        };
        self.current.check("aclmdlSetConfigOpt", status)
    }

    /// Sets an attribute that is a text, which is copied; C wants the address of its address.
    fn set_text(&self, attribute: Attr, text: &CString) -> Result<()> {
        self.set(attribute, &text.as_ptr())
    }

    fn set_external(&self, file: &str, content: &DeviceBuffer<u8>) -> Result<()> {
        let name = CString::new(file).map_err(|_| {
            let message =
                format!("the name of the external weight {file:?} holds a NUL; rename the file");
            Error::new(ErrorKind::InvalidArgument, message)
        })?;
        // SAFETY: the configuration is alive, the name ends with NUL, and the memory is as long as
        // is said and outlives the model (R-236).
        let status = unsafe {
            self.current.api().aclmdlSetExternalWeightAddress(
                self.raw,
                name.as_ptr(),
                content.as_raw(),
                content.bytes(),
            )
        };
        self.current.check("aclmdlSetExternalWeightAddress", status)
    }
}

impl Drop for RawConfig<'_> {
    fn drop(&mut self) {
        // SAFETY: ours.
        let status = unsafe { self.current.api().aclmdlDestroyConfigHandle(self.raw) };
        if let Err(error) = self.current.check("aclmdlDestroyConfigHandle", status) {
            tracing::error!(%error, "cannot destroy the configuration of a load");
        }
    }
}
