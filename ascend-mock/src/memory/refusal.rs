//! Why memory is not to be had at an address, and what strict mode makes of it.

use crate::fault::Fault;
use crate::findings::{Finding, Mistake};
use crate::ledger::Origin;
use crate::sync::lock;
use crate::world::World;

use super::block::Block;
use super::span::DeviceSpan;

/// A refused use of an address.
pub(crate) struct Refusal {
    fault: Fault,
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

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        refusal.fault
    }
}

impl World {
    /// The fault of a refusal that the call `found_by` came upon; strict mode keeps what was
    /// wrong.
    pub(crate) fn refused(&self, refusal: Refusal, found_by: Origin) -> Fault {
        let Refusal { fault, mistake } = refusal;
        if let Some((mistake, made_by)) = mistake {
            self.report_once(Finding {
                mistake,
                text: fault.text.clone(),
                found_by,
                made_by: Some(made_by),
            });
        }
        fault
    }

    /// Keeps that memory which queued work of `found_by` names has gone meanwhile.
    pub(crate) fn is_gone(&self, refusal: Refusal, found_by: Origin) {
        let Refusal { fault, mistake } = refusal;
        self.report_once(Finding {
            mistake: Mistake::UseAfterFree,
            text: fault.text,
            found_by,
            made_by: mistake.map(|(_, made_by)| made_by),
        });
    }

    /// Work meets the same mistake when it is checked and when it runs.
    fn report_once(&self, finding: Finding) {
        let is_known = lock(&self.findings).contains(&finding);
        if !is_known {
            self.report(finding);
        }
    }

    /// The `bytes` bytes from `address` as the device reaches them: device memory, or host memory
    /// that is registered.
    pub(crate) fn look_up(&self, address: u64, bytes: usize) -> Result<DeviceSpan, Refusal> {
        match self.pinned.registered_span(address, bytes)? {
            Some(span) => Ok(span),
            None => self.space.span(address, bytes),
        }
    }

    /// As [`look_up`](Self::look_up), for the call `found_by`.
    pub(crate) fn span(
        &self,
        address: u64,
        bytes: usize,
        found_by: Origin,
    ) -> Result<DeviceSpan, Fault> {
        let found = self.look_up(address, bytes);
        found.map_err(|refusal| self.refused(refusal, found_by))
    }
}
