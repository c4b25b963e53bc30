use ascend_graph::om::Split;
use ascend_graph::onnx::{Graph, Model, Names, Node, OperatorSet, PRODUCER, Tensor, ValueInfo};
use bytes::Bytes;

use super::error::{CompileError, Refusal};
use super::facts::{Facts, Site};
use super::form::Made;
use super::rewrite::rewrite;
use super::rules::judge;
use crate::engine::{self, Program};

/// A model in the form that `rten` runs.
pub(super) struct Lowered {
    /// An ONNX model whose large constants lie in the weights.
    pub(super) file: Bytes,
    /// Whether the shapes of values in between would give a better form.
    pub(super) wants_shapes: bool,
}

/// Brings a checked model into the form that `rten` runs; `program` is an earlier form of it.
pub(super) fn lower(
    model: &Model,
    split: &Split,
    program: Option<&dyn Program>,
) -> Result<Lowered, CompileError> {
    let graph = model.graph()?;
    let opset = model.opset().unwrap_or_default();
    let mut lowering = Lowering {
        opset,
        program,
        names: Names::of(graph),
        made: Made::default(),
        refusals: Vec::new(),
        wants_shapes: false,
    };
    let node = lowering.lower(graph, &Facts::gather(graph, opset, None).with(program));
    if !lowering.refusals.is_empty() {
        return Err(CompileError::refused(lowering.refusals, graph.node.len()));
    }
    let imports = vec![OperatorSet {
        domain: String::new(),
        version: opset,
    }];
    Ok(Lowered {
        file: assemble(model, split, node, imports)?.to_rope().to_bytes(),
        wants_shapes: lowering.wants_shapes,
    })
}

/// Gives the model with other nodes, its large constants in the weights.
///
/// Everything that is only for people and everything that a file may claim about values in between is
/// left out: engines find out for themselves.
pub(super) fn assemble(
    model: &Model,
    split: &Split,
    node: Vec<Node>,
    opset_import: Vec<OperatorSet>,
) -> Result<Model, CompileError> {
    let inputs = model
        .inputs()?
        .into_iter()
        .map(|info| ValueInfo::tensor(info.name, info.dtype, info.dims.as_deref()));
    let outputs = model
        .outputs()?
        .into_iter()
        .map(|info| ValueInfo::tensor(info.name, info.dtype, None));
    let initializers = split.model.graph()?.initializer.iter().cloned();
    Ok(Model {
        ir_version: 8,
        producer_name: PRODUCER.to_owned(),
        opset_import,
        graph: Some(Graph {
            name: model.graph()?.name.clone(),
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
    })
}

/// Makes nodes that are constant tensors initializers, so that their data counts as weights.
pub(super) fn gather_constants(graph: &mut Graph) {
    for node in &graph.node {
        if let Some((name, tensor)) = node.constant() {
            graph.initializer.push(Tensor {
                name: name.to_owned(),
                ..tensor.clone()
            });
        }
    }
    graph.node.retain(|node| node.constant().is_none());
}

/// The lowering of a graph and of the graphs inside of it, whose nesting has been limited.
struct Lowering<'p> {
    opset: i64,
    program: Option<&'p dyn Program>,
    names: Names,
    made: Made,
    refusals: Vec<Refusal>,
    wants_shapes: bool,
}

impl Lowering<'_> {
    /// Judges and rewrites all nodes.
    fn lower(&mut self, graph: &Graph, facts: &Facts) -> Vec<Node> {
        let mut lowered = Vec::new();
        for (index, node) in graph.node.iter().enumerate() {
            if self.made.is_too_much() {
                break;
            }
            let site = Site { node, facts };
            let mut reasons: Vec<_> = judge(&site).collect();
            if reasons.is_empty() && node.subgraphs().next().is_some() {
                lowered.push(self.lower_inside(node, index, facts));
            } else if reasons.is_empty() {
                let mut form = rewrite(&site, &mut self.names);
                let objection = form.objection.filter(|_| self.program.is_some());
                reasons.extend(objection.map(str::to_owned).or_else(|| {
                    let mut nodes = form.nodes.iter();
                    nodes.find_map(|node| engine::objection(node, self.opset))
                }));
                reasons.extend(self.made.add(form.made).err());
                self.wants_shapes |= form.wants_shape;
                // The engine drops names that values have too, so each gets its operator.
                for part in &mut form.nodes {
                    part.name = node_name(node, index);
                    part.doc_string.clear();
                }
                lowered.append(&mut form.nodes);
            }
            let (name, op_type) = (node.label(index), &node.op_type);
            let refused = reasons.into_iter().map(|reason| Refusal {
                node: name.clone(),
                op_type: op_type.clone(),
                reason,
            });
            self.refusals.extend(refused);
        }
        lowered
    }

    /// Lowers the graphs inside of a node.
    fn lower_inside(&mut self, node: &Node, index: usize, facts: &Facts) -> Node {
        let mut lowered = Node {
            name: node_name(node, index),
            doc_string: String::new(),
            ..node.clone()
        };
        for attribute in &mut lowered.attribute {
            let graphs = attribute.g.as_deref_mut().into_iter();
            for graph in graphs.chain(&mut attribute.graphs) {
                let inner = Facts::gather(graph, self.opset, Some(facts));
                let node = self.lower(graph, &inner);
                drop(inner);
                graph.node = node;
                graph.value_info.clear();
            }
        }
        lowered
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
