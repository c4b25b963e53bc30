//! Device memory: the addresses of all devices of a world, and the blocks that live there.

use std::sync::{Arc, RwLock};

use ascend_sys::ACL_ERROR_RT_MEMORY_ALLOCATION;

use crate::config::MockConfig;
use crate::fault::Fault;
use crate::ledger::{Live, Origin};
use crate::sync::{read, write};

use super::addresses::Reserved;
use super::arena::Arena;
use super::block::{Block, Holding};
use super::gaps::GRANULE;
use super::heap::Heap;
use super::mapping::MemoryFile;
use super::refusal::Refusal;
use super::span::DeviceSpan;
use super::state::{State, Usage};

/// Fresh memory is undefined, so small blocks start with this; large ones stay as they are,
/// because writing to them would take the memory.
const FRESH: u8 = 0xA5;
/// What strict mode writes over freed memory.
const FREED: u8 = 0xDD;
const PATTERN_LIMIT: usize = 1 << 20;

/// The device memory of a world, all its devices together.
pub(crate) struct Space {
    capacity: u64,
    pub(super) host_access: bool,
    is_strict: bool,
    pub(super) state: RwLock<State>,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Request {
    pub(crate) device: u32,
    pub(crate) bytes: usize,
    pub(crate) booked: u64,
    pub(crate) holding: Holding,
    pub(crate) origin: Origin,
}

impl Space {
    /// Devices of `capacity` bytes each.
    pub(crate) fn new(config: &MockConfig, capacity: u64) -> Self {
        let devices = || 0..config.devices;
        Self {
            capacity,
            host_access: config.host_access,
            is_strict: config.strict,
            state: RwLock::new(State {
                heaps: devices().map(|_| None).collect(),
                usage: devices().map(|_| Usage::default()).collect(),
                ages: devices().map(|_| 0).collect(),
                ..State::default()
            }),
        }
    }

    /// Takes a block of a device's heap.
    pub(crate) fn allocate(&self, request: Request) -> Result<u64, Fault> {
        let Request { device, bytes, .. } = request;
        let mut state = write(&self.state);
        self.check_room(&state, device, request.booked)?;
        let age = state.ages[device as usize];
        // One granule more than the least, so that blocks never touch.
        let length = (request.booked.max(bytes as u64) / GRANULE + 1) * GRANULE;
        let (base, arena) = self.take(&mut state, device, length, GRANULE)?;
        state.book(device, request.booked);
        let span = DeviceSpan::new(&arena, base, bytes, device);
        state.lost.remove(&base);
        state
            .blocks
            .insert(base, request.at(base, arena, length, age));
        drop(state);
        if let Some(span) = span.filter(|_| bytes <= PATTERN_LIMIT) {
            span.reach().fill(FRESH);
        }
        Ok(base)
    }

    /// Takes addresses of a heap, of freed blocks too if there are no others.
    pub(super) fn take(
        &self,
        state: &mut State,
        device: u32,
        length: u64,
        alignment: u64,
    ) -> Result<(u64, Arc<Arena>), Fault> {
        loop {
            let heap = self.heap(state, device)?;
            if let Some(offset) = heap.gaps.take(length, alignment) {
                let arena = Arc::clone(&heap.arena);
                return Ok((arena.start() + offset, arena));
            }
            let Some(block) = state.quarantine.release() else {
                return Err(exhausted(format!(
                    "device {device} has no range of {length} bytes: its memory is in pieces"
                )));
            };
            state.give_back(&block);
        }
    }

    pub(super) fn heap<'a>(
        &self,
        state: &'a mut State,
        device: u32,
    ) -> Result<&'a mut Heap, Fault> {
        let slot = &mut state.heaps[device as usize];
        if slot.is_none() {
            let heap = Heap::new(self.capacity, self.host_access).map_err(|error| {
                exhausted(format!(
                    "the host cannot stand for the {} bytes of device {device}: {error}; give the \
                     device less memory",
                    self.capacity
                ))
            })?;
            *slot = Some(heap);
        }
        slot.as_mut()
            .ok_or_else(|| Fault::internal("a heap that was just made is missing"))
    }

    pub(super) fn check_room(&self, state: &State, device: u32, bytes: u64) -> Result<(), Fault> {
        let free = self.capacity - state.usage[device as usize].now;
        if bytes > free {
            return Err(exhausted(format!(
                "device {device} has {free} of {} bytes left, {bytes} were asked for",
                self.capacity
            )));
        }
        Ok(())
    }

    /// Gives back the block that starts at `base`, if `allowed` takes blocks of its kind.
    pub(crate) fn free(
        &self,
        base: u64,
        freed_by: Origin,
        allowed: &[Holding],
    ) -> Result<(), Refusal> {
        let mut state = write(&self.state);
        let Some(block) = state.blocks.get(&base) else {
            let refusal = state.missing(base);
            return Err(match state.holding(base) {
                Some(block) => Refusal::inside(base, block),
                None => refusal,
            });
        };
        if !allowed.contains(&block.holding) {
            return Err(Refusal::wrong_free(base, block));
        }
        let Some(block) = state.blocks.remove(&base) else {
            return Err(state.missing(base));
        };
        state.unbook(block.device, block.age, block.booked);
        if self.is_strict {
            let patterned = block.bytes.min(PATTERN_LIMIT);
            let span = DeviceSpan::new(&block.arena, base, patterned, block.device);
            // What is imported lives on in its own process.
            if let Some(span) = span.filter(|_| block.holding != Holding::Imported) {
                span.reach().fill(FREED);
            }
            for block in state.quarantine.keep(block, freed_by) {
                state.give_back(&block);
            }
        } else {
            state.give_back(&block);
        }
        Ok(())
    }

    /// Gives a block back that the runtime keeps for the program, lost or not.
    pub(crate) fn end(&self, base: u64, freed_by: Origin, holding: Holding) {
        if self.free(base, freed_by, &[holding]).is_err() {
            write(&self.state).lost.remove(&base);
        }
    }

    /// Takes a block of a pool out of use, without giving it back to the device.
    pub(super) fn withdraw(&self, base: u64, age: u64) -> Option<Block> {
        write(&self.state).take_pooled(base, age)
    }

    /// Gives a block of a pool out again, withdrawn or not. Answers whether it still was there.
    pub(super) fn give_out_again(
        &self,
        (base, age): (u64, u64),
        block: Option<Block>,
        bytes: usize,
        origin: Origin,
    ) -> bool {
        let mut state = write(&self.state);
        let block = block.or_else(|| state.take_pooled(base, age));
        let Some(block) = block.filter(|block| state.is_current(block.device, age)) else {
            return false;
        };
        let block = Block {
            bytes,
            origin,
            ..block
        };
        state.blocks.insert(base, block);
        true
    }

    /// Gives a block that was withdrawn back to its device.
    pub(super) fn give_up(&self, block: &Block) {
        let mut state = write(&self.state);
        state.unbook(block.device, block.age, block.booked);
        state.give_back(block);
    }

    /// How often a device was shut down.
    pub(super) fn age(&self, device: u32) -> u64 {
        read(&self.state).ages[device as usize]
    }

    /// The live block that holds `address`.
    pub(crate) fn describe(&self, address: u64) -> Option<Described> {
        let state = read(&self.state);
        let block = state.holding(address)?;
        Some(Described {
            base: block.base,
            bytes: block.bytes,
            device: block.device,
            holding: block.holding,
            origin: block.origin,
        })
    }

    /// The `bytes` bytes from `address`, which must lie in one live block, or in mapped memory
    /// without a hole.
    pub(crate) fn span(&self, address: u64, bytes: usize) -> Result<DeviceSpan, Refusal> {
        let state = read(&self.state);
        let Some(block) = state.holding(address) else {
            return Err(state.missing(address));
        };
        let end = address.checked_add(bytes as u64);
        let mut reached = block.base + block.bytes as u64;
        while end.is_none_or(|end| end > reached) {
            let next = state.blocks.get(&reached);
            let next = next.filter(|next| Arc::ptr_eq(&next.arena, &block.arena));
            let Some(next) = next.filter(|_| block.holding == Holding::Mapped) else {
                return Err(Refusal::past_end(address, bytes, reached, block));
            };
            reached += next.bytes as u64;
        }
        DeviceSpan::new(&block.arena, address, bytes, block.device)
            .ok_or_else(|| Refusal::past_end(address, bytes, reached, block))
    }

    /// Free and total bytes of a device.
    pub(crate) fn capacity(&self, device: u32) -> (u64, u64) {
        let used = self.usage(device).now;
        (self.capacity - used, self.capacity)
    }

    pub(crate) fn usage(&self, device: u32) -> Usage {
        read(&self.state).usage[device as usize]
    }

    /// Makes every block of a device unusable, as a device that is shut down does.
    pub(crate) fn lose(&self, device: u32) {
        let mut state = write(&self.state);
        let gone = state.unmap_all(device);
        let State {
            blocks,
            lost,
            heaps,
            usage,
            ages,
            ..
        } = &mut *state;
        lost.extend(blocks.extract_if(.., |_, block| block.device == device));
        usage[device as usize].now = 0;
        ages[device as usize] += 1;
        if let Some(heap) = &mut heaps[device as usize] {
            heap.renew();
        }
        state.quarantine.forget(device);
        drop(state);
        drop(gone);
    }

    pub(crate) fn live(&self) -> Vec<Live> {
        let state = read(&self.state);
        let blocks = state.blocks.values().chain(state.lost.values());
        let reserved = state.reserved.values().map(Reserved::live);
        let owned = blocks.filter(|block| block.holding.is_owned());
        owned.map(Block::live).chain(reserved).collect()
    }

    /// The file that a block of a device's heap is in, and where; for memory that other processes
    /// may have.
    pub(super) fn file_behind(&self, address: u64) -> Option<(Arc<MemoryFile>, u64, u32)> {
        let state = read(&self.state);
        let block = state.holding(address)?;
        if block.holding == Holding::Mapped {
            let (base, physical) = state.mapped.range(..=address).next_back()?;
            let offset = physical.offset + (address - base);
            return Some((Arc::clone(&physical.file), offset, physical.device));
        }
        let heap = state.heaps[block.device as usize].as_ref()?;
        let is_in_heap = Arc::ptr_eq(&heap.arena, &block.arena);
        is_in_heap.then(|| {
            (
                Arc::clone(&heap.file),
                address - heap.arena.start(),
                block.device,
            )
        })
    }

    /// Lets `device` reach the memory of `peer`, or no longer. Answers whether it did before.
    pub(crate) fn set_peer(&self, device: u32, peer: u32, access: bool) -> bool {
        let peers = &mut write(&self.state).peers;
        if access {
            !peers.insert((device, peer))
        } else {
            peers.remove(&(device, peer))
        }
    }

    /// Whether `device` reaches the memory of `peer`.
    pub(crate) fn reaches(&self, device: u32, peer: u32) -> bool {
        device == peer || read(&self.state).peers.contains(&(device, peer))
    }
}

/// What is known of a live block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Described {
    pub(crate) base: u64,
    pub(crate) bytes: usize,
    pub(crate) device: u32,
    pub(crate) holding: Holding,
    pub(crate) origin: Origin,
}

impl Request {
    fn at(self, base: u64, arena: Arc<Arena>, length: u64, age: u64) -> Block {
        let Self {
            device,
            bytes,
            booked,
            holding,
            origin,
        } = self;
        Block {
            base,
            bytes,
            booked,
            device,
            holding,
            origin,
            arena,
            length,
            age,
        }
    }
}

pub(super) fn exhausted(what: String) -> Fault {
    Fault::new(ACL_ERROR_RT_MEMORY_ALLOCATION, what)
}
