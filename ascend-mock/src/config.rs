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
        }
    }
}
