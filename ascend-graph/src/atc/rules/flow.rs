//! `If`, the one operator of control flow that `atc` takes.

use std::collections::HashSet;

use crate::atc::finding::{Findings, Name};
use crate::atc::rule::{IF_BRANCHES, IF_CAPTURES};
use crate::atc::subject::{Site, Subject};
use crate::onnx::{AttributeValue, Graph, Node};
use crate::{Text, text};

/// How many captured values are named.
const NAMED: usize = 3;

pub(in crate::atc) fn check(subject: &Subject, findings: &mut Findings) {
    for site in subject.nodes.iter().filter(|site| site.is("If")) {
        check_if(subject, site, findings);
    }
}

fn check_if(subject: &Subject, site: &Site, findings: &mut Findings) {
    let node = site.node;
    for name in ["then_branch", "else_branch"] {
        let wrong = match node.attribute(name) {
            Some(AttributeValue::Graph(branch)) if branch.output.len() == node.output.len() => {
                continue;
            }
            Some(AttributeValue::Graph(branch)) => text!(
                "its {name} gives {given} values, the node {wanted}",
                name,
                given = branch.output.len(),
                wanted = node.output.len()
            ),
            _ => text!("it has no {name}", name),
        };
        findings.add(
            &IF_BRANCHES,
            site.place(),
            wrong,
            text!("give the node both branches, each with as many outputs as the node has"),
        );
    }
    let captured = captured(node);
    let condition = node.input.first().map_or("", String::as_str);
    let fold = if subject.constants.contains_key(condition) {
        text!(
            "its condition is constant: fold it with `ascend convert --simplify`, or export again without the branch"
        )
    } else {
        text!(
            "fold it for fixed input shapes (`ascend convert --simplify --input-shape …`; most conditions test a \
         shape), or take the `if` out of forward(); if it must stay, make each branch small"
        )
    };
    let message = if captured.is_empty() {
        text!(
            "the If makes a model whose shapes are known only when it runs, which is slow on an NPU"
        )
    } else {
        let names = captured
            .iter()
            .take(NAMED)
            .map(|name| format!("`{}`", Name(name)));
        let names = names.collect::<Vec<_>>().join(", ");
        let more = captured.len().saturating_sub(NAMED);
        let more = if more > 0 {
            text!(" and {more} more", more)
        } else {
            Text::default()
        };
        text!(
            "the branches of the If read values from around it ({names}{more}), which atc must turn into \
             inputs of the branches; its shapes are known only when it runs, which is slow on an NPU",
            names,
            more
        )
    };
    findings.add(&IF_CAPTURES, site.place(), message, fold);
}

/// Gives the values that a node's graphs read from around the node, in order, each once.
fn captured(node: &Node) -> Vec<&str> {
    let (mut given, mut read) = (HashSet::new(), Vec::new());
    let mut graphs: Vec<&Graph> = node.subgraphs().collect();
    while let Some(graph) = graphs.pop() {
        given.extend(graph.initializer.iter().map(|tensor| tensor.name.as_str()));
        given.extend(graph.input.iter().map(|input| input.name.as_str()));
        read.extend(graph.output.iter().map(|output| output.name.as_str()));
        for inner in &graph.node {
            given.extend(inner.output.iter().map(String::as_str));
            read.extend(inner.input.iter().map(String::as_str));
            graphs.extend(inner.subgraphs());
        }
    }
    let mut seen = HashSet::new();
    read.retain(|name| !name.is_empty() && !given.contains(name) && seen.insert(*name));
    read
}
