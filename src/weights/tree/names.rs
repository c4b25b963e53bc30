//! Names of objects by the way that leads to them.

use crate::error::Result;
use crate::weights::pickle::{Heap, Ref, Value};
use crate::weights::{damaged, over_limit};

/// Bytes of the longest part of a name.
const MAX_KEY: usize = 64 << 10;

/// What leads from a container to a part of it.
#[derive(Clone, Copy)]
pub(super) enum Key {
    Index(usize),
    Value(Ref),
}

/// A way from the root to a value, as one step from another way.
struct Step {
    value: Ref,
    depth: usize,
    above: Option<(usize, Key)>,
}

/// Ways to values, and text for those that are wanted.
pub(super) struct Names<'h, 'p> {
    heap: &'h Heap<'p>,
    steps: Vec<Step>,
    /// Bytes of text that may still be made.
    budget: usize,
}

impl<'h, 'p> Names<'h, 'p> {
    pub(super) fn new(heap: &'h Heap<'p>, budget: usize) -> Self {
        Self {
            heap,
            steps: Vec::new(),
            budget,
        }
    }

    pub(super) fn root(&mut self, value: Ref) -> usize {
        self.steps.push(Step {
            value,
            depth: 0,
            above: None,
        });
        self.steps.len() - 1
    }

    pub(super) fn below(&mut self, step: usize, key: Key, value: Ref) -> usize {
        let depth = self.steps[step].depth + 1;
        self.steps.push(Step {
            value,
            depth,
            above: Some((step, key)),
        });
        self.steps.len() - 1
    }

    pub(super) fn depth(&self, step: usize) -> usize {
        self.steps[step].depth
    }

    /// Whether the value of a step is also that of a step above it.
    pub(super) fn is_below_itself(&self, step: usize) -> bool {
        let mut above = self.steps[step].above;
        while let Some((at, _)) = above {
            if self.steps[at].value == self.steps[step].value {
                return true;
            }
            above = self.steps[at].above;
        }
        false
    }

    /// The keys on the way to a step, joined by dots.
    pub(super) fn path(&mut self, step: usize) -> Result<String> {
        let mut keys = Vec::new();
        let mut above = self.steps[step].above;
        while let Some((at, key)) = above {
            keys.push(match key {
                Key::Index(index) => index.to_string(),
                Key::Value(key) => self.key(key)?,
            });
            above = self.steps[at].above;
        }
        keys.reverse();
        Ok(keys.join("."))
    }

    /// A key as Python's `str` gives it.
    pub(super) fn key(&mut self, key: Ref) -> Result<String> {
        let text = match self.heap.value(key) {
            Value::Tuple(span) => {
                let mut parts = String::new();
                for &part in self.heap.members(span) {
                    let comma = if parts.is_empty() { "" } else { ", " };
                    let quote = if matches!(self.heap.value(part), Value::Text(_)) {
                        "'"
                    } else {
                        ""
                    };
                    let part = self.simple(part)?;
                    parts = parts + comma + quote + &part + quote;
                    check_len(parts.len())?;
                }
                format!("({parts})")
            }
            _ => self.simple(key)?,
        };
        self.budget = self.budget.checked_sub(text.len()).ok_or_else(|| {
            over_limit(
                "the names need more memory than the limit; if the file is trusted, raise it with \
                 OpenOptions::memory_limit",
            )
        })?;
        Ok(text)
    }

    fn simple(&self, value: Ref) -> Result<String> {
        Ok(match self.heap.value(value) {
            Value::None => "None".to_owned(),
            Value::Bool(true) => "True".to_owned(),
            Value::Bool(false) => "False".to_owned(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => format!("{number:?}"),
            Value::Text(span) => {
                check_len(self.heap.raw_text(span).len())?;
                let text = self.heap.text(span);
                text.ok_or_else(|| damaged("a key that is not UTF-8"))?
                    .to_owned()
            }
            other => format!("<{}>", other.noun()),
        })
    }
}

fn check_len(len: usize) -> Result<()> {
    if len > MAX_KEY {
        return Err(over_limit(format!(
            "a key of {len} bytes; up to {MAX_KEY} are read"
        )));
    }
    Ok(())
}
