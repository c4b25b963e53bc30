//! What exporters make of a network's parameters.

use crate::onnx::Node;

/// A node that reads a constant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'m> {
    pub(super) node: &'m Node,
    /// Which of its inputs the constant is.
    pub(super) input: usize,
}

impl Reader<'_> {
    /// Whether a `Gemm` takes its second factor transposed.
    fn is_turned(&self) -> bool {
        use crate::onnx::AttributeValue::Int;
        matches!(self.node.attribute("transB"), Some(Int(turned)) if turned != 0)
    }

    /// Whether a matrix is multiplied with as it lies there, so that exporters may store the weight of a
    /// linear layer, which is the other way round, transposed.
    pub(super) fn is_product(&self) -> bool {
        let op = self.node.op_type.as_str();
        self.input == 1 && (op == "MatMul" || (op == "Gemm" && !self.is_turned()))
    }

    /// Whether it is the slope of a `PRelu`, which exporters give axes to stretch it by.
    pub(super) fn is_slope(&self) -> bool {
        self.node.op_type == "PRelu" && self.input == 1
    }

    /// Whether the input holds weights, and what exporters do with them.
    pub(super) fn role(&self) -> Role {
        match (self.node.op_type.as_str(), self.input) {
            ("Conv" | "ConvTranspose", 1 | 2) => Role::Convolution,
            ("LSTM" | "GRU" | "RNN", 1..=3) => Role::Recurrence,
            ("MatMul", _) => Role::Product,
            ("Gemm", 1 | 2) | ("Gather", 0) | ("PRelu", 1) => Role::Weight,
            ("BatchNormalization", 1..=4)
            | ("InstanceNormalization" | "LayerNormalization" | "GroupNormalization", 1 | 2) => {
                Role::Weight
            }
            _ => Role::Unknown,
        }
    }

    /// The name that PyTorch has for the weight of the module that the node belongs to.
    ///
    /// `/encoder/layer.0/query/MatMul` multiplies by `encoder.layer.0.query.weight`. Modules in a list
    /// repeat the name of the list: `/layer1/layer1.0/conv/Conv` belongs to `layer1.0.conv`.
    pub(super) fn module_weight(&self) -> Option<String> {
        let (scope, _) = self.node.name.strip_prefix('/')?.rsplit_once('/')?;
        let mut parts: Vec<&str> = Vec::new();
        for part in scope.split('/') {
            let is_repeated = |last: &&str| {
                let rest = part.strip_prefix(*last);
                rest.is_some_and(|rest| rest.starts_with('.'))
            };
            if parts.last().is_some_and(is_repeated) {
                parts.pop();
            }
            parts.push(part);
        }
        Some(format!("{}.weight", parts.join(".")))
    }
}

/// What an input of an operator is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Weight or bias of a convolution.
    Convolution,
    /// Weights of a recurrent layer, whose gates ONNX orders in another way than PyTorch.
    Recurrence,
    /// A factor of a product of matrices.
    Product,
    /// Other weights.
    Weight,
    /// Weights or a constant of the computation.
    Unknown,
}

/// Whether a name was made up by an exporter, which does so for what it computed itself: parameters
/// that go into the graph as they are keep their names.
pub(super) fn is_anonymous(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_numbered = |stem: &str| name.strip_prefix(stem).is_some_and(is_number);
    name.contains("::")
        || name.starts_with('/')
        || is_number(name)
        || ["val_", "_val_", "const_", "Constant_", "t_"]
            .iter()
            .any(|stem| is_numbered(stem))
        || name.ends_with("_output_0")
}

/// Whether a tensor of a checkpoint counts something and holds no weights.
pub(super) fn is_counter(name: &str) -> bool {
    name.ends_with("num_batches_tracked")
}

/// Whether a tensor of a checkpoint belongs to a batch normalisation, which exporters fold into the
/// convolution before it.
pub(super) fn is_statistic(name: &str) -> bool {
    name.ends_with("running_mean") || name.ends_with("running_var")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_node_tells_the_module() {
        for (node, weight) in [
            ("/fc/MatMul", Some("fc.weight")),
            (
                "/bert/encoder/layer.0/attention/self/query/MatMul",
                Some("bert.encoder.layer.0.attention.self.query.weight"),
            ),
            ("/layer1/layer1.0/conv1/Conv", Some("layer1.0.conv1.weight")),
            ("/h/h.1/h.1.2/MatMul", Some("h.1.2.weight")),
            ("/layer/layered/MatMul", Some("layer.layered.weight")),
            ("/MatMul", None),
            ("MatMul_12", None),
        ] {
            let node = Node {
                name: node.to_owned(),
                ..Node::default()
            };
            let reader = Reader {
                node: &node,
                input: 1,
            };
            assert_eq!(reader.module_weight().as_deref(), weight);
        }
    }

    #[test]
    fn made_up_names_are_known() {
        for name in [
            "onnx::MatMul_12",
            "123",
            "/Constant_output_0",
            "val_7",
            "Constant_3",
        ] {
            assert!(is_anonymous(name), "{name}");
        }
        for name in [
            "fc.weight",
            "value_7",
            "layer.0.bias",
            "t_conv.weight",
            "val_x",
            "p_1.w",
        ] {
            assert!(!is_anonymous(name), "{name}");
        }
    }
}
