//! `model_meta.json`: what an OM2 archive tells of one of its models.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::om::{
    Aipp, AttrDef, AttrValue, Format, InOut, InputAipp, IoTensor, ListType, ListValue, ModelDef,
    NamedAttrs, OmModel,
};
use crate::{DataType, Error, Result};

/// Takes the description apart; what is not known is left out.
pub(super) fn model(meta: &Map<String, Value>) -> Result<OmModel> {
    let inputs = tensors(meta, "inputs")?;
    let text = |key: &str| meta.get(key).and_then(Value::as_str);
    let number = |key: &str| meta.get(key).and_then(Value::as_i64);
    let mut attr = BTreeMap::new();
    for (key, name) in [
        ("work_size", "memory_size"),
        ("zero_copy_size", "zero_copy_memory_size"),
    ] {
        if let Some(number) = number(key) {
            attr.insert(name.to_owned(), number.into());
        }
    }
    let mut io = InOut {
        outputs: tensors(meta, "outputs")?,
        output_dims: rows(meta.get("dynamic_output_shape")),
        shape_order: texts(meta.get("user_designate_shape_order")),
        ..InOut::default()
    };
    let gears = gears(meta.get("dynamic_batch_info"));
    match number("dynamic_type") {
        Some(1) => io.batch_gears = gears.into_iter().flatten().collect(),
        Some(2) => io.image_gears = gears,
        _ => io.dims_gears = gears,
    }
    let aipp = aipp(meta, &inputs);
    io.inputs = inputs;
    Ok(OmModel {
        model: ModelDef {
            name: text("name")
                .or_else(|| text("root_graph_name"))
                .unwrap_or_default()
                .to_owned(),
            attr,
            ..ModelDef::default()
        },
        io,
        aipp,
        ..OmModel::default()
    })
}

fn tensors(meta: &Map<String, Value>, key: &str) -> Result<Vec<IoTensor>> {
    let list = meta.get(key).and_then(Value::as_array);
    let list = list.ok_or_else(|| Error::format(format!("the list `{key}` is missing")))?;
    let mut tensors: Vec<_> = list
        .iter()
        .enumerate()
        .map(|(place, value)| {
            let index = value.get("index").and_then(Value::as_u64);
            (index.unwrap_or(place as u64), tensor(value))
        })
        .collect();
    tensors.sort_by_key(|&(index, _)| index);
    Ok(tensors.into_iter().map(|(_, tensor)| tensor).collect())
}

fn tensor(value: &Value) -> IoTensor {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    let dims = |key: &str| ints(value.get(key));
    let shape = dims("shape").unwrap_or_default();
    let after_aipp = dims("shape_v2").filter(|dims| !dims.is_empty());
    let original = dims("origin_input_dims").filter(|dims| !dims.is_empty());
    let ranges = value.get("shape_range").and_then(Value::as_array);
    let ranges = ranges.into_iter().flatten();
    let range = |range: &Value| ints(Some(range)).and_then(|range| range.try_into().ok());
    IoTensor {
        name: text("name").to_owned(),
        dtype: DataType::from_ge_name(text("data_type")).unwrap_or(DataType::Undefined),
        format: Format::from_name(text("format")).unwrap_or(Format::ND),
        bytes: value.get("size").and_then(Value::as_u64).unwrap_or(0),
        dims_after_aipp: after_aipp.unwrap_or_else(|| shape.clone()),
        dims: original.unwrap_or(shape),
        ranges: ranges.map(range).collect::<Option<_>>().unwrap_or_default(),
    }
}

fn ints(value: Option<&Value>) -> Option<Vec<i64>> {
    value?.as_array()?.iter().map(Value::as_i64).collect()
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    let texts = list.filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// Lists of numbers, or texts of such.
fn rows(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    let row = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        other => {
            let numbers = ints(Some(other))?;
            let numbers: Vec<_> = numbers.iter().map(i64::to_string).collect();
            Some(numbers.join(","))
        }
    };
    list.filter_map(row).collect()
}

/// The values of each gear: numbers, or lists of such.
fn gears(value: Option<&Value>) -> Vec<Vec<u64>> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    let gear = |value: &Value| match value {
        Value::Array(values) => values.iter().map(Value::as_u64).collect(),
        value => value.as_u64().map(|value| vec![value]),
    };
    list.filter_map(gear).collect()
}

/// The preprocessing: objects that bear the keys of such, wherever they are listed.
fn aipp(meta: &Map<String, Value>, inputs: &[IoTensor]) -> Vec<InputAipp> {
    let lists = meta.values().filter_map(Value::as_array).flatten();
    let objects = lists.filter_map(Value::as_object);
    let found = objects.filter(|object| object.contains_key("aipp_mode"));
    let of_input = |object: &Map<String, Value>| {
        let number = |key: &str| usize::try_from(object.get(key)?.as_u64()?).ok();
        let attr = object.iter().filter_map(|(key, value)| {
            let value = attribute(value)?;
            Some((key.clone(), value))
        });
        let named = NamedAttrs {
            name: "aipp".to_owned(),
            attr: attr.collect(),
        };
        let input = number("index")?;
        let aipp = Aipp::from_attr(&AttrValue::Func(Box::new(named)).into())?;
        let name = &inputs.get(input)?.name;
        Some(InputAipp {
            input,
            parameters: number("aipp_data_index").filter(|_| aipp.dynamic),
            aipp,
            target: IoTensor::new(name, DataType::Undefined, Format::RESERVED, &[]),
        })
    };
    found.filter_map(of_input).collect()
}

/// A setting of the preprocessing as an attribute of a graph.
fn attribute(value: &Value) -> Option<AttrDef> {
    match value {
        Value::Bool(value) => Some(AttrValue::B(*value).into()),
        Value::Number(number) => Some(match number.as_i64() {
            Some(number) => number.into(),
            None => AttrValue::F(number.to_string().parse().ok()?).into(),
        }),
        Value::String(text) => Some(text.as_str().into()),
        Value::Array(values) => Some(
            ListValue {
                i: values.iter().filter_map(Value::as_i64).collect(),
                f: values
                    .iter()
                    .filter_map(|value| value.to_string().parse().ok())
                    .collect(),
                ..ListValue::of(ListType::Float)
            }
            .into(),
        ),
        Value::Null | Value::Object(_) => None,
    }
}
