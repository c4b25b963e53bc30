//! How the integers of a quantised tensor map to numbers.

use super::{MAX_RANK, Rebuilder, Stop, refused};
use crate::error::Result;
use crate::weights::dtype::DataType;
use crate::weights::fault::Fault;
use crate::weights::pickle::{Ref, Value};
use crate::weights::tensor::{Quantisation, Tensor};
use crate::weights::{damaged, wrong};

impl<S: super::Storages> Rebuilder<'_, '_, S> {
    /// `(scheme, scale, zero point)` or `(scheme, scales, zero points, axis)`, for a tensor of
    /// `size`.
    pub(super) fn quantisation(&mut self, at: Ref, size: Ref) -> Result<Quantisation, Stop> {
        let parts = self.heap.tuple(at).unwrap_or_default();
        let scheme = match parts.first().map(|&scheme| self.heap.value(scheme)) {
            Some(Value::Global(scheme)) => self.heap.global(scheme).name,
            _ => return Err(damaged("a quantised tensor without its scheme").into()),
        };
        match (scheme, parts) {
            ("per_tensor_affine" | "per_tensor_symmetric", &[_, scale, zero_point]) => {
                let (scale, zero_point) = (self.number(scale)?, self.heap.value(zero_point));
                let Value::Int(zero_point) = zero_point else {
                    return Err(damaged("a zero point that is no integer").into());
                };
                Ok(Quantisation::PerTensor { scale, zero_point })
            }
            (
                "per_channel_affine" | "per_channel_symmetric" | "per_channel_affine_float_qparams",
                &[_, scales, zero_points, axis],
            ) => {
                let axis = self.length(axis, "axis of the scales")?;
                let shape = self.lengths(size, "size")?;
                let &count = shape.get(axis).ok_or_else(|| {
                    let rank = shape.len();
                    let message = format!("scales along axis {axis} of {rank}");
                    wrong(Fault::OutOfBounds, message)
                })?;
                Ok(Quantisation::PerChannel {
                    axis,
                    scales: self.numbers(scales, count)?,
                    zero_points: self.numbers(zero_points, count)?,
                    has_float_zero_points: scheme == "per_channel_affine_float_qparams",
                })
            }
            _ => {
                let scheme: String = scheme.chars().take(MAX_RANK).collect();
                Err(refused(format!(
                    "it is quantised by {scheme:?}, which is not known; save tensor.dequantize()"
                )))
            }
        }
    }

    /// Compares how many numbers there are, and books the memory for them.
    fn check_count(&self, there: usize, count: usize) -> Result<()> {
        if there != count {
            let message = format!("{there} scales or zero points for an axis of {count}");
            return Err(wrong(Fault::SizeMismatch, message));
        }
        // as they are in the file, and in double precision
        self.heap
            .budget()
            .charge(count.saturating_mul(2 * size_of::<f64>()))
    }

    fn number(&self, at: Ref) -> Result<f64> {
        match self.heap.value(at) {
            Value::Float(number) => Ok(number),
            #[allow(
                clippy::cast_precision_loss,
                reason = "a zero point is small, and a scale is rounded anyway"
            )]
            Value::Int(number) => Ok(number as f64),
            other => Err(damaged(format!("{} as a scale", other.noun()))),
        }
    }

    /// The `count` numbers of a tensor, or of a list.
    fn numbers(&mut self, at: Ref, count: usize) -> Result<Vec<f64>, Stop> {
        let listed = match self.heap.value(at) {
            Value::List(list) => self.heap.list(list),
            Value::Tuple(span) => self.heap.members(span),
            _ => {
                let entry = self.plain_entry(at)?;
                self.check_count(Tensor::new(&entry).len(), count)?;
                return wide(Tensor::new(&entry))
                    .ok_or_else(|| refused("it is quantised by scales of an unknown type"));
            }
        };
        self.check_count(listed.len(), count)?;
        Ok(listed
            .iter()
            .map(|&number| self.number(number))
            .collect::<Result<_>>()?)
    }
}

/// The numbers of a tensor in double precision.
fn wide(tensor: Tensor<'_>) -> Option<Vec<f64>> {
    let bytes = tensor.bytes();
    #[allow(clippy::cast_precision_loss, reason = "zero points are small integers")]
    Some(match tensor.dtype() {
        DataType::I64 => {
            let numbers = bytes.as_chunks().0.iter();
            numbers.map(|&n| i64::from_le_bytes(n) as f64).collect()
        }
        DataType::I32 => {
            let numbers = bytes.as_chunks().0.iter();
            numbers.map(|&n| i32::from_le_bytes(n).into()).collect()
        }
        _ => {
            let bytes = tensor.cast(DataType::F64).ok()?;
            let numbers = bytes.as_chunks().0.iter();
            numbers.map(|&n| f64::from_le_bytes(n)).collect()
        }
    })
}
