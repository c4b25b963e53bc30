//! Shapes of values, as far as they follow for certain from what is fixed.
//!
//! What is not certain is unknown, so that each conflict is a real one. Shapes that the file claims for
//! values in between are not taken.

mod arrange;
mod elementwise;
mod ints;
mod matrix;
mod window;

use std::collections::HashMap;

use super::interface::Interface;
use super::subject::Subject;
use crate::onnx::{AttributeValue, Node, is_onnx_domain, topological_order};

/// Shapes of more axes are not followed.
const MOST_AXES: usize = 16;

/// The extents of a value, each as far as it is known.
pub(super) type Dims = Vec<Option<i64>>;

/// Why a node cannot work on the shapes that reach it.
pub(super) struct Conflict {
    pub(super) message: String,
    pub(super) remedy: &'static str,
}

type Outcome = Result<Vec<Option<Dims>>, Conflict>;

/// What is known of values.
#[derive(Default)]
pub(super) struct Known<'m> {
    dims: HashMap<&'m str, Dims>,
    /// The elements of values that are short lists of whole numbers, such as shapes.
    ints: HashMap<&'m str, Vec<Option<i64>>>,
}

impl<'m> Known<'m> {
    pub(super) fn dims(&self, value: &str) -> Option<&Dims> {
        self.dims.get(value)
    }

    fn insert(&mut self, value: &'m str, dims: Dims) {
        if dims.len() <= MOST_AXES && !value.is_empty() {
            self.dims.insert(value, dims);
        }
    }
}

/// A node and what is known around it.
struct View<'v, 'm> {
    node: &'m Node,
    known: &'v Known<'m>,
    opset: i64,
}

impl View<'_, '_> {
    fn name(&self, index: usize) -> Option<&str> {
        let name = self.node.input.get(index)?;
        (!name.is_empty()).then_some(name)
    }

    fn dims(&self, index: usize) -> Option<&Dims> {
        self.known.dims.get(self.name(index)?)
    }

    fn ints(&self, index: usize) -> Option<&[Option<i64>]> {
        self.known.ints.get(self.name(index)?).map(Vec::as_slice)
    }

    /// Gives the elements of an input if all are known.
    fn all_ints(&self, index: usize) -> Option<Vec<i64>> {
        self.ints(index)?.iter().copied().collect()
    }

    fn int(&self, attribute: &str, default: i64) -> i64 {
        match self.node.attribute(attribute) {
            Some(AttributeValue::Int(value)) => value,
            _ => default,
        }
    }

    fn list(&self, attribute: &str) -> Option<&[i64]> {
        match self.node.attribute(attribute) {
            Some(AttributeValue::Ints(list)) => Some(list),
            _ => None,
        }
    }

    fn is(&self, attribute: &str, text: &str) -> bool {
        matches!(self.node.attribute(attribute), Some(AttributeValue::String(value)) if value == text.as_bytes())
    }
}

/// Walks the outermost graph in order and tells each node that cannot work.
pub(super) fn infer<'m>(
    subject: &Subject<'m>,
    interface: &'m Interface,
    mut tell: impl FnMut(usize, Conflict),
) -> Known<'m> {
    let mut known = Known::default();
    for input in &interface.inputs {
        if let Some(extents) = input.extents() {
            known.insert(&input.info.name, extents);
        }
    }
    for (name, tensor) in &subject.constants {
        let dims = tensor.dims.iter().map(|&dim| (dim >= 0).then_some(dim));
        known.insert(name, dims.collect());
        if let Some(ints) = ints::of_constant(tensor) {
            known.ints.insert(name, ints);
        }
    }
    // A circle is told of as a fault of the graph.
    let Ok(order) = topological_order(subject.graph) else {
        return known;
    };
    let opset = subject.version("ai.onnx").unwrap_or_default();
    for index in order {
        let node = &subject.graph.node[index];
        if !is_onnx_domain(&node.domain) || super::subject::constant(node).is_some() {
            continue;
        }
        let view = View {
            node,
            known: &known,
            opset,
        };
        let ints = ints::of_node(&view);
        let outputs = match of_node(&view) {
            Ok(outputs) => outputs,
            Err(conflict) => {
                tell(index, conflict);
                continue;
            }
        };
        for (name, dims) in node.output.iter().zip(outputs) {
            if let Some(dims) = dims {
                known.insert(name, dims);
            }
        }
        if let (Some(name), Some(ints)) = (node.output.first(), ints) {
            known.ints.insert(name, ints);
        }
    }
    known
}

fn of_node(view: &View) -> Outcome {
    match view.node.op_type.as_str() {
        "Conv" | "ConvTranspose" => window::convolution(view),
        "MaxPool" | "AveragePool" | "LpPool" => window::pool(view),
        "GlobalAveragePool" | "GlobalMaxPool" | "GlobalLpPool" => Ok(window::global_pool(view)),
        "Gemm" => matrix::gemm(view),
        "MatMul" => matrix::matmul(view),
        "Add" | "Sub" | "Mul" | "Div" | "Pow" | "Mod" | "BitShift" | "Equal" | "Greater"
        | "Less" | "GreaterOrEqual" | "LessOrEqual" | "And" | "Or" | "Xor" | "Where" | "Max"
        | "Min" | "Sum" | "Mean" => elementwise::broadcast(view),
        "PRelu" => elementwise::slope(view),
        "BatchNormalization" | "InstanceNormalization" => elementwise::normalization(view),
        "Softmax" | "LogSoftmax" | "Hardmax" => elementwise::along_axis(view),
        "Reshape" => arrange::reshape(view),
        "Flatten" => arrange::flatten(view),
        "Transpose" => arrange::transpose(view),
        "Concat" => arrange::concat(view),
        "Squeeze" => arrange::squeeze(view),
        "Unsqueeze" => arrange::unsqueeze(view),
        "Gather" => arrange::gather(view),
        "Split" => arrange::split(view),
        "Shape" => Ok(arrange::shape(view)),
        "Expand" => elementwise::expand(view),
        "ConstantOfShape" => Ok(arrange::constant_of_shape(view)),
        "Slice" | "Pad" | "Resize" | "Upsample" | "Tile" => Ok(arrange::same_rank(view)),
        operator if operator.starts_with("Reduce") => arrange::reduce(view),
        operator if elementwise::KEEP_SHAPE.contains(&operator) => Ok(vec![view.dims(0).cloned()]),
        _ => Ok(Vec::new()),
    }
}

/// Gives the place of an axis that may count from the end; `None` if there is no such axis.
fn place_of(axis: i64, rank: usize) -> Option<usize> {
    let signed = i64::try_from(rank).ok()?;
    let place = if axis < 0 {
        axis.checked_add(signed)?
    } else {
        axis
    };
    usize::try_from(place).ok().filter(|&place| place < rank)
}

/// Words a shape: `[1, ?, 224, 224]`.
fn shown(dims: &[Option<i64>]) -> String {
    let dims = dims
        .iter()
        .map(|dim| dim.map_or_else(|| "?".to_owned(), |dim| dim.to_string()));
    format!("[{}]", dims.collect::<Vec<_>>().join(", "))
}

fn conflict(message: impl Into<String>, remedy: &'static str) -> Conflict {
    Conflict {
        message: message.into(),
        remedy,
    }
}

/// Says that an axis is none of a shape.
fn no_axis(view: &View, axis: i64, dims: &[Option<i64>]) -> Conflict {
    conflict(
        format!(
            "{} works along axis {axis}, and its input of shape {} has {} axes",
            view.node.op_type,
            shown(dims),
            dims.len()
        ),
        "give an axis that the input has, or keep the dims that an earlier node drops (keepdim=True)",
    )
}
