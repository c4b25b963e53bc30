//! What goes into an `.om` and comes out, with gears and preprocessing.

use ascend_graph::om::{Aipp, InOut, IoTensor, OmModel};

use super::super::model::Summary;
use super::attribute::shown;
use super::summary::{MOST, named, some};

pub(super) fn of(model: &OmModel) -> Summary {
    let mut lines = Summary::new();
    tensors(&mut lines, "input", &model.io.inputs);
    tensors(&mut lines, "output", &model.io.outputs);
    lines.extend(gears(&model.io));
    lines.extend(preprocessing(model));
    lines
}

fn tensors(lines: &mut Summary, label: &'static str, tensors: &[IoTensor]) {
    lines.extend(tensors.iter().take(MOST).map(|one| (label, tensor(one))));
    if tensors.len() > MOST {
        let more = tensors.len() - MOST;
        lines.push((label, format!("and {more} more (--json shows them)")));
    }
    if tensors.is_empty() {
        lines.push((label, "the file tells none".to_owned()));
    }
}

fn tensor(tensor: &IoTensor) -> String {
    let IoTensor {
        name,
        dtype,
        format,
        dims,
        ..
    } = tensor;
    let mut parts = vec![format!("{}: {dtype} {dims:?} {format}", named(name))];
    if tensor.bytes > 0 {
        parts.push(format!("{} B", tensor.bytes));
    }
    if tensor.dims_after_aipp != tensor.dims {
        parts.push(format!("{:?} in memory", tensor.dims_after_aipp));
    }
    if !tensor.ranges.is_empty() {
        let range = |[least, most]: &[i64; 2]| match most {
            -1 => format!("{least}~"),
            most => format!("{least}~{most}"),
        };
        let ranges: Vec<_> = tensor.ranges.iter().map(range).collect();
        parts.push(format!("in the ranges {}", ranges.join(",")));
    }
    parts.join(", ")
}

fn gears(io: &InOut) -> Summary {
    let rows = io.gears();
    let what = match io {
        _ if rows.is_empty() => return Vec::new(),
        io if !io.batch_gears.is_empty() => "batch sizes",
        io if !io.image_gears.is_empty() => "heights and widths",
        _ => "dims",
    };
    let row = |row: &Vec<u64>| {
        let values: Vec<_> = row.iter().map(u64::to_string).collect();
        values.join(",")
    };
    let mut lines = vec![("gears", format!("{what} {}", some(rows.iter().map(row))))];
    if !io.shape_order.is_empty() {
        lines.push((
            "gears",
            format!("they run over the inputs {}", io.shape_order.join(", ")),
        ));
    }
    for (index, output) in io.outputs.iter().enumerate() {
        let dims = (0..rows.len().min(MOST)).map(|gear| io.gear_output_dims(gear, index));
        let dims: Option<Vec<_>> = dims.collect();
        if let Some(dims) = dims {
            let dims = some(dims.iter().map(|dims| format!("{dims:?}")));
            lines.push(("gears", format!("output {} has {dims}", output.name)));
        }
    }
    lines
}

fn preprocessing(model: &OmModel) -> Summary {
    let mut lines = Summary::new();
    for one in &model.aipp {
        let input = model
            .io
            .inputs
            .get(one.input)
            .map_or("", |input| &input.name);
        let (what, target) = (aipp(&one.aipp), tensor(&one.target));
        lines.push((
            "aipp",
            format!("input {input}: {what}; the network gets {target}"),
        ));
    }
    // Files for phones keep it as operators of its own.
    let ops = model.model.graph.iter().flat_map(|graph| &graph.op);
    for op in ops.filter(|op| op.r#type == "AippConfig" || op.r#type == "Aipp") {
        let parameters = op
            .attr
            .get("aipp")
            .or_else(|| op.attr.get("AIPP_CONFIG_INPUT"));
        if let (true, Some(parameters)) = (lines.is_empty(), parameters) {
            lines.push((
                "aipp",
                format!("operator {}: {}", op.name, shown(parameters)),
            ));
        }
    }
    lines
}

fn aipp(aipp: &Aipp) -> String {
    if aipp.dynamic {
        let most = aipp.max_src_image_size;
        return format!("dynamic, its parameters come with each run, pictures up to {most} B");
    }
    let (width, height) = (aipp.src_image_size_w, aipp.src_image_size_h);
    let mut parts = vec![format!(
        "static, {} of {width} x {height}",
        aipp.input_format.name()
    )];
    if aipp.crop {
        let (x, y) = (aipp.load_start_pos_w, aipp.load_start_pos_h);
        parts.push(format!(
            "cut to {} x {} from {x}, {y}",
            aipp.crop_size_w, aipp.crop_size_h
        ));
    }
    if aipp.resize {
        parts.push(format!(
            "scaled to {} x {}",
            aipp.resize_output_w, aipp.resize_output_h
        ));
    }
    if aipp.padding {
        let sides = [
            aipp.left_padding_size,
            aipp.right_padding_size,
            aipp.top_padding_size,
            aipp.bottom_padding_size,
        ];
        parts.push(format!("padded by {sides:?} (left, right, top, bottom)"));
    }
    for (is_on, what) in [
        (aipp.csc_switch, "colours converted"),
        (aipp.rbuv_swap_switch, "red and blue (or u and v) swapped"),
        (aipp.ax_swap_switch, "alpha to the end"),
    ] {
        if is_on {
            parts.push(what.to_owned());
        }
    }
    parts.push(format!(
        "mean {:?}, min {:?}, factor {:?}",
        aipp.mean_chn, aipp.min_chn, aipp.var_reci_chn
    ));
    parts.join("; ")
}
