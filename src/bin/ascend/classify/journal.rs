//! The file that a job writes as it goes: a line for each picture, in order. What stands there is
//! done, however the job ended.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;
use ascend_graph::text;
use ascend_rt::files::NewFile;
use ascend_rt::{Error, ErrorKind};
use serde_json::{Map, Value, json};

use super::record::Record;
use super::sources::Key;
use crate::progress::Progress;

/// How much work may be lost with the machine; none is lost with the process.
const SYNC_PAUSE: Duration = Duration::from_secs(2);

/// A longer line is no record.
const LONGEST_LINE: u64 = 16 << 20;

/// What the file that tells of the job adds to the journal's name.
pub(super) const SETTINGS: &str = ".job.json";

/// Under this name it lists the job's pages, which do not shape the results.
const PAGES: &str = "pages";

/// What shapes the results of a job, by name. A job goes on only where it is as it was.
pub(super) type Settings = Map<String, Value>;

#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    /// Of the whole lines.
    len: u64,
    next_sync: Instant,
    is_overwritten: bool,
}

/// What a journal holds.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) keys: HashSet<Key>,
    pub(super) tally: Tally,
}

/// How many pictures are classified, and how many failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) classified: usize,
    pub(super) failed: usize,
}

impl Tally {
    pub(super) fn add(&mut self, record: &Record) {
        match record.error {
            None => self.classified += 1,
            Some(_) => self.failed += 1,
        }
    }

    pub(super) fn total(self) -> usize {
        self.classified + self.failed
    }
}

impl Journal {
    /// Opens the journal at `path` to go on with the job of these settings, or begins it, and notes the
    /// page that it will make. No other process writes it meanwhile. A torn end is cut off.
    ///
    /// # Errors
    ///
    /// `Io` when it cannot be written or another process does; `InvalidArgument` when it is of a job
    /// with other settings, or damaged before its end.
    pub(super) fn open(
        path: &Path,
        settings: &Settings,
        page: Option<&Path>,
        is_overwritten: bool,
    ) -> Result<(Self, Done)> {
        let cannot = |error| cannot_write(path, error);
        let mut options = OpenOptions::new();
        let file = options
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(cannot)?;
        // Where there are no locks, that there is one process is the caller's affair.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            let message = format!(
                "{} is being written by another process: wait for its end, or give another --out",
                path.display()
            );
            return Err(Error::new(ErrorKind::Io, message).into());
        }
        if is_overwritten {
            file.set_len(0).map_err(cannot)?;
        }
        let mut journal = Self {
            path: path.to_owned(),
            len: file.metadata().map_err(cannot)?.len(),
            file,
            next_sync: Instant::now() + SYNC_PAUSE,
            is_overwritten,
        };
        journal.begin(settings, page)?;
        let done = journal.recover()?;
        Ok((journal, done))
    }

    /// Has the file beside it tell of the job; of one that was begun it must tell already.
    fn begin(&self, settings: &Settings, page: Option<&Path>) -> Result<()> {
        let place = beside(&self.path, SETTINGS);
        let is_new = self.len == 0 && (self.is_overwritten || !place.exists());
        let mut pages = if is_new {
            Vec::new()
        } else {
            self.check(&place, settings)?
        };
        let page = page.map(|page| page.to_string_lossy().into_owned());
        let page = page.filter(|page| !pages.contains(page));
        if !is_new && page.is_none() {
            return Ok(());
        }
        pages.extend(page);
        let mut settings = settings.clone();
        if !pages.is_empty() {
            settings.insert(PAGES.to_owned(), json!(pages));
        }
        let mut file = NewFile::create(&place)?;
        file.put(format!("{:#}\n", Value::Object(settings)).as_bytes())?;
        file.finish()?;
        // The names of both files last, too.
        let folder = place
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or(Path::new(".")));
        folder
            .and_then(|folder| folder.sync_all())
            .map_err(|error| cannot_write(&place, error))?;
        Ok(())
    }

    /// Whether the journal's job has these settings, as `place` tells; gives its pages.
    fn check(&self, place: &Path, settings: &Settings) -> Result<Vec<String>> {
        let refuse = |what: String| {
            let message = format!("{what}; give another --out, or --overwrite to begin anew");
            Err(Error::new(ErrorKind::InvalidArgument, message).into())
        };
        let name = self.path.display();
        let there = match fs::read(place) {
            Ok(bytes) => serde_json::from_slice::<Settings>(&bytes).ok(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return refuse(format!(
                    "{name} is there, and {}, which tells of which job it is, is not",
                    place.display()
                ));
            }
            Err(error) => {
                return Err(
                    Error::of_io(format_args!("cannot read {}", place.display()), error).into(),
                );
            }
        };
        let Some(mut there) = there else {
            return refuse(format!(
                "{} is damaged: it does not tell of which job {name} is",
                place.display()
            ));
        };
        let pages = take_pages(&mut there);
        let differences = differences(&there, settings);
        if differences.is_empty() {
            return Ok(pages);
        }
        refuse(format!(
            "{name} is of another job: {}",
            differences.join(", ")
        ))
    }

    /// Reads what is done, and cuts off what follows the last record.
    fn recover(&mut self) -> Result<Done> {
        let mut done = Done::default();
        let (mut len, mut number) = (0, 1);
        let mut progress = Progress::new("reading what is done");
        for record in Records::open(&self.path, 0..self.len)? {
            let (record, bytes) = record?;
            len += bytes;
            number += 1;
            progress.show(len, self.len);
            // Should one be there twice, the first one counts.
            if done.keys.insert(record.key()) {
                done.tally.add(&record);
            }
        }
        if len < self.len {
            self.check_end(len, number)?;
            let lost = self.len - len;
            writeln!(
                io::stderr(),
                "note: {}: the last {lost} bytes are no record, as after a sudden end; they are cut off",
                self.path.display()
            )?;
            self.file
                .set_len(len)
                .map_err(|error| cannot_write(&self.path, error))?;
            self.len = len;
        }
        Ok(done)
    }

    /// Refuses a line that is no record where records follow, which would be cut off with it.
    fn check_end(&self, len: u64, number: usize) -> Result<()> {
        let mut end = Records::open(&self.path, len..self.len)?;
        end.read_line()?;
        while end.read_line()? > 0 {
            if Record::read(&end.line).is_some() {
                let message = format!(
                    "line {number} of {} is no record, and records follow it; take that line out, or give \
                     --overwrite to begin anew",
                    self.path.display()
                );
                return Err(Error::new(ErrorKind::InvalidArgument, message).into());
            }
        }
        Ok(())
    }

    /// Adds a whole line.
    ///
    /// # Errors
    ///
    /// `Io` when it cannot be written; then the file ends with the last whole line that was there.
    /// `InvalidArgument` when it is too long to be read again.
    pub(super) fn append(&mut self, line: &[u8]) -> Result<()> {
        let len = u64::try_from(line.len())?;
        if len > LONGEST_LINE {
            let message = format!(
                "the record of a picture would take {len} bytes, and {LONGEST_LINE} are the most; give a \
                 smaller --top"
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message).into());
        }
        if let Err(error) = self.file.write_all(line) {
            // What cannot be cut off now is cut off when the job goes on.
            let _ = self.file.set_len(self.len);
            return Err(self.broken(error));
        }
        self.len += len;
        if Instant::now() >= self.next_sync {
            self.sync()?;
        }
        Ok(())
    }

    /// Has the disk hold all of it.
    pub(super) fn sync(&mut self) -> Result<()> {
        let synced = self.file.sync_data();
        self.next_sync = Instant::now() + SYNC_PAUSE;
        synced.map_err(|error| self.broken(error))
    }

    /// Its records, from the first.
    pub(super) fn records(&self) -> Result<Records> {
        Records::open(&self.path, 0..self.len)
    }

    /// What makes the job go on: the command that began anew would do so again.
    pub(super) fn again(&self) -> &'static str {
        if self.is_overwritten {
            "give the same command again without --overwrite to go on"
        } else {
            "give the same command again to go on"
        }
    }

    fn broken(&self, error: io::Error) -> anyhow::Error {
        let message = format!(
            "cannot write {}: {error}; what it holds is whole: {}, once it can be written",
            self.path.display(),
            self.again()
        );
        Error::new(ErrorKind::Io, message).with_source(error).into()
    }
}

/// The records in a part of a file, each with its length in bytes; up to its end, or what is no record.
pub(super) struct Records {
    path: PathBuf,
    file: io::Take<BufReader<File>>,
    line: Vec<u8>,
}

impl Records {
    fn open(path: &Path, part: Range<u64>) -> Result<Self> {
        let cannot = |error| cannot_read(path, error);
        let mut file = File::open(path).map_err(cannot)?;
        file.seek(SeekFrom::Start(part.start)).map_err(cannot)?;
        let len = part.end.saturating_sub(part.start);
        Ok(Self {
            path: path.to_owned(),
            file: BufReader::with_capacity(1 << 16, file).take(len),
            line: Vec::new(),
        })
    }

    /// Reads the next line, and tells its bytes; 0 at the end.
    fn read_line(&mut self) -> Result<usize, Error> {
        self.line.clear();
        let mut line = self.file.by_ref().take(LONGEST_LINE);
        line.read_until(b'\n', &mut self.line)
            .map_err(|error| cannot_read(&self.path, error))
    }
}

impl Iterator for Records {
    type Item = Result<(Record, u64)>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.read_line() {
            Ok(bytes) => Record::read(&self.line).map(|record| Ok((record, bytes as u64))),
            Err(error) => Some(Err(error.into())),
        }
    }
}

/// `path` with more at its end.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

/// The pages of the journal's job, as far as is told.
pub(super) fn pages(journal: &Path) -> Vec<String> {
    let there = fs::read(beside(journal, SETTINGS)).ok();
    let there = there.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    there.map_or_else(Vec::new, |mut there| take_pages(&mut there))
}

fn take_pages(settings: &mut Settings) -> Vec<String> {
    let pages = settings.remove(PAGES).unwrap_or_default();
    serde_json::from_value(pages).unwrap_or_default()
}

fn differences(there: &Settings, here: &Settings) -> Vec<String> {
    let names: BTreeSet<_> = there.keys().chain(here.keys()).collect();
    let told = |settings: &Settings, name: &String| match settings.get(name) {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    let differing = names
        .into_iter()
        .filter(|name| there.get(*name) != here.get(*name));
    differing
        .map(|name| {
            format!(
                "{name} was {} and is {} now",
                told(there, name),
                told(here, name)
            )
        })
        .collect()
}

fn cannot_write(path: &Path, error: io::Error) -> Error {
    let doing = format!("cannot write {}", path.display());
    if error.kind() != io::ErrorKind::NotFound {
        return Error::of_io(doing, error);
    }
    let message = format!("{doing}: {error}; make the folder first");
    Error::new(ErrorKind::Io, message).with_source(error)
}

fn cannot_read(path: &Path, error: io::Error) -> Error {
    Error::of_io(text!("cannot read {file}", file = path.display()), error)
}
