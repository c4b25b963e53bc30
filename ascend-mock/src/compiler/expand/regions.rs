//! Regions of interest: what lies in boxes of a picture.

use ascend_graph::DataType;
use ascend_graph::onnx::{Attribute, AttributeValue};

use crate::compiler::form::Form;

/// The most samples of a region on each axis.
const MOST_SAMPLES: i64 = 1 << 14;

/// How regions of interest lie on the pixels, and what is taken of each.
pub(super) struct Alignment {
    pub(super) scale: f32,
    /// What is added to the far ends before scaling.
    pub(super) end: f32,
    /// What is taken off both ends after scaling.
    pub(super) shift: f32,
    /// Whether a region is one pixel wide and high at least.
    pub(super) is_one_at_least: bool,
    /// Height and width of the result.
    pub(super) size: [i64; 2],
    /// Samples on each axis of an element of the result.
    pub(super) samples: i64,
}

/// Samples regions of `x` bilinearly and averages; `rois` is `[R, 4]` of left, top, right and bottom,
/// `batch` is `[R]` of whole numbers.
///
/// The pictures of a batch are stacked, so that one sampling serves all and none is copied.
pub(super) fn align(
    form: &mut Form,
    x: &str,
    rois: &str,
    batch: &str,
    how: &Alignment,
) -> Result<String, String> {
    if how.samples < 1 {
        return Err(
            "a number of samples that depends on the region (a sampling ratio of 0) is not \
                    supported; export with a fixed one, such as 2"
                .to_owned(),
        );
    }
    let is_possible =
        |&extent: &i64| (1..=1024).contains(&extent) && extent * how.samples <= MOST_SAMPLES;
    if how.samples > 64 || !how.size.iter().all(is_possible) {
        let [height, width] = how.size;
        return Err(format!(
            "its result of {height} x {width} with {} samples is out of bounds; export with 1 to 1024, up to 64 \
             samples and {MOST_SAMPLES} for a side",
            how.samples
        ));
    }
    let channels = form.extent(x, 1);
    let [count, height, width] = [0, 2, 3].map(|axis| form.extent(x, axis));
    let lines = form.binary("Mul", &count, &height);
    let [vertical, horizontal] = [(1, how.size[0]), (0, how.size[1])]
        .map(|(coordinate, extent)| samples(form, rois, coordinate, extent, how));
    let (y, is_in_y) = inside(form, &vertical, &height);
    let (x_at, is_in_x) = inside(form, &horizontal, &width);
    let height = form.cast(&height, DataType::F32);
    let batch = form.cast(batch, DataType::F32);
    let first = form.binary("Mul", &batch, &height);
    let first = form.unsqueeze(&first, &[1]);
    let y = form.binary("Add", &y, &first);
    let y = normalised(form, &y, &lines);
    let x_at = normalised(form, &x_at, &width);
    // [R, lines, columns], for both coordinates.
    let (y, x_at) = (form.unsqueeze(&y, &[2]), form.unsqueeze(&x_at, &[1]));
    let is_in_y = form.unsqueeze(&is_in_y, &[2]);
    let is_in_x = form.unsqueeze(&is_in_x, &[1]);
    let counts = form.binary("And", &is_in_y, &is_in_x);
    let shape = form.unary("Shape", &counts);
    let pair = [&x_at, &y].map(|value| {
        let all = form.binary("Expand", value, &shape);
        form.unsqueeze(&all, &[3])
    });
    let grid = form.concat(&[&pair[0], &pair[1]], 3);
    let (wide, high) = (how.size[1] * how.samples, how.size[0] * how.samples);
    let grid = form.reshape(&grid, &[1, -1, wide, 2]);
    let planes = form.transpose(x, &[1, 0, 2, 3]);
    let one = form.ints(&[1]);
    let stacked = form.concat(&[&one, &channels, &lines, &width], 0);
    let planes = form.binary("Reshape", &planes, &stacked);
    let taken = form.value(
        "GridSample",
        &[&planes, &grid],
        [Attribute::int("align_corners", 1)],
    );
    let counts = form.cast(&counts, DataType::F32);
    let counts = form.reshape(&counts, &[1, 1, -1, wide]);
    let mut taken = form.binary("Mul", &taken, &counts);
    if how.samples > 1 {
        let window =
            ["kernel_shape", "strides"].map(|name| Attribute::ints(name, [how.samples; 2]));
        taken = form.value("AveragePool", &[&taken], window);
    }
    let regions = form.extent(rois, 0);
    let size = form.ints(&[high / how.samples, wide / how.samples]);
    let shape = form.concat(&[&channels, &regions, &size], 0);
    let taken = form.binary("Reshape", &taken, &shape);
    Ok(form.transpose(&taken, &[1, 0, 2, 3]))
}

/// Gives where the samples lie on one axis: `[R, extent · samples]`.
fn samples(form: &mut Form, rois: &str, coordinate: i64, extent: i64, how: &Alignment) -> String {
    let [mut low, mut high] =
        [coordinate, coordinate + 2].map(|at| form.slice(rois, 1, at, at + 1, 1));
    if how.end != 0.0 {
        high = form.with_number("Add", &high, how.end);
    }
    [low, high] = [low, high].map(|end| form.with_number("Mul", &end, how.scale));
    let mut size = form.binary("Sub", &high, &low);
    if how.is_one_at_least {
        size = form.with_number("Max", &size, 1.0);
    }
    let low = form.with_number("Sub", &low, how.shift);
    let count = extent * how.samples;
    let share = |index: i64| (number(index) + 0.5) / number(count);
    let bytes = (0..count)
        .flat_map(|index| share(index).to_le_bytes())
        .collect();
    let shares = form.constant(DataType::F32, vec![count], bytes);
    let steps = form.binary("Mul", &size, &shares);
    form.binary("Add", &low, &steps)
}

fn number(count: i64) -> f32 {
    u16::try_from(count).map_or(f32::MAX, f32::from)
}

/// Moves samples that lie a little outside to the border, and tells which lie farther outside.
fn inside(form: &mut Form, at: &str, extent: &str) -> (String, String) {
    let extent = form.cast(extent, DataType::F32);
    let low = form.number(-1.0);
    let above = form.binary("Less", at, &low);
    let below = form.binary("Greater", at, &extent);
    let outside = form.binary("Or", &above, &below);
    let last = form.with_number("Sub", &extent, 1.0);
    let at = form.unary("Relu", at);
    (form.binary("Min", &at, &last), form.unary("Not", &outside))
}

/// Brings places 0 to extent - 1 to -1 to 1.
fn normalised(form: &mut Form, at: &str, extent: &str) -> String {
    let extent = form.cast(extent, DataType::F32);
    let last = form.with_number("Sub", &extent, 1.0);
    let last = form.with_number("Max", &last, 1.0);
    let twice = form.with_number("Mul", at, 2.0);
    let share = form.binary("Div", &twice, &last);
    form.with_number("Sub", &share, 1.0)
}

/// ONNX's own.
pub(super) fn roi_align(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    if site.node.text("mode") == b"max" {
        return Err("the CPU device averages only; export with mode=avg".to_owned());
    }
    // The first version knew the unshifted form alone.
    let is_shifted = if site
        .node
        .attribute("coordinate_transformation_mode")
        .is_some()
    {
        site.node.text("coordinate_transformation_mode") == b"half_pixel"
    } else {
        site.facts.opset >= 16
    };
    let scale = match site.node.attribute("spatial_scale") {
        Some(AttributeValue::Float(scale)) => scale,
        _ => 1.0,
    };
    let extent = |name| site.node.int(name).unwrap_or(1);
    let how = Alignment {
        scale,
        end: 0.0,
        shift: if is_shifted { 0.5 } else { 0.0 },
        is_one_at_least: !is_shifted,
        size: [extent("output_height"), extent("output_width")],
        samples: site.node.int("sampling_ratio").unwrap_or(0),
    };
    let (x, rois, batch) = (form.input(0), form.input(1), form.input(2));
    let y = align(form, &x, &rois, &batch, &how)?;
    form.give(0, &y);
    Ok(())
}
