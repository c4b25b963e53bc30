//! Profiles for people: tables and hints.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use super::comparison::Comparison;
use super::content::{By, Operator, Profile, Stage, percent, sum, total};
use super::hints::{Hint, Step};
use crate::weights::{escaped, shown};

/// The widest name in a table, in characters.
const WIDEST: usize = 48;
/// The operators that a hint names.
const NAMED: usize = 3;
/// The functions of the host that are told.
const MOST_CALLS: usize = 8;

/// Microseconds, in a unit that fits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time(pub(super) f64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0.abs() {
            0.0..1_000.0 => format!("{:.1} us", self.0),
            1_000.0..1_000_000.0 => format!("{:.2} ms", self.0 / 1e3),
            _ => format!("{:.2} s", self.0 / 1e6),
        };
        f.pad(&text)
    }
}

/// The operators that take most, by name.
pub(super) fn names(operators: &[&Operator]) -> String {
    let mut sorted = operators.to_vec();
    sorted.sort_by(|a, b| b.total.total_cmp(&a.total));
    let named = sorted.iter().take(NAMED).map(|operator| label(operator));
    let mut text = named.collect::<Vec<_>>().join(", ");
    if operators.len() > NAMED {
        // Writing to a text cannot fail.
        let _ = write!(text, " and {} more", operators.len() - NAMED);
    }
    text
}

/// What an operator is called for people: its name, or its type where it has none.
pub(super) fn label(operator: &Operator) -> String {
    if operator.name.is_empty() {
        shown(&operator.op_type)
    } else {
        shown(&operator.name)
    }
}

/// A name that fits into a column: of a long one the end tells more.
fn fitted(name: &str) -> String {
    let length = name.chars().count();
    if length <= WIDEST {
        return name.to_owned();
    }
    let end = name.chars().skip(length + 1 - WIDEST);
    ['…'].into_iter().chain(end).collect()
}

/// How a table of operators is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    pub(super) by: By,
    pub(super) top: usize,
}

/// The whole profile.
pub(super) fn profile(out: &mut dyn Write, profile: &Profile, shown: Shown) -> io::Result<()> {
    writeln!(out, "profile of {}", escaped(&profile.source))?;
    if let Some(chip) = &profile.chip {
        writeln!(out, "on {}", escaped(chip))?;
    }
    stages(out, profile)?;
    operators(out, profile, shown)?;
    calls(out, profile)?;
    copies(out, profile)?;
    for note in &profile.notes {
        writeln!(out, "note: {}", escaped(note))?;
    }
    hints(out, profile)
}

fn stages(out: &mut dyn Write, profile: &Profile) -> io::Result<()> {
    let Some(stages) = &profile.stages else {
        return Ok(());
    };
    writeln!(out)?;
    if let Some(convert) = stages.convert {
        writeln!(out, "convert   {:>12}", Time(convert))?;
    }
    writeln!(out, "load      {:>12}", Time(stages.load))?;
    writeln!(
        out,
        "{:10}{:>12}{:>12}{:>8}",
        "", "first run", "later runs", "share"
    )?;
    let of = |stage: &Stage| {
        [
            stage.upload,
            stage.execute,
            stage.download,
            stage.host,
            stage.total(),
        ]
    };
    let names = ["upload", "execute", "download", "host", "run"];
    let (first, later) = (of(&stages.first), of(&stages.steady));
    for ((name, first), later) in names.iter().zip(first).zip(later) {
        let share = percent(later, stages.steady.total());
        writeln!(
            out,
            "{name:10}{:>12}{:>12}{share:>7.1}%",
            Time(first),
            Time(later)
        )?;
    }
    let runs = stages.runs;
    writeln!(out, "later runs are the mean of {runs} after the warm-up")?;
    if let Some(watched) = stages.watched {
        let operators = profile.per_execution(profile.operator_time());
        let rest = (watched - operators).max(0.0);
        let what = if profile.is_cpu_device {
            "for watching them"
        } else {
            "between them"
        };
        writeln!(
            out,
            "with its operators watched an execution takes {}: {} in operators, {} {what}",
            Time(watched),
            Time(operators),
            Time(rest)
        )?;
    }
    Ok(())
}

fn operators(out: &mut dyn Write, profile: &Profile, shown: Shown) -> io::Result<()> {
    let rows = profile.rows(shown.by);
    if rows.is_empty() {
        return Ok(());
    }
    let whole = profile.operator_time();
    writeln!(out)?;
    writeln!(
        out,
        "{:>7}  {:>11}  {:>8}  {:>11}  {:>11}  {:>11}  {:24}  name",
        "share", "total", "calls", "mean", "min", "max", "type"
    )?;
    for row in rows.iter().take(shown.top) {
        let name = match shown.by {
            By::Op => fitted(&label(row)),
            By::Type => String::new(),
        };
        let op_type = match (row.op_type.is_empty(), row.core.is_empty()) {
            (false, false) => format!("{} ({})", row.op_type, row.core),
            (true, _) => row.core.clone(),
            (false, true) => row.op_type.clone(),
        };
        let line = format!(
            "{:>6.1}%  {:>11}  {:>8}  {:>11}  {:>11}  {:>11}  {:24}  {name}",
            percent(row.total, whole),
            Time(row.total),
            row.count,
            Time(row.mean()),
            Time(row.min),
            Time(row.max),
            fitted(&op_type),
        );
        writeln!(out, "{}", escaped(line.trim_end()))?;
    }
    if let Some(more) = rows.len().checked_sub(shown.top).filter(|more| *more > 0) {
        let rest = sum(rows.iter().skip(shown.top).map(|row| row.total));
        writeln!(
            out,
            "{:>6.1}%  {:>11}  in {more} more (--top {} shows them)",
            percent(rest, whole),
            Time(rest),
            rows.len()
        )?;
    }
    let calls = total(rows.iter().map(|row| row.count));
    write!(out, "{:>7}  {:>11}  {calls:>8}  in all", "", Time(whole))?;
    match profile.executions {
        Some(executions) => writeln!(out, ", of {executions} executions"),
        None => writeln!(out),
    }
}

fn calls(out: &mut dyn Write, profile: &Profile) -> io::Result<()> {
    if profile.calls.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n{:>12}  {:>8}  function of the host",
        "total", "calls"
    )?;
    for call in profile.calls.iter().take(MOST_CALLS) {
        let name = escaped(&fitted(&shown(&call.name)));
        writeln!(out, "{:>12}  {:>8}  {name}", Time(call.total), call.count)?;
    }
    Ok(())
}

fn copies(out: &mut dyn Write, profile: &Profile) -> io::Result<()> {
    if profile.copies.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{:>12}  {:>8}  copies", "total", "number")?;
    for copies in &profile.copies {
        let direction = escaped(&fitted(&shown(&copies.direction)));
        write!(
            out,
            "{:>12}  {:>8}  {direction}",
            Time(copies.total),
            copies.count
        )?;
        match copies.bytes {
            Some(bytes) => writeln!(out, ", {}", crate::weights::size(bytes))?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}

fn hints(out: &mut dyn Write, profile: &Profile) -> io::Result<()> {
    writeln!(out)?;
    if profile.hints.is_empty() {
        if profile.is_cpu_device {
            return writeln!(
                out,
                "nothing stands out; the times of the CPU device's operators say nothing of an NPU's, for which \
                 hints on operators and precision are given"
            );
        }
        return writeln!(out, "nothing stands out that would make it faster");
    }
    writeln!(out, "what to do, in the order of tuning:")?;
    let mut step: Option<Step> = None;
    for (index, hint) in profile.hints.iter().enumerate() {
        if step != Some(hint.step) {
            step = Some(hint.step);
            writeln!(out, "  {}", hint.step.title())?;
        }
        one_hint(out, index + 1, hint)?;
    }
    Ok(())
}

fn one_hint(out: &mut dyn Write, number: usize, hint: &Hint) -> io::Result<()> {
    writeln!(out, "  {number}. {}", escaped(&hint.seen))?;
    writeln!(out, "     {}", hint.advice)?;
    if !hint.command.is_empty() {
        writeln!(out, "     $ {}", hint.command)?;
    }
    Ok(())
}

/// Two profiles, what costs most first.
pub(super) fn comparison(
    out: &mut dyn Write,
    comparison: &Comparison,
    top: usize,
) -> io::Result<()> {
    let (old, new) = (&comparison.old, &comparison.new);
    writeln!(out, "old: {}", escaped(&old.source))?;
    writeln!(out, "new: {}", escaped(&new.source))?;
    if let (Some(old), Some(new)) = (old.run, new.run) {
        let change = Change(old, new);
        writeln!(out, "run: {} was {}, {change}", Time(new), Time(old))?;
    }
    for note in &comparison.notes {
        writeln!(out, "note: {}", escaped(note))?;
    }
    if comparison.rows.is_empty() {
        return Ok(());
    }
    let per = if comparison.is_per_execution {
        " an execution"
    } else {
        ""
    };
    writeln!(
        out,
        "operators: {}{per} was {}, {}",
        Time(new.time),
        Time(old.time),
        Change(old.time, new.time)
    )?;
    writeln!(
        out,
        "\n{:>12}  {:>11}  {:>11}  {:>9}  {:24}  name",
        "difference", "old", "new", "change", "type"
    )?;
    for row in comparison.rows.iter().take(top) {
        let change = match (row.old, row.new) {
            (None, _) => "new".to_owned(),
            (_, None) => "gone".to_owned(),
            (Some(old), Some(new)) => Change(old, new).to_string(),
        };
        let time =
            |time: Option<f64>| time.map_or_else(|| "-".to_owned(), |time| Time(time).to_string());
        let line = format!(
            "{:>12}  {:>11}  {:>11}  {change:>9}  {:24}  {}",
            Signed(row.difference()).to_string(),
            time(row.old),
            time(row.new),
            fitted(&row.op_type),
            fitted(&shown(&row.name)),
        );
        writeln!(out, "{}", escaped(line.trim_end()))?;
    }
    if let Some(more) = comparison
        .rows
        .len()
        .checked_sub(top)
        .filter(|more| *more > 0)
    {
        writeln!(
            out,
            "and {more} more (--top {} shows them)",
            comparison.rows.len()
        )?;
    }
    Ok(())
}

/// A change from one time to another in percent.
struct Change(f64, f64);

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 > 0.0 {
            f.pad(&format!("{:+.1}%", (self.1 / self.0 - 1.0) * 100.0))
        } else {
            f.pad("was none")
        }
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
