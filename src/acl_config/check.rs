//! What is wrong with a configuration.

use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use ascend_graph::atc::near;

use super::keys::{ALL, Key, Kind};
use super::value::Value;

/// Something about a configuration that the runtime refuses, or takes for something else than is
/// meant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Where: the keys with dots between, such as `dump.dump_list[0].layer`. Empty for the file.
    pub place: String,
    /// What is there.
    pub problem: String,
    /// What to do.
    pub remedy: String,
    /// Whether the runtime does not start with it. What does not stop it, it passes over.
    pub stops: bool,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{} ", self.place)?;
        }
        write!(f, "{}: {}", self.problem, self.remedy)
    }
}

/// Finds what is wrong with the text of an `acl.json`, as far as that is known without the runtime.
/// Folders that it names are looked at.
#[must_use]
pub fn check(text: &str) -> Vec<Finding> {
    let mut findings = Findings::default();
    // A file that says nothing stands for the defaults (R-016).
    if text.is_empty() {
        return findings.0;
    }
    match Value::read(text) {
        Ok(value @ Value::Object(_)) => {
            findings.section(&value, ALL, "");
            if let Some(dump) = value.get("dump").filter(|dump| dump.members().is_some()) {
                findings.dump(dump);
            }
            if let Some(profiler) = value
                .get("profiler")
                .filter(|section| section.members().is_some())
                && profiler.get("switch").is_none()
            {
                findings.stop(
                    "profiler",
                    "has no switch",
                    "write \"switch\": \"on\" or \"off\"",
                );
            }
        }
        Ok(value) => {
            let problem = format!("it is {} and no object", value.told());
            findings.stop("", problem, "begin with { and end with }");
        }
        Err(why) => findings.stop("", format!("it is no JSON, {why}"), "mend it there"),
    }
    findings.0
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(
        &mut self,
        place: &str,
        problem: impl Into<String>,
        remedy: impl Into<String>,
        stops: bool,
    ) {
        self.0.push(Finding {
            place: place.to_owned(),
            problem: problem.into(),
            remedy: remedy.into(),
            stops,
        });
    }

    /// The runtime refuses it.
    fn stop(&mut self, place: &str, problem: impl Into<String>, remedy: impl Into<String>) {
        self.add(place, problem, remedy, true);
    }

    /// Checks the members of an object, without what they say together.
    fn section(&mut self, value: &Value, known: &[Key], place: &str) {
        let Some(members) = value.members() else {
            return self.stop(
                place,
                format!("is {} and no object", value.told()),
                "write { … } there",
            );
        };
        for (index, (key, value)) in members.iter().enumerate() {
            let own = join(place, key);
            if members[..index].iter().any(|(other, _)| other == key) {
                self.add(
                    &own,
                    "is there twice",
                    "leave one; the last one counts",
                    false,
                );
            }
            match known.iter().find(|(name, _)| name == key) {
                Some((_, kind)) => self.value(value, *kind, &own),
                None => self.unknown(&own, key, known),
            }
        }
    }

    fn unknown(&mut self, place: &str, key: &str, known: &[Key]) {
        let meant = near(key, known.iter().map(|(name, _)| *name));
        let remedy = match &meant[..] {
            [] => "the runtime passes over keys that it does not know; leave it out, or see whether it belongs into another section".to_owned(),
            names => format!("write {}; the runtime passes over keys that it does not know", names.join(" or ")),
        };
        self.add(place, "is no known key", remedy, false);
    }

    fn value(&mut self, value: &Value, kind: Kind, place: &str) {
        let text = value.text();
        let wants = match kind {
            Kind::Words(words) => {
                let is_one = text.is_some_and(|text| words.contains(&text));
                (!is_one).then(|| one_of(words))
            }
            Kind::List(words) => {
                let is_list = text
                    .is_some_and(|text| text.split(',').all(|word| words.contains(&word.trim())));
                (!is_list).then(|| {
                    format!(
                        "write some of {} in one text, with commas between",
                        words.join(", ")
                    )
                })
            }
            Kind::Text => text.is_none().then(|| "write a text in quotes".to_owned()),
            Kind::Count => {
                let count = text.and_then(|text| text.parse::<u64>().ok());
                (!count.is_some_and(|count| count > 0))
                    .then(|| "write a number above 0 in quotes, such as \"10000\"".to_owned())
            }
            Kind::Ordinal => {
                let is_one = text.is_some_and(|text| {
                    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u32>().is_ok()
                });
                (!is_one).then(|| "write the device's number in quotes, such as \"0\"".to_owned())
            }
            Kind::Steps => (!text.is_some_and(are_steps)).then(|| {
                "write the numbers of the runs in one text, such as \"0|3-5|7\"".to_owned()
            }),
            Kind::Bytes => {
                let is_number = matches!(value, Value::Word(word) if word.parse::<u64>().is_ok());
                (!is_number).then(|| "write a number of bytes, without quotes".to_owned())
            }
            Kind::Texts => {
                let are_texts = value
                    .items()
                    .is_some_and(|items| items.iter().all(|item| item.text().is_some()));
                (!are_texts).then(|| "write an array of names, such as [\"conv1\"]".to_owned())
            }
            Kind::Folder => return self.folder(value, place),
            Kind::Section(known) => return self.section(value, known, place),
            Kind::Sections(known) => {
                match value.items() {
                    Some(items) => items.iter().enumerate().for_each(|(index, item)| {
                        self.section(item, known, &format!("{place}[{index}]"))
                    }),
                    None => self.stop(
                        place,
                        format!("is {} and no array", value.told()),
                        "write [ … ] there",
                    ),
                }
                return;
            }
            Kind::Any => None,
        };
        if let Some(wants) = wants {
            self.stop(place, format!("is {}", value.told()), wants);
        }
    }

    fn folder(&mut self, value: &Value, place: &str) {
        let Some(text) = value.text().filter(|text| !text.is_empty()) else {
            return self.stop(
                place,
                format!("is {}", value.told()),
                "write a folder in quotes",
            );
        };
        let path = Path::new(text);
        match fs::metadata(path) {
            Err(error) => self.stop(
                place,
                format!("is {text}, which cannot be found ({error})"),
                "make the folder first",
            ),
            Ok(there) if !there.is_dir() => self.stop(
                place,
                format!("is {text}, which is no folder"),
                "name a folder",
            ),
            // Whoever may write in spite of this is told by the try.
            Ok(there) if there.permissions().mode() & 0o222 == 0 => {
                self.stop(
                    place,
                    format!("is {text}, in which nobody may write"),
                    "name another folder, or chmod u+w it",
                );
            }
            Ok(_) => {}
        }
    }

    /// What the keys of a dump say together (R-023).
    fn dump(&mut self, dump: &Value) {
        let says = |key: &str, word: &str| dump.get(key).and_then(Value::text) == Some(word);
        let lists = dump
            .get("dump_list")
            .and_then(Value::items)
            .is_some_and(|items| !items.is_empty());
        let (operators, overflow) = (says("dump_op_switch", "on"), says("dump_debug", "on"));
        let scene = dump.get("dump_scene").and_then(Value::text);
        let watches = scene == Some("watcher");
        let place = "dump";
        if watches && (overflow || operators) {
            self.stop(
                place,
                "has dump_scene \"watcher\" beside dump_debug or dump_op_switch",
                "leave those out",
            );
        }
        if watches && dump.get("dump_mode").is_some() && !says("dump_mode", "output") {
            self.stop(
                place,
                "has dump_scene \"watcher\" with another dump_mode than \"output\"",
                "write \"output\"",
            );
        }
        if !watches && scene.is_some() && (lists || operators) {
            self.stop(
                place,
                "has a dump_scene for failed kernels beside a dump of models or operators",
                "do one after the other",
            );
        }
        if overflow && (lists || operators) {
            self.stop(
                place,
                "has dump_debug beside a dump of models or operators",
                "look for overflows in a run of its own",
            );
        }
        let kernels = dump.get("dump_kernel_data").is_some();
        let asks = lists || operators || overflow || kernels || watches;
        if dump.get("dump_path").is_none() && asks {
            self.stop(
                place,
                "has no dump_path",
                "write the folder that gets the files",
            );
        }
        let says_nothing =
            dump.members().is_some_and(|members| !members.is_empty()) && !asks && scene.is_none();
        if says_nothing {
            let remedy = "list models by \"dump_list\": [{\"model_name\": \"…\"}], or switch on dump_op_switch or dump_debug";
            self.add(place, "asks for nothing", remedy, false);
        }
    }
}

fn join(place: &str, key: &str) -> String {
    let key = key.escape_debug();
    if place.is_empty() {
        key.to_string()
    } else {
        format!("{place}.{key}")
    }
}

fn one_of(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("write {}", words.join(" or "))
}

/// Numbers and ranges with bars between.
fn are_steps(text: &str) -> bool {
    let number = |text: &str| text.parse::<u64>().ok();
    text.split('|').all(|part| match part.split_once('-') {
        Some((first, last)) => {
            matches!((number(first), number(last)), (Some(first), Some(last)) if first <= last)
        }
        None => number(part).is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, bool)> {
        check(text)
            .iter()
            .map(|finding| (finding.to_string(), finding.stops))
            .collect()
    }

    #[test]
    fn what_is_right_is_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let dump = format!(
            r#"{{"dump": {{"dump_path": {:?}, "dump_mode": "all", "dump_step": "0|3-5",
                "dump_list": [{{"model_name": "net", "layer": ["conv1"]}}]}}, "err_msg_mode": "1"}}"#,
            folder.path()
        );
        for text in [
            "",
            "{}",
            r#"{"defaultDevice": {"default_device": "0"}, "StackSize": {"aicore_stack_size": 65536}}"#,
            r#"{"profiler": {"switch": "on", "output": "/tmp", "aicpu": "on"}, "max_opqueue_num": "8"}"#,
            r#"{"dump": {}}"#,
            &dump,
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_told_with_what_was_meant() {
        for (text, says, stops) in [
            (r#"{"dmp": {}}"#, "dmp is no known key: write dump;", false),
            (
                r#"{"dump": {"dump_pth": "/tmp"}}"#,
                "dump.dump_pth is no known key: write dump_path;",
                false,
            ),
            (
                r#"{"dump": {"dump_mode": "inputs"}}"#,
                "dump.dump_mode is \"inputs\": write \"input\" or \"output\" or \"all\"",
                true,
            ),
            (
                r#"{"err_msg_mode": 1}"#,
                "err_msg_mode is 1: write \"0\" or \"1\"",
                true,
            ),
            (
                r#"{"err_msg_mode": "0", "err_msg_mode": "1"}"#,
                "err_msg_mode is there twice",
                false,
            ),
            (
                r#"{"StackSize": {"aicore_stack_size": "9"}}"#,
                "without quotes",
                true,
            ),
            (r#"{"max_opqueue_num": "0"}"#, "above 0", true),
            (
                r#"{"defaultDevice": {"default_device": 0}}"#,
                "in quotes",
                true,
            ),
            (r#"{"dump": []}"#, "dump is an array and no object", true),
            (
                r#"{"dump": {"dump_list": {}}}"#,
                "dump.dump_list is an object and no array",
                true,
            ),
            (
                r#"{"dump": {"dump_list": [{"layer": "x"}], "dump_path": "/tmp"}}"#,
                "dump.dump_list[0].layer is \"x\"",
                true,
            ),
            (r#"{"dump": {"dump_step": "5-3"}}"#, "dump.dump_step", true),
            (
                r#"{"dump": {"dump_list": [{}]}}"#,
                "dump has no dump_path",
                true,
            ),
            (
                r#"{"dump": {"dump_path": "/nowhere/x", "dump_debug": "on"}}"#,
                "make the folder first",
                true,
            ),
            (
                r#"{"dump": {"dump_path": "/dev/null", "dump_debug": "on"}}"#,
                "which is no folder",
                true,
            ),
            (
                r#"{"dump": {"dump_path": "/tmp", "dump_debug": "on", "dump_op_switch": "on"}}"#,
                "in a run of its own",
                true,
            ),
            (
                r#"{"dump": {"dump_path": "/tmp", "dump_scene": "watcher", "dump_debug": "on"}}"#,
                "leave those out",
                true,
            ),
            (
                r#"{"dump": {"dump_path": "/tmp"}}"#,
                "dump asks for nothing",
                false,
            ),
            (r#"{"profiler": {}}"#, "profiler has no switch", true),
            ("[]", "it is an array and no object", true),
            ("{\n \"dump\": {,}}", "line 2 column 11", true),
            ("{\"a\": 1", "it is no JSON, line 1", true),
            (
                &format!("{}1{}", "[".repeat(11), "]".repeat(11)),
                "more than ten brackets",
                true,
            ),
        ] {
            let told = told(text);
            let found = told.iter().find(|(told, _)| told.contains(says));
            assert_eq!(
                found.map(|(_, stops)| *stops),
                Some(stops),
                "{text}: {told:?}"
            );
        }
    }
}
