//! `ascend run`, `ascend bench` and `ascend msame`: a model on files or generated inputs, with its
//! outputs and its times.
//!
//! One command with three names. What differs is what is left out: `run` writes outputs by their
//! names and prints them, `bench` and `msame` name files and print the report as the tools do that
//! they stand in for.

pub(crate) mod aipp;
mod argv;
mod content;
mod dumping;
mod energy;
mod examples;
mod feeds;
mod formats;
mod inputs;
mod measure;
mod msprof;
mod opened;
mod options;
mod outputs;
mod page;
mod prepared;
mod reader;
mod report;
mod run;
pub(crate) mod sample;
mod shapes;
mod statistics;
mod summary;
mod sweep;
mod told;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use ascend_graph::text;
use ascend_rt::Error;
use ascend_rt::files::NewFile;
use ascend_rt::model::{AippSpec, Description};

pub(crate) use self::argv::normalised;
use self::dumping::Dumping;
use self::energy::Meter;
pub(crate) use self::examples::{EXAMPLES, MSAME_EXAMPLES, RUN_EXAMPLES};
use self::feeds::Feeds;
use self::inputs::{Given, invalid};
use self::measure::{Done, Job, Stream};
use self::opened::Opened;
pub(crate) use self::options::{Args, Style};
use self::outputs::Sink;
pub(crate) use self::prepared::Prepared;
use self::reader::Reader;
use self::report::Report;
pub(crate) use self::run::Run;
use self::shapes::Asked;
pub(crate) use self::statistics::as_f64;
pub(crate) use self::summary::write as write_text;
use crate::destination::ensure_free;
use crate::device::DeviceArgs;
use crate::interrupt::Interrupt;
use crate::weights::escaped;

/// The most outputs that `run` tells one by one.
const MOST_TOLD: usize = 32;

/// What is known when the model is loaded.
struct Setup<'a> {
    args: &'a Args,
    style: Style,
    given: Given,
    interrupt: Interrupt,
}

pub(crate) fn run(args: &Args, style: Style, device: &DeviceArgs) -> Result<ExitCode> {
    if args.profiler {
        if args.dumping.dump {
            let message = text!("--profiler and --dump exclude each other: do one after the other");
            return Err(invalid(message).into());
        }
        return msprof::run(args);
    }
    let mut dumping = Dumping::asked(args)?;
    let code = work(args, style, device, &mut dumping)?;
    // The runtime has ended, so that the dumps are whole.
    dumping.end(args, code != ExitCode::SUCCESS)?;
    Ok(code)
}

/// Runs the model, and tells of it.
fn work(args: &Args, style: Style, device: &DeviceArgs, dumping: &mut Dumping) -> Result<ExitCode> {
    if args.dym_shape_range.is_some() {
        sweep::check(args)?;
    }
    let given = Given::find(&args.input)?;
    let aipp = args.aipp_config.as_deref().map(aipp::read).transpose()?;
    let meters = Meter::all(&args.energy)?;
    let devices = device.open_all_with(dumping.begin()?)?;
    let acl = devices[0].acl().clone();
    let mut opened = opened::all(args, devices, aipp.as_ref())?;
    let setup = Setup {
        args,
        style,
        given,
        // Until here nothing is lost, and Ctrl-C ends at once.
        interrupt: Interrupt::listen()?,
    };
    let description = description(&opened)?;
    setup.check(&description)?;
    if let Some(stream) = setup.debug() {
        // The runs go on, whether this is read or not.
        let _ = report::write_description(&mut stream.open(), &description);
    }
    if let Some(text) = &args.dym_shape_range {
        sweep::run(&setup, &mut opened, aipp.as_ref(), text)?;
        return Ok(setup.code());
    }
    let asked = Asked {
        description: &description,
        aipp: aipp.as_ref(),
    };
    let shapes = asked.shapes(args)?;
    let feeds = Feeds::new(
        &setup.given,
        &description.inputs,
        shapes,
        (args.pure_data_type, args.limit, style),
    )?;
    let folder = args.output.as_ref().map(|output| {
        outputs::folder(
            output,
            args.output_dirname.as_deref(),
            style != Style::Results,
        )
    });
    let folder = folder.transpose()?;
    let sinks = setup.sinks(folder.as_ref(), &feeds, &opened);
    for sink in sinks.iter().flatten() {
        sink.check(&feeds, &description.outputs)?;
        if style == Style::Results {
            sink.ensure_free(&feeds, &description.outputs, args.overwrite)?;
        }
        sink.prepare()?;
    }
    setup.check_places()?;
    let reader = Reader {
        asked,
        feeds: &feeds,
        style,
        most_bytes: most_bytes(&opened),
    };
    let job = Job {
        reader: &reader,
        repeats: setup.repeats(),
        duration: args.duration,
        warm_up: args.warm_up(style),
        is_divided: args.divide_input,
        sinks: &sinks,
        reads_ahead: args.run_mode.reads_ahead(),
        tells_each: setup.debug(),
        meters: &meters,
        interrupt: &setup.interrupt,
    };
    let done = job.run(&mut opened)?;
    let chip = acl.soc_name()?.unwrap_or_default();
    let mut report = Report {
        model: args.model(),
        description: &description,
        chip: (&chip, acl.is_mock()),
        done: &done,
        batch: args.batchsize,
        places: feeds.places,
        is_cut_short: setup.interrupt.is_interrupted(),
        sessions: args.sessions(),
        energy: Vec::new(),
    };
    let seconds = report.total().seconds;
    report.energy = meters
        .iter()
        .filter_map(|meter| meter.energy(seconds))
        .collect();
    setup.tell(&report, folder.as_ref())?;
    Ok(setup.code())
}

impl Setup<'_> {
    /// Refuses what does not fit the model.
    fn check(&self, description: &Description) -> Result<(), Error> {
        let takes = |aipp: &Option<AippSpec>| matches!(aipp, Some(AippSpec::Dynamic { .. }));
        let needs = description.inputs.iter().any(|spec| takes(&spec.aipp));
        aipp::check(needs, self.args.aipp_config.as_deref())?;
        let (told, outputs) = (self.args.output_size.len(), description.outputs.len());
        if told != 0 && told != outputs {
            return Err(invalid(text!(
                "--output-size tells {told} sizes, and the model has {outputs} outputs: give one for each, or \
                 leave it out, for the sizes are known",
                told,
                outputs
            )));
        }
        Ok(())
    }

    /// Refuses places for the report that cannot be written or are taken, before all the work.
    fn check_places(&self) -> Result<(), Error> {
        let args = self.args;
        for place in [&args.csv, &args.json, &args.html].into_iter().flatten() {
            if place != Path::new("-") {
                drop(NewFile::create(place)?);
                ensure_free(place, args.overwrite)?;
            }
        }
        Ok(())
    }

    /// Where the lines of `--debug` go, if they are asked for.
    fn debug(&self) -> Option<Stream> {
        let is_taken = self.args.json.as_deref() == Some(Path::new("-"));
        let stream = if is_taken {
            Stream::Stderr
        } else {
            Stream::Stdout
        };
        self.args.debug.then_some(stream)
    }

    /// How often everything is run at most. msame takes several files once only.
    fn repeats(&self) -> usize {
        if self.args.duration.is_some() {
            return usize::MAX;
        }
        if self.style == Style::Msame && self.given.is_many() {
            return 1;
        }
        usize::try_from(self.args.repeats).unwrap_or(usize::MAX)
    }

    /// Where the outputs of each device go.
    fn sinks(
        &self,
        folder: Option<&PathBuf>,
        feeds: &Feeds,
        opened: &[Opened],
    ) -> Vec<Option<Sink>> {
        let Some(folder) = folder else {
            return vec![None; opened.len()];
        };
        let is_shared = opened.len() == 1 || self.args.divide_input;
        let sinks = opened.iter().map(|opened| {
            let folder = if is_shared {
                folder.clone()
            } else {
                folder.join(format!("device{}", opened.device.ordinal()))
            };
            Some(Sink {
                folder,
                format: self.args.format(self.style),
                naming: self.args.naming(self.style),
                axis: self.args.output_batchsize_axis,
                places: feeds.places,
                is_single: feeds.samples() == 1,
            })
        });
        sinks.collect()
    }

    /// Prints and writes what was measured.
    fn tell(&self, report: &Report<'_>, folder: Option<&PathBuf>) -> Result<()> {
        if let Some(folder) = folder.filter(|_| self.style == Style::Bench) {
            let mut name = folder.file_name().unwrap_or_default().to_owned();
            name.push("_summary.json");
            summary::write(
                &folder.with_file_name(name),
                &format!("{:#}\n", report.ais_summary()),
            )?;
        }
        if let Some(path) = &self.args.csv {
            summary::write(path, &report.csv())?;
        }
        if let Some(path) = &self.args.html {
            page::write(path, report)?;
        }
        if let Some(path) = &self.args.json {
            summary::write(path, &format!("{:#}\n", report.json()))?;
            if path.as_os_str() == "-" {
                return Ok(());
            }
        }
        let mut out = io::stdout().lock();
        match self.style {
            Style::Results => tell_results(&mut out, report)?,
            Style::Bench | Style::Msame => {
                if let Some(folder) = folder {
                    let folder = folder.display().to_string();
                    writeln!(out, "[INFO] outputs in {}", escaped(&folder))?;
                }
                report.write_summary(&mut out, self.args.display_all_summary)?;
                report.write_details(&mut out)?;
            }
        }
        if self.interrupt.is_interrupted() {
            writeln!(
                io::stderr(),
                "note: stopped; what is written is whole, and the figures are of the runs until then"
            )?;
        }
        Ok(())
    }

    fn code(&self) -> ExitCode {
        if self.interrupt.is_interrupted() {
            self.interrupt.code()
        } else {
            ExitCode::SUCCESS
        }
    }
}

/// The outputs, and the times in short.
fn tell_results(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    let files = || {
        report
            .done
            .iter()
            .flat_map(|done: &Done| &done.files)
            .flat_map(|(_, (_, outputs))| outputs)
    };
    for file in files().take(MOST_TOLD) {
        writeln!(out, "wrote {}", escaped(file))?;
    }
    if let Some(more) = files()
        .count()
        .checked_sub(MOST_TOLD)
        .filter(|more| *more > 0)
    {
        writeln!(out, "and {more} more")?;
    }
    let mut runs = report.runs();
    if let (Some(run), None) = (runs.next(), runs.next()) {
        writeln!(
            out,
            "upload {:.3} ms, execute {:.3} ms, download {:.3} ms",
            run.upload, run.execute, run.download
        )?;
        return energy::write_details(&report.energy, out);
    }
    report.write_details(out)
}

/// The model that was loaded.
fn description(opened: &[Opened]) -> Result<Description, Error> {
    let session = opened.first().and_then(|opened| opened.sessions.first());
    let session = session.ok_or_else(|| Error::internal("no session was made"))?;
    Ok(session.description().clone())
}

/// The most bytes of a generated input: what a device has.
fn most_bytes(opened: &[Opened]) -> usize {
    let least = opened.iter().map(|opened| opened.memory.total).min();
    usize::try_from(least.unwrap_or(0)).unwrap_or(usize::MAX)
}
