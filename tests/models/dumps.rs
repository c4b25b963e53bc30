//! Dumps of models that run, from the configuration to the numbers.

use std::fs;

use ascend_mock::MockConfig;
use ascend_rt::dump::{Data, DumpConfig, DumpFolder, Mode, Overflow};
use ascend_rt::{Acl, AclConfig, ErrorKind, Session};

use super::made::{Told, dense, doubled, numbers, run};

fn floats(bytes: &[u8]) -> Vec<f32> {
    let (numbers, rest) = bytes.as_chunks();
    assert!(rest.is_empty());
    numbers
        .iter()
        .map(|number| f32::from_le_bytes(*number))
        .collect()
}

#[test]
fn a_dump_has_what_the_operators_computed() {
    let folder = tempfile::tempdir().unwrap();
    let om = folder.path().join("dense.om");
    fs::write(&om, Told::shapes("x:2,64").om(&dense(1.5))).unwrap();
    let [dumps, others] = ["dumps", "others"].map(|name| {
        let place = folder.path().join(name);
        fs::create_dir(&place).unwrap();
        place
    });
    let acl = Acl::mock(MockConfig::default()).unwrap();
    let device = acl.device(0).unwrap();
    let x = numbers(&[2, 64]);
    let mut before = Session::load(&device, &om).unwrap();
    let config = DumpConfig::new(&dumps).model_of(&om).mode(Mode::All);
    let mut dump = acl.dump(&config).unwrap();
    let mut session = Session::load(&device, &om).unwrap();
    // What was loaded before is not dumped.
    run(&mut before, &[&x]).unwrap();
    assert!(DumpFolder::open(&dumps).is_err());
    let [y, _] = [(); 2].map(|()| run(&mut session, &[&x]).unwrap().remove(0));
    // Models that are loaded from here on go elsewhere, and only one of their operators.
    dump.set(
        &DumpConfig::new(&others)
            .layers("dense", ["sum"])
            .mode(Mode::Output),
    )
    .unwrap();
    run(&mut Session::load(&device, &om).unwrap(), &[&x]).unwrap();
    let second = acl.dump(&config).map(drop).unwrap_err();
    assert!(
        second.to_string().contains("cannot begin the dump into"),
        "{second}"
    );
    drop(session);
    dump.finish().unwrap();
    run(&mut Session::load(&device, &om).unwrap(), &[&x]).unwrap();

    let found = DumpFolder::open(&dumps).unwrap();
    let model = found.files()[0].model.clone().unwrap();
    for run in [0, 1] {
        let mut kinds: Vec<_> = found.of_run(&model, run).map(|dump| &*dump.kind).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["Add", "MatMul"]);
    }
    let sum = found.of_operator("sum").next().unwrap().read().unwrap();
    assert_eq!(sum.outputs[0].dims, [2, 64]);
    let product = found.of_operator("product").next().unwrap().read().unwrap();
    let (sums, products) = (
        floats(&sum.outputs[0].bytes),
        floats(&product.outputs[0].bytes),
    );
    for ((sum, product), y) in sums.iter().zip(&products).zip(y.iter()) {
        assert!((sum - y).abs() <= 1e-4 * y.abs().max(1.0), "{sum} {y}");
        assert!(
            (product + 1.5 - sum).abs() <= 1e-4 * sum.abs().max(1.0),
            "{product} {sum}"
        );
    }
    let other = DumpFolder::open(&others).unwrap();
    assert_eq!(
        (other.files().len(), &*other.files()[0].operator),
        (1, "sum")
    );
    assert!(other.files()[0].read().unwrap().inputs.is_empty());
}

#[test]
fn only_the_runs_that_are_asked_for_are_dumped() {
    let folder = tempfile::tempdir().unwrap();
    let om = folder.path().join("dense.om");
    fs::write(&om, Told::shapes("x:2,64").om(&dense(0.0))).unwrap();
    let acl = Acl::mock(MockConfig::default()).unwrap();
    let config = DumpConfig::new(folder.path())
        .model_of(&om)
        .runs(0, 0)
        .runs(2, 3);
    let dump = acl.dump(&config).unwrap();
    let mut session = Session::load(&acl.device(0).unwrap(), &om).unwrap();
    for _ in 0..6 {
        run(&mut session, &[&numbers(&[2, 64])]).unwrap();
    }
    drop(session);
    dump.finish().unwrap();
    let found = DumpFolder::open(folder.path()).unwrap();
    let sums: Vec<_> = found.of_operator("sum").map(|dump| dump.run).collect();
    assert_eq!(sums, [Some(0), Some(2), Some(3)]);
}

#[test]
fn an_operator_that_overflows_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let om = folder.path().join("doubled.om");
    fs::write(&om, Told::shapes("x:2,3").om(&doubled("x", 2))).unwrap();
    let acl = Acl::mock(MockConfig::default()).unwrap();
    let dump = acl
        .dump(&DumpConfig::new(folder.path()).overflow(true))
        .unwrap();
    let mut session = Session::load(&acl.device(0).unwrap(), &om).unwrap();
    let mut x = numbers(&[2, 3]);
    run(&mut session, &[&x]).unwrap();
    assert!(DumpFolder::open(folder.path()).is_err());
    x[[1, 2]] = 3e38;
    run(&mut session, &[&x]).unwrap();
    drop(session);
    dump.finish().unwrap();
    let found = DumpFolder::open(folder.path()).unwrap();
    let [operator, told] = found.files() else {
        panic!("{:?}", found.files());
    };
    let file = operator.read().unwrap();
    assert_eq!(file.inputs[0].bytes[20..], 3e38_f32.to_le_bytes());
    assert!(floats(&file.outputs[0].bytes)[5].is_infinite());
    assert_eq!(Overflow::of(&file), None);
    let overflow = Overflow::of(&told.read().unwrap()).unwrap();
    assert_eq!(
        (overflow.task, overflow.stream),
        (operator.task, operator.stream)
    );
    let reasons: Vec<_> = overflow.reasons().collect();
    assert_eq!(
        reasons,
        ["floating-point numbers were computed beyond their range"]
    );
}

#[test]
fn a_runtime_can_be_started_with_a_dump() {
    let folder = tempfile::tempdir().unwrap();
    let om = folder.path().join("dense.om");
    fs::write(&om, Told::shapes("x:2,64").om(&dense(0.0))).unwrap();
    let dump = DumpConfig::new(folder.path())
        .model_of(&om)
        .data(Data::Statistics);
    let acl = AclConfig::new()
        .dump(dump.clone())
        .mock(MockConfig::default())
        .unwrap();
    let refused = acl.dump(&dump).map(drop).unwrap_err();
    assert!(refused.to_string().contains("100044"), "{refused}");
    let mut session = Session::load(&acl.device(0).unwrap(), &om).unwrap();
    run(&mut session, &[&numbers(&[2, 64])]).unwrap();
    let tables = |folder: &std::path::Path| -> usize {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .filter(|name| name.len() == 14 && name.bytes().all(|byte| byte.is_ascii_digit()))
            .count()
    };
    assert_eq!(tables(folder.path()), 1);
    // Settings that cannot be are refused before anything is started.
    let nowhere = DumpConfig::new(folder.path().join("none")).model("net");
    let error = AclConfig::new()
        .dump(nowhere)
        .mock(MockConfig::default())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
}
