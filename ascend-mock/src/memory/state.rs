//! What a world knows of its device memory, behind one lock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::addresses::Reserved;
use super::block::{Block, Holding, Quarantine};
use super::heap::Heap;
use super::physical::Physical;
use super::refusal::Refusal;

#[derive(Default)]
pub(super) struct State {
    pub(super) heaps: Vec<Option<Heap>>,
    pub(super) blocks: BTreeMap<u64, Block>,
    /// Blocks whose device was shut down while they lived.
    pub(super) lost: BTreeMap<u64, Block>,
    pub(super) quarantine: Quarantine,
    pub(super) reserved: BTreeMap<u64, Reserved>,
    /// Physical memory, by the address that it is mapped at.
    pub(super) mapped: BTreeMap<u64, Arc<Physical>>,
    /// Access to what is mapped at an address, for a device.
    pub(super) access: BTreeMap<(u64, u32), u64>,
    pub(super) usage: Vec<Usage>,
    /// How often each device was shut down. What was taken of one before is nobody's since then.
    pub(super) ages: Vec<u64>,
    /// Which device reaches the memory of which other one.
    pub(super) peers: BTreeSet<(u32, u32)>,
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Usage {
    pub(crate) now: u64,
    pub(crate) peak: u64,
}

impl State {
    pub(super) fn book(&mut self, device: u32, bytes: u64) {
        let usage = &mut self.usage[device as usize];
        usage.now += bytes;
        usage.peak = usage.peak.max(usage.now);
    }

    /// Takes back what was booked when the device had this age.
    pub(super) fn unbook(&mut self, device: u32, age: u64, bytes: u64) {
        if self.is_current(device, age) {
            self.usage[device as usize].now -= bytes;
        }
    }

    pub(super) fn is_current(&self, device: u32, age: u64) -> bool {
        self.ages[device as usize] == age
    }

    /// Gives the addresses back that a block has of a heap, if it has some.
    pub(super) fn give_back(&mut self, block: &Block) {
        let is_current = self.is_current(block.device, block.age);
        if let Some(heap) = &mut self.heaps[block.device as usize]
            && is_current
            && block.length > 0
        {
            heap.give_back(block.base - block.arena.start(), block.length);
        }
    }

    /// Takes out the block of a pool that was made when its device had this age.
    pub(super) fn take_pooled(&mut self, base: u64, age: u64) -> Option<Block> {
        let block = self.blocks.get(&base)?;
        let is_same = block.holding == Holding::Pool && block.age == age;
        is_same.then(|| self.blocks.remove(&base)).flatten()
    }

    pub(super) fn holding(&self, address: u64) -> Option<&Block> {
        let (_, block) = self.blocks.range(..=address).next_back()?;
        block.holds(address).then_some(block)
    }

    /// Takes all physical memory of a device away from where it is mapped.
    pub(super) fn unmap_all(&mut self, device: u32) -> Vec<Arc<Physical>> {
        let mapped = self
            .mapped
            .extract_if(.., |_, physical| physical.device == device);
        let mapped: Vec<_> = mapped.collect();
        for (base, physical) in &mapped {
            self.access.retain(|(at, _), _| at != base);
            let below = self.reserved.range(..=base).next_back();
            let taken = below.map(|(start, reserved)| {
                let at = usize::try_from(base - start).unwrap_or(usize::MAX);
                reserved.arena.take_away(at, physical.bytes)
            });
            if let Some(Err(error)) = taken {
                tracing::error!("memory of device {device} stays mapped: {error}");
            }
        }
        mapped.into_iter().map(|(_, physical)| physical).collect()
    }

    /// Why no live block holds `address`.
    pub(super) fn missing(&self, address: u64) -> Refusal {
        if let Some((block, freed_by)) = self.quarantine.find(address) {
            return Refusal::freed(address, block, freed_by);
        }
        let lost = self.lost.range(..=address).next_back();
        match lost.filter(|(_, block)| block.holds(address)) {
            Some((_, block)) => Refusal::lost(address, block),
            None => Refusal::missing(address),
        }
    }
}
