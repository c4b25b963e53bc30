//! Memory: taking it, giving it back, and what is known of it.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, handle, list, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::memory::{Location, Rounding};
use crate::sync::Deadline;

/// The ways to take device memory. Page sizes mean nothing to the CPU device, so of the policy
/// only the use by peers is looked at.
///
/// # Safety
///
/// `address` is NULL, or a place for the answer.
unsafe fn allocate(
    call: &Entry<'_>,
    address: *mut *mut c_void,
    bytes: usize,
    rounding: Rounding,
    policy: aclrtMemMallocPolicy,
) -> Result<(), Fault> {
    // SAFETY: the caller vouches for it.
    let place = unsafe { Place::new("devPtr", address) }?;
    let is_for_peers = matches!(
        policy,
        aclrtMemMallocPolicy::ACL_MEM_MALLOC_HUGE_FIRST_P2P
            | aclrtMemMallocPolicy::ACL_MEM_MALLOC_HUGE_ONLY_P2P
            | aclrtMemMallocPolicy::ACL_MEM_MALLOC_NORMAL_ONLY_P2P
            | aclrtMemMallocPolicy::ACL_MEM_MALLOC_HUGE1G_ONLY_P2P
    );
    if is_for_peers && call.world.config.host_access {
        return Err(Fault::new(
            ACL_ERROR_RT_FEATURE_NOT_SUPPORT,
            "where host and device share memory there is none for peers",
        ));
    }
    place.set(opaque(call.allocate(bytes, rounding)?));
    Ok(())
}

pub(super) unsafe fn aclrtMalloc(
    call: &Entry<'_>,
    address: *mut *mut c_void,
    bytes: usize,
    policy: aclrtMemMallocPolicy,
) -> Result<(), Fault> {
    // SAFETY: the C function demands it.
    unsafe { allocate(call, address, bytes, Rounding::Padded, policy) }
}

pub(super) unsafe fn aclrtMallocAlign32(
    call: &Entry<'_>,
    address: *mut *mut c_void,
    bytes: usize,
    policy: aclrtMemMallocPolicy,
) -> Result<(), Fault> {
    // SAFETY: the C function demands it.
    unsafe { allocate(call, address, bytes, Rounding::Rounded, policy) }
}

pub(super) unsafe fn aclrtMallocCached(
    call: &Entry<'_>,
    address: *mut *mut c_void,
    bytes: usize,
    policy: aclrtMemMallocPolicy,
) -> Result<(), Fault> {
    // SAFETY: the C function demands it.
    unsafe { allocate(call, address, bytes, Rounding::Padded, policy) }
}

/// Checks the attributes of an allocation; none changes what the CPU device does.
///
/// # Safety
///
/// `config` is NULL, or points to a configuration with as many attributes as it says.
unsafe fn check_config(config: *const aclrtMallocConfig) -> Result<(), Fault> {
    if config.is_null() {
        return Ok(());
    }
    // SAFETY: the caller vouches for it.
    let config = unsafe { list("cfg", config, 1) }?;
    if config[0].numAttrs == 0 {
        return Ok(());
    }
    // SAFETY: as above.
    let attributes = unsafe { list("cfg->attrs", config[0].attrs, config[0].numAttrs) }?;
    let unknown = attributes
        .iter()
        .find(|attribute| attribute.attr.0 > aclrtMallocAttrType::ACL_RT_MEM_ATTR_VA_FLAG.0);
    unknown.map_or(Ok(()), |attribute| {
        let text = format!("{} is no attribute of allocations", attribute.attr.0);
        Err(Fault::argument(text))
    })
}

pub(super) unsafe fn aclrtMallocWithCfg(
    call: &Entry<'_>,
    devPtr: *mut *mut c_void,
    size: usize,
    policy: aclrtMemMallocPolicy,
    cfg: *mut aclrtMallocConfig,
) -> Result<(), Fault> {
    present("devPtr", devPtr)?;
    // SAFETY: as the C function demands.
    unsafe { check_config(cfg) }?;
    // SAFETY: as the C function demands.
    unsafe { allocate(call, devPtr, size, Rounding::Exact, policy) }
}

pub(super) unsafe fn aclrtMallocForTaskScheduler(
    call: &Entry<'_>,
    devPtr: *mut *mut c_void,
    size: usize,
    policy: aclrtMemMallocPolicy,
    cfg: *mut aclrtMallocConfig,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    unsafe { aclrtMallocWithCfg(call, devPtr, size, policy, cfg) }
}

pub(super) unsafe fn aclrtMallocHostWithCfg(
    call: &Entry<'_>,
    ptr: *mut *mut c_void,
    size: u64,
    cfg: *mut aclrtMallocConfig,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    // SAFETY: as the C function demands.
    unsafe { check_config(cfg) }?;
    let size = usize::try_from(size).map_err(Fault::internal)?;
    // SAFETY: as the C function demands.
    unsafe { aclrtMallocHost(call, ptr, size) }
}

pub(super) unsafe fn aclrtFreeWithDevSync(
    call: &Entry<'_>,
    devPtr: *mut c_void,
) -> Result<(), Fault> {
    present("devPtr", devPtr)?;
    call.synchronize_context(Deadline::NEVER)?;
    call.free(devPtr)
}

pub(super) unsafe fn aclrtFreeHostWithDevSync(
    call: &Entry<'_>,
    hostPtr: *mut c_void,
) -> Result<(), Fault> {
    present("hostPtr", hostPtr)?;
    call.synchronize_context(Deadline::NEVER)?;
    call.free_host(hostPtr)
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

pub(super) unsafe fn aclrtPointerGetAttributes(
    call: &Entry<'_>,
    address: *const c_void,
    attributes: *mut aclrtPtrAttributes,
) -> Result<(), Fault> {
    present("ptr", address)?;
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

pub(super) unsafe fn aclrtMemGetAddressRange(
    call: &Entry<'_>,
    ptr: *mut c_void,
    pbase: *mut *mut c_void,
    psize: *mut usize,
) -> Result<(), Fault> {
    let address = handle("ptr", ptr)?;
    // SAFETY: NULL, or a place for the answer.
    let base_place = unsafe { Place::new("pbase", pbase) }?;
    // SAFETY: NULL, or a place for the answer.
    let size_place = unsafe { Place::new("psize", psize) }?;
    let (base, bytes) = call.address_range(address)?;
    base_place.set(opaque(base));
    size_place.set(bytes);
    Ok(())
}

pub(super) unsafe fn aclrtGetMemUsageInfo(
    call: &Entry<'_>,
    deviceId: i32,
    memUsageInfo: *mut aclrtMemUsageInfo,
    inputNum: usize,
    outputNum: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or places for the answers, of which the first is used.
    let info_place = unsafe { Place::new("memUsageInfo", memUsageInfo) }?;
    // SAFETY: NULL, or a place for the answer.
    let count_place = unsafe { Place::new("outputNum", outputNum) }?;
    if inputNum == 0 {
        return Err(Fault::argument("inputNum is 0"));
    }
    let device = call.ordinal(deviceId)?;
    let usage = call.world.space.usage(device);
    let mut name = [0; 32];
    for (place, byte) in name.iter_mut().zip(b"APP") {
        *place = c_char::from_ne_bytes([*byte]);
    }
    info_place.set(aclrtMemUsageInfo {
        name,
        curMemSize: usage.now,
        memPeakSize: usage.peak,
        reserved: [0; 8],
    });
    count_place.set(1);
    Ok(())
}

/// What both functions on the device's cache check: it is always in order with the memory.
fn check_cached(call: &Entry<'_>, address: *mut c_void, bytes: usize) -> Result<(), Fault> {
    let address = handle("devPtr", address)?;
    if bytes == 0 {
        return Err(Fault::argument("size is 0"));
    }
    call.world.span(address, bytes, call.origin).map(|_| ())
}

pub(super) unsafe fn aclrtMemFlush(
    call: &Entry<'_>,
    devPtr: *mut c_void,
    size: usize,
) -> Result<(), Fault> {
    check_cached(call, devPtr, size)
}

pub(super) unsafe fn aclrtMemInvalidate(
    call: &Entry<'_>,
    devPtr: *mut c_void,
    size: usize,
) -> Result<(), Fault> {
    check_cached(call, devPtr, size)
}
