//! The two sides, opened and given their inputs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use ascend_graph::onnx::{Model, Precision};
use ascend_graph::{Text, text};
use ascend_rt::compare::Side;
use ascend_rt::convert::{self, Options};
use ascend_rt::files;
use ascend_rt::model::{AippParameters, AippSpec};
use ascend_rt::zoo::ResNetOptions;
use ascend_rt::{Device, Error, ErrorKind};
use tempfile::TempDir;

use super::feeds::Feeds;
use super::options::{Args, PrecisionArg};
use crate::bench::aipp;
use crate::device::DeviceArgs;

/// The first bytes of an `.om`.
const OM_START: &[u8] = b"IMOD";

/// Both sides.
pub(super) struct Sides {
    pub(super) a: Side,
    pub(super) b: Side,
    pub(super) names: [String; 2],
    pub(super) notes: Vec<Text>,
    pub(super) feeds: Feeds,
    /// A as ONNX, where it is held against itself.
    pub(super) own: Option<Own>,
    /// How they were opened: what was dumped is there for as long as this is.
    _opener: Option<Opener>,
}

/// A network that is held against itself in another precision.
pub(super) struct Own {
    pub(super) model: Model,
    pub(super) precision: Precision,
    pub(super) opener: Opener,
}

/// How sides are opened.
pub(super) struct Opener {
    /// Networks are computed here.
    cpu: Device,
    /// Dumps go here, if they are made.
    folder: Option<TempDir>,
    options: Options,
    /// What preprocessing on the device takes with the runs.
    aipp: Option<AippParameters>,
}

impl Sides {
    pub(super) fn open(args: &Args, device: &DeviceArgs) -> Result<Self> {
        let opener = Opener::new(args, device)?;
        let mut notes = Vec::new();
        let name = |path: &Path| path.display().to_string();
        let mut open = |path: &Path, place: &str, skeleton: &Option<PathBuf>| {
            opener.open((path, place), skeleton.as_deref(), device, &mut notes)
        };
        let a = open(&args.a, "a", &args.skeleton_a)?;
        if let Some(path) = &args.b {
            let b = open(path, "b", &args.skeleton_b)?;
            let needs_aipp = [&a, &b].into_iter().any(takes_aipp);
            aipp::check(needs_aipp, args.aipp_config.as_deref())?;
            let feeds = Feeds::find(args, &a, &b, &mut notes)?;
            return Ok(Self {
                a,
                b,
                names: [name(&args.a), name(path)],
                notes,
                feeds,
                own: None,
                _opener: Some(opener),
            });
        }
        Self::own(args, a, opener, notes)
    }

    /// What was left out on either side, of those that were given inputs.
    pub(super) fn skipped(&self) -> Vec<Text> {
        // a network that is held against itself leaves the same out twice
        let sides = [&self.a, &self.b].into_iter().zip(&self.names);
        let sides = sides.take(if self.own.is_some() { 1 } else { 2 });
        let all = sides.flat_map(|(side, name)| {
            let told =
                move |why: &Text| text!("{file}: left out: {why}", file = name, why = why.clone());
            side.skipped().iter().map(told)
        });
        all.collect()
    }

    /// A held against itself in another precision.
    fn own(args: &Args, a: Side, opener: Opener, mut notes: Vec<Text>) -> Result<Self> {
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
        notes.push(text!(
            "B is A with {constants} constants rounded to {dtype} beforehand, and {values} values when it runs",
            constants = rounded.constants,
            dtype,
            values = rounded.values
        ));
        let b = opener.rounded(&model, rounded.model)?;
        aipp::check(false, args.aipp_config.as_deref())?;
        let feeds = Feeds::find(args, &a, &b, &mut notes)?;
        let own = Own {
            model,
            precision,
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
            feeds,
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
            aipp: args.aipp_config.as_deref().map(aipp::read).transpose()?,
        })
    }

    fn open(
        &self,
        (path, place): (&Path, &str),
        skeleton: Option<&Path>,
        device: &DeviceArgs,
        notes: &mut Vec<Text>,
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
            let side = Side::offline(&device.open()?, path, folder.as_deref())?;
            return Ok(match &self.aipp {
                Some(aipp) => side.with_aipp(aipp),
                None => side,
            });
        }
        let (model, steps) = self.read(path, skeleton)?;
        notes.extend(steps.into_iter().map(Text::from));
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

/// Whether preprocessing on the device takes its parameters with the runs.
fn takes_aipp(side: &Side) -> bool {
    let mut inputs = side.inputs().unwrap_or_default().iter();
    inputs.any(|spec| matches!(spec.aipp, Some(AippSpec::Dynamic { .. })))
}

fn is_onnx(path: &Path) -> bool {
    let extension = path.extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("onnx"))
}

fn starts_as_om(path: &Path) -> Result<bool, Error> {
    Ok(files::map(path)?.starts_with(OM_START))
}
