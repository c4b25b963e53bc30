//! The comparison as JSON.

use std::path::Path;

use anyhow::Result;
use ascend_graph::Text;
use ascend_rt::DataType;
use ascend_rt::compare::{Cause, Comparison, Figures, Row, Spread, Verdict};
use serde_json::{Value, json};

use super::Told;
use crate::bench::write_text;
use crate::inspect::checkpoint::json::float;

pub(super) fn write(place: &Path, told: &Told<'_>) -> Result<()> {
    let english = |text: &Text| text.to_string();
    write_text(place, &format!("{:#}\n", value(told, &english)))
}

/// All that was found, its texts as `tell` tells them.
pub(super) fn value(told: &Told<'_>, tell: &dyn Fn(&Text) -> String) -> Value {
    let comparison = told.comparison;
    let side = |side: usize| {
        json!({
            "file": told.names[side],
            "about": tell(&told.about[side]),
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
        "tell_nothing": comparison.count(Verdict::Void),
        "not_compared": comparison.count(Verdict::Unknown),
        "samples": samples(told),
        "first_bad": first_bad(comparison, tell),
        "first_overflow": comparison.first_overflow(),
        "notes": told.notes.iter().map(tell).collect::<Vec<_>>(),
        "values": comparison.rows.iter().map(|one| row(one, tell)).collect::<Vec<_>>(),
    })
}

/// What was compared, by the files of each; nothing where inputs are generated or there are none.
fn samples(told: &Told<'_>) -> Vec<String> {
    let samples = 0..told.comparison.samples;
    samples
        .filter_map(|sample| told.feeds.name(sample))
        .collect()
}

fn first_bad(comparison: &Comparison, tell: &dyn Fn(&Text) -> String) -> Value {
    let Some((place, cause)) = comparison.first_bad() else {
        return Value::Null;
    };
    let row = &comparison.rows[place];
    json!({
        "place": place,
        "node": row.value.node,
        "operator": row.value.operator,
        "tensor": row.value.tensor,
        "reason": row.reason.as_ref().map(tell),
        "cause": match cause {
            Cause::Node => "node",
            Cause::Unsure => "unsure",
            Cause::Untold => "untold",
        },
    })
}

fn row(row: &Row, tell: &dyn Fn(&Text) -> String) -> Value {
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
        "reason": row.reason.as_ref().map(tell),
        "reads": row.reads,
        "sample": row.sample,
        "figures": row.figures.as_ref().map(figures),
    })
}

pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "agrees",
        Verdict::Bad => "differs",
        Verdict::Void => "tells nothing",
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
