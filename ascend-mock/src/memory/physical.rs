//! Physical memory without an address, and the addresses that it is mapped at.

use std::ops::Range;
use std::sync::{Arc, Weak};

use ascend_sys::{
    aclrtMemAccessFlags, aclrtMemAllocationType, aclrtMemAttr, aclrtMemHandleType,
    aclrtMemLocationType, aclrtPhysicalMemProp,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;

use super::mapping::MemoryFile;
use super::space::{Space, exhausted};

/// Sizes of physical memory are multiples of this, except of the largest pages.
const HUGE_PAGE: usize = 2 << 20;
const LARGEST_PAGE: usize = 1 << 30;

/// A piece of physical memory.
pub(crate) struct Physical {
    pub(super) file: Arc<MemoryFile>,
    pub(super) offset: u64,
    pub(super) bytes: usize,
    pub(super) device: u32,
    pub(super) prop: aclrtPhysicalMemProp,
    /// `None` for memory of the host and of other processes.
    extent: Option<Extent>,
}

impl Physical {
    pub(crate) fn prop(&self) -> aclrtPhysicalMemProp {
        self.prop
    }

    pub(super) fn is_on_host(&self) -> bool {
        self.prop.location.type_ != aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE
    }

    /// Refuses memory that its device has lost since it was taken.
    pub(super) fn check_kept(&self, age: impl FnOnce(u32) -> u64) -> Result<(), Fault> {
        let extent = self.extent.as_ref();
        if extent.is_some_and(|extent| extent.age != age(extent.device)) {
            return Err(lost("the physical memory", self.device));
        }
        Ok(())
    }

    /// Memory of another process, reached through its file.
    pub(super) fn imported(
        file: MemoryFile,
        range: &Range<u64>,
        device: u32,
    ) -> Result<Self, Fault> {
        let mut prop = device_prop(device);
        prop.handleType = aclrtMemHandleType::ACL_MEM_HANDLE_TYPE_NONE;
        Ok(Self {
            file: Arc::new(file),
            offset: range.start,
            bytes: usize::try_from(range.end - range.start).map_err(Fault::internal)?,
            device,
            prop,
            extent: None,
        })
    }
}

/// A part of a device's heap, given back when it is dropped.
struct Extent {
    /// Which itself knows what is mapped.
    space: Weak<Space>,
    device: u32,
    age: u64,
    range: Range<u64>,
}

impl Drop for Extent {
    fn drop(&mut self) {
        if let Some(space) = self.space.upgrade() {
            space.give_back_extent(self.device, self.age, &self.range);
        }
    }
}

/// What a program holds of physical memory; several handles may stand for one piece.
pub(crate) struct PhysicalHandle(pub(crate) Arc<Physical>);

impl Object for PhysicalHandle {
    const KIND: Kind = Kind::PhysicalMemory;
}

fn device_prop(device: u32) -> aclrtPhysicalMemProp {
    aclrtPhysicalMemProp {
        handleType: aclrtMemHandleType::ACL_MEM_HANDLE_TYPE_NONE,
        allocationType: aclrtMemAllocationType::ACL_MEM_ALLOCATION_TYPE_PINNED,
        memAttr: aclrtMemAttr::ACL_HBM_MEM_HUGE,
        location: ascend_sys::aclrtMemLocation {
            id: device,
            type_: aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE,
        },
        reserve: 0,
    }
}

/// The size that physical memory of an attribute is a multiple of.
fn granularity(attribute: aclrtMemAttr) -> usize {
    match attribute {
        aclrtMemAttr::ACL_HBM_MEM_HUGE1G
        | aclrtMemAttr::ACL_HBM_MEM_P2P_HUGE1G
        | aclrtMemAttr::ACL_MEM_HUGE1G
        | aclrtMemAttr::ACL_MEM_P2P_HUGE1G => LARGEST_PAGE,
        _ => HUGE_PAGE,
    }
}

///
fn check_prop(prop: &aclrtPhysicalMemProp) -> Result<(), Fault> {
    let refused = |what: &str, value: u32| Err(Fault::argument(format!("prop: {what} {value}")));
    let attributes = aclrtMemAttr::ACL_DDR_MEM_HUGE.0..=aclrtMemAttr::ACL_MEM_P2P_HUGE1G.0;
    let location = prop.location.type_;
    if prop.handleType != aclrtMemHandleType::ACL_MEM_HANDLE_TYPE_NONE {
        return refused("handles are of type 0 only, not", prop.handleType.0);
    }
    if prop.allocationType != aclrtMemAllocationType::ACL_MEM_ALLOCATION_TYPE_PINNED {
        return refused("allocations are of type 0 only, not", prop.allocationType.0);
    }
    if !attributes.contains(&prop.memAttr.0) {
        return refused("there is no such kind of physical memory:", prop.memAttr.0);
    }
    match location {
        aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE
        | aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_HOST
        | aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_HOST_NUMA => Ok(()),
        _ => refused("there is no such location:", location.0),
    }
}

impl Entry<'_> {
    /// Asking for the least and for the recommended size answers the same.
    pub(crate) fn allocation_granularity(
        prop: &aclrtPhysicalMemProp,
        option: u32,
    ) -> Result<usize, Fault> {
        check_prop(prop)?;
        if option > 1 {
            return Err(Fault::argument(format!(
                "{option} is no kind of granularity"
            )));
        }
        let is_device = prop.location.type_ == aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE;
        let is_ddr = matches!(
            prop.memAttr,
            aclrtMemAttr::ACL_DDR_MEM_HUGE
                | aclrtMemAttr::ACL_DDR_MEM_NORMAL
                | aclrtMemAttr::ACL_DDR_MEM_P2P_HUGE
                | aclrtMemAttr::ACL_DDR_MEM_P2P_NORMAL
        );
        if is_device && is_ddr {
            return Err(Fault::argument("prop: DDR memory is not on a device"));
        }
        Ok(granularity(prop.memAttr))
    }

    ///
    pub(crate) fn allocate_physical(
        &self,
        bytes: usize,
        prop: aclrtPhysicalMemProp,
        flags: u64,
    ) -> Result<u64, Fault> {
        if bytes == 0 {
            return Err(Fault::argument("size is 0"));
        }
        if flags != 0 {
            return Err(Fault::argument(format!("flags are {flags}, must be 0")));
        }
        check_prop(&prop)?;
        let unit = granularity(prop.memAttr);
        if !bytes.is_multiple_of(unit) {
            return Err(Fault::runtime_argument(format!(
                "size {bytes} is no multiple of {unit}, which aclrtMemGetAllocationGranularity \
                 answers"
            )));
        }
        let on_device = prop.location.type_ == aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE;
        let physical = if on_device {
            let id = i32::try_from(prop.location.id).unwrap_or(i32::MAX);
            let device = self.ordinal(id)?;
            let space = &self.world.space;
            let (file, range, age) = space.take_extent(device, bytes as u64, unit as u64)?;
            let offset = range.start;
            let extent = Extent {
                space: Arc::downgrade(space),
                device,
                age,
                range,
            };
            Physical {
                file,
                offset,
                bytes,
                device,
                prop,
                extent: Some(extent),
            }
        } else {
            let file = MemoryFile::new(bytes as u64).map_err(|error| {
                exhausted(format!(
                    "the host has no {bytes} bytes of memory left: {error}"
                ))
            })?;
            Physical {
                file: Arc::new(file),
                offset: 0,
                bytes,
                device: 0,
                prop,
                extent: None,
            }
        };
        Ok(self.hand_out(Arc::new(physical)))
    }

    pub(super) fn hand_out(&self, physical: Arc<Physical>) -> u64 {
        let handle = PhysicalHandle(physical);
        self.world.physical.insert(self.origin, |_| handle).0
    }

    /// Gives one handle back; the memory goes when it is mapped nowhere any more.
    pub(crate) fn free_physical(&self, handle: u64) -> Result<(), Fault> {
        self.world.physical.remove(handle).map(|_| ())
    }

    ///
    pub(crate) fn reserve_addresses(
        &self,
        bytes: usize,
        alignment: usize,
        hint: usize,
        flags: u64,
    ) -> Result<u64, Fault> {
        if bytes == 0 {
            return Err(Fault::argument("size is 0"));
        }
        if alignment != 0 {
            return Err(Fault::argument(format!(
                "alignment is {alignment}, must be 0"
            )));
        }
        if flags > 1 {
            return Err(Fault::argument(format!(
                "flags are {flags}, must be 0 or 1"
            )));
        }
        let length = bytes.checked_next_multiple_of(HUGE_PAGE).ok_or_else(|| {
            Fault::argument(format!("size {bytes} leaves no room to round it up"))
        })?;
        let hint = if hint.is_multiple_of(HUGE_PAGE) {
            hint
        } else {
            0
        };
        self.world
            .space
            .reserve_addresses(length, HUGE_PAGE, hint, self.origin)
    }

    ///
    pub(crate) fn map(
        &self,
        address: u64,
        bytes: usize,
        offset: usize,
        handle: u64,
        flags: u64,
    ) -> Result<(), Fault> {
        if offset != 0 || flags != 0 {
            let text = format!("offset is {offset} and flags are {flags}, both must be 0");
            return Err(Fault::argument(text));
        }
        let physical = Arc::clone(&self.world.physical.get(handle)?.0);
        if bytes != physical.bytes {
            return Err(Fault::runtime_argument(format!(
                "the physical memory has {} bytes, {bytes} are to be mapped",
                physical.bytes
            )));
        }
        self.world.space.map(address, physical, self.origin)
    }

    /// Takes physical memory away from the addresses that it is mapped at.
    pub(crate) fn unmap(&self, address: u64) -> Result<(), Fault> {
        let unmapped = self.world.space.unmap(address);
        unmapped
            .map(|_| ())
            .map_err(|refusal| self.world.refused(refusal, self.origin))
    }

    /// One more handle for the memory mapped at `address`.
    pub(crate) fn retain_physical(&self, address: u64) -> Result<u64, Fault> {
        let physical = self.world.space.mapped_at(address);
        physical
            .map(|physical| self.hand_out(physical))
            .ok_or_else(|| not_mapped(address))
    }

    /// Lets locations reach a mapped range.
    pub(crate) fn set_access(
        &self,
        address: u64,
        bytes: usize,
        access: &[(u32, aclrtMemLocationType, aclrtMemAccessFlags)],
    ) -> Result<(), Fault> {
        for &(id, location, flags) in access {
            let flags = match flags {
                aclrtMemAccessFlags::ACL_RT_MEM_ACCESS_FLAGS_NONE
                | aclrtMemAccessFlags::ACL_RT_MEM_ACCESS_FLAGS_READ
                | aclrtMemAccessFlags::ACL_RT_MEM_ACCESS_FLAGS_READWRITE => flags.0,
                other => return Err(Fault::argument(format!("{} is no kind of access", other.0))),
            };
            match location {
                aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE => {
                    let device = self.ordinal(i32::try_from(id).unwrap_or(i32::MAX))?;
                    self.world
                        .space
                        .set_access(address, bytes, device, u64::from(flags))?;
                }
                other => {
                    let text = format!("access is given to devices, not to location {}", other.0);
                    return Err(Fault::argument(text));
                }
            }
        }
        Ok(())
    }
}

/// What was taken of a device before it was shut down is of no use any more.
pub(super) fn lost(what: &str, device: u32) -> Fault {
    Fault::runtime_argument(format!(
        "{what} was lost when device {device} was reset; free it, and take it anew"
    ))
}

pub(super) fn not_mapped(address: u64) -> Fault {
    Fault::runtime_argument(format!(
        "{address:#x} is not where physical memory is mapped"
    ))
}
