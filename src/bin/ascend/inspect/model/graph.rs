//! A graph as it is listed and looked at.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Operators and what flows between them.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) name: String,
    /// In the order of the file.
    pub(crate) nodes: Vec<Node>,
    /// Constants, which are told as inputs of nodes instead.
    pub(crate) constants: usize,
}

/// An operator, input or output.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) name: String,
    /// The operator's type, such as `Conv2D`.
    pub(crate) kind: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) inputs: Vec<Port>,
    pub(crate) outputs: Vec<Port>,
    /// The graphs inside, by their places among all graphs.
    pub(crate) graphs: Vec<usize>,
}

/// A value that goes into a node or comes out of it.
#[derive(Debug, Default)]
pub(crate) struct Port {
    pub(crate) name: String,
    /// Its type, shape and layout, as far as they are known.
    pub(crate) what: String,
    /// Of an input: the node that gives it.
    pub(crate) node: Option<usize>,
    /// Of an input: the name of the constant that it is.
    pub(crate) is_constant: bool,
    /// No data, only that one node waits for another.
    pub(crate) is_control: bool,
}

impl Graph {
    /// How many operators of each type there are, the most frequent first.
    pub(super) fn histogram(&self) -> Vec<(&str, usize)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for node in &self.nodes {
            *counts.entry(&node.kind).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        counts
    }

    /// The operators in the order of the file, for programs.
    pub(super) fn ops(&self) -> Value {
        let port = |port: &Port| json!({"name": port.name, "what": port.what, "constant": port.is_constant, "control": port.is_control});
        let op = |node: &Node| {
            json!({
                "name": node.name,
                "type": node.kind,
                "inputs": node.inputs.iter().map(port).collect::<Value>(),
                "outputs": node.outputs.iter().map(|port| json!({"name": port.name, "what": port.what})).collect::<Value>(),
            })
        };
        json!({"graph": self.name, "ops": self.nodes.iter().map(op).collect::<Value>()})
    }

    /// The graph for the page, with short keys, because there are many.
    pub(super) fn page(&self) -> Value {
        let input = |port: &Port| {
            json!([
                port.name,
                port.what,
                port.node,
                u8::from(port.is_constant),
                u8::from(port.is_control)
            ])
        };
        let node = |node: &Node| {
            json!({
                "n": node.name,
                "t": node.kind,
                "a": node.attributes,
                "i": node.inputs.iter().map(input).collect::<Value>(),
                "o": node.outputs.iter().map(|port| json!([port.name, port.what])).collect::<Value>(),
                "g": node.graphs,
            })
        };
        json!({
            "name": self.name,
            "constants": self.constants,
            "nodes": self.nodes.iter().map(node).collect::<Value>(),
        })
    }
}
