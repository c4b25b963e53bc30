//! What nodes give, and models that give it.

use std::collections::{HashMap, HashSet};

use super::order::reads;
use super::simplify::sweep;
use super::{Dim, Graph, Model, Names, Node, ValueInfo, output_types};
use crate::{DataType, Result};

/// A value that a node of the outermost graph gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeValue {
    /// The value's name.
    pub name: String,
    /// The place of the node in the graph.
    pub node: usize,
    /// Which of the node's outputs it is.
    pub output: usize,
    /// The element type, where it can be told before the model runs.
    pub dtype: Option<DataType>,
    /// The values that the node reads, itself or from within its graphs.
    pub reads: Vec<String>,
}

impl Model {
    /// Gives what the nodes of the outermost graph give, in the graph's order, but for constants.
    ///
    /// # Errors
    /// `Format` if the model has no graph.
    pub fn node_values(&self) -> Result<Vec<NodeValue>> {
        let graph = self.graph()?;
        let types = value_types(graph);
        let mut values = Vec::new();
        for (place, node) in graph.node.iter().enumerate() {
            if node.constant().is_some() || node.op_type == "Constant" {
                continue;
            }
            let reads: Vec<String> = reads(node)
                .into_iter()
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect();
            for (output, name) in node.output.iter().enumerate() {
                if name.is_empty() {
                    continue;
                }
                values.push(NodeValue {
                    name: name.clone(),
                    node: place,
                    output,
                    dtype: types.get(name.as_str()).copied(),
                    reads: reads.clone(),
                });
            }
        }
        Ok(values)
    }

    /// Gives the outputs that are constants, initializers or inputs of the graph, each with its element
    /// type where that can be told: [`node_values`](Self::node_values) does not have them.
    ///
    /// # Errors
    /// `Format` if the model has no graph.
    pub fn constant_outputs(&self) -> Result<Vec<(String, Option<DataType>)>> {
        let graph = self.graph()?;
        let types = value_types(graph);
        let found = self.node_values()?;
        let given: HashSet<&str> = found.iter().map(|value| value.name.as_str()).collect();
        let names = graph.output.iter().map(|output| output.name.as_str());
        let others = names.filter(|name| !given.contains(name));
        Ok(others
            .map(|name| (name.to_owned(), types.get(name).copied()))
            .collect())
    }

    /// Gives the model that gives these values, of these types, instead of its outputs; nodes that none
    /// of them depends on are left out. The graph must be [sound](Self::ensure_sound).
    ///
    /// # Errors
    /// `Format` if the model has no graph.
    pub fn giving(&self, values: &[(&str, DataType)]) -> Result<Self> {
        let mut graph = self.graph()?.clone();
        let outputs = values
            .iter()
            .map(|(name, dtype)| ValueInfo::tensor(*name, *dtype, None));
        graph.output = outputs.collect();
        let is_given = |name: &str| values.iter().any(|(given, _)| *given == name);
        graph.value_info.retain(|value| !is_given(&value.name));
        sweep(&mut graph);
        Ok(self.with_graph(graph))
    }

    /// Gives the model that gives the shapes of these values, each as a vector of `int64`, in order: what
    /// a value takes is known before it is asked for.
    ///
    /// # Errors
    /// `Format` if the model has no graph.
    pub fn giving_shapes(&self, values: &[&str]) -> Result<Self> {
        let mut graph = self.graph()?.clone();
        let mut names = Names::of(&graph);
        graph.output.clear();
        for &value in values {
            let shape = names.fresh("shape");
            graph.node.push(Node {
                op_type: "Shape".to_owned(),
                name: shape.clone(),
                input: vec![value.to_owned()],
                output: vec![shape.clone()],
                ..Node::default()
            });
            let info = ValueInfo::tensor(shape, DataType::I64, Some(&[Dim::Unknown]));
            graph.output.push(info);
        }
        sweep(&mut graph);
        Ok(self.with_graph(graph))
    }

    /// The same model with another graph.
    pub(super) fn with_graph(&self, graph: Graph) -> Self {
        Self {
            graph: Some(graph),
            ..self.without_graph()
        }
    }
}

/// The element types of a graph's values, as far as they can be told.
pub(super) fn value_types(graph: &Graph) -> HashMap<&str, DataType> {
    let mut types = HashMap::new();
    let declared = graph.input.iter().chain(&graph.output);
    for value in declared.chain(&graph.value_info) {
        if let Ok(info) = value.info() {
            types.insert(value.name.as_str(), info.dtype);
        }
    }
    for tensor in &graph.initializer {
        if let Ok(dtype) = tensor.dtype() {
            types.insert(&tensor.name, dtype);
        }
    }
    for node in &graph.node {
        let found = output_types(node, |name| types.get(name).copied());
        for (index, (name, dtype)) in node.output.iter().zip(found).enumerate() {
            let dtype = dtype.or_else(|| body_type(node, index));
            // what the file says of a value comes first
            if let Some(dtype) = dtype {
                types.entry(name).or_insert(dtype);
            }
        }
    }
    types
}

/// The type that the body of a node declares for its output.
fn body_type(node: &Node, index: usize) -> Option<DataType> {
    // a loop's body gives first whether it goes on
    let skipped = usize::from(node.op_type == "Loop");
    let body = node.subgraphs().next()?;
    let output = body.output.get(index + skipped)?;
    output.info().ok().map(|info| info.dtype)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::{Attribute, Builder};

    fn model() -> Model {
        let mut graph = Builder::new("probe", 13);
        let x = graph.input("x", DataType::F32, &["batch".into(), 8.into()]);
        let two = graph.initializer(
            "two",
            DataType::F32,
            &[1],
            2.0_f32.to_le_bytes().to_vec().into(),
        );
        let y = graph.node("Mul", "scale", &[&x, &two], []);
        let best = graph.node("ArgMax", "best", &[&y], [Attribute::int("axis", 1)]);
        graph.node_to("Cast", "cast", &[&best], &["z"], [Attribute::int("to", 1)]);
        graph.output("z", DataType::F32, &["batch".into(), 1.into()]);
        graph.build().unwrap()
    }

    #[test]
    fn values_have_types_and_tell_what_they_are_made_of() {
        let values = model().node_values().unwrap();
        let told: Vec<_> = values
            .iter()
            .map(|value| (value.name.as_str(), value.dtype, value.reads.join(" ")))
            .collect();
        assert_eq!(
            told,
            [
                ("scale_output_0", Some(DataType::F32), "x two".to_owned()),
                (
                    "best_output_0",
                    Some(DataType::I64),
                    "scale_output_0".to_owned()
                ),
                ("z", Some(DataType::F32), "best_output_0".to_owned()),
            ]
        );
    }

    #[test]
    fn outputs_that_no_node_computes_are_told() {
        let mut graph = model().graph.unwrap();
        for name in ["x", "two"] {
            let output = ValueInfo::tensor(name, DataType::F32, None);
            graph.output.push(output);
        }
        let told = model().with_graph(graph).constant_outputs().unwrap();
        let float = Some(DataType::F32);
        assert_eq!(told, [("x".to_owned(), float), ("two".to_owned(), float)]);
    }

    #[test]
    fn a_model_gives_what_it_is_asked_for_and_no_more() {
        let whole = model();
        let part = whole.giving(&[("scale_output_0", DataType::F32)]).unwrap();
        part.ensure_sound().unwrap();
        let graph = part.graph().unwrap();
        assert_eq!((graph.node.len(), graph.output.len()), (1, 1));
        let shapes = whole.giving_shapes(&["best_output_0", "x"]).unwrap();
        shapes.ensure_sound().unwrap();
        let graph = shapes.graph().unwrap();
        assert_eq!((graph.node.len(), graph.output.len()), (4, 2));
        assert_eq!(whole.graph().unwrap().node.len(), 3);
    }
}
