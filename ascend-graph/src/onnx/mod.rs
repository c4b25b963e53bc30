//! ONNX models: read, described, checked, built and written.
//!
//! ```
//! use ascend_graph::DataType;
//! use ascend_graph::onnx::{Attribute, Builder, Model};
//!
//! let mut graph = Builder::new("halve", 11);
//! let x = graph.input("x", DataType::F32, &["batch".into(), 8.into()]);
//! let half = graph.initializer("half", DataType::F32, &[1], 0.5_f32.to_le_bytes().to_vec().into());
//! let scaled = graph.node("Mul", "scale", &[&x, &half], []);
//! graph.node_to("Softmax", "softmax", &[&scaled], &["y"], [Attribute::int("axis", 1)]);
//! graph.output("y", DataType::F32, &["batch".into(), 8.into()]);
//! let file = graph.build()?.to_rope().to_bytes();
//!
//! let model = Model::read(&file)?;
//! assert_eq!(model.inputs()?[0].to_string(), "x: float32[batch, 8]");
//! # Ok::<(), ascend_graph::Error>(())
//! ```

mod attribute;
mod builder;
mod check;
mod encode;
mod external;
mod fix;
pub(crate) mod infer;
mod info;
mod names;
mod npu;
mod order;
mod probe;
mod proto;
mod read;
mod rounded;
mod simplify;
pub mod skeleton;
mod tensor;
mod types;

pub use attribute::AttributeValue;
pub use builder::{Builder, OPSETS, PRODUCER};
pub use check::{Fault, FaultKind, check};
pub use external::External;
pub use fix::fix_inputs;
pub(crate) use fix::spread;
pub use infer::axis;
pub use info::{Dim, TensorInfo};
pub use names::Names;
pub use npu::NpuOp;
pub use order::{nesting, reads, topological_order};
pub use probe::NodeValue;
pub use proto::{
    Attribute, AttributeType, Dimension, DimensionValue, Graph, Model, Node, OperatorSet, Shape,
    StringEntry, Tensor, TensorType, Type, ValueInfo,
};
pub use read::is_onnx_domain;
pub use rounded::{Precision, Rounded};
pub use simplify::{Simplified, simplify};
pub use types::output_types;

pub use crate::sniff::is_onnx;
