//! The graphs of an ONNX model as they are listed and looked at.

use std::collections::{HashMap, VecDeque};

use ascend_graph::counted;
use ascend_graph::onnx::{self, Attribute, AttributeType, AttributeValue, Tensor, TensorInfo};

use super::super::model::attribute::{list, text};
use super::super::model::graph::{Graph, Node, Port};
use super::type_name;

/// The main graph and all graphs inside of nodes, without recursion.
pub(super) fn graphs(main: &onnx::Graph) -> Vec<Graph> {
    let mut graphs = Vec::new();
    let mut waiting = VecDeque::from([(main.name.clone(), main)]);
    while let Some((name, graph)) = waiting.pop_front() {
        // What waits comes right after what is told.
        let first = graphs.len() + 1 + waiting.len();
        let mut builder = Builder {
            first,
            ..Builder::new(graph)
        };
        for (index, node) in graph.node.iter().enumerate() {
            builder.add(index, node, &name);
        }
        waiting.extend(builder.inner.drain(..));
        graphs.push(builder.finish(graph, name));
    }
    graphs
}

/// A graph that is gathered.
struct Builder<'a> {
    types: HashMap<&'a str, String>,
    constants: HashMap<&'a str, String>,
    /// The node that gives each value.
    sources: HashMap<&'a str, usize>,
    nodes: Vec<Node>,
    /// Where the first graph inside of a node will be.
    first: usize,
    inner: Vec<(String, &'a onnx::Graph)>,
}

impl<'a> Builder<'a> {
    fn new(graph: &'a onnx::Graph) -> Self {
        let values = graph
            .value_info
            .iter()
            .chain(&graph.input)
            .chain(&graph.output);
        let types =
            values.filter_map(|value| Some((value.name.as_str(), described(&value.info().ok()?))));
        let constants = graph.initializer.iter();
        let mut builder = Self {
            types: types.collect(),
            constants: constants
                .map(|one| (one.name.as_str(), constant(one)))
                .collect(),
            sources: HashMap::new(),
            nodes: Vec::new(),
            first: 0,
            inner: Vec::new(),
        };
        for node in graph.node.iter().filter(|node| is_constant(node)) {
            let value = node.attribute("value");
            let what = match value {
                Some(AttributeValue::Tensor(tensor)) => constant(tensor),
                _ => node.attribute.first().map(shown).unwrap_or_default(),
            };
            let names = node.output.iter().map(|name| (name.as_str(), what.clone()));
            builder.constants.extend(names);
        }
        for input in &graph.input {
            if !builder.constants.contains_key(input.name.as_str()) {
                builder.add_edge(&input.name, "Input");
            }
        }
        builder
    }

    /// An input or output as a node of its own.
    fn add_edge(&mut self, value: &'a str, kind: &str) {
        let port = Port {
            name: value.to_owned(),
            what: self.what(value),
            ..Port::default()
        };
        let mut node = Node {
            name: value.to_owned(),
            kind: kind.to_owned(),
            ..Node::default()
        };
        if kind == "Output" {
            let node_of = self.sources.get(value).copied();
            let is_constant = self.constants.contains_key(value);
            node.inputs.push(Port {
                node: node_of,
                is_constant,
                ..port
            });
        } else {
            self.sources.insert(value, self.nodes.len());
            node.outputs.push(port);
        }
        self.nodes.push(node);
    }

    fn add(&mut self, index: usize, node: &'a onnx::Node, graph: &str) {
        if is_constant(node) {
            return;
        }
        let label = node.label(index);
        let mut told = Node {
            name: node.name.clone(),
            kind: node.op_type.clone(),
            ..Node::default()
        };
        if !node.is_onnx() {
            told.attributes
                .push(("domain".to_owned(), node.domain.clone()));
        }
        for value in node.input.iter().filter(|value| !value.is_empty()) {
            told.inputs.push(Port {
                name: value.clone(),
                what: self.what(value),
                is_constant: self.constants.contains_key(value.as_str()),
                ..Port::default()
            });
        }
        for value in node.output.iter().filter(|value| !value.is_empty()) {
            self.sources.entry(value).or_insert(self.nodes.len());
            told.outputs.push(Port {
                name: value.clone(),
                what: self.what(value),
                ..Port::default()
            });
        }
        for attribute in &node.attribute {
            told.attributes
                .push((attribute.name.clone(), shown(attribute)));
            for inner in attribute.subgraphs() {
                told.graphs.push(self.first + self.inner.len());
                self.inner
                    .push((format!("{graph}/{label}/{}", attribute.name), inner));
            }
        }
        self.nodes.push(told);
    }

    fn finish(mut self, graph: &'a onnx::Graph, name: String) -> Graph {
        for output in &graph.output {
            self.add_edge(&output.name, "Output");
        }
        // A node may stand before the one that it reads.
        for node in &mut self.nodes {
            for input in node.inputs.iter_mut().filter(|input| !input.is_constant) {
                input.node = self.sources.get(input.name.as_str()).copied();
            }
        }
        Graph {
            name,
            nodes: self.nodes,
            constants: self.constants.len(),
        }
    }

    fn what(&self, value: &str) -> String {
        let known = self.constants.get(value).or_else(|| self.types.get(value));
        known.cloned().unwrap_or_default()
    }
}

/// Whether a node is a constant, which is told with what reads it.
fn is_constant(node: &onnx::Node) -> bool {
    node.op_type == "Constant" && node.input.is_empty()
}

fn described(info: &TensorInfo) -> String {
    let dims = info.dims.as_ref().map(|dims| list(dims.len(), dims.iter()));
    format!(
        "{} {}",
        info.dtype,
        dims.unwrap_or_else(|| "[..]".to_owned())
    )
}

fn constant(tensor: &Tensor) -> String {
    let name = type_name(tensor.dtype().ok(), tensor.data_type);
    format!("{name} {}", list(tensor.dims.len(), tensor.dims.iter()))
}

fn shown(attribute: &Attribute) -> String {
    match attribute.value() {
        Some(AttributeValue::Float(number)) => number.to_string(),
        Some(AttributeValue::Int(number)) => number.to_string(),
        Some(AttributeValue::String(bytes)) => text(bytes),
        Some(AttributeValue::Tensor(tensor)) => format!("constant {}", constant(tensor)),
        Some(AttributeValue::Graph(graph)) => {
            format!("graph of {}", counted(graph.node.len(), "node"))
        }
        Some(AttributeValue::Floats(numbers)) => list(numbers.len(), numbers.iter()),
        Some(AttributeValue::Ints(numbers)) => list(numbers.len(), numbers.iter()),
        Some(AttributeValue::Strings(texts)) => {
            list(texts.len(), texts.iter().map(|bytes| text(bytes)))
        }
        Some(AttributeValue::Tensors(tensors)) => list(tensors.len(), tensors.iter().map(constant)),
        Some(AttributeValue::Graphs(graphs)) => counted(graphs.len(), "graph"),
        _ if attribute.kind() == AttributeType::Undefined => "(empty)".to_owned(),
        _ => format!("of the type {:?}", attribute.kind()),
    }
}
