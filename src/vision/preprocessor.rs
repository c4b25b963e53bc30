//! Files into a model's inputs, one after the other.

use std::fmt;
use std::mem;

use fast_image_resize::{PixelType, Resizer};

use super::jpeg::baseline::{Decoder, MOST_KEPT, PIXEL, Part};
use super::orientation::Orientation;
use super::picture::{Limits, Picture};
use super::preprocess::{Cut, Preprocess, Sample};
use crate::error::{Error, ErrorKind, Result};

/// Turns the bytes of JPEG and PNG files into a model's inputs, with memory that it keeps from one to
/// the next.
///
/// Of a baseline JPEG file in colour, it makes pixels of just what the model sees; of others of the
/// whole [`Picture`]. The codes of all of a file are read either way, so that it refuses what
/// [`Picture::decode`] refuses, whether that part would be seen or not. Values are those of
/// [`Preprocess::apply`] on the whole picture, but for a level here and there where the part is resized
/// from another origin. One for each thread: it is `Send`, and works for one file at a time.
///
/// Buffers of up to 32 MiB each are kept.
pub struct Preprocessor {
    steps: Preprocess,
    limits: Limits,
    decoder: Decoder,
    resizer: Resizer,
    crop: Vec<u8>,
    decoded: Decoded,
}

/// What was decoded last.
enum Decoded {
    Nothing,
    /// The part in the decoder that the cut needs, where it begins, and its size.
    Part(Cut, [u32; 2], [u32; 2]),
    Whole(Picture),
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
            decoded: Decoded::Nothing,
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
    /// # Errors
    /// Those of [`decode`](Self::decode) and of [`write`](Self::write).
    pub fn run<T: Sample>(&mut self, bytes: &[u8], output: &mut [T]) -> Result<()> {
        self.steps.check_len(output.len())?;
        self.decode(bytes)?;
        self.write(output)
    }

    /// The first half of [`run`](Self::run): decodes `bytes`, a whole JPEG or PNG file.
    ///
    /// # Errors
    /// Those of [`Picture::decode_within`]. What was decoded before is gone.
    pub fn decode(&mut self, bytes: &[u8]) -> Result<()> {
        let _span = tracing::trace_span!("decode picture").entered();
        self.decoded = Decoded::Nothing;
        self.decoded = if let Some(part) = self.decode_part(bytes) {
            part
        } else {
            self.decoder.shrink();
            Decoded::Whole(Picture::decode_within(bytes, self.limits)?)
        };
        Ok(())
    }

    /// The second half of [`run`](Self::run): writes what was decoded into `output`, once.
    ///
    /// # Errors
    /// Those of [`Preprocess::apply`]; `InvalidArgument` if nothing was decoded.
    pub fn write<T: Sample>(&mut self, output: &mut [T]) -> Result<()> {
        let _span = tracing::trace_span!("preprocess picture").entered();
        self.steps.check_len(output.len())?;
        match mem::replace(&mut self.decoded, Decoded::Nothing) {
            Decoded::Whole(picture) => self.steps.apply(&picture, output),
            Decoded::Part(cut, origin, size) => {
                self.crop.resize(cut.len() * PIXEL, 0);
                let from = (size.into(), self.decoder.pixels());
                let (kind, crop) = (PixelType::U8x4, &mut self.crop);
                let resized = cut.resize(&mut self.resizer, kind, from, origin.into(), crop);
                if resized.is_ok() {
                    self.steps.spread::<_, PIXEL>(&cut, crop, output);
                }
                self.shrink();
                resized
            }
            Decoded::Nothing => {
                let message = "preprocessor: no picture was decoded; call `decode` first";
                Err(Error::new(ErrorKind::InvalidArgument, message))
            }
        }
    }

    /// Gives back what memory a large picture took.
    fn shrink(&mut self) {
        self.decoder.shrink();
        if self.resizer.size_of_internal_buffers() > MOST_KEPT {
            self.resizer.reset_internal_buffers();
        }
    }

    /// Decodes what the output depends on. `None` if the file has to be decoded as a whole, or refused.
    fn decode_part(&mut self, bytes: &[u8]) -> Option<Decoded> {
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
        Some(Decoded::Part(cut?, origin, size))
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
