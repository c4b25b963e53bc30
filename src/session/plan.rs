//! What a run is to do, as the shapes of its inputs decide it.

use ascend_graph::{DataType, Text, text};

use super::options::Padding;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{AippParameters, AippSpec, Description, Gear, GearKind, Gears, TensorSpec};

/// What a run is to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// The shapes of the inputs that it is for.
    pub(super) given: Vec<Vec<usize>>,
    /// The gear that the model is switched to, if it has some.
    pub(super) gear: Option<usize>,
    /// The shape of each input in the device's memory.
    pub(super) shapes: Vec<Vec<usize>>,
    /// What the values of the gear were before inputs were padded to it, if they were.
    pub(super) padded: Option<Vec<usize>>,
    /// The shapes of the outputs in the gear, once it was run.
    pub(super) made: Vec<Vec<usize>>,
    /// What the outputs are cut back to where inputs were padded, once it was run.
    pub(super) cuts: Vec<Vec<usize>>,
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
    /// The plan of a run on inputs of these shapes, which come in the model's order.
    pub(super) fn of<'s>(
        setting: &Setting<'_>,
        shape: &impl Fn(usize) -> &'s [usize],
    ) -> Result<Self> {
        if let Some(gears) = &setting.description.gears {
            setting.check(shape)?;
            let inputs = 0..setting.description.inputs.len();
            let given: Vec<_> = inputs.map(shape).collect();
            return setting.choose(gears, &given);
        }
        let mut plan = Self::default();
        plan.renew(setting, shape)?;
        Ok(plan)
    }

    /// Makes it the plan for other shapes of a model without gears, of which it holds nothing else.
    pub(super) fn renew<'s>(
        &mut self,
        setting: &Setting<'_>,
        shape: &impl Fn(usize) -> &'s [usize],
    ) -> Result<()> {
        setting.check(shape)?;
        for shapes in [&mut self.given, &mut self.shapes] {
            shapes.resize_with(setting.description.inputs.len(), Vec::new);
            for (index, held) in shapes.iter_mut().enumerate() {
                held.clear();
                held.extend_from_slice(shape(index));
            }
        }
        Ok(())
    }

    /// Whether it is for inputs of these shapes.
    pub(super) fn is_for<'s>(&self, inputs: usize, shape: &impl Fn(usize) -> &'s [usize]) -> bool {
        let mut given = self.given.iter().enumerate();
        self.given.len() == inputs && given.all(|(index, given)| given == shape(index))
    }
}

impl<'a> Setting<'a> {
    /// Refuses shapes that no run of the model takes. Whether they are of a gear is another matter.
    fn check<'s>(&self, shape: &impl Fn(usize) -> &'s [usize]) -> Result<()> {
        let gears = self.description.gears.as_ref();
        for (index, spec) in self.description.inputs.iter().enumerate() {
            let (given, parameters) = (shape(index), self.parameters(index)?);
            let Some(parameters) = parameters else {
                if spec.accepts(given) {
                    continue;
                }
                let error = misfit(&spec.to_string(), spec.dtype, given);
                return Err(match gears {
                    Some(gears) => error.with_gears(gears),
                    None => error,
                });
            };
            let batch = spec.dims.first().copied().flatten().unwrap_or(1);
            let shape = parameters.shape(batch);
            if gears.is_none() && given != shape {
                let what = format!("{} uint8 {shape:?} with these parameters", spec.name);
                return Err(misfit(&what, spec.dtype, given));
            }
        }
        Ok(())
    }

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
    fn choose(&self, gears: &Gears, given: &[&[usize]]) -> Result<Plan> {
        let is_padded = |input: usize, axis: usize| {
            gears
                .axes
                .iter()
                .any(|free| (free.input, free.axis) == (input, axis))
        };
        let mut next: Option<(u64, usize, Vec<Vec<usize>>)> = None;
        for (number, gear) in gears.gears.iter().enumerate() {
            let shapes = (0..given.len()).map(|index| self.shape(gears.kind, gear, index));
            let shapes = shapes.collect::<Result<Vec<_>>>()?;
            if shapes == given {
                return Ok(Plan {
                    given: shapes.clone(),
                    gear: Some(number),
                    shapes,
                    ..Plan::default()
                });
            }
            let holds = shapes
                .iter()
                .zip(given)
                .enumerate()
                .all(|(input, (shape, given))| {
                    let mut lens = shape.iter().zip(*given).enumerate();
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
                text!(
                    "give the shapes of a gear, or let them be padded to the next one \
                     (`Padding::NextGear`, `ascend run --pad`)"
                )
            } else {
                text!("give the shapes of a gear, or convert the model with one for these")
            };
            return Err(self.no_gear(gears, given, way));
        }
        let Some((_, number, shapes)) = next else {
            let way = text!("no gear holds them: convert the model with a larger one");
            return Err(self.no_gear(gears, given, way));
        };
        Ok(Plan {
            given: given.iter().map(|shape| shape.to_vec()).collect(),
            gear: Some(number),
            padded: Some(self.values(gears, given)?),
            shapes,
            ..Plan::default()
        })
    }

    /// The values that inputs would have as a gear, which have to agree.
    fn values(&self, gears: &Gears, given: &[&[usize]]) -> Result<Vec<usize>> {
        let count = gears.gears.iter().map(|gear| gear.values.len()).max();
        let mut values: Vec<Option<(usize, usize)>> = vec![None; count.unwrap_or(0)];
        for axis in &gears.axes {
            let len = given[axis.input][axis.axis];
            match &mut values[axis.value] {
                Some((input, other)) if *other != len => {
                    let names =
                        [*input, axis.input].map(|input| &self.description.inputs[input].name);
                    let way = text!(
                        "input {one} is {other} long and input {next} is {len} where one value of a gear \
                         holds for both: give them the same length",
                        one = names[0],
                        other = *other,
                        next = names[1],
                        len
                    );
                    return Err(self.no_gear(gears, given, way));
                }
                place => *place = Some((axis.input, len)),
            }
        }
        Ok(values
            .iter()
            .map(|value| value.map_or(0, |(_, len)| len))
            .collect())
    }

    fn no_gear(&self, gears: &Gears, given: &[&[usize]], way: Text) -> Error {
        let specs = &self.description.inputs;
        let listed = |texts: Vec<String>| texts.join(", ");
        let given = specs
            .iter()
            .zip(given)
            .map(|(spec, shape)| format!("{} {} {shape:?}", spec.name, spec.dtype.name()));
        let message = text!(
            "the model takes {inputs} in the gears {gears}, and was given {given}: {way}",
            inputs = listed(specs.iter().map(ToString::to_string).collect()),
            gears = gears.tell(specs),
            given = listed(given.collect()),
            way
        );
        Error::new(ErrorKind::Shape, message).with_gears(gears)
    }
}

/// The error of an input whose shape is not what the model takes.
fn misfit(taken: &str, dtype: DataType, shape: &[usize]) -> Error {
    let message = text!(
        "the model takes {taken}, and was given {dtype} {shape}: reshape the input, or convert the model \
         for this shape",
        taken,
        dtype = dtype.name(),
        shape = format_args!("{shape:?}")
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

    /// Whether the first dimension of each output follows the value 0 of a gear.
    pub(super) fn rows_follow(&self) -> bool {
        let follows = |output: &Vec<Vec<usize>>| output.first().is_some_and(|row| row.contains(&0));
        self.0.iter().all(follows)
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
