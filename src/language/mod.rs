//! The languages in which the program, the error book and the findings are told.
//!
//! English is in the code and the tables of codes. The words of another language are tables of two columns:
//! the English, and what it is in that language, with the same names in braces.
//!
//! ```
//! use ascend_rt::errors;
//! use ascend_rt::language::Language;
//!
//! let entry = errors::lookup("507011").unwrap();
//! println!("{}", entry.in_language(Language::Chinese).remedy);
//! assert_eq!(Language::of_locale("zh_CN.UTF-8"), Some(Language::Chinese));
//! ```

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt;
use std::sync::LazyLock;

use ascend_graph::Text;

#[cfg(feature = "atc")]
use crate::doctor;
use crate::errors::Entry;

/// What the pages tell that the program makes.
const PAGES: &str = include_str!("zh/pages.tsv");

/// One line a text: the English, and the Chinese.
const CHINESE: [&str; 10] = [
    include_str!("zh/codes.tsv"),
    include_str!("zh/messages.tsv"),
    include_str!("zh/check.tsv"),
    include_str!("zh/doctor.tsv"),
    include_str!("zh/errors.tsv"),
    include_str!("zh/program.tsv"),
    include_str!("zh/compare.tsv"),
    include_str!("zh/profile.tsv"),
    include_str!("zh/help.tsv"),
    PAGES,
];

static IN_CHINESE: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let lines = CHINESE.into_iter().flat_map(str::lines);
    lines.filter_map(|line| line.split_once('\t')).collect()
});

/// The variables that name a language, those first that count more: our own, then those of POSIX.
pub const VARIABLES: [&str; 4] = ["ASCEND_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];

/// A language in which people are told something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// The one that everything is written in.
    #[default]
    English,
    /// Chinese, in simplified characters.
    Chinese,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Its code in ISO 639: `en` or `zh`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// The language of a locale such as `zh_CN.UTF-8`, `zh`, `en_US` or `C`; `None` for other languages.
    /// A locale whose characters are not those of UTF-8 is taken for English, as its terminal would
    /// not show others.
    #[must_use]
    pub fn of_locale(name: &str) -> Option<Self> {
        let name = name.split('@').next().unwrap_or_default();
        let (name, characters) = name.split_once('.').unwrap_or((name, "UTF-8"));
        let is_utf8 = characters
            .chars()
            .filter(|c| *c != '-')
            .collect::<String>()
            .eq_ignore_ascii_case("utf8");
        let language = name.split(['_', '-']).next().unwrap_or_default();
        match &*language.to_ascii_lowercase() {
            "zh" if is_utf8 => Some(Self::Chinese),
            "zh" | "en" | "c" | "posix" => Some(Self::English),
            _ => None,
        }
    }

    /// The language that an environment asks for: the first of [`VARIABLES`] that is set and not empty
    /// names it. Other languages than these are told in English.
    #[must_use]
    pub fn of_environment(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let values = VARIABLES.iter().filter_map(|name| variable(name));
        let mut set = values.filter(|value| !value.is_empty());
        let locale = set.next().unwrap_or_default();
        Self::of_locale(&locale.to_string_lossy()).unwrap_or_default()
    }

    /// The text in this language.
    #[must_use]
    pub fn tell(self, text: &Text) -> String {
        text.by(&|english| self.find(english))
    }

    /// What an English text, which may be of a template, is in this language, where that is known.
    #[must_use]
    pub fn find(self, english: &str) -> Option<&'static str> {
        match self {
            Self::English => None,
            Self::Chinese => in_chinese(english),
        }
    }

    /// What an English text without arguments is in this language; the English where that is not known.
    #[must_use]
    pub fn words(self, english: &'static str) -> &'static str {
        self.find(english).unwrap_or(english)
    }
}

fn in_chinese(english: &str) -> Option<&'static str> {
    IN_CHINESE.get(english).copied()
}

/// What the pages that the program makes tell: the English, and what it is in Chinese.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAGES.lines().filter_map(|line| line.split_once('\t'))
}

/// All that is translated: the English, and what it is in Chinese.
pub fn chinese() -> impl Iterator<Item = (&'static str, &'static str)> {
    IN_CHINESE
        .iter()
        .map(|(english, chinese)| (*english, *chinese))
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Entry {
    /// The entry with its words in another language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        Self {
            meaning: language.words(self.meaning),
            cause: language.words(self.cause),
            remedy: language.words(self.remedy),
            look: language.words(self.look),
            ..self
        }
    }
}

#[cfg(feature = "atc")]
impl doctor::Finding {
    /// The finding with its texts in another language; they are then the same in every language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        Self {
            what: language.tell(&self.what).into(),
            why: language.tell(&self.why).into(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_decides() {
        for (variables, language) in [
            (&[][..], Language::English),
            (&[("LANG", "zh_CN.UTF-8")], Language::Chinese),
            (&[("LANG", "zh_CN")], Language::Chinese),
            (&[("LANG", "zh_CN.GB18030")], Language::English),
            (&[("LANG", "zh-Hans")], Language::Chinese),
            (&[("LANG", "zh_CN.utf8@pinyin")], Language::Chinese),
            (&[("LANG", "de_DE.UTF-8")], Language::English),
            (&[("LANG", "zhuang")], Language::English),
            (
                &[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")],
                Language::English,
            ),
            (
                &[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "")],
                Language::Chinese,
            ),
            (
                &[("LANG", "C"), ("LC_MESSAGES", "zh_CN.UTF-8")],
                Language::Chinese,
            ),
            (
                &[("LC_ALL", "C"), ("LC_MESSAGES", "zh_CN.UTF-8")],
                Language::English,
            ),
            (&[("LC_ALL", "C"), ("ASCEND_LANG", "zh")], Language::Chinese),
        ] {
            let variable = |name: &str| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| OsString::from(value))
            };
            assert_eq!(
                Language::of_environment(variable),
                language,
                "{variables:?}"
            );
        }
    }
}
