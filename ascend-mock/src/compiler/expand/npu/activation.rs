use std::f32::consts::{FRAC_1_SQRT_2, FRAC_2_PI};

use super::required;
use crate::compiler::form::Form;

pub(super) fn fast_gelu(form: &mut Form) -> Result<(), String> {
    let x = required(&form.site, 0, "x")?;
    let scaled = form.with_number("Mul", &x, 1.702);
    let share = form.unary("Sigmoid", &scaled);
    let y = form.binary("Mul", &x, &share);
    form.give(0, &y);
    Ok(())
}

pub(super) fn gelu(form: &mut Form) -> Result<(), String> {
    let x = required(&form.site, 0, "x")?;
    let is_exact = form.site.node.attribute("approximate").is_none()
        || form.site.node.text("approximate") == b"none";
    let y = if is_exact {
        gelu_by_erf(form, &x)
    } else if form.site.node.text("approximate") == b"tanh" {
        gelu_by_tanh(form, &x)
    } else {
        return Err("its attribute `approximate` is neither none nor tanh".to_owned());
    };
    form.give(0, &y);
    Ok(())
}

/// x · tanh(ln(1 + eˣ)), with a logarithm that does not overflow.
pub(in crate::compiler::expand) fn mish(form: &mut Form) -> Result<(), String> {
    let x = required(&form.site, 0, "x")?;
    let size = form.unary("Abs", &x);
    let size = form.unary("Neg", &size);
    let rest = form.unary("Exp", &size);
    let rest = form.with_number("Add", &rest, 1.0);
    let rest = form.unary("Log", &rest);
    let positive = form.unary("Relu", &x);
    let softplus = form.binary("Add", &positive, &rest);
    let share = form.unary("Tanh", &softplus);
    let y = form.binary("Mul", &x, &share);
    form.give(0, &y);
    Ok(())
}

/// One half times the GELU of the other, which is the second output.
pub(super) fn geglu(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    let x = required(&site, 0, "x")?;
    let halves = form.halves(&x, site.node.int("dim").unwrap_or(-1));
    let activates_left = site.node.int("activate_left").unwrap_or(0) != 0;
    let (activated, plain) = match &halves {
        [left, right] if activates_left => (left, right),
        [left, right] => (right, left),
    };
    let activated = if site.node.int("approximate").unwrap_or(1) == 0 {
        gelu_by_erf(form, activated)
    } else {
        gelu_by_tanh(form, activated)
    };
    let y = form.binary("Mul", plain, &activated);
    form.give(0, &y);
    form.give(1, &activated);
    Ok(())
}

pub(super) fn gelu_by_erf(form: &mut Form, x: &str) -> String {
    let scaled = form.with_number("Mul", x, FRAC_1_SQRT_2);
    let erf = form.unary("Erf", &scaled);
    half_of_one_more(form, x, &erf)
}

pub(super) fn gelu_by_tanh(form: &mut Form, x: &str) -> String {
    let square = form.binary("Mul", x, x);
    let cube = form.binary("Mul", &square, x);
    let cube = form.with_number("Mul", &cube, 0.044_715);
    let sum = form.binary("Add", x, &cube);
    let scaled = form.with_number("Mul", &sum, FRAC_2_PI.sqrt());
    let tanh = form.unary("Tanh", &scaled);
    half_of_one_more(form, x, &tanh)
}

/// x/2 · (1 + y)
fn half_of_one_more(form: &mut Form, x: &str, y: &str) -> String {
    let share = form.with_number("Add", y, 1.0);
    let half = form.with_number("Mul", x, 0.5);
    form.binary("Mul", &half, &share)
}
