mod crew;
mod observed;
mod plan;
mod units;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use ::rten::{
    Dimension, LoadError, LoadErrorKind, Model, ModelOptions, NodeId, RunError, RunOptions,
    ShapeInferenceMode, Value,
};
use ascend_graph::om::WEIGHTS_LOCATION;
use ascend_graph::onnx::{self, Graph, Node, OperatorSet, TensorInfo, ValueInfo};
use bytes::Bytes;

use super::edge::unsupported;
use super::guard::guarded;
use super::{EDGE_TYPES, EngineError, Observable, Observer, Program, Tensor, check_nesting};

use crew::Crew;
use observed::Observed;

/// The name of the file that the weights pretend to be; `rten` asks for such an ending.
const WEIGHTS_FILE: &str = "weights.data";

/// A loaded model, its edge and the threads that it runs on.
struct RtenProgram {
    model: Arc<Model>,
    inputs: Vec<Edge>,
    outputs: Vec<Edge>,
    crew: Crew,
    /// What was loaded, without its weights.
    graph: Bytes,
    /// The same program operator by operator, once somebody watches; or why there is none.
    observed: OnceLock<Result<Observed, String>>,
}

/// An input or output.
struct Edge {
    id: NodeId,
    name: String,
    dtype: ascend_graph::DataType,
}

pub(super) fn load(
    graph: &Bytes,
    weights: Bytes,
    threads: usize,
) -> Result<Box<dyn Program>, EngineError> {
    let mut described = onnx::Model::read(graph)?;
    if let Some(graph) = &mut described.graph {
        check_nesting(graph)?;
        name_weights_file(graph);
    }
    let model = guarded(|| {
        let mut options = ModelOptions::with_all_ops();
        // Weights are not packed in advance: that would double them and the time to load, to make
        // matrix products 15 % faster and convolutions none.
        options.external_data(WEIGHTS_FILE, weights.into());
        let file = || described.to_rope().to_bytes().into();
        let loaded = options.load(file());
        // the engine cannot load outputs whose shapes tell that they are the same constant
        let loaded = loaded.or_else(|error| match error.kind() {
            LoadErrorKind::OptimizeError => {
                options.shape_inference(ShapeInferenceMode::Off);
                options.load(file()).map_err(|_| error)
            }
            _ => Err(error),
        });
        loaded.map_err(|error| from_load(&error))
    })?;
    let edges = |infos: ascend_graph::Result<Vec<TensorInfo>>, ids: &[NodeId]| {
        let infos = infos?.into_iter().enumerate();
        infos
            .map(|(place, info)| edge(&model, info, ids.get(place).copied()))
            .collect::<Result<Vec<_>, _>>()
    };
    let inputs = edges(described.inputs(), &[])?;
    // what has the name of an output may be left without an operator: a constant took its place
    let outputs = edges(described.outputs(), model.output_ids())?;
    let crew = Crew::start(threads)
        .map_err(|error| EngineError::new(format!("no thread is left to run on: {error}")))?;
    Ok(Box::new(RtenProgram {
        model: Arc::new(model),
        inputs,
        outputs,
        crew,
        // A copy, for the original may be a part of a file with all its weights.
        graph: Bytes::copy_from_slice(graph),
        observed: OnceLock::new(),
    }))
}

fn name_weights_file(graph: &mut Graph) {
    let places = graph
        .initializer
        .iter_mut()
        .flat_map(|tensor| &mut tensor.external_data);
    for place in places.filter(|place| place.value == WEIGHTS_LOCATION) {
        WEIGHTS_FILE.clone_into(&mut place.value);
    }
}

/// Asks `rten` to read a model of this node alone.
pub(super) fn objection(node: &Node, opset: i64) -> Option<String> {
    let untyped = |name: &String| ValueInfo {
        name: name.clone(),
        ..ValueInfo::default()
    };
    let named = |names: &[String]| {
        names
            .iter()
            .filter(|name| !name.is_empty())
            .map(untyped)
            .collect()
    };
    let graph = Graph {
        input: named(&node.input),
        output: named(&node.output),
        // A node without a name, so that the answer does not repeat it.
        node: vec![Node {
            name: String::new(),
            ..node.clone()
        }],
        ..Graph::default()
    };
    let opset_import = vec![OperatorSet {
        domain: String::new(),
        version: opset,
    }];
    let model = onnx::Model {
        ir_version: 8,
        graph: Some(graph),
        opset_import,
        ..onnx::Model::default()
    };
    let file = model.to_rope().to_bytes();
    guarded(|| {
        ModelOptions::with_all_ops()
            .enable_optimization(false)
            .load(file.into())
            .map_err(|error| from_load(&error))
    })
    .err()
    .map(|error| {
        error
            .message
            .trim_start_matches("operator error: ")
            .to_owned()
    })
}

fn edge(model: &Model, info: TensorInfo, id: Option<NodeId>) -> Result<Edge, EngineError> {
    let TensorInfo { name, dtype, .. } = info;
    if !EDGE_TYPES.contains(&dtype) {
        let error = unsupported(dtype, &EDGE_TYPES);
        return Err(EngineError {
            message: format!("`{name}`: {}", error.message),
            ..error
        });
    }
    let id = id
        .or_else(|| model.find_node(&name))
        .ok_or_else(|| EngineError::new(format!("the model has no value `{name}`")))?;
    Ok(Edge { id, name, dtype })
}

impl RtenProgram {
    /// Converts the inputs, which must be as many as the model takes, and of its types.
    fn values(&self, inputs: Vec<Tensor>) -> Result<Vec<(&Edge, Value)>, EngineError> {
        if inputs.len() != self.inputs.len() {
            let (given, taken) = (inputs.len(), self.inputs.len());
            return Err(EngineError::new(format!(
                "{given} inputs were given, but the model takes {taken}"
            )));
        }
        let edges = self.inputs.iter().zip(inputs);
        let values = edges.map(|(edge, tensor)| {
            if tensor.dtype != edge.dtype {
                let message = format!(
                    "input `{}` is {}, but was given as {}",
                    edge.name, edge.dtype, tensor.dtype
                );
                return Err(EngineError::new(message));
            }
            let value = tensor.into_value();
            let value = value.map_err(|error| error.at("input", &edge.name))?;
            Ok((edge, value))
        });
        values.collect()
    }

    fn options(&self) -> RunOptions {
        RunOptions::default().with_thread_pool(Some(Arc::clone(self.crew.pool())))
    }

    /// Computes the values of nodes of the plain program.
    fn compute(
        &self,
        inputs: Vec<(NodeId, Value)>,
        outputs: Vec<NodeId>,
    ) -> Result<Vec<Value>, EngineError> {
        let options = self.options();
        let model = Arc::clone(&self.model);
        let run = move || {
            guarded(|| {
                let inputs = inputs.into_iter().map(|(id, value)| (id, value.into()));
                model
                    .run(inputs.collect(), &outputs, Some(options))
                    .map_err(|error| from_run(&error))
            })
        };
        let _awake = self.crew.awake();
        self.crew
            .run(run)
            .unwrap_or_else(|| Err(EngineError::new("the CPU engine gave no answer")))
    }
}

impl Program for RtenProgram {
    fn run(&self, inputs: Vec<Tensor>) -> Result<Vec<Tensor>, EngineError> {
        let values = self.values(inputs)?.into_iter();
        let values = values.map(|(edge, value)| (edge.id, value)).collect();
        // several outputs may be the same constant, and the engine gives a value once
        let mut uses: BTreeMap<NodeId, usize> = BTreeMap::new();
        for edge in &self.outputs {
            *uses.entry(edge.id).or_default() += 1;
        }
        let given = self.compute(values, uses.keys().copied().collect())?;
        let mut given: BTreeMap<NodeId, Value> = uses.keys().copied().zip(given).collect();
        let output = |edge: &Edge| {
            let left = uses.entry(edge.id).or_default();
            *left = left.saturating_sub(1);
            let value = match *left {
                0 => given.remove(&edge.id),
                _ => given.get(&edge.id).cloned(),
            };
            edge.tensor(value)
        };
        self.outputs.iter().map(output).collect()
    }

    fn dims(&self, value: &str) -> Option<Vec<Option<usize>>> {
        let info = self.model.node_info(self.model.find_node(value)?)?;
        let extent = |dimension| match dimension {
            Dimension::Fixed(extent) => Some(extent),
            Dimension::Symbolic(_) => None,
        };
        Some(info.shape()?.into_iter().map(extent).collect())
    }

    fn observable(&self, network: Option<&Bytes>) -> Result<&dyn Observable, EngineError> {
        self.observed(network)?;
        Ok(self)
    }
}

impl RtenProgram {
    fn observed(&self, network: Option<&Bytes>) -> Result<&Observed, EngineError> {
        let observed = self.observed.get_or_init(|| {
            let loaded = Observed::load(&self.graph, network, &self.model);
            loaded.map_err(|error| error.message)
        });
        observed
            .as_ref()
            .map_err(|why| EngineError::new(why.clone()))
    }
}

impl Observable for RtenProgram {
    fn run(
        &self,
        inputs: Vec<Tensor>,
        observer: &mut dyn Observer,
    ) -> Result<Vec<Tensor>, EngineError> {
        let program = self.observed(None)?;
        let values = self.values(inputs)?.into_iter();
        let values: HashMap<_, _> = values
            .map(|(edge, value)| (edge.name.clone(), Arc::new(value)))
            .collect();
        let engine = (&self.crew, &self.options());
        let values = program.run(&self.model, engine, values, observer)?;
        let output = |edge: &Edge| {
            if let Some(value) = values.get(&edge.name) {
                return edge.tensor(Some(Value::clone(value)));
            }
            // An output that is a constant.
            edge.tensor(self.compute(Vec::new(), vec![edge.id])?.pop())
        };
        self.outputs.iter().map(output).collect()
    }
}

impl Edge {
    /// Converts what was computed for an output.
    fn tensor(&self, value: Option<Value>) -> Result<Tensor, EngineError> {
        let value = value.ok_or_else(|| EngineError::new("was not computed"));
        value
            .and_then(|value| Tensor::from_value(value, self.dtype))
            .map_err(|error| error.at("output", &self.name))
    }
}

fn from_load(error: &LoadError) -> EngineError {
    EngineError {
        node: error.node().map(str::to_owned),
        ..EngineError::new(error.to_string())
    }
}

fn from_run(error: &RunError) -> EngineError {
    EngineError {
        node: error
            .node_path()
            .first()
            .copied()
            .flatten()
            .map(str::to_owned),
        ..EngineError::new(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use ascend_graph::DataType;
    use ascend_graph::onnx::{Builder, Dim};

    use super::*;

    struct Nobody;

    impl Observer for Nobody {
        fn observe(&mut self, _: &super::super::OperatorRun<'_>) {}
    }

    #[test]
    fn outputs_that_shapes_decide_are_given() {
        let mut graph = Builder::new("shapes", 13);
        let x = graph.input("x", DataType::F32, &[Dim::Fixed(2), Dim::Fixed(3)]);
        graph.node_to("Shape", "first", &[&x], &["a"], []);
        graph.node_to("Neg", "negated", &[&x], &["y"], []);
        graph.node_to("Shape", "second", &[&x], &["b"], []);
        let shape = [Dim::Fixed(2)];
        graph.output("a", DataType::I64, &shape);
        graph.output("y", DataType::F32, &[Dim::Fixed(2), Dim::Fixed(3)]);
        graph.output("b", DataType::I64, &shape);
        let file = graph.build().unwrap().to_rope().to_bytes();
        let program = load(&file, Bytes::new(), 1).unwrap();
        let x = || {
            let x = Value::from_shape([2, 3], vec![1_f32; 6]).unwrap();
            vec![Tensor::from_value(x, DataType::F32).unwrap()]
        };
        let observable = program.observable(None).unwrap();
        for outputs in [program.run(x()), observable.run(x(), &mut Nobody)] {
            let [a, y, b] = &outputs.unwrap()[..] else {
                panic!("three outputs are asked for");
            };
            let extents = [2_i64, 3].map(i64::to_le_bytes).concat();
            assert_eq!((&a.bytes[..], &b.bytes[..]), (&extents[..], &extents[..]));
            assert_eq!(y.bytes[..], (-1_f32).to_le_bytes().repeat(6));
        }
    }
}
