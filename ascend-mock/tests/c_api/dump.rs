//! Dumps of what operators take and give.

use std::ffi::CString;
use std::fs;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

use ascend_graph::DataType;
use ascend_graph::dump::{DumpFile, DumpName};
use ascend_graph::onnx::{Attribute, Builder, Dim};
use ascend_mock::{Engine, MockConfig};
use bytes::Bytes;

use crate::common::compiled::{Told, numbers};
use crate::common::models::{COUNT, fixed, floats};
use crate::common::{NULL, Rig};

/// A folder of a test's own, which it removes.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let (pid, next) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(format!("ascend-mock-{pid}-dump-{next}"));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// Writes a configuration whose dump section has these keys.
    pub(crate) fn config(&self, keys: &str) -> CString {
        let path = self.0.to_str().unwrap();
        let text = format!("{{\"dump\": {{\"dump_path\": {path:?}, {keys}}}}}");
        self.file("acl.json", text.as_bytes())
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> CString {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        CString::new(path.to_str().unwrap()).unwrap()
    }

    /// The dumped files: their places below the folder of the moment, and what they hold.
    pub(crate) fn dumps(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        for moment in folders(&self.0) {
            let name = moment.file_name().unwrap().to_str().unwrap();
            assert!(name.len() == 14 && name.bytes().all(|byte| byte.is_ascii_digit()));
            for run in folders(&moment).iter().flat_map(|device| folders(device)) {
                for run in folders(&run).iter().flat_map(|model| folders(model)) {
                    for file in fs::read_dir(&run).unwrap() {
                        let file = file.unwrap().path();
                        let place = file.strip_prefix(&moment).unwrap();
                        found.push((place.to_str().unwrap().to_owned(), fs::read(&file).unwrap()));
                    }
                }
            }
        }
        found.sort();
        found
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).collect()
}

/// Only this engine tells of operators.
pub(crate) fn watchable() -> MockConfig {
    Rig::strict().engine(Engine::Rten)
}

/// Initialises a device with a configuration, and sets it.
pub(crate) fn init(config: &CString) -> Rig {
    let rig = Rig::bare(watchable());
    assert_eq!(acl!(rig.aclInit(config.as_ptr())), 0, "{:?}", rig.message());
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    rig
}

pub(crate) fn load(rig: &Rig, path: &CString) -> u32 {
    let mut id = 0;
    assert_eq!(acl!(rig.aclmdlLoadFromFile(path.as_ptr(), &raw mut id)), 0);
    id
}

pub(crate) fn run(rig: &Rig, model: u32) -> Vec<f32> {
    let (input, output) = (rig.input(&numbers(COUNT)), rig.empty());
    assert_eq!(
        acl!(rig.aclmdlExecute(model, input, output)),
        0,
        "{:?}",
        rig.message()
    );
    rig.output(output)
}

pub(crate) fn expected() -> Vec<f32> {
    let shifted = numbers(COUNT).into_iter().map(|number| number - 1.0);
    shifted.map(|number| number.max(0.0)).collect()
}

#[test]
fn each_operator_of_each_run_is_a_file() {
    let folder = Folder::new();
    let config = folder.config(r#""dump_list": [{"model_name": "net"}], "dump_mode": "all""#);
    let rig = init(&config);
    let model = load(&rig, &folder.file("net.om", &fixed()));
    for _ in 0..2 {
        assert_eq!(run(&rig, model), expected());
    }
    let dumps = folder.dumps();
    assert_eq!(dumps.len(), 4, "{dumps:?}");
    for ((place, bytes), (index, run, op_type, op_name)) in dumps.iter().zip([
        (0, 0, "Add", "add"),
        (1, 0, "Relu", "relu"),
        (0, 1, "Add", "add"),
        (1, 1, "Relu", "relu"),
    ]) {
        let (place, name) = place.rsplit_once('/').unwrap();
        assert_eq!(place, format!("0/net/{model}/{run}"));
        let name = DumpName::parse(name).unwrap();
        assert_eq!(
            (name.op_type.as_str(), name.op_name.as_str()),
            (op_type, op_name)
        );
        assert_eq!((name.task, name.stream), (index, 0));
        let file = DumpFile::read(bytes).unwrap();
        assert_eq!((file.op_name.as_str(), file.time), (op_name, name.time));
        let tensors = file.inputs.iter().chain(&file.outputs);
        for tensor in tensors {
            assert_eq!(
                (tensor.dtype, &tensor.dims[..]),
                (DataType::F32, &[COUNT][..])
            );
            assert_eq!(tensor.original_dims, tensor.dims);
        }
        let [output] = &file.outputs[..] else {
            panic!("{op_name} gives one value");
        };
        assert_eq!(output.original.as_ref().unwrap().name, op_name);
        let inputs: Vec<Vec<f32>> = file
            .inputs
            .iter()
            .map(|input| floats(&input.bytes))
            .collect();
        if op_name == "add" {
            assert_eq!(inputs, [numbers(COUNT), vec![-1.0; COUNT]]);
        } else {
            assert_eq!(floats(&output.bytes), expected());
            let sums = numbers(COUNT).into_iter().map(|number| number - 1.0);
            assert_eq!(inputs, [sums.collect::<Vec<f32>>()]);
        }
    }
}

#[test]
fn layers_modes_and_models_choose_what_is_written() {
    for (keys, expected) in [
        (r#""dump_list": [{}]"#, &[("add", 0, 1), ("relu", 0, 1)][..]),
        (
            r#""dump_list": [{"layer": ["relu"]}], "dump_mode": "input""#,
            &[("relu", 1, 0)],
        ),
        (
            r#""dump_list": [{"model_name": "model"}]"#,
            &[("add", 0, 1), ("relu", 0, 1)],
        ),
        (r#""dump_list": [{"model_name": "other"}]"#, &[]),
        (
            r#""dump_list": [{"model_name": "net", "layer": ["none"]}]"#,
            &[],
        ),
        (r#""dump_list": [], "dump_op_switch": "on""#, &[]),
    ] {
        let folder = Folder::new();
        let rig = init(&folder.config(keys));
        let model = load(&rig, &folder.file("net.om", &fixed()));
        run(&rig, model);
        let files = folder.dumps();
        let found: Vec<_> = files
            .iter()
            .map(|(_, bytes)| DumpFile::read(bytes).unwrap())
            .collect();
        let found: Vec<_> = found
            .iter()
            .map(|file| (file.op_name.as_str(), file.inputs.len(), file.outputs.len()))
            .collect();
        assert_eq!(found, expected, "{keys}");
    }
}

#[test]
fn what_is_set_later_holds_for_models_that_are_loaded_later() {
    let folder = Folder::new();
    let config = folder.config(r#""dump_list": [{}]"#);
    let rig = Rig::with(watchable());
    let earlier = rig.load(&fixed());
    assert_eq!(acl!(rig.aclmdlInitDump()), 0);
    assert_eq!(acl!(rig.aclmdlSetDump(config.as_ptr())), 0);
    let later = rig.load(&fixed());
    run(&rig, earlier);
    assert!(folder.dumps().is_empty());
    let stream = made!(rig.aclrtCreateStream());
    let (input, output) = (rig.input(&numbers(COUNT)), rig.empty());
    assert_eq!(
        acl!(rig.aclmdlExecuteAsync(later, input, output, stream)),
        0
    );
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(rig.output(output), expected());
    let dumps = folder.dumps();
    assert_eq!(dumps.len(), 2);
    // A model from memory goes by the name inside of its file.
    assert!(
        dumps[0]
            .0
            .starts_with(&format!("0/model/{later}/0/Add.add.0.")),
        "{}",
        dumps[0].0
    );
    assert_eq!(acl!(rig.aclmdlFinalizeDump()), 0);
    run(&rig, later);
    let unset = rig.load(&fixed());
    run(&rig, unset);
    assert_eq!(folder.dumps().len(), 2);
}

#[test]
fn statistics_are_tables() {
    let folder = Folder::new();
    let rig = init(&folder.config(r#""dump_list": [{}], "dump_data": "stats""#));
    let model = rig.load(&fixed());
    run(&rig, model);
    let dumps = folder.dumps();
    assert_eq!(dumps.len(), 2);
    let (place, table) = &dumps[1];
    assert!(place.contains("/Relu.relu.1.0."), "{place}");
    assert_eq!(Path::new(place).extension().unwrap(), "csv");
    let table = std::str::from_utf8(table).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 2, "{table}");
    assert!(lines[0].starts_with("Input/Output,Index,Data Size,Data Type,Format,Shape,Count,"));
    let most = expected().into_iter().fold(0_f32, f32::max);
    assert!(
        lines[1].starts_with(&format!("Output,0,256,FLOAT,ND,64,64,{most},0,")),
        "{table}"
    );
}

#[test]
fn a_folder_that_cannot_be_written_to_stops_no_run() {
    let folder = Folder::new();
    let rig = init(&folder.config(r#""dump_list": [{}]"#));
    let model = rig.load(&fixed());
    fs::remove_dir_all(&folder.0).unwrap();
    fs::write(&folder.0, "in the way").unwrap();
    assert_eq!(run(&rig, model), expected());
    fs::remove_file(&folder.0).unwrap();
}

#[test]
fn models_that_nobody_watches_are_left_alone() {
    let rig = Rig::with(MockConfig::default());
    let model = rig.load(&fixed());
    assert_eq!(run(&rig, model), expected());
    assert_eq!(acl!(rig.aclmdlInitDump()), 0);
    assert_eq!(acl!(rig.aclmdlSetDump(ptr::null())), 100_000);
    assert_eq!(run(&rig, model), expected());
    assert_eq!(rig.synchronize(NULL), 0);
}

/// `y = softmax(x) + 2`, of all axes but the first, which the compiler writes out in several operators.
fn rewritten(name: &str) -> Bytes {
    let dims = [2, 4, 8].map(Dim::Fixed);
    let mut graph = Builder::new("rewritten", 11);
    let x = graph.input("x", DataType::F32, &dims);
    let two = 2_f32.to_le_bytes().repeat(8);
    let two = graph.initializer("two", DataType::F32, &[8], two.into());
    let axis = [Attribute::int("axis", 1)];
    let soft = graph.node("Softmax", "/layer.1/soft max", &[&x], axis);
    graph.node_to("Add", name, &[&two, &soft], &["y"], []);
    graph.output("y", DataType::F32, &dims);
    let model = graph.build().unwrap();
    Told::default()
        .compile_for(&model, &Engine::Rten)
        .unwrap()
        .0
}

#[test]
fn operators_are_the_nodes_of_the_model_under_names_that_files_can_have() {
    let folder = Folder::new();
    let rig = init(&folder.config(r#""dump_list": [{}], "dump_mode": "all""#));
    let long = "n".repeat(300);
    let model = load(&rig, &folder.file("deep.er net.om", &rewritten(&long)));
    let computed = run(&rig, model);
    let dumps = folder.dumps();
    let [number, soft, mapping] = &dumps[..] else {
        panic!("{dumps:?}");
    };
    let place = format!("0/deep_er_net/{model}/0");
    let name = soft.0.strip_prefix(&place).unwrap().trim_start_matches('/');
    let name = DumpName::parse(name).unwrap();
    assert_eq!(
        (name.op_type.as_str(), name.op_name.as_str()),
        ("Softmax", "_layer_1_soft_max")
    );
    let file = DumpFile::read(&soft.1).unwrap();
    assert_eq!(file.op_name, "/layer.1/soft max");
    assert_eq!(
        (file.inputs.len(), &file.outputs[0].dims[..]),
        (1, &[2, 4, 8][..])
    );
    let sums = floats(&file.outputs[0].bytes);
    let sums = sums.chunks(32).map(|half| half.iter().sum::<f32>());
    assert!(sums.into_iter().all(|sum| (sum - 1.0).abs() < 1e-5));
    let file = DumpFile::read(&number.1).unwrap();
    assert_eq!((file.op_name, file.inputs.len()), (long.clone(), 2));
    assert_eq!(floats(&file.inputs[0].bytes), [2.0; 8]);
    assert_eq!(floats(&file.outputs[0].bytes), computed);
    let digits = number.0.rsplit('/').next().unwrap();
    assert!(digits.bytes().all(|byte| byte.is_ascii_digit()), "{digits}");
    assert_eq!(mapping.0, format!("{place}/mapping.csv"));
    let line = std::str::from_utf8(&mapping.1).unwrap();
    assert!(
        line.starts_with(&format!("{digits},Add.{long}.1.0.")),
        "{line}"
    );
}
