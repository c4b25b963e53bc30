use super::subject::domain;
use crate::onnx::{Graph, Model, Node};

/// Gives operators of `torch_npu` the names under which `atc` has them, where its export writes
/// others, in every graph of the model. Gives what was renamed: node, old and new name.
///
/// An operator whose settings `atc` would not heed under the new name keeps its old one.
pub fn rename(model: &mut Model) -> Vec<(String, String, &'static str)> {
    let mut renamed = Vec::new();
    let mut graphs: Vec<&mut Graph> = model.graph.iter_mut().collect();
    while let Some(graph) = graphs.pop() {
        for (index, node) in graph.node.iter_mut().enumerate() {
            let new = registered_name(node, domain(&node.domain));
            if let Some(new) = new.filter(|_| keeps_meaning(node)) {
                let label = node.label(index);
                let old = std::mem::replace(&mut node.op_type, new.to_owned());
                renamed.push((label, old, new));
            }
            for attribute in &mut node.attribute {
                graphs.extend(attribute.g.as_deref_mut());
                graphs.extend(&mut attribute.graphs);
            }
        }
    }
    renamed
}

/// Gives the name under which `atc` has an operator that `torch_npu` exports under another.
pub(super) fn registered_name(node: &Node, domain: &str) -> Option<&'static str> {
    match (domain, node.op_type.as_str()) {
        ("npu" | "ai.onnx", "NPUGeGlu") => Some("NPUGeglu"),
        ("npu" | "ai.onnx", "NPURmsNorm") if node.input.len() == 3 => Some("NPUAddRmsNorm"),
        ("npu", "NPUWeightQuantBatchMatmulV2") => Some("WeightQuantBatchMatmulV2"),
        _ => None,
    }
}

/// Tells whether the operator does the same under its other name, whose settings are fixed.
pub(super) fn keeps_meaning(node: &Node) -> bool {
    let is = |name: &str, fixed: i64| node.int(name).is_none_or(|value| value == fixed);
    node.op_type != "NPUGeGlu" || (is("dim", -1) && is("approximate", 1))
}
