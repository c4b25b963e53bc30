//! Measuring each of many shapes.

use std::io::{self, Write};

use anyhow::Result;
use ascend_rt::model::AippParameters;
use serde_json::{Value, json};

use super::feeds::Feeds;
use super::measure::Job;
use super::opened::Opened;
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

/// Runs the model with each of the shapes that `text` tells, and prints a table.
pub(super) fn run(
    setup: &Setup<'_>,
    opened: &mut Vec<Opened>,
    aipp: Option<&AippParameters>,
    text: &str,
) -> Result<()> {
    let all = Sweep::read(text)?.combinations()?;
    let mut tried = Vec::with_capacity(all.len());
    for shapes in all {
        if setup.interrupt.is_interrupted() {
            break;
        }
        let reached = one(setup, opened, aipp, &shapes);
        let is_lost = reached.is_err();
        tried.push(Tried {
            shapes,
            reached: reached.map_err(|error| exit::message(&error)),
        });
        setup.interrupt.go_on();
        if is_lost {
            // A session that broke off refuses what follows.
            let devices: Vec<_> = opened.drain(..).map(|opened| opened.device).collect();
            *opened = setup.open(devices, aipp)?;
        }
    }
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
) -> Result<[f64; 2]> {
    let description = description(opened)?;
    let asked = Asked {
        description: &description,
        aipp,
    };
    let shapes = Shapes::Fixed(asked.named(shapes)?);
    let args = setup.args;
    let feeds = Feeds::new(
        &setup.given,
        &description.inputs,
        shapes,
        (args.pure_data_type, args.limit, setup.style),
    )?;
    let reader = Reader {
        asked,
        feeds: &feeds,
        style: setup.style,
        most_bytes: most_bytes(opened),
    };
    let job = Job {
        reader: &reader,
        repeats: setup.repeats(),
        warm_up: args.warm_up(setup.style),
        is_divided: args.divide_input,
        sinks: &[],
        reads_ahead: args.run_mode.reads_ahead(),
        tells_each: args.debug,
        interrupt: &setup.interrupt,
    };
    let done = job.run(opened)?;
    let report = Report {
        model: args.model(),
        description: &description,
        chip: ("", false),
        done: &done,
        batch: args.batchsize,
        places: feeds.places,
        is_cut_short: false,
        sessions: args.sessions(),
    };
    let total = report.total();
    Ok([total.compute, total.end_to_end])
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
