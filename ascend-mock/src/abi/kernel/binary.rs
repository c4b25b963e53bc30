//! Binaries of kernels: how they are loaded, and what is in them.

use std::ffi::*;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

use ascend_sys::*;

use super::runtime_handle;
use crate::abi::pointers::{Place, array, handle, number, opaque, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::kernel::{BinaryDesc, LoadOptions};
use crate::memory::is_beyond_host;

/// # Safety
///
/// The options are NULL, or valid with as many options as they say.
unsafe fn load_options(options: *const aclrtBinaryLoadOptions) -> Result<LoadOptions, Fault> {
    use ascend_sys::aclrtBinaryLoadOptionType as Type;
    let mut found = LoadOptions::default();
    if options.is_null() {
        return Ok(found);
    }
    // SAFETY: not NULL, so the caller vouches for it.
    let options = unsafe { options.read() };
    // SAFETY: as above.
    let list = unsafe { array("options", options.options.cast_const(), options.numOpt) }
        .map_err(|fault| Fault::runtime_argument(fault.text))?;
    for option in list {
        match option.type_ {
            Type::ACL_RT_BINARY_LOAD_OPT_LAZY_LOAD | Type::ACL_RT_BINARY_LOAD_OPT_MAGIC => {}
            Type::ACL_RT_BINARY_LOAD_OPT_CPU_KERNEL_MODE => found.is_for_cpu = true,
            Type(unknown) => {
                return Err(Fault::runtime_argument(format!(
                    "{unknown} is no option of loading"
                )));
            }
        }
    }
    Ok(found)
}

/// The bytes of a binary in the program's memory.
///
/// # Safety
///
/// The address is NULL, or that of `length` bytes.
unsafe fn binary(data: *const c_void, length: usize) -> Result<Arc<[u8]>, Fault> {
    if is_beyond_host(number(data)) {
        return Err(Fault::runtime_argument(
            "data is device memory; a binary is loaded from the host's",
        ));
    }
    // SAFETY: the caller vouches for the bytes.
    Ok(unsafe { array("data", data.cast::<u8>(), length) }?.into())
}

/// The bytes are copied here; the runtime reads them at `aclrtBinaryLoad` at the earliest.
pub(in crate::abi) unsafe fn aclrtCreateBinary(
    call: &Entry<'_>,
    data: *const c_void,
    dataLen: usize,
) -> Result<aclrtBinary, Fault> {
    present("data", data)?;
    // SAFETY: the caller vouches for `dataLen` bytes.
    let bytes = unsafe { binary(data, dataLen) }?;
    let descriptions = &call.world.kernels.descriptions;
    Ok(opaque(
        descriptions.insert(call.origin, |_| BinaryDesc(bytes)).0,
    ))
}

pub(in crate::abi) unsafe fn aclrtDestroyBinary(
    call: &Entry<'_>,
    binary: aclrtBinary,
) -> Result<(), Fault> {
    let desc = handle("binary", binary)?;
    call.world.kernels.descriptions.remove(desc).map(|_| ())
}

pub(in crate::abi) unsafe fn aclrtBinaryLoad(
    call: &Entry<'_>,
    binary: aclrtBinary,
    binHandle: *mut aclrtBinHandle,
) -> Result<(), Fault> {
    let desc = handle("binary", binary)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("binHandle", binHandle) }?;
    let desc = call.world.kernels.descriptions.get(desc)?;
    let options = LoadOptions::default();
    place.set(opaque(call.load_binary(&desc.0, options)?));
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtBinaryLoadFromData(
    call: &Entry<'_>,
    data: *const c_void,
    length: usize,
    options: *const aclrtBinaryLoadOptions,
    binHandle: *mut aclrtBinHandle,
) -> Result<(), Fault> {
    present("data", data)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("binHandle", binHandle) }?;
    // SAFETY: NULL, or options with as many elements as they say.
    let options = unsafe { load_options(options) }?;
    // SAFETY: the caller vouches for `length` bytes.
    let bytes = unsafe { binary(data, length) }?;
    place.set(opaque(call.load_binary(&bytes, options)?));
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtBinaryLoadFromFile(
    call: &Entry<'_>,
    binPath: *const c_char,
    options: *mut aclrtBinaryLoadOptions,
    binHandle: *mut aclrtBinHandle,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let path = unsafe { text("binPath", binPath) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("binHandle", binHandle) }?;
    // SAFETY: NULL, or options with as many elements as they say.
    let options = unsafe { load_options(options) }?;
    let path = OsStr::from_bytes(path.to_bytes());
    place.set(opaque(call.load_binary_file(path, options)?));
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtBinaryUnLoad(
    call: &Entry<'_>,
    binHandle: aclrtBinHandle,
) -> Result<(), Fault> {
    call.unload_binary(handle("binHandle", binHandle)?)
}

pub(in crate::abi) unsafe fn aclrtBinaryGetDevAddress(
    call: &Entry<'_>,
    binHandle: aclrtBinHandle,
    binAddr: *mut *mut c_void,
    binSize: *mut usize,
) -> Result<(), Fault> {
    let binary = handle("binHandle", binHandle)?;
    present("binAddr", binAddr)?;
    present("binSize", binSize)?;
    call.world.kernels.binaries.get(binary)?;
    call.unsupported()
}

pub(in crate::abi) unsafe fn aclrtBinaryGetFunction(
    call: &Entry<'_>,
    binHandle: aclrtBinHandle,
    kernelName: *const c_char,
    funcHandle: *mut aclrtFuncHandle,
) -> Result<(), Fault> {
    let binary = handle("binHandle", binHandle)?;
    // SAFETY: NULL, or a text that ends with a zero byte.
    let name = unsafe { text("kernelName", kernelName) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("funcHandle", funcHandle) }?;
    place.set(opaque(call.find_function(binary, &name.to_string_lossy())?));
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtBinaryGetFunctionByEntry(
    call: &Entry<'_>,
    binHandle: aclrtBinHandle,
    funcEntry: u64,
    funcHandle: *mut aclrtFuncHandle,
) -> Result<(), Fault> {
    let binary = handle("binHandle", binHandle)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("funcHandle", funcHandle) }?;
    place.set(opaque(call.find_function_by_key(binary, funcEntry)?));
    Ok(())
}

/// The size is known; the address would be one of a device that runs the binary's code.
pub(in crate::abi) unsafe fn aclrtBinaryGetGlobal(
    call: &Entry<'_>,
    binHandle: aclrtBinHandle,
    name: *const c_char,
    dptr: *mut *mut c_void,
    size: *mut usize,
) -> Result<(), Fault> {
    let binary = handle("binHandle", binHandle)?;
    // SAFETY: NULL, or a text that ends with a zero byte.
    let name = unsafe { text("name", name) }?;
    if dptr.is_null() {
        present("dptr and size", size)?;
    }
    let bytes = call.variable_bytes(binary, &name.to_string_lossy())?;
    if !dptr.is_null() {
        return call.unsupported();
    }
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("size", size) }?;
    place.set(usize::try_from(bytes).map_err(Fault::internal)?);
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtRegisterCpuFunc(
    call: &Entry<'_>,
    binHandle: aclrtBinHandle,
    funcName: *const c_char,
    kernelName: *const c_char,
    funcHandle: *mut aclrtFuncHandle,
) -> Result<(), Fault> {
    let binary = handle("handle", binHandle)?;
    present("funcName", funcName)?;
    // SAFETY: NULL, or a text that ends with a zero byte.
    let kernel = unsafe { text("kernelName", kernelName) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("funcHandle", funcHandle) }?;
    place.set(opaque(
        call.name_cpu_function(binary, &kernel.to_string_lossy())?,
    ));
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtCheckArchCompatibility(
    call: &Entry<'_>,
    socVersion: *const c_char,
    canCompatible: *mut i32,
) -> Result<(), Fault> {
    runtime_handle("socVersion", socVersion)?;
    runtime_handle("canCompatible", canCompatible)?;
    // SAFETY: not NULL, so a text that ends with a zero byte.
    let name = unsafe { text("socVersion", socVersion) }?;
    let fits = call.world.runs_code_for(&name.to_string_lossy());
    // SAFETY: not NULL, so a place for the answer.
    unsafe { Place::new("canCompatible", canCompatible) }?.set(fits.into());
    Ok(())
}
