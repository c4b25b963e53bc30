//! Models: loading and running them.

use std::ffi::*;
use std::os::unix::ffi::OsStrExt;
use std::sync::atomic::Ordering;

use ascend_sys::*;

use super::pointers::{Place, deadline, handle, list, number, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::model::{Info, Load, Source, Span};

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
    let bytes = unsafe { list("model", model.cast(), bytes) }?;
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
    place.set(call.load_model(&source, Load::default())?);
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
    place.set(call.load_model(&source, Load::default())?);
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
    id: u32,
    inputs: *const aclmdlDataset,
    outputs: *mut aclmdlDataset,
    stream: aclrtStream,
    config: *const aclmdlExecConfigHandle,
) -> Result<(), Fault> {
    let (inputs, outputs) = (handle("input", inputs)?, handle("output", outputs)?);
    let stream = handle("stream", stream)?;
    call.world.exec_configs.get(handle("handle", config)?)?;
    call.execute_in_stream(id, inputs, outputs, stream)
}

pub(super) unsafe fn aclmdlExecuteV2(
    call: &Entry<'_>,
    id: u32,
    inputs: *const aclmdlDataset,
    outputs: *mut aclmdlDataset,
    stream: aclrtStream,
    config: *const aclmdlExecConfigHandle,
) -> Result<(), Fault> {
    let (inputs, outputs) = (handle("input", inputs)?, handle("output", outputs)?);
    let timeout = call.stream_timeout(handle("handle", config)?)?;
    let deadline = deadline(timeout)?;
    match number(stream) {
        0 => call.execute(id, inputs, outputs),
        stream => call.execute_behind(id, inputs, outputs, stream, deadline),
    }
}

pub(super) unsafe fn aclmdlLoadFromFileWithMem(
    call: &Entry<'_>,
    path: *const c_char,
    id: *mut u32,
    work: *mut c_void,
    work_bytes: usize,
    weights: *mut c_void,
    weight_bytes: usize,
) -> Result<(), Fault> {
    // SAFETY: the C function demands a text.
    let source = unsafe { file(path) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("modelId", id) }?;
    let load = Load::with_memory(
        Span::new(work, work_bytes),
        Span::new(weights, weight_bytes),
    );
    place.set(call.load_model(&source, load)?);
    Ok(())
}

pub(super) unsafe fn aclmdlLoadFromMemWithMem(
    call: &Entry<'_>,
    model: *const c_void,
    bytes: usize,
    id: *mut u32,
    work: *mut c_void,
    work_bytes: usize,
    weights: *mut c_void,
    weight_bytes: usize,
) -> Result<(), Fault> {
    // SAFETY: the C function demands `bytes` readable bytes.
    let source = unsafe { memory(model, bytes) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("modelId", id) }?;
    let load = Load::with_memory(
        Span::new(work, work_bytes),
        Span::new(weights, weight_bytes),
    );
    place.set(call.load_model(&source, load)?);
    Ok(())
}

/// The numbers of queues for inputs and outputs.
fn queues(
    inputs: *const u32,
    input_count: usize,
    outputs: *const u32,
    output_count: usize,
) -> Result<[usize; 2], Fault> {
    present("inputQ", inputs)?;
    present("outputQ", outputs)?;
    if input_count == 0 || output_count == 0 {
        return Err(Fault::argument("there are no queues"));
    }
    Ok([input_count, output_count])
}

pub(super) unsafe fn aclmdlLoadFromFileWithQ(
    call: &Entry<'_>,
    path: *const c_char,
    id: *mut u32,
    inputs: *const u32,
    input_count: usize,
    outputs: *const u32,
    output_count: usize,
) -> Result<(), Fault> {
    // SAFETY: the C function demands a text.
    let source = unsafe { file(path) }?;
    present("modelId", id)?;
    let queues = queues(inputs, input_count, outputs, output_count)?;
    call.check_queues(&source, queues)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlLoadFromMemWithQ(
    call: &Entry<'_>,
    model: *const c_void,
    bytes: usize,
    id: *mut u32,
    inputs: *const u32,
    input_count: usize,
    outputs: *const u32,
    output_count: usize,
) -> Result<(), Fault> {
    // SAFETY: the C function demands `bytes` readable bytes.
    let source = unsafe { memory(model, bytes) }?;
    present("modelId", id)?;
    let queues = queues(inputs, input_count, outputs, output_count)?;
    call.check_queues(&source, queues)?;
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

/// The attribute must be the one that models have.
fn check_attribute(attribute: aclmdlAttr) -> Result<(), Fault> {
    if attribute != aclmdlAttr::ACL_MDL_ATTR_PRIORITY_INT32 {
        let text = format!("{} is no attribute of models", attribute.0);
        return Err(Fault::argument(text));
    }
    Ok(())
}

pub(super) unsafe fn aclmdlSetAttribute(
    call: &Entry<'_>,
    id: u32,
    attribute: aclmdlAttr,
    value: *mut aclmdlAttrValue_t,
) -> Result<(), Fault> {
    present("attrValue", value)?;
    check_attribute(attribute)?;
    // SAFETY: the C function demands a value that can be read.
    let value = unsafe { value.read() };
    // SAFETY: every field is made of numbers, for which any bits will do.
    let priority = unsafe { value.mdlPriority };
    let model = call.world.models.get(id)?;
    let priority = i32::try_from(priority)
        .ok()
        .filter(|priority| *priority <= 7);
    let priority =
        priority.ok_or_else(|| Fault::argument("no priority, which are 0 to 7".to_owned()))?;
    model.priority.store(priority, Ordering::Relaxed);
    Ok(())
}

pub(super) unsafe fn aclmdlGetAttribute(
    call: &Entry<'_>,
    id: u32,
    attribute: aclmdlAttr,
    value: *mut aclmdlAttrValue_t,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("attrValue", value) }?;
    check_attribute(attribute)?;
    let model = call.world.models.get(id)?;
    let priority = model.priority.load(Ordering::Relaxed);
    place.set(aclmdlAttrValue_t {
        mdlPriority: priority.cast_unsigned(),
    });
    Ok(())
}
