//! Devices.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, check_timeout, deadline};
use crate::device::Reset;
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::sync::Deadline;

pub(super) unsafe fn aclrtGetDeviceCount(call: &Entry<'_>, count: *mut u32) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    unsafe { Place::new("count", count) }?.set(call.world.config.devices);
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

pub(super) unsafe fn aclrtDeviceGetBareTgid(call: &Entry<'_>, pid: *mut i32) -> Result<(), Fault> {
    present("pid", pid)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDeviceGetByPCIBusId(
    call: &Entry<'_>,
    pciBusId: *const c_char,
    deviceId: *mut i32,
) -> Result<(), Fault> {
    present("pciBusId", pciBusId)?;
    present("deviceId", deviceId)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDeviceGetHostAtomicCapabilities(
    call: &Entry<'_>,
    capabilities: *mut u32,
    operations: *const aclrtAtomicOperation,
    _count: u32,
    _deviceId: i32,
) -> Result<(), Fault> {
    present("capabilities", capabilities)?;
    present("operations", operations)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDeviceGetLimit(
    call: &Entry<'_>,
    _limit: aclrtDeviceLimit,
    value: *mut usize,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDeviceGetP2PAtomicCapabilities(
    call: &Entry<'_>,
    capabilities: *mut u32,
    operations: *const aclrtAtomicOperation,
    _count: u32,
    _srcDeviceId: i32,
    _dstDeviceId: i32,
) -> Result<(), Fault> {
    present("capabilities", capabilities)?;
    present("operations", operations)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDeviceGetPCIBusId(
    call: &Entry<'_>,
    _deviceId: i32,
    pciBusId: *mut c_char,
    _len: i32,
) -> Result<(), Fault> {
    present("pciBusId", pciBusId)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDeviceGetUuid(
    call: &Entry<'_>,
    _deviceId: i32,
    uuid: *mut aclrtUuid,
) -> Result<(), Fault> {
    present("uuid", uuid)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDeviceL2CacheFlush(
    call: &Entry<'_>,
    rsv: *mut c_void,
) -> Result<(), Fault> {
    present("rsv", rsv)?;
    call.unsupported()
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
    _limit: aclrtDeviceLimit,
    _value: usize,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtGetDeviceCapability(
    call: &Entry<'_>,
    _deviceId: i32,
    _devFeatureType: aclrtDevFeatureType,
    value: *mut i32,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetDeviceInfo(
    call: &Entry<'_>,
    _deviceId: u32,
    _attr: aclrtDevAttr,
    value: *mut i64,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetDeviceResLimit(
    call: &Entry<'_>,
    _deviceId: i32,
    _type_: aclrtDevResLimitType,
    value: *mut u32,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetDeviceSatMode(
    call: &Entry<'_>,
    mode: *mut aclrtFloatOverflowMode,
) -> Result<(), Fault> {
    present("mode", mode)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetDeviceUtilizationRate(
    call: &Entry<'_>,
    _deviceId: i32,
    utilizationInfo: *mut aclrtUtilizationInfo,
) -> Result<(), Fault> {
    present("utilizationInfo", utilizationInfo)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetDevicesTopo(
    call: &Entry<'_>,
    _deviceId: u32,
    _otherDeviceId: u32,
    value: *mut u64,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetLogicDevIdByPhyDevId(
    call: &Entry<'_>,
    _phyDevId: i32,
    logicDevId: *mut i32,
) -> Result<(), Fault> {
    present("logicDevId", logicDevId)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetLogicDevIdByUserDevId(
    call: &Entry<'_>,
    _userDevid: i32,
    logicDevId: *mut i32,
) -> Result<(), Fault> {
    present("logicDevId", logicDevId)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetPhyDevIdByLogicDevId(
    call: &Entry<'_>,
    _logicDevId: i32,
    phyDevId: *mut i32,
) -> Result<(), Fault> {
    present("phyDevId", phyDevId)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetPhyDevIdByUserDevId(
    call: &Entry<'_>,
    _userDevId: i32,
    phyDevId: *mut i32,
) -> Result<(), Fault> {
    present("phyDevId", phyDevId)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetResInCurrentThread(
    call: &Entry<'_>,
    _type_: aclrtDevResLimitType,
    value: *mut u32,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetUserDevIdByLogicDevId(
    call: &Entry<'_>,
    _logicDevId: i32,
    userDevid: *mut i32,
) -> Result<(), Fault> {
    present("userDevid", userDevid)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetUserDevIdByPhyDevId(
    call: &Entry<'_>,
    _phyDevId: i32,
    userDevId: *mut i32,
) -> Result<(), Fault> {
    present("userDevId", userDevId)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtQueryDeviceStatus(
    call: &Entry<'_>,
    _deviceId: i32,
    deviceStatus: *mut aclrtDeviceStatus,
) -> Result<(), Fault> {
    present("deviceStatus", deviceStatus)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtResetDeviceResLimit(
    call: &Entry<'_>,
    _deviceId: i32,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtResetOverflowStatus(
    call: &Entry<'_>,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSetDeviceResLimit(
    call: &Entry<'_>,
    _deviceId: i32,
    _type_: aclrtDevResLimitType,
    _value: u32,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSetDeviceSatMode(
    call: &Entry<'_>,
    _mode: aclrtFloatOverflowMode,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSetTsDevice(call: &Entry<'_>, _tsId: aclrtTsId) -> Result<(), Fault> {
    call.unsupported()
}
