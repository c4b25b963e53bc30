//! Models: loading and running them.

use std::ffi::*;
use std::os::unix::ffi::OsStrExt;
use std::slice;

use ascend_sys::*;

use super::pointers::{Place, handle, number, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::model::{Info, Source};

/// # Safety
///
/// The path is NULL or a text that ends with a zero byte, for `'a`.
pub(super) unsafe fn file<'a>(path: *const c_char) -> Result<Source<'a>, Fault> {
    // SAFETY: the caller vouches for it.
    let path = unsafe { text("modelPath", path) }?;
    Ok(Source::File(OsStr::from_bytes(path.to_bytes())))
}

/// # Safety
///
/// The address is NULL or has `bytes` readable bytes for `'a`.
pub(super) unsafe fn memory<'a>(model: *const c_void, bytes: usize) -> Result<Source<'a>, Fault> {
    if model.is_null() || bytes == 0 {
        return Err(Fault::argument("the model is NULL, or 0 bytes long"));
    }
    // SAFETY: the caller vouches for it.
    let bytes = unsafe { slice::from_raw_parts(model.cast(), bytes) };
    Ok(Source::Memory(bytes))
}

pub(super) unsafe fn aclmdlLoadFromFile(
    call: &Entry<'_>,
    path: *const c_char,
    id: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: the C function demands a text.
    let source = unsafe { file(path) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("modelId", id) }?;
    place.set(call.load_model(&source)?);
    Ok(())
}

pub(super) unsafe fn aclmdlLoadFromMem(
    call: &Entry<'_>,
    model: *const c_void,
    bytes: usize,
    id: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: the C function demands `bytes` readable bytes.
    let source = unsafe { memory(model, bytes) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("modelId", id) }?;
    place.set(call.load_model(&source)?);
    Ok(())
}

pub(super) unsafe fn aclmdlUnload(call: &Entry<'_>, id: u32) -> Result<(), Fault> {
    call.unload_model(id)
}

/// The memory that a model takes: work, weights. That of free shapes is not known beforehand.
fn sizes(info: &Info) -> Result<[usize; 2], Fault> {
    if info.has_free_shapes() && info.inputs.iter().any(|input| input.bytes() == 0) {
        return Err(Fault::new(
            ACL_ERROR_GE_FAILURE,
            "the model takes shapes without a limit, and memory that depends on them",
        ));
    }
    let size = |bytes| usize::try_from(bytes).map_err(Fault::internal);
    Ok([size(info.work_bytes)?, size(info.weight_bytes)?])
}

pub(super) unsafe fn aclmdlQuerySize(
    _call: &Entry<'_>,
    path: *const c_char,
    work: *mut usize,
    weights: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: the C function demands a text.
    let source = unsafe { file(path) }?;
    // SAFETY: NULL, or a place for the answer.
    let work = unsafe { Place::new("workSize", work) }?;
    // SAFETY: as above.
    let weights = unsafe { Place::new("weightSize", weights) }?;
    let sizes = sizes(&source.info()?)?;
    work.set(sizes[0]);
    weights.set(sizes[1]);
    Ok(())
}

pub(super) unsafe fn aclmdlQuerySizeFromMem(
    _call: &Entry<'_>,
    model: *const c_void,
    bytes: usize,
    work: *mut usize,
    weights: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: the C function demands `bytes` readable bytes.
    let source = unsafe { memory(model, bytes) }?;
    // SAFETY: NULL, or a place for the answer.
    let work = unsafe { Place::new("workSize", work) }?;
    // SAFETY: as above.
    let weights = unsafe { Place::new("weightSize", weights) }?;
    let sizes = sizes(&source.info()?)?;
    work.set(sizes[0]);
    weights.set(sizes[1]);
    Ok(())
}

pub(super) unsafe fn aclmdlExecute(
    call: &Entry<'_>,
    id: u32,
    inputs: *const aclmdlDataset,
    outputs: *mut aclmdlDataset,
) -> Result<(), Fault> {
    call.execute(id, handle("input", inputs)?, handle("output", outputs)?)
}

pub(super) unsafe fn aclmdlExecuteAsync(
    call: &Entry<'_>,
    id: u32,
    inputs: *const aclmdlDataset,
    outputs: *mut aclmdlDataset,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let (inputs, outputs) = (handle("input", inputs)?, handle("output", outputs)?);
    call.execute_in_stream(id, inputs, outputs, number(stream))
}

pub(super) unsafe fn aclmdlExecuteAsyncV2(
    call: &Entry<'_>,
    _modelId: u32,
    input: *const aclmdlDataset,
    output: *mut aclmdlDataset,
    _stream: aclrtStream,
    handle: *const aclmdlExecConfigHandle,
) -> Result<(), Fault> {
    present("input", input)?;
    present("output", output)?;
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlExecuteV2(
    call: &Entry<'_>,
    _modelId: u32,
    input: *const aclmdlDataset,
    output: *mut aclmdlDataset,
    _stream: aclrtStream,
    handle: *const aclmdlExecConfigHandle,
) -> Result<(), Fault> {
    present("input", input)?;
    present("output", output)?;
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlLoadFromFileWithMem(
    call: &Entry<'_>,
    modelPath: *const c_char,
    modelId: *mut u32,
    workPtr: *mut c_void,
    _workSize: usize,
    weightPtr: *mut c_void,
    _weightSize: usize,
) -> Result<(), Fault> {
    present("modelPath", modelPath)?;
    present("modelId", modelId)?;
    present("workPtr", workPtr)?;
    present("weightPtr", weightPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlLoadFromFileWithQ(
    call: &Entry<'_>,
    modelPath: *const c_char,
    modelId: *mut u32,
    inputQ: *const u32,
    _inputQNum: usize,
    outputQ: *const u32,
    _outputQNum: usize,
) -> Result<(), Fault> {
    present("modelPath", modelPath)?;
    present("modelId", modelId)?;
    present("inputQ", inputQ)?;
    present("outputQ", outputQ)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlLoadFromMemWithMem(
    call: &Entry<'_>,
    model: *const c_void,
    _modelSize: usize,
    modelId: *mut u32,
    workPtr: *mut c_void,
    _workSize: usize,
    weightPtr: *mut c_void,
    _weightSize: usize,
) -> Result<(), Fault> {
    present("model", model)?;
    present("modelId", modelId)?;
    present("workPtr", workPtr)?;
    present("weightPtr", weightPtr)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlLoadFromMemWithQ(
    call: &Entry<'_>,
    model: *const c_void,
    _modelSize: usize,
    modelId: *mut u32,
    inputQ: *const u32,
    _inputQNum: usize,
    outputQ: *const u32,
    _outputQNum: usize,
) -> Result<(), Fault> {
    present("model", model)?;
    present("modelId", modelId)?;
    present("inputQ", inputQ)?;
    present("outputQ", outputQ)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlLoadFromModel(
    call: &Entry<'_>,
    model: *const aclmdlModel,
    handle: *const aclmdlConfigHandle,
    modelId: *mut u32,
) -> Result<(), Fault> {
    present("model", model)?;
    present("handle", handle)?;
    present("modelId", modelId)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlQueryExeOMDesc(
    call: &Entry<'_>,
    fileName: *const c_char,
    mdlPartitionSize: *mut aclmdlExeOMDesc,
) -> Result<(), Fault> {
    present("fileName", fileName)?;
    present("mdlPartitionSize", mdlPartitionSize)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetAttribute(
    call: &Entry<'_>,
    _modelId: u32,
    _attr: aclmdlAttr,
    attrValue: *mut aclmdlAttrValue_t,
) -> Result<(), Fault> {
    present("attrValue", attrValue)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetExternalWeightAddress(
    call: &Entry<'_>,
    handle: *mut aclmdlConfigHandle,
    weightFileName: *const c_char,
    devPtr: *mut c_void,
    _size: usize,
) -> Result<(), Fault> {
    present("handle", handle)?;
    present("weightFileName", weightFileName)?;
    present("devPtr", devPtr)?;
    call.unsupported()
}
