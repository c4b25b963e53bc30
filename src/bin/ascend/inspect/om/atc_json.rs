//! The graph as `atc --mode=1` prints it: the messages of `ge.proto` with their own names, maps as lists
//! of keys and values, element types by name, and nothing for what is empty. Bytes are only counted.

use std::collections::BTreeMap;

use ascend_graph::om::{
    AttrDef, AttrValue, GraphDef, ListType, ListValue, ModelDef, OpDef, TensorDef, TensorDescriptor,
};
use serde_json::{Map, Value, json};

use super::super::checkpoint::json::float;
use super::super::model::attribute::text;
use super::facts::type_name;

/// An object that holds only what is not empty.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn add(mut self, key: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let is_empty = match &value {
            Value::Null => true,
            Value::Bool(truth) => !truth,
            Value::Number(number) => number.as_i64() == Some(0),
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(_) => false,
        };
        if !is_empty {
            self.0.insert(key.to_owned(), value);
        }
        self
    }

    fn done(self) -> Value {
        self.0.into()
    }
}

pub(super) fn model(model: &ModelDef) -> Value {
    Fields::default()
        .add("name", model.name.as_str())
        .add("version", model.version)
        .add("custom_version", model.custom_version.as_str())
        .add("attr", attributes(&model.attr))
        .add("graph", model.graph.iter().map(graph).collect::<Value>())
        .done()
}

fn graph(graph: &GraphDef) -> Value {
    Fields::default()
        .add("name", graph.name.as_str())
        .add("input", json!(graph.input))
        .add("output", json!(graph.output))
        .add("op", graph.op.iter().map(op).collect::<Value>())
        .add("attr", attributes(&graph.attr))
        .done()
}

fn op(op: &OpDef) -> Value {
    Fields::default()
        .add("name", op.name.as_str())
        .add("type", op.r#type.as_str())
        .add("id", op.id)
        .add("stream_id", op.stream_id)
        .add("input", json!(op.input))
        .add("src_name", json!(op.src_name))
        .add("src_index", json!(op.src_index))
        .add(
            "input_desc",
            op.input_desc.iter().map(descriptor).collect::<Value>(),
        )
        .add(
            "output_desc",
            op.output_desc.iter().map(descriptor).collect::<Value>(),
        )
        .add("subgraph_name", json!(op.subgraph_name))
        .add("attr", attributes(&op.attr))
        .done()
}

fn descriptor(desc: &TensorDescriptor) -> Value {
    let shape = desc.shape.as_ref().map(|shape| json!({"dim": shape.dim}));
    Fields::default()
        .add("name", desc.name.as_str())
        .add("dtype", format!("DT_{}", type_name(desc.dtype)))
        .add("layout", desc.layout.as_str())
        .add("shape", shape.unwrap_or_default())
        .add("size", desc.size)
        .add("weight_size", desc.weight_size)
        .add("data_offset", desc.data_offset)
        .add("attr", attributes(&desc.attr))
        .done()
}

fn attributes(attributes: &BTreeMap<String, AttrDef>) -> Value {
    let attributes = attributes.iter();
    attributes
        .map(|(key, attr)| json!({"key": key, "value": value(attr)}))
        .collect()
}

/// Values may hold graphs and other values: no deeper than the decoder allows, which is a hundred levels.
fn value(attr: &AttrDef) -> Value {
    match &attr.value {
        None => json!({}),
        Some(AttrValue::S(bytes)) => json!({"s": text(bytes)}),
        Some(AttrValue::I(number)) => json!({"i": number}),
        Some(AttrValue::F(number)) => json!({"f": float(f64::from(*number))}),
        Some(AttrValue::B(truth)) => json!({"b": truth}),
        Some(AttrValue::Bt(bytes)) => json!({"bt": counted(bytes)}),
        Some(AttrValue::Dt(number)) => json!({"dt": number}),
        Some(AttrValue::Td(desc)) => json!({"td": descriptor(desc)}),
        Some(AttrValue::T(constant)) => json!({"t": tensor(constant)}),
        Some(AttrValue::G(inner)) => json!({"g": graph(inner)}),
        Some(AttrValue::Func(named)) => {
            json!({"func": {"name": named.name, "attr": attributes(&named.attr)}})
        }
        Some(AttrValue::ListListInt(lists)) => {
            let lists = lists
                .list_list_i
                .iter()
                .map(|list| json!({"list_i": list.list_i}));
            json!({"list_list_int": {"list_list_i": lists.collect::<Value>()}})
        }
        Some(AttrValue::ListListFloat(lists)) => {
            let floats = |list: &[f32]| -> Value {
                list.iter()
                    .map(|&number| float(f64::from(number)))
                    .collect()
            };
            let lists = lists.list_list_f.iter();
            let lists = lists.map(|list| json!({"list_f": floats(&list.list_f)}));
            json!({"list_list_float": {"list_list_f": lists.collect::<Value>()}})
        }
        Some(AttrValue::Expression(bytes)) => json!({"expression": counted(bytes)}),
        Some(AttrValue::List(list)) => json!({"list": items(list)}),
    }
}

fn items(list: &ListValue) -> Value {
    let kind = match list.val_type() {
        ListType::None => "VT_LIST_NONE",
        ListType::String => "VT_LIST_STRING",
        ListType::Int => "VT_LIST_INT",
        ListType::Float => "VT_LIST_FLOAT",
        ListType::Bool => "VT_LIST_BOOL",
        ListType::Bytes => "VT_LIST_BYTES",
        ListType::TensorDescriptor => "VT_LIST_TENSOR_DESC",
        ListType::Tensor => "VT_LIST_TENSOR",
        ListType::Graph => "VT_LIST_GRAPH",
        ListType::NamedAttrs => "VT_LIST_NAMED_ATTRS",
        ListType::DataType => "VT_LIST_DATA_TYPE",
    };
    let named = list.na.iter();
    let named = named.map(|one| json!({"name": one.name, "attr": attributes(&one.attr)}));
    Fields::default()
        .add("val_type", kind)
        .add(
            "s",
            list.s.iter().map(|bytes| text(bytes)).collect::<Value>(),
        )
        .add("i", json!(list.i))
        .add(
            "f",
            list.f
                .iter()
                .map(|&number| float(f64::from(number)))
                .collect::<Value>(),
        )
        .add("b", json!(list.b))
        .add(
            "bt",
            list.bt
                .iter()
                .map(|bytes| counted(bytes))
                .collect::<Value>(),
        )
        .add("td", list.td.iter().map(descriptor).collect::<Value>())
        .add("t", list.t.iter().map(tensor).collect::<Value>())
        .add("g", list.g.iter().map(graph).collect::<Value>())
        .add("na", named.collect::<Value>())
        .add("dt", json!(list.dt))
        .done()
}

fn tensor(tensor: &TensorDef) -> Value {
    let data = (!tensor.data.is_empty()).then(|| counted(&tensor.data));
    Fields::default()
        .add(
            "desc",
            tensor.desc.as_ref().map(descriptor).unwrap_or_default(),
        )
        .add("data", data.unwrap_or_default())
        .done()
}

fn counted(bytes: &[u8]) -> String {
    format!("{} bytes", bytes.len())
}
