//! Channels to the units: descriptions that exist as long as they are open.

use ascend_sys::{acldvppPixelFormat, acldvppStreamFormat, aclvdecCallback, aclvencCallback};

use crate::fault::Fault;
use crate::handles::{Object, Registry, kinds};
use crate::model::Span;

/// The kinds of work that a channel may be made for, one bit each.
const MODES: u32 = 0xF;

#[derive(Clone)]
pub(crate) struct Channel {
    pub(crate) mode: u32,
    pub(crate) matrix: u32,
    pub(crate) id: u64,
    pub(crate) height: u32,
    pub(crate) width: u32,
    pub(crate) precision: u32,
    is_open: bool,
}

impl Default for Channel {
    fn default() -> Self {
        Self {
            mode: MODES,
            matrix: 0,
            id: 0,
            height: 0,
            width: 0,
            precision: 0,
            is_open: false,
        }
    }
}

#[derive(Clone)]
pub(crate) struct Decoder {
    pub(crate) id: u32,
    pub(crate) thread: u64,
    pub(crate) callback: aclvdecCallback,
    pub(crate) stream_format: acldvppStreamFormat,
    pub(crate) format: acldvppPixelFormat,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) frames: u32,
    pub(crate) mode: u32,
    pub(crate) depth: u32,
    pub(crate) matrix: u32,
    is_open: bool,
}

impl Default for Decoder {
    fn default() -> Self {
        Self {
            id: 0,
            thread: 0,
            callback: None,
            stream_format: acldvppStreamFormat::H265_MAIN_LEVEL,
            format: acldvppPixelFormat::PIXEL_FORMAT_YUV_SEMIPLANAR_420,
            width: 0,
            height: 0,
            frames: 8,
            mode: 0,
            depth: 8,
            matrix: 0,
            is_open: false,
        }
    }
}

#[derive(Clone, Default)]
pub(crate) struct DecoderFrame;

#[derive(Clone)]
pub(crate) struct Encoder {
    pub(crate) id: u32,
    pub(crate) thread: u64,
    pub(crate) callback: aclvencCallback,
    pub(crate) format: acldvppPixelFormat,
    pub(crate) stream_format: acldvppStreamFormat,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) key_interval: u32,
    pub(crate) buffer: Span,
    pub(crate) buffer_size: u32,
    pub(crate) rate_mode: u32,
    pub(crate) source_rate: u32,
    pub(crate) bit_rate: u32,
    pub(crate) proportion: u32,
    is_open: bool,
}

impl Default for Encoder {
    fn default() -> Self {
        Self {
            id: 0,
            thread: 0,
            callback: None,
            format: acldvppPixelFormat::PIXEL_FORMAT_YUV_SEMIPLANAR_420,
            stream_format: acldvppStreamFormat::H265_MAIN_LEVEL,
            width: 0,
            height: 0,
            key_interval: 0,
            buffer: Span::default(),
            buffer_size: 0,
            rate_mode: 0,
            source_rate: 0,
            bit_rate: 0,
            proportion: 0,
            is_open: false,
        }
    }
}

#[derive(Clone, Default)]
pub(crate) struct EncoderFrame {
    pub(crate) eos: u8,
    pub(crate) force_key: u8,
}

kinds! {
    Channel => PictureChannel;
    Decoder => Decoder;
    DecoderFrame => DecoderFrame;
    Encoder => Encoder;
    EncoderFrame => EncoderFrame;
}

/// A description of a channel, which exists as long as it is open.
pub(crate) trait Opened: Object + Clone {
    fn is_open(&self) -> bool;

    /// Makes the channel with this number.
    fn open(&mut self, id: u32) -> Result<(), Fault>;

    fn close(&mut self);
}

macro_rules! opened {
    ($($channel:ty: |$this:ident, $id:ident| $make:expr;)*) => {
        $(impl Opened for $channel {
            fn is_open(&self) -> bool {
                self.is_open
            }

            fn open(&mut self, $id: u32) -> Result<(), Fault> {
                let $this = &mut *self;
                $make?;
                self.is_open = true;
                Ok(())
            }

            fn close(&mut self) {
                self.is_open = false;
            }
        })*
    };
}

opened! {
    Channel: |channel, id| check_mode(channel.mode).map(|()| channel.id = u64::from(id));
    // The program numbers its decoders itself.
    Decoder: |decoder, _id| check_callback(decoder.callback.is_some());
    Encoder: |encoder, id| check_callback(encoder.callback.is_some()).map(|()| encoder.id = id);
}

pub(crate) fn check_mode(mode: u32) -> Result<(), Fault> {
    if mode == 0 || mode & !MODES != 0 {
        return Err(Fault::argument(format!("channels have no mode {mode:#x}")));
    }
    Ok(())
}

fn check_callback(is_set: bool) -> Result<(), Fault> {
    if !is_set {
        return Err(Fault::argument(
            "the channel has no callback; set one in its description first",
        ));
    }
    Ok(())
}

/// Refuses a description whose channel was not made yet, or is gone.
pub(crate) fn check_open<T: Opened>(of: &Registry<T>, channel: u64) -> Result<(), Fault> {
    if !of.get(channel)?.is_open() {
        return Err(Fault::argument(
            "the channel does not exist; make it of its description first",
        ));
    }
    Ok(())
}
