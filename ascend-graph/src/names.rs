//! Element types, formats and pictures as the names that they have, for serialisation.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::DataType;
use crate::om::{Format, Picture};

/// Reads a name by a function that knows all of them.
struct Name<T> {
    what: &'static str,
    find: fn(&str) -> Option<T>,
}

impl<T> Visitor<'_> for Name<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name of {}", self.what)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<T, E> {
        let found = (self.find)(name);
        found.ok_or_else(|| E::custom(format!("{name:?} is not the name of {}", self.what)))
    }
}

macro_rules! by_name {
    ($($kind:ty, $what:literal, $find:expr;)*) => {$(
        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Name { what: $what, find: $find })
            }
        }
    )*};
}

by_name! {
    DataType, "an element type", DataType::from_name;
    Format, "a format", format;
    Picture, "a picture", Picture::from_name;
}

/// A format of a number without a name is called `format` and the number.
fn format(name: &str) -> Option<Format> {
    let number = name
        .strip_prefix("format ")
        .and_then(|number| number.parse().ok());
    number.map(Format).or_else(|| Format::from_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comes_back_from_its_name() {
        for dtype in [DataType::F32, DataType::I4, DataType::Undefined] {
            let text = serde_json::to_string(&dtype).expect("a name");
            assert_eq!(
                serde_json::from_str::<DataType>(&text).ok(),
                Some(dtype),
                "{text}"
            );
        }
        for format in [Format::NCHW, Format::FRACTAL_NZ, Format(999), Format(-1)] {
            let text = serde_json::to_string(&format).expect("a name");
            assert_eq!(
                serde_json::from_str::<Format>(&text).ok(),
                Some(format),
                "{text}"
            );
        }
        for picture in [Picture::Yuv420sp, Picture::Unknown] {
            let text = serde_json::to_string(&picture).expect("a name");
            assert_eq!(
                serde_json::from_str::<Picture>(&text).ok(),
                Some(picture),
                "{text}"
            );
        }
        let error = serde_json::from_str::<DataType>("\"float31\"").expect_err("no type");
        assert!(
            error
                .to_string()
                .contains("\"float31\" is not the name of an element type")
        );
    }
}
