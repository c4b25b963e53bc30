//! Channels that decode and encode video.

use std::ffi::*;

use ascend_sys::*;

use super::fields::{channels, getters, no_parameter, objects, parameters, put, setters, take};
use super::pointers::{Place, handle, number, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::media::{Decoder, DecoderFrame, Encoder, EncoderFrame, Media, check_open};
use crate::model::Span;

objects! {
    media:
    aclvdecFrameConfig in decoder_frames as DecoderFrame, "vdecFrameConfig":
        aclvdecCreateFrameConfig, aclvdecDestroyFrameConfig;
    aclvencFrameConfig in encoder_frames as EncoderFrame, "config":
        aclvencCreateFrameConfig, aclvencDestroyFrameConfig;
}

channels! {
    aclvdecChannelDesc in decoders as Decoder: aclvdecCreateChannelDesc,
        aclvdecDestroyChannelDesc, aclvdecCreateChannel, aclvdecDestroyChannel;
    aclvencChannelDesc in encoders as Encoder: aclvencCreateChannelDesc,
        aclvencDestroyChannelDesc, aclvencCreateChannel, aclvencDestroyChannel;
}

getters! {
    aclvdecChannelDesc in decoders, "channelDesc":
        depth: u32 = aclvdecGetChannelDescBitDepth;
        callback: aclvdecCallback = aclvdecGetChannelDescCallback;
        id: u32 = aclvdecGetChannelDescChannelId;
        stream_format: acldvppStreamFormat = aclvdecGetChannelDescEnType;
        mode: u32 = aclvdecGetChannelDescOutMode;
        format: acldvppPixelFormat = aclvdecGetChannelDescOutPicFormat;
        height: u32 = aclvdecGetChannelDescOutPicHeight;
        width: u32 = aclvdecGetChannelDescOutPicWidth;
        frames: u32 = aclvdecGetChannelDescRefFrameNum;
        thread: u64 = aclvdecGetChannelDescThreadId;
}

setters! {
    aclvdecChannelDesc in decoders, "channelDesc":
        depth: u32 = aclvdecSetChannelDescBitDepth;
        callback: aclvdecCallback = aclvdecSetChannelDescCallback;
        id: u32 = aclvdecSetChannelDescChannelId;
        stream_format: acldvppStreamFormat = aclvdecSetChannelDescEnType;
        mode: u32 = aclvdecSetChannelDescOutMode;
        format: acldvppPixelFormat = aclvdecSetChannelDescOutPicFormat;
        height: u32 = aclvdecSetChannelDescOutPicHeight;
        width: u32 = aclvdecSetChannelDescOutPicWidth;
        frames: u32 = aclvdecSetChannelDescRefFrameNum;
        thread: u64 = aclvdecSetChannelDescThreadId;
}

getters! {
    aclvencChannelDesc in encoders, "channelDesc":
        buffer: pointer = aclvencGetChannelDescBufAddr;
        buffer_size: u32 = aclvencGetChannelDescBufSize;
        callback: aclvencCallback = aclvencGetChannelDescCallback;
        id: u32 = aclvencGetChannelDescChannelId;
        stream_format: acldvppStreamFormat = aclvencGetChannelDescEnType;
        key_interval: u32 = aclvencGetChannelDescKeyFrameInterval;
        bit_rate: u32 = aclvencGetChannelDescMaxBitRate;
        format: acldvppPixelFormat = aclvencGetChannelDescPicFormat;
        height: u32 = aclvencGetChannelDescPicHeight;
        width: u32 = aclvencGetChannelDescPicWidth;
        rate_mode: u32 = aclvencGetChannelDescRcMode;
        source_rate: u32 = aclvencGetChannelDescSrcRate;
        thread: u64 = aclvencGetChannelDescThreadId;
}

setters! {
    aclvencChannelDesc in encoders, "channelDesc":
        buffer: pointer = aclvencSetChannelDescBufAddr;
        buffer_size: u32 = aclvencSetChannelDescBufSize;
        callback: aclvencCallback = aclvencSetChannelDescCallback;
        stream_format: acldvppStreamFormat = aclvencSetChannelDescEnType;
        key_interval: u32 = aclvencSetChannelDescKeyFrameInterval;
        bit_rate: u32 = aclvencSetChannelDescMaxBitRate;
        format: acldvppPixelFormat = aclvencSetChannelDescPicFormat;
        height: u32 = aclvencSetChannelDescPicHeight;
        width: u32 = aclvencSetChannelDescPicWidth;
        rate_mode: u32 = aclvencSetChannelDescRcMode;
        source_rate: u32 = aclvencSetChannelDescSrcRate;
        thread: u64 = aclvencSetChannelDescThreadId;
}

getters! {
    aclvencFrameConfig in encoder_frames, "config":
        eos: u8 = aclvencGetFrameConfigEos;
        force_key: u8 = aclvencGetFrameConfigForceIFrame;
}

setters! {
    aclvencFrameConfig in encoder_frames, "config":
        eos: u8 = aclvencSetFrameConfigEos;
        force_key: u8 = aclvencSetFrameConfigForceIFrame;
}

parameters! {
    aclvdecChannelDesc in decoders,
    aclvdecGetChannelDescParam, aclvdecSetChannelDescParam, aclvdecChannelDescParamType:
        ACL_VDEC_CSC_MATRIX_UINT32 = matrix: u32;
        ACL_VDEC_OUT_MODE_UINT32 = mode: u32;
        ACL_VDEC_THREAD_ID_UINT64 = thread: u64;
        ACL_VDEC_CALLBACK_PTR = callback: aclvdecCallback;
        ACL_VDEC_CHANNEL_ID_UINT32 = id: u32;
        ACL_VDEC_ENCODE_TYPE_UINT32 = stream_format: acldvppStreamFormat;
        ACL_VDEC_OUT_PIC_FORMAT_UINT32 = format: acldvppPixelFormat;
        ACL_VDEC_OUT_PIC_WIDTH_UINT32 = width: u32;
        ACL_VDEC_OUT_PIC_HEIGHT_UINT32 = height: u32;
        ACL_VDEC_REF_FRAME_NUM_UINT32 = frames: u32;
        ACL_VDEC_BIT_DEPTH_UINT32 = depth: u32;
}

parameters! {
    aclvencChannelDesc in encoders,
    aclvencGetChannelDescParam, aclvencSetChannelDescParam, aclvencChannelDescParamType:
        ACL_VENC_THREAD_ID_UINT64 = thread: u64;
        ACL_VENC_CALLBACK_PTR = callback: aclvencCallback;
        ACL_VENC_PIXEL_FORMAT_UINT32 = format: acldvppPixelFormat;
        ACL_VENC_ENCODE_TYPE_UINT32 = stream_format: acldvppStreamFormat;
        ACL_VENC_PIC_WIDTH_UINT32 = width: u32;
        ACL_VENC_PIC_HEIGHT_UINT32 = height: u32;
        ACL_VENC_KEY_FRAME_INTERVAL_UINT32 = key_interval: u32;
        ACL_VENC_BUF_ADDR_PTR = buffer: pointer;
        ACL_VENC_BUF_SIZE_UINT32 = buffer_size: u32;
        ACL_VENC_RC_MODE_UINT32 = rate_mode: u32;
        ACL_VENC_SRC_RATE_UINT32 = source_rate: u32;
        ACL_VENC_MAX_BITRATE_UINT32 = bit_rate: u32;
        ACL_VENC_MAX_IP_PROP_UINT32 = proportion: u32;
}

/// A piece of video that decoders are given.
fn check_video(call: &Entry<'_>, video: *mut acldvppStreamDesc) -> Result<(), Fault> {
    let video = call.world.media.videos.get(handle("input", video)?)?;
    if video.eos == 0 && (video.data.address == 0 || video.size == 0) {
        return Err(Fault::argument(
            "the stream description has no data, and is not the end",
        ));
    }
    Ok(())
}

/// How to decode a frame may be left open.
fn check_frame(call: &Entry<'_>, frame: *mut aclvdecFrameConfig) -> Result<(), Fault> {
    if !frame.is_null() {
        call.world.media.decoder_frames.get(number(frame))?;
    }
    Ok(())
}

pub(super) unsafe fn aclvdecSendFrame(
    call: &Entry<'_>,
    channelDesc: *mut aclvdecChannelDesc,
    input: *mut acldvppStreamDesc,
    output: *mut acldvppPicDesc,
    config: *mut aclvdecFrameConfig,
    _userData: *mut c_void,
) -> Result<(), Fault> {
    let channel = handle("channelDesc", channelDesc)?;
    check_open(&call.world.media.decoders, channel)?;
    check_video(call, input)?;
    call.world.media.pictures.get(handle("output", output)?)?;
    check_frame(call, config)?;
    call.unsupported()
}

pub(super) unsafe fn aclvdecSendSkippedFrame(
    call: &Entry<'_>,
    channelDesc: *mut aclvdecChannelDesc,
    input: *mut acldvppStreamDesc,
    config: *mut aclvdecFrameConfig,
    _userData: *mut c_void,
) -> Result<(), Fault> {
    let channel = handle("channelDesc", channelDesc)?;
    check_open(&call.world.media.decoders, channel)?;
    check_video(call, input)?;
    check_frame(call, config)?;
    call.unsupported()
}

pub(super) unsafe fn aclvencSendFrame(
    call: &Entry<'_>,
    channelDesc: *mut aclvencChannelDesc,
    input: *mut acldvppPicDesc,
    reserve: *mut c_void,
    config: *mut aclvencFrameConfig,
    _userdata: *mut c_void,
) -> Result<(), Fault> {
    let channel = handle("channelDesc", channelDesc)?;
    check_open(&call.world.media.encoders, channel)?;
    let frame = call
        .world
        .media
        .encoder_frames
        .get(handle("config", config)?)?;
    // The end of the video comes without a picture.
    if frame.eos == 0 || !input.is_null() {
        call.check_picture(handle("input", input)?)?;
    }
    if !reserve.is_null() {
        return Err(Fault::argument("reserve is reserved; it can be NULL only"));
    }
    call.unsupported()
}
