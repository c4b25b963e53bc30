//! What is told at the end: what the program has not given back, and what strict mode found.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::config::{ConfigError, create_file};
use crate::findings::Finding;
use crate::ledger::{Ledger, Origin};
use crate::sync::lock;
use crate::world::World;

/// Where the report goes at the end, besides the log of `tracing`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum Report {
    /// Nowhere else.
    #[default]
    Log,
    /// To the standard error, if there is something to tell.
    Stderr,
    /// To this file, in any case: an object a line if its name ends in `.json`, else text.
    File(PathBuf),
}

impl From<String> for Report {
    fn from(text: String) -> Self {
        match text.as_str() {
            "log" => Self::Log,
            "stderr" => Self::Stderr,
            _ => Self::File(text.into()),
        }
    }
}

/// Tells the report of a world, once for each initialisation.
pub(crate) struct Reporter {
    to: Report,
    file: Option<Mutex<File>>,
    has_told: AtomicBool,
}

impl Reporter {
    pub(crate) fn create(to: &Report) -> Result<Self, ConfigError> {
        let file = match to {
            Report::File(path) => Some(Mutex::new(create_file("report", path)?)),
            Report::Log | Report::Stderr => None,
        };
        Ok(Self {
            to: to.clone(),
            file,
            has_told: AtomicBool::new(false),
        })
    }

    /// A new life of the runtime begins, which will end anew.
    pub(crate) fn begin(&self) {
        self.has_told.store(false, Ordering::Release);
    }

    fn tell(&self, ledger: &Ledger, findings: &[Finding]) -> io::Result<()> {
        let has_news = !ledger.is_empty() || !findings.is_empty();
        match (&self.to, &self.file) {
            (Report::Stderr, _) if has_news => io::stderr()
                .lock()
                .write_all(text(ledger, findings).as_bytes()),
            (Report::File(path), Some(file)) => {
                let is_json = path
                    .extension()
                    .is_some_and(|extension| extension == "json");
                let report = if is_json {
                    format!("{}\n", object(ledger, findings))
                } else {
                    text(ledger, findings)
                };
                lock(file).write_all(report.as_bytes())
            }
            _ => Ok(()),
        }
    }
}

fn text(ledger: &Ledger, findings: &[Finding]) -> String {
    let mut text = String::new();
    let mut part = |title: &str, lines: Vec<String>| {
        text.push_str(title);
        text.push('\n');
        for line in lines {
            text.push_str("  ");
            text.push_str(&line);
            text.push('\n');
        }
    };
    match ledger.iter().count() {
        0 => part("CPU device: everything was given back", Vec::new()),
        count => part(
            &format!("CPU device: not given back: {count}"),
            ledger.to_string().lines().map(str::to_owned).collect(),
        ),
    }
    if !findings.is_empty() {
        let lines = findings.iter().map(ToString::to_string).collect();
        part(&format!("CPU device: mistakes: {}", findings.len()), lines);
    }
    text
}

fn object(ledger: &Ledger, findings: &[Finding]) -> Value {
    let call = |origin: Origin| json!({"function": origin.symbol, "call": origin.sequence});
    let leaks: Vec<Value> = ledger
        .iter()
        .map(|live| {
            json!({
                "kind": live.kind.to_string(),
                "made_by": call(live.origin),
                "bytes": live.bytes,
            })
        })
        .collect();
    let findings: Vec<Value> = findings
        .iter()
        .map(|finding| {
            json!({
                "mistake": finding.mistake.to_string(),
                "text": finding.text,
                "found_by": call(finding.found_by),
                "made_by": finding.made_by.map(call),
            })
        })
        .collect();
    json!({"leaks": leaks, "findings": findings})
}

impl World {
    /// Tells what is left and what was found; to be called when the program is done with the
    /// world. Says it once for each initialisation.
    pub(crate) fn report_at_end(&self) {
        if let Some(tracer) = &self.tracer {
            tracer.flush();
        }
        if self.reporter.has_told.swap(true, Ordering::AcqRel) {
            return;
        }
        let (ledger, findings) = (self.ledger(), lock(&self.findings).clone());
        if !ledger.is_empty() {
            tracing::warn!("the CPU device ends while this still lives:\n{ledger}");
        }
        if let Err(error) = self.reporter.tell(&ledger, &findings) {
            tracing::error!("the report cannot be written: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Mistake;
    use crate::ledger::{Kind, Live};

    fn ends() -> (Ledger, Vec<Finding>) {
        let origin = |symbol, sequence| Origin { symbol, sequence };
        let live = Live {
            kind: Kind::Event,
            origin: origin("aclrtCreateEvent", 3),
            bytes: 0,
        };
        let finding = Finding {
            mistake: Mistake::UseAfterFree,
            text: "0x10 was freed".into(),
            found_by: origin("aclrtMemcpy", 9),
            made_by: Some(origin("aclrtMalloc", 4)),
        };
        (Ledger(vec![live]), vec![finding])
    }

    #[test]
    fn a_text_tells_leaks_and_mistakes() {
        let (ledger, findings) = ends();
        assert_eq!(
            text(&ledger, &findings),
            "CPU device: not given back: 1\n  event of aclrtCreateEvent, call 3\n\
             CPU device: mistakes: 1\n  use after free in aclrtMemcpy, call 9: 0x10 was freed (made by \
             aclrtMalloc, call 4)\n"
        );
    }

    #[test]
    fn an_object_tells_leaks_and_mistakes() {
        let (ledger, findings) = ends();
        let expected = json!({
            "leaks": [{
                "kind": "event",
                "made_by": {"function": "aclrtCreateEvent", "call": 3},
                "bytes": 0,
            }],
            "findings": [{
                "mistake": "use after free",
                "text": "0x10 was freed",
                "found_by": {"function": "aclrtMemcpy", "call": 9},
                "made_by": {"function": "aclrtMalloc", "call": 4},
            }],
        });
        assert_eq!(object(&ledger, &findings), expected);
    }
}
