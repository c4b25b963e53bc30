//! What the CPU device pretends to be.

use std::num::NonZero;
use std::thread;

/// The chip that the CPU device reports and that its compiler writes into `.om` files: a name
/// that no chip has.
pub const SOC_NAME: &str = "Ascend-CPU";

/// How a CPU device is made; see [`lease`](crate::lease).
#[derive(Clone, Debug)]
pub struct MockConfig {
    pub(crate) soc_name: String,
    pub(crate) devices: u32,
    pub(crate) memory_bytes: u64,
    pub(crate) threads: usize,
    pub(crate) record_calls: bool,
    pub(crate) strict: bool,
    pub(crate) seed: u64,
    pub(crate) host_access: bool,
}

impl MockConfig {
    /// The name that `aclrtGetSocName` answers, and the only `soc_version` of models that can
    /// be executed. Default: [`SOC_NAME`].
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

    /// The memory of each device in bytes. Default: 8 GiB. Nothing is set aside: a block takes
    /// host memory as it is written to.
    #[must_use]
    pub fn memory_bytes(mut self, bytes: u64) -> Self {
        self.memory_bytes = bytes;
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
            memory_bytes: 8 << 30,
            threads: 0,
            record_calls: false,
            strict: false,
            seed: 0,
            host_access: false,
        }
    }
}
