//! The form in which the engine gets a node of ONNX's own operators.

mod interpolation;
mod quantisation;
mod resize;
mod window;

use ascend_graph::DataType;
use ascend_graph::onnx::{self, Attribute, AttributeValue, Names, Node};

use super::facts::Site;
use super::form::Form;

/// A node in a form that the engine computes rightly.
pub(super) struct Rewritten {
    /// What stands for the node; the last one gives its outputs.
    pub(super) nodes: Vec<Node>,
    /// The bytes of constants in them that the node did not have.
    pub(super) made: usize,
    /// Whether knowing the shape of an input would give a better form.
    pub(super) wants_shape: bool,
    /// Why there is no right form as long as that shape is unknown.
    pub(super) objection: Option<&'static str>,
}

/// Gives the form in which the engine gets a node; most nodes stay as they are.
pub(super) fn rewrite(site: &Site, names: &mut Names) -> Rewritten {
    let mut form = Form::new(*site, names);
    for &(ops, apply) in REWRITES {
        if ops.contains(&site.node.op_type.as_str()) {
            apply(&mut form);
        }
    }
    let Form {
        mut nodes,
        made,
        wants_shape,
        objection,
        ..
    } = form;
    if nodes.is_empty() {
        nodes.push(site.node.clone());
    }
    Rewritten {
        nodes,
        made,
        wants_shape,
        objection,
    }
}

type Rewrite = (&'static [&'static str], fn(&mut Form));

static REWRITES: &[Rewrite] = &[
    (
        &["AveragePool", "Conv", "ConvTranspose", "MaxPool"],
        window::write_out,
    ),
    (&["Softmax", "LogSoftmax"], flatten_softmax),
    (&["ArgMax", "ArgMin"], take_first_index),
    (&["Dropout"], drop_dropout),
    (&["Cast"], cast),
    (&["CastLike"], cast_like),
    (&["Sign"], keep_zero),
    (&["Pow"], cast_exponent),
    (&["OneHot"], cast_indices),
    (&["Resize", "Upsample"], resize::resize),
    (&["QuantizeLinear"], quantisation::quantize),
    (&["ReduceMax", "ReduceMin"], reduce_bool),
    (&["Pad"], pad_axes),
    (&["LayerNormalization"], give_moments),
    (&["Hardmax"], hardmax),
    (&["MatMul", "MatMulInteger"], multiply_by_vector),
];

/// Before opset 13 all axes from `axis` on count as one.
fn flatten_softmax(form: &mut Form) {
    let node = form.site.node;
    if form.site.facts.opset >= 13 {
        return;
    }
    let axis = form.site.node.int("axis").unwrap_or(1);
    let (x, rank) = (form.input(0), form.rank(0));
    if axis == -1 || rank.is_some_and(|rank| usize::try_from(axis) == Ok(rank.wrapping_sub(1))) {
        form.result(&node.op_type, &[&x], [Attribute::int("axis", -1)]);
        return;
    }
    form.wants_shape = rank.is_none();
    let flat = form.value("Flatten", &[&x], [Attribute::int("axis", axis)]);
    let soft = form.value(&node.op_type, &[&flat], [Attribute::int("axis", -1)]);
    let shape = form.value("Shape", &[&x], []);
    form.result("Reshape", &[&soft, &shape], []);
}

/// Of equal elements the engine takes the last, ONNX the first.
fn take_first_index(form: &mut Form) {
    let node = form.site.node;
    let (x, axis) = (form.input(0), form.site.node.int("axis").unwrap_or(0));
    let mut attributes = node.attribute.clone();
    attributes.retain(|attribute| attribute.name != "select_last_index");
    if form.site.node.int("select_last_index").unwrap_or(0) != 0 {
        form.result(&node.op_type, &[&x], attributes);
        return;
    }
    let first = first_index(form, &node.op_type, &x, axis, attributes);
    form.result("Identity", &[&first], []);
}

/// Takes the index from the reversed axis.
fn first_index(
    form: &mut Form,
    op_type: &str,
    x: &str,
    axis: i64,
    attributes: Vec<Attribute>,
) -> String {
    let reversed = form.slice(x, axis, -1, i32::MIN.into(), -1);
    let from_end = form.value(op_type, &[&reversed], attributes);
    let (extent, one) = (form.extent(x, axis), form.ints(&[1]));
    let highest = form.binary("Sub", &extent, &one);
    // One element, so that it fits any rank but a scalar's.
    let scalar = form.unary("Squeeze", &highest);
    form.binary("Sub", &scalar, &from_end)
}

fn drop_dropout(form: &mut Form) {
    let x = form.input(0);
    form.result("Identity", &[&x], []);
}

fn cast(form: &mut Form) {
    if form.site.node.int("to") == DataType::Bool.onnx_code().map(i64::from) {
        cast_to_bool(form);
    }
}

fn cast_like(form: &mut Form) {
    let x = form.input(0);
    match form.site.dtype(1) {
        Some(DataType::Bool) => cast_to_bool(form),
        Some(dtype) => {
            let to = Attribute::int("to", dtype.onnx_code().unwrap_or_default().into());
            form.result("Cast", &[&x], [to]);
        }
        None => {}
    }
}

/// The engine keeps bool as whole numbers, so a cast alone would leave 0.5 at 0 and 2 at 2.
fn cast_to_bool(form: &mut Form) {
    let x = form.input(0);
    let wide = form.value("Cast", &[&x], [Attribute::int("to", 1)]);
    let zero = form.value("Constant", &[], [Attribute::float("value_float", 0.0)]);
    let is_zero = form.value("Equal", &[&wide, &zero], []);
    form.result("Not", &[&is_zero], []);
}

/// The engine takes 0.0 for positive.
fn keep_zero(form: &mut Form) {
    if form.site.dtype(0).is_some_and(DataType::is_integer) {
        return;
    }
    let x = form.input(0);
    let sign = form.value("Sign", &[&x], []);
    let zero = form.value("Constant", &[], [Attribute::float("value_float", 0.0)]);
    let is_zero = form.value("Equal", &[&x, &zero], []);
    let counts = form.value("Not", &[&is_zero], []);
    let factor = form.value("Cast", &[&counts], [Attribute::int("to", 1)]);
    form.result("Mul", &[&sign, &factor], []);
}

/// The engine wants base and exponent of one type.
fn cast_exponent(form: &mut Form) {
    let is_integer = |index| form.site.dtype(index).is_some_and(DataType::is_integer);
    if !is_integer(0) && is_integer(1) {
        let (base, exponent) = (form.input(0), form.input(1));
        let exponent = form.value("Cast", &[&exponent], [Attribute::int("to", 1)]);
        form.result("Pow", &[&base, &exponent], []);
    }
}

/// The engine wants whole numbers for indices and depth.
fn cast_indices(form: &mut Form) {
    let (indices, depth, values) = (form.input(0), form.input(1), form.input(2));
    let to = || [Attribute::int("to", 6)];
    let indices = form.value("Cast", &[&indices], to());
    let depth = form.value("Cast", &[&depth], to());
    form.result(
        "OneHot",
        &[&indices, &depth, &values],
        form.site.node.attribute.clone(),
    );
}

/// The engine leaves an axis too many when a stack of matrices is multiplied by a vector.
fn multiply_by_vector(form: &mut Form) {
    let has_both = form.site.input(0).is_some() && form.site.input(1).is_some();
    if !has_both || form.rank(0).is_some_and(|rank| rank <= 2) {
        return;
    }
    match form.rank(1) {
        Some(1) => {
            let mut inputs = form.site.node.input.clone();
            let axis = form.value("Constant", &[], [Attribute::ints("value_ints", [1])]);
            inputs[1] = form.value("Unsqueeze", &[&inputs[1], &axis], []);
            let inputs: Vec<_> = inputs.iter().map(String::as_str).collect();
            let product = form.value(&form.site.node.op_type, &inputs, []);
            let last = form.value("Constant", &[], [Attribute::ints("value_ints", [-1])]);
            form.result("Squeeze", &[&product, &last], []);
        }
        Some(_) => {}
        None => {
            form.wants_shape = true;
            multiply_by_any(form);
        }
    }
}

/// Makes a matrix of what may be a vector, and drops the axis again where it was one.
fn multiply_by_any(form: &mut Form) {
    let mut inputs = form.site.node.input.clone();
    let shape = form.unary("Shape", &inputs[1]);
    let (rank, zero, one) = (
        form.unary("Shape", &shape),
        form.ints(&[0]),
        form.ints(&[1]),
    );
    let two = form.ints(&[2]);
    let missing = form.binary("Sub", &two, &rank);
    let missing = form.binary("Max", &missing, &zero);
    let extra = form.value("Slice", &[&one, &zero, &missing], []);
    let shape = form.concat(&[&shape, &extra], 0);
    inputs[1] = form.binary("Reshape", &inputs[1], &shape);
    let inputs: Vec<_> = inputs.iter().map(String::as_str).collect();
    let product = form.value(&form.site.node.op_type, &inputs, []);
    let shape = form.unary("Shape", &product);
    let rank = form.unary("Shape", &shape);
    let kept = form.binary("Sub", &rank, &missing);
    let shape = form.value("Slice", &[&shape, &zero, &kept], []);
    form.result("Reshape", &[&product, &shape], []);
}

/// The engine keeps bool as whole numbers, but does not reduce it under that name.
fn reduce_bool(form: &mut Form) {
    if form.site.dtype(0) != Some(DataType::Bool) {
        return;
    }
    let mut inputs = form.site.node.input.clone();
    inputs[0] = form.cast(&inputs[0], DataType::I32);
    let inputs: Vec<_> = inputs.iter().map(String::as_str).collect();
    let op_type = &form.site.node.op_type;
    let least = form.value(op_type, &inputs, form.site.node.attribute.clone());
    let none = form.constant(DataType::I32, Vec::new(), vec![0; 4]);
    form.result("Greater", &[&least, &none], []);
}

/// The engine takes pads of all axes only.
fn pad_axes(form: &mut Form) {
    let site = form.site;
    if site.input(3).is_none() {
        return;
    }
    form.wants_shape = true;
    form.objection = Some(
        "the CPU engine cannot pad axes that are not constant, or whose number is not known; export for opset \
         17 or less",
    );
    let (Some(rank), Some(pads)) = (form.rank(0), site.numbers(1)) else {
        return;
    };
    let Some(axes) = site.numbers(3) else { return };
    let mut all = vec![0; rank * 2];
    for (place, &axis) in axes.iter().enumerate() {
        let Some(at) = onnx::axis(axis, rank) else {
            return;
        };
        let (Some(&low), Some(&high)) = (pads.get(place), pads.get(place + axes.len())) else {
            return;
        };
        (all[at], all[at + rank]) = (low, high);
    }
    form.objection = None;
    let (x, pads) = (form.input(0), form.ints(&all));
    let value = form.input(2);
    let mut inputs = vec![x.as_str(), pads.as_str()];
    inputs.extend(site.input(2).map(|_| value.as_str()));
    form.result("Pad", &inputs, site.node.attribute.clone());
}

/// Mean and reciprocal deviation, which the engine does not give.
fn give_moments(form: &mut Form) {
    let site = form.site;
    if !(site.reads_output(1) || site.reads_output(2)) {
        return;
    }
    let Some(rank) = form.rank(0) else {
        form.wants_shape = true;
        form.objection = Some("the rank of its input is not known; give fixed input shapes");
        return;
    };
    let Some(first) = onnx::axis(site.node.int("axis").unwrap_or(-1), rank) else {
        form.objection =
            Some("its attribute `axis` is none of its input's; export the model again");
        return;
    };
    let axes: Vec<i64> = (0..).skip(first).take(rank - first).collect();
    let epsilon = match site.node.attribute("epsilon") {
        Some(AttributeValue::Float(epsilon)) => epsilon,
        _ => 1e-5,
    };
    let x = form.input(0);
    let mean = form.reduce("ReduceMean", &x, &axes);
    let centred = form.binary("Sub", &x, &mean);
    let square = form.binary("Mul", &centred, &centred);
    let variance = form.reduce("ReduceMean", &square, &axes);
    let sum = form.with_number("Add", &variance, epsilon);
    let root = form.unary("Sqrt", &sum);
    let rstd = form.unary("Reciprocal", &root);
    let mut y = form.binary("Mul", &centred, &rstd);
    for (op_type, index) in [("Mul", 1), ("Add", 2)] {
        if let Some(weights) = site.input(index) {
            y = form.binary(op_type, &y, weights);
        }
    }
    for (output, value) in [y, mean, rstd].iter().enumerate() {
        form.give(output, value);
    }
}

/// 1 for the first of the greatest elements, 0 for others.
fn hardmax(form: &mut Form) {
    let site = form.site;
    let x = form.input(0);
    let (mut rows, mut axis) = (x.clone(), site.node.int("axis").unwrap_or(-1));
    if site.facts.opset < 13 {
        axis = site.node.int("axis").unwrap_or(1);
        rows = form.value("Flatten", &[&x], [Attribute::int("axis", axis)]);
        axis = -1;
    }
    let keep = [Attribute::int("axis", axis), Attribute::int("keepdims", 0)];
    let best = first_index(form, "ArgMax", &rows, axis, keep.to_vec());
    let extent = form.extent(&rows, axis);
    let extent = form.cast(&extent, DataType::I32);
    let (depth, best) = (
        form.unary("Squeeze", &extent),
        form.cast(&best, DataType::I32),
    );
    let values = form.constant(
        DataType::F32,
        vec![2],
        [0_f32, 1.0].iter().flat_map(|x| x.to_le_bytes()).collect(),
    );
    let hot = form.value(
        "OneHot",
        &[&best, &depth, &values],
        [Attribute::int("axis", axis)],
    );
    let shape = form.unary("Shape", &x);
    form.result("Reshape", &[&hot, &shape], []);
}
