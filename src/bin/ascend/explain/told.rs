//! What was found, told.

use std::io::{self, BufWriter, Write};

use ascend_rt::doctor::{self, Level, pair};
use ascend_rt::errors::{Finding, Place, Search};
use serde_json::{Value, json};

use super::sources::Read;
use crate::weights::{escaped, shown};

/// So many findings of a log are told.
const MOST_TOLD: usize = 20;
/// So many files that could not be read are told.
const MOST_UNREAD: usize = 5;

pub(super) struct Report<'r> {
    pub(super) search: &'r Search,
    pub(super) read: &'r Read,
    /// Whether nothing but a code was asked for.
    pub(super) is_code: bool,
    pub(super) tells_all: bool,
}

impl Report<'_> {
    pub(super) fn tell(&self, as_json: bool) -> io::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        if as_json {
            writeln!(out, "{:#}", self.to_json())?;
        } else {
            self.tell_text(&mut out)?;
        }
        out.flush()
    }

    fn tell_text(&self, out: &mut impl Write) -> io::Result<()> {
        let findings = self.search.findings();
        let root = self.root_code();
        let most = if self.tells_all {
            usize::MAX
        } else {
            MOST_TOLD
        };
        // the root is told wherever it stands
        let is_told = |(index, finding): &(usize, &&Finding)| {
            *index < most || Some(&*finding.entry.code) == root
        };
        let told: Vec<_> = findings.iter().enumerate().filter(is_told).collect();
        for (index, (_, finding)) in told.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            let is_root = findings.len() > 1 && Some(&*finding.entry.code) == root;
            self.tell_finding(finding, is_root, out)?;
        }
        if self.is_code && !findings.is_empty() {
            return Ok(());
        }
        let pair = self.pair();
        if let Some(pair) = &pair {
            let gap = if told.is_empty() { "" } else { "\n" };
            writeln!(out, "{gap}versions: {}", pair.what)?;
            writeln!(out, "  why:   {}", pair.why)?;
            if let Some(command) = &pair.command {
                writeln!(out, "  do:    {command}")?;
            }
            writeln!(
                out,
                "  look:  `ascend doctor` where it runs, which reads both from their files"
            )?;
            if findings.is_empty() {
                return Ok(());
            }
        }
        if findings.len() > told.len() {
            let more = findings.len() - told.len();
            writeln!(out, "\n{more} more; --all tells them")?;
        }
        self.tell_rest(&findings, out)
    }

    fn tell_finding(
        &self,
        finding: &Finding,
        is_root: bool,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let entry = &finding.entry;
        let mark = match (is_root, finding.is_warning && !entry.is_warning()) {
            (true, _) => "  <- begin here",
            (false, true) => "  (a warning)",
            _ => "",
        };
        writeln!(out, "{}{mark}", escaped(&entry.to_string()))?;
        writeln!(out, "  cause: {}", entry.cause.replace("%s", "…"))?;
        writeln!(out, "  do:    {}", entry.remedy)?;
        writeln!(out, "  look:  {}", entry.look)?;
        if self.is_code {
            return Ok(());
        }
        let Some(first) = finding.places.first() else {
            return Ok(());
        };
        let more = match finding.count {
            0..2 => String::new(),
            2 => ", and once more".to_owned(),
            count => format!(", and {} times more", count - 1),
        };
        let also: Vec<&str> = finding.spellings.iter().map(String::as_str).collect();
        let also = match also[..] {
            [] => String::new(),
            [one] if one == entry.code => String::new(),
            _ => format!(", as {}", shown(&also.join(", "))),
        };
        let time = first
            .time
            .as_ref()
            .map_or(String::new(), |time| format!(" at {time}"));
        writeln!(out, "  at:    {}{time}{more}{also}", place(first))?;
        writeln!(out, "  says:  {}", escaped(&first.text))
    }

    /// What there is to say of the whole.
    fn tell_rest(&self, findings: &[&Finding], out: &mut impl Write) -> io::Result<()> {
        let what = match self.read.files {
            0 => String::new(),
            1 => " in 1 file".to_owned(),
            files => format!(" in {files} files"),
        };
        let root = self.root_code();
        if findings.is_empty() {
            writeln!(
                out,
                "nothing that the book has was found{what}; codes look like 507011, E16002, EE1018 or \
                 0x07150026"
            )?;
        } else {
            let known = findings
                .iter()
                .filter(|finding| finding.entry.is_known)
                .count();
            let unknown = match findings.len() - known {
                0 => String::new(),
                unknown => format!(", {unknown} of them unknown"),
            };
            let begin = root.filter(|_| findings.len() > 1);
            let begin = begin.map_or(String::new(), |code| format!("; begin with {code}"));
            writeln!(out, "\n{} found{what}{unknown}{begin}", findings.len())?;
        }
        let operators = self.search.operators();
        if !operators.is_empty() {
            writeln!(out, "operators named: {}", escaped(&operators.join(", ")))?;
        }
        let at_root = self.search.root().and_then(|root| root.places.first());
        if let Some(first) = self
            .search
            .first_error()
            .filter(|first| Some(*first) != at_root)
        {
            writeln!(
                out,
                "first ERROR: {}: {}",
                place(first),
                escaped(&first.text)
            )?;
        }
        for (path, why) in self.read.unread.iter().take(MOST_UNREAD) {
            writeln!(
                out,
                "not read: {}: {why}",
                shown(&path.display().to_string())
            )?;
        }
        let counts = [
            (
                self.read.unread.len().saturating_sub(MOST_UNREAD),
                "more could not be read",
            ),
            (
                self.read.passed,
                "passed over, as they are links or no texts",
            ),
        ];
        for (count, what) in counts.iter().filter(|(count, _)| *count > 0) {
            writeln!(out, "{count} {what}")?;
        }
        if self.read.is_cut {
            writeln!(
                out,
                "a folder holds more files or levels than were followed; give a part of it"
            )?;
        }
        match self.search.overlooked() {
            0 => Ok(()),
            more => writeln!(
                out,
                "{more} codes more were left out, as there are too many kinds"
            ),
        }
    }

    /// What is to be said of the versions of driver and CANN, where both are told.
    pub(super) fn pair(&self) -> Option<doctor::Finding> {
        let versions = self.search.versions();
        pair(versions.driver.as_deref()?, versions.cann.as_deref()?)
    }

    fn root_code(&self) -> Option<&str> {
        self.search.root().map(|root| &*root.entry.code)
    }

    fn to_json(&self) -> Value {
        let root = self.root_code();
        let findings = self.search.findings().into_iter();
        let findings = findings.map(|finding| {
            let entry = &finding.entry;
            json!({
                "code": entry.code,
                "name": entry.name,
                "kind": entry.set.name(),
                "known": entry.is_known,
                "root": Some(&*entry.code) == root,
                "sign": entry.is_sign,
                "warning": finding.is_warning,
                "meaning": entry.meaning,
                "cause": entry.cause,
                "remedy": entry.remedy,
                "look": entry.look,
                "count": finding.count,
                "spellings": finding.spellings,
                "places": finding.places.iter().map(place_to_json).collect::<Vec<_>>(),
            })
        });
        let versions = self.pair().map(|pair| {
            json!({
                "driver": self.search.versions().driver,
                "cann": self.search.versions().cann,
                "fit": pair.level == Level::Ok,
                "what": pair.what,
                "why": pair.why,
                "command": pair.command,
            })
        });
        let unread = self.read.unread.iter();
        json!({
            "root": root,
            "findings": findings.collect::<Vec<_>>(),
            "versions": versions,
            "operators": self.search.operators(),
            "first_error": self.search.first_error().map(place_to_json),
            "files": self.read.files,
            "passed_over": self.read.passed,
            "unread": unread
                .map(|(path, why)| json!({"file": path.display().to_string(), "reason": why}))
                .collect::<Vec<_>>(),
            "cut": self.read.is_cut,
            "left_out": self.search.overlooked(),
        })
    }
}

/// Where a line is: `file:7`, or `line 7` of what has no name.
fn place(place: &Place) -> String {
    match &place.file {
        Some(file) => shown(&format!("{}:{}", file.display(), place.line)),
        None => format!("line {}", place.line),
    }
}

fn place_to_json(place: &Place) -> Value {
    json!({
        "file": place.file.as_ref().map(|file| file.display().to_string()),
        "line": place.line,
        "time": place.time,
        "text": place.text,
    })
}
