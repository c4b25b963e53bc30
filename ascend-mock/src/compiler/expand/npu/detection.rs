use ascend_graph::DataType;
use ascend_graph::onnx::{Attribute, AttributeValue};

use super::{required, required_int};
use crate::compiler::expand::boxes::{Suppression, filled, suppress};
use crate::compiler::expand::regions::{Alignment, align};
use crate::compiler::facts::Site;
use crate::compiler::form::Form;

fn required_float(site: &Site, name: &str) -> Result<f32, String> {
    match site.node.attribute(name) {
        Some(AttributeValue::Float(value)) => Ok(value),
        _ => Err(format!(
            "its attribute `{name}` is missing; export the model again"
        )),
    }
}

/// `[M, N]` of how much N boxes overlap M others; `mode` 1 takes the share of the others' area.
pub(super) fn iou(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    let (boxes, others) = (
        required(&site, 0, "the boxes")?,
        required(&site, 1, "the others")?,
    );
    let [boxes, others] = [(boxes, 0), (others, 1)].map(|(boxes, axis)| {
        let boxes = form.cast(&boxes, DataType::F32);
        [0, 1, 2, 3].map(|index| {
            let corner = form.pick(&boxes, 1, index);
            form.unsqueeze(&corner, &[axis])
        })
    });
    let [area, other_area] = [&boxes, &others].map(|[left, top, right, bottom]| {
        let (width, height) = (
            form.binary("Sub", right, left),
            form.binary("Sub", bottom, top),
        );
        form.binary("Mul", &width, &height)
    });
    let [width, height] = [0, 1].map(|axis| {
        let low = form.binary("Max", &boxes[axis], &others[axis]);
        let high = form.binary("Min", &boxes[axis + 2], &others[axis + 2]);
        let length = form.binary("Sub", &high, &low);
        form.unary("Relu", &length)
    });
    let shared = form.binary("Mul", &width, &height);
    let whole = if site.node.int("mode").unwrap_or(0) == 0 {
        let both = form.binary("Add", &area, &other_area);
        form.binary("Sub", &both, &shared)
    } else {
        other_area
    };
    // Nothing of nothing is nothing.
    let whole = form.with_number("Max", &whole, f32::MIN_POSITIVE);
    let y = form.binary("Div", &shared, &whole);
    form.give(0, &y);
    Ok(())
}

pub(super) fn batch_nms(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    for (name, what) in [
        ("transpose_box", "boxes that lie crosswise"),
        ("change_coordinate_frame", "another frame of coordinates"),
    ] {
        if site.node.int(name).unwrap_or(0) != 0 {
            return Err(format!(
                "its attribute `{name}` asks for {what}, which no device takes; leave it 0"
            ));
        }
    }
    let (boxes, scores) = (
        required(&site, 0, "the boxes")?,
        required(&site, 1, "the scores")?,
    );
    let most = required_int(&site, "max_total_size")?;
    if !(1..=100_000).contains(&most) {
        return Err(format!(
            "its attribute `max_total_size` is {most}; it must be 1 to 100000"
        ));
    }
    let of_class = form.int(required_int(&site, "max_size_per_class")?.clamp(0, i32::MAX.into()));
    let threshold = form.number(required_float(&site, "score_threshold")?);
    let overlap = form.number(required_float(&site, "iou_threshold")?);
    let boxes = form.transpose(&boxes, &[0, 2, 1, 3]);
    let scores = form.transpose(&scores, &[0, 2, 1]);
    let kept = suppress(
        form,
        &Suppression {
            boxes: &boxes,
            scores: &scores,
            most: &of_class,
            overlap: &overlap,
            threshold: Some(&threshold),
            is_centred: false,
        },
    );
    // All classes in one row, with as many empty places behind as are wanted.
    let nothing = form.number(f32::MIN);
    let scores = form.value("Where", &[&kept.is_there, &kept.score, &nothing], []);
    let rounds = form.extent(&kept.score, 2);
    let batch = form.extent(&boxes, 0);
    let count = form.ints(&[most]);
    let spare = form.concat(&[&batch, &count], 0);
    let spare_scores = filled(form, &spare, f32::MIN);
    let spare_index = filled(form, &spare, 0.0);
    let spare_index = form.cast(&spare_index, DataType::I64);
    let [scores, index] =
        [(&scores, spare_scores), (&kept.index, spare_index)].map(|(kept, spare)| {
            let row = form.reshape(kept, &[0, -1]);
            form.concat(&[&row, &spare], 1)
        });
    let [best, place] = [form.fresh(), form.fresh()];
    let outputs = vec![best.clone(), place.clone()];
    form.push(
        "TopK",
        &[&scores, &count],
        outputs,
        [Attribute::int("axis", 1)],
    );
    let is_there = form.binary("Greater", &best, &nothing);
    let class = form.binary("Div", &place, &rounds);
    let index = form.value(
        "GatherElements",
        &[&index, &place],
        [Attribute::int("axis", 1)],
    );
    // Boxes may be shared by all classes.
    let (kinds, one) = (form.extent(&boxes, 1), form.ints(&[1]));
    let last = form.binary("Sub", &kinds, &one);
    let kind = form.choose("Less", &class, &last);
    let each = form.extent(&boxes, 2);
    let first = form.binary("Mul", &kind, &each);
    let index = form.binary("Add", &first, &index);
    let index = form.unsqueeze(&index, &[2]);
    let four = form.ints(&[1, 1, 4]);
    let index = form.binary("Expand", &index, &four);
    let boxes = form.reshape(&boxes, &[0, -1, 4]);
    let boxes = form.value(
        "GatherElements",
        &[&boxes, &index],
        [Attribute::int("axis", 1)],
    );
    let zero = form.number(0.0);
    let is_box = form.unsqueeze(&is_there, &[2]);
    let class = form.cast(&class, DataType::F32);
    for (output, (counts, value)) in [(&is_box, boxes), (&is_there, best), (&is_there, class)]
        .into_iter()
        .enumerate()
    {
        let value = form.value("Where", &[counts, &value, &zero], []);
        form.give(output, &value);
    }
    let number = form.cast(&is_there, DataType::I32);
    let number = form.reduce("ReduceSum", &number, &[1]);
    let number = form.squeeze(&number, &[1]);
    form.give(3, &number);
    Ok(())
}

/// The rows of `rois` are the index in the batch, left, top, right and bottom.
pub(super) fn roi_align(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    let (x, rois) = (required(&site, 0, "x")?, required(&site, 1, "the regions")?);
    let (end, shift, is_one_at_least) = match site.node.int("roi_end_mode").unwrap_or(1) {
        0 => (0.0, 0.0, true),
        1 => (1.0, 0.0, true),
        2 => (0.0, 0.5, false),
        3 => (0.0, 0.5, true),
        other => {
            return Err(format!(
                "its attribute `roi_end_mode` is {other}; it must be 0 to 3"
            ));
        }
    };
    let how = Alignment {
        scale: required_float(&site, "spatial_scale")?,
        end,
        shift,
        is_one_at_least,
        size: [
            required_int(&site, "pooled_height")?,
            required_int(&site, "pooled_width")?,
        ],
        samples: site.node.int("sample_num").unwrap_or(2),
    };
    let batch = form.pick(&rois, 1, 0);
    let batch = form.cast(&batch, DataType::I64);
    let corners = form.slice(&rois, 1, 1, 5, 1);
    let y = align(form, &x, &corners, &batch, &how)?;
    form.give(0, &y);
    Ok(())
}
