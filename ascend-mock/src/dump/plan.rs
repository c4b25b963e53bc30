//! Which tensors a dump is to write, and where.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::failure::Failures;
use crate::fault::Timestamp;

/// A dump of the operators of models.
#[derive(Debug)]
pub(crate) struct Plan {
    folder: PathBuf,
    /// Where operators that fail are written, if they are.
    pub(super) failures: Option<Failures>,
    pub(super) has_inputs: bool,
    pub(super) has_outputs: bool,
    pub(super) form: Form,
    models: Vec<Listed>,
    /// The first and the last of the runs that are written, counted from 0; none stand for all.
    runs: Vec<[u64; 2]>,
    /// The folder's name for this plan: when it was first written to.
    moment: OnceLock<String>,
    is_over: AtomicBool,
}

/// What is written of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Elements,
    /// A table of what its numbers are like.
    Statistics,
    /// Its elements, and what its core noticed, if its result overflows.
    Overflows,
}

/// An entry of the list of models.
#[derive(Debug)]
struct Listed {
    /// None stands for every model.
    model: Option<String>,
    /// None stands for every operator.
    layers: Option<Vec<String>>,
}

/// The operators of a model that are written.
#[derive(Debug)]
pub(super) enum Selection {
    All,
    Some(Vec<String>),
}

impl Selection {
    pub(super) fn has(&self, operator: &str) -> bool {
        match self {
            Self::All => true,
            Self::Some(names) => names.iter().any(|name| name == operator),
        }
    }
}

/// Reads `0|3-5`. What is no number is no run: the runtime passes over it too.
fn runs(text: &str) -> Vec<[u64; 2]> {
    let parts = text.split('|').filter_map(|part| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some([first.trim().parse().ok()?, last.trim().parse().ok()?])
    });
    parts.collect()
}

impl Plan {
    /// Reads a section that was checked; `None` if nothing that it asks for is written here.
    pub(super) fn of(section: &Value, folder: Option<&str>) -> Option<Self> {
        let word = |key: &str| section.get(key).and_then(Value::as_str);
        let is_of_overflows = word("dump_debug") == Some("on");
        let failures = Failures::of(word("dump_scene"), folder);
        let list = section.get("dump_list").and_then(Value::as_array);
        let list = list.filter(|_| word("dump_scene").is_none());
        let models: Vec<Listed> = if is_of_overflows {
            vec![Listed::ALL]
        } else {
            list.into_iter().flatten().map(Listed::of).collect()
        };
        if models.is_empty() && failures.is_none() {
            return None;
        }
        let form = match word("dump_data") {
            _ if is_of_overflows => Form::Overflows,
            Some("stats") => Form::Statistics,
            _ => Form::Elements,
        };
        let mode = match word("dump_mode") {
            _ if is_of_overflows => "all",
            mode => mode.unwrap_or("output"),
        };
        Some(Self {
            folder: PathBuf::from(folder.unwrap_or_default()),
            form,
            failures,
            has_inputs: matches!(mode, "input" | "all"),
            has_outputs: matches!(mode, "output" | "all"),
            models,
            runs: word("dump_step")
                .filter(|_| !is_of_overflows)
                .map_or(Vec::new(), runs),
            moment: OnceLock::new(),
            is_over: AtomicBool::new(false),
        })
    }

    /// Whether a run of a model is written.
    pub(super) fn has_run(&self, run: u64) -> bool {
        let mut runs = self.runs.iter();
        self.runs.is_empty() || runs.any(|[first, last]| (*first..=*last).contains(&run))
    }

    /// Which operators of a model are written; it is known by several names.
    pub(super) fn selection(&self, names: &[&str]) -> Option<Selection> {
        let is_meant = |listed: &&Listed| {
            let name = listed.model.as_deref();
            name.is_none_or(|name| names.contains(&name))
        };
        let mut chosen: Option<Selection> = None;
        for listed in self.models.iter().filter(is_meant) {
            chosen = Some(match (chosen, &listed.layers) {
                (Some(Selection::Some(mut names)), Some(layers)) => {
                    names.extend(layers.iter().cloned());
                    Selection::Some(names)
                }
                (None, Some(layers)) => Selection::Some(layers.clone()),
                _ => Selection::All,
            });
        }
        chosen
    }

    /// Where this dump's files go; the folder is made when it is asked for first.
    pub(super) fn folder(&self) -> PathBuf {
        let moment = self.moment.get_or_init(|| free(&self.folder));
        self.folder.join(moment)
    }

    pub(super) fn end(&self) {
        self.is_over.store(true, Ordering::Release);
    }

    /// Whether it was ended, or another one took its place.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }
}

/// Makes a folder that is called after now, or a little later if another dump has that; its name.
fn free(folder: &Path) -> String {
    let mut moment = Timestamp::now();
    loop {
        let name = moment.compact();
        // What else is wrong with the folder is told by whoever writes into it.
        match fs::create_dir(folder.join(&name)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => moment = moment.next(),
            _ => return name,
        }
    }
}

impl Listed {
    const ALL: Self = Self {
        model: None,
        layers: None,
    };

    fn of(entry: &Value) -> Self {
        let model = entry.get("model_name").and_then(Value::as_str);
        let layers = entry.get("layer").and_then(Value::as_array);
        let texts = |layers: &Vec<Value>| {
            let texts = layers.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        };
        Self {
            model: model.filter(|name| !name.is_empty()).map(str::to_owned),
            layers: layers.filter(|layers| !layers.is_empty()).map(texts),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_choose_models_and_operators() {
        let section = json!({
            "dump_list": [
                {"model_name": "a"},
                {"model_name": "b", "layer": ["conv1", "conv2"]},
                {"layer": ["fc"]},
            ],
            "dump_mode": "all",
            "dump_data": "stats",
        });
        let place = std::env::temp_dir().join(format!("ascend-plan-{}", std::process::id()));
        fs::create_dir_all(&place).unwrap();
        let plan = Plan::of(&section, place.to_str()).expect("models are listed");
        assert!(plan.has_inputs && plan.has_outputs && plan.form == Form::Statistics);
        let has = |names: &[&str], operator| {
            let selection = plan.selection(names);
            selection.is_some_and(|selection| selection.has(operator))
        };
        assert!(has(&["a"], "anything"));
        assert!(has(&["file", "b"], "conv2") && has(&["b"], "fc") && !has(&["b"], "conv3"));
        assert!(has(&["c"], "fc") && !has(&["c"], "conv1"));
        let folder = plan.folder();
        assert_eq!(folder, plan.folder());
        let moment = folder.file_name().and_then(|name| name.to_str()).unwrap();
        assert!(moment.len() == 14 && moment.bytes().all(|byte| byte.is_ascii_digit()));
        let other = Plan::of(&section, place.to_str()).unwrap();
        let other = other.folder();
        fs::remove_dir_all(place).unwrap();
        assert_ne!(folder, other, "dumps of one second are apart");
    }

    #[test]
    fn outputs_are_what_is_written_unless_it_is_said() {
        let of = |section| Plan::of(&section, Some("x"));
        let plan = of(json!({"dump_list": [{}]})).unwrap();
        assert!(!plan.has_inputs && plan.has_outputs && plan.form == Form::Elements);
        assert!(of(json!({"dump_list": []})).is_none());
        assert!(of(json!({"dump_op_switch": "on"})).is_none());
        assert!(of(json!({"dump_scene": "watcher", "dump_list": [{}]})).is_none());
    }

    #[test]
    fn overflows_are_those_of_all_models_and_failures_of_none() {
        let overflows = Plan::of(&json!({"dump_debug": "on"}), Some("x")).unwrap();
        assert!(overflows.has_inputs && overflows.has_outputs && overflows.failures.is_none());
        assert!(overflows.selection(&["any"]).unwrap().has("anything"));
        let failures = Plan::of(&json!({"dump_scene": "lite_exception"}), None).unwrap();
        assert!(failures.failures.is_some() && failures.selection(&["any"]).is_none());
    }
}
