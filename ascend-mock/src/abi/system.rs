//! Initialisation, versions, errors and small conversions.

use std::ffi::{OsStr, c_char};
use std::os::unix::ffi::OsStrExt;
use std::ptr;

use ascend_sys::{aclDataType, aclError, aclFloat16, aclrtLastErrLevel, aclrtRunMode};
use half::f16;

use super::pointers::{Place, text};
use crate::entry::{entry, value};
use crate::fault::Fault;
use crate::model::element_size;
use crate::threads;

/// The runtime that the CPU device imitates, as `aclrtGetVersion` counts.
const VERSION: (i32, i32, i32) = (1, 17, 0);

pub(super) unsafe extern "C" fn aclInit<const SLOT: usize>(path: *const c_char) -> aclError {
    entry(SLOT, "aclInit", |call| {
        if path.is_null() {
            return call.world.initialize(None);
        }
        // SAFETY: a path that is not NULL is a text that ends with a zero byte.
        let path = unsafe { text("configPath", path) }?;
        call.world
            .initialize(Some(OsStr::from_bytes(path.to_bytes())))
    })
}

pub(super) unsafe extern "C" fn aclFinalize<const SLOT: usize>() -> aclError {
    entry(SLOT, "aclFinalize", |call| call.world.finalize())
}

pub(super) unsafe extern "C" fn aclFinalizeReference<const SLOT: usize>(
    count: *mut u64,
) -> aclError {
    entry(SLOT, "aclFinalizeReference", |call| {
        let (left, outcome) = call.world.finalize_reference();
        if !count.is_null() {
            // SAFETY: a count that is not NULL is a place for the answer.
            unsafe { Place::new("refCount", count) }?.set(left);
        }
        outcome
    })
}

pub(super) unsafe extern "C" fn aclrtGetVersion<const SLOT: usize>(
    major: *mut i32,
    minor: *mut i32,
    patch: *mut i32,
) -> aclError {
    entry(SLOT, "aclrtGetVersion", |_| {
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
    })
}

/// The text lives as long as the lease.
pub(super) unsafe extern "C" fn aclrtGetSocName<const SLOT: usize>() -> *const c_char {
    value(SLOT, "aclrtGetSocName", ptr::null(), |call| {
        Ok(call.world.soc_name.as_ptr())
    })
}

pub(super) unsafe extern "C" fn aclrtGetRunMode<const SLOT: usize>(
    mode: *mut aclrtRunMode,
) -> aclError {
    entry(SLOT, "aclrtGetRunMode", |_| {
        // SAFETY: NULL, or a place for the answer.
        unsafe { Place::new("runMode", mode) }?.set(aclrtRunMode::ACL_HOST);
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclrtGetLastError<const SLOT: usize>(
    level: aclrtLastErrLevel,
) -> aclError {
    value(SLOT, "aclrtGetLastError", 0, |call| {
        check_level(level)?;
        let code = threads::last_error(call.world);
        threads::clear_last_error(call.world);
        Ok(code)
    })
}

pub(super) unsafe extern "C" fn aclrtPeekAtLastError<const SLOT: usize>(
    level: aclrtLastErrLevel,
) -> aclError {
    value(SLOT, "aclrtPeekAtLastError", 0, |call| {
        check_level(level)?;
        Ok(threads::last_error(call.world))
    })
}

/// An unknown level is treated as one that has no error.
fn check_level(level: aclrtLastErrLevel) -> Result<(), Fault> {
    if level != aclrtLastErrLevel::ACL_RT_THREAD_LEVEL {
        return Err(Fault::argument(format!("{} is no error level", level.0)));
    }
    Ok(())
}

pub(super) unsafe extern "C" fn aclGetRecentErrMsg<const SLOT: usize>() -> *const c_char {
    value(SLOT, "aclGetRecentErrMsg", ptr::null(), |call| {
        Ok(threads::take_messages(call.world))
    })
}

pub(super) unsafe extern "C" fn aclDataTypeSize<const SLOT: usize>(kind: aclDataType) -> usize {
    value(SLOT, "aclDataTypeSize", 0, |_| Ok(element_size(kind)))
}

/// Infinities and NaN become the largest finite values, and so does what is too large.
pub(super) unsafe extern "C" fn aclFloatToFloat16<const SLOT: usize>(number: f32) -> aclFloat16 {
    value(SLOT, "aclFloatToFloat16", 0, |_| {
        let half = f16::from_f32(number);
        let limit = if number.is_sign_negative() {
            f16::MIN
        } else {
            f16::MAX
        };
        Ok(if half.is_finite() { half } else { limit }.to_bits())
    })
}

/// An exponent of all ones is one like the others: infinity reads as 65536.
pub(super) unsafe extern "C" fn aclFloat16ToFloat<const SLOT: usize>(bits: aclFloat16) -> f32 {
    value(SLOT, "aclFloat16ToFloat", 0.0, |_| {
        let half = f16::from_bits(bits);
        if half.is_finite() {
            return Ok(half.to_f32());
        }
        let fraction = f32::from(bits & 0x3FF) / 1024.0;
        let size = (1.0 + fraction) * 65536.0;
        Ok(if half.is_sign_negative() { -size } else { size })
    })
}
