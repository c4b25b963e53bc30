//! Tensors as values of ONNX Runtime.

use std::fmt::Debug;

use ascend_graph::DataType;
use half::{bf16, f16};
use ort::value::{DynValue, PrimitiveTensorElementType};

use crate::engine::edge::{bytes_of, elements, unsupported};
use crate::engine::{EngineError, PLAIN_TYPES, Tensor};

/// An element in Rust.
trait Element: PrimitiveTensorElementType + Copy + Debug + 'static {
    fn read(bytes: &[u8]) -> Vec<Self>;
    fn write(elements: &[Self]) -> Vec<u8>;
}

macro_rules! elements_of {
    ($($element:ty),*) => {$(
        impl Element for $element {
            fn read(bytes: &[u8]) -> Vec<Self> {
                elements(bytes, Self::from_ne_bytes)
            }

            fn write(elements: &[Self]) -> Vec<u8> {
                bytes_of(elements, Self::to_ne_bytes)
            }
        }
    )*};
}

elements_of!(f32, f16, bf16, f64, i8, i16, i32, i64, u8, u16, u32, u64);

impl Element for bool {
    fn read(bytes: &[u8]) -> Vec<Self> {
        bytes.iter().map(|&byte| byte != 0).collect()
    }

    fn write(elements: &[Self]) -> Vec<u8> {
        elements.iter().map(|&element| element.into()).collect()
    }
}

/// Uses the Rust type of an element type, if it is one of [`PLAIN_TYPES`].
macro_rules! with_element {
    ($dtype:expr, $T:ident => $used:expr) => {
        with_element!(@match $dtype, $T => $used;
            F32 f32, F16 f16, BF16 bf16, F64 f64, I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32,
            U64 u64, Bool bool)
    };
    (@match $dtype:expr, $T:ident => $used:expr; $($variant:ident $element:ty),*) => {
        match $dtype {
            $(DataType::$variant => {
                type $T = $element;
                Some($used)
            })*
            _ => None,
        }
    };
}

/// Copies a tensor, whose bytes must be as many as its type and dims want; `None` for types that are none
/// of [`PLAIN_TYPES`].
pub(super) fn owned(
    dtype: DataType,
    dims: &[i64],
    bytes: &[u8],
) -> Result<Option<DynValue>, EngineError> {
    let value = with_element!(dtype, T => make::<T>(dims, bytes));
    let value = value.transpose();
    value.map_err(|error| EngineError::new(error.to_string()))
}

fn make<T: Element>(dims: &[i64], bytes: &[u8]) -> ort::Result<DynValue> {
    let tensor = ort::value::Tensor::from_array((dims.to_vec(), T::read(bytes)))?;
    Ok(tensor.into_dyn())
}

/// Copies what was computed, which must be of the type that the model declares.
pub(super) fn tensor(value: &DynValue, dtype: DataType) -> Result<Tensor, EngineError> {
    let taken = with_element!(dtype, T => take::<T>(value));
    let taken = taken.ok_or_else(|| unsupported(dtype, &PLAIN_TYPES))?;
    let (dims, bytes) = taken.map_err(|error| EngineError::new(error.to_string()))?;
    let dims = dims.iter().map(|&dim| usize::try_from(dim));
    let dims: Result<_, _> = dims.collect();
    let dims = dims.map_err(|_| EngineError::new("has an extent below 0"))?;
    Ok(Tensor { dtype, dims, bytes })
}

fn take<T: Element>(value: &DynValue) -> ort::Result<(Vec<i64>, Vec<u8>)> {
    let (shape, elements) = value.try_extract_tensor::<T>()?;
    Ok((shape.to_vec(), T::write(elements)))
}
