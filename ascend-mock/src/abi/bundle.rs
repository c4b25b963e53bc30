//! Bundles of models in one file.

use std::ffi::*;

use ascend_sys::*;

use super::model::{file, memory};
use super::pointers::{Place, handle, opaque};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::model::{Load, Span};

pub(super) unsafe fn aclmdlBundleCreateQueryInfo(
    call: &Entry<'_>,
) -> Result<*mut aclmdlBundleQueryInfo, Fault> {
    Ok(opaque(call.create_bundle_query()))
}

pub(super) unsafe fn aclmdlBundleDestroyQueryInfo(
    call: &Entry<'_>,
    query: *mut aclmdlBundleQueryInfo,
) -> Result<(), Fault> {
    let query = handle("queryInfo", query)?;
    call.world.bundle_queries.remove(query).map(|_| ())
}

pub(super) unsafe fn aclmdlBundleQueryInfoFromFile(
    call: &Entry<'_>,
    path: *const c_char,
    query: *mut aclmdlBundleQueryInfo,
) -> Result<(), Fault> {
    // SAFETY: the C function demands a text.
    let source = unsafe { file(path) }?;
    call.query_bundle(handle("queryInfo", query)?, &source)
}

pub(super) unsafe fn aclmdlBundleQueryInfoFromMem(
    call: &Entry<'_>,
    model: *const c_void,
    bytes: usize,
    query: *mut aclmdlBundleQueryInfo,
) -> Result<(), Fault> {
    // SAFETY: the C function demands `bytes` readable bytes.
    let source = unsafe { memory(model, bytes) }?;
    call.query_bundle(handle("queryInfo", query)?, &source)
}

pub(super) unsafe fn aclmdlBundleGetQueryModelNum(
    call: &Entry<'_>,
    query: *const aclmdlBundleQueryInfo,
    count: *mut usize,
) -> Result<(), Fault> {
    let query = handle("queryInfo", query)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("modelNum", count) }?;
    place.set(call.queried_count(query)?);
    Ok(())
}

pub(super) unsafe fn aclmdlBundleGetVarWeightSize(
    call: &Entry<'_>,
    query: *const aclmdlBundleQueryInfo,
    size: *mut usize,
) -> Result<(), Fault> {
    let query = handle("queryInfo", query)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("variableWeightSize", size) }?;
    let bytes = call.queried_variables(query)?;
    place.set(usize::try_from(bytes).map_err(Fault::internal)?);
    Ok(())
}

pub(super) unsafe fn aclmdlBundleGetSize(
    call: &Entry<'_>,
    query: *const aclmdlBundleQueryInfo,
    index: usize,
    work: *mut usize,
    weights: *mut usize,
) -> Result<(), Fault> {
    let query = handle("queryInfo", query)?;
    // SAFETY: NULL, or a place for the answer.
    let work = unsafe { Place::new("workSize", work) }?;
    // SAFETY: as above.
    let weights = unsafe { Place::new("constWeightSize", weights) }?;
    let sizes = call.queried_size(query, index)?;
    work.set(usize::try_from(sizes[0]).map_err(Fault::internal)?);
    weights.set(usize::try_from(sizes[1]).map_err(Fault::internal)?);
    Ok(())
}

/// Memory for variables; NULL leaves them to the device.
fn variables(address: *mut c_void, bytes: usize) -> Option<Span> {
    (!address.is_null()).then(|| Span::new(address, bytes))
}

pub(super) unsafe fn aclmdlBundleInitFromFile(
    call: &Entry<'_>,
    path: *const c_char,
    address: *mut c_void,
    bytes: usize,
    id: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: the C function demands a text.
    let source = unsafe { file(path) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("bundleId", id) }?;
    place.set(call.init_bundle(&source, variables(address, bytes))?);
    Ok(())
}

pub(super) unsafe fn aclmdlBundleInitFromMem(
    call: &Entry<'_>,
    model: *const c_void,
    model_bytes: usize,
    address: *mut c_void,
    bytes: usize,
    id: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: the C function demands that many readable bytes.
    let source = unsafe { memory(model, model_bytes) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("bundleId", id) }?;
    place.set(call.init_bundle(&source, variables(address, bytes))?);
    Ok(())
}

pub(super) unsafe fn aclmdlBundleLoadFromFile(
    call: &Entry<'_>,
    path: *const c_char,
    id: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: the C function demands a text.
    let source = unsafe { file(path) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("bundleId", id) }?;
    place.set(call.load_bundle(&source)?);
    Ok(())
}

pub(super) unsafe fn aclmdlBundleLoadFromMem(
    call: &Entry<'_>,
    model: *const c_void,
    bytes: usize,
    id: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: the C function demands `bytes` readable bytes.
    let source = unsafe { memory(model, bytes) }?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("bundleId", id) }?;
    place.set(call.load_bundle(&source)?);
    Ok(())
}

pub(super) unsafe fn aclmdlBundleGetModelNum(
    call: &Entry<'_>,
    bundle: u32,
    count: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("modelNum", count) }?;
    place.set(call.world.bundles.get(bundle)?.count());
    Ok(())
}

pub(super) unsafe fn aclmdlBundleGetModelId(
    call: &Entry<'_>,
    bundle: u32,
    index: usize,
    id: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("modelId", id) }?;
    place.set(call.world.bundles.get(bundle)?.model(index)?);
    Ok(())
}

pub(super) unsafe fn aclmdlBundleLoadModel(
    call: &Entry<'_>,
    bundle: u32,
    index: usize,
    id: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("modelId", id) }?;
    place.set(call.load_of_bundle(bundle, index, Load::default())?);
    Ok(())
}

pub(super) unsafe fn aclmdlBundleLoadModelWithMem(
    call: &Entry<'_>,
    bundle: u32,
    index: usize,
    work: *mut c_void,
    work_bytes: usize,
    weights: *mut c_void,
    weight_bytes: usize,
    id: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("modelId", id) }?;
    let load = Load::with_memory(
        Span::new(work, work_bytes),
        Span::new(weights, weight_bytes),
    );
    place.set(call.load_of_bundle(bundle, index, load)?);
    Ok(())
}

pub(super) unsafe fn aclmdlBundleUnload(call: &Entry<'_>, bundle: u32) -> Result<(), Fault> {
    call.unload_bundle(bundle)
}

pub(super) unsafe fn aclmdlBundleUnloadModel(
    call: &Entry<'_>,
    bundle: u32,
    model: u32,
) -> Result<(), Fault> {
    call.unload_of_bundle(bundle, model)
}
