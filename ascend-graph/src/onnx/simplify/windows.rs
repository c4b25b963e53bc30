//! Shapes of what windows slide over.

use super::site::{Dims, Site};

pub(super) fn convolved(site: &Site, data: &Dims, weight: &Dims) -> Option<Dims> {
    let kernel = weight.get(2..)?.to_vec();
    let mut dims = vec![*data.first()?, weight[0]];
    dims.extend(windows(site, data, &kernel)?);
    Some(dims)
}

pub(super) fn pooled(site: &Site, data: &Dims) -> Option<Dims> {
    let kernel = site.ints("kernel_shape")?.iter();
    let kernel: Dims = kernel.map(|&extent| usize::try_from(extent).ok()).collect();
    let mut dims = data.get(..2)?.to_vec();
    dims.extend(windows(site, data, &kernel)?);
    Some(dims)
}

/// How many windows fit along each axis.
fn windows(site: &Site, data: &Dims, kernel: &Dims) -> Option<Dims> {
    let axes = data.len().checked_sub(2)?;
    let list = |name: &str, len: usize, default: i64| {
        let list = site.ints(name).filter(|list| !list.is_empty());
        let list = list.map_or_else(|| vec![default; len], <[i64]>::to_vec);
        (list.len() == len).then_some(list)
    };
    let (strides, dilations) = (list("strides", axes, 1)?, list("dilations", axes, 1)?);
    let pads = list("pads", axes * 2, 0)?;
    if kernel.len() != axes || strides.iter().any(|&stride| stride < 1) {
        return None;
    }
    let is_rounded_up = site.int("ceil_mode").unwrap_or(0) != 0;
    let along = |index: usize| {
        let extent = i64::try_from(data[index + 2]?).ok()?;
        let reach = (i64::try_from(kernel[index]?).ok()? - 1).checked_mul(dilations[index])?;
        let stride = strides[index];
        let windows = match site.text("auto_pad") {
            b"SAME_UPPER" | b"SAME_LOWER" => (extent - 1).div_euclid(stride) + 1,
            mode => {
                let pads = if mode == b"VALID" {
                    0
                } else {
                    pads[index].checked_add(pads[axes + index])?
                };
                let room = extent
                    .checked_add(pads)?
                    .checked_sub(reach)?
                    .checked_sub(1)?;
                // What counts as a window that hangs over differs between versions.
                if room < 0 || (is_rounded_up && room % stride != 0) {
                    return None;
                }
                room / stride + 1
            }
        };
        usize::try_from(windows).ok()
    };
    Some((0..axes).map(along).collect())
}
