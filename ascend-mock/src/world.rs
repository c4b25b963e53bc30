//! The state of one CPU device: what exists, and who made it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CString;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::config::MockConfig;
use crate::context::Context;
use crate::device::Device;
use crate::event::Event;
use crate::findings::Finding;
use crate::graph::{Captures, CondHandle, Graph, TaskGroup, TaskRef};
use crate::handles::Registry;
use crate::init::Init;
use crate::ledger::{Call, Ledger};
use crate::memory::{
    Allocator, AllocatorDesc, PhysicalHandle, PinnedBlocks, Pool, SharedBuffer, Sharing, Space,
};
use crate::model::{DataBuffer, Dataset, Description, Models, TensorDesc};
use crate::stream::{Scheduler, Stream, StreamConfig, Waker};
use crate::sync::lock;
use crate::time_limits::TimeLimits;

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
    pub(crate) stream_configs: Registry<StreamConfig>,
    pub(crate) events: Registry<Event>,
    pub(crate) graphs: Registry<Graph>,
    pub(crate) graph_tasks: Registry<TaskRef>,
    pub(crate) task_groups: Registry<TaskGroup>,
    pub(crate) conditions: Registry<CondHandle>,
    pub(crate) captures: Captures,
    pub(crate) scheduler: Scheduler,
    pub(crate) time_limits: TimeLimits,
    /// The streams that have waited for a value.
    pub(crate) value_waits: Mutex<Vec<Waker>>,
    /// Held while memory is reduced into.
    pub(crate) reductions: Mutex<()>,
    pub(crate) space: Arc<Space>,
    pub(crate) pinned: Arc<PinnedBlocks>,
    pub(crate) physical: Registry<PhysicalHandle>,
    pub(crate) sharing: Mutex<Sharing>,
    pub(crate) pools: Registry<Pool>,
    /// The pools that blocks came from, by address, and what was taken for each.
    pub(crate) pooled: Mutex<BTreeMap<u64, (Arc<Pool>, u64)>>,
    pub(crate) buffers: Registry<SharedBuffer>,
    pub(crate) allocator_descs: Registry<AllocatorDesc>,
    /// The program's allocators by stream, with their descriptions' handles.
    pub(crate) allocators: Mutex<BTreeMap<u64, (u64, Allocator)>>,
    pub(crate) models: Models,
    pub(crate) descriptions: Registry<Description>,
    pub(crate) datasets: Registry<Dataset>,
    pub(crate) data_buffers: Registry<DataBuffer>,
    pub(crate) tensor_descs: Registry<TensorDesc>,
    pub(crate) calls: Mutex<Vec<Call>>,
    pub(crate) findings: Mutex<Vec<Finding>>,
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
            stream_configs: Registry::default(),
            events: Registry::default(),
            graphs: Registry::default(),
            graph_tasks: Registry::default(),
            task_groups: Registry::default(),
            conditions: Registry::default(),
            captures: Captures::default(),
            scheduler: Scheduler::new(config.seed),
            time_limits: TimeLimits::default(),
            value_waits: Mutex::default(),
            reductions: Mutex::default(),
            space: Arc::new(Space::new(&config)),
            pinned: Arc::default(),
            physical: Registry::default(),
            sharing: Mutex::default(),
            pools: Registry::default(),
            pooled: Mutex::default(),
            buffers: Registry::default(),
            allocator_descs: Registry::default(),
            allocators: Mutex::default(),
            models: Models::default(),
            descriptions: Registry::default(),
            datasets: Registry::default(),
            data_buffers: Registry::default(),
            tensor_descs: Registry::default(),
            calls: Mutex::default(),
            findings: Mutex::default(),
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
        live.extend(self.stream_configs.live());
        live.extend(self.events.live());
        live.extend(self.graphs.live());
        live.extend(self.space.live());
        live.extend(self.pinned.live());
        live.extend(self.physical.live());
        live.extend(self.pools.live());
        live.extend(self.buffers.live());
        live.extend(self.allocator_descs.live());
        live.extend(self.models.live());
        live.extend(self.descriptions.live());
        live.extend(self.datasets.live());
        live.extend(self.data_buffers.live());
        live.extend(self.tensor_descs.live());
        Ledger(live)
    }

    /// Ends every stream. Work that has not begun is dropped.
    pub(crate) fn shut_down(self: &Arc<Self>) {
        let streams = self.streams.extract(|_| true);
        let queues = streams.into_iter().map(|(_, stream)| {
            stream.queue.abort();
            Arc::clone(&stream.queue)
        });
        let mut queues: Vec<_> = queues.collect();
        for (_, graph) in self.graphs.extract(|_| true) {
            queues.extend(graph.abort_queues());
        }
        for queue in queues {
            queue.join(self);
        }
        self.scheduler.shut_down();
    }
}
