//! The types that buffers and tensors are made of.

use ascend_graph::DataType;
use bytemuck::Pod;
use half::{bf16, f16};

mod sealed {
    pub trait Sealed {}
}

/// A plain number that a device knows: every pattern of bits is a value of it.
pub trait Element: sealed::Sealed + Pod + Default + Send + Sync {
    /// The element type as model files and AscendCL name it.
    const DATA_TYPE: DataType;
}

macro_rules! elements {
    ($($kind:ty => $name:ident),* $(,)?) => {
        $(
            impl sealed::Sealed for $kind {}
            impl Element for $kind {
                const DATA_TYPE: DataType = DataType::$name;
            }
        )*
    };
}

elements! {
    f32 => F32,
    f64 => F64,
    f16 => F16,
    bf16 => BF16,
    i8 => I8,
    i16 => I16,
    i32 => I32,
    i64 => I64,
    u8 => U8,
    u16 => U16,
    u32 => U32,
    u64 => U64,
}
