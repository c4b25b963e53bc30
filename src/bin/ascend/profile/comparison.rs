//! Two profiles beside each other: what became slower, faster, new and gone.

use std::collections::BTreeMap;

use serde::Serialize;

use super::content::{By, Profile};
use crate::language::{self, say};

/// What is told of each of the two.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Side {
    pub(super) source: String,
    /// The time of all operators.
    pub(super) time: f64,
    pub(super) executions: Option<u64>,
    /// The mean of a run, as the host sees it.
    pub(super) run: Option<f64>,
}

/// One operator, or the operators of a type.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) op_type: String,
    pub(super) old: Option<f64>,
    pub(super) new: Option<f64>,
    pub(super) old_calls: u64,
    pub(super) new_calls: u64,
}

impl Row {
    /// What it costs more than before.
    pub(super) fn difference(&self) -> f64 {
        self.new.unwrap_or(0.0) - self.old.unwrap_or(0.0)
    }
}

/// The difference of two profiles. Times are microseconds, of one execution if both tell how many
/// there were.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Comparison {
    /// The language of the notes.
    pub(super) language: &'static str,
    pub(super) old: Side,
    pub(super) new: Side,
    pub(super) is_per_execution: bool,
    /// Those first that cost or save most.
    pub(super) rows: Vec<Row>,
    pub(super) notes: Vec<String>,
}

impl Comparison {
    pub(super) fn of(old: &Profile, new: &Profile, by: By) -> Self {
        let is_known = |profile: &Profile| profile.executions.is_some();
        let is_per_execution = is_known(old) && is_known(new);
        let time = |profile: &Profile, total: f64| {
            if is_per_execution {
                profile.per_execution(total)
            } else {
                total
            }
        };
        let has_names = |profile: &Profile| {
            profile
                .operators
                .iter()
                .any(|operator| !operator.name.is_empty())
        };
        let by_type = by == By::Type || !has_names(old) || !has_names(new);
        let by = if by_type { By::Type } else { By::Op };
        let has_types = |profile: &Profile| {
            profile
                .operators
                .iter()
                .any(|operator| !operator.op_type.is_empty())
        };
        // Beside types none would be the same.
        let by_name = by == By::Op && [old, new].into_iter().any(|profile| !has_types(profile));
        let mut rows: BTreeMap<(String, String), Row> = BTreeMap::new();
        let has_operators = |profile: &Profile| !profile.operators.is_empty();
        let sides = [(old, false), (new, true)];
        // Beside nothing all would look new or gone.
        let is_comparable = has_operators(old) && has_operators(new);
        for (profile, is_new) in sides.into_iter().filter(|_| is_comparable) {
            for operator in profile.rows(by) {
                let op_type = if by_name { "" } else { &operator.op_type };
                let key = (operator.name.clone(), op_type.to_owned());
                let row = rows.entry(key).or_insert_with(|| Row {
                    name: operator.name.clone(),
                    op_type: operator.op_type.clone(),
                    old: None,
                    new: None,
                    old_calls: 0,
                    new_calls: 0,
                });
                if row.op_type.is_empty() {
                    row.op_type.clone_from(&operator.op_type);
                }
                let (total, calls) = if is_new {
                    (&mut row.new, &mut row.new_calls)
                } else {
                    (&mut row.old, &mut row.old_calls)
                };
                *total = Some(total.unwrap_or(0.0) + time(profile, operator.total));
                *calls = calls.saturating_add(operator.count);
            }
        }
        let mut rows: Vec<Row> = rows.into_values().collect();
        rows.sort_by(|a, b| b.difference().abs().total_cmp(&a.difference().abs()));
        let side = |profile: &Profile| Side {
            source: profile.source.clone(),
            time: time(profile, profile.operator_time()),
            executions: profile.executions,
            run: profile
                .stages
                .filter(|stages| stages.runs > 0)
                .map(|stages| stages.steady.total()),
        };
        Self {
            language: language::current().code(),
            old: side(old),
            new: side(new),
            is_per_execution,
            rows,
            notes: notes(old, new, is_per_execution),
        }
    }
}

/// What makes the two hard to compare.
fn notes(old: &Profile, new: &Profile, is_per_execution: bool) -> Vec<String> {
    let mut notes = Vec::new();
    match (old.operators.is_empty(), new.operators.is_empty()) {
        (true, true) => notes.push(say!("neither tells of operators")),
        (true, false) => notes.push(say!(
            "the old one tells of no operators, so that none are compared"
        )),
        (false, true) => notes.push(say!(
            "the new one tells of no operators, so that none are compared"
        )),
        (false, false) if !is_per_execution => notes.push(say!(
            "it is not known how many executions both are of, so that totals are compared: they mean something if \
             both are of equally many"
        )),
        (false, false) => {}
    }
    if old.is_cpu_device != new.is_cpu_device {
        notes.push(say!("one is of the CPU device and the other is not"));
    }
    if let (Some(old), Some(new)) = (&old.chip, &new.chip)
        && old != new
    {
        notes.push(say!(
            "the old one is of {old}, the new one of {new}",
            old,
            new
        ));
    }
    if let (Some(old), Some(new)) = (old.batch, new.batch)
        && old != new
    {
        notes.push(say!("the batch was {old} and is {new}", old, new));
    }
    notes.extend(old.notes.iter().map(|note| say!("old: {note}", note)));
    notes.extend(new.notes.iter().map(|note| say!("new: {note}", note)));
    notes
}

#[cfg(test)]
mod tests {
    use super::super::content::{Operator, Stages};
    use super::*;

    fn profile(operators: &[(&str, &str, u64, f64)], executions: Option<u64>) -> Profile {
        let operators = operators
            .iter()
            .map(|(name, op_type, count, total)| Operator {
                name: (*name).to_owned(),
                op_type: (*op_type).to_owned(),
                count: *count,
                total: *total,
                ..Operator::default()
            });
        Profile {
            operators: operators.collect(),
            executions,
            ..Profile::new("made".to_owned())
        }
    }

    #[test]
    fn what_costs_most_is_first() {
        let old = profile(
            &[
                ("a", "Conv", 2, 200.0),
                ("b", "Relu", 2, 20.0),
                ("gone", "Cast", 2, 60.0),
            ],
            Some(2),
        );
        let new = profile(
            &[
                ("a", "Conv", 4, 480.0),
                ("b", "Relu", 4, 40.0),
                ("new", "TransData", 4, 8.0),
            ],
            Some(4),
        );
        let compared = Comparison::of(&old, &new, By::Op);
        let rows: Vec<_> = compared
            .rows
            .iter()
            .map(|row| (row.name.as_str(), row.old, row.new))
            .collect();
        assert_eq!(
            rows,
            [
                ("gone", Some(30.0), None),
                ("a", Some(100.0), Some(120.0)),
                ("new", None, Some(2.0)),
                ("b", Some(10.0), Some(10.0)),
            ]
        );
        assert!(compared.is_per_execution && compared.notes.is_empty());
        assert_eq!((compared.old.time, compared.new.time), (140.0, 132.0));
    }

    #[test]
    fn a_side_without_operators_or_runs_is_told_and_not_compared() {
        let old = profile(
            &[("a", "Conv", u64::MAX, 20.0), ("a", "Conv", 1, 2.0)],
            Some(2),
        );
        let mut stopped = profile(&[], None);
        stopped.stages = Some(Stages::default());
        stopped.notes.push("stopped".to_owned());
        let compared = Comparison::of(&old, &stopped, By::Op);
        assert!(compared.rows.is_empty());
        assert_eq!(compared.new.run, None);
        let notes: Vec<_> = compared.notes.iter().map(String::as_str).collect();
        assert!(
            notes[0].starts_with("the new one tells of no operators"),
            "{notes:?}"
        );
        assert_eq!(notes[1..], ["new: stopped"]);
        let same = Comparison::of(&old, &old, By::Op);
        assert_eq!(same.rows[0].old_calls, u64::MAX);
    }

    #[test]
    fn totals_of_types_are_compared_where_names_or_numbers_are_missing() {
        let old = profile(&[("", "Conv", 2, 200.0)], None);
        let new = profile(&[("a", "Conv", 1, 50.0), ("b", "Conv", 1, 70.0)], Some(1));
        let compared = Comparison::of(&old, &new, By::Op);
        assert_eq!(compared.rows.len(), 1);
        assert!((compared.rows[0].difference() + 80.0).abs() < 1e-9);
        assert_eq!(
            (compared.rows[0].old_calls, compared.rows[0].new_calls),
            (2, 2)
        );
        assert!(compared.notes[0].contains("totals are compared"));
    }

    #[test]
    fn operators_are_found_by_name_where_types_are_missing() {
        let old = profile(&[("a", "", 1, 5.0)], Some(1));
        let new = profile(&[("a", "Conv2D", 1, 6.0)], Some(1));
        for (old, new) in [(&old, &new), (&new, &old)] {
            let rows = Comparison::of(old, new, By::Op).rows;
            assert_eq!((rows.len(), &*rows[0].op_type), (1, "Conv2D"));
        }
    }
}
