//! Running a model: from the datasets' device memory through the engine and back.

mod failure;

use std::sync::Arc;

use ascend_sys::{
    ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID, ACL_ERROR_GE_FAILURE, ACL_ERROR_GE_PARAM_INVALID,
    ACL_ERROR_RT_MODEL_EXECUTE,
};

use crate::engine::Tensor;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::ledger::Origin;
use crate::memory::Rounding;
use crate::stream::{Stream, Uses};
use crate::sync::{Deadline, lock};
use crate::world::World;

use super::host::{Dataset, Span};
use super::info::{Info, TensorInfo};
use super::inputs::Input;
use super::load::{Model, Run};
use super::tensor_desc::TensorDesc;

/// How much less than a static tensor's size a buffer may have.
pub(super) const SLACK: usize = 64;

/// One run, with all that was known when it was asked for. Memory is looked up when it runs.
struct Job {
    /// The model's number.
    model: u32,
    info: Arc<Info>,
    /// The model, booked until the run is over. A graph has none, for it is run again and again:
    /// each of its runs books anew, so the model can be unloaded in between, and is missed then.
    run: Option<Run>,
    origin: Origin,
    /// The number of the stream that it runs on; the default one's for a blocking run.
    stream: u32,
    gear: Option<usize>,
    inputs: Vec<Input>,
    outputs: Vec<Output>,
    /// Datasets that have to live until the run is done: inputs, outputs.
    datasets: [u64; 2],
    /// Whether the outputs' shapes are told in the dataset.
    tells_shapes: bool,
}

struct Output {
    buffer: u64,
    span: Span,
}

impl Entry<'_> {
    /// Runs a model before it returns. Outputs without memory get some, which is the caller's to
    /// free (R-254…R-258).
    pub(crate) fn execute(&self, id: u32, inputs: u64, outputs: u64) -> Result<(), Fault> {
        let mut job = self.prepare(id, [inputs, outputs], None)?;
        for input in &job.inputs {
            self.check_finished(input.span.address as u64, input.span.bytes);
        }
        let results = match self.failing.take() {
            Some(fault) => Err(job.failed_by(self.world, fault)),
            None => job.compute(self.world),
        };
        let results = results.map_err(|fault| self.tell_run_failed(&job, fault))?;
        for (output, tensor) in job.outputs.iter_mut().zip(&results) {
            if output.span == Span::default() {
                let bytes = tensor.bytes.len().max(1);
                let address = self.allocate(bytes, Rounding::Padded)?;
                let address = usize::try_from(address).map_err(Fault::internal)?;
                output.span = Span { address, bytes };
                self.world.data_buffers.get(output.buffer)?.set(output.span);
            }
        }
        job.store(self.world, &results)
    }

    /// Runs a model when `stream` gets there.
    pub(crate) fn execute_in_stream(
        &self,
        id: u32,
        inputs: u64,
        outputs: u64,
        stream: u64,
    ) -> Result<(), Fault> {
        self.check_stream_handle(stream)?;
        let stream = self.own_stream(stream)?;
        let job = self.prepare(id, [inputs, outputs], Some(&stream))?;
        if let Some(fault) = self.failing.take() {
            return self.submit_operator(&stream, job.uses(), move |world| {
                Err(job.failed_by(world, fault.clone()))
            });
        }
        self.submit_operator(&stream, job.uses(), move |world| {
            let outcome = job.run_late(world);
            outcome.map_err(|fault| fault.coded(ACL_ERROR_RT_MODEL_EXECUTE))
        })
    }

    /// Runs a model behind the work of `stream`, and waits for both. Outputs without memory
    /// get some, for which the run has to wait here.
    pub(crate) fn execute_behind(
        &self,
        id: u32,
        inputs: u64,
        outputs: u64,
        stream: u64,
        deadline: Deadline,
    ) -> Result<(), Fault> {
        let dataset = self.world.datasets.get(outputs)?;
        let count = lock(&dataset.slots).len();
        let is_empty = |index: usize| {
            let buffer = self.world.data_buffers.find(dataset.buffer(index)?)?;
            Some(buffer.span() == Span::default())
        };
        if (0..count).any(|index| is_empty(index) == Some(true)) {
            self.synchronize_stream(stream, deadline)?;
            return self.execute(id, inputs, outputs);
        }
        self.execute_in_stream(id, inputs, outputs, stream)?;
        self.synchronize_stream(stream, deadline)
    }

    /// Checks everything that can be checked before the run.
    fn prepare(&self, id: u32, handles: [u64; 2], stream: Option<&Stream>) -> Result<Job, Fault> {
        let model = self.model_here(id)?;
        let [inputs, outputs] = handles;
        let inputs = self.world.datasets.get(inputs)?;
        let outputs = self.world.datasets.get(outputs)?;
        let info = Arc::clone(&model.info);
        let gear = info.has_gears().then(|| gear(&info, &inputs)).transpose()?;
        model.program(gear.unwrap_or(0))?;
        model.check_given(self.world, self.origin)?;
        // elements may decide the shapes of outputs where those of inputs are fixed
        let tells_shapes = info.has_free_shapes()
            || (gear.is_none() && info.outputs.iter().any(TensorInfo::is_dynamic))
            || (0..info.inputs.len()).any(|index| inputs.desc(index).is_some());
        let inputs = self.inputs(&info, &inputs, gear)?;
        let outputs = self.outputs(&info, &outputs, gear, stream.is_none())?;
        let number = stream.map_or(0, |stream| stream.id);
        let run = match stream {
            Some(stream) if stream.is_captured() => None,
            stream => Some(model.begin(stream.map(|stream| stream.handle))?),
        };
        Ok(Job {
            model: id,
            info,
            run,
            origin: self.origin,
            stream: number,
            gear,
            inputs,
            outputs,
            datasets: handles,
            tells_shapes,
        })
    }

    fn outputs(
        &self,
        info: &Info,
        dataset: &Dataset,
        gear: Option<usize>,
        may_be_empty: bool,
    ) -> Result<Vec<Output>, Fault> {
        let outputs = info.outputs.iter().enumerate();
        outputs
            .map(|(index, output)| {
                let place = format!("output {index} ({})", output.tensor.name);
                let (buffer, span) = self.buffer(dataset, index, &place)?;
                if span == Span::default() && may_be_empty {
                    return Ok(Output { buffer, span });
                }
                if span.address == 0 {
                    return Err(Fault::argument(format!(
                        "{place}: its data buffer has no memory"
                    )));
                }
                let in_gear = gear.and_then(|gear| info.io.gear_output_dims(gear, index));
                let in_gear = in_gear.and_then(|dims| extents(&dims));
                if let Some(dims) = in_gear {
                    check_size(span, byte_size(output, &dims, &place)?, SLACK, &place)?;
                } else if !output.is_dynamic() {
                    check_size(span, output.bytes(), SLACK, &place)?;
                }
                self.check_memory(span, span.bytes, &place)?;
                Ok(Output { buffer, span })
            })
            .collect()
    }

    /// The data buffer in slot `index`: its handle and what it says.
    pub(super) fn buffer(
        &self,
        dataset: &Dataset,
        index: usize,
        place: &str,
    ) -> Result<(u64, Span), Fault> {
        let handle = dataset
            .buffer(index)
            .ok_or_else(|| Fault::argument(format!("{place}: the dataset has no buffer for it")))?;
        let buffer =
            self.world.data_buffers.find(handle).ok_or_else(|| {
                Fault::argument(format!("{place}: its data buffer was destroyed"))
            })?;
        Ok((handle, buffer.span()))
    }

    /// The bytes of a buffer that lie within a tensor.
    pub(super) fn check_memory(&self, span: Span, bytes: usize, place: &str) -> Result<(), Fault> {
        let bytes = bytes.min(span.bytes);
        self.world
            .check_device_memory(span, bytes, place, self.origin)
    }
}

impl Job {
    /// The memory and the objects that the run names.
    fn uses(&self) -> Uses {
        let mut uses = Uses::default();
        for input in &self.inputs {
            let span = input.span;
            uses = uses
                .reads(span.address as u64, span.bytes)
                .object(input.buffer);
        }
        for output in &self.outputs {
            let span = output.span;
            uses = uses
                .writes(span.address as u64, span.bytes)
                .object(output.buffer);
        }
        let [inputs, outputs] = self.datasets;
        uses.object(inputs).object(outputs)
    }

    fn run_late(&self, world: &World) -> Result<(), Fault> {
        let [inputs, outputs] = self.datasets;
        world.datasets.get(inputs)?;
        world.datasets.get(outputs)?;
        let inputs = self.inputs.iter().map(|input| input.buffer);
        for buffer in inputs.chain(self.outputs.iter().map(|output| output.buffer)) {
            world.data_buffers.get(buffer)?;
        }
        let results = self.compute(world)?;
        self.store(world, &results)
    }

    fn load_inputs(&self, world: &World, model: &Model) -> Result<Vec<Tensor>, Fault> {
        let inputs = self.inputs.iter().zip(&model.info.inputs);
        inputs
            .filter_map(|(input, info)| input.load(world, self.origin, info).transpose())
            .collect()
    }

    fn compute(&self, world: &World) -> Result<Vec<Tensor>, Fault> {
        let anew = match &self.run {
            Some(_) => None,
            None => Some(world.models.get(self.model)?.begin_in_graph()),
        };
        let Some(Run { model }) = self.run.as_ref().or(anew.as_ref()) else {
            return Err(Fault::internal("a run without a model"));
        };
        let program = model.program(self.gear.unwrap_or(0))?;
        let _turn = world.execution_turn(model.device, &model.name);
        if world.skips_computing(&model.name)
            && let Some(zeros) = self.zeros()
        {
            return Ok(zeros);
        }
        let inputs = self.load_inputs(world, model)?;
        let kept = model.watched.failures().map(|_| inputs.clone());
        let failed = |text: String| Fault::new(ACL_ERROR_GE_FAILURE, text);
        let results = world.run_watched(model, self.stream, program, inputs);
        let results = results.map_err(|error| {
            let fault = failed(format!("model {} failed: {error}", model.id));
            let Some(operator) = error.node.and_then(|node| model.info.operator(&node)) else {
                return fault;
            };
            let taken =
                kept.and_then(|inputs| world.taken_by(model, &operator.name, program, inputs));
            let fault = fault.of_operator(operator);
            match taken {
                Some(taken) => fault.having_taken(taken),
                None => fault,
            }
        })?;
        let declared = model.info.outputs.iter().map(|info| info.tensor.dtype);
        if !declared.eq(results.iter().map(|tensor| tensor.dtype)) {
            return Err(failed(format!(
                "model {} computed other outputs than its description says",
                model.id
            )));
        }
        Ok(results)
    }

    /// What a run gives that only takes its time: zeros, where the sizes are known.
    fn zeros(&self) -> Option<Vec<Tensor>> {
        let outputs = self.info.outputs.iter();
        let zero = |info: &TensorInfo| {
            let dims = info.tensor.dims.iter().map(|&dim| usize::try_from(dim));
            Some(Tensor {
                dtype: info.tensor.dtype,
                dims: dims.collect::<Result<_, _>>().ok()?,
                bytes: vec![0; info.bytes()],
            })
        };
        outputs.map(zero).collect()
    }

    /// Writes the outputs, once it is clear that all of them fit.
    fn store(&self, world: &World, results: &[Tensor]) -> Result<(), Fault> {
        let outputs = || self.outputs.iter().zip(results).enumerate();
        let infos = &self.info.outputs;
        for (index, (output, tensor)) in outputs() {
            let (has, needs) = (output.span.bytes, tensor.bytes.len());
            if infos[index].is_dynamic() && has < needs {
                let name = &infos[index].tensor.name;
                let text =
                    format!("output {index} ({name}) takes {needs} bytes, its buffer has {has}");
                return Err(Fault::new(ACL_ERROR_GE_FAILURE, text).labelled("E13031"));
            }
        }
        for (_, (output, tensor)) in outputs() {
            // What lies within the slack of a static size falls off the end, as on a device, where
            // it lands in the block's padding.
            let bytes = tensor.bytes.len().min(output.span.bytes);
            world.write_span(output.span, &tensor.bytes[..bytes], self.origin)?;
        }
        if self.tells_shapes {
            let dataset = world.datasets.get(self.datasets[1])?;
            for (index, (_, tensor)) in outputs() {
                let desc = describe(&infos[index], tensor)?;
                world.set_desc(&dataset, index, Some(desc), self.origin)?;
            }
        }
        Ok(())
    }
}

/// The gear that the values in the dataset name; one that is not the model's is the first one
/// without a word, as on the device. A dataset without values has none (stricter than the device).
fn gear(info: &Info, dataset: &Dataset) -> Result<usize, Fault> {
    let Some(values) = lock(&dataset.gear).clone() else {
        return Err(Fault::new(
            ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID,
            "no gear was chosen for this run; call aclmdlSetDynamicBatchSize, \
             aclmdlSetDynamicHWSize or aclmdlSetInputDynamicDims on the input dataset first",
        ));
    };
    let gears = &info.gears;
    Ok(gears.iter().position(|gear| *gear == values).unwrap_or(0))
}

pub(super) fn extents(dims: &[i64]) -> Option<Vec<usize>> {
    dims.iter().map(|&dim| usize::try_from(dim).ok()).collect()
}

pub(super) fn byte_size(info: &TensorInfo, dims: &[usize], place: &str) -> Result<usize, Fault> {
    let count = dims
        .iter()
        .try_fold(1_u64, |product, &dim| product.checked_mul(dim as u64));
    let bytes = count.and_then(|count| info.tensor.dtype.bytes_of(count));
    bytes
        .and_then(|bytes| usize::try_from(bytes).ok())
        .ok_or_else(|| {
            let dtype = info.tensor.dtype;
            Fault::argument(format!(
                "{place}: {dtype} with shape {dims:?} has no size in bytes"
            ))
        })
}

/// a buffer may be a little too small, and too large by whatever.
pub(super) fn check_size(span: Span, bytes: usize, slack: usize, place: &str) -> Result<(), Fault> {
    if span.bytes.saturating_add(slack) < bytes {
        let text = format!(
            "{place}: its buffer has {} bytes, the model needs {bytes}",
            span.bytes
        );
        return Err(Fault::new(ACL_ERROR_GE_PARAM_INVALID, text).labelled("E13025"));
    }
    Ok(())
}

fn describe(info: &TensorInfo, tensor: &Tensor) -> Result<TensorDesc, Fault> {
    let dims = tensor.dims.iter().map(|&dim| i64::try_from(dim));
    let dims = dims.collect::<Result<_, _>>().map_err(Fault::internal)?;
    Ok(TensorDesc::new(info.data_type(), dims, info.format()))
}
