//! What a reader did with a file, for people and for logs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ascend_graph::counted;

use super::fault::Fault;

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
    /// How many names that were.
    pub stripped_names: usize,
    /// What the rules of [`OpenOptions::rename`](super::OpenOptions::rename) did.
    pub renamed: Vec<Renamed>,
    /// What stands beside the weights, in file order; its tensors are in
    /// [`Checkpoint::beside`](super::Checkpoint::beside).
    pub left: Vec<Left>,
    /// Tensors that cannot be given, each with the reason.
    pub refused: Vec<Refused>,
    /// Tensors beside the weights that cannot be given.
    pub refused_beside: Vec<Refused>,
    /// Numbers and text beside the weights.
    pub values: Vec<Valued>,
    /// Objects of foreign classes beside the weights, kept by name.
    pub opaque: Vec<Opaque>,
    /// The text pairs of a safetensors header.
    pub metadata: BTreeMap<String, String>,
    /// Present if the file holds a whole model.
    pub model: Option<Model>,
    /// Whether an NPU wrote it: its rebuild calls or its location are there.
    pub npu: bool,
    /// Where the tensors were when they were saved: `cpu`, `cuda:0`, `npu:0`.
    pub locations: BTreeSet<String>,
    /// The protocol of the pickle.
    pub pickle_protocol: Option<u8>,
    /// The versions of torch that write files like this one, as far as the file tells.
    pub written_by: Option<String>,
    /// The other files that were read, by name.
    pub shards: Vec<String>,
    /// What else a reader should know: what was undone, corrected or cut short.
    pub notes: Vec<String>,
}

/// A model that was saved whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Model {
    /// The classes of its modules, in alphabetic order.
    pub classes: BTreeSet<String>,
    /// How many of its modules were in training mode.
    pub training: usize,
    /// How many modules it has.
    pub modules: usize,
}

/// One part of the way to an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A text key, or another one as Python's `str` gives it.
    Text(String),
    /// An integer key, or a position in a list.
    Index(i64),
}

/// A number or text beside the weights.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Valued {
    /// The way to it.
    pub path: Vec<Key>,
    /// What it is.
    pub value: Scalar,
}

/// A single value that is no tensor.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Scalar {
    /// Python's `None`.
    None,
    /// A truth value.
    Bool(bool),
    /// An integer of up to 64 bits.
    Int(i64),
    /// A larger integer, in decimal digits.
    Large(String),
    /// A float.
    Float(f64),
    /// Text.
    Text(String),
}

/// An object of a class that is not looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opaque {
    /// The way to it.
    pub path: Vec<Key>,
    /// Its class, with the module.
    pub class: String,
}

/// What one renaming rule did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Renamed {
    /// The rule.
    pub rule: String,
    /// How many names it changed.
    pub names: usize,
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
    /// The way to it in the file.
    pub path: Vec<Key>,
    /// What is wrong with it.
    pub fault: Fault,
    /// Why, and what to do about it.
    pub reason: String,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Index(index) => index.fmt(f),
        }
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tensors {
            0 => f.write_str(&self.name),
            many => write!(f, "{} ({})", self.name, counted(many, "tensor")),
        }
    }
}

/// One line per fact, and nothing for a file that needed none.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        if let Some(Model {
            classes,
            training,
            modules,
        }) = &self.model
        {
            let classes = classes.len();
            lines.push(format!(
                "walked a whole model of {} in {}, {training} of them in training mode",
                counted(*modules, "module"),
                counted(classes, "class")
            ));
        }
        if let Some(key) = &self.entered {
            lines.push(format!("took {key:?}"));
        }
        if let Some(prefix) = &self.stripped {
            let names = match self.stripped_names {
                1 => "the one name".to_owned(),
                names => format!("all {names} names"),
            };
            lines.push(format!("stripped {prefix:?} from {names}"));
        }
        for Renamed { rule, names } in &self.renamed {
            lines.push(format!("renamed {names} by {rule}"));
        }
        if !self.left.is_empty() {
            let names: Vec<String> = self.left.iter().map(ToString::to_string).collect();
            lines.push(format!("left {}", names.join(", ")));
        }
        for Refused { name, reason, .. } in self.refused.iter().chain(&self.refused_beside) {
            lines.push(format!("refused {name:?}: {reason}"));
        }
        for (key, value) in &self.metadata {
            lines.push(format!("metadata {key:?} = {value:?}"));
        }
        lines.extend(self.notes.iter().cloned());
        f.write_str(&lines.join("\n"))
    }
}
