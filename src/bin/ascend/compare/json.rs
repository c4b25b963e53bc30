//! The comparison as JSON.

use std::path::Path;

use anyhow::Result;
use ascend_rt::DataType;
use ascend_rt::compare::{Cause, Comparison, Figures, Row, Spread, Verdict};
use serde_json::{Value, json};

use super::Told;
use crate::bench::write_text;
use crate::inspect::checkpoint::json::float;

pub(super) fn write(place: &Path, told: &Told<'_>) -> Result<()> {
    write_text(place, &format!("{:#}\n", value(told)))
}

/// All that was found.
pub(super) fn value(told: &Told<'_>) -> Value {
    let comparison = told.comparison;
    let side = |side: usize| {
        json!({
            "file": told.names[side],
            "about": told.about[side],
            "outputs_without_partner": comparison.lonely[side],
            "values_without_partner": comparison.unmatched[side],
        })
    };
    json!({
        "same": comparison.is_same(),
        "a": side(0),
        "b": side(1),
        "agree": comparison.count(Verdict::Good),
        "differ": comparison.count(Verdict::Bad),
        "not_compared": comparison.count(Verdict::Unknown),
        "first_bad": first_bad(comparison),
        "notes": told.notes,
        "values": comparison.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn first_bad(comparison: &Comparison) -> Value {
    let Some((place, cause)) = comparison.first_bad() else {
        return Value::Null;
    };
    let row = &comparison.rows[place];
    json!({
        "place": place,
        "node": row.value.node,
        "operator": row.value.operator,
        "tensor": row.value.tensor,
        "reason": row.reason,
        "cause": match cause {
            Cause::Node => "node",
            Cause::Unsure => "unsure",
            Cause::Untold => "untold",
        },
    })
}

fn row(row: &Row) -> Value {
    json!({
        "node": row.value.node,
        "operator": row.value.operator,
        "output": row.value.index,
        "tensor": row.value.tensor,
        "is_output": row.value.is_output,
        "name_a": row.labels[0],
        "name_b": row.labels[1],
        "matched": row.matched.words(),
        "types": row.types.map(|dtype| dtype.map(DataType::name)),
        "shapes": row.shapes,
        "verdict": verdict(row.verdict),
        "reason": row.reason,
        "reads": row.reads,
        "figures": row.figures.as_ref().map(figures),
    })
}

pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "agrees",
        Verdict::Bad => "differs",
        Verdict::Unknown => "not compared",
    }
}

fn figures(figures: &Figures) -> Value {
    let number = |number: Option<f64>| number.map(float);
    json!({
        "elements": figures.elements,
        "compared": figures.compared,
        "different": figures.different,
        "unlike": figures.unlike,
        "outside": figures.outside,
        "cosine": number(figures.cosine),
        "max_absolute": number(figures.max_absolute),
        "worst_place": figures.worst,
        "mean_absolute": number(figures.mean_absolute),
        "max_relative": number(figures.max_relative),
        "mean_relative": number(figures.mean_relative),
        "accumulated_relative": number(figures.accumulated_relative),
        "rmse": number(figures.rmse),
        "relative_l2": number(figures.relative_l2),
        "kl": number(figures.kl),
        "a": spread(&figures.sides[0]),
        "b": spread(&figures.sides[1]),
    })
}

fn spread(spread: &Spread) -> Value {
    let number = |number: Option<f64>| number.map(float);
    json!({
        "nan": spread.nan,
        "infinite": spread.infinite,
        "beyond_half": spread.beyond_half,
        "least": number(spread.least),
        "most": number(spread.most),
        "mean": number(spread.mean),
        "deviation": number(spread.deviation),
    })
}
