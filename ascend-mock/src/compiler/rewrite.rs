use ascend_graph::DataType;
use ascend_graph::onnx::{Attribute, Node};

use super::facts::Site;
use super::form::{Form, Names};

/// A node in a form that the engine computes rightly.
pub(super) struct Rewritten {
    /// What stands for the node; the last one gives its outputs.
    pub(super) nodes: Vec<Node>,
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
        wants_shape,
        objection,
        ..
    } = form;
    if nodes.is_empty() {
        nodes.push(site.node.clone());
    }
    Rewritten {
        nodes,
        wants_shape,
        objection,
    }
}

type Rewrite = (&'static [&'static str], fn(&mut Form));

static REWRITES: &[Rewrite] = &[
    (
        &["AveragePool", "Conv", "ConvTranspose", "MaxPool"],
        write_window_out,
    ),
    (&["Softmax", "LogSoftmax"], flatten_softmax),
    (&["ArgMax", "ArgMin"], take_first_index),
    (&["Dropout"], drop_dropout),
    (&["Cast"], cast),
    (&["CastLike"], cast_like),
    (&["Sign"], keep_zero),
    (&["Pow"], cast_exponent),
    (&["OneHot"], cast_indices),
    (&["Resize"], resize_of_opset_10),
    (&["MatMul", "MatMulInteger"], multiply_by_vector),
];

/// Writes the defaults of a sliding window out, and what `auto_pad` of `VALID` means.
///
/// The engine takes strides, dilations and pads that are left out for lists without entries.
fn write_window_out(form: &mut Form) {
    let site = form.site;
    let mut node = site.node.clone();
    let kernel = match site.ints("kernel_shape") {
        [] => {
            let dims = site.dims(1).unwrap_or_default();
            dims.iter()
                .skip(2)
                .map(|&extent| extent.and_then(|extent| i64::try_from(extent).ok()))
                .collect()
        }
        kernel => Some(kernel.to_vec()),
    };
    // Without it the engine says what is missing.
    let Some(kernel) = kernel.filter(|kernel| !kernel.is_empty()) else {
        return;
    };
    let axes = kernel.len();
    let mut default = |name: &str, values: Vec<i64>| {
        if site.ints(name).is_empty() {
            node.attribute.retain(|attribute| attribute.name != name);
            node.attribute.push(Attribute::ints(name, values));
        }
    };
    default("kernel_shape", kernel.clone());
    default("strides", vec![1; axes]);
    default("pads", vec![0; axes * 2]);
    if node.op_type.contains("Conv") {
        default("dilations", vec![1; axes]);
    }
    let pads = if site.is("auto_pad", "SAME_LOWER") {
        let pads = pad_lower_end(&site, &kernel);
        if pads.is_none() {
            form.wants_shape = true;
            form.objection = Some(
                "what auto_pad=SAME_LOWER means depends on an extent that is not known; give fixed input \
                 shapes, or export with explicit pads",
            );
        }
        pads
    } else {
        site.is("auto_pad", "VALID").then(|| vec![0; axes * 2])
    };
    if let Some(pads) = pads {
        node.attribute
            .retain(|attribute| attribute.name != "pads" && attribute.name != "auto_pad");
        node.attribute.push(Attribute::ints("pads", pads));
    }
    form.nodes.push(node);
}

/// Gives the pads that `auto_pad` of `SAME_LOWER` means: the engine would put an odd one at the upper end.
fn pad_lower_end(site: &Site, kernel: &[i64]) -> Option<Vec<i64>> {
    let at = |name: &str, axis: usize| site.ints(name).get(axis).copied().unwrap_or(1);
    let extents = site.dims(0).unwrap_or_default();
    let mut pads = vec![0; kernel.len() * 2];
    for (axis, &window) in kernel.iter().enumerate() {
        let stride = at("strides", axis);
        let reach = window.checked_sub(1)?.checked_mul(at("dilations", axis))?;
        // How far the last window starts beyond a multiple of the stride; nowhere for a stride of 1.
        let rest = if stride == 1 {
            0
        } else {
            let extent = i64::try_from(extents.get(axis + 2).copied().flatten()?).ok()?;
            (extent - 1).checked_rem_euclid(stride)?
        };
        let total = reach.checked_sub(rest)?.max(0);
        pads[axis] = total - total / 2;
        pads[kernel.len() + axis] = total / 2;
    }
    Some(pads)
}

/// Before opset 13 all axes from `axis` on count as one.
fn flatten_softmax(form: &mut Form) {
    let node = form.site.node;
    if form.site.facts.opset >= 13 {
        return;
    }
    let axis = form.site.int("axis").unwrap_or(1);
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

/// Of equal elements the engine takes the last, ONNX the first: so the axis is reversed.
fn take_first_index(form: &mut Form) {
    let node = form.site.node;
    let (x, axis) = (form.input(0), form.site.int("axis").unwrap_or(0));
    let mut attributes = node.attribute.clone();
    attributes.retain(|attribute| attribute.name != "select_last_index");
    if form.site.int("select_last_index").unwrap_or(0) != 0 {
        form.result(&node.op_type, &[&x], attributes);
        return;
    }
    let ints = |form: &mut Form, value: i64| {
        form.value("Constant", &[], [Attribute::ints("value_ints", [value])])
    };
    let (last, beyond, which) = (
        ints(form, -1),
        ints(form, i32::MIN.into()),
        ints(form, axis),
    );
    let reversed = form.value("Slice", &[&x, &last, &beyond, &which, &last], []);
    let from_end = form.value(&node.op_type, &[&reversed], attributes);
    let shape = form.value("Shape", &[&x], []);
    let extent = form.value("Gather", &[&shape, &which], []);
    let highest = form.value("Add", &[&extent, &last], []);
    // One element, so that it fits any rank but a scalar's.
    let scalar = form.value("Squeeze", &[&highest], []);
    form.result("Sub", &[&scalar, &from_end], []);
}

fn drop_dropout(form: &mut Form) {
    let x = form.input(0);
    form.result("Identity", &[&x], []);
}

fn cast(form: &mut Form) {
    if form.site.int("to") == DataType::Bool.onnx_code().map(i64::from) {
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

/// The first `Resize` had the inputs and the meaning of `Upsample`.
fn resize_of_opset_10(form: &mut Form) {
    if form.site.facts.opset == 10 {
        let (x, scales) = (form.input(0), form.input(1));
        form.result("Upsample", &[&x, &scales], form.site.node.attribute.clone());
    }
}

/// The engine leaves an axis too many when a stack of matrices is multiplied by a vector.
fn multiply_by_vector(form: &mut Form) {
    if form.rank(0).is_some_and(|rank| rank <= 2) {
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
            form.objection = Some(
                "the rank of its second input is not known, and the CPU engine is wrong for a vector there; \
                 simplify the model for fixed input shapes (for example with onnxsim)",
            );
        }
    }
}
