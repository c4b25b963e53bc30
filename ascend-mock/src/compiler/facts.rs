use std::collections::{HashMap, HashSet};

use ascend_graph::DataType;
use ascend_graph::onnx::{Dim, Graph, Node, Tensor, output_types};

use crate::engine::Program;

/// What is known of a graph's values before it runs.
pub(super) struct Facts<'m> {
    pub(super) opset: i64,
    /// What is known around the node that holds the graph.
    outer: Option<&'m Facts<'m>>,
    /// The values of this graph, which hide those of the same name around it.
    own: HashSet<&'m str>,
    constants: HashMap<&'m str, &'m Tensor>,
    dims: HashMap<&'m str, Vec<Option<usize>>>,
    dtypes: HashMap<&'m str, DataType>,
    read: HashSet<&'m str>,
    program: Option<&'m dyn Program>,
}

/// A node and what is known around it.
#[derive(Clone, Copy)]
pub(super) struct Site<'m> {
    pub(super) node: &'m Node,
    pub(super) facts: &'m Facts<'m>,
}

impl<'m> Facts<'m> {
    /// Gathers what the graph itself tells, for a graph inside of another with what is known there.
    pub(super) fn gather(graph: &'m Graph, opset: i64, outer: Option<&'m Facts<'m>>) -> Self {
        let outputs = graph.node.iter().flat_map(|node| &node.output);
        let constants = graph.initializer.iter();
        let mut facts = Self {
            opset,
            outer,
            own: outputs
                .chain(graph.input.iter().map(|input| &input.name))
                .chain(constants.clone().map(|tensor| &tensor.name))
                .map(String::as_str)
                .collect(),
            constants: constants
                .map(|tensor| (tensor.name.as_str(), tensor))
                .chain(graph.node.iter().filter_map(Node::constant))
                .collect(),
            dims: HashMap::new(),
            dtypes: HashMap::new(),
            read: graph
                .output
                .iter()
                .map(|output| output.name.as_str())
                .collect(),
            program: None,
        };
        for input in &graph.input {
            let Ok(info) = input.info() else { continue };
            facts.dtypes.insert(&input.name, info.dtype);
            if let Some(dims) = info.dims {
                facts
                    .dims
                    .insert(&input.name, dims.iter().map(extent).collect());
            }
        }
        let mut graphs = vec![graph];
        while let Some(inside) = graphs.pop() {
            for node in &inside.node {
                facts.read.extend(node.input.iter().map(String::as_str));
                graphs.extend(node.subgraphs());
            }
            let outputs = inside.output.iter();
            facts
                .read
                .extend(outputs.map(|output| output.name.as_str()));
        }
        for (name, tensor) in &facts.constants {
            facts.dims.insert(
                name,
                tensor
                    .dims
                    .iter()
                    .map(|&dim| usize::try_from(dim).ok())
                    .collect(),
            );
            facts
                .dtypes
                .extend(tensor.dtype().ok().map(|dtype| (*name, dtype)));
        }
        for node in &graph.node {
            facts.infer_dtypes(node);
        }
        facts
    }

    /// Lets `program`, an earlier form of the same model, tell the shapes of values in between.
    pub(super) fn with(self, program: Option<&'m dyn Program>) -> Self {
        Self { program, ..self }
    }

    /// Gives the facts of the graph that has the value: this one or one around it.
    fn home(&self, name: &str) -> &Self {
        let mut facts = self;
        while let Some(outer) = facts.outer.filter(|_| !facts.own.contains(name)) {
            facts = outer;
        }
        facts
    }

    /// Gives the element type of a value, if it is known.
    pub(super) fn dtype(&self, name: &str) -> Option<DataType> {
        self.home(name).dtypes.get(name).copied()
    }

    /// Gives a constant by name.
    fn constant(&self, name: &str) -> Option<&Tensor> {
        self.home(name).constants.get(name).copied()
    }

    /// Notes the element types of a node's outputs, as ONNX defines them.
    fn infer_dtypes(&mut self, node: &'m Node) {
        let dtypes = output_types(node, |name| self.dtype(name));
        for (output, dtype) in node.output.iter().zip(dtypes) {
            self.dtypes
                .extend(dtype.map(|dtype| (output.as_str(), dtype)));
        }
    }
}

impl<'m> Site<'m> {
    /// Gives the name of an input, or `None` if it is left out.
    pub(super) fn input(&self, index: usize) -> Option<&'m str> {
        self.node
            .input
            .get(index)
            .map(String::as_str)
            .filter(|name| !name.is_empty())
    }

    /// Gives an input that is a constant.
    pub(super) fn constant(&self, index: usize) -> Option<&'m Tensor> {
        self.facts.constant(self.input(index)?)
    }

    /// Gives an input that is a constant of whole numbers.
    pub(super) fn numbers(&self, index: usize) -> Option<Vec<i64>> {
        self.constant(index)?.to_ints()
    }

    /// Gives an input that is a constant of float32.
    pub(super) fn floats(&self, index: usize) -> Option<Vec<f32>> {
        self.constant(index)?.to_floats()
    }

    /// Gives the element type of an input, if it is known.
    pub(super) fn dtype(&self, index: usize) -> Option<DataType> {
        self.facts.dtype(self.input(index)?)
    }

    /// Gives the shape of an input: `None` if not even the rank is known.
    pub(super) fn dims(&self, index: usize) -> Option<Vec<Option<usize>>> {
        let name = self.input(index)?;
        let home = self.facts.home(name);
        let dims = home.dims.get(name).cloned();
        dims.or_else(|| home.program?.dims(name))
    }

    /// Tells whether something reads an output.
    pub(super) fn reads_output(&self, index: usize) -> bool {
        self.node
            .output
            .get(index)
            .is_some_and(|name| !name.is_empty() && self.facts.read.contains(name.as_str()))
    }
}

fn extent(dim: &Dim) -> Option<usize> {
    dim.fixed().and_then(|extent| usize::try_from(extent).ok())
}
