//! What the CPU device pretends to be.

mod environment;
pub(crate) mod units;

use std::error::Error;
use std::fmt;
use std::fs::{self, File};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process;
use std::thread;

use serde::de::{Deserialize, Deserializer, Error as _};

use crate::engine::Engine;
use crate::environment::Environment;
use crate::injection::Injection;
use crate::profile::Profile;
use crate::report::Report;
use crate::timing::TimeModel;
use crate::trace;

/// The chip that the CPU device reports and that its compiler writes into `.om` files: a name
/// that no chip has.
pub const SOC_NAME: &str = "Ascend-CPU";

/// Devices of one world.
const MAX_DEVICES: u32 = 1024;

/// How a CPU device is made; see [`lease`](crate::lease).
///
/// The methods have the names of the keys that [`from_toml`](Self::from_toml) takes, but for
/// `soc`, `run_mode = "device"` ([`host_access`](Self::host_access)) and `[[fault]]`
/// ([`inject`](Self::inject)).
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MockConfig {
    #[serde(rename = "soc")]
    pub(crate) soc_name: String,
    pub(crate) devices: u32,
    #[serde(deserialize_with = "units::bytes")]
    memory_bytes: Option<u64>,
    pub(crate) threads: usize,
    #[serde(deserialize_with = "engine")]
    pub(crate) engine: Engine,
    pub(crate) record_calls: bool,
    pub(crate) strict: bool,
    pub(crate) seed: u64,
    #[serde(rename = "run_mode", deserialize_with = "shares_memory")]
    pub(crate) host_access: bool,
    pub(crate) trace: Option<PathBuf>,
    pub(crate) report: Report,
    pub(crate) time: Option<TimeModel>,
    #[serde(rename = "fault")]
    pub(crate) faults: Vec<Injection>,
    /// What CANN takes from the process's environment.
    #[serde(skip)]
    pub(crate) environment: Environment,
}

/// Reading.
impl MockConfig {
    /// The configuration that a TOML text states; what it leaves out is the default.
    ///
    /// # Errors
    ///
    /// When the text is no TOML, has an unknown key or a value of the wrong kind, or asks for what
    /// there is not.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let read = toml::from_str(text).map_err(|error| ConfigError(error.to_string()));
        let config: Self = read?;
        config.check()?;
        Ok(config)
    }

    /// As [`from_toml`](Self::from_toml), from a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, and as for [`from_toml`](Self::from_toml).
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let within = |error: &dyn fmt::Display| ConfigError(format!("{}: {error}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| within(&error))?;
        Self::from_toml(&text).map_err(|error| within(&error.0))
    }
}

/// Building.
impl MockConfig {
    /// The chip to pretend to be, as `aclrtGetSocName` answers it: one of [`Profile::all`], which
    /// gives the memory and the limits. Models made for the CPU device run on all of them.
    /// Default: [`SOC_NAME`].
    #[must_use]
    pub fn soc_name(mut self, name: impl Into<String>) -> Self {
        self.soc_name = name.into();
        self
    }

    /// The number of devices. Default: 1.
    #[must_use]
    pub fn devices(mut self, count: u32) -> Self {
        self.devices = count;
        self
    }

    /// The memory of each device in bytes. Default: that of the chip, 8 GiB for [`SOC_NAME`].
    /// Nothing is set aside: a block takes host memory as it is written to.
    #[must_use]
    pub fn memory_bytes(mut self, bytes: u64) -> Self {
        self.memory_bytes = Some(bytes);
        self
    }

    /// The threads that compute one model. Default: 0, as many as the machine runs in parallel.
    #[must_use]
    pub fn threads(mut self, count: usize) -> Self {
        self.threads = count;
        self
    }

    /// What computes models. One that was compiled for an engine runs on another if that can run it
    /// too. Default: [`Engine::Rten`].
    #[must_use]
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// Whether every C call is kept for [`Lease::calls`](crate::Lease::calls). Default: no.
    #[must_use]
    pub fn record_calls(mut self, record: bool) -> Self {
        self.record_calls = record;
        self
    }

    /// Whether the device looks for mistakes that hardware lets pass: work starts late and in a
    /// random order between streams, freed memory is kept and patterned, and what a program does
    /// wrong is found ([`Lease::findings`](crate::Lease::findings)). Default: no, as hardware.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// What the random choices of the device start from: equal seeds choose equally. Default: 0.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Whether host and device share memory, as on boards whose run mode is `ACL_DEVICE`: the host
    /// may follow device addresses then. Default: no, following one faults.
    #[must_use]
    pub fn host_access(mut self, shared: bool) -> Self {
        self.host_access = shared;
        self
    }

    /// Writes every call and every task of a stream with its time to this file, as it goes on: for
    /// Perfetto and `chrome://tracing` if the name ends in `.json`, as one JSON object a line if it
    /// ends in `.jsonl`. `{pid}` in the name stands for the number of the process. Default: no.
    #[must_use]
    pub fn trace(mut self, path: impl Into<PathBuf>) -> Self {
        self.trace = Some(path.into());
        self
    }

    /// Where it is told at the end what the program has not given back, and what strict mode
    /// found: when `aclFinalize` answers, and when the lease is dropped without it. Default: only
    /// to the log of `tracing`, which gets it in any case.
    #[must_use]
    pub fn report(mut self, to: Report) -> Self {
        self.report = to;
        self
    }

    /// How long copies and models take. Default: as long as they take the host.
    #[must_use]
    pub fn time(mut self, model: TimeModel) -> Self {
        self.time = Some(model);
        self
    }

    /// Adds a rule by which calls meet with faults. Rules apply in their order.
    #[must_use]
    pub fn inject(mut self, rule: Injection) -> Self {
        self.faults.push(rule);
        self
    }
}

impl MockConfig {
    /// Refuses what there is not.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        self.profile()?;
        if self.devices > MAX_DEVICES {
            return Err(ConfigError(format!(
                "devices: {} are more than the {MAX_DEVICES} that one CPU device can have",
                self.devices
            )));
        }
        if let Some(lack) = self.engine.lack() {
            return Err(ConfigError(format!("engine = \"{}\": {lack}", self.engine)));
        }
        self.trace.as_deref().map_or(Ok(()), trace::check)?;
        for (number, fault) in (1..).zip(&self.faults) {
            let refused = |why: String| ConfigError(format!("fault {number}: {why}"));
            fault.check().map_err(refused)?;
            if let Some(device) = fault.device.filter(|device| *device >= self.devices) {
                let devices = self.devices;
                return Err(refused(format!(
                    "it is about device {device}, there are {devices} devices, from 0"
                )));
            }
        }
        Ok(())
    }

    /// The chip, with the memory that was asked for.
    pub(crate) fn profile(&self) -> Result<Profile, ConfigError> {
        let known = Profile::named(&self.soc_name).ok_or_else(|| {
            let names: Vec<&str> = Profile::all().map(|profile| profile.name).collect();
            ConfigError(format!(
                "soc: no chip is named {:?}; the CPU device can be {}",
                self.soc_name,
                names.join(", ")
            ))
        })?;
        let mut profile = known.clone();
        profile.memory_bytes = self.memory_bytes.unwrap_or(profile.memory_bytes);
        Ok(profile)
    }

    /// The engine that computes models.
    #[must_use]
    pub fn chosen_engine(&self) -> &Engine {
        &self.engine
    }

    /// The threads that compute one model, counted out.
    pub(crate) fn engine_threads(&self) -> usize {
        match self.threads {
            0 => thread::available_parallelism().map_or(1, NonZero::get),
            threads => threads,
        }
    }
}

impl Default for MockConfig {
    fn default() -> Self {
        Self {
            soc_name: SOC_NAME.into(),
            devices: 1,
            memory_bytes: None,
            threads: 0,
            engine: Engine::default(),
            record_calls: false,
            environment: Environment::default(),
            strict: false,
            seed: 0,
            host_access: false,
            trace: None,
            report: Report::Log,
            time: None,
            faults: Vec::new(),
        }
    }
}

/// Whether host and device share memory, by the name of the run mode.
fn shares_memory<'de, D: Deserializer<'de>>(source: D) -> Result<bool, D::Error> {
    let mode = String::deserialize(source)?;
    match mode.as_str() {
        "host" => Ok(false),
        "device" => Ok(true),
        _ => Err(D::Error::custom(format!(
            "{mode:?} is neither \"host\" nor \"device\""
        ))),
    }
}

/// An engine by its name.
fn engine<'de, D: Deserializer<'de>>(source: D) -> Result<Engine, D::Error> {
    String::deserialize(source)?
        .parse()
        .map_err(D::Error::custom)
}

/// Makes a file that the configuration names under `key`.
pub(crate) fn create_file(key: &str, path: &Path) -> Result<File, ConfigError> {
    let path = path.to_string_lossy();
    let path = path.replace("{pid}", &process::id().to_string());
    File::create(&path).map_err(|error| ConfigError(format!("{key} = {path:?}: {error}")))
}

/// What is wrong with a configuration, where, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub(crate) String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "configuration of the CPU device: {}", self.0)
    }
}

impl Error for ConfigError {}
