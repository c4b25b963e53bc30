//! The options of `ascend compare`.

use std::path::{Path, PathBuf};

use anyhow::Result;
use ascend_rt::compare::{Expected, Scope, Tolerance};
use ascend_rt::convert::InputShape;
use ascend_rt::files::NewFile;
use ascend_rt::{Error, ErrorKind};
use clap::ValueEnum;

use crate::destination::ensure_free;
use crate::help::Example;
use crate::language::say;
use crate::weights::WeightArgs;

pub(crate) const EXAMPLES: &[Example] = &[
    Example::new(
        "an .om on its device against the ONNX file it was made of",
        "ascend compare net.onnx compiled.om --input image.npy",
    ),
    Example::new(
        "every node against that of the same name, on generated inputs",
        "ascend compare net.onnx simplified.onnx \\\n    --input-shape input:1,3,64,64",
    ),
    Example::new(
        "against .npy files called after outputs or nodes",
        "ascend compare net.onnx golden --input image.npy --atol 1e-3 --rtol 1e-3",
    ),
    Example::new(
        "against what a device dumped while it ran the .om, as a page",
        "ascend compare net.onnx dump --input image.npy --html report.html",
    ),
    Example::new(
        "what float16 loses in which node, and files for the compiler that keep it",
        "ascend compare net.onnx --input image.npy --precision f16 --advice advice",
    ),
];

/// For `--help`.
const HELP: &str =
    "Exit codes: 0 all outputs agree, 1 they differ; others as for all commands, see ascend --help";

#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// What is taken as right: an .onnx, an .om, a checkpoint, an .npy or .npz file, or a folder of
    /// .npy files or of what a device dumped
    pub(super) a: PathBuf,
    /// What is held against it; A itself in another --precision if left out
    pub(super) b: Option<PathBuf>,

    /// Inputs as for ascend run: [NAME=]FILE (.npy, raw, .npz, .safetensors), a folder, a pattern or a
    /// @LIST, several samples for each input too; generated if left out
    #[arg(long, value_name = "WHAT", help_heading = "Inputs")]
    pub(super) input: Vec<String>,
    /// Inputs of B where they are others than those of A, such as pictures for one with AIPP
    #[arg(long, value_name = "WHAT", help_heading = "Inputs")]
    pub(super) input_b: Vec<String>,
    /// The seed of generated inputs: fractions from -1 to 1, whole numbers 0 and 1
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Inputs")]
    pub(super) seed: u64,
    /// The parameters of the preprocessing on the device, for models that take them with the runs
    #[arg(
        long,
        alias = "aipp_config",
        value_name = "FILE",
        help_heading = "Inputs"
    )]
    pub(super) aipp_config: Option<PathBuf>,
    /// Shapes of inputs that an .onnx leaves open
    #[arg(
        long,
        alias = "input_shape",
        value_name = "NAME:D,D,…;…",
        value_delimiter = ';'
    )]
    #[arg(help_heading = "Inputs")]
    pub(super) input_shape: Vec<InputShape>,

    /// The network of a checkpoint A, where it is none that is known here
    #[arg(long, value_name = "NET.onnx", help_heading = "Checkpoints")]
    pub(super) skeleton_a: Option<PathBuf>,
    /// The network of a checkpoint B
    #[arg(long, value_name = "NET.onnx", help_heading = "Checkpoints")]
    pub(super) skeleton_b: Option<PathBuf>,
    /// Height and width of the picture of a network made from weights
    #[arg(
        long,
        value_name = "PIXELS",
        default_value_t = 224,
        help_heading = "Checkpoints"
    )]
    pub(super) image_size: usize,
    #[command(flatten, next_help_heading = "Checkpoints")]
    pub(super) weights: WeightArgs,

    /// What B computes in, from which follows what is tolerated: f32, f16 or bf16; without B, what A is
    /// rounded to after every node
    #[arg(long, value_name = "TYPE", help_heading = "Tolerance")]
    pub(super) precision: Option<PrecisionArg>,
    /// The least cosine [default: f32 0.9999, f16 0.999, bf16 0.99]
    #[arg(long, value_name = "X", value_parser = cosine, help_heading = "Tolerance")]
    pub(super) cosine: Option<f64>,
    /// The most relative L2 error, ‖a - b‖ / ‖a‖ [default: f32 1e-4, f16 0.02, bf16 0.1]
    #[arg(long, value_name = "X", value_parser = number, help_heading = "Tolerance")]
    pub(super) relative_l2: Option<f64>,
    /// The most |a - b| of any element
    #[arg(long, value_name = "X", value_parser = number, help_heading = "Tolerance")]
    pub(super) max_abs: Option<f64>,
    /// With --rtol, as numpy's allclose: no |a - b| above ATOL + RTOL × |a|
    #[arg(long, value_name = "X", value_parser = number, help_heading = "Tolerance")]
    pub(super) atol: Option<f64>,
    /// See --atol
    #[arg(long, value_name = "X", value_parser = number, help_heading = "Tolerance")]
    pub(super) rtol: Option<f64>,

    /// Compare outputs only
    #[arg(long, help_heading = "What is compared")]
    pub(super) outputs_only: bool,
    /// Compare only nodes with this in their name, or of this operator; may be repeated
    #[arg(long, value_name = "PART", help_heading = "What is compared")]
    pub(super) node: Vec<String>,
    /// Compare the first N nodes only
    #[arg(long, value_name = "N", help_heading = "What is compared")]
    pub(super) limit: Option<usize>,
    /// The most that is held of both sides at once, such as 1GiB
    #[arg(long, value_name = "SIZE", value_parser = crate::save::size, default_value = "256MiB")]
    #[arg(help_heading = "What is compared")]
    pub(super) hold: u64,

    /// Print all nodes, not only those that differ
    #[arg(long, help_heading = "Report")]
    pub(super) all: bool,
    /// All figures as JSON; - for stdout, instead of the text
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub(super) json: Option<PathBuf>,
    /// The table, with the columns of `msit debug compare`
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub(super) csv: Option<PathBuf>,
    /// The report as a page that needs nothing else
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub(super) html: Option<PathBuf>,
    /// Write files for the compiler, with the nodes that have to keep their precision, into this folder
    #[arg(long, value_name = "DIR", help_heading = "Report")]
    pub(super) advice: Option<PathBuf>,
    /// Replace reports (--json, --csv, --html) and files of --advice that exist
    #[arg(long, help_heading = "Report")]
    pub(super) overwrite: bool,
}

/// What a model computes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PrecisionArg {
    #[value(alias = "float32", alias = "fp32")]
    F32,
    #[value(alias = "float16", alias = "fp16")]
    F16,
    #[value(alias = "bfloat16")]
    Bf16,
}

impl PrecisionArg {
    fn expected(self) -> Expected {
        match self {
            Self::F32 => Expected::Single,
            Self::F16 => Expected::Half,
            Self::Bf16 => Expected::Brain,
        }
    }
}

impl Args {
    /// What is compared, and how strictly.
    pub(super) fn scope(&self) -> Scope {
        Scope {
            tolerance: Tolerance {
                expected: self.precision.map(PrecisionArg::expected),
                cosine: self.cosine,
                relative_l2: self.relative_l2,
                max_absolute: self.max_abs,
                absolute: self.atol,
                relative: self.rtol,
            },
            memory_bytes: self.hold,
            outputs_only: self.outputs_only,
            nodes: self.node.clone(),
            limit: self.limit,
        }
    }

    /// Refuses A alone, unless it is to be held against itself.
    pub(super) fn check_sides(&self) -> Result<()> {
        if self.b.is_some() || self.precision.is_some() {
            return Ok(());
        }
        let message = say!(
            "there is no B: give what {a} is compared with, or --precision f16 (or bf16) to hold it against itself in \
             that precision",
            a = self.a.display()
        );
        Err(Error::new(ErrorKind::InvalidArgument, message).into())
    }

    /// Refuses to look for the nodes to keep among few of them: the others would be blamed for nothing.
    pub(super) fn check_advice(&self) -> Result<()> {
        let is_part = self.outputs_only || self.limit.is_some() || !self.node.is_empty();
        if self.advice.is_some() && self.b.is_none() && is_part {
            let message =
                "--advice needs what all nodes lose: leave --outputs-only, --node and --limit out";
            return Err(Error::new(ErrorKind::InvalidArgument, message).into());
        }
        Ok(())
    }

    /// Refuses places that cannot be written or are taken, before all the work.
    pub(super) fn check_places(&self) -> Result<()> {
        for place in [&self.json, &self.csv, &self.html].into_iter().flatten() {
            if place != Path::new("-") {
                drop(NewFile::create(place)?);
                ensure_free(place, self.overwrite)?;
            }
        }
        if let Some(folder) = &self.advice {
            for name in [super::advice::KEEP, super::advice::MODES] {
                ensure_free(&folder.join(name), self.overwrite)?;
            }
        }
        Ok(())
    }
}

fn number(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok();
    let number = number.filter(|number| *number >= 0.0 && number.is_finite());
    number.ok_or_else(|| say!("give a number of 0 or more"))
}

fn cosine(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok();
    let number = number.filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| say!("give a number from 0 to 1: the cosine of equal tensors is 1"))
}
