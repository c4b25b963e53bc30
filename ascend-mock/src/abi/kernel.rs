//! Kernels: launches here, and their binaries, functions and arguments below.

mod arguments;
mod binary;
mod function;

use std::ffi::*;

use ascend_sys::*;

pub(super) use arguments::*;
pub(super) use binary::*;
pub(super) use function::*;

use super::pointers::{array, handle, number};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::kernel::Passed;

/// A handle that it is the runtime layer's to miss (107000).
fn runtime_handle<T>(name: &str, raw: *const T) -> Result<u64, Fault> {
    handle(name, raw).map_err(|fault| Fault::runtime_argument(fault.text))
}

/// Refuses 0 (100000).
fn positive(name: &str, value: usize) -> Result<(), Fault> {
    if value == 0 {
        return Err(Fault::argument(format!("{name} is 0")));
    }
    Ok(())
}

pub(super) unsafe fn aclrtCtxGetFloatOverflowAddr(
    call: &Entry<'_>,
    overflowAddr: *mut *mut c_void,
) -> Result<(), Fault> {
    present("overflowAddr", overflowAddr)?;
    call.context()?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetFloatOverflowStatus(
    call: &Entry<'_>,
    outputAddr: *mut c_void,
    _outputSize: u64,
    stream: aclrtStream,
) -> Result<(), Fault> {
    runtime_handle("outputAddr", outputAddr)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn aclrtGetHardwareSyncAddr(
    call: &Entry<'_>,
    addr: *mut *mut c_void,
) -> Result<(), Fault> {
    runtime_handle("addr", addr)?;
    call.context()?;
    call.unsupported()
}

pub(super) unsafe fn aclrtLaunchKernel(
    call: &Entry<'_>,
    funcHandle: aclrtFuncHandle,
    numBlocks: u32,
    argsData: *const c_void,
    argsSize: usize,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let function = handle("funcHandle", funcHandle)?;
    let passed = Passed::Device {
        address: handle("argsData", argsData)?,
        bytes: argsSize,
    };
    call.launch(function, numBlocks, number(stream), passed)
}

pub(super) unsafe fn aclrtLaunchKernelV2(
    call: &Entry<'_>,
    funcHandle: aclrtFuncHandle,
    numBlocks: u32,
    argsData: *const c_void,
    argsSize: usize,
    cfg: *mut aclrtLaunchKernelCfg,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let function = handle("funcHandle", funcHandle)?;
    let passed = Passed::Device {
        address: handle("argsData", argsData)?,
        bytes: argsSize,
    };
    // SAFETY: NULL, or a configuration with as many attributes as it says.
    unsafe { check_launch(cfg) }?;
    call.launch(function, numBlocks, number(stream), passed)
}

/// Checks how a kernel is to be launched. Code of the host's has no use for any of it.
///
/// # Safety
///
/// The configuration is NULL, or has as many attributes as it says.
unsafe fn check_launch(cfg: *const aclrtLaunchKernelCfg) -> Result<(), Fault> {
    if cfg.is_null() {
        return Ok(());
    }
    // SAFETY: not NULL, so the caller vouches for it.
    let cfg = unsafe { cfg.read() };
    // SAFETY: as above.
    let attributes = unsafe { array("attrs", cfg.attrs.cast_const(), cfg.numAttrs) }
        .map_err(|fault| Fault::runtime_argument(fault.text))?;
    let known = aclrtLaunchKernelAttrId::ACL_RT_LAUNCH_KERNEL_ATTR_SCHEM_MODE.0
        ..=aclrtLaunchKernelAttrId::ACL_RT_LAUNCH_KERNEL_ATTR_ENABLE_PROFILING.0;
    for attribute in attributes {
        if !known.contains(&attribute.id.0) {
            return Err(Fault::runtime_argument(format!(
                "{} is no attribute of launches",
                attribute.id.0
            )));
        }
    }
    Ok(())
}

/// How many arguments there are stands in data of the kernel's that only hardware reads.
pub(super) unsafe fn aclrtLaunchKernelWithArgsArray(
    call: &Entry<'_>,
    func: *mut c_void,
    numBlocks: u32,
    stream: aclrtStream,
    cfg: *mut aclrtLaunchKernelCfg,
    _args: *mut *mut c_void,
) -> Result<(), Fault> {
    let function = handle("func", func)?;
    positive("numBlocks", numBlocks as usize)?;
    // SAFETY: NULL, or a configuration with as many attributes as it says.
    unsafe { check_launch(cfg) }?;
    call.world.kernels.functions.get(function)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn aclrtLaunchKernelWithConfig(
    call: &Entry<'_>,
    funcHandle: aclrtFuncHandle,
    numBlocks: u32,
    stream: aclrtStream,
    cfg: *mut aclrtLaunchKernelCfg,
    argsHandle: aclrtArgsHandle,
    reserve: *mut c_void,
) -> Result<(), Fault> {
    let function = handle("funcHandle", funcHandle)?;
    positive("numBlocks", numBlocks as usize)?;
    let list = handle("argsHandle", argsHandle)?;
    if !reserve.is_null() {
        return Err(Fault::argument("reserve is reserved for NULL"));
    }
    // SAFETY: NULL, or a configuration with as many attributes as it says.
    unsafe { check_launch(cfg) }?;
    call.world.kernels.functions.get(function)?;
    let bytes = call.arguments(list)?.bytes_for(function)?;
    call.launch(function, numBlocks, number(stream), Passed::Host(bytes))
}

pub(super) unsafe fn aclrtLaunchKernelWithHostArgs(
    call: &Entry<'_>,
    funcHandle: aclrtFuncHandle,
    numBlocks: u32,
    stream: aclrtStream,
    cfg: *mut aclrtLaunchKernelCfg,
    hostArgs: *mut c_void,
    argsSize: usize,
    placeHolderArray: *mut aclrtPlaceHolderInfo,
    placeHolderNum: usize,
) -> Result<(), Fault> {
    let function = handle("funcHandle", funcHandle)?;
    present("hostArgs", hostArgs)?;
    // SAFETY: NULL, or a configuration with as many attributes as it says.
    unsafe { check_launch(cfg) }?;
    // SAFETY: the caller vouches for `argsSize` bytes.
    let mut bytes = unsafe { array("hostArgs", hostArgs.cast::<u8>().cast_const(), argsSize) }?;
    // SAFETY: NULL, or as many place holders as the caller says.
    let holders = unsafe {
        array(
            "placeHolderArray",
            placeHolderArray.cast_const(),
            placeHolderNum,
        )
    }
    .map_err(|fault| Fault::runtime_argument(fault.text))?;
    for holder in holders {
        let data = holder.dataOffset as usize;
        let place = bytes.get_mut(holder.addrOffset as usize..);
        let place = place.and_then(|place| place.get_mut(..8));
        let place = place.filter(|_| data < argsSize).ok_or_else(|| {
            Fault::runtime_argument(format!(
                "a place holder at {} with its data at {data} lies outside the {argsSize} bytes",
                holder.addrOffset
            ))
        })?;
        place.copy_from_slice(&(data as u64).to_le_bytes());
    }
    call.launch(function, numBlocks, number(stream), Passed::Host(bytes))
}

pub(super) unsafe fn aclrtLaunchSIMTKernelWithArgsArray(
    call: &Entry<'_>,
    func: *mut c_void,
    _gridDim: dim3,
    _blockDim: dim3,
    _dynUbufSize: usize,
    stream: aclrtStream,
    cfg: *mut aclrtLaunchKernelCfg,
    _args: *mut *mut c_void,
) -> Result<(), Fault> {
    let function = handle("func", func)?;
    // SAFETY: NULL, or a configuration with as many attributes as it says.
    unsafe { check_launch(cfg) }?;
    call.world.kernels.functions.get(function)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn aclrtLaunchSIMTKernelWithHostArgs(
    call: &Entry<'_>,
    func: *mut c_void,
    _gridDim: dim3,
    _blockDim: dim3,
    _dynUbufSize: usize,
    stream: aclrtStream,
    cfg: *mut aclrtLaunchKernelCfg,
    hostArgs: *mut c_void,
    argsSize: usize,
    _placeHolderArray: *mut aclrtPlaceHolderInfo,
    _placeHolderNum: usize,
) -> Result<(), Fault> {
    let function = handle("func", func)?;
    present("hostArgs", hostArgs)?;
    positive("argsSize", argsSize)?;
    // SAFETY: NULL, or a configuration with as many attributes as it says.
    unsafe { check_launch(cfg) }?;
    call.world.kernels.functions.get(function)?;
    call.unsupported_in(number(stream))
}

/// As `aclrtResetOverflowStatus`: there is nothing to clear.
pub(super) unsafe fn aclrtResetFloatOverflowStatus(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let stream = call.own_stream(number(stream))?;
    call.submit_work(&stream, |_| Ok(()))
}
