//! Profiling: sessions, subscriptions and marks have their states. At its end a session leaves a
//! summary of itself; there are no counters of hardware to read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Mutex;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use ascend_sys::{
    ACL_ERROR_INVALID_FILE, ACL_ERROR_INVALID_MODEL_ID, ACL_ERROR_PROF_ALREADY_RUN,
    ACL_ERROR_PROF_API_CONFLICT, ACL_ERROR_PROF_MODULES_UNSUPPORTED, ACL_ERROR_PROF_NOT_RUN,
    ACL_ERROR_PROF_REPEAT_SUBSCRIBE, ACL_ERROR_WRITE_FILE, aclprofAicoreMetrics,
};
use serde_json::{Value, json};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::{Registry, kinds};
use crate::ledger::Live;
use crate::sync::lock;

/// The most devices of a session.
const MAX_DEVICES: usize = 64;
/// What a mark may say, in bytes.
const MAX_MESSAGE: usize = 127;
/// Marks that are kept for the summary; later ones are counted only.
const MAX_MARKS: usize = 100_000;
/// Every kind of data that there is, one bit each.
const KNOWN: u64 = 0x1
    | 0x2
    | 0x4
    | 0x8
    | 0x10
    | 0x20
    | 0x40
    | 0x80
    | 0x100
    | 0x200
    | 0x800
    | 0x1000
    | 0x2000
    | 0x4000
    | 0x8000
    | 0x0100_0000
    | 0x4_0000_0000
    | 0x8_0000_0000;
/// What is collected on the host, without a device.
const OF_HOST: u64 = 0x1 | 0x100 | MARKS;
/// What the program marks itself.
const MARKS: u64 = 0x80;

#[derive(Default)]
pub(crate) struct Profiling {
    pub(crate) configs: Registry<Config>,
    pub(crate) subscriptions: Registry<Subscription>,
    pub(crate) steps: Registry<Step>,
    pub(crate) stamps: Registry<Stamp>,
    state: Mutex<State>,
}

/// What a session collects.
#[derive(Clone)]
pub(crate) struct Config {
    pub(crate) devices: Vec<u32>,
    pub(crate) data: u64,
}

/// What a subscription tells.
pub(crate) struct Subscription;

pub(crate) struct Step;

#[derive(Clone, Default)]
pub(crate) struct Stamp {
    pub(crate) message: String,
}

kinds! {
    Config => ProfilingConfig;
    Subscription => ProfilingSubscription;
    Step => ProfilingStep;
    Stamp => ProfilingStamp;
}

#[derive(Default)]
struct State {
    session: Option<Session>,
    /// The models that are subscribed to.
    models: BTreeSet<u32>,
    settings: BTreeMap<u32, String>,
    texts: BTreeMap<u64, String>,
}

/// From `aclprofInit` to `aclprofFinalize`.
struct Session {
    folder: PathBuf,
    began: Instant,
    running: Vec<Config>,
    runs: Vec<Value>,
    marks: Vec<Value>,
    dropped_marks: u64,
    /// The open ranges of the stack, and those with a number.
    pushed: Vec<String>,
    ranges: BTreeMap<u32, String>,
    next_range: u32,
}

impl Session {
    fn now(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    fn is_marking(&self) -> bool {
        self.running.iter().any(|run| run.data & MARKS != 0)
    }

    fn mark(&mut self, kind: &str, message: &str) {
        if self.marks.len() >= MAX_MARKS {
            self.dropped_marks += 1;
            return;
        }
        let at = self.now();
        self.marks
            .push(json!({"kind": kind, "message": message, "seconds": at}));
    }

    /// Writes the summary (a JSON file in a folder of its own).
    fn end(&mut self) -> Result<(), Fault> {
        let at = self.now();
        for run in self.running.drain(..) {
            self.runs.push(json!({
                "devices": run.devices, "data": run.data, "stopped": "at the end", "seconds": at,
            }));
        }
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
        });
        let written = fs::create_dir_all(&folder)
            .and_then(|()| fs::write(folder.join("summary.json"), format!("{summary:#}\n")));
        written.map_err(|error| {
            Fault::new(
                ACL_ERROR_WRITE_FILE,
                format!("profile {}: {error}", folder.display()),
            )
        })
    }
}

impl State {
    fn session(&mut self) -> Result<&mut Session, Fault> {
        if !self.models.is_empty() {
            return Err(conflict());
        }
        self.session.as_mut().ok_or_else(|| {
            Fault::new(
                ACL_ERROR_PROF_NOT_RUN,
                "there is no session of profiling; call aclprofInit first",
            )
        })
    }

    fn marking(&mut self) -> Result<&mut Session, Fault> {
        let session = self.session()?;
        if !session.is_marking() {
            return Err(Fault::new(
                ACL_ERROR_PROF_NOT_RUN,
                "no profiling runs that collects marks; start one with ACL_PROF_MSPROFTX",
            ));
        }
        Ok(session)
    }
}

///
fn conflict() -> Fault {
    Fault::new(
        ACL_ERROR_PROF_API_CONFLICT,
        "sessions of profiling and subscriptions exclude each other; end the other one first",
    )
}

impl Profiling {
    pub(crate) fn live(&self) -> Vec<Live> {
        let mut live = self.configs.live();
        live.extend(self.subscriptions.live());
        live.extend(self.steps.live());
        live.extend(self.stamps.live());
        live
    }

    pub(crate) fn begin(&self, folder: &Path) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        if !state.models.is_empty() {
            return Err(conflict());
        }
        if state.session.is_some() {
            return Err(Fault::new(
                ACL_ERROR_PROF_ALREADY_RUN,
                "a session of profiling is under way already",
            ));
        }
        fs::create_dir_all(folder).map_err(|error| {
            let text = format!("profilerResultPath {}: {error}", folder.display());
            Fault::new(ACL_ERROR_INVALID_FILE, text)
        })?;
        state.session = Some(Session {
            folder: folder.to_owned(),
            began: Instant::now(),
            running: Vec::new(),
            runs: Vec::new(),
            marks: Vec::new(),
            dropped_marks: 0,
            pushed: Vec::new(),
            ranges: BTreeMap::new(),
            next_range: 1,
        });
        Ok(())
    }

    /// Ends the session, if there is one.
    pub(crate) fn end(&self) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        if !state.models.is_empty() {
            return Err(conflict());
        }
        state
            .session
            .take()
            .map_or(Ok(()), |mut session| session.end())
    }

    pub(crate) fn stop(&self, config: &Config) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        let session = state.session()?;
        let position = session
            .running
            .iter()
            .position(|run| run.devices == config.devices);
        let Some(position) = position else {
            return Err(Fault::new(
                ACL_ERROR_PROF_NOT_RUN,
                format!("no profiling runs on devices {:?}", config.devices),
            ));
        };
        let started = session.running[position].data;
        if started != config.data {
            return Err(Fault::argument(format!(
                "profiling was started with data {started:#x}, and is to stop with {:#x}",
                config.data
            )));
        }
        session.running.remove(position);
        let at = session.now();
        session.runs.push(json!({
            "devices": config.devices, "data": config.data, "stopped": "by the program",
            "seconds": at,
        }));
        Ok(())
    }

    pub(crate) fn set(&self, kind: u32, value: &str) {
        lock(&self.state).settings.insert(kind, value.to_owned());
    }

    pub(crate) fn unsubscribe(&self, model: u32) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        if state.session.is_some() {
            return Err(conflict());
        }
        if !state.models.remove(&model) {
            return Err(Fault::argument(format!(
                "model {model} is not subscribed to"
            )));
        }
        Ok(())
    }

    pub(crate) fn mark(&self, kind: &str, message: &str) -> Result<(), Fault> {
        lock(&self.state).marking()?.mark(kind, message);
        Ok(())
    }

    /// Notes a step, if somebody profiles.
    pub(crate) fn note_step(&self, step: u64, is_end: bool) {
        if let Some(session) = &mut lock(&self.state).session {
            let kind = if is_end { "step end" } else { "step start" };
            session.mark(kind, &format!("{step:#x}"));
        }
    }

    pub(crate) fn push(&self, message: &str) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        let session = state.marking()?;
        session.pushed.push(message.to_owned());
        session.mark("range start", message);
        Ok(())
    }

    pub(crate) fn pop(&self) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        let session = state.marking()?;
        let Some(message) = session.pushed.pop() else {
            return Err(Fault::argument("no range is pushed"));
        };
        session.mark("range end", &message);
        Ok(())
    }

    pub(crate) fn start_range(&self, message: &str) -> Result<u32, Fault> {
        let mut state = lock(&self.state);
        let session = state.marking()?;
        let range = session.next_range;
        session.next_range = range.wrapping_add(1);
        session.ranges.insert(range, message.to_owned());
        session.mark("range start", message);
        Ok(range)
    }

    pub(crate) fn stop_range(&self, range: u32) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        let session = state.marking()?;
        let Some(message) = session.ranges.remove(&range) else {
            return Err(Fault::argument(format!("no range {range} is open")));
        };
        session.mark("range end", &message);
        Ok(())
    }

    /// A number for a text, the same for the same text (FNV-1a).
    pub(crate) fn number_of(&self, text: &str) -> u64 {
        let number = text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        lock(&self.state)
            .texts
            .entry(number)
            .or_insert_with(|| text.to_owned());
        number
    }

    pub(crate) fn create_stamp_check(&self) -> Result<(), Fault> {
        lock(&self.state).marking().map(|_| ())
    }
}

/// What a mark says; refuses what is too long.
pub(crate) fn message(bytes: &[u8]) -> Result<String, Fault> {
    if bytes.is_empty() || bytes.len() > MAX_MESSAGE {
        return Err(Fault::argument(format!(
            "the message has {} bytes; it can have 1 to {MAX_MESSAGE}",
            bytes.len()
        )));
    }
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

pub(crate) fn check_metrics(metrics: aclprofAicoreMetrics) -> Result<(), Fault> {
    let highest = aclprofAicoreMetrics::ACL_AICORE_MEMORY_ACCESS.0;
    if metrics.0 > highest && metrics != aclprofAicoreMetrics::ACL_AICORE_NONE {
        return Err(Fault::argument(format!("aicoreMetrics is {}", metrics.0)));
    }
    Ok(())
}

pub(crate) fn check_device_count(count: usize) -> Result<(), Fault> {
    if count > MAX_DEVICES {
        return Err(Fault::argument(format!(
            "deviceNums is {count}; it can be {MAX_DEVICES} at most"
        )));
    }
    Ok(())
}

impl Entry<'_> {
    ///
    pub(crate) fn start_profiling(&self, config: &Config) -> Result<(), Fault> {
        if config.data == 0 {
            return Err(Fault::argument(
                "dataTypeConfig is 0; nothing is to be collected",
            ));
        }
        let unknown = config.data & !KNOWN;
        if unknown != 0 {
            return Err(Fault::new(
                ACL_ERROR_PROF_MODULES_UNSUPPORTED,
                format!("dataTypeConfig has bits {unknown:#x}, which stand for nothing"),
            ));
        }
        let count = usize::try_from(self.world.config.devices).unwrap_or(usize::MAX);
        let distinct: BTreeSet<u32> = config.devices.iter().copied().collect();
        if config.devices.len() > distinct.len() || distinct.len() > count {
            return Err(Fault::argument(format!(
                "devices {:?} are not different ones of {count}",
                config.devices
            )));
        }
        let is_there = |device: &&u32| usize::try_from(**device).is_ok_and(|id| id < count);
        if let Some(device) = distinct.iter().find(|device| !is_there(device)) {
            return Err(Fault::argument(format!("there is no device {device}")));
        }
        if config.devices.is_empty() && config.data & !OF_HOST != 0 {
            return Err(Fault::argument(
                "no device is named, and not all of the data is the host's",
            ));
        }
        let mut state = lock(&self.world.profiling.state);
        let session = state.session()?;
        let runs_on = |run: &Config| run.devices.iter().any(|device| distinct.contains(device));
        let is_same = |run: &Config| run.devices.is_empty() && distinct.is_empty();
        if session
            .running
            .iter()
            .any(|run| runs_on(run) || is_same(run))
        {
            return Err(Fault::new(
                ACL_ERROR_PROF_ALREADY_RUN,
                "profiling runs on one of the devices already",
            ));
        }
        session.running.push(config.clone());
        Ok(())
    }

    ///
    pub(crate) fn subscribe_to_model(&self, model: u32) -> Result<(), Fault> {
        self.world
            .models
            .get(model)
            .map_err(|fault| Fault::new(ACL_ERROR_INVALID_MODEL_ID, fault.text))?;
        let mut state = lock(&self.world.profiling.state);
        if state.session.is_some() {
            return Err(conflict());
        }
        if !state.models.insert(model) {
            return Err(Fault::new(
                ACL_ERROR_PROF_REPEAT_SUBSCRIBE,
                format!("model {model} is subscribed to already"),
            ));
        }
        tracing::warn!("model {model} is subscribed to; the CPU device tells nothing of operators");
        Ok(())
    }
}
