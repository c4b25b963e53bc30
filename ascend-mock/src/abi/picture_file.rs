//! Pictures in files, JPEG and PNG: headers are read, and nothing is decoded or encoded.

use std::ffi::*;

use ascend_sys::*;

use super::picture_channel::check_channel;
use super::pointers::{Place, handle, list, number};
use crate::chip::Family;
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::memory::is_beyond_host;
use crate::picture_header::Header;

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
    call.unsupported_in(number(stream))
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
    call.unsupported_in(number(stream))
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
    call.unsupported_in(number(stream))
}
