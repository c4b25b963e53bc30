//! `.om` offline models: the container, the description inside it, and the writer for the CPU device.
//!
//! [`OmFile::open`] gives all that a loader needs. [`split_weights`] and [`Program`] make a file: the
//! first takes the weights out of an ONNX model, the second lays model, description and weights out as
//! Huawei's compiler does.
//!
//! What is known of the format was found by reading files and public sources; the modules say where a
//! choice follows real files. Files with a partition table are read, the first ones too; other
//! kinds are recognised by name ([`Kind`]).

mod aipp;
mod aipp_rules;
mod attributes;
mod bundle;
mod compression;
mod configuration;
mod container;
mod cursor;
mod describe;
mod descriptor;
mod file;
mod format;
mod graph;
mod header;
mod inout;
mod picture;
mod preprocessing;
mod program;
mod proto;
mod weights;

pub use aipp::Aipp;
pub use bundle::Bundle;
pub use container::{Container, PARTITION_CPU_PROGRAM, Partition, PartitionKind};
pub use file::OmFile;
pub use format::Format;
pub use header::{HEADER_BYTES, Header, Kind};
pub use inout::{GEAR_INPUT, InOut, IoTensor};
pub use picture::Picture;
pub use preprocessing::{AIPP_PARAMETERS, InputAipp};
pub use program::{CPU_PROGRAM_MARKER, Program};
pub use proto::{
    AttrDef, AttrValue, GraphDef, ListInt, ListListInt, ListType, ListValue, ModelDef, ModelTask,
    NamedAttrs, OpDef, ShapeDef, Task, TensorDef, TensorDescriptor,
};
pub use weights::{
    Extent, ExternalWeight, Split, WEIGHTS_LOCATION, WeightFiles, WeightsPlan, split_weights,
};
