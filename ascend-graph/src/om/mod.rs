//! `.om` offline models: every kind of file of that name, and the writer for the CPU device.
//!
//! [`OmFile::open`] opens any of them and tells what is in it as plain data: [`OmModel`]s with graph, inputs
//! and outputs, tasks, kernels and weights, and for flows and bundles the files inside. A loader takes
//! [`OmModel::open`]. [`split_weights`] and [`Program`] make a file: the first takes the weights out of an
//! ONNX model, the second lays model, description and weights out as Huawei's compiler does.
//!
//! What is known of the format was found by reading files and public sources; the modules say where a
//! choice follows real files. The page `docs/om.md` tells of each kind what is read and what cannot be.

mod aipp;
mod aipp_rules;
mod archive;
mod attributes;
mod bundle;
mod compression;
mod configuration;
mod constants;
mod container;
mod cursor;
mod describe;
mod descriptor;
mod facts;
mod file;
mod flow;
mod format;
mod graph;
mod header;
mod inout;
mod kernels;
mod layout;
mod legacy;
mod model;
mod picture;
mod preprocessing;
mod program;
mod proto;
mod task;
mod weights;
mod wiring;

pub use aipp::Aipp;
pub use archive::{Archive, ArchiveEntry};
pub use bundle::Bundle;
pub use constants::{Constant, Origin, Place};
pub use container::{Container, PARTITION_CPU_PROGRAM, Partition, PartitionKind};
pub use facts::{MemoryBlock, Needs};
pub use file::{Contents, OmFile};
pub use flow::{Flow, Submodel};
pub use format::Format;
pub use header::{HEADER_BYTES, Header, Kind};
pub use inout::{GEAR_INPUT, InOut, IoTensor};
pub use kernels::{HostLibrary, Kernel};
pub use layout::Plain;
pub use model::OmModel;
pub use picture::Picture;
pub use preprocessing::{AIPP_PARAMETERS, InputAipp};
pub use program::{CPU_PROGRAM_MARKER, Program};
pub use proto::{
    AttrDef, AttrValue, GraphDef, ListFloat, ListInt, ListListFloat, ListListInt, ListType,
    ListValue, ModelDef, NamedAttrs, OpDef, ShapeDef, TensorDef, TensorDescriptor,
};
pub use task::{KernelTask, ModelTask, Task};
pub use weights::{
    Extent, ExternalWeight, Split, WEIGHTS_LOCATION, WeightFiles, WeightsPlan, split_weights,
};
pub use wiring::{Input, Wiring};
