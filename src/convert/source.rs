//! What becomes ONNX: files that are it already, and checkpoints.

use std::path::{Path, PathBuf};

use ascend_graph::onnx;

use super::Options;
use crate::error::{Error, ErrorKind, Result};
use crate::map::Content;
use crate::weights::Checkpoint;
use crate::zoo::ResNet;

/// The first byte of an ONNX file: the key of its `ir_version`.
const ONNX_START: u8 = 0x08;
/// The first bytes of an `.om` file.
const OM_START: &[u8] = b"IMOD";

/// Tells whether the file's content is that of an ONNX file.
pub(super) fn is_onnx(path: &Path) -> Result<bool> {
    starts_with(path, &[ONNX_START])
}

/// A model as ONNX.
#[derive(Debug)]
pub(super) struct Network {
    pub(super) model: onnx::Model,
    /// The file that it was read from; one that was built from weights has none.
    #[cfg_attr(not(feature = "atc"), allow(dead_code, reason = "atc reads it"))]
    pub(super) file: Option<PathBuf>,
}

/// The model in `source` as ONNX: read, or built from a checkpoint's weights.
pub(super) fn read(source: &Path, options: &Options, steps: &mut Vec<String>) -> Result<Network> {
    let at = |error: Error| error.while_doing(source.display());
    if starts_with(source, OM_START)? {
        let message = format!(
            "{} is an .om already, which cannot be converted: start from its ONNX file or weights",
            source.display()
        );
        return Err(Error::new(ErrorKind::InvalidArgument, message));
    }
    let is_onnx = source
        .extension()
        .is_some_and(|extension| extension == "onnx");
    if is_onnx || self::is_onnx(source)? {
        let file = Content::open(source).map_err(at)?;
        let model = onnx::Model::read(&file.bytes).map_err(|error| at(error.into()))?;
        model.ensure_sound().map_err(|error| at(error.into()))?;
        steps.push(format!(
            "read {} as ONNX, opset {}",
            source.display(),
            model.opset().unwrap_or_default()
        ));
        return Ok(Network {
            model,
            file: Some(source.to_owned()),
        });
    }
    let checkpoint = Checkpoint::open(source)?;
    let report = checkpoint.report().to_string();
    let report = if report.is_empty() {
        report
    } else {
        format!("; {report}")
    };
    steps.push(format!(
        "read {}: {} tensors{report}",
        source.display(),
        checkpoint.len()
    ));
    let network = ResNet::of(&checkpoint).map_err(at)?;
    steps.push(format!("took the tensors for a {network}"));
    let model = network.to_onnx(&checkpoint, &options.network).map_err(at)?;
    Ok(Network { model, file: None })
}

fn starts_with(path: &Path, start: &[u8]) -> Result<bool> {
    let content = Content::open(path).map_err(|error| error.while_doing(path.display()))?;
    Ok(content.bytes.starts_with(start))
}
