//! Initialisation, versions, errors and small conversions.

use std::ffi::*;
use std::os::unix::ffi::OsStrExt;

use ascend_sys::*;
use half::f16;

use super::pointers::{Place, c_byte, put_text, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::model::element_size;
use crate::threads;
use crate::versions;

/// The runtime that the CPU device imitates, as `aclrtGetVersion` counts.
const VERSION: (i32, i32, i32) = (1, 17, 0);

/// The room that callers have for a version.
const VERSION_BYTES: usize = ACL_PKG_VERSION_MAX_SIZE as usize;

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
    cannAttr: aclCannAttr,
    value: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("value", value) }?;
    place.set(i32::from(call.world.has_software_feature(cannAttr)?));
    Ok(())
}

pub(super) unsafe fn aclGetCannAttributeList(
    call: &Entry<'_>,
    cannAttrList: *mut *const aclCannAttr,
    num: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let list = unsafe { Place::new("cannAttrList", cannAttrList) }?;
    // SAFETY: as above.
    let count = unsafe { Place::new("num", num) }?;
    let features = call.world.software_features();
    list.set(features.as_ptr());
    count.set(features.len());
    Ok(())
}

pub(super) unsafe fn aclGetDeviceCapability(
    call: &Entry<'_>,
    deviceId: u32,
    deviceInfo: aclDeviceInfo,
    value: *mut i64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("value", value) }?;
    place.set(call.hardware(deviceId, deviceInfo)?);
    Ok(())
}

pub(super) unsafe fn aclrtGetSysParamOpt(
    call: &Entry<'_>,
    opt: aclSysParamOpt,
    value: *mut i64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("value", value) }?;
    place.set(call.process_option(opt)?);
    Ok(())
}

pub(super) unsafe fn aclrtSetSysParamOpt(
    call: &Entry<'_>,
    opt: aclSysParamOpt,
    value: i64,
) -> Result<(), Fault> {
    call.set_process_option(opt, value)
}

pub(super) unsafe fn aclsysGetCANNVersion(
    call: &Entry<'_>,
    name: aclCANNPackageName,
    version: *mut aclCANNPackageVersion,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("version", version) }?;
    let installed = call.world.package_version(versions::package(name)?)?;
    let (whole, [major, minor, release, patch]) = versions::parts(&installed)?;
    place.set(aclCANNPackageVersion {
        version: c_text(&whole),
        majorVersion: c_text(&major),
        minorVersion: c_text(&minor),
        releaseVersion: c_text(&release),
        patchVersion: c_text(&patch),
        reserved: c_text(""),
    });
    Ok(())
}

/// A text in a field of `N` bytes, cut so that a zero byte follows it.
fn c_text<const N: usize>(text: &str) -> [c_char; N] {
    let mut field = [0; N];
    let bytes = text.bytes().take(N.saturating_sub(1));
    for (place, byte) in field.iter_mut().zip(bytes) {
        *place = c_byte(byte);
    }
    field
}

pub(super) unsafe fn aclsysGetVersionNum(
    call: &Entry<'_>,
    pkgName: *mut c_char,
    versionNum: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("versionNum", versionNum) }?;
    // SAFETY: NULL, or a text that ends with a zero byte.
    let package = unsafe { text("pkgName", pkgName) }?;
    let version = call.world.package_version(&package.to_string_lossy())?;
    place.set(versions::number(&version)?);
    Ok(())
}

pub(super) unsafe fn aclsysGetVersionStr(
    call: &Entry<'_>,
    pkgName: *mut c_char,
    versionStr: *mut c_char,
) -> Result<(), Fault> {
    present("versionStr", versionStr)?;
    // SAFETY: NULL, or a text that ends with a zero byte.
    let package = unsafe { text("pkgName", pkgName) }?;
    let version = call.world.package_version(&package.to_string_lossy())?;
    // SAFETY: the caller has the 128 bytes that the function asks for.
    unsafe { put_text("versionStr", versionStr, VERSION_BYTES, &version) }
        .map_err(|fault| Fault::internal(fault.text))
}
