//! Sets of parameters of dynamic preprocessing, and the block of bytes that the device reads them from.

use std::sync::Mutex;

use ascend_graph::om::Picture;
use half::f16;

use crate::aipp::{Colours, Geometry, Process, Step};
use crate::handles::Object;
use crate::ledger::Kind;

/// The pictures that dynamic preprocessing takes.
const PICTURES: [Picture; 4] = [
    Picture::Yuv420sp,
    Picture::Xrgb8888,
    Picture::Rgb888,
    Picture::Yuv400,
];

/// What `aclmdlCreateAIPP` makes.
pub(crate) struct ParameterSet(pub(crate) Mutex<Parameters>);

impl Object for ParameterSet {
    const KIND: Kind = Kind::AippParameters;
}

/// The parameters of dynamic preprocessing, as C names them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Parameters {
    pub(crate) format: u8,
    pub(crate) csc: i8,
    pub(crate) rbuv_swap: i8,
    pub(crate) ax_swap: i8,
    /// Width, height.
    pub(crate) source: [i32; 2],
    pub(crate) matrix: [i16; 9],
    pub(crate) output_bias: [u8; 3],
    pub(crate) input_bias: [u8; 3],
    pub(crate) batch: Vec<Entries>,
}

/// Those of one picture of the batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entries {
    pub(crate) crop: i8,
    pub(crate) scale: i8,
    pub(crate) padding: i8,
    /// Column, row, width, height.
    pub(crate) crop_area: [i32; 4],
    /// Width and height before, and after.
    pub(crate) scale_sizes: [i32; 4],
    /// Top, bottom, left, right.
    pub(crate) padding_sizes: [i32; 4],
    pub(crate) mean: [i16; 4],
    pub(crate) min: [f16; 4],
    pub(crate) var_reci: [f16; 4],
}

impl Default for Entries {
    fn default() -> Self {
        Self {
            crop: 0,
            scale: 0,
            padding: 0,
            crop_area: [0; 4],
            scale_sizes: [0; 4],
            padding_sizes: [0; 4],
            mean: [0; 4],
            min: [f16::ZERO; 4],
            var_reci: [f16::ONE; 4],
        }
    }
}

impl Parameters {
    /// The block that the device reads: 64 bytes, and 96 for each picture.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.format];
        let switches = [self.csc, self.rbuv_swap, self.ax_swap];
        bytes.extend(switches.map(i8::cast_unsigned));
        bytes.push(u8::try_from(self.batch.len()).unwrap_or(u8::MAX));
        bytes.resize(8, 0);
        bytes.extend(self.source.iter().flat_map(|side| side.to_le_bytes()));
        bytes.extend(self.matrix.iter().flat_map(|factor| factor.to_le_bytes()));
        bytes.resize(40, 0);
        bytes.extend(self.output_bias.iter().chain(&self.input_bias));
        bytes.resize(64, 0);
        for entry in &self.batch {
            let end = bytes.len() + 96;
            let switches = [entry.crop, entry.scale, entry.padding, 0];
            bytes.extend(switches.map(i8::cast_unsigned));
            bytes.extend([0; 4]);
            let sizes = [entry.crop_area, entry.scale_sizes, entry.padding_sizes];
            bytes.extend(
                sizes
                    .as_flattened()
                    .iter()
                    .flat_map(|size| size.to_le_bytes()),
            );
            bytes.extend(entry.mean.iter().flat_map(|mean| mean.to_le_bytes()));
            let halves = [entry.min, entry.var_reci];
            bytes.extend(
                halves
                    .as_flattened()
                    .iter()
                    .flat_map(|half| half.to_le_bytes()),
            );
            bytes.resize(end, 0);
        }
        bytes
    }

    /// Reads a block; what is beyond its end is 0.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
        let two = |at: usize| [byte(at), byte(at + 1)];
        let four =
            |at: usize| i32::from_le_bytes([byte(at), byte(at + 1), byte(at + 2), byte(at + 3)]);
        let count = bytes.len().saturating_sub(64) / 96;
        let entry = |index: usize| {
            let at = 64 + 96 * index;
            let sizes = |from: usize| [0, 4, 8, 12].map(|offset| four(at + from + offset));
            let halves = |from: usize| {
                [0, 2, 4, 6].map(|offset| f16::from_le_bytes(two(at + from + offset)))
            };
            Entries {
                crop: byte(at).cast_signed(),
                scale: byte(at + 1).cast_signed(),
                padding: byte(at + 2).cast_signed(),
                crop_area: sizes(8),
                scale_sizes: sizes(24),
                padding_sizes: sizes(40),
                mean: [0, 2, 4, 6].map(|offset| i16::from_le_bytes(two(at + 56 + offset))),
                min: halves(64),
                var_reci: halves(72),
            }
        };
        let mut matrix = [0; 9];
        for (index, factor) in matrix.iter_mut().enumerate() {
            *factor = i16::from_le_bytes(two(16 + 2 * index));
        }
        Self {
            format: byte(0),
            csc: byte(1).cast_signed(),
            rbuv_swap: byte(2).cast_signed(),
            ax_swap: byte(3).cast_signed(),
            source: [four(8), four(12)],
            matrix,
            output_bias: [byte(40), byte(41), byte(42)],
            input_bias: [byte(43), byte(44), byte(45)],
            batch: (0..count).map(entry).collect(),
        }
    }

    /// What they ask for; everything that is wrong in itself is found here.
    pub(crate) fn process(&self) -> Result<Process, String> {
        let picture = Picture::from_code(self.format.into())
            .filter(|picture| PICTURES.contains(picture))
            .ok_or_else(|| {
                format!(
                    "picture format {} is not YUV420SP, XRGB8888, RGB888 or YUV400",
                    self.format
                )
            })?;
        if picture == Picture::Yuv400 && self.csc != 0 {
            return Err("a YUV400 picture has no colours to convert".into());
        }
        if self.batch.iter().any(|entry| entry.scale != 0) {
            return Err("scaling is not supported".into());
        }
        let [width, height] = self.source.map(i64::from);
        let step = |entry: &Entries| {
            let [left, top, columns, rows] = entry.crop_area.map(i64::from);
            let crop = (entry.crop != 0).then_some([top, left, rows, columns]);
            let padding = (entry.padding != 0).then_some(entry.padding_sizes.map(i64::from));
            Ok::<_, String>(Step {
                geometry: Geometry::new(picture, [height, width], crop, padding)?,
                mean: entry.mean.map(i32::from),
                min: entry.min,
                var_reci: entry.var_reci,
                padding_value: 0.0,
            })
        };
        let colours = Colours {
            picture,
            rbuv_swap: self.rbuv_swap != 0,
            ax_swap: self.ax_swap != 0,
            csc: (self.csc != 0).then_some((
                self.matrix.map(i32::from),
                self.output_bias.map(i32::from),
                self.input_bias.map(i32::from),
            )),
        };
        Ok(Process {
            colours,
            steps: self.batch.iter().map(step).collect::<Result<_, _>>()?,
        })
    }

    /// Whether any picture is cut or padded.
    pub(super) fn reshapes(&self) -> bool {
        let mut entries = self.batch.iter();
        entries.any(|entry| entry.crop != 0 || entry.padding != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any bytes are parameters, which come back as the bytes that they were read from.
    #[test]
    fn any_block_is_read_and_written_back() {
        let mut random = 7_u64;
        for round in 0..500 {
            let bytes: Vec<u8> = (0..64 + 96 * (round % 4))
                .map(|_| {
                    random = random
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    random.to_be_bytes()[0]
                })
                .collect();
            let parameters = Parameters::from_bytes(&bytes);
            let written = parameters.to_bytes();
            assert_eq!(written.len(), bytes.len());
            assert_eq!(Parameters::from_bytes(&written).to_bytes(), written);
            let _ = parameters.process();
        }
        for len in 0..64 {
            assert_eq!(Parameters::from_bytes(&vec![1; len]).batch, []);
        }
    }

    #[test]
    fn a_block_has_its_fields_where_the_device_wants_them() {
        let mut parameters = Parameters {
            format: 1,
            csc: 1,
            source: [640, 480],
            matrix: [1, 2, 3, 4, 5, 6, 7, 8, -9],
            output_bias: [10, 11, 12],
            input_bias: [13, 14, 15],
            batch: vec![Entries::default(); 2],
            ..Parameters::default()
        };
        parameters.batch[1].crop_area = [2, 4, 6, 8];
        parameters.batch[1].mean[3] = -7;
        let bytes = parameters.to_bytes();
        assert_eq!(bytes.len(), 64 + 2 * 96);
        assert_eq!(bytes[4], 2, "batch");
        assert_eq!(bytes[8..12], 640_i32.to_le_bytes());
        assert_eq!(bytes[32..34], (-9_i16).to_le_bytes());
        assert_eq!(bytes[40..46], [10, 11, 12, 13, 14, 15]);
        assert_eq!(bytes[160 + 8..160 + 12], 2_i32.to_le_bytes());
        assert_eq!(bytes[160 + 62..160 + 64], (-7_i16).to_le_bytes());
        assert_eq!(bytes[160 + 72..160 + 74], 0x3C00_u16.to_le_bytes(), "1.0");
        assert_eq!(Parameters::from_bytes(&bytes), parameters);
    }
}
