//! The few ways in which models reach device memory.

use crate::fault::Fault;
use crate::memory::is_device_address;
use crate::sync::{read, write};
use crate::world::World;

use super::host::Span;

impl World {
    /// Refuses what is not `bytes` live bytes of device memory. Models take no other.
    pub(crate) fn check_device_memory(
        &self,
        span: Span,
        bytes: usize,
        place: &str,
    ) -> Result<(), Fault> {
        let address = span.address as u64;
        if !is_device_address(address) {
            return Err(Fault::runtime_argument(format!(
                "{place}: {address:#x} is host memory, device memory is wanted"
            )));
        }
        let found = self.space.span(address, bytes);
        found.map(|_| ()).map_err(|fault| fault.within(place))
    }

    pub(crate) fn read_device(&self, address: usize, bytes: usize) -> Result<Vec<u8>, Fault> {
        let span = self.space.span(address as u64, bytes)?;
        Ok(read(&span.backing).bytes()[span.range].to_vec())
    }

    pub(crate) fn write_device(&self, address: usize, bytes: &[u8]) -> Result<(), Fault> {
        let span = self.space.span(address as u64, bytes.len())?;
        write(&span.backing).bytes_mut()[span.range].copy_from_slice(bytes);
        Ok(())
    }
}
