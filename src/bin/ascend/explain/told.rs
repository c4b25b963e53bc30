//! What was found, told.

use std::io::{self, BufWriter, Write};

use ascend_graph::{Text, text};
use ascend_rt::doctor::{self, pair};
use ascend_rt::errors::{Entry, Finding, Place, Process, Search};

use super::sources::Read;
use crate::language::{self, say, words};
use crate::weights::{escaped, shown};

/// So many findings of a log are told.
const MOST_TOLD: usize = 20;
/// So many files that could not be read are told.
const MOST_UNREAD: usize = 5;
/// So many processes are told, and so many codes of each.
const MOST_PROCESSES: usize = 20;
const MOST_CODES: usize = 8;

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
        let processes = self.processes();
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
            let mark = self.mark(finding, &findings, &processes);
            self.tell_finding(finding, &mark, out)?;
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
        self.tell_rest(&findings, &processes, out)
    }

    /// What a finding is among the others.
    fn mark(&self, finding: &Finding, all: &[&Finding], processes: &[Process]) -> String {
        let is = |one: &&Finding| one.entry.code == finding.entry.code;
        let Some(root) = self.search.root().filter(|_| all.len() > 1) else {
            return String::new();
        };
        if is(&root) {
            return words("  <- begin here").to_owned();
        }
        if finding.is_warning {
            let is_told = finding.entry.is_warning();
            return if is_told { "" } else { words("  (a warning)") }.to_owned();
        }
        if let Some(process) = processes.iter().find(|process| is(&process.root)) {
            return say!(
                "  <- where process {number} begins",
                number = process.number
            );
        }
        // nothing follows from a code that was only asked for
        let is_asked = |place: &Place| finding.spellings.contains(&place.text);
        if finding.places.iter().all(is_asked) {
            return String::new();
        }
        let seen = processes
            .iter()
            .find(|process| process.findings.iter().any(is));
        let first = seen.map_or(root, |process| process.root);
        let order = seen.map_or(all, |process| &process.findings);
        let at = |code: &str| order.iter().position(|one| one.entry.code == code);
        if at(&first.entry.code) < at(&finding.entry.code) {
            say!("  (usually follows from {code})", code = &*first.entry.code)
        } else if finding.entry.is_sign {
            words("  (only tells that something failed)").to_owned()
        } else {
            String::new()
        }
    }

    fn tell_finding(&self, finding: &Finding, mark: &str, out: &mut impl Write) -> io::Result<()> {
        let entry = &finding.entry.clone().in_language(language::current());
        writeln!(out, "{}{mark}", escaped(&heading(entry)))?;
        let cause = entry.cause.replace("%s", "…");
        for (label, said) in [
            (words("cause: "), &*cause),
            (words("do:    "), entry.remedy),
        ] {
            writeln!(out, "  {label}{}", in_lines(said, label))?;
        }
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
    fn tell_rest(
        &self,
        findings: &[&Finding],
        processes: &[Process],
        out: &mut impl Write,
    ) -> io::Result<()> {
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
        tell_processes(processes, out)?;
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

    /// What failed in each process, where there are several.
    fn processes(&self) -> Vec<Process<'_>> {
        let processes = self.search.processes();
        Some(processes)
            .filter(|all| all.len() > 1)
            .unwrap_or_default()
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
            let unread = match self.read.unread.len() {
                0 => Text::default(),
                1 => text!(", but 1 file was not read or not whole"),
                count => text!(", but {count} files were not read or not whole", count),
            };
            return say!(
                "nothing that the book has was found{files}{unread}; codes look like 507011, E16002, EE1018 or \
                 0x07150026",
                files,
                unread
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

    pub(super) fn root_code(&self) -> Option<&str> {
        self.search.root().map(|root| &*root.entry.code)
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

/// Where each process began to fail.
fn tell_processes(processes: &[Process], out: &mut impl Write) -> io::Result<()> {
    for process in processes.iter().take(MOST_PROCESSES) {
        let code = &*process.root.entry.code;
        let name = match process.name {
            "" => String::new(),
            name => format!(" ({name})"),
        };
        let time = process.place.time.as_ref();
        let time = time.map_or(String::new(), |time| say!(" at {time}", time));
        let others = process.findings.iter().map(|finding| &finding.entry.code);
        let others: Vec<_> = others.filter(|other| **other != code).collect();
        let mut more: Vec<&str> = others.iter().map(|code| &***code).collect();
        if more.len() > MOST_CODES {
            more.truncate(MOST_CODES);
            more.push("…");
        }
        let more = match &more[..] {
            [] => String::new(),
            more => say!("; also {codes}", codes = more.join(", ")),
        };
        let told = say!(
            "process {number}{name} begins with {code}: {place}{time}{more}",
            number = process.number,
            name,
            code,
            place = place(process.place),
            time,
            more
        );
        writeln!(out, "{}", escaped(&told))?;
    }
    match processes.len().saturating_sub(MOST_PROCESSES) {
        0 => Ok(()),
        count => writeln!(
            out,
            "{}",
            say!("more processes: {count}; --json tells them", count)
        ),
    }
}

/// A text of several points, `(1) …; (2) …`, with each in a line of its own below the first.
fn in_lines(said: &str, label: &str) -> String {
    let columns = label.chars().map(|c| if c.is_ascii() { 1 } else { 2 });
    let gap = format!("\n{}", " ".repeat(2 + columns.sum::<usize>()));
    let mut told = said.to_owned();
    for number in 2..10 {
        for (end, joint) in [("; ", ";"), ("；", "；")] {
            told = told.replace(
                &format!("{end}({number}) "),
                &format!("{joint}{gap}({number}) "),
            );
        }
    }
    told
}

/// Where a line is: `file:7`, or `line 7` of what has no name.
fn place(place: &Place) -> String {
    match &place.file {
        Some(file) => shown(&format!("{}:{}", file.display(), place.line)),
        None => say!("line {number}", number = place.line),
    }
}
