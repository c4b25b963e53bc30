//! What was found, for programs.

use ascend_rt::doctor::Level;
use ascend_rt::errors::Place;
use serde_json::{Value, json};

use super::told::Report;
use crate::language;

impl Report<'_> {
    pub(super) fn to_json(&self) -> Value {
        let root = self.root_code();
        let findings = self.search.findings().into_iter();
        let findings = findings.map(|finding| {
            let entry = finding.entry.clone().in_language(language::current());
            json!({
                "code": entry.code,
                "name": entry.name,
                "kind": entry.set.name(),
                "known": entry.is_known,
                "root": Some(&*entry.code) == root,
                "sign": entry.is_sign,
                "warning": finding.is_warning,
                "meaning": entry.meaning,
                "cause": entry.cause,
                "remedy": entry.remedy,
                "look": entry.look,
                "count": finding.count,
                "spellings": finding.spellings,
                "places": finding.places.iter().map(place_to_json).collect::<Vec<_>>(),
            })
        });
        let versions = self.pair().map(|pair| {
            json!({
                "driver": self.search.versions().driver,
                "cann": self.search.versions().cann,
                "fit": pair.level == Level::Ok,
                "what": language::tell(&pair.what),
                "why": language::tell(&pair.why),
                "command": pair.command,
            })
        });
        let unread = self.read.unread.iter();
        let processes = self.search.processes();
        let processes = processes.iter().map(|process| {
            let codes = process.findings.iter().map(|finding| &finding.entry.code);
            json!({
                "number": process.number,
                "name": process.name,
                "root": process.root.entry.code,
                "place": place_to_json(process.place),
                "codes": codes.collect::<Vec<_>>(),
            })
        });
        json!({
            "language": language::current().code(),
            "root": root,
            "findings": findings.collect::<Vec<_>>(),
            "processes": processes.collect::<Vec<_>>(),
            "versions": versions,
            "operators": self.search.operators(),
            "first_error": self.search.first_error().map(place_to_json),
            "files": self.read.files,
            "passed_over": self.read.passed,
            "unread": unread
                .map(|(path, why)| json!({"file": path.display().to_string(), "reason": why}))
                .collect::<Vec<_>>(),
            "cut": self.read.is_cut,
            "left_out": self.search.overlooked(),
        })
    }
}

fn place_to_json(place: &Place) -> Value {
    json!({
        "file": place.file.as_ref().map(|file| file.display().to_string()),
        "line": place.line,
        "time": place.time,
        "text": place.text,
    })
}
