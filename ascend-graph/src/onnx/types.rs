//! Element types of the values that nodes give.

use super::{AttributeValue, Node};
use crate::DataType;

/// Gives the element types of a node's outputs, as ONNX defines them; `None` for one that the node and the
/// types of its inputs do not tell, such as that of an `If`.
#[must_use]
pub fn output_types(
    node: &Node,
    type_of: impl Fn(&str) -> Option<DataType>,
) -> Vec<Option<DataType>> {
    let input = |index: usize| type_of(node.input.get(index)?);
    let named = |attribute| match node.attribute(attribute) {
        Some(AttributeValue::Int(code)) => DataType::from_onnx(i32::try_from(code).ok()?),
        Some(AttributeValue::Tensor(tensor)) => tensor.dtype().ok(),
        _ => None,
    };
    let first = match node.op_type.as_str() {
        "Equal" | "Greater" | "GreaterOrEqual" | "Less" | "LessOrEqual" | "And" | "Or" | "Xor"
        | "Not" | "IsInf" | "IsNaN" => Some(DataType::Bool),
        "Shape" | "Size" | "NonZero" | "ArgMax" | "ArgMin" | "NonMaxSuppression" => {
            Some(DataType::I64)
        }
        "If" | "Loop" | "Scan" => None,
        "QuantizeLinear" if node.input.len() > 2 => input(2),
        "QuantizeLinear" | "DynamicQuantizeLinear" => Some(DataType::U8),
        "ConvInteger" | "MatMulInteger" => Some(DataType::I32),
        "DequantizeLinear" => Some(DataType::F32),
        "Cast" => named("to"),
        "CastLike" | "Where" => input(1),
        "OneHot" => input(2),
        "Constant" => named("value").or_else(|| match node.attribute.first()?.name.as_str() {
            "value_float" | "value_floats" => Some(DataType::F32),
            "value_int" | "value_ints" => Some(DataType::I64),
            _ => None,
        }),
        "ConstantOfShape" => named("value").or(Some(DataType::F32)),
        "EyeLike" => named("dtype").or_else(|| input(0)),
        _ => input(0),
    };
    let rest = match node.op_type.as_str() {
        // the scale; the zero point is of the first one's type
        "DynamicQuantizeLinear" => Some(DataType::F32),
        "TopK" | "MaxPool" | "Unique" => Some(DataType::I64),
        "Dropout" => Some(DataType::Bool),
        _ => first,
    };
    let outputs = 0..node.output.len();
    outputs
        .map(|index| match index {
            0 => first,
            2 if node.op_type == "DynamicQuantizeLinear" => first,
            _ => rest,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_a_fraction() {
        let node = Node {
            op_type: "DynamicQuantizeLinear".to_owned(),
            output: ["y", "scale", "zero"].map(str::to_owned).to_vec(),
            ..Node::default()
        };
        let types = [DataType::U8, DataType::F32, DataType::U8].map(Some);
        assert_eq!(output_types(&node, |_| Some(DataType::F32)), types);
    }
}
