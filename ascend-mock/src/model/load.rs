//! Loading and unloading.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use crate::compiler::PROGRAM_VERSION;
use crate::config::SOC_NAME;
use crate::engine::{Engine, Program};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::ledger::{Kind, Live, Origin};
use crate::memory::{Reservation, Space};
use crate::sync::lock;
use crate::watch::Watched;
use crate::world::World;
use ascend_graph::om::OmModel;
use ascend_sys::{
    ACL_ERROR_GE_EXEC_MODEL_ID_INVALID, ACL_ERROR_GE_EXEC_MODEL_QUEUE_ID_INVALID,
    ACL_ERROR_GE_EXEC_NOT_INIT, ACL_ERROR_GE_FAILURE, ACL_ERROR_GE_LOAD_MODEL,
    ACL_ERROR_GE_PARAM_INVALID, ACL_ERROR_GE_UNLOAD_MODEL, ACL_ERROR_RT_MODEL_CONTEXT,
};

use super::host::Span;
use super::info::Info;
use super::source::{Load, Source, open};
use super::weights::{Outside, weights};

/// Memory that a program gives starts at a multiple of this.
const GIVEN_ALIGNMENT: usize = 64;

/// A loaded model.
pub(crate) struct Model {
    pub(crate) id: u32,
    /// Its file's name without the extension; without a file, empty.
    pub(crate) name: String,
    pub(crate) device: u32,
    context: u64,
    origin: Origin,
    pub(crate) info: Arc<Info>,
    /// The gear that was chosen last, for whatever dataset.
    pub(crate) gear: Mutex<Option<usize>>,
    pub(crate) priority: AtomicI32,
    /// The bundle that it is of.
    bundle: Option<u32>,
    program: Executable,
    pub(crate) watched: Watched,
    work: Mutex<Work>,
    /// Work memory and weights of the program's, which have to live as long as the model.
    given: Vec<(Span, &'static str)>,
    /// Work memory and weights of the model's own.
    _memory: Reservation,
}

/// What a file holds besides its description.
enum Executable {
    /// One program, or one for each gear.
    Programs(Vec<Box<dyn Program>>),
    /// Code for some chip.
    DeviceCode { soc: String },
}

/// Where a model is at work, and how often.
#[derive(Default)]
struct Work {
    runs: usize,
    stream: Option<u64>,
}

/// One run of a model, queued or under way.
pub(crate) struct Run {
    pub(crate) model: Arc<Model>,
}

impl Drop for Run {
    fn drop(&mut self) {
        lock(&self.model.work).runs -= 1;
    }
}

impl Model {
    /// What computes the model; a file for a chip has nothing that the CPU device could run.
    pub(crate) fn program(&self, gear: usize) -> Result<&dyn Program, Fault> {
        match &self.program {
            Executable::Programs(programs) => {
                let program = programs.get(gear).or(programs.first());
                let program =
                    program.ok_or_else(|| Fault::internal("a model without a program"))?;
                Ok(program.as_ref())
            }
            Executable::DeviceCode { soc } => Err(Fault::new(
                ACL_ERROR_GE_FAILURE,
                format!(
                    "the model holds device code for SoC {soc}, which the CPU device cannot run; \
                     compile it anew for {SOC_NAME}"
                ),
            )),
        }
    }

    /// Whether what the program gave for the model still lives.
    pub(crate) fn check_given(&self, world: &World, by: Origin) -> Result<(), Fault> {
        let mut given = self.given.iter();
        given.try_for_each(|(span, what)| world.check_device_memory(*span, span.bytes, what, by))
    }

    /// Books a run: on a stream, or blocking. One model does not run in two places.
    pub(crate) fn begin(self: Arc<Self>, stream: Option<u64>) -> Result<Run, Fault> {
        let mut work = lock(&self.work);
        if work.runs > 0 && (stream.is_none() || work.stream != stream) {
            return Err(Fault::new(
                ACL_ERROR_GE_PARAM_INVALID,
                format!(
                    "model {} is at work elsewhere; it runs on one stream at a time, load it again \
                     to run it twice",
                    self.id
                ),
            ));
        }
        work.runs += 1;
        work.stream = stream;
        drop(work);
        Ok(Run { model: self })
    }

    /// Books the run of a graph that the model is part of, wherever the graph runs.
    pub(crate) fn begin_in_graph(self: Arc<Self>) -> Run {
        lock(&self.work).runs += 1;
        Run { model: self }
    }

    /// Load, execution and unload take place in one context.
    fn check_context(&self, entry: &Entry<'_>) -> Result<(), Fault> {
        if entry.context()?.handle != self.context {
            return Err(Fault::new(
                ACL_ERROR_RT_MODEL_CONTEXT,
                format!(
                    "model {} was loaded in another context than the current one",
                    self.id
                ),
            ));
        }
        Ok(())
    }
}

/// The loaded models of a world.
#[derive(Default)]
pub(crate) struct Models {
    by_id: Mutex<BTreeMap<u32, Arc<Model>>>,
    last_id: AtomicU32,
}

impl Models {
    fn insert(&self, make: impl FnOnce(u32) -> Model) -> u32 {
        let id = self.next_id();
        lock(&self.by_id).insert(id, Arc::new(make(id)));
        id
    }

    /// A number that no model or bundle has had.
    pub(super) fn next_id(&self) -> u32 {
        self.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn get(&self, id: u32) -> Result<Arc<Model>, Fault> {
        let model = lock(&self.by_id).get(&id).map(Arc::clone);
        model.ok_or_else(|| {
            Fault::new(
                ACL_ERROR_GE_EXEC_MODEL_ID_INVALID,
                format!("no model with number {id} is loaded"),
            )
        })
    }

    fn remove(&self, id: u32) {
        lock(&self.by_id).remove(&id);
    }

    /// Unloads all models of a context that ends.
    pub(crate) fn end_context(&self, context: u64) {
        lock(&self.by_id).retain(|_, model| model.context != context);
    }

    pub(crate) fn live(&self) -> Vec<Live> {
        let models = lock(&self.by_id);
        let live = models.values().map(|model| Live {
            kind: Kind::Model,
            origin: model.origin,
            bytes: 0,
        });
        live.collect()
    }
}

impl Entry<'_> {
    /// Models take `aclInit`.
    pub(super) fn check_initialized(&self) -> Result<(), Fault> {
        if !self.world.is_initialized() {
            return Err(Fault::new(
                ACL_ERROR_GE_EXEC_NOT_INIT,
                "nothing is initialised; call aclInit first",
            ));
        }
        Ok(())
    }

    /// R-228…R-232. A file for a chip loads too, so that it can be asked about; running it fails.
    pub(crate) fn load_model(&self, source: &Source<'_>, mut load: Load) -> Result<u32, Fault> {
        self.check_initialized()?;
        self.context()?;
        let file = open(&source.bytes()?)?;
        if load.outside.folder.is_none() {
            load.outside.folder = source.folder();
        }
        load.name = source.name();
        self.load_opened(&file, &load)
    }

    /// What loading with queues refuses; there are no queues to load with.
    pub(crate) fn check_queues(
        &self,
        source: &Source<'_>,
        [inputs, outputs]: [usize; 2],
    ) -> Result<(), Fault> {
        self.check_initialized()?;
        self.context()?;
        let info = source.info()?;
        let wanted = [info.inputs.len(), info.outputs.len()];
        if wanted != [inputs, outputs] {
            return Err(Fault::new(
                ACL_ERROR_GE_EXEC_MODEL_QUEUE_ID_INVALID,
                format!(
                    "{inputs} and {outputs} queues for {} inputs and {} outputs",
                    wanted[0], wanted[1]
                ),
            ));
        }
        Ok(())
    }

    pub(super) fn load_opened(&self, file: &OmModel, load: &Load) -> Result<u32, Fault> {
        let context = self.context()?;
        let info = Arc::new(Info::of(file));
        let mut own_bytes = 0_u64;
        let mut given = Vec::new();
        for (span, wanted, what) in [
            (load.work, info.work_bytes, "work memory"),
            (load.weights, info.weight_bytes, "weight memory"),
        ] {
            match span {
                Some(span) => {
                    self.check_given(span, wanted, what)?;
                    given.push((span, what));
                }
                None => own_bytes = own_bytes.saturating_add(wanted),
            }
        }
        let external = file.cpu_weight_bytes().saturating_sub(info.weight_bytes);
        own_bytes = own_bytes.saturating_add(external);
        let memory = Space::reserve(&self.world.space, context.device, own_bytes)?;
        let program = self.executable(file, &load.outside)?;
        if let Some(span) = load.weights {
            self.world.write_span(span, &file.weights(), self.origin)?;
        }
        let id = self.world.models.insert(|id| Model {
            id,
            name: load.name.clone(),
            device: context.device,
            context: context.handle,
            origin: self.origin,
            info,
            gear: Mutex::default(),
            priority: AtomicI32::new(load.priority),
            bundle: load.bundle,
            program,
            watched: Watched::new(file, self.world),
            work: Mutex::default(),
            given,
            _memory: memory,
        });
        Ok(id)
    }

    /// Memory that a program gives for a model (R-232; that the alignment is asked for is assumed).
    fn check_given(&self, span: Span, wanted: u64, what: &str) -> Result<(), Fault> {
        let refused =
            |why: String| Fault::new(ACL_ERROR_GE_PARAM_INVALID, format!("{what}: {why}"));
        if (span.bytes as u64) < wanted {
            let text = format!("the model takes {wanted} bytes, {} were given", span.bytes);
            return Err(refused(text));
        }
        self.world
            .check_device_memory(span, span.bytes, what, self.origin)?;
        if !span.address.is_multiple_of(GIVEN_ALIGNMENT) {
            let text = format!("{:#x} is no multiple of {GIVEN_ALIGNMENT}", span.address);
            return Err(refused(text));
        }
        Ok(())
    }

    fn executable(&self, file: &OmModel, outside: &Outside) -> Result<Executable, Fault> {
        let soc = file.soc_version().unwrap_or("unknown");
        let Some((version, graphs)) = file.cpu_programs().filter(|_| soc == SOC_NAME) else {
            return Ok(Executable::DeviceCode {
                soc: soc.to_owned(),
            });
        };
        let failed = |why: String| Fault::new(ACL_ERROR_GE_LOAD_MODEL, why);
        if version != PROGRAM_VERSION {
            return Err(failed(format!(
                "the model's program is of version {version}, this device runs version \
                 {PROGRAM_VERSION}; compile the model anew"
            )));
        }
        let engine = &self.world.config.engine;
        let graphs = match engine {
            Engine::Rten if graphs.is_empty() && file.cpu_onnx().is_some() => {
                return Err(failed(
                    "the engine rten cannot run this model, which was compiled for another: run it with the \
                     engine onnxruntime, or compile it for rten, which says why not"
                        .to_owned(),
                ));
            }
            Engine::Rten => graphs,
            Engine::OnnxRuntime(_) => match file.cpu_onnx() {
                Some(onnx) => vec![onnx],
                None => {
                    return Err(failed(
                        "the model has nothing that ONNX Runtime could run; compile it anew"
                            .to_owned(),
                    ));
                }
            },
        };
        let gears = file.io.gears().len();
        if graphs.is_empty() || graphs.len() != 1 && graphs.len() != gears {
            return Err(failed(format!(
                "the model has {} programs for {gears} gears",
                graphs.len()
            )));
        }
        let mut weights = weights(file, outside, self.world, self.origin)?;
        let threads = self.world.config.engine_threads();
        let mut programs = Vec::new();
        let last = graphs.len() - 1;
        for (index, graph) in graphs.iter().enumerate() {
            // The last one may take the weights over instead of copying them.
            let weights = if index == last {
                std::mem::take(&mut weights)
            } else {
                weights.clone()
            };
            let program = engine.load(graph, weights, threads);
            programs.push(program.map_err(|error| failed(error.to_string()))?);
        }
        Ok(Executable::Programs(programs))
    }

    /// a model of a bundle is unloaded with it.
    pub(crate) fn unload_model(&self, id: u32) -> Result<(), Fault> {
        if let Some(bundle) = self.world.models.get(id)?.bundle {
            return Err(Fault::argument(format!(
                "model {id} is of bundle {bundle}; use aclmdlBundleUnloadModel"
            )));
        }
        self.remove_model(id)
    }

    /// A model with work to do is refused.
    pub(super) fn remove_model(&self, id: u32) -> Result<(), Fault> {
        let model = self.model_here(id)?;
        let work = lock(&model.work);
        if work.runs > 0 {
            return Err(Fault::new(
                ACL_ERROR_GE_UNLOAD_MODEL,
                format!(
                    "model {id} still has {} runs to do; synchronise first",
                    work.runs
                ),
            ));
        }
        self.world.models.remove(id);
        Ok(())
    }

    /// A loaded model, for a thread whose current context is the model's.
    pub(crate) fn model_here(&self, id: u32) -> Result<Arc<Model>, Fault> {
        let model = self.world.models.get(id)?;
        model.check_context(self)?;
        Ok(model)
    }
}
