//! Names that `atc`, its options or the runtime stumble over.

use std::collections::HashSet;

use crate::atc::finding::{Findings, Place};
use crate::atc::rule::{NAME_CHARACTERS, NAME_DUPLICATE, NAME_LONG, NAME_SEPARATOR};
use crate::atc::subject::Subject;
use crate::text;

/// The bytes of a name that the runtime tells.
const LONGEST: usize = 127;

pub(in crate::atc) fn check(subject: &Subject, findings: &mut Findings) {
    check_nodes(subject, findings);
    let graph = subject.graph;
    let constants: HashSet<&str> = graph.initializer.iter().map(|t| t.name.as_str()).collect();
    let inputs = graph.input.iter();
    let inputs = inputs.filter(|input| !constants.contains(input.name.as_str()));
    for input in inputs {
        let place = || Place::Input(input.name.clone());
        if input.name.contains([';', ',', '"', '\'', '\n']) {
            findings.add(
                &NAME_SEPARATOR,
                place(),
                text!(
                    "its name has a character that separates items in the options of atc, so that \
                 --input-shape cannot name it"
                ),
                text!("rename the input (input_names=[…] of torch.onnx.export)"),
            );
        } else if input.name.contains(':') {
            findings.add(
                &NAME_SEPARATOR,
                place(),
                text!("its name has a colon; --input-shape takes what follows the last colon for the shape, and \
                 --out-nodes takes it for a number"),
                text!("name it with its shape in --input-shape (\"a:0:1,3,224,224\"), or rename it \
                 (input_names=[…] of torch.onnx.export)"),
            );
        }
        check_length(&input.name, place, findings);
    }
    for output in &graph.output {
        check_length(
            &output.name,
            || Place::Output(output.name.clone()),
            findings,
        );
    }
}

fn check_length(name: &str, place: impl Fn() -> Place, findings: &mut Findings) {
    if name.len() > LONGEST {
        findings.add(
            &NAME_LONG,
            place(),
            text!(
                "its name has {count} bytes, and the runtime tells at most {most}: programs see \
                 acl_modelId_… in its place",
                count = name.len(),
                most = LONGEST
            ),
            text!(
                "give it a short name (input_names=[…] and output_names=[…] of torch.onnx.export)"
            ),
        );
    }
}

fn check_nodes(subject: &Subject, findings: &mut Findings) {
    let is_odd = |c: char| {
        !c.is_ascii_graphic() || matches!(c, '"' | '\'' | ';' | '\\' | '<' | '>' | '*' | '?')
    };
    let mut names = HashSet::new();
    for site in &subject.nodes {
        let name = site.node.name.as_str();
        if name.contains(is_odd) {
            findings.add(
                &NAME_CHARACTERS,
                site.place(),
                text!("its name has characters other than letters, digits and plain signs, which atc's dumps, \
                 options and file names do not take"),
                text!("rename the node; names have no meaning for what is computed"),
            );
        }
        if !site.is_inner && !name.is_empty() && !names.insert(name) {
            findings.add(
                &NAME_DUPLICATE,
                site.place(),
                text!("another node has the same name; atc's messages and the options that name nodes \
                 (--out-nodes, --keep-dtype) cannot tell them apart"),
                text!("give each node a name of its own: for i, node in enumerate(model.graph.node): \
                 node.name = f\"{{node.op_type}}_{{i}}\""),
            );
        }
    }
}
