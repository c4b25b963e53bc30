//! Memory that models work in.

use std::sync::Arc;

use super::turn::Turns;
use crate::context::Context;
use crate::error::Result;
use crate::memory::DeviceBuffer;

/// Work memory for models that take turns: it is as large as the greediest of them needs, in place
/// of a block for each.
///
/// The models that were loaded with it never run at once, in whatever thread: an execution holds
/// the memory's turn until its outputs were read. The memory lives as long as the last of them. If
/// the device fails in a way that leaves open whether it is still at work there, all of them refuse
/// further runs.
///
/// ```
/// # use std::sync::Arc;
/// # use ascend_rt::model::{LoadConfig, WorkMemory};
/// # use ascend_rt::{Context, Model, Result};
/// fn load_two(context: &Context) -> Result<[Model; 2]> {
///     let configs = ["detect.om", "classify.om"].map(LoadConfig::file);
///     let work = Arc::new(WorkMemory::for_models(context, &configs)?);
///     let [detect, classify] = configs.map(|config| config.work_memory(work.clone()));
///     Ok([Model::load_with(context, &detect)?, Model::load_with(context, &classify)?])
/// }
/// ```
#[derive(Debug)]
pub struct WorkMemory {
    buffer: DeviceBuffer<u8>,
    turns: Arc<Turns>,
}

impl WorkMemory {
    /// Work memory of `bytes` bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`](crate::ErrorKind::OutOfMemory) when the device has not enough.
    pub fn new(context: &Context, bytes: usize) -> Result<Self> {
        Ok(Self {
            buffer: DeviceBuffer::new(context, bytes)?,
            turns: Arc::default(),
        })
    }

    /// Work memory that is enough for each of the models.
    ///
    /// # Errors
    ///
    /// As for [`LoadConfig::memory_need`](super::LoadConfig::memory_need) and [`WorkMemory::new`].
    pub fn for_models(context: &Context, models: &[super::LoadConfig]) -> Result<Self> {
        let mut bytes = 0;
        for model in models {
            bytes = model.memory_need(context)?.work_bytes.max(bytes);
        }
        Self::new(context, bytes)
    }

    /// The size in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.buffer.bytes()
    }

    pub(super) fn buffer(&self) -> &DeviceBuffer<u8> {
        &self.buffer
    }

    /// The turns of whatever works in the memory.
    pub(super) fn turns(&self) -> &Arc<Turns> {
        &self.turns
    }
}
