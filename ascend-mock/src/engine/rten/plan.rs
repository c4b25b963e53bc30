//! How the operators of a program are run one by one.

use std::collections::{HashMap, HashSet};

use ::rten::{Model, NodeId};
use ascend_graph::onnx::{self, Graph, Node, ValueInfo};

use super::units::{Unit, units};
use crate::engine::EngineError;

/// An operator, and how it is run.
pub(super) struct Step {
    pub(super) unit: Unit,
    /// The values that have to be given, and those that are fetched from the plain program.
    pub(super) values: Vec<Place>,
    pub(super) weights: Vec<Weight>,
    /// The constants that the program itself has and the operator reads.
    pub(super) constants: Vec<Place>,
    pub(super) gives: Vec<Place>,
    /// The values that nobody reads after it.
    pub(super) ends: Vec<String>,
}

#[derive(Clone)]
pub(super) struct Place {
    pub(super) name: String,
    pub(super) id: NodeId,
}

pub(super) struct Weight {
    pub(super) place: Place,
    /// Where the plain program has it.
    pub(super) plain: NodeId,
}

/// Makes the constants that lie in the weights inputs, and gives their names.
pub(super) fn take_weights_out(graph: &mut Graph) -> HashSet<String> {
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
pub(super) struct Planner<'a> {
    graph: &'a Graph,
    model: &'a Model,
    plain: &'a Model,
    /// The constants that the plain program has.
    weights: HashSet<String>,
    /// The constants that the program itself has.
    constants: HashSet<&'a str>,
    /// The inputs, and what nodes compute.
    values: HashSet<&'a str>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        graph: &'a Graph,
        model: &'a Model,
        plain: &'a Model,
        weights: HashSet<String>,
    ) -> Self {
        let (fixed, computing): (Vec<_>, Vec<_>) = graph
            .node
            .iter()
            .partition(|node| node.op_type == "Constant");
        let inline = graph.initializer.iter().map(|tensor| &tensor.name);
        let constants = fixed.iter().flat_map(|node| &node.output).chain(inline);
        let inputs = graph.input.iter().map(|input| &input.name);
        let values = computing.iter().flat_map(|node| &node.output).chain(inputs);
        let values = values.map(String::as_str);
        Self {
            graph,
            model,
            plain,
            constants: constants.map(String::as_str).collect(),
            values: values
                .filter(|name| !name.is_empty() && !weights.contains(*name))
                .collect(),
            weights,
        }
    }

    pub(super) fn plan(&self, network: &[Node]) -> Result<Vec<Step>, EngineError> {
        let units = units(&self.graph.node, network);
        let reads: Vec<Vec<&str>> = units
            .iter()
            .map(|unit| unit.reads(&self.graph.node))
            .collect();
        let mut readers: HashMap<&str, usize> = HashMap::new();
        for (index, names) in reads.iter().enumerate() {
            readers.extend(names.iter().map(|name| (*name, index)));
        }
        let mut steps = Vec::new();
        for (index, (unit, reads)) in units.into_iter().zip(&reads).enumerate() {
            let is_read_later =
                |name: &str| readers.get(name).is_some_and(|reader| *reader > index);
            let is_kept = |name: &str| is_read_later(name) || self.is_output(name);
            let nodes = self.graph.node[unit.nodes.clone()].iter();
            let gives: Vec<&str> = nodes
                .flat_map(|node| &node.output)
                .map(String::as_str)
                .filter(|name| self.values.contains(name))
                .filter(|name| is_kept(name) || unit.outputs.iter().any(|given| given == name))
                .collect();
            // Nothing but constants.
            if gives.is_empty() {
                continue;
            }
            let ends = reads.iter().chain(&gives);
            let ends = ends.filter(|name| self.values.contains(*name) && !is_kept(name));
            let ends = ends.map(|name| (*name).to_owned()).collect();
            steps.push(self.step(unit, reads, &gives, ends)?);
        }
        Ok(steps)
    }

    fn is_output(&self, name: &str) -> bool {
        self.graph.output.iter().any(|output| output.name == name)
    }

    fn step(
        &self,
        unit: Unit,
        reads: &[&str],
        gives: &[&str],
        ends: Vec<String>,
    ) -> Result<Step, EngineError> {
        let values = reads.iter().filter(|name| self.values.contains(**name));
        let weights = reads.iter().filter(|name| self.weights.contains(**name));
        // A node may read one constant twice.
        let mut once = HashSet::new();
        let of_node = unit.inputs.iter().map(String::as_str);
        let constants = of_node.filter(|name| self.constants.contains(name) && once.insert(*name));
        Ok(Step {
            values: self.places(values.copied())?,
            weights: weights
                .map(|name| self.weight(name))
                .collect::<Result<_, _>>()?,
            constants: self.places(constants)?,
            gives: self.places(gives.iter().copied())?,
            ends,
            unit,
        })
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
