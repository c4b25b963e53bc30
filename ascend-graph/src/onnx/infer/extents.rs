//! Operators that change extents, or leave axes out.

use super::arrange::extents_of;
use super::layout::{part, slices};
use super::site::{Site, axes, axis};
use super::{Dims, Outcome, no_axis};
use crate::onnx::AttributeValue;

/// Operators that change extents, not their number.
pub(super) fn changed(site: &Site) -> Vec<Option<Dims>> {
    let Some(data) = site.dims(0) else {
        return Vec::new();
    };
    let dims = match site.node.op_type.as_str() {
        "Slice" => sliced(site, data),
        "Pad" => padded(site, data),
        "Tile" => tiled(site, data),
        "DepthToSpace" => spread(site, data),
        _ => resized(site, data),
    };
    vec![Some(dims.unwrap_or_else(|| vec![None; data.len()]))]
}

fn sliced(site: &Site, data: &Dims) -> Option<Dims> {
    let mut dims = data.clone();
    for (axis, bounds) in slices(site, data.len())? {
        dims[axis] = match dims[axis] {
            Some(extent) => Some(part(extent, bounds)?.1),
            None => None,
        };
    }
    Some(dims)
}

fn padded(site: &Site, data: &Dims) -> Option<Dims> {
    let pads = site.list("pads", 1)?;
    let rank = data.len();
    if pads.len() != rank * 2 || site.has(3) {
        return None;
    }
    let grown = |(axis, &dim): (usize, &Option<usize>)| {
        let extent = i64::try_from(dim?).ok()?.checked_add(pads[axis])?;
        usize::try_from(extent.checked_add(pads[rank + axis])?).ok()
    };
    Some(data.iter().enumerate().map(grown).collect())
}

fn tiled(site: &Site, data: &Dims) -> Option<Dims> {
    let repeats = extents_of(site.vector(1)?);
    let pairs = data.iter().zip(&repeats);
    let times = |(dim, repeat): (&Option<usize>, &Option<usize>)| {
        dim.and_then(|dim| dim.checked_mul((*repeat)?))
    };
    (repeats.len() == data.len()).then(|| pairs.map(times).collect())
}

fn spread(site: &Site, data: &Dims) -> Option<Dims> {
    let block = usize::try_from(site.int("blocksize")?).ok()?;
    let [batch, channels, height, width] = data[..] else {
        return None;
    };
    let scaled = |dim: Option<usize>| dim.and_then(|dim| dim.checked_mul(block));
    let channels = channels.and_then(|c| c.checked_div(block.checked_mul(block)?));
    Some(vec![batch, channels, scaled(height), scaled(width)])
}

fn resized(site: &Site, data: &Dims) -> Option<Dims> {
    let is_stretched = matches!(site.text("keep_aspect_ratio_policy"), b"" | b"stretch");
    if site.node.attribute("axes").is_some() || !is_stretched {
        return None;
    }
    let is_first_form = site.node.op_type == "Upsample" || site.opset < 11;
    if !is_first_form && site.has(3) {
        let sizes = extents_of(site.vector(3)?);
        return Some(sizes).filter(|dims| dims.len() == data.len());
    }
    let scales = if let Some(AttributeValue::Floats(scales)) = site.node.attribute("scales") {
        scales.to_vec()
    } else {
        let scales = site.value(if is_first_form { 1 } else { 2 })?;
        (scales.len() == data.len()).then(|| scales.floats())??
    };
    if scales.len() != data.len() {
        return None;
    }
    Some(
        data.iter()
            .zip(scales)
            .map(|(&dim, scale)| scaled(dim?, scale))
            .collect(),
    )
}

/// The extent times the scale, where single and double precision agree on it.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "within the range that is asked for first"
)]
fn scaled(extent: usize, scale: f32) -> Option<usize> {
    let narrow = (extent as f32 * scale).floor();
    let wide = (extent as f64 * f64::from(scale)).floor();
    let is_sure = (f64::from(narrow) - wide).abs() < 0.5 && (0.0..1e7).contains(&wide);
    is_sure.then_some(wide as usize)
}

pub(super) fn reduce(site: &Site) -> Outcome {
    let Some(data) = site.dims(0) else {
        return Ok(Vec::new());
    };
    let keeps = site.int("keepdims").unwrap_or(1) != 0;
    let Some(numbers) = site.list_or("axes", 1, || Some(Vec::new())) else {
        // All axes, none or some that are not known.
        return Ok(vec![keeps.then(|| vec![None; data.len()])]);
    };
    if numbers.is_empty() && site.int("noop_with_empty_axes").unwrap_or(0) != 0 {
        return Ok(vec![Some(data.clone())]);
    }
    if let Some(&wrong) = numbers
        .iter()
        .find(|&&number| axis(number, data.len()).is_none())
    {
        return Err(no_axis(site, wrong, data));
    }
    let gone = if numbers.is_empty() {
        Some((0..data.len()).collect())
    } else {
        axes(&numbers, data.len())
    };
    Ok(vec![gone.map(|gone| without(data, &gone, keeps))])
}

/// Operators that reduce one axis to a place along it.
pub(super) fn arg(site: &Site) -> Outcome {
    let Some(data) = site.dims(0) else {
        return Ok(Vec::new());
    };
    let asked = site.int("axis").unwrap_or(0);
    let Some(axis) = axis(asked, data.len()) else {
        return Err(no_axis(site, asked, data));
    };
    let keeps = site.int("keepdims").unwrap_or(1) != 0;
    Ok(vec![Some(without(data, &[axis], keeps))])
}

/// The shape once the axes are reduced to one element.
fn without(data: &Dims, gone: &[usize], keeps: bool) -> Dims {
    let axes = data.iter().enumerate();
    axes.filter_map(|(axis, &dim)| match (gone.contains(&axis), keeps) {
        (false, _) => Some(dim),
        (true, true) => Some(Some(1)),
        (true, false) => None,
    })
    .collect()
}
