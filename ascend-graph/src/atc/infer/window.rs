//! Operators that move a window over a picture.

use super::{Dims, Outcome, View, conflict, shown};

const CHANNELS: &str = "the weights are those of another layer, or an earlier layer gives another number of channels \
                        than it should; check the input's layout too (NCHW)";

const WINDOW: &str = "give a larger input (--input-shape), or a smaller window";

pub(super) fn convolution(view: &View) -> Outcome {
    let (Some(x), Some(kernel)) = (view.dims(0), view.dims(1)) else {
        return Ok(Vec::new());
    };
    let operator = view.node.op_type.as_str();
    if x.len() < 3 || x.len() != kernel.len() {
        return Err(conflict(
            format!(
                "{operator} reads an input of shape {} and a kernel of shape {}; both want batch or filters, \
                 channels and one or more extents",
                shown(x),
                shown(kernel)
            ),
            "give input and kernel the same number of dims, at least 3",
        ));
    }
    let groups = view.int("group", 1);
    if groups < 1 {
        return Err(conflict(
            format!("{operator} has {groups} groups"),
            "give it at least 1 group",
        ));
    }
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
            format!(
                "{operator} reads {channels} channels ({}), and its kernel {} takes {taken} in {groups} groups",
                shown(x),
                shown(kernel)
            ),
            CHANNELS,
        ));
    }
    if let Some(split) = if is_transposed { kernel[0] } else { filters }
        && split % groups != 0
    {
        return Err(conflict(
            format!("{operator} has {split} filters, which {groups} groups cannot share evenly"),
            "give it a number of groups that divides the filters",
        ));
    }
    if let (Some([Some(count)]), Some(filters)) = (view.dims(2).map(Vec::as_slice), filters)
        && *count != filters
    {
        return Err(conflict(
            format!("{operator} has {filters} filters and a bias of {count} numbers"),
            "give each filter one number of the bias",
        ));
    }
    let extents = &kernel[2..];
    if let Some(said) = view.list("kernel_shape") {
        let differs =
            |(said, kernel): (&i64, &Option<i64>)| kernel.is_some_and(|kernel| kernel != *said);
        if said.len() != extents.len() || said.iter().zip(extents).any(differs) {
            return Err(conflict(
                format!(
                    "{operator} says kernel_shape {said:?}, and its kernel has the shape {}",
                    shown(kernel)
                ),
                "correct kernel_shape, or leave it out",
            ));
        }
    }
    let spatial = if is_transposed {
        vec![None; extents.len()]
    } else {
        slide(view, &x[2..], extents)?
    };
    Ok(vec![Some([&[x[0], filters][..], &spatial].concat())])
}

pub(super) fn pool(view: &View) -> Outcome {
    let (Some(x), Some(window)) = (view.dims(0), view.list("kernel_shape")) else {
        return Ok(Vec::new());
    };
    if x.len() < 3 || window.len() != x.len() - 2 {
        return Err(conflict(
            format!(
                "{} has a window of {} dims for an input of shape {}; the window leaves out the first two",
                view.node.op_type,
                window.len(),
                shown(x)
            ),
            "give kernel_shape one number for each extent after batch and channels",
        ));
    }
    let window: Dims = window.iter().map(|&extent| Some(extent)).collect();
    let spatial = slide(view, &x[2..], &window)?;
    let dims = [&x[..2], &spatial].concat();
    Ok(vec![Some(dims.clone()), Some(dims)])
}

pub(super) fn global_pool(view: &View) -> Vec<Option<Dims>> {
    let Some(x) = view.dims(0).filter(|x| x.len() >= 2) else {
        return Vec::new();
    };
    let ones = vec![Some(1); x.len() - 2];
    vec![Some([&x[..2], &ones].concat())]
}

/// Gives how often a window fits along each extent.
fn slide(
    view: &View,
    extents: &[Option<i64>],
    window: &[Option<i64>],
) -> Result<Dims, super::Conflict> {
    let count = extents.len();
    let one = |name: &str| {
        view.list(name)
            .map_or_else(|| vec![1; count], <[i64]>::to_vec)
    };
    let (strides, dilations) = (one("strides"), one("dilations"));
    let pads = view
        .list("pads")
        .map_or_else(|| vec![0; count * 2], <[i64]>::to_vec);
    if strides.len() != count || dilations.len() != count || pads.len() != count * 2 {
        return Err(conflict(
            format!(
                "{} moves along {count} extents, and has {} strides, {} dilations and {} pads",
                view.node.op_type,
                strides.len(),
                dilations.len(),
                pads.len()
            ),
            "give one stride, one dilation and two pads for each extent after batch and channels",
        ));
    }
    if strides.iter().chain(&dilations).any(|&number| number < 1) {
        return Err(conflict(
            format!("{} has a stride or dilation below 1", view.node.op_type),
            "give strides and dilations of at least 1",
        ));
    }
    let is_padded_by_rule = view.is("auto_pad", "SAME_UPPER")
        || view.is("auto_pad", "SAME_LOWER")
        || view.is("auto_pad", "VALID");
    let mut spatial = Vec::with_capacity(count);
    for axis in 0..count {
        let fits = || -> Option<i64> {
            let (extent, window) = (extents[axis]?, window[axis]?);
            let reach = window
                .checked_sub(1)?
                .checked_mul(dilations[axis])?
                .checked_add(1)?;
            let padded = extent
                .checked_add(pads[axis])?
                .checked_add(pads[axis + count])?;
            padded.checked_sub(reach)
        };
        let Some(left) = fits().filter(|_| !is_padded_by_rule) else {
            spatial.push(None);
            continue;
        };
        let is_ceil = view.int("ceil_mode", 0) != 0;
        if left < 0 && !is_ceil && extents[axis] != Some(0) {
            return Err(conflict(
                format!(
                    "{} has a window that is larger than its padded input (extents {}, window {}, pads {pads:?})",
                    view.node.op_type,
                    shown(extents),
                    shown(window)
                ),
                WINDOW,
            ));
        }
        let steps = left.div_euclid(strides[axis]);
        let is_whole = left % strides[axis] == 0;
        let is_certain = left >= 0 && (is_whole || !is_ceil);
        spatial.push(steps.checked_add(1).filter(|_| is_certain));
    }
    Ok(spatial)
}
