//! What `atc` said: its output, read by its protocol.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::error::Result;
use crate::errors::messages::{Class, message};
use crate::errors::operators::{MOST_LETTERS, Operators, cut};
use crate::whole::{NewFile, cannot_write};

/// This much is read from the beginning and from the end of an output.
const MOST_BYTES: u64 = 4 << 20;
/// More errors, warnings or modules than anyone reads.
const MOST_ITEMS: usize = 32;

/// The parts of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// Whether it says that it succeeded.
    pub(super) succeeded: bool,
    /// Whether it says that it failed.
    pub(super) failed: bool,
    /// The errors, in their order.
    pub(super) errors: Vec<Report>,
    /// The warnings, each with its code.
    pub(super) warnings: Vec<Report>,
    /// The operators that are named, each once.
    pub(super) operators: Operators,
    /// What it says of the command line.
    pub(super) syntax: Option<String>,
    /// Python modules that are missing.
    pub(super) modules: Vec<String>,
}

/// An error or a warning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) code: String,
    pub(super) text: String,
    pub(super) cause: Option<String>,
    pub(super) remedy: Option<String>,
    /// The first line of the trace.
    pub(super) trace: Option<String>,
}

impl Answer {
    /// Reads the files that took the output and the complaints.
    pub(super) fn read(stdout: &Path, stderr: &Path) -> io::Result<Self> {
        Ok(Self::parse(&ends(stdout)?, &ends(stderr)?))
    }

    fn parse(stdout: &str, stderr: &str) -> Self {
        let mut answer = Self::default();
        let mut place = Place::Nowhere;
        for line in stdout.lines() {
            answer.take_line(line, &mut place);
            answer.operators.take(line);
        }
        for line in stdout.lines().chain(stderr.lines()) {
            if let Some(rest) = after(line, "ModuleNotFoundError: No module named ") {
                let module = rest.trim().trim_matches(['\'', '"']);
                let module = cut(module.split(['\'', '"']).next().unwrap_or(module));
                if answer.modules.len() < MOST_ITEMS && !answer.modules.contains(&module) {
                    answer.modules.push(module);
                }
            }
        }
        let complaints = [
            "unknown command line flag",
            "is missing its argument",
            "Non-option parameter",
        ];
        let complaint = stderr
            .lines()
            .filter_map(|line| line.trim().strip_prefix("ERROR: "))
            .find(|line| complaints.iter().any(|complaint| line.contains(complaint)));
        answer.syntax = complaint.map(cut);
        answer
    }

    fn take_line(&mut self, line: &str, place: &mut Place) {
        let line = line.trim();
        if line.contains("ATC run success") {
            self.succeeded = true;
            *place = Place::Nowhere;
            return;
        }
        if line.contains("ATC run failed") {
            self.failed = true;
            *place = Place::Nowhere;
            // older releases end the line with the first error
            let rest = line.split_once("information").map_or("", |(_, rest)| rest);
            if !rest.is_empty() {
                self.take_line(rest, place);
            }
            return;
        }
        if let Some((code, text)) = code_of(line) {
            let is_error = code.starts_with('E');
            let reports = if is_error {
                &mut self.errors
            } else {
                &mut self.warnings
            };
            *place = Place::Nowhere;
            if reports.len() < MOST_ITEMS {
                reports.push(Report {
                    code: code.to_owned(),
                    ..Report::default()
                });
                *place = Place::Text { is_error };
                self.continue_report(text, place);
            }
            return;
        }
        self.continue_report(line, place);
    }

    fn continue_report(&mut self, line: &str, place: &mut Place) {
        let reports = match place {
            Place::Nowhere => return,
            Place::Text { is_error } | Place::Trace { is_error } if *is_error => &mut self.errors,
            _ => &mut self.warnings,
        };
        let Some(report) = reports.last_mut() else {
            return;
        };
        if let Place::Trace { .. } = place {
            if !line.is_empty() {
                let end = ["[FUNC:", "[FILE:"]
                    .iter()
                    .filter_map(|mark| line.find(mark))
                    .min();
                report.trace = Some(cut(line[..end.unwrap_or(line.len())].trim()));
                *place = Place::Nowhere;
            }
            return;
        }
        if line.contains("TraceBack (most recent call last)") {
            let Place::Text { is_error } = *place else {
                return;
            };
            *place = Place::Trace { is_error };
            return;
        }
        // both may end the line of the text
        let (line, remedy) = split_at(line, "Solution:");
        let (line, cause) = split_at(line, "Possible Cause:");
        report.remedy = report.remedy.take().or(remedy);
        report.cause = report.cause.take().or(cause);
        if line.is_empty() || report.cause.is_some() || report.text.len() > MOST_LETTERS {
            return;
        }
        if !report.text.is_empty() {
            report.text.push(' ');
        }
        report.text.push_str(&cut(line));
    }

    /// The error that tells most: the first one that is more than "internal".
    pub(super) fn main_error(&self) -> Option<&Report> {
        let is_internal = |report: &&Report| {
            message(&report.code).is_none_or(|known| known.class == Class::Internal)
        };
        let telling = self.errors.iter().find(|report| !is_internal(report));
        telling.or_else(|| self.errors.first())
    }
}

/// Which part of a report the next line belongs to.
#[derive(Clone, Copy)]
enum Place {
    Nowhere,
    Text { is_error: bool },
    Trace { is_error: bool },
}

/// The code that a line begins with, and the text after it: `E10001: …`, with or without the
/// process and the time before the text.
fn code_of(line: &str) -> Option<(&str, &str)> {
    let (code, text) = line.split_once(':')?;
    let is_code = match code.as_bytes() {
        [b'E' | b'W', second, digits @ ..] => {
            digits.len() == 4
                && digits.iter().all(u8::is_ascii_digit)
                && (second.is_ascii_digit() || second.is_ascii_uppercase())
        }
        _ => false,
    };
    if !is_code {
        return None;
    }
    let text = text.trim();
    let Some((_, rest)) = text
        .strip_prefix("[PID:")
        .and_then(|text| text.split_once(']'))
    else {
        return Some((code, text));
    };
    let rest = rest.trim_start();
    let (time, after) = rest.split_once(' ').unwrap_or((rest, ""));
    let is_time = time.starts_with(|c: char| c.is_ascii_digit()) && time.contains(':');
    Some((code, if is_time { after.trim_start() } else { rest }))
}

fn split_at<'l>(line: &'l str, mark: &str) -> (&'l str, Option<String>) {
    match line.split_once(mark) {
        Some((before, after)) => (before.trim_end(), Some(cut(after.trim()))),
        None => (line, None),
    }
}

fn after<'l>(line: &'l str, mark: &str) -> Option<&'l str> {
    line.split_once(mark).map(|(_, after)| after)
}

/// The beginning and the end of a file, with what is no text replaced.
fn ends(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let len = file.metadata()?.len();
    let mut bytes = Vec::new();
    (&file).take(MOST_BYTES).read_to_end(&mut bytes)?;
    if len > MOST_BYTES {
        let from = len.saturating_sub(MOST_BYTES).max(MOST_BYTES);
        file.seek(SeekFrom::Start(from))?;
        bytes.push(b'\n');
        file.take(MOST_BYTES).read_to_end(&mut bytes)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes what was said to a file to look at.
pub(super) fn write_log(stdout: &Path, stderr: &Path, log: &Path) -> Result<()> {
    let mut file = NewFile::create(log)?;
    for said in [stdout, stderr] {
        let copied = ends(said).and_then(|text| file.write_all(text.as_bytes()));
        copied.map_err(|error| cannot_write(log, error))?;
    }
    file.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "ATC start working now, please wait for a moment.\n...\n";
    const FAILED: &str =
        "ATC run failed, Please check the detail log, Try 'atc --help' for more information\n";

    #[test]
    fn success_comes_with_warnings() {
        let text = format!(
            "{START}ATC run success, welcome to the next use.\n\
             W11001: [PID: 7] 2025-01-01-10:00:00.123.456 Op [a] does not hit the high-priority operator\n"
        );
        let answer = Answer::parse(&text, "");
        assert!(answer.succeeded && !answer.failed && answer.errors.is_empty());
        assert_eq!(answer.warnings[0].code, "W11001");
        assert!(answer.warnings[0].text.starts_with("Op [a] does not"));
    }

    #[test]
    fn both_styles_of_codes_are_read() {
        let newer = format!(
            "{START}{FAILED}E10001: [PID: 12] 2025-01-01-10:00:00.123.456 Value [x] for parameter [--log] is invalid.\n\
             \x20       Possible Cause: a typo\n        Solution: try another value\n\
             \x20       TraceBack (most recent call last):\n\
             \x20       Check failed.[FUNC:Main][FILE:main.cc][LINE:1]\n        More.[FUNC:F][FILE:f.cc][LINE:2]\n"
        );
        let report = Answer::parse(&newer, "").errors[0].clone();
        let expected = Report {
            code: "E10001".into(),
            text: "Value [x] for parameter [--log] is invalid.".into(),
            cause: Some("a typo".into()),
            remedy: Some("try another value".into()),
            trace: Some("Check failed.".into()),
        };
        assert_eq!(report, expected);
        let older = "ATC run failed, Please check the detail log, Try 'atc --help' for more \
                     informationE10001: Value [-1] is invalid. Reason: why Solution: try again\n";
        let report = Answer::parse(older, "").errors[0].clone();
        assert_eq!(
            (&*report.code, &*report.text),
            ("E10001", "Value [-1] is invalid. Reason: why")
        );
        assert_eq!(report.remedy.as_deref(), Some("try again"));
    }

    #[test]
    fn the_error_that_tells_most_comes_first() {
        let text = format!(
            "{FAILED}E19999: Inner Error!\n        TraceBack (most recent call last):\n\
             \x20       Call failed.[FUNC:A][FILE:a.cc][LINE:1]\n\
             E20001: Failed to compile Op [conv1], optype [Conv2D].\n"
        );
        let answer = Answer::parse(&text, "");
        assert_eq!(answer.main_error().unwrap().code, "E20001");
        assert_eq!(answer.errors[0].trace.as_deref(), Some("Call failed."));
        let operator = &answer.operators.items()[0];
        assert_eq!(operator.name.as_deref(), Some("conv1"));
    }

    #[test]
    fn complaints_and_missing_modules_are_found() {
        let answer = Answer::parse(FAILED, "ERROR: unknown command line flag 'x'\n");
        assert_eq!(
            answer.syntax.as_deref(),
            Some("unknown command line flag 'x'")
        );
        let python = "ModuleNotFoundError: No module named 'decorator'\n".repeat(3);
        assert_eq!(Answer::parse(&python, &python).modules, ["decorator"]);
    }

    #[test]
    fn a_log_replaces_a_link_and_not_what_it_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let [said, other, log] = ["said", "other", "log"].map(|name| folder.path().join(name));
        std::fs::write(&said, "a word\n").unwrap();
        std::fs::write(&other, "kept").unwrap();
        std::os::unix::fs::symlink(&other, &log).unwrap();
        write_log(&said, &said, &log).unwrap();
        assert_eq!(std::fs::read_to_string(&other).unwrap(), "kept");
        assert_eq!(std::fs::read_to_string(&log).unwrap(), "a word\na word\n");
    }

    #[test]
    fn nothing_grows_with_the_output() {
        let lines = (0..1000).map(|i| format!("E10001: Op [n{i}] {}\n", "x".repeat(5000)));
        let text = lines.collect::<Vec<_>>().concat();
        let answer = Answer::parse(&text, "");
        assert_eq!(
            (answer.errors.len(), answer.operators.items().len()),
            (32, 32)
        );
        assert!(answer.errors[0].text.len() < 2100);
        for odd in ["E10001", "E1000é: x", "[][[", "E10001: [PID: 1", "Op [é"] {
            Answer::parse(odd, odd);
        }
    }
}
