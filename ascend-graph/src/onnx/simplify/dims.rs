//! Shapes of values whose elements are not known.

use super::layout::{part, slices};
use super::site::{Dims, MOST_AXES, Site, axes, axis, reshaped, unsqueezed};
use super::value::count;
use super::windows::{convolved, pooled};
use crate::onnx::AttributeValue;

/// The shapes of a node's outputs, where they follow from what is known.
pub(super) fn infer(site: &Site) -> Vec<Option<Dims>> {
    let outputs = site.node.output.len();
    if site.node.op_type == "Split" {
        return split(site).unwrap_or_else(|| vec![None; outputs]);
    }
    let mut all = vec![None; outputs];
    if let Some(first) = all.first_mut() {
        *first = computed(site)
            .or_else(|| moved(site))
            .filter(|dims| dims.len() <= MOST_AXES);
    }
    all
}

/// The shape of what operators compute.
fn computed(site: &Site) -> Option<Dims> {
    let data = site.dims(0);
    let rank = data.map(Vec::len);
    match site.node.op_type.as_str() {
        "Relu"
        | "LeakyRelu"
        | "PRelu"
        | "Elu"
        | "Selu"
        | "Celu"
        | "Sigmoid"
        | "Tanh"
        | "HardSigmoid"
        | "HardSwish"
        | "Softplus"
        | "Softsign"
        | "Erf"
        | "Exp"
        | "Log"
        | "Sqrt"
        | "Neg"
        | "Abs"
        | "Floor"
        | "Ceil"
        | "Round"
        | "Sign"
        | "Reciprocal"
        | "Sin"
        | "Cos"
        | "Mish"
        | "Clip"
        | "Cast"
        | "Identity"
        | "Dropout"
        | "Softmax"
        | "LogSoftmax"
        | "Not"
        | "BatchNormalization"
        | "InstanceNormalization"
        | "LayerNormalization"
        | "LRN"
        | "LpNormalization"
        | "CumSum"
        | "Trilu"
        | "ScatterND"
        | "ScatterElements"
        | "IsNaN"
        | "IsInf" => data.cloned(),
        "Add" | "Sub" | "Mul" | "Div" | "Pow" | "Mod" | "Equal" | "Less" | "LessOrEqual"
        | "Greater" | "GreaterOrEqual" | "And" | "Or" | "Xor" | "Where" | "Min" | "Max" | "Sum"
        | "Mean"
            if site.opset >= 7 =>
        {
            let shapes = (0..site.node.input.len()).map(|index| site.dims(index));
            stretched(&shapes.collect::<Option<Vec<_>>>()?)
        }
        "Conv" => convolved(site, site.dims(0)?, site.dims(1)?),
        "MaxPool" | "AveragePool" | "LpPool" => pooled(site, site.dims(0)?),
        "GlobalAveragePool" | "GlobalMaxPool" => {
            let data = data.filter(|dims| dims.len() >= 2)?;
            let mut dims = data[..2].to_vec();
            dims.resize(data.len(), Some(1));
            Some(dims)
        }
        "MatMul" => multiplied(site.dims(0)?, site.dims(1)?),
        "Gemm" => general_product(site),
        "Pad" => padded(site, data?),
        "Resize" | "Upsample" => resized(site, data?),
        "ReduceMean" | "ReduceSum" | "ReduceMax" | "ReduceMin" | "ReduceProd" | "ReduceL1"
        | "ReduceL2" | "ReduceLogSumExp" | "ReduceSumSquare" => reduced(site, data?),
        "ArgMax" | "ArgMin" => {
            let axis = site.axis(0, rank?)?;
            Some(without(
                data?,
                &[axis],
                site.int("keepdims").unwrap_or(1) != 0,
            ))
        }
        "DepthToSpace" => {
            let block = usize::try_from(site.int("blocksize")?)
                .ok()
                .filter(|&b| b > 0)?;
            let [batch, channels, height, width] = data?[..] else {
                return None;
            };
            let scaled = |dim: Option<usize>| dim.and_then(|dim| dim.checked_mul(block));
            let channels = channels.and_then(|c| c.checked_div(block.checked_mul(block)?));
            Some(vec![batch, channels, scaled(height), scaled(width)])
        }
        _ => None,
    }
}

/// The shape of what operators move.
fn moved(site: &Site) -> Option<Dims> {
    let data = site.dims(0);
    let rank = data.map(Vec::len);
    match site.node.op_type.as_str() {
        "Flatten" => {
            let end = site.int("axis").unwrap_or(1);
            let end = if end < 0 {
                end + i64::try_from(rank?).ok()?
            } else {
                end
            };
            let (head, tail) = data?.split_at_checked(usize::try_from(end).ok()?)?;
            Some(vec![total(head), total(tail)])
        }
        "Reshape" => {
            let target = site.vector(1)?;
            reshaped(data, &target, site.int("allowzero").unwrap_or(0) != 0)
        }
        "Transpose" => {
            let rank = rank?;
            match site.ints("perm") {
                Some(order) => {
                    let dims = order.iter().map(|&number| Some(data?[axis(number, rank)?]));
                    dims.collect()
                }
                None => data.map(|dims| dims.iter().rev().copied().collect()),
            }
        }
        "Unsqueeze" => unsqueezed(data?, &site.list("axes", 1)?, &Some(1)),
        "Squeeze" => {
            let gone = axes(&site.list("axes", 1)?, rank?)?;
            let left = (0..rank?).filter(|axis| !gone.contains(axis));
            left.map(|axis| Some(data?[axis])).collect()
        }
        "Concat" => concatenated(site),
        "Slice" => {
            let mut dims = data?.clone();
            for (axis, bounds) in slices(site, rank?)? {
                dims[axis] = match dims[axis] {
                    Some(extent) => Some(part(extent, bounds)?.1),
                    None => None,
                };
            }
            Some(dims)
        }
        "Gather" => {
            let (data, indices) = (data?, site.dims(1)?);
            let axis = site.axis(0, data.len())?;
            Some([&data[..axis], indices, &data[axis + 1..]].concat())
        }
        "GatherElements" => site.dims(1).cloned(),
        "Expand" => {
            let target = site.vector(1)?;
            let target = target
                .into_iter()
                .map(|extent| extent.and_then(|extent| usize::try_from(extent).ok()));
            stretched(&[data?, &target.collect()])
        }
        "ConstantOfShape" => {
            let target = site.vector(0)?.into_iter();
            let dims = target.map(|extent| extent.and_then(|extent| usize::try_from(extent).ok()));
            Some(dims.collect())
        }
        _ => None,
    }
}

/// The product of extents that are all known.
fn total(dims: &[Option<usize>]) -> Option<usize> {
    count(&dims.iter().copied().collect::<Option<Vec<_>>>()?)
}

/// The shape that shapes are stretched to; an unknown extent beside one of more than 1 is that one.
fn stretched(shapes: &[&Dims]) -> Option<Dims> {
    let rank = shapes.iter().map(|dims| dims.len()).max()?;
    let mut result = vec![Some(1); rank];
    for dims in shapes {
        for (to, &dim) in result[rank - dims.len()..].iter_mut().zip(*dims) {
            *to = match (*to, dim) {
                (to, Some(1)) => to,
                (Some(1), dim) | (None, dim @ Some(_)) => dim,
                (to, None) => to,
                (to, dim) if to == dim => to,
                _ => return None,
            };
        }
    }
    Some(result)
}

fn multiplied(a: &Dims, b: &Dims) -> Option<Dims> {
    let (mut left, mut right) = (a.clone(), b.clone());
    if left.len() == 1 {
        left.insert(0, Some(1));
    }
    if right.len() == 1 {
        right.push(Some(1));
    }
    let (rows, columns) = (left.len().checked_sub(2)?, right.len().checked_sub(2)?);
    let batch = (left[..rows].to_vec(), right[..columns].to_vec());
    let mut dims = stretched(&[&batch.0, &batch.1])?;
    if a.len() > 1 {
        dims.push(left[rows]);
    }
    if b.len() > 1 {
        dims.push(right[columns + 1]);
    }
    Some(dims)
}

fn general_product(site: &Site) -> Option<Dims> {
    let sides = |index: usize, flag: &str| {
        let [first, second] = site.dims(index)?[..] else {
            return None;
        };
        let is_turned = site.int(flag).unwrap_or(0) != 0;
        Some(if is_turned {
            (second, first)
        } else {
            (first, second)
        })
    };
    Some(vec![sides(0, "transA")?.0, sides(1, "transB")?.1])
}

fn concatenated(site: &Site) -> Option<Dims> {
    let parts = (0..site.node.input.len()).map(|index| site.dims(index));
    let parts = parts.collect::<Option<Vec<_>>>()?;
    let rank = parts.first()?.len();
    let along = site.axis(1, rank)?;
    let mut dims = vec![None; rank];
    dims[along] = Some(0);
    for part in parts {
        if part.len() != rank {
            return None;
        }
        for (axis, (to, &dim)) in dims.iter_mut().zip(part).enumerate() {
            *to = if axis == along {
                to.zip(dim)
                    .and_then(|(to, dim): (usize, usize)| to.checked_add(dim))
            } else {
                to.or(dim)
            };
        }
    }
    Some(dims)
}

fn padded(site: &Site, data: &Dims) -> Option<Dims> {
    let pads = site.list("pads", 1)?;
    let rank = data.len();
    if pads.len() != rank * 2 || site.has(3) {
        return None;
    }
    let grown = |(axis, &dim): (usize, &Option<usize>)| {
        let extent = i64::try_from(dim?).ok()?.checked_add(pads[axis])?;
        usize::try_from(extent.checked_add(pads[rank + axis])?).ok()
    };
    Some(data.iter().enumerate().map(grown).collect())
}

fn resized(site: &Site, data: &Dims) -> Option<Dims> {
    let is_stretched = matches!(site.text("keep_aspect_ratio_policy"), b"" | b"stretch");
    if site.node.attribute("axes").is_some() || !is_stretched {
        return None;
    }
    let is_first_form = site.node.op_type == "Upsample" || site.opset < 11;
    if !is_first_form && site.has(3) {
        let sizes = site.vector(3)?.into_iter();
        let sizes = sizes.map(|size| size.and_then(|size| usize::try_from(size).ok()));
        return Some(sizes.collect::<Dims>()).filter(|dims| dims.len() == data.len());
    }
    let scales = if let Some(AttributeValue::Floats(scales)) = site.node.attribute("scales") {
        scales.to_vec()
    } else {
        let scales = site.value(if is_first_form { 1 } else { 2 })?;
        (scales.len() == data.len()).then(|| scales.floats())??
    };
    if scales.len() != data.len() {
        return None;
    }
    Some(
        data.iter()
            .zip(scales)
            .map(|(&dim, scale)| scaled(dim?, scale))
            .collect(),
    )
}

/// The extent times the scale, where single and double precision agree on it.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "within the range that is asked for first"
)]
fn scaled(extent: usize, scale: f32) -> Option<usize> {
    let narrow = (extent as f32 * scale).floor();
    let wide = (extent as f64 * f64::from(scale)).floor();
    let is_sure = (f64::from(narrow) - wide).abs() < 0.5 && (0.0..1e7).contains(&wide);
    is_sure.then_some(wide as usize)
}

fn reduced(site: &Site, data: &Dims) -> Option<Dims> {
    let keeps = site.int("keepdims").unwrap_or(1) != 0;
    let numbers = site.list_or("axes", 1, || Some(Vec::new()))?;
    if numbers.is_empty() && site.int("noop_with_empty_axes").unwrap_or(0) != 0 {
        return Some(data.clone());
    }
    let gone = if numbers.is_empty() {
        (0..data.len()).collect()
    } else {
        axes(&numbers, data.len())?
    };
    Some(without(data, &gone, keeps))
}

/// The shape once the axes are reduced to one element.
fn without(data: &Dims, gone: &[usize], keeps: bool) -> Dims {
    let axes = data.iter().enumerate();
    axes.filter_map(|(axis, &dim)| match (gone.contains(&axis), keeps) {
        (false, _) => Some(dim),
        (true, true) => Some(Some(1)),
        (true, false) => None,
    })
    .collect()
}

fn split(site: &Site) -> Option<Vec<Option<Dims>>> {
    let data = site.dims(0)?;
    let outputs = site.node.output.len();
    let axis = site.axis(0, data.len())?;
    let even = || {
        let extent = data[axis].filter(|extent| extent.is_multiple_of(outputs))?;
        let part = extent.checked_div(outputs)?;
        Some(vec![i64::try_from(part).ok()?; outputs])
    };
    let parts = site.list_or("split", 1, even)?.into_iter();
    let parts: Dims = parts.map(|part| usize::try_from(part).ok()).collect();
    if parts.len() != outputs {
        return None;
    }
    let shape = |part: Option<usize>| {
        let mut dims = data.clone();
        dims[axis] = part;
        Some(dims)
    };
    Some(parts.into_iter().map(shape).collect())
}
