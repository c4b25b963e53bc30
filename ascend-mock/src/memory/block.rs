//! Blocks of device memory, those that live and those that were freed a short while ago.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::ledger::{Kind, Live, Origin};

use super::arena::Arena;

/// How many bytes of freed blocks strict mode keeps from being used again.
const QUARANTINE: u64 = 256 << 20;

/// What a block was taken by, and so what gives it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holding {
    /// `aclrtMalloc` and its like; `aclrtFree` gives it back.
    Malloc,
    /// `aclrtMemAllocManaged`: reached by host and device alike; `aclrtFree` gives it back.
    Managed,
    /// Physical memory mapped by `aclrtMapMem`.
    Mapped,
    /// The data of a shared buffer, which host and device reach alike.
    Buffer,
    /// A part of a stream-ordered pool.
    Pool,
    /// Memory of another process.
    Imported,
    /// What the runtime itself needs.
    Runtime,
}

impl Holding {
    /// Whether the program has to give the block back itself.
    pub(crate) fn is_owned(self) -> bool {
        !matches!(self, Self::Mapped | Self::Buffer | Self::Runtime)
    }

    /// Whether host and device reach the block at the same addresses.
    pub(crate) fn is_shared(self) -> bool {
        matches!(self, Self::Managed | Self::Buffer)
    }

    /// What the program should have called.
    pub(crate) fn freed_by(self) -> &'static str {
        match self {
            Self::Malloc | Self::Managed => "aclrtFree",
            Self::Mapped => "aclrtUnmapMem",
            Self::Buffer => "aclrtFreeBuf",
            Self::Pool => "aclrtMemPoolFreeAsync",
            Self::Imported => "aclrtIpcMemClose",
            Self::Runtime => "the function that ends what it belongs to",
        }
    }
}

/// A block of device memory.
pub(crate) struct Block {
    pub(crate) base: u64,
    /// As asked for: what may be read and written.
    pub(crate) bytes: usize,
    /// As counted against the device's capacity.
    pub(crate) booked: u64,
    pub(crate) device: u32,
    pub(crate) holding: Holding,
    pub(crate) origin: Origin,
    pub(crate) arena: Arc<Arena>,
    /// The addresses that the block takes of the device's heap.
    pub(crate) length: u64,
    /// How often the device had been shut down.
    pub(crate) age: u64,
}

impl Block {
    pub(crate) fn holds(&self, address: u64) -> bool {
        address >= self.base && address - self.base < self.bytes as u64
    }

    /// What keeping the block costs.
    fn weight(&self) -> u64 {
        match self.length {
            0 => self.arena.bytes() as u64,
            length => length,
        }
    }

    pub(crate) fn live(&self) -> Live {
        Live {
            kind: Kind::DeviceBlock,
            origin: self.origin,
            bytes: self.bytes as u64,
        }
    }
}

/// Freed blocks that strict mode keeps, so that their use is found.
#[derive(Default)]
pub(crate) struct Quarantine {
    freed: BTreeMap<u64, (Block, Origin)>,
    order: VecDeque<u64>,
    bytes: u64,
}

impl Quarantine {
    /// Keeps `block`; answers those that make room for it.
    pub(crate) fn keep(&mut self, block: Block, freed_by: Origin) -> Vec<Block> {
        self.bytes += block.weight();
        self.order.push_back(block.base);
        self.freed.insert(block.base, (block, freed_by));
        let mut released = Vec::new();
        while self.bytes > QUARANTINE {
            let Some(block) = self.release() else { break };
            released.push(block);
        }
        released
    }

    /// Lets go of the block that was freed first.
    pub(crate) fn release(&mut self) -> Option<Block> {
        while let Some(base) = self.order.pop_front() {
            if let Some((block, _)) = self.freed.remove(&base) {
                self.bytes -= block.weight();
                return Some(block);
            }
        }
        None
    }

    /// The freed block that held `address`, and who freed it.
    pub(crate) fn find(&self, address: u64) -> Option<(&Block, Origin)> {
        let (_, (block, freed_by)) = self.freed.range(..=address).next_back()?;
        block.holds(address).then_some((block, *freed_by))
    }

    /// Forgets the blocks of a device.
    pub(crate) fn forget(&mut self, device: u32) {
        self.freed.retain(|_, (block, _)| {
            let stays = block.device != device;
            if !stays {
                self.bytes -= block.weight();
            }
            stays
        });
    }
}
