//! Loading and unloading.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use ascend_graph::ErrorKind;
use ascend_graph::om::{self, OmFile};
use ascend_sys::{
    ACL_ERROR_GE_EXEC_LOAD_MODEL_PARTITION_FAILED, ACL_ERROR_GE_EXEC_MODEL_DATA_SIZE_INVALID,
    ACL_ERROR_GE_EXEC_MODEL_ID_INVALID, ACL_ERROR_GE_EXEC_MODEL_PATH_INVALID,
    ACL_ERROR_GE_EXEC_NOT_INIT, ACL_ERROR_GE_FAILURE, ACL_ERROR_GE_LOAD_MODEL,
    ACL_ERROR_GE_MEMORY_ALLOCATION, ACL_ERROR_GE_PARAM_INVALID, ACL_ERROR_GE_UNLOAD_MODEL,
    ACL_ERROR_RT_MODEL_CONTEXT,
};
use bytes::Bytes;

use crate::compiler::PROGRAM_VERSION;
use crate::engine::{self, Program};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::ledger::{Kind, Live, Origin};
use crate::memory::{Reservation, Space};
use crate::sync::lock;

use super::info::Info;

/// A loaded model.
pub(crate) struct Model {
    pub(crate) id: u32,
    context: u64,
    origin: Origin,
    pub(crate) info: Arc<Info>,
    program: Executable,
    work: Mutex<Work>,
    /// Weights and work memory.
    _memory: Reservation,
}

/// What a file holds besides its description.
enum Executable {
    Program(Box<dyn Program>),
    /// Code for some chip.
    DeviceCode {
        soc: String,
    },
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
    pub(crate) fn program(&self, own_soc: &str) -> Result<&dyn Program, Fault> {
        match &self.program {
            Executable::Program(program) => Ok(program.as_ref()),
            Executable::DeviceCode { soc } => Err(Fault::new(
                ACL_ERROR_GE_FAILURE,
                format!(
                    "the model holds device code for SoC {soc}, this is {own_soc}; compile it for \
                     {own_soc} to run it here"
                ),
            )),
        }
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
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        lock(&self.by_id).insert(id, Arc::new(make(id)));
        id
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

/// Where a model file is.
pub(crate) enum Source<'a> {
    File(&'a OsStr),
    Memory(&'a [u8]),
}

impl Source<'_> {
    /// The bytes.
    fn bytes(&self) -> Result<Bytes, Fault> {
        match self {
            Self::File(path) => {
                let refused = |why: &str| {
                    Fault::new(
                        ACL_ERROR_GE_EXEC_MODEL_PATH_INVALID,
                        format!("model file {}: {why}", path.display()),
                    )
                };
                let bytes = fs::read(path).map_err(|error| refused(&error.to_string()))?;
                if bytes.is_empty() {
                    return Err(refused("the file is empty"));
                }
                Ok(bytes.into())
            }
            Self::Memory(bytes) => {
                let mut copy = Vec::new();
                copy.try_reserve_exact(bytes.len()).map_err(|error| {
                    Fault::new(ACL_ERROR_GE_MEMORY_ALLOCATION, error.to_string())
                })?;
                copy.extend_from_slice(bytes);
                Ok(copy.into())
            }
        }
    }

    fn open(&self) -> Result<OmFile, Fault> {
        let bytes = self.bytes()?;
        om::Kind::of(&bytes).map_err(|error| {
            Fault::new(ACL_ERROR_GE_EXEC_MODEL_DATA_SIZE_INVALID, error.to_string())
        })?;
        OmFile::open(&bytes).map_err(|error| {
            let code = match error.kind() {
                ErrorKind::Unsupported => ACL_ERROR_GE_FAILURE,
                _ => ACL_ERROR_GE_EXEC_LOAD_MODEL_PARTITION_FAILED,
            };
            Fault::new(code, error.to_string())
        })
    }

    /// What the file says of itself.
    pub(crate) fn info(&self) -> Result<Info, Fault> {
        Ok(Info::of(&self.open()?))
    }
}

impl Entry<'_> {
    /// R-228…R-231. A file for a chip loads too, so that it can be asked about; running it fails.
    pub(crate) fn load_model(&self, source: &Source<'_>) -> Result<u32, Fault> {
        if !self.world.is_initialized() {
            return Err(Fault::new(
                ACL_ERROR_GE_EXEC_NOT_INIT,
                "nothing is initialised; call aclInit first",
            ));
        }
        let context = self.context()?;
        let file = source.open()?;
        let info = Arc::new(Info::of(&file));
        let bytes = info.weight_bytes.saturating_add(info.work_bytes);
        let memory = Space::reserve(&self.world.space, context.device, bytes)?;
        let program = self.executable(&file)?;
        let id = self.world.models.insert(|id| Model {
            id,
            context: context.handle,
            origin: self.origin,
            info,
            program,
            work: Mutex::default(),
            _memory: memory,
        });
        Ok(id)
    }

    fn executable(&self, file: &OmFile) -> Result<Executable, Fault> {
        let config = &self.world.config;
        let soc = file.soc_version().unwrap_or("unknown");
        let Some((version, graphs)) = file.cpu_programs().filter(|_| soc == config.soc_name) else {
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
        let program = engine::load(&graphs[0], file.weights(), config.engine_threads());
        program
            .map(Executable::Program)
            .map_err(|error| failed(error.to_string()))
    }

    /// A model with work to do is refused.
    pub(crate) fn unload_model(&self, id: u32) -> Result<(), Fault> {
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
