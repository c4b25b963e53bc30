//! Host memory behind a page-locked block, taken from the system as it is touched.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ptr::{self, NonNull};

/// Of every block's first byte: what engines and vector instructions like.
const ALIGNMENT: usize = 64;

/// Fresh memory is undefined, so small blocks start with this; large ones stay zeroed, because
/// writing to them would take the memory.
const FRESH: u8 = 0xA5;
const FRESH_LIMIT: usize = 1 << 20;

/// Bytes of a fixed number at a fixed place.
pub(crate) struct Backing {
    start: NonNull<u8>,
    layout: Layout,
}

// SAFETY: the memory belongs to this value alone, like that of a boxed slice.
unsafe impl Send for Backing {}
// SAFETY: the memory is only reached through raw pointers.
unsafe impl Sync for Backing {}

impl Backing {
    /// `None` when the system has no `bytes` left.
    pub(crate) fn new(bytes: usize) -> Option<Self> {
        let layout = Layout::from_size_align(bytes.max(1), ALIGNMENT).ok()?;
        // SAFETY: the layout's size is at least 1.
        let start = NonNull::new(unsafe { alloc_zeroed(layout) })?;
        if bytes <= FRESH_LIMIT {
            // SAFETY: `start` points to as many bytes, which nobody else knows yet.
            unsafe { ptr::write_bytes(start.as_ptr(), FRESH, layout.size()) };
        }
        Some(Self { start, layout })
    }

    pub(crate) fn start(&self) -> NonNull<u8> {
        self.start
    }
}

impl Drop for Backing {
    fn drop(&mut self) {
        // SAFETY: allocated in `new` with this layout, and not freed before.
        unsafe { dealloc(self.start.as_ptr(), self.layout) }
    }
}
