//! The comparison as a table, with the columns of `msit debug compare`.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use ascend_rt::compare::{Row, Spread, Verdict};

use super::Told;
use crate::bench::write_text;

/// As that tool has them. There is no address to tell, and all operators are the device's.
const COLUMNS: &str = "OpType,NPUDump,DataType,Address,GroundTruth,DataType,TensorIndex,Shape,Overflow,\
                       CosineSimilarity,MaxAbsoluteError,AccumulatedRelativeError,RelativeEuclideanDistance,\
                       KullbackLeiblerDivergence,StandardDeviation,MeanAbsoluteError,RootMeanSquareError,\
                       MaxRelativeError,MeanRelativeError,CompareFailReason,IsNpuOps,IsOutputNode,IsPrecisionError\n";

/// What stands where there is nothing to tell.
const NONE: &str = "NaN";

pub(super) fn write(place: &Path, told: &Told<'_>) -> Result<()> {
    let mut table = COLUMNS.to_owned();
    for row in &told.comparison.rows {
        let cells = cells(row).map(|cell| quoted(&cell));
        // writing to a text cannot fail
        let _ = writeln!(table, "{}", cells.join(","));
    }
    write_text(place, &table)
}

fn cells(row: &Row) -> [String; 23] {
    let figures = row.figures.clone().unwrap_or_default();
    let figure =
        |figure: Option<f64>| figure.map_or(NONE.to_owned(), |figure| format!("{figure:?}"));
    let dtype =
        |side: usize| row.types[side].map_or(NONE.to_owned(), |dtype| dtype.name().to_owned());
    let shape = row.shapes[1].as_ref().map_or(NONE.to_owned(), |shape| {
        let lens: Vec<String> = shape.iter().map(ToString::to_string).collect();
        format!("[{}]", lens.join(","))
    });
    let yes = |is: bool| if is { "YES" } else { "NO" }.to_owned();
    let spread =
        |spread: &Spread| format!("({};{})", figure(spread.mean), figure(spread.deviation));
    let [a, b] = &figures.sides;
    let reason = row
        .reason
        .as_deref()
        .filter(|_| row.verdict != Verdict::Good);
    [
        row.value.operator.clone(),
        row.labels[1].clone(),
        dtype(1),
        NONE.to_owned(),
        row.labels[0].clone(),
        dtype(0),
        format!("{}:output:{}", row.labels[1], row.value.index),
        shape,
        yes(b.infinite + b.nan > 0),
        figure(figures.cosine),
        figure(figures.max_absolute),
        figure(figures.accumulated_relative),
        figure(figures.relative_l2),
        figure(figures.kl),
        format!("{},{}", spread(a), spread(b)),
        figure(figures.mean_absolute),
        figure(figures.rmse),
        figure(figures.max_relative),
        figure(figures.mean_relative),
        reason.unwrap_or_default().to_owned(),
        yes(true),
        yes(row.value.is_output),
        yes(row.verdict == Verdict::Bad),
    ]
}

/// A cell, in quotes where it holds what would end it. A name that a spreadsheet would take for a formula
/// is no formula.
fn quoted(cell: &str) -> String {
    let is_formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    let cell = if is_formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn names_are_no_formulas_and_numbers_stay() {
        for name in ["=1+1", "+a", "-cmd|x", "@SUM(A1)", "\ta"] {
            assert_eq!(quoted(name), format!("'{name}"));
        }
        assert_eq!(quoted("\r=1"), "\"'\r=1\"");
        for number in ["-0.5", "-1e-7", "-inf", "NaN"] {
            assert_eq!(quoted(number), number);
        }
    }
}
