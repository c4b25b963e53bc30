//! The state of one CPU device: what exists, and who made it.

use std::collections::BTreeSet;
use std::ffi::CString;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::config::MockConfig;
use crate::context::Context;
use crate::device::Device;
use crate::event::Event;
use crate::handles::Registry;
use crate::init::Init;
use crate::ledger::{Call, Ledger};
use crate::memory::{PinnedBlocks, Space};
use crate::model::{
    BundleQuery, Bundles, DataBuffer, Dataset, Description, ExecConfig, LoadConfig, Models,
    ParameterSet, TensorDesc,
};
use crate::stream::Stream;
use crate::sync::lock;

static SERIAL: AtomicU64 = AtomicU64::new(1);

/// Everything behind one table of C functions.
pub(crate) struct World {
    /// Never given to another world of this process.
    pub(crate) serial: u64,
    pub(crate) slot: usize,
    pub(crate) config: MockConfig,
    pub(crate) soc_name: CString,
    pub(crate) init: Mutex<Init>,
    pub(crate) devices: Mutex<Vec<Device>>,
    pub(crate) contexts: Registry<Context>,
    pub(crate) streams: Registry<Stream>,
    pub(crate) events: Registry<Event>,
    pub(crate) space: Arc<Space>,
    pub(crate) pinned: Arc<PinnedBlocks>,
    pub(crate) models: Models,
    pub(crate) bundles: Bundles,
    pub(crate) bundle_queries: Registry<BundleQuery>,
    pub(crate) load_configs: Registry<LoadConfig>,
    pub(crate) exec_configs: Registry<ExecConfig>,
    pub(crate) aipp_parameters: Registry<ParameterSet>,
    pub(crate) descriptions: Registry<Description>,
    pub(crate) datasets: Registry<Dataset>,
    pub(crate) data_buffers: Registry<DataBuffer>,
    pub(crate) tensor_descs: Registry<TensorDesc>,
    pub(crate) calls: Mutex<Vec<Call>>,
    /// The functions whose answer "not supported" was told.
    pub(crate) told_unsupported: Mutex<BTreeSet<&'static str>>,
    sequence: AtomicU64,
    stream_ids: AtomicU32,
}

impl World {
    pub(crate) fn new(slot: usize, config: MockConfig) -> Self {
        let devices = (0..config.devices).map(|_| Device::default()).collect();
        Self {
            serial: SERIAL.fetch_add(1, Ordering::Relaxed),
            slot,
            soc_name: CString::new(config.soc_name.replace('\0', "")).unwrap_or_default(),
            init: Mutex::default(),
            devices: Mutex::new(devices),
            contexts: Registry::default(),
            streams: Registry::default(),
            events: Registry::default(),
            space: Arc::new(Space::new(slot, config.devices, config.memory_bytes)),
            pinned: Arc::default(),
            models: Models::default(),
            bundles: Bundles::default(),
            bundle_queries: Registry::default(),
            load_configs: Registry::default(),
            exec_configs: Registry::default(),
            aipp_parameters: Registry::default(),
            descriptions: Registry::default(),
            datasets: Registry::default(),
            data_buffers: Registry::default(),
            tensor_descs: Registry::default(),
            calls: Mutex::default(),
            told_unsupported: Mutex::default(),
            sequence: AtomicU64::new(1),
            stream_ids: AtomicU32::new(0),
            config,
        }
    }

    /// The number of a new call.
    pub(crate) fn count_call(&self) -> u64 {
        self.sequence.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn next_stream_id(&self) -> u32 {
        self.stream_ids.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn ledger(&self) -> Ledger {
        let mut live: Vec<_> = lock(&self.devices).iter().flat_map(Device::live).collect();
        live.extend(self.contexts.live());
        live.extend(self.streams.live());
        live.extend(self.events.live());
        live.extend(self.space.live());
        live.extend(self.pinned.live());
        live.extend(self.models.live());
        live.extend(self.bundles.live());
        live.extend(self.bundle_queries.live());
        live.extend(self.load_configs.live());
        live.extend(self.exec_configs.live());
        live.extend(self.aipp_parameters.live());
        live.extend(self.descriptions.live());
        live.extend(self.datasets.live());
        live.extend(self.data_buffers.live());
        live.extend(self.tensor_descs.live());
        Ledger(live)
    }

    /// Ends every stream. Work that has not begun is dropped.
    pub(crate) fn shut_down(&self) {
        let streams = self.streams.extract(|_| true);
        for (_, stream) in &streams {
            stream.queue.abort();
        }
        for (_, stream) in &streams {
            stream.queue.join();
        }
    }
}
