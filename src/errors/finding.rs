//! What was found in a log, and where.

use std::path::PathBuf;

use super::entry::Entry;

/// A code or failure that was found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// What the book says of it.
    pub entry: Entry,
    /// How it was written, in the first few ways.
    pub spellings: Vec<String>,
    /// How often it was found.
    pub count: u64,
    /// The first few places, the earliest before the others. Where it failed, those of warnings are left out.
    pub places: Vec<Place>,
    /// Whether it only stood in warnings.
    pub is_warning: bool,
    /// The line, of all that were read, that has it first; of a failure, the first that is no warning.
    pub(super) since: u64,
}

/// A line of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The file, if it was one.
    pub file: Option<PathBuf>,
    /// The line's number, from 1.
    pub line: u64,
    /// The time that it tells.
    pub time: Option<String>,
    /// What it says, or the beginning of that.
    pub text: String,
}

impl Place {
    /// Whether this is certainly before another.
    pub(super) fn is_before(&self, other: &Self) -> bool {
        matches!((&self.time, &other.time), (Some(one), Some(other)) if one < other)
    }
}
