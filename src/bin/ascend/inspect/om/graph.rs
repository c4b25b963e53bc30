//! The graphs of an `.om` as they are listed and looked at.

use std::collections::HashMap;

use ascend_graph::om::{AttrValue, GraphDef, OpDef, TensorDescriptor};

use super::super::model::graph::{Graph, Node, Port};
use super::attribute::{descriptor, shown};
use super::facts::{Facts, is_constant, source};

/// The graphs of the file, then those of the files inside of it under their names.
pub(super) fn graphs(facts: &Facts) -> Vec<Graph> {
    let mut graphs = Vec::new();
    for part in facts.all() {
        for model in &part.models {
            let all = &model.model.graph;
            let first = graphs.len();
            let names = all.iter().map(|graph| graph.name.as_str());
            let names: HashMap<&str, usize> = names.zip(first..).collect();
            graphs.extend(all.iter().map(|one| {
                let mut graph = graph(one, &names);
                if !part.name.is_empty() {
                    graph.name = format!("{}: {}", part.name, graph.name);
                }
                graph
            }));
        }
    }
    graphs
}

fn graph(graph: &GraphDef, graphs: &HashMap<&str, usize>) -> Graph {
    // Constants are told with the operators that read them.
    let drawn = || graph.op.iter().filter(|op| !is_constant(op));
    let mut places = HashMap::new();
    for (place, op) in drawn().enumerate() {
        places.entry(op.name.as_str()).or_insert(place);
    }
    let constants = graph.op.iter().filter(|op| is_constant(op));
    let constants: HashMap<&str, &OpDef> = constants.map(|op| (op.name.as_str(), op)).collect();
    let input = |(input, desc): (&String, Option<&TensorDescriptor>)| {
        let what = desc.map(descriptor).unwrap_or_default();
        let Some((name, index)) = source(input) else {
            // Left out, or in words that are not known.
            return Port {
                name: input.clone(),
                what,
                ..Port::default()
            };
        };
        let from = constants.get(name);
        // Some files tell a constant's shape only with its value.
        let stored = from.and_then(|op| match &op.attr.get("value")?.value {
            Some(AttrValue::T(value)) => value.desc.as_ref(),
            _ => None,
        });
        let given = from.and_then(|op| op.output_desc.first());
        let what = stored.or(given).map_or(what, descriptor);
        Port {
            name: if index > 0 {
                input.clone()
            } else {
                name.to_owned()
            },
            what,
            node: places.get(name).copied(),
            is_constant: from.is_some(),
            is_control: index < 0,
        }
    };
    let node = |op: &OpDef| Node {
        name: op.name.clone(),
        kind: op.r#type.clone(),
        attributes: attributes(op),
        inputs: op
            .input
            .iter()
            .zip(
                op.input_desc
                    .iter()
                    .map(Some)
                    .chain(std::iter::repeat(None)),
            )
            .map(input)
            .collect(),
        outputs: op
            .output_desc
            .iter()
            .map(|desc| Port {
                name: desc.name.clone(),
                what: descriptor(desc),
                ..Port::default()
            })
            .collect(),
        graphs: op
            .subgraph_name
            .iter()
            .filter_map(|name| graphs.get(name.as_str()).copied())
            .collect(),
    };
    Graph {
        name: graph.name.clone(),
        nodes: drawn().map(node).collect(),
        constants: constants.len(),
    }
}

fn attributes(op: &OpDef) -> Vec<(String, String)> {
    let attributes = op.attr.iter();
    attributes
        .map(|(key, attr)| (key.clone(), shown(attr)))
        .collect()
}
