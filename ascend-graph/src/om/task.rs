//! What a device is told to run: the partition `TASK_INFO`, of the package `domi`.

use std::collections::BTreeMap;

use bytes::Bytes;
use prost::Message;

/// The content of the partition `TASK_INFO`: what the device runs.
#[derive(Clone, PartialEq, Message)]
pub struct ModelTask {
    /// The version of the writer.
    #[prost(string, tag = "1")]
    pub version: String,
    /// More facts.
    #[prost(btree_map = "string, string", tag = "9")]
    pub attr: BTreeMap<String, String>,
    /// The tasks.
    #[prost(message, repeated, tag = "10")]
    pub task: Vec<Task>,
    /// The bytes of work memory that the model needs.
    #[prost(uint64, tag = "11")]
    pub memory_size: u64,
    /// The number of streams.
    #[prost(uint32, tag = "12")]
    pub stream_num: u32,
    /// The number of events.
    #[prost(uint32, tag = "13")]
    pub event_num: u32,
    /// The bytes of weights.
    #[prost(uint64, tag = "14")]
    pub weight_size: u64,
    /// The number of batches that run at once.
    #[prost(uint32, tag = "18")]
    pub batch_num: u32,
}

impl ModelTask {
    /// Counts the tasks of each kind, by the kind's number; [`Task::name_of`] names it.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<u32, usize> {
        let mut counts = BTreeMap::new();
        for task in &self.task {
            *counts.entry(task.r#type).or_default() += 1;
        }
        counts
    }
}

/// One step of what the device runs.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Task {
    /// The kind: 0 runs a kernel, 1 and 2 record and await an event, …
    #[prost(uint32, tag = "2")]
    pub r#type: u32,
    /// The stream.
    #[prost(uint32, tag = "10")]
    pub stream_id: u32,
    /// The event that is recorded or awaited.
    #[prost(uint32, tag = "11")]
    pub event_id: u32,
    #[prost(bytes = "bytes", tag = "20")]
    kernel: Bytes,
    #[prost(bytes = "bytes", tag = "40")]
    kernel_with_handle: Bytes,
}

impl Task {
    /// Gives the name of the task's kind, or `None` for a number that is not known here.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        Self::name_of(self.r#type)
    }

    /// Gives the name of a kind of task, or `None` for a number that is not known here.
    #[must_use]
    pub fn name_of(number: u32) -> Option<&'static str> {
        NAMES.get(usize::try_from(number).ok()?).copied()
    }

    /// Gives the kernel that the task runs, or `None` if it runs none or its description is damaged.
    #[must_use]
    pub fn kernel(&self) -> Option<KernelTask> {
        if !self.kernel.is_empty() {
            return KernelDef::decode(self.kernel.clone()).ok().map(Into::into);
        }
        if self.kernel_with_handle.is_empty() {
            return None;
        }
        let kernel = KernelDefWithHandle::decode(self.kernel_with_handle.clone());
        kernel.ok().map(Into::into)
    }
}

/// The kernel that a task runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct KernelTask {
    /// The kernel's name, as far as the task tells it; the attribute `_kernelname` of the operator does in
    /// any case.
    pub name: String,
    /// The file with the code, for kernels of the device's CPU.
    pub library: String,
    /// The number of the operator in the graph.
    pub op_index: u32,
    /// How many cores run it.
    pub blocks: u32,
    /// The bytes of its arguments.
    pub argument_bytes: u32,
}

#[derive(Clone, PartialEq, Message)]
struct KernelDef {
    #[prost(message, optional, tag = "1")]
    context: Option<KernelContext>,
    #[prost(string, tag = "10")]
    stub_func: String,
    #[prost(uint32, tag = "11")]
    block_dim: u32,
    #[prost(uint32, tag = "12")]
    args_size: u32,
    #[prost(string, tag = "16")]
    so_name: String,
    #[prost(string, tag = "17")]
    kernel_name: String,
}

#[derive(Clone, PartialEq, Message)]
struct KernelDefWithHandle {
    #[prost(message, optional, tag = "1")]
    context: Option<KernelContext>,
    #[prost(string, tag = "11")]
    dev_func: String,
    #[prost(uint32, tag = "12")]
    block_dim: u32,
    #[prost(uint32, tag = "13")]
    args_size: u32,
    #[prost(string, tag = "16")]
    original_kernel_key: String,
}

#[derive(Clone, PartialEq, Message)]
struct KernelContext {
    #[prost(uint32, tag = "4")]
    op_index: u32,
}

impl From<KernelDef> for KernelTask {
    fn from(kernel: KernelDef) -> Self {
        let names = [kernel.kernel_name, kernel.stub_func];
        Self {
            name: names
                .into_iter()
                .find(|name| !name.is_empty())
                .unwrap_or_default(),
            library: kernel.so_name,
            op_index: kernel.context.map_or(0, |context| context.op_index),
            blocks: kernel.block_dim,
            argument_bytes: kernel.args_size,
        }
    }
}

impl From<KernelDefWithHandle> for KernelTask {
    fn from(kernel: KernelDefWithHandle) -> Self {
        let names = [kernel.original_kernel_key, kernel.dev_func];
        Self {
            name: names
                .into_iter()
                .find(|name| !name.is_empty())
                .unwrap_or_default(),
            library: String::new(),
            op_index: kernel.context.map_or(0, |context| context.op_index),
            blocks: kernel.block_dim,
            argument_bytes: kernel.args_size,
        }
    }
}

/// The names in the order of their numbers, from 0.
const NAMES: [&str; 33] = [
    "kernel",
    "event record",
    "event wait",
    "fusion start",
    "fusion end",
    "kernel ex",
    "hccl",
    "stream switch",
    "stream active",
    "label set",
    "label switch",
    "label goto",
    "profiler trace",
    "memcpy async",
    "notify record",
    "notify wait",
    "reduce",
    "rdma send",
    "event reset",
    "end graph",
    "stream switch n",
    "rdma db send",
    "memcpy addr",
    "switch by index",
    "label goto ex",
    "model exit",
    "all kernel",
    "profiler ex",
    "ffts",
    "ffts plus",
    "dsa",
    "cmo",
    "cmo barrier",
];
