//! The text that configures preprocessing of pictures.

use std::fmt;

use super::aipp::Field;
use super::picture::PICTURES;
use super::{Aipp, Picture};
use crate::{Error, Result};

impl Aipp {
    /// Reads a configuration: one or more `aipp_op { key: value … }`, with comments after `#`.
    ///
    /// # Errors
    /// `Invalid` if it is no such text, or has a key or value that is not known.
    pub fn parse(text: &str) -> Result<Vec<Self>> {
        let mut words = words(text).into_iter();
        let mut ops = Vec::new();
        while let Some(word) = words.next() {
            if word != "aipp_op" {
                return Err(Error::invalid(format!(
                    "AIPP configuration: {word:?} stands where `aipp_op {{ … }}` should"
                )));
            }
            let mut open = words.next();
            if open.as_deref() == Some(":") {
                open = words.next();
            }
            if open.as_deref() != Some("{") {
                return Err(Error::invalid(
                    "AIPP configuration: `aipp_op` lacks its `{`",
                ));
            }
            ops.push(Self::parse_op(&mut words)?);
        }
        if ops.is_empty() {
            return Err(Error::invalid(
                "AIPP configuration: there is no `aipp_op` in it",
            ));
        }
        Ok(ops)
    }

    fn parse_op(words: &mut impl Iterator<Item = String>) -> Result<Self> {
        let mut op = Self::default();
        let mut keys: Vec<String> = Vec::new();
        loop {
            let cut = || Error::invalid("AIPP configuration: `aipp_op` lacks its `}`");
            let key = words.next().ok_or_else(cut)?;
            if key == "}" {
                break;
            }
            let colon = words.next().ok_or_else(cut)?;
            if colon != ":" {
                return Err(Error::invalid(format!(
                    "AIPP configuration: `{key}` lacks its `:`"
                )));
            }
            let value = words.next().ok_or_else(cut)?;
            op.set(&key, &value)?;
            // These are lists, of which the last element counts.
            let is_list = ["input_bias", "output_bias", "var_reci"]
                .iter()
                .any(|list| key.starts_with(list));
            if !is_list && keys.contains(&key) {
                return Err(Error::invalid(format!(
                    "AIPP configuration: an `aipp_op` has the key `{key}` twice (E10052)"
                )));
            }
            keys.push(key);
        }
        if !keys.iter().any(|key| key == "aipp_mode") {
            return Err(Error::invalid(
                "AIPP configuration: an `aipp_op` lacks its `aipp_mode` (E10052)",
            ));
        }
        Ok(op)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<()> {
        let wrong = |why: &str| {
            Error::invalid(format!(
                "AIPP configuration: {key} is {value}, {why} (E10052)"
            ))
        };
        match key {
            "aipp_mode" => {
                self.dynamic = match value {
                    "static" => false,
                    "dynamic" => true,
                    _ => return Err(wrong("not static or dynamic")),
                }
            }
            "input_format" => {
                let found = PICTURES.iter().find(|(.., name)| *name == value);
                let names = PICTURES.map(|(.., name)| name).join(", ");
                self.input_format = found
                    .map(|(picture, ..)| *picture)
                    .ok_or_else(|| wrong(&format!("not one of {names}")))?;
            }
            "related_input_name" => value.clone_into(&mut self.related_input_name),
            // What these ask for is checked where the model is known, or reserved and ignored.
            "support_rotation" | "rotation_angle" | "cpadding_value" | "input_edge_idx"
            | "raw_rgbir_to_f16_n" => {}
            _ => {
                let field = self.fields().into_iter().find(|(name, _)| *name == key);
                let Some((_, field)) = field else {
                    return Err(Error::invalid(format!(
                        "AIPP configuration: the key `{key}` is not known"
                    )));
                };
                match field {
                    Field::Int(to) | Field::IntList(to) => {
                        *to = value.parse().map_err(|_| wrong("not a whole number"))?;
                    }
                    Field::Float(to) | Field::FloatList(to) => {
                        let number = value.parse().ok().filter(|number: &f32| number.is_finite());
                        *to = number.ok_or_else(|| wrong("not a number"))?;
                    }
                    Field::Flag(to) => {
                        *to = match value {
                            "true" | "True" | "1" => true,
                            "false" | "False" | "0" => false,
                            _ => return Err(wrong("not true or false")),
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Aipp {
    /// Writes an `aipp_op { … }` that [`Aipp::parse`] reads back; what is as by default is left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = if self.dynamic { "dynamic" } else { "static" };
        writeln!(f, "aipp_op {{\n    aipp_mode: {mode}")?;
        if !self.related_input_name.is_empty() {
            let name = self.related_input_name.replace('\\', "\\\\");
            let name = name.replace('"', "\\\"");
            writeln!(f, "    related_input_name: \"{name}\"")?;
        }
        if self.input_format != Picture::Unknown {
            writeln!(f, "    input_format: {}", self.input_format.name())?;
        }
        let (mut own, mut default) = (self.clone(), Self::default());
        for ((key, own), (_, default)) in own.fields().into_iter().zip(default.fields()) {
            let (own, default) = (own.to_text(), default.to_text());
            if own != default {
                writeln!(f, "    {key}: {own}")?;
            }
        }
        f.write_str("}\n")
    }
}

impl Field<'_> {
    fn to_text(&self) -> String {
        match self {
            Self::Int(value) | Self::IntList(value) => value.to_string(),
            Self::Float(value) | Self::FloatList(value) => value.to_string(),
            Self::Flag(value) => value.to_string(),
        }
    }
}

/// Splits a configuration into words, braces and colons; what is in quotation marks is one word.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let is_quote = matches!(character, '"' | '\'');
        let is_sign = matches!(character, '{' | '}' | ':');
        let is_end = character.is_whitespace() || matches!(character, ',' | ';' | '#');
        if !is_quote && !is_sign && !is_end {
            word.push(character);
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if is_sign {
            words.push(character.to_string());
        } else if character == '#' {
            characters.by_ref().find(|character| *character == '\n');
        } else if is_quote {
            words.push(quoted(&mut characters, character));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// What stands before the closing `quote`; a backslash takes its meaning from the sign after it.
fn quoted(characters: &mut impl Iterator<Item = char>, quote: char) -> String {
    let mut word = String::new();
    while let Some(character) = characters.next() {
        match character {
            '\\' => word.extend(characters.next()),
            _ if character == quote => break,
            _ => word.push(character),
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
        aipp_op {
            aipp_mode: static   # as the picture decoder gives it
            related_input_name : \"x\"
            input_format: YUV420SP_U8 src_image_size_w : 256, src_image_size_h: 128
            crop: true load_start_pos_w: 2 crop_size_w: 224 crop_size_h: 112
            csc_switch: 1
            matrix_r2c2: -409
            mean_chn_0: 104 min_chn_1: 0.5 var_reci_chn_2: 0.0039
            input_bias_2: 127
        }
        aipp_op { aipp_mode: dynamic related_input_rank: 1 max_src_image_size: 752640 }";

    #[test]
    fn configurations_are_read_and_kept() {
        let ops = Aipp::parse(TEXT).unwrap();
        assert_eq!(ops.len(), 2);
        let first = &ops[0];
        assert_eq!((first.src_image_size_w, first.src_image_size_h), (256, 128));
        assert!(first.crop && first.csc_switch && !first.dynamic);
        assert_eq!(
            (first.matrix[8], first.mean_chn[0], first.input_bias[2]),
            (-409, 104, 127)
        );
        assert_eq!((first.min_chn[1], first.var_reci_chn[2]), (0.5, 0.0039));
        assert!(ops[1].dynamic);
        for op in &ops {
            assert_eq!(Aipp::from_attr(&op.to_attr()).as_ref(), Some(op));
            assert_eq!(
                Aipp::parse(&op.to_string()).unwrap()[..],
                *std::slice::from_ref(op)
            );
        }
        let text: String = ops.iter().map(ToString::to_string).collect();
        assert_eq!(Aipp::parse(&text).unwrap(), ops);
        assert!(!text.contains("min_chn_0"), "defaults are left out: {text}");
    }

    #[test]
    fn names_are_kept_whatever_is_in_them() {
        for name in [
            "a:0",
            "a b",
            "{#}",
            "it's",
            "say \"x\"",
            "back\\slash",
            "数据",
        ] {
            let op = Aipp {
                related_input_name: name.to_owned(),
                ..Aipp::default()
            };
            assert_eq!(Aipp::parse(&op.to_string()).unwrap(), [op], "{name}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, expected) in [
            ("", "no `aipp_op`"),
            ("crop: true", "stands where"),
            ("aipp_op crop", "lacks its `{`"),
            ("aipp_op { crop: true }", "aipp_mode"),
            ("aipp_op { aipp_mode: static", "lacks its `}`"),
            ("aipp_op { aipp_mode static }", "lacks its `:`"),
            ("aipp_op { aipp_mode: odd }", "not static or dynamic"),
            (
                "aipp_op { aipp_mode: static input_format: JPEG }",
                "YUV420SP_U8",
            ),
            (
                "aipp_op { aipp_mode: static mean_chn_0: 1.5 }",
                "not a whole number",
            ),
            (
                "aipp_op { aipp_mode: static min_chn_0: nan }",
                "not a number",
            ),
            (
                "aipp_op { aipp_mode: static crop: true crop: false }",
                "the key `crop` twice (E10052)",
            ),
            (
                "aipp_op { aipp_mode: static colour: 1 }",
                "`colour` is not known",
            ),
        ] {
            let error = Aipp::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
