use ascend_graph::om::Split;
use ascend_graph::onnx::{
    AttributeValue, Graph, Model, Node, OperatorSet, PRODUCER, Tensor, ValueInfo,
};
use bytes::Bytes;

use super::error::{CompileError, Refusal};
use super::facts::{Facts, Site};
use super::rewrite::{Names, rewrite};
use super::rules::judge;
use crate::engine::{self, Program};

/// A model in the form that the engine runs.
pub(super) struct Lowered {
    /// An ONNX model whose large constants lie in the weights.
    pub(super) file: Bytes,
    /// Whether the shapes of values in between would give a better form.
    pub(super) wants_shapes: bool,
}

/// Brings a checked model into the form that the engine runs; `program` is an earlier form of it.
///
/// Everything that is only for people and everything that a file may claim about values in between is
/// left out: the engine finds out for itself.
pub(super) fn lower(
    model: &Model,
    split: &Split,
    program: Option<&dyn Program>,
) -> Result<Lowered, CompileError> {
    let graph = model.graph()?;
    let opset = model.opset().unwrap_or_default();
    let (node, wants_shapes) = lower_nodes(graph, opset, program)?;
    let inputs = model
        .inputs()?
        .into_iter()
        .map(|info| ValueInfo::tensor(info.name, info.dtype, info.dims.as_deref()));
    let outputs = model
        .outputs()?
        .into_iter()
        .map(|info| ValueInfo::tensor(info.name, info.dtype, None));
    let initializers = split.model.graph()?.initializer.iter().cloned();
    let lowered = Model {
        ir_version: 8,
        producer_name: PRODUCER.to_owned(),
        opset_import: vec![OperatorSet {
            domain: String::new(),
            version: opset,
        }],
        graph: Some(Graph {
            name: graph.name.clone(),
            node,
            initializer: initializers
                .map(|tensor| Tensor {
                    doc_string: String::new(),
                    ..tensor
                })
                .collect(),
            input: inputs.collect(),
            output: outputs.collect(),
            ..Graph::default()
        }),
        ..Model::default()
    };
    Ok(Lowered {
        file: lowered.to_rope().to_bytes(),
        wants_shapes,
    })
}

/// Makes nodes that are constant tensors initializers, so that their data counts as weights.
pub(super) fn gather_constants(graph: &mut Graph) {
    for node in &graph.node {
        if let Some((name, tensor)) = constant_value(node) {
            graph.initializer.push(Tensor {
                name: name.to_owned(),
                ..tensor.clone()
            });
        }
    }
    graph.node.retain(|node| constant_value(node).is_none());
}

/// Judges and rewrites all nodes; what is wrong with any of them is one error.
fn lower_nodes(
    graph: &Graph,
    opset: i64,
    program: Option<&dyn Program>,
) -> Result<(Vec<Node>, bool), CompileError> {
    let facts = Facts::gather(graph, opset, program);
    let mut names = Names::of(graph);
    let (mut lowered, mut refusals, mut wants_shapes) = (Vec::new(), Vec::new(), false);
    for (index, node) in graph.node.iter().enumerate() {
        let site = Site {
            node,
            facts: &facts,
        };
        let mut reasons: Vec<_> = judge(&site).collect();
        if reasons.is_empty() {
            let mut form = rewrite(&site, &mut names);
            reasons.extend(
                form.nodes
                    .iter()
                    .find_map(|node| engine::objection(node, opset)),
            );
            reasons.extend(
                form.objection
                    .filter(|_| program.is_some())
                    .map(str::to_owned),
            );
            wants_shapes |= form.wants_shape;
            // The engine drops names that values have too, so each gets its operator.
            for part in &mut form.nodes {
                part.name = node_name(node, index);
                part.doc_string.clear();
            }
            lowered.append(&mut form.nodes);
        }
        let (name, op_type) = (node.label(index), &node.op_type);
        refusals.extend(reasons.into_iter().map(|reason| Refusal {
            node: name.clone(),
            op_type: op_type.clone(),
            reason,
        }));
    }
    if refusals.is_empty() {
        Ok((lowered, wants_shapes))
    } else {
        Err(CompileError::refused(refusals, graph.node.len()))
    }
}

/// Names a node uniquely among values, so that the engine's messages can name it.
pub(super) fn node_name(node: &Node, index: usize) -> String {
    let label = node.label(index);
    if node.name.is_empty() {
        label
    } else {
        format!("{label} ({})", node.op_type)
    }
}

/// Gives the value of a node that is a constant tensor, which is as good as an initializer.
fn constant_value(node: &Node) -> Option<(&str, &Tensor)> {
    match (
        node.op_type.as_str(),
        node.attribute("value"),
        &node.output[..],
    ) {
        ("Constant", Some(AttributeValue::Tensor(tensor)), [output]) => Some((output, tensor)),
        _ => None,
    }
}
