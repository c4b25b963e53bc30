//! What failed in each process, where logs tell which one it was.

use super::entry::Entry;
use super::finding::{Finding, Place};

/// More processes than anyone reads.
const MOST: usize = 64;
/// So many codes of a process are kept.
const MOST_SEEN: usize = 64;

/// What was found of a process, warnings aside.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Process<'s> {
    /// Its number, as the system counts processes.
    pub number: u32,
    /// Its name, or nothing where no line tells it.
    pub name: &'s str,
    /// The finding to begin with, by the rules of [`Search::root`](super::Search::root).
    pub root: &'s Finding,
    /// Where it has that first.
    pub place: &'s Place,
    /// All of its findings, in the order in which it first has them.
    pub findings: Vec<&'s Finding>,
}

/// A finding by its place among all, and where a process has it first.
#[derive(Clone, Debug)]
struct Seen {
    finding: usize,
    place: Place,
    since: u64,
}

#[derive(Clone, Debug)]
struct Known {
    number: u32,
    name: String,
    seen: Vec<Seen>,
}

/// The processes of all logs.
#[derive(Clone, Debug, Default)]
pub(super) struct Processes(Vec<Known>);

impl Processes {
    /// Takes note of a finding in a line of a process.
    pub(super) fn note(
        &mut self,
        (number, name): (u32, &str),
        finding: usize,
        place: &Place,
        since: u64,
    ) {
        let known = self.0.iter().position(|known| known.number == number);
        let at = known.unwrap_or(self.0.len());
        if at == MOST {
            return;
        }
        if known.is_none() {
            self.0.push(Known {
                number,
                name: String::new(),
                seen: Vec::new(),
            });
        }
        let process = &mut self.0[at];
        if process.name.is_empty() {
            name.clone_into(&mut process.name);
        }
        let new = Seen {
            finding,
            place: place.clone(),
            since,
        };
        match process.seen.iter().position(|seen| seen.finding == finding) {
            Some(at) if place.is_before(&process.seen[at].place) => process.seen[at] = new,
            None if process.seen.len() < MOST_SEEN => process.seen.push(new),
            _ => {}
        }
    }

    /// The processes in the order in which they began to fail.
    pub(super) fn all<'s>(&'s self, findings: &'s [Finding]) -> Vec<Process<'s>> {
        let order = |place: &Place, since: u64| (place.time.is_none(), place.time.clone(), since);
        let mut all: Vec<_> = self
            .0
            .iter()
            .filter_map(|known| {
                let mut seen: Vec<&Seen> = known.seen.iter().collect();
                seen.sort_by_cached_key(|seen| order(&seen.place, seen.since));
                let found: Vec<&Finding> =
                    seen.iter().map(|seen| &findings[seen.finding]).collect();
                let at = first_cause(found.iter().map(|finding| &finding.entry))?;
                let process = Process {
                    number: known.number,
                    name: &known.name,
                    root: found[at],
                    place: &seen[at].place,
                    findings: found,
                };
                Some((order(&seen[at].place, seen[at].since), process))
            })
            .collect();
        all.sort_by(|(one, _), (next, _)| one.cmp(next));
        all.into_iter().map(|(_, process)| process).collect()
    }
}

/// Which of some codes, in the order in which they appeared, is to be begun with: the first that tells a
/// cause and is known, or else the first that may tell one, or the first of all.
pub(super) fn first_cause<'e>(entries: impl Iterator<Item = &'e Entry>) -> Option<usize> {
    let entries: Vec<&Entry> = entries.collect();
    let mut causes = entries.iter();
    let known = causes.position(|entry| !entry.is_sign && entry.is_known);
    let cause = || entries.iter().position(|entry| !entry.is_sign);
    known.or_else(cause).or((!entries.is_empty()).then_some(0))
}
