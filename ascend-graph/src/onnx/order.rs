use std::collections::HashMap;

use super::{Graph, Node};
use crate::{Error, Result};
use crate::{Text, text};

/// How many nodes at the start of a cycle are named.
const NAMED_NODES: usize = 6;

/// Gives the indices of the nodes in an order in which they can run.
///
/// The order that the file has is kept as far as it is right, so a sorted graph gives 0, 1, 2, …
/// Values read inside of a node's graphs count as read by the node.
///
/// # Errors
/// `Invalid` if nodes wait for each other in a circle; they are named.
pub fn topological_order(graph: &Graph) -> Result<Vec<usize>> {
    sort(graph).map_err(|cycle| Error::invalid(describe(graph, &cycle)))
}

/// Says which nodes wait for which; of a long cycle, its two ends.
pub(super) fn describe(graph: &Graph, cycle: &[usize]) -> Text {
    let label = |&index: &usize| graph.node[index].label(index);
    let label = |index| Text::from(label(index));
    let mut names: Vec<Text> = cycle.iter().take(NAMED_NODES).map(label).collect();
    if let Some(rest) = cycle.get(NAMED_NODES..).filter(|rest| rest.len() > 1) {
        names.push(text!("{count} more", count = rest.len() - 1));
    }
    names.extend(
        cycle
            .get(NAMED_NODES..)
            .and_then(<[usize]>::last)
            .map(label),
    );
    names.extend(cycle.first().map(label));
    let names = names.into_iter();
    let names = names.reduce(|one, next| text!("{one} → {next}", one, next));
    text!(
        "the graph has a cycle: {names}",
        names = names.unwrap_or_default()
    )
}

/// Sorts by depth-first search; a failure holds the nodes of one cycle, each before those that read it.
pub(super) fn sort(graph: &Graph) -> Result<Vec<usize>, Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Waiting,
        Done,
    }

    let sources = sources(graph);
    let mut state = vec![State::New; graph.node.len()];
    let mut order = Vec::with_capacity(graph.node.len());
    let mut waiting: Vec<(usize, usize)> = Vec::new();
    for root in 0..graph.node.len() {
        if state[root] == State::New {
            state[root] = State::Waiting;
            waiting.push((root, 0));
        }
        while let Some((node, next)) = waiting.last_mut() {
            let Some(&source) = sources[*node].get(*next) else {
                state[*node] = State::Done;
                order.push(*node);
                waiting.pop();
                continue;
            };
            *next += 1;
            match state[source] {
                State::Done => {}
                State::New => {
                    state[source] = State::Waiting;
                    waiting.push((source, 0));
                }
                State::Waiting => {
                    let path = waiting.iter().map(|&(node, _)| node);
                    let mut cycle: Vec<_> = path.skip_while(|&node| node != source).collect();
                    cycle.reverse();
                    // The first node of the file is the likely culprit: it waits for a later one.
                    let first = (0..cycle.len()).min_by_key(|&place| cycle[place]);
                    cycle.rotate_left(first.unwrap_or(0));
                    return Err(cycle);
                }
            }
        }
    }
    Ok(order)
}

/// Gives for each node the nodes whose values it reads.
fn sources(graph: &Graph) -> Vec<Vec<usize>> {
    let mut producers: HashMap<&str, usize> = HashMap::new();
    for (index, node) in graph.node.iter().enumerate() {
        for output in node.output.iter().filter(|output| !output.is_empty()) {
            producers.entry(output).or_insert(index);
        }
    }
    let of = |node| {
        reads(node)
            .into_iter()
            .filter_map(|value| producers.get(value).copied())
            .collect()
    };
    graph.node.iter().map(of).collect()
}

/// Gives how deep graphs lie in nodes of graphs: 0 for a graph without `If`, `Loop` and `Scan`.
#[must_use]
pub fn nesting(graph: &Graph) -> usize {
    let (mut deepest, mut graphs) = (0, vec![(graph, 0)]);
    while let Some((graph, level)) = graphs.pop() {
        deepest = deepest.max(level);
        let inside = graph.node.iter().flat_map(Node::subgraphs);
        graphs.extend(inside.map(|graph| (graph, level + 1)));
    }
    deepest
}

/// Gives the names that a node reads, itself or from within its graphs; those that only its graphs define are
/// among them.
#[must_use]
pub fn reads(node: &Node) -> Vec<&str> {
    let mut names: Vec<&str> = node.input.iter().map(String::as_str).collect();
    let mut graphs: Vec<&Graph> = node.subgraphs().collect();
    while let Some(graph) = graphs.pop() {
        names.extend(graph.output.iter().map(|output| output.name.as_str()));
        for inner in &graph.node {
            names.extend(inner.input.iter().map(String::as_str));
            graphs.extend(inner.subgraphs());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(nodes: &[(&str, &[&str], &str)]) -> Graph {
        let node = |&(name, inputs, output): &(&str, &[&str], &str)| Node {
            name: name.into(),
            input: inputs.iter().map(|&input| input.into()).collect(),
            output: vec![output.into()],
            ..Node::default()
        };
        Graph {
            node: nodes.iter().map(node).collect(),
            ..Graph::default()
        }
    }

    #[test]
    fn keeps_a_right_order_and_mends_a_wrong_one() {
        let sorted = graph(&[
            ("a", &["x"], "1"),
            ("b", &["x"], "2"),
            ("c", &["1", "2"], "3"),
        ]);
        assert_eq!(topological_order(&sorted).unwrap(), [0, 1, 2]);
        let mixed = graph(&[
            ("c", &["1", "2"], "3"),
            ("b", &["x"], "2"),
            ("a", &["x"], "1"),
        ]);
        assert_eq!(topological_order(&mixed).unwrap(), [2, 1, 0]);
    }

    #[test]
    fn names_a_cycle_in_the_direction_of_the_data() {
        let looped = graph(&[
            ("in", &["x"], "0"),
            ("a", &["0", "3"], "1"),
            ("b", &["1"], "2"),
            ("c", &["2"], "3"),
        ]);
        let message = topological_order(&looped).unwrap_err().to_string();
        assert_eq!(message, "the graph has a cycle: a → b → c → a");
    }

    #[test]
    fn a_long_chain_backwards_needs_no_deep_stack() {
        let count = 100_000;
        let node = |index: usize| Node {
            input: vec![format!("{}", index + 1)],
            output: vec![format!("{index}")],
            ..Node::default()
        };
        let chain = Graph {
            node: (0..count).map(node).collect(),
            ..Graph::default()
        };
        let order = topological_order(&chain).unwrap();
        assert!(order.into_iter().eq((0..count).rev()));
    }
}
