//! What nobody reads.

use std::collections::HashSet;

use crate::onnx::Graph;
use crate::onnx::names::defined;
use crate::onnx::order::reads;

/// Removes nodes and constants that no output depends on, and types of values that are gone; gives how
/// many nodes and constants there were.
pub(in crate::onnx) fn sweep(graph: &mut Graph) -> (usize, usize) {
    let outputs = graph.output.iter().map(|output| output.name.clone());
    let mut needed: HashSet<String> = outputs.collect();
    let mut is_needed: Vec<bool> = Vec::with_capacity(graph.node.len());
    for node in graph.node.iter().rev() {
        let needs = node.output.iter().any(|output| needed.contains(output));
        if needs {
            let names = reads(node).into_iter().filter(|name| !name.is_empty());
            needed.extend(names.map(str::to_owned));
        }
        is_needed.push(needs);
    }
    let (nodes, constants) = (graph.node.len(), graph.initializer.len());
    graph.node.retain(|_| is_needed.pop().unwrap_or(true));
    let dead: HashSet<String> = graph
        .initializer
        .extract_if(.., |tensor| !needed.contains(&tensor.name))
        .map(|tensor| tensor.name)
        .collect();
    // Old files list constants among the inputs; without its constant one would have to be given.
    graph.input.retain(|input| !dead.contains(&input.name));
    let left: HashSet<String> = defined(graph).map(str::to_owned).collect();
    graph.value_info.retain(|value| left.contains(&value.name));
    (
        nodes - graph.node.len(),
        constants - graph.initializer.len(),
    )
}
