//! What the numbers of a tensor are like.

use half::{bf16, f16};

use super::dtype::DataType;
use super::tensor::Tensor;

/// What the numbers of a tensor are like; NaN and infinities are counted and left out of the rest.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Statistics {
    /// The least finite number; 0 if there is none.
    pub min: f64,
    /// The greatest finite number; 0 if there is none.
    pub max: f64,
    /// The mean of the finite numbers; 0 if there are none.
    pub mean: f64,
    /// Their standard deviation.
    pub std: f64,
    /// How many are NaN.
    pub nan: usize,
    /// How many are infinite.
    pub infinite: usize,
    /// How many are zero.
    pub zero: usize,
}

impl Tensor<'_> {
    /// What the numbers are like, `None` for types that are no plain numbers (complex, packed,
    /// quantised). Reads all of them, once.
    #[must_use]
    pub fn statistics(&self) -> Option<Statistics> {
        Statistics::of(self.dtype(), &self.bytes())
    }
}

impl Statistics {
    /// What the little-endian numbers in `bytes` are like, `None` for types that are no plain numbers
    /// (complex, packed, quantised).
    #[must_use]
    pub fn of(dtype: DataType, bytes: &[u8]) -> Option<Self> {
        Self::of_numbers(dtype, bytes, false)
    }

    /// The same of big-endian numbers.
    #[must_use]
    pub fn of_big_endian(dtype: DataType, bytes: &[u8]) -> Option<Self> {
        Self::of_numbers(dtype, bytes, true)
    }

    fn of_numbers(dtype: DataType, bytes: &[u8], is_big_endian: bool) -> Option<Self> {
        macro_rules! of {
            ($number:ty, $wide:expr) => {{
                let (numbers, _) = bytes.as_chunks();
                let numbers = numbers.iter();
                if is_big_endian {
                    gather(numbers.map(|&number| $wide(<$number>::from_be_bytes(number))))
                } else {
                    gather(numbers.map(|&number| $wide(<$number>::from_le_bytes(number))))
                }
            }};
        }
        #[allow(
            clippy::cast_precision_loss,
            reason = "statistics need no more digits than a double has"
        )]
        let statistics = match dtype {
            DataType::Bool | DataType::U8 => of!(u8, f64::from),
            DataType::I8 => of!(i8, f64::from),
            DataType::I16 => of!(i16, f64::from),
            DataType::U16 => of!(u16, f64::from),
            DataType::I32 => of!(i32, f64::from),
            DataType::U32 => of!(u32, f64::from),
            DataType::I64 => of!(i64, |number| number as f64),
            DataType::U64 => of!(u64, |number| number as f64),
            DataType::F16 => of!(f16, f64::from),
            DataType::BF16 => of!(bf16, f64::from),
            DataType::F32 => of!(f32, f64::from),
            DataType::F64 => of!(f64, |number| number),
            _ => return None,
        };
        Some(statistics)
    }
}

fn gather(numbers: impl Iterator<Item = f64>) -> Statistics {
    let mut found = Statistics {
        min: f64::INFINITY,
        max: f64::NEG_INFINITY,
        mean: 0.0,
        std: 0.0,
        nan: 0,
        infinite: 0,
        zero: 0,
    };
    let (mut count, mut squares) = (0.0, 0.0);
    for number in numbers {
        if number.is_nan() {
            found.nan += 1;
            continue;
        }
        if number.is_infinite() {
            found.infinite += 1;
            continue;
        }
        found.zero += usize::from(number == 0.0);
        found.min = found.min.min(number);
        found.max = found.max.max(number);
        // Welford's update: no loss when the mean is far from zero
        count += 1.0;
        let off = number - found.mean;
        found.mean += off / count;
        squares += off * (number - found.mean);
    }
    if count == 0.0 {
        (found.min, found.max) = (0.0, 0.0);
    } else {
        found.std = (squares / count).sqrt();
    }
    found
}
