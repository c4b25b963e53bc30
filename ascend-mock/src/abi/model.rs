//! Models: loading and running them.

use std::ffi::{OsStr, c_char, c_void};
use std::os::unix::ffi::OsStrExt;
use std::slice;

use ascend_sys::{ACL_ERROR_GE_FAILURE, aclError, aclmdlDataset, aclrtStream};

use super::pointers::{Place, handle, number, text};
use crate::entry::entry;
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

pub(super) unsafe extern "C" fn aclmdlLoadFromFile<const SLOT: usize>(
    path: *const c_char,
    id: *mut u32,
) -> aclError {
    entry(SLOT, "aclmdlLoadFromFile", |call| {
        // SAFETY: the C function demands a text.
        let source = unsafe { file(path) }?;
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("modelId", id) }?;
        place.set(call.load_model(&source)?);
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclmdlLoadFromMem<const SLOT: usize>(
    model: *const c_void,
    bytes: usize,
    id: *mut u32,
) -> aclError {
    entry(SLOT, "aclmdlLoadFromMem", |call| {
        // SAFETY: the C function demands `bytes` readable bytes.
        let source = unsafe { memory(model, bytes) }?;
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("modelId", id) }?;
        place.set(call.load_model(&source)?);
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclmdlUnload<const SLOT: usize>(id: u32) -> aclError {
    entry(SLOT, "aclmdlUnload", |call| call.unload_model(id))
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

pub(super) unsafe extern "C" fn aclmdlQuerySize<const SLOT: usize>(
    path: *const c_char,
    work: *mut usize,
    weights: *mut usize,
) -> aclError {
    entry(SLOT, "aclmdlQuerySize", |_| {
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
    })
}

pub(super) unsafe extern "C" fn aclmdlQuerySizeFromMem<const SLOT: usize>(
    model: *const c_void,
    bytes: usize,
    work: *mut usize,
    weights: *mut usize,
) -> aclError {
    entry(SLOT, "aclmdlQuerySizeFromMem", |_| {
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
    })
}

pub(super) unsafe extern "C" fn aclmdlExecute<const SLOT: usize>(
    id: u32,
    inputs: *const aclmdlDataset,
    outputs: *mut aclmdlDataset,
) -> aclError {
    entry(SLOT, "aclmdlExecute", |call| {
        call.execute(id, handle("input", inputs)?, handle("output", outputs)?)
    })
}

pub(super) unsafe extern "C" fn aclmdlExecuteAsync<const SLOT: usize>(
    id: u32,
    inputs: *const aclmdlDataset,
    outputs: *mut aclmdlDataset,
    stream: aclrtStream,
) -> aclError {
    entry(SLOT, "aclmdlExecuteAsync", |call| {
        let (inputs, outputs) = (handle("input", inputs)?, handle("output", outputs)?);
        call.execute_in_stream(id, inputs, outputs, number(stream))
    })
}
