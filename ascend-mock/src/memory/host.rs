//! Host memory: spans that a caller vouches for, and page-locked blocks.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use ascend_sys::{
    ACL_ERROR_HOST_MEMORY_ALREADY_REGISTERED, ACL_ERROR_HOST_MEMORY_NOT_REGISTERED,
    ACL_ERROR_RT_MEMORY_ALLOCATION,
};

use crate::fault::Fault;
use crate::ledger::{Kind, Live, Origin};
use crate::sync::{read, write};

use super::backing::Backing;
use super::span::{DeviceSpan, Reach};

/// Bytes of the program's memory. They are only ever reached through the pointer, since the
/// program may hold references to them.
#[derive(Clone)]
pub(crate) struct HostSpan {
    start: *mut u8,
    bytes: usize,
    /// The page-locked block that the span lies in: kept, so that queued work cannot outlive it.
    pinned: Option<Arc<PinnedBlock>>,
}

// SAFETY: the maker of a span vouches for the memory until the work on it is done, on whatever
// thread that is.
unsafe impl Send for HostSpan {}
// SAFETY: as above; the span itself is never changed.
unsafe impl Sync for HostSpan {}

impl HostSpan {
    /// # Safety
    ///
    /// The bytes from `start` may be read (and written, if the span is written to) until the span
    /// is dropped, and nothing else writes them while it is used.
    pub(crate) unsafe fn new(
        start: *mut u8,
        bytes: usize,
        pinned: Option<Arc<PinnedBlock>>,
    ) -> Self {
        Self {
            start,
            bytes,
            pinned,
        }
    }

    pub(crate) fn address(&self) -> usize {
        self.start.addr()
    }

    pub(crate) fn pinned(&self) -> Option<&Arc<PinnedBlock>> {
        self.pinned.as_ref()
    }

    pub(crate) fn reach(&self) -> Reach {
        Reach {
            start: self.start,
            bytes: self.bytes,
        }
    }
}

/// A block of page-locked host memory.
pub(crate) struct PinnedBlock {
    start: *mut u8,
    bytes: usize,
    origin: Origin,
    /// `None` for memory that the program registered and owns.
    backing: Option<Backing>,
    /// The device that registered memory was registered with.
    device: u32,
}

// SAFETY: the bytes are the backing's, or those of the program, which vouches for them while they
// are registered; they are only reached through the pointer.
unsafe impl Send for PinnedBlock {}
// SAFETY: as above.
unsafe impl Sync for PinnedBlock {}

impl PinnedBlock {
    fn holds(&self, address: usize) -> bool {
        address >= self.start.addr() && address - self.start.addr() < self.bytes
    }

    pub(crate) fn is_registered(&self) -> bool {
        self.backing.is_none()
    }

    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }

    /// Start and length.
    pub(crate) fn range(&self) -> (u64, usize) {
        (self.start.addr() as u64, self.bytes)
    }
}

/// All page-locked memory, by address. What was allocated may be registered on top.
#[derive(Default)]
pub(crate) struct PinnedBlocks {
    allocated: RwLock<Blocks>,
    registered: RwLock<Blocks>,
}

type Blocks = BTreeMap<usize, Arc<PinnedBlock>>;

fn holding(blocks: &Blocks, address: usize) -> Option<Arc<PinnedBlock>> {
    let (_, block) = blocks.range(..=address).next_back()?;
    block.holds(address).then(|| Arc::clone(block))
}

impl PinnedBlocks {
    pub(crate) fn allocate(&self, bytes: usize, origin: Origin) -> Result<*mut u8, Fault> {
        let backing = bytes
            .checked_next_multiple_of(32)
            .and_then(Backing::new)
            .ok_or_else(|| {
                Fault::new(
                    ACL_ERROR_RT_MEMORY_ALLOCATION,
                    format!("the host has no {bytes} bytes of memory left"),
                )
            })?;
        let start = backing.start().as_ptr();
        let block = PinnedBlock {
            start,
            bytes,
            origin,
            backing: Some(backing),
            device: 0,
        };
        write(&self.allocated).insert(start.addr(), Arc::new(block));
        Ok(start)
    }

    /// Takes memory of the program as page-locked.
    ///
    /// # Safety
    ///
    /// The bytes from `start` may be read and written until they are unregistered.
    pub(crate) unsafe fn register(
        &self,
        start: *mut u8,
        bytes: usize,
        device: u32,
        origin: Origin,
    ) -> Result<(), Fault> {
        let end = start.addr().checked_add(bytes).ok_or_else(|| {
            Fault::runtime_argument(format!("{bytes} bytes from {start:?} are no range"))
        })?;
        let mut blocks = write(&self.registered);
        let before = blocks.range(..end).next_back();
        if let Some((_, block)) = before.filter(|(at, block)| **at + block.bytes > start.addr()) {
            let Origin { symbol, sequence } = block.origin;
            return Err(Fault::new(
                ACL_ERROR_HOST_MEMORY_ALREADY_REGISTERED,
                format!(
                    "{start:?} with {bytes} bytes overlaps page-locked memory of {symbol}, call \
                     {sequence}"
                ),
            ));
        }
        let block = PinnedBlock {
            start,
            bytes,
            origin,
            backing: None,
            device,
        };
        blocks.insert(start.addr(), Arc::new(block));
        Ok(())
    }

    ///
    pub(crate) fn unregister(&self, address: usize) -> Result<(), Fault> {
        let removed = write(&self.registered).remove(&address);
        removed.map(|_| ()).ok_or_else(|| {
            Fault::new(
                ACL_ERROR_HOST_MEMORY_NOT_REGISTERED,
                format!("{address:#x} is not the start of registered host memory"),
            )
        })
    }

    /// Queued work that names the block keeps its bytes, and fails.
    pub(crate) fn free(&self, address: usize) -> Result<(), Fault> {
        let removed = write(&self.allocated).remove(&address);
        removed.map(|_| ()).ok_or_else(|| {
            Fault::runtime_argument(format!(
                "{address:#x} is not the start of a block of aclrtMallocHost that still lives"
            ))
        })
    }

    /// The block that holds `address`.
    pub(crate) fn holding(&self, address: usize) -> Option<Arc<PinnedBlock>> {
        let allocated = holding(&read(&self.allocated), address);
        allocated.or_else(|| holding(&read(&self.registered), address))
    }

    /// The block that `bytes` bytes from `address` lie in, if one holds the address.
    pub(crate) fn find(
        &self,
        address: usize,
        bytes: usize,
    ) -> Result<Option<Arc<PinnedBlock>>, Fault> {
        let Some(block) = self.holding(address) else {
            return Ok(None);
        };
        check_end(&block, address, bytes)?;
        Ok(Some(block))
    }

    /// Registered memory as a device reaches it: under the host's own addresses.
    pub(crate) fn registered_span(
        &self,
        address: u64,
        bytes: usize,
    ) -> Result<Option<DeviceSpan>, Fault> {
        let address = usize::try_from(address).map_err(Fault::internal)?;
        let Some(block) = holding(&read(&self.registered), address) else {
            return Ok(None);
        };
        check_end(&block, address, bytes)?;
        let start = block.start.wrapping_add(address - block.start.addr());
        let device = block.device;
        let pinned = Some(block);
        let span = HostSpan {
            start,
            bytes,
            pinned,
        };
        Ok(DeviceSpan::of_host(span, device))
    }

    /// A number that follows from the bytes of a block; `None` if they are not all in one.
    pub(crate) fn checksum(&self, address: u64, bytes: u64) -> Option<u64> {
        let (address, bytes) = (usize::try_from(address).ok()?, usize::try_from(bytes).ok()?);
        let block = self.find(address, bytes).ok()??;
        let start = block.start.wrapping_add(address - block.start.addr());
        let sum = (0..bytes).fold(bytes as u64, |sum, index| {
            // SAFETY: `find` has checked that the bytes lie in the block, which is held.
            let byte = unsafe { start.wrapping_add(index).read_volatile() };
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        Some(sum)
    }

    /// Whether the block still lives; asked when its queued work runs.
    pub(crate) fn is_live(&self, block: &Arc<PinnedBlock>) -> bool {
        let blocks = if block.is_registered() {
            read(&self.registered)
        } else {
            read(&self.allocated)
        };
        let found = blocks.get(&block.start.addr());
        found.is_some_and(|found| Arc::ptr_eq(found, block))
    }

    pub(crate) fn live(&self) -> Vec<Live> {
        let (allocated, registered) = (read(&self.allocated), read(&self.registered));
        let blocks = allocated.values().chain(registered.values());
        let live = blocks.map(|block| Live {
            kind: Kind::PinnedBlock,
            origin: block.origin,
            bytes: block.bytes as u64,
        });
        live.collect()
    }
}

fn check_end(block: &PinnedBlock, address: usize, bytes: usize) -> Result<(), Fault> {
    if bytes > block.bytes - (address - block.start.addr()) {
        return Err(Fault::runtime_argument(format!(
            "{bytes} bytes from {address:#x} reach past the end of a page-locked block of {} bytes",
            block.bytes
        )));
    }
    Ok(())
}
