//! The two sides, opened and given their inputs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use ascend_graph::onnx::{Model, Precision};
use ascend_rt::compare::{Feed, Side};
use ascend_rt::convert::{self, Options};
use ascend_rt::files;
use ascend_rt::model::TensorSpec;
use ascend_rt::zoo::ResNetOptions;
use ascend_rt::{Device, Error, ErrorKind};
use tempfile::TempDir;

use super::options::{Args, PrecisionArg};
use crate::bench::sample;
use crate::device::DeviceArgs;

/// The first bytes of an `.om`.
const OM_START: &[u8] = b"IMOD";

/// Both sides.
pub(super) struct Sides {
    pub(super) a: Side,
    pub(super) b: Side,
    pub(super) names: [String; 2],
    pub(super) notes: Vec<String>,
    /// A as ONNX, where it is held against itself.
    pub(super) own: Option<Own>,
    /// How they were opened: what was dumped is there for as long as this is.
    _opener: Option<Opener>,
}

/// A network that is held against itself in another precision.
pub(super) struct Own {
    pub(super) model: Model,
    pub(super) precision: Precision,
    pub(super) feed: Feed,
    pub(super) opener: Opener,
}

/// How sides are opened.
pub(super) struct Opener {
    /// Networks are computed here.
    cpu: Device,
    /// Dumps go here, if they are made.
    folder: Option<TempDir>,
    options: Options,
}

impl Sides {
    pub(super) fn open(args: &Args, device: &DeviceArgs) -> Result<Self> {
        let opener = Opener::new(args, device)?;
        let mut notes = Vec::new();
        let name = |path: &Path| path.display().to_string();
        let mut open = |path: &Path, place: &str, skeleton: &Option<PathBuf>| {
            opener.open((path, place), skeleton.as_deref(), device, &mut notes)
        };
        let mut a = open(&args.a, "a", &args.skeleton_a)?;
        if let Some(path) = &args.b {
            let mut b = open(path, "b", &args.skeleton_b)?;
            feed(args, &mut a, &mut b, &mut notes)?;
            let names = [name(&args.a), name(path)];
            for (side, name) in [&a, &b].into_iter().zip(&names) {
                let skipped = side.skipped().iter();
                notes.extend(skipped.map(|why| format!("{name}: left out: {why}")));
            }
            return Ok(Self {
                a,
                b,
                names,
                notes,
                own: None,
                _opener: Some(opener),
            });
        }
        Self::own(args, a, opener, notes)
    }

    /// A held against itself in another precision.
    fn own(args: &Args, mut a: Side, opener: Opener, mut notes: Vec<String>) -> Result<Self> {
        let precision = match args.precision {
            Some(PrecisionArg::F16) => Precision::F16,
            Some(PrecisionArg::Bf16) => Precision::BF16,
            _ => {
                let message = "there is no B, and A computes in f32 already: give B, or --precision f16 or bf16";
                return Err(Error::new(ErrorKind::InvalidArgument, message).into());
            }
        };
        let (model, _) = opener
            .read(&args.a, args.skeleton_a.as_deref())
            .map_err(|error| {
                let message = format!(
                    "{error}; give an .onnx or a checkpoint, for A is held against itself as ONNX"
                );
                Error::new(error.kind(), message)
            })?;
        let rounded = model.rounded(precision, |_| false).map_err(Error::from)?;
        let dtype = precision.dtype().name();
        notes.push(format!(
            "B is A with {} constants rounded to {dtype} beforehand, and {} values when it runs",
            rounded.constants, rounded.values
        ));
        let mut b = opener.rounded(&model, rounded.model)?;
        let feed = feed(args, &mut a, &mut b, &mut notes)?;
        let own = Own {
            model,
            precision,
            feed,
            opener,
        };
        Ok(Self {
            a,
            b,
            names: [
                args.a.display().to_string(),
                format!("{} in {dtype}", args.a.display()),
            ],
            notes,
            own: Some(own),
            _opener: None,
        })
    }
}

impl Opener {
    fn new(args: &Args, device: &DeviceArgs) -> Result<Self> {
        let mut options = Options {
            weights: args.weights.options()?,
            input_shapes: args.input_shape.clone(),
            engine: device.engine()?,
            ..Options::default()
        };
        options.network = ResNetOptions {
            size: (args.image_size, args.image_size),
            ..options.network
        };
        Ok(Self {
            cpu: device.cpu()?,
            folder: (!args.outputs_only).then(folder).transpose()?,
            options,
        })
    }

    fn open(
        &self,
        (path, place): (&Path, &str),
        skeleton: Option<&Path>,
        device: &DeviceArgs,
        notes: &mut Vec<String>,
    ) -> Result<Side> {
        let has_extension = |wanted: &str| {
            let extension = path.extension();
            extension.is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
        };
        if path.is_dir() || has_extension("npy") || has_extension("npz") {
            return Ok(Side::stored(path)?);
        }
        if starts_as_om(path)? {
            let folder = self.folder.as_ref().map(TempDir::path);
            let folder = folder.map(|folder| folder.join(place));
            if let Some(folder) = &folder {
                fs::create_dir_all(folder).map_err(|error| {
                    let message = format!(
                        "cannot make the folder {}: {error}; name another place with TMPDIR",
                        folder.display()
                    );
                    Error::new(ErrorKind::Io, message).with_source(error)
                })?;
            }
            return Ok(Side::offline(&device.open()?, path, folder.as_deref())?);
        }
        let (model, steps) = self.read(path, skeleton)?;
        notes.extend(steps);
        self.network(model)
    }

    /// A network, or a checkpoint as one.
    fn read(&self, path: &Path, skeleton: Option<&Path>) -> Result<(Model, Vec<String>), Error> {
        let mut options = self.options.clone();
        options.skeleton = skeleton.map(Path::to_owned);
        if skeleton.is_some() || is_onnx(path) {
            options.network = ResNetOptions::default();
        }
        convert::to_onnx(path, &options)
    }

    fn network(&self, model: Model) -> Result<Side> {
        Ok(Side::network(model, &self.cpu, &self.options)?)
    }

    /// The rounded form of a network.
    pub(super) fn rounded(&self, model: &Model, rounded: Model) -> Result<Side> {
        Ok(Side::network_like(
            model,
            rounded,
            &self.cpu,
            &self.options,
        )?)
    }
}

/// A folder that is gone with its owner.
fn folder() -> Result<TempDir, Error> {
    tempfile::tempdir().map_err(|error| {
        let message = format!(
            "cannot make a folder for dumps: {error}; free some space, name another place with TMPDIR, or give \
             --outputs-only"
        );
        Error::new(ErrorKind::Io, message).with_source(error)
    })
}

fn is_onnx(path: &Path) -> bool {
    let extension = path.extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("onnx"))
}

fn starts_as_om(path: &Path) -> Result<bool, Error> {
    Ok(files::map(path)?.starts_with(OM_START))
}

/// Gives both sides their inputs; what A takes, B takes too unless it is told others.
fn feed(args: &Args, a: &mut Side, b: &mut Side, notes: &mut Vec<String>) -> Result<Feed> {
    let specs = a.inputs().or(b.inputs()).map(<[TensorSpec]>::to_vec);
    let Some(specs) = specs else {
        if args.input.is_empty() && args.input_b.is_empty() {
            return Ok(Feed::default());
        }
        let message = "A and B are tensors in files, which take no inputs: leave --input out";
        return Err(Error::new(ErrorKind::InvalidArgument, message).into());
    };
    let given = if args.input.is_empty() {
        let is_file = |side: &Side| side.inputs().is_none();
        if is_file(a) || is_file(b) {
            notes.push(
                "the inputs are generated, while one side is files: give --input with what those were made of"
                    .to_owned(),
            );
        }
        let feed = Feed::generated(&specs, args.seed)?;
        for (name, tensor) in feed.iter() {
            notes.push(format!(
                "input {}: {} {:?}, generated with --seed {}",
                name.unwrap_or_default(),
                tensor.dtype.name(),
                tensor.shape,
                args.seed
            ));
        }
        feed
    } else {
        Feed::new(sample::read(&args.input, &specs)?)
    };
    a.feed(&given).map_err(|error| told(&args.a, &error))?;
    let path = args.b.as_ref().unwrap_or(&args.a);
    match b.inputs() {
        Some(specs) if !args.input_b.is_empty() => {
            let other = Feed::new(sample::read(&args.input_b, specs)?);
            b.feed(&other).map_err(|error| told(path, &error))?;
        }
        _ => b.feed(&given).map_err(|error| told(path, &error))?,
    }
    Ok(given)
}

fn told(path: &Path, error: &Error) -> Error {
    Error::new(error.kind(), format!("{}: {error}", path.display()))
}
