//! What a reader did with a file, for people and for logs.

use std::collections::BTreeMap;
use std::fmt;

/// What was done to get from a file to its tensors.
///
/// Every tensor of the file is either given, or named here.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// The key under which the weights were found, if not at the top.
    pub entered: Option<String>,
    /// The prefix that every name had and that was taken off.
    pub stripped: Option<String>,
    /// What stands beside the weights and was not read, in file order.
    pub left: Vec<Left>,
    /// Tensors among the weights that cannot be given, each with the reason.
    pub refused: Vec<Refused>,
    /// The text pairs of a safetensors header.
    pub metadata: BTreeMap<String, String>,
}

/// Something in the file that is not part of the weights.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Left {
    /// Its key, as a path when it lies among the weights.
    pub name: String,
    /// How many tensors it holds.
    pub tensors: usize,
}

/// A tensor that cannot be given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refused {
    /// Its name.
    pub name: String,
    /// Why, and what to do about it.
    pub reason: String,
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tensors {
            0 => f.write_str(&self.name),
            1 => write!(f, "{} (1 tensor)", self.name),
            many => write!(f, "{} ({many} tensors)", self.name),
        }
    }
}

/// One line per fact, and nothing for a file that needed none.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        if let Some(key) = &self.entered {
            lines.push(format!("took {key:?}"));
        }
        if let Some(prefix) = &self.stripped {
            lines.push(format!("stripped {prefix:?} from every name"));
        }
        if !self.left.is_empty() {
            let names: Vec<String> = self.left.iter().map(ToString::to_string).collect();
            lines.push(format!("left {}", names.join(", ")));
        }
        for Refused { name, reason } in &self.refused {
            lines.push(format!("refused {name:?}: {reason}"));
        }
        for (key, value) in &self.metadata {
            lines.push(format!("metadata {key:?} = {value:?}"));
        }
        f.write_str(&lines.join("\n"))
    }
}
