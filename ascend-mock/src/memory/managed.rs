//! Memory that host and device reach alike.

use std::sync::{Arc, Mutex};

use ascend_sys::{aclrtMemManagedAdviseType, aclrtMemManagedLocation, aclrtMemManagedLocationType};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::ledger::Origin;
use crate::sync::lock;

use super::arena::Arena;
use super::block::{Block, Holding};
use super::mapping::PAGE;
use super::space::{Space, exhausted};
use super::span::DeviceSpan;

/// Memory that host and device reach alike, given back when it is dropped.
pub(crate) struct SharedBlock {
    space: Arc<Space>,
    address: u64,
    span: DeviceSpan,
    /// The last call that took a reference to it away.
    freed_by: Mutex<Origin>,
}

impl SharedBlock {
    pub(crate) fn address(&self) -> u64 {
        self.address
    }

    pub(crate) fn bytes(&self) -> usize {
        self.span.reach().bytes
    }

    pub(crate) fn span(&self) -> &DeviceSpan {
        &self.span
    }

    pub(crate) fn is_freed_by(&self, origin: Origin) {
        *lock(&self.freed_by) = origin;
    }
}

impl Drop for SharedBlock {
    fn drop(&mut self) {
        let freed_by = *lock(&self.freed_by);
        self.space.end(self.address, freed_by, Holding::Buffer);
    }
}

impl Entry<'_> {
    /// Takes memory that lies wherever it is used; it counts against no device.
    pub(crate) fn allocate_managed(&self, bytes: usize, flag: u32) -> Result<u64, Fault> {
        if flag != 1 {
            let text = format!("flag is {flag}, must be ACL_RT_MEM_ATTACH_GLOBAL");
            return Err(Fault::argument(text));
        }
        if bytes == 0 {
            return Err(Fault::argument("size is 0"));
        }
        let device = self.context()?.device;
        self.allocate_shared(bytes, device, Holding::Managed)
    }

    /// Takes memory that host and device reach at the same addresses.
    fn allocate_shared(&self, bytes: usize, device: u32, holding: Holding) -> Result<u64, Fault> {
        let whole = (bytes as u64).checked_next_multiple_of(PAGE);
        let whole = whole.and_then(|bytes| usize::try_from(bytes).ok());
        let arena = whole.ok_or_else(|| exhausted(format!("{bytes} bytes are no memory's size")));
        let arena = Arena::shared(arena?).map_err(|error| {
            exhausted(format!(
                "the host has no {bytes} bytes of memory left: {error}"
            ))
        })?;
        Ok(self.world.space.adopt(arena, |arena| Block {
            base: arena.start(),
            bytes,
            booked: 0,
            device,
            holding,
            origin: self.origin,
            arena,
            length: 0,
            age: 0,
        }))
    }

    /// Takes memory for the data of a shared buffer, with a context or without.
    pub(crate) fn share_block(&self, bytes: usize) -> Result<SharedBlock, Fault> {
        let device = self.context().map_or(0, |context| context.device);
        let address = self.allocate_shared(bytes, device, Holding::Buffer)?;
        let span = self.world.span(address, bytes, self.origin)?;
        Ok(SharedBlock {
            space: Arc::clone(&self.world.space),
            address,
            span,
            freed_by: Mutex::new(self.origin),
        })
    }

    /// Checks that a range is one of managed memory.
    fn check_managed(&self, address: u64, bytes: usize) -> Result<(), Fault> {
        if bytes == 0 {
            return Err(Fault::argument("size is 0"));
        }
        let block = self.world.space.describe(address);
        if block.is_none_or(|block| block.holding != Holding::Managed) {
            return Err(Fault::runtime_argument(format!(
                "{address:#x} is no memory of aclrtMemAllocManaged"
            )));
        }
        self.world.span(address, bytes, self.origin).map(|_| ())
    }

    fn check_location(&self, location: aclrtMemManagedLocation) -> Result<(), Fault> {
        match location.type_ {
            aclrtMemManagedLocationType::ACL_MEM_LOCATIONTYPE_DEVICE => {
                self.ordinal(location.id).map(|_| ())
            }
            aclrtMemManagedLocationType::ACL_MEM_LOCATIONTYPE_HOST
            | aclrtMemManagedLocationType::ACL_MEM_LOCATIONTYPE_HOST_NUMA
            | aclrtMemManagedLocationType::ACL_MEM_LOCATIONTYPE_HOST_NUMA_CURRENT => Ok(()),
            other => Err(Fault::argument(format!("there is no location {}", other.0))),
        }
    }

    /// Managed memory is at hand everywhere here: advice that is in order changes nothing.
    pub(crate) fn advise_managed(
        &self,
        address: u64,
        bytes: usize,
        advice: aclrtMemManagedAdviseType,
        location: aclrtMemManagedLocation,
    ) -> Result<(), Fault> {
        let read_mostly = aclrtMemManagedAdviseType::ACL_MEM_ADVISE_UNSET_READ_MOSTLY.0;
        if advice.0 > aclrtMemManagedAdviseType::ACL_MEM_ADVISE_UNSET_ACCESSED_BY.0 {
            return Err(Fault::argument(format!(
                "{} is no kind of advice",
                advice.0
            )));
        }
        if advice.0 > read_mostly {
            self.check_location(location)?;
        }
        self.check_managed(address, bytes)
    }

    /// As for advice: there is nowhere to fetch memory from.
    pub(crate) fn prefetch_managed(
        &self,
        address: u64,
        bytes: usize,
        location: aclrtMemManagedLocation,
        flags: u64,
        stream: u64,
    ) -> Result<(), Fault> {
        if flags != 0 {
            return Err(Fault::argument(format!("flags are {flags}, must be 0")));
        }
        self.check_location(location)?;
        self.check_stream_handle(stream)?;
        self.check_managed(address, bytes)?;
        self.own_stream(stream).map(|_| ())
    }
}
