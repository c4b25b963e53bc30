//! `ascend inspect` of `NumPy`'s files.

use std::fs;

use ascend_rt::{DataType, Tensor};
use serde_json::Value;
use tempfile::TempDir;

use super::inspect::{told, written};
use super::{fails, path, succeeds};

/// A `.npy` file with this dictionary and these elements.
fn npy(descr: &str, is_column_major: bool, shape: &str, elements: &[u8]) -> Vec<u8> {
    let order = if is_column_major { "True" } else { "False" };
    with_header(
        &format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n"),
        elements,
    )
}

fn with_header(header: &str, elements: &[u8]) -> Vec<u8> {
    let len = u16::try_from(header.len()).unwrap().to_le_bytes();
    [b"\x93NUMPY\x01\0", &len[..], header.as_bytes(), elements].concat()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn an_array_is_told() {
    let folder = folder();
    let numbers = [1.0, -2.0, f32::NAN, 4.0];
    let little: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    let file = written(&folder, "x.npy", npy("<f4", false, "(2, 2)", &little));
    let lines = succeeds(&["inspect", path(&file)]);
    for part in [
        "array of NumPy (.npy)",
        "float32 [2, 2]  row-major  16 B",
        "-2.0000e0 to 4.0000e0, mean 1.0000e0",
        "1 NaN, 0 infinite",
    ] {
        assert!(lines.contains(part), "{part:?} is missing in {lines}");
    }
    let told = told(&[path(&file), "--hash"]);
    let array = &told["arrays"][0];
    assert_eq!(
        (&told["form"], &array["order"]),
        (&"npy".into(), &"C".into())
    );
    assert_eq!(
        (&array["stats"]["nan"], &array["stats"]["max"]),
        (&1.into(), &4.0.into())
    );
    // of another order the elements are the same
    let turned = [numbers[0], numbers[2], numbers[1], numbers[3]];
    let big: Vec<u8> = turned.iter().flat_map(|n| n.to_be_bytes()).collect();
    let file = written(&folder, "any", npy(">f4", true, "(2, 2)", &big));
    let other = super::inspect::told(&[path(&file), "--hash"]);
    let other = &other["arrays"][0];
    assert_eq!(
        (&other["order"], &other["byte_order"]),
        (&"F".into(), &"big".into())
    );
    assert_eq!(
        (&other["stats"], &other["sha256"]),
        (&array["stats"], &array["sha256"])
    );
}

#[test]
fn an_archive_is_told_array_by_array() {
    let folder = folder();
    let file = folder.path().join("arrays.npz");
    let tensor = |values: &[u8]| Tensor {
        dtype: DataType::U8,
        shape: vec![values.len()].into(),
        bytes: values.to_vec().into(),
    };
    let arrays = [("x", tensor(&[1, 3])), ("empty", tensor(&[]))];
    Tensor::write_npz(&file, &arrays).unwrap();
    let told = told(&[path(&file)]);
    let names: Vec<&Value> = told["arrays"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(names, ["x", "empty"]);
    assert_eq!(told["arrays"][0]["stats"]["mean"], 2.0);
    assert_eq!(told["arrays"][1]["stats"]["mean"], Value::Null);
    let lines = succeeds(&["inspect", path(&file)]);
    assert!(lines.contains("holds   2 arrays, 2 B"), "{lines}");
    let whole = fs::read(&file).unwrap();
    for len in [30, whole.len() / 2, whole.len() - 1] {
        let cut = written(&folder, "cut.npz", &whole[..len]);
        fails(&["inspect", path(&cut)], 7, &["cut.npz"]);
    }
}

#[test]
fn arrays_that_are_none_are_refused() {
    let folder = folder();
    for (content, code, part) in [
        (npy("<f4", false, "(2,)", &[0; 7]), 7, "save it again"),
        (
            npy("<f8", false, "(4294967296, 4294967296)", &[]),
            7,
            "save it again",
        ),
        (npy("<c8", false, "(1,)", &[0; 8]), 8, "\"c8\""),
        (
            with_header(
                "{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (1,), }\n",
                &[0; 8],
            ),
            8,
            "\"records\" are not read: convert",
        ),
        (
            b"version https://git-lfs.github.com/spec/v1\n".to_vec(),
            7,
            "run `git lfs pull`",
        ),
        (b"\x93NUMPY\x01".to_vec(), 7, "it ends in the header"),
        (b"no array".to_vec(), 7, "it is no .npy file"),
    ] {
        let file = written(&folder, "x.npy", content);
        fails(&["inspect", path(&file)], code, &["x.npy", part]);
    }
    let file = written(&folder, "x.npy", npy("|b1", false, "(1,)", &[1]));
    for option in ["--ops", "--tree", "--weights", "--verify"] {
        fails(
            &["inspect", path(&file), option],
            6,
            &["holds arrays and no model"],
        );
    }
    fails(&["inspect", "missing.npz"], 9, &["missing.npz"]);
}
