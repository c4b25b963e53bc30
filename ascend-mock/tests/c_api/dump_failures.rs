//! Operators that overflow or fail are dumped where that is asked for.

use std::ffi::CStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use ascend_graph::DataType;
use ascend_graph::dump::{DumpFile, DumpName, Overflow};
use ascend_graph::onnx::{Builder, Dim};
use ascend_mock::{Effect, Engine, Injection};
use bytes::Bytes;

use crate::common::Library;
use crate::common::compiled::{Told, numbers};
use crate::common::models::{COUNT, fixed, floats};
use crate::dump::{Folder, expected, folders, init, load, run};

/// `y = x * x + x`, of four numbers.
fn square() -> Bytes {
    let dims = [Dim::Fixed(4)];
    let mut graph = Builder::new("square", 13);
    let x = graph.input("x", DataType::F32, &dims);
    let square = graph.node("Mul", "square", &[&x, &x], []);
    graph.node_to("Add", "sum", &[&square, &x], &["y"], []);
    graph.output("y", DataType::F32, &dims);
    let model = graph.build().unwrap();
    Told::default()
        .compile_for(&model, &Engine::Rten)
        .unwrap()
        .0
}

#[test]
fn an_operator_that_overflows_is_two_files() {
    let folder = Folder::new();
    let rig = init(&folder.config(r#""dump_debug": "on""#));
    let model = load(&rig, &folder.file("net.om", &square()));
    let run = |x: [f32; 4]| {
        let (input, output) = (rig.input(&x), rig.empty());
        assert_eq!(acl!(rig.aclmdlExecute(model, input, output)), 0);
        rig.output(output)[..4].to_vec()
    };
    assert_eq!(run([1.0, 2.0, 3.0, 4.0]), [2.0, 6.0, 12.0, 20.0]);
    // What was infinite before did not overflow here.
    run([f32::INFINITY, f32::NAN, 3.0, 4.0]);
    assert!(folders(&folder.0).is_empty());
    assert!(run([1.0, -1e30, 3.0, 4.0])[1].is_infinite());
    let dumps = folder.dumps();
    let [(operator, file), (noticed, told)] = &dumps[..] else {
        panic!("{dumps:?}");
    };
    let place = format!("0/net/{model}/2/");
    let name = DumpName::parse(operator.strip_prefix(&place).unwrap()).unwrap();
    assert_eq!((&*name.op_type, &*name.op_name), ("Mul", "square"));
    let file = DumpFile::read(file).unwrap();
    assert_eq!((file.inputs.len(), file.outputs.len()), (2, 1));
    assert_eq!(
        floats(&file.outputs[0].bytes),
        [1.0, f32::INFINITY, 9.0, 16.0]
    );
    let noticed = noticed.strip_prefix(&place).unwrap();
    assert!(noticed.starts_with("Opdebug.Node_OpDebug."), "{noticed}");
    let told = Overflow::of(&DumpFile::read(told).unwrap()).unwrap();
    assert_eq!(
        told,
        Overflow {
            model: model.into(),
            stream: 0,
            task: name.task,
            block: 0,
            status: Overflow::FLOATING_POINT,
        }
    );
}

/// The files of device 0 that tell of failures.
fn failures(folder: &Folder) -> Vec<(String, DumpFile)> {
    let Ok(entries) = fs::read_dir(folder.0.join("extra-info/data-dump/0")) else {
        return Vec::new();
    };
    let read = |path: PathBuf| {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o400);
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, DumpFile::read(&fs::read(&path).unwrap()).unwrap())
    };
    let mut found: Vec<_> = entries.map(|entry| read(entry.unwrap().path())).collect();
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}

fn shifted() -> Vec<f32> {
    numbers(COUNT)
        .into_iter()
        .map(|number| number - 1.0)
        .collect()
}

#[test]
fn what_a_failing_operator_took_is_dumped() {
    for (scene, is_named) in [
        ("lite_exception", false),
        ("aic_err_brief_dump", false),
        ("aic_err_detail_dump", false),
        ("aic_err_norm_dump", true),
    ] {
        let folder = Folder::new();
        let rig = init(&folder.config(&format!(r#""dump_scene": "{scene}""#)));
        let model = load(&rig, &folder.file("net.om", &fixed()));
        let fault = |function| {
            let fault = Injection::new(function, Effect::Task(507_015));
            rig.lease.inject(fault.operator("relu").times(1)).unwrap();
        };
        assert_eq!(run(&rig, model), expected());
        let stream = made!(rig.aclrtCreateStream());
        let (input, output) = (rig.input(&numbers(COUNT)), rig.empty());
        let ask = || acl!(rig.aclmdlExecuteAsync(model, input, output, stream));
        fault("aclmdlExecuteAsync");
        assert_eq!(ask(), 0);
        let mut task = 0;
        assert_eq!(acl!(rig.aclrtGetThreadLastTaskId(&raw mut task)), 0);
        assert_eq!(rig.synchronize(stream), 507_015);
        let found = failures(&folder);
        let [(name, file)] = &found[..] else {
            panic!("{scene}: {found:?}");
        };
        assert_eq!((&*file.op_name, file.outputs.len()), ("relu", 0));
        let inputs: Vec<_> = file
            .inputs
            .iter()
            .map(|input| floats(&input.bytes))
            .collect();
        assert_eq!(inputs, [shifted()]);
        let mut id = -1;
        assert_eq!(acl!(rig.aclrtStreamGetId(stream, &raw mut id)), 0);
        let start = if is_named {
            format!("Relu.relu.{task}.")
        } else {
            format!("exception_info.{id}.{task}.")
        };
        let time = name.strip_prefix(&start).unwrap();
        assert!(time.starts_with("20") && time.len() == 17, "{name}");
        // Outputs were left alone, and the next run is sound.
        assert_eq!((ask(), rig.synchronize(stream)), (0, 0));
        assert_eq!(rig.output(output), expected());
        // A blocking run has a task, too.
        fault("aclmdlExecute");
        assert_eq!(acl!(rig.aclmdlExecute(model, input, output)), 507_015);
        assert_eq!(failures(&folder).len(), 2);
    }
}

#[test]
fn failures_are_dumped_beside_other_dumps_that_are_set_later() {
    let folder = Folder::new();
    let other = Folder::new();
    let rig = init(&folder.config(r#""dump_scene": "lite_exception""#));
    let dump = Library {
        api: rig.lease.dump(),
    };
    let mut path = [0; 256];
    let mut ask = |room| acl!(dump.acldumpGetExceptionInfoPath(path.as_mut_ptr(), room));
    assert_eq!([ask(256), ask(8)], [0, 100_000]);
    // SAFETY: the call above wrote a text of C.
    let path = unsafe { CStr::from_ptr(path.as_ptr()) };
    let place = format!("{}/extra-info/data-dump/0/", folder.0.display());
    assert_eq!(path.to_str(), Ok(&*place));
    assert_eq!(acl!(rig.aclmdlInitDump()), 0);
    let config = other.config(r#""dump_list": [{}]"#);
    assert_eq!(acl!(rig.aclmdlSetDump(config.as_ptr())), 0);
    let model = load(&rig, &folder.file("net.om", &fixed()));
    let fault = Injection::new("aclmdlExecute", Effect::Task(507_015)).operator("add");
    rig.lease.inject(fault.times(1)).unwrap();
    let (input, output) = (rig.input(&numbers(COUNT)), rig.empty());
    assert_eq!(acl!(rig.aclmdlExecute(model, input, output)), 507_015);
    assert_eq!(run(&rig, model), expected());
    assert_eq!((failures(&folder).len(), other.dumps().len()), (1, 2));
}

#[test]
fn a_failure_that_nobody_asked_to_dump_is_not_dumped() {
    let folder = Folder::new();
    let rig = init(&folder.config(r#""dump_debug": "on""#));
    let model = load(&rig, &folder.file("net.om", &fixed()));
    let fault = Injection::new("aclmdlExecute", Effect::Task(507_015)).operator("relu");
    rig.lease.inject(fault).unwrap();
    let (input, output) = (rig.input(&numbers(COUNT)), rig.empty());
    assert_eq!(acl!(rig.aclmdlExecute(model, input, output)), 507_015);
    assert_eq!((failures(&folder).len(), folder.dumps().len()), (0, 0));
}
