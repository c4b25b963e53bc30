//! safetensors: a JSON header and packed little-endian data.

use bytes::Bytes;
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, Metadata};

use super::dtype::DataType;
use super::gather;
use super::report::Report;
use super::tensor::{Entry, Origin, Writing};
use super::{damaged, unsupported};
use crate::error::Result;

/// Bytes of the length in front of the header.
const LENGTH: usize = 8;

/// Reads the tensors of `file`, in the order of their data.
pub(super) fn read(file: &Bytes) -> Result<(Vec<Entry>, Report)> {
    check_numbers(file)?;
    let (header_len, header) = SafeTensors::read_metadata(file).map_err(|cause| {
        damaged(format!(
            "the safetensors header does not describe this file: {cause}"
        ))
        .with_source(cause)
    })?;
    let data = file.slice(LENGTH + header_len..);
    let entries = header
        .offset_keys()
        .into_iter()
        .map(|name| entry(&header, name, &data))
        .collect::<Result<Vec<Entry>>>()?;
    let metadata = header.metadata().iter().flatten();
    let metadata = metadata
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    Ok((
        entries,
        Report {
            metadata,
            ..Report::default()
        },
    ))
}

fn entry(header: &Metadata, name: String, data: &Bytes) -> Result<Entry> {
    let info = header
        .info(&name)
        .ok_or_else(|| damaged(format!("no entry for tensor {name:?}")))?;
    let (start, end) = info.data_offsets;
    Ok(Entry {
        dtype: data_type(info.dtype)?,
        shape: info.shape.clone(),
        strides: gather::row_major(&info.shape),
        data: data.slice(start..end),
        writing: Writing::default(),
        path: Vec::new(),
        origin: Origin::Tensor,
        quantisation: None,
        storage: None,
        name,
    })
}

fn data_type(dtype: Dtype) -> Result<DataType> {
    Ok(match dtype {
        Dtype::BOOL => DataType::Bool,
        Dtype::F4 => DataType::F4,
        Dtype::F6_E2M3 => DataType::F6E2M3,
        Dtype::F6_E3M2 => DataType::F6E3M2,
        Dtype::U8 => DataType::U8,
        Dtype::I8 => DataType::I8,
        Dtype::F8_E5M2 => DataType::F8E5M2,
        Dtype::F8_E4M3 => DataType::F8E4M3,
        Dtype::F8_E8M0 => DataType::F8E8M0,
        Dtype::F8_E4M3FNUZ => DataType::F8E4M3Fnuz,
        Dtype::F8_E5M2FNUZ => DataType::F8E5M2Fnuz,
        Dtype::I16 => DataType::I16,
        Dtype::U16 => DataType::U16,
        Dtype::F16 => DataType::F16,
        Dtype::BF16 => DataType::BF16,
        Dtype::I32 => DataType::I32,
        Dtype::U32 => DataType::U32,
        Dtype::F32 => DataType::F32,
        Dtype::C64 => DataType::C64,
        Dtype::F64 => DataType::F64,
        Dtype::I64 => DataType::I64,
        Dtype::U64 => DataType::U64,
        other => {
            return Err(unsupported(format!(
                "the element type {other:?} is not known"
            )));
        }
    })
}

/// Refuses numbers of 19 digits and more: lengths that no file has, whose sums would overflow.
fn check_numbers(file: &[u8]) -> Result<()> {
    let (mut is_text, mut is_escaped, mut digits) = (false, false, 0);
    let header_len = file.first_chunk().map_or(0, |len| u64::from_le_bytes(*len));
    let header = &file[LENGTH.min(file.len())..];
    let header = &header[..usize::try_from(header_len)
        .unwrap_or(usize::MAX)
        .min(header.len())];
    for (position, &byte) in header.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_text,
            b'"' => is_text = !is_text,
            _ => {}
        }
        digits = if byte.is_ascii_digit() && !is_text {
            digits + 1
        } else {
            0
        };
        if digits == 19 {
            return Err(damaged(format!(
                "byte {} of the safetensors header: a number beyond any file",
                position - 18
            )));
        }
    }
    Ok(())
}
