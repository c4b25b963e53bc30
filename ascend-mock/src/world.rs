//! The state of one CPU device: what exists, and who made it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CString;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use crate::callback::{HostThreads, Reports};
use crate::channel::Channels;
use crate::chip::Family;
use crate::config::{ConfigError, MockConfig};
use crate::context::Context;
use crate::device::Device;
use crate::environment::Visible;
use crate::event::Event;
use crate::exception::{ExceptionInfo, Exceptions};
use crate::failed_operator::FailedOperators;
use crate::faults::Faults;
use crate::findings::Finding;
use crate::graph::{Captures, CondHandle, Graph, TaskGroup, TaskRef};
use crate::handles::Registry;
use crate::hooks::Hooks;
use crate::init::Init;
use crate::kernel::Kernels;
use crate::label::{Label, LabelList};
use crate::ledger::{Call, Ledger};
use crate::media::Media;
use crate::memory::{Allocator, AllocatorDesc, PhysicalHandle, PinnedBlocks, Pool, Sharing, Space};
use crate::messages::SharedMessages;
use crate::model::{
    BundleQuery, Bundles, DataBuffer, Dataset, Description, ExecConfig, LoadConfig, Models,
    ParameterSet, TensorDesc,
};
use crate::nnop::Nnop;
use crate::notify::{CountNotify, Notify};
use crate::numbers::Numbers;
use crate::op_compiler::OpCompiler;
use crate::operator::Operators;
use crate::profile::Profile;
use crate::profiling::Profiling;
use crate::queues::Queues;
use crate::report::Reporter;
use crate::retrieval::Retrieval;
use crate::stream::{Scheduler, Stream, StreamConfig, Waker};
use crate::sync::lock;
use crate::time_limits::TimeLimits;
use crate::timing::Timing;
use crate::trace::Tracer;

/// Notifies that a device has.
const MAX_NOTIFIES: usize = 8192;
use crate::system::System;

static SERIAL: AtomicU64 = AtomicU64::new(1);

/// Everything behind one table of C functions.
pub(crate) struct World {
    /// Never given to another world of this process.
    pub(crate) serial: u64,
    pub(crate) slot: usize,
    /// Its devices are those that the program sees.
    pub(crate) config: MockConfig,
    pub(crate) visible: Visible,
    pub(crate) profile: Profile,
    pub(crate) soc_name: CString,
    pub(crate) init: Mutex<Init>,
    pub(crate) messages: SharedMessages,
    pub(crate) devices: Mutex<Vec<Device>>,
    pub(crate) contexts: Registry<Context>,
    pub(crate) streams: Registry<Stream>,
    pub(crate) stream_configs: Registry<StreamConfig>,
    pub(crate) events: Registry<Event>,
    pub(crate) notifies: Registry<Notify>,
    pub(crate) count_notifies: Registry<CountNotify>,
    pub(crate) event_numbers: Arc<Numbers>,
    pub(crate) notify_numbers: Arc<Numbers>,
    /// When the devices started.
    pub(crate) started: Instant,
    pub(crate) labels: Registry<Label>,
    pub(crate) label_lists: Registry<LabelList>,
    pub(crate) reports: Reports,
    pub(crate) host_reports: Reports,
    pub(crate) host_threads: HostThreads,
    pub(crate) hooks: Hooks,
    pub(crate) exceptions: Exceptions,
    pub(crate) failed_operators: FailedOperators,
    pub(crate) exception_infos: Registry<ExceptionInfo>,
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
    pub(crate) allocator_descs: Registry<AllocatorDesc>,
    /// The program's allocators by stream, with their descriptions' handles.
    pub(crate) allocators: Mutex<BTreeMap<u64, (u64, Allocator)>>,
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
    pub(crate) system: System,
    pub(crate) kernels: Kernels,
    pub(crate) operators: Operators,
    pub(crate) op_compiler: OpCompiler,
    pub(crate) nnop: Nnop,
    pub(crate) retrieval: Retrieval,
    pub(crate) channels: Channels,
    pub(crate) queues: Queues,
    pub(crate) profiling: Profiling,
    pub(crate) media: Media,
    pub(crate) has_dump_callback: Mutex<bool>,
    pub(crate) calls: Mutex<Vec<Call>>,
    pub(crate) findings: Mutex<Vec<Finding>>,
    pub(crate) faults: Faults,
    pub(crate) timing: Option<Timing>,
    pub(crate) tracer: Option<Tracer>,
    pub(crate) reporter: Reporter,
    /// The functions whose answer "not supported" was told.
    pub(crate) told_unsupported: Mutex<BTreeSet<&'static str>>,
    sequence: AtomicU64,
    stream_ids: AtomicU32,
}

impl World {
    pub(crate) fn new(slot: usize, config: MockConfig) -> Result<Self, ConfigError> {
        config.check()?;
        let profile = config.profile()?;
        let visible = Visible::of(&config);
        let config = config.devices(visible.count());
        let devices = (0..config.devices).map(|_| Device::default()).collect();
        Ok(Self {
            serial: SERIAL.fetch_add(1, Ordering::Relaxed),
            slot,
            soc_name: CString::new(profile.name).unwrap_or_default(),
            init: Mutex::default(),
            messages: SharedMessages::default(),
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
            notifies: Registry::default(),
            count_notifies: Registry::default(),
            event_numbers: Numbers::new(profile.events),
            notify_numbers: Numbers::new(MAX_NOTIFIES),
            started: Instant::now(),
            labels: Registry::default(),
            label_lists: Registry::default(),
            reports: Reports::default(),
            host_reports: Reports::default(),
            host_threads: HostThreads::default(),
            hooks: Hooks::default(),
            exceptions: Exceptions::default(),
            failed_operators: FailedOperators::default(),
            exception_infos: Registry::default(),
            space: Arc::new(Space::new(&config, profile.memory_bytes)),
            pinned: Arc::default(),
            physical: Registry::default(),
            sharing: Mutex::default(),
            pools: Registry::default(),
            pooled: Mutex::default(),
            allocator_descs: Registry::default(),
            allocators: Mutex::default(),
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
            system: System::new(Family::of(&profile)),
            kernels: Kernels::default(),
            operators: Operators::default(),
            op_compiler: OpCompiler::default(),
            nnop: Nnop::default(),
            retrieval: Retrieval::default(),
            channels: Channels::default(),
            queues: Queues::default(),
            profiling: Profiling::default(),
            media: Media::default(),
            has_dump_callback: Mutex::default(),
            visible,
            calls: Mutex::default(),
            findings: Mutex::default(),
            faults: Faults::new(&config.faults),
            timing: config
                .time
                .as_ref()
                .map(|model| Timing::new(model, config.devices)),
            tracer: config.trace.as_deref().map(Tracer::create).transpose()?,
            reporter: Reporter::create(&config.report)?,
            told_unsupported: Mutex::default(),
            sequence: AtomicU64::new(1),
            stream_ids: AtomicU32::new(0),
            config,
            profile,
        })
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
        live.extend(self.exception_infos.live());
        live.extend(self.notifies.live());
        live.extend(self.count_notifies.live());
        live.extend(self.labels.live());
        live.extend(self.label_lists.live());
        live.extend(self.graphs.live());
        live.extend(self.space.live());
        live.extend(self.pinned.live());
        live.extend(self.physical.live());
        live.extend(self.pools.live());
        live.extend(self.allocator_descs.live());
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
        live.extend(self.kernels.live());
        live.extend(self.operators.live());
        live.extend(self.op_compiler.live());
        live.extend(self.nnop.live());
        live.extend(self.retrieval.live());
        live.extend(self.channels.live());
        live.extend(self.queues.live());
        live.extend(self.profiling.live());
        live.extend(self.media.live());
        Ledger(live)
    }

    /// Ends every stream. Work that has not begun is dropped.
    pub(crate) fn shut_down(self: &Arc<Self>) {
        self.faults.end();
        self.channels.shut_down();
        self.queues.shut_down();
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
        self.host_threads.shut_down();
        self.exceptions.shut_down();
    }
}
