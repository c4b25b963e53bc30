//! Memory, copies and fills.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, end, number, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::memory::{Copy, Direction, Fill, Location, Rows, Value};

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

pub(super) unsafe fn aclrtMalloc(
    call: &Entry<'_>,
    address: *mut *mut c_void,
    bytes: usize,
    _policy: aclrtMemMallocPolicy,
) -> Result<(), Fault> {
    // SAFETY: the C function demands it.
    unsafe { allocate(call, address, bytes, true) }
}

pub(super) unsafe fn aclrtMallocAlign32(
    call: &Entry<'_>,
    address: *mut *mut c_void,
    bytes: usize,
    _policy: aclrtMemMallocPolicy,
) -> Result<(), Fault> {
    // SAFETY: the C function demands it.
    unsafe { allocate(call, address, bytes, false) }
}

pub(super) unsafe fn aclrtMallocCached(
    call: &Entry<'_>,
    address: *mut *mut c_void,
    bytes: usize,
    _policy: aclrtMemMallocPolicy,
) -> Result<(), Fault> {
    // SAFETY: the C function demands it.
    unsafe { allocate(call, address, bytes, true) }
}

pub(super) unsafe fn aclrtFree(call: &Entry<'_>, address: *mut c_void) -> Result<(), Fault> {
    call.free(address)
}

pub(super) unsafe fn aclrtMallocHost(
    call: &Entry<'_>,
    address: *mut *mut c_void,
    bytes: usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("hostPtr", address) }?;
    place.set(call.allocate_host(bytes)?.cast());
    Ok(())
}

pub(super) unsafe fn aclrtFreeHost(call: &Entry<'_>, address: *mut c_void) -> Result<(), Fault> {
    call.free_host(address)
}

/// Refuses to reach for more than the destination has.
fn check_room(bytes: usize, room: usize) -> Result<(), Fault> {
    if bytes > room {
        return Err(Fault::runtime_argument(format!(
            "{bytes} bytes do not fit into a destination of {room} bytes"
        )));
    }
    Ok(())
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
    present("dst", to)?;
    present("src", from)?;
    let direction = Direction::from_c(kind)?;
    check_room(bytes, room)?;
    // SAFETY: the caller vouches for it.
    let to = unsafe { end(call, "dst", to, bytes) }?;
    // SAFETY: the caller vouches for it; a source is only read.
    let from = unsafe { end(call, "src", from.cast_mut(), bytes) }?;
    Ok(Some(Copy {
        from,
        to,
        rows: Rows::one(bytes),
        direction,
    }))
}

pub(super) unsafe fn aclrtMemcpy(
    call: &Entry<'_>,
    to: *mut c_void,
    room: usize,
    from: *const c_void,
    bytes: usize,
    kind: aclrtMemcpyKind,
) -> Result<(), Fault> {
    // SAFETY: the C function demands `bytes` valid bytes at host addresses.
    let copy = unsafe { copy(call, (to, room), (from, bytes), kind) }?;
    copy.map_or(Ok(()), |copy| call.copy(&copy))
}

pub(super) unsafe fn aclrtMemcpyAsync(
    call: &Entry<'_>,
    to: *mut c_void,
    room: usize,
    from: *const c_void,
    bytes: usize,
    kind: aclrtMemcpyKind,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: the C function demands `bytes` valid bytes at host addresses until the stream
    // is synchronised.
    let copy = unsafe { copy(call, (to, room), (from, bytes), kind) }?;
    copy.map_or(Ok(()), |copy| call.copy_in_stream(copy, number(stream)))
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
    present("devPtr", to)?;
    check_room(bytes, room)?;
    // SAFETY: host memory is refused before it is written to.
    let to = unsafe { end(call, "devPtr", to, bytes) }?;
    let value = Value::Byte(value.to_le_bytes()[0]);
    Ok(Some(Fill { to, bytes, value }))
}

pub(super) unsafe fn aclrtMemset(
    call: &Entry<'_>,
    address: *mut c_void,
    room: usize,
    value: i32,
    bytes: usize,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    let fill = unsafe { fill(call, (address, room), value, bytes) }?;
    fill.map_or(Ok(()), |fill| call.fill(&fill))
}

pub(super) unsafe fn aclrtMemsetAsync(
    call: &Entry<'_>,
    address: *mut c_void,
    room: usize,
    value: i32,
    bytes: usize,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    let fill = unsafe { fill(call, (address, room), value, bytes) }?;
    fill.map_or(Ok(()), |fill| call.fill_in_stream(fill, number(stream)))
}

pub(super) unsafe fn aclrtGetMemInfo(
    call: &Entry<'_>,
    attribute: aclrtMemAttr,
    free: *mut usize,
    total: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let free_place = unsafe { Place::new("free", free) }?;
    // SAFETY: as above.
    let total_place = unsafe { Place::new("total", total) }?;
    let (free, total) = call.memory_info(attribute)?;
    free_place.set(usize::try_from(free).map_err(Fault::internal)?);
    total_place.set(usize::try_from(total).map_err(Fault::internal)?);
    Ok(())
}

pub(super) unsafe fn aclrtPointerGetAttributes(
    call: &Entry<'_>,
    address: *const c_void,
    attributes: *mut aclrtPtrAttributes,
) -> Result<(), Fault> {
    if address.is_null() {
        return Err(Fault::null("ptr"));
    }
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("attributes", attributes) }?;
    let (id, type_) = match call.locate(address) {
        Location::Managed(id) => (id, aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_MANAGED),
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
}

pub(super) unsafe fn aclrtCheckMemType(
    call: &Entry<'_>,
    addrList: *mut *mut c_void,
    _size: u32,
    _memType: u32,
    checkResult: *mut u32,
    _reserve: u32,
) -> Result<(), Fault> {
    present("addrList", addrList)?;
    present("checkResult", checkResult)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtFreeBuf(call: &Entry<'_>, _buf: aclrtMbuf) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtFreeHostWithDevSync(
    call: &Entry<'_>,
    hostPtr: *mut c_void,
) -> Result<(), Fault> {
    present("hostPtr", hostPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtFreeWithDevSync(
    call: &Entry<'_>,
    devPtr: *mut c_void,
) -> Result<(), Fault> {
    present("devPtr", devPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetMemUsageInfo(
    call: &Entry<'_>,
    _deviceId: i32,
    memUsageInfo: *mut aclrtMemUsageInfo,
    _inputNum: usize,
    outputNum: *mut usize,
) -> Result<(), Fault> {
    present("memUsageInfo", memUsageInfo)?;
    present("outputNum", outputNum)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMallocForTaskScheduler(
    call: &Entry<'_>,
    devPtr: *mut *mut c_void,
    _size: usize,
    _policy: aclrtMemMallocPolicy,
    cfg: *mut aclrtMallocConfig,
) -> Result<(), Fault> {
    present("devPtr", devPtr)?;
    present("cfg", cfg)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMallocHostWithCfg(
    call: &Entry<'_>,
    ptr: *mut *mut c_void,
    _size: u64,
    cfg: *mut aclrtMallocConfig,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    present("cfg", cfg)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMallocWithCfg(
    call: &Entry<'_>,
    devPtr: *mut *mut c_void,
    _size: usize,
    _policy: aclrtMemMallocPolicy,
    cfg: *mut aclrtMallocConfig,
) -> Result<(), Fault> {
    present("devPtr", devPtr)?;
    present("cfg", cfg)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemFlush(
    call: &Entry<'_>,
    devPtr: *mut c_void,
    _size: usize,
) -> Result<(), Fault> {
    present("devPtr", devPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemGetAddressRange(
    call: &Entry<'_>,
    ptr: *mut c_void,
    pbase: *mut *mut c_void,
    psize: *mut usize,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    present("pbase", pbase)?;
    present("psize", psize)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemInvalidate(
    call: &Entry<'_>,
    devPtr: *mut c_void,
    _size: usize,
) -> Result<(), Fault> {
    present("devPtr", devPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtMemP2PMap(
    call: &Entry<'_>,
    devPtr: *mut c_void,
    _size: usize,
    _dstDevId: i32,
    _flags: u64,
) -> Result<(), Fault> {
    present("devPtr", devPtr)?;
    call.unsupported()
}
