//! Work of the vision preprocessing core: what it is given is checked, and none is done.

use std::ffi::*;

use ascend_sys::*;

use super::picture_channel::check_channel;
use super::pointers::{handle, list, number};
use crate::entry::{Entry, present};
use crate::fault::Fault;

/// Checks what work from picture to picture is given.
fn check_pictures(
    call: &Entry<'_>,
    channel: *const acldvppChannelDesc,
    input: *const acldvppPicDesc,
    output: *const acldvppPicDesc,
) -> Result<(), Fault> {
    check_channel(call, channel)?;
    call.check_picture(handle("inputDesc", input)?)?;
    call.check_picture(handle("outputDesc", output)?)
}

/// Checks what work from batch to batch is given.
fn check_batches(
    call: &Entry<'_>,
    channel: *const acldvppChannelDesc,
    source: *const acldvppBatchPicDesc,
    counts: *const u32,
    target: *const acldvppBatchPicDesc,
) -> Result<(), Fault> {
    check_channel(call, channel)?;
    let batches = &call.world.media.batches;
    batches.get(handle("srcBatchPicDescs", source)?)?;
    present("roiNums", counts)?;
    batches.get(handle("dstBatchPicDescs", target)?).map(|_| ())
}

fn check_region(
    call: &Entry<'_>,
    name: &str,
    region: *const acldvppRoiConfig,
) -> Result<(), Fault> {
    call.world
        .media
        .regions
        .get(handle(name, region)?)
        .map(|_| ())
}

fn check_resize(call: &Entry<'_>, config: *const acldvppResizeConfig) -> Result<(), Fault> {
    let config = handle("resizeConfig", config)?;
    call.world.media.resizes.get(config).map(|_| ())
}

fn check_reserved(name: &str, reserved: *mut c_void) -> Result<(), Fault> {
    if !reserved.is_null() {
        return Err(Fault::argument(format!(
            "{name} is reserved; it can be NULL only"
        )));
    }
    Ok(())
}

/// As many regions, or borders, as the pictures of a batch are to give.
///
/// # Safety
///
/// The addresses are NULL, or those of `size` counts, and of as many handles as these say.
unsafe fn check_parts<T>(
    name: &str,
    parts: *mut *mut T,
    counts: *mut u32,
    size: u32,
    mut check: impl FnMut(u64) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    // SAFETY: the caller vouches for the counts.
    let counts = unsafe { list("roiNums", counts.cast_const(), size) }?;
    let total = counts.iter().map(|&count| u64::from(count)).sum::<u64>();
    let total = usize::try_from(total).unwrap_or(usize::MAX);
    // SAFETY: the caller vouches for the handles.
    for part in unsafe { list(name, parts.cast_const(), total) }? {
        check(handle(name, *part)?)?;
    }
    Ok(())
}

/// The regions of a batch.
///
/// # Safety
///
/// As for [`check_parts`].
unsafe fn check_regions(
    call: &Entry<'_>,
    name: &str,
    regions: *mut *mut acldvppRoiConfig,
    counts: *mut u32,
    size: u32,
) -> Result<(), Fault> {
    let check = |region| call.world.media.regions.get(region).map(|_| ());
    // SAFETY: as the caller vouches.
    unsafe { check_parts(name, regions, counts, size, check) }
}

pub(super) unsafe fn acldvppVpcBatchCropAndPasteAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    srcBatchPicDescs: *mut acldvppBatchPicDesc,
    roiNums: *mut u32,
    size: u32,
    dstBatchPicDescs: *mut acldvppBatchPicDesc,
    cropAreas: *mut *mut acldvppRoiConfig,
    pasteAreas: *mut *mut acldvppRoiConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_batches(
        call,
        channelDesc,
        srcBatchPicDescs,
        roiNums,
        dstBatchPicDescs,
    )?;
    // SAFETY: as the C function demands.
    unsafe { check_regions(call, "cropAreas", cropAreas, roiNums, size) }?;
    // SAFETY: as the C function demands.
    unsafe { check_regions(call, "pasteAreas", pasteAreas, roiNums, size) }?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcBatchCropAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    srcBatchPicDescs: *mut acldvppBatchPicDesc,
    roiNums: *mut u32,
    size: u32,
    dstBatchPicDescs: *mut acldvppBatchPicDesc,
    cropAreas: *mut *mut acldvppRoiConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_batches(
        call,
        channelDesc,
        srcBatchPicDescs,
        roiNums,
        dstBatchPicDescs,
    )?;
    // SAFETY: as the C function demands.
    unsafe { check_regions(call, "cropAreas", cropAreas, roiNums, size) }?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcBatchCropResizeAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    srcBatchPicDescs: *mut acldvppBatchPicDesc,
    roiNums: *mut u32,
    size: u32,
    dstBatchPicDescs: *mut acldvppBatchPicDesc,
    cropAreas: *mut *mut acldvppRoiConfig,
    resizeConfig: *mut acldvppResizeConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_batches(
        call,
        channelDesc,
        srcBatchPicDescs,
        roiNums,
        dstBatchPicDescs,
    )?;
    // SAFETY: as the C function demands.
    unsafe { check_regions(call, "cropAreas", cropAreas, roiNums, size) }?;
    check_resize(call, resizeConfig)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcBatchCropResizeMakeBorderAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    srcBatchPicDescs: *mut acldvppBatchPicDesc,
    roiNums: *mut u32,
    size: u32,
    dstBatchPicDescs: *mut acldvppBatchPicDesc,
    cropAreas: *mut *mut acldvppRoiConfig,
    borderCfgs: *mut *mut acldvppBorderConfig,
    resizeConfig: *mut acldvppResizeConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_batches(
        call,
        channelDesc,
        srcBatchPicDescs,
        roiNums,
        dstBatchPicDescs,
    )?;
    // SAFETY: as the C function demands.
    unsafe { check_regions(call, "cropAreas", cropAreas, roiNums, size) }?;
    let check = |part| call.world.media.borders.get(part).map(|_| ());
    // SAFETY: as the C function demands.
    unsafe { check_parts("borderCfgs", borderCfgs, roiNums, size, check) }?;
    check_resize(call, resizeConfig)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcBatchCropResizePasteAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    srcBatchPicDescs: *mut acldvppBatchPicDesc,
    roiNums: *mut u32,
    size: u32,
    dstBatchPicDescs: *mut acldvppBatchPicDesc,
    cropAreas: *mut *mut acldvppRoiConfig,
    pasteAreas: *mut *mut acldvppRoiConfig,
    resizeConfig: *mut acldvppResizeConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_batches(
        call,
        channelDesc,
        srcBatchPicDescs,
        roiNums,
        dstBatchPicDescs,
    )?;
    // SAFETY: as the C function demands.
    unsafe { check_regions(call, "cropAreas", cropAreas, roiNums, size) }?;
    // SAFETY: as the C function demands.
    unsafe { check_regions(call, "pasteAreas", pasteAreas, roiNums, size) }?;
    check_resize(call, resizeConfig)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcCalcHistAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    srcPicDesc: *mut acldvppPicDesc,
    hist: *mut acldvppHist,
    reserve: *mut c_void,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_channel(call, channelDesc)?;
    call.check_picture(handle("srcPicDesc", srcPicDesc)?)?;
    call.world.media.histograms.get(handle("hist", hist)?)?;
    check_reserved("reserve", reserve)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcConvertColorAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    inputDesc: *mut acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_pictures(call, channelDesc, inputDesc, outputDesc)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcCropAndPasteAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    inputDesc: *mut acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    cropArea: *mut acldvppRoiConfig,
    pasteArea: *mut acldvppRoiConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_pictures(call, channelDesc, inputDesc, outputDesc)?;
    check_region(call, "cropArea", cropArea)?;
    check_region(call, "pasteArea", pasteArea)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcCropAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    inputDesc: *mut acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    cropArea: *mut acldvppRoiConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_pictures(call, channelDesc, inputDesc, outputDesc)?;
    check_region(call, "cropArea", cropArea)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcCropResizeAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    inputDesc: *mut acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    cropArea: *mut acldvppRoiConfig,
    resizeConfig: *mut acldvppResizeConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_pictures(call, channelDesc, inputDesc, outputDesc)?;
    check_region(call, "cropArea", cropArea)?;
    check_resize(call, resizeConfig)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcCropResizePasteAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    inputDesc: *mut acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    cropArea: *mut acldvppRoiConfig,
    pasteArea: *mut acldvppRoiConfig,
    resizeConfig: *mut acldvppResizeConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_pictures(call, channelDesc, inputDesc, outputDesc)?;
    check_region(call, "cropArea", cropArea)?;
    check_region(call, "pasteArea", pasteArea)?;
    check_resize(call, resizeConfig)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcEqualizeHistAsync(
    call: &Entry<'_>,
    channelDesc: *const acldvppChannelDesc,
    inputDesc: *const acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    lutMap: *const acldvppLutMap,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_pictures(call, channelDesc, inputDesc, outputDesc)?;
    call.world.media.tables.get(handle("lutMap", lutMap)?)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcMakeBorderAsync(
    call: &Entry<'_>,
    channelDesc: *const acldvppChannelDesc,
    inputDesc: *const acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    borderConfig: *const acldvppBorderConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_pictures(call, channelDesc, inputDesc, outputDesc)?;
    call.world
        .media
        .borders
        .get(handle("borderConfig", borderConfig)?)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcPyrDownAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    inputDesc: *mut acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    reserve: *mut c_void,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_pictures(call, channelDesc, inputDesc, outputDesc)?;
    check_reserved("reserve", reserve)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn acldvppVpcResizeAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    inputDesc: *mut acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    resizeConfig: *mut acldvppResizeConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_pictures(call, channelDesc, inputDesc, outputDesc)?;
    check_resize(call, resizeConfig)?;
    call.unsupported_in(number(stream))
}
