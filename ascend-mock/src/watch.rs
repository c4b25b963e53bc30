//! Whoever watches the runs of models: profiles and dumps.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ascend_graph::om::OmModel;
use bytes::Bytes;

use crate::dump::{Plan, Subject, Taken, Witness, Writer};
use crate::engine::{EngineError, Observer, OperatorRun, Program, Tensor};
use crate::model::Model;
use crate::profiling::{OperatorTime, Place};
use crate::sync::lock;
use crate::world::World;

/// What a model keeps for those who watch it.
pub(crate) struct Watched {
    /// The name inside of the file.
    title: String,
    /// The ONNX model that it was compiled of, whose nodes are its operators.
    network: Option<Bytes>,
    /// The dump that was asked for when it was loaded, and how many runs were dumped.
    plan: Option<Arc<Plan>>,
    dumped_runs: AtomicU64,
    /// The dump of operators that fail that was asked for then.
    failures: Option<Arc<Plan>>,
    /// It runs, but not while it is watched.
    is_unwatchable: AtomicBool,
}

impl Watched {
    pub(crate) fn new(file: &OmModel, world: &World) -> Self {
        // A copy, for the original is a part of a file with all its weights.
        let network = file.cpu_onnx();
        let [plan, failures] = world.dump_plans();
        Self {
            title: file.model.name.clone(),
            network: network.map(|network| Bytes::copy_from_slice(&network)),
            plan,
            dumped_runs: AtomicU64::new(0),
            failures,
            is_unwatchable: AtomicBool::new(false),
        }
    }

    /// What is written of an operator that fails.
    pub(crate) fn failures(&self) -> Option<&Arc<Plan>> {
        let plan = self.failures.as_ref();
        plan.filter(|plan| !plan.is_over())
    }
}

/// What is noted of one run.
struct Watch {
    times: Option<Vec<OperatorTime>>,
    dump: Option<Writer>,
}

impl Observer for Watch {
    fn observe(&mut self, run: &OperatorRun<'_>) {
        if let Some(times) = &mut self.times {
            times.push(OperatorTime::of(run));
        }
        if let Some(dump) = &mut self.dump {
            dump.write(run);
        }
    }
}

impl World {
    /// Runs a model's program; operator by operator if somebody watches, which changes the outputs by
    /// rounding at most. What goes wrong with watching is told, and the model runs all the same.
    pub(crate) fn run_watched(
        &self,
        model: &Model,
        stream: u32,
        program: &dyn Program,
        inputs: Vec<Tensor>,
    ) -> Result<Vec<Tensor>, EngineError> {
        let Some(mut watch) = self.watch(model, stream) else {
            return program.run(inputs);
        };
        let observable = match program.observable(model.watched.network.as_ref()) {
            Ok(observable) => observable,
            Err(error) => {
                self.tell_unwatched(&error);
                return program.run(inputs);
            }
        };
        match observable.run(inputs.clone(), &mut watch) {
            Ok(outputs) => {
                if let Some(times) = watch.times {
                    let place = Place {
                        device: model.device,
                        stream,
                        model: model.id,
                        is_dynamic: model.info.has_free_shapes(),
                    };
                    self.profiling.note_operators(place, times);
                }
                Ok(outputs)
            }
            Err(error) => {
                // Where this fails too, watching is not what is wrong.
                let outputs = program.run(inputs)?;
                model.watched.is_unwatchable.store(true, Ordering::Relaxed);
                tracing::error!("model {} cannot be watched: {error}", model.id);
                Ok(outputs)
            }
        }
    }

    fn watch(&self, model: &Model, stream: u32) -> Option<Watch> {
        let is_profiled = self.profiling.wants_operators(model.device, model.id);
        let watched = &model.watched;
        let plan = watched.plan.as_ref().filter(|plan| !plan.is_over());
        let is_asked = plan.is_some() || is_profiled;
        if !is_asked || watched.is_unwatchable.load(Ordering::Relaxed) {
            return None;
        }
        let dump = plan.and_then(|plan| {
            let named = [&model.name, &watched.title].map(String::as_str);
            let name = named.into_iter().find(|name| !name.is_empty());
            Writer::new(
                plan,
                &Subject {
                    name: name.unwrap_or("model"),
                    names: &named,
                    model: model.id,
                    device: model.device,
                    stream,
                    run: watched.dumped_runs.fetch_add(1, Ordering::Relaxed),
                },
            )
        });
        (is_profiled || dump.is_some()).then(|| Watch {
            times: is_profiled.then(Vec::new),
            dump,
        })
    }

    /// What the operator took in which a run failed, or is said to have failed: the run is done once more to see.
    /// `None` if nobody wants it, or if it did not get there.
    pub(crate) fn taken_by(
        &self,
        model: &Model,
        operator: &str,
        program: &dyn Program,
        inputs: Vec<Tensor>,
    ) -> Option<Taken> {
        let plan = model.watched.failures()?;
        let mut witness = Witness::new(plan, operator);
        match program.observable(model.watched.network.as_ref()) {
            // How it ends is known already.
            Ok(observable) => drop(observable.run(inputs, &mut witness)),
            Err(error) => self.tell_unwatched(&error),
        }
        witness.taken()
    }

    /// Once for each device, for it is so for every run.
    fn tell_unwatched(&self, error: &EngineError) {
        if lock(&self.told_unsupported).insert("operators") {
            tracing::error!("operators are neither profiled nor dumped: {error}");
        }
    }
}
