//! Names of values, through all graphs.

use std::collections::{HashMap, HashSet};

use super::{Graph, Node};

/// The names of values in a graph and in the graphs inside of it, to make new ones beside them.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// How many graphs define each.
    places: HashMap<String, usize>,
    made: usize,
}

impl Names {
    /// Takes what `graph` and the graphs inside of it define.
    #[must_use]
    pub fn of(graph: &Graph) -> Self {
        let mut names = Self::default();
        let mut graphs = vec![graph];
        while let Some(graph) = graphs.pop() {
            for name in defined(graph).collect::<HashSet<_>>() {
                *names.places.entry(name.to_owned()).or_default() += 1;
            }
            graphs.extend(graph.node.iter().flat_map(Node::subgraphs));
        }
        names
    }

    /// Whether exactly one place defines the name.
    pub(super) fn is_unique(&self, name: &str) -> bool {
        self.places.get(name) == Some(&1)
    }

    /// Gives a name that nothing else has: `stem` up to its first `~`, and a number.
    pub fn fresh(&mut self, stem: &str) -> String {
        let stem = stem.split('~').next().unwrap_or_default();
        loop {
            self.made += 1;
            let name = format!("{stem}~{}", self.made);
            if !self.places.contains_key(&name) {
                self.places.insert(name.clone(), 1);
                return name;
            }
        }
    }
}

/// The names that a graph itself defines; that of a constant which is an input too comes twice.
pub(super) fn defined(graph: &Graph) -> impl Iterator<Item = &str> {
    let inputs = graph.input.iter().map(|input| &input.name);
    let constants = graph.initializer.iter().map(|tensor| &tensor.name);
    let outputs = graph.node.iter().flat_map(|node| &node.output);
    let all = inputs.chain(constants).chain(outputs);
    all.map(String::as_str).filter(|name| !name.is_empty())
}

/// Gives values the names that `renamed` has for them, also where graphs inside read them.
pub(super) fn rename(nodes: &mut [Node], renamed: impl Fn(&str) -> Option<String>) {
    let change = |name: &mut String| {
        if let Some(new) = renamed(name) {
            *name = new;
        }
    };
    let mut graphs: Vec<&mut Graph> = Vec::new();
    let mut of_node = |node: &'_ mut Node| {
        node.input
            .iter_mut()
            .chain(&mut node.output)
            .for_each(change);
    };
    nodes.iter_mut().for_each(&mut of_node);
    for attribute in nodes.iter_mut().flat_map(|node| &mut node.attribute) {
        graphs.extend(attribute.g.as_deref_mut());
        graphs.extend(&mut attribute.graphs);
    }
    while let Some(graph) = graphs.pop() {
        graph.node.iter_mut().for_each(&mut of_node);
        let values = graph.output.iter_mut().chain(&mut graph.value_info);
        values.for_each(|value| change(&mut value.name));
        for attribute in graph.node.iter_mut().flat_map(|node| &mut node.attribute) {
            graphs.extend(attribute.g.as_deref_mut());
            graphs.extend(&mut attribute.graphs);
        }
    }
}
