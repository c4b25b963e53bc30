//! The parameters of preprocessing (AIPP) that come with the runs.

use ascend_graph::om::Picture;
use half::f16;

use crate::error::{Error, ErrorKind, Result};

/// The most pixels of a row that padding gives.
const MOST_WIDTH: u32 = 1080;
/// The most pixels of a side of a source picture.
const MOST_SIDE: u32 = 4096;
/// The pictures that dynamic preprocessing takes.
const PICTURES: [Picture; 4] = [
    Picture::Yuv420sp,
    Picture::Xrgb8888,
    Picture::Rgb888,
    Picture::Yuv400,
];

/// The parameters of preprocessing on the device (AIPP) that come with the runs: how the pictures
/// lie in memory, and what becomes of them before the network gets them.
///
/// The device crops, converts colours, swaps channels, computes `(value - mean - min) * var_reci`
/// in half precision, and pads. [`Session::set_aipp`](crate::Session::set_aipp) checks the
/// parameters against the model and says what is wrong with them.
///
/// ```
/// use ascend_rt::model::{AippParameters, ColourConversion, Crop, Picture, PictureParameters};
///
/// // Frames of a camera, of which the middle becomes RGB between -1 and 1.
/// let parameters = AippParameters::new(Picture::Yuv420sp, 480, 640)
///     .colours(ColourConversion::YUV_TO_RGB)
///     .all_pictures(PictureParameters {
///         crop: Some(Crop { top: 128, left: 208, height: 224, width: 224 }),
///         mean: [128, 128, 128, 0],
///         var_reci: [1.0 / 128.0; 4],
///         ..Default::default()
///     });
/// assert_eq!(parameters.shape(2), [2, 720, 640, 1]);
/// ```
///
/// C API: `aclmdlCreateAIPP`, `aclmdlSetAIPP…`, `aclmdlSetInputAIPP`, `acl_mdl.h`.
#[derive(Clone, Debug, PartialEq)]
pub struct AippParameters {
    pub(super) picture: Picture,
    pub(super) height: u32,
    pub(super) width: u32,
    pub(super) colours: Option<ColourConversion>,
    pub(super) swap_rb_uv: bool,
    pub(super) swap_ax: bool,
    /// Those of the first pictures of a batch; the last one holds for the others.
    pub(super) pictures: Vec<PictureParameters>,
}

/// A conversion of colours: `(matrix * (pixel - input_bias) >> 8) + output_bias`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColourConversion {
    /// Its rows; 256 stands for 1.
    pub matrix: [[i16; 3]; 3],
    /// Subtracted from Y, U and V before.
    pub input_bias: [u8; 3],
    /// Added to Y, U and V afterwards, where they are what RGB becomes.
    pub output_bias: [u8; 3],
}

impl ColourConversion {
    /// YUV of the narrow range (BT.601) to blue, green and red: what a configuration of `atc` gets
    /// that names no matrix.
    pub const YUV_TO_BGR: Self = Self {
        matrix: [[298, 516, 0], [298, -100, -208], [298, 0, 409]],
        input_bias: [16, 128, 128],
        output_bias: [16, 128, 128],
    };
    /// The same to red, green and blue.
    pub const YUV_TO_RGB: Self = Self {
        matrix: [[298, 0, 409], [298, -100, -208], [298, 516, 0]],
        ..Self::YUV_TO_BGR
    };
}

/// What is done to one picture of a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PictureParameters {
    /// The part that is kept; all of it without.
    pub crop: Option<Crop>,
    /// What is added around it, of zeros.
    pub padding: Option<Margins>,
    /// Subtracted from each channel.
    pub mean: [i16; 4],
    /// Subtracted from each channel, in half precision.
    pub min: [f32; 4],
    /// What each channel is multiplied by, in half precision.
    pub var_reci: [f32; 4],
}

impl Default for PictureParameters {
    fn default() -> Self {
        Self {
            crop: None,
            padding: None,
            mean: [0; 4],
            min: [0.0; 4],
            var_reci: [1.0; 4],
        }
    }
}

/// A part of a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields say it")]
pub struct Crop {
    pub top: u32,
    pub left: u32,
    pub height: u32,
    pub width: u32,
}

/// What is added around a picture, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields say it")]
pub struct Margins {
    pub top: u32,
    pub bottom: u32,
    pub left: u32,
    pub right: u32,
}

/// What a model asks of the parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AippTarget<'a> {
    /// The input.
    pub(crate) name: &'a str,
    /// Height and width that the pictures have to become.
    pub(crate) size: [usize; 2],
    /// The largest batch.
    pub(crate) batch: usize,
    /// The most bytes that the pictures of a run take together.
    pub(crate) most_bytes: usize,
    /// Height and width are switched by gears.
    pub(crate) is_switched: bool,
}

impl AippParameters {
    /// Parameters that take pictures of this kind and size and change nothing in them.
    #[must_use]
    pub fn new(picture: Picture, height: u32, width: u32) -> Self {
        Self {
            picture,
            height,
            width,
            colours: None,
            swap_rb_uv: false,
            swap_ax: false,
            pictures: vec![PictureParameters::default()],
        }
    }

    /// Converts the colours.
    #[must_use]
    pub fn colours(mut self, conversion: ColourConversion) -> Self {
        self.colours = Some(conversion);
        self
    }

    /// Whether red and blue, or U and V, change places.
    #[must_use]
    pub fn swap_rb_uv(mut self, swap: bool) -> Self {
        self.swap_rb_uv = swap;
        self
    }

    /// Whether the first of four channels becomes the last: ARGB is taken as RGBA.
    #[must_use]
    pub fn swap_ax(mut self, swap: bool) -> Self {
        self.swap_ax = swap;
        self
    }

    /// What is done to every picture.
    #[must_use]
    pub fn all_pictures(self, parameters: PictureParameters) -> Self {
        self.each_picture([parameters])
    }

    /// What is done to each picture of a batch; the last one holds for all that follow.
    #[must_use]
    pub fn each_picture(mut self, parameters: impl IntoIterator<Item = PictureParameters>) -> Self {
        self.pictures = parameters.into_iter().collect();
        self
    }

    /// The shape of the bytes (`uint8`) of `count` pictures: what a run has to be given.
    #[must_use]
    pub fn shape(&self, count: usize) -> Vec<usize> {
        let [count, height, width] = [
            i64::try_from(count).unwrap_or(i64::MAX),
            self.height.into(),
            self.width.into(),
        ];
        let dims = self.picture.byte_dims(count, height, width);
        let lens = dims.iter().map(|dim| usize::try_from(*dim).unwrap_or(0));
        lens.collect()
    }

    /// Height and width of the pictures as they come.
    pub(crate) fn size(&self) -> [usize; 2] {
        [self.height, self.width].map(|side| usize::try_from(side).unwrap_or(usize::MAX))
    }

    /// What is done to picture `index` of a batch.
    pub(super) fn picture(&self, index: usize) -> PictureParameters {
        let own = self.pictures.get(index).or(self.pictures.last());
        own.copied().unwrap_or_default()
    }

    /// Refuses what the device would, saying why.
    pub(crate) fn check(&self, target: &AippTarget<'_>) -> Result<()> {
        let refused = |why: String| {
            let message = format!("preprocessing of input {}: {why}", target.name);
            Err(Error::new(ErrorKind::InvalidArgument, message))
        };
        if let Err(why) = self.check_source() {
            return refused(why);
        }
        if self.pictures.is_empty() || self.pictures.len() > target.batch {
            return refused(format!(
                "there are parameters for {} pictures, and the model takes 1 to {} at once",
                self.pictures.len(),
                target.batch
            ));
        }
        for (index, picture) in self.pictures.iter().enumerate() {
            let made = self.check_picture(picture);
            let [height, width] = match made {
                Ok(made) => made,
                Err(why) => return refused(format!("picture {index}: {why}")),
            };
            let reshapes = picture.crop.is_some() || picture.padding.is_some();
            if target.is_switched && reshapes {
                return refused(format!(
                    "picture {index} is cropped or padded, which a model with image sizes as gears \
                     excludes: do it before the run"
                ));
            }
            if [u64::from(height), u64::from(width)] != target.size.map(|side| side as u64) {
                return refused(format!(
                    "picture {index} becomes {height}x{width} pixels, and the model takes {}x{}: \
                     change the crop or the padding",
                    target.size[0], target.size[1]
                ));
            }
        }
        let bytes = self.picture.bytes(self.height.into(), self.width.into());
        let bytes = bytes.and_then(|bytes| bytes.checked_mul(target.batch as u64));
        if bytes.is_none_or(|bytes| bytes > target.most_bytes as u64) {
            return refused(format!(
                "{} pictures of {}x{} pixels as {} do not fit into the {} bytes that the model was \
                 made for: raise max_src_image_size and convert it again",
                target.batch,
                self.height,
                self.width,
                self.picture.name(),
                target.most_bytes
            ));
        }
        Ok(())
    }

    /// What can be wrong with the pictures as they come.
    fn check_source(&self) -> Result<(), String> {
        let (picture, height, width) = (self.picture, self.height, self.width);
        if !PICTURES.contains(&picture) {
            let known = PICTURES.map(Picture::name).join(", ");
            return Err(format!(
                "{} cannot come with a run: use {known}",
                picture.name()
            ));
        }
        if !(1..=MOST_SIDE).contains(&height) || !(2..=MOST_SIDE).contains(&width) {
            return Err(format!(
                "the pictures are {height}x{width} pixels, and have to be 1 to {MOST_SIDE} high and 2 \
                 to {MOST_SIDE} wide"
            ));
        }
        if picture == Picture::Yuv420sp && !(height.is_multiple_of(2) && width.is_multiple_of(2)) {
            return Err(format!(
                "pictures of YUV420SP_U8 have even sides, not {height}x{width}"
            ));
        }
        if picture == Picture::Yuv400 && (self.colours.is_some() || self.swap_rb_uv) {
            return Err("pictures of YUV400_U8 have no colours to convert or to swap".to_owned());
        }
        if self.swap_ax && !picture.has_four_channels() {
            return Err(format!(
                "swap_ax is for pictures of four channels, {} has less",
                picture.name()
            ));
        }
        Ok(())
    }

    /// Height and width that a picture becomes, or what is wrong with its parameters.
    fn check_picture(&self, picture: &PictureParameters) -> Result<[u32; 2], String> {
        let (height, width) = (self.height, self.width);
        let [mut rows, mut columns] = [height, width];
        if let Some(crop) = picture.crop {
            let inside = |start: u32, len: u32, whole: u32| {
                len > 0 && start.checked_add(len).is_some_and(|end| end <= whole)
            };
            if !inside(crop.top, crop.height, height) || !inside(crop.left, crop.width, width) {
                return Err(format!(
                    "the crop of {}x{} pixels from row {}, column {} is not inside of {height}x{width}",
                    crop.height, crop.width, crop.top, crop.left
                ));
            }
            let is_even = crop.top.is_multiple_of(2) && crop.left.is_multiple_of(2);
            if self.picture == Picture::Yuv420sp && !is_even {
                return Err(format!(
                    "the crop of YUV420SP_U8 starts at even rows and columns, not at {}, {}",
                    crop.top, crop.left
                ));
            }
            [rows, columns] = [crop.height, crop.width];
        }
        if let Some(margins) = picture.padding {
            let sides = [margins.top, margins.bottom, margins.left, margins.right];
            if sides.iter().any(|side| *side > MOST_SIDE) {
                return Err(format!(
                    "the padding {sides:?} has a side above {MOST_SIDE} pixels"
                ));
            }
            rows += margins.top + margins.bottom;
            columns += margins.left + margins.right;
        }
        if picture.padding.is_some() && columns > MOST_WIDTH {
            return Err(format!(
                "it becomes {columns} pixels wide, more than the {MOST_WIDTH} that the device pads to"
            ));
        }
        for (name, values) in [("min", picture.min), ("var_reci", picture.var_reci)] {
            if let Some(value) = values
                .iter()
                .find(|value| !f16::from_f32(**value).is_finite())
            {
                return Err(format!(
                    "{name} is {value}, which half precision cannot hold"
                ));
            }
        }
        Ok([rows, columns])
    }
}
