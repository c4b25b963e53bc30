//! The inputs of a run: what lies in their memory, and what the network gets of it.

use ascend_graph::DataType;
use ascend_graph::om::{Aipp, GEAR_INPUT, InputAipp};
use ascend_sys::{ACL_ERROR_GE_FAILURE, ACL_ERROR_GE_PARAM_INVALID};

use crate::aipp::Process;
use crate::engine::Tensor;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::ledger::Origin;
use crate::world::World;

use super::gears::fill;
use super::host::{Dataset, Span};
use super::info::{Info, TensorInfo};
use super::pictures::{Role, process_of_block};
use super::run::{SLACK, byte_size, check_size, extents};
use super::tensor_desc::TensorDesc;

pub(super) struct Input {
    pub(super) buffer: u64,
    pub(super) span: Span,
    /// What the network takes.
    dims: Vec<usize>,
    dtype: DataType,
    content: Content,
}

/// What an input's memory holds.
enum Content {
    /// The tensor, of this many bytes.
    Tensor(usize),
    /// Pictures, of this many bytes.
    Pictures(Process, usize),
    /// Pictures, and the memory with what to do to them.
    PicturesWith(Span),
    /// Something for the device only.
    Nothing,
}

impl Entry<'_> {
    pub(super) fn inputs(
        &self,
        info: &Info,
        dataset: &Dataset,
        gear: Option<usize>,
    ) -> Result<Vec<Input>, Fault> {
        let values = gear.map(|gear| info.gear_values(gear));
        let values = |index: usize| values.as_ref().map(|values| &values[index][..]);
        let inputs = info.inputs.iter().enumerate();
        inputs
            .map(|(index, input)| {
                let place = format!("input {index} ({})", input.tensor.name);
                let (buffer, span) = self.buffer(dataset, index, &place)?;
                let made = |dims, dtype, content| Input {
                    buffer,
                    span,
                    dims,
                    dtype,
                    content,
                };
                if span.address == 0 {
                    return Err(Fault::argument(format!(
                        "{place}: its data buffer has no memory"
                    )));
                }
                let target = |aipp: &InputAipp| {
                    let dims = fill(&aipp.target.dims, values(index).unwrap_or_default());
                    extents(&dims).ok_or_else(|| {
                        let text = format!("{place}: preprocessing gives the shape {dims:?}");
                        Fault::new(ACL_ERROR_GE_FAILURE, text)
                    })
                };
                Ok(match info.role(index) {
                    Role::Plain if gear.is_some() && input.tensor.name == GEAR_INPUT => {
                        self.check_memory(span, input.bytes(), &place)?;
                        made(Vec::new(), input.tensor.dtype, Content::Nothing)
                    }
                    Role::Parameters(_) => {
                        check_size(span, input.bytes(), 0, &place)?;
                        self.check_memory(span, input.bytes(), &place)?;
                        made(Vec::new(), input.tensor.dtype, Content::Nothing)
                    }
                    Role::Dynamic(aipp) => {
                        let parameters = aipp.parameters.unwrap_or(index);
                        let (_, parameters) = self.buffer(dataset, parameters, &place)?;
                        self.check_memory(span, span.bytes, &place)?;
                        let content = Content::PicturesWith(parameters);
                        made(target(aipp)?, aipp.target.dtype, content)
                    }
                    Role::Static(aipp) => {
                        let dims = target(aipp)?;
                        let (process, bytes) = static_process(&aipp.aipp, &dims, &place)?;
                        check_size(span, bytes, slack(gear), &place)?;
                        self.check_memory(span, bytes, &place)?;
                        made(dims, aipp.target.dtype, Content::Pictures(process, bytes))
                    }
                    Role::Plain => {
                        let dims = if let Some(values) = values(index) {
                            let dims = fill(&input.tensor.dims, values);
                            extents(&dims).ok_or_else(|| {
                                let text = format!("{place}: {dims:?} in this gear");
                                Fault::new(ACL_ERROR_GE_FAILURE, text)
                            })?
                        } else {
                            let shape = self.world.shape(dataset, index);
                            dims(input, shape.as_deref(), &place)?
                        };
                        let bytes = byte_size(input, &dims, &place)?;
                        check_size(span, bytes, slack(gear), &place)?;
                        self.check_memory(span, bytes, &place)?;
                        made(dims, input.tensor.dtype, Content::Tensor(bytes))
                    }
                })
            })
            .collect()
    }
}

impl Input {
    /// Reads the input; what a buffer within the slack lacks is zero.
    pub(super) fn load(
        &self,
        world: &World,
        by: Origin,
        info: &TensorInfo,
    ) -> Result<Option<Tensor>, Fault> {
        let read = |bytes: usize| -> Result<Vec<u8>, Fault> {
            let present = bytes.min(self.span.bytes);
            let mut read = world.read_span(self.span, present, by)?;
            read.resize(bytes, 0);
            Ok(read)
        };
        let bytes = match &self.content {
            Content::Nothing => return Ok(None),
            Content::Tensor(bytes) => read(*bytes)?,
            Content::Pictures(process, bytes) => self.preprocess(process, &read(*bytes)?, info)?,
            Content::PicturesWith(parameters) => {
                let block = world.read_span(*parameters, parameters.bytes, by)?;
                let process = process_of_block(&block)?;
                let count = self.dims.first().copied().unwrap_or(0);
                let bytes = process.source_bytes(count);
                let bytes = bytes.map_err(|text| preprocessing_fault(info, &text))?;
                check_size(self.span, bytes, 0, &info.tensor.name)?;
                self.preprocess(&process, &read(bytes)?, info)?
            }
        };
        Ok(Some(Tensor {
            dtype: self.dtype,
            dims: self.dims.clone(),
            bytes,
        }))
    }

    fn preprocess(
        &self,
        process: &Process,
        pictures: &[u8],
        info: &TensorInfo,
    ) -> Result<Vec<u8>, Fault> {
        let &[batch, channels, height, width] = self.dims.as_slice() else {
            return Err(preprocessing_fault(info, "not a shape of pictures"));
        };
        let made = process.run(pictures, [batch, channels, height, width], self.dtype);
        made.map_err(|text| preprocessing_fault(info, &text))
    }
}

fn preprocessing_fault(info: &TensorInfo, text: &str) -> Fault {
    let text = format!("preprocessing of {}: {text}", info.tensor.name);
    Fault::new(ACL_ERROR_GE_PARAM_INVALID, text)
}

/// What a configuration asks for, and the bytes that it takes.
fn static_process(aipp: &Aipp, dims: &[usize], place: &str) -> Result<(Process, usize), Fault> {
    let side = |axis: usize| dims.get(axis).and_then(|&side| i64::try_from(side).ok());
    let made = Process::of_config(aipp, side(2).unwrap_or(0), side(3).unwrap_or(0));
    let made = made.and_then(|process| {
        let bytes = process.source_bytes(dims.first().copied().unwrap_or(0))?;
        Ok((process, bytes))
    });
    made.map_err(|text| Fault::new(ACL_ERROR_GE_FAILURE, text).within(place))
}

/// A device does not look at sizes in gears; the CPU device does.
fn slack(gear: Option<usize>) -> usize {
    if gear.is_some() { 0 } else { SLACK }
}

/// The shape of an input in this run: the model's own, or one that fits into it.
fn dims(info: &TensorInfo, shape: Option<&TensorDesc>, place: &str) -> Result<Vec<usize>, Fault> {
    let stored = &info.tensor.dims;
    let given = shape.map_or(stored, |shape| &shape.dims);
    if shape.is_some_and(|shape| shape.dtype != info.data_type()) {
        return Err(Fault::argument(format!(
            "{place}: its tensor description is of another data type than the model's {}",
            info.tensor.dtype
        )));
    }
    let fits = |axis: usize, dim: i64| {
        let stored = stored[axis];
        let [least, most] = info.tensor.ranges.get(axis).copied().unwrap_or([0, -1]);
        dim == stored || stored < 0 && dim >= least && (most < 0 || dim <= most)
    };
    let all_fit =
        given.len() == stored.len() && given.iter().enumerate().all(|(axis, &dim)| fits(axis, dim));
    let extents: Option<Vec<usize>> = given.iter().map(|&dim| usize::try_from(dim).ok()).collect();
    extents.filter(|_| all_fit).ok_or_else(|| {
        let ranges = &info.tensor.ranges;
        Fault::argument(format!(
            "{place}: shape {given:?} is out of the model's {stored:?} with ranges {ranges:?}; set \
             the shape of this run with aclmdlSetDatasetTensorDesc"
        ))
    })
}
