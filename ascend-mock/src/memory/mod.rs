//! Memory of the devices and of the host, and copies between them.

#[allow(
    unsafe_code,
    reason = "takes memory lazily, and says so when there is none"
)]
mod backing;
mod copy;
#[allow(unsafe_code, reason = "reaches memory that the program owns")]
mod host;
mod space;

use std::ffi::c_void;
use std::sync::Arc;

use ascend_sys::{ACL_ERROR_RT_INVALID_MEMORY_TYPE, aclrtMemAttr};

use crate::entry::Entry;
use crate::fault::Fault;

pub(crate) use copy::{Copy, Direction, Fill};
pub(crate) use host::{HostSpan, PinnedBlock, PinnedBlocks};
pub(crate) use space::{DeviceSpan, Reservation, Space, is_device_address};

/// What `aclrtMalloc` sets aside beyond the size, so that kernels may read past the end.
const PADDING: usize = 32;

impl Entry<'_> {
    /// Takes `bytes` of the current device's memory (R-173…R-179).
    pub(crate) fn allocate(&self, bytes: usize, padded: bool) -> Result<u64, Fault> {
        if bytes == 0 {
            return Err(Fault::argument("size is 0"));
        }
        let padding = if padded { PADDING } else { 0 };
        let reserved = bytes
            .checked_next_multiple_of(32)
            .and_then(|bytes| bytes.checked_add(padding))
            .ok_or_else(|| {
                Fault::argument(format!("size {bytes} leaves no room to round it up"))
            })?;
        let device = self.context()?.device;
        self.world
            .space
            .allocate(device, bytes, reserved, self.origin)
    }

    /// Frees a block of device memory (R-181… ).
    pub(crate) fn free(&self, address: *mut c_void) -> Result<(), Fault> {
        if address.is_null() {
            return Err(Fault::null("devPtr"));
        }
        if self.world.pinned.find(address.addr(), 0)?.is_some() {
            return Err(Fault::runtime_argument(format!(
                "{address:?} is page-locked host memory; free it with aclrtFreeHost"
            )));
        }
        let address = address.addr() as u64;
        if let Some(bytes) = self.world.space.bytes_of(address) {
            self.check_free(address, bytes);
        }
        self.world.space.free(address)
    }

    /// Takes `bytes` of page-locked host memory.
    pub(crate) fn allocate_host(&self, bytes: usize) -> Result<*mut u8, Fault> {
        if bytes == 0 {
            return Err(Fault::argument("size is 0"));
        }
        self.context()?;
        self.world.pinned.allocate(bytes, self.origin)
    }

    /// Frees page-locked host memory.
    pub(crate) fn free_host(&self, address: *mut c_void) -> Result<(), Fault> {
        if address.is_null() {
            return Err(Fault::null("hostPtr"));
        }
        if is_device_address(address.addr() as u64) {
            return Err(Fault::runtime_argument(format!(
                "{address:?} is device memory; free it with aclrtFree"
            )));
        }
        if let Some(block) = self.world.pinned.find(address.addr(), 0)? {
            self.check_free(address.addr() as u64, block.bytes() as u64);
        }
        self.world.pinned.free(address.addr())
    }

    /// Free and total bytes of the current device.
    pub(crate) fn memory_info(&self, attribute: aclrtMemAttr) -> Result<(u64, u64), Fault> {
        let known = aclrtMemAttr::ACL_DDR_MEM.0..=aclrtMemAttr::ACL_MEM_HUGE.0;
        if !known.contains(&attribute.0) {
            return Err(Fault::new(
                ACL_ERROR_RT_INVALID_MEMORY_TYPE,
                format!("{} is no kind of memory", attribute.0),
            ));
        }
        let device = self.context()?.device;
        Ok(self.world.space.capacity(device))
    }

    /// Where `address` lies.
    pub(crate) fn locate(&self, address: *const c_void) -> Result<Location, Fault> {
        if let Some(device) = self.world.space.device_of(address.addr() as u64) {
            return Ok(Location::Device(device));
        }
        let pinned = self.world.pinned.find(address.addr(), 0)?;
        Ok(pinned.map_or(Location::Pageable, |_| Location::Pinned))
    }
}

/// The kinds of memory that an address may lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    Device(u32),
    Pinned,
    Pageable,
}

/// One end of a copy. Device memory is looked up when the copy runs, so that a block freed in
/// between is found out.
#[derive(Clone)]
pub(crate) enum End {
    Device(u64),
    Host(HostSpan),
}

impl End {
    pub(crate) fn is_device(&self) -> bool {
        matches!(self, Self::Device(_))
    }

    pub(crate) fn address(&self) -> u64 {
        match self {
            Self::Device(address) => *address,
            Self::Host(span) => span.address() as u64,
        }
    }

    pub(crate) fn pinned(&self) -> Option<&Arc<PinnedBlock>> {
        match self {
            Self::Device(_) => None,
            Self::Host(span) => span.pinned(),
        }
    }
}
