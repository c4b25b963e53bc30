//! One axis of resizing and cropping: which stretch of the picture becomes which of the output.

use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};

/// The most that a picture is shrunk along an axis. Beyond it the resizer's weights, 16-bit numbers
/// for as many pixels, lose accuracy.
const MAX_SHRINK: u32 = 1024;

/// One axis of a crop from the middle of a resized picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Window {
    /// Where the crop begins in the picture before resizing, in pixels.
    pub(super) source_start: f64,
    /// How much of the picture before resizing the crop covers, in pixels.
    pub(super) source_len: f64,
    /// Pixels of the output that come from the picture.
    pub(super) len: u32,
    /// Pixels of the output before those, which are black; the rest of the output is behind them.
    pub(super) pad: u32,
}

impl Window {
    /// The middle `crop` pixels of `source` pixels that are resized to `resized`.
    ///
    /// Rounds as torchvision's `center_crop`: halves to even when it cuts, down when it pads.
    pub(super) fn centered(source: u32, resized: u32, crop: u32) -> Result<Self> {
        if u64::from(source) > u64::from(resized) * u64::from(MAX_SHRINK) {
            let message = format!(
                "picture: {source} pixels would be shrunk to {resized}, and {MAX_SHRINK} : 1 is the \
                 most; scale or crop the picture first"
            );
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        let surplus = resized.saturating_sub(crop);
        let half = surplus / 2;
        let start = half + (surplus & half & 1);
        let len = crop.min(resized);
        let scale = f64::from(source) / f64::from(resized);
        Ok(Self {
            source_start: f64::from(start) * scale,
            source_len: if len == resized {
                f64::from(source)
            } else {
                f64::from(len) * scale
            },
            len,
            pad: crop.saturating_sub(resized) / 2,
        })
    }
}

impl Window {
    /// The pixels of the picture, `source` in all, that the output depends on.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float becomes the nearest number in range"
    )]
    pub(super) fn sources(&self, source: u32) -> Range<u32> {
        // A filter reaches one pixel to each side, of the output or of the picture, whichever is
        // larger; one more for rounding.
        let reach = (self.source_len / f64::from(self.len)).max(1.0) + 1.0;
        let start = (self.source_start - reach).floor().max(0.0) as u32;
        let end = (self.source_start + self.source_len + reach).ceil() as u32;
        start..end.min(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crops_round_halves_to_even_and_padding_rounds_down() {
        // (resized, crop, start of the crop, padding before), as Python computes them
        let cases = [
            (256, 224, 16, 0),
            (225, 224, 0, 0), // round(0.5) = 0
            (227, 224, 2, 0), // round(1.5) = 2
            (229, 224, 2, 0), // round(2.5) = 2
            (231, 224, 4, 0), // round(3.5) = 4
            (224, 224, 0, 0),
            (223, 224, 0, 0), // 1 // 2
            (221, 224, 0, 1), // 3 // 2
            (1, 224, 0, 111), // 223 // 2
        ];
        for (resized, crop, start, pad) in cases {
            let window = Window::centered(resized, resized, crop).unwrap();
            let expected = Window {
                source_start: f64::from(start),
                source_len: f64::from(crop.min(resized)),
                len: crop.min(resized),
                pad,
            };
            assert_eq!(window, expected, "{resized} cropped to {crop}");
        }
    }

    #[test]
    fn sources_are_the_crop_and_what_the_filter_reaches() {
        let window = Window::centered(375, 256, 224).unwrap(); // 23.4 to 351.6, at 1.46 a pixel
        assert_eq!(window.sources(375), 20..355);
        assert_eq!(window.sources(353), 20..353);
        let whole = Window::centered(100, 200, 300).unwrap();
        assert_eq!(whole.sources(100), 0..100);
    }

    #[test]
    fn shrinking_beyond_the_weights_accuracy_is_refused() {
        assert!(Window::centered(1024 * 8, 8, 8).is_ok());
        let error = Window::centered(1024 * 8 + 1, 8, 8).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
}
