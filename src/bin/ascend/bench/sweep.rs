//! Measuring each of many shapes.

use std::io::{self, Write};

use anyhow::{Context, Error, Result};
use ascend_rt::model::AippParameters;
use serde_json::{Value, json};

use super::feeds::Feeds;
use super::inputs::invalid;
use super::measure::Job;
use super::opened::{self, Opened};
use super::options::Args;
use super::reader::Reader;
use super::report::Report;
use super::shapes::{Asked, Shapes};
use super::statistics::mean;
use super::summary;
use super::told::{Named, Sweep};
use super::{Setup, description, most_bytes};
use crate::exit;

/// What became of one of the shapes.
struct Tried {
    shapes: Named,
    /// Items in a second, of compute and end to end; or what went wrong.
    reached: Result<[f64; 2], String>,
}

/// Why a shape was not measured.
enum Failure {
    /// It does not fit the model or the files.
    Shape(Error),
    /// A run failed, and its session refuses what follows.
    Run(Error),
}

/// Refuses what a table of shapes has no place for.
pub(super) fn check(args: &Args) -> Result<(), ascend_rt::Error> {
    for (is_given, option) in [
        (args.output.is_some(), "--output"),
        (args.csv.is_some(), "--csv"),
        (args.html.is_some(), "--html"),
        (args.energy.energy_consumption, "--energy-consumption"),
    ] {
        if is_given {
            return Err(invalid(format!(
                "{option} is for runs of one shape, and --dym-shape-range measures many: take --json for their \
                 table, or give one of them with --dym-shape"
            )));
        }
    }
    Ok(())
}

/// Runs the model with each of the shapes that `text` tells, and prints a table.
///
/// # Errors
///
/// The first shape's if none could be measured; that of loading the model again after a run failed.
/// The table is printed before.
pub(super) fn run(
    setup: &Setup<'_>,
    opened: &mut Vec<Opened>,
    aipp: Option<&AippParameters>,
    text: &str,
) -> Result<()> {
    let all = Sweep::read(text)?.combinations()?;
    setup.check_places()?;
    let mut tried = Vec::with_capacity(all.len());
    let (mut first, mut unloaded) = (None, None);
    for shapes in all {
        if setup.interrupt.is_interrupted() {
            break;
        }
        let reached = one(setup, opened, aipp, &shapes);
        let is_lost = matches!(reached, Err(Failure::Run(_)));
        let reached = reached.map_err(|(Failure::Shape(error) | Failure::Run(error))| {
            let message = exit::message(&error);
            first.get_or_insert(error);
            message
        });
        tried.push(Tried { shapes, reached });
        setup.interrupt.go_on();
        if is_lost && !setup.interrupt.is_interrupted() {
            let devices: Vec<_> = opened.drain(..).map(|opened| opened.device).collect();
            match opened::all(setup.args, devices, aipp) {
                Ok(again) => *opened = again,
                Err(error) => {
                    unloaded = Some(error);
                    break;
                }
            }
        }
    }
    print(setup, &mut tried)?;
    if let Some(error) = unloaded {
        return Err(error).context("the shapes that are not in the table were not tried");
    }
    // Ctrl-C has an exit code of its own.
    match first.filter(|_| !setup.interrupt.is_interrupted()) {
        Some(error) if tried.iter().all(|tried| tried.reached.is_err()) => {
            Err(error).context("no shape could be measured; the first failure")
        }
        _ => Ok(()),
    }
}

/// Prints and writes the table, the fastest shape first.
fn print(setup: &Setup<'_>, tried: &mut [Tried]) -> Result<()> {
    let key = |tried: &Tried| tried.reached.as_ref().map_or(-1.0, |reached| reached[0]);
    tried.sort_by(|a, b| key(b).total_cmp(&key(a)));
    let successes: Vec<f64> = tried
        .iter()
        .filter_map(|tried| Some(tried.reached.as_ref().ok()?[0]))
        .collect();
    let average = mean(successes.iter().copied());
    if let Some(path) = &setup.args.json {
        let table = tried.iter().map(Tried::json).collect::<Value>();
        let text = json!({
            "run_count": tried.len(), "success_count": successes.len(), "avg_throughput": average, "table": table,
        });
        summary::write(path, &format!("{text:#}\n"))?;
        if path.as_os_str() == "-" {
            return Ok(());
        }
    }
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "[INFO] run_count:{} success_count:{} avg_throughput:{average}",
        tried.len(),
        successes.len()
    )?;
    writeln!(out, "[INFO] #  shape  status  throughput  end_to_end")?;
    for (index, tried) in tried.iter().enumerate() {
        let (shapes, place) = (&tried.shapes, index + 1);
        match &tried.reached {
            Ok([compute, whole]) => {
                writeln!(out, "[INFO] {place}  {shapes}  OK  {compute}  {whole}")?;
            }
            Err(why) => {
                writeln!(out, "[INFO] {place}  {shapes}  NOK  0  0  {why}")?;
            }
        }
    }
    Ok(())
}

/// What the model reaches with these shapes.
fn one(
    setup: &Setup<'_>,
    opened: &mut [Opened],
    aipp: Option<&AippParameters>,
    shapes: &Named,
) -> Result<[f64; 2], Failure> {
    let description = description(opened).map_err(Failure::of_shape)?;
    let asked = Asked {
        description: &description,
        aipp,
    };
    let shapes = Shapes::Fixed(asked.named(shapes).map_err(Failure::of_shape)?);
    let args = setup.args;
    let feeds = Feeds::new(
        &setup.given,
        &description.inputs,
        shapes,
        (args.pure_data_type, args.limit, setup.style),
    )
    .map_err(Failure::of_shape)?;
    let reader = Reader {
        asked,
        feeds: &feeds,
        style: setup.style,
        most_bytes: most_bytes(opened),
    };
    let job = Job {
        reader: &reader,
        repeats: setup.repeats(),
        duration: args.duration,
        warm_up: args.warm_up(setup.style),
        is_divided: args.divide_input,
        sinks: &[],
        reads_ahead: args.run_mode.reads_ahead(),
        tells_each: setup.debug(),
        meters: &[],
        interrupt: &setup.interrupt,
    };
    let done = job.run(opened).map_err(Failure::Run)?;
    let report = Report {
        model: args.model(),
        description: &description,
        chip: ("", false),
        done: &done,
        batch: args.batchsize,
        places: feeds.places,
        is_cut_short: false,
        sessions: args.sessions(),
        energy: Vec::new(),
    };
    let total = report.total();
    Ok([total.compute, total.end_to_end])
}

impl Failure {
    fn of_shape(error: ascend_rt::Error) -> Self {
        Self::Shape(error.into())
    }
}

impl Tried {
    fn json(&self) -> Value {
        let shapes = self.shapes.to_string();
        match &self.reached {
            Ok([compute, whole]) => json!({
                "shape": shapes, "status": "OK", "throughput": compute, "end_to_end": whole,
            }),
            Err(why) => json!({"shape": shapes, "status": "NOK", "error": why}),
        }
    }
}
