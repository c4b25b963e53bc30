//! A JSON value of a configuration.

use crate::error::{Error, Result};
use crate::weights::Json;

/// Objects within objects, and arrays within arrays, that a configuration may have.
pub(super) const MOST_DEPTH: usize = 10;

/// A value. Numbers are kept as they are written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Word(String),
    Text(String),
    Array(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl Value {
    /// Reads the one value of a text.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut json = Json::new(text.as_bytes()).map_err(|error| error.to_string())?;
        let value = Self::of(&mut json, (0, 0)).and_then(|value| {
            json.end()?;
            Ok(value)
        });
        value.map_err(|error| place(text, json.at(), &error))
    }

    fn of(json: &mut Json<'_>, (objects, arrays): (usize, usize)) -> Result<Self> {
        let first = json.peek();
        let is_too_deep = match first {
            Some(b'{') => objects >= MOST_DEPTH,
            Some(b'[') => arrays >= MOST_DEPTH,
            _ => false,
        };
        if is_too_deep {
            return Err(json.bad("more than ten brackets of a kind are open"));
        }
        Ok(match first {
            Some(b'{') => {
                let mut members = Vec::new();
                json.object(|json, key| {
                    members.push((key.into_owned(), Self::of(json, (objects + 1, arrays))?));
                    Ok(())
                })?;
                Self::Object(members)
            }
            Some(b'[') => {
                let mut items = Vec::new();
                json.array(|json| {
                    items.push(Self::of(json, (objects, arrays + 1))?);
                    Ok(())
                })?;
                Self::Array(items)
            }
            Some(b'"') => Self::Text(json.string()?.into_owned()),
            _ => Self::Word(json.word()?.to_owned()),
        })
    }

    /// The member `key` of an object; the last one, as the runtime takes it.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let mut members = self.members()?.iter().rev();
        members
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    pub(super) fn members(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(super) fn items(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What it is, for people.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Text(text) if text.chars().count() > 60 => "a long text".to_owned(),
            Self::Text(text) => format!("\"{}\"", text.escape_default()),
            Self::Array(_) => "an array".to_owned(),
            Self::Object(_) => "an object".to_owned(),
        }
    }
}

/// An error with the line and column in a text that people edit.
fn place(text: &str, at: usize, error: &Error) -> String {
    let before = &text.as_bytes()[..at.min(text.len())];
    let line = before.split(|byte| *byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n');
    let start = start.map_or(0, |newline| newline + 1);
    let text = error.to_string();
    let why = text.split_once(": ").map_or(&*text, |(_, why)| why);
    format!("line {line} column {}: {why}", before.len() - start + 1)
}
