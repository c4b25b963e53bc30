//! An ONNX graph in the words of an `.om`.

mod edges;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fmt;

use bytes::Bytes;

use super::attributes::signed;
use super::{
    AttrDef, ExternalWeight, GraphDef, InOut, InputAipp, OpDef, TensorDef, TensorDescriptor,
    WeightsPlan,
};
use crate::onnx::{AttributeType, Graph, Node, Tensor};
use crate::{Error, Result};

/// What converting a model gives.
pub(super) struct Converted {
    /// The main graph, then those inside of nodes.
    pub(super) graphs: Vec<GraphDef>,
    /// The source of each output of the main graph.
    pub(super) outputs: Vec<Source>,
}

/// What is known of the main graph's edges.
#[derive(Clone, Copy)]
pub(super) struct Interface<'a> {
    pub(super) io: &'a InOut,
    pub(super) aipp: &'a [InputAipp],
    pub(super) plan: &'a WeightsPlan,
    /// The places of constants outside of the file.
    pub(super) external: &'a BTreeMap<String, ExternalWeight>,
}

/// Converts a graph and all graphs inside of it.
///
/// Each node becomes one operator of the same type with the same attributes; inputs become `Data`,
/// constants `Const`, and a `NetOutput` collects the outputs. A value that a graph inside of a node takes
/// from around it is a `Data` of that name there.
pub(super) fn convert(main: &Graph, io: Interface<'_>) -> Result<Converted> {
    let mut outputs = None;
    let mut graphs = Vec::new();
    let mut waiting = VecDeque::from([(main.name.clone(), main)]);
    while let Some((name, graph)) = waiting.pop_front() {
        let is_main = outputs.is_none();
        let mut converter = Converter::new(graph, is_main.then_some(io), name);
        let sources = converter
            .convert(graph)
            .map_err(|error| error.within(format_args!("graph `{}`", converter.graph_name)))?;
        waiting.extend(converter.inner.drain(..));
        outputs.get_or_insert(sources);
        graphs.push(converter.finish());
    }
    Ok(Converted {
        graphs,
        outputs: outputs.unwrap_or_default(),
    })
}

/// Where a value comes from: an output of an operator.
#[derive(Clone)]
pub(super) struct Source {
    op: String,
    index: usize,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.op, self.index)
    }
}

struct Converter<'a> {
    graph_name: String,
    main: Option<Interface<'a>>,
    types: HashMap<&'a str, TensorDescriptor>,
    sources: HashMap<&'a str, Source>,
    names: Names,
    inputs: Vec<OpDef>,
    ops: Vec<OpDef>,
    outputs: Vec<String>,
    inner: Vec<(String, &'a Graph)>,
}

impl<'a> Converter<'a> {
    fn new(graph: &'a Graph, main: Option<Interface<'a>>, graph_name: String) -> Self {
        let mut types = HashMap::new();
        for value in graph
            .value_info
            .iter()
            .chain(&graph.input)
            .chain(&graph.output)
        {
            types.insert(value.name.as_str(), TensorDescriptor::from_value(value));
        }
        if let Some(Interface { io, .. }) = main {
            let outputs = graph.output.iter().map(|output| output.name.as_str());
            types.extend(outputs.zip(io.outputs.iter().map(TensorDescriptor::from_io)));
            types.extend(
                io.inputs
                    .iter()
                    .map(|input| (input.name.as_str(), TensorDescriptor::from_io(input))),
            );
        }
        Self {
            graph_name,
            main,
            types,
            sources: HashMap::new(),
            names: Names::default(),
            inputs: Vec::new(),
            ops: Vec::new(),
            outputs: Vec::new(),
            inner: Vec::new(),
        }
    }

    fn convert(&mut self, graph: &'a Graph) -> Result<Vec<Source>> {
        let constants: HashSet<&str> = graph
            .initializer
            .iter()
            .map(|tensor| tensor.name.as_str())
            .collect();
        if let Some(main) = self.main {
            for input in &main.io.inputs {
                self.add_input(&input.name);
            }
            self.add_edges(&main);
        } else {
            let names = graph.input.iter().map(|input| input.name.as_str());
            names
                .filter(|name| !constants.contains(name))
                .for_each(|name| self.add_input(name));
        }
        for tensor in &graph.initializer {
            let added = self.add_constant(tensor);
            added.map_err(|error| error.within(format_args!("constant `{}`", tensor.name)))?;
        }
        for (index, node) in graph.node.iter().enumerate() {
            let added = self.add_node(node);
            added.map_err(|error| error.within(format_args!("node `{}`", node.label(index))))?;
        }
        self.add_output(graph)
    }

    fn finish(self) -> GraphDef {
        let input = self
            .inputs
            .iter()
            .map(|op| format!("{}:0", op.name))
            .collect();
        let mut ops = self.inputs;
        ops.extend(self.ops);
        for (id, op) in (0..).zip(&mut ops) {
            op.id = id;
        }
        GraphDef {
            name: self.graph_name,
            input,
            output: self.outputs,
            op: ops,
            ..GraphDef::default()
        }
    }

    fn add_input(&mut self, name: &'a str) {
        let descriptor = self.descriptor(name);
        let index = i64::try_from(self.inputs.len()).unwrap_or(i64::MAX);
        let op = self.names.unique(name);
        self.sources.insert(
            name,
            Source {
                op: op.clone(),
                index: 0,
            },
        );
        self.inputs.push(OpDef {
            name: op,
            r#type: "Data".to_owned(),
            attr: [("index".to_owned(), index.into())].into(),
            input_desc: vec![descriptor.clone()],
            output_desc: vec![descriptor],
            ..OpDef::default()
        });
    }

    fn add_constant(&mut self, tensor: &'a Tensor) -> Result<()> {
        if let Some(weight) = self.main.and_then(|main| main.external.get(&tensor.name)) {
            return self.add_file_constant(tensor, weight);
        }
        let value = match self
            .main
            .and_then(|main| main.plan.entries.get(&tensor.name))
        {
            Some(extent) => {
                let mut descriptor = TensorDescriptor::from_constant(tensor)?;
                descriptor.weight_size = signed(extent.length)?;
                descriptor.data_offset = signed(extent.offset)?;
                TensorDef {
                    desc: Some(descriptor),
                    data: Bytes::new(),
                }
            }
            None => TensorDef::from_onnx(tensor)?,
        };
        let descriptor = TensorDescriptor::from_constant(tensor)?;
        self.types.insert(&tensor.name, descriptor.clone());
        let op = self.names.unique(&tensor.name);
        self.sources.insert(
            &tensor.name,
            Source {
                op: op.clone(),
                index: 0,
            },
        );
        self.ops.push(OpDef {
            name: op,
            r#type: "Const".to_owned(),
            attr: [("value".to_owned(), value.into())].into(),
            output_desc: vec![descriptor],
            ..OpDef::default()
        });
        Ok(())
    }

    fn add_file_constant(&mut self, tensor: &'a Tensor, weight: &ExternalWeight) -> Result<()> {
        let mut descriptor = TensorDescriptor::from_constant(tensor)?;
        descriptor.weight_size = signed(weight.extent.length)?;
        descriptor.data_offset = signed(weight.extent.offset)?;
        self.types.insert(&tensor.name, descriptor.clone());
        let name = self.names.unique(&tensor.name);
        let source = Source {
            op: name.clone(),
            index: 0,
        };
        self.sources.insert(&tensor.name, source);
        self.ops.push(OpDef {
            name,
            r#type: "FileConstant".to_owned(),
            attr: weight.attributes()?,
            output_desc: vec![descriptor],
            ..OpDef::default()
        });
        Ok(())
    }

    fn add_node(&mut self, node: &'a Node) -> Result<()> {
        let name = self.names.unique(if node.name.is_empty() {
            &node.op_type
        } else {
            &node.name
        });
        let mut op = OpDef {
            r#type: node.op_type.clone(),
            ..OpDef::default()
        };
        for input in &node.input {
            op.input.push(match input.as_str() {
                "" => String::new(),
                input => self.source(input)?.to_string(),
            });
            op.input_desc.push(self.descriptor(input));
        }
        for (index, output) in node.output.iter().enumerate() {
            op.output_desc.push(self.descriptor(output));
            self.sources.insert(
                output,
                Source {
                    op: name.clone(),
                    index,
                },
            );
        }
        for attribute in &node.attribute {
            let within =
                |error: Error| error.within(format_args!("attribute `{}`", attribute.name));
            let Some(value) = attribute.value() else {
                let message = format!(
                    "is of the type {:?}, which an .om cannot hold",
                    attribute.kind()
                );
                return Err(within(Error::unsupported(message)));
            };
            if let Some(value) = AttrDef::from_onnx(value).map_err(within)? {
                op.attr.insert(attribute.name.clone(), value);
            }
            for (index, graph) in attribute.subgraphs().enumerate() {
                let suffix = if attribute.kind() == AttributeType::Graphs {
                    format!("_{index}")
                } else {
                    String::new()
                };
                let inner = format!("{}/{name}/{}{suffix}", self.graph_name, attribute.name);
                op.subgraph_name.push(inner.clone());
                self.inner.push((inner, graph));
            }
        }
        if !node.domain.is_empty() {
            op.attr
                .insert("_onnx_domain".to_owned(), node.domain.as_str().into());
        }
        op.name = name;
        self.ops.push(op);
        Ok(())
    }

    fn add_output(&mut self, graph: &'a Graph) -> Result<Vec<Source>> {
        let mut op = OpDef {
            name: self.names.unique("Node_Output"),
            r#type: "NetOutput".to_owned(),
            ..OpDef::default()
        };
        let mut sources = Vec::new();
        for (index, output) in graph.output.iter().enumerate() {
            let source = self.source(&output.name)?.clone();
            let described = self.main.and_then(|main| main.io.outputs.get(index));
            op.input_desc.push(match described {
                Some(tensor) => TensorDescriptor::from_io(tensor),
                None => self.descriptor(&output.name),
            });
            op.input.push(source.to_string());
            op.src_name.push(source.op.clone());
            op.src_index.push(signed(source.index as u64)?);
            sources.push(source);
        }
        if let Some(io) = self
            .main
            .map(|main| main.io)
            .filter(|io| !io.output_dims.is_empty())
        {
            let dims = AttrDef::strings(io.output_dims.iter().cloned());
            op.attr.insert("_dynamic_output_dims".to_owned(), dims);
        }
        self.outputs.clone_from(&op.input);
        self.ops.push(op);
        Ok(sources)
    }

    /// Gives where a value comes from. A graph inside of a node takes what it does not have as an input.
    fn source(&mut self, value: &'a str) -> Result<&Source> {
        if !self.sources.contains_key(value) && self.main.is_none() {
            self.add_input(value);
        }
        let source = self.sources.get(value);
        source.ok_or_else(|| Error::invalid(format!("nothing before it gives the value `{value}`")))
    }

    fn descriptor(&self, value: &str) -> TensorDescriptor {
        match self.types.get(value) {
            Some(descriptor) => descriptor.clone(),
            None if value.is_empty() => TensorDescriptor::absent(),
            None => TensorDescriptor::unknown(),
        }
    }
}

/// Names that have been given, to keep those of operators apart.
#[derive(Default)]
struct Names {
    /// How often each has been asked for again.
    used: HashMap<String, usize>,
}

impl Names {
    /// Gives `name`, or `name` with a number after it if it is taken.
    fn unique(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        while self.used.contains_key(&candidate) {
            let count = self.used.entry(name.to_owned()).or_default();
            *count += 1;
            candidate = format!("{name}_{count}");
        }
        self.used.insert(candidate.clone(), 0);
        candidate
    }
}
