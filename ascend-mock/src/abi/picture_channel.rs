//! Channels that work on pictures.

use std::ffi::*;

use ascend_sys::*;

use super::fields::{channels, getters, no_parameter, parameters, put, setters, take};
use super::pointers::{Place, handle, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::media::{self, Channel, Media, check_open};

/// Refuses a channel that does not exist.
pub(super) fn check_channel(
    call: &Entry<'_>,
    channel: *const acldvppChannelDesc,
) -> Result<(), Fault> {
    let channel = handle("channelDesc", channel)?;
    check_open(&call.world.media.channels, channel)
}

channels! {
    acldvppChannelDesc in channels as Channel: acldvppCreateChannelDesc,
        acldvppDestroyChannelDesc, acldvppCreateChannel, acldvppDestroyChannel;
}

getters! {
    acldvppChannelDesc in channels, "channelDesc":
        id: u64 = acldvppGetChannelDescChannelId;
}

pub(super) unsafe fn acldvppSetChannelDescMode(
    call: &Entry<'_>,
    channelDesc: *mut acldvppChannelDesc,
    mode: u32,
) -> Result<(), Fault> {
    let channel = handle("channelDesc", channelDesc)?;
    media::check_mode(mode)?;
    let channels = &call.world.media.channels;
    channels.change(channel, |channel| channel.mode = mode)
}

parameters! {
    acldvppChannelDesc in channels,
    acldvppGetChannelDescParam, acldvppSetChannelDescParam, acldvppChannelDescParamType:
        ACL_DVPP_CSC_MATRIX_UINT32 = matrix: u32;
        ACL_DVPP_MODE_UINT32 = mode: u32;
        ACL_DVPP_CHANNEL_ID_UINT64 = id: u64;
        ACL_DVPP_CHANNEL_HEIGHT_UINT32 = height: u32;
        ACL_DVPP_CHANNEL_WIDTH_UINT32 = width: u32;
        ACL_DVPP_JPEGD_PRECISION_MODE_ENUM = precision: u32;
}
