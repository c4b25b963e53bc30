//! Page-locked memory of the host.

use std::ffi::c_void;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::ptr::{self, NonNull};
use std::slice;

use super::element::Element;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

/// `len` elements in host memory that a device can reach by itself: the only host memory that
/// asynchronous copies take.
///
/// A slice to the program (`Deref<Target = [T]>`), zeroed when new.
///
/// C API: `aclrtMallocHost`, `aclrtFreeHost`, `acl_rt.h`.
pub struct PinnedBuffer<T: Element> {
    /// Dangling for a buffer of no elements, which takes no memory.
    start: NonNull<T>,
    len: usize,
    context: Context,
}

// SAFETY: ordinary memory that this value owns.
unsafe impl<T: Element> Send for PinnedBuffer<T> {}
// SAFETY: as above.
unsafe impl<T: Element> Sync for PinnedBuffer<T> {}

impl<T: Element> PinnedBuffer<T> {
    /// Zeroed memory for `len` elements.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`] when the host cannot lock that much.
    #[doc(alias = "aclrtMallocHost")]
    pub fn new(context: &Context, len: usize) -> Result<Self> {
        let bytes = bytes_of::<T>(len)?;
        let mut start = NonNull::dangling();
        if bytes > 0 {
            let mut raw = ptr::null_mut();
            let current = context.bind()?;
            // SAFETY: a valid pointer and a size that is not zero.
            let status = unsafe { current.api().aclrtMallocHost(&raw mut raw, bytes) };
            current.check("aclrtMallocHost", status).map_err(|error| {
                error.while_doing(format_args!(
                    "cannot allocate {bytes} bytes of pinned memory"
                ))
            })?;
            start = NonNull::new(raw.cast())
                .ok_or_else(|| Error::internal("aclrtMallocHost succeeded without memory"))?;
            // SAFETY: the block is this long, page-aligned, and nobody else's.
            unsafe { ptr::write_bytes(start.as_ptr(), 0, len) };
        }
        Ok(Self {
            start,
            len,
            context: context.clone(),
        })
    }

    /// A copy of `source`.
    ///
    /// # Errors
    ///
    /// As for [`PinnedBuffer::new`].
    pub fn from_slice(context: &Context, source: &[T]) -> Result<Self> {
        let mut buffer = Self::new(context, source.len())?;
        buffer.copy_from_slice(source);
        Ok(buffer)
    }

    /// The context that the memory was made in.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The size in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.len * size_of::<T>()
    }

    pub(crate) fn as_raw(&self) -> *mut c_void {
        self.start.as_ptr().cast()
    }
}

/// The bytes that `len` elements take.
pub(super) fn bytes_of<T>(len: usize) -> Result<usize> {
    len.checked_mul(size_of::<T>())
        .filter(|bytes| isize::try_from(*bytes).is_ok())
        .ok_or_else(|| {
            let message = format!(
                "{len} elements of {} bytes are more than can be addressed; ask for fewer",
                size_of::<T>()
            );
            Error::new(ErrorKind::OutOfMemory, message)
        })
}

impl<T: Element> Deref for PinnedBuffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: the block holds `len` initialised elements; no work in flight writes to it, as
        // that would hold this value or borrow it mutably.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl<T: Element> DerefMut for PinnedBuffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as in `deref`, and the borrow is exclusive.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
    }
}

impl<T: Element> Drop for PinnedBuffer<T> {
    fn drop(&mut self) {
        if self.len == 0 {
            return;
        }
        let acl = self.context.acl();
        // SAFETY: ours, no work in flight uses it; no context is needed.
        let status = unsafe { acl.api().aclrtFreeHost(self.as_raw()) };
        if let Err(error) = acl.check("aclrtFreeHost", status) {
            tracing::error!(%error, "cannot free pinned memory");
        }
    }
}

impl<T: Element> fmt::Debug for PinnedBuffer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PinnedBuffer")
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}
