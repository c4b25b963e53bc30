//! Profiling: sessions, subscriptions and marks have their states. Subscribers read of operators as they
//! run; a session leaves tables of them, and a summary of itself. There are no counters of hardware.

mod delivery;
mod operator;
mod record;
mod session;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use ascend_sys::{
    ACL_ERROR_INVALID_FILE, ACL_ERROR_INVALID_MODEL_ID, ACL_ERROR_PROF_ALREADY_RUN,
    ACL_ERROR_PROF_API_CONFLICT, ACL_ERROR_PROF_MODULES_UNSUPPORTED, ACL_ERROR_PROF_NOT_RUN,
    ACL_ERROR_PROF_REPEAT_SUBSCRIBE, aclprofAicoreMetrics,
};

pub(crate) use operator::{OperatorTime, Place};
pub(crate) use record::{Record, SIZE as RECORD_SIZE, Text, records};

use delivery::Delivery;
use record::Names;
use session::Session;

use crate::descriptor::Descriptor;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::{Registry, kinds};
use crate::ledger::Live;
use crate::sync::lock;

/// The most devices of a session.
const MAX_DEVICES: usize = 64;
/// What a mark may say, in bytes.
const MAX_MESSAGE: usize = 127;
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
/// What the times of operators are part of: of tasks, of four levels, and of cores.
const OF_OPERATORS: u64 = 0x2 | 0x4 | 0x800 | 0x2000 | 0x8000;
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
    names: Names,
    state: Mutex<State>,
}

/// What a session collects.
#[derive(Clone)]
pub(crate) struct Config {
    pub(crate) devices: Vec<u32>,
    pub(crate) data: u64,
}

/// What a subscription tells, and where.
pub(crate) struct Subscription {
    pub(crate) has_times: bool,
    /// The number of the file descriptor that records are written to.
    pub(crate) descriptor: i32,
}

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
    models: BTreeMap<u32, Delivery>,
    settings: BTreeMap<u32, String>,
    texts: BTreeMap<u64, String>,
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
        state.session = Some(Session::new(folder));
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
        lock(&self.state).session()?.stop(config)
    }

    pub(crate) fn set(&self, kind: u32, value: &str) {
        lock(&self.state).settings.insert(kind, value.to_owned());
    }

    pub(crate) fn unsubscribe(&self, model: u32) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        if state.session.is_some() {
            return Err(conflict());
        }
        let delivery = state.models.remove(&model);
        // Its end waits for the reader, which must not stop others.
        drop(state);
        if delivery.is_none() {
            return Err(Fault::argument(format!(
                "model {model} is not subscribed to"
            )));
        }
        Ok(())
    }

    /// Whether somebody wants to know of a model's operators.
    pub(crate) fn wants_operators(&self, device: u32, model: u32) -> bool {
        let state = lock(&self.state);
        let session = state.session.as_ref();
        session.is_some_and(|session| session.is_timing(device))
            || state.models.contains_key(&model)
    }

    /// Takes the operators of one run.
    pub(crate) fn note_operators(&self, place: Place, times: Vec<OperatorTime>) {
        let mut state = lock(&self.state);
        if let Some(delivery) = state.models.get(&place.model) {
            let record = |time: &OperatorTime| {
                let operator = self.names.number(place.model, &time.name, &time.op_type);
                let record = Record {
                    model: place.model,
                    operator,
                    ..Record::default()
                };
                if !delivery.has_times {
                    return record;
                }
                Record {
                    start: time.start,
                    end: time.end(),
                    duration: time.duration,
                    ..record
                }
            };
            delivery.send(times.iter().map(record));
        }
        if let Some(session) = &mut state.session {
            session.note_operators(place, times);
        }
    }

    /// The text of an operator that a record tells of.
    pub(crate) fn operator_text(&self, record: Record, which: Text) -> Result<String, Fault> {
        let text = self.names.text(record.operator, which);
        text.ok_or_else(|| {
            Fault::argument("opInfo tells of an operator that this process does not know")
        })
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
        lock(&self.state).marking()?.push(message);
        Ok(())
    }

    pub(crate) fn pop(&self) -> Result<(), Fault> {
        lock(&self.state).marking()?.pop()
    }

    pub(crate) fn start_range(&self, message: &str) -> Result<u32, Fault> {
        Ok(lock(&self.state).marking()?.start_range(message))
    }

    pub(crate) fn stop_range(&self, range: u32) -> Result<(), Fault> {
        lock(&self.state).marking()?.stop_range(range)
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
        lock(&self.world.profiling.state).session()?.start(config)
    }

    ///
    pub(crate) fn subscribe_to_model(
        &self,
        model: u32,
        config: &Subscription,
    ) -> Result<(), Fault> {
        self.world
            .models
            .get(model)
            .map_err(|fault| Fault::new(ACL_ERROR_INVALID_MODEL_ID, fault.text))?;
        let mut state = lock(&self.world.profiling.state);
        if state.session.is_some() {
            return Err(conflict());
        }
        if state.models.contains_key(&model) {
            return Err(Fault::new(
                ACL_ERROR_PROF_REPEAT_SUBSCRIBE,
                format!("model {model} is subscribed to already"),
            ));
        }
        let number = config.descriptor;
        let file = Descriptor::duplicate(number).map_err(|error| {
            Fault::argument(format!(
                "fd names the file descriptor {number}, which cannot be used: {error}"
            ))
        })?;
        let delivery = Delivery::start(file, config.has_times).map_err(Fault::internal)?;
        state.models.insert(model, delivery);
        Ok(())
    }
}
