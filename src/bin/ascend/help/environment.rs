//! The variables of the environment that the program reads.

/// Variables that belong together.
pub(super) struct Variables {
    pub(super) names: &'static str,
    pub(super) meaning: &'static str,
    /// The commands that read them; none stands for all that work on a device.
    commands: &'static [&'static str],
}

/// The commands that work on no device.
const WITHOUT_DEVICE: [&str; 7] = [
    "doctor",
    "diff",
    "bundle",
    "explain",
    "completions",
    "man",
    "mock",
];

const ALL: [Variables; 11] = [
    on_device(
        "ASCEND_TOOLKIT_HOME, ASCEND_HOME_PATH",
        "The folder of CANN's toolkit, as its set_env.sh sets them.",
    ),
    on_device(
        "LD_LIBRARY_PATH",
        "Folders in which libascendcl.so is looked for first.",
    ),
    on_device(
        "ASCEND_RT_VISIBLE_DEVICES",
        "The devices that the program sees, such as 0,2; the first of them is its device 0.",
    ),
    on_device(
        "ASCEND_MOCK_CONFIG",
        "The CPU device in TOML, such as devices = 2, or a file with that.",
    ),
    on_device(
        "ASCEND_MOCK_SOC, ASCEND_MOCK_DEVICES, ASCEND_MOCK_SEED, ASCEND_MOCK_STRICT",
        "Single values of it.",
    ),
    on_device(
        "ASCEND_MOCK_ENGINE, ORT_DYLIB_PATH",
        "What computes on the CPU device, as --engine tells it, and the library of ONNX Runtime.",
    ),
    of(
        &["convert"],
        "ASCEND_OPP_PATH",
        "The folder of CANN's operators, which atc reads.",
    ),
    of(
        &["convert"],
        "XDG_CACHE_HOME, HOME, TMPDIR",
        "Where earlier results of atc are kept, and where it works.",
    ),
    of(
        &["run", "bench", "msame"],
        "PATH",
        "Where msprof and npu-smi are looked for.",
    ),
    of(
        &["man"],
        "SOURCE_DATE_EPOCH",
        "The date of the pages in seconds since 1970, instead of today's.",
    ),
    of(
        &["classify"],
        "JOB_COMPLETION_INDEX, JOB_COMPLETION_COUNT",
        "Which part of the pictures is classified, of how many, as indexed jobs of Kubernetes set them.",
    ),
];

const fn on_device(names: &'static str, meaning: &'static str) -> Variables {
    of(&[], names, meaning)
}

const fn of(
    commands: &'static [&'static str],
    names: &'static str,
    meaning: &'static str,
) -> Variables {
    Variables {
        names,
        meaning,
        commands,
    }
}

/// The variables that a command reads; all of them for the program as a whole.
pub(super) fn read_by(path: &[&str]) -> Vec<&'static Variables> {
    let is_read = |variables: &&Variables| match (path.first(), variables.commands) {
        (None, _) => true,
        (Some(command), []) => !WITHOUT_DEVICE.contains(command),
        (Some(command), commands) => commands.contains(command),
    };
    ALL.iter().filter(is_read).collect()
}
