//! Every road to `.om`: weights become ONNX, and ONNX becomes an offline model.
//!
//! Shapes are told in the words of `atc`: an [`InputShape`] fixes an input's axes, frees them (-1) or
//! limits them (`1~8`); [`Gears`] are shapes among which a model is switched; [`Aipp`] puts the
//! preprocessing of pictures into the model. What `atc` would refuse is refused, with its code.
//! An `.om` for a chip is made by `atc` itself, which the module `atc` starts.
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

#[cfg(feature = "atc")]
pub mod atc;
#[cfg(feature = "mock")]
mod cpu;
pub(crate) mod files;
mod skeleton;
mod source;

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

pub use ascend_graph::om::{Aipp, WeightFiles};
pub use ascend_graph::{Axis, Gears, InputShape};
use ascend_graph::{counted, om, onnx, text};
pub use files::Beside;
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
    /// The chip of the NPU in this machine (C API: `aclrtGetSocName`, `acl_rt.h`).
    Auto,
    /// A chip, by the name that `atc --soc_version` takes, such as `Ascend310P3`.
    Chip(String),
}

impl FromStr for Soc {
    type Err = std::convert::Infallible;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(match name {
            "mock" => Self::Mock,
            "auto" => Self::Auto,
            name => Self::Chip(name.to_owned()),
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
    /// The engine of the CPU device that has to be able to run an `.om` for it.
    #[cfg(feature = "mock")]
    pub engine: ascend_mock::Engine,
    /// What else an `.om` for a chip is made with.
    #[cfg(feature = "atc")]
    pub atc: atc::AtcOptions,
    /// The command line, as a shell takes it: an `.om` for the CPU device tells it when it is asked how
    /// it was made, and a plan for a chip takes from it how an ONNX file is made.
    pub command_line: String,
}

/// What is told while a conversion goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'e> {
    /// Something to know before the work begins, such as the precision of the result.
    Note(&'e str),
    /// The compiler runs.
    Running {
        /// Since its start.
        elapsed: Duration,
        /// What it and its processes take, where that can be told.
        memory_bytes: Option<u64>,
    },
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
/// [`ErrorKind::InvalidArgument`] when the ONNX graph has faults or an option is not possible,
/// [`ErrorKind::Unsupported`] when the device cannot compute it; nodes and tensors are named. For a
/// chip also [`ErrorKind::Library`] when CANN or its Python is missing, [`ErrorKind::OutOfMemory`]
/// when `atc` is killed, [`ErrorKind::Execution`] when it cannot compile an operator or takes too
/// long, and [`ErrorKind::Internal`] when it crashes.
pub fn convert(source: &Path, destination: &Path, options: &Options) -> Result<Report> {
    convert_with(source, destination, options, &mut |_| ())
}

/// As [`convert`], and calls `watch` with what is to be told meanwhile, on this thread.
///
/// # Errors
///
/// As for [`convert`].
pub fn convert_with(
    source: &Path,
    destination: &Path,
    options: &Options,
    watch: &mut dyn FnMut(Event<'_>),
) -> Result<Report> {
    let (from, to) = (source.display(), destination.display());
    let _span = tracing::debug_span!("convert", %from, %to).entered();
    let target = destination
        .extension()
        .and_then(|extension| extension.to_str());
    let mut steps = Vec::new();
    let bytes = match target {
        Some("onnx") => {
            let has_work =
                options.simplify || options.external_data || !options.input_shapes.is_empty();
            if !has_work && options.skeleton.is_none() && source::is_onnx(source)? {
                let message = text!(
                    "{file} is ONNX already: convert it to .om, or ask for --simplify, --input-shape or \
                     --external-data",
                    file = source.display()
                );
                return Err(Error::new(ErrorKind::InvalidArgument, message));
            }
            let mut model = source::read(source, options, &mut steps)?.model;
            source::fix_inputs(&mut model, &options.input_shapes)
                .map_err(|error| Error::from(error).while_doing(source.display()))?;
            files::write(&model, destination, options.external_data, &mut steps)?
        }
        Some("om") => {
            let (network, options) = source::read_shaped(source, options, &mut steps)?;
            let paths = (source, destination);
            write_om(network, paths, &options, watch, &mut steps)?
        }
        _ => {
            let message = text!(
                "cannot tell what to write to {file}: give it the extension .onnx or .om",
                file = destination.display()
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
    };
    Ok(Report { steps, bytes })
}

/// The model in the file `source` as ONNX, read or built from a checkpoint's weights as [`convert`] does
/// it, with the shapes that are asked for; and what was done, step by step.
///
/// # Errors
///
/// As for [`convert`] to an `.onnx`.
pub fn to_onnx(source: &Path, options: &Options) -> Result<(onnx::Model, Vec<String>)> {
    let mut steps = Vec::new();
    let mut model = source::read(source, options, &mut steps)?.model;
    source::fix_inputs(&mut model, &options.input_shapes)
        .map_err(|error| Error::from(error).while_doing(source.display()))?;
    Ok((model, steps))
}

/// Makes an `.om` by the compiler of the device that it is for.
#[cfg_attr(
    not(feature = "atc"),
    allow(
        unused_variables,
        clippy::needless_pass_by_value,
        clippy::ptr_arg,
        reason = "builds without a compiler have no use for them"
    )
)]
fn write_om(
    network: source::Network,
    paths: (&Path, &Path),
    options: &Options,
    watch: &mut dyn FnMut(Event<'_>),
    steps: &mut Vec<String>,
) -> Result<u64> {
    if options.soc == Soc::Mock {
        #[cfg(feature = "mock")]
        return cpu::write_om(network.model, paths, options, steps);
        #[cfg(not(feature = "mock"))]
        return Err(missing("CPU device", "mock"));
    }
    #[cfg(feature = "atc")]
    return atc::write_om(network, paths, options, watch, steps);
    #[cfg(not(feature = "atc"))]
    Err(missing("way to start atc", "atc"))
}

#[cfg(not(all(feature = "mock", feature = "atc")))]
fn missing(what: &str, feature: &str) -> Error {
    let message = format!("this build has no {what}: build with the feature `{feature}`");
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
        steps: vec![format!(
            "put {} into a bundle",
            counted(models.len(), "model")
        )],
        bytes,
    })
}

fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<u64> {
    let mut file = NewFile::create(path)?;
    write(&mut file)?;
    file.finish()
}
