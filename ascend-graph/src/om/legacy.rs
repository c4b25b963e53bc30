//! Files from before there was a table of partitions: one message of another schema, put into the words of
//! the schema that followed, as far as it has a word for it.
//!
//! The schema is known from few files, so messages are taken apart one by one: one of another form costs what
//! it tells and no more.

use std::collections::BTreeMap;

use bytes::Bytes;
use prost::Message;

use super::constants::constants;
use super::proto::Part;
use super::{
    AttrDef, Format, GraphDef, Header, ModelDef, OmModel, OpDef, ShapeDef, TensorDef,
    TensorDescriptor,
};
use crate::limit::check_message_count;
use crate::{DataType, Error, Result};

/// The most weights that an operator may have: each takes a name that has the operator's in it.
const MOST_WEIGHTS: usize = 16;

/// Reads what follows the header.
pub(super) fn read(payload: &Bytes, header: &Header) -> Result<OmModel> {
    check_message_count(payload, Part::Legacy)?;
    let legacy = LegacyModel::decode(payload.clone()).map_err(|error| {
        Error::format(format!(
            "the model of a legacy .om, which has no partition table, is damaged: {error}"
        ))
    })?;
    let mut warnings = Vec::new();
    if payload.len() as u64 != header.payload_bytes {
        warnings.push(format!(
            "the header promises {} bytes after it, {} follow",
            header.payload_bytes,
            payload.len()
        ));
    }
    let model = legacy.translate(&mut warnings);
    Ok(OmModel {
        io: model.in_out(),
        aipp: model.aipp(),
        constants: constants(&model.graph, None),
        weight_bytes: model
            .attr
            .get("weight_size")
            .and_then(AttrDef::as_int)
            .and_then(|bytes| u64::try_from(bytes).ok())
            .unwrap_or(0),
        model,
        warnings,
        ..OmModel::default()
    })
}

/// A model.
#[derive(Clone, PartialEq, Message)]
struct LegacyModel {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(uint32, tag = "2")]
    version: u32,
    #[prost(uint64, tag = "10")]
    memory_size: u64,
    #[prost(uint32, tag = "11")]
    stream_num: u32,
    #[prost(uint32, tag = "12")]
    event_num: u32,
    #[prost(uint64, tag = "13")]
    weight_size: u64,
    #[prost(uint32, tag = "15")]
    label_num: u32,
    #[prost(bytes = "bytes", repeated, tag = "20")]
    op: Vec<Bytes>,
    #[prost(btree_map = "string, bytes", tag = "30")]
    attr: BTreeMap<String, Vec<u8>>,
}

/// An operator.
#[derive(Clone, PartialEq, Message)]
struct LegacyOp {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    r#type: String,
    #[prost(int64, tag = "3")]
    id: i64,
    #[prost(int64, tag = "4")]
    stream_id: i64,
    #[prost(string, repeated, tag = "8")]
    src_name: Vec<String>,
    #[prost(int64, repeated, tag = "9")]
    src_index: Vec<i64>,
    #[prost(bytes = "bytes", repeated, tag = "12")]
    input_desc: Vec<Bytes>,
    #[prost(bytes = "bytes", repeated, tag = "13")]
    output_desc: Vec<Bytes>,
    #[prost(bytes = "bytes", repeated, tag = "14")]
    weights: Vec<Bytes>,
    #[prost(btree_map = "string, bytes", tag = "30")]
    attr: BTreeMap<String, Vec<u8>>,
}

/// What is sure of an operator.
#[derive(Clone, PartialEq, Message)]
struct LegacyName {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    r#type: String,
}

/// The type of a value.
#[derive(Clone, PartialEq, Message)]
struct LegacyDescriptor {
    #[prost(int32, tag = "1")]
    format: i32,
    #[prost(int32, tag = "2")]
    data_type: i32,
    #[prost(int64, repeated, tag = "3")]
    dim: Vec<i64>,
    #[prost(int64, tag = "4")]
    size: i64,
}

/// A constant.
#[derive(Clone, PartialEq, Message)]
struct LegacyWeight {
    #[prost(int32, tag = "1")]
    format: i32,
    #[prost(int32, tag = "2")]
    data_type: i32,
    #[prost(bytes = "bytes", tag = "3")]
    shape: Bytes,
    #[prost(bytes = "bytes", tag = "4")]
    data: Bytes,
    #[prost(int64, tag = "5")]
    data_offset: i64,
}

impl LegacyModel {
    fn translate(self, warnings: &mut Vec<String>) -> ModelDef {
        let mut attr = attributes(self.attr, "the model", warnings);
        let numbers = [
            ("memory_size", self.memory_size),
            ("weight_size", self.weight_size),
            ("stream_num", self.stream_num.into()),
            ("event_num", self.event_num.into()),
            ("label_num", self.label_num.into()),
        ];
        for (key, number) in numbers {
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            attr.insert(key.to_owned(), number.into());
        }
        let mut ops = Vec::new();
        let mut unread = 0;
        for op in self.op {
            if let Ok(op) = LegacyOp::decode(op.clone()) {
                unread += op.translate(&mut ops, warnings);
                continue;
            }
            unread += 1;
            let LegacyName { name, r#type } = LegacyName::decode(op).unwrap_or_default();
            ops.push(OpDef {
                name,
                r#type,
                ..OpDef::default()
            });
        }
        if unread > 0 {
            warnings.push(format!(
                "{unread} operators, types or weights are of a form that is not known"
            ));
        }
        ModelDef {
            graph: vec![GraphDef {
                name: self.name.clone(),
                op: ops,
                ..GraphDef::default()
            }],
            name: self.name,
            version: self.version,
            attr,
            ..ModelDef::default()
        }
    }
}

impl LegacyOp {
    /// Appends the operator, and its weights as constants before it; gives the number of messages in it
    /// that are of another form.
    fn translate(self, ops: &mut Vec<OpDef>, warnings: &mut Vec<String>) -> usize {
        let mut unread = 0;
        let indices = self.src_index.into_iter().chain(std::iter::repeat(0));
        let sources = self.src_name.iter().zip(indices);
        let mut input: Vec<String> = sources
            .map(|(name, index)| match name.as_str() {
                "" => String::new(),
                name => format!("{name}:{index}"),
            })
            .collect();
        unread += self.weights.len().saturating_sub(MOST_WEIGHTS);
        for (number, weight) in self.weights.into_iter().take(MOST_WEIGHTS).enumerate() {
            let weight: LegacyWeight = decode_or_count(weight, &mut unread);
            let constant = weight.translate(format!("{}_weight_{number}", self.name));
            input.push(format!("{}:0", constant.name));
            ops.push(constant);
        }
        let mut descriptors = |messages: Vec<Bytes>| {
            let types = messages.into_iter();
            let types = types.map(|message| {
                let descriptor: LegacyDescriptor = decode_or_count(message, &mut unread);
                descriptor.into()
            });
            types.collect::<Vec<TensorDescriptor>>()
        };
        let input_desc = descriptors(self.input_desc);
        let output_desc = descriptors(self.output_desc);
        let attr = attributes(self.attr, &format!("op `{}`", self.name), warnings);
        ops.push(OpDef {
            name: self.name,
            r#type: self.r#type,
            input,
            attr,
            id: self.id,
            stream_id: self.stream_id,
            input_desc,
            output_desc,
            ..OpDef::default()
        });
        unread
    }
}

/// Decodes a message, or counts it and gives an empty one.
fn decode_or_count<M: Message + Default>(message: Bytes, unread: &mut usize) -> M {
    M::decode(message).unwrap_or_else(|_| {
        *unread += 1;
        M::default()
    })
}

impl LegacyWeight {
    fn translate(self, name: String) -> OpDef {
        let shape = ShapeDef::decode(self.shape).ok();
        let descriptor = TensorDescriptor {
            dtype: ge_code(self.data_type),
            shape,
            layout: Format(self.format).to_string(),
            weight_size: i64::try_from(self.data.len()).unwrap_or(i64::MAX),
            data_offset: self.data_offset,
            ..TensorDescriptor::default()
        };
        let value = TensorDef {
            desc: Some(descriptor.clone()),
            data: self.data,
        };
        OpDef {
            name,
            r#type: "Const".to_owned(),
            attr: [("value".to_owned(), value.into())].into(),
            output_desc: vec![descriptor],
            ..OpDef::default()
        }
    }
}

impl From<LegacyDescriptor> for TensorDescriptor {
    fn from(legacy: LegacyDescriptor) -> Self {
        Self {
            dtype: ge_code(legacy.data_type),
            shape: Some(ShapeDef { dim: legacy.dim }),
            layout: Format(legacy.format).to_string(),
            size: legacy.size,
            ..Self::default()
        }
    }
}

/// The number of an element type in the schema that followed.
fn ge_code(acl: i32) -> i32 {
    DataType::from_acl(acl)
        .and_then(DataType::ge_code)
        .unwrap_or_default()
}

/// Decodes attributes as those of the schema that followed, and counts what is no such.
fn attributes(
    legacy: BTreeMap<String, Vec<u8>>,
    place: &str,
    warnings: &mut Vec<String>,
) -> BTreeMap<String, AttrDef> {
    let mut attributes = BTreeMap::new();
    let mut unread = 0;
    for (key, value) in legacy {
        match AttrDef::decode(Bytes::from(value)) {
            Ok(value) => _ = attributes.insert(key, value),
            Err(_) => unread += 1,
        }
    }
    if unread > 0 {
        warnings.push(format!(
            "{unread} attributes of {place} are of a form that is not known"
        ));
    }
    attributes
}
