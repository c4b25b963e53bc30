use std::collections::HashMap;

use super::{Dim, Model, TensorInfo, ValueInfo};
use crate::{Axis, Error, InputShape, Result};

/// Gives inputs the shapes that are asked for, and says which input each shape went to.
///
/// A shape goes to the input of its name, or to the one at its place. An axis that is -1 or a range, or
/// that no shape is given for, stays as the model has it. An extent that is given to a named axis holds
/// for all axes of that name.
///
/// # Errors
/// `Invalid` if a shape names no input, has another rank than it or contradicts an extent.
pub fn fix_inputs(inputs: &mut [TensorInfo], shapes: &[InputShape]) -> Result<Vec<usize>> {
    let mut extents = HashMap::new();
    let mut order = Vec::with_capacity(shapes.len());
    for (place, InputShape { name, axes }) in shapes.iter().enumerate() {
        let found = match name {
            Some(name) => inputs.iter().position(|input| input.name == *name),
            None => Some(place).filter(|&place| place < inputs.len()),
        };
        let Some(found) = found else {
            let names = inputs.iter().map(|input| format!("`{}`", input.name));
            let all = names.collect::<Vec<_>>().join(", ");
            let asked = name
                .as_ref()
                .map_or(format!("number {}", place + 1), |name| format!("`{name}`"));
            return Err(Error::invalid(format!(
                "the model has no input {asked}; its inputs are {all}"
            )));
        };
        fix(&mut inputs[found], axes, &mut extents)?;
        order.push(found);
    }
    spread(inputs, &extents);
    Ok(order)
}

/// Gives all axes of a name its extent.
pub(crate) fn spread<'i>(
    inputs: impl IntoIterator<Item = &'i mut TensorInfo>,
    extents: &HashMap<String, i64>,
) {
    let inputs = inputs.into_iter();
    for dim in inputs.flat_map(|input| &mut input.dims).flatten() {
        if let Dim::Named(name) = dim
            && let Some(&extent) = extents.get(name)
        {
            *dim = Dim::Fixed(extent);
        }
    }
}

impl Model {
    /// Writes shapes and types of inputs into the model. What the file says of values in between is
    /// dropped if an input changes: it was true of the old shapes.
    pub fn set_inputs(&mut self, inputs: &[TensorInfo]) {
        let by_name: HashMap<_, _> = inputs
            .iter()
            .map(|input| (input.name.as_str(), input))
            .collect();
        let Some(graph) = &mut self.graph else {
            return;
        };
        let mut has_changed = false;
        for value in &mut graph.input {
            if let Some(input) = by_name.get(value.name.as_str()) {
                let new = ValueInfo::tensor(&*input.name, input.dtype, input.dims.as_deref());
                has_changed |= new.r#type != value.r#type;
                value.r#type = new.r#type;
            }
        }
        if has_changed {
            graph.value_info.clear();
        }
    }
}

/// Gives an input the shape that is asked for.
fn fix(input: &mut TensorInfo, asked: &[Axis], extents: &mut HashMap<String, i64>) -> Result<()> {
    let declared = input
        .dims
        .get_or_insert_with(|| vec![Dim::Unknown; asked.len()]);
    let name = &input.name;
    if declared.len() != asked.len() {
        let (has, given) = (declared.len(), asked.len());
        return Err(Error::invalid(format!(
            "input `{name}` has {has} axes, but its shape has {given}"
        )));
    }
    for (axis, (dim, asked)) in declared.iter_mut().zip(asked).enumerate() {
        let extent = match (*asked, &dim) {
            (Axis::Fixed(extent), _) => extent,
            (Axis::Range(..), Dim::Fixed(fixed)) => {
                return Err(Error::invalid(format!(
                    "axis {axis} of input `{name}` is {fixed} in the model, but a range was asked for; \
                     export the model with a dynamic axis there"
                )));
            }
            (Axis::Free | Axis::Range(..), _) => continue,
        };
        let contradicted = match dim {
            _ if extent < 1 => {
                return Err(Error::invalid(format!(
                    "axis {axis} of input `{name}` cannot be {extent}; give 1 or more, or -1 to leave it open"
                )));
            }
            Dim::Fixed(fixed) => Some(*fixed),
            Dim::Named(axis_name) => Some(*extents.entry(axis_name.clone()).or_insert(extent)),
            Dim::Unknown => None,
        };
        if let Some(other) = contradicted.filter(|&other| other != extent) {
            return Err(Error::invalid(format!(
                "axis {axis} of input `{name}` is {other} in the model, but {extent} was asked for"
            )));
        }
        *dim = Dim::Fixed(extent);
    }
    Ok(())
}
