//! Every road to `.om`: weights become ONNX, and ONNX becomes an offline model.
//!
//! Shapes are told in the words of `atc`: an [`InputShape`] fixes an input's axes, frees them (-1) or
//! limits them (`1~8`); [`Gears`] are shapes among which a model is switched; [`Aipp`] puts the
//! preprocessing of pictures into the model. What `atc` would refuse is refused, with its code.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let (weights, om) = ("examples/resnet50/resnet50_slim.safetensors", folder.path().join("resnet50.om"));
//! use ascend_rt::convert::{self, Options};
//!
//! let report = convert::convert(weights.as_ref(), om.as_ref(), &Options::default())?;
//! println!("{report}");
//! # assert!(report.to_string().contains("ResNet-50"));
//! # Ok(()) }
//! ```

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use ascend_graph::om::{Aipp, WeightFiles};
pub use ascend_graph::{Axis, Gears, InputShape};
use ascend_graph::{Rope, om, onnx};
#[cfg(feature = "mock")]
use ascend_mock::compiler;

use crate::error::{Error, ErrorKind, Result};
use crate::map::Content;
use crate::weights::Checkpoint;
use crate::whole::{NewFile, cannot_write};
use crate::zoo::{ResNet, ResNetOptions};

/// The first byte of an ONNX file: the key of its `ir_version`.
const ONNX_START: u8 = 0x08;
/// The first bytes of an `.om` file.
const OM_START: &[u8] = b"IMOD";

/// For which device an `.om` is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Soc {
    /// The built-in CPU device.
    #[default]
    Mock,
    /// A chip, by the name that `atc --soc_version` takes, such as `Ascend310P3`.
    Chip(String),
}

impl FromStr for Soc {
    type Err = std::convert::Infallible;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(if name == "mock" {
            Self::Mock
        } else {
            Self::Chip(name.to_owned())
        })
    }
}

/// How to convert.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// For which device an `.om` is made.
    pub soc: Soc,
    /// What the ONNX of a checkpoint is made for.
    pub network: ResNetOptions,
    /// Shapes to fix, to free or to limit when an `.om` is made.
    pub input_shapes: Vec<InputShape>,
    /// The shapes among which an `.om` is switched: batches, image sizes or any.
    pub gears: Gears,
    /// Preprocessing of pictures inside the `.om`, as [`Aipp::parse`] reads it.
    pub aipp: Vec<Aipp>,
    /// Whether the weights go into files in the folder `weight` beside the `.om`.
    pub weight_files: WeightFiles,
}

/// What a conversion did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The steps, each in a few words.
    pub steps: Vec<String>,
    /// The size of the written file in bytes.
    pub bytes: u64,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        write!(f, "{} bytes written", self.bytes)
    }
}

/// Converts the model file `source` to `destination`: a PyTorch checkpoint to `.onnx` or `.om`, or
/// an ONNX file to `.om`. What the source is, is told by its content; what to write, by the
/// destination's extension.
///
/// The file appears whole or not at all.
///
/// # Errors
///
/// [`ErrorKind::Io`] when a file cannot be read or written, [`ErrorKind::Format`] when the source
/// is damaged or of no known form, [`ErrorKind::Shape`] when weights do not fit their network,
/// [`ErrorKind::InvalidArgument`] when the ONNX graph has faults,
/// [`ErrorKind::Unsupported`] when the device cannot compute it; nodes and tensors are named.
pub fn convert(source: &Path, destination: &Path, options: &Options) -> Result<Report> {
    let target = destination
        .extension()
        .and_then(|extension| extension.to_str());
    let mut steps = Vec::new();
    let bytes = match target {
        Some("onnx") => {
            if starts_with(source, &[ONNX_START])? {
                let message = format!("{} is ONNX already: convert it to .om", source.display());
                return Err(Error::new(ErrorKind::InvalidArgument, message));
            }
            let model = read_model(source, options, &mut steps)?;
            write_whole(destination, |file| {
                model
                    .to_rope()
                    .write_to(file)
                    .map_err(|error| cannot_write(destination, error))
            })?
        }
        Some("om") => {
            let model = read_model(source, options, &mut steps)?;
            let mut weights = Vec::new();
            let bytes = write_whole(destination, |file| {
                weights = write_om(model, (source, destination), options, file, &mut steps)?;
                Ok(())
            })?;
            write_weights(destination, &weights, &mut steps)?;
            bytes
        }
        _ => {
            let message = format!(
                "cannot tell what to write to {}: give it the extension .onnx or .om",
                destination.display()
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
    };
    Ok(Report { steps, bytes })
}

/// The model in `source` as ONNX: read, or built from a checkpoint's weights.
fn read_model(source: &Path, options: &Options, steps: &mut Vec<String>) -> Result<onnx::Model> {
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
    if is_onnx || starts_with(source, &[ONNX_START])? {
        let file = Content::open(source).map_err(at)?;
        let model = onnx::Model::read(&file.bytes).map_err(|error| at(error.into()))?;
        model.ensure_sound().map_err(|error| at(error.into()))?;
        steps.push(format!(
            "read {} as ONNX, opset {}",
            source.display(),
            model.opset().unwrap_or_default()
        ));
        return Ok(model);
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
    network.to_onnx(&checkpoint, &options.network).map_err(at)
}

/// Compiles `model` for the device that `options` name, and gives the weights that go into files of
/// their own.
fn write_om(
    model: onnx::Model,
    (source, destination): (&Path, &Path),
    options: &Options,
    file: &mut dyn Write,
    steps: &mut Vec<String>,
) -> Result<Vec<(String, Rope)>> {
    match &options.soc {
        Soc::Chip(name) => Err(needs_atc(name, source)),
        #[cfg(feature = "mock")]
        Soc::Mock => {
            // Files with weights are named after the model, and lie beside those of others.
            let named_after = if options.weight_files == WeightFiles::None {
                source
            } else {
                destination
            };
            let stem = named_after.file_stem().unwrap_or_default();
            let settings = compiler::CompileOptions {
                model_name: stem.to_string_lossy().into_owned(),
                input_shapes: options.input_shapes.clone(),
                gears: options.gears.clone(),
                aipp: options.aipp.clone(),
                weight_files: options.weight_files,
                ..Default::default()
            };
            let summary = compiler::compile_model(model, &settings, &mut &mut *file)
                .map_err(|error| Error::from(error).while_doing(source.display()))?;
            steps.push(format!(
                "compiled {} nodes for the CPU device",
                summary.nodes
            ));
            if options.gears != Gears::None {
                let programs = match summary.programs {
                    1 => "one program",
                    _ => "one program each",
                };
                steps.push(format!("tried the gears {}: {programs}", options.gears));
            }
            Ok(summary.weight_files)
        }
        #[cfg(not(feature = "mock"))]
        Soc::Mock => {
            drop((model, destination, file, steps));
            let message = "this build has no CPU device: build with the feature `mock`";
            Err(Error::new(ErrorKind::Unsupported, message))
        }
    }
}

fn needs_atc(soc: &str, source: &Path) -> Error {
    let stem = source.file_stem().unwrap_or_default().to_string_lossy();
    let message = format!(
        "an .om for {soc} is made by CANN's atc, which this version does not start: convert to \
         {stem}.onnx first, then run atc --framework=5 --model={stem}.onnx --output={stem} \
         --soc_version={soc} --input_shape=\"input:1,3,224,224\" where CANN is installed"
    );
    Error::new(ErrorKind::Unsupported, message)
}

/// Writes the files with weights, each whole or not at all.
fn write_weights(
    destination: &Path,
    weights: &[(String, Rope)],
    steps: &mut Vec<String>,
) -> Result<()> {
    if weights.is_empty() {
        return Ok(());
    }
    let folder = destination.with_file_name("weight");
    fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, error))?;
    for (name, bytes) in weights {
        let path = folder.join(name);
        write_whole(&path, |file| {
            bytes
                .write_to(file)
                .map_err(|error| cannot_write(&path, error))
        })?;
    }
    steps.push(format!(
        "wrote {} files with weights to {}",
        weights.len(),
        folder.display()
    ));
    Ok(())
}

/// Puts several `.om` files into one, a bundle; `variable_bytes` are shared by its models.
///
/// # Errors
///
/// [`ErrorKind::Io`] when a file cannot be read or written, [`ErrorKind::Format`] when one is no
/// `.om`, [`ErrorKind::InvalidArgument`] when there are none.
pub fn bundle(sources: &[PathBuf], destination: &Path, variable_bytes: u64) -> Result<Report> {
    let mut models = Vec::new();
    for source in sources {
        let at = |error: Error| error.while_doing(source.display());
        let file = Content::open(source).map_err(at)?.bytes;
        om::OmModel::open(&file).map_err(|error| at(error.into()))?;
        models.push(file);
    }
    let name = destination.file_stem().unwrap_or_default();
    let bundle = om::Bundle::write(&name.to_string_lossy(), variable_bytes, &models)?;
    let bytes = write_whole(destination, |file| {
        bundle
            .write_to(file)
            .map_err(|error| cannot_write(destination, error))
    })?;
    Ok(Report {
        steps: vec![format!("put {} models into a bundle", models.len())],
        bytes,
    })
}

fn starts_with(path: &Path, start: &[u8]) -> Result<bool> {
    let content = Content::open(path).map_err(|error| error.while_doing(path.display()))?;
    Ok(content.bytes.starts_with(start))
}

fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<u64> {
    let mut file = NewFile::create(path)?;
    write(&mut file)?;
    file.finish()
}
