//! ONNX's own operators that the engine lacks or gets wrong.

#![allow(
    clippy::unnecessary_wraps,
    reason = "all ways to write out have one type"
)]

use ascend_graph::DataType;
use ascend_graph::onnx::{Attribute, AttributeValue, Node};

use super::{Expand, boxes, npu, recurrent, regions};
use crate::compiler::facts::Site;
use crate::compiler::form::Form;

type Test = fn(&Node) -> bool;

/// Gives the way to write a node out, if it has to be.
pub(super) fn expansion(node: &Node) -> Option<Expand> {
    EXPANSIONS
        .iter()
        .find(|(op, has_to_be, _)| *op == node.op_type && has_to_be(node))
        .map(|&(_, _, expand)| expand)
}

/// Operators, when they have to be written out, and how.
static EXPANSIONS: &[(&str, Test, Expand)] = &[
    ("NonMaxSuppression", always, boxes::non_max_suppression),
    ("RoiAlign", always, regions::roi_align),
    ("GRU", recurrent::is_lacking, recurrent::expand),
    ("LSTM", recurrent::is_lacking, recurrent::expand),
    ("RNN", recurrent::is_lacking, recurrent::expand),
    ("GridSample", samples_otherwise, grid_sample),
    ("DynamicQuantizeLinear", always, dynamic_quantize),
    ("IsInf", is_one_sided, is_inf),
    ("Mish", always, npu::mish),
    ("Selu", always, selu),
    ("Celu", always, celu),
    ("ThresholdedRelu", always, thresholded_relu),
    ("Shrink", always, shrink),
    ("MeanVarianceNormalization", always, mean_variance),
    ("GroupNormalization", always, group_normalization),
    ("LRN", always, local_response),
    ("SpaceToDepth", always, space_to_depth),
    ("GlobalLpPool", always, global_lp_pool),
];

fn always(_: &Node) -> bool {
    true
}

fn is_one_sided(node: &Node) -> bool {
    let is_off = |name: &str| node.int(name) == Some(0);
    is_off("detect_positive") || is_off("detect_negative")
}

fn is_inf(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    let x = form.input(0);
    let counts = |name: &str| site.node.int(name).unwrap_or(1) != 0;
    let end = match (counts("detect_positive"), counts("detect_negative")) {
        (true, _) => f32::INFINITY,
        (_, true) => f32::NEG_INFINITY,
        // NaN, which nothing equals.
        _ => f32::NAN,
    };
    let y = form.with_number("Equal", &x, end);
    form.give(0, &y);
    Ok(())
}

/// Tells whether a `GridSample` is one that can be told in terms of the engine's: bilinear, with zeros
/// around.
fn samples_otherwise(node: &Node) -> bool {
    let (mode, padding) = (node.text("mode"), node.text("padding_mode"));
    (mode == b"nearest" || padding == b"border")
        && padding != b"reflection"
        && !matches!(mode, b"cubic" | b"bicubic")
}

/// Brings the places to pixels, rounds or clamps them, and brings them back.
fn grid_sample(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    if form.rank(0).is_some_and(|rank| rank != 4) {
        return Err(
            "the CPU device samples pictures of 4 axes only; split the others off".to_owned(),
        );
    }
    let (x, grid) = (form.input(0), form.input(1));
    let is_aligned = site.node.int("align_corners").unwrap_or(0) != 0;
    let [width, height] = [3, 2].map(|axis| form.extent(&x, axis));
    let extents = form.concat(&[&width, &height], 0);
    let extents = form.cast(&extents, DataType::F32);
    let last = form.with_number("Sub", &extents, 1.0);
    let half = form.with_number("Add", &grid, 1.0);
    let half = form.with_number("Mul", &half, 0.5);
    let mut places = if is_aligned {
        form.binary("Mul", &half, &last)
    } else {
        let places = form.binary("Mul", &half, &extents);
        form.with_number("Sub", &places, 0.5)
    };
    if site.node.text("mode") == b"nearest" {
        places = form.unary("Round", &places);
    }
    let zero = form.number(0.0);
    let [before, behind] = [("Less", &zero), ("Greater", &last)]
        .map(|(op_type, end)| form.binary(op_type, &places, end));
    let outside = form.binary("Or", &before, &behind);
    places = form.unary("Relu", &places);
    places = form.binary("Min", &places, &last);
    let span = form.with_number("Max", &last, 1.0);
    let share = form.binary("Div", &places, &span);
    let share = form.with_number("Mul", &share, 2.0);
    let grid = form.with_number("Sub", &share, 1.0);
    let mut y = form.value(
        "GridSample",
        &[&x, &grid],
        [Attribute::int("align_corners", 1)],
    );
    if site.node.text("padding_mode") != b"border" {
        let inside = form.unary("Not", &outside);
        let inside = form.cast(&inside, DataType::F32);
        let inside = form.reduce("ReduceMin", &inside, &[3]);
        let inside = form.squeeze(&inside, &[3]);
        let inside = form.unsqueeze(&inside, &[1]);
        y = form.binary("Mul", &y, &inside);
    }
    form.give(0, &y);
    Ok(())
}

/// To uint8, so that the least and the greatest element and 0 fit exactly.
fn dynamic_quantize(form: &mut Form) -> Result<(), String> {
    let x = form.input(0);
    let [low, high] = [("ReduceMin", "Min"), ("ReduceMax", "Max")].map(|(reduce, with_zero)| {
        let end = form.value(reduce, &[&x], [Attribute::int("keepdims", 0)]);
        let end = form.with_number(with_zero, &end, 0.0);
        // Twice, as the engine divides exactly by several divisors only.
        let pair = form.ints(&[2]);
        form.binary("Expand", &end, &pair)
    });
    let span = form.binary("Sub", &high, &low);
    let steps = [255_f32; 2]
        .iter()
        .flat_map(|step| step.to_le_bytes())
        .collect();
    let steps = form.constant(DataType::F32, vec![2], steps);
    let scale = form.binary("Div", &span, &steps);
    // Nothing but zeros has the scale 1.
    let (none, one) = (form.number(0.0), form.number(1.0));
    let is_flat = form.binary("Equal", &span, &none);
    let scale = form.value("Where", &[&is_flat, &one, &scale], []);
    let zero = form.binary("Div", &low, &scale);
    let zero = form.unary("Neg", &zero);
    let zero = form.unary("Round", &zero);
    let zero = form.cast(&zero, DataType::U8);
    let [scale, zero] = [scale, zero].map(|pair| form.pick(&pair, 0, 0));
    let y = form.value("QuantizeLinear", &[&x, &scale, &zero], []);
    for (output, value) in [y, scale, zero].iter().enumerate() {
        form.give(output, value);
    }
    Ok(())
}

fn float(site: &Site, name: &str, default: f32) -> f32 {
    match site.node.attribute(name) {
        Some(AttributeValue::Float(value)) => value,
        _ => default,
    }
}

/// α · (eˣ - 1) below 0, where x is x / `of` first.
fn exponential(form: &mut Form, x: &str, of: f32, alpha: f32) -> String {
    let low = form.with_number("Min", x, 0.0);
    let low = form.with_number("Div", &low, of);
    let power = form.unary("Exp", &low);
    let power = form.with_number("Sub", &power, 1.0);
    let low = form.with_number("Mul", &power, alpha);
    let high = form.unary("Relu", x);
    form.binary("Add", &high, &low)
}

fn selu(form: &mut Form) -> Result<(), String> {
    let x = form.input(0);
    let alpha = float(&form.site, "alpha", 1.673_263_2);
    let y = exponential(form, &x, 1.0, alpha);
    let y = form.with_number("Mul", &y, float(&form.site, "gamma", 1.050_701));
    form.give(0, &y);
    Ok(())
}

fn celu(form: &mut Form) -> Result<(), String> {
    let x = form.input(0);
    let alpha = float(&form.site, "alpha", 1.0);
    let y = exponential(form, &x, alpha, alpha);
    form.give(0, &y);
    Ok(())
}

fn thresholded_relu(form: &mut Form) -> Result<(), String> {
    let (x, zero) = (form.input(0), form.number(0.0));
    let passes = form.with_number("Greater", &x, float(&form.site, "alpha", 1.0));
    let y = form.value("Where", &[&passes, &x, &zero], []);
    form.give(0, &y);
    Ok(())
}

fn shrink(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    if site.dtype(0).is_none_or(DataType::is_integer) {
        return Err(
            "the CPU device shrinks float16 and float32 only; put a Cast before it".to_owned(),
        );
    }
    let (x, zero) = (form.input(0), form.number(0.0));
    let (bias, limit) = (float(&site, "bias", 0.0), float(&site, "lambd", 0.5));
    let (lifted, lowered) = (
        form.with_number("Add", &x, bias),
        form.with_number("Sub", &x, bias),
    );
    let (is_low, is_high) = (
        form.with_number("Less", &x, -limit),
        form.with_number("Greater", &x, limit),
    );
    let high = form.value("Where", &[&is_high, &lowered, &zero], []);
    let y = form.value("Where", &[&is_low, &lifted, &high], []);
    form.give(0, &y);
    Ok(())
}

/// Centres along axes and gives the reciprocal deviation: 1 / √(variance + ε).
fn centre(form: &mut Form, x: &str, axes: &[i64], epsilon: f32) -> (String, String) {
    let mean = form.reduce("ReduceMean", x, axes);
    let centred = form.binary("Sub", x, &mean);
    let square = form.binary("Mul", &centred, &centred);
    let variance = form.reduce("ReduceMean", &square, axes);
    let sum = form.with_number("Add", &variance, epsilon);
    let root = form.unary("Sqrt", &sum);
    (centred, form.unary("Reciprocal", &root))
}

fn mean_variance(form: &mut Form) -> Result<(), String> {
    let x = form.input(0);
    let axes = match form.site.node.ints("axes").unwrap_or_default() {
        [] => &[0, 2, 3],
        axes => axes,
    };
    let (centred, rstd) = centre(form, &x, axes, 0.0);
    let y = form.binary("Mul", &centred, &rstd);
    form.give(0, &y);
    Ok(())
}

/// Until opset 20 scale and bias are one for each group, from 21 on one for each channel.
fn group_normalization(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    let (x, scale, bias) = (form.input(0), form.input(1), form.input(2));
    let groups = site.node.int("num_groups").unwrap_or(0);
    if groups < 1 {
        return Err(format!(
            "its attribute `num_groups` is {groups}; it must be 1 or more"
        ));
    }
    let rows = form.reshape(&x, &[0, groups, -1]);
    let (centred, rstd) = centre(form, &rows, &[2], float(&site, "epsilon", 1e-5));
    let mut y = form.binary("Mul", &centred, &rstd);
    let shape = form.unary("Shape", &x);
    if site.facts.opset >= 21 {
        let [batch, channels] = [0, 1].map(|axis| form.extent(&x, axis));
        let rest = form.ints(&[-1]);
        let by_channel = form.concat(&[&batch, &channels, &rest], 0);
        y = form.binary("Reshape", &y, &by_channel);
    }
    for (op_type, weights) in [("Mul", scale), ("Add", bias)] {
        let weights = form.unsqueeze(&weights, &[-1]);
        y = form.binary(op_type, &y, &weights);
    }
    let y = form.binary("Reshape", &y, &shape);
    form.give(0, &y);
    Ok(())
}

/// The squares of neighbouring channels are summed as a pool of a picture with one row for each channel.
fn local_response(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    let window = site.node.int("size").unwrap_or(0);
    if !(1..=1024).contains(&window) {
        return Err(format!(
            "its attribute `size` is {window}; it must be 1 to 1024"
        ));
    }
    let x = form.input(0);
    let square = form.binary("Mul", &x, &x);
    let shape = form.unary("Shape", &x);
    let [batch, channels] = [0, 1].map(|axis| form.extent(&x, axis));
    let (one, rest) = (form.ints(&[1]), form.ints(&[-1]));
    let picture = form.concat(&[&batch, &one, &channels, &rest], 0);
    let square = form.binary("Reshape", &square, &picture);
    let mean = form.value(
        "AveragePool",
        &[&square],
        [
            Attribute::ints("kernel_shape", [window, 1]),
            Attribute::ints("strides", [1, 1]),
            Attribute::ints("pads", [(window - 1) / 2, 0, window / 2, 0]),
            Attribute::int("count_include_pad", 1),
        ],
    );
    let mean = form.binary("Reshape", &mean, &shape);
    let scaled = form.with_number("Mul", &mean, float(&site, "alpha", 1e-4));
    let sum = form.with_number("Add", &scaled, float(&site, "bias", 1.0));
    let power = form.with_number("Pow", &sum, float(&site, "beta", 0.75));
    let y = form.binary("Div", &x, &power);
    form.give(0, &y);
    Ok(())
}

fn space_to_depth(form: &mut Form) -> Result<(), String> {
    let size = form.site.node.int("blocksize").unwrap_or(0);
    if size < 1 {
        return Err(format!(
            "its attribute `blocksize` is {size}; it must be 1 or more"
        ));
    }
    let x = form.input(0);
    let block = form.ints(&[size]);
    let [batch, channels, height, width] = [0, 1, 2, 3].map(|axis| form.extent(&x, axis));
    let (rows, columns) = (
        form.binary("Div", &height, &block),
        form.binary("Div", &width, &block),
    );
    let shape = form.concat(&[&batch, &channels, &rows, &block, &columns, &block], 0);
    let blocks = form.binary("Reshape", &x, &shape);
    let order = if form.site.node.text("mode") == b"CRD" {
        [0, 1, 3, 5, 2, 4]
    } else {
        [0, 3, 5, 1, 2, 4]
    };
    let blocks = form.transpose(&blocks, &order);
    let rest = form.ints(&[-1]);
    let shape = form.concat(&[&batch, &rest, &rows, &columns], 0);
    let y = form.binary("Reshape", &blocks, &shape);
    form.give(0, &y);
    Ok(())
}

fn global_lp_pool(form: &mut Form) -> Result<(), String> {
    let p = u16::try_from(form.site.node.int("p").unwrap_or(2)).unwrap_or(0);
    if p == 0 {
        return Err("its attribute `p` is out of bounds; it must be 1 to 65535".to_owned());
    }
    let x = form.input(0);
    let shape = form.unary("Shape", &x);
    let size = form.unary("Abs", &x);
    let power = form.with_number("Pow", &size, p.into());
    // All axes behind the channels count as one, and come back with extent 1.
    let rows = form.reshape(&power, &[0, 0, -1]);
    let sum = form.reduce("ReduceSum", &rows, &[2]);
    let root = form.with_number("Pow", &sum, f32::from(p).recip());
    let head = form.slice(&shape, 0, 0, 2, 1);
    let tail = form.slice(&shape, 0, 2, i32::MAX.into(), 1);
    let tail = form.binary("Div", &tail, &tail);
    let shape = form.concat(&[&head, &tail], 0);
    let y = form.binary("Reshape", &root, &shape);
    form.give(0, &y);
    Ok(())
}
