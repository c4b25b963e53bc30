//! Devices.

mod numbers;

use std::ffi::*;

use ascend_sys::*;

pub(super) use numbers::*;

use super::pointers::{Place, array, c_byte, check_timeout, deadline, number, put_text, text};
use crate::attributes::PCI_ADDRESS_BYTES;
use crate::device::Reset;
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::sync::Deadline;

pub(super) unsafe fn aclrtGetDeviceCount(call: &Entry<'_>, count: *mut u32) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("count", count) }?;
    call.visible()?;
    place.set(call.world.config.devices);
    Ok(())
}

pub(super) unsafe fn aclrtSetDevice(call: &Entry<'_>, id: i32) -> Result<(), Fault> {
    call.set_device(id)
}

pub(super) unsafe fn aclrtGetDevice(call: &Entry<'_>, id: *mut i32) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("deviceId", id) }?;
    place.set(call.context()?.device.cast_signed());
    Ok(())
}

pub(super) unsafe fn aclrtResetDevice(call: &Entry<'_>, id: i32) -> Result<(), Fault> {
    call.reset_device(id, Reset::One)
}

pub(super) unsafe fn aclrtResetDeviceForce(call: &Entry<'_>, id: i32) -> Result<(), Fault> {
    call.reset_device(id, Reset::All)
}

pub(super) unsafe fn aclrtSynchronizeDevice(call: &Entry<'_>) -> Result<(), Fault> {
    call.synchronize_context(Deadline::NEVER)
}

pub(super) unsafe fn aclrtSynchronizeDeviceWithTimeout(
    call: &Entry<'_>,
    milliseconds: i32,
) -> Result<(), Fault> {
    check_timeout(milliseconds)?;
    call.synchronize_context(deadline(milliseconds)?)
}

pub(super) unsafe fn aclrtDeviceCanAccessPeer(
    call: &Entry<'_>,
    canAccessPeer: *mut i32,
    deviceId: i32,
    peerDeviceId: i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("canAccessPeer", canAccessPeer) }?;
    call.peers(deviceId, peerDeviceId)?;
    place.set(1);
    Ok(())
}

pub(super) unsafe fn aclrtDeviceDisablePeerAccess(
    call: &Entry<'_>,
    peerDeviceId: i32,
) -> Result<(), Fault> {
    call.set_peer_access(peerDeviceId, 0, false)
}

pub(super) unsafe fn aclrtDeviceEnablePeerAccess(
    call: &Entry<'_>,
    peerDeviceId: i32,
    flags: u32,
) -> Result<(), Fault> {
    call.set_peer_access(peerDeviceId, flags, true)
}

pub(super) unsafe fn aclrtDeviceGetBareTgid(_call: &Entry<'_>, pid: *mut i32) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    unsafe { Place::new("pid", pid) }?.set(std::process::id().cast_signed());
    Ok(())
}

pub(super) unsafe fn aclrtDeviceGetByPCIBusId(
    call: &Entry<'_>,
    pciBusId: *const c_char,
    deviceId: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let address = unsafe { text("pciBusId", pciBusId) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("deviceId", deviceId) }?;
    place.set(call.device_at(&address.to_string_lossy())?);
    Ok(())
}

pub(super) unsafe fn aclrtDeviceGetHostAtomicCapabilities(
    call: &Entry<'_>,
    capabilities: *mut u32,
    operations: *const aclrtAtomicOperation,
    count: u32,
    deviceId: i32,
) -> Result<(), Fault> {
    // SAFETY: the arrays are NULL, or have `count` elements each.
    unsafe { atomic_capabilities(call, &[deviceId], capabilities, operations, count) }
}

/// # Safety
///
/// Both arrays are NULL, or have `count` elements.
unsafe fn atomic_capabilities(
    call: &Entry<'_>,
    devices: &[i32],
    capabilities: *mut u32,
    operations: *const aclrtAtomicOperation,
    count: u32,
) -> Result<(), Fault> {
    // It is the runtime layer that looks at these.
    if capabilities.is_null() || operations.is_null() || count == 0 {
        return Err(Fault::runtime_argument(
            "capabilities or operations is NULL, or count is 0",
        ));
    }
    // SAFETY: the caller vouches for the elements.
    let operations = unsafe { array("operations", operations, count as usize) }?;
    let found = call.atomic_capabilities(devices, &operations)?;
    for (index, capability) in found.into_iter().enumerate() {
        let place = capabilities.wrapping_add(index);
        // SAFETY: the caller vouches for a place for each of the operations.
        unsafe { Place::new("capabilities", place) }?.set(capability);
    }
    Ok(())
}

pub(super) unsafe fn aclrtDeviceGetLimit(
    call: &Entry<'_>,
    limit: aclrtDeviceLimit,
    value: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("value", value) }?;
    place.set(call.world.limit(limit)?);
    Ok(())
}

pub(super) unsafe fn aclrtDeviceGetP2PAtomicCapabilities(
    call: &Entry<'_>,
    capabilities: *mut u32,
    operations: *const aclrtAtomicOperation,
    count: u32,
    srcDeviceId: i32,
    dstDeviceId: i32,
) -> Result<(), Fault> {
    let devices = [srcDeviceId, dstDeviceId];
    // SAFETY: the arrays are NULL, or have `count` elements each.
    unsafe { atomic_capabilities(call, &devices, capabilities, operations, count) }
}

pub(super) unsafe fn aclrtDeviceGetPCIBusId(
    call: &Entry<'_>,
    deviceId: i32,
    pciBusId: *mut c_char,
    len: i32,
) -> Result<(), Fault> {
    present("pciBusId", pciBusId)?;
    let room = usize::try_from(len).unwrap_or(0);
    if room < PCI_ADDRESS_BYTES {
        return Err(Fault::runtime_argument(format!(
            "an address needs {PCI_ADDRESS_BYTES} bytes, len is {len}"
        )));
    }
    let address = call.pci_address(deviceId)?;
    // SAFETY: the caller vouches for `len` bytes.
    unsafe { put_text("pciBusId", pciBusId, room, &address) }
}

pub(super) unsafe fn aclrtDeviceGetUuid(
    call: &Entry<'_>,
    deviceId: i32,
    uuid: *mut aclrtUuid,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("uuid", uuid) }?;
    let bytes = call.uuid(deviceId)?.map(c_byte);
    place.set(aclrtUuid { bytes });
    Ok(())
}

/// The host's caches are coherent: there is nothing to flush.
pub(super) unsafe fn aclrtDeviceL2CacheFlush(
    call: &Entry<'_>,
    rsv: *mut c_void,
) -> Result<(), Fault> {
    if !rsv.is_null() {
        return Err(Fault::argument("rsv is reserved for NULL"));
    }
    call.context().map(|_| ())
}

pub(super) unsafe fn aclrtDevicePeerAccessStatus(
    call: &Entry<'_>,
    deviceId: i32,
    peerDeviceId: i32,
    status: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("status", status) }?;
    let [device, peer] = call.peers(deviceId, peerDeviceId)?;
    place.set(i32::from(call.world.space.reaches(device, peer)));
    Ok(())
}

pub(super) unsafe fn aclrtDeviceSetLimit(
    call: &Entry<'_>,
    limit: aclrtDeviceLimit,
    value: usize,
) -> Result<(), Fault> {
    call.world.set_limit(limit, value as u64)
}

pub(super) unsafe fn aclrtGetDeviceCapability(
    call: &Entry<'_>,
    deviceId: i32,
    devFeatureType: aclrtDevFeatureType,
    value: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("value", value) }?;
    place.set(if call.has_feature(deviceId, devFeatureType)? {
        ACL_DEV_FEATURE_SUPPORT
    } else {
        ACL_DEV_FEATURE_NOT_SUPPORT
    });
    Ok(())
}

pub(super) unsafe fn aclrtGetDeviceInfo(
    call: &Entry<'_>,
    deviceId: u32,
    attr: aclrtDevAttr,
    value: *mut i64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("value", value) }?;
    place.set(call.device_info(deviceId, attr)?);
    Ok(())
}

pub(super) unsafe fn aclrtGetDeviceResLimit(
    call: &Entry<'_>,
    deviceId: i32,
    type_: aclrtDevResLimitType,
    value: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("value", value) }?;
    place.set(call.cores(deviceId, type_)?);
    Ok(())
}

pub(super) unsafe fn aclrtGetDeviceSatMode(
    call: &Entry<'_>,
    mode: *mut aclrtFloatOverflowMode,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("mode", mode) }?;
    place.set(call.overflow_mode()?);
    Ok(())
}

pub(super) unsafe fn aclrtGetDeviceUtilizationRate(
    call: &Entry<'_>,
    deviceId: i32,
    utilizationInfo: *mut aclrtUtilizationInfo,
) -> Result<(), Fault> {
    present("utilizationInfo", utilizationInfo)?;
    // SAFETY: not NULL, so a structure that the caller filled in for the last field.
    let info = unsafe { utilizationInfo.read() };
    if !info.utilizationExtend.is_null() {
        return Err(Fault::argument("utilizationExtend is reserved for NULL"));
    }
    let found = call.utilization(deviceId)?;
    // SAFETY: as above.
    let place = unsafe { Place::new("utilizationInfo", utilizationInfo) }?;
    place.set(aclrtUtilizationInfo {
        cubeUtilization: found.cube,
        vectorUtilization: found.vector,
        aicpuUtilization: found.cpu,
        memoryUtilization: -1, // no version answers this
        ..info
    });
    Ok(())
}

pub(super) unsafe fn aclrtGetDevicesTopo(
    call: &Entry<'_>,
    deviceId: u32,
    otherDeviceId: u32,
    value: *mut u64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("value", value) }?;
    place.set(call.topology(deviceId, otherDeviceId)?);
    Ok(())
}

pub(super) unsafe fn aclrtGetResInCurrentThread(
    call: &Entry<'_>,
    type_: aclrtDevResLimitType,
    value: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("value", value) }?;
    place.set(call.cores_here(type_)?);
    Ok(())
}

pub(super) unsafe fn aclrtQueryDeviceStatus(
    call: &Entry<'_>,
    deviceId: i32,
    deviceStatus: *mut aclrtDeviceStatus,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("deviceStatus", deviceStatus) }?;
    call.ordinal(deviceId)?;
    place.set(aclrtDeviceStatus::ACL_RT_DEVICE_STATUS_NORMAL);
    Ok(())
}

pub(super) unsafe fn aclrtResetDeviceResLimit(
    call: &Entry<'_>,
    deviceId: i32,
) -> Result<(), Fault> {
    call.free_cores(deviceId)
}

/// No task of the CPU device overflows: its computations end in infinities. The task that clears
/// the status is one like others all the same.
pub(super) unsafe fn aclrtResetOverflowStatus(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let stream = call.own_stream(number(stream))?;
    call.submit_work(&stream, |_| Ok(()))
}

pub(super) unsafe fn aclrtSetDeviceResLimit(
    call: &Entry<'_>,
    deviceId: i32,
    type_: aclrtDevResLimitType,
    value: u32,
) -> Result<(), Fault> {
    call.limit_cores(deviceId, type_, value)
}

pub(super) unsafe fn aclrtSetDeviceSatMode(
    call: &Entry<'_>,
    mode: aclrtFloatOverflowMode,
) -> Result<(), Fault> {
    call.set_overflow_mode(mode)
}

/// There is one task scheduler, as on chips without one for vector cores.
pub(super) unsafe fn aclrtSetTsDevice(_call: &Entry<'_>, tsId: aclrtTsId) -> Result<(), Fault> {
    if tsId != aclrtTsId::ACL_TS_ID_AICORE && tsId != aclrtTsId::ACL_TS_ID_AIVECTOR {
        return Err(Fault::argument(format!("{} is no task scheduler", tsId.0)));
    }
    Ok(())
}
