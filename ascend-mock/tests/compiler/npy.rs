//! Arrays as NumPy stores them.

use std::path::Path;

use super::*;

/// Reads an array of a type that a model's edge may have; `None` if there is no such file.
pub(super) fn read(path: &Path) -> Option<Tensor> {
    let file = std::fs::read(path).ok()?;
    assert!(file.starts_with(b"\x93NUMPY\x01\x00"), "{}", path.display());
    let start = 10 + usize::from(u16::from_le_bytes([file[8], file[9]]));
    let header = String::from_utf8_lossy(&file[10..start]);
    let between = |key: &str, open: char, close: char| {
        let rest = header.split_once(key).expect("the key is there").1;
        let rest = rest.split_once(open).expect("it opens").1;
        rest.split_once(close).expect("it closes").0.to_owned()
    };
    assert!(header.contains("'fortran_order': False"), "{header}");
    let dtype = match between("'descr':", '\'', '\'').as_str() {
        "<f4" => DataType::F32,
        "<f2" => DataType::F16,
        "<i8" => DataType::I64,
        "<i4" => DataType::I32,
        "|b1" => DataType::Bool,
        other => panic!("{other} is not read"),
    };
    let dims = between("'shape':", '(', ')');
    let dims = dims.split(',').map(str::trim).filter(|dim| !dim.is_empty());
    Some(Tensor {
        dtype,
        dims: dims.map(|dim| dim.parse().expect("an extent")).collect(),
        bytes: file[start..].to_vec(),
    })
}
