//! The report, for people and for programs.

use std::fmt::Write;

use ascend_rt::doctor::{Finding, Level, Machine, Report, Verdict};
use serde_json::{Value, json};

use crate::weights::escaped;

/// What it comes to.
fn verdict(report: &Report) -> (&'static str, &'static str) {
    match report.verdict() {
        Verdict::Ready => (
            "ready",
            "programs for Ascend run here, as far as files tell",
        ),
        Verdict::Warnings => (
            "warnings",
            "programs for Ascend may run here; see the warnings",
        ),
        Verdict::Faults => (
            "faults",
            "programs for Ascend do not run here; mend the first fault first",
        ),
        Verdict::NoNpu => (
            "no_npu",
            "there is no NPU, and nothing wrong: use the CPU device (--device mock)",
        ),
    }
}

/// What is worst comes last, where it is read; within a level, the order is that of the checks.
pub(super) fn text(report: &Report) -> String {
    let mut findings: Vec<_> = report.findings.iter().collect();
    findings.sort_by_key(|finding| finding.level);
    let mut text = String::new();
    for finding in findings {
        tell(finding, &mut text);
    }
    let [faults, warnings, notes] = [Level::Fault, Level::Warning, Level::Note]
        .map(|level| counted(report.count(level), level));
    // Writing to a text cannot fail.
    let _ = writeln!(
        text,
        "\n{faults}, {warnings}, {notes}: {}",
        verdict(report).1
    );
    text
}

fn tell(finding: &Finding, text: &mut String) {
    let one_line = |text: &str| escaped(&text.replace('\n', "\\n"));
    let assumed = if finding.is_assumed { " (assumed)" } else { "" };
    let (level, check, what) = (finding.level, finding.check, one_line(&finding.what));
    // Writing to a text cannot fail.
    let _ = writeln!(text, "{level:8} {check}: {what}{assumed}");
    let place = finding
        .place
        .as_ref()
        .map(|place| place.display().to_string());
    let is_ok = finding.level == Level::Ok;
    let why = Some(finding.why.to_string()).filter(|why| !why.is_empty());
    for (label, value) in [
        (
            "where",
            place.filter(|place| !is_ok && !finding.what.contains(place.as_str())),
        ),
        ("why", why.filter(|_| !is_ok)),
        ("do", finding.command.clone()),
    ] {
        if let Some(value) = value {
            let _ = writeln!(text, "  {label:6} {}", one_line(&value));
        }
    }
}

fn counted(count: usize, level: Level) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {level}{plural}")
}

pub(super) fn json(machine: &Machine, report: &Report) -> Value {
    let findings = report.findings.iter().map(|finding| {
        json!({
            "check": finding.check,
            "level": finding.level.name(),
            "what": finding.what.as_str(),
            "where": finding.place.as_ref().map(|place| place.display().to_string()),
            "why": finding.why.as_str(),
            "command": finding.command,
            "is_assumed": finding.is_assumed,
        })
    });
    json!({
        "verdict": verdict(report).0,
        "architecture": machine.architecture(),
        "user": machine.user(),
        "container": report.container,
        "faults": report.count(Level::Fault),
        "warnings": report.count(Level::Warning),
        "notes": report.count(Level::Note),
        "findings": findings.collect::<Vec<_>>(),
    })
}
