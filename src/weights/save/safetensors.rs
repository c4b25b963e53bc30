//! safetensors, written as the format's own crate does, byte for byte.
//!
//! By hand, since that crate asks for elements in a way that cannot fail, writes metadata in an
//! order that changes from run to run, lets one name stand twice, and leaves files that only their
//! owner may read. The tests hold it to that crate's bytes.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::json::quoted;
use super::not_held;
use super::out::Out;
use super::plan::Planned;
use crate::error::{Error, ErrorKind, Result};
use crate::weights::dtype::DataType;
use crate::weights::over_limit;
use crate::weights::safetensors::MAX_HEADER;

/// Element types from the least aligned to the most.
const ORDER: [DataType; 22] = [
    DataType::Bool,
    DataType::F4,
    DataType::F6E2M3,
    DataType::F6E3M2,
    DataType::U8,
    DataType::I8,
    DataType::F8E5M2,
    DataType::F8E4M3,
    DataType::F8E8M0,
    DataType::F8E4M3Fnuz,
    DataType::F8E5M2Fnuz,
    DataType::I16,
    DataType::U16,
    DataType::F16,
    DataType::BF16,
    DataType::I32,
    DataType::U32,
    DataType::F32,
    DataType::C64,
    DataType::F64,
    DataType::I64,
    DataType::U64,
];

/// The key of the text pairs, which no tensor can have as its name.
const METADATA: &str = "__metadata__";

/// What the header's length is a multiple of, and so where the first tensor begins.
const ALIGNMENT: usize = 8;

pub(super) fn check(tensor: &Planned<'_>) -> Result<()> {
    if rank(tensor.dtype).is_none() || tensor.quantisation().is_some() {
        return Err(not_held(tensor, "safetensors", "save it as .pth"));
    }
    if tensor.name() == METADATA {
        let message = format!("a tensor in safetensors cannot be called {METADATA:?}; rename it");
        return Err(Error::new(ErrorKind::InvalidArgument, message));
    }
    Ok(())
}

fn rank(dtype: DataType) -> Option<usize> {
    ORDER.iter().position(|&one| one == dtype)
}

pub(super) fn write(
    tensors: &[Planned<'_>],
    metadata: &BTreeMap<String, String>,
    out: &mut Out<'_, '_>,
) -> Result<()> {
    let mut sorted: Vec<&Planned<'_>> = tensors.iter().collect();
    sorted.sort_by_key(|tensor| (Reverse(rank(tensor.dtype)), tensor.name()));
    let header = header(&sorted, metadata);
    if header.len() as u64 > MAX_HEADER {
        return Err(over_limit(format!(
            "the names and shapes take {} bytes, and safetensors allows {MAX_HEADER}; save as .pth, or in \
             smaller files",
            header.len()
        )));
    }
    out.put(&(header.len() as u64).to_le_bytes())?;
    out.put(header.as_bytes())?;
    for tensor in sorted {
        let bytes = tensor.bytes()?;
        out.put_elements(&bytes, |_| {})?;
        if tensor.overflows(&bytes) {
            out.overflowed.push(tensor.name().to_owned());
        }
    }
    Ok(())
}

fn header(tensors: &[&Planned<'_>], metadata: &BTreeMap<String, String>) -> String {
    let mut pairs: BTreeMap<&str, &str> = BTreeMap::from([("format", "pt")]);
    pairs.extend(metadata.iter().map(|(key, value)| (&**key, &**value)));
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|(key, value)| format!("{}:{}", quoted(key), quoted(value)))
        .collect();
    let mut header = format!("{{{}:{{{}}}", quoted(METADATA), pairs.join(","));
    let mut end = 0;
    for tensor in tensors {
        let start = end;
        end += tensor.nbytes;
        let (name, dtype) = (quoted(tensor.name()), tensor.dtype.name());
        let shape: Vec<String> = tensor.shape().iter().map(usize::to_string).collect();
        let shape = shape.join(",");
        // Writing to a text cannot fail.
        let _ = write!(
            header,
            r#",{name}:{{"dtype":"{dtype}","shape":[{shape}],"data_offsets":[{start},{end}]}}"#
        );
    }
    header.push('}');
    let padded = header.len().next_multiple_of(ALIGNMENT);
    header.push_str(&" ".repeat(padded - header.len()));
    header
}
