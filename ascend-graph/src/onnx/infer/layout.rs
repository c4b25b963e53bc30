//! Operators that move elements and compute none.

use std::collections::HashSet;

use super::infer;
use super::site::{MOST_AXES, Site, axes, axis};
use super::value::{Value, count};

/// The value of a node that moves elements, if enough is known; `most` bounds its elements.
pub(super) fn evaluate(site: &Site, most: usize) -> Option<Value> {
    let data = site.value(0)?;
    let rank = data.dims.len();
    match site.node.op_type.as_str() {
        "Reshape" | "Flatten" | "Unsqueeze" | "Squeeze" => data.reshaped(shape(site)?),
        "Transpose" => {
            let default: Vec<usize> = (0..rank).rev().collect();
            let order = match site.ints("perm") {
                Some(order) => {
                    let places = order.iter().map(|&number| axis(number, rank));
                    places.collect::<Option<Vec<_>>>()?
                }
                None => default,
            };
            let from = strides(&data.dims);
            let moved = Moved {
                dims: order.iter().map(|&axis| data.dims[axis]).collect(),
                start: 0,
                steps: order.iter().map(|&axis| from[axis]).collect(),
            };
            let all = order.iter().collect::<HashSet<_>>().len();
            (order.len() == rank && all == rank).then(|| moved.of(data, most))?
        }
        "Slice" => slice(site, data)?.of(data, most),
        "Expand" => {
            let target = extents(site.value(1)?)?;
            let dims = broadcast(&[&data.dims, &target])?;
            Moved::broadcast(&data.dims, dims)?.of(data, most)
        }
        "Tile" => tile(data, &extents(site.value(1)?)?, most),
        "Gather" => gather(site, data, most),
        "Concat" => concat(site, most),
        _ => None,
    }
}

/// The shape of the node's first output, if all of it is known.
fn shape(site: &Site) -> Option<Vec<usize>> {
    let first = infer(site).ok()?.into_iter().next()??;
    first.into_iter().collect()
}

/// A value's elements as extents.
pub(super) fn extents(value: &Value) -> Option<Vec<usize>> {
    let ints = (value.len() <= MOST_AXES).then(|| value.all_ints())??;
    ints.into_iter()
        .map(|int| usize::try_from(int).ok())
        .collect()
}

/// The shape that all of `shapes` are stretched to.
pub(super) fn broadcast(shapes: &[&[usize]]) -> Option<Vec<usize>> {
    let rank = shapes.iter().map(|dims| dims.len()).max()?;
    let mut result = vec![1; rank];
    for dims in shapes {
        for (to, &dim) in result[rank - dims.len()..].iter_mut().zip(*dims) {
            match (*to, dim) {
                (_, 1) => {}
                (1, _) => *to = dim,
                (to, dim) if to == dim => {}
                _ => return None,
            }
        }
    }
    Some(result)
}

/// A view of elements: a start, and a step for each axis.
pub(super) struct Moved {
    pub(super) dims: Vec<usize>,
    start: isize,
    steps: Vec<isize>,
}

impl Moved {
    /// A value of the shape `from`, stretched to `dims`.
    pub(super) fn broadcast(from: &[usize], dims: Vec<usize>) -> Option<Self> {
        let mut steps = vec![0; dims.len().checked_sub(from.len())?];
        let own = strides(from).into_iter().zip(from);
        steps.extend(own.map(|(stride, &dim)| if dim == 1 { 0 } else { stride }));
        Some(Self {
            dims,
            start: 0,
            steps,
        })
    }

    /// The places of the elements, unless there are more than `most`.
    pub(super) fn places(&self, most: usize) -> Option<Vec<usize>> {
        let total = count(&self.dims).filter(|&total| total <= most)?;
        let mut places = Vec::with_capacity(total);
        let mut index = vec![0; self.dims.len()];
        let mut place = self.start;
        for _ in 0..total {
            places.push(usize::try_from(place).ok()?);
            for axis in (0..index.len()).rev() {
                index[axis] += 1;
                place += self.steps[axis];
                if index[axis] < self.dims[axis] {
                    break;
                }
                place -= self.steps[axis] * isize::try_from(index[axis]).ok()?;
                index[axis] = 0;
            }
        }
        Some(places)
    }

    fn of(self, data: &Value, most: usize) -> Option<Value> {
        let places = self.places(most)?;
        data.pick(self.dims, &places)
    }
}

/// How far apart neighbours along each axis are.
fn strides(dims: &[usize]) -> Vec<isize> {
    let mut strides = vec![1_isize; dims.len()];
    for axis in (1..dims.len()).rev() {
        let extent = isize::try_from(dims[axis]).unwrap_or(isize::MAX);
        strides[axis - 1] = strides[axis].saturating_mul(extent);
    }
    strides
}

/// The part of each axis that a `Slice` takes: start, step and length, by axis.
pub(super) fn slices(site: &Site, rank: usize) -> Option<Vec<(usize, [i64; 3])>> {
    let (starts, ends) = (site.list("starts", 1)?, site.list("ends", 2)?);
    let first = || Some((0..).take(starts.len()).collect());
    let numbers = site.list_or("axes", 3, first)?;
    let steps = site.list_or("steps", 4, || Some(vec![1; starts.len()]))?;
    axes(&numbers, rank)?;
    let same = [ends.len(), numbers.len(), steps.len()];
    if same.iter().any(|&len| len != starts.len()) || steps.contains(&0) {
        return None;
    }
    let parts = numbers.iter().enumerate().map(|(index, &number)| {
        Some((
            axis(number, rank)?,
            [starts[index], ends[index], steps[index]],
        ))
    });
    parts.collect()
}

/// The first element and the number of elements that a slice takes of an extent.
pub(super) fn part(extent: usize, [start, end, step]: [i64; 3]) -> Option<(i64, usize)> {
    let extent = i64::try_from(extent).ok()?;
    let bound = |place: i64, least: i64, most: i64| {
        let place = if place < 0 {
            place.saturating_add(extent)
        } else {
            place
        };
        place.clamp(least, most)
    };
    let (start, distance) = if step > 0 {
        let start = bound(start, 0, extent);
        (start, bound(end, 0, extent) - start)
    } else {
        let start = bound(start, 0, (extent - 1).max(0));
        (start, start - bound(end, -1, extent - 1))
    };
    let width = i64::try_from(step.unsigned_abs()).ok()?;
    let len = if extent == 0 || distance <= 0 {
        0
    } else {
        (distance - 1) / width + 1
    };
    Some((start, usize::try_from(len).ok()?))
}

fn slice(site: &Site, data: &Value) -> Option<Moved> {
    let mut dims = data.dims.clone();
    let mut steps = strides(&dims);
    let mut start = 0_isize;
    for (axis, bounds) in slices(site, dims.len())? {
        let (first, len) = part(dims[axis], bounds)?;
        let first = isize::try_from(first).ok()?.checked_mul(steps[axis])?;
        start = start.checked_add(first)?;
        // The step of an axis with one element is never taken, and may be any number.
        let step = if len > 1 { bounds[2] } else { 1 };
        steps[axis] = steps[axis].checked_mul(isize::try_from(step).ok()?)?;
        dims[axis] = len;
    }
    Some(Moved { dims, start, steps })
}

fn tile(data: &Value, repeats: &[usize], most: usize) -> Option<Value> {
    let mut dims = Vec::new();
    let (mut inner, mut steps) = (Vec::new(), Vec::new());
    if repeats.len() != data.dims.len() {
        return None;
    }
    for ((&repeat, &dim), stride) in repeats.iter().zip(&data.dims).zip(strides(&data.dims)) {
        dims.push(repeat.checked_mul(dim)?);
        inner.extend([repeat, dim]);
        steps.extend([0, stride]);
    }
    let moved = Moved {
        dims: inner,
        start: 0,
        steps,
    };
    data.pick(dims, &moved.places(most)?)
}

fn gather(site: &Site, data: &Value, most: usize) -> Option<Value> {
    let axis_ = site.axis(0, data.dims.len())?;
    let indices = site.value(1)?;
    let extent = data.dims[axis_];
    let places = indices.all_ints()?.into_iter();
    let places = places.map(|place| axis(place, extent));
    let places = places.collect::<Option<Vec<_>>>()?;
    let (outer, inner) = (count(&data.dims[..axis_])?, count(&data.dims[axis_ + 1..])?);
    let dims = [&data.dims[..axis_], &indices.dims, &data.dims[axis_ + 1..]].concat();
    let total = count(&dims).filter(|&total| total <= most && dims.len() <= MOST_AXES)?;
    let mut picked = Vec::with_capacity(total);
    // Nothing is taken from an empty tensor, however many blocks it has.
    for block in 0..outer.min(total) {
        for &place in &places {
            let start = (block * extent + place) * inner;
            picked.extend(start..start + inner);
        }
    }
    data.pick(dims, &picked)
}

fn concat(site: &Site, most: usize) -> Option<Value> {
    let parts = site.all_values()?;
    let first = *parts.first()?;
    let axis = site.axis(1, first.dims.len())?;
    let mut dims = first.dims.clone();
    dims[axis] = 0;
    for part in &parts {
        let rest = |dims: &[usize]| [&dims[..axis], &dims[axis + 1..]].concat();
        if part.dtype != first.dtype
            || part.dims.len() != dims.len()
            || rest(&part.dims) != rest(&dims)
        {
            return None;
        }
        dims[axis] = dims[axis].checked_add(part.dims[axis])?;
    }
    let total = count(&dims).filter(|&total| total <= most)?;
    let outer = count(&dims[..axis])?.min(total);
    if parts.iter().all(|part| part.bytes().is_some()) {
        let mut joined = Vec::new();
        for block in 0..outer {
            for bytes in parts.iter().filter_map(|part| part.bytes()) {
                let len = bytes.len() / outer;
                joined.extend_from_slice(bytes.get(block * len..(block + 1) * len)?);
            }
        }
        return Value::known(first.dtype, dims, joined.into());
    }
    let ints = parts.iter().map(|part| part.ints());
    let ints = ints.collect::<Option<Vec<_>>>()?;
    let mut joined = Vec::new();
    for block in 0..outer {
        for part in &ints {
            let len = part.len() / outer;
            joined.extend_from_slice(part.get(block * len..(block + 1) * len)?);
        }
    }
    Value::from_ints(first.dtype, dims, joined)
}
