//! Types of what was written out: formulas count in float32.

use std::collections::HashMap;

use ascend_graph::DataType;
use ascend_graph::onnx::{Graph, Names, Node};

use crate::compiler::facts::{Facts, Site};
use crate::compiler::form::Form;

/// Operators that only move elements, or say themselves what type they give.
const KEEPING: [&str; 5] = [
    "NPUDtypeCast",
    "NPUFormatCast",
    "NPUIndexing",
    "NPUOneHot",
    "NPUSlice",
];

/// Outputs that are float32 whatever the inputs are.
const WIDE: [(&str, usize); 2] = [("NPUAddRmsNorm", 1), ("NPURmsNorm", 1)];

/// Widens what a formula reads as float16, and rounds what it gives.
pub(super) fn widen(site: &Site, mut nodes: Vec<Node>, names: &mut Names) -> Vec<Node> {
    let inputs =
        (0..site.node.input.len()).filter(|&index| site.dtype(index) == Some(DataType::F16));
    let halves: Vec<&str> = inputs.filter_map(|index| site.input(index)).collect();
    if halves.is_empty() || KEEPING.contains(&site.node.op_type.as_str()) {
        return nodes;
    }
    let mut form = Form::new(*site, names);
    let mut wide = HashMap::new();
    for half in halves {
        wide.entry(half)
            .or_insert_with(|| form.cast(half, DataType::F32));
    }
    rename(&mut nodes, &wide);
    form.nodes.append(&mut nodes);
    let graph = Graph {
        node: std::mem::take(&mut form.nodes),
        ..Graph::default()
    };
    let facts = Facts::gather(&graph, site.facts.opset, Some(site.facts));
    let outputs = site.node.output.iter().enumerate();
    let floats: Vec<&String> = outputs
        .filter(|(index, output)| {
            let stays = WIDE.contains(&(site.node.op_type.as_str(), *index));
            let is_float = matches!(facts.dtype(output), None | Some(DataType::F32));
            !output.is_empty() && is_float && !stays
        })
        .map(|(_, output)| output)
        .collect();
    drop(facts);
    let mut nodes = graph.node;
    for output in floats {
        let computed = form.fresh();
        let mut given = nodes.iter_mut().flat_map(|node| &mut node.output);
        if let Some(name) = given.find(|name| *name == output) {
            name.clone_from(&computed);
            form.round(&computed, output);
        }
    }
    nodes.append(&mut form.nodes);
    nodes
}

/// Has nodes, and those of graphs inside of them, read other values.
fn rename(nodes: &mut [Node], names: &HashMap<&str, String>) {
    for node in nodes {
        for input in &mut node.input {
            if let Some(name) = names.get(input.as_str()) {
                input.clone_from(name);
            }
        }
        for attribute in &mut node.attribute {
            let graphs = attribute.g.as_deref_mut().into_iter();
            for graph in graphs.chain(&mut attribute.graphs) {
                rename(&mut graph.node, names);
            }
        }
    }
}
