//! A program that runs operator by operator.
//!
//! It is the same graph once more, without what the engine fuses, and without weights: those are fetched
//! from the plain program for each operator, so that they are never in memory twice for long.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use ::rten::{Model, ModelOptions, NodeId, RunOptions, Value, ValueOrView};
use ascend_graph::onnx;
use bytes::Bytes;

use super::crew::Crew;
use super::plan::{Place, Planner, Step, take_weights_out};
use super::{from_load, from_run};
use crate::engine::guard::guarded;
use crate::engine::{EngineError, Observer, OperatorRun, Seen};

/// The program, and its operators in the order in which they run.
pub(super) struct Observed {
    model: Arc<Model>,
    steps: Vec<Step>,
}

/// What one step computed.
struct Done {
    outputs: Result<Vec<Value>, EngineError>,
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
        let weights = weights.unwrap_or_default();
        let steps = Planner::new(described.graph()?, &model, plain, weights).plan(network)?;
        Ok(Self {
            model: Arc::new(model),
            steps,
        })
    }

    /// Runs all operators, and gives the values that are left: the outputs, where operators give them.
    pub(super) fn run(
        &self,
        plain: &Arc<Model>,
        (crew, options): (&Crew, &RunOptions),
        mut values: Values,
        observer: &mut dyn Observer,
    ) -> Result<Values, EngineError> {
        let _awake = crew.awake();
        let anchor = (Instant::now(), SystemTime::now());
        for (index, step) in self.steps.iter().enumerate() {
            let job = step.job(&self.model, plain, options, &values)?;
            let done = crew
                .run(move || guarded(job))
                .unwrap_or_else(|| Err(EngineError::new("the CPU engine gave no answer")))?;
            step.tell(index, anchor, &done, &values, observer);
            let outputs = step.gives.iter().zip(done.outputs?);
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
            let outputs = guarded(|| {
                let computed = model.run(inputs, &outputs, Some(options.clone()));
                computed.map_err(|error| from_run(&error))
            });
            let duration = start.elapsed();
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
        let outputs = done.outputs.as_deref().unwrap_or_default();
        known.extend(self.gives.iter().map(name_of).zip(outputs));
        let seen = |names: &[String]| {
            let values = names.iter().filter_map(|name| known.get(name.as_str()));
            values.map(|value| Seen::new(value)).collect()
        };
        let run = OperatorRun {
            operator: &self.unit.operator,
            index,
            start: time + done.start.saturating_duration_since(began),
            duration: done.duration,
            inputs: seen(&self.unit.inputs),
            outputs: seen(&self.unit.outputs),
        };
        match &done.outputs {
            Ok(_) => observer.observe(&run),
            Err(_) => observer.fail(&run),
        }
    }
}

fn name_of(place: &Place) -> &str {
    &place.name
}

#[cfg(test)]
mod tests {
    use ascend_graph::DataType;
    use ascend_graph::onnx::{Builder, Dim};

    use super::*;

    /// The operators' names, with the number of their inputs and the type of their first output.
    #[derive(Default)]
    struct Names(Vec<(String, usize, DataType)>);

    impl Observer for Names {
        fn observe(&mut self, run: &OperatorRun<'_>) {
            let name = run.operator.name.clone();
            self.0
                .push((name, run.inputs.len(), run.outputs[0].dtype()));
        }
    }

    #[test]
    fn values_end_with_their_last_reader() {
        let mut graph = Builder::new("chain", 13);
        let dims = [Dim::Fixed(2)];
        let x = graph.input("x", DataType::F32, &dims);
        let ones = [1_f32; 2].map(f32::to_le_bytes).concat();
        let one = graph.initializer("one", DataType::F32, &[2], ones.into());
        let sum = graph.node("Add", "sum", &[&x, &one], []);
        let shape = graph.node("Shape", "shape", &[&sum], []);
        let root = graph.node("Sqrt", "root", &[&sum], []);
        graph.node_to("Mul", "product", &[&root, &sum], &["y"], []);
        graph.output("y", DataType::F32, &dims);
        graph.output(&shape, DataType::I64, &[Dim::Fixed(1)]);
        let file = graph.build().unwrap().to_rope().to_bytes();
        let plain = ModelOptions::with_all_ops().load(file.to_vec()).unwrap();
        let observed = Observed::load(&file, None, &plain).unwrap();
        let ends = observed.steps.iter().map(|step| step.ends.join(" "));
        let ends: Vec<String> = ends.collect();
        assert_eq!(
            ends,
            ["x", "", "", "root_output_0 sum_output_0"].map(String::from)
        );
        let crew = Crew::start(1).unwrap();
        let x = Value::from_shape([2], vec![3_f32, 8.0]).unwrap();
        let values = HashMap::from([("x".to_owned(), Arc::new(x))]);
        let mut names = Names::default();
        let engine = (&crew, &RunOptions::default());
        let left = observed.run(&Arc::new(plain), engine, values, &mut names);
        let left = left.unwrap();
        assert_eq!(left.len(), 2);
        let y = left["y"].as_view();
        assert_eq!(
            y.to_owned(),
            Value::from_shape([2], vec![8_f32, 27.0]).unwrap()
        );
        let told: Vec<_> = names
            .0
            .iter()
            .map(|(name, count, dtype)| (name.as_str(), *count, *dtype))
            .collect();
        assert_eq!(
            told,
            [
                ("sum", 2, DataType::F32),
                ("shape", 1, DataType::I32),
                ("root", 1, DataType::F32),
                ("product", 2, DataType::F32),
            ]
        );
    }
}
