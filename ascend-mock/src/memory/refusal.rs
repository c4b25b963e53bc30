//! Why memory is not to be had at an address, and what strict mode makes of it.

use crate::fault::Fault;
use crate::findings::{Finding, Mistake};
use crate::ledger::Origin;
use crate::world::World;

use super::block::Block;
use super::span::DeviceSpan;

/// A refused use of an address.
pub(crate) struct Refusal {
    pub(super) fault: Fault,
    /// What the program did wrong for sure, and who made the block.
    mistake: Option<(Mistake, Origin)>,
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            mistake: None,
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        refusal.fault
    }
}

impl Refusal {
    fn new(address: u64, why: &str, mistake: Option<(Mistake, Origin)>) -> Self {
        let fault = Fault::runtime_argument(format!("{address:#x} {why}"));
        Self { fault, mistake }
    }

    pub(super) fn missing(address: u64) -> Self {
        Self::new(address, "lies in no live block of device memory", None)
    }

    pub(super) fn lost(address: u64, block: &Block) -> Self {
        let mistake = (Mistake::UseAfterFree, block.origin);
        Self::new(address, "was lost when its device was reset", Some(mistake))
    }

    pub(super) fn inside(address: u64, block: &Block) -> Self {
        let why = "lies within a block; free takes the block's start";
        Self::new(address, why, Some((Mistake::WrongFree, block.origin)))
    }

    pub(super) fn freed(address: u64, block: &Block, freed_by: Origin) -> Self {
        let Origin { symbol, sequence } = freed_by;
        let why = format!(
            "lies in no live block of device memory: its block of {} bytes was freed by {symbol}, \
             call {sequence}",
            block.bytes
        );
        Self::new(address, &why, Some((Mistake::UseAfterFree, block.origin)))
    }

    pub(super) fn wrong_free(address: u64, block: &Block) -> Self {
        let why = format!(
            "was taken by {}; free it with {}",
            block.origin.symbol,
            block.holding.freed_by()
        );
        Self::new(address, &why, Some((Mistake::WrongFree, block.origin)))
    }

    pub(super) fn past_end(address: u64, bytes: usize, end: u64, block: &Block) -> Self {
        let left = end - address;
        let why = format!(
            "has {left} bytes to the end of its block of {} bytes, {bytes} are reached for",
            block.bytes
        );
        Self::new(address, &why, None)
    }
}

impl World {
    /// The fault of a refusal that the call `found_by` came upon; strict mode keeps what was
    /// wrong.
    pub(crate) fn refused(&self, refusal: Refusal, found_by: Origin) -> Fault {
        let Refusal { fault, mistake } = refusal;
        if let Some((mistake, made_by)) = mistake {
            self.report(Finding {
                mistake,
                text: fault.text.clone(),
                found_by,
                made_by: Some(made_by),
            });
        }
        fault
    }

    /// The `bytes` bytes from `address` as the device reaches them, for the call `found_by`:
    /// device memory, or host memory that is registered.
    pub(crate) fn span(
        &self,
        address: u64,
        bytes: usize,
        found_by: Origin,
    ) -> Result<DeviceSpan, Fault> {
        if let Some(span) = self.pinned.registered_span(address, bytes)? {
            return Ok(span);
        }
        let span = self.space.span(address, bytes);
        span.map_err(|refusal| self.refused(refusal, found_by))
    }
}
