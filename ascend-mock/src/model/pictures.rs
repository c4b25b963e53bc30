//! Preprocessing of a model's inputs, and what programs ask of it at run time.

use std::sync::Mutex;

use crate::aipp::{MOST_WIDTH, Process, block_bytes};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::sync::lock;
use ascend_graph::om::InputAipp;
use ascend_sys::{
    ACL_ERROR_FAILURE, ACL_ERROR_GE_AIPP_BATCH_EMPTY, ACL_ERROR_GE_AIPP_NOT_EXIST,
    ACL_ERROR_GE_DYNAMIC_INPUT_ADDR_INVALID, ACL_ERROR_GE_DYNAMIC_INPUT_LENGTH_INVALID,
    ACL_ERROR_GE_PARAM_INVALID, aclmdlInputAippType,
};

use super::gears::fill;
use super::info::Info;
use super::parameters::{Entries, ParameterSet, Parameters};

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
        self.world
            .check_device_memory(span, bytes.len(), &name, self.origin)?;
        self.world.write_span(span, &bytes, self.origin)
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
        if step.geometry.is_padded() && made[1] > MOST_WIDTH {
            return Err(format!(
                "the output is {} pixels wide, more than {MOST_WIDTH} with padding",
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
