//! Numbers with units, as configurations write them: `"2 GiB"`, `"5 ms"`, `"12 GB/s"`.

use std::fmt;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

const BYTES: [(&str, u64); 9] = [
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

const NANOSECONDS: [(&str, u64); 4] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
];

/// `text` in the smallest of `units`.
fn quantity(text: &str, units: &[(&str, u64)]) -> Result<u64, String> {
    let wrong = || {
        let names: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
        format!(
            "{text:?} is not a whole number with one of the units {}",
            names.join(", ")
        )
    };
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit());
    let (number, unit) = text.split_at(end.ok_or_else(wrong)?);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let unit = unit.trim();
    let (_, size) = units
        .iter()
        .find(|(name, _)| *name == unit)
        .ok_or_else(wrong)?;
    number
        .checked_mul(*size)
        .ok_or_else(|| format!("{text:?} is more than 64 bits hold"))
}

/// Bytes: a plain number, or a text with a unit.
pub(crate) fn bytes<'de, D: Deserializer<'de>>(source: D) -> Result<Option<u64>, D::Error> {
    struct Reader;

    impl Visitor<'_> for Reader {
        type Value = u64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number of bytes, such as 1048576 or \"2 GiB\"")
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<u64, E> {
            u64::try_from(number).map_err(|_| E::custom("bytes are counted from 0"))
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<u64, E> {
            Ok(number)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<u64, E> {
            quantity(text, &BYTES).map_err(E::custom)
        }
    }

    source.deserialize_any(Reader).map(Some)
}

/// A time as a text with a unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time(pub(crate) Duration);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        quantity(&text, &NANOSECONDS)
            .map(|nanoseconds| Self(Duration::from_nanos(nanoseconds)))
            .map_err(D::Error::custom)
    }
}

/// Bytes a second as a text with a unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate(pub(crate) u64);

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        let wrong = || D::Error::custom(format!("{text:?} is no rate, such as \"12 GB/s\""));
        let bytes = text.trim().strip_suffix("/s").ok_or_else(wrong)?;
        match quantity(bytes, &BYTES).map_err(D::Error::custom)? {
            0 => Err(D::Error::custom("a rate of 0 never ends")),
            rate => Ok(Self(rate)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_units() {
        assert_eq!(quantity("2 GiB", &BYTES), Ok(2 << 30));
        assert_eq!(quantity(" 17kB ", &BYTES), Ok(17_000));
        assert_eq!(quantity("250 us", &NANOSECONDS), Ok(250_000));
        for wrong in [
            "",
            "5",
            "GiB",
            "1.5 GiB",
            "-1 B",
            "1 gib",
            "99999999999999999999 B",
        ] {
            let error = quantity(wrong, &BYTES).unwrap_err();
            assert!(error.contains("KiB"), "{error}");
        }
        let error = quantity("18446744073709551615 kB", &BYTES).unwrap_err();
        assert!(error.contains("64 bits"), "{error}");
    }
}
