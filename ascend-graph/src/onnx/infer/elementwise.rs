//! Operators that work element by element.

use super::arrange::extents_of;
use super::site::{Site, axis};
use super::{Dims, Outcome, conflict, no_axis, shown};
use crate::{Words, text};

/// Operators whose first output has the shape of the first input.
pub(super) const KEEP_SHAPE: [&str; 52] = [
    "Abs",
    "Acos",
    "Acosh",
    "Asin",
    "Asinh",
    "Atan",
    "Atanh",
    "Cast",
    "Ceil",
    "Celu",
    "Clip",
    "Cos",
    "Cosh",
    "CumSum",
    "Dropout",
    "Elu",
    "Erf",
    "Exp",
    "Floor",
    "HardSigmoid",
    "HardSwish",
    "Identity",
    "IsInf",
    "IsNaN",
    "LRN",
    "LayerNormalization",
    "LeakyRelu",
    "Log",
    "LpNormalization",
    "MeanVarianceNormalization",
    "Mish",
    "Neg",
    "Not",
    "Reciprocal",
    "Relu",
    "Round",
    "Scatter",
    "ScatterElements",
    "ScatterND",
    "Selu",
    "Shrink",
    "Sigmoid",
    "Sign",
    "Sin",
    "Sinh",
    "Softplus",
    "Softsign",
    "Sqrt",
    "Tan",
    "Tanh",
    "ThresholdedRelu",
    "Trilu",
];

const BROADCAST: Words = Words(
    "two extents must be equal, or one of them 1: unsqueeze, transpose or expand one of the \
                         values, or correct the constant",
);

/// Brings two shapes to one as numpy does; `None` where they contradict each other.
pub(super) fn together(a: &[Option<usize>], b: &[Option<usize>]) -> Option<Dims> {
    let rank = a.len().max(b.len());
    let at = |dims: &[Option<usize>], axis: usize| {
        let missing = rank - dims.len();
        if axis < missing {
            Some(1)
        } else {
            dims[axis - missing]
        }
    };
    let dims = (0..rank).map(|axis| match (at(a, axis), at(b, axis)) {
        (Some(1), other) | (other, Some(1)) => Some(other),
        (Some(a), Some(b)) => (a == b).then_some(Some(a)),
        // An extent that is not known is this one, or 1.
        (Some(known), None) | (None, Some(known)) => Some(Some(known)),
        (None, None) => Some(None),
    });
    dims.collect()
}

pub(super) fn broadcast(site: &Site) -> Outcome {
    if site.opset < 7 {
        return Ok(Vec::new());
    }
    let mut all: Option<Dims> = None;
    let mut complete = true;
    for index in 0..site.node.input.len() {
        let Some(dims) = site.dims(index) else {
            complete = false;
            continue;
        };
        all = Some(match all {
            None => dims.clone(),
            Some(before) => together(&before, dims).ok_or_else(|| {
                let operator = &site.node.op_type;
                conflict(
                    text!(
                        "{operator} cannot bring the shapes {before} and {dims} together",
                        operator,
                        before = shown(&before),
                        dims = shown(dims)
                    ),
                    BROADCAST.into(),
                )
            })?,
        });
    }
    Ok(vec![all.filter(|_| complete)])
}

/// `PRelu`, whose slope is stretched to its input and not the other way.
pub(super) fn slope(site: &Site) -> Outcome {
    if let (Some(x), Some(slope)) = (site.dims(0), site.dims(1))
        && site.opset >= 9
        && together(x, slope).is_none_or(|both| both.len() > x.len())
    {
        return Err(conflict(
            text!(
                "PRelu cannot stretch a slope of shape {slope} to {x}",
                slope = shown(slope),
                x = shown(x)
            ),
            text!("give the slope one number for each channel, as [channels, 1, 1]"),
        ));
    }
    Ok(vec![site.dims(0).cloned()])
}

pub(super) fn expand(site: &Site) -> Outcome {
    let (Some(x), Some(shape)) = (site.dims(0), site.vector(1)) else {
        return Ok(Vec::new());
    };
    // PyTorch writes -1 for an extent that stays, which ONNX takes for 1.
    let shape = shape
        .into_iter()
        .map(|dim| dim.map(|dim| if dim == -1 { 1 } else { dim }));
    let shape = extents_of(shape.collect());
    match together(x, &shape) {
        Some(dims) => Ok(vec![Some(dims)]),
        None => Err(conflict(
            text!(
                "Expand cannot stretch {x} to {shape}",
                x = shown(x),
                shape = shown(&shape)
            ),
            BROADCAST.into(),
        )),
    }
}

/// Norms with a number for each channel.
pub(super) fn normalization(site: &Site) -> Outcome {
    let Some(x) = site.dims(0) else {
        return Ok(Vec::new());
    };
    // In old files a norm may have a number for each element of a channel.
    let is_spatial = site.int("spatial").unwrap_or(1) != 0;
    let channels = x.get(1).copied().flatten().filter(|_| is_spatial);
    for (index, name) in ["", "scale", "bias", "mean", "variance"]
        .iter()
        .enumerate()
        .skip(1)
    {
        if let (Some(channels), Some([Some(count)])) =
            (channels, site.dims(index).map(Vec::as_slice))
            && *count != channels
        {
            return Err(conflict(
                text!(
                    "{op_type} reads {channels} channels ({x}), and its {name} has {count} numbers",
                    op_type = &site.node.op_type,
                    channels,
                    x = shown(x),
                    name,
                    count
                ),
                text!(
                    "give each channel one number: the weights are those of another layer, or an earlier layer \
                 gives another number of channels than it should"
                ),
            ));
        }
    }
    Ok(vec![Some(x.clone())])
}

pub(super) fn along_axis(site: &Site) -> Outcome {
    let Some(x) = site.dims(0) else {
        return Ok(Vec::new());
    };
    let default = if site.opset < 13 { 1 } else { -1 };
    let asked = site.int("axis").unwrap_or(default);
    let is_end = site.opset < 13 && usize::try_from(asked) == Ok(x.len());
    if axis(asked, x.len()).is_none() && !is_end && !x.is_empty() {
        return Err(no_axis(site, asked, x));
    }
    Ok(vec![Some(x.clone())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_brought_together() {
        let dims = |dims: &[i64]| extents_of(dims.iter().copied().map(Some).collect());
        for (a, b, expected) in [
            (&[2, 3][..], &[3][..], Some(&[2, 3][..])),
            (&[2, 1], &[1, 4], Some(&[2, 4])),
            (&[2, 3], &[2], None),
            (&[-1, 3], &[5, 1], Some(&[5, 3])),
            (&[-1], &[1], Some(&[-1])),
            (&[], &[7], Some(&[7])),
            (&[0], &[1], Some(&[0])),
            (&[0], &[2], None),
        ] {
            let found = together(&dims(a), &dims(b));
            assert_eq!(found, expected.map(dims), "{a:?} {b:?}");
        }
    }
}
