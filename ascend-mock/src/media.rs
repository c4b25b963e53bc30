//! The objects of the picture and video units. The units themselves are not there.

mod channel;

use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use ascend_sys::{
    ACL_ERROR_RELATIVE_RESOURCE_NOT_CLEARED, acldvppBorderType, acldvppPixelFormat,
    acldvppStreamFormat,
};

use self::channel::Opened;
pub(crate) use self::channel::{
    Channel, Decoder, DecoderFrame, Encoder, EncoderFrame, check_mode, check_open,
};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::{Object, Registry, kinds};
use crate::ledger::{Kind, Live};
use crate::model::Span;

/// The most pictures of a batch.
const MAX_BATCH: u32 = 256;
/// Pixels have so many components at most, each a byte.
const COMPONENTS: usize = 3;
const VALUES: usize = 256;

/// All of a world.
#[derive(Default)]
pub(crate) struct Media {
    pub(crate) pictures: Registry<Picture>,
    pub(crate) batches: Registry<Batch>,
    pub(crate) videos: Registry<Video>,
    pub(crate) regions: Registry<Region>,
    pub(crate) resizes: Registry<Resize>,
    pub(crate) jpegs: Registry<Jpeg>,
    pub(crate) borders: Registry<Border>,
    pub(crate) tables: Registry<LookupTable>,
    pub(crate) histograms: Registry<Histogram>,
    pub(crate) channels: Registry<Channel>,
    pub(crate) decoders: Registry<Decoder>,
    pub(crate) decoder_frames: Registry<DecoderFrame>,
    pub(crate) encoders: Registry<Encoder>,
    pub(crate) encoder_frames: Registry<EncoderFrame>,
    channel_ids: AtomicU32,
}

#[derive(Clone)]
pub(crate) struct Picture {
    pub(crate) data: Span,
    pub(crate) size: u32,
    pub(crate) format: acldvppPixelFormat,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) width_stride: u32,
    pub(crate) height_stride: u32,
    pub(crate) ret_code: u32,
    /// A batch's own: it comes and goes with the batch.
    in_batch: bool,
}

impl Default for Picture {
    fn default() -> Self {
        Self {
            data: Span::default(),
            size: 0,
            format: acldvppPixelFormat::PIXEL_FORMAT_YUV_400,
            width: 0,
            height: 0,
            width_stride: 0,
            height_stride: 0,
            ret_code: 0,
            in_batch: false,
        }
    }
}

impl Object for Picture {
    const KIND: Kind = Kind::Picture;

    fn is_owned_by_program(&self) -> bool {
        !self.in_batch
    }
}

/// Handles of pictures.
pub(crate) struct Batch(Vec<u64>);

/// A piece of encoded video.
#[derive(Clone)]
pub(crate) struct Video {
    pub(crate) data: Span,
    pub(crate) size: u32,
    pub(crate) format: acldvppStreamFormat,
    pub(crate) timestamp: u64,
    pub(crate) ret_code: u32,
    pub(crate) eos: u8,
}

impl Default for Video {
    fn default() -> Self {
        Self {
            data: Span::default(),
            size: 0,
            format: acldvppStreamFormat::H265_MAIN_LEVEL,
            timestamp: 0,
            ret_code: 0,
            eos: 0,
        }
    }
}

#[allow(dead_code, reason = "what the picture units read")]
#[derive(Clone)]
pub(crate) struct Region {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) top: u32,
    pub(crate) bottom: u32,
}

#[derive(Clone, Default)]
pub(crate) struct Resize {
    pub(crate) interpolation: u32,
}

#[derive(Clone)]
pub(crate) struct Jpeg {
    pub(crate) level: u32,
}

impl Default for Jpeg {
    fn default() -> Self {
        Self { level: 100 }
    }
}

#[derive(Clone)]
pub(crate) struct Border {
    pub(crate) kind: acldvppBorderType,
    pub(crate) top: u32,
    pub(crate) bottom: u32,
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) values: [f64; 4],
}

impl Default for Border {
    fn default() -> Self {
        Self {
            kind: acldvppBorderType::BORDER_CONSTANT,
            top: 0,
            bottom: 0,
            left: 0,
            right: 0,
            values: [0.0; 4],
        }
    }
}

/// A row of values for each component of a pixel; the program writes into it.
pub(crate) struct LookupTable([[AtomicU8; VALUES]; COMPONENTS]);

impl Default for LookupTable {
    fn default() -> Self {
        Self([const { [const { AtomicU8::new(0) }; VALUES] }; COMPONENTS])
    }
}

impl LookupTable {
    pub(crate) fn row(&self, component: u32) -> Option<&[AtomicU8]> {
        let row = self.0.get(usize::try_from(component).ok()?)?;
        Some(row)
    }
}

/// A row of counts for each component of a pixel.
pub(crate) struct Histogram([[AtomicU32; VALUES]; COMPONENTS]);

impl Default for Histogram {
    fn default() -> Self {
        Self([const { [const { AtomicU32::new(0) }; VALUES] }; COMPONENTS])
    }
}

impl Histogram {
    pub(crate) fn row(&self, component: u32) -> Option<&[AtomicU32]> {
        let row = self.0.get(usize::try_from(component).ok()?)?;
        Some(row)
    }

    pub(crate) fn clear(&self) {
        for count in self.0.iter().flatten() {
            count.store(0, Ordering::Relaxed);
        }
    }
}

/// The components of tables and histograms.
pub(crate) const fn components() -> u32 {
    3
}

kinds! {
    Batch => PictureBatch;
    Video => VideoStream;
    Region => Region;
    Resize => ResizeConfig;
    Jpeg => JpegConfig;
    Border => BorderConfig;
    LookupTable => LookupTable;
    Histogram => Histogram;
}

impl Media {
    pub(crate) fn live(&self) -> Vec<Live> {
        let mut live = self.pictures.live();
        live.extend(self.batches.live());
        live.extend(self.videos.live());
        live.extend(self.regions.live());
        live.extend(self.resizes.live());
        live.extend(self.jpegs.live());
        live.extend(self.borders.live());
        live.extend(self.tables.live());
        live.extend(self.histograms.live());
        live.extend(self.channels.live());
        live.extend(self.decoders.live());
        live.extend(self.decoder_frames.live());
        live.extend(self.encoders.live());
        live.extend(self.encoder_frames.live());
        live
    }

    pub(crate) fn destroy_picture(&self, picture: u64) -> Result<(), Fault> {
        if self.pictures.get(picture)?.in_batch {
            return Err(Fault::argument(
                "the picture description belongs to a batch, and is destroyed with it",
            ));
        }
        self.pictures.remove(picture).map(|_| ())
    }

    pub(crate) fn picture_of(&self, batch: u64, index: u32) -> Result<u64, Fault> {
        let batch = self.batches.get(batch)?;
        let picture = usize::try_from(index)
            .ok()
            .and_then(|index| batch.0.get(index));
        picture.copied().ok_or_else(|| {
            Fault::argument(format!(
                "the batch has {} pictures, no picture {index}",
                batch.0.len()
            ))
        })
    }

    pub(crate) fn destroy_batch(&self, batch: u64) -> Result<(), Fault> {
        for picture in &self.batches.remove(batch)?.0 {
            self.pictures.remove(*picture)?;
        }
        Ok(())
    }

    /// Makes the channel that a description describes; once.
    pub(crate) fn open<T: Opened>(&self, of: &Registry<T>, channel: u64) -> Result<(), Fault> {
        let id = self.channel_ids.fetch_add(1, Ordering::Relaxed);
        let mut opened = Ok(());
        of.change(channel, |channel| {
            opened = if channel.is_open() {
                Err(Fault::argument("the channel is made already"))
            } else {
                channel.open(id)
            };
        })?;
        opened
    }

    pub(crate) fn close<T: Opened>(of: &Registry<T>, channel: u64) -> Result<(), Fault> {
        check_open(of, channel)?;
        of.change(channel, Opened::close)
    }

    /// Ends a description, if its channel is no more.
    pub(crate) fn destroy<T: Opened>(of: &Registry<T>, channel: u64) -> Result<(), Fault> {
        if of.get(channel)?.is_open() {
            return Err(Fault::new(
                ACL_ERROR_RELATIVE_RESOURCE_NOT_CLEARED,
                "the channel still exists; destroy it before its description",
            ));
        }
        of.remove(channel).map(|_| ())
    }
}

impl Entry<'_> {
    pub(crate) fn create_picture_batch(&self, size: u32) -> Result<u64, Fault> {
        if !(1..=MAX_BATCH).contains(&size) {
            return Err(Fault::argument(format!(
                "batchSize is {size}; it can be 1 to {MAX_BATCH}"
            )));
        }
        let media = &self.world.media;
        let pictures = (0..size).map(|_| {
            let picture = Picture {
                in_batch: true,
                ..Picture::default()
            };
            media.pictures.insert(self.origin, |_| picture).0
        });
        let pictures = pictures.collect();
        Ok(media.batches.insert(self.origin, |_| Batch(pictures)).0)
    }

    /// Refuses pictures without pixels.
    pub(crate) fn check_picture(&self, picture: u64) -> Result<(), Fault> {
        let picture = self.world.media.pictures.get(picture)?;
        if picture.data.address == 0 || picture.size == 0 {
            return Err(Fault::argument(
                "the picture description has no data, or a size of 0",
            ));
        }
        Ok(())
    }
}
