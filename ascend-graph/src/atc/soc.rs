//! The chips that `--soc_version` can name.

use super::near::near;

/// Families of which a name is only complete with what follows.
const STEMS: [&str; 6] = [
    "Ascend310P",
    "Ascend310B",
    "Ascend910B",
    "Ascend910_93",
    "Ascend950PR",
    "Ascend950DT",
];

static TABLE: &str = include_str!("socs.tsv");

/// What is known of a chip's name.
pub(super) enum Soc {
    /// It is in the table.
    Known,
    /// It has the form of a name and may be newer than the table.
    Plausible,
    /// `atc` refuses it.
    Wrong,
}

pub(super) fn judge(name: &str) -> Soc {
    if rows().any(|(known, _)| known == name) {
        return Soc::Known;
    }
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let digits = name.strip_prefix("Ascend");
    let is_form = digits.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().all(is_word)
    });
    let differs_in_case = rows().any(|(known, _)| known.eq_ignore_ascii_case(name));
    if !is_form || differs_in_case || STEMS.contains(&name) {
        Soc::Wrong
    } else {
        Soc::Plausible
    }
}

/// Tells whether a name can be that of a chip: a known one, or one of the same form.
#[must_use]
pub fn is_chip(name: &str) -> bool {
    !matches!(judge(name), Soc::Wrong)
}

/// Gives names that may have been meant.
pub(super) fn alternatives(name: &str) -> Vec<&'static str> {
    let names = || rows().map(|(known, _)| known);
    let found = near(name, names());
    if found.is_empty() && !name.starts_with("Ascend") {
        // What npu-smi shows lacks the first part.
        let whole = format!("Ascend{name}");
        let exact = names().find(|known| *known == whole);
        return exact.map_or_else(|| near(&whole, names()), |name| vec![name]);
    }
    found
}

/// Tells whether a chip runs models of fixed shapes or gears only.
pub(super) fn needs_gears(name: &str) -> bool {
    name == "Ascend310"
}

/// Tells whether a chip runs models of other shapes badly, if at all.
pub(super) fn wants_gears(name: &str) -> bool {
    name.starts_with("Ascend310")
}

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged() {
        for (name, known, plausible) in [
            ("Ascend310P3", true, false),
            ("Ascend910B4-1", true, false),
            ("Ascend910B", false, false),
            ("Ascend310P9", false, true),
            ("ascend310p3", false, false),
            ("310P3", false, false),
            ("", false, false),
            ("Ascend910B3;x", false, false),
        ] {
            let judged = judge(name);
            assert_eq!(matches!(judged, Soc::Known), known, "{name}");
            assert_eq!(matches!(judged, Soc::Plausible), plausible, "{name}");
        }
        assert_eq!(alternatives("310P3"), ["Ascend310P3"]);
        assert!(alternatives("Ascend910B").contains(&"Ascend910B1"));
    }
}
