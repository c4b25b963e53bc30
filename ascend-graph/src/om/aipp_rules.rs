//! What a configuration of preprocessing may not ask for, whatever the model.

use std::ops::RangeInclusive;

use super::{Aipp, Picture};
use crate::{Error, Gears, Result};

/// The most pixels that padding may add at a side.
const MOST_PADDING: i32 = 32;
/// The most extent of a source picture.
const MOST_SOURCE: i32 = 4096;
/// What fits a byte.
const BYTES: RangeInclusive<i32> = 0..=255;
/// The largest float16.
const MOST_HALF: f32 = 65504.0;

impl Aipp {
    /// Checks what can be wrong in this configuration alone, or together with the gears of the model.
    ///
    /// # Errors
    /// `Invalid` with the key that is wrong.
    pub fn check(&self, gears: &Gears) -> Result<()> {
        if matches!(gears, Gears::Dims(_)) {
            return Err(Error::invalid(
                "--dynamic-dims excludes --insert-op-conf (E10001)",
            ));
        }
        let checked = if self.dynamic {
            self.check_dynamic()
        } else {
            self.check_static(gears)
        };
        checked.map_err(|why| Error::invalid(format!("AIPP: {why} (E10052)")))
    }

    fn check_dynamic(&self) -> Result<(), String> {
        if self.max_src_image_size < 1 {
            return Err("a dynamic one needs max_src_image_size above 0".into());
        }
        Ok(())
    }

    fn check_static(&self, gears: &Gears) -> Result<(), String> {
        if self.input_format == Picture::Unknown {
            return Err("input_format is missing".into());
        }
        if self.resize {
            return Err("resize is reserved, and not supported".into());
        }
        self.check_switches()?;
        self.check_sides()?;
        let is_sized = self.src_image_size_w != 0 || self.src_image_size_h != 0;
        if matches!(gears, Gears::Image(_)) && (self.crop || self.padding || is_sized) {
            return Err(
                "with --dynamic-image-size there is no crop or padding, and src_image_size_* is 0"
                    .into(),
            );
        }
        Ok(())
    }

    /// Which switches go with which picture, and which numbers with which key.
    fn check_switches(&self) -> Result<(), String> {
        let picture = self.input_format;
        if picture == Picture::Yuv400 && (self.csc_switch || self.rbuv_swap_switch) {
            return Err("YUV400_U8 has no colours to convert or to swap".into());
        }
        if self.ax_swap_switch && !picture.has_four_channels() {
            return Err(format!(
                "ax_swap_switch is for four channels, {} has less",
                picture.name()
            ));
        }
        let biases = self
            .input_bias
            .iter()
            .chain(&self.output_bias)
            .chain(&self.mean_chn);
        if let Some(bias) = biases.into_iter().find(|bias| !BYTES.contains(bias)) {
            return Err(format!("{bias} is no bias or mean, which are 0 to 255"));
        }
        let factors = self.matrix.iter();
        if let Some(factor) = factors
            .into_iter()
            .find(|&&factor| i16::try_from(factor).is_err())
        {
            return Err(format!(
                "{factor} is no factor of the matrix, which have 16 bits"
            ));
        }
        let halves = self.min_chn.iter().chain(&self.var_reci_chn);
        if let Some(half) = halves.into_iter().find(|half| half.abs() > MOST_HALF) {
            return Err(format!("{half} is beyond float16"));
        }
        Ok(())
    }

    fn check_sides(&self) -> Result<(), String> {
        let sides = [
            ("src_image_size_w", self.src_image_size_w, 2),
            ("src_image_size_h", self.src_image_size_h, 1),
        ];
        for (key, value, least) in sides {
            if value != 0 && !(least..=MOST_SOURCE).contains(&value) {
                return Err(format!(
                    "{key} is {value}, not 0 or {least} to {MOST_SOURCE}"
                ));
            }
            if self.input_format == Picture::Yuv420sp && value % 2 != 0 {
                return Err(format!("{key} is {value}, and YUV420SP_U8 has even sides"));
            }
        }
        let cropped = [
            (
                self.src_image_size_w,
                self.load_start_pos_w,
                self.crop_size_w,
            ),
            (
                self.src_image_size_h,
                self.load_start_pos_h,
                self.crop_size_h,
            ),
        ];
        for (source, start, size) in cropped {
            if !self.crop {
                continue;
            }
            if start < 0
                || size < 0
                || source > 0 && i64::from(start) + i64::from(size) > source.into()
            {
                return Err(format!(
                    "the crop of {size} pixels from {start} is not inside of {source}"
                ));
            }
        }
        let paddings = [
            self.left_padding_size,
            self.right_padding_size,
            self.top_padding_size,
            self.bottom_padding_size,
        ];
        if self.padding
            && paddings
                .iter()
                .any(|size| !(0..=MOST_PADDING).contains(size))
        {
            return Err(format!("a padding size is not 0 to {MOST_PADDING}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_model_could_take_is_refused() {
        let image = Gears::image("32,32;64,64").unwrap();
        for (keys, gears, expected) in [
            ("", Gears::None, ""),
            ("src_image_size_w: 4097", Gears::None, "not 0 or 2 to 4096"),
            ("src_image_size_h: 33", Gears::None, "even sides"),
            ("csc_switch: true", image.clone(), ""),
            ("padding: true", image.clone(), "no crop or padding"),
            ("src_image_size_w: 32", image, "src_image_size_* is 0"),
            ("padding: true top_padding_size: 33", Gears::None, "0 to 32"),
            ("mean_chn_0: 256", Gears::None, "256 is no bias or mean"),
            ("matrix_r0c0: 32768", Gears::None, "16 bits"),
            ("var_reci_chn_0: 70000", Gears::None, "beyond float16"),
            ("ax_swap_switch: true", Gears::None, "four channels"),
            ("resize: true", Gears::None, "reserved"),
            (
                "crop: true src_image_size_w: 64 load_start_pos_w: 2 crop_size_w: 64",
                Gears::None,
                "the crop of 64 pixels from 2 is not inside of 64",
            ),
            ("", Gears::dims("1;2").unwrap(), "(E10001)"),
        ] {
            let text = format!("aipp_op {{ aipp_mode: static input_format: YUV420SP_U8 {keys} }}");
            let op = &Aipp::parse(&text).unwrap()[0];
            let message = op
                .check(&gears)
                .map_or_else(|error| error.to_string(), |()| String::new());
            assert!(message.contains(expected), "{keys}: {message}");
            assert_eq!(message.is_empty(), expected.is_empty(), "{keys}: {message}");
            assert_eq!(
                message.matches("(E1").count(),
                usize::from(!message.is_empty())
            );
        }
        let dynamic = &Aipp::parse("aipp_op { aipp_mode: dynamic }").unwrap()[0];
        assert!(dynamic.check(&Gears::None).is_err());
    }
}
