//! What `msprof` left: tables and time lines, of all versions that are known.
//!
//! Columns are found by the names that they have had, so that neither their order nor a new one
//! matters. Files are read entry by entry; what is kept grows with the number of operators, not with
//! that of executions, and has a limit.

mod folder;
mod table;
mod tables;
mod timeline;

use std::collections::HashMap;
use std::path::Path;

use ascend_rt::{Error, ErrorKind};

use self::folder::{Files, Kind};
use super::content::{Call, Copies, Operator, Profile, total};

/// The most operators, functions and iterations that are kept.
pub(super) const MOST_KEPT: usize = 200_000;
/// What the CPU device calls what computes on it.
const CPU_DEVICE: &str = "HOST_CPU";
/// The longest name in bytes.
const MOST_NAME: usize = 4096;
/// The most bytes of all texts.
const MOST_TEXT: usize = 256 << 20;
/// A time line beyond this size is left out where tables tell the same, in bytes.
const LONG_TIMELINE: u64 = 512 << 20;

/// Reads the profile in `folder`.
pub(super) fn read_folder(folder: &Path) -> Result<Profile, Error> {
    read(&Files::find(folder)?)
}

/// Reads one file of a profile; nothing, if it is not called like one.
pub(super) fn read_file(path: &Path) -> Result<Option<Profile>, Error> {
    let kind = folder::kind_of(path);
    kind.map(|kind| read(&Files::one(path, kind))).transpose()
}

fn read(files: &Files) -> Result<Profile, Error> {
    let mut profile = Profile::new(files.place.display().to_string());
    if files.others > 0 {
        profile.notes.push(format!(
            "there are {} other profiles beside this one, which is the newest: give the folder of another \
             to read it",
            files.others
        ));
    }
    let mut gathered = Gathered::default();
    for path in files.of(Kind::Summary) {
        tables::summary(path, &mut gathered)?;
    }
    let has_operators = |gathered: &Gathered| !gathered.operators.is_empty();
    if !has_operators(&gathered) {
        for path in files.of(Kind::Statistic) {
            tables::statistic(path, &mut gathered)?;
        }
    }
    let names_known = has_operators(&gathered);
    for path in files.of(Kind::Tasks) {
        tables::tasks(path, &mut gathered, !names_known)?;
    }
    let names_known = has_operators(&gathered);
    for path in files.of(Kind::Timeline) {
        let bytes = path.metadata().map_or(0, |metadata| metadata.len());
        if names_known && bytes > LONG_TIMELINE {
            let path = path.display();
            profile.notes.push(format!(
                "{path} is long and was not read for its copies: give it by itself for that"
            ));
            continue;
        }
        timeline::read(path, &mut gathered, !names_known)?;
    }
    for path in files.of(Kind::Calls) {
        tables::calls(path, &mut gathered)?;
    }
    for path in files.of(Kind::Steps) {
        tables::steps(path, &mut gathered)?;
    }
    let paths = files.by_kind.values().flatten();
    profile.files = paths.map(|path| path.display().to_string()).collect();
    gathered.hand_over(&mut profile);
    if profile.operators.is_empty() && profile.calls.is_empty() {
        let message = format!(
            "{} tells of no operator: nothing ran while it was recorded, or only the host was; run \
             msprof --output=DIR --task-time=l1 PROGRAM again",
            files.place.display()
        );
        return Err(Error::new(ErrorKind::Format, message));
    }
    Ok(profile)
}

/// What was read so far.
#[derive(Debug, Default)]
struct Gathered {
    operators: Vec<Operator>,
    /// Where each is, by name, type and core.
    places: HashMap<(String, String, String), usize>,
    calls: HashMap<(String, String), Call>,
    copies: HashMap<String, Copies>,
    iterations: Vec<f64>,
    models: Vec<String>,
    skipped: u64,
    /// The operators had no types, as profiles of level 0 have them.
    untyped: u64,
    /// The bytes of all texts.
    text: usize,
}

impl Gathered {
    /// Where the operator of this name, type and core is.
    fn operator(&mut self, key: (String, String, String)) -> Result<usize, Error> {
        if let Some(place) = self.places.get(&key) {
            return Ok(*place);
        }
        check_room(self.operators.len(), &key.0)?;
        for text in [&key.0, &key.1, &key.2] {
            self.keep(text)?;
        }
        let (name, op_type, core) = key.clone();
        self.operators.push(Operator {
            name,
            op_type,
            core,
            ..Operator::default()
        });
        self.places.insert(key, self.operators.len() - 1);
        Ok(self.operators.len() - 1)
    }

    /// Counts a text that is kept.
    fn keep(&mut self, text: &str) -> Result<(), Error> {
        // Twice, for a key and a value, and what stands around it.
        self.text = self.text.saturating_add(2 * text.len() + 64);
        if self.text <= MOST_TEXT && text.len() <= MOST_NAME {
            return Ok(());
        }
        let message = "the names and shapes of the profile take too much memory: it is damaged, or of a run \
                       that is too long; run msprof on a shorter one";
        Err(Error::new(ErrorKind::Format, message))
    }

    fn call(&mut self, level: String, name: String) -> Result<&mut Call, Error> {
        let key = (level, name);
        if !self.calls.contains_key(&key) {
            check_room(self.calls.len(), &key.1)?;
            self.keep(&key.0)?;
            self.keep(&key.1)?;
        }
        let new = |(level, name): &(String, String)| Call {
            name: name.clone(),
            level: level.clone(),
            ..Call::default()
        };
        Ok(self.calls.entry(key).or_insert_with_key(new))
    }

    fn copies(&mut self, direction: &str) -> Result<&mut Copies, Error> {
        if !self.copies.contains_key(direction) {
            check_room(self.copies.len(), direction)?;
            self.keep(direction)?;
        }
        let copies = Copies {
            direction: direction.to_owned(),
            ..Copies::default()
        };
        Ok(self.copies.entry(direction.to_owned()).or_insert(copies))
    }

    /// Makes a profile of it, in an order that does not depend on chance.
    fn hand_over(self, profile: &mut Profile) {
        let mut operators = self.operators;
        operators
            .sort_by(|a, b| (&a.name, &a.op_type, &a.core).cmp(&(&b.name, &b.op_type, &b.core)));
        let mut calls: Vec<_> = self.calls.into_values().collect();
        calls.sort_by(|a, b| {
            b.total
                .total_cmp(&a.total)
                .then_with(|| a.name.cmp(&b.name))
        });
        let mut copies: Vec<_> = self.copies.into_values().collect();
        // Time lines tell directions, and the tables of tasks tell the same copies without.
        if copies
            .iter()
            .any(|copies| copies.direction.contains(" to "))
        {
            copies.retain(|copies| !tables::is_copy(&copies.direction));
        }
        copies.sort_by(|a, b| a.direction.cmp(&b.direction));
        if self.skipped > 0 {
            profile.notes.push(format!(
                "{} rows tell no time and were left out, as of an operator that the profiler lost",
                self.skipped
            ));
        }
        if self.untyped > 0 {
            profile.notes.push(format!(
                "{} executions have no type of operator, as msprof --task-time=l0 leaves it out: record with \
                 --task-time=l1 for types, shapes and precision",
                self.untyped
            ));
        }
        let executed = calls.iter().filter(|call| {
            matches!(
                call.name.as_str(),
                "aclmdlExecute" | "aclmdlExecuteAsync" | "aclmdlExecuteV2" | "aclmdlExecuteAsyncV2"
            )
        });
        let executed = total(executed.map(|call| call.count));
        profile.executions = Some(executed).filter(|executed| *executed > 0);
        if profile.executions.is_none() && !self.iterations.is_empty() {
            profile.executions = u64::try_from(self.iterations.len()).ok();
        }
        let is_host = |operator: &Operator| operator.core == CPU_DEVICE;
        profile.is_cpu_device = !operators.is_empty() && operators.iter().all(is_host);
        profile.operators = operators;
        profile.calls = calls;
        profile.copies = copies;
        profile.iterations = self.iterations;
        if let [model] = &self.models[..] {
            profile.notes.push(format!("model {model}"));
        }
    }
}

fn check_room(kept: usize, name: &str) -> Result<(), Error> {
    let message = if kept >= MOST_KEPT {
        format!(
            "the profile tells of more than {MOST_KEPT} different operators: run msprof on a shorter part"
        )
    } else if name.len() > MOST_NAME {
        format!(
            "the profile has a name of {} bytes: it is damaged, copy it anew",
            name.len()
        )
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Format, message))
}
