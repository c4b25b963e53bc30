//! Operators that move a window over a picture.

use super::arrange::extents_of;
use super::site::Site;
use super::{Conflict, Dims, Outcome, conflict, shown};
use crate::{Words, text};

const CHANNELS: Words = Words(
    "the weights are those of another layer, or an earlier layer gives another number of channels \
                        than it should; check the input's layout too (NCHW)",
);

const WINDOW: Words = Words("give a larger input (--input-shape), or a smaller window");

pub(super) fn convolution(site: &Site) -> Outcome {
    let (Some(x), Some(kernel)) = (site.dims(0), site.dims(1)) else {
        return Ok(Vec::new());
    };
    let operator = site.node.op_type.as_str();
    if x.len() < 3 || x.len() != kernel.len() {
        return Err(conflict(
            text!(
                "{operator} reads an input of shape {x} and a kernel of shape {kernel}; both want batch or filters, \
                 channels and one or more extents",
                operator,
                x = shown(x),
                kernel = shown(kernel)
            ),
            text!("give input and kernel the same number of dims, at least 3"),
        ));
    }
    let asked = site.int("group").unwrap_or(1);
    let Some(groups) = usize::try_from(asked).ok().filter(|&groups| groups > 0) else {
        return Err(conflict(
            text!("{operator} has {asked} groups", operator, asked),
            text!("give it at least 1 group"),
        ));
    };
    let is_transposed = operator == "ConvTranspose";
    let (taken, filters) = if is_transposed {
        (
            kernel[0],
            kernel[1].and_then(|filters| filters.checked_mul(groups)),
        )
    } else {
        (
            kernel[1].and_then(|channels| channels.checked_mul(groups)),
            kernel[0],
        )
    };
    if let (Some(channels), Some(taken)) = (x[1], taken)
        && channels != taken
    {
        return Err(conflict(
            text!(
                "{operator} reads {channels} channels ({x}), and its kernel {kernel} takes {taken} in {groups} groups",
                operator,
                channels,
                x = shown(x),
                kernel = shown(kernel),
                taken,
                groups
            ),
            CHANNELS.into(),
        ));
    }
    if let Some(split) = if is_transposed { kernel[0] } else { filters }
        && !split.is_multiple_of(groups)
    {
        return Err(conflict(
            text!(
                "{operator} has {split} filters, which {groups} groups cannot share evenly",
                operator,
                split,
                groups
            ),
            text!("give it a number of groups that divides the filters"),
        ));
    }
    if let (Some([Some(count)]), Some(filters)) = (site.dims(2).map(Vec::as_slice), filters)
        && *count != filters
    {
        return Err(conflict(
            text!(
                "{operator} has {filters} filters and a bias of {count} numbers",
                operator,
                filters,
                count
            ),
            text!("give each filter one number of the bias"),
        ));
    }
    let extents = &kernel[2..];
    if let Some(said) = site.ints("kernel_shape") {
        let differs = |(said, kernel): (&i64, &Option<usize>)| {
            kernel.is_some_and(|kernel| usize::try_from(*said) != Ok(kernel))
        };
        if said.len() != extents.len() || said.iter().zip(extents).any(differs) {
            return Err(conflict(
                text!(
                    "{operator} says kernel_shape {said}, and its kernel has the shape {kernel}",
                    operator,
                    said = format!("{said:?}"),
                    kernel = shown(kernel)
                ),
                text!("correct kernel_shape, or leave it out"),
            ));
        }
    }
    let spatial = if is_transposed {
        vec![None; extents.len()]
    } else {
        slide(site, &x[2..], extents)?
    };
    Ok(vec![Some([&[x[0], filters][..], &spatial].concat())])
}

pub(super) fn pool(site: &Site) -> Outcome {
    let (Some(x), Some(window)) = (site.dims(0), site.ints("kernel_shape")) else {
        return Ok(Vec::new());
    };
    if x.len() < 3 || window.len() != x.len() - 2 {
        return Err(conflict(
            text!(
                "{op_type} has a window of {window} dims for an input of shape {x}; the window leaves out the first two",
                op_type = &site.node.op_type,
                window = window.len(),
                x = shown(x)
            ),
            text!("give kernel_shape one number for each extent after batch and channels"),
        ));
    }
    let window = extents_of(window.iter().copied().map(Some).collect());
    let spatial = slide(site, &x[2..], &window)?;
    let dims = [&x[..2], &spatial].concat();
    Ok(vec![Some(dims.clone()), Some(dims)])
}

pub(super) fn global_pool(site: &Site) -> Vec<Option<Dims>> {
    let Some(x) = site.dims(0).filter(|x| x.len() >= 2) else {
        return Vec::new();
    };
    let ones = vec![Some(1); x.len() - 2];
    vec![Some([&x[..2], &ones].concat())]
}

/// Gives how often a window fits along each extent.
fn slide(
    site: &Site,
    extents: &[Option<usize>],
    window: &[Option<usize>],
) -> Result<Dims, Conflict> {
    let count = extents.len();
    // Old exporters write an empty list for what they leave out.
    let list = |name: &str, len: usize, default: i64| {
        let list = site.ints(name).filter(|list| !list.is_empty());
        list.map_or_else(|| vec![default; len], <[i64]>::to_vec)
    };
    let (strides, dilations) = (list("strides", count, 1), list("dilations", count, 1));
    let pads = list("pads", count * 2, 0);
    if strides.len() != count || dilations.len() != count || pads.len() != count * 2 {
        return Err(conflict(
            text!(
                "{op_type} moves along {count} extents, and has {strides} strides, {dilations} dilations and {pads} pads",
                op_type = &site.node.op_type,
                count,
                strides = strides.len(),
                dilations = dilations.len(),
                pads = pads.len()
            ),
            text!(
                "give one stride, one dilation and two pads for each extent after batch and channels"
            ),
        ));
    }
    if strides.iter().chain(&dilations).any(|&number| number < 1) {
        return Err(conflict(
            text!(
                "{op_type} has a stride or dilation below 1",
                op_type = &site.node.op_type
            ),
            text!("give strides and dilations of at least 1"),
        ));
    }
    let is_rounded_up = site.int("ceil_mode").unwrap_or(0) != 0;
    let is_valid = site.text("auto_pad") == b"VALID";
    let is_same = matches!(site.text("auto_pad"), b"SAME_UPPER" | b"SAME_LOWER");
    let mut spatial = Vec::with_capacity(count);
    for axis in 0..count {
        let stride = strides[axis];
        let extent = extents[axis].and_then(|extent| i64::try_from(extent).ok());
        if is_same {
            let steps = extent.map(|extent| (extent - 1).div_euclid(stride) + 1);
            spatial.push(steps.and_then(|steps| usize::try_from(steps).ok()));
            continue;
        }
        // What is left beside the first window.
        let left = || -> Option<i64> {
            let pads = if is_valid {
                0
            } else {
                pads[axis].checked_add(pads[axis + count])?
            };
            let window = i64::try_from(window[axis]?).ok()?;
            let reach = window
                .checked_sub(1)?
                .checked_mul(dilations[axis])?
                .checked_add(1)?;
            extent?.checked_add(pads)?.checked_sub(reach)
        };
        let Some(left) = left() else {
            spatial.push(None);
            continue;
        };
        if left < 0 && !is_rounded_up && extent != Some(0) {
            return Err(conflict(
                text!(
                    "{op_type} has a window that is larger than its padded input (extents {extents}, window {window}, pads {pads})",
                    op_type = &site.node.op_type,
                    extents = shown(extents),
                    window = shown(window),
                    pads = format!("{pads:?}")
                ),
                WINDOW.into(),
            ));
        }
        // What counts as a window that hangs over differs between versions.
        let is_certain = left >= 0 && (left % stride == 0 || !is_rounded_up);
        let steps = usize::try_from(left.div_euclid(stride)).ok();
        spatial.push(steps.filter(|_| is_certain).map(|steps| steps + 1));
    }
    Ok(spatial)
}
