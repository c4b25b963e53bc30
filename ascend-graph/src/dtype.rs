use std::fmt;

struct Row {
    name: &'static str,
    bits: u64,
    onnx: Option<i32>,
    ge: Option<i32>,
    acl: Option<i32>,
}

/// Makes the enum and its table from one list, so that they cannot drift apart.
macro_rules! data_types {
    ($($variant:ident $name:literal $bits:literal $onnx:tt $ge:tt $acl:tt;)*) => {
        /// The type of a tensor's elements.
        ///
        /// Three files number these types in three ways, and mixing them up is the classic mistake (3 is
        /// `int8` in two of them and `int32` in the third). So numbers exist only at the border:
        /// [`onnx_code`](Self::onnx_code), [`ge_code`](Self::ge_code), [`acl_code`](Self::acl_code).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum DataType {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        const ALL: &[DataType] = &[$(DataType::$variant),*];

        impl DataType {
            const fn row(self) -> Row {
                match self {
                    $(Self::$variant => Row {
                        name: $name,
                        bits: $bits,
                        onnx: data_types!(@code $onnx),
                        ge: data_types!(@code $ge),
                        acl: data_types!(@code $acl),
                    },)*
                }
            }
        }
    };
    (@code _) => { None };
    (@code $code:literal) => { Some($code) };
}

data_types! {
    // variant    name          bits onnx ge acl
    Undefined     "undefined"     0   0   0  28;
    F32           "float32"      32   1   1   0;
    F16           "float16"      16  10   2   1;
    I8            "int8"          8   3   3   2;
    U8            "uint8"         8   2   4   4;
    I16           "int16"        16   5   5   6;
    U16           "uint16"       16   4   6   7;
    I32           "int32"        32   6   7   3;
    I64           "int64"        64   7   8   9;
    U32           "uint32"       32  12   9   8;
    U64           "uint64"       64  13  10  10;
    Bool          "bool"          8   9  11  12;
    F64           "float64"      64  11  12  11;
    String        "string"        0   8  13  13;
    DualSubI8     "dual_sub_int8" 0   _  14  14;
    DualSubU8     "dual_sub_uint8" 0  _  15  15;
    Complex64     "complex64"    64  14  16  16;
    Complex128    "complex128"  128  15  17  17;
    QI8           "qint8"         8   _  18  18;
    QI16          "qint16"       16   _  19  19;
    QI32          "qint32"       32   _  20  20;
    QU8           "quint8"        8   _  21  21;
    QU16          "quint16"      16   _  22  22;
    Resource      "resource"      0   _  23  23;
    StringRef     "string_ref"    0   _  24  24;
    Dual          "dual"          0   _  25  25;
    Variant       "variant"       0   _  26  26;
    BF16          "bfloat16"     16  16  27  27;
    I4            "int4"          4  22  28  29;
    U1            "uint1"         1   _  29  30;
    I2            "int2"          2   _  30  31;
    U2            "uint2"         2   _  31  32;
    Complex32     "complex32"    32   _  32  33;
    HiF8          "hifloat8"      8   _  33  34;
    F8E5M2        "float8_e5m2"   8  19  34  35;
    F8E4M3Fn      "float8_e4m3fn" 8  17  35  36;
    F8E8M0        "float8_e8m0"   8  24  36  37;
    F6E3M2        "float6_e3m2"   6   _  37  38;
    F6E2M3        "float6_e2m3"   6   _  38  39;
    F4E2M1        "float4_e2m1"   4  23  39  40;
    F4E1M2        "float4_e1m2"   4   _  40  41;
    HiF4          "hifloat4"      4   _  41  42;
    U4            "uint4"         4  21   _   _;
    F8E4M3FnUz    "float8_e4m3fnuz" 8 18  _   _;
    F8E5M2FnUz    "float8_e5m2fnuz" 8 20  _   _;
}

impl DataType {
    /// Gives the lower-case name, such as `float32`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// Gives the bytes of one element, or `None` for types without a whole, fixed number of them.
    #[must_use]
    pub const fn bytes(self) -> Option<u64> {
        let bits = self.row().bits;
        if bits == 0 || !bits.is_multiple_of(8) {
            None
        } else {
            Some(bits / 8)
        }
    }

    /// Gives the bytes of `elements` packed elements, or `None` where the type has no size or the
    /// product exceeds 64 bits.
    #[must_use]
    pub fn bytes_of(self, elements: u64) -> Option<u64> {
        let bits = self.row().bits;
        let total = u128::from(elements) * u128::from(bits);
        if bits == 0 {
            None
        } else {
            u64::try_from(total.div_ceil(8)).ok()
        }
    }

    /// Tells whether the elements are whole numbers or truth values.
    #[must_use]
    pub const fn is_integer(self) -> bool {
        use DataType::{Bool, I2, I4, I8, I16, I32, I64, U1, U2, U4, U8, U16, U32, U64};
        matches!(
            self,
            Bool | I2 | I4 | I8 | I16 | I32 | I64 | U1 | U2 | U4 | U8 | U16 | U32 | U64
        )
    }

    /// Gives the number that ONNX uses (`TensorProto.DataType`).
    #[must_use]
    pub const fn onnx_code(self) -> Option<i32> {
        self.row().onnx
    }

    /// Gives the number that the graph inside an `.om` uses (`ge.proto`, `MODEL_DEF`).
    #[must_use]
    pub const fn ge_code(self) -> Option<i32> {
        self.row().ge
    }

    /// Gives the number that `AscendCL` uses (`aclDataType`, also in `MODEL_INOUT_INFO`).
    #[must_use]
    pub const fn acl_code(self) -> Option<i32> {
        self.row().acl
    }

    /// Gives the name that Huawei's compiler uses, such as `FLOAT`; `None` for types that it does not have.
    #[must_use]
    pub fn ge_name(self) -> Option<String> {
        self.ge_code()?;
        Some(match self {
            Self::F32 => "FLOAT".to_owned(),
            Self::F64 => "DOUBLE".to_owned(),
            Self::BF16 => "BF16".to_owned(),
            other => other.name().to_ascii_uppercase(),
        })
    }

    /// Gives the type of a name that Huawei's compiler uses, with or without `DT_` before it.
    #[must_use]
    pub fn from_ge_name(name: &str) -> Option<Self> {
        let name = name.strip_prefix("DT_").unwrap_or(name);
        let mut types = ALL.iter().copied();
        types.find(|dtype| dtype.ge_name().as_deref() == Some(name))
    }

    /// Gives the type of a lower-case name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|dtype| dtype.name() == name)
    }

    /// Gives the type of an ONNX number.
    #[must_use]
    pub fn from_onnx(code: i32) -> Option<Self> {
        ALL.iter()
            .copied()
            .find(|dtype| dtype.onnx_code() == Some(code))
    }

    /// Gives the type of a number from the graph inside an `.om`.
    #[must_use]
    pub fn from_ge(code: i32) -> Option<Self> {
        ALL.iter()
            .copied()
            .find(|dtype| dtype.ge_code() == Some(code))
    }

    /// Gives the type of an `AscendCL` number.
    #[must_use]
    pub fn from_acl(code: i32) -> Option<Self> {
        ALL.iter()
            .copied()
            .find(|dtype| dtype.acl_code() == Some(code))
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_numbering_is_its_own() {
        for (dtype, onnx, ge, acl) in [
            (DataType::F32, 1, 1, 0),
            (DataType::F16, 10, 2, 1),
            (DataType::I8, 3, 3, 2),
            (DataType::I32, 6, 7, 3),
            (DataType::U8, 2, 4, 4),
            (DataType::I64, 7, 8, 9),
            (DataType::Bool, 9, 11, 12),
            (DataType::F64, 11, 12, 11),
            (DataType::BF16, 16, 27, 27),
            (DataType::I4, 22, 28, 29),
        ] {
            assert_eq!(
                (dtype.onnx_code(), dtype.ge_code(), dtype.acl_code()),
                (Some(onnx), Some(ge), Some(acl)),
                "{dtype}"
            );
        }
    }

    #[test]
    fn numbers_lead_back_to_one_type() {
        let mut names = HashSet::new();
        for &dtype in ALL {
            assert!(names.insert(dtype.name()), "{dtype} twice");
            let back = [
                dtype.onnx_code().map(DataType::from_onnx),
                dtype.ge_code().map(DataType::from_ge),
                dtype.acl_code().map(DataType::from_acl),
            ];
            assert!(
                back.into_iter().flatten().all(|back| back == Some(dtype)),
                "{dtype}"
            );
            let name = dtype.ge_name();
            let back = name.as_deref().and_then(DataType::from_ge_name);
            assert_eq!(back, name.is_some().then_some(dtype), "{dtype}");
        }
        // Both numberings of an .om are without holes; 5 is the one number that AscendCL never gave.
        assert!((0..=41).all(|code| DataType::from_ge(code).is_some()));
        assert!(
            (0..=42)
                .filter(|&code| DataType::from_acl(code).is_none())
                .eq([5])
        );
    }

    #[test]
    fn sizes_round_up_and_never_overflow() {
        assert_eq!(DataType::F32.bytes_of(3), Some(12));
        assert_eq!(DataType::I4.bytes_of(3), Some(2));
        assert_eq!(DataType::I4.bytes(), None);
        assert_eq!(DataType::F32.bytes_of(u64::MAX), None);
        assert_eq!(DataType::String.bytes_of(1), None);
        assert_eq!(DataType::Bool.bytes_of(0), Some(0));
    }
}
