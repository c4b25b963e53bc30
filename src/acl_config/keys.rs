//! The keys of a configuration that are known, and what they take.

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// One of some words.
    Words(&'static [&'static str]),
    /// Some of some words, with commas between.
    List(&'static [&'static str]),
    /// A text.
    Text,
    /// A folder.
    Folder,
    /// A natural number above 0, written as a text.
    Count,
    /// A natural number, written as a text.
    Ordinal,
    /// Numbers of runs such as `0|3-5|7`.
    Steps,
    /// A number of bytes.
    Bytes,
    /// An array of texts.
    Texts,
    /// An object with these keys.
    Section(&'static [Key]),
    /// An array of objects with these keys.
    Sections(&'static [Key]),
    /// Something that is not looked at.
    Any,
}

pub(super) type Key = (&'static str, Kind);

const SWITCH: Kind = Kind::Words(&["on", "off"]);
const BIT: Kind = Kind::Words(&["0", "1"]);

/// Of the whole file.
pub(super) const ALL: &[Key] = &[
    ("dump", Kind::Section(DUMP)),
    ("profiler", Kind::Section(PROFILER)),
    ("err_msg_mode", BIT),
    ("max_opqueue_num", Kind::Count),
    (
        "defaultDevice",
        Kind::Section(&[("default_device", Kind::Ordinal)]),
    ),
    ("StackSize", Kind::Section(STACKS)),
    ("simd_printf_fifo_size_per_core", Kind::Bytes),
    ("simt_printf_fifo_size", Kind::Bytes),
    ("acl_graph", Kind::Section(&[("event_mode", BIT)])),
];

/// How a dump fails decides between what the runtime refuses and what it passes over.
pub(super) const DUMP: &[Key] = &[
    ("dump_path", Kind::Folder),
    ("dump_mode", Kind::Words(&["input", "output", "all"])),
    ("dump_list", Kind::Sections(MODELS)),
    ("dump_op_switch", SWITCH),
    ("dump_debug", SWITCH),
    ("dump_step", Kind::Steps),
    ("dump_data", Kind::Words(&["tensor", "stats"])),
    ("dump_stats", Kind::Any),
    ("dump_level", Kind::Words(&["op", "kernel", "all"])),
    (
        "dump_scene",
        Kind::Words(&[
            "lite_exception",
            "aic_err_brief_dump",
            "aic_err_norm_dump",
            "aic_err_detail_dump",
            "watcher",
        ]),
    ),
    (
        "dump_kernel_data",
        Kind::List(&["all", "printf", "tensor", "assert", "timestamp"]),
    ),
];

const MODELS: &[Key] = &[
    ("model_name", Kind::Text),
    ("layer", Kind::Texts),
    ("watcher_nodes", Kind::Texts),
    ("optype_blacklist", Kind::Any),
    ("opname_blacklist", Kind::Any),
    ("opname_range", Kind::Any),
];

const PROFILER: &[Key] = &[
    ("switch", SWITCH),
    ("output", Kind::Text),
    ("storage_limit", Kind::Any),
    ("ascendcl", SWITCH),
    ("runtime_api", SWITCH),
    ("hccl", SWITCH),
    ("task_time", Kind::Any),
    ("aicpu", SWITCH),
    ("aic_metrics", Kind::Text),
    ("l2", SWITCH),
    ("sys_hardware_mem_freq", Kind::Any),
    ("llc_profiling", Kind::Any),
    ("lcc_profiling", Kind::Any),
    ("dvpp_freq", Kind::Any),
    ("host_sys", Kind::Any),
    ("host_sys_usage", Kind::Any),
    ("host_sys_usage_freq", Kind::Any),
    ("sys_io_sampling_freq", Kind::Any),
    ("sys_interconnection_freq", Kind::Any),
    ("msproftx", SWITCH),
];

const STACKS: &[Key] = &[
    ("aicore_stack_size", Kind::Bytes),
    ("simt_stack_size", Kind::Bytes),
    ("simt_divergence_stack_size", Kind::Bytes),
];
