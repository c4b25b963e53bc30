//! The language of the program.

use std::env;
use std::ffi::OsStr;
use std::sync::OnceLock;

use ascend_graph::Text;
use ascend_rt::language::Language;
use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command};

static CURRENT: OnceLock<Language> = OnceLock::new();

/// The language in which the program tells something: that of the environment, where [`set`] names no other.
pub(crate) fn current() -> Language {
    // Unit tests are in English, whoever runs them.
    let variable = |name: &str| env::var_os(name).filter(|_| !cfg!(test));
    *CURRENT.get_or_init(|| Language::of_environment(variable))
}

/// Sets the language for the rest of the process; the first one stays.
pub(crate) fn set(language: Language) {
    // what was told already was told in it
    let _ = CURRENT.set(language);
}

/// The language that a command line names, for what is told before it is parsed.
pub(crate) fn asked<'l>(line: impl IntoIterator<Item = &'l OsStr>) -> Option<Language> {
    let mut words = line.into_iter().map(OsStr::to_string_lossy);
    let mut asked = None;
    while let Some(word) = words.next().filter(|word| word != "--") {
        let value = match word.strip_prefix("--lang") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('=').map(|value| value.to_owned().into()),
            None => None,
        };
        asked = value.and_then(|value| parse(&value).ok()).or(asked);
    }
    asked
}

/// Reads the value of `--lang`.
pub(crate) fn parse(name: &str) -> Result<Language, String> {
    let known = Language::of_locale(name);
    known.ok_or_else(|| {
        say!(
            "{name} is no language that is known here: give en or zh",
            name = format!("{name:?}")
        )
    })
}

/// What reads `--lang`: every locale, of which shells complete the codes.
#[derive(Clone)]
pub(crate) struct LanguageParser;

impl TypedValueParser for LanguageParser {
    type Value = Language;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Language, clap::Error> {
        parse.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(
            Language::ALL
                .map(|known| PossibleValue::new(known.code()))
                .into_iter(),
        ))
    }
}

/// The text in the language of the program.
pub(crate) fn tell(text: &Text) -> String {
    current().tell(text)
}

/// Words without arguments, in the language of the program.
pub(crate) fn words(english: &'static str) -> &'static str {
    current().words(english)
}

/// The columns that words take up: a Chinese character takes two.
pub(crate) fn columns(words: &str) -> usize {
    let is_wide = |c: char| c >= '\u{2e80}';
    words.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// Words that take up `width` columns.
pub(crate) fn padded(words: &str, width: usize) -> String {
    format!("{words}{}", room(words, width))
}

/// The same at the right of the columns.
pub(crate) fn right(words: &str, width: usize) -> String {
    format!("{}{words}", room(words, width))
}

/// The blanks beside words in so many columns.
fn room(words: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(columns(words)))
}

/// As [`text!`](ascend_graph::text!), told in the language of the program.
macro_rules! say {
    ($($text:tt)*) => { $crate::language::tell(&::ascend_graph::text!($($text)*)) };
}
pub(crate) use say;
