//! The ways in which a run goes through the device.

use super::Session;
use super::memory::Mode;
use super::options::Padding;
use super::plan::{Follows, Plan};
use super::timing::Marks;
use crate::error::Result;
use crate::model::{Model, Turn};

/// The shapes of the outputs in each gear.
#[derive(Debug)]
pub(super) struct GearOutputs {
    shapes: Vec<Vec<Vec<usize>>>,
    follows: Follows,
}

impl Session {
    /// Queues a run, and gives the shapes that its outputs are to be cut back to, if they are. Part
    /// of it may be queued when it fails.
    pub(super) fn queue(
        &mut self,
        model: &Model,
        turn: &Turn<'_>,
        plan: &Plan,
    ) -> Result<Vec<Vec<usize>>> {
        let cuts = self.cuts(model, turn, plan)?;
        if let Some(gear) = plan.gear {
            // SAFETY: the stream has settled after the last run, so the memory is idle.
            unsafe { model.switch(turn, &self.memory.input_set, gear) }?;
        }
        self.set_new_aipp(model, turn)?;
        match self.mode {
            Mode::Fixed => self.queue_fixed(model, turn),
            Mode::Gears => self.queue_in_gear(model, turn),
            Mode::Bounded => self.run_bounded(model, turn),
            Mode::Unbounded => self.run_unbounded(model, turn),
        }?;
        Ok(cuts)
    }

    /// What the outputs are to be cut back to after a run on inputs that were padded.
    fn cuts(&mut self, model: &Model, turn: &Turn<'_>, plan: &Plan) -> Result<Vec<Vec<usize>>> {
        let (Some(number), Some(given)) = (plan.gear, &plan.given) else {
            return Ok(Vec::new());
        };
        let Some(gears) = &model.description().gears else {
            return Ok(Vec::new());
        };
        if self.gear_outputs.is_none() {
            let outputs = 0..model.description().outputs.len();
            let mut shapes = Vec::with_capacity(gears.gears.len());
            for gear in 0..gears.gears.len() {
                // SAFETY: the stream has settled after the last run, so the memory is idle.
                unsafe { model.switch(turn, &self.memory.input_set, gear) }?;
                let made = outputs.clone().map(|index| model.output_shape(turn, index));
                shapes.push(made.collect::<Result<Vec<_>>>()?);
            }
            let follows = Follows::of(gears, &shapes);
            self.gear_outputs = Some(GearOutputs { shapes, follows });
        }
        let known = self.gear_outputs.as_ref();
        let Some((known, made)) = known.and_then(|known| Some((known, known.shapes.get(number)?)))
        else {
            return Ok(Vec::new());
        };
        let leaves = self.options.padding == Padding::NextGearUncut;
        let (gear, outputs) = (&gears.gears[number], &model.description().outputs);
        let cuts = outputs.iter().enumerate().zip(made).map(|(output, made)| {
            let cut = known.follows.cut(output, made, (gear, given), leaves);
            cut.map_err(|error| error.with_gears(gears))
        });
        cuts.collect()
    }

    /// Gives the device the parameters of preprocessing that changed.
    fn set_new_aipp(&mut self, model: &Model, turn: &Turn<'_>) -> Result<()> {
        while let Some(index) = self.new_aipp.last().copied() {
            if let Some(parameters) = &self.aipp[index] {
                let parameters = (parameters, self.most_pictures(index));
                // SAFETY: the stream has settled after the last run, so the memory is idle.
                unsafe { model.set_aipp(turn, &self.memory.input_set, index, parameters) }?;
            }
            self.new_aipp.pop();
        }
        Ok(())
    }

    /// Queues the copies of all inputs.
    fn queue_inputs(&self) -> Result<()> {
        let (stream, marks) = (&self.stream, self.marks.as_ref());
        Marks::record(marks, 0, stream)?;
        for input in &self.memory.inputs {
            // SAFETY: `run_staged` keeps the memory untouched until the stream has settled.
            unsafe { input.upload(stream) }?;
        }
        Marks::record(marks, 1, stream)
    }

    /// Queues the copies of all outputs.
    fn queue_outputs(&self) -> Result<()> {
        let (stream, marks) = (&self.stream, self.marks.as_ref());
        Marks::record(marks, 2, stream)?;
        for output in &self.memory.outputs {
            // SAFETY: `run_staged` keeps the memory untouched until the stream has settled.
            unsafe { output.download(stream) }?;
        }
        Marks::record(marks, 3, stream)
    }

    /// Queues the execution into the session's own memory.
    fn queue_execution(&self, model: &Model, turn: &Turn<'_>) -> Result<()> {
        let memory = &self.memory;
        // SAFETY: the datasets name the session's buffers, which `run_staged` keeps untouched
        // until the stream has settled, turn included.
        unsafe { model.queue(turn, &memory.input_set, &memory.output_set, &self.stream) }
    }

    /// All sizes are known: three parts in a row on the stream.
    fn queue_fixed(&self, model: &Model, turn: &Turn<'_>) -> Result<()> {
        self.queue_inputs()?;
        self.queue_execution(model, turn)?;
        self.queue_outputs()
    }

    /// The same, where the gear tells the sizes.
    fn queue_in_gear(&mut self, model: &Model, turn: &Turn<'_>) -> Result<()> {
        self.queue_inputs()?;
        self.queue_execution(model, turn)?;
        for (index, spec) in model.description().outputs.iter().enumerate() {
            let shape = model.output_shape(turn, index)?;
            self.memory.expect(index, spec, &shape)?;
        }
        self.queue_outputs()
    }

    /// The sizes are known after the execution, and have limits.
    fn run_bounded(&mut self, model: &Model, turn: &Turn<'_>) -> Result<()> {
        self.memory.tell_shapes(model)?;
        self.queue_inputs()?;
        self.queue_execution(model, turn)?;
        self.stream.synchronize()?;
        for (index, spec) in model.description().outputs.iter().enumerate() {
            let shape = self.memory.output_set.shape(index)?;
            self.memory.expect(index, spec, &shape)?;
        }
        self.queue_outputs()
    }

    /// The engine allocates the outputs, which only the blocking execution does.
    fn run_unbounded(&mut self, model: &Model, turn: &Turn<'_>) -> Result<()> {
        self.memory.bind_used(model)?;
        self.memory.tell_shapes(model)?;
        self.queue_inputs()?;
        self.stream.synchronize()?;
        self.memory.allocate_outputs(model, |inputs, outputs| {
            // SAFETY: the inputs are the session's own and idle; the outputs are the engine's to
            // allocate.
            unsafe { model.execute(turn, inputs, outputs) }
        })?;
        self.queue_outputs()
    }
}
