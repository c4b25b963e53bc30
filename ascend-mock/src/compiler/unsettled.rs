use std::collections::HashSet;

use ascend_graph::onnx::{Graph, Node};

/// Operators whose output's shape depends on the elements of their first input.
const COUNTING: [&str; 3] = ["Compress", "NonZero", "Unique"];

/// Gives the values whose shape depends on the elements of the inputs, not only on their shapes.
pub(super) fn unsettled(graph: &Graph) -> HashSet<&str> {
    let inputs = graph.input.iter().map(|input| input.name.as_str());
    let mut spread = Spread::new(None, inputs);
    for constant in &graph.initializer {
        spread.data.remove(constant.name.as_str());
    }
    spread.walk(graph);
    spread.unsettled
}

/// How far the inputs' elements reach in a graph, and in those around it.
struct Spread<'m, 'o> {
    outer: Option<&'o Spread<'m, 'o>>,
    /// Values whose elements depend on the elements of the inputs.
    data: HashSet<&'m str>,
    unsettled: HashSet<&'m str>,
}

impl<'m, 'o> Spread<'m, 'o> {
    fn new(outer: Option<&'o Self>, data: impl IntoIterator<Item = &'m str>) -> Self {
        Self {
            outer,
            data: data.into_iter().collect(),
            unsettled: HashSet::new(),
        }
    }

    fn holds(&self, pick: fn(&Self) -> &HashSet<&'m str>, name: &str) -> bool {
        let mut spread = Some(self);
        while let Some(here) = spread {
            if pick(here).contains(name) {
                return true;
            }
            spread = here.outer;
        }
        false
    }

    fn is_data(&self, name: &str) -> bool {
        self.holds(|spread| &spread.data, name)
    }

    fn is_unsettled(&self, name: &str) -> bool {
        self.holds(|spread| &spread.unsettled, name)
    }

    fn walk(&mut self, graph: &'m Graph) {
        for node in &graph.node {
            if node.subgraphs().next().is_some() {
                self.pass(node);
                continue;
            }
            let mut inputs = node.input.iter();
            let open = inputs.any(|input| self.is_unsettled(input))
                || shape_operands(node).any(|operand| self.is_data(operand));
            let asks_for_shape = matches!(node.op_type.as_str(), "Shape" | "Size");
            let depends = if asks_for_shape {
                open
            } else {
                node.input.iter().any(|input| self.is_data(input))
            };
            for output in node.output.iter().map(String::as_str) {
                self.data.extend(depends.then_some(output));
                self.unsettled
                    .extend((open && !asks_for_shape).then_some(output));
            }
        }
    }

    /// Passes a node with graphs inside: which of them runs, or how often, may depend on the elements.
    fn pass(&mut self, node: &'m Node) {
        let is_data = |index: usize| node.input.get(index).is_some_and(|name| self.is_data(name));
        let is_loop = node.op_type == "Loop";
        let mut open = is_data(0) || (is_loop && is_data(1));
        open |= node.input.iter().any(|input| self.is_unsettled(input));
        let mut depends = open || node.input.iter().any(|input| self.is_data(input));
        for graph in node.subgraphs() {
            // The number of the round and the condition come first.
            let carried = graph.input.iter().skip(if is_loop { 2 } else { 0 });
            let mut inside = Spread::new(Some(&*self), carried.map(|input| input.name.as_str()));
            inside.walk(graph);
            let mut outputs = graph.output.iter().map(|output| output.name.as_str());
            open |= is_loop
                && graph
                    .output
                    .first()
                    .is_some_and(|goes_on| inside.is_data(&goes_on.name));
            open |= outputs.clone().any(|output| inside.is_unsettled(output));
            depends |= outputs.any(|output| inside.is_data(output));
        }
        for output in node.output.iter().map(String::as_str) {
            self.data.extend((depends || open).then_some(output));
            self.unsettled.extend(open.then_some(output));
        }
    }
}

/// Gives the inputs of a node whose elements decide on the shape of its outputs.
fn shape_operands(node: &Node) -> impl Iterator<Item = &str> {
    let range = match node.op_type.as_str() {
        op_type if COUNTING.contains(&op_type) => 0..2,
        _ if !matches!(node.domain.as_str(), "" | "ai.onnx") => 0..node.input.len(),
        "BlackmanWindow" | "ConstantOfShape" | "HammingWindow" | "HannWindow" => 0..1,
        "NonMaxSuppression" | "MelWeightMatrix" => 0..5,
        "Range" => 0..3,
        "Slice" => 1..5,
        "Pad" | "Resize" | "STFT" => 1..4,
        "Col2Im" | "DFT" | "SequenceInsert" => 1..3,
        "MaxUnpool" => 2..3,
        "AffineGrid" | "CenterCropPad" | "SequenceAt" | "SequenceErase" | "SplitToSequence"
        | "Expand" | "OneHot" | "Reshape" | "Split" | "Squeeze" | "Tile" | "TopK" | "Unsqueeze"
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
