//! What becomes ONNX: files that are it already, and checkpoints.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use ascend_graph::{Gears, InputShape, counted, onnx, text};

use super::{Options, Skeleton, files};
use crate::error::{Error, ErrorKind, Result};
use crate::map::Content;
use crate::zoo::{ResNet, ResNetOptions};

/// The first bytes of an `.om` file.
const OM_START: &[u8] = b"IMOD";

/// Tells whether the file's content is that of an ONNX file.
pub(super) fn is_onnx(path: &Path) -> Result<bool> {
    Ok(onnx::is_onnx(&content(path)?.bytes))
}

/// A model as ONNX.
#[derive(Debug)]
pub(super) struct Network {
    pub(super) model: onnx::Model,
    /// The file that it was read from; one that was built from weights has none.
    #[cfg_attr(not(feature = "atc"), allow(dead_code, reason = "atc reads it"))]
    pub(super) file: Option<PathBuf>,
    /// The files beside that one in which its constants lie.
    #[cfg_attr(not(feature = "atc"), allow(dead_code, reason = "atc reads them"))]
    pub(super) beside: Vec<PathBuf>,
    /// Whether it was made from weights alone, by the options for that.
    #[cfg_attr(not(feature = "atc"), allow(dead_code, reason = "atc asks for it"))]
    pub(super) is_made: bool,
}

impl Network {
    /// The options with the shapes of a network made here where batches are to be switched and none
    /// were given: `atc` wants to be told which axes they set.
    fn shaped<'o>(&self, options: &'o Options) -> Result<Cow<'o, Options>> {
        let has_shapes = self.file.is_some() || !options.input_shapes.is_empty();
        if has_shapes || !matches!(options.gears, Gears::Batch(_)) {
            return Ok(Cow::Borrowed(options));
        }
        let mut options = options.clone();
        for input in self.model.inputs()? {
            let dims = input.dims.iter().flatten();
            let dims: Vec<i64> = dims.map(|dim| dim.fixed().unwrap_or(-1)).collect();
            options
                .input_shapes
                .push(InputShape::new(Some(&input.name), &dims));
        }
        Ok(Cow::Owned(options))
    }
}

impl From<onnx::Model> for Network {
    /// One that no file holds.
    fn from(model: onnx::Model) -> Self {
        Self {
            model,
            file: None,
            beside: Vec::new(),
            is_made: false,
        }
    }
}

/// The model in `source` as ONNX, as simple as asked for: read, or built from a checkpoint's weights.
pub(super) fn read(source: &Path, options: &Options, steps: &mut Vec<String>) -> Result<Network> {
    let mut network = read_as_is(source, options, steps)?;
    if options.simplify {
        let at = |error: ascend_graph::Error| Error::from(error).while_doing(source.display());
        fix_inputs(&mut network.model, &options.input_shapes).map_err(at)?;
        let simplified = onnx::simplify(&mut network.model).map_err(at)?;
        steps.push(format!("simplified: {simplified}"));
        // What was read is no longer what the file holds.
        network = Network {
            is_made: network.is_made,
            ..network.model.into()
        };
    }
    Ok(network)
}

/// As [`read`], and the options with the network's shapes, as [`Network::shaped`] gives them.
pub(super) fn read_shaped<'o>(
    source: &Path,
    options: &'o Options,
    steps: &mut Vec<String>,
) -> Result<(Network, Cow<'o, Options>)> {
    let network = read(source, options, steps)?;
    let options = network.shaped(options)?;
    Ok((network, options))
}

/// Writes the shapes that are asked for into the model.
pub(super) fn fix_inputs(
    model: &mut onnx::Model,
    shapes: &[InputShape],
) -> ascend_graph::Result<()> {
    let mut inputs = model.inputs()?;
    onnx::fix_inputs(&mut inputs, shapes)?;
    model.set_inputs(&inputs);
    Ok(())
}

fn read_as_is(source: &Path, options: &Options, steps: &mut Vec<String>) -> Result<Network> {
    let at = |error: Error| error.while_doing(source.display());
    if content(source)?.bytes.starts_with(OM_START) {
        let message = text!(
            "{file} is an .om already, which cannot be converted: start from its ONNX file or weights",
            file = source.display()
        );
        return Err(Error::new(ErrorKind::InvalidArgument, message));
    }
    let is_onnx = source
        .extension()
        .is_some_and(|extension| extension == "onnx");
    if is_onnx || self::is_onnx(source)? {
        if options.skeleton.is_some() {
            let message = format!(
                "{} is ONNX, which cannot fill a skeleton: give a checkpoint's weights",
                source.display()
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        ensure_no_network(source, options)?;
        let (model, beside) = files::read(source)?;
        steps.push(format!(
            "read {} as ONNX, opset {}",
            source.display(),
            model.opset().unwrap_or_default()
        ));
        return Ok(Network {
            model,
            file: Some(source.to_owned()),
            beside,
            is_made: false,
        });
    }
    let checkpoint = options.weights.open(source)?;
    let report = checkpoint.report().to_string();
    let report = if report.is_empty() {
        report
    } else {
        format!("; {report}")
    };
    steps.push(format!(
        "read {}: {}{report}",
        source.display(),
        counted(checkpoint.len(), "tensor")
    ));
    if let Some(path) = &options.skeleton {
        ensure_no_network(path, options)?;
        let skeleton = Skeleton::open(path)?.allow_unmatched(options.allow_unmatched);
        let (model, filled) = skeleton.fill(&checkpoint)?;
        steps.push(format!(
            "read the skeleton {}, opset {}",
            path.display(),
            model.opset().unwrap_or_default()
        ));
        steps.push(filled.to_string());
        return Ok(model.into());
    }
    let network = ResNet::of(&checkpoint).map_err(at)?;
    steps.push(format!("took the tensors for a {network}"));
    let model = network.to_onnx(&checkpoint, &options.network).map_err(at)?;
    Ok(Network {
        is_made: true,
        ..model.into()
    })
}

/// Refuses options that say how a network is made from weights alone.
fn ensure_no_network(path: &Path, options: &Options) -> Result<()> {
    if options.network == ResNetOptions::default() {
        return Ok(());
    }
    let message = format!(
        "{} is a network already, with its operators and types: --opset, --batch, --image-size, \
         --dtype and --io-dtype are for networks made from weights alone; shapes are fixed with \
         --input-shape",
        path.display()
    );
    Err(Error::new(ErrorKind::InvalidArgument, message))
}

fn content(path: &Path) -> Result<Content> {
    Content::open(path).map_err(|error| error.while_doing(path.display()))
}
