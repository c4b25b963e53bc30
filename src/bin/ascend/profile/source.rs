//! What a path is that a profile is to be read from: by its name, else by what it holds.

use std::cell::Cell;
use std::fmt;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use ascend_rt::{Error, ErrorKind};
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::content::FORMAT;
use super::msprof::{self, Bounded, Kind, Table, Utf8, cut};
use super::saved;

/// Extensions of files that are no model.
const DATA: [&str; 7] = ["csv", "tsv", "txt", "json", "db", "xls", "xlsx"];
/// The longest name of a key, or value of one, in bytes.
const MOST_KEY: usize = 1 << 20;
/// The keys that are kept, and those that are named.
const MOST_KEPT: usize = 64;
const MOST_NAMED: usize = 6;
/// What is read.
const READ: &str = "results of msprof (op_summary_*.csv, op_statistic_*.csv, task_time_*.csv, api_statistic_*.csv, \
                    msprof_*.json, or their folder PROF_…), a profile that --json wrote, or a model";

/// What a path is.
pub(super) enum Source {
    /// A folder of results, or above them.
    Folder,
    /// A profile that `--json` wrote.
    Saved,
    /// A table or time line of `msprof`.
    Result(Kind),
    /// What is to be run.
    Model,
}

impl Source {
    /// Looks at `path`.
    pub(super) fn of(path: &Path) -> Result<Self, Error> {
        let metadata = fs::metadata(path).map_err(|error| {
            let message = format!("cannot read {}: {error}", path.display());
            Error::new(ErrorKind::Io, message)
        })?;
        if metadata.is_dir() {
            return Ok(Self::Folder);
        }
        if saved::is_saved(path) {
            return Ok(Self::Saved);
        }
        if let Some(kind) = msprof::kind_of(path) {
            return Ok(Self::Result(kind));
        }
        let extension = path.extension().unwrap_or_default();
        if !DATA
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
        {
            return Ok(Self::Model);
        }
        Self::of_data(path)
    }

    /// What the file is by its content.
    fn of_data(path: &Path) -> Result<Self, Error> {
        let is = |what: String| {
            let message = format!("{} {what}", path.display());
            Err(Error::new(ErrorKind::Format, message))
        };
        let budget = Rc::new(Cell::new(usize::MAX));
        let open = || {
            let file = File::open(path).map_err(|error| msprof::cannot_read(path, &error))?;
            Ok::<_, Error>(Utf8::new(Bounded::new(file, Rc::clone(&budget))))
        };
        let mut start = Vec::new();
        open()?
            .take(512)
            .read_to_end(&mut start)
            .map_err(|error| msprof::cannot_read(path, &error))?;
        if start.starts_with(b"SQLite format 3\0") {
            return is(
                "is a database, which is not read: export tables where CANN is installed (msprof --export=on \
                 --type=text --output=PROF_…), and give their folder"
                    .to_owned(),
            );
        }
        if start.starts_with(b"PK\x03\x04") || start.starts_with(b"\xd0\xcf\x11\xe0") {
            return is(
                "is a workbook of a spreadsheet: save its sheet as CSV, and give that".to_owned(),
            );
        }
        if start.contains(&0) {
            return is(format!("is no text, and so no profile: give {READ}"));
        }
        match start.trim_ascii_start().first() {
            None => is(format!("is empty: give {READ}")),
            Some(b'{' | b'[') => {
                let shape = Shape::of(open()?, &budget).map_err(|error| {
                    let message =
                        format!("{} is no whole JSON: {error}; give {READ}", path.display());
                    Error::new(ErrorKind::Format, message)
                })?;
                match shape.source() {
                    Ok(source) => Ok(source),
                    // older versions have time lines that are called like tables
                    Err(_) if msprof::is_json_table(path) => is(
                        "is a table as JSON, which is not read: make CSV where CANN is installed (msprof --export=on \
                         --summary-format=csv --output=PROF_…), and give its folder"
                            .to_owned(),
                    ),
                    Err(what) => is(what),
                }
            }
            Some(_) => {
                let table = Table::open(path)?;
                let kind = msprof::kind_of_table(&table);
                kind.map(Self::Result).map_or_else(
                    || {
                        is(format!(
                            "is no table that is read: it has the columns {}; give {READ}",
                            table.columns()
                        ))
                    },
                    Ok,
                )
            }
        }
    }
}

/// What a JSON file holds, as far as that tells what it is.
#[derive(Debug, Default)]
struct Shape {
    keys: Vec<String>,
    /// How many keys there are.
    count: usize,
    /// What it calls itself.
    format: Option<String>,
    /// The first element of a list.
    first: Option<Value>,
    is_list: bool,
}

impl Shape {
    fn of(reader: impl Read, budget: &Rc<Cell<usize>>) -> Result<Self, serde_json::Error> {
        let mut json = serde_json::Deserializer::from_reader(BufReader::new(reader));
        let mut shape = Self::default();
        let read = json.deserialize_any(Look {
            shape: &mut shape,
            budget,
        });
        match read {
            // The rest of a list tells no more.
            Err(_) if shape.first.is_some() => Ok(shape),
            read => read.map(|()| shape),
        }
    }

    fn source(self) -> Result<Source, String> {
        let has = |key: &str| self.keys.iter().any(|known| known == key);
        if self.format.as_deref() == Some(FORMAT) {
            return Ok(Source::Saved);
        }
        if has("traceEvents") || self.first.is_some_and(|first| first.get("ph").is_some()) {
            return Ok(Source::Result(Kind::Timeline));
        }
        Err(if has("NPU_compute_time") || has("stages_ms") {
            "is a report of bench, which tells of no operators: give the model, or a profile of it (ascend profile \
             MODEL --json FILE)"
                .to_owned()
        } else if has("dropped_operators") {
            "is the summary of a session on the CPU device: give the folder that it lies in"
                .to_owned()
        } else if has("is_per_execution") && has("rows") {
            "is a comparison of two profiles: give one of the two".to_owned()
        } else if self.is_list {
            format!("is a list in JSON, and none of trace events: give {READ}")
        } else if self.keys.is_empty() {
            format!("is an empty object in JSON: give {READ}")
        } else {
            let named = self.keys.iter().take(MOST_NAMED);
            let named: Vec<String> = named.map(|key| cut(key)).collect();
            let more = match self.count.saturating_sub(MOST_NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!(
                "is JSON of another program, with the keys {}{more}: give {READ}",
                named.join(", ")
            )
        })
    }
}

struct Look<'a> {
    shape: &'a mut Shape,
    budget: &'a Rc<Cell<usize>>,
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        self.shape.is_list = true;
        self.budget.set(MOST_KEY);
        self.shape.first = elements.next_element()?;
        match self.shape.first {
            Some(_) => Err(A::Error::custom("the rest is not looked at")),
            None => Ok(()),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        loop {
            self.budget.set(MOST_KEY);
            let Some(key) = map.next_key::<String>()? else {
                return Ok(());
            };
            if key == "format" {
                self.shape.format = map.next_value::<Value>()?.as_str().map(str::to_owned);
            } else {
                self.budget.set(usize::MAX);
                map.next_value::<IgnoredAny>()?;
            }
            self.shape.count += 1;
            if self.shape.keys.len() < MOST_KEPT {
                self.shape.keys.push(key);
            }
        }
    }
}
