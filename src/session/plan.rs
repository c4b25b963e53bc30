//! What a run is to do, as the shapes of its inputs decide it.

use super::input::Input;
use super::options::Padding;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{AippParameters, AippSpec, Description, Gear, GearKind, Gears, TensorSpec};

/// What a run is to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// The gear that the model is switched to, if it has some.
    pub(super) gear: Option<usize>,
    /// The shape of each input in the device's memory.
    pub(super) shapes: Vec<Vec<usize>>,
    /// What the values of the gear were before inputs were padded to it, if they were.
    pub(super) given: Option<Vec<usize>>,
}

/// What a session knows before the shapes.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) description: &'a Description,
    /// The parameters for the preprocessing of each input.
    pub(super) aipp: &'a [Option<AippParameters>],
    pub(super) padding: Padding,
}

impl Plan {
    /// The plan of a run on `inputs`, which come in the model's order and are of the right types.
    pub(super) fn of(setting: &Setting<'_>, inputs: &[&Input<'_>]) -> Result<Self> {
        let description = setting.description;
        for (index, (spec, input)) in description.inputs.iter().zip(inputs).enumerate() {
            if setting.parameters(index)?.is_none() && !spec.accepts(input.shape()) {
                let error = misfit(&spec.to_string(), input);
                return Err(match &description.gears {
                    Some(gears) => error.with_gears(gears),
                    None => error,
                });
            }
        }
        if let Some(gears) = &description.gears {
            return setting.choose(gears, inputs);
        }
        for (index, (spec, input)) in description.inputs.iter().zip(inputs).enumerate() {
            if let Some(parameters) = setting.parameters(index)? {
                let batch = spec.dims.first().copied().flatten().unwrap_or(1);
                let shape = parameters.shape(batch);
                if input.shape() != shape {
                    let what = format!("{} uint8 {shape:?} with these parameters", spec.name);
                    return Err(misfit(&what, input));
                }
            }
        }
        Ok(Self {
            shapes: inputs.iter().map(|input| input.shape().to_vec()).collect(),
            ..Self::default()
        })
    }
}

impl<'a> Setting<'a> {
    /// The parameters of the preprocessing of input `index`, if it takes some.
    pub(super) fn parameters(&self, index: usize) -> Result<Option<&'a AippParameters>> {
        let spec = self.description.inputs.get(index);
        let Some((spec, AippSpec::Dynamic { .. })) = spec.and_then(|spec| Some((spec, spec.aipp?)))
        else {
            return Ok(None);
        };
        let set = self.aipp.get(index).and_then(Option::as_ref);
        set.map(Some).ok_or_else(|| {
            let message = format!(
                "input {} is preprocessed on the device, with parameters that come with the runs: \
                 set them with `Session::set_aipp` first",
                spec.name
            );
            Error::new(ErrorKind::InvalidArgument, message)
        })
    }

    /// The shape of input `index` in a gear, in bytes where the device preprocesses it; none at all
    /// where its parameters are for pictures of another size.
    fn shape(&self, kind: GearKind, gear: &Gear, index: usize) -> Result<Vec<usize>> {
        let shape = gear.shapes.get(index).map_or(&[][..], Vec::as_slice);
        let Some(parameters) = self.parameters(index)? else {
            return Ok(shape.to_vec());
        };
        Ok(match shape {
            [_, height, width, _]
                if kind == GearKind::ImageSize && [*height, *width] != parameters.size() =>
            {
                Vec::new()
            }
            _ => parameters.shape(shape.first().copied().unwrap_or(1)),
        })
    }

    /// The gear of these shapes, or the smallest that holds them.
    fn choose(&self, gears: &Gears, inputs: &[&Input<'_>]) -> Result<Plan> {
        let is_padded = |input: usize, axis: usize| {
            gears
                .axes
                .iter()
                .any(|free| (free.input, free.axis) == (input, axis))
        };
        let mut next: Option<(u64, usize, Vec<Vec<usize>>)> = None;
        for (number, gear) in gears.gears.iter().enumerate() {
            let shapes = (0..inputs.len()).map(|index| self.shape(gears.kind, gear, index));
            let shapes = shapes.collect::<Result<Vec<_>>>()?;
            let given = || inputs.iter().map(|input| input.shape());
            if shapes.iter().map(Vec::as_slice).eq(given()) {
                return Ok(Plan {
                    gear: Some(number),
                    shapes,
                    given: None,
                });
            }
            let holds = shapes
                .iter()
                .zip(given())
                .enumerate()
                .all(|(input, (shape, given))| {
                    let mut lens = shape.iter().zip(given).enumerate();
                    shape.len() == given.len()
                        && lens.all(|(axis, (len, given))| {
                            len == given || len > given && is_padded(input, axis)
                        })
                });
            let size = shapes
                .iter()
                .map(|shape| shape.iter().map(|len| *len as u64).product::<u64>());
            let size = size.fold(0, u64::saturating_add);
            if holds && next.as_ref().is_none_or(|(least, ..)| size < *least) {
                next = Some((size, number, shapes));
            }
        }
        if self.padding == Padding::None {
            let way = if next.is_some() {
                "give the shapes of a gear, or let them be padded to the next one \
                 (`Padding::NextGear`, `ascend run --pad`)"
            } else {
                "give the shapes of a gear, or convert the model with one for these"
            };
            return Err(self.no_gear(gears, inputs, way));
        }
        let Some((_, number, shapes)) = next else {
            let way = "no gear holds them: convert the model with a larger one";
            return Err(self.no_gear(gears, inputs, way));
        };
        Ok(Plan {
            gear: Some(number),
            given: Some(self.given(gears, inputs)?),
            shapes,
        })
    }

    /// The values that inputs would have as a gear, which have to agree.
    fn given(&self, gears: &Gears, inputs: &[&Input<'_>]) -> Result<Vec<usize>> {
        let count = gears.gears.iter().map(|gear| gear.values.len()).max();
        let mut values: Vec<Option<(usize, usize)>> = vec![None; count.unwrap_or(0)];
        for axis in &gears.axes {
            let len = inputs[axis.input].shape()[axis.axis];
            match &mut values[axis.value] {
                Some((input, other)) if *other != len => {
                    let names =
                        [*input, axis.input].map(|input| &self.description.inputs[input].name);
                    let way = format!(
                        "input {} is {other} long and input {} is {len} where one value of a gear \
                         holds for both: give them the same length",
                        names[0], names[1]
                    );
                    return Err(self.no_gear(gears, inputs, &way));
                }
                place => *place = Some((axis.input, len)),
            }
        }
        Ok(values
            .iter()
            .map(|value| value.map_or(0, |(_, len)| len))
            .collect())
    }

    fn no_gear(&self, gears: &Gears, inputs: &[&Input<'_>], way: &str) -> Error {
        let specs = &self.description.inputs;
        let listed = |texts: Vec<String>| texts.join(", ");
        let given = specs.iter().zip(inputs).map(|(spec, input)| {
            format!("{} {} {:?}", spec.name, input.dtype().name(), input.shape())
        });
        let message = format!(
            "the model takes {} in the gears {}, and was given {}: {way}",
            listed(specs.iter().map(ToString::to_string).collect()),
            gears.tell(specs),
            listed(given.collect()),
        );
        Error::new(ErrorKind::Shape, message).with_gears(gears)
    }
}

/// The error of an input whose shape is not what the model takes.
fn misfit(taken: &str, input: &Input<'_>) -> Error {
    let message = format!(
        "the model takes {taken}, and was given {} {:?}: reshape the input, or convert the model for \
         this shape",
        input.dtype().name(),
        input.shape()
    );
    Error::new(ErrorKind::Shape, message)
}

/// Which dimensions of the outputs follow which values of a gear: for each output, for each of its
/// dimensions, the values that it equals in every gear and that differ among the gears.
#[derive(Clone, Debug)]
pub(super) struct Follows(Vec<Vec<Vec<usize>>>);

impl Follows {
    /// Of the shapes that each gear gives the outputs: by gear, then by output.
    pub(super) fn of(gears: &Gears, shapes: &[Vec<Vec<usize>>]) -> Self {
        let count = gears.gears.first().map_or(0, |gear| gear.values.len());
        let varies = |value: usize| {
            let mut values = gears.gears.iter().map(|gear| gear.values[value]);
            let first = values.next();
            values.any(|value| Some(value) != first)
        };
        let outputs = shapes.first().map_or(0, Vec::len);
        let follows = (0..outputs).map(|output| {
            let rank = shapes[0][output].len();
            let axis = |axis: usize| {
                let equals = |value: &usize| {
                    let mut gears = gears.gears.iter().zip(shapes);
                    gears.all(|(gear, shapes)| shapes[output].get(axis) == gear.values.get(*value))
                };
                (0..count)
                    .filter(|value| varies(*value))
                    .filter(equals)
                    .collect()
            };
            (0..rank).map(axis).collect()
        });
        Self(follows.collect())
    }

    /// The shape of output `index` of shape `made`, without what was padded: `given` stands where
    /// `gear` has its values. What cannot be cut is an error, or left as it is.
    pub(super) fn cut(
        &self,
        (index, spec): (usize, &TensorSpec),
        made: &[usize],
        (gear, given): (&Gear, &[usize]),
        leaves: bool,
    ) -> Result<Vec<usize>> {
        let axes = self.0.get(index).map_or(&[][..], Vec::as_slice);
        let mut shape = made.to_vec();
        let mut cut = vec![false; given.len()];
        for (len, values) in shape.iter_mut().zip(axes) {
            let Some(&first) = values.first() else {
                continue;
            };
            if values.iter().all(|value| given[*value] == given[first]) {
                *len = given[first].min(*len);
                for value in values {
                    cut[*value] = true;
                }
            }
        }
        let is_uncut = |value: &usize| given[*value] != gear.values[*value] && !cut[*value];
        match (0..given.len()).find(is_uncut) {
            Some(value) if !leaves => {
                let message = format!(
                    "the output {} {made:?} cannot be cut back where value {value} of the gear was \
                     padded from {} to {}: none of its dimensions follows that in every gear, so its \
                     values depend on the padding; give the shapes of a gear, or take them as they \
                     are (`Padding::NextGearUncut`, `ascend run --pad=uncut`)",
                    spec.name, given[value], gear.values[value],
                );
                Err(Error::new(ErrorKind::Shape, message))
            }
            _ => Ok(shape),
        }
    }
}
