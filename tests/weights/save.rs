//! Saving: each form and element type back to the last byte, and every refusal without a trace.

use std::fs;
use std::path::Path;

use ascend_rt::ErrorKind;
use ascend_rt::weights::{Checkpoint, DataType, Form, NewTensor, SaveOptions};
use half::{bf16, f16};
use safetensors::tensor::{Dtype, TensorView};

pub(crate) const FORMS: [(&str, Form); 2] = [
    ("net.safetensors", Form::Safetensors),
    ("net.pth", Form::TorchZip),
];

/// A tensor of each type that any form holds, without scales.
const TYPES: [DataType; 24] = [
    DataType::Bool,
    DataType::I8,
    DataType::I16,
    DataType::I32,
    DataType::I64,
    DataType::U8,
    DataType::U16,
    DataType::U32,
    DataType::U64,
    DataType::F16,
    DataType::BF16,
    DataType::F32,
    DataType::F64,
    DataType::C32,
    DataType::C64,
    DataType::C128,
    DataType::F8E4M3,
    DataType::F8E5M2,
    DataType::F8E8M0,
    DataType::F8E4M3Fnuz,
    DataType::F8E5M2Fnuz,
    DataType::F6E2M3,
    DataType::F6E3M2,
    DataType::F4,
];

fn bytes_of(dtype: DataType, elements: usize) -> Vec<u8> {
    let len = elements * dtype.bits() / 8;
    let all = (0..len).map(|at| (at * 37 % 251) as u8);
    match dtype {
        DataType::Bool => all.map(|byte| byte % 2).collect(),
        _ => all.collect(),
    }
}

pub(crate) fn tensor<'a>(name: &'a str, dtype: DataType, shape: &[usize]) -> NewTensor<'a> {
    NewTensor::new(name, dtype, shape, bytes_of(dtype, shape.iter().product()))
}

pub(crate) fn floats<'a>(name: &'a str, numbers: &[f32]) -> NewTensor<'a> {
    let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    NewTensor::new(name, DataType::F32, [numbers.len()], bytes)
}

/// The names in a folder.
pub(crate) fn listed(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Asserts that both hold the same tensors.
#[track_caller]
fn assert_same(a: &Checkpoint, b: &Checkpoint) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.tensors().zip(b.tensors()) {
        assert_eq!(a.name(), b.name());
        assert_eq!((a.dtype(), a.shape()), (b.dtype(), b.shape()), "{a:?}");
        assert_eq!(a.bytes(), b.bytes(), "{a:?}");
        assert_eq!(a.quantisation(), b.quantisation(), "{a:?}");
    }
}

#[test]
fn each_type_comes_back_or_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    for (file, form) in FORMS {
        for dtype in TYPES {
            let path = folder.path().join(format!("{dtype}.{file}"));
            let tensors = [
                tensor("matrix", dtype, &[3, 8]),
                tensor("none", dtype, &[0, 4]),
                tensor("row", dtype, &[16]),
            ];
            let saved = SaveOptions::new().save(tensors, &path);
            let is_held = match form {
                Form::Safetensors => !matches!(dtype, DataType::C32 | DataType::C128),
                _ => !matches!(dtype, DataType::F6E2M3 | DataType::F6E3M2),
            };
            if !is_held {
                let error = saved.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Unsupported);
                let message = error.to_string();
                let told = format!("tensor \"matrix\" holds {dtype}");
                assert!(message.contains(&told), "{message}");
                assert!(!path.exists(), "{dtype}");
                continue;
            }
            assert_eq!(saved.unwrap().tensors, 3);
            let back = Checkpoint::open(&path).unwrap();
            assert_eq!(back.form(), form);
            for (name, shape) in [("matrix", &[3, 8][..]), ("none", &[0, 4]), ("row", &[16])] {
                let back = back.tensor(name).unwrap();
                assert_eq!((back.dtype(), back.shape()), (dtype, shape));
                let elements = shape.iter().product();
                assert_eq!(*back.bytes(), bytes_of(dtype, elements), "{dtype} {name}");
                let address = back.bytes().as_ptr().addr();
                let alignment = if form == Form::TorchZip { 64 } else { 8 };
                let is_first = name == "matrix";
                assert!(!is_first || address.is_multiple_of(alignment), "{dtype}");
            }
        }
    }
    let part = listed(folder.path())
        .into_iter()
        .find(|name| name.contains("part"));
    assert_eq!(part, None, "nothing half-written is left");
}

#[test]
fn names_and_shapes_of_every_kind_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let names = [
        "",
        ".",
        "a/b\\c",
        "../../x",
        "权重\n\0\"\\\u{1}\u{7f}",
        "a b",
        "{}",
    ];
    let long = "n".repeat(1 << 16);
    let shapes: [&[usize]; 4] = [&[], &[1, 1, 1, 1, 1, 1, 1, 1], &[2, 3], &[0]];
    for (file, _) in FORMS {
        let path = folder.path().join(file);
        let mut tensors = Vec::new();
        for (name, shape) in names.iter().zip(shapes.iter().cycle()) {
            tensors.push(tensor(name, DataType::F32, shape));
        }
        tensors.push(tensor(&long, DataType::I64, &[70_000]));
        SaveOptions::new().save(tensors, &path).unwrap();
        let back = Checkpoint::open(&path).unwrap();
        assert_eq!(back.len(), names.len() + 1);
        for (name, shape) in names.iter().zip(shapes.iter().cycle()) {
            let back = back.tensor(name).unwrap();
            assert_eq!(back.shape(), *shape, "{name:?}");
            let elements = shape.iter().product();
            assert_eq!(*back.bytes(), bytes_of(DataType::F32, elements), "{name:?}");
        }
        assert_eq!(back.tensor(&long).unwrap().len(), 70_000);
    }
    let longer = format!("{long}n");
    let error = SaveOptions::new()
        .save([floats(&longer, &[])], folder.path().join("longer.pth"))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    // and none at all
    for (file, form) in FORMS {
        let path = folder.path().join(format!("empty.{file}"));
        let none: [NewTensor<'_>; 0] = [];
        SaveOptions::new().save(none, &path).unwrap();
        let back = Checkpoint::open(&path).unwrap();
        assert_eq!((back.form(), back.len()), (form, 0));
    }
}

/// The crate of the format's authors writes the same bytes.
#[test]
fn safetensors_are_those_of_the_crate() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.safetensors");
    let types = [
        (DataType::U8, Dtype::U8),
        (DataType::F64, Dtype::F64),
        (DataType::BF16, Dtype::BF16),
        (DataType::F32, Dtype::F32),
        (DataType::I64, Dtype::I64),
        (DataType::Bool, Dtype::BOOL),
        (DataType::C64, Dtype::C64),
        (DataType::F8E4M3, Dtype::F8_E4M3),
        (DataType::F4, Dtype::F4),
        (DataType::F32, Dtype::F32),
    ];
    let names = [
        "z",
        "a\"\n\t\u{1}",
        "m\u{8}\u{c}\r",
        "b",
        "é",
        "c/\\",
        "",
        "d",
        "e",
        "f",
    ];
    let data: Vec<Vec<u8>> = types.iter().map(|&(dtype, _)| bytes_of(dtype, 6)).collect();
    let tensors = names.iter().zip(types).zip(&data);
    let theirs: Vec<(&str, TensorView<'_>)> = tensors
        .clone()
        .map(|((name, (_, dtype)), data)| {
            (*name, TensorView::new(dtype, vec![2, 3], data).unwrap())
        })
        .collect();
    let metadata = [("format".to_owned(), "pt".to_owned())]
        .into_iter()
        .collect();
    let theirs = safetensors::serialize(theirs, Some(metadata)).unwrap();
    let ours = tensors
        .map(|((name, (dtype, _)), data)| NewTensor::new(*name, dtype, [2, 3], data.as_slice()));
    SaveOptions::new().save(ours, &path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), theirs);
}

#[test]
fn metadata_is_kept_and_the_same_tensors_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let options = SaveOptions::new()
        .metadata("note", "a \"b\"")
        .metadata("format", "np")
        .metadata("another", "");
    options
        .save([floats("w", &[1.0])], at("a.safetensors"))
        .unwrap();
    let first = Checkpoint::open(at("a.safetensors")).unwrap();
    let pairs = &first.report().metadata;
    assert_eq!((&*pairs["note"], &*pairs["format"]), ("a \"b\"", "np"));
    first.save(at("b.safetensors")).unwrap();
    assert_eq!(
        fs::read(at("a.safetensors")).unwrap(),
        fs::read(at("b.safetensors")).unwrap()
    );
    first.save(at("a.pth")).unwrap();
    first.save(at("other.bin")).unwrap();
    assert_eq!(
        fs::read(at("a.pth")).unwrap(),
        fs::read(at("other.bin")).unwrap()
    );
}

#[test]
fn floats_are_converted_and_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let numbers = [0.1f32, -2.5, 70000.0, f32::INFINITY];
    for (file, _) in FORMS {
        let path = folder.path().join(file);
        let small = floats("small", &numbers[..2]);
        let tensors = [
            floats("large", &numbers),
            small,
            tensor("whole", DataType::I64, &[2]),
        ];
        let saved = SaveOptions::new()
            .dtype(DataType::F16)
            .save(tensors, &path)
            .unwrap();
        assert_eq!(
            (saved.converted, &*saved.overflowed),
            (2, &["large".to_owned()][..])
        );
        let back = Checkpoint::open(&path).unwrap();
        let halves = numbers.map(|n| f16::from_f32(n).to_f32());
        assert_eq!(back.tensor("large").unwrap().to_f32().unwrap(), halves);
        assert_eq!(back.tensor("small").unwrap().dtype(), DataType::F16);
        assert_eq!(back.tensor("whole").unwrap().dtype(), DataType::I64);
        for (dtype, rounded) in [
            (DataType::BF16, halves.map(|n| bf16::from_f32(n).to_f32())),
            (DataType::F64, halves),
        ] {
            let saved = SaveOptions::new()
                .dtype(dtype)
                .overwrite(true)
                .save(back.in_file_order(), &path)
                .unwrap();
            assert_eq!(saved.overflowed, [""; 0]);
            let again = Checkpoint::open(&path).unwrap();
            assert_eq!(again.tensor("large").unwrap().dtype(), dtype);
            assert_eq!(again.tensor("large").unwrap().to_f32().unwrap(), rounded);
        }
        let error = SaveOptions::new()
            .dtype(DataType::I8)
            .save(back.in_file_order(), &path)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    }
}

#[test]
fn ties_are_kept_by_torch_and_written_out_by_safetensors() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let numbers: Vec<u8> = bytes_of(DataType::F32, 1000);
    let shared = |name| NewTensor::new(name, DataType::F32, [10, 100], numbers.as_slice());
    let tensors = || [shared("head"), floats("b", &[1.0]), shared("embedding")];
    let saved = SaveOptions::new().save(tensors(), at("net.pth")).unwrap();
    assert_eq!((saved.shared, saved.bytes < 6000), (1, true), "{saved:?}");
    let back = Checkpoint::open(at("net.pth")).unwrap();
    assert_eq!(back.shared(), [["head", "embedding"]]);
    // and again from there
    let saved = back.save(at("again.pth")).unwrap();
    assert_eq!(saved.shared, 1);
    assert_same(&back, &Checkpoint::open(at("again.pth")).unwrap());
    let saved = back.save(at("net.safetensors")).unwrap();
    assert_eq!((saved.shared, saved.bytes > 8000), (0, true), "{saved:?}");
    assert_same(&back, &Checkpoint::open(at("net.safetensors")).unwrap());
    // in files of which each has room for one: a tie keeps to its tensor's file
    let split = SaveOptions::new().max_shard_bytes(4000);
    let saved = split.save(tensors(), at("split.bin")).unwrap();
    assert_eq!(saved.files.len(), 3);
    let first = Checkpoint::open(at("split-00001-of-00002.bin")).unwrap();
    assert_eq!(first.shared(), [["head", "embedding"]]);
    assert_same(
        &back,
        &Checkpoint::open(at("split.bin.index.json")).unwrap(),
    );
}

#[test]
fn large_checkpoints_are_split() {
    let folder = tempfile::tempdir().unwrap();
    for (form, name) in [
        (Form::SafetensorsSharded, "model.safetensors"),
        (Form::TorchZipSharded, "pytorch_model.bin"),
    ] {
        let at = folder.path().join(form.name());
        fs::create_dir(&at).unwrap();
        let names: Vec<String> = (0..7).map(|i| format!("layer{i}")).collect();
        let tensors = || names.iter().map(|name| tensor(name, DataType::F32, &[100]));
        let options = SaveOptions::new().max_shard_bytes(1000);
        let saved = options.save(tensors(), at.join(name)).unwrap();
        let (stem, extension) = name.split_once('.').unwrap();
        let mut expected: Vec<String> = (1..=4)
            .map(|i| format!("{stem}-0000{i}-of-00004.{extension}"))
            .collect();
        expected.push(format!("{name}.index.json"));
        expected.sort();
        assert_eq!(listed(&at), expected);
        let length = |path: &std::path::PathBuf| fs::metadata(path).unwrap().len();
        assert_eq!(saved.bytes, saved.files.iter().map(length).sum::<u64>());
        let index = fs::read(at.join(format!("{name}.index.json"))).unwrap();
        let index: serde_json::Value = serde_json::from_slice(&index).unwrap();
        assert_eq!(index["metadata"]["total_size"], 2800);
        assert_eq!(index["weight_map"]["layer6"], expected[3].as_str());
        for path in [at.join(format!("{name}.index.json")), at.clone()] {
            let back = Checkpoint::open(path).unwrap();
            assert_eq!((back.form(), back.len()), (form, 7));
            let last = back.tensor("layer6").unwrap();
            assert_eq!(*last.bytes(), bytes_of(DataType::F32, 100));
        }
        let error = options.save(tensors(), at.join(name)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().contains("exists already"), "{error}");
        // what fits is one file, past which no index may lead
        let whole = SaveOptions::new().max_shard_bytes(2800);
        let error = whole.save(tensors(), at.join(name)).unwrap_err();
        assert!(
            error.to_string().contains("index.json: it exists"),
            "{error}"
        );
        let saved = whole
            .overwrite(true)
            .save(tensors(), at.join(name))
            .unwrap();
        assert!(!at.join(format!("{name}.index.json")).exists());
        assert_eq!(saved.files, [at.join(name)]);
        // and past an index of several files no single one
        let error = options.save(tensors(), at.join(name)).unwrap_err();
        assert!(error.to_string().contains("it exists"), "{error}");
        let options = options.clone().overwrite(true);
        options.save(tensors(), at.join(name)).unwrap();
        assert!(!at.join(name).exists());
    }
}

/// A file may take the place of the one that its tensors are read from.
#[test]
fn a_checkpoint_is_replaced_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.pth");
    SaveOptions::new()
        .save([floats("w", &[1.0, 2.0])], &path)
        .unwrap();
    let mapped = Checkpoint::open(&path).unwrap();
    let options = SaveOptions::new().overwrite(true).dtype(DataType::F16);
    options.save(mapped.in_file_order(), &path).unwrap();
    assert_eq!(mapped.tensor("w").unwrap().to_f32().unwrap(), [1.0, 2.0]);
    let back = Checkpoint::open(&path).unwrap();
    assert_eq!(back.tensor("w").unwrap().dtype(), DataType::F16);
}

/// Strict unpackers take an empty record that announces a description for one that overlaps another.
#[test]
fn records_of_torch_tell_of_descriptions_where_there_are_some() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.pth");
    let tensors = [floats("empty", &[]), floats("w", &[1.0])];
    SaveOptions::new().save(tensors, &path).unwrap();
    let file = fs::read(&path).unwrap();
    let flags = |signature: &[u8], flags_at: usize, name_at: usize, record: &[u8]| {
        let mut headers = file
            .windows(name_at + record.len())
            .filter(|header| header.starts_with(signature) && header.ends_with(record));
        headers.next().unwrap()[flags_at]
    };
    for (record, expected) in [(&b"archive/data/0"[..], 0), (b"archive/data/1", 8)] {
        assert_eq!(flags(b"PK\x03\x04", 6, 30, record), expected);
        assert_eq!(flags(b"PK\x01\x02", 8, 46, record), expected);
    }
}

#[test]
fn every_fixture_comes_back_from_every_form() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures/checkpoints/valid");
    if !folder.is_dir() {
        println!("skipped: no {}", folder.display());
        return;
    }
    let target = tempfile::tempdir().unwrap();
    let (mut saved, mut refused) = (0, 0);
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(checkpoint) = super::fixtures::open(&path) else {
            continue;
        };
        for (file, _) in FORMS {
            let target = target.path().join(file);
            let options = SaveOptions::new().overwrite(true);
            match options.save(checkpoint.in_file_order(), &target) {
                Ok(_) => {
                    assert_same(&checkpoint, &Checkpoint::open(&target).unwrap());
                    saved += 1;
                }
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Unsupported, "{path:?}: {error}");
                    refused += 1;
                }
            }
        }
    }
    println!("{saved} saved and read again, {refused} hold types that the form does not");
    assert!(saved > 230, "{saved}");
}
