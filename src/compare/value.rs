//! What a side can give.

use ascend_graph::DataType;

/// A value that one side can give: an output of the model, or what a node in it gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// The value's own name, such as an output's; empty if it has none.
    pub tensor: String,
    /// The node that gives it; empty if that is not known.
    pub node: String,
    /// The node's operator; empty if that is not known.
    pub operator: String,
    /// Which of the node's outputs it is.
    pub index: usize,
    /// Whether it is an output of the model.
    pub is_output: bool,
    /// The element type, where it is known.
    pub dtype: Option<DataType>,
    /// Which of the side's values the node reads.
    pub reads: Vec<usize>,
    /// The nodes of the model before compilation that this one stands for, the last one last, each with
    /// which of its outputs is meant.
    pub origins: Vec<(String, usize)>,
}

impl Value {
    /// Names it for people.
    #[must_use]
    pub fn label(&self) -> String {
        match (self.node.as_str(), self.tensor.as_str()) {
            ("", tensor) => tensor.to_owned(),
            (node, "") if self.index == 0 => node.to_owned(),
            (node, "") => format!("{node}:{}", self.index),
            (node, _) if self.index == 0 => node.to_owned(),
            (node, _) => format!("{node}:{}", self.index),
        }
    }
}

/// A name as it may stand in a file's name: what separates parts there is one character.
pub(super) fn plain(name: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || c == '-';
    name.chars()
        .map(|c| if kept(c) { c } else { '_' })
        .collect()
}
