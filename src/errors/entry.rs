//! What the book says of one code.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use super::messages::{Class, Message, is_of_family};
use super::texts::{Text, Words};
use super::{driver, lookup, messages, torch};

/// One line a family: the form of its codes, what they are about, where to look.
const FAMILIES: &str = include_str!("families.tsv");

static ALL_FAMILIES: LazyLock<Vec<Family>> =
    LazyLock::new(|| FAMILIES.lines().skip(1).filter_map(Family::parse).collect());

const UNKNOWN_CAUSE: &str = "this version does not know the code itself";
const UNKNOWN_REMEDY: &str =
    "read the text beside the code, and look the code up in the documentation of your CANN";

/// What the book says of a code, or of a failure that is told without one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The code, such as `507011`, `E16002`, `EE1018` or `drvRet=87`; of a failure without one, its name here.
    pub code: Cow<'static, str>,
    /// The name in C, where the code is a number.
    pub name: Option<&'static str>,
    /// What kind of code it is.
    pub set: Set,
    /// Whether the book has the code itself, and not only its range.
    pub is_known: bool,
    /// Whether it only says that something failed, and others tell what.
    pub is_sign: bool,
    /// What it says; a `%s` stands for what CANN puts there.
    pub meaning: &'static str,
    /// What is usually behind it.
    pub cause: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// Where more is told.
    pub look: &'static str,
}

/// The kinds of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Set {
    /// Numbers that C functions answer with: `507011`.
    Number,
    /// Numbers of the driver: `drvRet=87`.
    Driver,
    /// Codes of messages: `E16002`, `EE1018`.
    Message,
    /// Failures that are told in words only.
    Text,
}

impl Set {
    /// The kind in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Driver => "driver",
            Self::Message => "message",
            Self::Text => "text",
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)?;
        if let Some(name) = self.name {
            write!(f, " {name}")?;
        }
        let unknown = if self.is_known {
            ""
        } else {
            "unknown; its range is "
        };
        write!(f, ": {unknown}{}", self.meaning.replace("%s", "…"))
    }
}

impl Entry {
    pub(super) fn of_number(known: &'static ascend_sys::Code) -> Self {
        let number = known.number;
        Self {
            code: known.digits.into(),
            name: Some(known.name),
            set: Set::Number,
            is_known: true,
            is_sign: matches!(number, 500_000..=500_005 | 507_000 | 507_011 | 507_900)
                || matches!(number, 361_001 | 545_000 | 561_000),
            meaning: known.meaning,
            cause: known.cause,
            remedy: known.remedy,
            look: family(known.digits).map_or("", |family| family.look),
        }
    }

    pub(super) fn of_message(known: &'static Message, code: &str) -> Self {
        let code: Cow<'static, str> = if known.code == code {
            known.code.into()
        } else {
            code.to_owned().into()
        };
        Self {
            name: None,
            set: Set::Message,
            is_known: known.code == code,
            is_sign: known.class == Class::Internal || matches!(known.code, "EZ9903" | "EE1001"),
            meaning: known.meaning,
            cause: known.cause,
            remedy: known.remedy,
            look: family(&code).map_or("", |family| family.look),
            code,
        }
    }

    pub(super) fn of_text(text: &'static Text) -> Option<Self> {
        match text.words {
            Words::OfCode(code) => lookup(code),
            Words::Own {
                meaning,
                cause,
                remedy,
                look,
            } => Some(Self {
                code: text.name.into(),
                name: None,
                set: Set::Text,
                is_known: true,
                is_sign: text.is_sign,
                meaning,
                cause,
                remedy,
                look,
            }),
        }
    }

    /// Of a number of the driver, if it or its range is in the book.
    pub(super) fn of_driver(code: &str) -> Option<Self> {
        let Some(known) = driver::fault(code) else {
            return Self::of_range(code);
        };
        Some(Self {
            code: known.code.into(),
            name: Some(known.name),
            set: Set::Driver,
            is_known: true,
            is_sign: known.is_sign,
            meaning: known.meaning,
            cause: known.cause,
            remedy: known.remedy,
            look: family("drvRet=99").map_or("", |family| family.look),
        })
    }

    /// Of a code that is not in the book, if its range is.
    pub(super) fn of_range(code: &str) -> Option<Self> {
        let family = family(code)?;
        let kind = torch::kind(code);
        Some(Self {
            code: code.to_owned().into(),
            name: None,
            set: match code.as_bytes() {
                [b'0'..=b'9', ..] => Set::Number,
                [b'd', ..] => Set::Driver,
                _ => Set::Message,
            },
            is_known: kind.is_some(),
            is_sign: kind.is_some_and(|kind| kind.is_sign),
            meaning: kind.map_or(family.meaning, |kind| kind.meaning),
            cause: kind.map_or(UNKNOWN_CAUSE, |kind| kind.cause),
            remedy: kind.map_or(UNKNOWN_REMEDY, |kind| kind.remedy),
            look: family.look,
        })
    }

    /// Whether the work goes on after it.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        self.set == Set::Message && self.code.starts_with('W')
    }
}

/// A range of codes.
#[derive(Clone, Copy, Debug)]
struct Family {
    form: &'static str,
    meaning: &'static str,
    look: &'static str,
}

impl Family {
    fn parse(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        Some(Self {
            form: columns.next()?,
            meaning: columns.next()?,
            look: columns.next()?,
        })
    }
}

/// The narrowest range that `code` is in.
fn family(code: &str) -> Option<&'static Family> {
    let is_of = |family: &&Family| {
        let (hex, digits) = (family.form.strip_prefix("0x07"), code.strip_prefix("0x07"));
        is_of_family(code, family.form)
            || matches!((hex, digits), (Some(form), Some(digits)) if form.len() == digits.len())
    };
    let fixed = |family: &&Family| family.form.trim_end_matches('x').len();
    ALL_FAMILIES.iter().filter(is_of).max_by_key(fixed)
}

/// All that the book has, ranges aside: numbers, messages, texts.
pub fn entries() -> impl Iterator<Item = Entry> {
    let numbers = ascend_sys::codes().iter().map(Entry::of_number);
    let messages = messages::messages().iter();
    let messages = messages.filter(|message| !message.is_family());
    let messages = messages.map(|message| Entry::of_message(message, message.code));
    let texts = super::texts::texts().iter();
    let own = texts.filter(|text| matches!(text.words, Words::Own { .. }));
    let faults = driver::faults().iter();
    numbers
        .chain(faults.filter_map(|fault| Entry::of_driver(fault.code)))
        .chain(messages)
        .chain(own.filter_map(Entry::of_text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_whole_and_the_narrowest_is_taken() {
        assert_eq!(
            ALL_FAMILIES.len(),
            FAMILIES.lines().count() - 1,
            "a line is damaged"
        );
        for known in ALL_FAMILIES.iter() {
            assert!(
                !known.meaning.is_empty() && !known.look.is_empty(),
                "{known:?}"
            );
            let of_it = known.form.replace('x', "9");
            assert!(
                family(&of_it).is_some() || known.form.starts_with("0x"),
                "{known:?}"
            );
        }
        let form = |code| family(code).map(|family| family.form);
        assert_eq!(form("107099"), Some("107xxx"));
        assert_eq!(form("199999"), Some("1xxxxx"));
        assert_eq!(form("EE7777"), Some("EExxxx"));
        assert_eq!(form("W11001"), Some("Wxxxxx"));
        assert_eq!(form("0x0715FFFF"), Some("0x07xxxxxx"));
        assert_eq!(form("ERR00100"), Some("ERR00xxx"));
        assert_eq!(form("drvRet=93"), Some("drvRet=xx"));
        for none in [
            "ERR99999", "", "999999", "EQ1234", "10700", "0x071", "ERR05001",
        ] {
            assert_eq!(form(none), None, "{none}");
        }
    }

    #[test]
    fn all_entries_have_words_and_a_place_to_look() {
        for entry in entries() {
            let words = [entry.meaning, entry.cause, entry.remedy, entry.look];
            assert!(words.iter().all(|words| words.len() > 3), "{entry:?}");
        }
        for text in super::super::texts::texts() {
            assert!(
                Entry::of_text(text).is_some_and(|entry| entry.is_known),
                "{text:?}"
            );
        }
    }
}
