use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::operators::Operators;
use crate::{Error, Gears, InputShape, Result};

/// A release of CANN, such as 8.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cann {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
}

impl Cann {
    /// The release that is taken where none is named.
    pub const DEFAULT: Self = Self::of(8, 1);

    /// The releases that are known here.
    pub const KNOWN: [Self; 13] = [
        Self::of(5, 0),
        Self::of(5, 1),
        Self::of(6, 0),
        Self::of(6, 2),
        Self::of(6, 3),
        Self::of(7, 0),
        Self::of(8, 0),
        Self::of(8, 1),
        Self::of(8, 2),
        Self::of(8, 3),
        Self::of(8, 5),
        Self::of(9, 0),
        Self::of(9, 1),
    ];

    const fn of(major: u32, minor: u32) -> Self {
        Self { major, minor }
    }
}

impl fmt::Display for Cann {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Reads `8.1`, `8.1.RC1` or `8`.
impl FromStr for Cann {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut parts = text.split('.');
        let mut number = |default: Option<u32>| match parts.next() {
            None => default,
            Some(part) => part.parse().ok().filter(|&number| number < 1000),
        };
        let (major, minor) = (number(None), number(Some(0)));
        let release = major.zip(minor).filter(|&(major, _)| major > 0);
        release
            .map(|(major, minor)| Self { major, minor })
            .ok_or_else(|| {
                Error::invalid(format!(
                    "{text:?} is no release of CANN: write 8.1 or 8.1.RC1"
                ))
            })
    }
}

/// What a model is to be converted for.
#[derive(Clone, Debug)]
pub struct Target {
    /// The chip, as `--soc_version` takes it, such as `Ascend310P3`.
    pub soc: String,
    /// The release of CANN whose `atc` is asked.
    pub cann: Cann,
    /// The operators that it has parsers for.
    pub operators: Operators,
    /// The shapes of `--input_shape`.
    pub input_shapes: Vec<InputShape>,
    /// The gears of `--dynamic_batch_size`, `--dynamic_image_size` or `--dynamic_dims`.
    pub gears: Gears,
    /// The size of the ONNX file, where it is known.
    pub file_bytes: Option<u64>,
    /// The folder of the ONNX file; without it, external data is not looked for.
    pub folder: Option<PathBuf>,
}

impl Target {
    /// Gives the target for a chip, with everything else at its default.
    #[must_use]
    pub fn new(soc: impl Into<String>) -> Self {
        Self {
            soc: soc.into(),
            cann: Cann::DEFAULT,
            operators: Operators::default(),
            input_shapes: Vec::new(),
            gears: Gears::None,
            file_bytes: None,
            folder: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read() {
        assert!(Cann::KNOWN.is_sorted() && Cann::KNOWN.contains(&Cann::DEFAULT));
        for (text, expected) in [("8.1", "8.1"), ("8.1.RC1", "8.1"), ("6", "6.0")] {
            assert_eq!(text.parse::<Cann>().unwrap().to_string(), expected);
        }
        for wrong in ["", "0", "x", "8.x", "-8", "8.99999"] {
            assert!(wrong.parse::<Cann>().is_err(), "{wrong}");
        }
    }
}
