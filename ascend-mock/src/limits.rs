//! Limits for kernels: stacks and print buffers, shared by the devices of a process.

use std::sync::Mutex;

use ascend_sys::{ACL_ERROR_RT_FEATURE_NOT_SUPPORT, aclrtDeviceLimit};

use crate::chip::Family;
use crate::fault::Fault;
use crate::sync::lock;
use crate::world::World;

/// Threads that run in step, each with a stack of its own.
const WARP: u32 = 32;

/// The stack of a core, unless more is asked for, in bytes.
const LEAST_STACK: u32 = 32 << 10;

/// The limits by their numbers, in bytes.
pub(crate) struct Limits(Mutex<[u32; 5]>);

impl Default for Limits {
    fn default() -> Self {
        Self(Mutex::new([
            1152 * WARP,
            1024,
            LEAST_STACK,
            32 << 10,
            2 << 20,
        ]))
    }
}

impl World {
    ///
    pub(crate) fn set_limit(&self, limit: aclrtDeviceLimit, bytes: u64) -> Result<(), Fault> {
        let index = index_of(limit)?;
        let bytes = u32::try_from(bytes).map_err(|_| {
            Fault::argument(format!("limit {bytes} needs more than 32 bits of bytes"))
        })?;
        self.check_supported(limit)?;
        let mut limits = lock(&self.system.limits.0);
        let value = rounded(limit, bytes).ok_or_else(|| {
            Fault::runtime_argument(format!("{bytes} bytes are no value for limit {}", limit.0))
        })?;
        let stacks = [
            aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMT_STACK_SIZE.0 as usize,
            aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMT_DVG_WARP_STACK_SIZE.0 as usize,
        ];
        let leaves_none = stacks
            .iter()
            .all(|&stack| value == 0 && (stack == index || limits[stack] == 0));
        if stacks.contains(&index) && leaves_none {
            return Err(Fault::runtime_argument(
                "the stacks of threads and of their branches cannot both be 0",
            ));
        }
        limits[index] = value;
        Ok(())
    }

    pub(crate) fn limit(&self, limit: aclrtDeviceLimit) -> Result<usize, Fault> {
        let index = index_of(limit)?;
        self.check_supported(limit)?;
        Ok(lock(&self.system.limits.0)[index] as usize)
    }

    /// Whether the stack that was asked for fits; told when a device starts.
    pub(crate) fn check_stack(&self) -> Result<(), Fault> {
        let index = index_of(aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMD_STACK_SIZE)?;
        let stack = lock(&self.system.limits.0)[index];
        let most = self.system.family.largest_stack();
        if stack > most {
            return Err(Fault::runtime_argument(format!(
                "the stack of {stack} bytes for each core is above the {most} bytes that {} has",
                self.profile.name
            )));
        }
        Ok(())
    }

    fn check_supported(&self, limit: aclrtDeviceLimit) -> Result<(), Fault> {
        let family = self.system.family;
        let is_simd = matches!(
            limit,
            aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMD_STACK_SIZE
                | aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMD_PRINTF_FIFO_SIZE_PER_CORE
        );
        let is_supported = match family {
            Family::Cpu | Family::Ascend950 => true,
            Family::A2 | Family::A3 => is_simd,
            Family::Edge => limit == aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMD_STACK_SIZE,
            Family::Inference | Family::Training => false,
        };
        if !is_supported {
            return Err(Fault::new(
                ACL_ERROR_RT_FEATURE_NOT_SUPPORT,
                format!("{} has no limit {}", self.profile.name, limit.0),
            ));
        }
        Ok(())
    }
}

fn index_of(limit: aclrtDeviceLimit) -> Result<usize, Fault> {
    let last = aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMT_PRINTF_FIFO_SIZE;
    if limit.0 > last.0 {
        return Err(Fault::argument(format!("{} is no limit", limit.0)));
    }
    Ok(limit.0 as usize)
}

/// As the device keeps it; `None` when it takes no such value.
fn rounded(limit: aclrtDeviceLimit, bytes: u32) -> Option<u32> {
    let buffer = |least: u32| {
        let room = least..=64 << 20;
        room.contains(&bytes).then(|| bytes.next_multiple_of(8))
    };
    match limit {
        aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMT_STACK_SIZE => {
            bytes.checked_next_multiple_of(128)?.checked_mul(WARP)
        }
        aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMT_DVG_WARP_STACK_SIZE => {
            bytes.checked_next_multiple_of(128)
        }
        aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMD_STACK_SIZE => {
            bytes.max(LEAST_STACK).checked_next_multiple_of(16 << 10)
        }
        aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMD_PRINTF_FIFO_SIZE_PER_CORE => buffer(1 << 10),
        _ => buffer(1 << 20),
    }
}
