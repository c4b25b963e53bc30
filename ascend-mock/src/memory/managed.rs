//! Memory that host and device reach alike.

use ascend_sys::{aclrtMemManagedAdviseType, aclrtMemManagedLocation, aclrtMemManagedLocationType};

use crate::entry::Entry;
use crate::fault::Fault;

use super::arena::Arena;
use super::block::{Block, Holding};
use super::mapping::PAGE;
use super::space::exhausted;

impl Entry<'_> {
    /// Takes memory that lies wherever it is used; it counts against no device.
    pub(crate) fn allocate_managed(&self, bytes: usize, flag: u32) -> Result<u64, Fault> {
        if flag != 1 {
            let text = format!("flag is {flag}, must be ACL_RT_MEM_ATTACH_GLOBAL");
            return Err(Fault::argument(text));
        }
        self.allocate_shared(bytes, Holding::Managed)
    }

    /// Takes memory that host and device reach at the same addresses.
    pub(super) fn allocate_shared(&self, bytes: usize, holding: Holding) -> Result<u64, Fault> {
        if bytes == 0 {
            return Err(Fault::argument("size is 0"));
        }
        let device = self.context()?.device;
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
