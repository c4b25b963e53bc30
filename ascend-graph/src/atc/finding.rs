use std::collections::HashMap;
use std::fmt;

use super::rule::Rule;
use crate::onnx::Node;
use crate::{Text, text};

/// How many findings of one rule tell different reasons; what is found beyond shares the last one.
const MOST_REASONS: usize = 20;

/// The characters of a name from a file that are told.
const SHOWN: usize = 100;

/// The characters of a message: those about faults of a graph hold whole names.
const LONGEST: usize = 1000;

/// What a finding means for the conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// `atc` stops.
    Error,
    /// `atc` goes on, but the model is likely to be wrong, less precise or slow.
    Warning,
    /// What makes a better model, or a better export.
    Advice,
}

impl Severity {
    /// Gives the word in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// The model as a whole.
    Model,
    /// A node, by its name or, if it has none, by its number and operator.
    Node {
        /// The name.
        name: String,
        /// The operator, such as `Conv`.
        op_type: String,
    },
    /// An input of the model.
    Input(String),
    /// An output of the model.
    Output(String),
    /// A constant.
    Constant(String),
    /// A value between nodes.
    Value(String),
    /// An option of the conversion.
    Option(String),
}

impl Place {
    pub(super) fn node(node: &Node, index: usize) -> Self {
        Self::Node {
            name: node.label(index),
            op_type: node.op_type.clone(),
        }
    }

    /// Gives the kind in one word: `model`, `node`, `input`, `output`, `constant`, `value`, `option`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Node { .. } => "node",
            Self::Input(_) => "input",
            Self::Output(_) => "output",
            Self::Constant(_) => "constant",
            Self::Value(_) => "value",
            Self::Option(_) => "option",
        }
    }

    /// Gives the whole name; nothing for the model.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Model => "",
            Self::Node { name, .. }
            | Self::Input(name)
            | Self::Output(name)
            | Self::Constant(name)
            | Self::Value(name)
            | Self::Option(name) => name,
        }
    }
}

/// Names the place for people; very long names are cut.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model => f.write_str("the model"),
            // A label says the operator already.
            Self::Node { name, op_type } if name.starts_with('#') => {
                write!(f, "{}", Name(if name.len() > 1 { name } else { op_type }))
            }
            Self::Node { name, op_type } if op_type.is_empty() => write!(f, "{}", Name(name)),
            Self::Node { name, op_type } => write!(f, "{} ({})", Name(name), Name(op_type)),
            Self::Option(name) => f.write_str(name),
            _ => write!(f, "{} {}", self.kind(), Name(self.name())),
        }
    }
}

impl Place {
    /// Names the place as [`Display`](fmt::Display) does, for any language.
    #[must_use]
    pub fn text(&self) -> Text {
        let name = || Name(self.name());
        match self {
            Self::Model => text!("the model"),
            Self::Input(_) => text!("input {name}", name = name()),
            Self::Output(_) => text!("output {name}", name = name()),
            Self::Constant(_) => text!("constant {name}", name = name()),
            Self::Value(_) => text!("value {name}", name = name()),
            Self::Node { .. } | Self::Option(_) => Text::from(self.to_string()),
        }
    }
}

/// A name from a file, cut if it is very long.
pub(super) struct Name<'n>(pub(super) &'n str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(SHOWN) {
            Some((end, _)) => write!(f, "{}…", &self.0[..end]),
            None => f.write_str(self.0),
        }
    }
}

impl From<Name<'_>> for Text {
    fn from(name: Name<'_>) -> Self {
        Self::from(name.to_string())
    }
}

/// One cause of trouble, and all places where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it, such as `operator-version`; `docs/check.md` has all of them.
    pub rule: &'static str,
    /// What it means for the conversion.
    pub severity: Severity,
    /// The code with which `atc` would stop, such as `E16002`.
    pub code: Option<&'static str>,
    /// Whether the code is the likely one, as no document tells it.
    pub code_is_assumed: bool,
    /// Where it is, in the order of the model; never empty.
    pub places: Vec<Place>,
    /// What is wrong and why.
    pub message: Text,
    /// The way out.
    pub remedy: Text,
}

/// Tells everything in one line, with the first place.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = self.code {
            write!(f, "{code}: ")?;
        }
        if let Some(place) = self.places.first() {
            write!(f, "{place}")?;
        }
        if let Some(more) = self.places.len().checked_sub(1).filter(|&more| more > 0) {
            write!(f, " and {more} more")?;
        }
        write!(f, ": {}; {}", self.message, self.remedy)
    }
}

/// Collects findings: one for each cause.
#[derive(Default)]
pub(super) struct Findings {
    all: Vec<Finding>,
    by_reason: HashMap<(&'static str, Text), usize>,
    reasons: HashMap<&'static str, usize>,
}

impl Findings {
    /// Notes that `rule` is broken at `place`. Places with the same message belong together.
    pub(super) fn add(&mut self, rule: &'static Rule, place: Place, message: Text, remedy: Text) {
        let reasons = self.reasons.entry(rule.id).or_default();
        let mut message = message.cut(LONGEST, SHOWN);
        let is_known = self.by_reason.contains_key(&(rule.id, message.clone()));
        if !is_known && *reasons >= MOST_REASONS {
            message = text!(
                "the rule `{rule}` is broken here too, in one more way of more than {most}",
                rule = rule.id,
                most = MOST_REASONS
            );
        } else if !is_known {
            *reasons += 1;
        }
        let next = self.all.len();
        let key = (rule.id, message);
        if let Some(&index) = self.by_reason.get(&key) {
            if self.all[index].places.last() != Some(&place) {
                self.all[index].places.push(place);
            }
            return;
        }
        self.all.push(Finding {
            rule: rule.id,
            severity: rule.severity,
            code: rule.code,
            code_is_assumed: rule.code_is_assumed,
            places: vec![place],
            message: key.1.clone(),
            remedy,
        });
        self.by_reason.insert(key, next);
    }

    pub(super) fn has(&self, rule: &Rule) -> bool {
        self.reasons.contains_key(rule.id)
    }

    /// Gives the findings, the gravest first.
    pub(super) fn into_vec(mut self) -> Vec<Finding> {
        self.all.sort_by_key(|finding| finding.severity);
        self.all
    }
}
