//! The formulas of preprocessing, read plainly.

use std::fmt::Write as _;

use ascend_graph::DataType;
use ascend_rt::Session;
use ascend_rt::model::{
    AippParameters, ColourConversion, Crop, Margins, Picture, PictureParameters,
};
use half::f16;

use super::made::picture;

/// A preprocessing, in words of the test's own.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) picture: Picture,
    /// Height and width of the source.
    pub(crate) size: [usize; 2],
    pub(crate) channels: usize,
    pub(crate) dtype: DataType,
    pub(crate) parameters: PictureParameters,
    pub(crate) colours: Option<ColourConversion>,
    pub(crate) swap_rb_uv: bool,
    pub(crate) swap_ax: bool,
}

const PLAIN: Case = Case {
    name: "plain",
    picture: Picture::Rgb888,
    size: [6, 8],
    channels: 3,
    dtype: DataType::F32,
    parameters: PictureParameters {
        crop: None,
        padding: None,
        mean: [0; 4],
        min: [0.0; 4],
        var_reci: [1.0; 4],
    },
    colours: None,
    swap_rb_uv: false,
    swap_ax: false,
};

const NORMAL: PictureParameters = PictureParameters {
    mean: [104, 117, 123, 99],
    min: [0.25, 1.5, 0.0, 0.1],
    var_reci: [0.0171, 0.0175, 0.0174, 2.0],
    ..PLAIN.parameters
};

const RESHAPED: PictureParameters = PictureParameters {
    crop: Some(Crop {
        top: 2,
        left: 4,
        height: 3,
        width: 4,
    }),
    padding: Some(Margins {
        top: 1,
        bottom: 2,
        left: 3,
        right: 0,
    }),
    ..NORMAL
};

const RGB_TO_YUV: ColourConversion = ColourConversion {
    matrix: [[66, 129, 25], [-38, -74, 112], [112, -94, -18]],
    input_bias: [0; 3],
    output_bias: [16, 128, 128],
};

pub(crate) fn cases() -> Vec<Case> {
    let yuv = Case {
        picture: Picture::Yuv420sp,
        colours: Some(ColourConversion::YUV_TO_RGB),
        ..PLAIN
    };
    let four = Case {
        picture: Picture::Xrgb8888,
        channels: 4,
        ..PLAIN
    };
    let grey = Case {
        picture: Picture::Yuv400,
        channels: 1,
        ..PLAIN
    };
    let case = |name, mut case: Case, change: fn(&mut Case)| {
        change(&mut case);
        Case { name, ..case }
    };
    let normal = |case: &mut Case| case.parameters = NORMAL;
    let reshaped = |case: &mut Case| case.parameters = RESHAPED;
    vec![
        PLAIN,
        case("normalised", PLAIN, normal),
        case("half", PLAIN, |case| {
            (case.parameters, case.dtype) = (NORMAL, DataType::F16);
        }),
        case("cropped and padded", PLAIN, reshaped),
        case("red and blue", PLAIN, |case| case.swap_rb_uv = true),
        case("to yuv", PLAIN, |case| case.colours = Some(RGB_TO_YUV)),
        case("yuv", yuv, |_| {}),
        case("yuv of the same colours", yuv, |case| case.colours = None),
        case("yuv to bgr", yuv, |case| {
            case.colours = Some(ColourConversion::YUV_TO_BGR);
        }),
        case("yvu", yuv, |case| {
            (case.parameters, case.swap_rb_uv) = (NORMAL, true);
        }),
        case("yuv, cropped and padded", yuv, reshaped),
        case("four channels", four, normal),
        case("three of four", four, |case| case.channels = 3),
        case("alpha first", four, |case| {
            (case.channels, case.swap_ax, case.parameters) = (3, true, NORMAL);
        }),
        case("alpha and red", four, |case| {
            (case.channels, case.swap_ax, case.swap_rb_uv) = (3, true, true);
        }),
        case("alpha, converted", four, |case| {
            (case.channels, case.swap_ax, case.colours) = (3, true, Some(RGB_TO_YUV));
        }),
        case("grey", grey, reshaped),
    ]
}

impl Case {
    /// Height and width that the network gets.
    fn target(&self) -> [usize; 2] {
        let crop = self.parameters.crop;
        let [mut rows, mut columns] = crop.map_or(self.size, |crop| {
            [crop.height, crop.width].map(|side| side as usize)
        });
        if let Some(margins) = self.parameters.padding {
            rows += (margins.top + margins.bottom) as usize;
            columns += (margins.left + margins.right) as usize;
        }
        [rows, columns]
    }

    /// The channels of a pixel of the source as they lie in memory.
    fn source(&self, bytes: &[u8], y: usize, x: usize) -> [i32; 4] {
        let [height, width] = self.size;
        let at = |index: usize| i32::from(bytes[index]);
        match self.picture {
            Picture::Rgb888 => {
                let start = 3 * (y * width + x);
                [at(start), at(start + 1), at(start + 2), 0]
            }
            Picture::Xrgb8888 => {
                let start = 4 * (y * width + x);
                [at(start), at(start + 1), at(start + 2), at(start + 3)]
            }
            Picture::Yuv400 => [at(y * width + x), 0, 0, 0],
            _ => {
                let pair = height * width + (y / 2) * width + 2 * (x / 2);
                [at(y * width + x), at(pair), at(pair + 1), 0]
            }
        }
    }

    /// What the network gets of one picture, by channel, row and column.
    fn expected(&self, bytes: &[u8]) -> Vec<f16> {
        let [rows, columns] = self.target();
        let crop = self.parameters.crop.unwrap_or(Crop {
            top: 0,
            left: 0,
            height: u32::try_from(self.size[0]).unwrap(),
            width: u32::try_from(self.size[1]).unwrap(),
        });
        let margins = self.parameters.padding.unwrap_or_default();
        let mut made = Vec::new();
        for channel in 0..self.channels {
            for row in 0..rows {
                for column in 0..columns {
                    let y = row.checked_sub(margins.top as usize);
                    let x = column.checked_sub(margins.left as usize);
                    let inside = y
                        .zip(x)
                        .filter(|(y, x)| *y < crop.height as usize && *x < crop.width as usize);
                    made.push(inside.map_or(f16::ZERO, |(y, x)| {
                        let (y, x) = (y + crop.top as usize, x + crop.left as usize);
                        self.normal(self.pixel(bytes, y, x)[channel], channel)
                    }));
                }
            }
        }
        made
    }

    /// The channels of a pixel after swaps and conversion.
    fn pixel(&self, bytes: &[u8], y: usize, x: usize) -> [i32; 4] {
        let mut pixel = self.source(bytes, y, x);
        if self.swap_ax {
            pixel = [pixel[1], pixel[2], pixel[3], pixel[0]];
        }
        let is_rgb = matches!(self.picture, Picture::Rgb888 | Picture::Xrgb8888);
        if self.swap_rb_uv {
            if is_rgb {
                pixel.swap(0, 2);
            } else {
                pixel.swap(1, 2);
            }
        }
        let Some(colours) = self.colours else {
            return pixel;
        };
        let mut converted = [0; 4];
        for (row, to) in colours.matrix.iter().zip(&mut converted) {
            let mut sum = 0;
            for channel in 0..3 {
                let bias = if is_rgb {
                    0
                } else {
                    colours.input_bias[channel]
                };
                sum += i32::from(row[channel]) * (pixel[channel] - i32::from(bias));
            }
            *to = sum.div_euclid(256);
        }
        for (value, bias) in converted.iter_mut().zip(colours.output_bias) {
            let bias = if is_rgb { i32::from(bias) } else { 0 };
            *value = (*value + bias).clamp(0, 255);
        }
        converted
    }

    /// `(value - mean - min) * var_reci`, each step in half precision.
    fn normal(&self, value: i32, channel: usize) -> f16 {
        let parameters = &self.parameters;
        let whole = i16::try_from(value).unwrap() - parameters.mean[channel];
        let [min, var] = [parameters.min, parameters.var_reci].map(|of| f16::from_f32(of[channel]));
        let shifted = f16::from_f32(f32::from(whole) - min.to_f32());
        f16::from_f32(shifted.to_f32() * var.to_f32())
    }

    /// The configuration for a model that holds the parameters.
    pub(crate) fn configuration(&self) -> String {
        let mut text = format!(
            "aipp_op {{ aipp_mode: static input_format: {} src_image_size_h: {} src_image_size_w: {} \
             rbuv_swap_switch: {} ax_swap_switch: {} csc_switch: {}",
            self.picture,
            self.size[0],
            self.size[1],
            self.swap_rb_uv,
            self.swap_ax,
            self.colours.is_some(),
        );
        let parameters = &self.parameters;
        if let Some(colours) = self.colours {
            for (index, factor) in colours.matrix.as_flattened().iter().enumerate() {
                write!(text, " matrix_r{}c{}: {factor}", index / 3, index % 3).unwrap();
            }
            for channel in 0..3 {
                write!(
                    text,
                    " input_bias_{channel}: {}",
                    colours.input_bias[channel]
                )
                .unwrap();
                write!(
                    text,
                    " output_bias_{channel}: {}",
                    colours.output_bias[channel]
                )
                .unwrap();
            }
        }
        if let Some(crop) = parameters.crop {
            write!(
                text,
                " crop: true load_start_pos_h: {} load_start_pos_w: {} crop_size_h: {} crop_size_w: {}",
                crop.top, crop.left, crop.height, crop.width
            )
            .unwrap();
        }
        if let Some(margins) = parameters.padding {
            write!(
                text,
                " padding: true top_padding_size: {} bottom_padding_size: {} left_padding_size: {} \
                 right_padding_size: {}",
                margins.top, margins.bottom, margins.left, margins.right
            )
            .unwrap();
        }
        for channel in 0..4 {
            write!(text, " mean_chn_{channel}: {}", parameters.mean[channel]).unwrap();
            write!(text, " min_chn_{channel}: {}", parameters.min[channel]).unwrap();
            write!(
                text,
                " var_reci_chn_{channel}: {}",
                parameters.var_reci[channel]
            )
            .unwrap();
        }
        text + " }"
    }

    /// The same for a model that is given them.
    pub(crate) fn parameters(&self) -> AippParameters {
        let [height, width] = self.size.map(|side| u32::try_from(side).unwrap());
        let parameters = AippParameters::new(self.picture, height, width)
            .swap_rb_uv(self.swap_rb_uv)
            .swap_ax(self.swap_ax)
            .all_pictures(self.parameters);
        match self.colours {
            Some(colours) => parameters.colours(colours),
            None => parameters,
        }
    }

    /// Asserts that what a session makes of two pictures is what the formulas say, to the bit.
    pub(crate) fn check(&self, session: &mut Session, how: &str) {
        let shape = self.parameters().shape(2);
        let source = picture(&shape);
        let bytes = source.as_slice().unwrap();
        let (first, second) = bytes.split_at(bytes.len() / 2);
        let expected = [self.expected(first), self.expected(second)].concat();
        let outputs = session.run(&[(&source).into()]).unwrap();
        let [height, width] = self.target();
        let output = outputs.iter().next().unwrap();
        assert_eq!(output.shape(), [2, self.channels, height, width]);
        let made: Vec<f32> = output.to_f32().unwrap().into_iter().collect();
        let expected: Vec<f32> = expected.into_iter().map(f16::to_f32).collect();
        let bits = |values: &[f32]| {
            values
                .iter()
                .map(|value| value.to_bits())
                .collect::<Vec<_>>()
        };
        assert_eq!(bits(&made), bits(&expected), "{}, {how}", self.name);
    }

    pub(crate) fn shapes(&self, batch: &str) -> String {
        let [height, width] = self.target();
        format!("x:{batch},{},{height},{width}", self.channels)
    }
}
