//! The codes that `atc` answers with, and what is known of each.

/// One line a code: code or family, class, meaning, usual cause, what to do.
const BOOK: &str = include_str!("codes.tsv");

/// An error code of CANN's compiler, such as `E16002`.
///
/// A `%s` in a text stands for what `atc` puts there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code, or its family with an `x` for each digit that differs: `E2xxxx`.
    pub code: &'static str,
    /// What it is about.
    pub class: Class,
    /// What it says.
    pub summary: &'static str,
    /// What is usually behind it.
    pub cause: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

/// What an error code is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    /// An option or its value.
    Option,
    /// A file that is missing or cannot be used.
    File,
    /// The model's content.
    Model,
    /// An operator that the compiler or the chip does not have.
    Unsupported,
    /// An operator whose kernel could not be compiled.
    Compile,
    /// The operator compiler's Python or its packages.
    Python,
    /// A model that is run, not one that is compiled.
    Runtime,
    /// A fault inside CANN.
    Internal,
}

impl Class {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Option, "option"),
        (Self::File, "file"),
        (Self::Model, "model"),
        (Self::Unsupported, "unsupported"),
        (Self::Compile, "compile"),
        (Self::Python, "python"),
        (Self::Runtime, "runtime"),
        (Self::Internal, "internal"),
    ];

    fn from_name(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(class, _)| *class)
    }
}

/// Gives what is known of `code`, or else of the family that it belongs to.
///
/// ```
/// use ascend_graph::atc::codes;
///
/// assert!(codes::code("E16002").unwrap().summary.contains("parser"));
/// assert_eq!(codes::code("E23456").unwrap().code, "E2xxxx");
/// assert!(codes::code("F00001").is_none());
/// ```
#[must_use]
pub fn code(code: &str) -> Option<Code> {
    let is_family = |known: &str| {
        known.len() == code.len()
            && known.ends_with('x')
            && known
                .bytes()
                .zip(code.bytes())
                .all(|(known, digit)| known == digit || known == b'x' && digit.is_ascii_digit())
    };
    let exact = codes().find(|known| known.code == code);
    exact.or_else(|| codes().find(|known| is_family(known.code)))
}

/// Gives all codes and families, in the order of their names.
pub fn codes() -> impl Iterator<Item = Code> {
    BOOK.lines().skip(1).filter_map(|line| {
        let mut columns = line.split('\t');
        Some(Code {
            code: columns.next()?,
            class: Class::from_name(columns.next()?)?,
            summary: columns.next()?,
            cause: columns.next()?,
            remedy: columns.next()?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_book_is_whole_and_in_order() {
        let all: Vec<Code> = codes().collect();
        assert_eq!(all.len(), BOOK.lines().count() - 1, "a line is malformed");
        assert!(all.len() >= 60);
        assert!(all.is_sorted_by(|a, b| a.code < b.code));
        for known in all {
            let texts = [known.summary, known.cause, known.remedy];
            let is_plain = |text: &str| !text.is_empty() && !text.ends_with('.');
            assert!(texts.into_iter().all(is_plain), "{known:?}");
            assert!(known.code.starts_with('E'), "{known:?}");
        }
        for class in Class::ALL {
            assert!(codes().any(|known| known.class == class.0), "{class:?}");
        }
    }

    #[test]
    fn a_code_is_found_before_its_family() {
        assert_eq!(code("E40021").unwrap().code, "E40021");
        assert_eq!(code("E40099").unwrap().code, "E4xxxx");
        assert_eq!(code("EZ3003").unwrap().code, "EZ3xxx");
        for unknown in ["", "E", "E1", "E2xxxy", "E2345", "E234567", "W10001"] {
            assert!(code(unknown).is_none(), "{unknown}");
        }
    }
}
