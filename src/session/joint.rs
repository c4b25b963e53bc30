//! Runs on the samples of several requests.

use std::sync::Arc;

use super::memory::Mode;
use super::{Outputs, Session};
use crate::error::Result;
use crate::model::{AippSpec, Description, TensorSpec};

/// How the samples of several requests are joined: along the first dimension of all inputs and
/// outputs of a model, up to one of the batches that it takes.
#[derive(Clone, Debug)]
pub(crate) struct Joint(Vec<Batch>);

/// A batch that the model takes, of so many samples, or all from the least to the most.
#[derive(Clone, Debug)]
struct Batch {
    least: usize,
    most: usize,
    /// The shape of each input, of the samples that were last asked for.
    shapes: Vec<Vec<usize>>,
}

impl Joint {
    /// A joint of batches of which at least one is of several samples.
    fn of(mut batches: Vec<Batch>) -> Option<Self> {
        batches.sort_unstable_by_key(|batch| batch.most);
        let joint = Self(batches);
        (joint.most() > 1).then_some(joint)
    }

    /// That of a model with one batch, the first dimension of all that it takes and gives.
    fn fixed(description: &Description) -> Option<Self> {
        let tensors = description.inputs.iter().chain(&description.outputs);
        let mut rows = tensors.map(|spec| spec.fixed_shape()?.first().copied());
        let first = rows.next()??;
        let shapes = description.inputs.iter().map(TensorSpec::fixed_shape);
        let shapes = shapes.collect::<Option<_>>()?;
        rows.all(|rows| rows == Some(first)).then_some(())?;
        Self::of(vec![Batch {
            least: first,
            most: first,
            shapes,
        }])
    }

    /// That of a model whose inputs have the batch as the one dimension that varies, up to `free`
    /// samples where it has no limit. What the outputs follow, a run tells.
    fn range(description: &Description, free: usize) -> Option<Self> {
        let mut ranges = description.inputs.iter().map(|spec| spec.ranges.first());
        let first = ranges.next()??;
        ranges.all(|range| range == Some(first)).then_some(())?;
        let most = first.most.unwrap_or(free);
        (first.least <= most).then_some(())?;
        let shape = |spec: &TensorSpec| match &spec.dims[..] {
            [None, row @ ..] => [Some(most)].iter().chain(row).copied().collect(),
            _ => None,
        };
        let shapes = description.inputs.iter().map(shape);
        Self::of(vec![Batch {
            least: first.least.max(1),
            most,
            shapes: shapes.collect::<Option<_>>()?,
        }])
    }

    /// That of a model whose gears are batches of all its inputs.
    fn gears(description: &Description) -> Option<Self> {
        let gears = description.gears.as_ref()?;
        let mut axes = gears.axes.iter();
        let is_batch = axes.all(|axis| axis.axis == 0 && axis.value == 0)
            && gears.axes.len() == description.inputs.len();
        is_batch.then_some(())?;
        let batches = gears.gears.iter().map(|gear| match gear.values[..] {
            [rows] => Some(Batch {
                least: rows,
                most: rows,
                shapes: gear.shapes.clone(),
            }),
            _ => None,
        });
        Self::of(batches.collect::<Option<_>>()?)
    }

    /// The samples of the largest batch.
    pub(crate) fn most(&self) -> usize {
        self.0.last().map_or(0, |batch| batch.most)
    }

    /// The samples that inputs of these shapes are of, if they can be joined with others.
    pub(crate) fn rows<'i>(&self, shape: impl Fn(usize) -> &'i [usize]) -> Option<usize> {
        let wanted = &self.0.last()?.shapes;
        let rows = *shape(0).first()?;
        let mut inputs = wanted.iter().enumerate();
        let fits = inputs.all(|(index, wanted)| {
            let given = shape(index);
            given.first() == Some(&rows) && given.get(1..) == wanted.get(1..)
        });
        (fits && (1..=self.most()).contains(&rows)).then_some(rows)
    }

    /// The samples of the smallest batch that holds so many.
    pub(crate) fn batch(&self, rows: usize) -> usize {
        let mut batches = self.0.iter();
        let batch = batches.find(|batch| batch.most >= rows);
        batch.map_or(0, |batch| batch.least.max(rows))
    }

    /// The shapes of the inputs in that batch.
    fn shapes(&mut self, rows: usize) -> &[Vec<usize>] {
        let samples = self.batch(rows);
        let batch = self.0.iter_mut().find(|batch| batch.most >= rows);
        let Some(Batch { shapes, .. }) = batch else {
            return &[];
        };
        for first in shapes.iter_mut().filter_map(|shape| shape.first_mut()) {
            *first = samples;
        }
        shapes
    }
}

impl Session {
    /// How requests are joined, if they can be; up to `free` samples where the model has no limit.
    pub(crate) fn joint(&mut self, free: usize) -> Result<Option<Joint>> {
        let model = Arc::clone(&self.model);
        let description = model.description();
        let mut tensors = description.inputs.iter().chain(&description.outputs);
        let is_plain = tensors.all(|spec| {
            spec.dtype.bytes().is_some() && !matches!(spec.aipp, Some(AippSpec::Dynamic { .. }))
        });
        if !is_plain || description.inputs.is_empty() {
            return Ok(None);
        }
        if description.gears.is_none() {
            if let Some(mut joint) = Joint::range(description, free) {
                return Ok(self.follows(&mut joint)?.then_some(joint));
            }
            return Ok(Joint::fixed(description));
        }
        let Some(joint) = Joint::gears(description) else {
            return Ok(None);
        };
        let turn = model.turn()?;
        let known = self.gear_outputs(&model, &turn);
        let follow = known.map(|known| known.follows.rows_follow());
        turn.end();
        Ok(follow?.then_some(joint))
    }

    /// Whether all outputs follow the batch, and nothing else of their shapes does: in the smallest
    /// and the largest batch, of zeros.
    fn follows(&mut self, joint: &mut Joint) -> Result<bool> {
        let batches = [joint.batch(1), joint.most()];
        let mut rows = Vec::new();
        for batch in batches {
            for (index, output) in self.try_batch(joint, batch)?.iter().enumerate() {
                let row = match output.shape() {
                    [first, row @ ..] if *first == batch => row,
                    _ => return Ok(false),
                };
                if rows.len() == index {
                    rows.push(row.to_vec());
                } else if rows[index] != row {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Runs a batch of zeros.
    fn try_batch(&mut self, joint: &mut Joint, batch: usize) -> Result<Outputs<'_>> {
        let tried = self.run_joint(joint, batch, |_, bytes| bytes.fill(0));
        tried.map_err(|error| {
            error.while_doing(format_args!(
                "cannot try on {batch} samples of zeros whether requests can be joined \
                 (`PoolOptions::joins(false)` leaves it out)"
            ))
        })
    }

    /// Plans the runs of all batches, so that none is planned while requests wait. Without gears a
    /// run does that, of as many zeros as it holds.
    pub(crate) fn prepare(&mut self, joint: &mut Joint) -> Result<()> {
        let model = Arc::clone(&self.model);
        if model.description().gears.is_none() {
            if self.mode != Mode::Fixed {
                let most = joint.most();
                self.try_batch(joint, most)?;
            }
            return Ok(());
        }
        let turn = model.turn()?;
        let known = self.gear_outputs(&model, &turn);
        let known = known.map(|known| known.shapes.clone());
        turn.end();
        let known = known?;
        for batch in &joint.0 {
            let number =
                self.hold(|index| batch.shapes.get(index).map_or(&[][..], Vec::as_slice))?;
            self.plans.expect(number, &known);
        }
        Ok(())
    }

    /// Runs on `rows` samples, at most as many as the largest batch, and waits; what is behind them
    /// in the smallest batch that holds them is zero. `fill` is given the number of each input, and
    /// its bytes for so many samples.
    pub(crate) fn run_joint(
        &mut self,
        joint: &mut Joint,
        rows: usize,
        fill: impl Fn(usize, &mut [u8]),
    ) -> Result<Outputs<'_>> {
        let shapes = joint.shapes(rows);
        let number = self.hold(|index| shapes.get(index).map_or(&[][..], Vec::as_slice))?;
        for (index, input) in self.memory.inputs.iter_mut().enumerate() {
            let (shape, bytes) = input.parts_mut();
            let batch = shape.first().copied().unwrap_or(1).max(rows);
            let (given, behind) = bytes.split_at_mut(bytes.len() / batch * rows);
            fill(index, given);
            behind.fill(0);
        }
        self.plans.stage(number);
        self.run_staged()
    }
}
