//! What a person asks of an ONNX model.

use std::collections::{BTreeMap, BTreeSet};

use ascend_graph::counted;
use ascend_graph::onnx::{Graph, TensorInfo};

use super::super::model::Summary;
use super::Onnx;
use crate::weights::size;

/// So many of something are named, the others counted.
const MOST: usize = 16;

/// The most that a protobuf message may be long.
const MOST_BYTES: u64 = 2 << 30;

pub(super) fn of(told: &Onnx) -> Summary {
    let model = &told.model;
    let mut lines = vec![(
        "file",
        format!("{}, {}", told.name, size(told.file.len() as u64)),
    )];
    lines.push(("kind", format!("ONNX, format version {}", model.ir_version)));
    let domain = |domain: &str| {
        if domain.is_empty() {
            "ai.onnx".to_owned()
        } else {
            domain.to_owned()
        }
    };
    let opsets = model.opset_import.iter();
    let opsets = opsets.map(|set| format!("{} {}", domain(&set.domain), set.version));
    let opsets: Vec<_> = opsets.collect();
    let opsets = if opsets.is_empty() {
        "none is named".to_owned()
    } else {
        some(&opsets)
    };
    lines.push(("opset", opsets));
    let producer = format!("{} {}", model.producer_name, model.producer_version);
    let producer = producer.trim();
    lines.push((
        "made by",
        if producer.is_empty() {
            "not told".to_owned()
        } else {
            producer.to_owned()
        },
    ));
    let metadata = model.metadata_props.iter();
    lines.extend(
        metadata
            .take(MOST)
            .map(|one| ("metadata", format!("{}: {}", one.key, one.value))),
    );
    if let Some(graph) = told.graph() {
        let kinds = histogram(Some(graph)).into_iter();
        let kinds: Vec<_> = kinds
            .map(|(kind, count)| format!("{kind} {count}"))
            .collect();
        lines.push((
            "graph",
            format!(
                "{}: {}: {}",
                graph.name,
                counted(graph.node.len(), "node"),
                some(&kinds)
            ),
        ));
    }
    for (label, infos) in [("input", model.inputs()), ("output", model.outputs())] {
        match infos {
            Ok(infos) => {
                lines.extend(
                    infos
                        .iter()
                        .take(MOST)
                        .map(|info: &TensorInfo| (label, info.to_string())),
                );
                if infos.len() > MOST {
                    lines.push((
                        label,
                        format!("and {} more (--json shows them)", infos.len() - MOST),
                    ));
                }
            }
            Err(error) => lines.push((label, format!("cannot be told: {error}"))),
        }
    }
    let constants = told.count_constants();
    lines.push(("weights", amount(constants.count, constants.bytes)));
    let more = constants.external.len().saturating_sub(MOST);
    for one in constants.external.into_iter().take(MOST) {
        let there = if one.is_there {
            "is there"
        } else {
            "is missing"
        };
        let (file, amount) = (one.file, amount(one.count, one.bytes));
        lines.push(("external", format!("{file}: {amount}; the file {there}")));
    }
    if more > 0 {
        let more = format!("and {more} more (--json shows them)");
        lines.push(("external", more));
    }
    lines.extend(
        warnings(told)
            .into_iter()
            .map(|warning| ("warning", warning)),
    );
    lines
}

/// How many constants of how many bytes.
fn amount(constants: usize, bytes: u64) -> String {
    format!("{}, {}", counted(constants, "constant"), size(bytes))
}

/// How many nodes of each type there are, the most frequent first.
pub(super) fn histogram(graph: Option<&Graph>) -> Vec<(String, usize)> {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for node in graph.iter().flat_map(|graph| &graph.node) {
        let kind = if node.is_onnx() {
            node.op_type.clone()
        } else {
            format!("{}.{}", node.domain, node.op_type)
        };
        *kinds.entry(kind).or_default() += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    kinds
}

/// What is odd at a glance; `ascend check` finds more.
pub(super) fn warnings(told: &Onnx) -> Vec<String> {
    let model = &told.model;
    let mut warnings = Vec::new();
    if model.opset().is_none() {
        warnings.push(
            "the file does not import ONNX's own operators, so their version is unknown".to_owned(),
        );
    }
    let constants = told.count_constants();
    let missing: BTreeSet<_> = constants
        .external
        .iter()
        .filter(|one| !one.is_there)
        .map(|one| one.file.as_str())
        .collect();
    if let Some(first) = missing.first() {
        warnings.push(format!(
            "{} not beside the model, such as {first}: copy what is missing there",
            counted(missing.len(), "file with weights")
        ));
    }
    if (told.file.len() as u64) >= MOST_BYTES {
        warnings.push("the file has 2 GiB or more, which no protobuf reader takes: export it with external data".to_owned());
    }
    if !model.functions.is_empty() {
        warnings.push(format!(
            "not shown: {} of its own",
            counted(model.functions.len(), "function")
        ));
    }
    warnings
}

fn some(items: &[String]) -> String {
    let shown = items[..items.len().min(MOST)].join(", ");
    match items.len().checked_sub(MOST) {
        Some(more) if more > 0 => format!("{shown}, and {more} more"),
        _ => shown,
    }
}
