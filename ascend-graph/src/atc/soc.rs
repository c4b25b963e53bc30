//! The chips that `--soc_version` can name.

use super::near::near;

/// The names, one a line.
static NAMES: &str = include_str!("socs.tsv");

/// The families of chips and their limits.
static FAMILIES: &str = include_str!("families.tsv");

/// What a chip takes, which is a matter of its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    /// The most gears of a model.
    pub(super) gears: usize,
    pub(super) dynamic_shapes: DynamicShapes,
}

/// Whether models run whose shapes are neither fixed nor in gears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DynamicShapes {
    Refused,
    /// By the documentation, but not in all releases of CANN.
    Partly,
    Taken,
}

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
    if names().any(|known| known == name) {
        return Soc::Known;
    }
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let digits = name.strip_prefix("Ascend");
    let is_form = digits.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().all(is_word)
    });
    let differs_in_case = names().any(|known| known.eq_ignore_ascii_case(name));
    let is_part = rows().any(|row| row[0] == name && row[1] == "no");
    if !is_form || differs_in_case || is_part {
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
    let found = near(name, names());
    if found.is_empty() && !name.starts_with("Ascend") {
        // What npu-smi shows lacks the first part.
        let whole = format!("Ascend{name}");
        let exact = names().find(|known| *known == whole);
        return exact.map_or_else(|| near(&whole, names()), |name| vec![name]);
    }
    found
}

/// Gives the limits of a chip; of one that nothing is known of, the widest.
pub(super) fn limits(name: &str) -> Limits {
    let of_name = rows().filter(|row| name.starts_with(row[0]));
    let row = of_name.max_by_key(|row| row[0].len());
    let [_, _, gears, dynamic] = row.unwrap_or(["", "", "256", "yes"]);
    Limits {
        gears: gears.parse().unwrap_or(usize::MAX),
        dynamic_shapes: match dynamic {
            "no" => DynamicShapes::Refused,
            "partly" => DynamicShapes::Partly,
            _ => DynamicShapes::Taken,
        },
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    NAMES.lines().filter(|line| !line.starts_with('#'))
}

fn rows() -> impl Iterator<Item = [&'static str; 4]> {
    let lines = FAMILIES.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let mut columns = line.split('\t');
        Some([(); 4].map(|()| columns.next().unwrap_or_default()))
            .filter(|_| columns.next().is_none())
    })
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

    #[test]
    fn every_chip_has_the_limits_of_its_family() {
        use DynamicShapes::{Partly, Refused, Taken};

        for row in rows() {
            assert!(
                ["yes", "no"].contains(&row[1]) && row[2].parse::<usize>().is_ok(),
                "{row:?}"
            );
            assert!(["yes", "partly", "no"].contains(&row[3]), "{row:?}");
        }
        assert!(names().all(|name| rows().any(|row| name.starts_with(row[0]))));
        for (name, gears, dynamic_shapes) in [
            ("Ascend310", 100, Refused),
            ("Ascend310B4", 100, Refused),
            ("Ascend310P3", 100, Partly),
            ("Ascend910A", 100, Taken),
            ("Ascend910B4-1", 100, Taken),
            ("Ascend910_9392", 100, Taken),
            ("Ascend950PR_9589", 256, Taken),
            ("mock", 256, Taken),
        ] {
            let expected = Limits {
                gears,
                dynamic_shapes,
            };
            assert_eq!(limits(name), expected, "{name}");
        }
    }
}
