//! Rust types of tensor elements.

use half::{bf16, f16};

use super::dtype::DataType;

/// A Rust type that is one of the [`DataType`]s.
pub trait Element: Copy + sealed::FromLe + 'static {
    /// The element type that is this Rust type.
    const DATA_TYPE: DataType;
}

mod sealed {
    use super::{bf16, f16};

    pub trait FromLe {
        /// The elements of packed little-endian `bytes`.
        fn from_le(bytes: &[u8]) -> Vec<Self>
        where
            Self: Sized;
    }

    impl FromLe for bool {
        fn from_le(bytes: &[u8]) -> Vec<Self> {
            bytes.iter().map(|&byte| byte != 0).collect()
        }
    }

    macro_rules! number {
        ($($number:ty),+) => { $(
            impl FromLe for $number {
                fn from_le(bytes: &[u8]) -> Vec<Self> {
                    let (numbers, _) = bytes.as_chunks();
                    numbers.iter().map(|&number| Self::from_le_bytes(number)).collect()
                }
            }
        )+ };
    }

    number!(i8, i16, i32, i64, u8, u16, u32, u64, f16, bf16, f32, f64);
}

macro_rules! element {
    ($($element:ty => $data_type:ident),+ $(,)?) => { $(
        impl Element for $element {
            const DATA_TYPE: DataType = DataType::$data_type;
        }
    )+ };
}

element!(
    bool => Bool, i8 => I8, i16 => I16, i32 => I32, i64 => I64, u8 => U8, u16 => U16, u32 => U32,
    u64 => U64, f16 => F16, bf16 => BF16, f32 => F32, f64 => F64,
);
