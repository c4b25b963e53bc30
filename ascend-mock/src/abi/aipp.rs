//! Preprocessing of pictures before a model.

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclmdlCreateAIPP(
    call: &Entry<'_>,
    _batchSize: u64,
) -> Result<*mut aclmdlAIPP, Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlDestroyAIPP(
    call: &Entry<'_>,
    aippParmsSet: *const aclmdlAIPP,
) -> Result<(), Fault> {
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlGetAippDataSize(
    call: &Entry<'_>,
    _batchSize: u64,
    size: *mut usize,
) -> Result<(), Fault> {
    present("size", size)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlGetAippType(
    call: &Entry<'_>,
    _modelId: u32,
    _index: usize,
    type_: *mut aclmdlInputAippType,
    dynamicAttachedDataIndex: *mut usize,
) -> Result<(), Fault> {
    present("type_", type_)?;
    present("dynamicAttachedDataIndex", dynamicAttachedDataIndex)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlGetFirstAippInfo(
    call: &Entry<'_>,
    _modelId: u32,
    _index: usize,
    aippInfo: *mut aclAippInfo,
) -> Result<(), Fault> {
    present("aippInfo", aippInfo)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetAIPPAxSwapSwitch(
    call: &Entry<'_>,
    aippParmsSet: *mut aclmdlAIPP,
    _axSwapSwitch: i8,
) -> Result<(), Fault> {
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetAIPPByInputIndex(
    call: &Entry<'_>,
    _modelId: u32,
    dataset: *mut aclmdlDataset,
    _index: usize,
    aippParmsSet: *const aclmdlAIPP,
) -> Result<(), Fault> {
    present("dataset", dataset)?;
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetAIPPCropParams(
    call: &Entry<'_>,
    aippParmsSet: *mut aclmdlAIPP,
    _cropSwitch: i8,
    _cropStartPosW: i32,
    _cropStartPosH: i32,
    _cropSizeW: i32,
    _cropSizeH: i32,
    _batchIndex: u64,
) -> Result<(), Fault> {
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetAIPPCscParams(
    call: &Entry<'_>,
    aippParmsSet: *mut aclmdlAIPP,
    _cscSwitch: i8,
    _cscMatrixR0C0: i16,
    _cscMatrixR0C1: i16,
    _cscMatrixR0C2: i16,
    _cscMatrixR1C0: i16,
    _cscMatrixR1C1: i16,
    _cscMatrixR1C2: i16,
    _cscMatrixR2C0: i16,
    _cscMatrixR2C1: i16,
    _cscMatrixR2C2: i16,
    _cscOutputBiasR0: u8,
    _cscOutputBiasR1: u8,
    _cscOutputBiasR2: u8,
    _cscInputBiasR0: u8,
    _cscInputBiasR1: u8,
    _cscInputBiasR2: u8,
) -> Result<(), Fault> {
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetAIPPDtcPixelMean(
    call: &Entry<'_>,
    aippParmsSet: *mut aclmdlAIPP,
    _dtcPixelMeanChn0: i16,
    _dtcPixelMeanChn1: i16,
    _dtcPixelMeanChn2: i16,
    _dtcPixelMeanChn3: i16,
    _batchIndex: u64,
) -> Result<(), Fault> {
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetAIPPDtcPixelMin(
    call: &Entry<'_>,
    aippParmsSet: *mut aclmdlAIPP,
    _dtcPixelMinChn0: f32,
    _dtcPixelMinChn1: f32,
    _dtcPixelMinChn2: f32,
    _dtcPixelMinChn3: f32,
    _batchIndex: u64,
) -> Result<(), Fault> {
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetAIPPInputFormat(
    call: &Entry<'_>,
    aippParmsSet: *mut aclmdlAIPP,
    _inputFormat: aclAippInputFormat,
) -> Result<(), Fault> {
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetAIPPPaddingParams(
    call: &Entry<'_>,
    aippParmsSet: *mut aclmdlAIPP,
    _paddingSwitch: i8,
    _paddingSizeTop: i32,
    _paddingSizeBottom: i32,
    _paddingSizeLeft: i32,
    _paddingSizeRight: i32,
    _batchIndex: u64,
) -> Result<(), Fault> {
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetAIPPPixelVarReci(
    call: &Entry<'_>,
    aippParmsSet: *mut aclmdlAIPP,
    _dtcPixelVarReciChn0: f32,
    _dtcPixelVarReciChn1: f32,
    _dtcPixelVarReciChn2: f32,
    _dtcPixelVarReciChn3: f32,
    _batchIndex: u64,
) -> Result<(), Fault> {
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetAIPPRbuvSwapSwitch(
    call: &Entry<'_>,
    aippParmsSet: *mut aclmdlAIPP,
    _rbuvSwapSwitch: i8,
) -> Result<(), Fault> {
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetAIPPScfParams(
    call: &Entry<'_>,
    aippParmsSet: *mut aclmdlAIPP,
    _scfSwitch: i8,
    _scfInputSizeW: i32,
    _scfInputSizeH: i32,
    _scfOutputSizeW: i32,
    _scfOutputSizeH: i32,
    _batchIndex: u64,
) -> Result<(), Fault> {
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetAIPPSrcImageSize(
    call: &Entry<'_>,
    aippParmsSet: *mut aclmdlAIPP,
    _srcImageSizeW: i32,
    _srcImageSizeH: i32,
) -> Result<(), Fault> {
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlSetInputAIPP(
    call: &Entry<'_>,
    _modelId: u32,
    dataset: *mut aclmdlDataset,
    _index: usize,
    aippParmsSet: *const aclmdlAIPP,
) -> Result<(), Fault> {
    present("dataset", dataset)?;
    present("aippParmsSet", aippParmsSet)?;
    call.unsupported()
}
