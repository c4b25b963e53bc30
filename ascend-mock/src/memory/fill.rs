//! Fills of memory, now or in a stream.

use crate::entry::Entry;
use crate::fault::Fault;
use crate::ledger::Origin;
use crate::stream::Uses;
use crate::world::World;

use super::End;
use super::copy::{Reached, dma_failure};

/// Sets bytes of device memory to one value.
#[derive(Clone)]
pub(crate) struct Fill {
    pub(crate) to: End,
    pub(crate) bytes: usize,
    pub(crate) value: Value,
}

/// What is repeated.
#[derive(Clone, Copy)]
pub(crate) enum Value {
    Byte(u8),
    Word(u32),
}

impl Fill {
    fn reach(&self, world: &World, by: Origin) -> Result<Reached, Fault> {
        if let End::Host(span) = &self.to
            && span.pinned().is_none_or(|block| !block.is_registered())
        {
            return Err(Fault::runtime_argument(format!(
                "{:#x} is host memory, device memory is wanted",
                self.to.address()
            )));
        }
        self.to.reach(world, self.bytes, by)
    }

    fn run(&self, world: &World, by: Origin) -> Result<(), Fault> {
        let reached = self.reach(world, by)?;
        let device = reached.device.unwrap_or_default();
        let _turn = world.copy_turn(device, true, true, self.bytes);
        match self.value {
            Value::Byte(value) => reached.bytes.fill(value),
            Value::Word(value) => reached.bytes.fill_words(value),
        }
        Ok(())
    }
}

impl Entry<'_> {
    /// Fills before it returns.
    pub(crate) fn fill(&self, fill: &Fill) -> Result<(), Fault> {
        self.context()?;
        self.check_finished(fill.to.address(), fill.bytes);
        fill.run(self.world, self.origin)
    }

    /// Fills when `stream` gets there.
    pub(crate) fn fill_in_stream(&self, fill: Fill, stream: u64) -> Result<(), Fault> {
        self.check_stream_handle(stream)?;
        let stream = self.own_stream(stream)?;
        let by = self.origin;
        fill.reach(self.world, by)?;
        let uses = Uses::default().writes(fill.to.address(), fill.bytes);
        self.submit_work_using(&stream, uses, move |world| {
            let outcome = fill.run(world, by);
            outcome.map_err(|fault| dma_failure(&fault.text))
        })
    }
}
