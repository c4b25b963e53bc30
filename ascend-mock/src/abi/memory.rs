//! Memory, copies and fills.

use std::ffi::c_void;

use ascend_sys::{
    aclError, aclrtMemAttr, aclrtMemLocation, aclrtMemLocationType, aclrtMemMallocPolicy,
    aclrtMemcpyKind, aclrtPtrAttributes, aclrtStream,
};

use super::pointers::{Place, end, number, opaque};
use crate::entry::{Entry, entry};
use crate::fault::Fault;
use crate::memory::{Copy, Direction, Fill, Location};

/// The three ways to take device memory. Page sizes mean nothing to the CPU device, so the policy
/// is not looked at.
///
/// # Safety
///
/// `address` is NULL, or a place for the answer.
unsafe fn allocate(
    call: &Entry<'_>,
    address: *mut *mut c_void,
    bytes: usize,
    padded: bool,
) -> Result<(), Fault> {
    // SAFETY: the caller vouches for it.
    let place = unsafe { Place::new("devPtr", address) }?;
    place.set(opaque(call.allocate(bytes, padded)?));
    Ok(())
}

pub(super) unsafe extern "C" fn aclrtMalloc<const SLOT: usize>(
    address: *mut *mut c_void,
    bytes: usize,
    _policy: aclrtMemMallocPolicy,
) -> aclError {
    entry(SLOT, "aclrtMalloc", |call| {
        // SAFETY: the C function demands it.
        unsafe { allocate(call, address, bytes, true) }
    })
}

pub(super) unsafe extern "C" fn aclrtMallocAlign32<const SLOT: usize>(
    address: *mut *mut c_void,
    bytes: usize,
    _policy: aclrtMemMallocPolicy,
) -> aclError {
    entry(SLOT, "aclrtMallocAlign32", |call| {
        // SAFETY: the C function demands it.
        unsafe { allocate(call, address, bytes, false) }
    })
}

pub(super) unsafe extern "C" fn aclrtMallocCached<const SLOT: usize>(
    address: *mut *mut c_void,
    bytes: usize,
    _policy: aclrtMemMallocPolicy,
) -> aclError {
    entry(SLOT, "aclrtMallocCached", |call| {
        // SAFETY: the C function demands it.
        unsafe { allocate(call, address, bytes, true) }
    })
}

pub(super) unsafe extern "C" fn aclrtFree<const SLOT: usize>(address: *mut c_void) -> aclError {
    entry(SLOT, "aclrtFree", |call| call.free(address))
}

pub(super) unsafe extern "C" fn aclrtMallocHost<const SLOT: usize>(
    address: *mut *mut c_void,
    bytes: usize,
) -> aclError {
    entry(SLOT, "aclrtMallocHost", |call| {
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("hostPtr", address) }?;
        place.set(call.allocate_host(bytes)?.cast());
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclrtFreeHost<const SLOT: usize>(address: *mut c_void) -> aclError {
    entry(SLOT, "aclrtFreeHost", |call| call.free_host(address))
}

/// What both copying functions check first; `None` when there is nothing to copy.
///
/// # Safety
///
/// Host addresses are valid until the copy is done; see [`end`].
unsafe fn copy(
    call: &Entry<'_>,
    (to, room): (*mut c_void, usize),
    (from, bytes): (*const c_void, usize),
    kind: aclrtMemcpyKind,
) -> Result<Option<Copy>, Fault> {
    if bytes == 0 {
        return Ok(None);
    }
    let direction = Direction::from_c(kind)?;
    // SAFETY: the caller vouches for it.
    let to = unsafe { end(call, "dst", to, bytes) }?;
    // SAFETY: the caller vouches for it; a source is only read.
    let from = unsafe { end(call, "src", from.cast_mut(), bytes) }?;
    Ok(Some(Copy {
        from,
        to,
        bytes,
        room,
        direction,
    }))
}

pub(super) unsafe extern "C" fn aclrtMemcpy<const SLOT: usize>(
    to: *mut c_void,
    room: usize,
    from: *const c_void,
    bytes: usize,
    kind: aclrtMemcpyKind,
) -> aclError {
    entry(SLOT, "aclrtMemcpy", |call| {
        // SAFETY: the C function demands `bytes` valid bytes at host addresses.
        let copy = unsafe { copy(call, (to, room), (from, bytes), kind) }?;
        copy.map_or(Ok(()), |copy| call.copy(&copy))
    })
}

pub(super) unsafe extern "C" fn aclrtMemcpyAsync<const SLOT: usize>(
    to: *mut c_void,
    room: usize,
    from: *const c_void,
    bytes: usize,
    kind: aclrtMemcpyKind,
    stream: aclrtStream,
) -> aclError {
    entry(SLOT, "aclrtMemcpyAsync", |call| {
        // SAFETY: the C function demands `bytes` valid bytes at host addresses until the stream
        // is synchronised.
        let copy = unsafe { copy(call, (to, room), (from, bytes), kind) }?;
        copy.map_or(Ok(()), |copy| call.copy_in_stream(copy, number(stream)))
    })
}

/// What both filling functions check first; `None` when there is nothing to fill. Only
/// the lowest byte of the value counts.
///
/// # Safety
///
/// None beyond [`end`]: a host address is refused.
unsafe fn fill(
    call: &Entry<'_>,
    (to, room): (*mut c_void, usize),
    value: i32,
    bytes: usize,
) -> Result<Option<Fill>, Fault> {
    if bytes == 0 {
        return Ok(None);
    }
    // SAFETY: host memory is refused before it is written to.
    let to = unsafe { end(call, "devPtr", to, bytes) }?;
    let value = value.to_le_bytes()[0];
    Ok(Some(Fill {
        to,
        bytes,
        room,
        value,
    }))
}

pub(super) unsafe extern "C" fn aclrtMemset<const SLOT: usize>(
    address: *mut c_void,
    room: usize,
    value: i32,
    bytes: usize,
) -> aclError {
    entry(SLOT, "aclrtMemset", |call| {
        // SAFETY: as the C function demands.
        let fill = unsafe { fill(call, (address, room), value, bytes) }?;
        fill.map_or(Ok(()), |fill| call.fill(&fill))
    })
}

pub(super) unsafe extern "C" fn aclrtMemsetAsync<const SLOT: usize>(
    address: *mut c_void,
    room: usize,
    value: i32,
    bytes: usize,
    stream: aclrtStream,
) -> aclError {
    entry(SLOT, "aclrtMemsetAsync", |call| {
        // SAFETY: as the C function demands.
        let fill = unsafe { fill(call, (address, room), value, bytes) }?;
        fill.map_or(Ok(()), |fill| call.fill_in_stream(fill, number(stream)))
    })
}

pub(super) unsafe extern "C" fn aclrtGetMemInfo<const SLOT: usize>(
    attribute: aclrtMemAttr,
    free: *mut usize,
    total: *mut usize,
) -> aclError {
    entry(SLOT, "aclrtGetMemInfo", |call| {
        // SAFETY: NULL, or a place for the answer.
        let free_place = unsafe { Place::new("free", free) }?;
        // SAFETY: as above.
        let total_place = unsafe { Place::new("total", total) }?;
        let (free, total) = call.memory_info(attribute)?;
        free_place.set(usize::try_from(free).map_err(Fault::internal)?);
        total_place.set(usize::try_from(total).map_err(Fault::internal)?);
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclrtPointerGetAttributes<const SLOT: usize>(
    address: *const c_void,
    attributes: *mut aclrtPtrAttributes,
) -> aclError {
    entry(SLOT, "aclrtPointerGetAttributes", |call| {
        if address.is_null() {
            return Err(Fault::null("ptr"));
        }
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("attributes", attributes) }?;
        let (id, type_) = match call.locate(address)? {
            Location::Device(id) => (id, aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE),
            Location::Pinned => (0, aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_HOST),
            Location::Pageable => (0, aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_UNREGISTERED),
        };
        place.set(aclrtPtrAttributes {
            location: aclrtMemLocation { id, type_ },
            pageSize: 4096,
            rsv: [0; 4],
        });
        Ok(())
    })
}
