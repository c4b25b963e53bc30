use std::collections::BTreeMap;

use super::attributes::signed;
use super::{AttrDef, Format, IoTensor, ShapeDef, TensorDef, TensorDescriptor};
use crate::onnx::{Dim, Tensor, ValueInfo};
use crate::{DataType, Error, Result};

/// The shape of a value whose rank is not known.
const UNKNOWN_RANK: i64 = -2;

impl TensorDescriptor {
    fn new(dtype: DataType, format: Format, dims: Vec<i64>) -> Self {
        Self {
            dtype: dtype.ge_code().unwrap_or_default(),
            shape: Some(ShapeDef { dim: dims }),
            layout: format.to_string(),
            ..Self::default()
        }
    }

    /// Nothing is known.
    pub(super) fn unknown() -> Self {
        Self::new(DataType::Undefined, Format::ND, vec![UNKNOWN_RANK])
    }

    /// An optional input that is left out.
    pub(super) fn absent() -> Self {
        Self::new(DataType::Undefined, Format::RESERVED, Vec::new())
    }

    pub(super) fn from_io(tensor: &IoTensor) -> Self {
        let size = i64::try_from(tensor.bytes).unwrap_or_default();
        let mut attr = BTreeMap::new();
        if !tensor.ranges.is_empty() {
            let ranges = AttrDef::int_lists(tensor.ranges.iter().map(|range| range.to_vec()));
            attr.insert("shape_range".to_owned(), ranges);
        }
        Self {
            attr,
            size,
            ..Self::new(tensor.dtype, tensor.format, tensor.dims.clone())
        }
    }

    pub(super) fn from_value(value: &ValueInfo) -> Self {
        let Ok(info) = value.info() else {
            return Self::unknown();
        };
        let extent = |dim: &Dim| dim.fixed().unwrap_or(-1);
        let dims = info.dims.map_or_else(
            || vec![UNKNOWN_RANK],
            |dims| dims.iter().map(extent).collect(),
        );
        Self::new(info.dtype, Format::ND, dims)
    }

    pub(super) fn from_constant(tensor: &Tensor) -> Result<Self> {
        let dtype = tensor.dtype()?;
        if dtype.ge_code().is_none() {
            return Err(Error::unsupported(format!(
                "is of type {dtype}, which an .om cannot name"
            )));
        }
        let size = signed(tensor.byte_len()?)?;
        Ok(Self {
            size,
            ..Self::new(dtype, Format::ND, tensor.dims.clone())
        })
    }
}

impl TensorDef {
    /// Converts a constant together with its elements.
    pub(super) fn from_onnx(tensor: &Tensor) -> Result<Self> {
        let mut descriptor = TensorDescriptor::from_constant(tensor)?;
        let data = tensor.bytes()?;
        descriptor.weight_size = signed(data.len() as u64)?;
        Ok(Self {
            desc: Some(descriptor),
            data,
        })
    }
}
