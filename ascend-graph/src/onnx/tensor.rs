use bytes::Bytes;

use super::Tensor;
use crate::text;
use crate::{DataType, Error, Result};

impl Tensor {
    /// Gives a constant whose elements are the little-endian bytes `data`.
    #[must_use]
    pub fn new(name: impl Into<String>, dtype: DataType, dims: Vec<i64>, data: Bytes) -> Self {
        let data_type = dtype.onnx_code().unwrap_or_default();
        Self {
            name: name.into(),
            data_type,
            dims,
            raw_data: data,
            ..Self::default()
        }
    }

    /// Gives the element type.
    ///
    /// # Errors
    /// `Format` if the file names none, or a number without a meaning.
    pub fn dtype(&self) -> Result<DataType> {
        match DataType::from_onnx(self.data_type) {
            Some(DataType::Undefined) => Err(Error::format(text!("has no element type"))),
            Some(dtype) => Ok(dtype),
            None => Err(Error::format(text!(
                "has the unknown element type {data_type}",
                data_type = self.data_type
            ))),
        }
    }

    /// Gives the number of elements, the product of the dims.
    ///
    /// # Errors
    /// `Format` if a dim is negative or the product exceeds 64 bits.
    pub fn element_count(&self) -> Result<u64> {
        let mut extents = Vec::with_capacity(self.dims.len());
        for &dim in &self.dims {
            let extent = u64::try_from(dim).map_err(|_| {
                Error::format(text!("has the negative extent {dim} in its dims", dim))
            })?;
            extents.push(extent);
        }
        if extents.contains(&0) {
            return Ok(0);
        }
        let count = extents
            .iter()
            .try_fold(1_u64, |product, &extent| product.checked_mul(extent));
        count.ok_or_else(|| Error::format(text!("has dims whose product exceeds 64 bits")))
    }

    /// Gives the bytes that dims and element type ask for.
    ///
    /// # Errors
    /// `Format` as [`dtype`](Self::dtype) and [`element_count`](Self::element_count), `Unsupported` for
    /// types whose elements have no fixed size, such as strings.
    pub fn byte_len(&self) -> Result<u64> {
        let (dtype, count) = (self.dtype()?, self.element_count()?);
        if dtype.bytes_of(1).is_none() {
            return Err(Error::unsupported(text!(
                "holds {dtype} elements, which have no fixed size",
                dtype = dtype.to_string()
            )));
        }
        dtype
            .bytes_of(count)
            .ok_or_else(|| Error::format(text!("has a size that exceeds 64 bits")))
    }

    /// Gives the elements as little-endian bytes, shared with the file where it stores them so.
    ///
    /// # Errors
    /// `Format` if dims, element type and data do not agree, `Unsupported` if the elements are in
    /// another file (see [`Model::resolve_external`](super::Model::resolve_external)) or have no fixed size.
    pub fn bytes(&self) -> Result<Bytes> {
        if let Some(external) = self.external()? {
            return Err(Error::unsupported(text!(
                "has its data in the external file `{location}`, which was not supplied",
                location = &external.location
            )));
        }
        let expected = self.byte_len()?;
        let data = if self.raw_data.is_empty() {
            self.typed_bytes()?
        } else {
            self.raw_data.clone()
        };
        if data.len() as u64 != expected {
            return Err(Error::format(text!(
                "holds {data} bytes of data, but its dims {dims} of {dtype} ask for {expected}",
                data = data.len(),
                dims = format!("{:?}", self.dims),
                dtype = self.dtype()?.to_string(),
                expected
            )));
        }
        Ok(data)
    }

    /// Gathers the elements from the field that ONNX prescribes for their type.
    fn typed_bytes(&self) -> Result<Bytes> {
        use DataType::{
            BF16, Bool, Complex64, Complex128, F8E4M3Fn, F8E4M3FnUz, F8E5M2, F8E5M2FnUz, F8E8M0,
            F16, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64,
        };
        let bytes: Vec<u8> = match self.dtype()? {
            F32 | Complex64 => self
                .float_data
                .iter()
                .flat_map(|v| v.to_le_bytes())
                .collect(),
            F64 | Complex128 => self
                .double_data
                .iter()
                .flat_map(|v| v.to_le_bytes())
                .collect(),
            I64 => self
                .int64_data
                .iter()
                .flat_map(|v| v.to_le_bytes())
                .collect(),
            U64 => self
                .uint64_data
                .iter()
                .flat_map(|v| v.to_le_bytes())
                .collect(),
            U32 => narrow(&self.uint64_data, u32::to_le_bytes)?,
            I32 => self
                .int32_data
                .iter()
                .flat_map(|v| v.to_le_bytes())
                .collect(),
            I16 => narrow(&self.int32_data, i16::to_le_bytes)?,
            I8 => narrow(&self.int32_data, i8::to_le_bytes)?,
            U16 | F16 | BF16 => narrow(&self.int32_data, u16::to_le_bytes)?,
            U8 | F8E4M3Fn | F8E4M3FnUz | F8E5M2 | F8E5M2FnUz | F8E8M0 => {
                narrow(&self.int32_data, u8::to_le_bytes)?
            }
            Bool => self.int32_data.iter().map(|&v| u8::from(v != 0)).collect(),
            other => {
                // Elements of less than a byte, which no exporter stores one by one.
                let stored = self.int32_data.len() + self.uint64_data.len();
                if stored > 0 {
                    return Err(Error::unsupported(text!(
                        "stores {other} elements outside of `raw_data`",
                        other = other.to_string()
                    )));
                }
                Vec::new()
            }
        };
        Ok(bytes.into())
    }
}

/// Narrows each element and refuses those that do not fit.
fn narrow<W, N, const SIZE: usize>(
    elements: &[W],
    to_le_bytes: fn(N) -> [u8; SIZE],
) -> Result<Vec<u8>>
where
    W: Copy + std::fmt::Display,
    N: TryFrom<W>,
{
    let mut bytes = Vec::with_capacity(elements.len() * SIZE);
    for &element in elements {
        let element = N::try_from(element).map_err(|_| {
            Error::format(text!(
                "holds the element {element}, which does not fit in {size} bits",
                element = element.to_string(),
                size = SIZE * 8
            ))
        })?;
        bytes.extend_from_slice(&to_le_bytes(element));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_bytes_are_shared_and_measured() {
        let data = Bytes::from(vec![1; 24]);
        let tensor = Tensor::new("w", DataType::F32, vec![2, 3], data.clone());
        assert_eq!(tensor.bytes().unwrap().as_ptr(), data.as_ptr());
        let short = Tensor::new("w", DataType::F64, vec![2, 3], data);
        let message = short.bytes().unwrap_err().to_string();
        assert_eq!(
            message,
            "holds 24 bytes of data, but its dims [2, 3] of float64 ask for 48"
        );
    }

    #[test]
    fn typed_fields_become_little_endian_bytes() {
        let typed = |dtype: DataType, ints: Vec<i32>| Tensor {
            dims: vec![i64::try_from(ints.len()).unwrap()],
            int32_data: ints,
            ..Tensor::new("t", dtype, vec![], Bytes::new())
        };
        assert_eq!(
            typed(DataType::F16, vec![0x3c00]).bytes().unwrap(),
            [0x00, 0x3c].as_slice()
        );
        assert_eq!(
            typed(DataType::I8, vec![-2, 127]).bytes().unwrap(),
            [0xfe, 0x7f].as_slice()
        );
        assert_eq!(
            typed(DataType::Bool, vec![0, 9]).bytes().unwrap(),
            [0, 1].as_slice()
        );
        assert!(
            typed(DataType::U8, vec![256])
                .bytes()
                .unwrap_err()
                .to_string()
                .contains("does not fit in 8 bits")
        );
        assert!(
            typed(DataType::F32, vec![1])
                .bytes()
                .unwrap_err()
                .to_string()
                .contains("ask for 4")
        );
    }

    #[test]
    fn sizes_never_overflow() {
        for (dims, expected) in [
            (vec![1 << 62, 4], "exceeds 64 bits"),
            (vec![1 << 62], "exceeds 64 bits"),
            (vec![-1], "negative extent -1"),
        ] {
            let tensor = Tensor::new("t", DataType::F32, dims, Bytes::new());
            assert!(tensor.bytes().unwrap_err().to_string().contains(expected));
        }
        assert_eq!(
            Tensor::new("t", DataType::F32, vec![1 << 62, 1 << 62, 0], Bytes::new())
                .byte_len()
                .unwrap(),
            0
        );
        assert!(
            Tensor::new("t", DataType::String, vec![1], Bytes::new())
                .bytes()
                .is_err()
        );
    }
}
