//! What is known of the codes that the C functions answer with.

use std::sync::LazyLock;

use crate::aclError;

/// One line a code: number, C name, family, message code, meaning, usual cause, what to do.
const TABLE: &str = include_str!("codes.tsv");

static CODES: LazyLock<Vec<Code>> =
    LazyLock::new(|| TABLE.lines().skip(1).filter_map(Code::parse).collect());

/// A code of `AscendCL` or of its operators (aclnn), and what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The number.
    pub number: aclError,
    /// The number as text.
    pub digits: &'static str,
    /// The C name, such as `ACL_ERROR_RT_CONTEXT_NULL`.
    pub name: &'static str,
    /// The layer that answers with it, and whether it is about use, resources, state or the inside.
    pub family: &'static str,
    /// The code of the message that usually comes with it, such as `EE1018`.
    pub message: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// What is usually behind it.
    pub cause: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

impl Code {
    fn parse(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let mut next = || columns.next().filter(|column| !column.is_empty());
        let digits = next()?;
        Some(Self {
            number: digits.parse().ok()?,
            digits,
            name: next()?,
            family: next()?,
            message: next()?,
            meaning: next()?,
            cause: next()?,
            remedy: next()?,
        })
    }
}

/// Gives what is known of a code.
///
/// ```
/// let code = ascend_sys::code(107_002).unwrap();
/// assert_eq!((code.name, code.message), ("ACL_ERROR_RT_CONTEXT_NULL", "EE1018"));
/// ```
#[must_use]
pub fn code(number: aclError) -> Option<&'static Code> {
    let place = CODES.binary_search_by_key(&number, |code| code.number);
    place.ok().map(|place| &CODES[place])
}

/// Gives all codes, in the order of their numbers.
#[must_use]
pub fn codes() -> &'static [Code] {
    &CODES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_code_of_its_own() {
        assert_eq!(CODES.len(), TABLE.lines().count() - 1, "a line is damaged");
        assert!(CODES.is_sorted_by(|a, b| a.number < b.number));
        for known in codes() {
            assert_eq!(code(known.number), Some(known));
            let texts = [known.meaning, known.cause, known.remedy];
            let is_plain = |text: &str| text.len() > 3 && !text.ends_with('.');
            assert!(texts.into_iter().all(is_plain), "{known:?}");
            assert!(known.message.starts_with('E') && known.message.len() == 6);
        }
        for unknown in [0, 7, -1, 999_999] {
            assert_eq!(code(unknown), None);
        }
    }

    #[test]
    fn names_and_numbers_are_those_of_the_header() {
        let header = include_str!("../include/ascendcl.h");
        let declared: Vec<(&str, &str)> = header
            .lines()
            .filter_map(|line| line.strip_prefix("#define ACL_ERROR_"))
            .filter_map(|rest| rest.split_once(' '))
            .filter(|(_, number)| number.len() == 6)
            .collect();
        assert!(declared.len() > 240, "{}", declared.len());
        for (name, number) in declared {
            let known = code(number.parse().unwrap()).unwrap();
            // the one number that newer headers name anew
            if name != "RT_STREAM_NOT_SUPPORT_OPERA" {
                assert_eq!(known.name, format!("ACL_ERROR_{name}"));
            }
        }
    }
}
