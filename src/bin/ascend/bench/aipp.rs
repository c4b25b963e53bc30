//! The parameters of preprocessing on the device, from a file as `ais_bench` takes it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use ascend_rt::model::{
    AippParameters, ColourConversion, Crop, Margins, Picture, PictureParameters,
};
use ascend_rt::{Error, ErrorKind};

use super::inputs::{cannot_read, invalid};

/// What a file may say.
const KEYS: [&str; 45] = [
    "input_format",
    "src_image_size_w",
    "src_image_size_h",
    "csc_switch",
    "rbuv_swap_switch",
    "ax_swap_switch",
    "crop",
    "load_start_pos_w",
    "load_start_pos_h",
    "crop_size_w",
    "crop_size_h",
    "padding",
    "left_padding_size",
    "right_padding_size",
    "top_padding_size",
    "bottom_padding_size",
    "matrix_r0c0",
    "matrix_r0c1",
    "matrix_r0c2",
    "matrix_r1c0",
    "matrix_r1c1",
    "matrix_r1c2",
    "matrix_r2c0",
    "matrix_r2c1",
    "matrix_r2c2",
    "input_bias_0",
    "input_bias_1",
    "input_bias_2",
    "output_bias_0",
    "output_bias_1",
    "output_bias_2",
    "mean_chn_0",
    "mean_chn_1",
    "mean_chn_2",
    "mean_chn_3",
    "min_chn_0",
    "min_chn_1",
    "min_chn_2",
    "min_chn_3",
    "var_reci_chn_0",
    "var_reci_chn_1",
    "var_reci_chn_2",
    "var_reci_chn_3",
    "resize",
    "batch_num",
];

/// The lines of a section `[aipp_op]`: names and values with `:` or `=` between them.
struct Section(HashMap<String, String>);

/// Reads such a file.
pub(crate) fn read(path: &Path) -> Result<AippParameters, Error> {
    let text = fs::read_to_string(path).map_err(|error| cannot_read(path, error))?;
    let parameters = Section::parse(&text).and_then(|section| section.parameters());
    parameters.map_err(|why| {
        Error::new(
            ErrorKind::InvalidArgument,
            format!("{}: {why}", path.display()),
        )
    })
}

impl Section {
    fn parse(text: &str) -> Result<Self, String> {
        let mut values = HashMap::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.split(['#', ';']).next().unwrap_or_default().trim();
            if line.is_empty() || line.starts_with('[') {
                continue;
            }
            let number = index + 1;
            let split = line.split_once([':', '=']);
            let (key, value) =
                split.ok_or_else(|| format!("line {number}: {line:?} has no value"))?;
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim().to_owned());
            if !KEYS.contains(&key.as_str()) {
                return Err(format!("line {number}: there is no parameter {key:?}"));
            }
            values.insert(key, value);
        }
        Ok(Self(values))
    }

    fn get<T: std::str::FromStr>(&self, key: &str, default: T) -> Result<T, String> {
        let Some(value) = self.0.get(key) else {
            return Ok(default);
        };
        value
            .parse()
            .map_err(|_| format!("{key} is {value:?}, which is no number for it"))
    }

    fn is_on(&self, key: &str) -> Result<bool, String> {
        Ok(self.get::<u8>(key, 0)? != 0)
    }

    fn needed(&self, key: &str) -> Result<u32, String> {
        if self.0.contains_key(key) {
            self.get(key, 0)
        } else {
            Err(format!("{key} is missing"))
        }
    }

    fn each<T: std::str::FromStr + Copy, const N: usize>(
        &self,
        key: &str,
        default: T,
    ) -> Result<[T; N], String> {
        let mut all = [default; N];
        for (index, one) in all.iter_mut().enumerate() {
            *one = self.get(&format!("{key}{index}"), default)?;
        }
        Ok(all)
    }

    fn parameters(&self) -> Result<AippParameters, String> {
        let format = self
            .0
            .get("input_format")
            .ok_or("input_format is missing")?;
        let picture =
            Picture::from_name(format).or_else(|| Picture::from_name(&format!("{format}_U8")));
        let picture =
            picture.ok_or_else(|| format!("input_format {format:?} is no kind of picture"))?;
        if self.is_on("resize")? {
            return Err("resize is not done by any chip: resize before the run".to_owned());
        }
        let (height, width) = (
            self.needed("src_image_size_h")?,
            self.needed("src_image_size_w")?,
        );
        let crop = Crop {
            top: self.get("load_start_pos_h", 0)?,
            left: self.get("load_start_pos_w", 0)?,
            height: self.get("crop_size_h", height)?,
            width: self.get("crop_size_w", width)?,
        };
        let margins = Margins {
            top: self.get("top_padding_size", 0)?,
            bottom: self.get("bottom_padding_size", 0)?,
            left: self.get("left_padding_size", 0)?,
            right: self.get("right_padding_size", 0)?,
        };
        let mut parameters = AippParameters::new(picture, height, width)
            .swap_rb_uv(self.is_on("rbuv_swap_switch")?)
            .swap_ax(self.is_on("ax_swap_switch")?)
            .all_pictures(PictureParameters {
                crop: self.is_on("crop")?.then_some(crop),
                padding: self.is_on("padding")?.then_some(margins),
                mean: self.each("mean_chn_", 0)?,
                min: self.each("min_chn_", 0.0)?,
                var_reci: self.each("var_reci_chn_", 1.0)?,
            });
        if self.is_on("csc_switch")? {
            let mut matrix = [[0; 3]; 3];
            for (row, columns) in matrix.iter_mut().enumerate() {
                *columns = self.each(&format!("matrix_r{row}c"), 0)?;
            }
            parameters = parameters.colours(ColourConversion {
                matrix,
                input_bias: self.each("input_bias_", 0)?,
                output_bias: self.each("output_bias_", 0)?,
            });
        }
        Ok(parameters)
    }
}

/// Refuses a file for a model that takes none, and a model that needs one.
pub(crate) fn check(needs: bool, file: Option<&Path>) -> Result<(), Error> {
    match (needs, file) {
        (true, None) => Err(invalid(
            "the model takes the parameters of its preprocessing with the runs: give --aipp-config"
                .to_owned(),
        )),
        (false, Some(file)) => Err(invalid(format!(
            "the model takes no parameters of preprocessing: leave out --aipp-config {}",
            file.display()
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_ais_bench_is_read() {
        let text = "[aipp_op]\n    input_format : RGB888_U8\n src_image_size_w : 256\nsrc_image_size_h=254\n\
                    crop: 1\nload_start_pos_h : 16\nload_start_pos_w : 2\ncrop_size_w : 224\ncrop_size_h : 200\n\
                    padding : 0\nrbuv_swap_switch : 1\nmin_chn_0 : 123.675\nvar_reci_chn_2 : 0.5 # blue\n\
                    csc_switch : 1\nmatrix_r0c0 : 256\nmatrix_r2c1 : -4\ninput_bias_1 : 3\n";
        let found = Section::parse(text).unwrap().parameters().unwrap();
        let expected = AippParameters::new(Picture::Rgb888, 254, 256)
            .swap_rb_uv(true)
            .colours(ColourConversion {
                matrix: [[256, 0, 0], [0; 3], [0, -4, 0]],
                input_bias: [0, 3, 0],
                output_bias: [0; 3],
            })
            .all_pictures(PictureParameters {
                crop: Some(Crop {
                    top: 16,
                    left: 2,
                    height: 200,
                    width: 224,
                }),
                min: [123.675, 0.0, 0.0, 0.0],
                var_reci: [1.0, 1.0, 0.5, 1.0],
                ..PictureParameters::default()
            });
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, part) in [
            ("", "input_format is missing"),
            ("input_format: JPEG", "no kind of picture"),
            ("input_format: RGB888_U8", "src_image_size_h is missing"),
            ("input_format: RGB888_U8\nsrc_image_size_h: x", "no number"),
            ("input_formt: RGB888_U8", "line 1: there is no parameter"),
            ("[a]\nword", "line 2"),
            ("input_format: RGB888_U8\nresize: 1", "resize"),
        ] {
            let error = Section::parse(text)
                .and_then(|section| section.parameters())
                .unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
