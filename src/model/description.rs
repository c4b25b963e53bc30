//! What a model takes and gives, as plain data.

use super::gears::Gears;
use super::load_config::MemoryNeed;
use super::tensor_spec::TensorSpec;

/// The inputs and outputs of a model, in its order, and what else it says of itself.
///
/// Plain data: with the feature `serde` it can be serialised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Description {
    /// What it takes. Inputs that only the device reads (the gear, the parameters of dynamic
    /// preprocessing) are left out: a [`Session`](crate::Session) fills them by itself.
    pub inputs: Vec<TensorSpec>,
    /// What it gives.
    pub outputs: Vec<TensorSpec>,
    /// The shapes among which it is switched, if it is.
    pub gears: Option<Gears>,
    /// The device memory that it takes; `None` where shapes have no limit, and for the models of a
    /// bundle.
    pub memory: Option<MemoryNeed>,
}

impl Description {
    /// Whether it takes and gives the same as `other`.
    pub(crate) fn has_interface_of(&self, other: &Self) -> bool {
        (&self.inputs, &self.outputs, &self.gears) == (&other.inputs, &other.outputs, &other.gears)
    }
}
