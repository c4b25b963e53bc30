use std::collections::HashMap;

use super::finding::Place;
use super::target::Target;
use crate::onnx::{Graph, Model, Node, Tensor, is_onnx_domain};

/// A model under check, and what the rules ask of it again and again.
pub(super) struct Subject<'m> {
    pub(super) model: &'m Model,
    pub(super) graph: &'m Graph,
    pub(super) target: &'m Target,
    /// Every node, those of graphs inside of nodes too.
    pub(super) nodes: Vec<Site<'m>>,
    /// The constants of the outermost graph: initializers, and nodes that are constant tensors.
    pub(super) constants: HashMap<&'m str, &'m Tensor>,
    /// The nodes of the outermost graph that give a value.
    givers: HashMap<&'m str, usize>,
    /// The nodes of the outermost graph that read a value, each once for each time.
    readers: HashMap<&'m str, Vec<usize>>,
}

/// A node and where it is.
#[derive(Clone, Copy)]
pub(super) struct Site<'m> {
    pub(super) node: &'m Node,
    pub(super) index: usize,
    /// Whether it is in a graph inside of a node.
    pub(super) is_inner: bool,
}

impl<'m> Site<'m> {
    pub(super) fn place(&self) -> Place {
        Place::node(self.node, self.index)
    }

    /// Gives the domain in the spelling of `atc`'s keys.
    pub(super) fn domain(&self) -> &'m str {
        domain(&self.node.domain)
    }

    /// Tells whether this is the operator of ONNX.
    pub(super) fn is(&self, op_type: &str) -> bool {
        self.node.op_type == op_type && self.node.is_onnx()
    }
}

/// Gives a domain in the spelling of `atc`'s keys.
pub(super) fn domain(name: &str) -> &str {
    if is_onnx_domain(name) {
        "ai.onnx"
    } else {
        name
    }
}

impl<'m> Subject<'m> {
    pub(super) fn new(model: &'m Model, graph: &'m Graph, target: &'m Target) -> Self {
        let mut constants: HashMap<&str, &Tensor> = HashMap::new();
        for tensor in &graph.initializer {
            constants.insert(&tensor.name, tensor);
        }
        let (mut givers, mut readers) = (HashMap::new(), HashMap::<&str, Vec<usize>>::new());
        for (index, node) in graph.node.iter().enumerate() {
            constants.extend(node.constant());
            for name in node.output.iter().filter(|name| !name.is_empty()) {
                givers.entry(name.as_str()).or_insert(index);
            }
            for name in node.input.iter().filter(|name| !name.is_empty()) {
                readers.entry(name).or_default().push(index);
            }
        }
        Self {
            model,
            graph,
            target,
            nodes: sites(graph),
            constants,
            givers,
            readers,
        }
    }

    /// Gives the version in which the model imports a domain, by the spelling of `atc`'s keys.
    pub(super) fn version(&self, of: &str) -> Option<i64> {
        let imports = self.model.opset_import.iter();
        let mut imports = imports.filter(|set| domain(&set.domain) == of);
        imports.next().map(|set| set.version)
    }

    /// Gives the node of the outermost graph that gives a value.
    pub(super) fn giver(&self, value: &str) -> Option<&'m Node> {
        self.graph.node.get(*self.givers.get(value)?)
    }

    /// Gives the nodes of the outermost graph that read a value.
    pub(super) fn readers(&self, value: &str) -> impl Iterator<Item = Site<'m>> {
        let indices = self.readers.get(value).into_iter().flatten();
        indices.map(|&index| Site {
            node: &self.graph.node[index],
            index,
            is_inner: false,
        })
    }

    /// Gives the node that alone reads the only output of `node`, if that is so.
    pub(super) fn only_reader(&self, node: &Node) -> Option<&'m Node> {
        let mut readers = self.readers(node.output.first()?);
        let reader = readers.next()?;
        readers.next().is_none().then_some(reader.node)
    }

    /// Gives the nodes of the outermost graph.
    pub(super) fn outer_nodes(&self) -> impl Iterator<Item = Site<'m>> {
        self.nodes.iter().copied().filter(|site| !site.is_inner)
    }
}

/// Lists the nodes of a graph and of all graphs inside of it.
pub(super) fn sites(graph: &Graph) -> Vec<Site<'_>> {
    let mut sites = Vec::new();
    let mut graphs = vec![(graph, false)];
    while let Some((graph, is_inner)) = graphs.pop() {
        for (index, node) in graph.node.iter().enumerate() {
            sites.push(Site {
                node,
                index,
                is_inner,
            });
            graphs.extend(node.subgraphs().map(|graph| (graph, true)));
        }
    }
    sites
}
