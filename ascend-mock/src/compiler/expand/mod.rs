//! Operators written out in simpler ones, before anything is asked of the engine.
//!
//! What comes out is a model of ONNX's own operators that means the same. Ranks are used where a formula
//! asks for them and the graph itself tells them.

mod boxes;
mod npu;
mod recurrent;
mod regions;
mod standard;

use std::borrow::Cow;

use ascend_graph::onnx::{Graph, Model, Names, Node};

use super::error::{CompileError, Refusal};
use super::facts::{Facts, Site};
use super::form::{Form, Made};
use super::lower::node_name;

/// How often a form may be made of operators that have a form themselves.
const MOST_ROUNDS: usize = 4;

/// Writes what stands for a node, or says why nothing does.
type Expand = fn(&mut Form) -> Result<(), String>;

/// Gives the model in simpler operators; most models stay as they are.
pub(super) fn expand(model: &Model) -> Result<Cow<'_, Model>, CompileError> {
    let mut expanded = Cow::Borrowed(model);
    let opset = model.opset().unwrap_or_default();
    for _ in 0..MOST_ROUNDS {
        let graph = expanded.graph()?;
        if !has_expansion(graph) {
            break;
        }
        let mut round = Round {
            opset,
            names: Names::of(graph),
            made: Made::default(),
            refusals: Vec::new(),
        };
        let graph = round.expand(graph, None);
        if !round.refusals.is_empty() {
            let nodes = model.graph()?.node.len();
            return Err(CompileError::refused(round.refusals, nodes));
        }
        expanded.to_mut().graph = Some(graph);
    }
    Ok(expanded)
}

/// Gives the way to write a node out.
fn expansion(node: &Node) -> Option<Expand> {
    let is_own = node.is_onnx();
    if node.domain == "npu" || (is_own && node.op_type.starts_with("NPU")) {
        return Some(npu::expansion(&node.op_type));
    }
    standard::expansion(node).filter(|_| is_own)
}

fn has_expansion(graph: &Graph) -> bool {
    let mut graphs = vec![graph];
    while let Some(graph) = graphs.pop() {
        for node in &graph.node {
            if expansion(node).is_some() {
                return true;
            }
            graphs.extend(node.subgraphs());
        }
    }
    false
}

/// One walk over a graph and the graphs inside of it, whose nesting has been limited.
struct Round {
    opset: i64,
    names: Names,
    made: Made,
    refusals: Vec<Refusal>,
}

impl Round {
    fn expand(&mut self, graph: &Graph, outer: Option<&Facts>) -> Graph {
        let facts = Facts::gather(graph, self.opset, outer);
        let mut nodes = Vec::with_capacity(graph.node.len());
        for (index, node) in graph.node.iter().enumerate() {
            if self.made.is_too_much() {
                break;
            }
            let site = Site {
                node,
                facts: &facts,
            };
            match expansion(node) {
                Some(expand) => self.write(&site, index, expand, &mut nodes),
                None => nodes.push(self.expand_inside(node, &facts)),
            }
        }
        Graph {
            node: nodes,
            ..graph.clone()
        }
    }

    fn write(&mut self, site: &Site, index: usize, expand: Expand, nodes: &mut Vec<Node>) {
        let mut form = Form::new(*site, &mut self.names);
        let written = expand(&mut form).and_then(|()| self.made.add(form.made));
        match written {
            Ok(()) => {
                let name = node_name(site.node, index);
                nodes.extend(form.nodes.into_iter().map(|node| Node {
                    name: name.clone(),
                    ..node
                }));
            }
            Err(reason) => self.refusals.push(Refusal {
                node: site.node.label(index),
                op_type: site.node.op_type.clone(),
                reason,
            }),
        }
    }

    fn expand_inside(&mut self, node: &Node, facts: &Facts) -> Node {
        let mut node = node.clone();
        for attribute in &mut node.attribute {
            for graph in attribute
                .g
                .as_deref_mut()
                .into_iter()
                .chain(&mut attribute.graphs)
            {
                *graph = self.expand(graph, Some(facts));
            }
        }
        node
    }
}
