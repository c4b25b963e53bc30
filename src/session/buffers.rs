//! The memory that a session keeps for each input and output.

use crate::call::Current;
use crate::context::Context;
use crate::error::Result;
use crate::memory::copy::Direction;
use crate::memory::{DeviceBuffer, PinnedBuffer};
use crate::stream::Stream;

/// Pinned staging and device memory of one tensor, reused from run to run.
#[derive(Debug)]
pub(crate) struct Buffer {
    host: PinnedBuffer<u8>,
    device: DeviceBuffer<u8>,
    shape: Vec<usize>,
    /// How many of its bytes the tensor takes.
    used: usize,
}

impl Buffer {
    /// Memory for up to `bytes` bytes, all of them in use.
    pub(super) fn new(context: &Context, bytes: usize, shape: Vec<usize>) -> Result<Self> {
        Ok(Self {
            host: PinnedBuffer::new(context, bytes)?,
            device: DeviceBuffer::new(context, bytes)?,
            shape,
            used: bytes,
        })
    }

    /// The memory of an output that the engine allocated.
    pub(super) fn adopt(device: DeviceBuffer<u8>, shape: Vec<usize>) -> Result<Self> {
        Ok(Self {
            host: PinnedBuffer::new(device.context(), device.len())?,
            used: device.len(),
            device,
            shape,
        })
    }

    /// Holds a tensor of `shape` from now on, of `bytes` bytes; new memory is taken only where it
    /// has too little.
    pub(super) fn hold(&mut self, shape: &[usize], bytes: usize) -> Result<()> {
        if bytes > self.host.len() {
            *self = Self::new(self.device.context(), bytes, Vec::new())?;
        }
        self.shape.clear();
        self.shape.extend_from_slice(shape);
        self.used = bytes;
        Ok(())
    }

    pub(super) fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The bytes in use.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.host[..self.used]
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.host[..self.used]
    }

    /// The shape, and the bytes in use.
    pub(super) fn parts_mut(&mut self) -> (&[usize], &mut [u8]) {
        (&self.shape, &mut self.host[..self.used])
    }

    /// The bytes that there is memory for.
    pub(super) fn capacity(&self) -> usize {
        self.host.len()
    }

    pub(super) fn device(&self) -> &DeviceBuffer<u8> {
        &self.device
    }

    /// Queues the copy of the bytes in use to the device.
    ///
    /// # Safety
    ///
    /// The buffer stays, untouched, until the stream has passed this point.
    pub(super) unsafe fn upload(&self, stream: &Stream, current: &Current<'_>) -> Result<()> {
        // SAFETY: as the caller promises.
        unsafe { self.queue(stream, current, Direction::HostToDevice) }
    }

    /// Queues the copy of the bytes in use from the device.
    ///
    /// # Safety
    ///
    /// The buffer stays, untouched, until the stream has passed this point.
    pub(super) unsafe fn download(&self, stream: &Stream, current: &Current<'_>) -> Result<()> {
        // SAFETY: as the caller promises.
        unsafe { self.queue(stream, current, Direction::DeviceToHost) }
    }

    /// # Safety
    ///
    /// The buffer stays, untouched, until the stream has passed this point.
    unsafe fn queue(
        &self,
        stream: &Stream,
        current: &Current<'_>,
        direction: Direction,
    ) -> Result<()> {
        let memory = (&self.host, &self.device);
        // SAFETY: as the caller promises.
        unsafe { stream.queue_copy(current, direction, memory, self.used) }
    }
}
