//! Device memory: addresses that the host cannot follow, and the blocks behind them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use ascend_sys::ACL_ERROR_RT_MEMORY_ALLOCATION;

use crate::fault::Fault;
use crate::ledger::{Kind, Live, Origin};
use crate::slots::SLOTS;
use crate::sync::{read, write};

use super::backing::Backing;

/// Bit 52 marks device addresses: not canonical on x86-64, beyond the 52 address bits of aarch64
/// (whose top byte would be ignored). The four bits below tell the slot.
const DEVICE_BIT: u32 = 52;
const SLOT_SHIFT: u32 = 48;
const SPAN: u64 = 1 << SLOT_SHIFT;

/// Between block starts; also the least gap between two blocks, so that running over an end
/// never reaches a neighbour.
const GRANULE: u64 = 512;

/// Where each slot goes on giving out addresses. A slot's later worlds go on too, so that a
/// pointer of an earlier one is found out.
static NEXT: [AtomicU64; SLOTS] = [const { AtomicU64::new(0) }; SLOTS];

/// Whether no memory of the host can be at `address`: it has bits that neither host addresses
/// nor the tags of aarch64 use.
pub(crate) fn is_device_address(address: u64) -> bool {
    address >> SLOT_SHIFT & 0xFF != 0
}

/// A block of device memory.
pub(crate) struct Block {
    pub(crate) base: u64,
    /// As asked for: what may be read and written.
    pub(crate) bytes: usize,
    /// As counted against the device's capacity.
    reserved: u64,
    pub(crate) device: u32,
    /// The device was shut down while the block lived.
    lost: bool,
    origin: Origin,
    pub(crate) backing: Arc<RwLock<Backing>>,
}

/// Bytes of one block.
pub(crate) struct DeviceSpan {
    pub(crate) base: u64,
    pub(crate) device: u32,
    pub(crate) range: Range<usize>,
    pub(crate) backing: Arc<RwLock<Backing>>,
}

/// The device memory of a world, all its devices together.
pub(crate) struct Space {
    slot: usize,
    capacity: u64,
    state: RwLock<Blocks>,
}

struct Blocks {
    by_base: BTreeMap<u64, Block>,
    /// Bytes reserved on each device.
    used: Vec<u64>,
}

impl Space {
    pub(crate) fn new(slot: usize, devices: u32, capacity: u64) -> Self {
        Self {
            slot,
            capacity,
            state: RwLock::new(Blocks {
                by_base: BTreeMap::new(),
                used: (0..devices).map(|_| 0).collect(),
            }),
        }
    }

    /// Takes `bytes` of a device and books `reserved` for them.
    pub(crate) fn allocate(
        &self,
        device: u32,
        bytes: usize,
        reserved: usize,
        origin: Origin,
    ) -> Result<u64, Fault> {
        let mut state = write(&self.state);
        let reserved = reserved as u64;
        self.check_room(&state, device, reserved)?;
        let backing = Backing::new(bytes).ok_or_else(|| {
            exhausted(format!(
                "the host has no {bytes} bytes left to stand for memory of device {device}"
            ))
        })?;
        let base = self
            .place(&state.by_base, reserved)
            .ok_or_else(|| exhausted("no device address is left".into()))?;
        state.used[device as usize] += reserved;
        let block = Block {
            base,
            bytes,
            reserved,
            device,
            lost: false,
            origin,
            backing: Arc::new(RwLock::new(backing)),
        };
        state.by_base.insert(base, block);
        Ok(base)
    }

    /// Books bytes that have no address.
    pub(crate) fn reserve(
        space: &Arc<Self>,
        device: u32,
        bytes: u64,
    ) -> Result<Reservation, Fault> {
        let mut state = write(&space.state);
        space.check_room(&state, device, bytes)?;
        state.used[device as usize] += bytes;
        Ok(Reservation {
            space: Arc::clone(space),
            device,
            bytes,
        })
    }

    fn check_room(&self, state: &Blocks, device: u32, bytes: u64) -> Result<(), Fault> {
        let free = self.capacity - state.used[device as usize];
        if bytes > free {
            return Err(exhausted(format!(
                "device {device} has {free} of {} bytes left, {bytes} were asked for",
                self.capacity
            )));
        }
        Ok(())
    }

    /// Finds addresses for `bytes` after those given out last; only when the slot's range of
    /// 256 TiB is used up are addresses given out again.
    fn place(&self, blocks: &BTreeMap<u64, Block>, bytes: u64) -> Option<u64> {
        let slot = self.slot as u64;
        let start = 1 << DEVICE_BIT | slot << SLOT_SHIFT;
        let length = bytes
            .checked_next_multiple_of(GRANULE)?
            .checked_add(GRANULE)?;
        let mut offset = NEXT[self.slot].load(Ordering::Relaxed);
        let mut wrapped = false;
        loop {
            if length > SPAN - GRANULE - offset {
                if wrapped {
                    return None;
                }
                (wrapped, offset) = (true, 0);
            }
            let base = start + GRANULE + offset;
            let below = blocks.range(..base + length).next_back();
            match below.map(|(_, block)| block.base + block.reserved) {
                Some(end) if end > base => {
                    offset = (end - start).checked_next_multiple_of(GRANULE)?;
                }
                _ => {
                    NEXT[self.slot].store(offset + length, Ordering::Relaxed);
                    return Some(base);
                }
            }
        }
    }

    /// Gives back the block that starts at `base`.
    pub(crate) fn free(&self, base: u64) -> Result<(), Fault> {
        let mut state = write(&self.state);
        let refused = |why: &str| Fault::runtime_argument(format!("{base:#x} {why}"));
        let Some(block) = state.by_base.get(&base) else {
            return Err(match state.holding(base) {
                Some(_) => refused("lies within a block; free takes the block's start"),
                None => refused("is no block of aclrtMalloc that still lives"),
            });
        };
        if block.lost {
            return Err(refused("was lost when its device was reset"));
        }
        let (device, reserved) = (block.device as usize, block.reserved);
        state.used[device] -= reserved;
        state.by_base.remove(&base);
        Ok(())
    }

    /// The size of the block that starts at `base`.
    pub(crate) fn bytes_of(&self, base: u64) -> Option<u64> {
        let state = read(&self.state);
        state.by_base.get(&base).map(|block| block.bytes as u64)
    }

    /// The device that holds `address`.
    pub(crate) fn device_of(&self, address: u64) -> Option<u32> {
        let state = read(&self.state);
        let block = state.holding(address).filter(|block| !block.lost)?;
        Some(block.device)
    }

    /// The `bytes` bytes from `address`, which must lie in one live block.
    pub(crate) fn span(&self, address: u64, bytes: usize) -> Result<DeviceSpan, Fault> {
        let state = read(&self.state);
        let refused = |why: String| Fault::runtime_argument(format!("{address:#x} {why}"));
        let Some(block) = state.holding(address) else {
            return Err(refused("lies in no live block of device memory".into()));
        };
        if block.lost {
            return Err(refused("was lost when its device was reset".into()));
        }
        let offset = usize::try_from(address - block.base).map_err(Fault::internal)?;
        let left = block.bytes - offset;
        if bytes > left {
            return Err(refused(format!(
                "has {left} bytes to the end of its block of {} bytes, {bytes} are reached for",
                block.bytes
            )));
        }
        Ok(DeviceSpan {
            base: block.base,
            device: block.device,
            range: offset..offset + bytes,
            backing: Arc::clone(&block.backing),
        })
    }

    /// Free and total bytes of a device.
    pub(crate) fn capacity(&self, device: u32) -> (u64, u64) {
        let used = read(&self.state).used[device as usize];
        (self.capacity - used, self.capacity)
    }

    /// Makes every block of a device unusable, as a device that is shut down does.
    pub(crate) fn lose(&self, device: u32) {
        let mut state = write(&self.state);
        let Blocks { by_base, used } = &mut *state;
        let blocks = by_base.values_mut();
        for block in blocks.filter(|block| block.device == device && !block.lost) {
            block.lost = true;
            used[device as usize] -= block.reserved;
        }
    }

    pub(crate) fn live(&self) -> Vec<Live> {
        let state = read(&self.state);
        let live = state.by_base.values().map(|block| Live {
            kind: Kind::DeviceBlock,
            origin: block.origin,
            bytes: block.bytes as u64,
        });
        live.collect()
    }
}

/// Bytes of a device that are taken while this lives.
pub(crate) struct Reservation {
    space: Arc<Space>,
    device: u32,
    bytes: u64,
}

impl Drop for Reservation {
    fn drop(&mut self) {
        write(&self.space.state).used[self.device as usize] -= self.bytes;
    }
}

fn exhausted(what: String) -> Fault {
    Fault::new(ACL_ERROR_RT_MEMORY_ALLOCATION, what)
}

impl Blocks {
    fn holding(&self, address: u64) -> Option<&Block> {
        let (base, block) = self.by_base.range(..=address).next_back()?;
        (address - base < block.bytes as u64).then_some(block)
    }
}
