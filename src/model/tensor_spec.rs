//! One input or output of a model, as plain data.

use std::fmt;

use ascend_graph::DataType;
use ascend_graph::om::Format;

use super::aipp_spec::AippSpec;

/// One input or output of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TensorSpec {
    /// Its name in the model. An output of an `.om` is called `node:index:name`.
    pub name: String,
    /// The type of its elements.
    pub dtype: DataType,
    /// The order of its dimensions.
    pub format: Format,
    /// Its dimensions; `None` for one that each run decides.
    pub dims: Vec<Option<usize>>,
    /// Its size in bytes; the largest one where dimensions vary within limits, 0 without limits.
    pub bytes: usize,
    /// How far each dimension may go, for an input whose shape each run decides; else empty. Gears
    /// are no ranges: see [`Gears`](super::Gears).
    pub ranges: Vec<DimRange>,
    /// The preprocessing of pictures that the device does to this input.
    pub aipp: Option<AippSpec>,
}

/// How far a dimension may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DimRange {
    /// The least length.
    pub least: usize,
    /// The greatest length; `None` without limit.
    pub most: Option<usize>,
}

impl DimRange {
    /// Whether a dimension may be this long.
    #[must_use]
    pub fn contains(&self, len: usize) -> bool {
        len >= self.least && self.most.is_none_or(|most| len <= most)
    }
}

/// As in `1~8`, or `1~` without limit.
impl fmt::Display for DimRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~", self.least)?;
        self.most.map_or(Ok(()), |most| write!(f, "{most}"))
    }
}

impl TensorSpec {
    /// The name that the tensor had before the model became an `.om`: `output` of
    /// `fc:0:output`.
    #[must_use]
    pub fn short_name(&self) -> &str {
        let is_index = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
        // the name itself may have colons, as `onnx::Gather_322` has
        let mut rest = self.name.split_once(':');
        while let Some((_, behind)) = rest {
            match behind.split_once(':') {
                Some((index, short)) if is_index(index) && !short.is_empty() => return short,
                _ => rest = behind.split_once(':'),
            }
        }
        &self.name
    }

    /// Whether `name` is this tensor's, in full or in short.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.short_name() == name
    }

    /// Whether every dimension is fixed.
    #[must_use]
    pub fn is_static(&self) -> bool {
        self.dims.iter().all(Option::is_some)
    }

    /// Whether `shape` fits.
    #[must_use]
    pub fn accepts(&self, shape: &[usize]) -> bool {
        shape.len() == self.dims.len()
            && self
                .dims
                .iter()
                .zip(shape)
                .all(|(dim, len)| dim.is_none_or(|fixed| fixed == *len))
            && self
                .ranges
                .iter()
                .zip(shape)
                .all(|(range, len)| range.contains(*len))
    }

    /// The shape, where every dimension is fixed.
    pub(crate) fn fixed_shape(&self) -> Option<Vec<usize>> {
        self.dims.iter().copied().collect()
    }

    /// The bytes of a tensor of this type with `shape`, if it can be so large.
    pub(crate) fn bytes_of(&self, shape: &[usize]) -> Option<usize> {
        let mut lens = shape.iter().map(|len| *len as u64);
        let elements = lens.try_fold(1_u64, u64::checked_mul)?;
        usize::try_from(self.dtype.bytes_of(elements)?).ok()
    }
}

/// As in `input float32 [?, 3, 224, 224] NCHW`; a range stands as `1~8`.
impl fmt::Display for TensorSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} [", self.name, self.dtype.name())?;
        for (index, dim) in self.dims.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            match (dim, self.ranges.get(index)) {
                (Some(len), _) => write!(f, "{separator}{len}")?,
                (None, Some(range)) if range.most.is_some() => write!(f, "{separator}{range}")?,
                (None, _) => write!(f, "{separator}?")?,
            }
        }
        write!(f, "] {}", self.format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_has_a_short_name() {
        let called = |name: &str| TensorSpec {
            name: name.to_owned(),
            dtype: DataType::F32,
            format: Format::NCHW,
            dims: Vec::new(),
            bytes: 0,
            ranges: Vec::new(),
            aipp: None,
        };
        for (name, short) in [
            ("fc:0:output", "output"),
            ("a:b:1:y", "y"),
            ("/add:0:onnx::Gather_322", "onnx::Gather_322"),
            ("add:0:x:0", "x:0"),
            ("x", "x"),
            ("a:b", "a:b"),
            ("a:0:", "a:0:"),
        ] {
            assert_eq!(called(name).short_name(), short);
            assert!(called(name).is_called(short) && called(name).is_called(name));
        }
    }
}
