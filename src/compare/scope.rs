//! What is compared.

use super::pairs::Pair;
use super::row::Row;
use super::side::Side;
use super::tolerance::Tolerance;
use super::value::Value;
use crate::error::{Error, ErrorKind, Result};

/// What is compared, and how strictly.
#[derive(Clone, Debug)]
pub struct Scope {
    /// What is tolerated.
    pub tolerance: Tolerance,
    /// The most bytes of tensors that are held at once, unless a single one takes more.
    pub memory_bytes: u64,
    /// Nodes are left out, and only outputs compared.
    pub outputs_only: bool,
    /// The nodes that are compared, by parts of their names or operators; all if there are none.
    pub nodes: Vec<String>,
    /// The most nodes that are compared, besides outputs.
    pub limit: Option<usize>,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            tolerance: Tolerance::default(),
            memory_bytes: 256 << 20,
            outputs_only: false,
            nodes: Vec::new(),
            limit: None,
        }
    }
}

impl Scope {
    /// The rows, not compared yet, and the pairs that they are of.
    pub(super) fn rows(&self, a: &Side, b: &Side, found: &[Pair]) -> Result<(Vec<Row>, Vec<Pair>)> {
        let mut places = found.to_vec();
        // in the order of the side that has one
        let by_a = a.knows_order() || !b.knows_order();
        if by_a {
            places.sort_unstable_by_key(|pair| pair.0);
        } else {
            places.sort_unstable_by_key(|pair| pair.1);
        }
        let mut left = self.limit.unwrap_or(usize::MAX);
        let (mut rows, mut named) = (Vec::new(), 0);
        places.retain(|&(left_value, right_value, matched)| {
            let (x, y) = (&a.values()[left_value], &b.values()[right_value]);
            let is_output = x.is_output || y.is_output;
            let is_named = self
                .nodes
                .iter()
                .any(|part| is_called(x, part) || is_called(y, part));
            let is_wanted = is_output
                || (!self.outputs_only && (self.nodes.is_empty() || is_named) && left > 0);
            if !is_wanted {
                return false;
            }
            named += usize::from(is_named);
            left -= usize::from(!is_output).min(left);
            let knows = if by_a { x } else { y };
            rows.push(Row::new(knows, [x, y], matched, is_output || is_named));
            true
        });
        if rows.is_empty() && self.nodes.is_empty() {
            let message = "neither side tells which values are outputs, so none is left: leave \
                           --outputs-only and --limit out";
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        if !self.nodes.is_empty() && named == 0 {
            let message = format!(
                "no node that both sides have is called {}: give a part of a name, or an operator; the first ones are {}",
                self.nodes.join(" or "),
                listed(a.values())
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        Ok((rows, places))
    }

    /// Whether a value is among the nodes that were asked for.
    pub(super) fn is_named(&self, value: &Value) -> bool {
        self.nodes.is_empty() || self.nodes.iter().any(|part| is_called(value, part))
    }

    /// Where a chunk ends that begins at `start` and is held at once.
    pub(super) fn chunk_end(&self, a: &Side, b: &Side, places: &[Pair], start: usize) -> usize {
        let (mut end, mut bytes) = (start, 0_u64);
        while let Some(&(left, right, _)) = places.get(end) {
            // what cannot be told is expected to take a good part
            let unknown = self.memory_bytes / 8;
            let each = [a.bytes(left), b.bytes(right)].map(|bytes| bytes.unwrap_or(unknown));
            bytes = each
                .iter()
                .fold(bytes, |all, each| all.saturating_add(*each));
            if bytes > self.memory_bytes && end > start {
                break;
            }
            end += 1;
        }
        end
    }
}

fn is_called(value: &Value, part: &str) -> bool {
    value.operator == part || value.node.contains(part) || value.tensor == part
}

/// The names of the first values.
pub(super) fn listed(values: &[Value]) -> String {
    let names: Vec<String> = values.iter().take(8).map(Value::label).collect();
    names.join(", ")
}
