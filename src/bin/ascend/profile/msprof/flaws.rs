//! Entries of a file whose times cannot be.

use std::path::Path;

use ascend_graph::{Text, text};

/// The places that are named.
const MOST_NAMED: usize = 5;

/// How many entries were left out of what was read, and where the damaged ones are.
#[derive(Debug, Default)]
pub(super) struct Flaws {
    /// Entries without a time.
    pub(super) untimed: u64,
    /// Entries whose time is below 0.
    negative: u64,
    /// Where the first of them are: lines of a table, or numbers of events.
    places: Vec<u64>,
}

impl Flaws {
    /// Counts the entry at `place`, if its time is none.
    pub(super) fn possible(&mut self, time: Option<f64>, place: u64) -> Option<f64> {
        let Some(time) = time else {
            self.untimed += 1;
            return None;
        };
        if time >= 0.0 {
            return Some(time);
        }
        self.negative += 1;
        if self.places.len() < MOST_NAMED {
            self.places.push(place);
        }
        None
    }

    /// The same where an entry may have no time.
    pub(super) fn without_untimed(self) -> Self {
        Self { untimed: 0, ..self }
    }

    /// What is to be told of the table or time line at `path`, if anything is.
    pub(super) fn note(&self, path: &Path, is_table: bool) -> Option<Text> {
        let file = path.file_name().unwrap_or(path.as_os_str());
        let file = file.to_string_lossy().into_owned();
        let named: Vec<String> = self.places.iter().map(u64::to_string).collect();
        let dots = if self.negative > MOST_NAMED as u64 {
            ", …"
        } else {
            ""
        };
        let places = format!("{}{dots}", named.join(", "));
        Some(match (self.negative, is_table) {
            (0, _) => return None,
            (1, true) => text!(
                "{file} is damaged: the row in line {places} tells a time below 0 and was left out; export it again",
                file,
                places
            ),
            (count, true) => text!(
                "{file} is damaged: {count} rows (lines {places}) tell a time below 0 and were left out; export it \
                 again",
                file,
                count,
                places
            ),
            (1, false) => text!(
                "{file} is damaged: event {places} tells a time below 0 and was left out; export it again",
                file,
                places
            ),
            (count, false) => text!(
                "{file} is damaged: {count} events ({places}) tell a time below 0 and were left out; export it again",
                file,
                count,
                places
            ),
        })
    }
}
