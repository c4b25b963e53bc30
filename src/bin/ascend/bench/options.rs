//! The options of `ascend run`, `bench` and `msame`.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{ArgAction, Args as _, FromArgMatches, ValueEnum, ValueHint};

use super::argv::truth;
use super::energy::EnergyArgs;
use super::outputs::{Format, Naming};
use super::told::Named;
use crate::help;
use crate::time;

/// Which command it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `run`: the results first.
    Results,
    /// `bench`: the files and the report of `ais_bench`, and more.
    Bench,
    /// `msame`: as `bench`, with msame's files.
    Msame,
}

/// Options may be spelled as `ais_bench`, `msit benchmark` and `msame` have them: `--dym_batch`,
/// `--dymBatch`, `-db`.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "options")]
pub(crate) struct Args {
    /// The model
    #[arg(
        value_name = "MODEL",
        required_unless_present = "model",
        conflicts_with = "model"
    )]
    file: Option<PathBuf>,
    /// The model, as other tools are told it
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,

    /// Inputs as [NAME=]WHAT: files (.npy, raw, .npz, .safetensors), folders, patterns, @LIST of
    /// files, or - for stdin; one for each of the model's inputs, by commas or option by option.
    /// Generated if left out
    #[arg(
        long,
        value_name = "WHAT",
        help_heading = "Inputs",
        value_hint = ValueHint::AnyPath
    )]
    pub(super) input: Vec<String>,
    /// Take the first N files of each input only
    #[arg(long, value_name = "N", help_heading = "Inputs")]
    pub(super) limit: Option<NonZeroUsize>,
    /// What generated inputs hold
    #[arg(
        long,
        value_name = "TYPE",
        ignore_case = true,
        default_value = "zero",
        help_heading = "Inputs"
    )]
    pub(super) pure_data_type: Pure,
    /// Pad inputs with zeros to the next gear of the model; outputs are cut back, or with `uncut`
    /// given as they are where they do not follow what was padded
    #[arg(long, value_name = "cut|uncut", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "cut", help_heading = "Inputs")]
    pub(super) pad: Option<Pad>,
    /// The parameters of the preprocessing on the device, for models that take them with the runs
    #[arg(long, value_name = "FILE", help_heading = "Inputs")]
    pub(super) aipp_config: Option<PathBuf>,

    /// The gear of a model of batch sizes
    #[arg(long, value_name = "N", help_heading = "Shapes", group = "shape")]
    pub(super) dym_batch: Option<usize>,
    /// The gear of a model of image sizes
    #[arg(long, value_name = "H,W", help_heading = "Shapes", group = "shape", value_parser = size)]
    pub(super) dym_hw: Option<[usize; 2]>,
    /// The gear of a model of dims, by the shapes of its inputs
    #[arg(
        long,
        value_name = "NAME:1,3;…",
        help_heading = "Shapes",
        group = "shape"
    )]
    pub(super) dym_dims: Option<Named>,
    /// The shapes of the inputs
    #[arg(
        long,
        value_name = "NAME:1,3;…",
        help_heading = "Shapes",
        group = "shape"
    )]
    pub(super) dym_shape: Option<Named>,
    /// Measure each of many shapes: 200~224 for all from 200 to 224, 200-224 for these two; or a
    /// file with such a line for each
    #[arg(
        long,
        value_name = "NAME:1,3~5;…",
        help_heading = "Shapes",
        group = "shape"
    )]
    pub(super) dym_shape_range: Option<String>,
    /// Take the shapes from the files; what models of gears and shapes do by themselves
    #[arg(long, value_name = "BOOL", help_heading = "Shapes", num_args = 0..=1, require_equals = true)]
    #[arg(action = ArgAction::Set, value_parser = truth, default_value = "false", default_missing_value = "true")]
    pub(super) auto_set_dymshape_mode: bool,
    /// As --auto-set-dymshape-mode
    #[arg(long, value_name = "BOOL", help_heading = "Shapes", num_args = 0..=1, require_equals = true)]
    #[arg(action = ArgAction::Set, value_parser = truth, default_value = "false", default_missing_value = "true")]
    pub(super) auto_set_dymdims_mode: bool,
    /// Bytes of each output; not needed, and checked only
    #[arg(
        long,
        value_name = "BYTES,…",
        help_heading = "Shapes",
        value_delimiter = ','
    )]
    pub(super) output_size: Vec<u64>,

    /// The folder for the outputs; without it they are dropped
    #[arg(
        long,
        value_name = "DIR",
        help_heading = "Outputs",
        value_hint = ValueHint::DirPath
    )]
    pub(super) output: Option<PathBuf>,
    /// The folder in there, instead of one called after the time
    #[arg(
        long,
        value_name = "NAME",
        requires = "output",
        help_heading = "Outputs"
    )]
    pub(super) output_dirname: Option<String>,
    /// The form of the outputs; npy if left out of run, else bin
    #[arg(
        long,
        value_name = "FORM",
        ignore_case = true,
        help_heading = "Outputs"
    )]
    outfmt: Option<Format>,
    /// Along which dimension outputs are cut back to the files that were joined
    #[arg(
        long,
        value_name = "AXIS",
        default_value_t = 0,
        help_heading = "Outputs"
    )]
    pub(super) output_batchsize_axis: usize,
    /// How outputs are called: by the output's name, by its number, or as msame does
    #[arg(long, value_name = "HOW", help_heading = "Outputs")]
    naming: Option<Naming>,
    /// Replace reports (--csv, --json, --html), and outputs of run, that exist; outputs of bench and
    /// msame in a folder that --output-dirname names are replaced anyway, as by those tools
    #[arg(long, help_heading = "Outputs")]
    pub(super) overwrite: bool,

    /// Run N times: on generated inputs, or all files N times
    #[arg(
        long = "loop",
        value_name = "N",
        default_value_t = 1,
        help_heading = "Measuring"
    )]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) repeats: u32,
    /// Run for this time instead, such as 60s or 30m: on generated inputs, or all files in turns
    #[arg(
        long,
        value_name = "TIME",
        conflicts_with = "repeats",
        help_heading = "Measuring"
    )]
    #[arg(value_parser = time::parse)]
    pub(super) duration: Option<Duration>,
    /// Runs before the clock starts, which are reported apart; 1 if left out, of run and with --dump 0
    #[arg(long, value_name = "N", help_heading = "Measuring")]
    warmup_count: Option<u32>,
    /// The batch for the throughput, instead of the first input's first dimension
    #[arg(long, value_name = "N", help_heading = "Measuring")]
    pub(super) batchsize: Option<usize>,
    /// When files are read: array and files read each before its run, tensor and full all of them
    /// before the clock starts
    #[arg(
        long,
        value_name = "MODE",
        ignore_case = true,
        default_value = "array",
        help_heading = "Measuring"
    )]
    pub(super) run_mode: RunMode,
    /// Runs at once on each device, each with its own copy of the model
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        help_heading = "Measuring"
    )]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(super) threads: u32,
    /// Let reading, copies, execution and writing of several runs overlap: three times the threads
    #[arg(long, value_name = "BOOL", help_heading = "Measuring", num_args = 0..=1, require_equals = true)]
    #[arg(action = ArgAction::Set, value_parser = truth, default_value = "false", default_missing_value = "true")]
    pub(super) pipeline: bool,
    /// End with an error when a run takes longer on the device, such as 30s: it hangs
    #[arg(long, value_name = "TIME", help_heading = "Measuring", value_parser = time::parse)]
    pub(super) run_limit: Option<Duration>,
    /// Share the files among the devices; else each device runs all of them
    #[arg(long, value_name = "BOOL", help_heading = "Measuring", num_args = 0..=1, require_equals = true)]
    #[arg(action = ArgAction::Set, value_parser = truth, default_value = "false", default_missing_value = "true")]
    pub(super) divide_input: bool,

    /// The lines of the copies too, in the report
    #[arg(long, value_name = "BOOL", help_heading = "Report", num_args = 0..=1, require_equals = true)]
    #[arg(action = ArgAction::Set, value_parser = truth, default_value = "false", default_missing_value = "true")]
    pub(super) display_all_summary: bool,
    /// The model's description, and a line for each run
    #[arg(long, value_name = "BOOL", help_heading = "Report", num_args = 0..=1, require_equals = true)]
    #[arg(action = ArgAction::Set, value_parser = truth, default_value = "false", default_missing_value = "true")]
    pub(super) debug: bool,
    /// A table of all runs
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub(super) csv: Option<PathBuf>,
    /// The report as JSON; - for stdout, instead of the text
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub(super) json: Option<PathBuf>,
    /// The report as a page that needs nothing else
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub(super) html: Option<PathBuf>,

    /// Profile with CANN's msprof, into the output folder
    #[arg(long, value_name = "BOOL", help_heading = "CANN's tools", num_args = 0..=1, require_equals = true)]
    #[arg(action = ArgAction::Set, value_parser = truth, default_value = "false", default_missing_value = "true")]
    pub(super) profiler: bool,
    #[command(flatten)]
    pub(super) dumping: DumpArgs,
    #[command(flatten)]
    pub(super) energy: EnergyArgs,
    #[command(flatten)]
    pub(super) ignored: IgnoredArgs,
}

/// What the runtime is told at its start.
#[derive(Debug, clap::Args)]
pub(super) struct DumpArgs {
    /// Write the inputs and outputs of all operators to the folder `dump` of the output folder
    #[arg(long, value_name = "BOOL", help_heading = "CANN's tools", num_args = 0..=1, require_equals = true)]
    #[arg(action = ArgAction::Set, value_parser = truth, default_value = "false", default_missing_value = "true")]
    pub(super) dump: bool,
    /// Convert them to .npy too, into a folder beside theirs
    #[arg(long, value_name = "BOOL", help_heading = "CANN's tools", num_args = 0..=1, require_equals = true)]
    #[arg(action = ArgAction::Set, value_parser = truth, default_value = "false", default_missing_value = "true")]
    pub(super) dump_npy: bool,
    /// Start the runtime with this acl.json, once it was checked, instead of one of --dump's
    #[arg(long, value_name = "FILE", help_heading = "CANN's tools")]
    pub(super) acl_json_path: Option<PathBuf>,
}

/// Options of the other tools that change nothing here.
#[derive(Debug, clap::Args)]
pub(super) struct IgnoredArgs {
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true)]
    #[arg(action = ArgAction::Set, value_parser = truth, default_value = "false", default_missing_value = "true")]
    pub(super) profiler_rename: bool,
}

/// What generated inputs hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Pure {
    /// Zeros
    Zero,
    /// Numbers that are the same in every call
    Random,
}

/// What padding leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Pad {
    Cut,
    Uncut,
}

/// When files are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RunMode {
    Array,
    Files,
    Tensor,
    Full,
}

impl RunMode {
    /// Whether all files are read before the clock starts.
    pub(super) fn reads_ahead(self) -> bool {
        matches!(self, Self::Tensor | Self::Full)
    }
}

impl Args {
    /// Those of a command line of `bench` without the program's name; one that is wrong ends the
    /// program, as its own would.
    pub(crate) fn of_words(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let command = Self::augment_args(clap::Command::new("ascend").no_binary_name(true));
        let matches = command
            .try_get_matches_from(words)
            .unwrap_or_else(|error| help::end(&error));
        Self::from_arg_matches(&matches)
    }

    pub(super) fn model(&self) -> &Path {
        // The parser has seen to one of them.
        self.file
            .as_ref()
            .or(self.model.as_ref())
            .map_or(Path::new(""), PathBuf::as_path)
    }

    pub(super) fn format(&self, style: Style) -> Format {
        self.outfmt.unwrap_or(match style {
            Style::Results => Format::Npy,
            Style::Bench | Style::Msame => Format::Bin,
        })
    }

    pub(super) fn naming(&self, style: Style) -> Naming {
        self.naming.unwrap_or(match style {
            Style::Results => Naming::Name,
            Style::Bench => Naming::Number,
            Style::Msame => Naming::Msame,
        })
    }

    pub(super) fn warm_up(&self, style: Style) -> u32 {
        self.warmup_count.unwrap_or(match style {
            // It would be dumped as well.
            _ if self.dumping.dump || self.dumping.dump_npy => 0,
            Style::Results => 0,
            Style::Bench | Style::Msame => 1,
        })
    }

    /// The sessions on each device.
    pub(super) fn sessions(&self) -> u32 {
        if self.pipeline {
            self.threads * 3
        } else {
            self.threads
        }
    }

    /// Whether the shapes are to come from the files.
    pub(super) fn is_auto(&self) -> bool {
        self.auto_set_dymshape_mode || self.auto_set_dymdims_mode
    }
}

fn size(text: &str) -> Result<[usize; 2], String> {
    let sides = text.split_once(',').and_then(|(height, width)| {
        Some([height.trim().parse().ok()?, width.trim().parse().ok()?])
    });
    sides.ok_or_else(|| "give height and width, such as 300,500".to_owned())
}
