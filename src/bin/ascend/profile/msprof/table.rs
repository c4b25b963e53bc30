//! Tables of `msprof`, read row by row: CSV whose columns differ from version to version.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ascend_rt::{Error, ErrorKind};
use csv::ByteRecord;

use super::flaws::Flaws;
use super::utf8::Utf8;

/// The longest row in bytes, and what is read ahead.
const MOST_ROW: usize = 4 << 20;
/// The columns that are named where one is missing, and the characters of each.
const MOST_TOLD: usize = 12;
const MOST_NAMED: usize = 40;

/// A table, and the row that was read last.
pub(in super::super) struct Table {
    path: PathBuf,
    reader: csv::Reader<BufReader<Utf8<Bounded<File>>>>,
    budget: Rc<Cell<usize>>,
    header: Vec<String>,
    row: ByteRecord,
    flaws: Flaws,
}

/// A reader that ends with an error when too much is read without a row.
pub(in super::super) struct Bounded<R> {
    inner: R,
    budget: Rc<Cell<usize>>,
}

impl<R: Read> Bounded<R> {
    pub(in super::super) fn new(inner: R, budget: Rc<Cell<usize>>) -> Self {
        Self { inner, budget }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.get();
        if left == 0 {
            let message = "one entry of it is longer than any that a profiler writes: copy it anew";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let most = buffer.len().min(left);
        let read = self.inner.read(&mut buffer[..most])?;
        self.budget.set(left - read);
        Ok(read)
    }
}

/// The names that a column has had.
pub(super) type Names = &'static [&'static str];

impl Table {
    pub(in super::super) fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
        let budget = Rc::new(Cell::new(MOST_ROW));
        let mut text = BufReader::new(Utf8::new(Bounded::new(file, Rc::clone(&budget))));
        let start = text.fill_buf().map_err(|error| cannot_read(path, &error))?;
        if start.contains(&0) {
            let message = format!(
                "{} is no text, and so no table of msprof: copy it anew, or export it again (msprof --export=on \
                 --output=PROF_…)",
                path.display()
            );
            return Err(Error::new(ErrorKind::Format, message));
        }
        let delimiter = delimiter(start);
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text);
        let header = reader
            .byte_headers()
            .map_err(|error| damaged(path, &error))?
            .iter()
            .map(name_of)
            .collect();
        Ok(Self {
            path: path.to_owned(),
            reader,
            budget,
            header,
            row: ByteRecord::new(),
            flaws: Flaws::default(),
        })
    }

    /// Where the column is, if there is one.
    pub(super) fn column(&self, names: Names) -> Option<usize> {
        let position = |name: &&str| {
            let same = |column: &String| column.eq_ignore_ascii_case(name);
            self.header.iter().position(same)
        };
        names.iter().find_map(position)
    }

    /// Where the column is.
    pub(super) fn needed(&self, names: Names) -> Result<usize, Error> {
        self.column(names).ok_or_else(|| {
            let message = format!(
                "{} has no column {:?}, and so is no such table of msprof: it has {}; give the folder that msprof \
                 wrote (PROF_…), or export it again (msprof --export=on --output=PROF_…)",
                self.path.display(),
                names.first().copied().unwrap_or_default(),
                self.columns()
            );
            Error::new(ErrorKind::Format, message)
        })
    }

    /// What the columns are called, as far as anyone reads it.
    pub(in super::super) fn columns(&self) -> String {
        let told = self.header.iter().take(MOST_TOLD);
        let told: Vec<String> = told.map(|name| cut(name)).collect();
        let told = told.join(", ");
        match self.header.len().saturating_sub(MOST_TOLD) {
            0 => told,
            more => format!("{told} and {more} more"),
        }
    }

    /// Goes to the next row, if there is one.
    pub(super) fn next(&mut self) -> Result<bool, Error> {
        self.budget.set(MOST_ROW);
        let read = self.reader.read_byte_record(&mut self.row);
        read.map_err(|error| damaged(&self.path, &error))
    }

    /// A field of this row; empty where there is none, or where the profiler says so.
    pub(super) fn text(&self, column: Option<usize>) -> String {
        let field = column.and_then(|column| self.row.get(column));
        let text = String::from_utf8_lossy(field.unwrap_or_default());
        let text = text.trim();
        if text == "N/A" {
            String::new()
        } else {
            text.to_owned()
        }
    }

    /// A number of this row; none where the profiler has none.
    pub(super) fn number(&self, column: Option<usize>) -> Result<Option<f64>, Error> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.map(Some).ok_or_else(|| {
            let line = self.line();
            let column = column.and_then(|column| self.header.get(column));
            let message = format!(
                "{}, line {line}: {:?} in the column {:?} is no number: the file is damaged; export it again (msprof \
                 --export=on --output=PROF_…)",
                self.path.display(),
                cut(&text),
                cut(column.map_or("", String::as_str))
            );
            Error::new(ErrorKind::Format, message)
        })
    }

    /// The time that this row is about; none where it has none that can be, which is counted.
    pub(super) fn time(&mut self, column: usize) -> Result<Option<f64>, Error> {
        let time = self.number(Some(column))?;
        let line = self.line();
        Ok(self.flaws.possible(time, line))
    }

    /// Counts this row as one without a time.
    pub(super) fn leave_out(&mut self) {
        self.flaws.untimed += 1;
    }

    /// A time beside it, which is no less than 0.
    pub(super) fn further(&self, column: Option<usize>) -> Result<Option<f64>, Error> {
        Ok(self.number(column)?.map(|time| time.max(0.0)))
    }

    /// The rows whose times cannot be.
    pub(super) fn flaws(self) -> Flaws {
        self.flaws
    }

    fn line(&self) -> u64 {
        self.row.position().map_or(0, csv::Position::line)
    }

    /// A count of this row.
    pub(super) fn count(&self, column: Option<usize>) -> Result<Option<u64>, Error> {
        let number = self.number(column)?;
        Ok(number.and_then(whole))
    }
}

/// A number that counts something.
pub(super) fn whole(number: f64) -> Option<u64> {
    if !(0.0..9e15).contains(&number) {
        return None;
    }
    format!("{:.0}", number.trunc()).parse().ok()
}

/// What stands between the columns: a comma, or what spreadsheets have in text of UTF-16.
fn delimiter(start: &[u8]) -> u8 {
    let header = start.split(|byte| *byte == b'\n').next().unwrap_or(start);
    if header.contains(&b'\t') && !header.contains(&b',') {
        b'\t'
    } else {
        b','
    }
}

/// A text of a file, as far as anyone reads it.
pub(in super::super) fn cut(text: &str) -> String {
    if text.chars().nth(MOST_NAMED).is_none() {
        return text.to_owned();
    }
    text.chars().take(MOST_NAMED - 1).chain(['…']).collect()
}

/// What the header calls a column.
fn name_of(field: &[u8]) -> String {
    let text = String::from_utf8_lossy(field);
    text.trim().to_owned()
}

pub(in super::super) fn cannot_read(path: &Path, error: &io::Error) -> Error {
    let message = format!("cannot read {}: {error}", path.display());
    Error::new(ErrorKind::Io, message)
}

fn damaged(path: &Path, error: &csv::Error) -> Error {
    match error.kind() {
        csv::ErrorKind::Io(error) if error.kind() != io::ErrorKind::InvalidData => {
            cannot_read(path, error)
        }
        csv::ErrorKind::Io(error) => {
            let message = format!("{} is no table of msprof: {error}", path.display());
            Error::new(ErrorKind::Format, message)
        }
        _ => {
            let message = format!("{} is damaged: {error}", path.display());
            Error::new(ErrorKind::Format, message)
        }
    }
}
