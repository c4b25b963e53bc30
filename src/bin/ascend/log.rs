//! What happens inside, as it is told to who wants to know.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use ascend_graph::text;
use ascend_rt::trace::{TraceGuard, TraceLayer};
use ascend_rt::{Error, ErrorKind};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::language::say;
use crate::weights::escaped;

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
#[derive(Debug, Default)]
pub(crate) struct Log {
    json: Option<(PathBuf, Lines)>,
    trace: Option<(PathBuf, TraceGuard<BufWriter<File>>)>,
}

impl LogArgs {
    /// Begins the log.
    pub(crate) fn start(&self) -> Result<Log, Error> {
        let targets = match &self.level {
            Some(targets) => Some(targets.clone()),
            None => of_environment()?,
        };
        let json = match &self.json {
            Some(path) => Some((path.clone(), Lines::new(create(path)?))),
            None => None,
        };
        let trace = match &self.trace {
            Some(path) => Some((path, create(path)?)),
            None => None,
        };
        if targets.is_none() && json.is_none() && trace.is_none() {
            return Ok(Log::default());
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
            lines.with_writer(|| Escaping).with_filter(targets)
        });
        let kept = json.as_ref().map(|(_, file)| {
            let lines = tracing_subscriber::fmt::layer().json();
            let lines = lines.with_span_events(spans).with_writer(file.clone());
            lines.with_filter(
                targets.unwrap_or_else(|| Targets::new().with_default(LevelFilter::DEBUG)),
            )
        });
        let subscriber = tracing_subscriber::registry();
        let subscriber = subscriber.with(shown).with(kept).with(layer);
        // The program begins here, and nobody was before.
        let _is_first = subscriber.try_init();
        Ok(Log { json, trace: guard })
    }
}

impl Log {
    /// Ends the log.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let trace = self.trace.map_or(Ok(()), |(path, guard)| {
            let written = guard.finish().and_then(|mut file| file.flush());
            written.map_err(|error| cannot_write(&path, &error))
        });
        if let Some((path, lines)) = self.json {
            lines
                .finish()
                .map_err(|error| cannot_write(&path, &error))?;
        }
        trace
    }
}

/// A file of lines. Who tells something does not hear that it cannot be written, so that is kept.
#[derive(Clone, Debug)]
struct Lines(Arc<Mutex<Kept>>);

#[derive(Debug)]
struct Kept {
    file: BufWriter<File>,
    /// The first failure, behind which nothing is written.
    error: Option<io::Error>,
}

impl Lines {
    fn new(file: File) -> Self {
        let file = BufWriter::new(file);
        Self(Arc::new(Mutex::new(Kept { file, error: None })))
    }

    /// Writes what is left, and tells what went wrong until now.
    fn finish(&self) -> io::Result<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.error.take() {
            Some(error) => Err(error),
            None => kept.file.flush(),
        }
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.error.is_none() {
            kept.error = kept.file.write_all(bytes).err();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Lines {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// Standard error, of which a terminal gets nothing to act on: names in a line may be of files.
struct Escaping;

impl Write for Escaping {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = escaped(&String::from_utf8_lossy(bytes));
        io::stderr().write_all(text.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
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
        say!("give off, error, warn, info, debug or trace, or some of TARGET=LEVEL with commas")
    })
}

/// A file that is not there yet.
fn create(path: &Path) -> Result<File, Error> {
    let opened = OpenOptions::new().write(true).create_new(true).open(path);
    opened.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            let message = text!(
                "{file} exists already; give another name",
                file = path.display()
            );
            Error::new(ErrorKind::Io, message)
        }
        _ => cannot_write(path, &error),
    })
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    let message = text!(
        "cannot write the log {file}: {error}; name another file",
        file = path.display(),
        error = error.to_string()
    );
    Error::new(ErrorKind::Io, message)
}
