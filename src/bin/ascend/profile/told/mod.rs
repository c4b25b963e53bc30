//! Profiles for people: tables and hints.

mod comparison;

use std::fmt;
use std::io::{self, Write};

pub(super) use self::comparison::comparison;
use super::content::{By, Operator, Profile, Stage, executions, percent, sum, total};
use super::hints::{Hint, Step};
use crate::language::{padded, right, say, words};
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
    let named = named.collect::<Vec<_>>().join(", ");
    match operators.len().saturating_sub(NAMED) {
        0 => named,
        more => say!("{named} and {more} more", named, more),
    }
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
    let told = say!("profile of {source}", source = &profile.source);
    writeln!(out, "{}", escaped(&told))?;
    if let Some(chip) = &profile.chip {
        writeln!(out, "{}", escaped(&say!("on {chip}", chip)))?;
    }
    stages(out, profile)?;
    operators(out, profile, shown)?;
    calls(out, profile)?;
    copies(out, profile)?;
    notes(out, &profile.notes)?;
    hints(out, profile)
}

fn notes(out: &mut dyn Write, notes: &[String]) -> io::Result<()> {
    for note in notes {
        writeln!(out, "{}", escaped(&say!("note: {note}", note)))?;
    }
    Ok(())
}

fn stages(out: &mut dyn Write, profile: &Profile) -> io::Result<()> {
    let Some(stages) = &profile.stages else {
        return Ok(());
    };
    writeln!(out)?;
    let convert = stages.convert.map(|time| (words("convert"), time));
    for (name, time) in convert.into_iter().chain([(words("load"), stages.load)]) {
        writeln!(out, "{}{:>12}", padded(name, 10), Time(time))?;
    }
    writeln!(
        out,
        "{:10}{}{}{}",
        "",
        right(words("first run"), 12),
        right(words("later runs"), 12),
        right(words("share"), 8)
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
    let names = [
        words("upload"),
        words("execute"),
        words("download"),
        words("host"),
        words("run"),
    ];
    let (first, later) = (of(&stages.first), of(&stages.steady));
    for ((name, first), later) in names.iter().zip(first).zip(later) {
        let share = percent(later, stages.steady.total());
        writeln!(
            out,
            "{}{:>12}{:>12}{share:>7.1}%",
            padded(name, 10),
            Time(first),
            Time(later)
        )?;
    }
    let runs = match stages.runs {
        0 => say!("no run after the warm-up was made"),
        1 => say!("later runs are 1 run after the warm-up"),
        count => say!(
            "later runs are the mean of {count} after the warm-up",
            count
        ),
    };
    writeln!(out, "{runs}")?;
    if let Some(watched) = stages.watched {
        writeln!(out, "{}", told_watched(profile, watched))?;
    }
    Ok(())
}

/// What an execution takes whose operators are watched.
fn told_watched(profile: &Profile, watched: f64) -> String {
    let operators = profile.per_execution(profile.operator_time());
    let rest = Time((watched - operators).max(0.0)).to_string();
    let (watched, operators) = (Time(watched).to_string(), Time(operators).to_string());
    if profile.is_cpu_device {
        say!(
            "with its operators watched an execution takes {watched}: {operators} in operators, {rest} for watching \
             them",
            watched,
            operators,
            rest
        )
    } else {
        say!(
            "with its operators watched an execution takes {watched}: {operators} in operators, {rest} between them",
            watched,
            operators,
            rest
        )
    }
}

fn operators(out: &mut dyn Write, profile: &Profile, shown: Shown) -> io::Result<()> {
    let rows = profile.rows(shown.by);
    if rows.is_empty() {
        return Ok(());
    }
    let whole = profile.operator_time();
    let name = match shown.by {
        By::Op => words("name"),
        By::Type => "",
    };
    writeln!(
        out,
        "\n{}  {}  {}  {}  {}  {}  {}  {}",
        right(words("share"), 7),
        right(words("total"), 11),
        right(words("calls"), 8),
        right(words("mean"), 11),
        right(words("min"), 11),
        right(words("max"), 11),
        padded(words("type"), 24),
        name
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
        let told = say!(
            "in {more} more (all with --top {all})",
            more,
            all = rows.len()
        );
        writeln!(
            out,
            "{:>6.1}%  {:>11}  {told}",
            percent(rest, whole),
            Time(rest)
        )?;
    }
    let calls = total(rows.iter().map(|row| row.count));
    let told = match profile.executions {
        Some(count) => say!("in all, of {executions}", executions = executions(count)),
        None => say!("in all"),
    };
    writeln!(out, "{:>7}  {:>11}  {calls:>8}  {told}", "", Time(whole))
}

fn calls(out: &mut dyn Write, profile: &Profile) -> io::Result<()> {
    if profile.calls.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n{}  {}  {}",
        right(words("total"), 12),
        right(words("calls"), 8),
        words("function of the host")
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
    writeln!(
        out,
        "\n{}  {}  {}",
        right(words("total"), 12),
        right(words("number"), 8),
        words("copies")
    )?;
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
        let told = if profile.is_cpu_device {
            say!(
                "nothing stands out; the times of the CPU device's operators say nothing of an NPU's, for which hints \
                 on operators and precision are given"
            )
        } else {
            say!("nothing stands out that would make it faster")
        };
        return writeln!(out, "{told}");
    }
    writeln!(out, "{}", say!("what to do, in the order of tuning:"))?;
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
