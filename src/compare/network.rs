//! An ONNX network that gives what its nodes give.

use std::cell::Cell;
use std::collections::HashMap;

use ascend_graph::{DataType, Text, onnx, text};

use super::elements::width;
use super::feed::{Feed, Given};
use super::value::Value;
use crate::convert::Options;
use crate::device::Device;
use crate::error::{Error, Result};
#[cfg(feature = "mock")]
use crate::model::Model;
use crate::model::TensorSpec;
use crate::session::Session;
use crate::tensor::Tensor;

/// How often a form of the network may be refused before the rest of the values is given up: each time
/// costs a compilation.
const MOST_REFUSALS: usize = 128;

/// An ONNX network on the CPU device.
#[derive(Debug)]
pub(super) struct Network {
    model: onnx::Model,
    device: Device,
    options: Options,
    inputs: Vec<TensorSpec>,
    given: Given,
    pub(super) values: Vec<Value>,
    /// What `Identity` nodes give, and what they are given.
    same: HashMap<String, String>,
    /// The shape of each value, where it was found out.
    shapes: Vec<Option<Vec<usize>>>,
    /// The forms that were refused.
    refusals: Cell<usize>,
    /// What is not compared, and why.
    pub(super) skipped: Vec<Text>,
}

impl Network {
    /// Compiles the network for `device`, which has to be the CPU device, to see whether it can compute
    /// it; the engine and the shapes of inputs are those of `options`.
    ///
    /// The values are those of `like`, another form of the network, where one is given.
    ///
    /// # Errors
    ///
    /// What the compiler refuses, by node name.
    pub(super) fn new(
        model: onnx::Model,
        like: Option<&onnx::Model>,
        device: Device,
        options: Options,
    ) -> Result<Self> {
        let mut network = Self {
            values: values(like.unwrap_or(&model))?,
            same: same(&model)?,
            shapes: Vec::new(),
            refusals: Cell::new(0),
            skipped: inside(like.unwrap_or(&model))?,
            model,
            device,
            options,
            inputs: Vec::new(),
            given: Given::default(),
        };
        let session = compile(network.model.clone(), &network.device, &network.options)?;
        network.inputs.clone_from(&session.description().inputs);
        Ok(network)
    }

    /// The network's inputs.
    pub(super) fn inputs(&self) -> &[TensorSpec] {
        &self.inputs
    }

    /// How many nodes it has.
    pub(super) fn nodes(&self) -> usize {
        self.model.graph().map_or(0, |graph| graph.node.len())
    }

    /// Takes the inputs of the run.
    pub(super) fn feed(&mut self, feed: &Feed) -> Result<()> {
        self.given = feed.for_inputs(&self.inputs)?;
        self.shapes.clear();
        self.refusals.set(0);
        Ok(())
    }

    /// Finds out how large values are that will be asked for; runs the network once.
    pub(super) fn expect(&mut self, wanted: &[usize]) {
        self.shapes = vec![None; self.values.len()];
        self.measure(wanted);
    }

    /// The bytes of a value, as far as that is known.
    pub(super) fn bytes(&self, value: usize) -> Option<u64> {
        let shape = self.shapes.get(value)?.as_ref()?;
        let width = self.values[value].dtype.and_then(width)? as u64;
        let mut lens = shape.iter();
        lens.try_fold(width, |bytes, len| bytes.checked_mul(*len as u64))
    }

    /// A value that has no elements: devices have no memory for those.
    fn empty(&self, value: usize) -> Option<Tensor<'static>> {
        let shape = self.shapes.get(value)?.as_ref()?;
        let dtype = self.values[value].dtype?;
        shape.contains(&0).then(|| Tensor {
            dtype,
            shape: shape.clone().into(),
            bytes: Vec::new().into(),
        })
    }

    /// Finds the shapes of values by computing nothing but them; halves what the device refuses.
    fn measure(&mut self, values: &[usize]) {
        let names: Vec<&str> = values
            .iter()
            .map(|&value| self.values[value].tensor.as_str())
            .collect();
        let shapes = self
            .model
            .giving_shapes(&names)
            .map_err(Error::from)
            .and_then(|mut model| {
                end_shapes(&mut model);
                self.run(model)
            });
        match shapes {
            Ok(shapes) => {
                for (&value, shape) in values.iter().zip(shapes) {
                    self.shapes[value] = lens(&shape);
                }
            }
            Err(_) if values.len() > 1 && self.may_try_again() => {
                let (first, second) = values.split_at(values.len() / 2);
                self.measure(first);
                self.measure(second);
            }
            Err(_) => {}
        }
    }

    /// Computes values, each or why it cannot be had; halves what the device refuses.
    pub(super) fn take(&self, wanted: &[usize]) -> Vec<Result<Tensor<'static>, String>> {
        // one name for each value: engines give a value once, and `Identity` is no other one
        let mut known: Vec<(&str, DataType)> = Vec::new();
        let mut places = HashMap::new();
        for &value in wanted {
            let is_empty = self.empty(value).is_some();
            let value = &self.values[value];
            if let Some(dtype) = value.dtype.filter(|_| !is_empty) {
                places.entry(self.root(&value.tensor)).or_insert_with(|| {
                    known.push((value.tensor.as_str(), dtype));
                    known.len() - 1
                });
            }
        }
        let taken = self.take_named(&known);
        let value = |&value: &usize| {
            if let Some(empty) = self.empty(value) {
                return Ok(empty);
            }
            let value = &self.values[value];
            let untyped = || Err("its element type is not known before the model runs".to_owned());
            let Some(_) = value.dtype else {
                return untyped();
            };
            let place = places.get(self.root(&value.tensor));
            let taken = place.and_then(|place| taken.get(*place));
            taken.cloned().unwrap_or_else(untyped)
        };
        wanted.iter().map(value).collect()
    }

    /// The value that this one is, under the name that it had first.
    fn root<'n>(&'n self, mut name: &'n str) -> &'n str {
        while let Some(source) = self.same.get(name) {
            name = source;
        }
        name
    }

    fn take_named(&self, wanted: &[(&str, DataType)]) -> Vec<Result<Tensor<'static>, String>> {
        if wanted.is_empty() {
            return Vec::new();
        }
        let ran = self
            .model
            .giving(wanted)
            .map_err(Error::from)
            .and_then(|model| self.run(model));
        match ran {
            Ok(tensors) => tensors.into_iter().map(Ok).collect(),
            Err(error) if wanted.len() == 1 => vec![Err(error.to_string())],
            Err(error) if !self.may_try_again() => {
                let why = format!(
                    "it was asked for with {} others, after {MOST_REFUSALS} refusals: {error}; name it with --node to \
                     ask for it alone",
                    wanted.len() - 1
                );
                vec![Err(why); wanted.len()]
            }
            Err(_) => {
                let (first, second) = wanted.split_at(wanted.len() / 2);
                let mut taken = self.take_named(first);
                taken.extend(self.take_named(second));
                taken
            }
        }
    }

    /// Notes that a form was refused, and tells whether its parts may be tried.
    fn may_try_again(&self) -> bool {
        self.refusals.set(self.refusals.get() + 1);
        self.refusals.get() < MOST_REFUSALS
    }

    /// Runs a form of the network on the inputs.
    fn run(&self, model: onnx::Model) -> Result<Vec<Tensor<'static>>> {
        let mut session = compile(model, &self.device, &self.options)?;
        let inputs = self.given.inputs()?;
        let outputs = session.run(&inputs)?;
        let owned = outputs.iter().map(|output| Tensor {
            dtype: output.dtype(),
            shape: output.shape().to_vec().into(),
            bytes: output.bytes().to_vec().into(),
        });
        Ok(owned.collect())
    }
}

/// Compiles a form of a network for the CPU device, and loads it there.
#[cfg(feature = "mock")]
fn compile(model: onnx::Model, device: &Device, options: &Options) -> Result<Session> {
    let options = ascend_mock::compiler::CompileOptions {
        model_name: "compare".to_owned(),
        input_shapes: options.input_shapes.clone(),
        engine: options.engine.clone(),
        ..Default::default()
    };
    let mut om = Vec::new();
    ascend_mock::compiler::compile_model(model, &options, &mut om)?;
    let model = Model::from_bytes(&device.context(), &om)?;
    Session::new(model.into())
}

#[cfg(not(feature = "mock"))]
fn compile(_model: onnx::Model, _device: &Device, _options: &Options) -> Result<Session> {
    let message = "this build has no CPU device to run ONNX on: build with the feature `mock`, or give the \
                   outputs of ONNX Runtime as .npy files";
    Err(Error::new(crate::ErrorKind::Unsupported, message))
}

/// Tells of the nodes in graphs inside of nodes, whose values have no names outside.
fn inside(model: &onnx::Model) -> Result<Vec<Text>> {
    let mut graphs: Vec<&onnx::Graph> = Vec::new();
    let graph = model.graph()?;
    graphs.extend(graph.node.iter().flat_map(onnx::Node::subgraphs));
    let mut count = 0;
    while let Some(graph) = graphs.pop() {
        let computing = graph.node.iter().filter(|node| node.op_type != "Constant");
        count += computing.count();
        graphs.extend(graph.node.iter().flat_map(onnx::Node::subgraphs));
    }
    let told = text!(
        "{count} nodes in the bodies of If, Loop or Scan: what the node around them gives is compared",
        count
    );
    Ok(if count > 0 { vec![told] } else { Vec::new() })
}

/// What the `Identity` nodes of a network give, and what they are given: in a sound graph no circle.
fn same(model: &onnx::Model) -> Result<HashMap<String, String>> {
    let nodes = model.graph()?.node.iter();
    let copies = nodes.filter(|node| node.op_type == "Identity" && node.is_onnx());
    let pairs = copies.filter_map(|node| {
        let (output, input) = (node.output.first()?, node.input.first()?);
        Some((output.clone(), input.clone()))
    });
    Ok(pairs.collect())
}

/// What the nodes of a network give, then the outputs that none of them gives.
fn values(model: &onnx::Model) -> Result<Vec<Value>> {
    let graph = model.graph()?;
    let outputs: Vec<&str> = graph
        .output
        .iter()
        .map(|output| output.name.as_str())
        .collect();
    let found = model.node_values()?;
    let places: HashMap<&str, usize> = found
        .iter()
        .enumerate()
        .map(|(place, value)| (value.name.as_str(), place))
        .collect();
    let values = found.iter().map(|value| {
        let node = &graph.node[value.node];
        let mut reads: Vec<usize> = value
            .reads
            .iter()
            .filter_map(|name| places.get(name.as_str()).copied())
            .collect();
        reads.sort_unstable();
        reads.dedup();
        Value {
            tensor: value.name.clone(),
            node: node.label(value.node),
            operator: node.op_type.clone(),
            index: value.output,
            is_output: outputs.contains(&value.name.as_str()),
            dtype: value.dtype,
            reads,
            origins: Vec::new(),
        }
    });
    let constants = model.constant_outputs()?.into_iter();
    let constants = constants.map(|(tensor, dtype)| Value {
        tensor,
        dtype,
        is_output: true,
        ..Value::default()
    });
    Ok(values.chain(constants).collect())
}

/// Puts a 1 behind each shape that a network gives: those of scalars would be empty.
fn end_shapes(model: &mut onnx::Model) {
    const ONE: &str = "compare/one";
    let Some(graph) = &mut model.graph else {
        return;
    };
    let bytes = 1_i64.to_le_bytes().to_vec();
    let one = onnx::Tensor::new(ONE, DataType::I64, vec![1], bytes.into());
    graph.initializer.push(one);
    for output in &mut graph.output {
        let ended = format!("{ONE}/{}", output.name);
        graph.node.push(onnx::Node {
            op_type: "Concat".to_owned(),
            name: ended.clone(),
            input: vec![output.name.clone(), ONE.to_owned()],
            output: vec![ended.clone()],
            attribute: vec![onnx::Attribute::int("axis", 0)],
            ..onnx::Node::default()
        });
        output.name = ended;
    }
}

/// The shape that these elements are, without the 1 behind it.
fn lens(shape: &Tensor<'_>) -> Option<Vec<usize>> {
    let [lens @ .., _] = shape.bytes.as_chunks().0 else {
        return None;
    };
    let lens = lens
        .iter()
        .map(|len| usize::try_from(i64::from_ne_bytes(*len)).ok());
    lens.collect()
}
