//! A tensor is given or named, wherever it is.

use std::fs;

use crate::common::torch_zip::{dict, pickle, tensor, zip};
use ascend_rt::weights::{Checkpoint, Mode, OpenOptions, Report};

fn one() -> Vec<u8> {
    tensor("0", 1, &[1], &[1])
}

fn archive(object: &[u8]) -> Vec<u8> {
    zip(&[("a/data.pkl", &pickle(object)), ("a/data/0", &[0; 4])])
}

fn model(object: &[u8]) -> Checkpoint {
    let options = OpenOptions::new().mode(Mode::Model);
    options.from_bytes(archive(object)).unwrap()
}

fn names(checkpoint: &Checkpoint) -> Vec<&str> {
    checkpoint
        .in_file_order()
        .map(|tensor| tensor.name())
        .collect()
}

fn beside(checkpoint: &Checkpoint) -> Vec<&str> {
    checkpoint.beside().map(|tensor| tensor.name()).collect()
}

fn left(report: &Report) -> Vec<String> {
    report.left.iter().map(ToString::to_string).collect()
}

#[test]
fn in_a_set() {
    let set = [b"\x8f(".as_slice(), &one(), b"\x90"].concat();
    let checkpoint = Checkpoint::from_bytes(archive(&dict(&[("w", one()), ("s", set)]))).unwrap();
    assert_eq!(names(&checkpoint), ["w"]);
    assert_eq!(beside(&checkpoint), ["s.0"]);
}

#[test]
fn as_a_key() {
    let by_tensor = [b"}".as_slice(), &one(), b"Ns"].concat();
    let object = dict(&[("w", one()), ("k", by_tensor)]);
    let checkpoint = Checkpoint::from_bytes(archive(&object)).unwrap();
    let [key] = beside(&checkpoint)[..] else {
        panic!("one tensor beside the weights");
    };
    assert!(key.starts_with("k.<an object"), "{key}");
}

#[test]
fn in_attributes_of_dicts() {
    let averaged = dict(&[("average", one())]);
    let subclass = [
        b"ccollections\nOrderedDict\n)R".as_slice(),
        &dict(&[("w", one())])[1..],
        &averaged,
        b"b",
    ];
    let checkpoint = Checkpoint::from_bytes(archive(&subclass.concat())).unwrap();
    assert_eq!(names(&checkpoint), ["w"]);
    assert_eq!(beside(&checkpoint), ["average"]);
}

#[test]
fn in_what_objects_are_made_of() {
    // a named tuple, and an object with slots
    let tuple = [b"cm\nPair\n".as_slice(), &one(), &one(), b"\x86\x81"].concat();
    let slots = [
        b"cm\nSlots\n)\x81N".as_slice(),
        &dict(&[("w", one())]),
        b"\x86b",
    ]
    .concat();
    let checkpoint = model(&dict(&[("pair", tuple), ("slots", slots)]));
    assert_eq!(names(&checkpoint), ["pair.0", "pair.1", "slots.w"]);
}

#[test]
fn in_attributes_of_modules() {
    let state = dict(&[
        ("_parameters", dict(&[("w", one())])),
        ("_modules", dict(&[])),
        ("anchors", one()),
        ("stages", [b"]".as_slice(), &one(), b"a"].concat()),
    ]);
    let checkpoint = model(&[b"cm\nNet\n)\x81".as_slice(), &state, b"b"].concat());
    assert_eq!(names(&checkpoint), ["w"]);
    assert_eq!(left(checkpoint.report()), ["anchors (1 tensor)", "stages"]);
    assert_eq!(beside(&checkpoint), ["anchors", "stages.0"]);
}

#[test]
fn in_packed_weights() {
    let packed = [
        b"c__torch__.torch.classes.quantized\nPacked\n)\x81".as_slice(),
        &one(),
        b"\x85b",
    ];
    let state = dict(&[("w", one()), ("packed", packed.concat())]);
    let object = [b"c__torch__\nNet\n)\x81".as_slice(), &state, b"b"].concat();
    let file = zip(&[
        ("a/data.pkl", &pickle(&object)),
        ("a/data/0", &[0; 4]),
        ("a/constants.pkl", b"\x80\x02)."),
    ]);
    let checkpoint = Checkpoint::from_bytes(file.clone()).unwrap();
    let refused = &checkpoint.report().refused;
    assert_eq!((names(&checkpoint), refused.len()), (vec!["w"], 1));
    assert_eq!(refused[0].name, "packed");
    let options = OpenOptions::new().mode(Mode::Model);
    assert_eq!(names(&options.from_bytes(file).unwrap()), ["w", "packed.0"]);
}

#[test]
fn beside_the_weights_of_parts() {
    let folder = tempfile::tempdir().unwrap();
    let part = |name: &str| {
        let object = dict(&[
            ("state_dict", dict(&[(name, one())])),
            ("optimizer", dict(&[("m", one())])),
        ]);
        archive(&object)
    };
    for name in ["a", "b"] {
        fs::write(folder.path().join(name), part(name)).unwrap();
    }
    let index = folder.path().join("pytorch_model.bin.index.json");
    fs::write(&index, r#"{"weight_map":{"a":"a","b":"b"}}"#).unwrap();
    for options in [OpenOptions::new(), OpenOptions::new().at("state_dict")] {
        let checkpoint = options.open(&index).unwrap();
        assert_eq!(names(&checkpoint), ["a", "b"]);
        let report = checkpoint.report();
        assert_eq!(report.entered.as_deref(), Some("state_dict"));
        assert_eq!(left(report), ["optimizer (1 tensor)"; 2]);
        assert_eq!(checkpoint.beside().len(), 2);
    }
}
