//! Reserved addresses, and what is mapped there.

use std::ops::Range;
use std::sync::Arc;

use crate::fault::Fault;
use crate::ledger::{Kind, Live, Origin};
use crate::sync::{read, write};

use super::arena::Arena;
use super::block::{Block, Holding};
use super::mapping::MemoryFile;
use super::physical::{Physical, not_mapped};
use super::refusal::Refusal;
use super::space::{Space, exhausted};
use super::state::State;

/// A device reads and writes what is mapped.
const READ_WRITE: u64 = 3;

/// Addresses that a program reserved.
pub(super) struct Reserved {
    pub(super) arena: Arc<Arena>,
    pub(super) origin: Origin,
}

impl Reserved {
    pub(super) fn live(&self) -> Live {
        Live {
            kind: Kind::AddressRange,
            origin: self.origin,
            bytes: self.arena.bytes() as u64,
        }
    }
}

impl Space {
    pub(super) fn reserve_addresses(
        &self,
        bytes: usize,
        alignment: usize,
        hint: usize,
        origin: Origin,
    ) -> Result<u64, Fault> {
        let arena = Arena::empty(bytes, alignment, hint)
            .map_err(|error| exhausted(format!("no {bytes} addresses are free: {error}")))?;
        let (start, arena) = (arena.start(), Arc::new(arena));
        let mut state = write(&self.state);
        state.reserved.insert(start, Reserved { arena, origin });
        Ok(start)
    }

    /// Gives reserved addresses back; nothing may be mapped there.
    pub(crate) fn release_addresses(&self, start: u64) -> Result<(), Fault> {
        let mut state = write(&self.state);
        let Some(reserved) = state.reserved.get(&start) else {
            return Err(Fault::runtime_argument(format!(
                "{start:#x} is not the start of reserved addresses"
            )));
        };
        let end = start + reserved.arena.bytes() as u64;
        if let Some((base, _)) = state.mapped.range(start..end).next() {
            return Err(Fault::runtime_argument(format!(
                "physical memory is still mapped at {base:#x}; call aclrtUnmapMem first"
            )));
        }
        state.reserved.remove(&start);
        state.lost.retain(|base, _| !(start..end).contains(base));
        Ok(())
    }

    pub(super) fn map(
        &self,
        base: u64,
        physical: Arc<Physical>,
        origin: Origin,
    ) -> Result<(), Fault> {
        let mut state = write(&self.state);
        physical.check_kept(|device| state.ages[device as usize])?;
        let bytes = physical.bytes;
        let below = state.reserved.range(..=base).next_back();
        let arena = below.map(|(_, reserved)| &reserved.arena);
        let arena = arena.filter(|arena| arena.reach(base, bytes).is_some()).ok_or_else(|| {
            Fault::runtime_argument(format!(
                "{bytes} bytes from {base:#x} are not reserved; call aclrtReserveMemAddress first"
            ))
        })?;
        let arena = Arc::clone(arena);
        let at = usize::try_from(base - arena.start()).map_err(Fault::internal)?;
        if !at.is_multiple_of(2 << 20) {
            return Err(Fault::runtime_argument(format!(
                "{base:#x} is no multiple of 2 MiB from the start of the reserved addresses"
            )));
        }
        if state.overlaps(&(base..base + bytes as u64)) {
            return Err(Fault::runtime_argument(format!(
                "physical memory is mapped within {bytes} bytes from {base:#x} already"
            )));
        }
        let host_access = self.host_access || physical.is_on_host();
        arena
            .put(at, (&physical.file, physical.offset), bytes, host_access)
            .map_err(|error| exhausted(format!("the host cannot map more memory: {error}")))?;
        let block = Block {
            base,
            bytes,
            booked: 0,
            device: physical.device,
            holding: Holding::Mapped,
            origin,
            arena,
            length: 0,
            age: 0,
        };
        state.lost.remove(&base);
        state.blocks.insert(base, block);
        state.mapped.insert(base, physical);
        Ok(())
    }

    /// Answers the memory, which is not given back before the lock is.
    pub(super) fn unmap(&self, base: u64) -> Result<Arc<Physical>, Refusal> {
        let mut state = write(&self.state);
        let mapped = state.mapped.get(&base);
        let physical = Arc::clone(mapped.ok_or_else(|| not_mapped(base))?);
        let below = state.reserved.range(..=base).next_back();
        if let Some((start, reserved)) = below {
            let at = usize::try_from(base - start).map_err(Fault::internal)?;
            let taken = reserved.arena.take_away(at, physical.bytes);
            taken.map_err(|error| Fault::internal(format!("memory stays mapped: {error}")))?;
        }
        state.mapped.remove(&base);
        state.blocks.remove(&base);
        state.access.retain(|(at, _), _| *at != base);
        Ok(physical)
    }

    pub(super) fn mapped_at(&self, address: u64) -> Option<Arc<Physical>> {
        let state = read(&self.state);
        let (base, physical) = state.mapped.range(..=address).next_back()?;
        (address - base < physical.bytes as u64).then(|| Arc::clone(physical))
    }

    /// The range is that of one mapping, or of several without a hole.
    pub(super) fn set_access(
        &self,
        address: u64,
        bytes: usize,
        device: u32,
        flags: u64,
    ) -> Result<(), Fault> {
        let mut state = write(&self.state);
        let (mut reached, end) = (address, address.saturating_add(bytes as u64));
        let mut bases = Vec::new();
        while reached < end || bases.is_empty() {
            let physical = state
                .mapped
                .get(&reached)
                .ok_or_else(|| not_mapped(reached))?;
            bases.push(reached);
            reached += physical.bytes as u64;
        }
        if reached != end {
            return Err(Fault::runtime_argument(format!(
                "{bytes} bytes from {address:#x} end within mapped memory"
            )));
        }
        for base in bases {
            state.access.insert((base, device), flags);
        }
        Ok(())
    }

    /// The flags of a device's access to what is mapped at an address.
    pub(crate) fn access(&self, address: u64, device: u32) -> Result<u64, Refusal> {
        let state = read(&self.state);
        let below = state.mapped.range(..=address).next_back();
        let Some((base, physical)) =
            below.filter(|(base, physical)| address - **base < physical.bytes as u64)
        else {
            return Err(not_mapped(address).into());
        };
        let given = state.access.get(&(*base, device)).copied();
        let own = if device == physical.device {
            READ_WRITE
        } else {
            0
        };
        Ok(given.unwrap_or(own))
    }

    /// Whether `device` reaches what is mapped at `address`.
    pub(super) fn is_let_in(&self, device: u32, address: u64) -> bool {
        self.access(address, device).is_ok_and(|flags| flags != 0)
    }

    /// Takes a part of a heap for physical memory.
    pub(super) fn take_extent(
        &self,
        device: u32,
        bytes: u64,
        alignment: u64,
    ) -> Result<(Arc<MemoryFile>, Range<u64>, u64), Fault> {
        let mut state = write(&self.state);
        self.check_room(&state, device, bytes)?;
        let (base, arena) = self.take(&mut state, device, bytes, alignment)?;
        let start = base - arena.start();
        state.book(device, bytes);
        let age = state.ages[device as usize];
        let heap = self.heap(&mut state, device)?;
        Ok((Arc::clone(&heap.file), start..start + bytes, age))
    }

    pub(super) fn give_back_extent(&self, device: u32, age: u64, range: &Range<u64>) {
        let mut state = write(&self.state);
        let bytes = range.end - range.start;
        state.unbook(device, age, bytes);
        let is_current = state.is_current(device, age);
        if let Some(heap) = &mut state.heaps[device as usize]
            && is_current
        {
            heap.give_back(range.start, bytes);
        }
    }

    /// Makes memory that is mapped already a block.
    pub(super) fn adopt(&self, arena: Arena, block: impl FnOnce(Arc<Arena>) -> Block) -> u64 {
        let block = block(Arc::new(arena));
        let base = block.base;
        write(&self.state).blocks.insert(base, block);
        base
    }
}

impl State {
    fn overlaps(&self, range: &Range<u64>) -> bool {
        let below = self.mapped.range(..range.end).next_back();
        below.is_some_and(|(base, physical)| base + physical.bytes as u64 > range.start)
    }
}
