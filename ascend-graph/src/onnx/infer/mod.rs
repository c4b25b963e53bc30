//! What is known of values before a model runs: shapes, as far as they follow for certain from what is
//! fixed, and elements.
//!
//! What is not certain is unknown, so that each conflict is a real one. Shapes that the file claims for
//! values in between are not taken.

mod arithmetic;
mod arrange;
mod elementwise;
mod extents;
mod layout;
mod matrix;
mod site;
mod value;
mod window;

use crate::{Text, text};
use std::fmt::Display;

pub use site::axis;
pub(crate) use site::{MOST_AXES, Site};
pub(crate) use value::Value;

/// The extents of a value, each as far as it is known.
pub(crate) type Dims = Vec<Option<usize>>;

/// Why a node cannot work on the shapes that reach it.
pub(crate) struct Conflict {
    pub(crate) message: Text,
    pub(crate) remedy: Text,
}

/// For each output of a node its shape, if anything is known of it; there may be fewer than outputs.
type Outcome = Result<Vec<Option<Dims>>, Conflict>;

/// Gives the value of a node's first output, if enough is known; `most` bounds its elements.
pub(crate) fn evaluate(site: &Site, most: usize) -> Option<Value> {
    arithmetic::evaluate(site, most).or_else(|| layout::evaluate(site, most))
}

/// Gives the shapes of a node's outputs, or says why it cannot work.
pub(crate) fn infer(site: &Site) -> Outcome {
    match site.node.op_type.as_str() {
        "Conv" | "ConvTranspose" => window::convolution(site),
        "MaxPool" | "AveragePool" | "LpPool" => window::pool(site),
        "GlobalAveragePool" | "GlobalMaxPool" | "GlobalLpPool" => Ok(window::global_pool(site)),
        "Gemm" => matrix::gemm(site),
        "MatMul" => matrix::matmul(site),
        "Add" | "Sub" | "Mul" | "Div" | "Pow" | "Mod" | "BitShift" | "Equal" | "Greater"
        | "Less" | "GreaterOrEqual" | "LessOrEqual" | "And" | "Or" | "Xor" | "Where" | "Max"
        | "Min" | "Sum" | "Mean" => elementwise::broadcast(site),
        "PRelu" => elementwise::slope(site),
        "BatchNormalization" | "InstanceNormalization" => elementwise::normalization(site),
        "Softmax" | "LogSoftmax" | "Hardmax" => elementwise::along_axis(site),
        "Expand" => elementwise::expand(site),
        "Reshape" => arrange::reshape(site),
        "Flatten" => arrange::flatten(site),
        "Transpose" => arrange::transpose(site),
        "Concat" => arrange::concat(site),
        "Squeeze" => arrange::squeeze(site),
        "Unsqueeze" => arrange::unsqueeze(site),
        "Gather" => arrange::gather(site),
        "GatherElements" => Ok(vec![site.dims(1).cloned()]),
        "Split" => arrange::split(site),
        "Shape" => Ok(vec![Some(vec![None])]),
        "ConstantOfShape" => Ok(arrange::constant_of_shape(site)),
        "Slice" | "Pad" | "Resize" | "Upsample" | "Tile" | "DepthToSpace" => {
            Ok(extents::changed(site))
        }
        "ArgMax" | "ArgMin" => extents::arg(site),
        operator if operator.starts_with("Reduce") => extents::reduce(site),
        operator if elementwise::KEEP_SHAPE.contains(&operator) => Ok(vec![site.dims(0).cloned()]),
        _ => Ok(Vec::new()),
    }
}

/// Words a shape: `[1, ?, 224, 224]`.
fn shown<T: Display>(dims: &[Option<T>]) -> String {
    let dims = dims.iter().map(|dim| match dim {
        Some(dim) => dim.to_string(),
        None => "?".to_owned(),
    });
    format!("[{}]", dims.collect::<Vec<_>>().join(", "))
}

fn conflict(message: Text, remedy: Text) -> Conflict {
    Conflict { message, remedy }
}

/// Says that an axis is none of a shape.
fn no_axis(site: &Site, axis: i64, dims: &[Option<usize>]) -> Conflict {
    conflict(
        text!(
            "{op_type} works along axis {axis}, and its input of shape {dims} has {rank} axes",
            op_type = &site.node.op_type,
            axis,
            dims = shown(dims),
            rank = dims.len()
        ),
        text!(
            "give an axis that the input has, or keep the dims that an earlier node drops (keepdim=True)"
        ),
    )
}
