//! The codes of `torch_npu`: `ERR`, two digits for a part of it, three for what happened.

use std::sync::LazyLock;

/// One line a kind: its digits, weight, meaning, usual cause, what to do.
const TABLE: &str = include_str!("torch.tsv");

static KINDS: LazyLock<Vec<Kind>> =
    LazyLock::new(|| TABLE.lines().skip(1).filter_map(Kind::parse).collect());

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    digits: &'static str,
    /// Whether it only says that something below failed.
    pub(super) is_sign: bool,
    pub(super) meaning: &'static str,
    pub(super) cause: &'static str,
    pub(super) remedy: &'static str,
}

impl Kind {
    fn parse(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let mut next = || columns.next().filter(|column| !column.is_empty());
        Some(Self {
            digits: next()?,
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

/// What a code such as `ERR01003` says happened.
pub(super) fn kind(code: &str) -> Option<&'static Kind> {
    let (part, digits) = code.strip_prefix("ERR")?.split_at_checked(2)?;
    let known = KINDS.iter().find(|known| known.digits == digits);
    known.filter(|_| matches!(part, "00" | "01" | "02" | "03" | "04"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_kind_of_its_own() {
        assert_eq!(KINDS.len(), TABLE.lines().count() - 1, "a line is damaged");
        for known in KINDS.iter() {
            assert_eq!(kind(&format!("ERR02{}", known.digits)), Some(known));
        }
        for other in ["ERR", "ERRé", "ERR99999", "ERR05001", "ERR00099", "E10001"] {
            assert_eq!(kind(other), None, "{other}");
        }
    }
}
