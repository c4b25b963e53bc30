//! A picture into a model's input.

use std::fmt;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use half::f16;
use ndarray::Array4;

use super::picture::{CHANNELS, Picture};
use super::window::Window;
use crate::error::{Error, ErrorKind, Result};

/// The longest side of an output, in pixels.
const MAX_SIDE: u32 = 8192;

/// The most memory that an intermediate picture may take: one that is resized along one axis.
const MAX_INTERMEDIATE_BYTES: f64 = 1_073_741_824.0;

/// Mean and standard deviation of `ImageNet` by channel, as torchvision's models are trained on.
const IMAGENET_MEAN: [f32; CHANNELS] = [0.485, 0.456, 0.406];
const IMAGENET_STD: [f32; CHANNELS] = [0.229, 0.224, 0.225];

/// How a picture is scaled before its middle is cut out, always bilinear and antialiased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resize {
    /// Not at all.
    None,
    /// So that the shorter side has this many pixels; the longer one follows, rounded down.
    ShortSide(u32),
    /// To exactly this size, whatever the picture's proportions.
    Exact {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
}

/// A number that [`Preprocess::apply`] can write: `f32` or [`struct@f16`].
pub trait Sample: Copy + sealed::Sealed {
    /// The nearest value of this type.
    fn from_f32(value: f32) -> Self;
}

impl Sample for f32 {
    fn from_f32(value: f32) -> Self {
        value
    }
}

impl Sample for f16 {
    fn from_f32(value: f32) -> Self {
        f16::from_f32(value)
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for half::f16 {}
}

/// The steps from a [`Picture`] to a model's input: resize, cut out the middle, normalise.
///
/// The default is torchvision's for `ImageNet`: short side 256, centre 224 x 224, and the mean and
/// standard deviation by channel. Where the cut is larger than the resized picture, the rest is
/// black.
#[derive(Clone, PartialEq)]
pub struct Preprocess {
    resize: Resize,
    width: u32,
    height: u32,
    /// The normalised value of each level of each channel.
    levels: Box<[[f32; 256]; CHANNELS]>,
}

/// Sets up a [`Preprocess`].
#[derive(Clone, Debug)]
pub struct PreprocessBuilder {
    resize: Resize,
    width: u32,
    height: u32,
    mean: [f32; CHANNELS],
    std: [f32; CHANNELS],
}

impl PreprocessBuilder {
    /// How the picture is scaled first; [`Resize::ShortSide`] of 256 unless told.
    #[must_use]
    pub fn with_resize(mut self, resize: Resize) -> Self {
        self.resize = resize;
        self
    }

    /// Size in pixels of the middle that is cut out, which is the output's; 224 x 224 unless told.
    #[must_use]
    pub fn with_crop(mut self, width: u32, height: u32) -> Self {
        self.width = width;
        self.height = height;
        self
    }

    /// What is subtracted from red, green and blue, which are 0 to 1; the mean of `ImageNet` unless
    /// told.
    #[must_use]
    pub fn with_mean(mut self, mean: [f32; 3]) -> Self {
        self.mean = mean;
        self
    }

    /// What red, green and blue are divided by after that; the deviation of `ImageNet` unless told.
    #[must_use]
    pub fn with_std(mut self, std: [f32; 3]) -> Self {
        self.std = std;
        self
    }

    /// The steps, checked.
    ///
    /// # Errors
    /// `InvalidArgument` if a size is 0 or above 8192 pixels, a mean is not finite, or a deviation is
    /// not finite or 0.
    pub fn build(self) -> Result<Preprocess> {
        let resized = match self.resize {
            Resize::None => [1, 1],
            Resize::ShortSide(side) => [side, side],
            Resize::Exact { width, height } => [width, height],
        };
        let sides = resized.into_iter().chain([self.width, self.height]);
        let finite = self.mean.iter().chain(&self.std).all(|v| v.is_finite());
        let message = if let Some(side) = sides.into_iter().find(|s| !(1..=MAX_SIDE).contains(s)) {
            format!("preprocess: a side of {side} pixels: give 1 to {MAX_SIDE}")
        } else if !finite || self.std.contains(&0.0) {
            format!(
                "preprocess: mean {:?} and deviation {:?}: give finite numbers, and no deviation \
                 of 0",
                self.mean, self.std
            )
        } else {
            return Ok(self.tabulate());
        };
        Err(Error::new(ErrorKind::InvalidArgument, message))
    }

    fn tabulate(self) -> Preprocess {
        let mut levels = Box::new([[0.0; 256]; CHANNELS]);
        for ((levels, mean), std) in levels.iter_mut().zip(self.mean).zip(self.std) {
            for (value, level) in levels.iter_mut().zip(0_u8..=u8::MAX) {
                *value = (f32::from(level) / 255.0 - mean) / std;
            }
        }
        Preprocess {
            resize: self.resize,
            width: self.width,
            height: self.height,
            levels,
        }
    }
}

impl Default for PreprocessBuilder {
    fn default() -> Self {
        Self {
            resize: Resize::ShortSide(256),
            width: 224,
            height: 224,
            mean: IMAGENET_MEAN,
            std: IMAGENET_STD,
        }
    }
}

impl Default for Preprocess {
    fn default() -> Self {
        PreprocessBuilder::default().tabulate()
    }
}

impl Preprocess {
    /// A builder that starts from the default steps.
    #[must_use]
    pub fn builder() -> PreprocessBuilder {
        PreprocessBuilder::default()
    }

    /// Width of the output in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height of the output in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Number of elements in the output of one picture: `3 * height * width`.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "an output is never empty")]
    pub fn len(&self) -> usize {
        CHANNELS * self.height as usize * self.width as usize
    }

    /// Writes `picture` into `output`: `[3, height, width]`, RGB, normalised.
    ///
    /// # Errors
    /// `Shape` if `output` does not have [`len`](Self::len) elements; `Unsupported` if the picture is
    /// too long or too thin to be resized this way.
    pub fn apply<T: Sample>(&self, picture: &Picture, output: &mut [T]) -> Result<()> {
        self.check_len(output.len())?;
        let cut = self.cut(picture.width(), picture.height())?;
        let mut pixels = vec![0; cut.len() * CHANNELS];
        cut.resize_picture(picture, &mut pixels)?;
        self.spread::<_, CHANNELS>(&cut, &pixels, output);
        Ok(())
    }

    /// Writes the resized `pixels` of `cut`, of `PIXEL` bytes each, into `output` as
    /// [`apply`](Self::apply) does.
    pub(super) fn spread<T: Sample, const PIXEL: usize>(
        &self,
        cut: &Cut,
        pixels: &[u8],
        output: &mut [T],
    ) {
        let levels = self.levels.each_ref().map(|levels| levels.map(T::from_f32));
        let width = self.width as usize;
        let planes = output.chunks_exact_mut(self.height as usize * width);
        for ((channel, plane), levels) in planes.enumerate().zip(&levels) {
            if cut.len() * CHANNELS < self.len() {
                plane.fill(levels[0]);
            }
            let rows = plane.chunks_exact_mut(width).skip(cut.y.pad as usize);
            for (to, from) in rows.zip(pixels.chunks_exact(cut.x.len as usize * PIXEL)) {
                let to = &mut to[cut.x.pad as usize..];
                for (value, pixel) in to.iter_mut().zip(from.as_chunks::<PIXEL>().0) {
                    *value = levels[usize::from(pixel[channel])];
                }
            }
        }
    }

    /// Writes `picture` into `output` as bytes: `[height, width, 3]`, RGB, 0 to 255, not normalised.
    ///
    /// For models that normalise on the device (AIPP).
    ///
    /// # Errors
    /// Those of [`apply`](Self::apply).
    pub fn apply_bytes(&self, picture: &Picture, output: &mut [u8]) -> Result<()> {
        self.check_len(output.len())?;
        let cut = self.cut(picture.width(), picture.height())?;
        if cut.len() * CHANNELS == self.len() {
            return cut.resize_picture(picture, output);
        }
        let mut pixels = vec![0; cut.len() * CHANNELS];
        cut.resize_picture(picture, &mut pixels)?;
        output.fill(0);
        let rows = output
            .chunks_exact_mut(self.width as usize * CHANNELS)
            .skip(cut.y.pad as usize);
        for (to, from) in rows.zip(pixels.chunks_exact(cut.x.len as usize * CHANNELS)) {
            let start = cut.x.pad as usize * CHANNELS;
            to[start..start + from.len()].copy_from_slice(from);
        }
        Ok(())
    }

    /// The input for one picture: `[1, 3, height, width]`, RGB, normalised.
    ///
    /// # Errors
    /// `Unsupported` if the picture is too long or too thin to be resized this way.
    pub fn to_array(&self, picture: &Picture) -> Result<Array4<f32>> {
        let mut values = vec![0.0; self.len()];
        self.apply(picture, &mut values)?;
        let shape = (1, CHANNELS, self.height as usize, self.width as usize);
        Array4::from_shape_vec(shape, values).map_err(|source| {
            let message = format!("preprocess: the output is not of shape {shape:?}: {source}");
            Error::internal(message).with_source(source)
        })
    }

    pub(super) fn check_len(&self, len: usize) -> Result<()> {
        if len == self.len() {
            return Ok(());
        }
        let message = format!(
            "preprocess: the output holds {len} elements, and a picture of 3 x {} x {} has {}; \
             give a slice of that length",
            self.height,
            self.width,
            self.len()
        );
        Err(Error::new(ErrorKind::Shape, message))
    }

    /// What of a picture of `width` x `height` pixels is seen in the output.
    pub(super) fn cut(&self, width: u32, height: u32) -> Result<Cut> {
        let (resized_width, resized_height) = match self.resize {
            Resize::None => (width, height),
            Resize::Exact { width, height } => (width, height),
            Resize::ShortSide(side) => {
                let short = width.min(height);
                let scaled = |length: u32| {
                    u32::try_from(u64::from(side) * u64::from(length) / u64::from(short))
                };
                match (scaled(width), scaled(height)) {
                    (Ok(width), Ok(height)) => (width, height),
                    _ => return Err(too_thin(width, height)),
                }
            }
        };
        let cut = Cut {
            x: Window::centered(width, resized_width, self.width)?,
            y: Window::centered(height, resized_height, self.height)?,
        };
        if cut.x.source_len * f64::from(cut.y.len) * 3.0 > MAX_INTERMEDIATE_BYTES {
            return Err(too_thin(width, height));
        }
        Ok(cut)
    }
}

impl fmt::Debug for Preprocess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preprocess")
            .field("resize", &self.resize)
            .field("width", &self.width)
            .field("height", &self.height)
            .finish_non_exhaustive()
    }
}

fn too_thin(width: u32, height: u32) -> Error {
    let message = format!(
        "picture: {width} x {height} pixels are too long and thin to be resized; crop it first"
    );
    Error::new(ErrorKind::Unsupported, message)
}

/// The part of a picture that is seen in the output, and where.
pub(super) struct Cut {
    pub(super) x: Window,
    pub(super) y: Window,
}

impl Cut {
    /// Number of pixels of the output that come from the picture.
    pub(super) fn len(&self) -> usize {
        self.x.len as usize * self.y.len as usize
    }

    /// Resizes just this part of `picture` into `pixels`: `[y.len, x.len, 3]`.
    fn resize_picture(&self, picture: &Picture, pixels: &mut [u8]) -> Result<()> {
        let size = (picture.width(), picture.height());
        let from = (size, picture.pixels());
        self.resize(&mut Resizer::new(), PixelType::U8x3, from, (0, 0), pixels)
    }

    /// Resizes this part of the picture into `pixels`. Of the picture there is what begins at `origin`
    /// and is of the size, with the pixels, in `from`.
    pub(super) fn resize(
        &self,
        resizer: &mut Resizer,
        kind: PixelType,
        (size, from): ((u32, u32), &[u8]),
        origin: (u32, u32),
        pixels: &mut [u8],
    ) -> Result<()> {
        let options = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(FilterType::Bilinear))
            .use_alpha(false)
            .crop(
                self.x.source_start - f64::from(origin.0),
                self.y.source_start - f64::from(origin.1),
                self.x.source_len,
                self.y.source_len,
            );
        let fault = |source: String| {
            let message = format!("picture: the resizer failed: {source}");
            Error::internal(message)
        };
        let from = ImageRef::new(size.0, size.1, from, kind)
            .map_err(|source| fault(source.to_string()))?;
        let mut to = Image::from_slice_u8(self.x.len, self.y.len, pixels, kind)
            .map_err(|source| fault(source.to_string()))?;
        resizer
            .resize(&from, &mut to, &options)
            .map_err(|source| fault(source.to_string()))
    }
}
