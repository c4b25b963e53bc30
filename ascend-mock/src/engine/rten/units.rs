//! The operators of a program: which of its nodes stand for which node of the ONNX graph.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use ascend_graph::onnx::{Node, reads};

use crate::engine::Operator;

/// Nodes of a program that are one operator.
pub(super) struct Unit {
    pub(super) operator: Arc<Operator>,
    pub(super) nodes: Range<usize>,
    /// The values that the ONNX node reads and gives.
    pub(super) inputs: Vec<String>,
    pub(super) outputs: Vec<String>,
}

impl Unit {
    fn new(node: &Node, nodes: Range<usize>) -> Self {
        let named = |names: &[String]| {
            let named = names.iter().filter(|name| !name.is_empty());
            named.cloned().collect()
        };
        Self {
            operator: Arc::new(Operator {
                name: name_of(node).to_owned(),
                op_type: node.op_type.clone(),
            }),
            nodes,
            inputs: named(&node.input),
            outputs: named(&node.output),
        }
    }

    /// The values that its nodes read and do not give.
    pub(super) fn reads<'n>(&self, nodes: &'n [Node]) -> Vec<&'n str> {
        let nodes = &nodes[self.nodes.clone()];
        let mut seen: HashSet<&str> = nodes
            .iter()
            .flat_map(|node| &node.output)
            .map(String::as_str)
            .collect();
        let read = nodes.iter().flat_map(reads);
        read.filter(|name| !name.is_empty() && seen.insert(name))
            .collect()
    }
}

/// The name that a node had before the compiler put its operator behind it; what has no name keeps its
/// place and operator.
fn name_of(node: &Node) -> &str {
    let stem = node
        .name
        .strip_suffix(')')
        .and_then(|name| name.strip_suffix(&node.op_type))
        .and_then(|name| name.strip_suffix(" ("));
    let place = |stem: &str| {
        stem.strip_prefix('#')
            .is_some_and(|place| place.bytes().all(|byte| byte.is_ascii_digit()))
    };
    stem.filter(|stem| !place(stem)).unwrap_or(&node.name)
}

/// Groups the nodes of a program by the nodes of the ONNX graph that they were made of: those follow each
/// other, and the last ones give the same values. Without the graph each node is an operator.
pub(super) fn units(nodes: &[Node], network: &[Node]) -> Vec<Unit> {
    let outputs = |index: usize| nodes[index].output.iter().map(move |name| (name, index));
    let givers: HashMap<&String, usize> = (0..nodes.len()).flat_map(outputs).collect();
    let mut units = Vec::new();
    let mut next = 0;
    for node in network {
        let given = node.output.iter().filter(|name| !name.is_empty());
        let last = given.filter_map(|name| givers.get(name)).max();
        if let Some(&last) = last.filter(|&&last| last >= next) {
            units.push(Unit::new(node, next..last + 1));
            next = last + 1;
        }
    }
    // What follows gives nothing that the graph has.
    if units.is_empty() {
        units.extend((0..nodes.len()).map(|index| Unit::new(&nodes[index], index..index + 1)));
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, op_type: &str, inputs: &[&str], outputs: &[&str]) -> Node {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Node {
            name: name.to_owned(),
            op_type: op_type.to_owned(),
            input: owned(inputs),
            output: owned(outputs),
            ..Node::default()
        }
    }

    #[test]
    fn nodes_belong_to_what_they_were_made_of() {
        let network = [
            node("gate (Hardmax)", "Hardmax", &["x"], &["h"]),
            node("lost (Dropout)", "Dropout", &["h"], &["unused"]),
            node("#2 (Norm)", "Norm", &["h", "", "s"], &["y", "", "m"]),
        ];
        let nodes = [
            node("gate (Hardmax)", "ArgMax", &["x"], &["h~1"]),
            node("gate (Hardmax)", "OneHot", &["h~1", "two"], &["h"]),
            node("#1 (Norm)", "Mul", &["h", "s"], &["y"]),
            node("#1 (Norm)", "Identity", &["h"], &["m"]),
            node("#1 (Norm)", "Identity", &["h"], &["nobody's~2"]),
        ];
        let found = units(&nodes, &network);
        let told: Vec<_> = found
            .iter()
            .map(|unit| (unit.operator.name.as_str(), unit.nodes.clone()))
            .collect();
        assert_eq!(told, [("gate", 0..2), ("#2 (Norm)", 2..4)]);
        assert_eq!(found[0].reads(&nodes), ["x", "two"]);
        assert_eq!(found[1].inputs, ["h", "s"]);
        assert_eq!(found[1].outputs, ["y", "m"]);
        let alone = units(&nodes, &[]);
        assert_eq!(alone.len(), 5);
        assert_eq!(alone[1].operator.name, "gate (Hardmax)");
    }
}
