//! Failures that come without a code, known by the words that are said.

use std::sync::LazyLock;

/// One line a failure: name, weight (`vague` is a cause in words that others say too), texts, the code that has its words or `-` and its own.
const TABLE: &str = include_str!("texts.tsv");

static TEXTS: LazyLock<Vec<Text>> =
    LazyLock::new(|| TABLE.lines().skip(1).filter_map(Text::parse).collect());

/// For each first letter the patterns that begin with it.
static BY_LETTER: LazyLock<[Vec<(&'static Text, &'static str)>; 256]> = LazyLock::new(|| {
    let mut by_letter = [const { Vec::new() }; 256];
    for text in TEXTS.iter() {
        for pattern in text.patterns.split('|') {
            let letter = pattern.as_bytes().first().copied().unwrap_or_default();
            by_letter[usize::from(letter)].push((text, pattern));
        }
    }
    by_letter
});

/// A failure that is told in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) name: &'static str,
    /// Whether it only says that something failed.
    pub(super) is_sign: bool,
    /// Whether other programs say the same of something else.
    pub(super) is_vague: bool,
    patterns: &'static str,
    pub(super) words: Words,
}

/// Where the words of the book are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    /// Those of a code.
    OfCode(&'static str),
    Own {
        meaning: &'static str,
        cause: &'static str,
        remedy: &'static str,
        look: &'static str,
    },
}

impl Text {
    fn parse(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let mut next = || columns.next().filter(|column| !column.is_empty());
        let name = next()?;
        let (is_sign, is_vague) = match next()? {
            "sign" => (true, false),
            "cause" => (false, false),
            "vague" => (false, true),
            _ => return None,
        };
        Some(Self {
            name,
            is_sign,
            is_vague,
            patterns: next()?,
            words: match next()? {
                "-" => Words::Own {
                    meaning: next()?,
                    cause: next()?,
                    remedy: next()?,
                    look: next()?,
                },
                code => Words::OfCode(code),
            },
        })
    }
}

/// Gives the failure with this name.
pub(super) fn named(name: &str) -> Option<&'static Text> {
    TEXTS
        .iter()
        .find(|text| text.name.eq_ignore_ascii_case(name))
}

/// Gives all failures.
pub(super) fn texts() -> &'static [Text] {
    &TEXTS
}

/// Gives the failure whose text begins where `line` begins, and the length of that text.
pub(super) fn at_beginning(line: &str) -> Option<(&'static Text, usize)> {
    let letter = line.as_bytes().first()?.to_ascii_lowercase();
    let mut candidates = BY_LETTER[usize::from(letter)].iter();
    candidates.find_map(|(text, pattern)| Some((*text, fits(line, pattern)?)))
}

/// So much may lie between the parts of a text.
const MOST_BETWEEN: usize = 80;

/// The length of what `pattern` fits at the beginning of `line`.
fn fits(line: &str, pattern: &str) -> Option<usize> {
    let mut end = 0;
    for (index, piece) in pattern.split('*').enumerate() {
        let rest = &line.as_bytes()[end..];
        let rest = &rest[..rest.len().min(MOST_BETWEEN)];
        let mut places = rest.windows(piece.len());
        let is_here = |window: &[u8]| window.eq_ignore_ascii_case(piece.as_bytes());
        let place = match index {
            0 => places.next().is_some_and(is_here).then_some(0),
            _ => places.position(is_here),
        }?;
        end += place + piece.len();
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_failure_of_its_own() {
        assert_eq!(TEXTS.len(), TABLE.lines().count() - 1, "a line is damaged");
        for (index, text) in TEXTS.iter().enumerate() {
            assert_eq!(
                TEXTS.iter().position(|one| one.name == text.name),
                Some(index)
            );
            for pattern in text.patterns.split('|') {
                assert_eq!(pattern, pattern.to_ascii_lowercase(), "{text:?}");
                let said = pattern.replace('*', " any words ");
                let (found, len) = at_beginning(&said).unwrap();
                assert_eq!((found.name, len), (text.name, said.len()), "{pattern}");
            }
        }
    }

    #[test]
    fn letters_may_be_large_and_words_may_lie_between() {
        let said = "libascendcl.so: Cannot open shared object file: No such file or directory";
        let (found, len) = at_beginning(said).unwrap();
        assert_eq!(found.name, "no-acl-library");
        assert_eq!(&said[len..], " file: No such file or directory");
        for other in [
            "",
            "libascendcl.so",
            "libasce",
            "é",
            "cannot open shared object",
            &format!(
                "soc version 1; {} do not match",
                "a value of many ".repeat(8)
            ),
        ] {
            assert!(at_beginning(other).is_none(), "{other}");
        }
    }
}
