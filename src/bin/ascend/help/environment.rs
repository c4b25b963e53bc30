//! The variables of the environment that the program reads.

/// Variables that belong together.
pub(super) struct Variables {
    pub(super) names: &'static str,
    pub(super) meaning: &'static str,
    readers: Readers,
}

/// The commands that read variables.
enum Readers {
    All,
    OnDevice,
    These(&'static [&'static str]),
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

const ALL: [Variables; 13] = [
    of_all(
        "ASCEND_LANG, LC_ALL, LC_MESSAGES, LANG",
        "The language of what people read, en or zh; the first one that is set counts.",
    ),
    of_all("ASCEND_LOG", "What is logged, as --log-level tells it."),
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

const fn of_all(names: &'static str, meaning: &'static str) -> Variables {
    Variables {
        names,
        meaning,
        readers: Readers::All,
    }
}

const fn on_device(names: &'static str, meaning: &'static str) -> Variables {
    Variables {
        names,
        meaning,
        readers: Readers::OnDevice,
    }
}

const fn of(
    commands: &'static [&'static str],
    names: &'static str,
    meaning: &'static str,
) -> Variables {
    Variables {
        names,
        meaning,
        readers: Readers::These(commands),
    }
}

/// The variables that a command reads; all of them for the program as a whole.
pub(super) fn read_by(path: &[&str]) -> Vec<&'static Variables> {
    let is_read = |variables: &&Variables| match (path.first(), &variables.readers) {
        (None, _) | (_, Readers::All) => true,
        (Some(command), Readers::OnDevice) => !WITHOUT_DEVICE.contains(command),
        (Some(command), Readers::These(commands)) => commands.contains(command),
    };
    ALL.iter().filter(is_read).collect()
}
