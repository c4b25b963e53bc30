//! Lists of arguments for kernels.

use std::ffi::*;

use ascend_sys::*;

use super::positive;
use crate::abi::pointers::{Place, array, handle, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::kernel::HANDLE_BYTES;

/// The bytes of a parameter.
///
/// # Safety
///
/// The address is NULL, or that of `bytes` bytes.
unsafe fn parameter(param: *const c_void, bytes: usize) -> Result<Vec<u8>, Fault> {
    present("param", param)?;
    positive("paramSize", bytes)?;
    // SAFETY: the caller vouches for the bytes.
    unsafe { array("param", param.cast::<u8>(), bytes) }
}

pub(in crate::abi) unsafe fn aclrtKernelArgsAppend(
    call: &Entry<'_>,
    argsHandle: aclrtArgsHandle,
    param: *mut c_void,
    paramSize: usize,
    paramHandle: *mut aclrtParamHandle,
) -> Result<(), Fault> {
    let list = handle("argsHandle", argsHandle)?;
    // SAFETY: NULL, or `paramSize` bytes.
    let value = unsafe { parameter(param, paramSize) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("paramHandle", paramHandle) }?;
    place.set(opaque(call.arguments(list)?.append(value)?));
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtKernelArgsAppendPlaceHolder(
    call: &Entry<'_>,
    argsHandle: aclrtArgsHandle,
    paramHandle: *mut aclrtParamHandle,
) -> Result<(), Fault> {
    let list = handle("argsHandle", argsHandle)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("paramHandle", paramHandle) }?;
    place.set(opaque(call.arguments(list)?.append_place_holder()?));
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtKernelArgsFinalize(
    call: &Entry<'_>,
    argsHandle: aclrtArgsHandle,
) -> Result<(), Fault> {
    let list = handle("argsHandle", argsHandle)?;
    call.arguments(list)?.finish()
}

pub(in crate::abi) unsafe fn aclrtKernelArgsGetHandleMemSize(
    call: &Entry<'_>,
    funcHandle: aclrtFuncHandle,
    memSize: *mut usize,
) -> Result<(), Fault> {
    let function = handle("funcHandle", funcHandle)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("memSize", memSize) }?;
    call.world.kernels.functions.get(function)?;
    place.set(HANDLE_BYTES);
    Ok(())
}

/// The CPU device adds no arguments of its own.
pub(in crate::abi) unsafe fn aclrtKernelArgsGetMemSize(
    call: &Entry<'_>,
    funcHandle: aclrtFuncHandle,
    userArgsSize: usize,
    actualArgsSize: *mut usize,
) -> Result<(), Fault> {
    let function = handle("funcHandle", funcHandle)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("actualArgsSize", actualArgsSize) }?;
    call.world.kernels.functions.get(function)?;
    let bytes = userArgsSize.checked_next_multiple_of(8).ok_or_else(|| {
        Fault::runtime_argument(format!("userArgsSize {userArgsSize} cannot be rounded up"))
    })?;
    place.set(bytes);
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtKernelArgsGetPlaceHolderBuffer(
    call: &Entry<'_>,
    argsHandle: aclrtArgsHandle,
    paramHandle: aclrtParamHandle,
    dataSize: usize,
    bufferAddr: *mut *mut c_void,
) -> Result<(), Fault> {
    let list = handle("argsHandle", argsHandle)?;
    let parameter = handle("paramHandle", paramHandle)?;
    positive("dataSize", dataSize)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("bufferAddr", bufferAddr) }?;
    // The list keeps the buffer, whose bytes may be written through the address.
    let buffer = call.arguments(list)?.buffer(parameter, dataSize)?;
    place.set(buffer.as_ptr().cast::<c_void>().cast_mut());
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtKernelArgsInit(
    call: &Entry<'_>,
    funcHandle: aclrtFuncHandle,
    argsHandle: *mut aclrtArgsHandle,
) -> Result<(), Fault> {
    let function = handle("funcHandle", funcHandle)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("argsHandle", argsHandle) }?;
    place.set(opaque(call.make_arguments(function)?));
    Ok(())
}

/// The program's memory names the list and limits it; what the list holds is kept apart.
pub(in crate::abi) unsafe fn aclrtKernelArgsInitByUserMem(
    call: &Entry<'_>,
    funcHandle: aclrtFuncHandle,
    argsHandle: aclrtArgsHandle,
    userHostMem: *mut c_void,
    actualArgsSize: usize,
) -> Result<(), Fault> {
    let function = handle("funcHandle", funcHandle)?;
    let list = handle("argsHandle", argsHandle)?;
    present("userHostMem", userHostMem)?;
    positive("actualArgsSize", actualArgsSize)?;
    call.make_arguments_at(function, list, actualArgsSize)
}

pub(in crate::abi) unsafe fn aclrtKernelArgsParaUpdate(
    call: &Entry<'_>,
    argsHandle: aclrtArgsHandle,
    paramHandle: aclrtParamHandle,
    param: *mut c_void,
    paramSize: usize,
) -> Result<(), Fault> {
    let list = handle("argsHandle", argsHandle)?;
    let changed = handle("paramHandle", paramHandle)?;
    // SAFETY: NULL, or `paramSize` bytes.
    let value = unsafe { parameter(param, paramSize) }?;
    call.arguments(list)?.update(changed, value)
}
