//! Checkpoints made here, byte by byte.

use std::borrow::Cow;

use crate::common::torch_zip::{dict, floats, integer, pickle, tensor, text, zip};
use ascend_rt::ErrorKind;
use ascend_rt::weights::{Checkpoint, DataType, Fault, Form, OpenOptions};

/// A training checkpoint of a 2 x 3 weight, a transposed view of it, and a tied name.
fn training_checkpoint() -> Vec<u8> {
    let weights = dict(&[
        ("module.w", tensor("0", 6, &[2, 3], &[3, 1])),
        ("module.t", tensor("0", 6, &[3, 2], &[1, 3])),
        ("module.a", tensor("0", 6, &[2, 3], &[3, 1])),
    ]);
    let momentum = dict(&[("w", tensor("1", 1, &[1], &[1]))]);
    let object = dict(&[
        ("epoch", integer(7)),
        ("model", weights),
        ("optimizer", momentum),
    ]);
    zip(&[
        ("any name/data.pkl", &pickle(&object)),
        ("any name/data/0", &floats(&[0., 1., 2., 3., 4., 5.])),
        ("any name/data/1", &floats(&[0.5])),
    ])
}

#[test]
fn reads_a_training_checkpoint() {
    let checkpoint = Checkpoint::from_bytes(training_checkpoint()).unwrap();
    assert_eq!(checkpoint.form(), Form::TorchZip);
    let names = |tensors: &mut dyn Iterator<Item = _>| -> Vec<&str> {
        tensors
            .map(|tensor: ascend_rt::weights::Tensor<'_>| tensor.name())
            .collect()
    };
    assert_eq!(names(&mut checkpoint.tensors()), ["a", "t", "w"]);
    assert_eq!(names(&mut checkpoint.in_file_order()), ["w", "t", "a"]);
    assert_eq!(
        checkpoint.report().to_string(),
        "took \"model\"\nstripped \"module.\" from all 3 names\nleft epoch, optimizer (1 tensor)\n\
         ignored the location npu:0 of the tensors"
    );
    let [w, t, a] = ["w", "t", "a"].map(|name| checkpoint.get(name).unwrap());
    assert!(matches!(w.bytes(), Cow::Borrowed(_)));
    assert_eq!(
        w.shared_bytes().as_ptr(),
        a.shared_bytes().as_ptr(),
        "tied tensors share their bytes"
    );
    assert_eq!(
        (t.shape(), t.strides(), t.len()),
        (&[3, 2][..], &[1, 3][..], 6)
    );
    assert_eq!(t.to_f32().unwrap(), [0., 3., 1., 4., 2., 5.]);
    assert_eq!(
        w.to_ndarray::<f32>().unwrap().t(),
        t.to_ndarray::<f32>().unwrap()
    );
    let error = w.to_ndarray::<i64>().unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (
            ErrorKind::Shape,
            "tensor \"w\" holds F32, not I64; ask for F32 and convert",
        )
    );
    assert_eq!(
        checkpoint.tensor("x").unwrap_err().kind(),
        ErrorKind::InvalidArgument
    );
}

#[test]
fn asks_when_several_keys_hold_weights() {
    let weights = |key| dict(&[("w", tensor(key, 1, &[], &[]))]);
    let object = dict(&[("model", weights("0")), ("net", weights("1"))]);
    let file = zip(&[
        ("a/data.pkl", &pickle(&object)),
        ("a/data/0", &[0; 4]),
        ("a/data/1", &[0; 4]),
    ]);
    let error = Checkpoint::from_bytes(file.clone()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(
        error
            .to_string()
            .contains("choose one with OpenOptions::at"),
        "{error}"
    );
    let checkpoint = OpenOptions::new().at("net").from_bytes(file).unwrap();
    assert_eq!(
        checkpoint.report().to_string(),
        "took \"net\"\nleft model (1 tensor)\nignored the location npu:0 of the tensors"
    );
}

#[test]
fn reads_a_file_of_torch_itself() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/bare_tensor.pt");
    let checkpoint = Checkpoint::open(path).unwrap();
    let tensor = checkpoint.tensor("").unwrap();
    assert_eq!(
        (tensor.dtype(), tensor.shape()),
        (DataType::I16, &[3, 4][..])
    );
}

/// Every prefix and every changed byte of good files: an answer, never a panic.
#[test]
fn survives_truncation_and_change() {
    let header =
        br#"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"__metadata__":{"k":"v"}}"#;
    let safetensors = [
        &(header.len() as u64).to_le_bytes(),
        header.as_slice(),
        &[0; 4],
    ]
    .concat();
    let (mut opened, mut refused) = (0, 0);
    for file in [training_checkpoint(), safetensors] {
        assert!(!Checkpoint::from_bytes(file.clone()).unwrap().is_empty());
        for len in 0..file.len() {
            assert!(
                Checkpoint::from_bytes(file[..len].to_vec()).is_err(),
                "{len} of {} bytes",
                file.len()
            );
        }
        for at in 0..file.len() {
            for bits in [0x01, 0x02, 0x20, 0x80, 0xff] {
                let mut changed = file.clone();
                changed[at] ^= bits;
                match Checkpoint::from_bytes(changed) {
                    Ok(checkpoint) => {
                        for tensor in checkpoint.tensors() {
                            assert_eq!(
                                tensor.bytes().len() * 8,
                                tensor.len() * tensor.dtype().bits()
                            );
                        }
                        opened += 1;
                    }
                    Err(_) => refused += 1,
                }
            }
        }
    }
    println!("changed files: {opened} opened, {refused} refused");
    assert!(opened > 500 && refused > 1500, "{opened} {refused}");
}

#[test]
fn refuses_lengths_that_would_overflow() {
    let eighth = usize::MAX / 8;
    let entries: Vec<String> = (0..9)
        .map(|i: usize| {
            let (from, to) = (i.wrapping_mul(eighth), (i + 1).wrapping_mul(eighth));
            format!(r#""{i}":{{"dtype":"U8","shape":[{eighth}],"data_offsets":[{from},{to}]}}"#)
        })
        .take(8)
        .collect();
    let header = format!("{{{}}}", entries.join(","));
    let file = [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat();
    let error = Checkpoint::from_bytes(file).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::OutOfBounds), "{error}");
}

#[test]
fn bounds_memory() {
    let entries: Vec<String> = (0..50)
        .map(|i| format!(r#""{i}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#))
        .collect();
    let header = format!("{{{}}}", entries.join(","));
    let safetensors = [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat();
    for (file, limit) in [(training_checkpoint(), 1000), (safetensors, 10_000)] {
        assert!(Checkpoint::from_bytes(file.clone()).is_ok());
        let options = OpenOptions::new().memory_limit(limit);
        let error = options.from_bytes(file).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutOfMemory);
        assert_eq!(error.fault(), Some(Fault::Limit));
        assert!(
            error.to_string().contains("OpenOptions::memory_limit"),
            "{error}"
        );
    }
}

/// What is short in a file because it is shared must not become long in memory.
#[test]
fn bounds_what_sharing_unfolds_to() {
    let (slot, value) = (b"h\x01".as_slice(), b"h\0".as_slice());
    let memoized = [tensor("0", 1, &[], &[]), b"q\0".to_vec()].concat();
    let long_key = [text(&"k".repeat(60_000)), b"q\x01".to_vec()].concat();
    let pair = [slot, value].concat();
    let names = [
        b"}(".as_slice(),
        &long_key,
        &memoized,
        &pair.repeat(100_000),
        b"u",
    ]
    .concat();
    // sixty lists, each of which holds the one before twice
    let doubling = [memoized, b"](h\0h\0eq\0".repeat(60)].concat();
    let long_name = [text("m"), text(&"n".repeat(60_000)), b"q\x01\x93".to_vec()].concat();
    let globals = [
        long_name,
        [text("m").as_slice(), b"h\x01\x93"]
            .concat()
            .repeat(100_000),
    ]
    .concat();
    for (object, kind) in [
        (names, ErrorKind::OutOfMemory),
        (doubling, ErrorKind::OutOfMemory),
        (globals, ErrorKind::Format),
    ] {
        let file = zip(&[("a/data.pkl", &pickle(&object)), ("a/data/0", &[0; 4])]);
        let error = Checkpoint::from_bytes(file).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[test]
fn tells_what_is_no_checkpoint() {
    for (content, words) in [
        (b"".as_slice(), "it is empty"),
        (
            b"These are the release notes",
            "it is a text file that begins with \"These are",
        ),
        (b"<!DOCTYPE html><html>", "it is a web page"),
        (
            b"version https://git-lfs.github.com/spec/v1\n",
            "git lfs pull",
        ),
        (b"\x93NUMPY\x01\0", "numpy array"),
        (b"GGUF\x03\0\0\0", "GGUF"),
        (b"\x89HDF\r\n\x1a\n\0", "Keras"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (
            b"\x80\x04}.",
            "a pickle, but not one that torch.save writes",
        ),
        (b"\x00\x01\x02\x03", "it begins with [00, 01, 02, 03]"),
    ] {
        let error = Checkpoint::from_bytes(content).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Format, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(
        Checkpoint::open(folder.path())
            .unwrap_err()
            .to_string()
            .contains("it is a directory")
    );
    let error = Checkpoint::open(folder.path().join("none.pth")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
}
