//! The numbers that functions of the driver answer with, as in `drvRet=87`.

use std::sync::LazyLock;

/// One line a number: as it is told here, name in C, weight, meaning, usual cause, what to do.
const TABLE: &str = include_str!("driver.tsv");

static FAULTS: LazyLock<Vec<Fault>> =
    LazyLock::new(|| TABLE.lines().skip(1).filter_map(Fault::parse).collect());

/// What a number is told with.
const LABEL: &str = "drvRet=";
/// What stands before a number where it is told, in small letters.
const LABELS: [&str; 8] = [
    "drvretcode",
    "drvret",
    "drv retcode",
    "drv ret code",
    "drv ret",
    "drv_ret",
    "drv error code",
    "drv_error",
];
/// What may lie between that and the number.
const JOINTS: [char; 5] = [' ', ':', '=', '[', '('];

/// A number of the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// Whether it only says that something failed.
    pub(super) is_sign: bool,
    pub(super) meaning: &'static str,
    pub(super) cause: &'static str,
    pub(super) remedy: &'static str,
}

impl Fault {
    fn parse(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let mut next = || columns.next().filter(|column| !column.is_empty());
        Some(Self {
            code: next()?,
            name: next()?,
            is_sign: match next()? {
                "sign" => true,
                "cause" => false,
                _ => return None,
            },
            meaning: next()?,
            cause: next()?,
            remedy: next()?,
        })
    }
}

/// Gives all numbers that are known.
pub(super) fn faults() -> &'static [Fault] {
    &FAULTS
}

/// Gives what is known of a code such as `drvRet=87`.
pub(super) fn fault(code: &str) -> Option<&'static Fault> {
    FAULTS.iter().find(|known| known.code == code)
}

/// Gives what is known of a name such as `DRV_ERROR_NO_DEVICE`.
pub(super) fn named(name: &str) -> Option<&'static Fault> {
    FAULTS.iter().find(|known| known.name == name)
}

/// Reads `drvRet=87`, `drvRetCode=87` or `drv ret 0x57`, and gives it as it is told here.
pub(super) fn code_of(text: &str) -> Option<String> {
    let number = text.find(|c: char| c.is_ascii_digit())?;
    let (label, number) = text.split_at(number);
    (labelled(label)? == 0).then(|| coded(number)).flatten()
}

/// A number, decimal or not, as it is told here.
pub(super) fn coded(number: &str) -> Option<String> {
    let hex = number.strip_prefix("0x");
    let number = hex.map_or_else(
        || number.parse().ok(),
        |hex| u16::from_str_radix(hex, 16).ok(),
    )?;
    (number > 0).then(|| format!("{LABEL}{number}"))
}

/// Where in the text before a number the label begins that makes it one of the driver.
pub(super) fn labelled(before: &str) -> Option<usize> {
    let label = before.trim_end_matches(JOINTS);
    let ends = |known: &&&str| {
        let start = label.len().checked_sub(known.len());
        start
            .and_then(|start| label.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(known))
    };
    let known = LABELS.iter().find(ends)?;
    let start = label.len() - known.len();
    let is_word = label[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
    (!is_word && label.len() < before.len()).then_some(start)
}

/// The same in a line of the driver, where `ret=8` is enough.
pub(super) fn returned(before: &str) -> Option<usize> {
    let label = before.strip_suffix("ret=")?;
    let is_word = label.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    (!is_word).then_some(label.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_number_of_its_own() {
        assert_eq!(FAULTS.len(), TABLE.lines().count() - 1, "a line is damaged");
        for (index, known) in FAULTS.iter().enumerate() {
            assert_eq!(fault(known.code), Some(known));
            assert_eq!(
                FAULTS.iter().position(|one| one.code == known.code),
                Some(index)
            );
            assert_eq!(code_of(known.code).as_deref(), Some(known.code));
        }
    }

    #[test]
    fn numbers_are_known_by_their_label() {
        for (text, code) in [
            ("drvRet=87", Some("drvRet=87")),
            ("drvRetCode=87", Some("drvRet=87")),
            ("drvretcode: 0x57", Some("drvRet=87")),
            ("drv ret[6]", None),
            ("drv ret 6", Some("drvRet=6")),
            ("drvRet=0", None),
            ("drvRet=-1", None),
            ("drvRet=99999", None),
            ("drvRet87", None),
            ("xdrvRet=87", None),
            ("a drvRet=87", None),
            ("87", None),
            ("é87", None),
        ] {
            assert_eq!(code_of(text).as_deref(), code, "{text}");
        }
        assert_eq!(returned("failed. (ret="), Some(9));
        for other in ["ret=-", "secret=", "drv_ret=", "ret"] {
            assert_eq!(returned(other), None, "{other}");
        }
    }
}
