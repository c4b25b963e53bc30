//! The memory of one device: a file, its addresses, and what of them is free.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::arena::Arena;
use super::gaps::{GRANULE, Gaps};
use super::mapping::{MemoryFile, PAGE};

/// Where device addresses begin and end, if the system agrees. Every heap of the process goes on
/// after the last one, so that a pointer of a world that ended means nothing in the next one.
const FIRST: usize = 0x1200_0000_0000;
const LAST: usize = 0x6000_0000_0000;
static NEXT: AtomicUsize = AtomicUsize::new(FIRST);

fn next_hint(bytes: usize) -> usize {
    let advance = |start: usize| {
        let end = start.checked_add(bytes).filter(|end| *end < LAST);
        Some(end.unwrap_or(FIRST))
    };
    let taken = NEXT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, advance);
    taken.unwrap_or_default()
}

/// Addresses beyond those that follow from the capacity, for devices with little memory.
const SPARE: u64 = 64 << 20;

/// The memory of one device, made when it is first used.
pub(super) struct Heap {
    pub(super) arena: Arc<Arena>,
    pub(super) file: Arc<MemoryFile>,
    pub(super) gaps: Gaps,
    /// Counts how often the device was shut down.
    pub(super) age: u64,
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
        let arena = Arena::of(&file, 0, length, next_hint(length), host_access)?;
        let mut gaps = Gaps::new(bytes);
        gaps.take(GRANULE, GRANULE); // nothing starts where a range of addresses starts
        Ok(Self {
            arena: Arc::new(arena),
            file: Arc::new(file),
            gaps,
            age: 0,
        })
    }

    pub(super) fn give_back(&mut self, offset: u64, length: u64) {
        if let Some(range) = self.gaps.give_back(offset, length) {
            self.file.discard(&range);
        }
    }

    /// Takes all memory back.
    pub(super) fn renew(&mut self) {
        let bytes = self.arena.bytes() as u64;
        self.gaps = Gaps::new(bytes);
        self.gaps.take(GRANULE, GRANULE);
        self.age += 1;
        self.file.discard(&(0..bytes));
    }
}
