//! Initialisation, versions, errors and small conversions.

use std::ffi::*;
use std::os::unix::ffi::OsStrExt;

use ascend_sys::*;
use half::f16;

use super::pointers::{Place, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::model::element_size;
use crate::threads;

/// The runtime that the CPU device imitates, as `aclrtGetVersion` counts.
const VERSION: (i32, i32, i32) = (1, 17, 0);

pub(super) unsafe fn aclInit(call: &Entry<'_>, path: *const c_char) -> Result<(), Fault> {
    if path.is_null() {
        return call.initialize(None);
    }
    // SAFETY: a path that is not NULL is a text that ends with a zero byte.
    let path = unsafe { text("configPath", path) }?;
    call.initialize(Some(OsStr::from_bytes(path.to_bytes())))
}

pub(super) unsafe fn aclFinalize(call: &Entry<'_>) -> Result<(), Fault> {
    call.finalize()
}

pub(super) unsafe fn aclFinalizeReference(call: &Entry<'_>, count: *mut u64) -> Result<(), Fault> {
    let (left, outcome) = call.finalize_reference();
    if !count.is_null() {
        // SAFETY: a count that is not NULL is a place for the answer.
        unsafe { Place::new("refCount", count) }?.set(left);
    }
    outcome
}

pub(super) unsafe fn aclrtGetVersion(
    _call: &Entry<'_>,
    major: *mut i32,
    minor: *mut i32,
    patch: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let major = unsafe { Place::new("majorVersion", major) }?;
    // SAFETY: as above.
    let minor = unsafe { Place::new("minorVersion", minor) }?;
    // SAFETY: as above.
    let patch = unsafe { Place::new("patchVersion", patch) }?;
    major.set(VERSION.0);
    minor.set(VERSION.1);
    patch.set(VERSION.2);
    Ok(())
}

/// The text lives as long as the lease.
pub(super) unsafe fn aclrtGetSocName(call: &Entry<'_>) -> Result<*const c_char, Fault> {
    Ok(call.world.soc_name.as_ptr())
}

pub(super) unsafe fn aclrtGetRunMode(
    call: &Entry<'_>,
    mode: *mut aclrtRunMode,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("runMode", mode) }?;
    place.set(match call.world.config.host_access {
        true => aclrtRunMode::ACL_DEVICE,
        false => aclrtRunMode::ACL_HOST,
    });
    Ok(())
}

pub(super) unsafe fn aclrtGetLastError(
    call: &Entry<'_>,
    level: aclrtLastErrLevel,
) -> Result<aclError, Fault> {
    check_level(level)?;
    let code = threads::last_error(call.world);
    threads::clear_last_error(call.world);
    Ok(code)
}

pub(super) unsafe fn aclrtPeekAtLastError(
    call: &Entry<'_>,
    level: aclrtLastErrLevel,
) -> Result<aclError, Fault> {
    check_level(level)?;
    Ok(threads::last_error(call.world))
}

/// An unknown level is treated as one that has no error.
fn check_level(level: aclrtLastErrLevel) -> Result<(), Fault> {
    if level != aclrtLastErrLevel::ACL_RT_THREAD_LEVEL {
        return Err(Fault::argument(format!("{} is no error level", level.0)));
    }
    Ok(())
}

pub(super) unsafe fn aclGetRecentErrMsg(call: &Entry<'_>) -> Result<*const c_char, Fault> {
    Ok(threads::take_messages(call.world))
}

pub(super) unsafe fn aclDataTypeSize(_call: &Entry<'_>, kind: aclDataType) -> Result<usize, Fault> {
    Ok(element_size(kind))
}

/// Infinities and NaN become the largest finite values, and so does what is too large.
pub(super) unsafe fn aclFloatToFloat16(
    _call: &Entry<'_>,
    number: f32,
) -> Result<aclFloat16, Fault> {
    let half = f16::from_f32(number);
    let limit = if number.is_sign_negative() {
        f16::MIN
    } else {
        f16::MAX
    };
    Ok(if half.is_finite() { half } else { limit }.to_bits())
}

/// An exponent of all ones is one like the others: infinity reads as 65536.
pub(super) unsafe fn aclFloat16ToFloat(_call: &Entry<'_>, bits: aclFloat16) -> Result<f32, Fault> {
    let half = f16::from_bits(bits);
    if half.is_finite() {
        return Ok(half.to_f32());
    }
    let fraction = f32::from(bits & 0x3FF) / 1024.0;
    let size = (1.0 + fraction) * 65536.0;
    Ok(if half.is_sign_negative() { -size } else { size })
}

pub(super) unsafe fn aclGetCannAttribute(
    call: &Entry<'_>,
    _cannAttr: aclCannAttr,
    value: *mut i32,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclGetCannAttributeList(
    call: &Entry<'_>,
    cannAttrList: *mut *const aclCannAttr,
    num: *mut usize,
) -> Result<(), Fault> {
    present("cannAttrList", cannAttrList)?;
    present("num", num)?;
    call.unsupported()
}

pub(super) unsafe fn aclGetDeviceCapability(
    call: &Entry<'_>,
    _deviceId: u32,
    _deviceInfo: aclDeviceInfo,
    value: *mut i64,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetSysParamOpt(
    call: &Entry<'_>,
    _opt: aclSysParamOpt,
    value: *mut i64,
) -> Result<(), Fault> {
    present("value", value)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSetSysParamOpt(
    call: &Entry<'_>,
    _opt: aclSysParamOpt,
    _value: i64,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclsysGetCANNVersion(
    call: &Entry<'_>,
    _name: aclCANNPackageName,
    version: *mut aclCANNPackageVersion,
) -> Result<(), Fault> {
    present("version", version)?;
    call.unsupported()
}

pub(super) unsafe fn aclsysGetVersionNum(
    call: &Entry<'_>,
    pkgName: *mut c_char,
    versionNum: *mut i32,
) -> Result<(), Fault> {
    present("pkgName", pkgName)?;
    present("versionNum", versionNum)?;
    call.unsupported()
}

pub(super) unsafe fn aclsysGetVersionStr(
    call: &Entry<'_>,
    pkgName: *mut c_char,
    versionStr: *mut c_char,
) -> Result<(), Fault> {
    present("pkgName", pkgName)?;
    present("versionStr", versionStr)?;
    call.unsupported()
}
