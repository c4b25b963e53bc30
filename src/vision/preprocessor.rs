//! Files into a model's inputs, one after the other.

use std::fmt;

use fast_image_resize::{PixelType, Resizer};

use super::jpeg::baseline::{Decoder, PIXEL, Part};
use super::orientation::Orientation;
use super::picture::{Limits, Picture};
use super::preprocess::{Cut, Preprocess, Sample};
use crate::error::Result;

/// Turns the bytes of JPEG and PNG files into a model's inputs, with memory that it keeps from one to
/// the next.
///
/// Of a baseline JPEG file in colour, it decodes just what the model sees; of others the whole
/// [`Picture`]. One for each thread: it is `Send`, and works for one file at a time.
pub struct Preprocessor {
    steps: Preprocess,
    limits: Limits,
    decoder: Decoder,
    resizer: Resizer,
    crop: Vec<u8>,
}

impl Preprocessor {
    /// One that takes `steps`, with the default [`Limits`].
    #[must_use]
    pub fn new(steps: Preprocess) -> Self {
        Self {
            steps,
            limits: Limits::default(),
            decoder: Decoder::default(),
            resizer: Resizer::new(),
            crop: Vec::new(),
        }
    }

    /// The same within other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The steps that it takes.
    #[must_use]
    pub fn steps(&self) -> &Preprocess {
        &self.steps
    }

    /// Decodes `bytes`, a whole JPEG or PNG file, and writes it into `output`: `[3, height, width]`,
    /// RGB, normalised.
    ///
    /// Memory that a large picture took stays taken until this is dropped.
    ///
    /// # Errors
    /// Those of [`Picture::decode_within`] and of [`Preprocess::apply`].
    pub fn run<T: Sample>(&mut self, bytes: &[u8], output: &mut [T]) -> Result<()> {
        self.steps.check_len(output.len())?;
        if let Some((cut, size, origin)) = self.decode_part(bytes) {
            self.crop.resize(cut.len() * PIXEL, 0);
            let from = (size.into(), self.decoder.pixels());
            let crop = &mut self.crop;
            cut.resize(
                &mut self.resizer,
                PixelType::U8x4,
                from,
                origin.into(),
                crop,
            )?;
            self.steps.spread::<_, PIXEL>(&cut, crop, output);
            return Ok(());
        }
        let picture = Picture::decode_within(bytes, self.limits)?;
        self.steps.apply(&picture, output)
    }

    /// Decodes what the output depends on: tells the cut, and the size and the place of the decoded
    /// part. `None` if the file has to be decoded as a whole, or refused.
    fn decode_part(&mut self, bytes: &[u8]) -> Option<(Cut, [u32; 2], [u32; 2])> {
        if u64::try_from(bytes.len()).ok()? > self.limits.bytes {
            return None;
        }
        let (steps, limits) = (&self.steps, self.limits);
        let mut cut = None;
        let part = self.decoder.decode(bytes, |frame| {
            if frame.orientation != Orientation::default() {
                return None;
            }
            let width = u32::try_from(frame.width).ok()?;
            let height = u32::try_from(frame.height).ok()?;
            limits.admit("picture", width, height).ok()?;
            let seen = cut.insert(steps.cut(width, height).ok()?);
            let (x, y) = (seen.x.sources(width), seen.y.sources(height));
            Some(Part {
                x: x.start as usize..x.end as usize,
                y: y.start as usize..y.end as usize,
            })
        })?;
        let number = |value: usize| u32::try_from(value).ok();
        let size = [number(part.x.len())?, number(part.y.len())?];
        let origin = [number(part.x.start)?, number(part.y.start)?];
        Some((cut?, size, origin))
    }
}

impl fmt::Debug for Preprocessor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preprocessor")
            .field("steps", &self.steps)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
