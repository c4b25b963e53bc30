//! Operators that arrange elements anew.

use super::{Dims, Outcome, View, conflict, no_axis, place_of, shown};

pub(super) fn reshape(view: &View) -> Outcome {
    let Some(shape) = view.ints(1).map(<[_]>::to_vec).or_else(|| {
        let list = view.list("shape").filter(|_| view.opset < 5)?;
        Some(list.iter().map(|&dim| Some(dim)).collect())
    }) else {
        return Ok(Vec::new());
    };
    let x = view.dims(0);
    let keeps = view.int("allowzero", 0) == 0;
    let free = shape.iter().filter(|dim| **dim == Some(-1)).count();
    if free > 1 {
        return Err(conflict(
            format!("Reshape leaves {free} dims of {} open (-1)", shown(&shape)),
            "leave one dim open at most",
        ));
    }
    if let Some(Some(wrong)) = shape.iter().find(|dim| dim.is_some_and(|dim| dim < -1)) {
        return Err(conflict(
            format!("Reshape asks for a dim of {wrong} ({})", shown(&shape)),
            "give dims of 0 or more, or -1 for the one that follows from the others",
        ));
    }
    let mut dims: Dims = Vec::with_capacity(shape.len());
    for (axis, &dim) in shape.iter().enumerate() {
        dims.push(match (dim, x) {
            (Some(0), Some(x)) if keeps => match x.get(axis) {
                Some(&kept) => kept,
                None => {
                    return Err(conflict(
                        format!(
                            "Reshape keeps dim {axis} (0 in {}) of an input of shape {}, which has only {} dims",
                            shown(&shape),
                            shown(x),
                            x.len()
                        ),
                        "write the extent instead of 0",
                    ));
                }
            },
            (Some(0), None) if keeps => None,
            (Some(-1), _) => None,
            (dim, _) => dim,
        });
    }
    // Only a shape without unknown dims says for certain what the open one is.
    let open = shape.iter().position(|dim| *dim == Some(-1));
    let rest: Dims = dims
        .iter()
        .enumerate()
        .filter(|(axis, _)| Some(*axis) != open)
        .map(|(_, dim)| *dim)
        .collect();
    if let (Some(count), Some(rest)) = (x.and_then(|x| product(x)), product(&rest)) {
        let fits = match open {
            None => rest == count,
            Some(_) if rest == 0 => true,
            Some(_) => count % rest == 0,
        };
        if !fits {
            return Err(conflict(
                format!(
                    "Reshape makes {} of an input of shape {}, which has {count} elements",
                    shown(&shape),
                    shown(x.map_or(&[], Vec::as_slice))
                ),
                "give a shape with as many elements as the input: most often the model was exported for another \
                 batch or picture size, which is a constant in it; export with dynamic_axes, or leave the \
                 input as it was exported",
            ));
        }
        if let Some(open) = open.filter(|_| rest > 0) {
            dims[open] = Some(count / rest);
        }
    }
    Ok(vec![Some(dims)])
}

/// Gives the number of elements, if all extents are known.
fn product(dims: &[Option<i64>]) -> Option<i64> {
    let mut product = 1_i64;
    for dim in dims {
        product = product.checked_mul((*dim)?)?;
    }
    Some(product)
}

pub(super) fn flatten(view: &View) -> Outcome {
    let Some(x) = view.dims(0) else {
        return Ok(vec![Some(vec![None, None])]);
    };
    let axis = view.int("axis", 1);
    let split = match place_of(axis, x.len()) {
        Some(split) => split,
        None if usize::try_from(axis) == Ok(x.len()) => x.len(),
        None => return Err(no_axis(view, axis, x)),
    };
    Ok(vec![Some(vec![product(&x[..split]), product(&x[split..])])])
}

pub(super) fn transpose(view: &View) -> Outcome {
    let Some(x) = view.dims(0) else {
        return Ok(Vec::new());
    };
    let Some(perm) = view.list("perm") else {
        return Ok(vec![Some(x.iter().rev().copied().collect())]);
    };
    let places: Option<Vec<usize>> = perm.iter().map(|&axis| place_of(axis, x.len())).collect();
    let is_whole = |places: &Vec<usize>| {
        let mut sorted = places.clone();
        sorted.sort_unstable();
        sorted.into_iter().eq(0..x.len())
    };
    match places.filter(is_whole) {
        Some(places) => Ok(vec![Some(places.iter().map(|&place| x[place]).collect())]),
        None => Err(conflict(
            format!(
                "Transpose orders axes as {perm:?}, and its input has the shape {}",
                shown(x)
            ),
            "name each axis of the input once in perm",
        )),
    }
}

pub(super) fn concat(view: &View) -> Outcome {
    let mut whole: Option<(Dims, usize)> = None;
    let mut complete = true;
    for index in 0..view.node.input.len() {
        let Some(dims) = view.dims(index) else {
            complete = false;
            continue;
        };
        let Some((before, axis)) = &mut whole else {
            let asked = view.int("axis", 1);
            let Some(axis) = place_of(asked, dims.len()) else {
                return Err(no_axis(view, asked, dims));
            };
            whole = Some((dims.clone(), axis));
            continue;
        };
        let differs = |place: usize| {
            let (a, b) = (before[place], dims[place]);
            place != *axis && a.is_some() && b.is_some() && a != b
        };
        if before.len() != dims.len() || (0..dims.len()).any(differs) {
            return Err(conflict(
                format!(
                    "Concat joins along axis {axis} what differs elsewhere: {} and {}",
                    shown(before),
                    shown(dims)
                ),
                "all dims but the one that is joined must agree: correct the axis, or the layer that gives \
                 the odd one",
            ));
        }
        for (place, dim) in before.iter_mut().enumerate() {
            *dim = if place == *axis {
                dim.zip(dims[place]).and_then(|(a, b)| a.checked_add(b))
            } else {
                dim.or(dims[place])
            };
        }
    }
    Ok(vec![whole.map(|(mut dims, axis)| {
        if !complete {
            dims[axis] = None;
        }
        dims
    })])
}

/// Gives the axes of a node, from its attribute or its input; `None` if they are not known.
fn axes(view: &View, input: usize) -> Option<Vec<i64>> {
    view.list("axes")
        .map(<[i64]>::to_vec)
        .or_else(|| view.all_ints(input))
}

pub(super) fn squeeze(view: &View) -> Outcome {
    let Some(x) = view.dims(0) else {
        return Ok(Vec::new());
    };
    let Some(axes) = axes(view, 1) else {
        let is_plain = view.name(1).is_none() && x.iter().all(Option::is_some);
        let left = x.iter().copied().filter(|dim| *dim != Some(1));
        return Ok(vec![is_plain.then(|| left.collect())]);
    };
    let mut is_left = vec![true; x.len()];
    for axis in axes {
        let Some(place) = place_of(axis, x.len()) else {
            return Err(no_axis(view, axis, x));
        };
        if let Some(extent) = x[place].filter(|&extent| extent != 1) {
            return Err(conflict(
                format!(
                    "Squeeze drops axis {axis} of shape {}, whose extent is {extent} and not 1",
                    shown(x)
                ),
                "squeeze an axis of extent 1, or export for the input shape that you convert for",
            ));
        }
        is_left[place] = false;
    }
    Ok(vec![Some(left(x, &is_left))])
}

pub(super) fn unsqueeze(view: &View) -> Outcome {
    let (Some(x), Some(axes)) = (view.dims(0), axes(view, 1)) else {
        return Ok(Vec::new());
    };
    let rank = x.len() + axes.len();
    if rank > super::MOST_AXES {
        return Ok(Vec::new());
    }
    let mut is_new = vec![false; rank];
    for axis in axes {
        match place_of(axis, rank) {
            Some(place) if !is_new[place] => is_new[place] = true,
            _ => {
                return Err(conflict(
                    format!(
                        "Unsqueeze cannot add axis {axis} to shape {} once",
                        shown(x)
                    ),
                    "name each new axis once, counted in the result",
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

pub(super) fn gather(view: &View) -> Outcome {
    let Some(x) = view.dims(0) else {
        return Ok(Vec::new());
    };
    let axis = view.int("axis", 0);
    let Some(place) = place_of(axis, x.len()) else {
        return Err(no_axis(view, axis, x));
    };
    if let (Some(extent), Some(indices)) = (x[place], view.ints(1)) {
        let is_outside =
            |index: &&Option<i64>| index.is_some_and(|index| index >= extent || index < -extent);
        if let Some(Some(index)) = indices.iter().find(is_outside) {
            return Err(conflict(
                format!(
                    "Gather takes number {index} along axis {axis} of shape {}",
                    shown(x)
                ),
                "take an index that is there; the model was likely exported for another input shape",
            ));
        }
    }
    Ok(vec![view.dims(1).map(|indices| {
        [&x[..place], indices, &x[place + 1..]].concat()
    })])
}

pub(super) fn split(view: &View) -> Outcome {
    let Some(x) = view.dims(0) else {
        return Ok(Vec::new());
    };
    let axis = view.int("axis", 0);
    let Some(place) = place_of(axis, x.len()) else {
        return Err(no_axis(view, axis, x));
    };
    let part = |extent: Option<i64>| {
        let mut dims = x.clone();
        dims[place] = extent;
        Some(dims)
    };
    let sizes = view
        .list("split")
        .map(<[i64]>::to_vec)
        .or_else(|| view.all_ints(1));
    let Some(sizes) = sizes else {
        return Ok(view.node.output.iter().map(|_| part(None)).collect());
    };
    let sum = sizes
        .iter()
        .try_fold(0_i64, |sum, &size| sum.checked_add(size));
    let is_wrong = x[place].is_some_and(|extent| sum != Some(extent));
    if is_wrong || sizes.len() != view.node.output.len() {
        return Err(conflict(
            format!(
                "Split cuts axis {axis} of shape {} into {} parts of {:?}",
                shown(x),
                view.node.output.len(),
                &sizes[..sizes.len().min(16)]
            ),
            "give one size for each output; together they make the extent",
        ));
    }
    Ok(sizes.iter().map(|&size| part(Some(size))).collect())
}

pub(super) fn shape(view: &View) -> Vec<Option<Dims>> {
    let is_whole = view.node.attribute("start").is_none() && view.node.attribute("end").is_none();
    let rank = view.dims(0).filter(|_| is_whole).map(Vec::len);
    vec![Some(vec![rank.and_then(|rank| i64::try_from(rank).ok())])]
}

pub(super) fn constant_of_shape(view: &View) -> Vec<Option<Dims>> {
    let extent = |dim: &Option<i64>| dim.filter(|&dim| dim >= 0);
    vec![view.ints(0).map(|ints| ints.iter().map(extent).collect())]
}

/// Operators that change extents, not their number.
pub(super) fn same_rank(view: &View) -> Vec<Option<Dims>> {
    vec![view.dims(0).map(|x| vec![None; x.len()])]
}

pub(super) fn reduce(view: &View) -> Outcome {
    let Some(x) = view.dims(0) else {
        return Ok(Vec::new());
    };
    let keeps = view.int("keepdims", 1) != 0;
    let Some(axes) = axes(view, 1).filter(|axes| !axes.is_empty()) else {
        // All axes, none or some that are not known.
        return Ok(vec![keeps.then(|| vec![None; x.len()])]);
    };
    let (mut dims, mut is_left) = (x.clone(), vec![true; x.len()]);
    for axis in axes {
        let Some(place) = place_of(axis, x.len()) else {
            return Err(no_axis(view, axis, x));
        };
        (dims[place], is_left[place]) = (Some(1), keeps);
    }
    Ok(vec![Some(left(&dims, &is_left))])
}

fn left(dims: &[Option<i64>], is_left: &[bool]) -> Dims {
    let pairs = dims.iter().zip(is_left);
    pairs
        .filter(|(_, is_left)| **is_left)
        .map(|(dim, _)| *dim)
        .collect()
}
