//! A session of profiling: what runs in it, what the program marks, and its summary.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::mem;
use std::path::{Path, PathBuf};
use std::process;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use ascend_sys::{ACL_ERROR_PROF_ALREADY_RUN, ACL_ERROR_PROF_NOT_RUN, ACL_ERROR_WRITE_FILE};
use serde_json::{Value, json};

use super::operator::{OperatorTime, Place};
use super::{Config, MARKS, OF_OPERATORS, tables};
use crate::fault::{Fault, Timestamp};

/// Marks that are kept for the summary; later ones are counted only.
const MAX_MARKS: usize = 100_000;

/// Runs of operators that are kept for the tables; later ones are counted only.
const MAX_OPERATORS: usize = 1_000_000;

/// From `aclprofInit` to `aclprofFinalize`.
pub(super) struct Session {
    folder: PathBuf,
    began: Instant,
    running: Vec<Config>,
    runs: Vec<Value>,
    marks: Vec<Value>,
    dropped_marks: u64,
    operators: Vec<tables::Run>,
    dropped_operators: u64,
    /// The open ranges of the stack, and those with a number.
    pushed: Vec<String>,
    ranges: BTreeMap<u32, String>,
    next_range: u32,
}

impl Session {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            began: Instant::now(),
            running: Vec::new(),
            runs: Vec::new(),
            marks: Vec::new(),
            dropped_marks: 0,
            operators: Vec::new(),
            dropped_operators: 0,
            pushed: Vec::new(),
            ranges: BTreeMap::new(),
            next_range: 1,
        }
    }

    fn now(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Begins to collect; a device can be collected from once at a time.
    pub(super) fn start(&mut self, config: &Config) -> Result<(), Fault> {
        let runs_on = |run: &Config| {
            run.devices
                .iter()
                .any(|device| config.devices.contains(device))
        };
        let is_same = |run: &Config| run.devices.is_empty() && config.devices.is_empty();
        if self.running.iter().any(|run| runs_on(run) || is_same(run)) {
            return Err(Fault::new(
                ACL_ERROR_PROF_ALREADY_RUN,
                "profiling runs on one of the devices already",
            ));
        }
        self.running.push(config.clone());
        Ok(())
    }

    pub(super) fn stop(&mut self, config: &Config) -> Result<(), Fault> {
        let mut running = self.running.iter();
        let Some(position) = running.position(|run| run.devices == config.devices) else {
            return Err(Fault::new(
                ACL_ERROR_PROF_NOT_RUN,
                format!("no profiling runs on devices {:?}", config.devices),
            ));
        };
        let started = self.running[position].data;
        if started != config.data {
            return Err(Fault::argument(format!(
                "profiling was started with data {started:#x}, and is to stop with {:#x}",
                config.data
            )));
        }
        self.running.remove(position);
        self.note_run(config, "by the program");
        Ok(())
    }

    fn note_run(&mut self, run: &Config, stopped: &str) {
        let at = self.now();
        self.runs.push(json!({
            "devices": run.devices, "data": run.data, "stopped": stopped, "seconds": at,
        }));
    }

    pub(super) fn is_marking(&self) -> bool {
        self.running.iter().any(|run| run.data & MARKS != 0)
    }

    /// Whether the times of a device's operators are collected.
    pub(super) fn is_timing(&self, device: u32) -> bool {
        self.running
            .iter()
            .any(|run| run.data & OF_OPERATORS != 0 && run.devices.contains(&device))
    }

    pub(super) fn note_operators(&mut self, place: Place, times: Vec<OperatorTime>) {
        if !self.is_timing(place.device) {
            return;
        }
        let room = MAX_OPERATORS.saturating_sub(self.operators.len());
        self.dropped_operators += times.len().saturating_sub(room) as u64;
        let times = times.into_iter().take(room);
        self.operators.extend(times.map(|time| (place, time)));
    }

    pub(super) fn mark(&mut self, kind: &str, message: &str) {
        if self.marks.len() >= MAX_MARKS {
            self.dropped_marks += 1;
            return;
        }
        let at = self.now();
        self.marks
            .push(json!({"kind": kind, "message": message, "seconds": at}));
    }

    pub(super) fn push(&mut self, message: &str) {
        self.pushed.push(message.to_owned());
        self.mark("range start", message);
    }

    pub(super) fn pop(&mut self) -> Result<(), Fault> {
        let Some(message) = self.pushed.pop() else {
            return Err(Fault::argument("no range is pushed"));
        };
        self.mark("range end", &message);
        Ok(())
    }

    pub(super) fn start_range(&mut self, message: &str) -> u32 {
        let range = self.next_range;
        self.next_range = range.wrapping_add(1);
        self.ranges.insert(range, message.to_owned());
        self.mark("range start", message);
        range
    }

    pub(super) fn stop_range(&mut self, range: u32) -> Result<(), Fault> {
        let Some(message) = self.ranges.remove(&range) else {
            return Err(Fault::argument(format!("no range {range} is open")));
        };
        self.mark("range end", &message);
        Ok(())
    }

    /// Writes the summary (a JSON file in a folder of its own), and the tables of operators if there were
    /// any.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        let running = mem::take(&mut self.running);
        for run in &running {
            self.note_run(run, "at the end");
        }
        let at = self.now();
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let name = format!("PROF_{}_{}", process::id(), since.as_micros());
        let folder = self.folder.join(name);
        let summary = json!({
            "made_by": "the CPU device, which has no counters of hardware",
            "seconds": at,
            "runs": self.runs,
            "marks": self.marks,
            "dropped_marks": self.dropped_marks,
            "operators": self.operators.len(),
            "dropped_operators": self.dropped_operators,
        });
        let written = fs::create_dir_all(&folder)
            .and_then(|()| fs::write(folder.join("summary.json"), format!("{summary:#}\n")))
            .and_then(|()| self.write_tables(&folder));
        written.map_err(|error| {
            Fault::new(
                ACL_ERROR_WRITE_FILE,
                format!("profile {}: {error}", folder.display()),
            )
        })
    }

    fn write_tables(&mut self, folder: &Path) -> io::Result<()> {
        if self.operators.is_empty() {
            return Ok(());
        }
        let runs = &mut self.operators;
        runs.sort_by_key(|(_, run)| run.start);
        let folder = folder.join("mindstudio_profiler_output");
        fs::create_dir_all(&folder)?;
        let time = Timestamp::now().compact();
        let write = |name: &str, content: String| fs::write(folder.join(name), content);
        write(&format!("op_summary_{time}.csv"), tables::summary(runs))?;
        write(&format!("op_statistic_{time}.csv"), tables::statistic(runs))?;
        write(
            &format!("msprof_{time}.json"),
            tables::trace(runs).to_string(),
        )
    }
}
