//! What a person asks of an `.om`.

use std::collections::BTreeMap;

use ascend_graph::counted;
use ascend_graph::om::{GraphDef, Kind, OmModel, OpDef, PartitionKind, Task};
use ascend_rt::DataType;

use super::super::model::Summary;
use super::facts::{Facts, is_structural};
use super::fit::Fit;
use super::interface;
use crate::weights::size;

/// So many of something are named, the others counted.
pub(super) const MOST: usize = 16;

/// Partitions whose size `atc --mode=6` tells even if they are not there.
const ALWAYS: [PartitionKind; 6] = [
    PartitionKind::MODEL_DEF,
    PartitionKind::WEIGHTS_DATA,
    PartitionKind::TBE_KERNELS,
    PartitionKind::CUST_AICPU_KERNELS,
    PartitionKind::TASK_INFO,
    PartitionKind::SO_BINS,
];

pub(super) fn of(facts: &Facts, file: &str, bytes: usize, fit: &Fit) -> Summary {
    let mut lines = vec![("file", format!("{file}, {}", size(bytes as u64)))];
    lines.push(("kind", kind(facts)));
    if let Some(main) = facts.main() {
        let name = &main.model.name;
        lines.extend((!name.is_empty()).then(|| ("name", name.clone())));
        lines.push(("made by", origin(facts, main)));
        let command = main.command_line();
        lines.extend(command.map(|command| ("command", command.to_owned())));
        lines.push(("chip", chip(main)));
    }
    lines.push(("runs here", fit.to_string()));
    if let Some(main) = facts.main() {
        lines.push(("precision", precision(facts)));
        lines.push(("memory", memory(facts, main)));
        lines.push(("streams", counts(main)));
    }
    model_lines(&mut lines, facts);
    for (key, text) in &facts.more {
        lines.push(("container", format!("{key}: {text}")));
    }
    for part in facts.all().into_iter().skip(1) {
        lines.push(("part", format!("{}: {}", named(&part.name), kind(part))));
        model_lines(&mut lines, part);
    }
    let warnings = facts.warnings();
    lines.extend(warnings.into_iter().map(|warning| ("warning", warning)));
    lines
}

/// The graphs, partitions, inputs and outputs of a file.
fn model_lines(lines: &mut Summary, facts: &Facts) {
    lines.extend(facts.graphs().map(|graph| ("graph", operators(graph))));
    let is_whole = facts.name.is_empty() && facts.kind != Kind::Flow;
    for (index, model) in facts.models.iter().enumerate() {
        let which = if facts.models.len() > 1 {
            format!("model {index}: ")
        } else {
            String::new()
        };
        if !model.kernels.is_empty() {
            let names = model.kernels.iter().map(|kernel| kernel.name.clone());
            let (count, names) = (model.kernels.len(), some(names));
            lines.push(("kernels", format!("{which}{count}: {names}")));
        }
        if !model.partitions.is_empty() {
            lines.push((
                "partitions",
                which + &partitions(model, is_whole && index == 0),
            ));
        }
    }
    if let Some(main) = facts.main() {
        lines.extend(interface::of(main));
    }
}

fn kind(facts: &Facts) -> String {
    let mut parts = vec![facts.kind.description().to_owned()];
    if facts.is_for_phones() {
        parts.push("for phones with Kirin chips (HiAI)".to_owned());
    }
    if facts.models.len() > 1 {
        let count = facts.models.len();
        parts.push(format!("{count} models for shapes known when it runs"));
    }
    if facts.is_encrypted {
        parts.push("encrypted".to_owned());
    }
    parts.join(", ")
}

fn origin(facts: &Facts, main: &OmModel) -> String {
    let version = main.atc_version();
    if facts.is_for_cpu_device() {
        let version = version.unwrap_or("of an unknown version");
        let engine = if facts.needs_onnx_runtime() {
            ", for ONNX Runtime"
        } else {
            ""
        };
        return format!("ascend-rt's own compiler {version}{engine}");
    }
    let told = |what: &str, text: Option<&str>| text.map(|text| format!("{what} {text}"));
    let mut parts = Vec::new();
    parts.extend(told("ATC", version));
    parts.extend(told("operators (opp)", main.opp_version()));
    parts.extend(told("from", main.framework()));
    parts.extend(told("HiAI", main.text("hiai_version")));
    let platform = &main.model.custom_version;
    parts.extend(told(
        "platform",
        Some(platform.as_str()).filter(|text| !text.is_empty()),
    ));
    if version.is_none() {
        parts.push("the file does not tell ATC's version".to_owned());
    }
    parts.join(", ")
}

fn chip(main: &OmModel) -> String {
    match (main.soc_version(), main.target()) {
        (Some(chip), _) => chip.to_owned(),
        (None, Some(target)) => format!("the file names none, only the kind {target}"),
        (None, None) => "the file names none".to_owned(),
    }
}

/// The element types that operators compute, and what has whole numbers as input besides.
fn precision(facts: &Facts) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut total, mut untold, mut quantised) = (0, 0, 0);
    for op in facts.graphs().flat_map(|graph| &graph.op) {
        if is_structural(op) {
            continue;
        }
        total += 1;
        quantised += usize::from(is_quantised(op));
        match dtype(op) {
            Some(dtype) => *counts.entry(dtype.name()).or_default() += 1,
            None => untold += 1,
        }
    }
    if total == 0 {
        return "no operators that compute".to_owned();
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let counts = counts.iter();
    let mut parts: Vec<_> = counts
        .map(|(name, count)| format!("{name} in {count}"))
        .collect();
    if untold > 0 {
        parts.push(format!("not told in {untold}"));
    }
    if quantised > 0 {
        parts.push(format!(
            "whole numbers of 8 bits or less go into {quantised}"
        ));
    }
    format!("{} of {total} operators that compute", parts.join(", "))
}

/// The type of what an operator gives, or else of what it takes.
fn dtype(op: &OpDef) -> Option<DataType> {
    let descriptors = op.output_desc.first().into_iter().chain(&op.input_desc);
    let mut types = descriptors.filter_map(|desc| DataType::from_ge(desc.dtype));
    types.find(|&dtype| dtype != DataType::Undefined)
}

/// Whether an operator of matrices takes whole numbers of 8 bits or less.
fn is_quantised(op: &OpDef) -> bool {
    let is_matrix = ["Conv", "MatMul", "FullConnection", "FullyConnection"]
        .iter()
        .any(|kind| op.r#type.contains(kind));
    let types = [DataType::I8, DataType::U8, DataType::I4].map(DataType::ge_code);
    is_matrix
        && op
            .input_desc
            .iter()
            .any(|desc| types.contains(&Some(desc.dtype)))
}

fn memory(facts: &Facts, main: &OmModel) -> String {
    let needs = main.needs();
    let or = |bytes: u64, other: u64| if bytes > 0 { bytes } else { other };
    let weights = or(facts.weight_bytes(), needs.weight_bytes);
    let work = or(main.work_bytes(), needs.work_bytes);
    let mut parts = vec![if facts.is_dynamic {
        let weights = told(weights);
        format!("weights {weights}, the work depends on the shapes of each run")
    } else if work == 0 && weights == 0 {
        "work 0 B + weights 0 B: the file tells none".to_owned()
    } else {
        let sum = told(work.saturating_add(weights));
        let (work, weights) = (told(work), told(weights));
        format!("work {work} + weights {weights} = {sum} before loading")
    }];
    for (bytes, what) in [
        (
            needs.zero_copy_bytes,
            "for inputs and outputs without a copy",
        ),
        (needs.peer_bytes, "shared between devices"),
        (needs.session_bytes, "kept between runs"),
        (needs.host_bytes, "on the host"),
        (needs.host_shared_bytes, "on the host, for the device"),
        (needs.variable_bytes, "for variables"),
    ] {
        if bytes > 0 {
            parts.push(format!("{} {what}", told(bytes)));
        }
    }
    parts.join("; ")
}

/// Bytes for people, and exactly.
fn told(bytes: u64) -> String {
    if bytes < 1024 {
        size(bytes)
    } else {
        format!("{} ({bytes} B)", size(bytes))
    }
}

fn counts(main: &OmModel) -> String {
    let needs = main.needs();
    let task = main.task.as_ref();
    let streams = needs
        .streams
        .max(task.map_or(0, |task| task.stream_num.into()));
    let events = needs
        .events
        .max(task.map_or(0, |task| task.event_num.into()));
    let mut parts = vec![
        streams.to_string(),
        format!("events {events}"),
        format!("labels {}", needs.labels),
    ];
    if let Some(task) = task {
        let kinds = task.counts().into_iter().map(|(kind, count)| {
            let name = Task::name_of(kind);
            let name = name.map_or_else(|| format!("kind {kind}"), str::to_owned);
            format!("{name} {count}")
        });
        let kinds = some(kinds.collect::<Vec<_>>().into_iter());
        let count = task.task.len();
        parts.push(if count > 0 {
            format!("tasks {count}: {kinds}")
        } else {
            "tasks 0".to_owned()
        });
    }
    parts.join("; ")
}

fn operators(graph: &GraphDef) -> String {
    let mut kinds: Vec<_> = graph.op_types().into_iter().collect();
    kinds.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let parts = kinds.iter().map(|(kind, count)| format!("{kind} {count}"));
    let (name, operators) = (named(&graph.name), counted(graph.op.len(), "operator"));
    let lost = graph.op.iter().filter(|op| op.lacks_attributes()).count();
    let lost = match lost {
        0 => String::new(),
        lost => format!("; {lost} fused ones lack strides or pads"),
    };
    format!("{name}: {operators}: {}{lost}", some(parts))
}

pub(super) fn named(name: &str) -> &str {
    if name.is_empty() {
        "without a name"
    } else {
        name
    }
}

fn partitions(model: &OmModel, is_whole: bool) -> String {
    let sizes = model
        .partitions
        .iter()
        .map(|part| (part.kind, part.data.len()));
    let mut sizes: Vec<_> = sizes.collect();
    for kind in ALWAYS.into_iter().filter(|_| is_whole) {
        if sizes.iter().all(|&(found, _)| found != kind) {
            sizes.push((kind, 0));
        }
    }
    some(
        sizes
            .iter()
            .map(|(kind, bytes)| format!("{kind} {bytes} B")),
    )
}

/// The first of a list, and how many more.
pub(super) fn some(items: impl ExactSizeIterator<Item = String>) -> String {
    let more = items.len().saturating_sub(MOST);
    let mut shown: Vec<String> = items.take(MOST).collect();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}
