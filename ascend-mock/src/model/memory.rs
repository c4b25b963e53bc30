//! The few ways in which models reach device memory.

use crate::fault::Fault;
use crate::ledger::Origin;
use crate::world::World;

use super::host::Span;

impl World {
    /// Refuses what is not `bytes` live bytes that the device reaches. Models take no other.
    pub(crate) fn check_device_memory(
        &self,
        span: Span,
        bytes: usize,
        place: &str,
        by: Origin,
    ) -> Result<(), Fault> {
        let found = self.span(span.address as u64, bytes, by);
        found.map(|_| ()).map_err(|fault| fault.within(place))
    }

    /// The first `bytes` bytes of a span, for the call `by`.
    pub(crate) fn read_span(&self, span: Span, bytes: usize, by: Origin) -> Result<Vec<u8>, Fault> {
        let span = self.span(span.address as u64, bytes, by)?;
        let mut read = vec![0; bytes];
        span.read(&mut read);
        Ok(read)
    }

    /// Writes `bytes` to the start of a span, for the call `by`.
    pub(crate) fn write_span(&self, span: Span, bytes: &[u8], by: Origin) -> Result<(), Fault> {
        let span = self.span(span.address as u64, bytes.len(), by)?;
        span.write(bytes);
        Ok(())
    }
}
