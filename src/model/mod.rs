//! A loaded `.om`: its description, and running it.

mod dataset;
mod description;

use std::ffi::CString;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::stream::Stream;

pub(crate) use dataset::Dataset;
pub use description::{Description, TensorSpec};

/// A model on a device.
///
/// One model does one execution at a time (the runtime forbids more); sessions on it take turns.
/// For more at once, load it several times.
///
/// C API: `aclmdlLoadFromFile`, `aclmdlLoadFromMem`, `aclmdlUnload`, `acl_mdl.h`.
pub struct Model {
    id: u32,
    context: Context,
    description: Description,
    /// Held from the refresh of inputs until the outputs were read.
    execution: Mutex<()>,
}

impl Model {
    /// Loads the `.om` file at `path` into `context`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when the file cannot be read, [`ErrorKind::Format`] when it is no whole
    /// `.om`, [`ErrorKind::OutOfMemory`] when the device has not enough memory,
    /// [`ErrorKind::Execution`] when the model was built for another chip.
    #[doc(alias = "aclmdlLoadFromFile")]
    pub fn load(context: &Context, path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let name = CString::new(path.as_os_str().as_bytes()).map_err(|_| {
            Error::new(
                ErrorKind::Io,
                format!("cannot open {}: the path holds a NUL", path.display()),
            )
        })?;
        let mut id = 0;
        let loaded = context.bind().and_then(|current| {
            // SAFETY: a NUL-terminated path and a valid pointer.
            let status = unsafe { current.api().aclmdlLoadFromFile(name.as_ptr(), &raw mut id) };
            current.check("aclmdlLoadFromFile", status)
        });
        loaded
            .and_then(|()| Self::describe(context, id))
            .map_err(|error| error.while_doing(format_args!("cannot load {}", path.display())))
    }

    /// Loads an `.om` from memory. The bytes are needed during the call only.
    ///
    /// # Errors
    ///
    /// As for [`Model::load`].
    #[doc(alias = "aclmdlLoadFromMem")]
    pub fn from_bytes(context: &Context, om: &[u8]) -> Result<Self> {
        let mut id = 0;
        let loaded = context.bind().and_then(|current| {
            // SAFETY: a valid range and pointer; the bytes are needed during the call.
            let status = unsafe {
                current
                    .api()
                    .aclmdlLoadFromMem(om.as_ptr().cast(), om.len(), &raw mut id)
            };
            current.check("aclmdlLoadFromMem", status)
        });
        loaded
            .and_then(|()| Self::describe(context, id))
            .map_err(|error| {
                error.while_doing(format_args!("cannot load a model of {} bytes", om.len()))
            })
    }

    /// Takes charge of the model that was loaded as `id`.
    fn describe(context: &Context, id: u32) -> Result<Self> {
        let mut model = Self {
            id,
            context: context.clone(),
            description: Description::default(),
            execution: Mutex::default(),
        };
        model.description = Description::of(&model.context.bind()?, id)?;
        Ok(model)
    }

    /// The context that the model is loaded in.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The model's inputs and outputs.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The turn of one execution.
    pub(crate) fn turn(&self) -> MutexGuard<'_, ()> {
        self.execution
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the model and waits.
    ///
    /// # Safety
    ///
    /// The datasets name memory of the sizes they say, which nobody touches during the call.
    pub(crate) unsafe fn execute(
        &self,
        _turn: &MutexGuard<'_, ()>,
        inputs: &Dataset,
        outputs: &Dataset,
    ) -> Result<()> {
        let current = self.context.bind()?;
        // SAFETY: as the caller promises.
        let status = unsafe {
            current
                .api()
                .aclmdlExecute(self.id, inputs.raw(), outputs.raw())
        };
        current.check("aclmdlExecute", status)
    }

    /// Queues an execution.
    ///
    /// # Safety
    ///
    /// As for [`Self::execute`], until the stream has passed this point; and the turn is
    /// kept as long.
    pub(crate) unsafe fn queue(
        &self,
        _turn: &MutexGuard<'_, ()>,
        inputs: &Dataset,
        outputs: &Dataset,
        stream: &Stream,
    ) -> Result<()> {
        let current = self.context.bind()?;
        // SAFETY: as the caller promises.
        let status = unsafe {
            current
                .api()
                .aclmdlExecuteAsync(self.id, inputs.raw(), outputs.raw(), stream.raw())
        };
        current.check("aclmdlExecuteAsync", status)
    }
}

impl Drop for Model {
    fn drop(&mut self) {
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
            .field("id", &self.id)
            .field("description", &self.description)
            .finish_non_exhaustive()
    }
}
