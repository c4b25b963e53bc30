//! Runs on the samples of several requests.

use std::sync::Arc;

use super::{Outputs, Session};
use crate::error::Result;
use crate::model::{AippSpec, Description, TensorSpec};

/// How the samples of several requests are joined: along the first dimension of all inputs and
/// outputs of a model, up to one of the batches that it takes.
#[derive(Debug)]
pub(crate) struct Joint(Vec<Batch>);

/// A batch that the model takes.
#[derive(Debug)]
struct Batch {
    rows: usize,
    /// The shape of each input.
    shapes: Vec<Vec<usize>>,
}

impl Joint {
    /// A joint of batches of which at least one is of several samples.
    fn of(mut batches: Vec<Batch>) -> Option<Self> {
        batches.sort_unstable_by_key(|batch| batch.rows);
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
            rows: first,
            shapes,
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
                rows,
                shapes: gear.shapes.clone(),
            }),
            _ => None,
        });
        Self::of(batches.collect::<Option<_>>()?)
    }

    /// The samples of the largest batch.
    pub(crate) fn most(&self) -> usize {
        self.0.last().map_or(0, |batch| batch.rows)
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

    /// The smallest batch that holds so many samples.
    fn batch(&self, rows: usize) -> Option<&Batch> {
        self.0.iter().find(|batch| batch.rows >= rows)
    }
}

impl Session {
    /// How requests are joined, if they can be.
    pub(crate) fn joint(&mut self) -> Result<Option<Joint>> {
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

    /// Plans the runs of all batches, so that none is planned while requests wait.
    pub(crate) fn prepare(&mut self, joint: &Joint) -> Result<()> {
        let model = Arc::clone(&self.model);
        if model.description().gears.is_none() {
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
        joint: &Joint,
        rows: usize,
        fill: impl Fn(usize, &mut [u8]),
    ) -> Result<Outputs<'_>> {
        let shapes = joint.batch(rows).map_or(&[][..], |batch| &batch.shapes);
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
