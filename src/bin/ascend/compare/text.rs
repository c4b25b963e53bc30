//! The comparison as text.

use std::io::{self, BufWriter, Write};

use ascend_graph::Text;
use ascend_rt::compare::{Cause, Comparison, Figures, Match, Row, Verdict};

use super::Told;
use crate::language::{columns, padded, right, say, tell, words};
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
        writeln!(out, "{side}: {}: {}", escaped(name), tell(about))?;
    }
    for note in &told.notes {
        writeln!(out, "{}", say!("note: {note}", note = safe(note)))?;
    }
    let rows = comparison.rows.iter();
    let most = if is_all { usize::MAX } else { MOST_ROWS };
    let outputs: Vec<&Row> = rows.clone().filter(|row| row.value.is_output).collect();
    if !outputs.is_empty() {
        writeln!(out)?;
        table(&mut out, told, words("outputs"), &outputs)?;
    }
    for (side, names) in ["A", "B"].iter().zip(&comparison.lonely) {
        for name in names.iter().take(most) {
            let told = say!("only {side} gives {name}", side, name = escaped(name));
            writeln!(out, "{told}")?;
        }
        more(&mut out, names.len(), most, "--all, --json")?;
    }
    let nodes: Vec<&Row> = rows
        .filter(|row| !row.value.is_output && (is_all || is_told(row)))
        .collect();
    if !nodes.is_empty() {
        writeln!(out)?;
        let title = if is_all {
            words("nodes")
        } else {
            words("nodes that differ")
        };
        table(&mut out, told, title, &nodes[..nodes.len().min(most)])?;
        more(&mut out, nodes.len(), most, "--all, --html")?;
    }
    writeln!(out)?;
    summary(&mut out, told)?;
    if let Some(advice) = advice {
        writeln!(out, "\n{}", escaped(advice))?;
    }
    out.flush()
}

/// Whether a row between the outputs is told where not all are.
fn is_told(row: &Row) -> bool {
    matches!(row.verdict, Verdict::Bad | Verdict::Void)
}

fn more(out: &mut impl Write, count: usize, most: usize, options: &str) -> io::Result<()> {
    match count.checked_sub(most).filter(|more| *more > 0) {
        Some(more) => writeln!(
            out,
            "{}",
            say!("and {more} more ({options})", more, options)
        ),
        None => Ok(()),
    }
}

/// A text in the language of the program, whose names cannot act on the terminal.
fn safe(text: &Text) -> String {
    escaped(&tell(text))
}

fn reason(row: &Row) -> Option<String> {
    row.reason.as_ref().map(safe)
}

fn table(out: &mut impl Write, told: &Told<'_>, title: &str, rows: &[&Row]) -> io::Result<()> {
    let names: Vec<String> = rows.iter().map(|row| name(row)).collect();
    let widest = names.iter().map(|name| columns(name));
    let width = widest.chain([columns(title)]).max().unwrap_or(0);
    let heads = [
        (words("cosine"), 10),
        (words("rel L2"), 9),
        (words("max |a-b|"), 9),
        (words("mean"), 9),
        (words("max rel"), 9),
        (words("sample"), 6),
    ];
    let heads = heads.map(|(head, width)| (head, columns(head).max(width)));
    let count = heads.len() - usize::from(told.comparison.samples == 1);
    let mut line = padded(title, width);
    for (head, width) in &heads[..count] {
        line.push_str("  ");
        line.push_str(&right(head, *width));
    }
    writeln!(out, "{line}  {}", words("verdict"))?;
    for (row, name) in rows.iter().zip(&names) {
        let verdict = match row.verdict {
            Verdict::Good => words("agrees"),
            Verdict::Bad => words("DIFFERS"),
            Verdict::Void => words("TELLS NOTHING"),
            Verdict::Unknown => words("not compared"),
        };
        let verdict = match reason(row) {
            Some(reason) => say!("{verdict}: {reason}", verdict, reason),
            None => verdict.to_owned(),
        };
        let figures = row.figures.clone().unwrap_or_default();
        let cells = [
            figures.cosine.map_or("-".to_owned(), cosine),
            shown(figures.relative_l2),
            shown(figures.max_absolute),
            shown(figures.mean_absolute),
            shown(figures.max_relative),
            (row.sample + 1).to_string(),
        ];
        let mut line = padded(name, width);
        for (cell, (_, width)) in cells.iter().zip(&heads[..count]) {
            line.push_str("  ");
            line.push_str(&right(cell, *width));
        }
        writeln!(out, "{line}  {verdict}")?;
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

fn summary(out: &mut impl Write, told: &Told<'_>) -> io::Result<()> {
    let comparison = told.comparison;
    let [good, bad, void, unknown] = [Verdict::Good, Verdict::Bad, Verdict::Void, Verdict::Unknown]
        .map(|verdict| comparison.count(verdict));
    let counts = say!(
        "{all} values compared: {good} agree, {bad} differ; {unknown} could not be compared",
        all = good + bad + void,
        good,
        bad,
        unknown
    );
    writeln!(out, "{counts}")?;
    if comparison.samples > 1 {
        let samples = comparison.samples;
        let told = say!(
            "{samples} samples: the figures of each value are those of the sample that is worst for it",
            samples
        );
        writeln!(out, "{told}")?;
    }
    let [a, b] = comparison.unmatched;
    if a + b > 0 {
        let told = say!(
            "without a partner on the other side: {a} values of A, {b} of B",
            a,
            b
        );
        writeln!(out, "{told}")?;
    }
    let guessed = comparison
        .rows
        .iter()
        .filter(|row| row.matched == Match::Order);
    let guessed = guessed.count();
    if guessed > 0 {
        let told = say!(
            "{guessed} values were matched by operator and order, since names tell nothing: do not take them for certain",
            guessed
        );
        writeln!(out, "{told}")?;
    }
    voids(out, comparison, void)?;
    let Some((place, cause)) = comparison.first_bad() else {
        let told = if comparison.is_same() {
            words("A and B agree")
        } else {
            words("A and B do not agree (exit code 1): what could not be compared is told above")
        };
        return writeln!(out, "{told}");
    };
    first_bad(out, told, place, cause)?;
    first_overflow(out, told, place)?;
    let told = if comparison.is_same() {
        say!(
            "the outputs agree (exit code 0), though {bad} values between them differ",
            bad
        )
    } else {
        say!("A and B do not agree (exit code 1)")
    };
    writeln!(out, "{told}")
}

/// Warns of values that tell nothing.
fn voids(out: &mut impl Write, comparison: &Comparison, count: usize) -> io::Result<()> {
    let mut rows = comparison.rows.iter();
    let Some(first) = rows.find(|row| row.verdict == Verdict::Void) else {
        return Ok(());
    };
    let told = say!(
        "warning: all elements are NaN or infinite on both sides in {count} of the values, which tells nothing; the \
         first is {name}: give other inputs with --input, or look what A computes there",
        count,
        name = name(first)
    );
    writeln!(out, "{told}")
}

fn first_bad(out: &mut impl Write, told: &Told<'_>, place: usize, cause: Cause) -> io::Result<()> {
    let comparison = told.comparison;
    let row = &comparison.rows[place];
    let reason = reason(row).unwrap_or_else(|| words("it differs").to_owned());
    let first = say!("first bad: {name}: {reason}", name = name(row), reason);
    writeln!(out, "{first}")?;
    if let Some(sample) = told
        .feeds
        .name(row.sample)
        .filter(|_| comparison.samples > 1)
    {
        let told = say!("on the sample {sample}", sample = escaped(&sample));
        writeln!(out, "  {told}")?;
    }
    for &read in &row.reads {
        let read = &comparison.rows[read];
        let told = say!(
            "it reads {name}: {error}",
            name = name(read),
            error = in_short(read)
        );
        writeln!(out, "  {told}")?;
    }
    let advice = match cause {
        Cause::Unsure => words(
            "not all that it reads was compared, so the difference may come from before: compare more (without \
             --limit and --node, or with dumps of more operators)",
        ),
        Cause::Untold => words(
            "what it is made of is not known here: with the .onnx as A, or dumps, it can be told where the \
             difference arises",
        ),
        Cause::Node if told.precision.is_some() && comparison.first_overflow() == Some(place) => {
            words(
                "what it reads is still finite, so the overflow arises in this node: keep it in float32; --advice DIR \
             finds all nodes that have to be kept, and writes the files for the compiler",
            )
        }
        Cause::Node if told.precision.is_some() => words(
            "all that it reads agrees, so it is this node that loses so much in this precision: --advice DIR finds the \
             nodes that have to stay in float32, and writes the files for the compiler",
        ),
        Cause::Node if row.reads.is_empty() => words(
            "it reads inputs and constants only, so the difference arises in this node: look at its weights and \
             attributes in both models, and whether both got the same input",
        ),
        Cause::Node => words(
            "all that it reads agrees, so the difference arises in this node: look at its weights and attributes in \
             both models, or at what the compiler made of it",
        ),
    };
    writeln!(out, "  {advice}")?;
    if row.value.is_output && comparison.is_only_outputs() {
        let told = words(
            "only outputs were compared; the values between them come from an .onnx, and from a folder of dumps \
             for an .om",
        );
        writeln!(out, "  {told}")?;
    }
    Ok(())
}

/// Names the node that overflows first, where another one was the first bad one.
fn first_overflow(out: &mut impl Write, told: &Told<'_>, bad: usize) -> io::Result<()> {
    let comparison = told.comparison;
    let Some(place) = comparison.first_overflow().filter(|place| *place != bad) else {
        return Ok(());
    };
    let row = &comparison.rows[place];
    let reason = reason(row).unwrap_or_default();
    let told = say!("first overflow: {name}: {reason}", name = name(row), reason);
    writeln!(out, "{told}")
}

/// The error of what a node reads.
fn in_short(row: &Row) -> String {
    let Some(Figures {
        relative_l2,
        max_absolute,
        ..
    }) = &row.figures
    else {
        return reason(row).unwrap_or_else(|| words("not compared").to_owned());
    };
    let verdict = match row.verdict {
        Verdict::Good => words("agrees"),
        Verdict::Void => words("tells nothing"),
        Verdict::Bad | Verdict::Unknown => words("differs"),
    };
    say!(
        "relative L2 {l2}, max |a-b| {absolute}, {verdict}",
        l2 = shown(*relative_l2),
        absolute = shown(*max_absolute),
        verdict
    )
}
