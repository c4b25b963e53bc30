//! The report as a page: latency over time, histogram, stages and devices.

use std::path::Path;

use ascend_rt::Error;
use serde_json::{Value, json};

use super::report::{COMPUTE, END_TO_END, Report, STAGES};
use crate::page::Page;
use crate::weights::escaped;

const BODY: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
/// In the order in which they need each other.
const SCRIPT: &str = concat!(include_str!("chart.js"), include_str!("view.js"));

/// The most runs that are drawn one by one.
const MOST_RUNS: usize = 20_000;

/// Writes the page to `place`.
pub(super) fn write(place: &Path, report: &Report<'_>) -> Result<(), Error> {
    let name = report.model.file_name().unwrap_or(report.model.as_os_str());
    let name = name.to_string_lossy();
    let page = Page {
        body: BODY,
        style: STYLE,
        script: SCRIPT,
        title: &name,
        data: &data(report, &name),
    };
    page.write(place, true)
}

fn data(report: &Report<'_>, name: &str) -> Value {
    let stages = STAGES.iter().enumerate().map(|(index, stage)| {
        let spread = report.spread(index).json();
        json!({"name": stage.name, "meaning": stage.meaning, "spread": spread})
    });
    let count = report.runs().count();
    let stride = count.div_ceil(MOST_RUNS).max(1);
    // Whole microseconds: the rest is noise, and long.
    let rounded = |time: f64| (time * 1e3).round() / 1e3;
    let devices = report.done.iter().map(|done| {
        let runs = || done.runs.iter().step_by(stride);
        json!({
            "device": done.ordinal,
            "start": runs().map(|run| rounded(run.start)).collect::<Vec<_>>(),
            "compute": runs().map(|run| rounded((STAGES[COMPUTE].of)(run))).collect::<Vec<_>>(),
            "whole": runs().map(|run| rounded((STAGES[END_TO_END].of)(run))).collect::<Vec<_>>(),
        })
    });
    let inputs = report
        .description
        .inputs
        .iter()
        .map(|spec| escaped(&spec.to_string()));
    let outputs = report
        .description
        .outputs
        .iter()
        .map(|spec| escaped(&spec.to_string()));
    json!({
        "file": escaped(name),
        "inputs": inputs.collect::<Vec<_>>(),
        "outputs": outputs.collect::<Vec<_>>(),
        "report": report.json(),
        "stages": stages.collect::<Value>(),
        "runs": devices.collect::<Value>(),
        "count": count,
        "stride": stride,
    })
}
