//! Programs in C, C++ and Python run on the library as they would on CANN's.
//!
//! `ASCEND_CLIENT_INCLUDE` names further header folders to compile them with, such as a real
//! toolkit's; `ASCEND_CLIENT_FLAGS` further options of the compiler, such as sanitizers;
//! `ASCEND_CLIENT_RUNNER` a program to run them under, such as valgrind with its options.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test ends where it fails, and says what it skips"
)]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ascend_rt::convert::{self, Gears, Options};
use ascend_rt::vision::{Picture, Preprocess, Resize};
use ascend_rt::{Acl, MockConfig, Session};
use ascend_sys::{
    AclApi, AclnnApi, AclnnBaseApi, CblasApi, DumpApi, DvppApi, FvApi, OpCompilerApi, PlatformApi,
    ProfApi, SuperKernelApi, TdtApi,
};
use ndarray::ArrayView4;
use tempfile::TempDir;

/// Of the pictures, in pixels.
const SIDE: u32 = 64;

/// The checkout's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder with the library under the names that programs know.
struct Library {
    folder: TempDir,
}

impl Library {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let test = env::current_exe().unwrap();
        let built = test.with_file_name("libascend_mock_so.so");
        symlink(built, folder.path().join("libascendcl.so")).unwrap();
        for name in ["libacl_rt.so", "libacl_mdl.so", "libacl_cblas.so"] {
            symlink("libascendcl.so", folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// The header folders: ours, and those that the environment names.
fn header_folders() -> Vec<PathBuf> {
    let others = env::var_os("ASCEND_CLIENT_INCLUDE").unwrap_or_default();
    let mut folders = vec![root().join("ascend-sys/include")];
    folders.extend(env::split_paths(&others).filter(|folder| !folder.as_os_str().is_empty()));
    folders
}

fn compiler(source: &str) -> Command {
    let (variable, default, standard) = if Path::new(source).extension() == Some("cpp".as_ref()) {
        ("CXX", "c++", "-std=c++11")
    } else {
        ("CC", "cc", "-std=c11")
    };
    let mut command = Command::new(env::var_os(variable).unwrap_or_else(|| default.into()));
    let flags = env::var("ASCEND_CLIENT_FLAGS").unwrap_or_default();
    command.args(flags.split_whitespace());
    command.args([
        standard,
        "-D_GNU_SOURCE",
        "-O1",
        "-g",
        "-Wall",
        "-Wextra",
        "-Werror",
    ]);
    command
}

/// As hardware, and looking for what hardware lets pass.
const CONFIGURATIONS: [&str; 2] = ["", "strict = true\nseed = 1\nreport = \"stderr\"\n"];

/// Compiles `source` against every set of headers, and runs each program with `arguments` on every
/// kind of device. None of them may have anything to complain of.
fn runs(source: &str, arguments: &[&Path]) -> Vec<String> {
    let library = Library::new();
    let compile = |headers: &Path, program: &Path| {
        let output = compiler(source)
            .arg("-isystem")
            .arg(headers)
            .arg(root().join("tests/c").join(source))
            .arg("-o")
            .arg(program)
            .arg("-L")
            .arg(library.path())
            .args(["-lascendcl", "-lpthread"])
            .output();
        match output {
            Ok(output) => assert!(output.status.success(), "{source}: {}", said(&output)),
            Err(error) => {
                println!("skipped: there is no compiler for {source} ({error})");
                return false;
            }
        }
        true
    };
    let mut outputs = Vec::new();
    for (number, headers) in header_folders().iter().enumerate() {
        let program = library.path().join(format!("client{number}"));
        if compile(headers, &program) {
            let runs = CONFIGURATIONS.map(|on| run(&library, &program, arguments, on));
            outputs.extend(runs);
        }
    }
    outputs
}

fn run(library: &Library, program: &Path, arguments: &[&Path], configuration: &str) -> String {
    let runner = env::var("ASCEND_CLIENT_RUNNER").unwrap_or_default();
    let mut line = runner
        .split_whitespace()
        .map(PathBuf::from)
        .chain([program.to_owned()]);
    let output = Command::new(line.next().unwrap())
        .args(line)
        .args(arguments)
        .env("LD_LIBRARY_PATH", library.path())
        .env("ASCEND_MOCK_CONFIG", configuration)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}: {}",
        program.display(),
        said(&output)
    );
    if env::var_os("ASCEND_CLIENT_RUNNER").is_none() {
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
    String::from_utf8(output.stdout).unwrap()
}

fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    format!("{}\n{}", output.status, String::from_utf8_lossy(&text))
}

fn weights() -> PathBuf {
    root().join("examples/resnet50/resnet50_slim.safetensors")
}

/// How the classifier is converted, for so many pictures at once or for any number.
fn options(batch: Option<usize>) -> Options {
    let mut options = Options::default();
    options.network.size = (SIDE as usize, SIDE as usize);
    options.network.batch = batch;
    options
}

/// A classifier with its input, and what it must answer to it, as files.
struct Classifier {
    folder: TempDir,
}

impl Classifier {
    fn new(pictures: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = Self { folder };
        let [om, input_file, expected_file] = made.files();
        convert::convert(&weights(), &om, &options(Some(pictures.len()))).unwrap();

        let preprocess = Preprocess::builder()
            .with_resize(Resize::ShortSide(SIDE))
            .with_crop(SIDE, SIDE)
            .build()
            .unwrap();
        let mut input = vec![0.0; pictures.len() * preprocess.len()];
        for (name, part) in pictures.iter().zip(input.chunks_mut(preprocess.len())) {
            let picture = Picture::open(root().join("examples/resnet50/pictures").join(name));
            preprocess.apply::<f32>(&picture.unwrap(), part).unwrap();
        }
        let acl = Acl::mock(MockConfig::default()).unwrap();
        let mut session = Session::load(&acl.device(0).unwrap(), &om).unwrap();
        let shape = [pictures.len(), 3, SIDE as usize, SIDE as usize];
        let array = ArrayView4::from_shape(shape, &input).unwrap();
        let outputs = session.run(&[(&array).into()]).unwrap();
        fs::write(expected_file, outputs.iter().next().unwrap().bytes()).unwrap();
        fs::write(input_file, bytemuck::cast_slice::<f32, u8>(&input)).unwrap();
        made
    }

    fn files(&self) -> [PathBuf; 3] {
        ["model.om", "input.bin", "expected.bin"].map(|name| self.folder.path().join(name))
    }
}

/// Compiles and runs a client that takes a classifier's files.
fn classifies(source: &str, classifier: &Classifier) -> Vec<String> {
    let files = classifier.files();
    runs(source, &files.each_ref().map(PathBuf::as_path))
}

#[test]
fn a_sample_classifies() {
    for output in classifies("classify.c", &Classifier::new(&["mug.jpg"])) {
        assert_eq!(output, "input: 49152 bytes in, 64 bytes out\nclass 8\n");
    }
}

#[test]
fn a_program_in_cpp_classifies_on_a_thread_of_its_own() {
    for output in classifies("classify.cpp", &Classifier::new(&["mug.jpg"])) {
        assert_eq!(output, "16 scores\n");
    }
}

#[test]
fn streams_take_turns_by_events() {
    for output in runs("streams.c", &[]) {
        assert_eq!(output, "32 rounds\n");
    }
}

#[test]
fn results_arrive_in_callbacks() {
    for output in classifies("classify_async.c", &Classifier::new(&["ball.jpg"])) {
        assert_eq!(output, "6 results in callbacks\n");
    }
}

#[test]
fn memory_is_copied_in_all_ways() {
    for output in runs("copies.c", &[]) {
        assert_eq!(output, "all kinds\n");
    }
}

#[test]
fn work_is_captured_and_replayed() {
    for output in runs("graph.c", &[]) {
        assert_eq!(output, "10 replays\n");
    }
}

#[test]
fn two_processes_share_memory() {
    for output in runs("sharing.c", &[]) {
        assert_eq!(output, "two processes\n");
    }
}

#[test]
fn a_model_is_switched_between_its_gears() {
    let pictures = ["mug.jpg", "ball.jpg", "fish.jpg", "star.jpg"];
    let classifier = Classifier::new(&pictures);
    let mut options = options(None);
    let shape = format!("input:-1,3,{SIDE},{SIDE}");
    options.input_shapes = vec![shape.parse().unwrap()];
    options.gears = Gears::Batch(vec![1, 2, 4]);
    let om = &classifier.files()[0];
    convert::convert(&weights(), om, &options).unwrap();
    for output in classifies("dynamic_batch.c", &classifier) {
        assert_eq!(output, "batch 1\nbatch 2\nbatch 4\n");
    }
}

#[test]
fn the_errors_are_those_of_hardware() {
    for output in runs("errors.c", &[]) {
        assert_eq!(output, "as on hardware\n");
    }
}

#[test]
fn python_opens_it_by_name() {
    let library = Library::new();
    let script = root().join("tests/c/client.py");
    let output = Command::new("python3")
        .arg(script)
        .env("LD_LIBRARY_PATH", library.path())
        .output();
    match output {
        Ok(output) => {
            assert!(output.status.success(), "{}", said(&output));
            assert_eq!(output.stdout, b"Ascend-CPU\n");
        }
        Err(error) => println!("skipped: there is no python3 ({error})"),
    }
}

#[test]
fn only_the_c_names_are_exported() {
    let library = Library::new();
    let output = Command::new("nm")
        .args(["-D", "--defined-only"])
        .arg(library.path().join("libascendcl.so"))
        .output();
    let Ok(output) = output else {
        println!("skipped: there is no nm");
        return;
    };
    let names: BTreeSet<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| line.rsplit(' ').next().map(str::to_owned))
        .collect();
    let symbols = [
        AclApi::SYMBOLS,
        OpCompilerApi::SYMBOLS,
        CblasApi::SYMBOLS,
        TdtApi::SYMBOLS,
        ProfApi::SYMBOLS,
        DumpApi::SYMBOLS,
        DvppApi::SYMBOLS,
        FvApi::SYMBOLS,
        PlatformApi::SYMBOLS,
        SuperKernelApi::SYMBOLS,
        AclnnBaseApi::SYMBOLS,
        AclnnApi::SYMBOLS,
    ];
    let symbols = symbols.into_iter().flatten();
    let mut expected: BTreeSet<String> = symbols.map(ToString::to_string).collect();
    expected.insert("aclAppLog".to_owned());
    let foreign: Vec<_> = names.symmetric_difference(&expected).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}
