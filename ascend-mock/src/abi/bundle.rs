//! Bundles of models in one file.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclmdlBundleCreateQueryInfo(
    call: &Entry<'_>,
) -> Result<*mut aclmdlBundleQueryInfo, Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleDestroyQueryInfo(
    call: &Entry<'_>,
    queryInfo: *mut aclmdlBundleQueryInfo,
) -> Result<(), Fault> {
    present("queryInfo", queryInfo)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleGetModelId(
    call: &Entry<'_>,
    _bundleId: u32,
    _index: usize,
    modelId: *mut u32,
) -> Result<(), Fault> {
    present("modelId", modelId)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleGetModelNum(
    call: &Entry<'_>,
    _bundleId: u32,
    modelNum: *mut usize,
) -> Result<(), Fault> {
    present("modelNum", modelNum)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleGetQueryModelNum(
    call: &Entry<'_>,
    queryInfo: *const aclmdlBundleQueryInfo,
    modelNum: *mut usize,
) -> Result<(), Fault> {
    present("queryInfo", queryInfo)?;
    present("modelNum", modelNum)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleGetSize(
    call: &Entry<'_>,
    queryInfo: *const aclmdlBundleQueryInfo,
    _index: usize,
    workSize: *mut usize,
    constWeightSize: *mut usize,
) -> Result<(), Fault> {
    present("queryInfo", queryInfo)?;
    present("workSize", workSize)?;
    present("constWeightSize", constWeightSize)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleGetVarWeightSize(
    call: &Entry<'_>,
    queryInfo: *const aclmdlBundleQueryInfo,
    variableWeightSize: *mut usize,
) -> Result<(), Fault> {
    present("queryInfo", queryInfo)?;
    present("variableWeightSize", variableWeightSize)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleInitFromFile(
    call: &Entry<'_>,
    modelPath: *const c_char,
    varWeightPtr: *mut c_void,
    _varWeightSize: usize,
    bundleId: *mut u32,
) -> Result<(), Fault> {
    present("modelPath", modelPath)?;
    present("varWeightPtr", varWeightPtr)?;
    present("bundleId", bundleId)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleInitFromMem(
    call: &Entry<'_>,
    model: *const c_void,
    _modelSize: usize,
    varWeightPtr: *mut c_void,
    _varWeightSize: usize,
    bundleId: *mut u32,
) -> Result<(), Fault> {
    present("model", model)?;
    present("varWeightPtr", varWeightPtr)?;
    present("bundleId", bundleId)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleLoadFromFile(
    call: &Entry<'_>,
    modelPath: *const c_char,
    bundleId: *mut u32,
) -> Result<(), Fault> {
    present("modelPath", modelPath)?;
    present("bundleId", bundleId)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleLoadFromMem(
    call: &Entry<'_>,
    model: *const c_void,
    _modelSize: usize,
    bundleId: *mut u32,
) -> Result<(), Fault> {
    present("model", model)?;
    present("bundleId", bundleId)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleLoadModel(
    call: &Entry<'_>,
    _bundleId: u32,
    _index: usize,
    modelId: *mut u32,
) -> Result<(), Fault> {
    present("modelId", modelId)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleLoadModelWithMem(
    call: &Entry<'_>,
    _bundleId: u32,
    _index: usize,
    workPtr: *mut c_void,
    _workSize: usize,
    weightPtr: *mut c_void,
    _weightSize: usize,
    modelId: *mut u32,
) -> Result<(), Fault> {
    present("workPtr", workPtr)?;
    present("weightPtr", weightPtr)?;
    present("modelId", modelId)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleQueryInfoFromFile(
    call: &Entry<'_>,
    fileName: *const c_char,
    queryInfo: *mut aclmdlBundleQueryInfo,
) -> Result<(), Fault> {
    present("fileName", fileName)?;
    present("queryInfo", queryInfo)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleQueryInfoFromMem(
    call: &Entry<'_>,
    model: *const c_void,
    _modelSize: usize,
    queryInfo: *mut aclmdlBundleQueryInfo,
) -> Result<(), Fault> {
    present("model", model)?;
    present("queryInfo", queryInfo)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleUnload(call: &Entry<'_>, _bundleId: u32) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlBundleUnloadModel(
    call: &Entry<'_>,
    _bundleId: u32,
    _modelId: u32,
) -> Result<(), Fault> {
    call.unsupported()
}
