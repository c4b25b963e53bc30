//! Models: loaded files, what they say of themselves, and running them.

mod bundle;
mod gears;
mod host;
mod info;
mod inputs;
mod load;
mod memory;
mod options;
mod parameters;
mod pictures;
mod run;
mod source;
mod tensor_desc;
mod weights;

pub(crate) use bundle::{BundleQuery, Bundles};
pub(crate) use gears::{Choice, fill};
pub(crate) use host::{DataBuffer, Dataset, Span, element_size};
pub(crate) use info::{Described, Description, Info, ORIGINS, Side, TensorInfo};
pub(crate) use load::{Model, Models};
pub(crate) use options::{ExecConfig, Form, LoadConfig, Origin, Value, exec_form, load_form};
pub(crate) use parameters::ParameterSet;
pub(crate) use pictures::{kind as aipp_kind, parameter_bytes, static_aipp};
pub(crate) use source::{Load, Source};
pub(crate) use tensor_desc::TensorDesc;
