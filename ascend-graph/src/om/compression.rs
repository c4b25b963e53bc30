use std::collections::BTreeMap;

use bytes::Bytes;

use super::{AttrDef, AttrValue, ListType, ListValue, ModelDef};
use crate::{Error, Result};

/// The byte that marks a key as a number.
const MARK: char = '\0';

/// The most bytes that all keys of a file may expand to: a long name that is used often would take
/// many times what the file has.
const MOST_EXPANDED: usize = 128 << 20;

/// The tables that short keys and values stand for.
#[derive(Clone, Debug)]
pub(super) struct Dictionary {
    names: Vec<Bytes>,
    values: Vec<Bytes>,
    /// For each name: its whole numbers stand for texts.
    texts: Vec<bool>,
    /// The bytes that keys may still expand to.
    left: usize,
}

impl ModelDef {
    /// Replaces the short keys and values, which newer compilers use in operators' attributes, by what
    /// they stand for; a model without a dictionary stays as it is.
    ///
    /// # Errors
    /// `Format` if the dictionary is incomplete or a key or value leads outside of it.
    pub fn expand_attributes(&mut self) -> Result<()> {
        match self.take_dictionary()? {
            Some(mut dictionary) => self.expand_by(&mut dictionary),
            None => Ok(()),
        }
    }

    /// Takes the dictionary out of the model's attributes.
    pub(super) fn take_dictionary(&mut self) -> Result<Option<Dictionary>> {
        if self.attr.remove("om_compress_version").is_none() {
            return Ok(None);
        }
        let mut list = |key: &str| {
            let list = self
                .attr
                .remove(key)
                .and_then(|attr| attr.as_list().cloned());
            list.ok_or_else(|| {
                Error::format(format!(
                    "the attributes are compressed, but the list `{key}` is missing"
                ))
            })
        };
        let dictionary = Dictionary {
            names: list("attr_name_enum")?.s,
            values: list("attr_value_enum")?.s,
            texts: list("attrs_use_string_value")?.b,
            left: MOST_EXPANDED,
        };
        if dictionary.names.len() != dictionary.texts.len() {
            return Err(Error::format(format!(
                "the attributes are compressed with {} names, but {} marks for them",
                dictionary.names.len(),
                dictionary.texts.len()
            )));
        }
        Ok(Some(dictionary))
    }

    /// Replaces the short keys and values that a dictionary knows.
    pub(super) fn expand_by(&mut self, dictionary: &mut Dictionary) -> Result<()> {
        for op in self.graph.iter_mut().flat_map(|graph| &mut graph.op) {
            let descriptors = op.input_desc.iter_mut().chain(&mut op.output_desc);
            let maps = descriptors
                .map(|descriptor| &mut descriptor.attr)
                .chain([&mut op.attr]);
            for map in maps {
                dictionary
                    .expand(map)
                    .map_err(|error| error.within(format_args!("op `{}`", op.name)))?;
            }
        }
        Ok(())
    }
}

impl Dictionary {
    fn expand(&mut self, map: &mut BTreeMap<String, AttrDef>) -> Result<()> {
        if !map.keys().any(|key| key.starts_with(MARK)) {
            return Ok(());
        }
        for (key, mut attr) in std::mem::take(map) {
            let Some(digits) = key.strip_prefix(MARK) else {
                map.insert(key, attr);
                continue;
            };
            let index = number(digits).filter(|&index| index < self.names.len());
            let index = index.ok_or_else(|| {
                Error::format(format!(
                    "the attribute key {key:?} is not in the dictionary"
                ))
            })?;
            let name = String::from_utf8_lossy(&self.names[index]).into_owned();
            let left = self.left.checked_sub(name.len());
            self.left = left.ok_or_else(|| {
                Error::unsupported(format!(
                    "the attribute keys expand to more than {} MiB",
                    MOST_EXPANDED >> 20
                ))
            })?;
            if self.texts[index] {
                self.expand_value(&mut attr)
                    .map_err(|error| error.within(format_args!("attribute `{name}`")))?;
            }
            map.insert(name, attr);
        }
        Ok(())
    }

    fn expand_value(&self, attr: &mut AttrDef) -> Result<()> {
        match &mut attr.value {
            Some(AttrValue::I(index)) => attr.value = Some(AttrValue::S(self.text(*index)?)),
            Some(AttrValue::List(list)) => {
                let s = list
                    .i
                    .iter()
                    .map(|&index| self.text(index))
                    .collect::<Result<_>>()?;
                **list = ListValue {
                    s,
                    val_type: ListType::String.into(),
                    ..ListValue::default()
                };
            }
            _ => return Err(Error::format("stands for a text, but is no whole number")),
        }
        Ok(())
    }

    fn text(&self, index: i64) -> Result<Bytes> {
        let text = usize::try_from(index)
            .ok()
            .and_then(|index| self.values.get(index));
        text.cloned().ok_or_else(|| {
            Error::format(format!(
                "has the value {index}, which is not in the dictionary"
            ))
        })
    }
}

/// Reads a number to the base 127, least digit first, each digit one more than it counts.
fn number(digits: &str) -> Option<usize> {
    let mut number = None;
    for &byte in digits.as_bytes().iter().rev() {
        let digit = usize::from(byte)
            .checked_sub(1)
            .filter(|&digit| digit < 127)?;
        number = Some(
            number
                .unwrap_or(0_usize)
                .checked_mul(127)?
                .checked_add(digit)?,
        );
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::om::{GraphDef, OpDef};

    fn model(key: &str, value: AttrDef) -> ModelDef {
        let names = ["strides", "data_format"].map(str::to_owned);
        let texts = ListValue {
            b: vec![false, true],
            ..ListValue::default()
        };
        let op = OpDef {
            name: "conv".into(),
            attr: [(key.to_owned(), value)].into(),
            ..OpDef::default()
        };
        ModelDef {
            graph: vec![GraphDef {
                op: vec![op],
                ..GraphDef::default()
            }],
            attr: [
                ("om_compress_version".to_owned(), 1.into()),
                ("attr_name_enum".to_owned(), AttrDef::strings(names)),
                (
                    "attr_value_enum".to_owned(),
                    AttrDef::strings(["NCHW", "NHWC"].map(str::to_owned)),
                ),
                ("attrs_use_string_value".to_owned(), texts.into()),
            ]
            .into(),
            ..ModelDef::default()
        }
    }

    #[test]
    fn keys_and_values_are_looked_up() {
        for (digits, expected) in [
            ("\x01", Some(0)),
            ("\x7f", Some(126)),
            ("\x01\x02", Some(127)),
            ("\x4a\x02", Some(200)),
            ("", None),
        ] {
            assert_eq!(number(digits), expected);
        }
        let mut literal = model("strides", AttrDef::ints(vec![2, 2]));
        literal.expand_attributes().unwrap();
        assert_eq!(
            literal.graph[0].op[0].attr["strides"],
            AttrDef::ints(vec![2, 2])
        );
        let mut short = model("\0\x02", 1.into());
        short.expand_attributes().unwrap();
        assert_eq!(
            short.graph[0].op[0].attr["data_format"].as_str(),
            Some("NHWC")
        );
        let mut list = model("\0\x02", AttrDef::ints(vec![0, 1]));
        list.expand_attributes().unwrap();
        let expected = AttrDef::strings(["NCHW", "NHWC"].map(str::to_owned));
        assert_eq!(list.graph[0].op[0].attr["data_format"], expected);
    }

    #[test]
    fn what_leads_outside_is_named() {
        for (key, value, expected) in [
            (
                "\0\x03",
                0.into(),
                "the attribute key \"\\0\\u{3}\" is not in the dictionary",
            ),
            ("\0", 0.into(), "is not in the dictionary"),
            (
                "\0\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f",
                0.into(),
                "is not in the dictionary",
            ),
            (
                "\0\x02",
                2.into(),
                "attribute `data_format`: has the value 2",
            ),
            ("\0\x02", (-1).into(), "has the value -1"),
            ("\0\x02", AttrValue::F(1.0).into(), "is no whole number"),
        ] {
            let error = model(key, value)
                .expand_attributes()
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with("op `conv`: ") && error.contains(expected),
                "{error}"
            );
        }
        let mut without = model("a", 1.into());
        without.attr.remove("attr_value_enum");
        assert!(
            without
                .expand_attributes()
                .unwrap_err()
                .to_string()
                .contains("`attr_value_enum` is missing")
        );
    }
}
