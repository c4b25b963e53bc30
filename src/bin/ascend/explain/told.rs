//! What was found, told.

use std::io::{self, BufWriter, Write};

use ascend_graph::{Text, text};
use ascend_rt::doctor::{self, Level, pair};
use ascend_rt::errors::{Entry, Finding, Place, Search};
use serde_json::{Value, json};

use super::sources::Read;
use crate::language::{self, say, words};
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
            writeln!(
                out,
                "{gap}{}{}",
                words("versions: "),
                language::tell(&pair.what)
            )?;
            writeln!(out, "  {}{}", words("why:   "), language::tell(&pair.why))?;
            if let Some(command) = &pair.command {
                writeln!(out, "  {}{command}", words("do:    "))?;
            }
            let look = say!("`ascend doctor` where it runs, which reads both from their files");
            writeln!(out, "  {}{look}", words("look:  "))?;
            if findings.is_empty() {
                return Ok(());
            }
        }
        if findings.len() > told.len() {
            let more = findings.len() - told.len();
            writeln!(out, "\n{}", say!("{more} more; --all tells them", more))?;
        }
        self.tell_rest(&findings, out)
    }

    fn tell_finding(
        &self,
        finding: &Finding,
        is_root: bool,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let entry = &finding.entry.clone().in_language(language::current());
        let mark = match (is_root, finding.is_warning && !entry.is_warning()) {
            (true, _) => words("  <- begin here"),
            (false, true) => words("  (a warning)"),
            _ => "",
        };
        writeln!(out, "{}{mark}", escaped(&heading(entry)))?;
        writeln!(
            out,
            "  {}{}",
            words("cause: "),
            entry.cause.replace("%s", "…")
        )?;
        writeln!(out, "  {}{}", words("do:    "), entry.remedy)?;
        writeln!(out, "  {}{}", words("look:  "), entry.look)?;
        if self.is_code {
            return Ok(());
        }
        let Some(first) = finding.places.first() else {
            return Ok(());
        };
        let more = match finding.count {
            0..2 => String::new(),
            2 => say!(", and once more"),
            count => say!(", and {count} times more", count = count - 1),
        };
        let also: Vec<&str> = finding.spellings.iter().map(String::as_str).collect();
        let also = match also[..] {
            [] => String::new(),
            [one] if one == entry.code => String::new(),
            _ => say!(", as {spellings}", spellings = shown(&also.join(", "))),
        };
        let time = first
            .time
            .as_ref()
            .map_or(String::new(), |time| say!(" at {time}", time));
        writeln!(
            out,
            "  {}{}{time}{more}{also}",
            words("at:    "),
            place(first)
        )?;
        writeln!(out, "  {}{}", words("says:  "), escaped(&first.text))
    }

    /// What there is to say of the whole.
    fn tell_rest(&self, findings: &[&Finding], out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}", self.summary(findings))?;
        let operators = self.search.operators();
        if !operators.is_empty() {
            let names = escaped(&operators.join(", "));
            writeln!(out, "{}", say!("operators named: {names}", names))?;
        }
        let at_root = self.search.root().and_then(|root| root.places.first());
        let first = self.search.first_error();
        if let Some(first) = first.filter(|first| Some(*first) != at_root) {
            let (place, text) = (place(first), escaped(&first.text));
            writeln!(out, "{}", say!("first ERROR: {place}: {text}", place, text))?;
        }
        for (path, why) in self.read.unread.iter().take(MOST_UNREAD) {
            let file = shown(&path.display().to_string());
            writeln!(out, "{}", say!("not read: {file}: {why}", file, why))?;
        }
        match self.read.unread.len().saturating_sub(MOST_UNREAD) {
            0 => {}
            count => writeln!(out, "{}", say!("{count} more could not be read", count))?,
        }
        match self.read.passed {
            0 => {}
            count => {
                let told = say!("{count} passed over, as they are links or no texts", count);
                writeln!(out, "{told}")?;
            }
        }
        if self.read.is_cut {
            let told =
                say!("a folder holds more files or levels than were followed; give a part of it");
            writeln!(out, "{told}")?;
        }
        match self.search.overlooked() {
            0 => Ok(()),
            count => {
                let told = say!(
                    "{count} codes more were left out, as there are too many kinds",
                    count
                );
                writeln!(out, "{told}")
            }
        }
    }

    /// What is to be said of the versions of driver and CANN, where both are told.
    pub(super) fn pair(&self) -> Option<doctor::Finding> {
        let versions = self.search.versions();
        pair(versions.driver.as_deref()?, versions.cann.as_deref()?)
    }

    /// How much was found, and where to begin.
    fn summary(&self, findings: &[&Finding]) -> String {
        let files = match self.read.files {
            0 => Text::default(),
            1 => text!(" in 1 file"),
            count => text!(" in {count} files", count),
        };
        if findings.is_empty() {
            return say!(
                "nothing that the book has was found{files}; codes look like 507011, E16002, EE1018 or \
                 0x07150026",
                files
            );
        }
        let known = findings.iter().filter(|finding| finding.entry.is_known);
        let unknown = match findings.len() - known.count() {
            0 => Text::default(),
            count => text!(", {count} of them unknown", count),
        };
        let begin = match self.root_code() {
            Some(code) if findings.len() > 1 => text!("; begin with {code}", code),
            _ => Text::default(),
        };
        let count = findings.len();
        let told = say!(
            "{count} found{files}{unknown}{begin}",
            count,
            files,
            unknown,
            begin
        );
        format!("\n{told}")
    }

    fn root_code(&self) -> Option<&str> {
        self.search.root().map(|root| &*root.entry.code)
    }

    fn to_json(&self) -> Value {
        let root = self.root_code();
        let findings = self.search.findings().into_iter();
        let findings = findings.map(|finding| {
            let entry = finding.entry.clone().in_language(language::current());
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
                "what": language::tell(&pair.what),
                "why": language::tell(&pair.why),
                "command": pair.command,
            })
        });
        let unread = self.read.unread.iter();
        json!({
            "language": language::current().code(),
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

/// The code and what it says.
fn heading(entry: &Entry) -> String {
    let mut code = entry.code.to_string();
    if let Some(name) = entry.name {
        code.push(' ');
        code.push_str(name);
    }
    let meaning = entry.meaning.replace("%s", "…");
    if entry.is_known {
        say!("{code}: {meaning}", code, meaning)
    } else {
        say!("{code}: unknown; its range is {meaning}", code, meaning)
    }
}

/// Where a line is: `file:7`, or `line 7` of what has no name.
fn place(place: &Place) -> String {
    match &place.file {
        Some(file) => shown(&format!("{}:{}", file.display(), place.line)),
        None => say!("line {number}", number = place.line),
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
