use super::Dims;
use super::value::Value;
use crate::onnx::Node;

/// The most axes that are computed with.
pub(crate) const MOST_AXES: usize = 16;

/// A node with what is known of its inputs.
pub(crate) struct Site<'a> {
    pub(crate) node: &'a Node,
    pub(crate) opset: i64,
    /// For each input.
    pub(crate) values: Vec<Option<&'a Value>>,
    /// For each input.
    pub(crate) shapes: Vec<Option<Dims>>,
}

impl<'a> Site<'a> {
    /// Whether an input is there at all.
    pub(crate) fn has(&self, index: usize) -> bool {
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
        self.node.int(name)
    }

    pub(super) fn ints(&self, name: &str) -> Option<&'a [i64]> {
        self.node.ints(name)
    }

    pub(super) fn text(&self, name: &str) -> &'a [u8] {
        self.node.text(name)
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

/// Gives the place of the axis that a number names, which counts from the end if it is below 0; `None` if
/// a tensor of that rank has no such axis.
#[must_use]
pub fn axis(number: i64, rank: usize) -> Option<usize> {
    let place = if number < 0 {
        number.checked_add(i64::try_from(rank).ok()?)?
    } else {
        number
    };
    usize::try_from(place).ok().filter(|&place| place < rank)
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
