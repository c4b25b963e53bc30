//! The protobuf messages of an ONNX file, with the fields that matter here.
//!
//! Field numbers are those of `onnx.proto3`. Fields that are not listed are skipped when reading and so
//! are absent when the model is written again: training information, quantisation hints, texts for
//! people in odd places; none of them changes what a model computes. What is rare but does is kept
//! encoded. Names follow ONNX without its suffix `Proto`.

use bytes::Bytes;
use prost::{Enumeration, Message, Oneof};

/// An ONNX file: one graph and the operator sets that it is written in.
#[derive(Clone, PartialEq, Message)]
pub struct Model {
    /// The version of the file format.
    #[prost(int64, tag = "1")]
    pub ir_version: i64,
    /// The program that wrote the file.
    #[prost(string, tag = "2")]
    pub producer_name: String,
    /// That program's version.
    #[prost(string, tag = "3")]
    pub producer_version: String,
    /// A reverse-DNS namespace of the model.
    #[prost(string, tag = "4")]
    pub domain: String,
    /// The version of the model itself.
    #[prost(int64, tag = "5")]
    pub model_version: i64,
    /// Text for people.
    #[prost(string, tag = "6")]
    pub doc_string: String,
    /// The graph that computes the outputs from the inputs.
    #[prost(message, optional, tag = "7")]
    pub graph: Option<Graph>,
    /// The operator sets that nodes may use.
    #[prost(message, repeated, tag = "8")]
    pub opset_import: Vec<OperatorSet>,
    /// Named text for programs.
    #[prost(message, repeated, tag = "14")]
    pub metadata_props: Vec<StringEntry>,
    /// Functions local to the model, encoded; kept as they are.
    #[prost(bytes = "bytes", repeated, tag = "25")]
    pub functions: Vec<Bytes>,
}

/// A graph: nodes in the order in which they can run, and the values that they name.
#[derive(Clone, PartialEq, Message)]
pub struct Graph {
    /// The operators.
    #[prost(message, repeated, tag = "1")]
    pub node: Vec<Node>,
    /// The graph's name.
    #[prost(string, tag = "2")]
    pub name: String,
    /// Constant values, most of them weights.
    #[prost(message, repeated, tag = "5")]
    pub initializer: Vec<Tensor>,
    /// Text for people.
    #[prost(string, tag = "10")]
    pub doc_string: String,
    /// The inputs; in old files also every initializer.
    #[prost(message, repeated, tag = "11")]
    pub input: Vec<ValueInfo>,
    /// The outputs.
    #[prost(message, repeated, tag = "12")]
    pub output: Vec<ValueInfo>,
    /// Types of values in between, where known.
    #[prost(message, repeated, tag = "13")]
    pub value_info: Vec<ValueInfo>,
    /// Constants in sparse form, encoded; kept as they are.
    #[prost(bytes = "bytes", repeated, tag = "15")]
    pub sparse_initializer: Vec<Bytes>,
}

/// One operator with the names of the values that it reads and gives.
#[derive(Clone, PartialEq, Message)]
pub struct Node {
    /// Names of the values read; empty for an optional input that is left out.
    #[prost(string, repeated, tag = "1")]
    pub input: Vec<String>,
    /// Names of the values given; empty for an optional output that is left out.
    #[prost(string, repeated, tag = "2")]
    pub output: Vec<String>,
    /// The node's name, which may be empty.
    #[prost(string, tag = "3")]
    pub name: String,
    /// The operator, such as `Conv`.
    #[prost(string, tag = "4")]
    pub op_type: String,
    /// The operator's settings.
    #[prost(message, repeated, tag = "5")]
    pub attribute: Vec<Attribute>,
    /// Text for people.
    #[prost(string, tag = "6")]
    pub doc_string: String,
    /// The operator set; empty for ONNX's own.
    #[prost(string, tag = "7")]
    pub domain: String,
}

/// One setting of a node; read it through [`Attribute::value`].
#[derive(Clone, PartialEq, Message)]
pub struct Attribute {
    /// The setting's name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// The value of a `Float`.
    #[prost(float, optional, tag = "2")]
    pub f: Option<f32>,
    /// The value of an `Int`.
    #[prost(int64, optional, tag = "3")]
    pub i: Option<i64>,
    /// The value of a `String`, usually UTF-8.
    #[prost(bytes = "bytes", optional, tag = "4")]
    pub s: Option<Bytes>,
    /// The value of a `Tensor`.
    #[prost(message, optional, boxed, tag = "5")]
    pub t: Option<Box<Tensor>>,
    /// The value of a `Graph`.
    #[prost(message, optional, boxed, tag = "6")]
    pub g: Option<Box<Graph>>,
    /// The value of `Floats`.
    #[prost(float, repeated, packed = "false", tag = "7")]
    pub floats: Vec<f32>,
    /// The value of `Ints`.
    #[prost(int64, repeated, packed = "false", tag = "8")]
    pub ints: Vec<i64>,
    /// The value of `Strings`.
    #[prost(bytes = "bytes", repeated, tag = "9")]
    pub strings: Vec<Bytes>,
    /// The value of `Tensors`.
    #[prost(message, repeated, tag = "10")]
    pub tensors: Vec<Tensor>,
    /// The value of `Graphs`.
    #[prost(message, repeated, tag = "11")]
    pub graphs: Vec<Graph>,
    /// The value of a `Type`, encoded; kept as it is.
    #[prost(bytes = "bytes", optional, tag = "14")]
    pub tp: Option<Bytes>,
    /// Which of the values is meant.
    #[prost(enumeration = "AttributeType", tag = "20")]
    pub r#type: i32,
    /// Inside a function: the function's attribute that gives the value.
    #[prost(string, tag = "21")]
    pub ref_attr_name: String,
    /// The value of a `SparseTensor`, encoded; kept as it is.
    #[prost(bytes = "bytes", optional, tag = "22")]
    pub sparse_tensor: Option<Bytes>,
}

/// Which value an [`Attribute`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub enum AttributeType {
    /// Not said, as in very old files.
    Undefined = 0,
    /// One number.
    Float = 1,
    /// One whole number.
    Int = 2,
    /// Text.
    String = 3,
    /// A tensor.
    Tensor = 4,
    /// A graph, the body of a control-flow operator.
    Graph = 5,
    /// Numbers.
    Floats = 6,
    /// Whole numbers.
    Ints = 7,
    /// Texts.
    Strings = 8,
    /// Tensors.
    Tensors = 9,
    /// Graphs.
    Graphs = 10,
    /// A sparse tensor.
    SparseTensor = 11,
    /// Sparse tensors.
    SparseTensors = 12,
    /// A type.
    Type = 13,
    /// Types.
    Types = 14,
}

/// A constant; read its elements through [`Tensor::bytes`].
#[derive(Clone, PartialEq, Message)]
pub struct Tensor {
    /// The shape; empty for a scalar.
    #[prost(int64, repeated, packed = "false", tag = "1")]
    pub dims: Vec<i64>,
    /// The element type in ONNX numbering.
    #[prost(int32, tag = "2")]
    pub data_type: i32,
    /// Elements of `float32` and `complex64`.
    #[prost(float, repeated, tag = "4")]
    pub float_data: Vec<f32>,
    /// Elements of the types of 32 bits and less.
    #[prost(int32, repeated, tag = "5")]
    pub int32_data: Vec<i32>,
    /// Elements of `string`.
    #[prost(bytes = "bytes", repeated, tag = "6")]
    pub string_data: Vec<Bytes>,
    /// Elements of `int64`.
    #[prost(int64, repeated, tag = "7")]
    pub int64_data: Vec<i64>,
    /// The name of the value.
    #[prost(string, tag = "8")]
    pub name: String,
    /// Elements as little-endian bytes; shared with the file.
    #[prost(bytes = "bytes", tag = "9")]
    pub raw_data: Bytes,
    /// Elements of `float64` and `complex128`.
    #[prost(double, repeated, tag = "10")]
    pub double_data: Vec<f64>,
    /// Elements of `uint32` and `uint64`.
    #[prost(uint64, repeated, tag = "11")]
    pub uint64_data: Vec<u64>,
    /// Text for people.
    #[prost(string, tag = "12")]
    pub doc_string: String,
    /// Where the elements are when they are not in this file: `location`, `offset`, `length`.
    #[prost(message, repeated, tag = "13")]
    pub external_data: Vec<StringEntry>,
    /// 1 when [`external_data`](Self::external_data) applies, else 0.
    #[prost(int32, tag = "14")]
    pub data_location: i32,
}

/// The name and type of a value.
#[derive(Clone, PartialEq, Message)]
pub struct ValueInfo {
    /// The value's name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Its type.
    #[prost(message, optional, tag = "2")]
    pub r#type: Option<Type>,
    /// Text for people.
    #[prost(string, tag = "3")]
    pub doc_string: String,
}

/// The type of a value: a tensor, or something rarer that is kept encoded.
#[derive(Clone, PartialEq, Message)]
pub struct Type {
    /// The tensor type.
    #[prost(message, optional, tag = "1")]
    pub tensor_type: Option<TensorType>,
    /// A sequence type.
    #[prost(bytes = "bytes", optional, tag = "4")]
    pub sequence_type: Option<Bytes>,
    /// A map type.
    #[prost(bytes = "bytes", optional, tag = "5")]
    pub map_type: Option<Bytes>,
    /// An optional type.
    #[prost(bytes = "bytes", optional, tag = "9")]
    pub optional_type: Option<Bytes>,
}

/// Element type and shape of a tensor value.
#[derive(Clone, PartialEq, Message)]
pub struct TensorType {
    /// The element type in ONNX numbering.
    #[prost(int32, tag = "1")]
    pub elem_type: i32,
    /// The shape; absent when not even the rank is known.
    #[prost(message, optional, tag = "2")]
    pub shape: Option<Shape>,
}

/// The shape of a tensor value.
#[derive(Clone, PartialEq, Message)]
pub struct Shape {
    /// One entry for each axis.
    #[prost(message, repeated, tag = "1")]
    pub dim: Vec<Dimension>,
}

/// The extent of one axis.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Dimension {
    /// The extent; absent when unknown.
    #[prost(oneof = "DimensionValue", tags = "1, 2")]
    pub value: Option<DimensionValue>,
}

/// What is known of an extent.
#[derive(Clone, PartialEq, Eq, Hash, Oneof)]
pub enum DimensionValue {
    /// A fixed extent.
    #[prost(int64, tag = "1")]
    Value(i64),
    /// A name; equal names stand for equal extents.
    #[prost(string, tag = "2")]
    Param(String),
}

/// An operator set and its version.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct OperatorSet {
    /// The namespace; empty for ONNX's own.
    #[prost(string, tag = "1")]
    pub domain: String,
    /// The version.
    #[prost(int64, tag = "2")]
    pub version: i64,
}

/// A named text.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct StringEntry {
    /// The name.
    #[prost(string, tag = "1")]
    pub key: String,
    /// The text.
    #[prost(string, tag = "2")]
    pub value: String,
}
