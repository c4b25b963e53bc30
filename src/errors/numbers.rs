//! The runtime's inner numbers, such as `0x07070001`, and the codes that they become.

use std::sync::LazyLock;

/// One line a run of numbers: the first, the last, and the code of `AscendCL` that they become.
const TABLE: &str = include_str!("runtime.tsv");

/// All that the runtime numbers, known here or not.
const RANGE: std::ops::RangeInclusive<u32> = 0x0701_0000..=0x07FF_FFFF;

static RUNS: LazyLock<Vec<Run>> =
    LazyLock::new(|| TABLE.lines().skip(1).filter_map(Run::parse).collect());

#[derive(Clone, Copy, Debug)]
struct Run {
    first: u32,
    last: u32,
    code: i32,
}

impl Run {
    fn parse(line: &str) -> Option<Self> {
        let mut columns = line.split('\t');
        let mut number = || u32::from_str_radix(columns.next()?.strip_prefix("0x")?, 16).ok();
        Some(Self {
            first: number()?,
            last: number()?,
            code: columns.next()?.parse().ok()?,
        })
    }
}

/// Gives the code that a number of the runtime becomes.
pub(super) fn code_of(number: u32) -> Option<i32> {
    let after = RUNS.partition_point(|run| run.first <= number);
    let run = RUNS.get(after.checked_sub(1)?)?;
    (number <= run.last).then_some(run.code)
}

/// Reads `0x7070001`, with or without the zero before the 7.
pub(super) fn from_hex(text: &str) -> Option<u32> {
    let digits = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))?;
    let is_one = matches!(digits.len(), 7 | 8) && digits.bytes().all(|c| c.is_ascii_hexdigit());
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_one)?;
    RANGE.contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_run_of_its_own_with_a_known_code() {
        assert_eq!(RUNS.len(), TABLE.lines().count() - 1, "a line is damaged");
        assert!(RUNS.is_sorted_by(|a, b| a.last < b.first));
        for run in RUNS.iter() {
            assert!(
                run.first <= run.last && RANGE.contains(&run.last),
                "{run:?}"
            );
            assert!(ascend_sys::code(run.code).is_some(), "{run:?}");
        }
    }

    #[test]
    fn numbers_become_codes() {
        for (text, code) in [
            ("0x7070001", Some(107_002)),
            ("0x07070001", Some(107_002)),
            ("0x7150026", Some(507_015)),
            ("0x7150050", Some(507_011)),
            ("0X0711000E", Some(207_001)),
            ("0x7150047", Some(507_001)),
            ("0x7fffff0", None),
        ] {
            assert_eq!(from_hex(text).and_then(code_of), code, "{text}");
        }
        for other in [
            "0x715002",
            "0x71500260",
            "0x7+50026",
            "7150026",
            "0x",
            "0x7000000",
        ] {
            assert_eq!(from_hex(other), None, "{other}");
        }
    }
}
