//! Several models in one file.

use std::path::Path;
use std::sync::Arc;

use ascend_graph::om;
use bytes::Bytes;

use super::source::{c_path, shape_order};
use super::{Loaded, Model};
use crate::context::Context;
use crate::error::Result;
use crate::map::Content;

/// A bundle: several models in one file, which share variables.
///
/// Each of its models runs like any other, and keeps the bundle: it is unloaded when the bundle and
/// all models of it are gone. There is no [`LoadConfig`](super::LoadConfig) for them: the functions
/// that load a bundle as a whole take none.
///
/// C API: `aclmdlBundleLoadFromFile`, `aclmdlBundleGetModelNum`, `aclmdlBundleGetModelId`,
/// `aclmdlBundleUnload`, `acl_mdl.h`.
#[derive(Debug)]
pub struct Bundle {
    models: Vec<Arc<Model>>,
}

/// A loaded bundle.
#[derive(Debug)]
pub(super) struct RawBundle {
    id: u32,
    context: Context,
    /// Where it was loaded from, if that was memory: the runtime reads on.
    _bytes: Option<Bytes>,
}

impl Bundle {
    /// Loads the bundle at `path` with all of its models into `context`.
    ///
    /// # Errors
    ///
    /// As for [`Model::load`]; [`ErrorKind::Format`](crate::ErrorKind::Format) when the file is an
    /// `.om`, but no bundle.
    #[doc(alias = "aclmdlBundleLoadFromFile")]
    pub fn load(context: &Context, path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let load = || {
            let name = c_path(path)?;
            let mut id = 0;
            let current = context.bind()?;
            // SAFETY: a NUL-terminated path and a valid pointer.
            let status = unsafe {
                current
                    .api()
                    .aclmdlBundleLoadFromFile(name.as_ptr(), &raw mut id)
            };
            current.check("aclmdlBundleLoadFromFile", status)?;
            let raw = RawBundle {
                id,
                context: context.clone(),
                _bytes: None,
            };
            Self::describe(raw, || Some(Content::open(path).ok()?.bytes))
        };
        load().map_err(|error| {
            error.while_doing(format_args!("cannot load the bundle {}", path.display()))
        })
    }

    /// Loads a bundle from memory, which it keeps.
    ///
    /// # Errors
    ///
    /// As for [`Bundle::load`].
    #[doc(alias = "aclmdlBundleLoadFromMem")]
    pub fn from_bytes(context: &Context, bundle: impl Into<Bytes>) -> Result<Self> {
        let bytes: Bytes = bundle.into();
        let load = || {
            let mut id = 0;
            let current = context.bind()?;
            // SAFETY: a valid range and pointer; the bytes outlive the bundle.
            let status = unsafe {
                current.api().aclmdlBundleLoadFromMem(
                    bytes.as_ptr().cast(),
                    bytes.len(),
                    &raw mut id,
                )
            };
            current.check("aclmdlBundleLoadFromMem", status)?;
            let raw = RawBundle {
                id,
                context: context.clone(),
                _bytes: Some(bytes.clone()),
            };
            Self::describe(raw, || Some(bytes.clone()))
        };
        load().map_err(|error| {
            error.while_doing(format_args!(
                "cannot load a bundle of {} bytes",
                bytes.len()
            ))
        })
    }

    /// Takes charge of a loaded bundle; `file` gives its content where more is asked than the
    /// runtime tells.
    fn describe(raw: RawBundle, file: impl Fn() -> Option<Bytes>) -> Result<Self> {
        let raw = Arc::new(raw);
        let models = (0..raw.count()?).map(|index| {
            let loaded = Loaded {
                id: raw.model(index)?,
                context: raw.context.clone(),
                bundle: Some(Arc::clone(&raw)),
            };
            let order = || {
                let bundle = om::Bundle::read(&file()?).ok()?;
                shape_order(bundle.models.get(index)?)
            };
            Model::describe(super::Given::default(), loaded, order).map(Arc::new)
        });
        Ok(Self {
            models: models.collect::<Result<_>>()?,
        })
    }

    /// Its models, in the order of the file.
    #[must_use]
    pub fn models(&self) -> &[Arc<Model>] {
        &self.models
    }
}

impl RawBundle {
    fn count(&self) -> Result<usize> {
        let current = self.context.bind()?;
        let mut count = 0;
        // SAFETY: the bundle is loaded, the pointer valid.
        let status = unsafe {
            current
                .api()
                .aclmdlBundleGetModelNum(self.id, &raw mut count)
        };
        current.check("aclmdlBundleGetModelNum", status)?;
        Ok(count)
    }

    /// The number of the model at `index`.
    fn model(&self, index: usize) -> Result<u32> {
        let current = self.context.bind()?;
        let mut id = 0;
        // SAFETY: the bundle is loaded, the pointer valid.
        let status = unsafe {
            current
                .api()
                .aclmdlBundleGetModelId(self.id, index, &raw mut id)
        };
        current.check("aclmdlBundleGetModelId", status)?;
        Ok(id)
    }
}

impl Drop for RawBundle {
    fn drop(&mut self) {
        let unloaded = self.context.bind().and_then(|current| {
            // SAFETY: ours, and no model of it is left.
            let status = unsafe { current.api().aclmdlBundleUnload(self.id) };
            current.check("aclmdlBundleUnload", status)
        });
        if let Err(error) = unloaded {
            tracing::error!(%error, "cannot unload the bundle");
        }
    }
}
