//! Reads what a loaded model says of itself.

use ascend_graph::DataType;
use ascend_graph::om::Picture;
use ascend_sys::{aclAippInfo, aclmdlInputAippType};

use super::aipp_spec::AippSpec;
use super::description::Description;
use super::gears::{Gear, GearAxis, GearKind, Gears};
use super::raw_description::{RawDescription, RawGears, RawTensor};
use super::tensor_spec::TensorSpec;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

/// What stands behind each input that the runtime sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// An input of the description, by its number there.
    Input(usize),
    /// The gear.
    Gear,
    /// The parameters of the preprocessing of an input, by its number in the description.
    Parameters(usize),
}

/// A model's description, and what is needed to run it.
#[derive(Debug)]
pub(super) struct Interface {
    pub(super) description: Description,
    /// The runtime's inputs, in its order, with their bytes.
    pub(super) slots: Vec<(Slot, usize)>,
    /// The shapes that switch to each gear, where the gears are [`GearKind::Dims`].
    pub(super) rows: Vec<Vec<i64>>,
}

/// An input of the runtime's, and its preprocessing.
struct Found {
    raw: RawTensor,
    aipp: Aipp,
}

enum Aipp {
    None,
    Static(Picture),
    /// The runtime's number of the input that takes the parameters.
    Dynamic(usize),
    Parameters,
}

impl Interface {
    /// Reads the description of the model `id`. `order` gives the names of the inputs in the order
    /// in which the model's maker wrote their shapes, if that can be told.
    pub(super) fn read(
        context: &Context,
        raw: &RawDescription,
        id: u32,
        order: impl FnOnce() -> Option<Vec<String>>,
    ) -> Result<Self> {
        let found = raw.inputs()?.into_iter().enumerate();
        let found = found.map(|(index, raw)| {
            let aipp = aipp(context, id, index, raw.dtype)?;
            Ok(Found { raw, aipp })
        });
        let found = found.collect::<Result<Vec<_>>>()?;
        let varies = found.iter().any(|found| found.raw.varies());
        let gears = if varies { raw.gears()? } else { None };
        let gear_input = gears.as_ref().map(|_| raw.gear_input()).transpose()?;
        let (slots, numbers) = slots(&found, gear_input);
        let mut inputs = Vec::new();
        let mut dims = Vec::new();
        for index in numbers {
            inputs.push(spec(raw, index, &found, gears.is_some())?);
            dims.push(found[index].raw.dims.clone());
        }
        let rows = match &gears {
            Some(RawGears::Dims(rows)) => rows.clone(),
            _ => Vec::new(),
        };
        let gears = gears.map(|gears| resolve(&gears, &inputs, &dims, order));
        let outputs = raw.outputs()?.into_iter().map(RawTensor::into_spec);
        Ok(Self {
            description: Description {
                inputs,
                outputs: outputs.collect(),
                gears: gears.transpose()?,
                memory: None,
            },
            slots: slots
                .into_iter()
                .zip(&found)
                .map(|(slot, found)| (slot, found.raw.bytes))
                .collect(),
            rows,
        })
    }
}

/// The preprocessing of input `index`. It takes bytes, so others need not be asked about.
fn aipp(context: &Context, id: u32, index: usize, dtype: DataType) -> Result<Aipp> {
    if dtype != DataType::U8 {
        return Ok(Aipp::None);
    }
    let current = context.bind()?;
    let (mut kind, mut attached) = (aclmdlInputAippType::ACL_DATA_WITHOUT_AIPP, 0);
    // SAFETY: the model is loaded, the pointers are valid.
    let status = unsafe {
        current
            .api()
            .aclmdlGetAippType(id, index, &raw mut kind, &raw mut attached)
    };
    current.check("aclmdlGetAippType", status)?;
    Ok(match kind {
        aclmdlInputAippType::ACL_DATA_WITH_STATIC_AIPP => {
            let mut info = Box::<aclAippInfo>::default();
            let place = std::ptr::from_mut(&mut *info);
            // SAFETY: as above.
            let status = unsafe { current.api().aclmdlGetFirstAippInfo(id, index, place) };
            current.check("aclmdlGetFirstAippInfo", status)?;
            let code = i32::try_from(info.inputFormat.0).ok();
            Aipp::Static(code.and_then(Picture::from_code).unwrap_or_default())
        }
        aclmdlInputAippType::ACL_DATA_WITH_DYNAMIC_AIPP => Aipp::Dynamic(attached),
        aclmdlInputAippType::ACL_DYNAMIC_AIPP_NODE => Aipp::Parameters,
        _ => Aipp::None,
    })
}

/// What each input of the runtime's is, and the numbers of those that are the caller's.
fn slots(found: &[Found], gear_input: Option<usize>) -> (Vec<Slot>, Vec<usize>) {
    let is_given =
        |index: usize| gear_input != Some(index) && !matches!(found[index].aipp, Aipp::Parameters);
    let numbers: Vec<usize> = (0..found.len()).filter(|index| is_given(*index)).collect();
    let owner = |parameters: usize| {
        numbers.iter().position(
            |index| matches!(found[*index].aipp, Aipp::Dynamic(other) if other == parameters),
        )
    };
    let slot = |index: usize| match numbers.iter().position(|number| *number == index) {
        Some(number) => Slot::Input(number),
        None if gear_input == Some(index) => Slot::Gear,
        None => Slot::Parameters(owner(index).unwrap_or(usize::MAX)),
    };
    ((0..found.len()).map(slot).collect(), numbers)
}

/// The description of input `index`.
fn spec(
    raw: &RawDescription,
    index: usize,
    found: &[Found],
    has_gears: bool,
) -> Result<TensorSpec> {
    let Found { raw: tensor, aipp } = &found[index];
    let len = |axis: usize| usize::try_from(*tensor.dims.get(axis)?).ok();
    let size = len(1).zip(len(2)).map(|(height, width)| [height, width]);
    let mut spec = TensorSpec {
        name: tensor.name.clone(),
        dtype: tensor.dtype,
        format: tensor.format,
        dims: lens(&tensor.dims),
        bytes: tensor.bytes,
        ranges: Vec::new(),
        aipp: None,
    };
    match aipp {
        Aipp::Static(picture) => {
            spec.dims = lens(&raw.byte_dims(index)?);
            spec.aipp = Some(AippSpec::Static {
                picture: *picture,
                size,
            });
        }
        Aipp::Dynamic(_) => {
            // The parameters of a run decide over all but the batch.
            for dim in spec.dims.iter_mut().skip(1) {
                *dim = None;
            }
            spec.aipp = Some(AippSpec::Dynamic {
                size,
                most_bytes: tensor.bytes,
            });
        }
        Aipp::None | Aipp::Parameters => {
            if tensor.varies() && !has_gears {
                spec.ranges = raw.ranges(index)?;
            }
        }
    }
    Ok(spec)
}

fn lens(dims: &[i64]) -> Vec<Option<usize>> {
    dims.iter().map(|dim| usize::try_from(*dim).ok()).collect()
}

/// The gears with the shape of each input. `dims` are those of pictures where the device
/// preprocesses them.
fn resolve(
    gears: &RawGears,
    inputs: &[TensorSpec],
    dims: &[Vec<i64>],
    order: impl FnOnce() -> Option<Vec<String>>,
) -> Result<Gears> {
    let (kind, rows) = match gears {
        RawGears::Batch(sizes) => {
            let rows = sizes.iter().map(|size| vec![*size]).collect();
            (GearKind::Batch, rows)
        }
        RawGears::ImageSize(sizes) => {
            let rows = sizes.iter().map(|size| size.to_vec()).collect();
            (GearKind::ImageSize, rows)
        }
        RawGears::Dims(shapes) => {
            let order = named(inputs, dims, order, shapes)?;
            return Ok(of_dims(inputs, dims, &order, shapes));
        }
    };
    let mut axes = Vec::new();
    for (input, dims) in dims.iter().enumerate() {
        let free = (0..dims.len()).filter(|axis| dims[*axis] < 0);
        axes.extend(
            free.enumerate()
                .map(|(value, axis)| GearAxis { input, axis, value }),
        );
    }
    let rows: Vec<Vec<u64>> = rows;
    let count = rows.iter().map(Vec::len).min().unwrap_or(0);
    if let Some(axis) = axes.iter().find(|axis| axis.value >= count) {
        let message = format!(
            "more dimensions of input {} vary than the {count} that a gear of the model has a value \
             for: convert it again",
            inputs[axis.input]
        );
        return Err(Error::new(ErrorKind::Format, message));
    }
    let gear = |row: &Vec<u64>| {
        let values: Vec<usize> = row
            .iter()
            .map(|value| usize::try_from(*value).unwrap_or(usize::MAX))
            .collect();
        let shapes = dims.iter().enumerate().map(|(input, dims)| {
            let mut shape = dims.clone();
            for axis in axes.iter().filter(|axis| axis.input == input) {
                let value = values.get(axis.value).copied().unwrap_or(0);
                shape[axis.axis] = i64::try_from(value).unwrap_or(i64::MAX);
            }
            in_bytes(&inputs[input], &shape)
        });
        Gear {
            shapes: shapes.collect(),
            values: values.clone(),
        }
    };
    let gears = rows.iter().map(gear).collect();
    // Height and width of pictures are not dimensions of their bytes.
    axes.retain(|axis| inputs[axis.input].aipp.is_none() || axis.axis == 0);
    Ok(Gears { kind, axes, gears })
}

/// The shape of an input's bytes from that of its pictures.
fn in_bytes(input: &TensorSpec, shape: &[i64]) -> Vec<usize> {
    let shape = match (input.aipp, shape) {
        (Some(AippSpec::Static { picture, .. }), &[batch, height, width, _]) => {
            picture.byte_dims(batch, height, width)
        }
        _ => shape.to_vec(),
    };
    let lens = shape.iter().map(|len| usize::try_from(*len).unwrap_or(0));
    lens.collect()
}

/// The inputs in the order in which the shapes of a gear follow each other: that of the list that
/// the model was made with, of which the runtime says nothing.
fn named(
    inputs: &[TensorSpec],
    dims: &[Vec<i64>],
    order: impl FnOnce() -> Option<Vec<String>>,
    shapes: &[Vec<i64>],
) -> Result<Vec<usize>> {
    let fits = |order: &[usize]| {
        let own: Vec<i64> = order
            .iter()
            .flat_map(|input| dims[*input].clone())
            .collect();
        shapes.iter().all(|shape| {
            let same = |(own, given): (&i64, &i64)| own == given || *own < 0 && *given > 0;
            shape.len() == own.len() && own.iter().zip(shape).all(same)
        })
    };
    let all: Vec<usize> = (0..inputs.len()).collect();
    if all.len() == 1 && fits(&all) {
        return Ok(all);
    }
    let told = order().map(|names| {
        let position = |name: &String| inputs.iter().position(|input| input.name == *name);
        names.iter().filter_map(position).collect::<Vec<_>>()
    });
    let told = told.filter(|order| !order.is_empty()).unwrap_or(all);
    if fits(&told) {
        return Ok(told);
    }
    let message = "the gears of the model do not fit its inputs, neither in the order of the model \
                   nor in that of its file: convert it again";
    Err(Error::new(ErrorKind::Format, message))
}

/// Gears of dims: `shapes` are those of the inputs of `order`, one behind the other.
fn of_dims(
    inputs: &[TensorSpec],
    dims: &[Vec<i64>],
    order: &[usize],
    shapes: &[Vec<i64>],
) -> Gears {
    let mut axes = Vec::new();
    for &input in order {
        for axis in (0..dims[input].len()).filter(|axis| dims[input][*axis] < 0) {
            let value = axes.len();
            axes.push(GearAxis { input, axis, value });
        }
    }
    let gear = |row: &Vec<i64>| {
        let mut own: Vec<Vec<i64>> = dims.to_vec();
        let mut rest = row.as_slice();
        for &input in order {
            let (shape, after) = rest.split_at(dims[input].len().min(rest.len()));
            own[input] = shape.to_vec();
            rest = after;
        }
        let value = |axis: &GearAxis| own[axis.input].get(axis.axis).copied();
        Gear {
            values: axes
                .iter()
                .map(|axis| usize::try_from(value(axis).unwrap_or(0)).unwrap_or(0))
                .collect(),
            shapes: own
                .iter()
                .zip(inputs)
                .map(|(shape, input)| in_bytes(input, shape))
                .collect(),
        }
    };
    Gears {
        kind: GearKind::Dims,
        gears: shapes.iter().map(gear).collect(),
        axes,
    }
}
