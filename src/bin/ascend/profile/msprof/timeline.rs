//! `msprof_*.json`: trace events, read one by one.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::rc::Rc;

use ascend_rt::{Error, ErrorKind};
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::Gathered;
use super::flaws::Flaws;
use super::table::{Bounded, cannot_read, whole};
use super::tables::{computes, is_copy};
use super::utf8::Utf8;

/// The longest event in bytes, and what is read ahead.
const MOST_EVENT: usize = 4 << 20;
/// The processes that are kept, and the bytes that the number of one has.
const MOST_PROCESSES: usize = 10_000;
const MOST_NUMBER: usize = 64;
/// What the process of the device's tasks is called, and was.
const HARDWARE: [&str; 3] = ["Ascend Hardware", "Task Scheduler", "NPU"];

/// Reads copies, and operators where no table told of them.
pub(super) fn read(path: &Path, into: &mut Gathered, is_needed: bool) -> Result<(), Error> {
    let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
    let budget = Rc::new(Cell::new(MOST_EVENT));
    let reader = BufReader::new(Utf8::new(Bounded::new(file, Rc::clone(&budget))));
    let mut events = Events {
        into,
        budget,
        is_needed,
        processes: HashMap::new(),
        number: 0,
        flaws: Flaws::default(),
        refused: None,
    };
    let mut json = serde_json::Deserializer::from_reader(reader);
    let read = (&mut events)
        .deserialize(&mut json)
        .and_then(|()| json.end());
    if let Some(error) = events.refused.take() {
        return Err(error);
    }
    read.map_err(|error| {
        if error.is_io() && error.io_error_kind() != Some(std::io::ErrorKind::InvalidData) {
            return cannot_read(path, &error.into());
        }
        let message = format!(
            "{} is no whole time line of msprof: {error}; export it again (msprof --export=on --output=PROF_…)",
            path.display()
        );
        Error::new(ErrorKind::Format, message)
    })?;
    let Events {
        into,
        flaws,
        number,
        ..
    } = events;
    into.leave_out(&flaws, path, false);
    into.events = into.events.saturating_add(number);
    Ok(())
}

struct Events<'a> {
    into: &'a mut Gathered,
    budget: Rc<Cell<usize>>,
    is_needed: bool,
    /// Whether each holds the device's tasks, by its number.
    processes: HashMap<String, bool>,
    /// The number of the event, from 1.
    number: u64,
    flaws: Flaws,
    /// An error of our own, which is told instead of the parser's.
    refused: Option<Error>,
}

impl<'de> DeserializeSeed<'de> for &mut Events<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Events<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of trace events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut events: A) -> Result<(), A::Error> {
        loop {
            self.budget.set(MOST_EVENT);
            let Some(event) = events.next_element::<Value>()? else {
                return Ok(());
            };
            if let Err(error) = self.event(&event) {
                self.refused = Some(error);
                return Err(A::Error::custom("refused"));
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "traceEvents" {
                map.next_value_seed(&mut *self)?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl Events<'_> {
    fn event(&mut self, event: &Value) -> Result<(), Error> {
        self.number += 1;
        let text = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default();
        let process = event
            .get("pid")
            .map(ToString::to_string)
            .unwrap_or_default();
        let args = event.get("args");
        match text("ph") {
            "M" if text("name") == "process_name" && self.processes.len() < MOST_PROCESSES => {
                let name = args
                    .and_then(|args| args.get("name"))
                    .and_then(Value::as_str);
                let name = name.unwrap_or_default();
                let is_hardware = HARDWARE.iter().any(|known| name.contains(known));
                if process.len() <= MOST_NUMBER {
                    self.processes.insert(process, is_hardware);
                }
                return Ok(());
            }
            "X" => {}
            _ => return Ok(()),
        }
        let Some(time) = event.get("dur").and_then(number) else {
            return Ok(());
        };
        let argument = |key: &str| args.and_then(|args| args.get(key));
        let kind = argument("Task Type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let (name, operation) = (text("name"), argument("operation").and_then(Value::as_str));
        if let Some(direction) = operation {
            let Some(time) = self.flaws.possible(Some(time), self.number) else {
                return Ok(());
            };
            let bytes = argument("size(B)").and_then(number).and_then(whole);
            let copies = self.into.copies(direction)?;
            copies.count = copies.count.saturating_add(1);
            copies.total += time;
            copies.bytes = match (copies.bytes, bytes) {
                (Some(all), Some(more)) => Some(all.saturating_add(more)),
                (all, more) => all.or(more),
            };
            return Ok(());
        }
        let is_task = !kind.is_empty() && !is_copy(kind) && self.is_hardware(&process);
        if self.is_needed
            && is_task
            && computes(kind)
            && let Some(time) = self.flaws.possible(Some(time), self.number)
        {
            let key = (name.to_owned(), String::new(), kind.to_owned());
            let place = self.into.operator(key)?;
            self.into.operators[place].add(time);
        }
        Ok(())
    }

    /// Whether the process holds the device's tasks; one that was not named may.
    fn is_hardware(&self, process: &str) -> bool {
        self.processes.get(process).copied().unwrap_or(true)
    }
}

/// A number, which some versions write as a text.
fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}
