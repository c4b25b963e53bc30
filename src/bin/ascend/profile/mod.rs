//! `ascend profile`: where a model's time goes, and what to do about it.
//!
//! A model is run and its operators are watched; the results of CANN's `msprof`, and profiles that
//! were saved, are read. Two of any kind are compared.

mod bounded;
mod comparison;
mod content;
mod hints;
mod measured;
mod msprof;
mod saved;
mod source;
mod summed;
mod told;
mod trace;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use ascend_rt::convert::InputShape;
use ascend_rt::files::NewFile;
use ascend_rt::{Error, ErrorKind};

use self::comparison::Comparison;
use self::content::{By, Profile};
use self::source::Source;
use self::told::Shown;
use crate::destination::ensure_free;
use crate::device::DeviceArgs;
use crate::help::Example;
use crate::interrupt::Interrupt;
use crate::language;

pub(crate) const EXAMPLES: &[Example] = &[
    Example::new(
        "the operators of the CPU device, and what to do",
        "ascend profile net.onnx --input-shape input:1,3,64,64",
    ),
    Example::new(
        "the runs on a time line, for https://ui.perfetto.dev",
        "ascend profile net.om --loop 50 --trace trace.json",
    ),
    Example::new(
        "what became slower, operator by operator",
        "ascend profile net.om --json old.json\nascend profile other.om --against old.json",
    ),
    Example::new(
        "what msprof left",
        "ascend profile PROF_000001_20250102030405678_X",
    ),
    Example::new(
        "CANN's own profile of as many runs more, for msprof",
        "ascend profile net.om --output results",
    ),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A model (.om, .onnx, weights), a folder that msprof wrote (PROF_…, or one above it), one of its
    /// files, or a profile that --json wrote
    #[arg(value_name = "MODEL|PROFILE")]
    subject: PathBuf,
    /// Tell what differs from this older profile: a folder, a file of --json, or a model
    #[arg(long, value_name = "MODEL|PROFILE")]
    against: Option<PathBuf>,

    /// Operators one by one, or put together by their types
    #[arg(
        long,
        value_name = "HOW",
        default_value = "op",
        help_heading = "Report"
    )]
    by: By,
    /// Rows of tables that are shown
    #[arg(long, value_name = "N", default_value_t = 20, help_heading = "Report")]
    top: usize,
    /// The whole profile as JSON, which --against reads; - for stdout, instead of the text
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    json: Option<PathBuf>,
    /// The operators as a table; - for stdout, instead of the text
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    csv: Option<PathBuf>,
    /// The runs on a time line that Perfetto opens, and Chrome
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    trace: Option<PathBuf>,
    /// Replace reports (--json, --csv, --trace) that exist
    #[arg(long, help_heading = "Report")]
    overwrite: bool,

    /// Run N times, or all files N times
    #[arg(
        long = "loop",
        value_name = "N",
        default_value_t = 10,
        help_heading = "Runs"
    )]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    repeats: u32,
    /// Runs that are not counted, beside the first one, which is told apart
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Runs")]
    warmup_count: u32,
    /// The folder for CANN's own profile of as many runs more, for msprof
    #[arg(long, value_name = "DIR", help_heading = "Runs")]
    output: Option<PathBuf>,
    /// Inputs as `ascend bench` takes them; generated if left out
    #[arg(long, value_name = "WHAT", help_heading = "Runs")]
    input: Vec<String>,
    /// What generated inputs hold: zero or random
    #[arg(
        long,
        value_name = "TYPE",
        default_value = "zero",
        help_heading = "Runs"
    )]
    pure_data_type: String,
    /// The shapes of the inputs, for models whose shapes vary
    #[arg(long, value_name = "NAME:1,3;…", help_heading = "Runs")]
    dym_shape: Option<String>,
    /// The gear of a model of batch sizes
    #[arg(long, value_name = "N", help_heading = "Runs")]
    dym_batch: Option<String>,
    /// The gear of a model of image sizes
    #[arg(long, value_name = "H,W", help_heading = "Runs")]
    dym_hw: Option<String>,
    /// The gear of a model of dims
    #[arg(long, value_name = "NAME:1,3;…", help_heading = "Runs")]
    dym_dims: Option<String>,
    /// The parameters of the preprocessing on the device
    #[arg(long, value_name = "FILE", help_heading = "Runs")]
    aipp_config: Option<PathBuf>,
    /// Shapes of the inputs of an ONNX file, which is converted for the profile
    #[arg(
        long,
        value_name = "NAME:D,D,…;…",
        value_delimiter = ';',
        help_heading = "Runs"
    )]
    input_shape: Vec<InputShape>,
    /// The network that weights are filled into, as for `ascend convert`
    #[arg(long, value_name = "NET.onnx", help_heading = "Runs")]
    skeleton: Option<PathBuf>,
}

impl Args {
    /// The command line of `bench` that runs `model` on the same inputs.
    fn bench_words(&self, model: &Path) -> Vec<OsString> {
        let mut words: Vec<OsString> = vec!["--model".into(), model.into()];
        let mut add = |option: &str, value: OsString| {
            let mut word = OsString::from(option);
            word.push("=");
            word.push(value);
            words.push(word);
        };
        for input in &self.input {
            add("--input", input.into());
        }
        add("--pure-data-type", (&self.pure_data_type).into());
        let shapes = [
            ("--dym-shape", &self.dym_shape),
            ("--dym-batch", &self.dym_batch),
            ("--dym-hw", &self.dym_hw),
            ("--dym-dims", &self.dym_dims),
        ];
        for (option, value) in shapes {
            if let Some(value) = value {
                add(option, value.into());
            }
        }
        if let Some(file) = &self.aipp_config {
            add("--aipp-config", file.into());
        }
        words
    }

    /// Whether an option asks for runs.
    fn asks_for_runs(&self) -> Option<&'static str> {
        let options = [
            (self.trace.is_some(), "--trace"),
            (self.output.is_some(), "--output"),
            (!self.input.is_empty(), "--input"),
        ];
        let asked = options.iter().find(|(is_given, _)| *is_given);
        asked.map(|(_, option)| *option)
    }
}

pub(crate) fn run(args: &Args, device: &DeviceArgs) -> Result<ExitCode> {
    if args.trace.as_deref() == Some(Path::new("-")) {
        let message = "stdout has the report: give --trace a file";
        return Err(Error::new(ErrorKind::InvalidArgument, message).into());
    }
    for place in [&args.json, &args.csv, &args.trace].into_iter().flatten() {
        if place != Path::new("-") {
            drop(NewFile::create(place)?);
            ensure_free(place, args.overwrite)?;
        }
    }
    // What is to be read is read before all the work.
    let old = args
        .against
        .as_deref()
        .map(|path| read(path, None))
        .transpose()?;
    let new = read(&args.subject, args.asks_for_runs())?.map(with_hints);
    let is_run = new.is_none() || matches!(old, Some(None));
    // Of both measurements; without one, Ctrl-C ends the program as any.
    let interrupt = if is_run {
        Interrupt::listen()?
    } else {
        Interrupt::default()
    };
    let measure = |model: &Path| measured::measure(args, model, device, &interrupt);
    let new = if let Some(profile) = new {
        profile
    } else {
        let measured = measure(&args.subject)?;
        if let Some(place) = &args.trace {
            trace::write(place, &measured.profile, &measured.timeline)?;
        }
        with_hints(measured.profile)
    };
    let old = match (old, &args.against) {
        (Some(Some(profile)), _) => Some(profile),
        (Some(None), Some(model)) if !interrupt.is_interrupted() => {
            Some(with_hints(measure(model)?.profile))
        }
        _ => None,
    };
    match old {
        Some(old) => tell_comparison(args, &Comparison::of(&old, &new, args.by))?,
        None => tell(args, &new)?,
    }
    Ok(if interrupt.is_interrupted() {
        interrupt.code()
    } else {
        ExitCode::SUCCESS
    })
}

/// Reads a profile; nothing, if the path is of a model that is to be run. `asked` is an option for
/// runs, which a profile that is read has none of.
fn read(path: &Path, asked: Option<&'static str>) -> Result<Option<Profile>> {
    let profile = match Source::of(path)? {
        Source::Folder => msprof::read_folder(path)?,
        Source::Saved => saved::read(path)?,
        Source::Result(kind) => msprof::read_file(path, kind)?,
        Source::Model => return Ok(None),
    };
    if let Some(option) = asked {
        let message = format!(
            "{option} is for models, which are run, and {} is a profile that is read only: leave it out; a \
             msprof_*.json of msprof opens in Perfetto as it is",
            path.display()
        );
        return Err(Error::new(ErrorKind::InvalidArgument, message).into());
    }
    Ok(Some(profile))
}

fn with_hints(mut profile: Profile) -> Profile {
    // a saved one may be in the other language
    language::current().code().clone_into(&mut profile.language);
    profile.hints = hints::of(&profile);
    profile
}

fn tell(args: &Args, profile: &Profile) -> Result<()> {
    let mut is_told = false;
    if let Some(place) = &args.json {
        is_told |= write(
            place,
            &format!("{}\n", serde_json::to_string_pretty(profile)?),
        )?;
    }
    if let Some(place) = &args.csv {
        is_told |= write(place, &saved::csv(profile, args.by)?)?;
    }
    if is_told {
        return Ok(());
    }
    let shown = Shown {
        by: args.by,
        top: args.top,
    };
    told::profile(&mut io::stdout().lock(), profile, shown)?;
    Ok(())
}

fn tell_comparison(args: &Args, comparison: &Comparison) -> Result<()> {
    let mut is_told = false;
    if let Some(place) = &args.json {
        is_told |= write(
            place,
            &format!("{}\n", serde_json::to_string_pretty(comparison)?),
        )?;
    }
    if let Some(place) = &args.csv {
        is_told |= write(place, &saved::comparison_csv(comparison)?)?;
    }
    if !is_told {
        told::comparison(&mut io::stdout().lock(), comparison, args.top)?;
    }
    Ok(())
}

/// Writes a file, or to stdout, and tells whether it was stdout.
fn write(place: &Path, text: &str) -> Result<bool> {
    if place == Path::new("-") {
        io::stdout().write_all(text.as_bytes())?;
        return Ok(true);
    }
    let mut file = NewFile::create(place)?;
    file.put(text.as_bytes())?;
    file.finish()?;
    Ok(false)
}
