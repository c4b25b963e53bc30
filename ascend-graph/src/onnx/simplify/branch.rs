//! An `If` whose condition is known, which is one of its branches.

use std::collections::{HashMap, HashSet};

use crate::onnx::names::{Names, defined, rename};
use crate::onnx::{Graph, Node, Tensor};

/// What stands for an `If`.
pub(super) struct Inlined {
    pub(super) nodes: Vec<Node>,
    pub(super) constants: Vec<Tensor>,
}

/// Takes the branch out of the node, or `None`, and leaves it whole, where names could be mixed up.
pub(super) fn inline(node: &mut Node, condition: bool, names: &Names) -> Option<Inlined> {
    let which = if condition {
        "then_branch"
    } else {
        "else_branch"
    };
    let attribute = node
        .attribute
        .iter_mut()
        .find(|attribute| attribute.name == which)?;
    let fits = |branch: &Graph| {
        branch.input.is_empty()
            && branch.sparse_initializer.is_empty()
            && branch.output.len() == node.output.len()
            && defined(branch).all(|name| names.is_unique(name))
    };
    let branch = *attribute.g.take_if(|branch| fits(branch))?;
    let mut nodes = branch.node;
    let given = nodes.iter().flat_map(|inner| &inner.output);
    let mut given: HashSet<String> = given.filter(|name| !name.is_empty()).cloned().collect();
    let (mut renamed, mut copies) = (HashMap::new(), Vec::new());
    for (inner, outer) in branch.output.iter().zip(&node.output) {
        if outer.is_empty() {
            continue;
        }
        // What a node of the branch gives takes the outer name, once; the rest is copied.
        if given.remove(&inner.name) {
            renamed.insert(inner.name.clone(), outer.clone());
        } else {
            copies.push((inner.name.clone(), outer.clone()));
        }
    }
    for (index, (inner, outer)) in copies.into_iter().enumerate() {
        nodes.push(Node {
            name: format!("{}/{index}", node.name),
            op_type: "Identity".to_owned(),
            input: vec![inner],
            output: vec![outer],
            ..Node::default()
        });
    }
    rename(&mut nodes, |name| renamed.get(name).cloned());
    Some(Inlined {
        nodes,
        constants: branch.initializer,
    })
}
