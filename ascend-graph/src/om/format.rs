use std::fmt;

/// The layout of a tensor, as the number that `AscendCL` uses (`aclFormat`); new numbers pass through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Format(pub i32);

impl Format {
    /// `[batch, channels, height, width]`
    pub const NCHW: Self = Self(0);
    /// `[batch, height, width, channels]`
    pub const NHWC: Self = Self(1);
    /// Any shape, no meaning of axes.
    pub const ND: Self = Self(2);
    /// `[batch, channels / 16, height, width, 16]`
    pub const NC1HWC0: Self = Self(3);
    /// Weights of a convolution as the matrix unit wants them.
    pub const FRACTAL_Z: Self = Self(4);
    /// `[channels, height, width, outputs]`
    pub const CHWN: Self = Self(14);
    /// `[height, width, channels, outputs]`
    pub const HWCN: Self = Self(16);
    /// `[batch, depth, height, width, channels]`
    pub const NDHWC: Self = Self(27);
    /// A matrix in blocks of 16 by 16.
    pub const FRACTAL_NZ: Self = Self(29);
    /// `[batch, channels, depth, height, width]`
    pub const NCDHW: Self = Self(30);
    /// No layout: an optional input that is left out.
    pub const RESERVED: Self = Self(40);

    /// Gives the name used in `.om` files, or `None` for a number that is not known here.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        usize::try_from(self.0)
            .ok()
            .and_then(|number| NAMES.get(number))
            .copied()
    }

    /// Gives the format of a name from an `.om` file; what follows a colon, such as the groups of
    /// `FRACTAL_Z:32`, is not part of the number and ignored.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let primary = name.split(':').next()?;
        let number = NAMES.iter().position(|&known| known == primary)?;
        i32::try_from(number).ok().map(Self)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.pad(name),
            None => write!(f, "format {}", self.0),
        }
    }
}

/// The names in the order of their numbers, from 0.
const NAMES: [&str; 48] = [
    "NCHW",
    "NHWC",
    "ND",
    "NC1HWC0",
    "FRACTAL_Z",
    "NC1C0HWPAD",
    "NHWC1C0",
    "FSR_NCHW",
    "FRACTAL_DECONV",
    "C1HWNC0",
    "FRACTAL_DECONV_TRANSPOSE",
    "FRACTAL_DECONV_SP_STRIDE_TRANS",
    "NC1HWC0_C04",
    "FRACTAL_Z_C04",
    "CHWN",
    "DECONV_SP_STRIDE8_TRANS",
    "HWCN",
    "NC1KHKWHWC0",
    "BN_WEIGHT",
    "FILTER_HWCK",
    "LOOKUP_LOOKUPS",
    "LOOKUP_KEYS",
    "LOOKUP_VALUE",
    "LOOKUP_OUTPUT",
    "LOOKUP_HITS",
    "C1HWNCoC0",
    "MD",
    "NDHWC",
    "FRACTAL_ZZ",
    "FRACTAL_NZ",
    "NCDHW",
    "DHWCN",
    "NDC1HWC0",
    "FRACTAL_Z_3D",
    "CN",
    "NC",
    "DHWNC",
    "FRACTAL_Z_3D_TRANSPOSE",
    "FRACTAL_ZN_LSTM",
    "FRACTAL_Z_G",
    "FORMAT_RESERVED",
    "ALL",
    "NULL",
    "ND_RNN_BIAS",
    "FRACTAL_ZN_RNN",
    "NYUV",
    "NYUV_A",
    "NCL",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_belong_together() {
        for (format, name) in [
            (Format::NCHW, "NCHW"),
            (Format::ND, "ND"),
            (Format::FRACTAL_NZ, "FRACTAL_NZ"),
            (Format::NCDHW, "NCDHW"),
            (Format::RESERVED, "FORMAT_RESERVED"),
            (Format(25), "C1HWNCoC0"),
            (Format(47), "NCL"),
        ] {
            assert_eq!(
                (format.name(), Format::from_name(name)),
                (Some(name), Some(format))
            );
        }
        assert_eq!(Format::from_name("FRACTAL_Z:32"), Some(Format::FRACTAL_Z));
        assert_eq!((Format(48).name(), Format(-1).name()), (None, None));
        assert_eq!(Format(77).to_string(), "format 77");
    }
}
