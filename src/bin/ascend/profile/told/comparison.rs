//! Two profiles for people.

use std::fmt;
use std::io::{self, Write};

use super::super::comparison::Comparison;
use super::{Time, fitted, notes};
use crate::language::{padded, right, say, words};
use crate::weights::{escaped, shown};

/// Two profiles, what costs most first.
pub(in super::super) fn comparison(
    out: &mut dyn Write,
    comparison: &Comparison,
    top: usize,
) -> io::Result<()> {
    let (old, new) = (&comparison.old, &comparison.new);
    let sources = [
        say!("old: {source}", source = &old.source),
        say!("new: {source}", source = &new.source),
    ];
    for told in sources {
        writeln!(out, "{}", escaped(&told))?;
    }
    if let (Some(old), Some(new)) = (old.run, new.run) {
        let told = say!(
            "run: {new} was {old}, {change}",
            new = Time(new).to_string(),
            old = Time(old).to_string(),
            change = change(old, new)
        );
        writeln!(out, "{told}")?;
    }
    notes(out, &comparison.notes)?;
    if comparison.rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", told_operators(comparison))?;
    table(out, comparison, top)
}

/// What all operators take.
fn told_operators(comparison: &Comparison) -> String {
    let (old, new) = (comparison.old.time, comparison.new.time);
    let change = change(old, new);
    let (old, new) = (Time(old).to_string(), Time(new).to_string());
    if comparison.is_per_execution {
        say!(
            "operators: {new} an execution was {old}, {change}",
            new,
            old,
            change
        )
    } else {
        say!("operators: {new} was {old}, {change}", new, old, change)
    }
}

fn table(out: &mut dyn Write, comparison: &Comparison, top: usize) -> io::Result<()> {
    writeln!(
        out,
        "\n{}  {}  {}  {}  {}  {}",
        right(words("difference"), 12),
        right(words("old"), 11),
        right(words("new"), 11),
        right(words("change"), 9),
        padded(words("type"), 24),
        words("name")
    )?;
    let time =
        |time: Option<f64>| time.map_or_else(|| "-".to_owned(), |time| Time(time).to_string());
    for row in comparison.rows.iter().take(top) {
        let change = match (row.old, row.new) {
            (None, _) => words("new").to_owned(),
            (_, None) => words("removed").to_owned(),
            (Some(old), Some(new)) => change(old, new),
        };
        let line = format!(
            "{:>12}  {:>11}  {:>11}  {}  {:24}  {}",
            Signed(row.difference()).to_string(),
            time(row.old),
            time(row.new),
            right(&change, 9),
            fitted(&row.op_type),
            fitted(&shown(&row.name)),
        );
        writeln!(out, "{}", escaped(line.trim_end()))?;
    }
    let all = comparison.rows.len();
    match all.saturating_sub(top) {
        0 => Ok(()),
        more => writeln!(
            out,
            "{}",
            say!("and {more} more (all with --top {all})", more, all)
        ),
    }
}

/// The change from one time to another in percent.
fn change(old: f64, new: f64) -> String {
    if old > 0.0 {
        format!("{:+.1}%", (new / old - 1.0) * 100.0)
    } else {
        words("was none").to_owned()
    }
}

/// A time with its sign.
struct Signed(f64);

impl fmt::Display for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0.0 { '-' } else { '+' };
        write!(f, "{sign}{}", Time(self.0.abs()))
    }
}
