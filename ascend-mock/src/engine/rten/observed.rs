//! A program that runs operator by operator.
//!
//! It is the same graph once more, without what the engine fuses, and without weights: those are fetched
//! from the plain program for each operator, so that they are never in memory twice for long.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use ::rten::{Model, ModelOptions, NodeId, RunOptions, Value, ValueOrView};
use ascend_graph::onnx::{self, Graph, Node, ValueInfo};
use bytes::Bytes;

use super::units::{Unit, units};
use super::{from_load, from_run};
use crate::engine::guard::guarded;
use crate::engine::runner::Runner;
use crate::engine::{EngineError, Observer, OperatorRun, Seen};

/// The program, and its operators in the order in which they run.
pub(super) struct Observed {
    model: Arc<Model>,
    steps: Vec<Step>,
}

/// An operator, and how it is run.
struct Step {
    unit: Unit,
    /// The values that have to be given, and those that are fetched from the plain program.
    values: Vec<Place>,
    weights: Vec<Weight>,
    /// The constants that the program itself has and the operator reads.
    constants: Vec<Place>,
    gives: Vec<Place>,
    /// The values that nobody reads after it.
    ends: Vec<String>,
}

#[derive(Clone)]
struct Place {
    name: String,
    id: NodeId,
}

struct Weight {
    place: Place,
    /// Where the plain program has it.
    plain: NodeId,
}

/// What one step computed.
struct Done {
    outputs: Vec<Value>,
    weights: Vec<Value>,
    constants: Vec<Value>,
    start: Instant,
    duration: Duration,
}

/// The values that live while a program runs.
type Values = HashMap<String, Arc<Value>>;

impl Observed {
    /// Loads the graph of a program; `network` is the model as ONNX.
    pub(super) fn load(
        graph: &Bytes,
        network: Option<&Bytes>,
        plain: &Model,
    ) -> Result<Self, EngineError> {
        let mut described = onnx::Model::read(graph)?;
        let network = network.map(onnx::Model::read).transpose()?;
        let network = match &network {
            Some(network) => network.graph()?.node.as_slice(),
            None => &[],
        };
        let weights = described.graph.as_mut().map(take_weights_out);
        let model = guarded(|| {
            let mut options = ModelOptions::with_all_ops();
            options.enable_optimization(false);
            let file = described.to_rope().to_bytes();
            options.load(file.into()).map_err(|error| from_load(&error))
        })?;
        let planner = Planner {
            graph: described.graph()?,
            model: &model,
            plain,
            weights: weights.unwrap_or_default(),
        };
        let steps = planner.plan(network)?;
        Ok(Self {
            model: Arc::new(model),
            steps,
        })
    }

    /// Runs all operators, and gives the values that are left: the outputs, where operators give them.
    pub(super) fn run(
        &self,
        plain: &Arc<Model>,
        (runner, options): (&Runner, &RunOptions),
        mut values: Values,
        observer: &mut dyn Observer,
    ) -> Result<Values, EngineError> {
        let anchor = (Instant::now(), SystemTime::now());
        for (index, step) in self.steps.iter().enumerate() {
            let job = step.job(&self.model, plain, options, &values)?;
            let done = runner
                .run(move || guarded(job))
                .unwrap_or_else(|| Err(EngineError::new("the CPU engine gave no answer")))?;
            step.tell(index, anchor, &done, &values, observer);
            let outputs = step.gives.iter().zip(done.outputs);
            values.extend(outputs.map(|(place, value)| (place.name.clone(), Arc::new(value))));
            for name in &step.ends {
                values.remove(name);
            }
        }
        Ok(values)
    }
}

impl Step {
    /// What the engine's thread has to do.
    fn job(
        &self,
        model: &Arc<Model>,
        plain: &Arc<Model>,
        options: &RunOptions,
        values: &Values,
    ) -> Result<impl FnOnce() -> Result<Done, EngineError> + Send + 'static, EngineError> {
        let given = self.values.iter().map(|place| {
            let value = values.get(&place.name).ok_or_else(|| {
                EngineError::new("a value that it reads was not computed")
                    .at("operator", &self.unit.operator.name)
            });
            value.map(|value| (place.id, Arc::clone(value)))
        });
        let given: Vec<_> = given.collect::<Result<_, _>>()?;
        let weights: Vec<_> = self.weights.iter().map(|weight| weight.plain).collect();
        let weight_ids: Vec<_> = self.weights.iter().map(|weight| weight.place.id).collect();
        let constants: Vec<_> = self.constants.iter().map(|place| place.id).collect();
        let outputs: Vec<_> = self.gives.iter().map(|place| place.id).collect();
        let (model, plain, options) = (Arc::clone(model), Arc::clone(plain), options.clone());
        Ok(move || {
            let fetch = |model: &Model, ids: &[NodeId]| {
                if ids.is_empty() {
                    return Ok(Vec::new());
                }
                let fetched = model.run(Vec::new(), ids, Some(options.clone()));
                fetched.map_err(|error| from_run(&error))
            };
            let weights = fetch(&plain, &weights)?;
            let constants = fetch(&model, &constants)?;
            let given = given.iter().map(|(id, value)| (*id, &**value));
            let inputs = given.chain(weight_ids.iter().copied().zip(&weights));
            let inputs = inputs.map(|(id, value)| (id, ValueOrView::from(value)));
            let inputs: Vec<_> = inputs.collect();
            let start = Instant::now();
            let computed = model.run(inputs, &outputs, Some(options.clone()));
            let duration = start.elapsed();
            let outputs = computed.map_err(|error| from_run(&error))?;
            Ok(Done {
                outputs,
                weights,
                constants,
                start,
                duration,
            })
        })
    }

    /// Tells the observer of the step.
    fn tell(
        &self,
        index: usize,
        (began, time): (Instant, SystemTime),
        done: &Done,
        values: &Values,
        observer: &mut dyn Observer,
    ) {
        let mut known: HashMap<&str, &Value> = HashMap::new();
        for place in &self.values {
            if let Some(value) = values.get(&place.name) {
                known.insert(&place.name, value);
            }
        }
        let weights = self.weights.iter().map(|weight| &weight.place);
        known.extend(weights.map(name_of).zip(&done.weights));
        known.extend(self.constants.iter().map(name_of).zip(&done.constants));
        known.extend(self.gives.iter().map(name_of).zip(&done.outputs));
        let seen = |names: &[String]| {
            let values = names.iter().filter_map(|name| known.get(name.as_str()));
            values.map(|value| Seen::new(value)).collect()
        };
        observer.observe(&OperatorRun {
            operator: &self.unit.operator,
            index,
            start: time + done.start.saturating_duration_since(began),
            duration: done.duration,
            inputs: seen(&self.unit.inputs),
            outputs: seen(&self.unit.outputs),
        });
    }
}

fn name_of(place: &Place) -> &str {
    &place.name
}

/// Makes the constants that lie in the weights inputs, and gives their names.
fn take_weights_out(graph: &mut Graph) -> HashSet<String> {
    let is_outside = |tensor: &onnx::Tensor| !tensor.external_data.is_empty();
    let outside = graph.initializer.iter().filter(|tensor| is_outside(tensor));
    let names: Vec<String> = outside.map(|tensor| tensor.name.clone()).collect();
    graph.initializer.retain(|tensor| !is_outside(tensor));
    graph.input.extend(names.iter().map(|name| ValueInfo {
        name: name.clone(),
        ..ValueInfo::default()
    }));
    names.into_iter().collect()
}

/// Finds out how each operator is run.
struct Planner<'a> {
    graph: &'a Graph,
    model: &'a Model,
    plain: &'a Model,
    weights: HashSet<String>,
}

impl Planner<'_> {
    fn plan(&self, network: &[Node]) -> Result<Vec<Step>, EngineError> {
        let nodes = &self.graph.node;
        let (constant_nodes, computing) = nodes
            .iter()
            .partition::<Vec<_>, _>(|node| node.op_type == "Constant");
        let made = constant_nodes.iter().flat_map(|node| &node.output);
        let inline = self.graph.initializer.iter().map(|tensor| &tensor.name);
        let constants: HashSet<&str> = made.chain(inline).map(String::as_str).collect();
        let inputs = self.graph.input.iter().map(|input| &input.name);
        let computed = computing.iter().flat_map(|node| &node.output);
        let values: HashSet<&str> = inputs
            .chain(computed)
            .map(String::as_str)
            .filter(|name| !name.is_empty() && !self.weights.contains(*name))
            .collect();
        let units = units(nodes, network);
        let reads: Vec<Vec<&str>> = units.iter().map(|unit| unit.reads(nodes)).collect();
        let mut readers: HashMap<&str, usize> = HashMap::new();
        for (index, names) in reads.iter().enumerate() {
            readers.extend(names.iter().map(|name| (*name, index)));
        }
        let is_output = |name: &str| self.graph.output.iter().any(|output| output.name == name);
        let mut steps = Vec::new();
        for (index, (unit, reads)) in units.into_iter().zip(&reads).enumerate() {
            let inner = nodes[unit.nodes.clone()].iter();
            let gives: Vec<&str> = inner
                .flat_map(|node| &node.output)
                .map(String::as_str)
                .filter(|name| values.contains(name))
                .filter(|name| {
                    let is_read = readers.get(name).is_some_and(|reader| *reader > index);
                    is_read || is_output(name) || unit.outputs.iter().any(|given| given == name)
                })
                .collect();
            if gives.is_empty() {
                continue;
            }
            let of_node = unit.inputs.iter().map(String::as_str);
            let constants = of_node.filter(|name| constants.contains(name));
            let ends = reads.iter().chain(&gives).filter(|name| {
                let last = readers.get(*name).copied().unwrap_or(0);
                values.contains(*name) && last <= index && !is_output(name)
            });
            let weights = reads.iter().filter(|name| self.weights.contains(**name));
            steps.push(Step {
                values: self.places(reads.iter().copied().filter(|name| values.contains(name)))?,
                weights: weights
                    .map(|name| self.weight(name))
                    .collect::<Result<_, _>>()?,
                constants: self.places(constants)?,
                gives: self.places(gives.iter().copied())?,
                ends: ends.map(|name| (*name).to_owned()).collect(),
                unit,
            });
        }
        Ok(steps)
    }

    fn places<'n>(&self, names: impl Iterator<Item = &'n str>) -> Result<Vec<Place>, EngineError> {
        names.map(|name| place(self.model, name)).collect()
    }

    fn weight(&self, name: &str) -> Result<Weight, EngineError> {
        Ok(Weight {
            place: place(self.model, name)?,
            plain: place(self.plain, name)?.id,
        })
    }
}

fn place(model: &Model, name: &str) -> Result<Place, EngineError> {
    let id = model
        .find_node(name)
        .ok_or_else(|| EngineError::new(format!("the program has no value `{name}`")))?;
    Ok(Place {
        name: name.to_owned(),
        id,
    })
}
