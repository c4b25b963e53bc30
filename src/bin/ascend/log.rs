//! What happens inside, as it is told to who wants to know.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::Result;
use ascend_rt::trace::{TraceGuard, TraceLayer};
use ascend_rt::{Error, ErrorKind};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The variable that stands in for `--log-level`.
const VARIABLE: &str = "ASCEND_LOG";

/// What is told of the work itself, and where.
#[derive(Debug, clap::Args)]
pub(crate) struct LogArgs {
    /// Tell on stderr what happens inside: off, error, warn, info, debug (each stage), trace (each
    /// run), or some of TARGET=LEVEL with commas; the variable `ASCEND_LOG` does the same
    #[arg(id = "log-level", long = "log-level", global = true, value_name = "LEVEL", value_parser = targets)]
    level: Option<Targets>,
    /// Write the log to a new file, one JSON object a line; of --log-level, or all but single runs
    #[arg(id = "log-json", long = "log-json", global = true, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write when each stage and run began and ended to a new file that Perfetto opens
    #[arg(
        id = "log-trace",
        long = "log-trace",
        global = true,
        value_name = "FILE.json"
    )]
    trace: Option<PathBuf>,
}

/// The log, until the work is over.
#[derive(Debug)]
pub(crate) struct Log {
    trace: Option<(PathBuf, TraceGuard<BufWriter<File>>)>,
}

impl LogArgs {
    /// Begins the log.
    pub(crate) fn start(&self) -> Result<Log, Error> {
        let targets = match &self.level {
            Some(targets) => Some(targets.clone()),
            None => of_environment()?,
        };
        let json = self.json.as_deref().map(create).transpose()?;
        let trace = match &self.trace {
            Some(path) => Some((path, create(path)?)),
            None => None,
        };
        if targets.is_none() && json.is_none() && trace.is_none() {
            return Ok(Log { trace: None });
        }
        let (layer, guard) = match trace {
            None => (None, None),
            Some((path, file)) => {
                let made = TraceLayer::new(BufWriter::new(file));
                let (layer, guard) = made.map_err(|error| cannot_write(path, &error))?;
                (Some(layer), Some((path.clone(), guard)))
            }
        };
        let spans = FmtSpan::CLOSE;
        let shown = targets.clone().map(|targets| {
            let lines = tracing_subscriber::fmt::layer().with_ansi(false);
            let lines = lines.with_span_events(spans.clone());
            lines.with_writer(io::stderr).with_filter(targets)
        });
        let kept = json.map(|file| {
            let lines = tracing_subscriber::fmt::layer().json();
            let lines = lines.with_span_events(spans).with_writer(Mutex::new(file));
            lines.with_filter(
                targets.unwrap_or_else(|| Targets::new().with_default(LevelFilter::DEBUG)),
            )
        });
        let subscriber = tracing_subscriber::registry();
        let subscriber = subscriber.with(shown).with(kept).with(layer);
        // The program begins here, and nobody was before.
        let _is_first = subscriber.try_init();
        Ok(Log { trace: guard })
    }
}

impl Log {
    /// Ends the log.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let Some((path, guard)) = self.trace else {
            return Ok(());
        };
        let written = guard.finish().and_then(|mut file| file.flush());
        written.map_err(|error| cannot_write(&path, &error))
    }
}

fn of_environment() -> Result<Option<Targets>, Error> {
    let Some(text) = env::var_os(VARIABLE).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let targets = targets(&text.to_string_lossy());
    targets.map(Some).map_err(|error| {
        let message = format!("{VARIABLE}={}: {error}", text.display());
        Error::new(ErrorKind::InvalidArgument, message)
    })
}

/// Levels by target. A word by itself is a level, and not the name of a target that says all.
fn targets(text: &str) -> Result<Targets, String> {
    let is_fine = |part: &str| part.contains('=') || part.parse::<LevelFilter>().is_ok();
    let targets = text.parse::<Targets>().ok();
    let targets = targets.filter(|_| text.split(',').all(is_fine));
    targets.ok_or_else(|| {
        "give off, error, warn, info, debug or trace, or some of TARGET=LEVEL with commas"
            .to_owned()
    })
}

/// A file that is not there yet.
fn create(path: &Path) -> Result<File, Error> {
    let opened = OpenOptions::new().write(true).create_new(true).open(path);
    opened.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            let message = format!("{} exists already; give another name", path.display());
            Error::new(ErrorKind::Io, message)
        }
        _ => cannot_write(path, &error),
    })
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    let message = format!(
        "cannot write the log {}: {error}; name another file",
        path.display()
    );
    Error::new(ErrorKind::Io, message)
}
