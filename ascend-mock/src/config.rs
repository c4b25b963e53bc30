//! What the CPU device pretends to be.

use std::error::Error;
use std::fmt;
use std::num::NonZero;
use std::thread;

use crate::environment::Environment;
use crate::profile::Profile;

/// The chip that the CPU device reports and that its compiler writes into `.om` files: a name
/// that no chip has.
pub const SOC_NAME: &str = "Ascend-CPU";

/// How a CPU device is made; see [`lease`](crate::lease).
#[derive(Clone, Debug)]
pub struct MockConfig {
    pub(crate) soc_name: String,
    pub(crate) devices: u32,
    memory_bytes: Option<u64>,
    pub(crate) threads: usize,
    pub(crate) record_calls: bool,
    pub(crate) strict: bool,
    pub(crate) seed: u64,
    pub(crate) host_access: bool,
    pub(crate) environment: Environment,
}

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
}

impl MockConfig {
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
            record_calls: false,
            strict: false,
            seed: 0,
            host_access: false,
            environment: Environment::default(),
        }
    }
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
