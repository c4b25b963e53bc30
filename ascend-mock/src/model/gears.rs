//! Gears: the shapes among which a model is switched, and switching it.

use ascend_sys::{
    ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID, ACL_ERROR_GE_DYNAMIC_INPUT_LENGTH_INVALID,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::sync::lock;

use super::info::Info;

/// What a program asks for.
pub(crate) enum Choice<'a> {
    Batch(u64),
    Image(u64, u64),
    /// The whole shapes of all inputs, in the order of the model's making.
    Dims(&'a [i64]),
}

impl Info {
    /// The inputs that the values of a gear run over, in their order.
    fn gear_inputs(&self) -> Vec<usize> {
        let order = self.io.shape_order.iter();
        let named = order.filter_map(|name| {
            let mut inputs = self.io.inputs.iter();
            inputs.position(|input| input.name == *name)
        });
        let named: Vec<usize> = named.collect();
        if !named.is_empty() {
            return named;
        }
        let inputs = self.inputs.iter().enumerate();
        inputs
            .filter(|(_, input)| input.is_dynamic())
            .map(|(index, _)| index)
            .collect()
    }

    /// The values of the free axes of each input in a gear.
    pub(crate) fn gear_values(&self, gear: usize) -> Vec<Vec<u64>> {
        let mut values = vec![Vec::new(); self.inputs.len()];
        let row = self.gears.get(gear).map_or(&[][..], Vec::as_slice);
        let mut rest = row.iter().copied();
        for index in self.gear_inputs() {
            let free = self.inputs[index].tensor.dims.iter();
            let free = free.filter(|&&dim| dim < 0).count();
            // Batches and sizes hold for every input, other values are for one axis each.
            values[index] = if self.io.dims_gears.is_empty() {
                row.iter().copied().take(free).collect()
            } else {
                rest.by_ref().take(free).collect()
            };
        }
        values
    }

    /// The shapes of all named inputs in a gear, one after another.
    pub(crate) fn gear_shapes(&self, gear: usize) -> Vec<i64> {
        let values = self.gear_values(gear);
        let shapes = self
            .gear_inputs()
            .into_iter()
            .map(|index| fill(&self.inputs[index].tensor.dims, &values[index]));
        shapes.flatten().collect()
    }

    /// The shapes that were named when the model was made, one after another, with their free axes.
    fn named_shapes(&self) -> Vec<i64> {
        let inputs = self.gear_inputs().into_iter();
        inputs
            .flat_map(|index| self.inputs[index].tensor.dims.clone())
            .collect()
    }
}

/// The dims with `values` in place of their free axes.
pub(crate) fn fill(dims: &[i64], values: &[u64]) -> Vec<i64> {
    let mut values = values.iter();
    let dim = |&dim: &i64| {
        let value = if dim < 0 { values.next() } else { None };
        value.map_or(dim, |&value| i64::try_from(value).unwrap_or(i64::MAX))
    };
    dims.iter().map(dim).collect()
}

impl Entry<'_> {
    /// Switches a model, and notes it in the dataset and in the buffer of the input that chooses
    /// . The checks stand in the order in which the device makes them.
    pub(crate) fn choose_gear(
        &self,
        id: u32,
        dataset: u64,
        index: usize,
        choice: &Choice<'_>,
    ) -> Result<(), Fault> {
        if matches!(
            choice,
            Choice::Batch(0) | Choice::Image(0, _) | Choice::Image(_, 0) | Choice::Dims([])
        ) {
            return Err(Fault::argument("a batch, height, width or rank of 0"));
        }
        let dataset = self.world.datasets.get(dataset)?;
        let buffer = dataset
            .buffer(index)
            .ok_or_else(|| Fault::argument(format!("the dataset has no buffer {index}")))?;
        let span = self.world.data_buffers.get(buffer)?.span();
        if span.address == 0 {
            return Err(Fault::argument(format!(
                "data buffer {index} has no memory"
            )));
        }
        let short = |count: usize| {
            let wanted = 4 * count;
            if span.bytes >= wanted {
                return Ok(());
            }
            Err(Fault::new(
                ACL_ERROR_GE_DYNAMIC_INPUT_LENGTH_INVALID,
                format!(
                    "data buffer {index} has {} bytes, {wanted} are wanted",
                    span.bytes
                ),
            ))
        };
        let (values, model) = match choice {
            Choice::Batch(batch) => {
                short(1)?;
                (vec![*batch], self.world.models.get(id)?)
            }
            Choice::Image(height, width) => {
                short(2)?;
                (vec![*height, *width], self.world.models.get(id)?)
            }
            Choice::Dims(dims) => {
                let model = self.world.models.get(id)?;
                let values = free_values(&model.info.named_shapes(), dims)?;
                short(values.len())?;
                (values, model)
            }
        };
        let io = &model.info.io;
        let is_kind = match choice {
            Choice::Batch(_) => !io.batch_gears.is_empty(),
            Choice::Image(..) => !io.image_gears.is_empty(),
            Choice::Dims(_) => !io.dims_gears.is_empty(),
        };
        let gear = model.info.gears.iter().position(|gear| *gear == values);
        let Some(gear) = gear.filter(|_| is_kind) else {
            let gears = &model.info.gears;
            return Err(Fault::new(
                ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID,
                format!("{values:?} is none of the model's gears {gears:?}"),
            ));
        };
        self.context()?;
        let wide = span.bytes >= 8 * values.len();
        let bytes: Vec<u8> = if wide {
            values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect()
        } else {
            let narrow = |value: &u64| u32::try_from(*value).unwrap_or(u32::MAX);
            values
                .iter()
                .flat_map(|value| narrow(value).to_le_bytes())
                .collect()
        };
        let place = format!("data buffer {index}");
        self.world
            .check_device_memory(span, bytes.len(), &place, self.origin)?;
        self.world.write_span(span, &bytes, self.origin)?;
        *lock(&dataset.gear) = Some(values);
        *lock(&model.gear) = Some(gear);
        Ok(())
    }
}

/// The values that stand where `named` is free; everything else must be equal.
fn free_values(named: &[i64], dims: &[i64]) -> Result<Vec<u64>, Fault> {
    let refused = || {
        Fault::new(
            ACL_ERROR_GE_DYNAMIC_INPUT_LENGTH_INVALID,
            format!("dims {dims:?} do not fit the model's {named:?}"),
        )
    };
    if named.len() != dims.len() {
        return Err(refused());
    }
    let mut values = Vec::new();
    for (&own, &given) in named.iter().zip(dims) {
        if own < 0 {
            values.push(u64::try_from(given).map_err(|_| refused())?);
        } else if own != given {
            return Err(refused());
        }
    }
    Ok(values)
}
