//! The shapes among which a model is switched.

use std::fmt;

use super::tensor_spec::TensorSpec;

/// The most gears that a text lists.
const MOST_LISTED: usize = 16;

/// The shapes among which a model is switched: it was made for each of them, and for no other.
///
/// C API: `aclmdlGetDynamicBatch`, `aclmdlGetDynamicHW`, `aclmdlGetInputDynamicDims`, `acl_mdl.h`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Gears {
    /// What the values of a gear are.
    pub kind: GearKind,
    /// Where the values stand in the shapes of the inputs.
    pub axes: Vec<GearAxis>,
    /// Each gear, in the order in which the model was given them.
    pub gears: Vec<Gear>,
}

/// What the values of a gear are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum GearKind {
    /// One batch size, of all inputs that vary.
    Batch,
    /// Height and width, of all inputs that vary.
    ImageSize,
    /// A value for each dimension that varies.
    Dims,
}

/// A dimension that a gear decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct GearAxis {
    /// Which input, as in [`Description::inputs`](super::Description::inputs).
    pub input: usize,
    /// Which of its dimensions.
    pub axis: usize,
    /// Which value of a gear its length is.
    pub value: usize,
}

/// One of the shapes among which a model is switched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Gear {
    /// Its values: a batch size, height and width, or one for each dimension that varies.
    pub values: Vec<usize>,
    /// The shape of each input. That of an input with parameters for its preprocessing
    /// ([`AippSpec::Dynamic`](super::AippSpec::Dynamic)) is of the pictures that the network gets,
    /// `[batch, height, width, channels]`.
    pub shapes: Vec<Vec<usize>>,
}

impl Gears {
    /// The values of the gear with the greatest product of them.
    pub(crate) fn largest_values(&self) -> Vec<usize> {
        let size = |gear: &&Gear| {
            let values = gear.values.iter().map(|value| *value as u64);
            values.fold(1, u64::saturating_mul)
        };
        let largest = self.gears.iter().max_by_key(size);
        largest.map_or(Vec::new(), |gear| gear.values.clone())
    }

    /// The gears in words, with the names of the inputs where they matter.
    pub(crate) fn tell(&self, inputs: &[TensorSpec]) -> String {
        if self.kind != GearKind::Dims {
            return self.to_string();
        }
        let axes = self.axes.iter().map(|axis| {
            let name = inputs.get(axis.input).map_or("?", |input| &input.name);
            format!("{name}[{}]", axis.axis)
        });
        format!("{} for {}", self, axes.collect::<Vec<_>>().join(", "))
    }
}

/// As in `batch sizes 1, 2, 4`, `image sizes 224x224, 448x448` or `dims (1, 16), (1, 32)`.
impl fmt::Display for Gears {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            GearKind::Batch => "batch sizes ",
            GearKind::ImageSize => "image sizes ",
            GearKind::Dims => "dims ",
        })?;
        for (index, gear) in self.gears.iter().take(MOST_LISTED).enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            let values: Vec<String> = gear.values.iter().map(usize::to_string).collect();
            match self.kind {
                GearKind::Batch => write!(f, "{separator}{}", values.join(", "))?,
                GearKind::ImageSize => write!(f, "{separator}{}", values.join("x"))?,
                GearKind::Dims => write!(f, "{separator}({})", values.join(", "))?,
            }
        }
        match self.gears.len().saturating_sub(MOST_LISTED) {
            0 => Ok(()),
            rest => write!(f, " and {rest} more"),
        }
    }
}
