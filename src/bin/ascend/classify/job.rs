//! Pictures into files: a job that can be stopped at any time and goes on where it was.

use std::fs;
use std::io::{self, Write};
use std::path::{self, Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use ascend_graph::counted;
use ascend_rt::files::NewFile;
use ascend_rt::vision::Labels;
use ascend_rt::{Error, ErrorKind, files};
use serde_json::json;

use super::journal::{Journal, Records, SETTINGS, Settings, Tally, beside, pages};
use super::record::Record;
use super::shard::Shard;
use super::sheet::Sheet;
use super::sources::Sources;
use super::table;
use super::work::{Outcome, Work};
use crate::inspect::digest::sha256;
use crate::interrupt::Interrupt;
use crate::progress::{Counter, Progress, rate, rough};

/// In the names of outputs, stands for the number of the part.
const SHARD: &str = "{shard}";

/// What a job writes.
#[derive(Debug, clap::Args)]
pub(super) struct JobArgs {
    /// Write the results to this .jsonl, .csv or .parquet; a job that was stopped goes on. {shard} in
    /// its name stands for the part's number
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Begin anew where --out and --html are there
    #[arg(long, requires = "out")]
    overwrite: bool,
    /// Write a page with the pictures and their labels
    #[arg(long, value_name = "PAGE.html", requires = "out")]
    html: Option<PathBuf>,
    /// Pictures on that page at most; of more, some that are spread evenly
    #[arg(long, value_name = "N", default_value_t = 400, requires = "html")]
    html_pictures: usize,
}

/// Where a job writes to.
pub(super) struct Outputs {
    /// Each record as soon as it is there.
    journal: PathBuf,
    /// All of them, when the job is done.
    table: Option<(Writer, PathBuf)>,
    page: Option<PathBuf>,
}

/// Writes all records to a place, with columns for so many classes.
type Writer = fn(&Path, Records, usize) -> Result<()>;

impl JobArgs {
    pub(super) fn outputs(&self, shard: Option<Shard>) -> Result<Option<Outputs>, Error> {
        let Some(out) = &self.out else {
            return Ok(None);
        };
        let out = numbered(out, shard)?;
        let page = self
            .html
            .as_ref()
            .map(|page| Ok::<_, Error>(resolved(&numbered(page, shard)?)))
            .transpose()?;
        let extension = out
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_ascii_lowercase();
        let writer: Option<Writer> = match &*extension {
            "jsonl" => None,
            "csv" => Some(table::write_csv),
            #[cfg(feature = "parquet")]
            "parquet" => Some(super::parquet::write),
            #[cfg(not(feature = "parquet"))]
            "parquet" => {
                let message = "this program was built without Parquet: build it with `--features \
                               parquet`, or give --out a name in .jsonl or .csv";
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
            _ => {
                let message = format!(
                    "{} is no name for results: give one that ends in .jsonl, .csv or .parquet",
                    out.display()
                );
                return Err(Error::new(ErrorKind::InvalidArgument, message));
            }
        };
        Ok(Some(match writer {
            None => Outputs {
                journal: out,
                table: None,
                page,
            },
            Some(writer) => Outputs {
                journal: beside(&out, ".jsonl"),
                table: Some((writer, out)),
                page,
            },
        }))
    }
}

/// The path by which a name is known from everywhere; a link is not followed, for it would be replaced.
fn resolved(path: &Path) -> PathBuf {
    let path = path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    match (folder, path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => path,
    }
}

/// The path with the part's number in it, if it has a place for one.
fn numbered(path: &Path, shard: Option<Shard>) -> Result<PathBuf, Error> {
    match (path.to_str().filter(|path| path.contains(SHARD)), shard) {
        (None, _) => Ok(path.to_owned()),
        (Some(path), Some(shard)) => Ok(path.replace(SHARD, &shard.index().to_string()).into()),
        (Some(path), None) => {
            let message = format!(
                "{path} has a place for a part's number, and there are no parts: give --shard I/N"
            );
            Err(Error::new(ErrorKind::InvalidArgument, message))
        }
    }
}

/// What shapes the results.
pub(super) fn settings(
    args: &super::Args,
    work: &Work<'_>,
    shard: Option<Shard>,
) -> Result<Settings> {
    let model = files::map(&args.model)?;
    let mut progress = Progress::new("reading the model");
    let total = model.len() as u64;
    let model = sha256(&model, |done| progress.show(done, total));
    let labels = work.labels.map(|labels| {
        let names = (0..labels.len()).filter_map(|index| labels.get(index));
        sha256(names.collect::<Vec<_>>().join("\n").as_bytes(), |_| ())
    });
    let mut settings = Settings::new();
    settings.insert("version".to_owned(), json!(1));
    settings.insert("model".to_owned(), json!(model));
    settings.insert(
        "preprocess".to_owned(),
        json!(format!("{:?}", work.pictures.preprocess())),
    );
    settings.insert("top".to_owned(), json!(args.top));
    settings.insert("labels".to_owned(), json!(labels));
    settings.insert(
        "shard".to_owned(),
        json!(shard.map(|shard| shard.to_string())),
    );
    Ok(settings)
}

pub(super) fn run(
    args: &super::Args,
    outputs: &Outputs,
    settings: &Settings,
    work: &Work<'_>,
    sources: Sources,
) -> Result<ExitCode> {
    outputs.check(args.job.overwrite)?;
    let columns = args.top.min(work.classes().unwrap_or(args.top));
    let page = outputs.page.as_deref();
    let (mut journal, done) = Journal::open(&outputs.journal, settings, page, args.job.overwrite)?;
    if args.job.overwrite {
        outputs.remove()?;
    }
    let total = sources.len();
    let sources = sources.without(&done.keys);
    let before = total - sources.len();
    if before > 0 {
        let mut err = io::stderr();
        writeln!(
            err,
            "note: {before} of {total} pictures are in {} already",
            outputs.journal.display()
        )?;
    }
    let (interrupt, start) = (Interrupt::listen()?, Instant::now());
    let mut run = Run {
        journal: &mut journal,
        labels: work.labels,
        tally: done.tally,
        first_failure: None,
        progress: Counter::new("classifying", before, total),
        now: Tally::default(),
        before,
        line: Vec::new(),
        interrupt: &interrupt,
    };
    let worked = work.run(&sources, &interrupt, |path, outcome| run.add(path, outcome));
    let Run {
        tally,
        now,
        first_failure,
        progress,
        ..
    } = run;
    drop(progress);
    let time = start.elapsed();
    let synced = journal.sync();
    worked?;
    synced?;
    let mut err = io::stderr();
    let place = outputs.journal.display();
    if interrupt.is_interrupted() && now.total() < sources.len() {
        writeln!(
            err,
            "interrupted: {} of {total} pictures are in {place}; {}",
            before + now.total(),
            journal.again()
        )?;
        return Ok(interrupt.code());
    }
    let mut told = format!(
        "{} in {}, {:.1}/s",
        counted(now.total(), "picture"),
        rough(time),
        rate(time, now.total())
    );
    if tally.failed > 0 {
        told = format!(
            "{told}; {} of {} failed, and {place} tells why",
            tally.failed,
            tally.total()
        );
    }
    writeln!(err, "{told}")?;
    outputs.finish(&journal, tally, columns, args)?;
    if tally.classified == 0 && tally.failed > 0 {
        let (kind, why) = match first_failure {
            Some(error) => (error.kind(), format!(": {error}")),
            None => (ErrorKind::Format, String::new()),
        };
        return Err(Error::new(kind, format!("no picture could be classified{why}")).into());
    }
    Ok(ExitCode::SUCCESS)
}

/// A job while it runs.
struct Run<'r> {
    journal: &'r mut Journal,
    labels: Option<&'r Labels>,
    tally: Tally,
    /// Of this run.
    now: Tally,
    first_failure: Option<Error>,
    progress: Counter,
    /// Pictures that were done before it.
    before: usize,
    line: Vec<u8>,
    interrupt: &'r Interrupt,
}

impl Run<'_> {
    fn add(&mut self, path: &Path, outcome: Outcome) -> Result<()> {
        let record = Record::new(path, outcome.as_deref(), self.labels);
        self.line.clear();
        record.write(&mut self.line)?;
        self.journal.append(&self.line)?;
        self.tally.add(&record);
        self.now.add(&record);
        if let Err(error) = outcome {
            self.first_failure.get_or_insert(error);
        }
        let ending = self.interrupt.ending();
        let done = self.before + self.now.total();
        match self.tally.failed {
            0 => self.progress.show(done, format_args!("{ending}")),
            failed => self
                .progress
                .show(done, format_args!(", {failed} failed{ending}")),
        }
        Ok(())
    }
}

impl Outputs {
    /// Refuses places that cannot be written, and to replace what is not of this job.
    fn check(&self, is_overwritten: bool) -> Result<(), Error> {
        let table = self.table.as_ref().map(|(_, place)| place);
        let settings = beside(&self.journal, SETTINGS);
        if let Some(page) = &self.page {
            let mut others = [&self.journal, &settings].into_iter().chain(table);
            let is_page = |other: &Path| {
                resolved(other) == *page || other.canonicalize().is_ok_and(|other| other == *page)
            };
            if let Some(other) = others.find(|other| is_page(other)) {
                let message = format!(
                    "--html and --out would both write {}: give the page another name",
                    other.display()
                );
                return Err(Error::new(ErrorKind::InvalidArgument, message));
            }
        }
        let has_records = fs::metadata(&self.journal).is_ok_and(|about| about.len() > 0);
        let is_begun = has_records || settings.exists();
        let is_there = |place: &&PathBuf| place.symlink_metadata().is_ok();
        if !is_overwritten {
            if let Some(place) = table.filter(is_there).filter(|_| !is_begun) {
                return Err(is_taken(place, ", or --overwrite to replace it"));
            }
            if let Some(page) = self.page.as_ref().filter(is_there) {
                if !is_begun {
                    return Err(is_taken(page, ", or --overwrite to replace it"));
                }
                if !pages(&self.journal).contains(&page.to_string_lossy().into_owned()) {
                    return Err(is_taken(page, " for the page, or take that file away"));
                }
            }
        }
        for place in table.into_iter().chain(&self.page) {
            drop(NewFile::create(place)?);
        }
        Ok(())
    }

    /// Takes away what an earlier job made of its records.
    fn remove(&self) -> Result<(), Error> {
        let table = self.table.as_ref().map(|(_, place)| place);
        for place in table.into_iter().chain(&self.page) {
            match fs::remove_file(place) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::of_io(
                        format_args!("cannot replace {}", place.display()),
                        error,
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes what is made of all records.
    fn finish(
        &self,
        journal: &Journal,
        tally: Tally,
        columns: usize,
        args: &super::Args,
    ) -> Result<()> {
        if let Some((write, place)) = &self.table {
            write(place, journal.records()?, columns)?;
        }
        if let Some(page) = &self.page {
            let name = |path: &Path| {
                path.file_name()
                    .unwrap_or(path.as_os_str())
                    .to_string_lossy()
                    .into_owned()
            };
            let title = name(
                self.table
                    .as_ref()
                    .map_or(&self.journal, |(_, place)| place),
            );
            let sheet = Sheet::new(journal.records()?, tally, args.job.html_pictures)?;
            sheet.write(page, &title, &name(&args.model))?;
        }
        Ok(())
    }
}

fn is_taken(place: &Path, way_out: &str) -> Error {
    let message = format!(
        "{} exists already, and is not of this job; give another name{way_out}",
        place.display()
    );
    Error::new(ErrorKind::Io, message)
}
