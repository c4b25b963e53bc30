//! The codes of CANN's messages, such as `E16002` and `EE1018`, and what is known of each.

use std::sync::LazyLock;

/// One line a code: code or family, class, meaning, usual cause, what to do.
const TABLE: &str = include_str!("messages.tsv");

static MESSAGES: LazyLock<Vec<Message>> =
    LazyLock::new(|| TABLE.lines().skip(1).filter_map(Message::parse).collect());

/// A code of CANN's messages. A `%s` in a text stands for what CANN puts there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// The code, or its family with an `x` for each digit that differs: `E2xxxx`.
    pub(crate) code: &'static str,
    pub(crate) class: Class,
    pub(crate) meaning: &'static str,
    pub(crate) cause: &'static str,
    pub(crate) remedy: &'static str,
}

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    /// An option or its value.
    Option,
    /// A file that is missing or cannot be used.
    File,
    /// The model's content.
    Model,
    /// An operator or feature that the compiler or the chip does not have.
    Unsupported,
    /// An operator whose kernel could not be compiled.
    Compile,
    /// The operator compiler's Python or its packages.
    Python,
    /// A program that runs, not a model that is compiled.
    Runtime,
    /// Devices that talk to each other.
    Communication,
    /// A fault inside CANN.
    Internal,
}

impl Class {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Option, "option"),
        (Self::File, "file"),
        (Self::Model, "model"),
        (Self::Unsupported, "unsupported"),
        (Self::Compile, "compile"),
        (Self::Python, "python"),
        (Self::Runtime, "runtime"),
        (Self::Communication, "communication"),
        (Self::Internal, "internal"),
    ];

    fn from_name(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(class, _)| *class)
    }
}

impl Message {
    fn parse(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        Some(Self {
            code: columns.next()?,
            class: Class::from_name(columns.next()?)?,
            meaning: columns.next()?,
            cause: columns.next()?,
            remedy: columns.next()?,
        })
    }

    /// Whether this stands for a whole family of codes.
    pub(crate) fn is_family(&self) -> bool {
        self.code.ends_with('x')
    }
}

/// Gives what is known of `code`, or else of the family that it belongs to.
pub(crate) fn message(code: &str) -> Option<&'static Message> {
    let exact = MESSAGES.binary_search_by(|known| known.code.cmp(code));
    exact.map_or_else(
        |_| MESSAGES.iter().find(|known| is_of_family(code, known.code)),
        |place| MESSAGES.get(place),
    )
}

/// Gives all messages and families, in the order of their codes.
pub(crate) fn messages() -> &'static [Message] {
    &MESSAGES
}

/// Whether `code` has the form of `family`, in which each small `x` stands for a digit.
pub(crate) fn is_of_family(code: &str, family: &str) -> bool {
    let fits = |(digit, known): (u8, u8)| known == digit || known == b'x' && digit.is_ascii_digit();
    family.len() == code.len()
        && family.ends_with('x')
        && code.bytes().zip(family.bytes()).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_in_order() {
        assert_eq!(
            MESSAGES.len(),
            TABLE.lines().count() - 1,
            "a line is damaged"
        );
        assert!(MESSAGES.is_sorted_by(|a, b| a.code < b.code));
        for known in messages() {
            let texts = [known.meaning, known.cause, known.remedy];
            let is_plain = |text: &str| !text.is_empty() && !text.ends_with('.');
            assert!(texts.into_iter().all(is_plain), "{known:?}");
            assert!(
                known.code.starts_with('E') && known.code.len() == 6,
                "{known:?}"
            );
        }
        for class in Class::ALL {
            assert!(
                messages().iter().any(|known| known.class == class.0),
                "{class:?}"
            );
        }
    }

    #[test]
    fn a_code_is_found_before_its_family() {
        let found = |code| message(code).map(|found| found.code);
        assert_eq!(found("E40021"), Some("E40021"));
        assert_eq!(found("E40099"), Some("E4xxxx"));
        assert_eq!(found("EZ3003"), Some("EZ3xxx"));
        for unknown in ["", "E", "E1", "E2xxxy", "E2345", "E234567", "W10001"] {
            assert_eq!(found(unknown), None, "{unknown}");
        }
    }
}
