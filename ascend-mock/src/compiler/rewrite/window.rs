use ascend_graph::onnx::Attribute;

use crate::compiler::facts::Site;
use crate::compiler::form::Form;

/// Writes the defaults of a sliding window out, and what `auto_pad` of `VALID` means.
///
/// The engine takes strides, dilations and pads that are left out for lists without entries.
pub(super) fn write_out(form: &mut Form) {
    let site = form.site;
    let mut node = site.node.clone();
    let kernel = match site.node.ints("kernel_shape").unwrap_or_default() {
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
        if site.node.ints(name).unwrap_or_default().is_empty() {
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
    let pads = if site.node.text("auto_pad") == b"SAME_LOWER" {
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
        (site.node.text("auto_pad") == b"VALID").then(|| vec![0; axes * 2])
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
    let at = |name: &str, axis: usize| {
        site.node
            .ints(name)
            .unwrap_or_default()
            .get(axis)
            .copied()
            .unwrap_or(1)
    };
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
