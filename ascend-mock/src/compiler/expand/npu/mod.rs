//! The operators of `torch_npu`, whose attributes are spelt as its exporter spells them.

mod activation;
mod detection;
mod normalisation;
mod slicing;

use ascend_graph::onnx::{Attribute, NpuOp};

use super::Expand;
use crate::compiler::facts::Site;
pub(super) use activation::mish;

use crate::compiler::form::Form;

/// Gives the way to write an operator out; that of an unknown one says so.
pub(super) fn expansion(op_type: &str) -> Expand {
    EXPANSIONS
        .iter()
        .find(|(ops, _)| ops.contains(&op_type))
        .map_or(refuse, |&(_, expand)| expand)
}

static EXPANSIONS: &[(&[&str], Expand)] = &[
    (&["NPUOneHot"], one_hot),
    (&["NPUFastGelu"], activation::fast_gelu),
    (&["NPUGeluV2"], activation::gelu),
    (&["NPUMish"], mish),
    (&["NPUGeGlu", "NPUGeglu"], activation::geglu),
    (&["NPURmsNorm", "NPUAddRmsNorm"], normalisation::rms_norm),
    (&["NPUGroupNormSilu"], normalisation::group_norm_silu),
    (&["NPUScaledMaskedSoftmax"], normalisation::masked_softmax),
    (&["NPURotaryMul"], rotary_mul),
    (&["NPUIou"], detection::iou),
    (&["NPUBatchNms"], detection::batch_nms),
    (&["NPURoiAlign"], detection::roi_align),
    (&["NPUDtypeCast"], cast),
    (&["NPUFormatCast"], same),
    (&["NPUSlice"], slicing::slice),
    (&["NPUIndexing"], slicing::indexing),
];

fn refuse(form: &mut Form) -> Result<(), String> {
    let name = form.site.node.op_type.as_str();
    let label = match form.site.node.name.as_str() {
        "" => form.site.node.output.first().map_or("", String::as_str),
        name => name,
    };
    if NpuOp::named(name).is_some() {
        return Err(format!(
            "no CPU kernel for npu::{name}, needed by node `{label}`; write that part of the model in plain \
             PyTorch operators and export it again, or run the model on an NPU"
        ));
    }
    let alike = NpuOp::all().find(|op| op.name.eq_ignore_ascii_case(name));
    let hint = alike.map_or_else(
        || "spell it as torch_npu exports it".to_owned(),
        |op| format!("the name is {}", op.name),
    );
    Err(format!(
        "torch_npu has no operator npu::{name}, needed by node `{label}`; {hint}"
    ))
}

/// Gives an input, or `None` if it is left out or, as `torch_npu` writes that, has no elements.
fn optional<'m>(site: &Site<'m>, index: usize) -> Option<&'m str> {
    let is_empty = site.dims(index).is_some_and(|dims| dims == [Some(0)]);
    site.input(index).filter(|_| !is_empty)
}

fn required(site: &Site, index: usize, what: &str) -> Result<String, String> {
    optional(site, index)
        .map(str::to_owned)
        .ok_or_else(|| format!("its input {index}, {what}, is left out; export the model again"))
}

fn required_int(site: &Site, name: &str) -> Result<i64, String> {
    site.node
        .int(name)
        .ok_or_else(|| format!("its attribute `{name}` is missing; export the model again"))
}

/// `depth` is counted along the axis `num_classes`, for such is its meaning.
fn one_hot(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    let x = required(&site, 0, "the indices")?;
    let depth = site.node.int("depth").unwrap_or(1);
    let axis = site.node.int("num_classes").unwrap_or(-1);
    let values = ["off_value", "on_value"].map(|name| site.node.int(name));
    let values = [values[0].unwrap_or(0), values[1].unwrap_or(1)];
    let x = form.cast(&x, ascend_graph::DataType::I64);
    // ONNX counts negative indices from the end, `npu_one_hot` gives a row of the off value.
    let (zero, count) = (form.int(0), form.int(depth));
    let is_negative = form.binary("Less", &x, &zero);
    let x = form.value("Where", &[&is_negative, &count, &x], []);
    let values = form.ints(&values);
    let values = form.cast(&values, ascend_graph::DataType::F32);
    let axis = Attribute::int("axis", axis);
    let hot = form.value("OneHot", &[&x, &count, &values], [axis]);
    form.give(0, &hot);
    Ok(())
}

fn same(form: &mut Form) -> Result<(), String> {
    let x = required(&form.site, 0, "the tensor")?;
    form.give(0, &x);
    Ok(())
}

/// The type is a number of `AscendCL`'s.
fn cast(form: &mut Form) -> Result<(), String> {
    let x = required(&form.site, 0, "the tensor")?;
    let code = required_int(&form.site, "dtype")?;
    let dtype = i32::try_from(code)
        .ok()
        .and_then(ascend_graph::DataType::from_acl);
    let dtype =
        dtype.ok_or_else(|| format!("its attribute `dtype` is {code}, which names no type"))?;
    let y = form.cast(&x, dtype);
    form.give(0, &y);
    Ok(())
}

fn rotary_mul(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    let [x, cos, sin] = [(0, "x"), (1, "the cosines"), (2, "the sines")]
        .map(|(index, what)| required(&site, index, what));
    let (x, cos, sin) = (x?, cos?, sin?);
    let is_half =
        site.node.attribute("rotary_mode").is_none() || site.node.text("rotary_mode") == b"half";
    let turned = if is_half {
        let [low, high] = form.halves(&x, -1);
        let high = form.unary("Neg", &high);
        form.concat(&[&high, &low], -1)
    } else if site.node.text("rotary_mode") == b"interleave" {
        let [even, odd] = [0, 1].map(|start| form.slice(&x, -1, start, i32::MAX.into(), 2));
        let odd = form.unary("Neg", &odd);
        let pairs = [&odd, &even].map(|half| form.unsqueeze(half, &[-1]));
        let pairs = form.concat(&[&pairs[0], &pairs[1]], -1);
        let shape = form.unary("Shape", &x);
        form.binary("Reshape", &pairs, &shape)
    } else {
        return Err("its attribute `rotary_mode` is neither half nor interleave".to_owned());
    };
    let (kept, turned) = (
        form.binary("Mul", &x, &cos),
        form.binary("Mul", &turned, &sin),
    );
    let y = form.binary("Add", &kept, &turned);
    form.give(0, &y);
    Ok(())
}
