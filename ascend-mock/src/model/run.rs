//! Running a model: from the datasets' device memory through the engine and back.

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
use crate::world::World;

use super::host::{Dataset, Span, TensorDesc};
use super::info::{Info, TensorInfo};
use super::load::Run;

/// How much less than a static tensor's size a buffer may have.
const SLACK: usize = 64;

/// One run, with all that was known when it was asked for. Memory is looked up when it runs.
struct Job {
    run: Run,
    origin: Origin,
    inputs: Vec<Input>,
    outputs: Vec<Output>,
    /// Datasets that have to live until the run is done: inputs, outputs.
    datasets: [u64; 2],
    /// Whether the outputs' shapes are told in the dataset.
    tells_shapes: bool,
}

struct Input {
    buffer: u64,
    span: Span,
    dims: Vec<usize>,
    bytes: usize,
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
        let results = job.compute(self.world)?;
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
        self.submit_operator(&stream, job.uses(), move |world| {
            let outcome = job.run_late(world);
            outcome.map_err(|fault| Fault::new(ACL_ERROR_RT_MODEL_EXECUTE, fault.text))
        })
    }

    /// Checks everything that can be checked before the run.
    fn prepare(&self, id: u32, handles: [u64; 2], stream: Option<&Stream>) -> Result<Job, Fault> {
        let model = self.model_here(id)?;
        let [inputs, outputs] = handles;
        let inputs = self.world.datasets.get(inputs)?;
        let outputs = self.world.datasets.get(outputs)?;
        model.program(&self.world.config.soc_name)?;
        let info = Arc::clone(&model.info);
        if info.has_gears() {
            return Err(Fault::new(
                ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID,
                "no gear was chosen for this run",
            ));
        }
        let tells_shapes = info.has_free_shapes()
            || (0..info.inputs.len()).any(|index| inputs.desc(index).is_some());
        let inputs = self.inputs(&info, &inputs)?;
        let outputs = self.outputs(&info, &outputs, stream.is_none())?;
        Ok(Job {
            run: model.begin(stream.map(|stream| stream.handle))?,
            origin: self.origin,
            inputs,
            outputs,
            datasets: handles,
            tells_shapes,
        })
    }

    fn inputs(&self, info: &Info, dataset: &Dataset) -> Result<Vec<Input>, Fault> {
        let inputs = info.inputs.iter().enumerate();
        inputs
            .map(|(index, input)| {
                let place = format!("input {index} ({})", input.tensor.name);
                let (buffer, span) = self.buffer(dataset, index, &place)?;
                let shape = self.world.shape(dataset, index);
                let dims = dims(input, shape.as_deref(), &place)?;
                let bytes = byte_size(input, &dims, &place)?;
                if span.address == 0 {
                    return Err(Fault::argument(format!(
                        "{place}: its data buffer has no memory"
                    )));
                }
                check_size(span, bytes, &place)?;
                self.check_memory(span, bytes, &place)?;
                Ok(Input {
                    buffer,
                    span,
                    dims,
                    bytes,
                })
            })
            .collect()
    }

    fn outputs(
        &self,
        info: &Info,
        dataset: &Dataset,
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
                if !output.is_dynamic() {
                    check_size(span, output.bytes(), &place)?;
                }
                self.check_memory(span, span.bytes, &place)?;
                Ok(Output { buffer, span })
            })
            .collect()
    }

    /// The data buffer in slot `index`: its handle and what it says.
    fn buffer(&self, dataset: &Dataset, index: usize, place: &str) -> Result<(u64, Span), Fault> {
        let handle = dataset
            .buffer(index)
            .ok_or_else(|| Fault::argument(format!("{place}: the dataset has no buffer for it")))?;
        let buffer =
            self.world.data_buffers.find(handle).ok_or_else(|| {
                Fault::argument(format!("{place}: its data buffer was destroyed"))
            })?;
        Ok((handle, buffer.span()))
    }

    /// Models take device memory only.
    fn check_memory(&self, span: Span, bytes: usize, place: &str) -> Result<(), Fault> {
        let found = self
            .world
            .span(span.address as u64, bytes.min(span.bytes), self.origin);
        found.map(|_| ()).map_err(|fault| fault.within(place))
    }
}

impl Job {
    /// What a queued run names.
    fn uses(&self) -> Uses {
        let [inputs, outputs] = self.datasets;
        let mut uses = Uses::default().object(inputs).object(outputs);
        for Input { buffer, span, .. } in &self.inputs {
            uses = uses.object(*buffer).reads(span.address as u64, span.bytes);
        }
        for Output { buffer, span } in &self.outputs {
            uses = uses.object(*buffer).writes(span.address as u64, span.bytes);
        }
        uses
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

    fn compute(&self, world: &World) -> Result<Vec<Tensor>, Fault> {
        let model = &self.run.model;
        let program = model.program(&world.config.soc_name)?;
        let inputs = self.inputs.iter().zip(&model.info.inputs);
        let inputs: Result<Vec<Tensor>, Fault> = inputs
            .map(|(input, info)| input.load(world, self.origin, info))
            .collect();
        let failed = |text: String| Fault::new(ACL_ERROR_GE_FAILURE, text);
        let results = program
            .run(inputs?)
            .map_err(|error| failed(format!("model {} failed: {error}", model.id)))?;
        let declared = model.info.outputs.iter().map(|info| info.tensor.dtype);
        if !declared.eq(results.iter().map(|tensor| tensor.dtype)) {
            return Err(failed(format!(
                "model {} computed other outputs than its description says",
                model.id
            )));
        }
        Ok(results)
    }

    /// Writes the outputs, once it is clear that all of them fit.
    fn store(&self, world: &World, results: &[Tensor]) -> Result<(), Fault> {
        let outputs = || self.outputs.iter().zip(results).enumerate();
        let infos = &self.run.model.info.outputs;
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
            let span = world.span(output.span.address as u64, bytes, self.origin)?;
            span.write(&tensor.bytes[..bytes]);
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

impl Input {
    /// Reads the input; what a buffer within the slack lacks is zero.
    fn load(&self, world: &World, by: Origin, info: &TensorInfo) -> Result<Tensor, Fault> {
        let present = self.bytes.min(self.span.bytes);
        let span = world.span(self.span.address as u64, present, by)?;
        let mut bytes = vec![0; self.bytes];
        span.read(&mut bytes[..present]);
        Ok(Tensor {
            dtype: info.tensor.dtype,
            dims: self.dims.clone(),
            bytes,
        })
    }
}

/// The shape of an input in this run: the model's own, or one that fits into it.
fn dims(info: &TensorInfo, shape: Option<&TensorDesc>, place: &str) -> Result<Vec<usize>, Fault> {
    let stored = &info.tensor.dims;
    let given = shape.map_or(stored, |shape| &shape.dims);
    if shape.is_some_and(|shape| shape.dtype != info.data_type()) {
        return Err(Fault::argument(format!(
            "{place}: its tensor description is of another data type than the model's {}",
            info.tensor.dtype
        )));
    }
    let fits = |axis: usize, dim: i64| {
        let stored = stored[axis];
        let [least, most] = info.tensor.ranges.get(axis).copied().unwrap_or([0, -1]);
        dim == stored || stored < 0 && dim >= least && (most < 0 || dim <= most)
    };
    let all_fit =
        given.len() == stored.len() && given.iter().enumerate().all(|(axis, &dim)| fits(axis, dim));
    let extents: Option<Vec<usize>> = given.iter().map(|&dim| usize::try_from(dim).ok()).collect();
    extents.filter(|_| all_fit).ok_or_else(|| {
        let ranges = &info.tensor.ranges;
        Fault::argument(format!(
            "{place}: shape {given:?} is out of the model's {stored:?} with ranges {ranges:?}; set \
             the shape of this run with aclmdlSetDatasetTensorDesc"
        ))
    })
}

fn byte_size(info: &TensorInfo, dims: &[usize], place: &str) -> Result<usize, Fault> {
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
fn check_size(span: Span, bytes: usize, place: &str) -> Result<(), Fault> {
    if span.bytes.saturating_add(SLACK) < bytes {
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
