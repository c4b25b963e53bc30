//! The descriptions of pictures and of what is done to them.

use std::ffi::*;
use std::sync::atomic::{AtomicU8, AtomicU32};

use ascend_sys::*;

use super::fields::{getters, objects, setters};
use super::memory::aclrtMallocWithCfg;
use super::pointers::{Place, handle, opaque};
use crate::entry::{Entry, Otherwise, present};
use crate::fault::Fault;
use crate::media::{self, Border, Histogram, Jpeg, LookupTable, Picture, Region, Resize, Video};
use crate::memory::Rounding;
use crate::model::Span;

pub(super) unsafe fn acldvppMalloc(
    call: &Entry<'_>,
    devPtr: *mut *mut c_void,
    size: usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("devPtr", devPtr) }?;
    place.set(opaque(call.allocate(size, Rounding::Padded)?));
    Ok(())
}

pub(super) unsafe fn acldvppMallocWithCfg(
    call: &Entry<'_>,
    devPtr: *mut *mut c_void,
    size: usize,
    policy: aclrtMemMallocPolicy,
    cfg: *mut aclrtMallocConfig,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    unsafe { aclrtMallocWithCfg(call, devPtr, size, policy, cfg) }
}

pub(super) unsafe fn acldvppFree(call: &Entry<'_>, devPtr: *mut c_void) -> Result<(), Fault> {
    present("devPtr", devPtr)?;
    call.free(devPtr)
}

objects! {
    media:
    acldvppStreamDesc in videos as Video, "streamDesc":
        acldvppCreateStreamDesc, acldvppDestroyStreamDesc;
    acldvppBorderConfig in borders as Border, "borderConfig":
        acldvppCreateBorderConfig, acldvppDestroyBorderConfig;
    acldvppJpegeConfig in jpegs as Jpeg, "jpegeConfig":
        acldvppCreateJpegeConfig, acldvppDestroyJpegeConfig;
    acldvppResizeConfig in resizes as Resize, "resizeConfig":
        acldvppCreateResizeConfig, acldvppDestroyResizeConfig;
    acldvppHist in histograms as Histogram, "hist": acldvppCreateHist, acldvppDestroyHist;
    acldvppLutMap in tables as LookupTable, "lutMap": acldvppCreateLutMap, acldvppDestroyLutMap;
}

getters! {
    acldvppPicDesc in pictures, "picDesc":
        data: pointer = acldvppGetPicDescData;
        format: acldvppPixelFormat = acldvppGetPicDescFormat;
        height: u32 = acldvppGetPicDescHeight;
        height_stride: u32 = acldvppGetPicDescHeightStride;
        ret_code: u32 = acldvppGetPicDescRetCode;
        size: u32 = acldvppGetPicDescSize;
        width: u32 = acldvppGetPicDescWidth;
        width_stride: u32 = acldvppGetPicDescWidthStride;
}

setters! {
    acldvppPicDesc in pictures, "picDesc":
        data: pointer = acldvppSetPicDescData;
        format: acldvppPixelFormat = acldvppSetPicDescFormat;
        height: u32 = acldvppSetPicDescHeight;
        height_stride: u32 = acldvppSetPicDescHeightStride;
        ret_code: u32 = acldvppSetPicDescRetCode;
        size: u32 = acldvppSetPicDescSize;
        width: u32 = acldvppSetPicDescWidth;
        width_stride: u32 = acldvppSetPicDescWidthStride;
}

getters! {
    acldvppStreamDesc in videos, "streamDesc":
        data: pointer = acldvppGetStreamDescData;
        eos: u8 = acldvppGetStreamDescEos;
        format: acldvppStreamFormat = acldvppGetStreamDescFormat;
        ret_code: u32 = acldvppGetStreamDescRetCode;
        size: u32 = acldvppGetStreamDescSize;
        timestamp: u64 = acldvppGetStreamDescTimestamp;
}

setters! {
    acldvppStreamDesc in videos, "streamDesc":
        data: pointer = acldvppSetStreamDescData;
        eos: u8 = acldvppSetStreamDescEos;
        format: acldvppStreamFormat = acldvppSetStreamDescFormat;
        ret_code: u32 = acldvppSetStreamDescRetCode;
        size: u32 = acldvppSetStreamDescSize;
        timestamp: u64 = acldvppSetStreamDescTimestamp;
}

getters! {
    acldvppBorderConfig in borders, "borderConfig":
        kind: acldvppBorderType = acldvppGetBorderConfigBorderType;
        bottom: u32 = acldvppGetBorderConfigBottom;
        left: u32 = acldvppGetBorderConfigLeft;
        right: u32 = acldvppGetBorderConfigRight;
        top: u32 = acldvppGetBorderConfigTop;
}

setters! {
    acldvppBorderConfig in borders, "borderConfig":
        kind: acldvppBorderType = acldvppSetBorderConfigBorderType;
        bottom: u32 = acldvppSetBorderConfigBottom;
        left: u32 = acldvppSetBorderConfigLeft;
        right: u32 = acldvppSetBorderConfigRight;
        top: u32 = acldvppSetBorderConfigTop;
}

getters! {
    acldvppJpegeConfig in jpegs, "jpegeConfig":
        level: u32 = acldvppGetJpegeConfigLevel;
}

setters! {
    acldvppJpegeConfig in jpegs, "jpegeConfig":
        level: u32 = acldvppSetJpegeConfigLevel;
}

getters! {
    acldvppResizeConfig in resizes, "resizeConfig":
        interpolation: u32 = acldvppGetResizeConfigInterpolation;
}

setters! {
    acldvppResizeConfig in resizes, "resizeConfig":
        interpolation: u32 = acldvppSetResizeConfigInterpolation;
}

setters! {
    acldvppRoiConfig in regions, "config":
        bottom: u32 = acldvppSetRoiConfigBottom;
        left: u32 = acldvppSetRoiConfigLeft;
        right: u32 = acldvppSetRoiConfigRight;
        top: u32 = acldvppSetRoiConfigTop;
}

pub(super) unsafe fn acldvppCreatePicDesc(call: &Entry<'_>) -> Result<*mut acldvppPicDesc, Fault> {
    let pictures = &call.world.media.pictures;
    Ok(opaque(
        pictures.insert(call.origin, |_| Picture::default()).0,
    ))
}

pub(super) unsafe fn acldvppDestroyPicDesc(
    call: &Entry<'_>,
    picDesc: *mut acldvppPicDesc,
) -> Result<(), Fault> {
    call.world
        .media
        .destroy_picture(handle("picDesc", picDesc)?)
}

pub(super) unsafe fn acldvppCreateBatchPicDesc(
    call: &Entry<'_>,
    batchSize: u32,
) -> Result<*mut acldvppBatchPicDesc, Fault> {
    Ok(opaque(call.create_picture_batch(batchSize)?))
}

pub(super) unsafe fn acldvppDestroyBatchPicDesc(
    call: &Entry<'_>,
    batchPicDesc: *mut acldvppBatchPicDesc,
) -> Result<(), Fault> {
    call.world
        .media
        .destroy_batch(handle("batchPicDesc", batchPicDesc)?)
}

pub(super) unsafe fn acldvppGetPicDesc(
    call: &Entry<'_>,
    batchPicDesc: *mut acldvppBatchPicDesc,
    index: u32,
) -> Result<*mut acldvppPicDesc, Fault> {
    let batch = handle("batchPicDesc", batchPicDesc)?;
    Ok(opaque(call.world.media.picture_of(batch, index)?))
}

pub(super) unsafe fn acldvppCreateRoiConfig(
    call: &Entry<'_>,
    left: u32,
    right: u32,
    top: u32,
    bottom: u32,
) -> Result<*mut acldvppRoiConfig, Fault> {
    let region = Region {
        left,
        right,
        top,
        bottom,
    };
    Ok(opaque(
        call.world.media.regions.insert(call.origin, |_| region).0,
    ))
}

pub(super) unsafe fn acldvppDestroyRoiConfig(
    call: &Entry<'_>,
    roiConfig: *mut acldvppRoiConfig,
) -> Result<(), Fault> {
    let region = handle("roiConfig", roiConfig)?;
    call.world.media.regions.remove(region).map(|_| ())
}

pub(super) unsafe fn acldvppSetRoiConfig(
    call: &Entry<'_>,
    config: *mut acldvppRoiConfig,
    left: u32,
    right: u32,
    top: u32,
    bottom: u32,
) -> Result<(), Fault> {
    let region = Region {
        left,
        right,
        top,
        bottom,
    };
    let old = handle("config", config)?;
    call.world.media.regions.change(old, |old| *old = region)
}

fn check_index(index: u32) -> Result<usize, Fault> {
    let position = usize::try_from(index).ok().filter(|&index| index < 4);
    position.ok_or_else(|| Fault::argument(format!("a border has 4 values, no value {index}")))
}

pub(super) unsafe fn acldvppGetBorderConfigValue(
    call: &Entry<'_>,
    borderConfig: *const acldvppBorderConfig,
    index: u32,
) -> Otherwise<f64> {
    let border = handle("borderConfig", borderConfig);
    let border = border.and_then(|border| call.world.media.borders.get(border));
    Otherwise(
        border.and_then(|border| Ok(border.values[check_index(index)?])),
        -1.0,
    )
}

pub(super) unsafe fn acldvppSetBorderConfigValue(
    call: &Entry<'_>,
    borderConfig: *mut acldvppBorderConfig,
    index: u32,
    value: f64,
) -> Result<(), Fault> {
    let border = handle("borderConfig", borderConfig)?;
    let index = check_index(index)?;
    let borders = &call.world.media.borders;
    borders.change(border, |border| border.values[index] = value)
}

fn no_component(component: u32) -> Fault {
    Fault::argument(format!(
        "there are {} dims, no dim {component}",
        media::components()
    ))
}

pub(super) unsafe fn acldvppGetLutMapDims(
    call: &Entry<'_>,
    lutMap: *const acldvppLutMap,
) -> Result<u32, Fault> {
    call.world.media.tables.get(handle("lutMap", lutMap)?)?;
    Ok(media::components())
}

/// The program writes the table itself.
pub(super) unsafe fn acldvppGetLutMapData(
    call: &Entry<'_>,
    lutMap: *const acldvppLutMap,
    dim: u32,
    data: *mut *mut u8,
    len: *mut u32,
) -> Result<(), Fault> {
    let table = handle("lutMap", lutMap)?;
    // SAFETY: NULL, or a place for the answer.
    let start = unsafe { Place::new("data", data) }?;
    // SAFETY: as above.
    let length = unsafe { Place::new("len", len) }?;
    let table = call.world.media.tables.get(table)?;
    let row: &[AtomicU8] = table.row(dim).ok_or_else(|| no_component(dim))?;
    start.set(row.as_ptr().cast_mut().cast());
    length.set(u32::try_from(row.len()).map_err(Fault::internal)?);
    Ok(())
}

pub(super) unsafe fn acldvppGetHistDims(
    call: &Entry<'_>,
    hist: *mut acldvppHist,
) -> Result<u32, Fault> {
    call.world.media.histograms.get(handle("hist", hist)?)?;
    Ok(media::components())
}

pub(super) unsafe fn acldvppGetHistData(
    call: &Entry<'_>,
    hist: *mut acldvppHist,
    dim: u32,
    data: *mut *mut u32,
    len: *mut u16,
) -> Result<(), Fault> {
    let histogram = handle("hist", hist)?;
    // SAFETY: NULL, or a place for the answer.
    let start = unsafe { Place::new("data", data) }?;
    // SAFETY: as above.
    let length = unsafe { Place::new("len", len) }?;
    let histogram = call.world.media.histograms.get(histogram)?;
    let row: &[AtomicU32] = histogram.row(dim).ok_or_else(|| no_component(dim))?;
    start.set(row.as_ptr().cast_mut().cast());
    length.set(u16::try_from(row.len()).map_err(Fault::internal)?);
    Ok(())
}

/// Nothing fills histograms, so that nothing of them fails.
pub(super) unsafe fn acldvppGetHistRetCode(
    call: &Entry<'_>,
    hist: *mut acldvppHist,
) -> Result<u32, Fault> {
    call.world.media.histograms.get(handle("hist", hist)?)?;
    Ok(0)
}

pub(super) unsafe fn acldvppClearHist(
    call: &Entry<'_>,
    hist: *mut acldvppHist,
) -> Result<(), Fault> {
    call.world
        .media
        .histograms
        .get(handle("hist", hist)?)?
        .clear();
    Ok(())
}
