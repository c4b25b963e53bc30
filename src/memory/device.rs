//! Memory of the device.

use std::ffi::c_void;
use std::fmt;
use std::marker::PhantomData;
use std::ptr;

use ascend_sys::aclrtMemMallocPolicy;

use super::copy::{self, Direction};
use super::element::Element;
use super::pinned::bytes_of;
use crate::context::Context;
use crate::error::Result;

/// `len` elements in a device's memory.
///
/// The host cannot touch them; it copies. What a new buffer holds is undefined. Freeing does not
/// wait for streams, so a buffer that work in flight uses is kept by that work.
///
/// C API: `aclrtMalloc`, `aclrtFree`, `acl_rt.h`.
pub struct DeviceBuffer<T: Element> {
    /// Null for a buffer of no elements, which takes no memory.
    raw: *mut c_void,
    len: usize,
    context: Context,
    _elements: PhantomData<T>,
}

// SAFETY: a device address is process-wide; the host never dereferences it.
unsafe impl<T: Element> Send for DeviceBuffer<T> {}
// SAFETY: shared use only reads the address and copies out.
unsafe impl<T: Element> Sync for DeviceBuffer<T> {}

impl<T: Element> DeviceBuffer<T> {
    /// Memory for `len` elements on the device of `context`, aligned to 64 bytes or more.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`](crate::ErrorKind::OutOfMemory) when the device has not enough.
    #[doc(alias = "aclrtMalloc")]
    pub fn new(context: &Context, len: usize) -> Result<Self> {
        let bytes = bytes_of::<T>(len)?;
        let mut raw = ptr::null_mut();
        if bytes > 0 {
            let policy = aclrtMemMallocPolicy::ACL_MEM_MALLOC_HUGE_FIRST;
            let current = context.bind()?;
            // SAFETY: a valid pointer and a size that is not zero.
            let status = unsafe { current.api().aclrtMalloc(&raw mut raw, bytes, policy) };
            current.check("aclrtMalloc", status).map_err(|error| {
                error.while_doing(format_args!("cannot allocate {bytes} bytes on the device"))
            })?;
        }
        Ok(Self {
            raw,
            len,
            context: context.clone(),
            _elements: PhantomData,
        })
    }

    /// A copy of `source` on the device of `context`.
    ///
    /// # Errors
    ///
    /// As for [`DeviceBuffer::new`].
    pub fn from_slice(context: &Context, source: &[T]) -> Result<Self> {
        let mut buffer = Self::new(context, source.len())?;
        buffer.copy_from_slice(source)?;
        Ok(buffer)
    }

    /// Takes over memory that the device's own runtime allocated for its user.
    ///
    /// # Safety
    ///
    /// `raw` is the base of a block of `aclrtMalloc`, good for `len` elements, that nobody else
    /// frees, in the memory of the context's device.
    pub(crate) unsafe fn adopt(context: &Context, raw: *mut c_void, len: usize) -> Self {
        Self {
            raw,
            len,
            context: context.clone(),
            _elements: PhantomData,
        }
    }

    /// The number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The size in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.len * size_of::<T>()
    }

    /// The context that the memory belongs to.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    pub(crate) fn as_raw(&self) -> *mut c_void {
        self.raw
    }

    /// Copies from the host, and returns when it is done.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`](crate::ErrorKind::Shape) when the lengths differ.
    #[doc(alias = "aclrtMemcpy")]
    pub fn copy_from_slice(&mut self, source: &[T]) -> Result<()> {
        copy::check_lengths(source.len(), self.len)?;
        let (target, source) = (self.raw, source.as_ptr().cast());
        // SAFETY: both are of this length, and the copy is over when the call returns.
        unsafe {
            copy::blocking(
                &self.context,
                target,
                source,
                self.bytes(),
                Direction::HostToDevice,
            )
        }
    }

    /// Copies to the host, and returns when it is done.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`](crate::ErrorKind::Shape) when the lengths differ.
    #[doc(alias = "aclrtMemcpy")]
    pub fn copy_to_slice(&self, target: &mut [T]) -> Result<()> {
        copy::check_lengths(self.len, target.len())?;
        let (target, source) = (target.as_mut_ptr().cast(), self.raw);
        // SAFETY: as in `copy_from_slice`; every pattern of bits is a `T`.
        unsafe {
            copy::blocking(
                &self.context,
                target,
                source,
                self.bytes(),
                Direction::DeviceToHost,
            )
        }
    }

    /// Copies from another buffer of the same device, and returns when it is done.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`](crate::ErrorKind::Shape) when the lengths differ,
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) when the other is of
    /// another context.
    #[doc(alias = "aclrtMemcpy")]
    pub fn copy_from(&mut self, source: &Self) -> Result<()> {
        copy::check_lengths(source.len, self.len)?;
        self.context.must_be(&source.context, "the source buffer")?;
        let direction = Direction::DeviceToDevice;
        // SAFETY: both are of this length, and the copy is over when the call returns.
        unsafe { copy::blocking(&self.context, self.raw, source.raw, self.bytes(), direction) }
    }

    /// The contents, copied to the host.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Device`](crate::ErrorKind::Device) when the device was lost.
    pub fn to_vec(&self) -> Result<Vec<T>> {
        let mut values = vec![T::default(); self.len];
        self.copy_to_slice(&mut values)?;
        Ok(values)
    }
}

impl<T: Element> Drop for DeviceBuffer<T> {
    fn drop(&mut self) {
        if self.raw.is_null() {
            return;
        }
        let acl = self.context.acl();
        // SAFETY: ours, no work in flight uses it; no context is needed.
        let status = unsafe { acl.api().aclrtFree(self.raw) };
        if let Err(error) = acl.check("aclrtFree", status) {
            tracing::error!(%error, "cannot free device memory");
        }
    }
}

impl<T: Element> fmt::Debug for DeviceBuffer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceBuffer")
            .field("address", &self.raw)
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}
