//! An `.om` for programs, in the spelling of other readers' test files.

use std::collections::BTreeMap;

use ascend_graph::om::{
    AttrDef, AttrValue, GraphDef, InOut, InputAipp, IoTensor, Kernel, OmModel, OpDef, Partition,
    PartitionKind, TensorDef,
};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::super::digest::sha256;
use super::facts::{self, Facts, type_name};
use super::header::RawHeader;

/// The facts about a model that are told under their own names.
const ATTRIBUTES: [&str; 22] = [
    "soc_version",
    "arch_type",
    "atc_version",
    "atc_cmdline",
    "opp_version",
    "framework_type",
    "memory_size",
    "weight_size",
    "zero_copy_memory_size",
    "session_scope_memory_size",
    "host_memory_size",
    "host_svm_size",
    "variable_size",
    "stream_num",
    "event_num",
    "label_num",
    "notify_num",
    "batch_num",
    "p2p_memory_size",
    "om_info_list",
    "attr_model_out_nodes_name",
    "target_type",
];

/// So many constants are told even unasked.
const FIRST: usize = 5;

/// A file; what is the same for the files inside of it.
pub(super) fn facts(facts: &Facts) -> Map<String, Value> {
    let mut told = Map::new();
    let mut add = |key: &str, value| told.insert(key.to_owned(), value);
    add("kind", json!(facts.kind.description()));
    let models = facts.tables().map(|(table, one)| model(facts, table, one));
    add("models", models.collect());
    if let Some(main) = facts.main() {
        add("inputs", main.io.inputs.iter().map(tensor).collect());
        add("outputs", main.io.outputs.iter().map(tensor).collect());
        add("gears", gears(&main.io).into());
        add(
            "aipp",
            main.aipp
                .iter()
                .map(|one| preprocessing(main, one))
                .collect(),
        );
        add("work_bytes", json!(main.work_bytes()));
        add("weight_bytes", json!(facts.weight_bytes()));
    }
    if !facts.more.is_empty() {
        let more = facts.more.iter();
        let more: Map<_, _> = more.map(|(key, text)| (key.clone(), json!(text))).collect();
        add("container", more.into());
    }
    let parts = facts.parts.iter().map(|part| {
        let mut told = self::facts(part);
        told.insert("name".into(), json!(part.name));
        Value::from(told)
    });
    if !facts.parts.is_empty() {
        add("parts", parts.collect());
    }
    told
}

/// The container of the file itself.
pub(super) fn container(facts: &Facts, file: &Bytes) -> Map<String, Value> {
    let mut told = Map::new();
    let end = facts.models.last().and_then(facts::end);
    let header = RawHeader::of(file).map(|header| header.json());
    told.insert("header".into(), json!(header));
    told.insert("table_entry_bytes".into(), json!(facts.entry_bytes().0));
    let trailing = file.len().saturating_sub(end.unwrap_or(file.len()));
    told.insert("trailing_bytes".into(), json!(trailing));
    told.insert("warnings".into(), json!(facts.warnings()));
    told
}

fn preprocessing(model: &OmModel, aipp: &InputAipp) -> Value {
    let input = model.io.inputs.get(aipp.input).map(|input| &input.name);
    json!({
        "input": input,
        "mode": if aipp.parameters.is_some() { "dynamic" } else { "static" },
        "input_format": aipp.aipp.input_format.name(),
        "network_input": tensor(&aipp.target),
    })
}

fn model(facts: &Facts, table: usize, model: &OmModel) -> Value {
    let (entry_bytes, before) = facts.entry_bytes();
    let start = table + before + model.partitions.len() * entry_bytes;
    let partition = |part: &Partition| {
        json!({
            "type": part.kind.0,
            "name": part.kind.to_string(),
            "offset": part.offset.saturating_sub(start),
            "size": part.data.len(),
            "file_offset": part.offset,
            "sha256": sha256(&part.data, |_| ()),
        })
    };
    let mut told = json!({
        "table_offset": table,
        "partitions": model.partitions.iter().map(partition).collect::<Value>(),
        "model": attributes(model),
        "graphs": model.model.graph.iter().map(graph).collect::<Value>(),
    });
    if let Some(io) = facts::described(facts, model) {
        let mut described = gears(&io);
        described.insert("inputs".into(), io.inputs.iter().map(tensor).collect());
        described.insert("outputs".into(), io.outputs.iter().map(tensor).collect());
        told["io"] = described.into();
    }
    if let Some(task) = &model.task {
        let types = task.counts().into_iter();
        let types: BTreeMap<_, _> = types
            .map(|(kind, count)| (kind.to_string(), count))
            .collect();
        told["task"] = json!({"count": task.task.len(), "types": types});
    } else if facts::has_opaque_task(model) {
        told["task"] = json!({"not_protobuf": true});
    }
    if model.partition(PartitionKind::TBE_KERNELS).is_some() {
        let is_tbe = |kernel: &&Kernel| kernel.partition == PartitionKind::TBE_KERNELS;
        let kernels = || model.kernels.iter().filter(is_tbe);
        told["kernel_count"] = json!(kernels().count());
        told["kernel_first"] = json!(kernels().next().map(|kernel| &kernel.name));
    }
    let kernel = |one: &Kernel| json!({"partition": one.partition.to_string(), "name": one.name, "size": one.data.len()});
    if !model.kernels.is_empty() {
        told["kernels"] = model.kernels.iter().map(kernel).collect();
    }
    told
}

fn attributes(model: &OmModel) -> Value {
    let def = &model.model;
    let mut told = json!({
        "name": def.name,
        "version": def.version,
        "custom_version": def.custom_version,
        "attr_compression": model.is_compressed,
    });
    for key in ATTRIBUTES {
        if let Some(attr) = def.attr.get(key) {
            told[key] = super::attribute::json(attr);
        }
    }
    told
}

/// An input or output; `dt` is the spelling of the graph's schema.
fn tensor(tensor: &IoTensor) -> Value {
    json!({
        "name": tensor.name,
        "size": tensor.bytes,
        "format": tensor.format.0,
        "layout": tensor.format.to_string(),
        "dt": tensor.dtype.ge_name(),
        "dims": tensor.dims,
        "dimsV2": tensor.dims_after_aipp,
        "range": tensor.ranges,
    })
}

/// The gears that there are.
fn gears(io: &InOut) -> Map<String, Value> {
    let mut told = Map::new();
    let mut add = |key: &str, is_empty: bool, value: Value| {
        if !is_empty {
            told.insert(key.to_owned(), value);
        }
    };
    add(
        "dynamic_batch",
        io.batch_gears.is_empty(),
        json!(io.batch_gears),
    );
    add(
        "dynamic_hw",
        io.image_gears.is_empty(),
        json!(io.image_gears),
    );
    add(
        "dynamic_dims",
        io.dims_gears.is_empty(),
        json!(io.dims_gears),
    );
    add(
        "dynamic_output_dims",
        io.output_dims.is_empty(),
        json!(io.output_dims),
    );
    add(
        "user_shape_order",
        io.shape_order.is_empty(),
        json!(io.shape_order),
    );
    told
}

fn graph(graph: &GraphDef) -> Value {
    let data = |op: &&OpDef| {
        matches!(
            op.r#type.as_str(),
            "Data" | "AippData" | "AnnData" | "RefData"
        )
    };
    let data = graph.op.iter().filter(data).map(|op| {
        let desc = op.output_desc.first().or(op.input_desc.first());
        json!({
            "name": op.name,
            "type": op.r#type,
            "index": op.attr.get("index").and_then(AttrDef::as_int),
            "dtype": type_name(desc.map_or(0, |desc| desc.dtype)),
            "dims": desc.and_then(|desc| desc.shape.as_ref()).map_or(&[][..], |shape| &shape.dim),
        })
    });
    let constants = graph.op.iter().filter(|op| op.r#type == "Const");
    let value = |op: &'_ OpDef| match &op.attr.get("value")?.value {
        Some(AttrValue::T(value)) => Some(constant(op, value)),
        _ => None,
    };
    let first = constants.clone().filter_map(value);
    let lost = graph.op.iter().filter(|op| op.lacks_attributes());
    json!({
        "name": graph.name,
        "op_count": graph.op.len(),
        "op_types": graph.op_types(),
        "output_formats": graph.output_formats(),
        "data_ops": data.collect::<Value>(),
        "const_count": constants.count(),
        "const_first": first.take(FIRST).collect::<Value>(),
        "fused_without_full_attributes": lost.count(),
    })
}

fn constant(op: &OpDef, value: &TensorDef) -> Value {
    let desc = value.desc.clone().unwrap_or_default();
    json!({
        "name": op.name,
        "layout": desc.layout,
        "dtype": type_name(desc.dtype),
        "dims": desc.shape.unwrap_or_default().dim,
        "data_offset": desc.data_offset,
        "weight_size": desc.weight_size,
        "inline_bytes": value.data.len(),
    })
}
