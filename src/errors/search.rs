//! Whole logs, read for what the book has.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, BufRead};
use std::path::Path;

use super::entry::Entry;
use super::find::{Found, Source, in_line};
use super::finding::{Finding, Place};
use super::lines;
use super::operators::Operators;
use super::plog::{self, Level};
use super::processes::{Process, Processes, first_cause};
use super::versions::Versions;

/// More findings than anyone reads.
const MOST_FINDINGS: usize = 1000;
/// So many places of a finding are kept.
const MOST_PLACES: usize = 3;
/// So many spellings of a code are kept.
const MOST_SPELLINGS: usize = 4;
/// So many letters of a line are kept.
const MOST_SAID: usize = 400;

/// A search for codes and known failures through texts and logs, in memory that does not grow with them.
///
/// ```
/// use ascend_rt::errors::Search;
///
/// let log = "[ERROR] RUNTIME(7,a):2025-01-10-17:53:52.846.403 [a.cc:1]7 f:retCode=0x7150026\n\
///            aclmdlExecute failed, error code is 507011\n";
/// let mut search = Search::default();
/// search.read(None, log.as_bytes()).unwrap();
/// assert_eq!(search.findings().len(), 2);
/// assert_eq!(search.root().unwrap().entry.code, "507015");
/// ```
#[derive(Debug, Default)]
pub struct Search {
    findings: Vec<Finding>,
    by_code: HashMap<Cow<'static, str>, usize>,
    operators: Operators,
    processes: Processes,
    first_error: Option<Place>,
    overlooked: u64,
    lines: u64,
    versions: Versions,
}

impl Search {
    /// Searches a text that a person gave for what is in it: a number in few words is taken for a code.
    pub fn take(&mut self, text: &str) {
        for (line, number) in text.lines().zip(1..) {
            self.take_line(line, Source::Pasted, None, None, number);
        }
    }

    /// Searches a log by lines: UTF-8, UTF-16 with its mark, or GBK, of which only the characters that stand
    /// beside numbers are known; what is none of these is replaced. Of lines over 64 KiB each such piece is
    /// taken as a line.
    ///
    /// # Errors
    ///
    /// The reader's.
    pub fn read(&mut self, file: Option<&Path>, reader: impl BufRead) -> io::Result<()> {
        let process = file.and_then(plog::process_of_file);
        lines::each(reader, |line, number| {
            self.take_line(line, Source::Log, file, process, number);
        })
    }

    fn take_line(
        &mut self,
        line: &str,
        source: Source,
        file: Option<&Path>,
        process: Option<u32>,
        number: u64,
    ) {
        self.lines += 1;
        let (level, text) = plog::split(line);
        self.versions.take(text);
        if level == Level::Quiet {
            return;
        }
        let source = match source {
            Source::Log if plog::is_of_driver(line) => Source::Driver,
            Source::Log if plog::is_of_cann(line) => Source::Cann,
            source => source,
        };
        let found = in_line(text, source);
        let is_error = level == Level::Error;
        // a trace names it in a line of its own
        let names_fault = text.contains("fault kernel_name=") || text.contains("fault op_name=");
        if found.is_empty() && !is_error && !names_fault {
            return;
        }
        let place = Place {
            file: file.map(Path::to_owned),
            line: number,
            time: plog::time(line),
            text: line.chars().take(MOST_SAID).collect(),
        };
        self.operators.take(text);
        self.operators.take_assigned(text);
        if is_error {
            let first = self.first_error.get_or_insert_with(|| place.clone());
            if place.is_before(first) {
                *first = place.clone();
            }
        }
        let since = self.lines;
        let process = plog::process(line).or(process.map(|number| (number, "")));
        for Found { entry, range } in found {
            let is_warning = level == Level::Warning || entry.is_warning();
            let Some(index) = self.finding(entry, is_warning) else {
                continue;
            };
            if let Some(process) = process.filter(|_| !is_warning) {
                self.processes.note(process, index, &place, since);
            }
            let finding = &mut self.findings[index];
            finding.count += 1;
            if finding.is_warning && !is_warning {
                // what only warned does not tell when it failed
                finding.places.clear();
                finding.since = since;
            }
            finding.is_warning &= is_warning;
            let spelling = &text[range];
            let spellings = &mut finding.spellings;
            if spellings.len() < MOST_SPELLINGS && !spellings.iter().any(|known| known == spelling)
            {
                spellings.push(spelling.to_owned());
            }
            if is_warning && !finding.is_warning {
                continue;
            }
            let places = &mut finding.places;
            let is_first = |first: &Place| {
                place.is_before(first) || first.time.is_none() && place.time.is_some()
            };
            if places.first().is_some_and(is_first) {
                places.insert(0, place.clone());
                places.truncate(MOST_PLACES);
            } else if places.len() < MOST_PLACES && places.last() != Some(&place) {
                places.push(place.clone());
            }
        }
    }

    /// Which finding an entry's is, if there is room for it.
    fn finding(&mut self, entry: Entry, is_warning: bool) -> Option<usize> {
        if let Some(index) = self.by_code.get(&entry.code) {
            return Some(*index);
        }
        if self.findings.len() == MOST_FINDINGS {
            self.overlooked += 1;
            return None;
        }
        self.by_code.insert(entry.code.clone(), self.findings.len());
        self.findings.push(Finding {
            entry,
            spellings: Vec::new(),
            count: 0,
            places: Vec::new(),
            is_warning,
            since: self.lines,
        });
        Some(self.findings.len() - 1)
    }

    /// What was found, each once, in the order of first appearance: as it was read, but what tells a time by
    /// that, so that logs of several processes fall into place.
    #[must_use]
    pub fn findings(&self) -> Vec<&Finding> {
        let time = |finding: &&Finding| finding.places.first()?.time.clone();
        let mut findings: Vec<&Finding> = self.findings.iter().collect();
        findings.sort_by_key(|finding| finding.since);
        let timed = findings.iter().copied();
        let mut timed: Vec<&Finding> = timed.filter(|one| time(one).is_some()).collect();
        timed.sort_by_key(time);
        let mut timed = timed.into_iter();
        let in_place = |finding| match time(&finding) {
            Some(_) => timed.next().unwrap_or(finding),
            None => finding,
        };
        findings.into_iter().map(in_place).collect()
    }

    /// The finding to begin with: the first that tells a cause and is known, or else the first that may tell
    /// one. What comes later, and what only says that something failed, usually follows from it.
    #[must_use]
    pub fn root(&self) -> Option<&Finding> {
        let findings = self.findings();
        let failures = findings.iter().filter(|finding| !finding.is_warning);
        let failures: Vec<&Finding> = failures.copied().collect();
        let cause = first_cause(failures.iter().map(|finding| &finding.entry));
        cause.map(|at| failures[at]).or(findings.first().copied())
    }

    /// What failed in each process, those that began to fail first before the others, at most 64.
    #[must_use]
    pub fn processes(&self) -> Vec<Process<'_>> {
        self.processes.all(&self.findings)
    }

    /// The earliest line that CANN marked as an error.
    #[must_use]
    pub fn first_error(&self) -> Option<&Place> {
        self.first_error.as_ref()
    }

    /// The operators that lines with errors name, at most 32.
    #[must_use]
    pub fn operators(&self) -> Vec<String> {
        let operators = self.operators.items().iter();
        operators.map(ToString::to_string).collect()
    }

    /// The versions of driver and CANN that lines tell, the first of each.
    #[must_use]
    pub fn versions(&self) -> &Versions {
        &self.versions
    }

    /// How often codes were left out, as there were more than a thousand different ones.
    #[must_use]
    pub fn overlooked(&self) -> u64 {
        self.overlooked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searched(log: &[u8]) -> Search {
        let mut search = Search::default();
        search.read(Some(Path::new("log")), log).unwrap();
        search
    }

    fn codes(search: &Search) -> Vec<&str> {
        let findings = search.findings().into_iter();
        findings.map(|finding| &*finding.entry.code).collect()
    }

    #[test]
    fn time_orders_what_files_mix() {
        let late = "[ERROR] GE(1,a):2025-01-10-17:53:53.000.000 [a.cc:1]1 F:ret=545001\n";
        let early = "[ERROR] RUNTIME(1,a):2025-01-10-17:53:52.000.000 [a.cc:1]1 F:retCode=0x7150026, kernel_name=te_conv, x\n";
        let mut search = searched(late.as_bytes());
        search
            .read(Some(Path::new("second")), early.as_bytes())
            .unwrap();
        assert_eq!(codes(&search), ["507015", "545001"]);
        let root = search.root().unwrap();
        assert_eq!(
            (&*root.entry.code, &root.spellings[..]),
            ("507015", &["0x7150026".to_owned()][..])
        );
        assert_eq!(
            search.first_error().unwrap().file.as_deref(),
            Some(Path::new("second"))
        );
        assert_eq!(search.operators(), ["te_conv"]);
        // what tells no time stays where it was read
        search
            .read(None, "aclInit failed, error code is 507008".as_bytes())
            .unwrap();
        assert_eq!(codes(&search), ["507015", "545001", "507008"]);
    }

    #[test]
    fn a_warning_does_not_tell_when_it_failed() {
        let line = |level: &str, second: u32, said: &str| {
            format!("[{level}] A(1,a):2025-01-10-17:53:{second}.000.000 [a.cc:1]1 F:{said}\n")
        };
        let warning = line("WARNING", 50, "ret=107002");
        let fault = line("ERROR", 52, "retCode=0x7150026");
        let failure = line("ERROR", 53, "ret=107002");
        for log in [
            [&*warning, &*fault, &*failure].concat(),
            [&*failure, &*fault, &*warning].concat(),
        ] {
            let search = searched(log.as_bytes());
            assert_eq!(codes(&search), ["507015", "107002"], "{log}");
            assert_eq!(search.root().unwrap().entry.code, "507015");
            let finding = search.findings()[1];
            assert_eq!((finding.count, finding.places.len()), (2, 1));
            assert_eq!(finding.places[0].text, failure.trim_end());
        }
    }

    #[test]
    fn a_code_that_only_warned_before_is_told_where_it_failed() {
        let log = "[WARNING] A(1,a): ret=107002\n\
                   [ERROR] A(1,a): retCode=0x7150026\n\
                   [ERROR] A(1,a): ret=107002\n";
        let search = searched(log.as_bytes());
        assert_eq!(codes(&search), ["507015", "107002"]);
        assert_eq!(search.root().unwrap().entry.code, "507015");
    }

    #[test]
    fn the_order_of_files_does_not_matter_where_one_tells_times() {
        let screen = "call failed, ret=145013\n";
        let plog = "[ERROR] A(1,a):2025-01-10-17:53:52.000.000 [a.cc:1]1 F:retCode=0x7150026\n\
                    [ERROR] A(1,a):2025-01-10-17:53:53.000.000 [a.cc:1]1 F:ret=145013\n";
        for files in [[screen, plog], [plog, screen]] {
            let search = searched(files.concat().as_bytes());
            assert_eq!(codes(&search), ["507015", "145013"], "{files:?}");
            assert_eq!(search.root().unwrap().entry.code, "507015");
            let finding = search.findings()[1];
            let times = finding.places.iter().map(|place| place.time.is_some());
            assert_eq!(times.collect::<Vec<_>>(), [true, false]);
        }
    }

    #[test]
    fn each_is_one_with_its_number_and_its_first_places() {
        let log = "error code is 507011\nx\nerror code is 507011, ret=507011\n".repeat(4);
        let search = searched(log.as_bytes());
        let finding = search.findings()[0];
        assert_eq!(finding.count, 12);
        let lines: Vec<u64> = finding.places.iter().map(|place| place.line).collect();
        assert_eq!(lines, [1, 3, 4]);
    }

    #[test]
    fn the_root_is_the_first_that_tells_a_cause() {
        for (log, root) in [
            (
                "E19999: Inner Error!\nE20001: Op [a] failed\nE40021: x\n",
                "E20001",
            ),
            ("E19999: Inner Error!\nEZ9999: x\n", "E19999"),
            ("W11001: Op [a] is slow\nE19999: Inner Error!\n", "E19999"),
            ("W11001: Op [a] is slow\n", "W11001"),
            ("ErrCode=199999\nret=507033\n", "507033"),
            ("ErrCode=199999\nret=507011\n", "199999"),
            ("ERR00100 PTA call acl api failed\nret=507033\n", "507033"),
            (
                "[WARNING] GE(1,a):t [b:1]1 F:ret=107001\n[ERROR] GE(1,a):t [b:1]1 F:ret=507033\n",
                "507033",
            ),
        ] {
            assert_eq!(
                searched(log.as_bytes()).root().unwrap().entry.code,
                root,
                "{log}"
            );
        }
        assert!(searched(b"all is well\n").root().is_none());
    }

    #[test]
    fn quiet_lines_say_nothing() {
        let log = "[INFO] GE(1,a):2025-01-10-17:53:53.000.000 [a.cc:1]1 F:ret=545001 E10001: x\n";
        assert!(searched(log.as_bytes()).findings().is_empty());
    }

    #[test]
    fn long_broken_and_foreign_lines_are_read_in_bounds() {
        let mut log = vec![0; 200_000];
        log.extend_from_slice("\u{feff}错误码：507018\r\n".as_bytes());
        log.extend_from_slice(b"\xff\xfe ret=107001 \xc3");
        log.extend(vec![b'x'; 300_000]);
        log.extend_from_slice(b" E16002: y");
        let search = searched(&log);
        assert_eq!(codes(&search), ["507018", "107001", "E16002"]);
        let finding = search.findings()[2];
        assert_eq!(finding.places[0].line, 2);
        assert!(finding.places[0].text.chars().count() <= MOST_SAID);
    }

    #[test]
    fn there_is_an_end_of_findings() {
        let lines: Vec<String> = (0..3000).map(|n| format!("E2{n:04}: x")).collect();
        let search = searched(lines.join("\n").as_bytes());
        assert_eq!(search.findings().len(), MOST_FINDINGS);
        assert!(search.overlooked() > 1900);
    }
}
