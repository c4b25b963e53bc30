//! Operators that arrange elements anew.

use super::site::{MOST_AXES, Site, axis};
use super::value::count;
use super::{Dims, Outcome, conflict, no_axis, shown};
use crate::text;

pub(super) fn reshape(site: &Site) -> Outcome {
    let given = match site.ints("shape") {
        Some(list) if !site.has(1) => Some(list.iter().copied().map(Some).collect()),
        _ => site.vector(1),
    };
    let Some(shape) = given.filter(|shape: &Vec<_>| shape.len() <= MOST_AXES) else {
        return Ok(Vec::new());
    };
    let x = site.dims(0);
    let keeps = site.int("allowzero").unwrap_or(0) == 0;
    let free = shape.iter().filter(|dim| **dim == Some(-1)).count();
    if free > 1 {
        return Err(conflict(
            text!(
                "Reshape leaves {free} dims of {shape} open (-1)",
                free,
                shape = shown(&shape)
            ),
            text!("leave one dim open at most"),
        ));
    }
    if let Some(Some(wrong)) = shape.iter().find(|dim| dim.is_some_and(|dim| dim < -1)) {
        return Err(conflict(
            text!(
                "Reshape asks for a dim of {wrong} ({shape})",
                wrong,
                shape = shown(&shape)
            ),
            text!("give dims of 0 or more, or -1 for the one that follows from the others"),
        ));
    }
    let mut dims: Dims = Vec::with_capacity(shape.len());
    for (place, &dim) in shape.iter().enumerate() {
        dims.push(match (dim, x) {
            (Some(0), Some(x)) if keeps => match x.get(place) {
                Some(&kept) => kept,
                None => {
                    return Err(conflict(
                        text!(
                            "Reshape keeps dim {place} (0 in {shape}) of an input of shape {x}, which has only {rank} dims", place, shape = shown(&shape), x = shown(x), rank = x.len()),
                        text!("write the extent instead of 0"),
                    ));
                }
            },
            (Some(0), None) if keeps => None,
            (dim, _) => dim.and_then(|dim| usize::try_from(dim).ok()),
        });
    }
    // Only a shape without unknown dims says for certain what the open one is.
    let open = shape.iter().position(|dim| *dim == Some(-1));
    let rest: Dims = dims
        .iter()
        .enumerate()
        .filter(|(place, _)| Some(*place) != open)
        .map(|(_, dim)| *dim)
        .collect();
    if let (Some(count), Some(rest)) = (x.and_then(|x| total(x)), total(&rest)) {
        let fits = match open {
            None => rest == count,
            Some(_) if rest == 0 => true,
            Some(_) => count.is_multiple_of(rest),
        };
        if !fits {
            return Err(conflict(
                text!(
                    "Reshape makes {shape} of an input of shape {x}, which has {count} elements",
                    shape = shown(&shape),
                    x = shown(x.map_or(&[], Vec::as_slice)),
                    count
                ),
                text!(
                    "give a shape with as many elements as the input: most often the model was exported for another \
                 batch or picture size, which is a constant in it; export with dynamic_axes, or leave the \
                 input as it was exported"
                ),
            ));
        }
        if let Some(open) = open.filter(|_| rest > 0) {
            dims[open] = Some(count / rest);
        }
    }
    Ok(vec![Some(dims)])
}

/// Gives the number of elements, if all extents are known.
fn total(dims: &[Option<usize>]) -> Option<usize> {
    count(&dims.iter().copied().collect::<Option<Vec<_>>>()?)
}

pub(super) fn flatten(site: &Site) -> Outcome {
    let Some(x) = site.dims(0) else {
        return Ok(vec![Some(vec![None, None])]);
    };
    let asked = site.int("axis").unwrap_or(1);
    let split = match axis(asked, x.len()) {
        Some(split) => split,
        None if usize::try_from(asked) == Ok(x.len()) => x.len(),
        None => return Err(no_axis(site, asked, x)),
    };
    Ok(vec![Some(vec![total(&x[..split]), total(&x[split..])])])
}

pub(super) fn transpose(site: &Site) -> Outcome {
    let Some(x) = site.dims(0) else {
        return Ok(Vec::new());
    };
    let Some(perm) = site.ints("perm") else {
        return Ok(vec![Some(x.iter().rev().copied().collect())]);
    };
    let places: Option<Vec<usize>> = perm.iter().map(|&asked| axis(asked, x.len())).collect();
    let is_whole = |places: &Vec<usize>| {
        let mut sorted = places.clone();
        sorted.sort_unstable();
        sorted.into_iter().eq(0..x.len())
    };
    match places.filter(is_whole) {
        Some(places) => Ok(vec![Some(places.iter().map(|&place| x[place]).collect())]),
        None => Err(conflict(
            text!(
                "Transpose orders axes as {perm}, and its input has the shape {x}",
                perm = format!("{perm:?}"),
                x = shown(x)
            ),
            text!("name each axis of the input once in perm"),
        )),
    }
}

pub(super) fn concat(site: &Site) -> Outcome {
    let mut whole: Option<(Dims, usize)> = None;
    let mut complete = true;
    for index in 0..site.node.input.len() {
        let Some(dims) = site.dims(index) else {
            complete = false;
            continue;
        };
        let Some((before, along)) = &mut whole else {
            let asked = site.int("axis").unwrap_or(1);
            let Some(along) = axis(asked, dims.len()) else {
                return Err(no_axis(site, asked, dims));
            };
            whole = Some((dims.clone(), along));
            continue;
        };
        let differs = |place: usize| {
            let (a, b) = (before[place], dims[place]);
            place != *along && a.is_some() && b.is_some() && a != b
        };
        if before.len() != dims.len() || (0..dims.len()).any(differs) {
            return Err(conflict(
                text!(
                    "Concat joins along axis {along} what differs elsewhere: {before} and {dims}",
                    along = *along,
                    before = shown(before),
                    dims = shown(dims)
                ),
                text!(
                    "all dims but the one that is joined must agree: correct the axis, or the layer that gives \
                 the odd one"
                ),
            ));
        }
        for (place, dim) in before.iter_mut().enumerate() {
            *dim = if place == *along {
                dim.zip(dims[place])
                    .and_then(|(a, b): (usize, usize)| a.checked_add(b))
            } else {
                dim.or(dims[place])
            };
        }
    }
    Ok(vec![whole.map(|(mut dims, along)| {
        if !complete {
            dims[along] = None;
        }
        dims
    })])
}

pub(super) fn squeeze(site: &Site) -> Outcome {
    let Some(x) = site.dims(0) else {
        return Ok(Vec::new());
    };
    let Some(axes) = site.list("axes", 1) else {
        let is_plain = !site.has(1) && x.iter().all(Option::is_some);
        let left = x.iter().copied().filter(|dim| *dim != Some(1));
        return Ok(vec![is_plain.then(|| left.collect())]);
    };
    let mut is_left = vec![true; x.len()];
    for asked in axes {
        let Some(place) = axis(asked, x.len()) else {
            return Err(no_axis(site, asked, x));
        };
        if let Some(extent) = x[place].filter(|&extent| extent != 1) {
            return Err(conflict(
                text!(
                    "Squeeze drops axis {asked} of shape {x}, whose extent is {extent} and not 1",
                    asked,
                    x = shown(x),
                    extent
                ),
                text!(
                    "squeeze an axis of extent 1, or export for the input shape that you convert for"
                ),
            ));
        }
        is_left[place] = false;
    }
    Ok(vec![Some(left(x, &is_left))])
}

pub(super) fn unsqueeze(site: &Site) -> Outcome {
    let (Some(x), Some(axes)) = (site.dims(0), site.list("axes", 1)) else {
        return Ok(Vec::new());
    };
    let rank = x.len() + axes.len();
    if rank > MOST_AXES {
        return Ok(Vec::new());
    }
    let mut is_new = vec![false; rank];
    for asked in axes {
        match axis(asked, rank) {
            Some(place) if !is_new[place] => is_new[place] = true,
            _ => {
                return Err(conflict(
                    text!(
                        "Unsqueeze cannot add axis {asked} to shape {x} once",
                        asked,
                        x = shown(x)
                    ),
                    text!("name each new axis once, counted in the result"),
                ));
            }
        }
    }
    let mut rest = x.iter().copied();
    let dims = is_new.into_iter().map(|is_new| {
        if is_new {
            Some(1)
        } else {
            rest.next().flatten()
        }
    });
    Ok(vec![Some(dims.collect())])
}

pub(super) fn gather(site: &Site) -> Outcome {
    let Some(x) = site.dims(0) else {
        return Ok(Vec::new());
    };
    let asked = site.int("axis").unwrap_or(0);
    let Some(place) = axis(asked, x.len()) else {
        return Err(no_axis(site, asked, x));
    };
    if let (Some(extent), Some(indices)) = (x[place], site.vector(1)) {
        let mut indices = indices.into_iter().flatten();
        if let Some(index) = indices.find(|&index| axis(index, extent).is_none()) {
            return Err(conflict(
                text!(
                    "Gather takes number {index} along axis {asked} of shape {x}",
                    index,
                    asked,
                    x = shown(x)
                ),
                text!(
                    "take an index that is there; the model was likely exported for another input shape"
                ),
            ));
        }
    }
    Ok(vec![site.dims(1).map(|indices| {
        [&x[..place], indices, &x[place + 1..]].concat()
    })])
}

pub(super) fn split(site: &Site) -> Outcome {
    let Some(x) = site.dims(0) else {
        return Ok(Vec::new());
    };
    let asked = site.int("axis").unwrap_or(0);
    let Some(place) = axis(asked, x.len()) else {
        return Err(no_axis(site, asked, x));
    };
    let outputs = site.node.output.len();
    let part = |extent: Option<usize>| {
        let mut dims = x.clone();
        dims[place] = extent;
        Some(dims)
    };
    // Parts of one size; where they cannot be, versions differ on which is the smaller one.
    let even = || {
        let extent = x[place].filter(|extent| extent.is_multiple_of(outputs))?;
        let each = i64::try_from(extent.checked_div(outputs)?).ok()?;
        Some(vec![each; outputs])
    };
    let Some(sizes) = site.list_or("split", 1, even) else {
        return Ok(vec![part(None); outputs]);
    };
    let sum = sizes.iter().try_fold(0_usize, |sum, &size| {
        sum.checked_add(usize::try_from(size).ok()?)
    });
    let is_wrong = x[place].is_some_and(|extent| sum != Some(extent));
    if is_wrong || sizes.len() != outputs {
        return Err(conflict(
            text!(
                "Split cuts axis {asked} of shape {x} into {outputs} parts of {sizes}",
                asked,
                x = shown(x),
                outputs,
                sizes = format!("{:?}", &sizes[..sizes.len().min(16)])
            ),
            text!("give one size for each output; together they make the extent"),
        ));
    }
    let sizes = sizes.iter().map(|&size| usize::try_from(size).ok());
    Ok(sizes.map(part).collect())
}

pub(super) fn constant_of_shape(site: &Site) -> Vec<Option<Dims>> {
    vec![site.vector(0).map(extents_of)]
}

/// Takes whole numbers for extents; one below 0 is none.
pub(super) fn extents_of(ints: Vec<Option<i64>>) -> Dims {
    let extents = ints.into_iter();
    extents
        .map(|int| int.and_then(|int| usize::try_from(int).ok()))
        .collect()
}

fn left(dims: &[Option<usize>], is_left: &[bool]) -> Dims {
    let pairs = dims.iter().zip(is_left);
    pairs
        .filter(|(_, is_left)| **is_left)
        .map(|(dim, _)| *dim)
        .collect()
}
