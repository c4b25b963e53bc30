//! Tables of `msprof`, read row by row: CSV whose columns differ from version to version.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ascend_rt::{Error, ErrorKind};
use csv::ByteRecord;

/// The longest row in bytes, and what is read ahead.
const MOST_ROW: usize = 4 << 20;
/// The columns that are named where one is missing.
const MOST_TOLD: usize = 12;

/// A table, and the row that was read last.
pub(super) struct Table {
    path: PathBuf,
    reader: csv::Reader<Bounded<File>>,
    budget: Rc<Cell<usize>>,
    header: Vec<String>,
    row: ByteRecord,
}

/// A reader that ends with an error when too much is read without a row.
pub(super) struct Bounded<R> {
    inner: R,
    budget: Rc<Cell<usize>>,
}

impl<R: Read> Bounded<R> {
    pub(super) fn new(inner: R, budget: Rc<Cell<usize>>) -> Self {
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
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
        let budget = Rc::new(Cell::new(MOST_ROW));
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(Bounded::new(file, Rc::clone(&budget)));
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
            let columns: Vec<&str> = self.header.iter().map(String::as_str).collect();
            let more = columns.len().saturating_sub(MOST_TOLD);
            let told = columns[..columns.len() - more].join(", ");
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let message = format!(
                "{} has no column {:?}, and so is no such table of msprof: it has {told}{more}; give the \
                 folder that msprof wrote (PROF_…), or export it again (msprof --export=on --output=PROF_…)",
                self.path.display(),
                names.first().copied().unwrap_or_default(),
            );
            Error::new(ErrorKind::Format, message)
        })
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
            let line = self.row.position().map_or(0, csv::Position::line);
            let column = column.and_then(|column| self.header.get(column));
            let shown: String = text.chars().take(40).collect();
            let message = format!(
                "{}, line {line}: {shown:?} in the column {:?} is no number: the file is damaged; export \
                 it again (msprof --export=on --output=PROF_…)",
                self.path.display(),
                column.map_or("", String::as_str)
            );
            Error::new(ErrorKind::Format, message)
        })
    }

    /// A time of this row, which is no less than 0.
    pub(super) fn time(&self, column: Option<usize>) -> Result<Option<f64>, Error> {
        Ok(self.number(column)?.map(|time| time.max(0.0)))
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

/// What the header calls a column.
fn name_of(field: &[u8]) -> String {
    let text = String::from_utf8_lossy(field);
    text.trim_start_matches('\u{feff}').trim().to_owned()
}

pub(super) fn cannot_read(path: &Path, error: &io::Error) -> Error {
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
