//! Work on pictures: what it is given is checked, and none is done. Headers are read.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, handle, list, number};
use crate::chip::Family;
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::media::check_open;
use crate::memory::is_beyond_host;
use crate::picture_header::Header;

/// Refuses a channel that does not exist.
fn check_channel(call: &Entry<'_>, channel: *const acldvppChannelDesc) -> Result<(), Fault> {
    let channel = handle("channelDesc", channel)?;
    check_open(&call.world.media.channels, channel)
}

fn check_reserved(name: &str, reserved: *mut c_void) -> Result<(), Fault> {
    if !reserved.is_null() {
        return Err(Fault::argument(format!(
            "{name} is reserved; it can be NULL only"
        )));
    }
    Ok(())
}

/// The data of a file, which the host reads.
///
/// # Safety
///
/// The address is NULL, or that of as many bytes.
unsafe fn file<'a>(data: *const c_void, size: u32) -> Result<&'a [u8], Fault> {
    let address = handle("data", data)?;
    if is_beyond_host(address) {
        return Err(Fault::argument(
            "data is device memory; headers are read on the host",
        ));
    }
    if size == 0 {
        return Err(Fault::argument("the data has 0 bytes"));
    }
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    // SAFETY: the caller vouches for the bytes, which the host can read.
    unsafe { list("data", data.cast(), size) }
}

/// Decoded rows are multiples of this.
fn width_step(call: &Entry<'_>) -> u64 {
    match Family::of(&call.world.profile) {
        Family::Training => 128,
        Family::Inference if call.world.profile.name == "Ascend310" => 128,
        _ => 64,
    }
}

pub(super) unsafe fn acldvppJpegGetImageInfo(
    call: &Entry<'_>,
    data: *const c_void,
    size: u32,
    width: *mut u32,
    height: *mut u32,
    components: *mut i32,
) -> Result<(), Fault> {
    let mut format = acldvppJpegFormat::ACL_JPEG_CSS_UNKNOWN;
    // SAFETY: as the C function demands, and the format has a place here.
    unsafe {
        acldvppJpegGetImageInfoV2(call, data, size, width, height, components, &raw mut format)
    }
}

/// Each fact is told where it is asked for.
pub(super) unsafe fn acldvppJpegGetImageInfoV2(
    _call: &Entry<'_>,
    data: *const c_void,
    size: u32,
    width: *mut u32,
    height: *mut u32,
    components: *mut i32,
    format: *mut acldvppJpegFormat,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    let header = Header::of_jpeg(unsafe { file(data, size) }?)?;
    // SAFETY: NULL, or a place for the answer.
    if let Ok(place) = unsafe { Place::new("width", width) } {
        place.set(header.width);
    }
    // SAFETY: as above.
    if let Ok(place) = unsafe { Place::new("height", height) } {
        place.set(header.height);
    }
    // SAFETY: as above.
    if let Ok(place) = unsafe { Place::new("components", components) } {
        place.set(i32::from(header.components));
    }
    // SAFETY: as above.
    if let Ok(place) = unsafe { Place::new("format", format) } {
        place.set(header.sampling);
    }
    Ok(())
}

pub(super) unsafe fn acldvppPngGetImageInfo(
    _call: &Entry<'_>,
    data: *const c_void,
    dataSize: u32,
    width: *mut u32,
    height: *mut u32,
    components: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    let header = Header::of_png(unsafe { file(data, dataSize) }?)?;
    // SAFETY: NULL, or a place for the answer.
    if let Ok(place) = unsafe { Place::new("width", width) } {
        place.set(header.width);
    }
    // SAFETY: as above.
    if let Ok(place) = unsafe { Place::new("height", height) } {
        place.set(header.height);
    }
    // SAFETY: as above.
    if let Ok(place) = unsafe { Place::new("components", components) } {
        place.set(i32::from(header.components));
    }
    Ok(())
}

pub(super) unsafe fn acldvppJpegPredictDecSize(
    call: &Entry<'_>,
    data: *const c_void,
    dataSize: u32,
    outputPixelFormat: acldvppPixelFormat,
    decSize: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("decSize", decSize) }?;
    // SAFETY: as the C function demands.
    let header = Header::of_jpeg(unsafe { file(data, dataSize) }?)?;
    place.set(header.decoded_jpeg(outputPixelFormat, width_step(call))?);
    Ok(())
}

pub(super) unsafe fn acldvppPngPredictDecSize(
    call: &Entry<'_>,
    data: *const c_void,
    dataSize: u32,
    outputPixelFormat: acldvppPixelFormat,
    decSize: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("decSize", decSize) }?;
    // SAFETY: as the C function demands.
    let header = Header::of_png(unsafe { file(data, dataSize) }?)?;
    place.set(header.decoded_png(outputPixelFormat, width_step(call))?);
    Ok(())
}

/// The size depends on the encoder, which is not there.
pub(super) unsafe fn acldvppJpegPredictEncSize(
    call: &Entry<'_>,
    inputDesc: *const acldvppPicDesc,
    config: *const acldvppJpegeConfig,
    size: *mut u32,
) -> Result<(), Fault> {
    call.world
        .media
        .pictures
        .get(handle("inputDesc", inputDesc)?)?;
    call.world.media.jpegs.get(handle("config", config)?)?;
    present("size", size)?;
    call.unsupported()
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

pub(super) unsafe fn acldvppJpegDecodeAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    data: *const c_void,
    size: u32,
    outputDesc: *mut acldvppPicDesc,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_channel(call, channelDesc)?;
    present("data", data)?;
    if size == 0 {
        return Err(Fault::argument("size is 0"));
    }
    call.check_picture(handle("outputDesc", outputDesc)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
}

pub(super) unsafe fn acldvppJpegEncodeAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    inputDesc: *mut acldvppPicDesc,
    data: *const c_void,
    size: *mut u32,
    config: *mut acldvppJpegeConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_channel(call, channelDesc)?;
    call.check_picture(handle("inputDesc", inputDesc)?)?;
    present("data", data)?;
    present("size", size)?;
    call.world.media.jpegs.get(handle("config", config)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
}

pub(super) unsafe fn acldvppPngDecodeAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    data: *const c_void,
    size: u32,
    outputDesc: *mut acldvppPicDesc,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_channel(call, channelDesc)?;
    present("data", data)?;
    if size == 0 {
        return Err(Fault::argument("size is 0"));
    }
    call.check_picture(handle("outputDesc", outputDesc)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
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
    check_channel(call, channelDesc)?;
    call.world
        .media
        .batches
        .get(handle("srcBatchPicDescs", srcBatchPicDescs)?)?;
    present("roiNums", roiNums)?;
    call.world
        .media
        .batches
        .get(handle("dstBatchPicDescs", dstBatchPicDescs)?)?;
    let check = |part| call.world.media.regions.get(part).map(|_| ());
    // SAFETY: as the C function demands.
    unsafe { check_parts("cropAreas", cropAreas, roiNums, size, check) }?;
    let check = |part| call.world.media.regions.get(part).map(|_| ());
    // SAFETY: as the C function demands.
    unsafe { check_parts("pasteAreas", pasteAreas, roiNums, size, check) }?;
    call.own_stream(number(stream))?;
    call.unsupported()
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
    check_channel(call, channelDesc)?;
    call.world
        .media
        .batches
        .get(handle("srcBatchPicDescs", srcBatchPicDescs)?)?;
    present("roiNums", roiNums)?;
    call.world
        .media
        .batches
        .get(handle("dstBatchPicDescs", dstBatchPicDescs)?)?;
    let check = |part| call.world.media.regions.get(part).map(|_| ());
    // SAFETY: as the C function demands.
    unsafe { check_parts("cropAreas", cropAreas, roiNums, size, check) }?;
    call.own_stream(number(stream))?;
    call.unsupported()
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
    check_channel(call, channelDesc)?;
    call.world
        .media
        .batches
        .get(handle("srcBatchPicDescs", srcBatchPicDescs)?)?;
    present("roiNums", roiNums)?;
    call.world
        .media
        .batches
        .get(handle("dstBatchPicDescs", dstBatchPicDescs)?)?;
    let check = |part| call.world.media.regions.get(part).map(|_| ());
    // SAFETY: as the C function demands.
    unsafe { check_parts("cropAreas", cropAreas, roiNums, size, check) }?;
    call.world
        .media
        .resizes
        .get(handle("resizeConfig", resizeConfig)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
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
    check_channel(call, channelDesc)?;
    call.world
        .media
        .batches
        .get(handle("srcBatchPicDescs", srcBatchPicDescs)?)?;
    present("roiNums", roiNums)?;
    call.world
        .media
        .batches
        .get(handle("dstBatchPicDescs", dstBatchPicDescs)?)?;
    let check = |part| call.world.media.regions.get(part).map(|_| ());
    // SAFETY: as the C function demands.
    unsafe { check_parts("cropAreas", cropAreas, roiNums, size, check) }?;
    let check = |part| call.world.media.borders.get(part).map(|_| ());
    // SAFETY: as the C function demands.
    unsafe { check_parts("borderCfgs", borderCfgs, roiNums, size, check) }?;
    call.world
        .media
        .resizes
        .get(handle("resizeConfig", resizeConfig)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
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
    check_channel(call, channelDesc)?;
    call.world
        .media
        .batches
        .get(handle("srcBatchPicDescs", srcBatchPicDescs)?)?;
    present("roiNums", roiNums)?;
    call.world
        .media
        .batches
        .get(handle("dstBatchPicDescs", dstBatchPicDescs)?)?;
    let check = |part| call.world.media.regions.get(part).map(|_| ());
    // SAFETY: as the C function demands.
    unsafe { check_parts("cropAreas", cropAreas, roiNums, size, check) }?;
    let check = |part| call.world.media.regions.get(part).map(|_| ());
    // SAFETY: as the C function demands.
    unsafe { check_parts("pasteAreas", pasteAreas, roiNums, size, check) }?;
    call.world
        .media
        .resizes
        .get(handle("resizeConfig", resizeConfig)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
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
    call.own_stream(number(stream))?;
    call.unsupported()
}

pub(super) unsafe fn acldvppVpcConvertColorAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    inputDesc: *mut acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_channel(call, channelDesc)?;
    call.check_picture(handle("inputDesc", inputDesc)?)?;
    call.check_picture(handle("outputDesc", outputDesc)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
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
    check_channel(call, channelDesc)?;
    call.check_picture(handle("inputDesc", inputDesc)?)?;
    call.check_picture(handle("outputDesc", outputDesc)?)?;
    call.world
        .media
        .regions
        .get(handle("cropArea", cropArea)?)?;
    call.world
        .media
        .regions
        .get(handle("pasteArea", pasteArea)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
}

pub(super) unsafe fn acldvppVpcCropAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    inputDesc: *mut acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    cropArea: *mut acldvppRoiConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_channel(call, channelDesc)?;
    call.check_picture(handle("inputDesc", inputDesc)?)?;
    call.check_picture(handle("outputDesc", outputDesc)?)?;
    call.world
        .media
        .regions
        .get(handle("cropArea", cropArea)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
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
    check_channel(call, channelDesc)?;
    call.check_picture(handle("inputDesc", inputDesc)?)?;
    call.check_picture(handle("outputDesc", outputDesc)?)?;
    call.world
        .media
        .regions
        .get(handle("cropArea", cropArea)?)?;
    call.world
        .media
        .resizes
        .get(handle("resizeConfig", resizeConfig)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
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
    check_channel(call, channelDesc)?;
    call.check_picture(handle("inputDesc", inputDesc)?)?;
    call.check_picture(handle("outputDesc", outputDesc)?)?;
    call.world
        .media
        .regions
        .get(handle("cropArea", cropArea)?)?;
    call.world
        .media
        .regions
        .get(handle("pasteArea", pasteArea)?)?;
    call.world
        .media
        .resizes
        .get(handle("resizeConfig", resizeConfig)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
}

pub(super) unsafe fn acldvppVpcEqualizeHistAsync(
    call: &Entry<'_>,
    channelDesc: *const acldvppChannelDesc,
    inputDesc: *const acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    lutMap: *const acldvppLutMap,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_channel(call, channelDesc)?;
    call.check_picture(handle("inputDesc", inputDesc)?)?;
    call.check_picture(handle("outputDesc", outputDesc)?)?;
    call.world.media.tables.get(handle("lutMap", lutMap)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
}

pub(super) unsafe fn acldvppVpcMakeBorderAsync(
    call: &Entry<'_>,
    channelDesc: *const acldvppChannelDesc,
    inputDesc: *const acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    borderConfig: *const acldvppBorderConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_channel(call, channelDesc)?;
    call.check_picture(handle("inputDesc", inputDesc)?)?;
    call.check_picture(handle("outputDesc", outputDesc)?)?;
    call.world
        .media
        .borders
        .get(handle("borderConfig", borderConfig)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
}

pub(super) unsafe fn acldvppVpcPyrDownAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    inputDesc: *mut acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    reserve: *mut c_void,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_channel(call, channelDesc)?;
    call.check_picture(handle("inputDesc", inputDesc)?)?;
    call.check_picture(handle("outputDesc", outputDesc)?)?;
    check_reserved("reserve", reserve)?;
    call.own_stream(number(stream))?;
    call.unsupported()
}

pub(super) unsafe fn acldvppVpcResizeAsync(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    inputDesc: *mut acldvppPicDesc,
    outputDesc: *mut acldvppPicDesc,
    resizeConfig: *mut acldvppResizeConfig,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_channel(call, channelDesc)?;
    call.check_picture(handle("inputDesc", inputDesc)?)?;
    call.check_picture(handle("outputDesc", outputDesc)?)?;
    call.world
        .media
        .resizes
        .get(handle("resizeConfig", resizeConfig)?)?;
    call.own_stream(number(stream))?;
    call.unsupported()
}
