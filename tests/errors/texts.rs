//! Errors are read as somebody does who sees nothing else: each says what was attempted, on what, and
//! what to do next.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ascend_graph::onnx::{Builder, Dim};
use ascend_mock::compiler::{CompileOptions, compile_model};
use ascend_mock::{Effect, Injection, MockConfig};
use ascend_rt::dump::DumpConfig;
use ascend_rt::weights::Checkpoint;
use ascend_rt::{
    Acl, AclConfig, DataType, DeviceBuffer, Error, ErrorKind, Input, Session, Tensor, convert,
    errors,
};
use ndarray::{ArrayD, IxDyn};

/// What a next step begins with.
const VERBS: &[&str] = &[
    "ask", "await", "change", "check", "choose", "convert", "copy", "count", "crop", "drop", "end",
    "export", "fetch", "fill", "find", "free", "get", "give", "have", "install", "keep", "leave",
    "load", "look", "make", "mend", "move", "name", "pipe", "put", "raise", "read", "rename",
    "report", "reshape", "reset", "run", "save", "scale", "see", "set", "shorten", "start", "stop",
    "store", "strip", "submit", "switch", "take", "tell", "try", "use", "wait", "write", "allow",
    "build", "call", "lower", "close", "restart", "reboot", "retry", "update", "upgrade",
    "compile", "reduce", "simplify", "add", "delete", "remove", "reload", "destroy", "create",
    "pass", "order", "rebuild", "avoid",
];

/// Whether one of the clauses begins with what to do.
pub(crate) fn has_step(text: &str) -> bool {
    let clauses = text.split(|c: char| ";:,(".contains(c));
    let clauses = clauses
        .flat_map(|clause| clause.split(" or "))
        .flat_map(|clause| clause.split(" and "));
    clauses.map(str::trim_start).any(|clause| {
        // What a format puts before it is not known.
        let known = clause
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'));
        let clause = known.map_or(clause, |(_, rest)| rest.trim_start());
        let word = clause
            .split(|c: char| !c.is_ascii_alphabetic())
            .next()
            .unwrap_or("");
        VERBS.contains(&word) || clause.starts_with("--")
    })
}

/// What is wrong with a text, by the rules.
fn faults(text: &str, subject: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if !text.contains(subject) {
        faults.push(format!("it does not name {subject}"));
    }
    if !has_step(text) {
        faults.push("it has no next step".to_owned());
    }
    for sign in [
        "Some(", "None", "Ok(", "Err(", "Os {", "Custom {", "kind:", "\n\n", "Error(",
    ] {
        if text.contains(sign) {
            faults.push(format!("it prints {sign:?}"));
        }
    }
    for word in text.split(|c: char| !c.is_ascii_digit()) {
        if word.len() == 6
            && let Some(entry) = errors::lookup(word)
            && let Some(name) = entry.name
            && !text.contains(name)
        {
            faults.push(format!("the number {word} is bare"));
        }
    }
    if text.ends_with('.') && !text.ends_with("..") && !text.contains("Solution") {
        faults.push("it ends with a full stop".to_owned());
    }
    faults
}

#[test]
fn the_rules_find_what_is_wrong() {
    for (text, fault) in [
        ("cannot read net.om: no such file", "no next step"),
        ("net.om failed with 507015; run it again", "bare"),
        ("net.om: Some(3) is wrong; give another", "prints"),
        ("the model is wrong; give another", "does not name net.om"),
        ("net.om is wrong; give another.", "full stop"),
    ] {
        let found = faults(text, "net.om").join(", ");
        assert!(found.contains(fault), "{text}: {found}");
    }
    assert_eq!(faults("net.om is wrong; give another", "net.om"), [""; 0]);
}

/// `y = x + x` as an `.om`.
pub(crate) fn model() -> Vec<u8> {
    let mut graph = Builder::new("doubled", 13);
    let dims = [Dim::from(2), Dim::from(3)];
    let x = graph.input("x", DataType::F32, &dims);
    graph.node_to("Add", "sum", &[&x, &x], &["y"], []);
    graph.output("y", DataType::F32, &dims);
    let mut om = Vec::new();
    compile_model(graph.build().unwrap(), &CompileOptions::default(), &mut om).unwrap();
    om
}

/// A folder with a model `y = x + x`, and files that are none.
struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let om = model();
        fs::write(folder.path().join("cut.om"), &om[..om.len() / 2]).unwrap();
        fs::write(folder.path().join("net.om"), om).unwrap();
        for name in [
            "noise.npy",
            "noise.pth",
            "noise.onnx",
            "noise.json",
            "noise.safetensors",
        ] {
            fs::write(
                folder.path().join(name),
                b"\x93NUMPY noise and nothing else",
            )
            .unwrap();
        }
        Self(folder)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn acl(config: MockConfig) -> Acl {
    Acl::mock(config).unwrap()
}

fn session(files: &Files, config: MockConfig) -> Session {
    let acl = acl(config);
    Session::load(&acl.device(0).unwrap(), files.at("net.om")).unwrap()
}

fn run(session: &mut Session, shape: &[usize]) -> Error {
    let x = ArrayD::<f32>::zeros(IxDyn(shape));
    session.run(&[Input::from(&x)]).map(drop).unwrap_err()
}

/// An error with its kind and what it has to name.
type Read = (ErrorKind, String, Error);

/// Of the runtime and of runs.
fn of_devices(files: &Files) -> Vec<Read> {
    use ErrorKind as K;
    let mut all = Vec::new();
    let mut add = |kind, subject: &str, error: Error| all.push((kind, subject.to_owned(), error));
    let shown = |name: &str| files.at(name).display().to_string();
    let none = files.at("none.om");
    // SAFETY: there is nothing to load at this place.
    let error = unsafe { Acl::load_from(Path::new("/nonexistent/cann")) }.unwrap_err();
    add(K::Library, "/nonexistent/cann", error);
    let (mut api, _lease) = ascend_mock::lease(MockConfig::default()).unwrap();
    api.aclrtSetDevice = None;
    // SAFETY: the CPU device keeps to AscendCL's rules; its lease outlives the handle.
    let lacking = unsafe { Acl::from_api(api) }.unwrap();
    add(
        K::MissingSymbol,
        "aclrtSetDevice",
        lacking.device(0).unwrap_err(),
    );
    let plain = acl(MockConfig::default());
    let device = plain.device(0).unwrap();
    add(K::Device, "device 7", plain.device(7).unwrap_err());
    let huge = DeviceBuffer::<u8>::new(&device.context(), 1 << 50);
    add(K::OutOfMemory, "aclrtMalloc", huge.map(drop).unwrap_err());
    let load = |path: &Path| Session::load(&device, path).map(drop).unwrap_err();
    add(K::Io, &none.display().to_string(), load(&none));
    add(K::Format, &shown("cut.om"), load(&files.at("cut.om")));
    let mut fine = session(files, MockConfig::default());
    add(K::Shape, "x", run(&mut fine, &[5, 5]));
    let error = fine.run(&[]).map(drop).unwrap_err();
    add(K::InvalidArgument, "x", error);
    for (code, kind) in [
        (507_015, K::Execution),
        (507_010, K::Device),
        (207_001, K::OutOfMemory),
        (500_000, K::Internal),
        (200_001, K::Unsupported),
        (145_022, K::Shape),
        (100_000, K::InvalidArgument),
        (507_999, K::Execution),
    ] {
        let fault = Injection::new("aclmdlExecuteAsync", Effect::Code(code)).nth(1);
        let mut session = session(files, MockConfig::default().inject(fault));
        add(kind, "net.om on device 0", run(&mut session, &[2, 3]));
    }
    all
}

/// Of files.
fn of_files(files: &Files) -> Vec<Read> {
    use ErrorKind as K;
    let mut all = Vec::new();
    let mut add = |kind, subject: &str, error: Error| all.push((kind, subject.to_owned(), error));
    let shown = |name: &str| files.at(name).display().to_string();
    let plain = acl(MockConfig::default());
    for name in ["noise.npy", "none.npy"] {
        let kind = if name == "none.npy" { K::Io } else { K::Format };
        add(
            kind,
            &shown(name),
            Tensor::read_npy(files.at(name)).unwrap_err(),
        );
    }
    let half = Tensor {
        dtype: DataType::BF16,
        shape: vec![1].into(),
        bytes: vec![0, 0].into(),
    };
    add(
        K::Unsupported,
        "bfloat16",
        half.write_npy(files.at("x.npy")).unwrap_err(),
    );
    for (name, kind) in [
        ("noise.pth", K::Format),
        ("none.pth", K::Io),
        ("noise.safetensors", K::Format),
    ] {
        add(
            kind,
            &shown(name),
            Checkpoint::open(files.at(name)).unwrap_err(),
        );
    }
    for (name, kind) in [("noise.onnx", K::Format), ("none.onnx", K::Io)] {
        let converted = convert::convert(
            &files.at(name),
            &files.at("out.om"),
            &convert::Options::default(),
        );
        add(kind, &shown(name), converted.unwrap_err());
    }
    for (name, kind) in [("noise.json", K::InvalidArgument), ("none.json", K::Io)] {
        add(
            kind,
            &shown(name),
            AclConfig::from_file(files.at(name)).unwrap_err(),
        );
    }
    let dump = DumpConfig::new(files.at("nowhere")).model("net");
    add(
        K::InvalidArgument,
        &shown("nowhere"),
        plain.dump(&dump).map(drop).unwrap_err(),
    );
    all
}

#[test]
fn errors_of_all_kinds_can_be_read() {
    let files = Files::new();
    let mut kinds = BTreeSet::new();
    let mut wrong = Vec::new();
    let all = of_devices(&files).into_iter().chain(of_files(&files));
    for (kind, subject, error) in all {
        let text = error.to_string();
        if error.kind() != kind {
            wrong.push(format!("{:?} and not {kind:?}: {text}", error.kind()));
        }
        let faults = faults(&text, &subject);
        if !faults.is_empty() {
            wrong.push(format!("{}: {text}", faults.join(", ")));
        }
        kinds.insert(format!("{kind:?}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(kinds.len(), 11, "a kind has no error here: {kinds:?}");
}
