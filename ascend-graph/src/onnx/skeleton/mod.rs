//! A graph as the skeleton for other numbers than its own.

mod habits;
mod matcher;
mod pour;
mod slots;

use super::Model;
use crate::DataType;

/// A tensor that could go into a skeleton: its name, type and shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// The name, as the network has it.
    pub name: String,
    /// The element type.
    pub dtype: DataType,
    /// The extent of each axis.
    pub dims: Vec<i64>,
}

/// Which weight goes into which constant of a skeleton.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The constants that get a weight.
    pub matches: Vec<Match>,
    /// How many constants belong to the computation and stay: shapes, axes, factors.
    pub kept: usize,
    /// Constants that have to be weights, or may be, and for which none was found.
    pub unmatched: Vec<Unmatched>,
    /// Constants whose weight has another shape or type.
    pub misfits: Vec<Misfit>,
    /// The weights that went nowhere, by number, without counters of training steps.
    pub leftover: Vec<usize>,
    /// Those of them that are statistics of batch normalisations beside layers that got their weights: the
    /// skeleton has no such normalisation, so it may be one whose normalisations an optimiser folded into
    /// constants that kept their names, and which computes something else with the weights as they are.
    pub folded: Vec<usize>,
    /// What to take off the weights' names, or to put before them (the first and the second), and how
    /// many more constants would have a weight then.
    pub hint: Option<(String, String, usize)>,
}

/// A constant of a skeleton and its weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The constant's name.
    pub constant: String,
    /// The number of the weight.
    pub weight: usize,
    /// The constant's element type, which it keeps.
    pub dtype: DataType,
    /// The constant's shape, which it keeps.
    pub dims: Vec<i64>,
    /// What the two were matched by.
    pub by: MatchedBy,
    /// Whether the weight goes in transposed: exporters store that of a linear layer so.
    pub is_transposed: bool,
}

/// What a constant and a weight were matched by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatchedBy {
    /// They have one name.
    Name,
    /// The constant's name is made up; the node that reads it has the name of the module.
    Node,
    /// The constant's name is made up; no other one and no other weight has its shape.
    Shape,
}

/// A constant without a weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// The constant's name.
    pub constant: String,
    /// Its element type.
    pub dtype: DataType,
    /// Its shape.
    pub dims: Vec<i64>,
    /// Why there is none.
    pub why: Missing,
}

/// Why a constant has no weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Missing {
    /// No weight has its name.
    Name,
    /// The exporter folded a batch normalisation into it.
    FoldedNormalisation,
    /// The exporter computed it from parameters of a convolution.
    Computed,
    /// The exporter ordered the gates of a recurrent layer anew.
    Rearranged,
    /// Its name is made up, and several weights could be meant, or none.
    Ambiguous,
}

/// A constant and a weight of one name that do not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The name.
    pub constant: String,
    /// The number of the weight.
    pub weight: usize,
    /// The element type of the constant.
    pub dtype: DataType,
    /// The shape of the constant.
    pub dims: Vec<i64>,
    /// Whether shape and type fit, and nothing tells if the weight belongs in transposed.
    pub is_undecided: bool,
}

impl Plan {
    /// Finds out which of `weights` go into which constants of `model`.
    ///
    /// Names decide; a matrix that is multiplied with may have its weight's shape transposed. Constants
    /// whose names an exporter made up get a weight only if they are factors of a product of matrices,
    /// which exporters transpose ahead: by the name of the module that the reading node bears, or where
    /// no other constant or weight has the shape. Elements are not looked at, so data outside of the
    /// file need not be there.
    #[must_use]
    pub fn new(model: &Model, weights: &[Weight]) -> Self {
        matcher::match_all(model, weights)
    }
}
