use std::collections::HashSet;

use ascend_graph::onnx::{Graph, Node};

/// Operators whose output's shape depends on the elements of their first input.
const COUNTING: [&str; 3] = ["Compress", "NonZero", "Unique"];

/// Gives the values whose shape depends on the elements of the inputs, not only on their shapes.
pub(super) fn unsettled(graph: &Graph) -> HashSet<&str> {
    // Values whose elements depend on the elements of the inputs.
    let mut data: HashSet<&str> = graph
        .input
        .iter()
        .map(|input| input.name.as_str())
        .collect();
    for constant in &graph.initializer {
        data.remove(constant.name.as_str());
    }
    let mut unsettled = HashSet::new();
    for node in &graph.node {
        let reads =
            |set: &HashSet<&str>| node.input.iter().any(|input| set.contains(input.as_str()));
        // What the graphs inside of a node read, and how often they run, may depend on anything.
        let branches = node.subgraphs().next().is_some();
        let open = branches
            || reads(&unsettled)
            || shape_operands(node).any(|operand| data.contains(operand));
        let asks_for_shape = matches!(node.op_type.as_str(), "Shape" | "Size");
        let depends = if asks_for_shape {
            open
        } else {
            branches || reads(&data)
        };
        for output in node.output.iter().map(String::as_str) {
            data.extend(depends.then_some(output));
            unsettled.extend((open && !asks_for_shape).then_some(output));
        }
    }
    unsettled
}

/// Gives the inputs of a node whose elements decide on the shape of its outputs.
fn shape_operands(node: &Node) -> impl Iterator<Item = &str> {
    let range = match node.op_type.as_str() {
        op_type if COUNTING.contains(&op_type) => 0..2,
        "ConstantOfShape" => 0..1,
        "Range" => 0..3,
        "Slice" => 1..5,
        "Pad" | "Resize" => 1..4,
        "Expand" | "OneHot" | "Reshape" | "Split" | "Squeeze" | "Tile" | "TopK" | "Unsqueeze"
        | "Upsample" => 1..2,
        op_type if op_type.starts_with("Reduce") => 1..2,
        _ => 0..0,
    };
    node.input
        .iter()
        .enumerate()
        .filter(move |(index, _)| range.contains(index))
        .map(|(_, name)| name.as_str())
}
