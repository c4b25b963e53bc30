use ascend_graph::DataType;
use ascend_graph::onnx::Attribute;

use crate::compiler::form::Form;

/// The engine rounds halves away from 0, ONNX to the even number.
pub(super) fn quantize(form: &mut Form) {
    let site = form.site;
    let given = site.dtype(2).or_else(|| {
        let code = site.node.int("output_dtype").filter(|&code| code != 0)?;
        DataType::from_onnx(i32::try_from(code).ok()?)
    });
    let (dtype, range) = match given.unwrap_or(DataType::U8) {
        DataType::I8 => (DataType::I8, [-128.0, 127.0]),
        DataType::U8 => (DataType::U8, [0.0, 255.0]),
        _ => {
            form.objection =
                Some("the CPU device quantises to int8 and uint8 only; use one of these");
            return;
        }
    };
    if site.node.int("block_size").unwrap_or(0) != 0 {
        form.objection = Some("the CPU device does not quantise in blocks; quantise by channel");
        return;
    }
    let is_one = |dims: Vec<Option<usize>>| dims.iter().all(|&extent| extent == Some(1));
    let axes = if site.dims(1).is_some_and(is_one) {
        Vec::new()
    } else {
        let (Some(rank), Some(1)) = (form.rank(0), form.rank(1)) else {
            form.wants_shape = true;
            form.objection = Some("its ranks are not known; give fixed input shapes");
            return;
        };
        let rank = i64::try_from(rank).unwrap_or(0);
        let axis = site.node.int("axis").unwrap_or(1);
        let axis = if axis < 0 { axis + rank } else { axis };
        (0..rank).filter(|&other| other != axis).collect()
    };
    let x = form.input(0);
    let x = form.cast(&x, DataType::F32);
    let [scale, zero] = [1, 2].map(|index| {
        let value = site.input(index)?;
        let value = if index == 2 {
            form.cast(value, DataType::F32)
        } else {
            value.to_owned()
        };
        Some(if axes.is_empty() {
            form.unary("Squeeze", &value)
        } else {
            form.unsqueeze(&value, &axes)
        })
    });
    // For a single divisor the engine multiplies by its reciprocal, which makes other ties.
    let shape = form.unary("Shape", &x);
    let scale = form.binary("Expand", &scale.unwrap_or_default(), &shape);
    let scaled = form.binary("Div", &x, &scale);
    let mut y = form.unary("Round", &scaled);
    if let Some(zero) = zero {
        y = form.binary("Add", &y, &zero);
    }
    let y = form.with_number("Max", &y, range[0]);
    let y = form.with_number("Min", &y, range[1]);
    let to = dtype.onnx_code().unwrap_or_default();
    form.result("Cast", &[&y], [Attribute::int("to", to.into())]);
}
