//! What to do about a profile, in the order in which tuning pays: first how data comes and goes, then
//! gears and batches, precision, single operators, and copies on the device.

mod facts;
mod rules;
mod seen;

use ascend_graph::Words;
use serde::{Deserialize, Serialize};

use self::facts::Facts;
use self::rules::RULES;
use super::content::Profile;
use crate::language::words;

/// Where in the order of tuning something belongs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    /// What was measured is not what runs later.
    #[default]
    Measuring,
    DataPath,
    Gears,
    Precision,
    Operators,
    Copies,
}

impl Step {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Measuring => words("measuring"),
            Self::DataPath => words("data path"),
            Self::Gears => words("gears and batches"),
            Self::Precision => words("precision"),
            Self::Operators => words("operators"),
            Self::Copies => words("copies on the device"),
        }
    }
}

/// Something to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Hint {
    /// Which rule found it.
    pub(super) id: String,
    pub(super) step: Step,
    /// What was seen, with its numbers.
    pub(super) seen: String,
    pub(super) advice: String,
    /// What to type, if something is to be typed.
    pub(super) command: String,
}

/// Something that a profile may show.
struct Rule {
    id: &'static str,
    step: Step,
    /// What is seen of it, if it is.
    seen: fn(&Facts<'_>) -> Option<String>,
    advice: Words,
    command: &'static str,
}

/// What to do, in the order of tuning.
pub(super) fn of(profile: &Profile) -> Vec<Hint> {
    let facts = Facts::of(profile);
    let seen = RULES.iter().filter_map(|rule| {
        Some(Hint {
            id: rule.id.to_owned(),
            step: rule.step,
            seen: (rule.seen)(&facts)?,
            advice: words(rule.advice.0).to_owned(),
            command: rule.command.to_owned(),
        })
    });
    seen.collect()
}

#[cfg(test)]
mod tests {
    use super::super::content::{Call, Copies, Operator, Stage, Stages};
    use super::*;

    fn operator(name: &str, op_type: &str, core: &str, total: f64) -> Operator {
        Operator {
            name: name.to_owned(),
            op_type: op_type.to_owned(),
            core: core.to_owned(),
            count: 10,
            total,
            blocks: Some(8),
            ..Operator::default()
        }
    }

    /// A profile of an NPU in which nothing stands out.
    fn calm() -> Profile {
        let mut operators: Vec<_> = (0..6)
            .map(|number| operator(&format!("conv{number}"), "Conv2D", "AI_CORE", 10_000.0))
            .collect();
        operators.push(operator("relu", "Relu", "AI_CORE", 10_000.0));
        Profile {
            chip: Some("Ascend310P3".to_owned()),
            executions: Some(10),
            operators,
            ..Profile::new("made".to_owned())
        }
    }

    fn with(operators: Vec<Operator>) -> Profile {
        let mut profile = calm();
        profile.operators.extend(operators);
        profile
    }

    fn staged(first: f64, [upload, execute, download, host]: [f64; 4]) -> Profile {
        let steady = Stage {
            upload,
            execute,
            download,
            host,
        };
        let first = Stage {
            execute: first,
            ..steady
        };
        let mut profile = calm();
        profile.stages = Some(Stages {
            convert: None,
            load: 1_000.0,
            first,
            steady,
            runs: 10,
            watched: None,
        });
        profile
    }

    fn called(name: &str, count: u64, total: f64) -> Profile {
        let mut profile = calm();
        let mut call = |name: &str, count, total| {
            profile.calls.push(Call {
                name: name.to_owned(),
                count,
                total,
                ..Call::default()
            });
        };
        call(name, count, total);
        call("aclmdlExecute", 20, 1_000.0);
        profile.executions = Some(20);
        profile
    }

    fn copied(direction: &str, total: f64) -> Profile {
        let mut profile = calm();
        profile.copies.push(Copies {
            direction: direction.to_owned(),
            count: 10,
            total,
            bytes: Some(10 << 20),
        });
        profile
    }

    /// A profile for each rule.
    fn cases() -> Vec<(&'static str, Profile)> {
        let mut converted = staged(100.0, [1.0, 100.0, 1.0, 1.0]);
        if let Some(stages) = &mut converted.stages {
            stages.convert = Some(5_000.0);
        }
        let mut waiting = calm();
        waiting.operators[0].wait = 60_000.0;
        let mut dynamic = calm();
        for operator in &mut dynamic.operators[..3] {
            operator.is_dynamic = true;
        }
        let mut f32s = calm();
        for operator in &mut f32s.operators[..3] {
            operator.input_types = "FLOAT;FLOAT;FLOAT".to_owned();
        }
        let mut alone = calm();
        for operator in &mut alone.operators[..3] {
            operator.blocks = Some(1);
        }
        let mut short = calm();
        short.executions = Some(1_000);
        let op = |name, op_type, core, total| with(vec![operator(name, op_type, core, total)]);
        vec![
            ("first-run", staged(9_000.0, [1.0, 100.0, 1.0, 1.0])),
            ("conversion-dominates", converted),
            ("transfers", staged(100.0, [20.0, 100.0, 20.0, 1.0])),
            ("host", staged(100.0, [1.0, 100.0, 1.0, 50.0])),
            ("blocking-copies", called("aclrtMemcpy", 40, 900.0)),
            ("slow-copies", copied("host to device", 9_000.0)),
            ("allocations", called("aclrtMalloc", 60, 10.0)),
            ("gaps", waiting),
            ("dynamic-shapes", dynamic),
            ("small-batch", short),
            ("fp32-matrices", f32s),
            ("casts", op("cast", "Cast", "AI_CORE", 6_000.0)),
            ("aicpu", op("where", "Where", "AI_CPU", 6_000.0)),
            ("layout", op("trans", "TransData", "AI_CORE", 20_000.0)),
            ("one-core", alone),
            ("hot-operator", op("big", "Conv2D", "AI_CORE", 90_000.0)),
            ("moving", op("concat", "ConcatD", "AI_CORE", 20_000.0)),
        ]
    }

    #[test]
    fn every_rule_is_seen_where_it_is_and_alone() {
        let ids = |profile: &Profile| -> Vec<String> {
            of(profile).into_iter().map(|hint| hint.id).collect()
        };
        assert!(ids(&calm()).is_empty(), "{:?}", of(&calm()));
        let cases = cases();
        for (rule, profile) in &cases {
            assert_eq!(ids(profile), [*rule], "{:?}", of(profile));
            let [hint] = &of(profile)[..] else {
                panic!("one rule, one hint")
            };
            assert!(hint.seen.contains(|c: char| c.is_ascii_digit()), "{hint:?}");
        }
        let all: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
        let tried: Vec<_> = cases.iter().map(|(rule, _)| *rule).collect();
        assert_eq!(all, tried);
        assert!(RULES.is_sorted_by_key(|rule| rule.step));
    }

    #[test]
    fn the_cpu_device_says_nothing_of_an_npu() {
        for (rule, mut profile) in cases() {
            profile.is_cpu_device = true;
            let hints = of(&profile);
            assert!(
                hints.iter().all(|hint| hint.step <= Step::DataPath),
                "{rule}: {hints:?}"
            );
        }
    }
}
