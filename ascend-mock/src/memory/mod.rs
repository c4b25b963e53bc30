//! Memory of the devices and of the host, and copies between them.

mod addresses;
mod allocator;
mod arena;
#[allow(
    unsafe_code,
    reason = "takes memory lazily, and says so when there is none"
)]
mod backing;
mod block;
mod board;
mod copy;
mod direction;
mod fill;
mod gaps;
mod heap;
#[allow(unsafe_code, reason = "reaches memory that the program owns")]
mod host;
mod managed;
#[allow(unsafe_code, reason = "maps memory of the system")]
mod mapping;
mod peers;
mod physical;
mod pool;
mod refusal;
mod region;
mod reservation;
mod sharing;
mod space;
#[allow(unsafe_code, reason = "reaches memory that the program may share")]
mod span;
mod state;

use std::ffi::c_void;

use ascend_sys::{ACL_ERROR_RT_INVALID_MEMORY_TYPE, aclrtMemAttr};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::findings::{Finding, Mistake};

pub(crate) use allocator::{Allocator, AllocatorDesc};
pub(crate) use arena::{is_beyond_host, is_device_address};
pub(crate) use block::Holding;
pub(crate) use copy::{Copy, Rows};
pub(crate) use direction::Direction;
pub(crate) use fill::{Fill, Value};
pub(crate) use host::{HostSpan, PinnedBlocks};
pub(crate) use managed::SharedBlock;
pub(crate) use physical::PhysicalHandle;
pub(crate) use pool::{Pool, PoolValue};
pub(crate) use reservation::Reservation;
pub(crate) use sharing::Sharing;
pub(crate) use space::{Request, Space};
pub(crate) use span::DeviceSpan;

/// What is booked for a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// With what `aclrtMalloc` sets aside beyond the size, so that kernels may read past the end.
    Padded,
    Rounded,
    Exact,
}

impl Entry<'_> {
    /// Takes `bytes` of the current device's memory (R-173…R-179).
    pub(crate) fn allocate(&self, bytes: usize, rounding: Rounding) -> Result<u64, Fault> {
        if bytes == 0 {
            return Err(Fault::argument("size is 0"));
        }
        let rounded = bytes.checked_next_multiple_of(32);
        let padding = self.world.profile.padding;
        let booked = match rounding {
            Rounding::Padded => rounded.and_then(|bytes| bytes.checked_add(padding)),
            Rounding::Rounded => rounded,
            Rounding::Exact => Some(bytes),
        };
        let booked = booked.ok_or_else(|| {
            Fault::argument(format!("size {bytes} leaves no room to round it up"))
        })?;
        let device = self.context()?.device;
        self.world.space.allocate(Request {
            device,
            bytes,
            booked: booked as u64,
            holding: Holding::Malloc,
            origin: self.origin,
        })
    }

    /// Frees a block of device memory (R-181…R-184). The runtime frees page-locked memory too
    /// strict mode does not.
    pub(crate) fn free(&self, address: *mut c_void) -> Result<(), Fault> {
        if address.is_null() {
            return Err(Fault::null("devPtr"));
        }
        if let Some(block) = self.world.pinned.holding(address.addr()) {
            let text =
                format!("{address:?} is page-locked host memory; free it with aclrtFreeHost");
            self.world.report(Finding {
                mistake: Mistake::WrongFree,
                text: text.clone(),
                found_by: self.origin,
                made_by: Some(block.origin()),
            });
            if self.world.config.strict {
                return Err(Fault::runtime_argument(text));
            }
            return self.world.pinned.free(address.addr());
        }
        let allowed = [Holding::Malloc, Holding::Managed];
        let (space, origin) = (&self.world.space, self.origin);
        self.check_free_block(address.addr() as u64);
        let freed = space.free(address.addr() as u64, origin, &allowed);
        freed.map_err(|refusal| self.world.refused(refusal, origin))
    }

    /// Looks whether queued work names the block that is about to be freed.
    fn check_free_block(&self, address: u64) {
        if self.world.config.strict
            && let Ok((base, bytes)) = self.address_range(address)
            && base == address
        {
            self.check_free(base, bytes as u64);
        }
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
        let number = address.addr() as u64;
        if is_device_address(number) {
            let text = format!("{address:?} is device memory; free it with aclrtFree");
            let block = self.world.space.describe(number);
            self.world.report(Finding {
                mistake: Mistake::WrongFree,
                text: text.clone(),
                found_by: self.origin,
                made_by: block.map(|block| block.origin),
            });
            return Err(Fault::runtime_argument(text));
        }
        self.check_free_block(number);
        self.world.pinned.free(address.addr())
    }

    /// Free and total bytes of the current device.
    pub(crate) fn memory_info(&self, attribute: aclrtMemAttr) -> Result<(u64, u64), Fault> {
        let known = aclrtMemAttr::ACL_DDR_MEM.0..=aclrtMemAttr::ACL_MEM_P2P_HUGE1G.0;
        if !known.contains(&attribute.0) {
            return Err(Fault::new(
                ACL_ERROR_RT_INVALID_MEMORY_TYPE,
                format!("{} is no kind of memory", attribute.0),
            ));
        }
        let device = self.context()?.device;
        Ok(self.world.space.capacity(device))
    }

    /// Start and length of the memory that holds `address`.
    pub(crate) fn address_range(&self, address: u64) -> Result<(u64, usize), Fault> {
        if let Some(block) = self.world.space.describe(address) {
            return Ok((block.base, block.bytes));
        }
        let place = usize::try_from(address).map_err(Fault::internal)?;
        let pinned = self.world.pinned.holding(place);
        pinned.map(|block| block.range()).ok_or_else(|| {
            Fault::runtime_argument(format!("{address:#x} is no memory of this runtime"))
        })
    }

    /// Where `address` lies.
    pub(crate) fn locate(&self, address: *const c_void) -> Location {
        let described = self.world.space.describe(address.addr() as u64);
        match described {
            Some(block) if block.holding.is_shared() => Location::Managed(block.device),
            Some(block) => Location::Device(block.device),
            None if self.world.pinned.holding(address.addr()).is_some() => Location::Pinned,
            None => Location::Pageable,
        }
    }
}

/// The kinds of memory that an address may lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    Device(u32),
    Managed(u32),
    Pinned,
    Pageable,
}

/// One end of a copy. Device memory is looked up when the copy runs, so that a block freed in
/// between is found out.
#[derive(Clone)]
pub(crate) enum End {
    Device(u64),
    /// Memory that host and device reach alike.
    Managed(u64),
    Host(HostSpan),
}

impl End {
    pub(crate) fn address(&self) -> u64 {
        match self {
            Self::Device(address) | Self::Managed(address) => *address,
            Self::Host(span) => span.address() as u64,
        }
    }
}
