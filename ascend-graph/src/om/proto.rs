//! The protobuf messages inside an `.om`, with the fields that matter here.
//!
//! Names and numbers are those of the package `ge.proto`; the tasks are in [`task`](super::task). Fields
//! that are not listed are skipped. Maps are sorted, so equal models give equal bytes.

use std::collections::BTreeMap;

use bytes::Bytes;
use prost::{Enumeration, Message, Oneof};

use crate::limit::MessageKind;

/// The content of the partition `MODEL_DEF`.
#[derive(Clone, PartialEq, Message)]
pub struct ModelDef {
    /// The model's name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// A number without use.
    #[prost(uint32, tag = "2")]
    pub version: u32,
    /// The platform version, as in the header.
    #[prost(string, tag = "3")]
    pub custom_version: String,
    /// The main graph, then the graphs inside of its nodes.
    #[prost(message, repeated, tag = "7")]
    pub graph: Vec<GraphDef>,
    /// Facts about the whole model.
    #[prost(btree_map = "string, message", tag = "11")]
    pub attr: BTreeMap<String, AttrDef>,
}

/// A graph.
#[derive(Clone, PartialEq, Message)]
pub struct GraphDef {
    /// The graph's name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// The values that come in, as `op:index`.
    #[prost(string, repeated, tag = "4")]
    pub input: Vec<String>,
    /// The values that go out, as `op:index`.
    #[prost(string, repeated, tag = "5")]
    pub output: Vec<String>,
    /// The operators, inputs and constants among them.
    #[prost(message, repeated, tag = "6")]
    pub op: Vec<OpDef>,
    /// Facts about the graph.
    #[prost(btree_map = "string, message", tag = "11")]
    pub attr: BTreeMap<String, AttrDef>,
}

/// An operator.
#[derive(Clone, PartialEq, Message)]
pub struct OpDef {
    /// The name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// The operator's type, such as `Conv2D`, `Data`, `Const` or `NetOutput`.
    #[prost(string, tag = "2")]
    pub r#type: String,
    /// Where each input comes from: `op:index`, empty if left out, index -1 for mere order.
    #[prost(string, repeated, tag = "5")]
    pub input: Vec<String>,
    /// The settings.
    #[prost(btree_map = "string, message", tag = "10")]
    pub attr: BTreeMap<String, AttrDef>,
    /// The place in the graph.
    #[prost(int64, tag = "21")]
    pub id: i64,
    /// The stream that it runs on.
    #[prost(int64, tag = "22")]
    pub stream_id: i64,
    /// For `NetOutput`: the operator that gives each output.
    #[prost(string, repeated, tag = "24")]
    pub src_name: Vec<String>,
    /// For `NetOutput`: which of that operator's outputs.
    #[prost(int64, repeated, tag = "25")]
    pub src_index: Vec<i64>,
    /// The inputs' types.
    #[prost(message, repeated, tag = "33")]
    pub input_desc: Vec<TensorDescriptor>,
    /// The outputs' types.
    #[prost(message, repeated, tag = "34")]
    pub output_desc: Vec<TensorDescriptor>,
    /// The graphs inside, by name.
    #[prost(string, repeated, tag = "35")]
    pub subgraph_name: Vec<String>,
}

/// The type of a value, and for a constant where its elements are.
#[derive(Clone, PartialEq, Message)]
pub struct TensorDescriptor {
    /// The value's name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// The element type in `ge` numbering, 0 if not known.
    #[prost(int32, tag = "2")]
    pub dtype: i32,
    /// The shape: -1 for an extent that is not known, only -2 if not even the rank is.
    #[prost(message, optional, tag = "3")]
    pub shape: Option<ShapeDef>,
    /// The layout's name.
    #[prost(string, tag = "4")]
    pub layout: String,
    /// More facts.
    #[prost(btree_map = "string, message", tag = "5")]
    pub attr: BTreeMap<String, AttrDef>,
    /// The bytes of the tensor.
    #[prost(int64, tag = "10")]
    pub size: i64,
    /// The bytes of the elements in `WEIGHTS_DATA`.
    #[prost(int64, tag = "11")]
    pub weight_size: i64,
    /// Where `WEIGHTS_DATA` has the elements.
    #[prost(int64, tag = "18")]
    pub data_offset: i64,
}

/// A shape.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct ShapeDef {
    /// The extents.
    #[prost(int64, repeated, tag = "1")]
    pub dim: Vec<i64>,
}

/// A constant.
#[derive(Clone, PartialEq, Message)]
pub struct TensorDef {
    /// The type, and where the elements are if not here.
    #[prost(message, optional, tag = "1")]
    pub desc: Option<TensorDescriptor>,
    /// The elements, unless they are in `WEIGHTS_DATA`.
    #[prost(bytes = "bytes", tag = "2")]
    pub data: Bytes,
}

/// The value of an attribute; empty where the file does not say even the type.
#[derive(Clone, PartialEq, Message)]
pub struct AttrDef {
    /// The value.
    #[prost(
        oneof = "AttrValue",
        tags = "1, 2, 3, 4, 5, 7, 10, 11, 12, 13, 14, 15, 16, 17"
    )]
    pub value: Option<AttrValue>,
}

/// The kinds of value that an attribute can have.
#[derive(Clone, PartialEq, Oneof)]
pub enum AttrValue {
    /// A list.
    #[prost(message, boxed, tag = "1")]
    List(Box<ListValue>),
    /// Text, or any bytes.
    #[prost(bytes = "bytes", tag = "2")]
    S(Bytes),
    /// A whole number.
    #[prost(int64, tag = "3")]
    I(i64),
    /// A number.
    #[prost(float, tag = "4")]
    F(f32),
    /// A truth value.
    #[prost(bool, tag = "5")]
    B(bool),
    /// Bytes.
    #[prost(bytes = "bytes", tag = "7")]
    Bt(Bytes),
    /// Named values.
    #[prost(message, boxed, tag = "10")]
    Func(Box<NamedAttrs>),
    /// A type.
    #[prost(message, boxed, tag = "11")]
    Td(Box<TensorDescriptor>),
    /// A constant.
    #[prost(message, boxed, tag = "12")]
    T(Box<TensorDef>),
    /// A graph.
    #[prost(message, boxed, tag = "13")]
    G(Box<GraphDef>),
    /// Lists of whole numbers.
    #[prost(message, tag = "14")]
    ListListInt(ListListInt),
    /// An element type in `acl` numbering.
    #[prost(int64, tag = "15")]
    Dt(i64),
    /// Lists of numbers.
    #[prost(message, tag = "16")]
    ListListFloat(ListListFloat),
    /// A formula of symbols, of a form that is not known here.
    #[prost(bytes = "bytes", tag = "17")]
    Expression(Bytes),
}

/// A list of values of one kind.
#[derive(Clone, PartialEq, Message)]
pub struct ListValue {
    /// Texts.
    #[prost(bytes = "bytes", repeated, tag = "2")]
    pub s: Vec<Bytes>,
    /// Whole numbers.
    #[prost(int64, repeated, tag = "3")]
    pub i: Vec<i64>,
    /// Numbers.
    #[prost(float, repeated, tag = "4")]
    pub f: Vec<f32>,
    /// Truth values.
    #[prost(bool, repeated, tag = "5")]
    pub b: Vec<bool>,
    /// Byte strings.
    #[prost(bytes = "bytes", repeated, tag = "7")]
    pub bt: Vec<Bytes>,
    /// Types of values.
    #[prost(message, repeated, tag = "8")]
    pub td: Vec<TensorDescriptor>,
    /// Constants.
    #[prost(message, repeated, tag = "9")]
    pub t: Vec<TensorDef>,
    /// Graphs.
    #[prost(message, repeated, tag = "10")]
    pub g: Vec<GraphDef>,
    /// Named values.
    #[prost(message, repeated, tag = "11")]
    pub na: Vec<NamedAttrs>,
    /// Element types in `acl` numbering.
    #[prost(int64, repeated, tag = "12")]
    pub dt: Vec<i64>,
    /// The kind, which an empty list would not show.
    #[prost(enumeration = "ListType", tag = "20")]
    pub val_type: i32,
}

/// The kind of a list's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub enum ListType {
    /// Not said.
    None = 0,
    /// Texts.
    String = 1,
    /// Whole numbers.
    Int = 2,
    /// Numbers.
    Float = 3,
    /// Truth values.
    Bool = 4,
    /// Byte strings.
    Bytes = 5,
    /// Types of values.
    TensorDescriptor = 6,
    /// Constants.
    Tensor = 7,
    /// Graphs.
    Graph = 8,
    /// Named values.
    NamedAttrs = 9,
    /// Element types.
    DataType = 10,
}

/// Values by name.
#[derive(Clone, PartialEq, Message)]
pub struct NamedAttrs {
    /// The name of the whole.
    #[prost(string, tag = "1")]
    pub name: String,
    /// The values.
    #[prost(btree_map = "string, message", tag = "2")]
    pub attr: BTreeMap<String, AttrDef>,
}

/// Lists of whole numbers.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct ListListInt {
    /// The lists.
    #[prost(message, repeated, tag = "1")]
    pub list_list_i: Vec<ListInt>,
}

/// Whole numbers.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct ListInt {
    /// The numbers.
    #[prost(int64, repeated, tag = "1")]
    pub list_i: Vec<i64>,
}

/// Lists of numbers.
#[derive(Clone, PartialEq, Message)]
pub struct ListListFloat {
    /// The lists.
    #[prost(message, repeated, tag = "1")]
    pub list_list_f: Vec<ListFloat>,
}

/// Numbers.
#[derive(Clone, PartialEq, Message)]
pub struct ListFloat {
    /// The numbers.
    #[prost(float, repeated, tag = "1")]
    pub list_f: Vec<f32>,
}

/// The kinds of message in a file.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Model,
    Task,
    Submodel,
    Legacy,
    LegacyOp,
    Graph,
    Op,
    Descriptor,
    Tensor,
    Entry,
    Attr,
    List,
    NamedAttrs,
    Lists,
    Leaf,
}

impl MessageKind for Part {
    fn field(self, number: usize) -> Option<Self> {
        Some(match (self, number) {
            (Self::Model, 7) | (Self::Attr, 13) | (Self::List, 10) | (Self::Submodel, 4) => {
                Self::Graph
            }
            (Self::Graph, 6) => Self::Op,
            (Self::Op, 33 | 34) | (Self::Attr, 11) | (Self::List, 8) | (Self::Tensor, 1) => {
                Self::Descriptor
            }
            (Self::Attr, 12) | (Self::List, 9) => Self::Tensor,
            (Self::Model | Self::Graph, 11)
            | (Self::Op, 10)
            | (Self::Descriptor, 5)
            | (Self::NamedAttrs, 2)
            | (Self::Legacy | Self::LegacyOp, 30) => Self::Entry,
            (Self::Entry, 2) => Self::Attr,
            (Self::Attr, 1) => Self::List,
            (Self::Attr, 10) | (Self::List, 11) => Self::NamedAttrs,
            (Self::Attr, 14 | 16) => Self::Lists,
            (Self::Legacy, 20) => Self::LegacyOp,
            (Self::Task, 9 | 10)
            | (Self::Descriptor, 3)
            | (Self::Lists, 1)
            | (Self::Submodel, 7)
            | (Self::LegacyOp, 12..=14) => Self::Leaf,
            _ => return None,
        })
    }
}
