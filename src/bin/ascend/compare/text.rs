//! The comparison as text.

use std::io::{self, BufWriter, Write};

use ascend_rt::compare::{Cause, Comparison, Figures, Match, Row, Verdict};

use super::Told;
use crate::weights::escaped;

/// The most rows that are printed where not all are asked for.
const MOST_ROWS: usize = 20;

/// The widest name that is printed whole.
const MOST_NAME: usize = 44;

/// Prints what was found to stdout.
pub(super) fn write(told: &Told<'_>, is_all: bool, advice: Option<&str>) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let comparison = told.comparison;
    for (side, (name, about)) in ["A", "B"].iter().zip(told.names.iter().zip(&told.about)) {
        writeln!(out, "{side}: {}: {about}", escaped(name))?;
    }
    for note in &told.notes {
        writeln!(out, "note: {}", escaped(note))?;
    }
    let rows = comparison.rows.iter();
    let most = if is_all { usize::MAX } else { MOST_ROWS };
    let outputs: Vec<&Row> = rows.clone().filter(|row| row.value.is_output).collect();
    if !outputs.is_empty() {
        writeln!(out)?;
        table(&mut out, "outputs", &outputs)?;
    }
    for (side, names) in ["A", "B"].iter().zip(&comparison.lonely) {
        for name in names.iter().take(most) {
            writeln!(out, "only {side} gives {}", escaped(name))?;
        }
        if let Some(more) = names.len().checked_sub(most).filter(|more| *more > 0) {
            writeln!(out, "and {more} more (--all, --json)")?;
        }
    }
    let nodes: Vec<&Row> = rows
        .filter(|row| !row.value.is_output && (is_all || row.verdict == Verdict::Bad))
        .collect();
    if !nodes.is_empty() {
        writeln!(out)?;
        let title = if is_all { "nodes" } else { "nodes that differ" };
        table(&mut out, title, &nodes[..nodes.len().min(most)])?;
        if let Some(more) = nodes.len().checked_sub(most).filter(|more| *more > 0) {
            writeln!(out, "and {more} more (--all, --html)")?;
        }
    }
    writeln!(out)?;
    summary(&mut out, comparison)?;
    if let Some(advice) = advice {
        writeln!(out, "\n{}", escaped(advice))?;
    }
    out.flush()
}

fn table(out: &mut impl Write, title: &str, rows: &[&Row]) -> io::Result<()> {
    let names: Vec<String> = rows.iter().map(|row| name(row)).collect();
    let widest = names.iter().map(|name| name.chars().count());
    let width = widest.chain([title.len()]).max().unwrap_or(0);
    writeln!(
        out,
        "{title:width$}  {:>10}  {:>9}  {:>9}  {:>9}  {:>9}  verdict",
        "cosine", "rel L2", "max |a-b|", "mean", "max rel"
    )?;
    for (row, name) in rows.iter().zip(&names) {
        let verdict = match row.verdict {
            Verdict::Good => "agrees",
            Verdict::Bad => "DIFFERS",
            Verdict::Unknown => "not compared",
        };
        let reason = row.reason.as_deref();
        let reason = reason.map_or(String::new(), |reason| format!(": {}", escaped(reason)));
        let figures = row.figures.clone().unwrap_or_default();
        writeln!(
            out,
            "{name:width$}  {:>10}  {:>9}  {:>9}  {:>9}  {:>9}  {verdict}{reason}",
            figures.cosine.map_or("-".to_owned(), cosine),
            shown(figures.relative_l2),
            shown(figures.max_absolute),
            shown(figures.mean_absolute),
            shown(figures.max_relative),
        )?;
    }
    Ok(())
}

/// A cosine that is not 1 is not shown as 1.
fn cosine(cosine: f64) -> String {
    let text = format!("{cosine:.6}");
    if text == "1.000000" && cosine < 1.0 {
        format!("1-{:.1e}", 1.0 - cosine)
    } else {
        text
    }
}

fn shown(figure: Option<f64>) -> String {
    figure.map_or("-".to_owned(), |figure| {
        if figure == 0.0 {
            "0".to_owned()
        } else if (0.01..1000.0).contains(&figure) {
            format!("{figure:.4}")
        } else {
            format!("{figure:.2e}")
        }
    })
}

/// The name with the operator; of a long one the end, where names differ.
fn name(row: &Row) -> String {
    let of = if row.value.is_output && !row.value.tensor.is_empty() {
        &row.value.tensor
    } else {
        &row.labels[0]
    };
    let text = escaped(of).replace('\n', "\\n");
    let count = text.chars().count();
    let text: String = if count > MOST_NAME {
        let end = text.chars().skip(count - MOST_NAME + 1);
        std::iter::once('…').chain(end).collect()
    } else {
        text
    };
    match row.value.operator.as_str() {
        "" => text,
        operator => format!("{text} ({})", escaped(operator)),
    }
}

fn summary(out: &mut impl Write, comparison: &Comparison) -> io::Result<()> {
    let [good, bad, unknown] =
        [Verdict::Good, Verdict::Bad, Verdict::Unknown].map(|verdict| comparison.count(verdict));
    writeln!(
        out,
        "{} values compared: {good} agree, {bad} differ; {unknown} could not be compared",
        good + bad
    )?;
    let [a, b] = comparison.unmatched;
    if a + b > 0 {
        writeln!(
            out,
            "without a partner on the other side: {a} values of A, {b} of B"
        )?;
    }
    let guessed = comparison
        .rows
        .iter()
        .filter(|row| row.matched == Match::Order);
    let guessed = guessed.count();
    if guessed > 0 {
        writeln!(
            out,
            "{guessed} values were matched by operator and order, since names tell nothing: do not take them for certain"
        )?;
    }
    let Some((place, cause)) = comparison.first_bad() else {
        return writeln!(
            out,
            "{}",
            if comparison.is_same() {
                "A and B agree"
            } else {
                "A and B do not agree: what could not be compared is told above"
            }
        );
    };
    first_bad(out, comparison, place, cause)?;
    if comparison.is_same() {
        writeln!(
            out,
            "the outputs agree (exit code 0), though {bad} values between them differ"
        )
    } else {
        writeln!(out, "A and B do not agree (exit code 1)")
    }
}

fn first_bad(
    out: &mut impl Write,
    comparison: &Comparison,
    place: usize,
    cause: Cause,
) -> io::Result<()> {
    let row = &comparison.rows[place];
    let reason = escaped(row.reason.as_deref().unwrap_or("it differs"));
    writeln!(out, "first bad: {}: {reason}", name(row))?;
    for &read in &row.reads {
        let read = &comparison.rows[read];
        writeln!(out, "  it reads {}: {}", name(read), in_short(read))?;
    }
    let advice = match cause {
        Cause::Node if row.reads.is_empty() => {
            "it reads inputs and constants only, so the difference arises in this node: look at its weights and \
             attributes in both models, and whether both got the same input"
        }
        Cause::Node => {
            "all that it reads agrees, so the difference arises in this node: look at its weights and attributes in \
             both models, or at what the compiler made of it"
        }
        Cause::Unsure => {
            "not all that it reads was compared, so the difference may come from before: compare more (without \
             --limit and --node, or with dumps of more operators)"
        }
        Cause::Untold => {
            "what it is made of is not known here: with the .onnx as A, or dumps, it can be told where the \
             difference arises"
        }
    };
    writeln!(out, "  {advice}")?;
    if row.value.is_output && comparison.is_only_outputs() {
        writeln!(
            out,
            "  only outputs were compared; the values between them come from an .onnx, and from a folder of dumps \
             for an .om"
        )?;
    }
    Ok(())
}

/// The error of what a node reads.
fn in_short(row: &Row) -> String {
    match (&row.figures, row.verdict) {
        (
            Some(Figures {
                relative_l2,
                max_absolute,
                ..
            }),
            verdict,
        ) => format!(
            "relative L2 {}, max |a-b| {}, {}",
            shown(*relative_l2),
            shown(*max_absolute),
            if verdict == Verdict::Good {
                "agrees"
            } else {
                "differs"
            }
        ),
        (None, _) => escaped(row.reason.as_deref().unwrap_or("not compared")),
    }
}
