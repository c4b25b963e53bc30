//! The model for engines that take ONNX as it is.

use std::collections::HashSet;

use ascend_graph::om::Split;
use ascend_graph::onnx::{Graph, Model, Node};
use bytes::Bytes;

use super::error::{CompileError, Refusal};
use super::facts::{Facts, Site};
use super::lower::{assemble, node_name};
use super::rules::judge_portable;
use super::threads;
use crate::engine::{Engine, Program};

/// Refuses what ONNX Runtime would compute otherwise than ONNX says.
pub(super) fn check(model: &Model) -> Result<(), CompileError> {
    let graph = model.graph()?;
    let mut refusals = Vec::new();
    judge(
        graph,
        model.opset().unwrap_or_default(),
        None,
        &mut refusals,
    );
    if refusals.is_empty() {
        return Ok(());
    }
    Err(CompileError::refused(refusals, graph.node.len()))
}

fn judge(graph: &Graph, opset: i64, outer: Option<&Facts>, refusals: &mut Vec<Refusal>) {
    let facts = Facts::gather(graph, opset, outer);
    for (index, node) in graph.node.iter().enumerate() {
        let site = Site {
            node,
            facts: &facts,
        };
        refusals.extend(judge_portable(&site).map(|reason| Refusal {
            node: node.label(index),
            op_type: node.op_type.clone(),
            reason,
        }));
        for inside in node.subgraphs() {
            judge(inside, opset, Some(&facts), refusals);
        }
    }
}

/// Writes a model of ONNX's own operators, in the opset and in the types that it has, with its large
/// constants in the weights.
pub(super) fn write(model: &Model, split: &Split) -> Result<Bytes, CompileError> {
    let nodes = model.graph()?.node.iter().enumerate();
    let nodes = nodes.map(|(index, node)| {
        let mut node = plain(node);
        node.name = node_name(&node, index);
        node
    });
    let imports = model.opset_import.iter();
    let imports = imports.filter(|set| set.domain != "npu").cloned().collect();
    let written = Model {
        functions: model.functions.clone(),
        ..assemble(model, split, nodes.collect(), imports)?
    };
    Ok(written.to_rope().to_bytes())
}

/// Has ONNX Runtime load the model, or say which node it does not.
pub(super) fn load(
    model: &Model,
    onnx: &Bytes,
    split: &Split,
    engine: &Engine,
) -> Result<Box<dyn Program>, CompileError> {
    let loaded = engine.load(onnx, split.weights.to_bytes(), threads());
    loaded.or_else(|error| {
        let nodes = &model.graph()?.node;
        let mut named = nodes.iter().enumerate();
        let named = named.find(|(index, node)| Some(node_name(node, *index)) == error.node);
        let Some((index, node)) = named else {
            let message = format!(
                "ONNX Runtime cannot load this model: {error}; export it for an older opset, or use a newer \
                 ONNX Runtime"
            );
            return Err(CompileError::unsupported(message));
        };
        let refusal = Refusal {
            node: node.label(index),
            op_type: node.op_type.clone(),
            reason: format!(
                "ONNX Runtime says: {error}; export it with other operators, or use a newer ONNX Runtime"
            ),
        };
        Err(CompileError::refused(vec![refusal], nodes.len()))
    })
}

/// Gives nodes of one name different ones, by their place: ONNX Runtime wants that.
pub(super) fn tell_apart(model: &mut Model) {
    if let Some(graph) = &mut model.graph {
        name_nodes(graph);
    }
}

fn name_nodes(graph: &mut Graph) {
    let mut taken = HashSet::new();
    for (index, node) in graph.node.iter_mut().enumerate() {
        if !node.name.is_empty() && !taken.insert(node.name.clone()) {
            node.name = format!("{} #{index}", node.name);
        }
        for attribute in &mut node.attribute {
            let graphs = attribute.g.as_deref_mut().into_iter();
            graphs.chain(&mut attribute.graphs).for_each(name_nodes);
        }
    }
}

/// Leaves out what is for people, and what a file may claim about values in between.
fn plain(node: &Node) -> Node {
    let mut node = node.clone();
    node.doc_string.clear();
    for attribute in &mut node.attribute {
        let graphs = attribute.g.as_deref_mut().into_iter();
        for graph in graphs.chain(&mut attribute.graphs) {
            *graph = Graph {
                node: graph.node.iter().map(plain).collect(),
                value_info: Vec::new(),
                doc_string: String::new(),
                ..graph.clone()
            };
        }
    }
    node
}
