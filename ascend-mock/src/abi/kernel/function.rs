//! Functions of kernel binaries.

use std::ffi::*;

use ascend_sys::*;

use super::runtime_handle;
use crate::abi::pointers::{Place, handle, opaque, put_text};
use crate::entry::{Entry, present};
use crate::fault::Fault;

/// 0: no kernel here has threads.
pub(in crate::abi) unsafe fn aclrtFunctionGetAvailDynUbufPerBlock(
    call: &Entry<'_>,
    func: *mut c_void,
    flags: u32,
    dynamicUbufSize: *mut usize,
) -> Result<(), Fault> {
    let function = handle("func", func)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("dynamicUbufSize", dynamicUbufSize) }?;
    if flags != 0 {
        return Err(Fault::argument(format!(
            "flags is {flags}, and reserved for 0"
        )));
    }
    call.world.kernels.functions.get(function)?;
    place.set(0);
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtFunctionGetBinary(
    call: &Entry<'_>,
    funcHandle: aclrtFuncHandle,
    binHandle: *mut aclrtBinHandle,
) -> Result<(), Fault> {
    let function = runtime_handle("funcHandle", funcHandle)?;
    runtime_handle("binHandle", binHandle)?;
    let binary = call.world.kernels.functions.get(function)?.binary;
    // SAFETY: not NULL, so a place for the answer.
    unsafe { Place::new("binHandle", binHandle) }?.set(opaque(binary));
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtFunctionGetParamCount(
    call: &Entry<'_>,
    func: *const c_void,
    paramCount: *mut usize,
) -> Result<(), Fault> {
    let function = handle("func", func)?;
    present("paramCount", paramCount)?;
    call.world.kernels.functions.get(function)?;
    call.unsupported()
}

pub(in crate::abi) unsafe fn aclrtFunctionGetParamInfo(
    call: &Entry<'_>,
    func: *const c_void,
    _paramIndex: usize,
    paramOffset: *mut usize,
    paramSize: *mut usize,
) -> Result<(), Fault> {
    let function = handle("func", func)?;
    if paramOffset.is_null() {
        present("paramOffset and paramSize", paramSize)?;
    }
    call.world.kernels.functions.get(function)?;
    call.unsupported()
}

/// Programs have no kernels of their own here: what their compiler registers is not listened to.
pub(in crate::abi) unsafe fn aclrtGetFuncBySymbol(
    _call: &Entry<'_>,
    symbol: *const c_void,
    funcHandle: *mut aclrtFuncHandle,
) -> Result<(), Fault> {
    let symbol = handle("symbol", symbol)?;
    present("funcHandle", funcHandle)?;
    Err(Fault::new(
        ACL_ERROR_RT_INVALID_DEVICE_FUNCTION,
        format!("{symbol:#x} is no kernel that the program registered"),
    ))
}

pub(in crate::abi) unsafe fn aclrtGetFunctionAddr(
    call: &Entry<'_>,
    funcHandle: aclrtFuncHandle,
    aicAddr: *mut *mut c_void,
    aivAddr: *mut *mut c_void,
) -> Result<(), Fault> {
    let function = handle("funcHandle", funcHandle)?;
    present("aicAddr", aicAddr)?;
    present("aivAddr", aivAddr)?;
    call.world.kernels.functions.get(function)?;
    call.unsupported()
}

pub(in crate::abi) unsafe fn aclrtGetFunctionAttribute(
    call: &Entry<'_>,
    funcHandle: aclrtFuncHandle,
    attrType: aclrtFuncAttribute,
    attrValue: *mut i64,
) -> Result<(), Fault> {
    let function = handle("funcHandle", funcHandle)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("attrValue", attrValue) }?;
    let function = call.world.kernels.functions.get(function)?;
    place.set(function.attribute(attrType)?);
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtGetFunctionName(
    call: &Entry<'_>,
    funcHandle: aclrtFuncHandle,
    maxLen: u32,
    name: *mut c_char,
) -> Result<(), Fault> {
    present("name", name)?;
    let function = runtime_handle("funcHandle", funcHandle)?;
    let function = call.world.kernels.functions.get(function)?;
    // SAFETY: the caller vouches for `maxLen` bytes.
    unsafe { put_text("name", name, maxLen as usize, &function.name) }
}

pub(in crate::abi) unsafe fn aclrtGetFunctionSize(
    call: &Entry<'_>,
    funcHandle: aclrtFuncHandle,
    aicSize: *mut usize,
    aivSize: *mut usize,
) -> Result<(), Fault> {
    let function = runtime_handle("funcHandle", funcHandle)?;
    runtime_handle("aicSize", aicSize)?;
    runtime_handle("aivSize", aivSize)?;
    let (cores, vectors) = call.world.kernels.functions.get(function)?.code_bytes();
    // SAFETY: not NULL, so a place for the answer.
    let place = unsafe { Place::new("aicSize", aicSize) }?;
    place.set(usize::try_from(cores).map_err(Fault::internal)?);
    // SAFETY: as above.
    let place = unsafe { Place::new("aivSize", aivSize) }?;
    place.set(usize::try_from(vectors).map_err(Fault::internal)?);
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtGetSymbolAddress(
    _call: &Entry<'_>,
    symbol: *const c_void,
    devPtr: *mut *mut c_void,
) -> Result<(), Fault> {
    let symbol = handle("symbol", symbol)?;
    present("devPtr", devPtr)?;
    Err(no_variable(symbol))
}

pub(in crate::abi) unsafe fn aclrtGetSymbolSize(
    _call: &Entry<'_>,
    symbol: *const c_void,
    size: *mut usize,
) -> Result<(), Fault> {
    let symbol = handle("symbol", symbol)?;
    present("size", size)?;
    Err(no_variable(symbol))
}

fn no_variable(symbol: u64) -> Fault {
    Fault::new(
        ACL_ERROR_RT_INVALID_SYMBOL,
        format!("{symbol:#x} is no variable of a kernel that the program registered"),
    )
}
