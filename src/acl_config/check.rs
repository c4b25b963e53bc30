//! What is wrong with a configuration.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use ascend_graph::atc::near;

use super::keys::{ALL, Key, Kind};
use super::value::Value;

/// Findings that are told one by one; more are counted.
const MOST_FINDINGS: usize = 20;

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
/// Folders that it names are looked at. Of very many findings the last one tells how many are left out.
#[must_use]
pub fn check(text: &str) -> Vec<Finding> {
    let mut findings = Findings::default();
    // A file that says nothing stands for the defaults.
    if text.is_empty() {
        return Vec::new();
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
    findings.told()
}

#[derive(Default)]
struct Findings {
    told: Vec<Finding>,
    /// Those that are not told, and whether one of them stops the runtime.
    more: usize,
    stops: bool,
}

impl Findings {
    /// All that are told, with how many are not.
    fn told(mut self) -> Vec<Finding> {
        if self.more > 0 {
            self.told.push(Finding {
                place: String::new(),
                problem: format!("and {} more", self.more),
                remedy: "mend these first".to_owned(),
                stops: self.stops,
            });
        }
        self.told
    }

    fn add(
        &mut self,
        place: &str,
        problem: impl Into<String>,
        remedy: impl Into<String>,
        stops: bool,
    ) {
        if self.told.len() == MOST_FINDINGS {
            self.more += 1;
            self.stops |= stops;
            return;
        }
        self.told.push(Finding {
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
        let mut seen = HashSet::new();
        for (key, value) in members {
            let own = join(place, key);
            if !seen.insert(key) {
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
        if self.told.len() == MOST_FINDINGS {
            return self.add(place, "", "", false);
        }
        let meant = near(key, known.iter().map(|(name, _)| *name));
        let remedy = match &meant[..] {
            [] => "the runtime passes over keys that it does not know; leave it out, or see whether it belongs into another section".to_owned(),
            names => format!("write {}; the runtime passes over keys that it does not know", names.join(" or ")),
        };
        self.add(place, "is no known key", remedy, false);
    }

    fn value(&mut self, value: &Value, kind: Kind, place: &str) {
        match (kind, value.items()) {
            (Kind::Folder, _) => self.folder(value, place),
            (Kind::Section(known), _) => self.section(value, known, place),
            (Kind::Sections(known), Some(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.section(item, known, &format!("{place}[{index}]"));
                }
            }
            (Kind::Sections(_), None) => {
                let problem = format!("is {} and no array", value.told());
                self.stop(place, problem, "write [ … ] there");
            }
            _ => {
                if let Some(wants) = wanted(value, kind) {
                    self.stop(place, format!("is {}", value.told()), wants);
                }
            }
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

    /// What the keys of a dump say together.
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

/// What to write instead of a value that is not of its kind.
fn wanted(value: &Value, kind: Kind) -> Option<String> {
    let text = value.text();
    let number = |text: &str| text.parse::<u64>().ok();
    let (is_right, wants) = match kind {
        Kind::Words(words) => {
            let is_one = text.is_some_and(|text| words.contains(&text));
            (is_one, one_of(words))
        }
        Kind::List(words) => {
            let mut parts = text.map(|text| text.split(','));
            let is_list = parts
                .as_mut()
                .is_some_and(|parts| parts.all(|word| words.contains(&word.trim())));
            let words = words.join(", ");
            (
                is_list,
                format!("write some of {words} in one text, with commas between"),
            )
        }
        Kind::Text => (text.is_some(), "write a text in quotes".to_owned()),
        Kind::Count => {
            let is_count = text.and_then(number).is_some_and(|count| count > 0);
            let wants = "write a number above 0 in quotes, such as \"10000\"";
            (is_count, wants.to_owned())
        }
        Kind::Ordinal => {
            let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let is_one = text.is_some_and(|text| is_digits(text) && text.parse::<u32>().is_ok());
            let wants = "write the device's number in quotes, such as \"0\"";
            (is_one, wants.to_owned())
        }
        Kind::Steps => {
            let wants = "write the numbers of the runs in one text, such as \"0|3-5|7\"";
            (text.is_some_and(are_steps), wants.to_owned())
        }
        Kind::Bytes => {
            let is_number = matches!(value, Value::Word(word) if number(word).is_some());
            (
                is_number,
                "write a number of bytes, without quotes".to_owned(),
            )
        }
        Kind::Texts => {
            let are_texts = |items: &[Value]| items.iter().all(|item| item.text().is_some());
            let wants = "write an array of names, such as [\"conv1\"]";
            (value.items().is_some_and(are_texts), wants.to_owned())
        }
        Kind::Folder | Kind::Section(_) | Kind::Sections(_) | Kind::Any => return None,
    };
    (!is_right).then_some(wants)
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
