use super::value::Value;
use crate::onnx::{AttributeValue, Node};

/// The extents of a value, as far as they are known.
pub(super) type Dims = Vec<Option<usize>>;

/// The most axes that are computed with.
pub(super) const MOST_AXES: usize = 16;

/// A node with what is known of its inputs.
pub(super) struct Site<'a> {
    pub(super) node: &'a Node,
    pub(super) opset: i64,
    /// For each input.
    pub(super) values: Vec<Option<&'a Value>>,
    /// For each input.
    pub(super) shapes: Vec<Option<Dims>>,
}

impl<'a> Site<'a> {
    /// Whether an input is there at all.
    pub(super) fn has(&self, index: usize) -> bool {
        self.node
            .input
            .get(index)
            .is_some_and(|input| !input.is_empty())
    }

    /// What is known of an input's elements.
    pub(super) fn value(&self, index: usize) -> Option<&'a Value> {
        self.values.get(index).copied().flatten()
    }

    /// All inputs' elements.
    pub(super) fn all_values(&self) -> Option<Vec<&'a Value>> {
        self.values.iter().copied().collect()
    }

    /// What is known of an input's shape.
    pub(super) fn dims(&self, index: usize) -> Option<&Dims> {
        self.shapes.get(index)?.as_ref()
    }

    pub(super) fn int(&self, name: &str) -> Option<i64> {
        match self.node.attribute(name) {
            Some(AttributeValue::Int(int)) => Some(int),
            _ => None,
        }
    }

    pub(super) fn ints(&self, name: &str) -> Option<&'a [i64]> {
        match self.node.attribute(name) {
            Some(AttributeValue::Ints(ints)) => Some(ints),
            _ => None,
        }
    }

    pub(super) fn text(&self, name: &str) -> &'a [u8] {
        match self.node.attribute(name) {
            Some(AttributeValue::String(text)) => text,
            _ => &[],
        }
    }

    /// Whole numbers that are an attribute in older and an input in newer operator sets; `None` if they
    /// are left out or not known.
    pub(super) fn list(&self, name: &str, index: usize) -> Option<Vec<i64>> {
        self.list_or(name, index, || None)
    }

    /// As [`list`](Self::list), with what it means to leave them out.
    pub(super) fn list_or(
        &self,
        name: &str,
        index: usize,
        absent: impl FnOnce() -> Option<Vec<i64>>,
    ) -> Option<Vec<i64>> {
        match self.ints(name) {
            Some(ints) => Some(ints.to_vec()),
            None if self.has(index) => self.vector(index)?.into_iter().collect(),
            None => absent(),
        }
    }

    /// An input's elements as whole numbers, if there are not more than axes need.
    pub(super) fn vector(&self, index: usize) -> Option<Vec<Option<i64>>> {
        let value = self.value(index)?;
        (value.len() <= 2 * MOST_AXES).then(|| value.ints())?
    }

    /// The axis that an attribute names, of `rank`.
    pub(super) fn axis(&self, default: i64, rank: usize) -> Option<usize> {
        axis(self.int("axis").unwrap_or(default), rank)
    }
}

/// The axis of a number that may count from the end.
pub(super) fn axis(axis: i64, rank: usize) -> Option<usize> {
    let rank = i64::try_from(rank).ok()?;
    let axis = if axis < 0 { axis + rank } else { axis };
    (0..rank)
        .contains(&axis)
        .then(|| usize::try_from(axis).ok())?
}

/// The axes of numbers that may count from the end, in ascending order.
pub(super) fn axes(numbers: &[i64], rank: usize) -> Option<Vec<usize>> {
    let axes = numbers.iter().map(|&number| axis(number, rank));
    let mut axes = axes.collect::<Option<Vec<_>>>()?;
    axes.sort_unstable();
    axes.windows(2)
        .all(|pair| pair[0] != pair[1])
        .then_some(axes)
}

/// The shape with axes of 1 put in at `numbers`, and the other way round.
pub(super) fn unsqueezed<T: Clone>(dims: &[T], numbers: &[i64], one: &T) -> Option<Vec<T>> {
    let rank = dims.len() + numbers.len();
    let new = axes(numbers, rank).filter(|_| rank <= MOST_AXES)?;
    let mut rest = dims.iter();
    (0..rank)
        .map(|axis| {
            if new.contains(&axis) {
                Some(one.clone())
            } else {
                rest.next().cloned()
            }
        })
        .collect()
}

/// The shape of `Reshape` to `target`, where 0 keeps an axis and -1 takes what is left.
pub(super) fn reshaped(
    input: Option<&Dims>,
    target: &[Option<i64>],
    zero_is_zero: bool,
) -> Option<Dims> {
    if target.len() > MOST_AXES {
        return None;
    }
    let mut dims: Dims = Vec::with_capacity(target.len());
    let mut rest = None;
    for (axis, &extent) in target.iter().enumerate() {
        dims.push(match extent {
            Some(-1) => {
                rest = Some(axis);
                None
            }
            Some(0) if !zero_is_zero => input?.get(axis).copied()?,
            Some(extent) => Some(usize::try_from(extent).ok()?),
            None => None,
        });
    }
    let known = |dims: &Dims| dims.iter().copied().collect::<Option<Vec<_>>>();
    if let Some(rest) = rest
        && let Some(total) = input
            .and_then(known)
            .and_then(|dims| super::value::count(&dims))
    {
        let others: Dims = dims
            .iter()
            .enumerate()
            .filter_map(|(axis, &dim)| (axis != rest).then_some(dim))
            .collect();
        if let Some(others) = known(&others).and_then(|dims| super::value::count(&dims)) {
            dims[rest] = total.checked_div(others);
        }
    }
    Some(dims)
}
