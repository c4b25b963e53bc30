use ascend_graph::DataType;
use ascend_graph::onnx::{self, Attribute, AttributeValue, Node};

use super::interpolation::{Coordinates, Kernel, Line, Mode};
use crate::compiler::facts::Site;
use crate::compiler::form::Form;
use crate::engine;

/// The most weights of a node, which bounds what a file can have made of a few bytes.
const MOST_WEIGHTS: usize = 1 << 22;

/// Leaves a `Resize` or `Upsample` to the engine where that is right; else it becomes a product with a
/// matrix of weights, or a choice of elements, for each axis, which wants fixed shapes.
pub(super) fn resize(form: &mut Form) {
    let site = form.site;
    // The first `Resize` had the inputs and the meaning of `Upsample`.
    let is_first_form = site.node.op_type == "Upsample" || site.facts.opset == 10;
    let engines = Node {
        op_type: if is_first_form { "Upsample" } else { "Resize" }.to_owned(),
        ..site.node.clone()
    };
    let fault = fault(&site).or_else(|| {
        engine::objection(&engines, site.facts.opset)
            .map(|_| "the CPU engine has no such form of it")
    });
    if fault.is_none() {
        form.nodes.push(engines);
        return;
    }
    form.wants_shape = true;
    if let Some(axes) = axes(&site, is_first_form) {
        write_axes(form, &axes);
        return;
    }
    form.nodes.extend(stand_in(&site));
    form.objection = Some(
        "the CPU engine has no such form of Resize, which is computed for fixed shapes and float elements, or \
         mode=nearest, only; give fixed input shapes and constant scales or sizes",
    );
}

/// Gives a node that the engine takes, of the same shape: shapes are what an earlier form is asked for.
fn stand_in(site: &Site) -> Option<Node> {
    let shapes = ["axes", "keep_aspect_ratio_policy", "scales"];
    let is_plain = shapes
        .iter()
        .all(|name| site.node.attribute(name).is_none());
    is_plain.then(|| Node {
        attribute: vec![Attribute::string("mode", "nearest")],
        ..site.node.clone()
    })
}

/// Says what the engine gets wrong.
fn fault(site: &Site) -> Option<&'static str> {
    let is_cubic = site.node.text("mode") == b"cubic";
    let has_corners = site.node.text("coordinate_transformation_mode") == b"align_corners";
    let scales = scales(site);
    let broken = |scales: &[f32]| scales.iter().any(|scale| scale.fract() != 0.0);
    let corners = has_corners && site.input(3).is_none() && scales.as_deref().is_none_or(broken);
    let unsure = site.node.text("mode") != b"linear"
        && !scales
            .or_else(|| ratios(site))
            .is_some_and(|ratios| ratios.into_iter().all(has_sure_pixels));
    (is_cubic || corners || unsure).then_some("the CPU engine is wrong for it")
}

/// Gives the scales; `None` if it has sizes or they are not constant.
fn scales(site: &Site) -> Option<Vec<f32>> {
    if let Some(AttributeValue::Floats(scales)) = site.node.attribute("scales") {
        return Some(scales.to_vec());
    }
    let is_first_form = site.node.op_type == "Upsample" || site.facts.opset == 10;
    site.floats(if is_first_form { 1 } else { 2 })
        .filter(|scales| !scales.is_empty())
}

/// Gives what constant sizes make of each axis; `None` if that is not known.
#[allow(
    clippy::cast_precision_loss,
    reason = "an extent that is rounded is no whole multiple up to 40 either"
)]
fn ratios(site: &Site) -> Option<Vec<f32>> {
    let dims = site.dims(0)?;
    let sizes = site.numbers(3)?;
    let axes = site.node.ints("axes").unwrap_or_default();
    let from = |place: usize| match axes {
        [] => dims.get(place).copied().flatten(),
        axes => dims[onnx::axis(*axes.get(place)?, dims.len())?],
    };
    let ratio = |(place, to): (usize, i64)| Some(to as f32 / from(place)? as f32);
    sizes.into_iter().enumerate().map(ratio).collect()
}

/// Tells whether the engine finds the nearest pixel for a scale: its reciprocal, which it multiplies
/// with, is exact for powers of two and good enough for whole numbers up to 40.
fn has_sure_pixels(scale: f32) -> bool {
    scale.log2().fract() == 0.0 || (scale.fract() == 0.0 && scale <= 40.0)
}

/// What becomes of one axis.
struct Axis {
    place: usize,
    rank: usize,
    from: usize,
    /// For each element of the result, elements and their weights.
    weights: Vec<Vec<(usize, f64)>>,
    is_choice: bool,
}

fn axes(site: &Site, is_first_form: bool) -> Option<Vec<Axis>> {
    let dims: Vec<usize> = site.dims(0)?.into_iter().collect::<Option<_>>()?;
    let mode = Mode::of(site, is_first_form)?;
    let chosen: Vec<usize> = match site.node.ints("axes").unwrap_or_default() {
        [] => (0..dims.len()).collect(),
        axes => axes
            .iter()
            .map(|&axis| onnx::axis(axis, dims.len()))
            .collect::<Option<_>>()?,
    };
    let given = extents(site, &dims, &chosen)?;
    let roi = site
        .floats(1)
        .filter(|roi| !is_first_form && roi.len() == chosen.len() * 2);
    let mut axes = Vec::new();
    let mut weight_count = 0_usize;
    for (place, (&axis, &(to, scale))) in chosen.iter().zip(&given).enumerate() {
        let from = dims[axis];
        if from == to && (scale - 1.0).abs() < f64::EPSILON && mode.coordinates != Coordinates::Crop
        {
            continue;
        }
        let window = match (mode.coordinates, &roi) {
            (Coordinates::Crop, None) => return None,
            (Coordinates::Crop, Some(roi)) => {
                [roi[place], roi[place + chosen.len()]].map(f64::from)
            }
            _ => [0.0, 1.0],
        };
        // Elements beyond the picture would have another value.
        if from == 0 || to == 0 || window.iter().any(|end| !(0.0..=1.0).contains(end)) {
            return None;
        }
        weight_count = weight_count.checked_add(from.checked_mul(to)?)?;
        if weight_count > MOST_WEIGHTS {
            return None;
        }
        let line = Line {
            from,
            to,
            scale,
            window,
        };
        let weights = (0..to).map(|at| mode.weights(&line, at)).collect();
        axes.push(Axis {
            place: axis,
            rank: dims.len(),
            from,
            weights,
            is_choice: mode.kernel == Kernel::Nearest,
        });
    }
    let is_float = matches!(site.dtype(0), Some(DataType::F32 | DataType::F16));
    (is_float || mode.kernel == Kernel::Nearest).then_some(axes)
}

/// Gives the new extents and the scales.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "extents are far below 2^53, and a float too large for one is caught by the limit"
)]
fn extents(site: &Site, dims: &[usize], chosen: &[usize]) -> Option<Vec<(usize, f64)>> {
    let from = || chosen.iter().map(|&axis| dims[axis]);
    if let Some(scales) = scales(site) {
        let scaled = |(from, &scale): (usize, &f32)| {
            let scale = f64::from(scale);
            ((from as f64 * scale).floor() as usize, scale)
        };
        return (scales.len() == chosen.len()).then(|| from().zip(&scales).map(scaled).collect());
    }
    let sizes = site
        .numbers(3)
        .filter(|sizes| sizes.len() == chosen.len())?;
    let sizes: Vec<usize> = sizes
        .into_iter()
        .map(|size| size.try_into().ok())
        .collect::<Option<_>>()?;
    let scales = || {
        from()
            .zip(&sizes)
            .map(|(from, &to)| to as f64 / from as f64)
    };
    let common = if site.node.text("keep_aspect_ratio_policy") == b"not_larger" {
        Some(scales().fold(f64::INFINITY, f64::min))
    } else if site.node.text("keep_aspect_ratio_policy") == b"not_smaller" {
        Some(scales().fold(0.0, f64::max))
    } else {
        None
    };
    Some(match common {
        Some(scale) => from()
            .map(|from| ((scale * from as f64 + 0.5).floor() as usize, scale))
            .collect(),
        None => sizes.iter().copied().zip(scales()).collect(),
    })
}

fn write_axes(form: &mut Form, axes: &[Axis]) {
    let mut y = form.input(0);
    for axis in axes {
        y = if axis.is_choice {
            let indices = axis
                .weights
                .iter()
                .filter_map(|weights| i64::try_from(weights.first()?.0).ok());
            let indices = form.ints(&indices.collect::<Vec<_>>());
            let at = i64::try_from(axis.place).unwrap_or(i64::MAX);
            form.value("Gather", &[&y, &indices], [Attribute::int("axis", at)])
        } else {
            multiply(form, &y, axis)
        };
    }
    form.result("Identity", &[&y], []);
}

/// Multiplies along an axis, which is brought to the end and back.
#[allow(clippy::cast_possible_truncation, reason = "weights are small numbers")]
fn multiply(form: &mut Form, x: &str, axis: &Axis) -> String {
    let to = axis.weights.len();
    let mut matrix = vec![0.0_f64; axis.from * to];
    for (column, weights) in axis.weights.iter().enumerate() {
        for &(row, weight) in weights {
            matrix[row * to + column] += weight;
        }
    }
    let bytes = matrix
        .into_iter()
        .flat_map(|weight| (weight as f32).to_le_bytes())
        .collect();
    let dims = [axis.from, to].map(|extent| i64::try_from(extent).unwrap_or(i64::MAX));
    let matrix = form.constant(DataType::F32, dims.to_vec(), bytes);
    let mut order: Vec<i64> = (0..).take(axis.rank).collect();
    order.swap(axis.place, axis.rank - 1);
    let is_last = axis.place == axis.rank - 1;
    let x = if is_last {
        x.to_owned()
    } else {
        form.transpose(x, &order)
    };
    let y = form.binary("MatMul", &x, &matrix);
    if is_last {
        y
    } else {
        form.transpose(&y, &order)
    }
}
