//! The report, for people and for programs.

use std::fmt::Write;

use ascend_graph::{Text, text};
use ascend_rt::doctor::{Finding, Level, Machine, Report, Verdict};
use serde_json::{Value, json};

use crate::language::{self, padded, say, words};
use crate::weights::escaped;

/// What it comes to.
fn verdict(report: &Report) -> (&'static str, Text) {
    match report.verdict() {
        Verdict::Ready => (
            "ready",
            text!("programs for Ascend run here, as far as files tell"),
        ),
        Verdict::Warnings => (
            "warnings",
            text!("programs for Ascend may run here; see the warnings"),
        ),
        Verdict::Faults => (
            "faults",
            text!("programs for Ascend do not run here; mend the first fault first"),
        ),
        Verdict::NoNpu => (
            "no_npu",
            text!("there is no NPU, and nothing wrong: use the CPU device (--device mock)"),
        ),
    }
}

/// The report, whose findings are in the language already. What is worst comes last, where it is read; within a level, the order is that of the checks.
pub(super) fn text(report: &Report) -> String {
    let mut findings: Vec<_> = report.findings.iter().collect();
    findings.sort_by_key(|finding| finding.level);
    let mut text = String::new();
    for finding in findings {
        tell(finding, &mut text);
    }
    let summary = say!(
        "{faults}, {warnings}, {notes}: {verdict}",
        faults = match report.count(Level::Fault) {
            1 => text!("1 fault"),
            count => text!("{count} faults", count),
        },
        warnings = match report.count(Level::Warning) {
            1 => text!("1 warning"),
            count => text!("{count} warnings", count),
        },
        notes = match report.count(Level::Note) {
            1 => text!("1 note"),
            count => text!("{count} notes", count),
        },
        verdict = verdict(report).1
    );
    // Writing to a text cannot fail.
    let _ = writeln!(text, "\n{summary}");
    text
}

fn tell(finding: &Finding, text: &mut String) {
    let one_line = |text: &str| escaped(&text.replace('\n', "\\n"));
    let level = match finding.level {
        Level::Ok => words("ok"),
        Level::Note => words("note"),
        Level::Warning => words("warning"),
        Level::Fault => words("fault"),
    };
    let (level, check, what) = (padded(level, 8), finding.check, one_line(&finding.what));
    let assumed = if finding.is_assumed {
        words(" (assumed)")
    } else {
        ""
    };
    let colon = words(": ");
    // Writing to a text cannot fail.
    let _ = writeln!(text, "{level} {check}{colon}{what}{assumed}");
    let place = finding
        .place
        .as_ref()
        .map(|place| place.display().to_string());
    let is_ok = finding.level == Level::Ok;
    let why = Some(finding.why.to_string()).filter(|why| !why.is_empty());
    for (label, value) in [
        (
            words("where"),
            place.filter(|place| !is_ok && !finding.what.contains(place.as_str())),
        ),
        (words("why"), why.filter(|_| !is_ok)),
        (words("do"), finding.command.clone()),
    ] {
        if let Some(value) = value {
            let _ = writeln!(text, "  {} {}", padded(label, 6), one_line(&value));
        }
    }
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
        "language": language::current().code(),
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
