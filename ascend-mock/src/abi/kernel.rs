//! Kernels: binaries, functions, arguments, launches.

mod arguments;
mod function;

use std::ffi::*;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

use ascend_sys::*;

pub(super) use arguments::*;
pub(super) use function::*;

use super::pointers::{Place, array, handle, number, opaque, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::kernel::{BinaryDesc, LoadOptions, Passed};
use crate::memory::is_beyond_host;

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

pub(super) unsafe fn aclrtBinaryGetDevAddress(
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

pub(super) unsafe fn aclrtBinaryGetFunction(
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

pub(super) unsafe fn aclrtBinaryGetFunctionByEntry(
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
pub(super) unsafe fn aclrtBinaryGetGlobal(
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

pub(super) unsafe fn aclrtBinaryLoad(
    call: &Entry<'_>,
    binary: aclrtBinary,
    binHandle: *mut aclrtBinHandle,
) -> Result<(), Fault> {
    let desc = handle("binary", binary)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("binHandle", binHandle) }?;
    let desc = call.world.kernels.descriptions.get(desc)?;
    let options = LoadOptions::default();
    place.set(opaque(call.load_binary(Arc::clone(&desc.0), options)?));
    Ok(())
}

pub(super) unsafe fn aclrtBinaryLoadFromData(
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
    place.set(opaque(call.load_binary(bytes, options)?));
    Ok(())
}

pub(super) unsafe fn aclrtBinaryLoadFromFile(
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

pub(super) unsafe fn aclrtBinaryUnLoad(
    call: &Entry<'_>,
    binHandle: aclrtBinHandle,
) -> Result<(), Fault> {
    call.unload_binary(handle("binHandle", binHandle)?)
}

pub(super) unsafe fn aclrtCheckArchCompatibility(
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

/// The bytes are copied here; the runtime reads them at `aclrtBinaryLoad` at the earliest.
pub(super) unsafe fn aclrtCreateBinary(
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

pub(super) unsafe fn aclrtCtxGetFloatOverflowAddr(
    call: &Entry<'_>,
    overflowAddr: *mut *mut c_void,
) -> Result<(), Fault> {
    present("overflowAddr", overflowAddr)?;
    call.context()?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDestroyBinary(
    call: &Entry<'_>,
    binary: aclrtBinary,
) -> Result<(), Fault> {
    let desc = handle("binary", binary)?;
    call.world.kernels.descriptions.remove(desc).map(|_| ())
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

pub(super) unsafe fn aclrtRegisterCpuFunc(
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

/// As `aclrtResetOverflowStatus`: there is nothing to clear.
pub(super) unsafe fn aclrtResetFloatOverflowStatus(
    call: &Entry<'_>,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let stream = call.own_stream(number(stream))?;
    call.submit_work(&stream, |_| Ok(()))
}
