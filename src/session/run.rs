//! The ways in which a run goes through the device.

use std::mem;
use std::sync::Arc;
use std::time::Instant;

use ascend_graph::text;

use super::Session;
use super::memory::Mode;
use super::options::Padding;
use super::plan::{Follows, Plan};
use super::timing::Marks;
use crate::call::Current;
use crate::error::{Error, ErrorKind, Result};
use crate::exception;
use crate::model::{Model, Turn};

/// The shapes of the outputs in each gear.
#[derive(Debug)]
pub(super) struct GearOutputs {
    pub(super) shapes: Vec<Vec<Vec<usize>>>,
    pub(super) follows: Follows,
}

/// Where a run is queued: the context is current, and the model's turn is ours.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) current: &'a Current<'a>,
    pub(super) model: &'a Model,
    pub(super) turn: &'a Turn<'a>,
    /// When the device is given up, if ever.
    pub(super) end: Option<Instant>,
}

impl Session {
    /// Runs a plan, and waits.
    pub(super) fn run_plan(&mut self, plan: &mut Plan) -> Result<()> {
        let model = Arc::clone(&self.model);
        let device = model.context().device().ordinal();
        let _span = tracing::trace_span!("run", device).entered();
        let current = model.context().bind()?;
        let turn = model.turn()?;
        let start = exception::start();
        // Whatever is queued must be over before the memory can be touched again. Where that is not
        // known, by an error or a panic, the turn is not ended either.
        self.lost = true;
        let limit = self.options.run_limit;
        let end = limit.and_then(|limit| Instant::now().checked_add(limit));
        let at = At {
            current: &current,
            model: &model,
            turn: &turn,
            end,
        };
        let settled = match self.queue(at, plan) {
            Err(late) if late.is_timeout() => Err(late),
            queued => {
                let settled = self.stream.shared().settle_in(&current, end);
                settled.map(|settled| queued.and(settled))
            }
        };
        let failed = |error| self.failed(error, &current, start);
        let done = settled.map_err(|error| failed(self.hung(error)))?;
        let done = done.map_err(failed);
        turn.end();
        self.lost = false;
        done?;
        if let Some(marks) = &self.marks {
            let timings = marks.timings()?;
            tracing::trace!(
                device,
                upload = ?timings.upload,
                execute = ?timings.execute,
                download = ?timings.download,
                "the device was done"
            );
            self.timings = Some(timings);
        }
        Ok(())
    }

    /// What a wait tells that ended before the work.
    fn hung(&self, error: Error) -> Error {
        let Some(limit) = self.options.run_limit.filter(|_| error.is_timeout()) else {
            return error;
        };
        let message = text!(
            "the device hangs, number {device}: a run was not done within its limit of {limit}, and the \
             memory of it is leaked; use another device, or raise the limit if this one is only slow",
            device = self.context().device().ordinal(),
            limit = format_args!("{limit:?}")
        );
        Error::new(ErrorKind::Device, message).with_source(error)
    }

    /// Cuts back the outputs of inputs that were padded.
    pub(super) fn cut(&mut self, plan: &Plan) -> Result<()> {
        let outputs = self.model.description().outputs.iter().enumerate();
        for ((index, spec), shape) in outputs.zip(&plan.cuts) {
            self.memory.cut(index, spec, shape)?;
        }
        Ok(())
    }

    /// Queues a run. Part of it may be queued when it fails.
    pub(super) fn queue(&mut self, at: At<'_>, plan: &mut Plan) -> Result<()> {
        self.plan_cuts(at, plan)?;
        if let Some(gear) = plan.gear {
            // SAFETY: the stream has settled after the last run, so the memory is idle.
            unsafe { at.model.switch(at.turn, &self.memory.input_set, gear) }?;
        }
        self.set_new_aipp(at)?;
        match self.mode {
            Mode::Fixed => self.queue_fixed(at),
            Mode::Gears => self.queue_in_gear(at, plan),
            Mode::Bounded => self.run_bounded(at),
            Mode::Unbounded => self.run_unbounded(at),
        }
    }

    /// The shapes of the outputs in each gear.
    pub(super) fn gear_outputs(&mut self, model: &Model, turn: &Turn<'_>) -> Result<&GearOutputs> {
        let known = match self.gear_outputs.take() {
            Some(known) => known,
            None => self.ask_gear_outputs(model, turn)?,
        };
        Ok(self.gear_outputs.insert(known))
    }

    fn ask_gear_outputs(&self, model: &Model, turn: &Turn<'_>) -> Result<GearOutputs> {
        let gears = model.description().gears.as_ref();
        let gears = gears.ok_or_else(|| Error::internal("the model has no gears"))?;
        let mut shapes = Vec::with_capacity(gears.gears.len());
        for gear in 0..gears.gears.len() {
            // SAFETY: the stream has settled after the last run, so the memory is idle.
            unsafe { model.switch(turn, &self.memory.input_set, gear) }?;
            shapes.push(output_shapes(model, turn)?);
        }
        let follows = Follows::of(gears, &shapes);
        Ok(GearOutputs { shapes, follows })
    }

    /// Finds what the outputs are to be cut back to after a run on inputs that were padded.
    fn plan_cuts(&mut self, at: At<'_>, plan: &mut Plan) -> Result<()> {
        let (Some(number), Some(given)) = (plan.gear, &plan.padded) else {
            return Ok(());
        };
        let Some(gears) = &at.model.description().gears else {
            return Ok(());
        };
        if !plan.cuts.is_empty() {
            return Ok(());
        }
        let leaves = self.options.padding == Padding::NextGearUncut;
        let known = self.gear_outputs(at.model, at.turn)?;
        let (gear, outputs) = (&gears.gears[number], &at.model.description().outputs);
        let cuts = outputs.iter().enumerate().zip(&known.shapes[number]);
        let cuts = cuts.map(|(output, made)| {
            let cut = known.follows.cut(output, made, (gear, given), leaves);
            cut.map_err(|error| error.with_gears(gears))
        });
        plan.cuts = cuts.collect::<Result<_>>()?;
        Ok(())
    }

    /// Gives the device the parameters of preprocessing that changed.
    fn set_new_aipp(&mut self, at: At<'_>) -> Result<()> {
        while let Some(index) = self.new_aipp.last().copied() {
            if let Some(parameters) = &self.aipp[index] {
                let parameters = (parameters, self.most_pictures(index));
                // SAFETY: the stream has settled after the last run, so the memory is idle.
                unsafe {
                    at.model
                        .set_aipp(at.turn, &self.memory.input_set, index, parameters)
                }?;
            }
            self.new_aipp.pop();
        }
        Ok(())
    }

    /// Queues the copies of all inputs.
    fn queue_inputs(&self, at: At<'_>) -> Result<()> {
        let _span = tracing::trace_span!("queue upload").entered();
        let (stream, marks) = (&self.stream, self.marks.as_ref());
        Marks::record(marks, 0, stream)?;
        for input in &self.memory.inputs {
            // SAFETY: `run_staged` keeps the memory untouched until the stream has settled.
            unsafe { input.upload(stream, at.current) }?;
        }
        Marks::record(marks, 1, stream)
    }

    /// Queues the copies of all outputs.
    fn queue_outputs(&self, at: At<'_>) -> Result<()> {
        let _span = tracing::trace_span!("queue download").entered();
        let (stream, marks) = (&self.stream, self.marks.as_ref());
        Marks::record(marks, 2, stream)?;
        for output in &self.memory.outputs {
            // SAFETY: `run_staged` keeps the memory untouched until the stream has settled.
            unsafe { output.download(stream, at.current) }?;
        }
        Marks::record(marks, 3, stream)
    }

    /// Queues the execution into the session's own memory.
    fn queue_execution(&self, at: At<'_>) -> Result<()> {
        let _span = tracing::trace_span!("queue execution").entered();
        let sets = (&self.memory.input_set, &self.memory.output_set);
        // SAFETY: the datasets name the session's buffers, which `run_staged` keeps untouched
        // until the stream has settled, turn included.
        unsafe { at.model.queue(at.current, at.turn, sets, &self.stream) }
    }

    /// All sizes are known: three parts in a row on the stream.
    fn queue_fixed(&self, at: At<'_>) -> Result<()> {
        self.queue_inputs(at)?;
        self.queue_execution(at)?;
        self.queue_outputs(at)
    }

    /// The same, where the gear tells the sizes.
    fn queue_in_gear(&mut self, at: At<'_>, plan: &mut Plan) -> Result<()> {
        self.queue_inputs(at)?;
        self.queue_execution(at)?;
        if plan.made.is_empty() {
            plan.made = output_shapes(at.model, at.turn)?;
        }
        let outputs = at.model.description().outputs.iter().enumerate();
        for ((index, spec), shape) in outputs.zip(&plan.made) {
            self.memory.expect(index, spec, shape)?;
        }
        self.queue_outputs(at)
    }

    /// The sizes are known after the execution, and have limits.
    fn run_bounded(&mut self, at: At<'_>) -> Result<()> {
        self.memory.tell_shapes(at.model)?;
        self.queue_inputs(at)?;
        self.queue_execution(at)?;
        self.stream.shared().synchronize_in(at.current, at.end)?;
        let mut shape = mem::take(&mut self.shape);
        for (index, spec) in at.model.description().outputs.iter().enumerate() {
            self.memory.output_set.shape(index, &mut shape)?;
            self.memory.expect(index, spec, &shape)?;
        }
        self.shape = shape;
        self.queue_outputs(at)
    }

    /// The engine allocates the outputs, which only the blocking execution does.
    fn run_unbounded(&mut self, at: At<'_>) -> Result<()> {
        self.memory.bind_used(at.model)?;
        self.memory.tell_shapes(at.model)?;
        self.queue_inputs(at)?;
        self.stream.synchronize()?;
        self.memory.allocate_outputs(at.model, |inputs, outputs| {
            let _span = tracing::trace_span!("execute").entered();
            // SAFETY: the inputs are the session's own and idle; the outputs are the engine's to
            // allocate.
            unsafe { at.model.execute(at.turn, inputs, outputs) }
        })?;
        self.queue_outputs(at)
    }
}

/// The shapes of all outputs in the gear that the model was switched to.
fn output_shapes(model: &Model, turn: &Turn<'_>) -> Result<Vec<Vec<usize>>> {
    let outputs = 0..model.description().outputs.len();
    outputs
        .map(|index| model.output_shape(turn, index))
        .collect()
}
