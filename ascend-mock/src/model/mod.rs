//! Models: loaded files, what they say of themselves, and running them.

mod host;
mod info;
mod load;
mod run;

pub(crate) use host::{DataBuffer, Dataset, Span, TensorDesc, element_size};
pub(crate) use info::{Description, Info, Side, TensorInfo};
pub(crate) use load::{Models, Source};
