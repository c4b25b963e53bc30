//! Which value of one side is which of the other.

use std::collections::HashMap;
use std::hash::Hash;

use super::value::{Value, plain};

/// How two values were found to be the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Match {
    /// By the value's name.
    Tensor,
    /// By the node's name, and which of its outputs it is.
    Node,
    /// By the name that the node had before compilation.
    Origin,
    /// By the place among the outputs.
    Place,
    /// By the place among the nodes of the same operator: names tell nothing.
    Order,
}

impl Match {
    /// In a few words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Tensor => "by the tensor's name",
            Self::Node => "by the node's name",
            Self::Origin => "by the name before compilation",
            Self::Place => "by the place among the outputs",
            Self::Order => "by operator and order",
        }
    }
}

/// A value of A, one of B, and why they are taken for the same.
pub(super) type Pair = (usize, usize, Match);

/// Finds the pairs. Names come first, then what they were before compilation; the order is asked last.
pub(super) fn pairs(a: &[Value], b: &[Value]) -> Vec<Pair> {
    let mut found = Pairs {
        sides: [a, b],
        is_taken: [vec![false; a.len()], vec![false; b.len()]],
        made: Vec::new(),
    };
    let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    found.by(Match::Tensor, |value| named(&value.tensor), fits);
    found.by(Match::Tensor, |value| named(&plain(&value.tensor)), fits);
    let node = |value: &Value, name: &str| Some((named(name)?, value.index));
    found.by(Match::Node, |value| node(value, &value.node), |_, _| true);
    found.by(
        Match::Node,
        |value| node(value, &plain(&value.node)),
        |_, _| true,
    );
    let called = |value: &Value| (is_file(value) || !value.node.is_empty()).then(|| value.label());
    let is_of_file = |a: &Value, b: &Value| is_file(a) != is_file(b);
    found.by(Match::Node, called, is_of_file);
    let plainly = |value: &Value| called(value).map(|name| plain(&name));
    found.by(Match::Node, plainly, is_of_file);
    found.by_origin();
    found.by_place();
    found.by_order();
    found.made
}

/// Whether values of one name may be the same: exporters number values, and another export may number
/// them in another way.
fn fits(a: &Value, b: &Value) -> bool {
    let is_same = |a: &str, b: &str| a.is_empty() || b.is_empty() || a == b;
    let is_named = a.node.is_empty() || b.node.is_empty() || a.node == b.node;
    is_named || is_same(&a.operator, &b.operator) || (a.is_output && b.is_output)
}

/// Whether a value is a file that tells nothing but a name, which may be that of a node.
fn is_file(value: &Value) -> bool {
    value.node.is_empty() && !value.is_output && !value.tensor.is_empty()
}

struct Pairs<'v> {
    sides: [&'v [Value]; 2],
    is_taken: [Vec<bool>; 2],
    made: Vec<Pair>,
}

impl Pairs<'_> {
    fn take(&mut self, a: usize, b: usize, by: Match) {
        self.is_taken[0][a] = true;
        self.is_taken[1][b] = true;
        self.made.push((a, b, by));
    }

    /// The values of a side that have no partner yet.
    fn free(&self, side: usize) -> Vec<usize> {
        let all = 0..self.sides[side].len();
        all.filter(|&value| !self.is_taken[side][value]).collect()
    }

    /// Pairs values of equal keys that stand once on each side.
    fn by<K: Hash + Eq>(
        &mut self,
        by: Match,
        key: impl Fn(&Value) -> Option<K>,
        fits: fn(&Value, &Value) -> bool,
    ) {
        let mut keys: HashMap<K, [Vec<usize>; 2]> = HashMap::new();
        for side in 0..2 {
            for value in self.free(side) {
                if let Some(key) = key(&self.sides[side][value]) {
                    keys.entry(key).or_default()[side].push(value);
                }
            }
        }
        let mut found: Vec<(usize, usize)> = keys
            .into_values()
            .filter_map(|places| match (&places[0][..], &places[1][..]) {
                (&[a], &[b]) => Some((a, b)),
                _ => None,
            })
            .filter(|&(a, b)| fits(&self.sides[0][a], &self.sides[1][b]))
            .collect();
        found.sort_unstable();
        for (a, b) in found {
            self.take(a, b, by);
        }
    }

    /// Pairs values with those that stand for their nodes after compilation, on either side.
    fn by_origin(&mut self) {
        for side in 0..2 {
            let other = 1 - side;
            let mut nodes: HashMap<(String, usize), usize> = HashMap::new();
            for value in self.free(other) {
                let Value { node, index, .. } = &self.sides[other][value];
                nodes.insert((plain(node), *index), value);
            }
            for value in self.free(side) {
                // what several nodes became gives what the last one gave
                let origins = self.sides[side][value].origins.iter().rev();
                let partner = origins
                    .map(|(node, index)| (plain(node), *index))
                    .find_map(|key| nodes.remove(&key));
                let Some(partner) = partner else { continue };
                let (a, b) = if side == 0 {
                    (value, partner)
                } else {
                    (partner, value)
                };
                self.take(a, b, Match::Origin);
            }
        }
    }

    /// Pairs the outputs that are left by their places, where there are as many. A side of files alone
    /// does not tell which are outputs: then all of them have to be, and none may be called after a value.
    fn by_place(&mut self) {
        let outputs = |pairs: &Self, side: usize| {
            let knows = pairs.sides[side].iter().any(|value| value.is_output);
            let has_named = pairs.is_taken[side].contains(&true);
            let is_output = |value: &usize| {
                let value = &pairs.sides[side][*value];
                value.is_output || (!knows && !has_named && value.node.is_empty())
            };
            pairs
                .free(side)
                .into_iter()
                .filter(is_output)
                .collect::<Vec<_>>()
        };
        if !self
            .sides
            .iter()
            .any(|side| side.iter().any(|value| value.is_output))
        {
            return;
        }
        let [a, b] = [outputs(self, 0), outputs(self, 1)];
        if a.len() == b.len() {
            for (a, b) in a.into_iter().zip(b) {
                self.take(a, b, Match::Place);
            }
        }
    }

    /// Pairs what is left of an operator in order, where both sides have as many nodes of it.
    fn by_order(&mut self) {
        let mut kinds: HashMap<(String, usize), [Vec<usize>; 2]> = HashMap::new();
        for side in 0..2 {
            for value in self.free(side) {
                let Value {
                    operator, index, ..
                } = &self.sides[side][value];
                if !operator.is_empty() {
                    let kind = kinds.entry((operator.clone(), *index)).or_default();
                    kind[side].push(value);
                }
            }
        }
        let mut found: Vec<(usize, usize)> = kinds
            .into_values()
            .filter(|[a, b]| a.len() == b.len())
            .flat_map(|[a, b]| a.into_iter().zip(b))
            .collect();
        found.sort_unstable();
        for (a, b) in found {
            self.take(a, b, Match::Order);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(tensor: &str, node: &str, operator: &str) -> Value {
        Value {
            tensor: tensor.to_owned(),
            node: node.to_owned(),
            operator: operator.to_owned(),
            ..Value::default()
        }
    }

    fn found(a: &[Value], b: &[Value]) -> Vec<Pair> {
        let mut found = pairs(a, b);
        found.sort_unstable_by_key(|pair| pair.0);
        found
    }

    #[test]
    fn names_come_before_order() {
        let a = [
            value("1", "conv", "Conv"),
            value("2", "/relu", "Relu"),
            value("y", "fc", "Gemm"),
        ];
        let b = [
            value("y", "fc", "Gemm"),
            value("", "_relu", "Relu"),
            value("1", "conv", "Conv"),
        ];
        assert_eq!(
            found(&a, &b),
            [
                (0, 2, Match::Tensor),
                (1, 1, Match::Node),
                (2, 0, Match::Tensor)
            ]
        );
    }

    #[test]
    fn numbers_of_another_export_are_no_names() {
        let a = [value("5", "first", "Conv"), value("6", "second", "Relu")];
        let b = [value("6", "first", "Conv"), value("5", "second", "Relu")];
        assert_eq!(found(&a, &b), [(0, 0, Match::Node), (1, 1, Match::Node)]);
        // another operator in the same place is what is looked for
        let changed = [value("5", "first", "Sigmoid"), value("6", "second", "Relu")];
        assert_eq!(
            found(&a, &changed),
            [(0, 0, Match::Tensor), (1, 1, Match::Tensor)]
        );
    }

    #[test]
    fn what_was_fused_gives_what_its_last_node_gave() {
        let a = [value("1", "conv", "Conv"), value("2", "relu", "Relu")];
        let mut fused = value("", "conv_relu", "Conv2D");
        fused.origins = vec![("conv".to_owned(), 0), ("relu".to_owned(), 0)];
        assert_eq!(found(&a, &[fused]), [(1, 0, Match::Origin)]);
    }

    #[test]
    fn files_are_called_after_nodes_too() {
        let out = |name: &str, node: &str| Value {
            is_output: true,
            ..value(name, node, "Relu")
        };
        let second = Value {
            index: 1,
            ..value("3", "/top", "TopK")
        };
        let net = [value("1", "scale", "Mul"), second, out("y", "clamp")];
        let file = |name: &str| value(name, "", "");
        assert_eq!(found(&net, &[file("scale")]), [(0, 0, Match::Node)]);
        assert_eq!(found(&[file("/top:1")], &net), [(0, 1, Match::Node)]);
        assert_eq!(found(&net, &[file("_top_1")]), [(1, 0, Match::Node)]);
        // one of a side that has names is not taken for an output because of its place
        let named = [file("scale"), file("other")];
        assert_eq!(found(&net, &named), [(0, 0, Match::Node)]);
        assert_eq!(found(&net, &[file("other")]), [(2, 0, Match::Place)]);
        // nor is an operator in a dump
        assert_eq!(found(&net, &[value("", "cast", "Cast")]), []);
    }

    #[test]
    fn without_names_the_order_decides() {
        let a = [
            value("", "a1", "Conv"),
            value("", "a2", "Conv"),
            value("", "a3", "Relu"),
        ];
        let b = [value("", "b1", "Conv"), value("", "b2", "Conv")];
        assert_eq!(found(&a, &b), [(0, 0, Match::Order), (1, 1, Match::Order)]);
        let out = |name: &str| Value {
            is_output: true,
            ..value(name, "", "")
        };
        assert_eq!(found(&[out("p"), out("q")], &[out("r"), out("s")]).len(), 2);
        assert_eq!(found(&[out("p"), out("q")], &[out("r")]), []);
    }
}
