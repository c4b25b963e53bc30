//! What the chip has, as text.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{put_text, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclplatformGetDeviceInfo(
    call: &Entry<'_>,
    infoType: aclplatformDevInfo,
    value: *mut c_char,
    maxLen: u32,
) -> Result<(), Fault> {
    use aclplatformDevInfo as Info;
    present("value", value)?;
    let profile = &call.world.profile;
    let fact = match infoType {
        Info::ACL_PLATFORM_AICORE_CNT | Info::ACL_PLATFORM_CUBE_CORE_CNT => {
            profile.ai_cores.to_string()
        }
        Info::ACL_PLATFORM_VECTOR_CORE_CNT => profile.vector_cores.to_string(),
        Info::ACL_PLATFORM_L2_SIZE => profile.l2_bytes.to_string(),
        Info::ACL_PLATFORM_MEMORY_SIZE => profile.memory_bytes.to_string(),
        Info::ACL_PLATFORM_MEMORY_TYPE if profile.has_hbm => "HBM".to_owned(),
        Info::ACL_PLATFORM_MEMORY_TYPE => "DDR".to_owned(),
        Info::ACL_PLATFORM_SOC_VERSION => profile.name.to_owned(),
        aclplatformDevInfo(0..=16) => return call.unsupported(),
        aclplatformDevInfo(other) => {
            return Err(Fault::argument(format!("infoType has no value {other}")));
        }
    };
    let room = usize::try_from(maxLen).unwrap_or(usize::MAX);
    // SAFETY: the C function demands as much room as the caller says.
    unsafe { put_text("value", value, room, &fact) }.map_err(|fault| Fault::argument(fault.text))
}

pub(super) unsafe fn aclplatformGetInstructionInfo(
    call: &Entry<'_>,
    type_: aclplatformCoreType,
    instruction: *const c_char,
    value: *mut c_char,
    _maxLen: u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    unsafe { text("instruction", instruction) }?;
    present("value", value)?;
    if type_.0 > 1 {
        return Err(Fault::argument(format!("type has no value {}", type_.0)));
    }
    call.unsupported()
}
