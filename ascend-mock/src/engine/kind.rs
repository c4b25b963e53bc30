//! Which engine computes.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use ascend_graph::DataType;
use bytes::Bytes;

use super::{EngineError, Program, onnxruntime, rten};

/// What computes the models of the CPU device.
///
/// As text, in a configuration and at a command line, it is `rten`, `onnxruntime` or
/// `onnxruntime:LIBRARY`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// The engine that is built in. It computes in `float32` and in whole numbers of 32 bits.
    #[default]
    Rten,
    /// An ONNX Runtime of the user's, 1.17 or newer: this shared library, else the one that
    /// `ORT_DYLIB_PATH` names, else the `libonnxruntime.so` that the system's loader finds. A
    /// process loads one. It takes a build with the feature `ort`.
    OnnxRuntime(Option<PathBuf>),
}

/// The name of ONNX Runtime in texts.
const ONNX_RUNTIME: &str = "onnxruntime";

impl FromStr for Engine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, library) = match text.split_once(':') {
            Some((name, library)) => (name, Some(library).filter(|library| !library.is_empty())),
            None => (text, None),
        };
        match (name, library) {
            ("rten", None) if name == text => Ok(Self::Rten),
            (ONNX_RUNTIME, library) if library.is_some() || name == text => {
                Ok(Self::OnnxRuntime(library.map(PathBuf::from)))
            }
            _ => Err(format!(
                "{text:?} is no engine: give rten, onnxruntime or onnxruntime:LIBRARY"
            )),
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rten => f.write_str("rten"),
            Self::OnnxRuntime(None) => f.write_str(ONNX_RUNTIME),
            Self::OnnxRuntime(Some(library)) => write!(f, "{ONNX_RUNTIME}:{}", library.display()),
        }
    }
}

impl Engine {
    /// Says why this build has no such engine, if that is so.
    pub(crate) fn lack(&self) -> Option<&'static str> {
        let lacks = matches!(self, Self::OnnxRuntime(_)) && cfg!(not(feature = "ort"));
        lacks.then_some(
            "this build cannot use ONNX Runtime: build with the cargo feature `ort`, or use the \
             engine rten",
        )
    }

    /// The element types that a model's inputs and outputs may have.
    pub(crate) fn edge_types(&self) -> &'static [DataType] {
        match self {
            Self::Rten => &super::EDGE_TYPES,
            Self::OnnxRuntime(_) => &super::PLAIN_TYPES,
        }
    }

    /// Makes sure that the engine is there.
    pub(crate) fn open(&self) -> Result<(), EngineError> {
        match (self, self.lack()) {
            (_, Some(lack)) => Err(EngineError::new(lack)),
            (Self::Rten, None) => Ok(()),
            (Self::OnnxRuntime(library), None) => onnxruntime::open(library.as_deref()),
        }
    }

    /// Loads an ONNX model whose large constants lie in `weights`, under the location
    /// [`WEIGHTS_LOCATION`](ascend_graph::om::WEIGHTS_LOCATION).
    ///
    /// `rten` takes a buffer of weights over that nobody else holds; any other is copied once. Each
    /// run uses `threads` threads, at least one.
    pub(crate) fn load(
        &self,
        graph: &Bytes,
        weights: Bytes,
        threads: usize,
    ) -> Result<Box<dyn Program>, EngineError> {
        match self {
            Self::Rten => rten::load(graph, weights, threads),
            Self::OnnxRuntime(library) => {
                self.open()?;
                onnxruntime::load(graph, &weights, threads, library.as_deref())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_name_engines_and_libraries() {
        let with = |library: &str| Engine::OnnxRuntime(Some(library.into()));
        for (text, engine) in [
            ("rten", Engine::Rten),
            ("onnxruntime", Engine::OnnxRuntime(None)),
            ("onnxruntime:lib.so", with("lib.so")),
            ("onnxruntime:/a:b/lib.so", with("/a:b/lib.so")),
        ] {
            assert_eq!(text.parse(), Ok(engine.clone()));
            assert_eq!(engine.to_string(), text);
        }
        for text in [
            "",
            "rten:",
            "rten:lib.so",
            "onnxruntime:",
            "ONNXRuntime",
            "ort",
        ] {
            let error = text.parse::<Engine>().unwrap_err();
            assert!(error.contains(&format!("{text:?} is no engine")), "{error}");
        }
    }
}
