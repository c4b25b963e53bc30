//! Preprocessing of pictures (AIPP), as the device does it before a model: crop, colours,
//! normalisation, padding. It knows nothing of models or of C.
//!
//! What no source tells is assumed: the intermediate values of the normalisation are rounded to
//! float16, the matrix product is shifted without rounding, and `ax_swap_switch` moves the first
//! of four channels to the end before everything else. The sources name the swap of R and B or U and V
//! first and a swap of channels behind the conversion of colours; a conversion, and that swap, only
//! make sense of a pixel whose first channel has gone to the end.

use ascend_graph::DataType;
use ascend_graph::om::{Aipp, Picture};
use half::f16;

/// The most pixels of a row of an output that was padded.
pub(crate) const MOST_WIDTH: i64 = 1080;

/// The most pixels that padding may add at a side; chips allow fewer.
const MOST_PADDING: i64 = 4096;

const HEADER_BYTES: u64 = 64;
const BATCH_BYTES: u64 = 96;

/// The bytes of the parameters for `batch` pictures.
pub(crate) fn block_bytes(batch: u64) -> u64 {
    batch
        .saturating_mul(BATCH_BYTES)
        .saturating_add(HEADER_BYTES)
}

/// Which pixels become the output. Sides are height, width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Geometry {
    source: [i64; 2],
    /// Row and column where it starts, height, width.
    crop: [i64; 4],
    /// Top, bottom, left, right.
    padding: [i64; 4],
}

impl Geometry {
    /// Of a configuration, for a model that takes `height` by `width` pixels.
    pub(crate) fn of_config(op: &Aipp, height: i64, width: i64) -> Result<Self, String> {
        let or = |set: i32, own: i64| if set > 0 { i64::from(set) } else { own };
        let source = [
            or(op.src_image_size_h, height),
            or(op.src_image_size_w, width),
        ];
        let [top, left] = [op.load_start_pos_h, op.load_start_pos_w].map(i64::from);
        let crop = op.crop.then(|| {
            [
                top,
                left,
                or(op.crop_size_h, height),
                or(op.crop_size_w, width),
            ]
        });
        let padding = op.padding.then(|| {
            [
                op.top_padding_size,
                op.bottom_padding_size,
                op.left_padding_size,
                op.right_padding_size,
            ]
            .map(i64::from)
        });
        Self::new(op.input_format, source, crop, padding)
    }

    /// Checks what can be wrong with the sizes.
    pub(crate) fn new(
        picture: Picture,
        source: [i64; 2],
        crop: Option<[i64; 4]>,
        padding: Option<[i64; 4]>,
    ) -> Result<Self, String> {
        let [height, width] = source;
        if height < 1 || width < 1 {
            return Err(format!("the source picture is {height} by {width} pixels"));
        }
        if picture == Picture::Yuv420sp && (height % 2 != 0 || width % 2 != 0) {
            return Err(format!(
                "a YUV420SP picture has even sides, not {height} by {width}"
            ));
        }
        if matches!(picture, Picture::Yuyv | Picture::Yuv422sp) && width % 2 != 0 {
            return Err(format!("{} has an even width, not {width}", picture.name()));
        }
        if let Some([top, left, rows, columns]) = crop {
            let inside = |start: i64, len: i64, whole: i64| {
                start >= 0 && len >= 1 && start.checked_add(len).is_some_and(|end| end <= whole)
            };
            if !inside(top, rows, height) || !inside(left, columns, width) {
                return Err(format!(
                    "the crop of {rows} by {columns} pixels from row {top}, column {left} is not \
                     inside of {height} by {width}"
                ));
            }
            if picture == Picture::Yuv420sp && (top % 2 != 0 || left % 2 != 0) {
                return Err(
                    "the crop of a YUV420SP picture starts at even rows and columns".into(),
                );
            }
        }
        let padding = padding.unwrap_or_default();
        if padding
            .iter()
            .any(|side| !(0..=MOST_PADDING).contains(side))
        {
            return Err(format!(
                "a side of the padding {padding:?} is not 0 to {MOST_PADDING}"
            ));
        }
        Ok(Self {
            source,
            crop: crop.unwrap_or([0, 0, height, width]),
            padding,
        })
    }

    /// Height and width of what comes out.
    pub(crate) fn output(&self) -> [i64; 2] {
        let [top, bottom, left, right] = self.padding;
        let [_, _, rows, columns] = self.crop;
        [rows + top + bottom, columns + left + right]
    }

    /// Whether something is added at a side.
    pub(crate) fn is_padded(&self) -> bool {
        self.padding != [0; 4]
    }

    fn source_sides(&self) -> [u64; 2] {
        self.source.map(|side| u64::try_from(side).unwrap_or(0))
    }
}

/// What is done to the colours of all pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Colours {
    pub(crate) picture: Picture,
    pub(crate) rbuv_swap: bool,
    pub(crate) ax_swap: bool,
    /// The matrix row by row, and the biases of the output and of the input.
    pub(crate) csc: Option<([i32; 9], [i32; 3], [i32; 3])>,
}

/// What is done to one picture of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Step {
    pub(crate) geometry: Geometry,
    pub(crate) mean: [i32; 4],
    pub(crate) min: [f16; 4],
    pub(crate) var_reci: [f16; 4],
    pub(crate) padding_value: f32,
}

/// The preprocessing of a batch: each picture takes the step of its number, or the only one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Process {
    pub(crate) colours: Colours,
    pub(crate) steps: Vec<Step>,
}

impl Process {
    /// Of a configuration, for a model that takes `height` by `width` pixels.
    pub(crate) fn of_config(op: &Aipp, height: i64, width: i64) -> Result<Self, String> {
        let step = Step {
            geometry: Geometry::of_config(op, height, width)?,
            mean: op.mean_chn,
            min: op.min_chn.map(f16::from_f32),
            var_reci: op.var_reci_chn.map(f16::from_f32),
            padding_value: op.padding_value,
        };
        Ok(Self {
            colours: Colours {
                picture: op.input_format,
                rbuv_swap: op.rbuv_swap_switch,
                ax_swap: op.ax_swap_switch,
                csc: op
                    .csc_switch
                    .then_some((op.matrix, op.output_bias, op.input_bias)),
            },
            steps: vec![step],
        })
    }

    fn step(&self, index: usize) -> Option<&Step> {
        self.steps.get(index).or(match &self.steps[..] {
            [only] => Some(only),
            _ => None,
        })
    }

    /// The bytes of the first `count` pictures.
    pub(crate) fn source_bytes(&self, count: usize) -> Result<usize, String> {
        let one = |step: &Step| {
            let [height, width] = step.geometry.source_sides();
            self.colours.picture.bytes(height, width)
        };
        let bytes = match &self.steps[..] {
            [only] => one(only).and_then(|bytes| bytes.checked_mul(count as u64)),
            steps => steps.get(..count).and_then(|steps| {
                let mut steps = steps.iter();
                steps.try_fold(0_u64, |sum, step| sum.checked_add(one(step)?))
            }),
        };
        bytes
            .and_then(|bytes| usize::try_from(bytes).ok())
            .ok_or_else(|| format!("there are no parameters for {count} pictures"))
    }

    /// Makes a tensor of `dims`, `[batch, channels, height, width]`, of pictures that follow each
    /// other in `source`.
    pub(crate) fn run(
        &self,
        source: &[u8],
        dims: [usize; 4],
        dtype: DataType,
    ) -> Result<Vec<u8>, String> {
        let [batch, channels, height, width] = dims;
        let Colours { picture, csc, .. } = self.colours;
        let available = Self::channels_of(picture, csc.is_some());
        if channels > available {
            return Err(format!(
                "{} gives {available} channels, the model takes {channels}",
                self.colours.picture.name()
            ));
        }
        let mut tensor = Vec::new();
        let mut rest = source;
        for index in 0..batch {
            let step = self
                .step(index)
                .ok_or_else(|| format!("there are no parameters for picture {index}"))?;
            let made = step.geometry.output();
            if made.map(usize::try_from) != [Ok(height), Ok(width)] {
                return Err(format!(
                    "picture {index} becomes {} by {} pixels, the model takes {height} by {width}",
                    made[0], made[1]
                ));
            }
            let [rows, columns] = step.geometry.source_sides();
            let bytes = self.colours.picture.bytes(rows, columns);
            let bytes = bytes.and_then(|bytes| usize::try_from(bytes).ok());
            let picture = bytes.and_then(|bytes| rest.split_at_checked(bytes));
            let (picture, after) =
                picture.ok_or_else(|| format!("picture {index} is cut short"))?;
            rest = after;
            for channel in 0..channels {
                self.plane(picture, step, channel, dtype, &mut tensor);
            }
        }
        Ok(tensor)
    }

    /// How many channels a picture has after its colours were converted, or not.
    pub(crate) fn channels_of(picture: Picture, csc: bool) -> usize {
        match picture {
            Picture::Unknown => 0,
            Picture::Yuv400 => 1,
            picture if picture.has_four_channels() && !csc => 4,
            _ => 3,
        }
    }

    fn plane(
        &self,
        picture: &[u8],
        step: &Step,
        channel: usize,
        dtype: DataType,
        to: &mut Vec<u8>,
    ) {
        let [top, _, left, _] = step.geometry.padding;
        let [from_row, from_column, rows, columns] = step.geometry.crop;
        let [height, width] = step.geometry.output();
        for row in 0..height {
            for column in 0..width {
                let (y, x) = (row - top, column - left);
                let value = if (0..rows).contains(&y) && (0..columns).contains(&x) {
                    let place =
                        [from_row + y, from_column + x].map(|at| usize::try_from(at).unwrap_or(0));
                    let pixel = self.colours.pixel(picture, step.geometry.source, place);
                    step.normalise(pixel[channel], channel)
                } else {
                    f16::from_f32(step.padding_value)
                };
                put(value, dtype, to);
            }
        }
    }
}

impl Step {
    fn normalise(&self, value: u8, channel: usize) -> f16 {
        let centred = f32::from(i16::from(value)) - mean(self.mean[channel]);
        let shifted = f16::from_f32(centred - self.min[channel].to_f32());
        f16::from_f32(shifted.to_f32() * self.var_reci[channel].to_f32())
    }
}

/// Means are whole numbers of 16 bits.
fn mean(mean: i32) -> f32 {
    f32::from(i16::try_from(mean).unwrap_or_default())
}

fn put(value: f16, dtype: DataType, to: &mut Vec<u8>) {
    match dtype {
        DataType::F32 => to.extend(value.to_f32().to_ne_bytes()),
        DataType::F16 => to.extend(value.to_ne_bytes()),
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "casts of floats end at the type's ends"
        )]
        _ => to.push(value.to_f32().round() as u8),
    }
}

impl Colours {
    /// The channels of a pixel after everything that concerns colours.
    fn pixel(&self, picture: &[u8], source: [i64; 2], [y, x]: [usize; 2]) -> [u8; 4] {
        let [height, width] = source.map(|side| usize::try_from(side).unwrap_or(0));
        let at = |index: usize| picture.get(index).copied().unwrap_or(0);
        let mut pixel = match self.picture {
            Picture::Unknown => [0; 4],
            Picture::Yuv400 => [at(y * width + x), 0, 0, 0],
            Picture::Rgb888 => {
                let start = (y * width + x) * 3;
                [at(start), at(start + 1), at(start + 2), 0]
            }
            Picture::Yuv420sp | Picture::Yuv422sp => {
                let row = if self.picture == Picture::Yuv420sp {
                    y / 2
                } else {
                    y
                };
                let colour = height * width + row * width + x / 2 * 2;
                [at(y * width + x), at(colour), at(colour + 1), 0]
            }
            Picture::Yuyv => {
                let pair = y * width * 2 + x / 2 * 4;
                [at(pair + x % 2 * 2), at(pair + 1), at(pair + 3), 0]
            }
            Picture::Xrgb8888 | Picture::Argb8888 | Picture::Ayuv444 => {
                let start = (y * width + x) * 4;
                [at(start), at(start + 1), at(start + 2), at(start + 3)]
            }
        };
        if self.ax_swap {
            pixel.rotate_left(1);
        }
        if self.rbuv_swap {
            if self.is_yuv() {
                pixel.swap(1, 2);
            } else {
                pixel.swap(0, 2);
            }
        }
        match self.csc {
            Some((matrix, output, input)) => self.convert(pixel, &matrix, output, input),
            None => pixel,
        }
    }

    /// The bias of the input is for YUV becoming RGB, that of the output for the other way.
    fn convert(
        &self,
        pixel: [u8; 4],
        matrix: &[i32; 9],
        output: [i32; 3],
        input: [i32; 3],
    ) -> [u8; 4] {
        let (input, output) = if self.is_yuv() {
            (input, [0; 3])
        } else {
            ([0; 3], output)
        };
        let mut converted = [0; 4];
        for (index, row) in matrix.chunks_exact(3).enumerate() {
            let products = row.iter().zip(pixel).zip(input);
            let sum: i32 = products
                .map(|((factor, value), bias)| factor * (i32::from(value) - bias))
                .sum();
            let value = ((sum >> 8) + output[index]).clamp(0, 255);
            converted[index] = u8::try_from(value).unwrap_or_default();
        }
        converted
    }

    fn is_yuv(&self) -> bool {
        !matches!(
            self.picture,
            Picture::Rgb888 | Picture::Xrgb8888 | Picture::Argb8888
        )
    }
}
