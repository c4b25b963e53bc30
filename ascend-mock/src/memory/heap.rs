//! The memory of one device: a file, its addresses, and what of them is free.

use std::io;
use std::sync::Arc;

use super::arena::Arena;
use super::gaps::{GRANULE, Gaps};
use super::mapping::{MemoryFile, PAGE};

/// Addresses beyond those that follow from the capacity, for devices with little memory.
const SPARE: u64 = 64 << 20;

/// The memory of one device, made when it is first used.
pub(super) struct Heap {
    pub(super) arena: Arc<Arena>,
    pub(super) file: Arc<MemoryFile>,
    pub(super) gaps: Gaps,
}

impl Heap {
    /// Twice the capacity in addresses: rounding and freed blocks take some. Memory is only taken
    /// as it is written to.
    pub(super) fn new(capacity: u64, host_access: bool) -> io::Result<Self> {
        let bytes = capacity
            .checked_mul(2)
            .and_then(|bytes| bytes.checked_next_multiple_of(PAGE))
            .and_then(|bytes| bytes.checked_add(SPARE))
            .ok_or(io::ErrorKind::OutOfMemory)?;
        let file = MemoryFile::new(bytes)?;
        let length = usize::try_from(bytes).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let arena = Arena::of(&file, 0, length, host_access)?;
        let mut gaps = Gaps::new(bytes);
        gaps.take(GRANULE, GRANULE); // nothing starts where a range of addresses starts
        Ok(Self {
            arena: Arc::new(arena),
            file: Arc::new(file),
            gaps,
        })
    }

    pub(super) fn give_back(&mut self, offset: u64, length: u64) {
        for range in self.gaps.give_back(offset, length) {
            self.file.discard(&range);
        }
    }

    /// Takes all memory back.
    pub(super) fn renew(&mut self) {
        let bytes = self.arena.bytes() as u64;
        self.gaps = Gaps::new(bytes);
        self.gaps.take(GRANULE, GRANULE);
        self.file.discard(&(0..bytes));
    }
}
