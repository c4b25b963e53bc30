//! `ascend classify`.

mod job;
mod journal;
#[cfg(feature = "parquet")]
mod parquet;
mod record;
mod shard;
mod sheet;
mod sources;
mod table;
mod work;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use ascend_rt::Pool;
use ascend_rt::pipeline::Pictures;
use ascend_rt::pool::PoolOptions;
use ascend_rt::session::SessionOptions;
use ascend_rt::vision::{Labels, Ranked};

use self::record::Record;
use self::shard::ShardArgs;
use self::sources::{Search, Sources};
use self::work::Work;
use crate::device::DeviceArgs;
use crate::help::Example;
use crate::interrupt::Interrupt;
use crate::time;

pub(crate) const EXAMPLES: &[Example] = &[
    Example::new(
        "the best classes of a picture, by name",
        "ascend classify net.om photo.jpg --labels labels.txt",
    ),
    Example::new(
        "a folder into a table, with a page to look at; goes on where it was stopped",
        "ascend classify net.om photos --out classes.csv --html classes.html",
    ),
    Example::new(
        "a list from a pipe, a line of JSON for each",
        "find photos -name '*.jpg' | ascend classify net.om - --json",
    ),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The model
    model: PathBuf,
    /// JPEG or PNG files, folders with such, patterns ('in/*.jpg'), lists of paths (@FILE), or - for a
    /// list on stdin
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    /// The names of the classes, one a line
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// How many of the best classes to show
    #[arg(long, default_value_t = 5, value_name = "K")]
    top: usize,
    /// Print one JSON object a picture
    #[arg(long, conflicts_with = "out")]
    json: bool,
    /// Give a device up when a run takes longer on it, such as 30s: it hangs, and the others do its
    /// pictures
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    run_limit: Option<Duration>,
    #[command(flatten)]
    shard: ShardArgs,
    #[command(flatten)]
    job: job::JobArgs,
}

pub(crate) fn run(args: &Args, device: &DeviceArgs) -> Result<ExitCode> {
    let shard = args.shard.find()?;
    let outputs = args.job.outputs(shard)?;
    let labels = args.labels.as_ref().map(Labels::open).transpose()?;
    let sources = Search::new(shard, outputs.is_some()).all(&args.sources)?;
    let sessions = SessionOptions::new().run_limit(args.run_limit);
    let options = PoolOptions::new().session(sessions);
    let pool = Pool::load(&device.open_all()?, &args.model, &options)?;
    let pictures = Pictures::new(pool.description())?;
    let work = Work {
        pool: &pool,
        pictures: &pictures,
        top: args.top,
        labels: labels.as_ref(),
    };
    if let (Some(labels), Some(classes)) = (&labels, work.classes()) {
        labels.check_classes(classes)?;
    }
    match outputs {
        None => print_all(args, &work, &sources),
        Some(outputs) => {
            let settings = job::settings(args, &work, shard)?;
            job::run(args, &outputs, &settings, &work, sources)
        }
    }
}

/// Prints what each picture shows.
fn print_all(args: &Args, work: &Work<'_>, sources: &Sources) -> Result<ExitCode> {
    let interrupt = Interrupt::listen()?;
    let (mut first_failure, mut count) = (None, 0);
    work.run(sources, &interrupt, |path, outcome| {
        count += 1;
        if args.json {
            print_line(&Record::new(path, outcome.as_deref(), work.labels))?;
        }
        match outcome {
            Ok(ranked) if !args.json => print(path, &ranked, work.labels)?,
            Ok(_) => {}
            Err(error) => {
                writeln!(io::stderr(), "error: {}: {error}", path.display())?;
                first_failure.get_or_insert(error);
            }
        }
        Ok(())
    })?;
    if interrupt.is_interrupted() && count < sources.len() {
        return Ok(interrupt.code());
    }
    match first_failure {
        None => Ok(ExitCode::SUCCESS),
        Some(error) => Err(error).context("not every picture was classified; the first failure"),
    }
}

fn print_line(record: &Record) -> Result<()> {
    let mut line = Vec::new();
    record.write(&mut line)?;
    Ok(io::stdout().lock().write_all(&line)?)
}

fn print(path: &Path, ranked: &[Ranked], labels: Option<&Labels>) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", path.display())?;
    for ranked in ranked {
        let label = labels.and_then(|labels| labels.get(ranked.index));
        let name = label.map_or_else(|| format!("class {}", ranked.index), str::to_owned);
        writeln!(out, "  {:6.2} %  {name}", ranked.score * 100.0)?;
    }
    Ok(())
}
