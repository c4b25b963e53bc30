//! Blocking copies, and what all copies check.

use std::ffi::c_void;

use ascend_sys::aclrtMemcpyKind;

use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

/// Between which memories a copy goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Direction {
    HostToDevice,
    DeviceToHost,
    DeviceToDevice,
}

impl Direction {
    pub(crate) fn kind(self) -> aclrtMemcpyKind {
        match self {
            Self::HostToDevice => aclrtMemcpyKind::ACL_MEMCPY_HOST_TO_DEVICE,
            Self::DeviceToHost => aclrtMemcpyKind::ACL_MEMCPY_DEVICE_TO_HOST,
            Self::DeviceToDevice => aclrtMemcpyKind::ACL_MEMCPY_DEVICE_TO_DEVICE,
        }
    }
}

/// Refuses a copy between buffers of different lengths.
pub(crate) fn check_lengths(source: usize, target: usize) -> Result<()> {
    if source == target {
        return Ok(());
    }
    let message =
        format!("cannot copy {source} elements into a buffer of {target}: make both of one length");
    Err(Error::new(ErrorKind::Shape, message))
}

/// Copies and waits.
///
/// # Safety
///
/// Both addresses are good for `bytes` bytes in the memories that `direction` names.
pub(crate) unsafe fn blocking(
    context: &Context,
    target: *mut c_void,
    source: *const c_void,
    bytes: usize,
    direction: Direction,
) -> Result<()> {
    // Empty buffers have no address, and older runtimes refuse to copy nothing.
    if bytes == 0 {
        return Ok(());
    }
    let current = context.bind()?;
    // SAFETY: as the caller promises (R-196…R-202).
    let status = unsafe {
        current
            .api()
            .aclrtMemcpy(target, bytes, source, bytes, direction.kind())
    };
    current.check("aclrtMemcpy", status)
}
