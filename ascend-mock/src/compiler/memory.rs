use std::collections::HashMap;

use ascend_graph::onnx::Graph;

use crate::engine::Program;

/// The engine computes in types of four bytes and less.
const ELEMENT_BYTES: u64 = 4;

/// Gives the most bytes that values between inputs and outputs take at any time, as far as their shapes
/// are known: each lives from the node that gives it to the last one that reads it.
pub(super) fn peak(graph: &Graph, program: &dyn Program) -> u64 {
    let mut last_reads = HashMap::new();
    for (index, node) in graph.node.iter().enumerate() {
        last_reads.extend(node.input.iter().map(|name| (name.as_str(), index)));
    }
    let mut ends: HashMap<usize, u64> = HashMap::new();
    let (mut alive, mut most) = (0_u64, 0_u64);
    for (index, node) in graph.node.iter().enumerate() {
        for output in &node.output {
            let dims = program.dims(output).unwrap_or_default();
            let bytes = dims.iter().try_fold(ELEMENT_BYTES, |product, dim| {
                product.checked_mul((*dim)? as u64)
            });
            let bytes = bytes.unwrap_or(0);
            alive = alive.saturating_add(bytes);
            let end = last_reads.get(output.as_str()).copied().unwrap_or(index);
            let ending = ends.entry(end).or_default();
            *ending = ending.saturating_add(bytes);
        }
        most = most.max(alive);
        alive = alive.saturating_sub(ends.remove(&index).unwrap_or(0));
    }
    most
}
