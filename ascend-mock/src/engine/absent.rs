//! What stands for ONNX Runtime in builds without it: nothing, as [`Engine::lack`](super::Engine::lack) says.

use std::path::Path;

use bytes::Bytes;

use super::{EngineError, Program};

pub(super) fn open(_: Option<&Path>) -> Result<(), EngineError> {
    Err(EngineError::new("there is no such engine"))
}

pub(super) fn load(
    _: &Bytes,
    _: &Bytes,
    _: usize,
    library: Option<&Path>,
) -> Result<Box<dyn Program>, EngineError> {
    open(library)?;
    Err(EngineError::new("there is no such engine"))
}
