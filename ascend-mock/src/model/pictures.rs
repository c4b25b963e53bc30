//! Preprocessing that programs ask for at run time: sets of parameters, and the block of bytes that
//! the device reads them from.

use std::sync::Mutex;

use ascend_graph::om::{InputAipp, Picture};
use ascend_sys::{
    ACL_ERROR_FAILURE, ACL_ERROR_GE_AIPP_BATCH_EMPTY, ACL_ERROR_GE_AIPP_NOT_EXIST,
    ACL_ERROR_GE_DYNAMIC_INPUT_ADDR_INVALID, ACL_ERROR_GE_DYNAMIC_INPUT_LENGTH_INVALID,
    ACL_ERROR_GE_PARAM_INVALID, aclmdlInputAippType,
};
use half::f16;

use crate::aipp::{Colours, Geometry, MOST_WIDTH, Process, Step, block_bytes};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::sync::lock;

use super::gears::fill;
use super::info::Info;

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
    fn reshapes(&self) -> bool {
        let mut entries = self.batch.iter();
        entries.any(|entry| entry.crop != 0 || entry.padding != 0)
    }
}

/// What preprocessing there is for an input.
pub(crate) enum Role<'a> {
    Plain,
    Static(&'a InputAipp),
    Dynamic(&'a InputAipp),
    /// The input takes the parameters of another.
    Parameters(&'a InputAipp),
}

impl Info {
    pub(crate) fn role(&self, input: usize) -> Role<'_> {
        let own = self.aipp.iter().find(|aipp| aipp.input == input);
        if let Some(aipp) = own {
            return match aipp.parameters {
                Some(_) => Role::Dynamic(aipp),
                None => Role::Static(aipp),
            };
        }
        let other = self.aipp.iter().find(|aipp| aipp.parameters == Some(input));
        other.map_or(Role::Plain, Role::Parameters)
    }

    /// The shape that preprocessing gives, in the gear with the most pictures.
    fn largest_target(&self, aipp: &InputAipp) -> Vec<i64> {
        let gears = (0..self.gears.len()).map(|gear| {
            let values = self.gear_values(gear);
            fill(&aipp.target.dims, &values[aipp.input])
        });
        let size = |dims: &Vec<i64>| {
            let dims = dims.iter();
            dims.fold(1_i64, |size, &dim| size.saturating_mul(dim.max(0)))
        };
        gears
            .max_by_key(size)
            .unwrap_or_else(|| aipp.target.dims.clone())
    }
}

impl Entry<'_> {
    ///
    pub(crate) fn create_parameters(&self, batch: u64) -> Result<u64, Fault> {
        let count = usize::try_from(batch).ok().filter(|&count| count > 0);
        let count = count.ok_or_else(|| Fault::argument(format!("batch size {batch}")))?;
        let mut entries = Vec::new();
        entries
            .try_reserve_exact(count)
            .map_err(|error| Fault::argument(format!("batch size {batch}: {error}")))?;
        entries.resize(count, Entries::default());
        let parameters = Parameters {
            batch: entries,
            ..Parameters::default()
        };
        let sets = &self.world.aipp_parameters;
        Ok(sets
            .insert(self.origin, |_| ParameterSet(Mutex::new(parameters)))
            .0)
    }

    pub(crate) fn change_parameters(
        &self,
        handle: u64,
        change: impl FnOnce(&mut Parameters) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let set = self.world.aipp_parameters.get(handle)?;
        change(&mut lock(&set.0))
    }

    /// Changes what concerns one picture of the batch.
    pub(crate) fn change_entries(
        &self,
        handle: u64,
        index: u64,
        change: impl FnOnce(&mut Entries),
    ) -> Result<(), Fault> {
        self.change_parameters(handle, |parameters| {
            let count = parameters.batch.len();
            let entry = usize::try_from(index)
                .ok()
                .and_then(|index| parameters.batch.get_mut(index));
            let entry = entry.ok_or_else(|| {
                Fault::argument(format!("there are {count} pictures, no picture {index}"))
            })?;
            change(entry);
            Ok(())
        })
    }

    /// Writes parameters into the buffer of the input that takes them. `by_picture`: the index is
    /// that of the picture's input.
    pub(crate) fn set_parameters(
        &self,
        id: u32,
        dataset: u64,
        index: usize,
        by_picture: bool,
        handle: u64,
    ) -> Result<(), Fault> {
        let model = self.world.models.get(id)?;
        let info = &model.info;
        let dataset = self.world.datasets.get(dataset)?;
        let parameters = lock(&self.world.aipp_parameters.get(handle)?.0).clone();
        let count = info.inputs.len();
        if index >= count {
            return Err(Fault::argument(format!(
                "the model has {count} inputs, no input {index}"
            )));
        }
        let aipp = match info.role(index) {
            Role::Dynamic(aipp) if by_picture => aipp,
            Role::Parameters(aipp) if !by_picture => aipp,
            _ => {
                let text = format!("input {index} has no dynamic preprocessing");
                return Err(Fault::new(ACL_ERROR_FAILURE, text));
            }
        };
        let place = aipp.parameters.unwrap_or(index);
        let buffer = dataset
            .buffer(place)
            .ok_or_else(|| Fault::argument(format!("the dataset has no buffer {place}")))?;
        let span = self.world.data_buffers.get(buffer)?.span();
        if span.address == 0 {
            let text = format!("data buffer {place} has no memory");
            return Err(Fault::new(ACL_ERROR_GE_DYNAMIC_INPUT_ADDR_INVALID, text));
        }
        let bytes = parameters.to_bytes();
        if span.bytes < bytes.len() {
            return Err(Fault::new(
                ACL_ERROR_GE_DYNAMIC_INPUT_LENGTH_INVALID,
                format!(
                    "data buffer {place} has {} bytes, the parameters take {}",
                    span.bytes,
                    bytes.len()
                ),
            ));
        }
        let gear = *lock(&model.gear);
        check(&parameters, info, aipp, gear).map_err(Fault::argument)?;
        self.context()?;
        let name = format!("data buffer {place}");
        self.world.check_device_memory(span, bytes.len(), &name)?;
        self.world.write_device(span.address, &bytes)
    }
}

/// Whether parameters fit a model.
fn check(
    parameters: &Parameters,
    info: &Info,
    aipp: &InputAipp,
    gear: Option<usize>,
) -> Result<(), String> {
    let process = parameters.process()?;
    let &[batch, channels, height, width] = info.largest_target(aipp).as_slice() else {
        return Err("the model does not take pictures".into());
    };
    let count = parameters.batch.len();
    if usize::try_from(batch) != Ok(count) {
        return Err(format!(
            "parameters for {count} pictures, the model takes up to {batch}"
        ));
    }
    let available = Process::channels_of(process.colours.picture, process.colours.csc.is_some());
    if usize::try_from(channels).is_ok_and(|channels| channels > available) {
        return Err(format!(
            "the picture gives {available} channels, the model takes {channels}"
        ));
    }
    if !info.io.image_gears.is_empty() {
        if parameters.reshapes() {
            return Err("image sizes are switched, which excludes crop and padding".into());
        }
        let chosen = gear.map(|gear| fill(&aipp.target.dims, &info.gear_values(gear)[aipp.input]));
        if chosen.is_some_and(|chosen| chosen != info.largest_target(aipp)) {
            return Err("image sizes are switched, and the largest is not chosen".into());
        }
    }
    for step in &process.steps {
        let made = step.geometry.output();
        if made != [height, width] {
            return Err(format!(
                "a picture becomes {} by {} pixels, the model takes {height} by {width}",
                made[0], made[1]
            ));
        }
        if made[1] > MOST_WIDTH {
            return Err(format!(
                "the output is {} pixels wide, more than {MOST_WIDTH}",
                made[1]
            ));
        }
    }
    let bytes = process.source_bytes(count)?;
    let most = usize::try_from(aipp.aipp.max_src_image_size).unwrap_or(0);
    if bytes > most {
        return Err(format!(
            "the pictures take {bytes} bytes, the model was made for {most}"
        ));
    }
    Ok(())
}

/// The process that a block of parameters asks for.
pub(crate) fn process_of_block(bytes: &[u8]) -> Result<Process, Fault> {
    if bytes.iter().all(|&byte| byte == 0) {
        return Err(Fault::new(
            ACL_ERROR_GE_AIPP_BATCH_EMPTY,
            "the parameters of dynamic preprocessing were not set",
        ));
    }
    let process = Parameters::from_bytes(bytes).process();
    process.map_err(|text| Fault::new(ACL_ERROR_GE_PARAM_INVALID, text))
}

/// The kind of preprocessing of an input, and the input that takes its parameters.
pub(crate) fn kind(info: &Info, input: usize) -> (aclmdlInputAippType, usize) {
    const NONE: usize = u32::MAX as usize;
    match info.role(input) {
        Role::Plain => (aclmdlInputAippType::ACL_DATA_WITHOUT_AIPP, NONE),
        Role::Static(_) => (aclmdlInputAippType::ACL_DATA_WITH_STATIC_AIPP, NONE),
        Role::Dynamic(aipp) => (
            aclmdlInputAippType::ACL_DATA_WITH_DYNAMIC_AIPP,
            aipp.parameters.unwrap_or(NONE),
        ),
        Role::Parameters(_) => (aclmdlInputAippType::ACL_DYNAMIC_AIPP_NODE, NONE),
    }
}

/// The static preprocessing of an input.
pub(crate) fn static_aipp(info: &Info, input: usize) -> Result<&InputAipp, Fault> {
    match info.role(input) {
        Role::Static(aipp) => Ok(aipp),
        _ => Err(Fault::new(
            ACL_ERROR_GE_AIPP_NOT_EXIST,
            format!("input {input} has no static preprocessing"),
        )),
    }
}

/// The bytes of parameters for a batch.
pub(crate) fn parameter_bytes(batch: u64) -> Result<usize, Fault> {
    if batch == 0 {
        return Err(Fault::argument("the batch size is 0"));
    }
    usize::try_from(block_bytes(batch)).map_err(Fault::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

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
