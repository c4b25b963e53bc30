use ::rten::Value;
use ascend_graph::DataType;
use half::f16;
use rten_tensor::Layout;

use super::EngineError;

/// The element types that `rten` takes and gives, by conversion where it has to.
pub(crate) const EDGE_TYPES: [DataType; 7] = [
    DataType::F32,
    DataType::F16,
    DataType::I64,
    DataType::I32,
    DataType::Bool,
    DataType::I8,
    DataType::U8,
];

/// The types of one element in whole bytes that `AscendCL` has names for, and engines that compute in a
/// model's own types.
pub(crate) const PLAIN_TYPES: [DataType; 13] = [
    DataType::F32,
    DataType::F16,
    DataType::BF16,
    DataType::F64,
    DataType::I8,
    DataType::I16,
    DataType::I32,
    DataType::I64,
    DataType::U8,
    DataType::U16,
    DataType::U32,
    DataType::U64,
    DataType::Bool,
];

/// A tensor at the engine's edge: row-major elements as native-endian bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tensor {
    /// The element type, one of the engine's [edge types](super::Engine::edge_types).
    pub(crate) dtype: DataType,
    /// The extent of each axis; empty for a scalar.
    pub(crate) dims: Vec<usize>,
    /// The elements.
    pub(crate) bytes: Vec<u8>,
}

impl Tensor {
    /// Refuses a tensor whose bytes are not those of its type and dims.
    pub(super) fn check_size(&self) -> Result<(), EngineError> {
        let Self { dtype, dims, bytes } = self;
        let size = dims
            .iter()
            .try_fold(1, |product: usize, &dim| product.checked_mul(dim));
        let size = size.and_then(|count| count.checked_mul(usize::try_from(dtype.bytes()?).ok()?));
        if size != Some(bytes.len()) {
            let len = bytes.len();
            return Err(EngineError::new(format!(
                "{len} bytes do not make a {dtype} tensor of dims {dims:?}"
            )));
        }
        Ok(())
    }

    /// Gives the tensor in the type that `rten` computes in.
    pub(super) fn into_value(self) -> Result<Value, EngineError> {
        self.check_size()?;
        let Self { dtype, dims, bytes } = self;
        match dtype {
            DataType::F32 => value(&dims, elements(&bytes, f32::from_ne_bytes)),
            DataType::F16 => value(
                &dims,
                elements(&bytes, |half| f16::from_ne_bytes(half).to_f32()),
            ),
            DataType::I32 => value(&dims, elements(&bytes, i32::from_ne_bytes)),
            DataType::I64 => value(&dims, narrow(&elements(&bytes, i64::from_ne_bytes))?),
            DataType::Bool => value(
                &dims,
                bytes.iter().map(|&byte| i32::from(byte != 0)).collect(),
            ),
            DataType::I8 => value(&dims, elements(&bytes, i8::from_ne_bytes)),
            DataType::U8 => value(&dims, bytes),
            other => Err(unsupported(other, &EDGE_TYPES)),
        }
    }

    /// Gives a value in the type that `rten` computes in; `None` for what is no tensor.
    pub(super) fn of_value(value: &Value) -> Option<Self> {
        Self::from_value(value.clone(), own_type(value)?).ok()
    }

    /// Gives what `rten` computed in the type that the model declares.
    pub(super) fn from_value(value: Value, dtype: DataType) -> Result<Self, EngineError> {
        let computed = value.dtype();
        let (dims, bytes) = match (dtype, value) {
            (DataType::F32, Value::FloatTensor(tensor)) => pack(tensor, f32::to_ne_bytes),
            (DataType::F16, Value::FloatTensor(tensor)) => {
                pack(tensor, |wide| f16::from_f32(wide).to_ne_bytes())
            }
            (DataType::I32, Value::Int32Tensor(tensor)) => pack(tensor, i32::to_ne_bytes),
            (DataType::I64, Value::Int32Tensor(tensor)) => {
                pack(tensor, |element| i64::from(element).to_ne_bytes())
            }
            (DataType::Bool, Value::Int32Tensor(tensor)) => {
                pack(tensor, |element| [u8::from(element != 0)])
            }
            (DataType::I8, Value::Int8Tensor(tensor)) => pack(tensor, i8::to_ne_bytes),
            (DataType::U8, Value::UInt8Tensor(tensor)) => pack(tensor, u8::to_ne_bytes),
            _ => {
                let message =
                    format!("the engine computed {computed}, but the model declares {dtype}");
                return Err(EngineError::new(message));
            }
        };
        Ok(Self { dtype, dims, bytes })
    }
}

/// The type that `rten` computes a value in.
pub(super) fn own_type(value: &Value) -> Option<DataType> {
    match value {
        Value::FloatTensor(_) => Some(DataType::F32),
        Value::Int32Tensor(_) => Some(DataType::I32),
        Value::Int8Tensor(_) => Some(DataType::I8),
        Value::UInt8Tensor(_) => Some(DataType::U8),
        _ => None,
    }
}

/// Says that a type cannot be at a model's edge, and which can.
pub(super) fn unsupported(dtype: DataType, known: &[DataType]) -> EngineError {
    let known: Vec<_> = known.iter().map(|dtype| dtype.name()).collect();
    EngineError::new(format!(
        "{dtype} is not supported; use one of {}",
        known.join(", ")
    ))
}

fn value<T>(dims: &[usize], elements: Vec<T>) -> Result<Value, EngineError>
where
    Value: From<rten_tensor::Tensor<T>>,
{
    Value::from_shape(dims, elements).map_err(|error| EngineError::new(error.to_string()))
}

pub(super) fn elements<T, const SIZE: usize>(
    bytes: &[u8],
    from_ne_bytes: impl Fn([u8; SIZE]) -> T,
) -> Vec<T> {
    bytes
        .as_chunks()
        .0
        .iter()
        .map(|&chunk| from_ne_bytes(chunk))
        .collect()
}

/// Gives the dims and the elements of a tensor.
fn pack<T: Copy, const SIZE: usize>(
    tensor: rten_tensor::Tensor<T>,
    to_ne_bytes: impl Fn(T) -> [u8; SIZE],
) -> (Vec<usize>, Vec<u8>) {
    let dims = tensor.shape().to_vec();
    (dims, bytes_of(&tensor.into_data(), to_ne_bytes))
}

pub(super) fn bytes_of<T: Copy, const SIZE: usize>(
    elements: &[T],
    to_ne_bytes: impl Fn(T) -> [u8; SIZE],
) -> Vec<u8> {
    let mut bytes = vec![0; elements.len() * SIZE];
    for (chunk, &element) in bytes.as_chunks_mut().0.iter_mut().zip(elements) {
        *chunk = to_ne_bytes(element);
    }
    bytes
}

/// Narrows to the width that the engine computes in.
fn narrow(elements: &[i64]) -> Result<Vec<i32>, EngineError> {
    let fit = |(index, &element): (usize, &i64)| {
        i32::try_from(element).map_err(|_| {
            EngineError::new(format!(
                "element {index} is {element}, but the CPU engine computes int64 in 32 bits; keep values below 2^31"
            ))
        })
    };
    elements.iter().enumerate().map(fit).collect()
}
