//! The memory that a session keeps for each input and output.

use crate::context::Context;
use crate::error::Result;
use crate::memory::{DeviceBuffer, PinnedBuffer};
use crate::stream::Stream;

/// Pinned staging and device memory of one tensor, reused from run to run.
#[derive(Debug)]
pub(crate) struct Buffer {
    host: PinnedBuffer<u8>,
    device: DeviceBuffer<u8>,
    shape: Vec<usize>,
}

impl Buffer {
    /// Memory for `bytes` bytes.
    pub(super) fn new(context: &Context, bytes: usize, shape: Vec<usize>) -> Result<Self> {
        let host = PinnedBuffer::new(context, bytes)?;
        let device = DeviceBuffer::new(context, bytes)?;
        Ok(Self {
            host,
            device,
            shape,
        })
    }

    /// The memory of an output that the engine allocated.
    pub(super) fn adopt(device: DeviceBuffer<u8>, shape: Vec<usize>) -> Result<Self> {
        let host = PinnedBuffer::new(device.context(), device.len())?;
        Ok(Self {
            host,
            device,
            shape,
        })
    }

    pub(super) fn shape(&self) -> &[usize] {
        &self.shape
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.host
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.host
    }

    pub(super) fn device(&self) -> &DeviceBuffer<u8> {
        &self.device
    }

    /// # Safety
    ///
    /// The buffer stays, untouched, until the stream has passed this point.
    pub(super) unsafe fn upload(&self, stream: &Stream) -> Result<()> {
        // SAFETY: as the caller promises.
        unsafe { stream.queue_upload(&self.host, &self.device) }
    }

    /// # Safety
    ///
    /// The buffer stays, untouched, until the stream has passed this point.
    pub(super) unsafe fn download(&self, stream: &Stream) -> Result<()> {
        // SAFETY: as the caller promises.
        unsafe { stream.queue_download(&self.device, &self.host) }
    }
}
