//! The messages of a dump file, with the fields that matter here; others are skipped.

use bytes::Bytes;
use prost::Message;

use crate::limit::MessageKind;

/// The description of a file's tensors.
#[derive(Clone, PartialEq, Message)]
pub(super) struct DumpDef {
    #[prost(string, tag = "1")]
    pub(super) version: String,
    #[prost(uint64, tag = "2")]
    pub(super) dump_time: u64,
    #[prost(message, repeated, tag = "3")]
    pub(super) output: Vec<OutputDef>,
    #[prost(message, repeated, tag = "4")]
    pub(super) input: Vec<InputDef>,
    #[prost(string, tag = "6")]
    pub(super) op_name: String,
}

/// An output; its fields are numbered otherwise than an input's.
#[derive(Clone, PartialEq, Message)]
pub(super) struct OutputDef {
    #[prost(int32, tag = "1")]
    pub(super) data_type: i32,
    #[prost(int32, tag = "2")]
    pub(super) format: i32,
    #[prost(message, optional, tag = "3")]
    pub(super) shape: Option<DimsDef>,
    #[prost(message, optional, tag = "4")]
    pub(super) original_op: Option<OriginalDef>,
    #[prost(bytes = "bytes", tag = "5")]
    pub(super) data: Bytes,
    #[prost(uint64, tag = "6")]
    pub(super) size: u64,
    #[prost(message, optional, tag = "7")]
    pub(super) original_shape: Option<DimsDef>,
}

/// An input.
#[derive(Clone, PartialEq, Message)]
pub(super) struct InputDef {
    #[prost(int32, tag = "1")]
    pub(super) data_type: i32,
    #[prost(int32, tag = "2")]
    pub(super) format: i32,
    #[prost(message, optional, tag = "3")]
    pub(super) shape: Option<DimsDef>,
    #[prost(bytes = "bytes", tag = "4")]
    pub(super) data: Bytes,
    #[prost(uint64, tag = "5")]
    pub(super) size: u64,
    #[prost(message, optional, tag = "6")]
    pub(super) original_shape: Option<DimsDef>,
}

/// The extents of a tensor's axes.
#[derive(Clone, PartialEq, Message)]
pub(super) struct DimsDef {
    #[prost(uint64, repeated, tag = "1")]
    pub(super) dim: Vec<u64>,
}

/// The operator of the model before compilation that gave an output.
#[derive(Clone, PartialEq, Message)]
pub(super) struct OriginalDef {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(uint32, tag = "2")]
    pub(super) output_index: u32,
    #[prost(int32, tag = "3")]
    pub(super) data_type: i32,
    #[prost(int32, tag = "4")]
    pub(super) format: i32,
}

/// The kinds of message in a file.
#[derive(Clone, Copy)]
pub(super) enum Part {
    File,
    Output,
    Input,
    Leaf,
}

impl MessageKind for Part {
    fn field(self, number: usize) -> Option<Self> {
        Some(match (self, number) {
            (Self::File, 3) => Self::Output,
            (Self::File, 4) => Self::Input,
            (Self::Output, 3 | 4 | 7) | (Self::Input, 3 | 6) => Self::Leaf,
            _ => return None,
        })
    }
}
