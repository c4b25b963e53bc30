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

#[cfg(feature = "mock")]
mod cpu;
mod files;
mod skeleton;
mod source;

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ascend_graph::om;
pub use ascend_graph::om::{Aipp, WeightFiles};
pub use ascend_graph::{Axis, Gears, InputShape};
pub use skeleton::{Filled, Skeleton};

use crate::error::{Error, ErrorKind, Result};
use crate::map::Content;
use crate::weights::OpenOptions;
use crate::whole::{NewFile, cannot_write};
use crate::zoo::ResNetOptions;

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
    /// How a checkpoint is opened.
    pub weights: OpenOptions,
    /// What the ONNX of a checkpoint is made for.
    pub network: ResNetOptions,
    /// An ONNX file that a checkpoint fills instead, as a [`Skeleton`].
    pub skeleton: Option<PathBuf>,
    /// Whether constants of the skeleton without a tensor keep their own numbers.
    pub allow_unmatched: bool,
    /// Whether the ONNX graph is simplified, as by [`ascend_graph::onnx::simplify`].
    pub simplify: bool,
    /// Whether an `.onnx` file's larger constants go into a file beside it, which they do anyway
    /// beyond 2 GiB.
    pub external_data: bool,
    /// Shapes to fix, to free or to limit.
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
/// an ONNX file to `.om` or a simpler `.onnx`. Constants of an ONNX file may lie in files in its own
/// folder. What the source is, is told by its content; what to write, by the
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
            let has_work =
                options.simplify || options.external_data || !options.input_shapes.is_empty();
            if !has_work && source::is_onnx(source)? {
                let message = format!(
                    "{} is ONNX already: convert it to .om, or ask for --simplify, --input-shape or \
                     --external-data",
                    source.display()
                );
                return Err(Error::new(ErrorKind::InvalidArgument, message));
            }
            let mut model = source::read_model(source, options, &mut steps)?;
            source::fix_inputs(&mut model, &options.input_shapes)
                .map_err(|error| Error::from(error).while_doing(source.display()))?;
            files::write(&model, destination, options.external_data, &mut steps)?
        }
        Some("om") => {
            let model = source::read_model(source, options, &mut steps)?;
            match &options.soc {
                Soc::Chip(name) => return Err(needs_atc(name, source)),
                #[cfg(feature = "mock")]
                Soc::Mock => cpu::write_om(model, (source, destination), options, &mut steps)?,
                #[cfg(not(feature = "mock"))]
                Soc::Mock => {
                    drop(model);
                    let message = "this build has no CPU device: build with the feature `mock`";
                    return Err(Error::new(ErrorKind::Unsupported, message));
                }
            }
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

fn needs_atc(soc: &str, source: &Path) -> Error {
    let stem = source.file_stem().unwrap_or_default().to_string_lossy();
    let message = format!(
        "an .om for {soc} is made by CANN's atc, which this version does not start: convert to \
         {stem}.onnx first, then run atc --framework=5 --model={stem}.onnx --output={stem} \
         --soc_version={soc} --input_shape=\"input:1,3,224,224\" where CANN is installed"
    );
    Error::new(ErrorKind::Unsupported, message)
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
        om::OmFile::open(&file).map_err(|error| at(error.into()))?;
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

fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<u64> {
    let mut file = NewFile::create(path)?;
    write(&mut file)?;
    file.finish()
}
