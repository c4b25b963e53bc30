//! From one floating-point type to another.

use std::borrow::Cow;

use bytes::Bytes;
use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};

use super::dtype::DataType;
use super::tensor::Tensor;
use crate::error::{Error, ErrorKind, Result};

/// Elements that are converted at once: enough for vector instructions, few enough for the stack.
const BLOCK: usize = 1024;

impl<'a> Tensor<'a> {
    /// The elements as `to`, row-major and little-endian: rounded to nearest where `to` is narrower,
    /// and borrowed from the file where nothing has to change.
    ///
    /// # Errors
    /// [`ErrorKind::Shape`] unless `to` is the tensor's own type or both are among `F16`, `BF16`,
    /// `F32` and `F64`.
    pub fn cast(&self, to: DataType) -> Result<Cow<'a, [u8]>> {
        let bytes = self.bytes();
        if to == self.dtype() {
            return Ok(bytes);
        }
        cast(&bytes, self.dtype(), to)
            .map(Cow::Owned)
            .ok_or_else(|| {
                let (name, from) = (self.name(), self.dtype());
                Error::new(
                    ErrorKind::Shape,
                    format!(
                        "tensor {name:?} holds {from}, which is not converted to {to}; choose \
                         among F16, BF16, F32 and F64, which become each other"
                    ),
                )
            })
    }

    /// As [`cast`](Self::cast), shared with the file where nothing has to change; and whether finite
    /// numbers became infinite.
    pub(crate) fn shared_cast(self, to: DataType) -> Result<(Bytes, bool)> {
        if to == self.dtype() {
            return Ok((self.shared_bytes(), false));
        }
        let cast = self.cast(to)?.into_owned();
        let overflows = overflows((&self.bytes(), self.dtype()), (&cast, to));
        Ok((cast.into(), overflows))
    }
}

/// Whether numbers that were finite are infinite afterwards.
pub(super) fn overflows(before: (&[u8], DataType), after: (&[u8], DataType)) -> bool {
    let infinite = infinities(after.0, after.1);
    infinite > 0 && infinite > infinities(before.0, before.1)
}

fn infinities(bytes: &[u8], dtype: DataType) -> usize {
    macro_rules! count {
        ($of:expr) => {
            bytes
                .as_chunks()
                .0
                .iter()
                .filter(|&&number| $of(number))
                .count()
        };
    }
    match dtype {
        DataType::F16 => count!(|number| f16::from_le_bytes(number).is_infinite()),
        DataType::BF16 => count!(|number| bf16::from_le_bytes(number).is_infinite()),
        DataType::F32 => count!(|number| f32::from_le_bytes(number).is_infinite()),
        DataType::F64 => count!(|number| f64::from_le_bytes(number).is_infinite()),
        _ => 0,
    }
}

/// Little-endian elements of type `from` as `to`, if both are floats.
pub(super) fn cast(bytes: &[u8], from: DataType, to: DataType) -> Option<Vec<u8>> {
    let count = bytes.len() * 8 / from.bits();
    let mut out = Vec::new();
    match (from, to) {
        (DataType::F64, DataType::F16 | DataType::BF16 | DataType::F32) => {
            out.reserve_exact(count * to.bits() / 8);
            // straight from the double: rounding twice would be off by one at ties
            for &number in bytes.as_chunks().0 {
                let number = f64::from_le_bytes(number);
                match to {
                    DataType::F16 => out.extend(f16::from_f64(number).to_le_bytes()),
                    DataType::BF16 => out.extend(bf16::from_f64(number).to_le_bytes()),
                    _ => out.extend(single(number).to_le_bytes()),
                }
            }
        }
        (DataType::F16 | DataType::BF16 | DataType::F32, _) => {
            let write: fn(&[f32], &mut Vec<u8>) = match to {
                DataType::F16 => narrow::<f16>,
                DataType::BF16 => narrow::<bf16>,
                DataType::F32 => |block, out| {
                    out.extend(block.iter().flat_map(|number| number.to_le_bytes()));
                },
                DataType::F64 => |block, out| {
                    out.extend(block.iter().flat_map(|&n| f64::from(n).to_le_bytes()));
                },
                _ => return None,
            };
            out.reserve_exact(count * to.bits() / 8);
            let mut block = [0f32; BLOCK];
            for part in bytes.chunks(BLOCK * from.bits() / 8) {
                let block = &mut block[..part.len() * 8 / from.bits()];
                match from {
                    DataType::F16 => widen::<f16>(part, block),
                    DataType::BF16 => widen::<bf16>(part, block),
                    _ => {
                        for (number, &part) in block.iter_mut().zip(part.as_chunks().0) {
                            *number = f32::from_le_bytes(part);
                        }
                    }
                }
                write(block, &mut out);
            }
        }
        _ => return None,
    }
    Some(out)
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "rounding to single precision is asked for"
)]
pub(super) fn single(wide: f64) -> f32 {
    wide as f32
}

/// A float of 16 bits.
trait Half: Copy + 'static {
    const ZERO: Self;
    fn from_le(bytes: [u8; 2]) -> Self;
    fn to_le(self) -> [u8; 2];
    fn read(block: &[Self], into: &mut [f32]);
    fn write(block: &[f32], into: &mut [Self]);
}

macro_rules! half {
    ($($half:ty),+) => { $(
        impl Half for $half {
            const ZERO: Self = Self::ZERO;
            fn from_le(bytes: [u8; 2]) -> Self {
                Self::from_le_bytes(bytes)
            }
            fn to_le(self) -> [u8; 2] {
                self.to_le_bytes()
            }
            fn read(block: &[Self], into: &mut [f32]) {
                block.convert_to_f32_slice(into);
            }
            fn write(block: &[f32], into: &mut [Self]) {
                into.convert_from_f32_slice(block);
            }
        }
    )+ };
}

half!(f16, bf16);

fn widen<H: Half>(bytes: &[u8], into: &mut [f32]) {
    let mut halves = [H::ZERO; BLOCK];
    let halves = &mut halves[..into.len()];
    for (half, &bytes) in halves.iter_mut().zip(bytes.as_chunks().0) {
        *half = H::from_le(bytes);
    }
    H::read(halves, into);
}

fn narrow<H: Half>(block: &[f32], out: &mut Vec<u8>) {
    let mut halves = [H::ZERO; BLOCK];
    let halves = &mut halves[..block.len()];
    H::write(block, halves);
    out.extend(halves.iter().flat_map(|half| half.to_le()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_as_single_numbers_do() {
        let numbers: Vec<f32> = (0..5000u16)
            .map(|i| f32::from(i) * 0.37 - 900.0)
            .chain([f32::NAN, f32::INFINITY, -0.0, 65519.9, 65520.0, 1e-8])
            .collect();
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        let to = |to| cast(&bytes, DataType::F32, to).unwrap();
        let halves: Vec<u8> = numbers
            .iter()
            .flat_map(|&n| f16::from_f32(n).to_le_bytes())
            .collect();
        assert_eq!(to(DataType::F16), halves);
        let upper: Vec<u8> = numbers
            .iter()
            .flat_map(|&n| bf16::from_f32(n).to_le_bytes())
            .collect();
        assert_eq!(to(DataType::BF16), upper);
        let back = cast(&halves, DataType::F16, DataType::F32).unwrap();
        for (back, number) in back.as_chunks().0.iter().zip(&numbers) {
            let back = f32::from_le_bytes(*back);
            assert_eq!(back.to_bits(), f16::from_f32(*number).to_f32().to_bits());
        }
        let wide = to(DataType::F64);
        assert_eq!(cast(&wide, DataType::F64, DataType::F16).unwrap(), halves);
        assert_eq!(cast(&bytes, DataType::I32, DataType::F32), None);
        assert_eq!(cast(&bytes, DataType::F32, DataType::I32), None);
    }
}
