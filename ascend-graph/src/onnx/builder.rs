use std::ops::RangeInclusive;

use bytes::Bytes;

use super::{Attribute, Dim, Graph, Model, Node, OperatorSet, Tensor, ValueInfo};
use crate::{DataType, Error, Result};

/// The versions of ONNX's operator set that a [`Builder`] can write for, which are those that Huawei's
/// compiler knows.
pub const OPSETS: RangeInclusive<i64> = 8..=18;

/// The producer's name in every file that a [`Builder`] makes.
pub const PRODUCER: &str = "ascend-rt";

/// Builds a model node by node; faults come to light in [`build`](Self::build).
///
/// Nodes are added in the order in which they run. Values are known by name, as in ONNX itself.
#[derive(Clone, Debug)]
pub struct Builder {
    graph: Graph,
    opset_import: Vec<OperatorSet>,
}

impl Builder {
    /// Starts a graph in version `opset` of ONNX's own operators, one of [`OPSETS`].
    #[must_use]
    pub fn new(name: &str, opset: i64) -> Self {
        Self {
            graph: Graph {
                name: name.to_owned(),
                ..Graph::default()
            },
            opset_import: vec![OperatorSet {
                domain: String::new(),
                version: opset,
            }],
        }
    }

    /// Makes the operators of another domain available.
    pub fn import(&mut self, domain: &str, version: i64) {
        self.opset_import.push(OperatorSet {
            domain: domain.to_owned(),
            version,
        });
    }

    /// Adds a graph input and gives its name.
    pub fn input(&mut self, name: &str, dtype: DataType, dims: &[Dim]) -> String {
        self.graph
            .input
            .push(ValueInfo::tensor(name, dtype, Some(dims)));
        name.to_owned()
    }

    /// Adds a constant of little-endian bytes, which are shared, and gives its name.
    pub fn initializer(
        &mut self,
        name: &str,
        dtype: DataType,
        dims: &[usize],
        data: Bytes,
    ) -> String {
        // A dim that does not fit cannot match the data either, so `build` reports it.
        let dims = dims
            .iter()
            .map(|&dim| i64::try_from(dim).unwrap_or(i64::MAX))
            .collect();
        self.graph
            .initializer
            .push(Tensor::new(name, dtype, dims, data));
        name.to_owned()
    }

    /// Adds a node with one output, whose name is given: `{name}_output_0`.
    ///
    /// An empty name among the inputs leaves an optional input out.
    pub fn node(
        &mut self,
        op_type: &str,
        name: &str,
        inputs: &[&str],
        attributes: impl IntoIterator<Item = Attribute>,
    ) -> String {
        let output = format!("{name}_output_0");
        self.node_to(op_type, name, inputs, &[&output], attributes);
        output
    }

    /// Adds a node with the named outputs.
    pub fn node_to(
        &mut self,
        op_type: &str,
        name: &str,
        inputs: &[&str],
        outputs: &[&str],
        attributes: impl IntoIterator<Item = Attribute>,
    ) {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        self.push(Node {
            input: owned(inputs),
            output: owned(outputs),
            name: name.to_owned(),
            op_type: op_type.to_owned(),
            attribute: attributes.into_iter().collect(),
            ..Node::default()
        });
    }

    /// Adds a node that was made elsewhere, such as one of another domain.
    pub fn push(&mut self, node: Node) {
        self.graph.node.push(node);
    }

    /// Makes a value an output of the graph.
    pub fn output(&mut self, name: &str, dtype: DataType, dims: &[Dim]) {
        self.graph
            .output
            .push(ValueInfo::tensor(name, dtype, Some(dims)));
    }

    /// Checks the graph and gives the model.
    ///
    /// # Errors
    /// `Invalid` if the opset is not one of [`OPSETS`] or if [`check`](super::check) finds faults, which are listed.
    pub fn build(self) -> Result<Model> {
        let opset = self.opset_import[0].version;
        let ir_version = ir_version(opset).ok_or_else(|| {
            Error::invalid(format!(
                "opset {opset} cannot be written; choose one of {OPSETS:?}"
            ))
        })?;
        let model = Model {
            ir_version,
            producer_name: PRODUCER.to_owned(),
            producer_version: env!("CARGO_PKG_VERSION").to_owned(),
            graph: Some(self.graph),
            opset_import: self.opset_import,
            ..Model::default()
        };
        model.ensure_sound()?;
        Ok(model)
    }
}

/// Gives the oldest file version in which an operator set may appear, but none below 4, the first in
/// which constants need not be inputs too.
fn ir_version(opset: i64) -> Option<i64> {
    OPSETS.contains(&opset).then_some(match opset {
        ..=9 => 4,
        10 => 5,
        11 => 6,
        12..=14 => 7,
        _ => 8,
    })
}
