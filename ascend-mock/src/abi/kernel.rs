//! Kernels: binaries, functions, arguments, launches.

use std::ffi::*;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

use ascend_sys::*;

use super::pointers::{Place, array, handle, number, opaque, put_text, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::kernel::{BinaryDesc, HANDLE_BYTES, LoadOptions, Passed};

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
unsafe fn binary(call: &Entry<'_>, data: *const c_void, length: usize) -> Result<Arc<[u8]>, Fault> {
    if call.world.space.owns(number(data)) {
        return Err(Fault::runtime_argument(
            "data is device memory; a binary is loaded from the host's",
        ));
    }
    // SAFETY: the caller vouches for the bytes.
    Ok(unsafe { array("data", data.cast::<u8>(), length) }?.into())
}

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
    let bytes = unsafe { binary(call, data, length) }?;
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
    let bytes = unsafe { binary(call, data, dataLen) }?;
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

/// 0: no kernel here has threads.
pub(super) unsafe fn aclrtFunctionGetAvailDynUbufPerBlock(
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

pub(super) unsafe fn aclrtFunctionGetBinary(
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

pub(super) unsafe fn aclrtFunctionGetParamCount(
    call: &Entry<'_>,
    func: *const c_void,
    paramCount: *mut usize,
) -> Result<(), Fault> {
    let function = handle("func", func)?;
    present("paramCount", paramCount)?;
    call.world.kernels.functions.get(function)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtFunctionGetParamInfo(
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

pub(super) unsafe fn aclrtGetFloatOverflowStatus(
    call: &Entry<'_>,
    outputAddr: *mut c_void,
    _outputSize: u64,
    stream: aclrtStream,
) -> Result<(), Fault> {
    runtime_handle("outputAddr", outputAddr)?;
    call.own_stream(number(stream))?;
    call.unsupported()
}

/// Programs have no kernels of their own here: what their compiler registers is not listened to.
pub(super) unsafe fn aclrtGetFuncBySymbol(
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

pub(super) unsafe fn aclrtGetFunctionAddr(
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

pub(super) unsafe fn aclrtGetFunctionAttribute(
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

pub(super) unsafe fn aclrtGetFunctionName(
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

pub(super) unsafe fn aclrtGetFunctionSize(
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

pub(super) unsafe fn aclrtGetHardwareSyncAddr(
    call: &Entry<'_>,
    addr: *mut *mut c_void,
) -> Result<(), Fault> {
    runtime_handle("addr", addr)?;
    call.context()?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetSymbolAddress(
    _call: &Entry<'_>,
    symbol: *const c_void,
    devPtr: *mut *mut c_void,
) -> Result<(), Fault> {
    let symbol = handle("symbol", symbol)?;
    present("devPtr", devPtr)?;
    Err(no_variable(symbol))
}

fn no_variable(symbol: u64) -> Fault {
    Fault::new(
        ACL_ERROR_RT_INVALID_SYMBOL,
        format!("{symbol:#x} is no variable of a kernel that the program registered"),
    )
}

pub(super) unsafe fn aclrtGetSymbolSize(
    _call: &Entry<'_>,
    symbol: *const c_void,
    size: *mut usize,
) -> Result<(), Fault> {
    let symbol = handle("symbol", symbol)?;
    present("size", size)?;
    Err(no_variable(symbol))
}

pub(super) unsafe fn aclrtKernelArgsAppend(
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

pub(super) unsafe fn aclrtKernelArgsAppendPlaceHolder(
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

pub(super) unsafe fn aclrtKernelArgsFinalize(
    call: &Entry<'_>,
    argsHandle: aclrtArgsHandle,
) -> Result<(), Fault> {
    let list = handle("argsHandle", argsHandle)?;
    call.arguments(list)?.finish()
}

pub(super) unsafe fn aclrtKernelArgsGetHandleMemSize(
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
pub(super) unsafe fn aclrtKernelArgsGetMemSize(
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

pub(super) unsafe fn aclrtKernelArgsGetPlaceHolderBuffer(
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

pub(super) unsafe fn aclrtKernelArgsInit(
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
pub(super) unsafe fn aclrtKernelArgsInitByUserMem(
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

pub(super) unsafe fn aclrtKernelArgsParaUpdate(
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
    call.own_stream(number(stream))?;
    call.unsupported()
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
    call.own_stream(number(stream))?;
    call.unsupported()
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
    call.own_stream(number(stream))?;
    call.unsupported()
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
