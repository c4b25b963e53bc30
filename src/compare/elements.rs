//! The elements of tensors as numbers.

use ascend_graph::DataType;
use half::{bf16, f16};

use crate::error::{Error, ErrorKind, Result};
use crate::tensor::Tensor;

/// Elements that are looked at together.
pub(super) const BLOCK: usize = 4096;

/// The bytes of an element, if such elements are numbers that can be compared.
pub(super) fn width(dtype: DataType) -> Option<usize> {
    use DataType::{BF16, Bool, F16, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64};
    let is_known = matches!(
        dtype,
        BF16 | Bool | F16 | F32 | F64 | I8 | I16 | I32 | I64 | U8 | U16 | U32 | U64
    );
    let bytes = dtype.bytes().filter(|_| is_known)?;
    usize::try_from(bytes).ok()
}

/// Whether the elements are floating point numbers.
pub(super) fn is_float(dtype: DataType) -> bool {
    use DataType::{BF16, F16, F32, F64};
    matches!(dtype, BF16 | F16 | F32 | F64)
}

/// Puts the elements into `numbers`, each as the nearest double; nothing for types that are no numbers.
#[allow(
    clippy::cast_precision_loss,
    reason = "whole numbers beyond 2^53 are compared by their bytes, too"
)]
pub(super) fn decode(dtype: DataType, bytes: &[u8], numbers: &mut Vec<f64>) {
    macro_rules! each {
        ($number:ty, $wide:expr) => {
            numbers.extend(bytes.as_chunks().0.iter().map(|element| {
                let number = <$number>::from_ne_bytes(*element);
                $wide(number)
            }))
        };
    }
    numbers.clear();
    match dtype {
        DataType::F32 => each!(f32, f64::from),
        DataType::F64 => each!(f64, f64::from),
        DataType::F16 => each!(f16, f64::from),
        DataType::BF16 => each!(bf16, f64::from),
        DataType::Bool => numbers.extend(bytes.iter().map(|byte| f64::from(u8::from(*byte != 0)))),
        DataType::U8 => numbers.extend(bytes.iter().copied().map(f64::from)),
        DataType::I8 => each!(i8, f64::from),
        DataType::I16 => each!(i16, f64::from),
        DataType::U16 => each!(u16, f64::from),
        DataType::I32 => each!(i32, f64::from),
        DataType::U32 => each!(u32, f64::from),
        DataType::I64 => each!(i64, |number| number as f64),
        DataType::U64 => each!(u64, |number| number as f64),
        _ => {}
    }
}

/// The same numbers as elements of another type, rounded to nearest.
///
/// # Errors
///
/// [`ErrorKind::Unsupported`] where a number could not be told apart from others, as in a conversion
/// of fractions to whole numbers.
pub(super) fn cast(tensor: &Tensor<'_>, dtype: DataType) -> Result<Tensor<'static>> {
    let refuse = || {
        let message = format!(
            "{} elements are not converted to {}: give the input in its own type",
            tensor.dtype.name(),
            dtype.name()
        );
        Error::new(ErrorKind::Unsupported, message)
    };
    let mut bytes = Vec::new();
    if tensor.dtype == dtype {
        bytes.extend_from_slice(&tensor.bytes);
    } else if is_float(dtype) && width(tensor.dtype).is_some() {
        let mut numbers = Vec::new();
        decode(tensor.dtype, &tensor.bytes, &mut numbers);
        encode(dtype, &numbers, &mut bytes);
    } else if let Some(converted) = whole(tensor, dtype) {
        bytes = converted;
    } else {
        return Err(refuse());
    }
    Ok(Tensor {
        dtype,
        shape: tensor.shape.to_vec().into(),
        bytes: bytes.into(),
    })
}

/// Writes numbers as floating point elements.
#[allow(
    clippy::cast_possible_truncation,
    reason = "rounding is what is asked for"
)]
pub(super) fn encode(dtype: DataType, numbers: &[f64], bytes: &mut Vec<u8>) {
    for number in numbers {
        match dtype {
            DataType::F32 => bytes.extend((*number as f32).to_ne_bytes()),
            DataType::F64 => bytes.extend(number.to_ne_bytes()),
            DataType::F16 => bytes.extend(f16::from_f64(*number).to_ne_bytes()),
            DataType::BF16 => bytes.extend(bf16::from_f64(*number).to_ne_bytes()),
            _ => {}
        }
    }
}

/// Whole numbers of 32 bits as ones of 64, and the other way round where they fit.
fn whole(tensor: &Tensor<'_>, dtype: DataType) -> Option<Vec<u8>> {
    match (tensor.dtype, dtype) {
        (DataType::I32, DataType::I64) => {
            let elements = tensor.bytes.as_chunks().0.iter();
            let wide = elements.flat_map(|one| i64::from(i32::from_ne_bytes(*one)).to_ne_bytes());
            Some(wide.collect())
        }
        (DataType::I64, DataType::I32) => {
            let elements = tensor.bytes.as_chunks().0.iter();
            let narrow = elements.map(|one| i32::try_from(i64::from_ne_bytes(*one)).ok());
            let narrow: Option<Vec<i32>> = narrow.collect();
            Some(narrow?.into_iter().flat_map(i32::to_ne_bytes).collect())
        }
        _ => None,
    }
}
