//! What the tables and time lines of a profile tell together.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use ascend_graph::Text;
use ascend_rt::{Error, ErrorKind};

use super::super::content::{Call, Copies, Operator, Profile, executions, total};
use super::flaws::Flaws;
use super::{MOST_KEPT, cut, tables};
use crate::language::{say, tell};

/// What the CPU device calls what computes on it.
const CPU_DEVICE: &str = "HOST_CPU";
/// The longest name in bytes.
const MOST_NAME: usize = 4096;
/// The bytes that the number of a model or an execution has.
const MOST_NUMBER: usize = 24;
/// The most devices that are told apart.
const MOST_DEVICES: usize = 64;
/// The most bytes of all texts.
const MOST_TEXT: usize = 256 << 20;
/// The functions that execute a model.
const EXECUTING: [&str; 4] = [
    "aclmdlExecute",
    "aclmdlExecuteAsync",
    "aclmdlExecuteV2",
    "aclmdlExecuteAsyncV2",
];

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) operators: Vec<Operator>,
    /// Where each is, by name, type and core.
    places: HashMap<(String, String, String), usize>,
    calls: HashMap<(String, String), Call>,
    pub(super) copies: HashMap<String, Copies>,
    pub(super) iterations: Vec<f64>,
    pub(super) models: Vec<String>,
    /// The devices that operators ran on, as far as that is told.
    devices: Vec<String>,
    /// The executions that rows of operators are of: the device, the model's number, and that of the
    /// execution.
    executions: HashSet<(usize, String, String)>,
    /// The operators had no types, as profiles of level 0 have them.
    pub(super) untyped: u64,
    /// Entries without a time.
    untimed: u64,
    /// What is damaged.
    pub(super) flaws: Vec<Text>,
    /// How many events time lines had.
    pub(super) events: u64,
    /// The bytes of all texts.
    text: usize,
}

impl Gathered {
    /// Where the operator of this name, type and core is.
    pub(super) fn operator(&mut self, key: (String, String, String)) -> Result<usize, Error> {
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

    /// Where the device is that operators ran on: it is told by a column, or by the folder of the table.
    pub(super) fn ran_on(&mut self, told: String, path: &Path) -> Result<usize, Error> {
        let device = if told.is_empty() {
            device_of(path)
        } else {
            told
        };
        if let Some(place) = self.devices.iter().position(|known| *known == device) {
            return Ok(place);
        }
        if self.devices.len() < MOST_DEVICES {
            self.keep(&device)?;
            self.devices.push(device);
        }
        Ok(self.devices.len() - 1)
    }

    /// Notes which execution a row is of, as long as there is room for its number.
    pub(super) fn executed(&mut self, device: usize, model: String, number: String) {
        let is_short = model.len() <= MOST_NUMBER && (1..=MOST_NUMBER).contains(&number.len());
        if is_short && self.executions.len() < MOST_KEPT {
            self.executions.insert((device, model, number));
        }
    }

    /// Counts what was left out of a table or a time line.
    pub(super) fn leave_out(&mut self, flaws: &Flaws, path: &Path, is_table: bool) {
        self.untimed = self.untimed.saturating_add(flaws.untimed);
        self.flaws.extend(flaws.note(path, is_table));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.operators.is_empty() && self.calls.is_empty()
    }

    /// How many executions the operators are of. Rows that tell it count only if some operator ran no
    /// oftener, and beside calls only if most did: where models are not told apart, all executions have one
    /// number, and what runs beside the model may run once.
    fn executions(&self) -> Option<u64> {
        let calls = self.calls.values();
        let executing = calls.filter(|call| EXECUTING.contains(&&*call.name));
        let executed = total(executing.map(|call| call.count));
        let numbered = self.executions.len() as u64;
        let operators = self.operators.iter();
        let fitting = operators.filter(|operator| (1..=numbered).contains(&operator.count));
        let fitting = fitting.count();
        if fitting > 0 && (executed == 0 || 2 * fitting >= self.operators.len()) {
            return Some(numbered);
        }
        match executed {
            0 => Some(self.iterations.len() as u64).filter(|iterations| *iterations > 0),
            executed => Some(executed),
        }
    }

    /// Counts a text that is kept.
    pub(super) fn keep(&mut self, text: &str) -> Result<(), Error> {
        // Twice, for a key and a value, and what stands around it.
        self.text = self.text.saturating_add(2 * text.len() + 64);
        if self.text <= MOST_TEXT && text.len() <= MOST_NAME {
            return Ok(());
        }
        let message = "the names and shapes of the profile take too much memory: it is damaged, or of a run \
                       that is too long; run msprof on a shorter one";
        Err(Error::new(ErrorKind::Format, message))
    }

    pub(super) fn call(&mut self, level: String, name: String) -> Result<&mut Call, Error> {
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

    pub(super) fn copies(&mut self, direction: &str) -> Result<&mut Copies, Error> {
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
    pub(super) fn hand_over(self, profile: &mut Profile) {
        let notes = self.notes();
        profile.executions = self.executions();
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
        profile.notes.extend(notes);
        let is_host = |operator: &Operator| operator.core == CPU_DEVICE;
        profile.is_cpu_device = !operators.is_empty() && operators.iter().all(is_host);
        profile.operators = operators;
        profile.calls = calls;
        profile.copies = copies;
        profile.iterations = self.iterations;
    }

    fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self.flaws.iter().map(tell).collect();
        match self.untimed {
            0 => {}
            1 => notes.push(say!(
                "1 row tells no time and was left out, as of an operator that the profiler lost"
            )),
            count => notes.push(say!(
                "{count} rows tell no time and were left out, as of operators that the profiler lost",
                count
            )),
        }
        if self.untyped > 0 {
            notes.push(say!(
                "{executions} of operators have no type, as msprof --task-time=l0 leaves it out: record with \
                 --task-time=l1 for types, shapes and precision",
                executions = executions(self.untyped)
            ));
        }
        // rows of other tables, or of what runs on none, tell no device
        let devices = self.devices.iter().filter(|device| !device.is_empty());
        let devices: Vec<String> = devices.map(|device| cut(device)).collect();
        if devices.len() > 1 {
            notes.push(say!(
                "operators ran on {count} devices ({devices}), and their times are added up",
                count = devices.len(),
                devices = devices.join(", ")
            ));
        }
        if let [model] = &self.models[..] {
            notes.push(say!("model {model}", model));
        }
        notes
    }
}

/// The number in a folder `device_N`, in which older versions have the tables of each device.
fn device_of(path: &Path) -> String {
    let mut above = path
        .ancestors()
        .filter_map(|place| place.file_name()?.to_str());
    let found = above.find_map(|name| name.strip_prefix("device_"));
    found.unwrap_or_default().to_owned()
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
