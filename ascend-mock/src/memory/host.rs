//! Host memory: spans that a caller vouches for, and page-locked blocks.

use std::collections::BTreeMap;
use std::ptr;
use std::sync::{Arc, RwLock};

use ascend_sys::ACL_ERROR_RT_MEMORY_ALLOCATION;

use crate::fault::Fault;
use crate::ledger::{Kind, Live, Origin};
use crate::sync::{read, write};

use super::backing::Backing;

/// Bytes of the program's memory. They are only ever reached through the pointer, since the
/// program may hold references to them.
#[derive(Clone)]
pub(crate) struct HostSpan {
    start: *mut u8,
    len: usize,
    /// The page-locked block that the span lies in: kept, so that queued work cannot outlive it.
    pinned: Option<Arc<PinnedBlock>>,
}

// SAFETY: the maker of a span vouches for the memory until the work on it is done, on whatever
// thread that is.
unsafe impl Send for HostSpan {}
// SAFETY: as above; two uses of one span at a time are the program's own race.
unsafe impl Sync for HostSpan {}

impl HostSpan {
    /// # Safety
    ///
    /// The `len` bytes from `start` may be read (and written, if the span is written to) until
    /// the span is dropped, and nothing else writes them while it is used.
    pub(crate) unsafe fn new(start: *mut u8, len: usize, pinned: Option<Arc<PinnedBlock>>) -> Self {
        Self { start, len, pinned }
    }

    pub(crate) fn address(&self) -> usize {
        self.start.addr()
    }

    pub(crate) fn pinned(&self) -> Option<&Arc<PinnedBlock>> {
        self.pinned.as_ref()
    }

    /// Copies the span to `to`, which is as long.
    pub(crate) fn read(&self, to: &mut [u8]) {
        assert_eq!(to.len(), self.len, "a copy has one length");
        // SAFETY: the span's maker vouches for the source; `to` is exclusive and as long.
        unsafe { ptr::copy(self.start, to.as_mut_ptr(), self.len) }
    }

    /// Copies `from`, which is as long, to the span.
    pub(crate) fn write(&self, from: &[u8]) {
        assert_eq!(from.len(), self.len, "a copy has one length");
        // SAFETY: the span's maker vouches for the destination; `from` is as long.
        unsafe { ptr::copy(from.as_ptr(), self.start, self.len) }
    }

    /// Copies `from`, which is as long and may overlap, to the span.
    pub(crate) fn write_span(&self, from: &Self) {
        assert_eq!(from.len, self.len, "a copy has one length");
        // SAFETY: the spans' makers vouch for both; `ptr::copy` takes overlaps.
        unsafe { ptr::copy(from.start, self.start, self.len) }
    }
}

/// A block of `aclrtMallocHost`.
pub(crate) struct PinnedBlock {
    backing: Backing,
    bytes: usize,
    origin: Origin,
}

impl PinnedBlock {
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    fn address(&self) -> usize {
        self.backing.start().addr().get()
    }
}

/// All page-locked blocks, by address.
#[derive(Default)]
pub(crate) struct PinnedBlocks(RwLock<BTreeMap<usize, Arc<PinnedBlock>>>);

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
            backing,
            bytes,
            origin,
        };
        write(&self.0).insert(block.address(), Arc::new(block));
        Ok(start)
    }

    /// Queued work that names the block keeps its bytes, and fails.
    pub(crate) fn free(&self, address: usize) -> Result<(), Fault> {
        let removed = write(&self.0).remove(&address);
        removed.map(|_| ()).ok_or_else(|| {
            Fault::runtime_argument(format!(
                "{address:#x} is not the start of a block of aclrtMallocHost that still lives"
            ))
        })
    }

    /// The block that `bytes` bytes from `address` lie in, if one holds the address.
    pub(crate) fn find(
        &self,
        address: usize,
        bytes: usize,
    ) -> Result<Option<Arc<PinnedBlock>>, Fault> {
        let blocks = read(&self.0);
        let below = blocks.range(..=address).next_back();
        let Some((start, block)) = below.filter(|(start, block)| address - *start < block.bytes)
        else {
            return Ok(None);
        };
        if bytes > block.bytes - (address - start) {
            return Err(Fault::runtime_argument(format!(
                "{bytes} bytes from {address:#x} reach past the end of a page-locked block of {} \
                 bytes",
                block.bytes
            )));
        }
        Ok(Some(Arc::clone(block)))
    }

    /// A number that follows from the bytes of a block; `None` if they are not all in one.
    pub(crate) fn checksum(&self, address: u64, bytes: u64) -> Option<u64> {
        let (address, bytes) = (usize::try_from(address).ok()?, usize::try_from(bytes).ok()?);
        let block = self.find(address, bytes).ok()??;
        let start = block
            .backing
            .start()
            .as_ptr()
            .wrapping_add(address - block.address());
        let sum = (0..bytes).fold(bytes as u64, |sum, index| {
            // SAFETY: `find` has checked that the bytes lie in the block, which is held.
            let byte = unsafe { start.add(index).read_volatile() };
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        Some(sum)
    }

    pub(crate) fn is_live(&self, block: &Arc<PinnedBlock>) -> bool {
        let blocks = read(&self.0);
        let found = blocks.get(&block.address());
        found.is_some_and(|found| Arc::ptr_eq(found, block))
    }

    pub(crate) fn live(&self) -> Vec<Live> {
        let blocks = read(&self.0);
        let live = blocks.values().map(|block| Live {
            kind: Kind::PinnedBlock,
            origin: block.origin,
            bytes: block.bytes as u64,
        });
        live.collect()
    }
}
