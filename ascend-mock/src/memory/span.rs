//! Memory that the device reaches. Programs may hold references to some of it, so it is only ever
//! reached through raw pointers.

use std::ptr::{self, NonNull};
use std::sync::Arc;

use super::arena::Arena;
use super::host::HostSpan;

/// Bytes of device memory, kept while this lives.
#[derive(Clone)]
pub(crate) struct DeviceSpan {
    pub(crate) device: u32,
    start: NonNull<u8>,
    bytes: usize,
    _keeper: Keeper,
}

/// What keeps the memory of a span.
#[derive(Clone)]
enum Keeper {
    Arena(#[allow(dead_code, reason = "kept for its drop")] Arc<Arena>),
    Host(#[allow(dead_code, reason = "kept for its drop")] HostSpan),
}

// SAFETY: the memory is kept, and may be reached from every thread through the pointer.
unsafe impl Send for DeviceSpan {}
// SAFETY: as above.
unsafe impl Sync for DeviceSpan {}

impl DeviceSpan {
    /// The bytes at `address`, if all of them lie in the arena.
    pub(super) fn new(arena: &Arc<Arena>, address: u64, bytes: usize, device: u32) -> Option<Self> {
        let start = arena.reach(address, bytes)?;
        let keeper = Keeper::Arena(Arc::clone(arena));
        Some(Self {
            device,
            start,
            bytes,
            _keeper: keeper,
        })
    }

    /// Host memory that a device reaches under the host's address.
    pub(super) fn of_host(host: HostSpan, device: u32) -> Option<Self> {
        let reach = host.reach();
        let (start, bytes) = (NonNull::new(reach.start)?, reach.bytes);
        let keeper = Keeper::Host(host);
        Some(Self {
            device,
            start,
            bytes,
            _keeper: keeper,
        })
    }

    pub(crate) fn reach(&self) -> Reach {
        Reach {
            start: self.start.as_ptr(),
            bytes: self.bytes,
        }
    }

    /// Copies the bytes to `to`, which is as long.
    pub(crate) fn read(&self, to: &mut [u8]) {
        assert_eq!(to.len(), self.bytes, "a copy has one length");
        // SAFETY: the span keeps its bytes; `to` is exclusive and as long.
        unsafe { ptr::copy(self.start.as_ptr(), to.as_mut_ptr(), self.bytes) }
    }

    /// Copies the first bytes to `to`, which is no longer than there are.
    pub(crate) fn read_start(&self, to: &mut [u8]) {
        assert!(to.len() <= self.bytes, "a copy has no more than there is");
        // SAFETY: the span keeps its bytes; `to` is exclusive and no longer.
        unsafe { ptr::copy(self.start.as_ptr(), to.as_mut_ptr(), to.len()) }
    }

    /// Copies `from`, which is as long, to the bytes.
    pub(crate) fn write(&self, from: &[u8]) {
        assert_eq!(from.len(), self.bytes, "a copy has one length");
        // SAFETY: the span keeps its bytes; `from` is as long.
        unsafe { ptr::copy(from.as_ptr(), self.start.as_ptr(), self.bytes) }
    }
}

/// Bytes at one end of a copy. Whoever makes one keeps the bytes valid while it is used.
#[derive(Clone, Copy)]
pub(crate) struct Reach {
    pub(super) start: *mut u8,
    pub(super) bytes: usize,
}

impl Reach {
    /// `bytes` bytes from `offset`.
    pub(crate) fn part(self, offset: usize, bytes: usize) -> Self {
        assert!(
            bytes <= self.bytes && offset <= self.bytes - bytes,
            "a part is within the whole"
        );
        Self {
            start: self.start.wrapping_add(offset),
            bytes,
        }
    }

    /// Copies the bytes to `to`, which has as many and may overlap.
    pub(crate) fn copy_to(self, to: Self) {
        assert_eq!(self.bytes, to.bytes, "a copy has one length");
        // SAFETY: the makers of both vouch for the bytes; `ptr::copy` takes overlaps.
        unsafe { ptr::copy(self.start, to.start, self.bytes) }
    }

    /// Sets every byte.
    pub(crate) fn fill(self, value: u8) {
        // SAFETY: the maker vouches for the bytes.
        unsafe { ptr::write_bytes(self.start, value, self.bytes) }
    }

    /// Sets every whole word; the bytes after the last one stay.
    pub(crate) fn fill_words(self, value: u32) {
        let word = value.to_ne_bytes();
        for index in 0..self.bytes / word.len() {
            let place = self.start.wrapping_add(index * word.len());
            // SAFETY: the maker vouches for the bytes, and the word lies within.
            unsafe { ptr::copy_nonoverlapping(word.as_ptr(), place, word.len()) }
        }
    }
}
