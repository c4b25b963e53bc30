//! What a check tells.

use std::fmt;
use std::path::{Path, PathBuf};

use ascend_graph::{Text, text};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// As it should be.
    Ok,
    /// Good to know.
    Note,
    /// Some programs fail, or will.
    Warning,
    /// Programs for Ascend do not run.
    Fault,
}

impl Level {
    /// Its name: ok, note, warning or fault.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Fault => "fault",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The check that tells it, such as `driver-missing`.
    pub check: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What was found.
    pub what: Text,
    /// The file, folder or device that it is about.
    pub place: Option<PathBuf>,
    /// Why it matters; empty where it does not.
    pub why: Text,
    /// The command that mends it. Words in angle brackets are for the user to fill in.
    pub command: Option<String>,
    /// It rests on what is likely, and not on what a file or a document says.
    pub is_assumed: bool,
}

impl Finding {
    pub(super) fn new(level: Level, check: &'static str, what: Text) -> Self {
        Self {
            check,
            level,
            what,
            place: None,
            why: Text::default(),
            command: None,
            is_assumed: false,
        }
    }

    pub(super) fn ok(check: &'static str, what: Text) -> Self {
        Self::new(Level::Ok, check, what)
    }

    pub(super) fn note(check: &'static str, what: Text) -> Self {
        Self::new(Level::Note, check, what)
    }

    pub(super) fn warning(check: &'static str, what: Text) -> Self {
        Self::new(Level::Warning, check, what)
    }

    pub(super) fn fault(check: &'static str, what: Text) -> Self {
        Self::new(Level::Fault, check, what)
    }

    pub(super) fn at(mut self, place: impl Into<PathBuf>) -> Self {
        self.place = Some(place.into());
        self
    }

    pub(super) fn because(mut self, why: Text) -> Self {
        self.why = why;
        self
    }

    pub(super) fn mend(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    pub(super) fn assumed(mut self) -> Self {
        self.is_assumed = true;
        self
    }
}

/// Words in a list, as one says it.
pub(super) fn listed(words: impl IntoIterator<Item = impl Into<Text>>) -> Text {
    const MOST: usize = 12;
    let mut words: Vec<Text> = words.into_iter().map(Into::into).collect();
    if let Some(count) = words.len().checked_sub(MOST).filter(|count| *count > 0) {
        words.truncate(MOST);
        words.push(text!("{count} more", count));
    }
    let Some(last) = words.pop() else {
        return text!("none");
    };
    let rest = words
        .into_iter()
        .reduce(|list, next| text!("{list}, {next}", list, next));
    match rest {
        Some(rest) => text!("{list} and {last}", list = rest, last),
        None => last,
    }
}

/// A path for a shell.
pub(super) fn quoted(path: &Path) -> String {
    crate::convert::atc::quoted([path.to_string_lossy()])
}
