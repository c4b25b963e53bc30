use ascend_graph::onnx::{Attribute, AttributeValue};

use super::{optional, required, required_int};
use crate::compiler::facts::Site;
use crate::compiler::form::Form;

/// What a hidden element counts as, so that its share is nothing.
const HIDDEN: f32 = -10_000.0;

fn float(site: &Site, name: &str) -> Option<f32> {
    match site.node.attribute(name) {
        Some(AttributeValue::Float(value)) => Some(value),
        _ => None,
    }
}

/// With three inputs it is `npu_add_rms_norm`, which `torch_npu` exports under the same name.
pub(super) fn rms_norm(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    let gamma = if site.node.input.len() > 2 { 2 } else { 1 };
    let mut x = required(&site, 0, "x")?;
    if gamma == 2 {
        let other = required(&site, 1, "the second summand")?;
        x = form.binary("Add", &x, &other);
    }
    let scale = required(&site, gamma, "gamma")?;
    let rank = form
        .rank(gamma)
        .ok_or("the rank of its input gamma is not known; make gamma a constant")?;
    let axes: Vec<i64> = (1..=rank)
        .rev()
        .filter_map(|axis| Some(-i64::try_from(axis).ok()?))
        .collect();
    let square = form.binary("Mul", &x, &x);
    let mean = form.reduce("ReduceMean", &square, &axes);
    let rstd = reciprocal_root(form, &mean, float(&site, "epsilon").unwrap_or(1e-6));
    let y = form.binary("Mul", &x, &rstd);
    let y = form.binary("Mul", &y, &scale);
    form.give(0, &y);
    form.give(1, &rstd);
    form.give(2, &x);
    Ok(())
}

/// 1 / √(x + ε)
fn reciprocal_root(form: &mut Form, x: &str, epsilon: f32) -> String {
    let sum = form.with_number("Add", x, epsilon);
    let root = form.unary("Sqrt", &sum);
    form.unary("Reciprocal", &root)
}

/// Group normalisation, then z · sigmoid(z); mean and reciprocal deviation are `[N, groups]`.
pub(super) fn group_norm_silu(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    let x = required(&site, 0, "x")?;
    let groups =
        required_int(&site, "group").or_else(|error| site.node.int("num_groups").ok_or(error))?;
    if groups < 1 {
        return Err(format!(
            "its attribute `group` is {groups}; it must be 1 or more"
        ));
    }
    let epsilon = float(&site, "eps").unwrap_or(1e-5);
    let rows = form.reshape(&x, &[0, groups, -1]);
    let mean = form.reduce("ReduceMean", &rows, &[2]);
    let centred = form.binary("Sub", &rows, &mean);
    let square = form.binary("Mul", &centred, &centred);
    let variance = form.reduce("ReduceMean", &square, &[2]);
    let rstd = reciprocal_root(form, &variance, epsilon);
    let normal = form.binary("Mul", &centred, &rstd);
    let shape = form.unary("Shape", &x);
    let [batch, channels] = [0, 1].map(|axis| form.extent(&x, axis));
    let rest = form.ints(&[-1]);
    let by_channel = form.concat(&[&batch, &channels, &rest], 0);
    let mut z = form.binary("Reshape", &normal, &by_channel);
    for (op_type, index) in [("Mul", 1), ("Add", 2)] {
        if let Some(weights) = optional(&site, index) {
            let weights = form.unsqueeze(weights, &[-1]);
            z = form.binary(op_type, &z, &weights);
        }
    }
    let gate = form.unary("Sigmoid", &z);
    let y = form.binary("Mul", &z, &gate);
    let y = form.binary("Reshape", &y, &shape);
    form.give(0, &y);
    for (output, value) in [(1, mean), (2, rstd)] {
        let value = form.squeeze(&value, &[2]);
        form.give(output, &value);
    }
    Ok(())
}

/// Where the mask is true, an element is hidden.
pub(super) fn masked_softmax(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    if site.node.int("fixed_triu_mask").unwrap_or(0) != 0 {
        return Err(
            "its attribute `fixed_triu_mask` is not 0, which no device takes; give a mask"
                .to_owned(),
        );
    }
    let x = required(&site, 0, "x")?;
    let mut scores = form.with_number("Mul", &x, float(&site, "scale").unwrap_or(1.0));
    if let Some(mask) = optional(&site, 1) {
        let hidden = form.number(HIDDEN);
        let mask = form.cast(mask, ascend_graph::DataType::Bool);
        scores = form.value("Where", &[&mask, &hidden, &scores], []);
    }
    let y = form.value("Softmax", &[&scores], [Attribute::int("axis", -1)]);
    form.give(0, &y);
    Ok(())
}
