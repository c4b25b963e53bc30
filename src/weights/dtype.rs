//! The element types that checkpoints hold.

use std::fmt;

/// The type of a tensor's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DataType {
    /// Truth value, one byte, 0 or 1.
    Bool,
    /// Signed integer of 8 bits.
    I8,
    /// Signed integer of 16 bits.
    I16,
    /// Signed integer of 32 bits.
    I32,
    /// Signed integer of 64 bits.
    I64,
    /// Unsigned integer of 8 bits.
    U8,
    /// Unsigned integer of 16 bits.
    U16,
    /// Unsigned integer of 32 bits.
    U32,
    /// Unsigned integer of 64 bits.
    U64,
    /// IEEE half precision.
    F16,
    /// The upper half of an `F32`.
    BF16,
    /// IEEE single precision.
    F32,
    /// IEEE double precision.
    F64,
    /// Complex number of two `F16`.
    C32,
    /// Complex number of two `F32`.
    C64,
    /// Complex number of two `F64`.
    C128,
    /// 8-bit float: 4 bits of exponent, 3 of mantissa.
    F8E4M3,
    /// 8-bit float: 5 bits of exponent, 2 of mantissa.
    F8E5M2,
    /// 8-bit power of two, a scale.
    F8E8M0,
    /// As `F8E4M3`, without negative zero.
    F8E4M3Fnuz,
    /// As `F8E5M2`, without negative zero.
    F8E5M2Fnuz,
    /// 6-bit float: 2 bits of exponent, 3 of mantissa; packed.
    F6E2M3,
    /// 6-bit float: 3 bits of exponent, 2 of mantissa; packed.
    F6E3M2,
    /// 4-bit float, two per byte.
    F4,
    /// Quantised `I8`.
    QI8,
    /// Quantised `U8`.
    QU8,
    /// Quantised `I32`.
    QI32,
}

impl DataType {
    /// The types that safetensors can hold.
    pub(crate) const STORED: [Self; 22] = [
        Self::F32,
        Self::F16,
        Self::BF16,
        Self::I64,
        Self::F64,
        Self::Bool,
        Self::I8,
        Self::I16,
        Self::I32,
        Self::U8,
        Self::U16,
        Self::U32,
        Self::U64,
        Self::C64,
        Self::F8E4M3,
        Self::F8E5M2,
        Self::F8E8M0,
        Self::F8E4M3Fnuz,
        Self::F8E5M2Fnuz,
        Self::F6E2M3,
        Self::F6E3M2,
        Self::F4,
    ];

    /// Bits that one element takes.
    #[must_use]
    pub const fn bits(self) -> usize {
        match self {
            Self::F4 => 4,
            Self::F6E2M3 | Self::F6E3M2 => 6,
            Self::Bool
            | Self::I8
            | Self::U8
            | Self::QI8
            | Self::QU8
            | Self::F8E4M3
            | Self::F8E5M2
            | Self::F8E8M0
            | Self::F8E4M3Fnuz
            | Self::F8E5M2Fnuz => 8,
            Self::I16 | Self::U16 | Self::F16 | Self::BF16 => 16,
            Self::I32 | Self::U32 | Self::F32 | Self::C32 | Self::QI32 => 32,
            Self::I64 | Self::U64 | Self::F64 | Self::C64 => 64,
            Self::C128 => 128,
        }
    }

    /// The name as safetensors spells it, with `C32`, `C128` and `Q…` added.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "BOOL",
            Self::I8 => "I8",
            Self::I16 => "I16",
            Self::I32 => "I32",
            Self::I64 => "I64",
            Self::U8 => "U8",
            Self::U16 => "U16",
            Self::U32 => "U32",
            Self::U64 => "U64",
            Self::F16 => "F16",
            Self::BF16 => "BF16",
            Self::F32 => "F32",
            Self::F64 => "F64",
            Self::C32 => "C32",
            Self::C64 => "C64",
            Self::C128 => "C128",
            Self::F8E4M3 => "F8_E4M3",
            Self::F8E5M2 => "F8_E5M2",
            Self::F8E8M0 => "F8_E8M0",
            Self::F8E4M3Fnuz => "F8_E4M3FNUZ",
            Self::F8E5M2Fnuz => "F8_E5M2FNUZ",
            Self::F6E2M3 => "F6_E2M3",
            Self::F6E3M2 => "F6_E3M2",
            Self::F4 => "F4",
            Self::QI8 => "QI8",
            Self::QU8 => "QU8",
            Self::QI32 => "QI32",
        }
    }

    /// Whether an element is a pair of numbers, the real part and the imaginary one.
    #[must_use]
    pub const fn is_complex(self) -> bool {
        matches!(self, Self::C32 | Self::C64 | Self::C128)
    }

    /// Whether the highest bit of every number is its sign and nothing else.
    pub(super) const fn is_signed_float(self) -> bool {
        self.is_complex() || matches!(self, Self::F16 | Self::BF16 | Self::F32 | Self::F64)
    }

    pub(super) const fn is_quantised(self) -> bool {
        matches!(self, Self::QI8 | Self::QU8 | Self::QI32)
    }

    /// Bytes of one number in an element: half an element for complex types.
    pub(super) const fn component_bytes(self) -> usize {
        let bytes = self.bits() / 8;
        if self.is_complex() { bytes / 2 } else { bytes }
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
