//! Dumps of tensors: the configuration is checked and the states are kept as the runtime does it. What
//! operators of models take and give is written, of all of them or of those that overflow or fail; other dumps
//! have nothing to tell on the CPU device.

mod failure;
mod plan;
mod statistics;
mod writer;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ascend_sys::{
    ACL_ERROR_DUMP_ALREADY_RUN, ACL_ERROR_DUMP_NOT_RUN, ACL_ERROR_INVALID_DUMP_CONFIG,
    ACL_ERROR_REPEAT_INITIALIZE, ACL_ERROR_UNINITIALIZE,
};
use serde_json::Value;

use crate::entry::Entry;
use crate::fault::Fault;
use crate::init::read_config;
use crate::sync::lock;
use crate::world::World;

pub(crate) use failure::{Taken, Witness};
pub(crate) use plan::Plan;
pub(crate) use writer::{Subject, Writer};

/// What a key of the section may say, where that is one of a few words.
const WORDS: [(&str, &[&str]); 6] = [
    ("dump_mode", &["input", "output", "all"]),
    ("dump_op_switch", &["on", "off"]),
    ("dump_debug", &["on", "off"]),
    ("dump_data", &["tensor", "stats"]),
    ("dump_level", &["op", "kernel", "all"]),
    (
        "dump_scene",
        &[
            "lite_exception",
            "aic_err_brief_dump",
            "aic_err_norm_dump",
            "aic_err_detail_dump",
            "watcher",
        ],
    ),
];

/// What kernels may be asked to tell.
const KERNEL_DATA: [&str; 5] = ["all", "printf", "tensor", "assert", "timestamp"];

/// A dump that is asked for.
#[derive(Clone, Debug)]
pub(crate) enum DumpConfig {
    /// Of models, of operators or of overflows: excludes `aclmdlInitDump`.
    Exclusive(Option<Arc<Plan>>),
    /// Of failed kernels, or of what kernels print.
    Diagnostic(Option<Arc<Plan>>),
}

/// What `aclmdlInitDump` began.
#[derive(Debug, Default)]
pub(crate) struct DumpState {
    runs: bool,
    /// What `aclmdlSetDump` asked for last.
    plan: Option<Arc<Plan>>,
}

impl DumpConfig {
    /// Checks a dump section; `None` for one that asks for nothing.
    pub(crate) fn of(section: &Value) -> Result<Option<Self>, Fault> {
        let Some(keys) = section.as_object() else {
            return Err(refused("the dump section is no object"));
        };
        if keys.is_empty() {
            return Ok(None);
        }
        for (key, words) in WORDS {
            if let Some(value) = section.get(key)
                && !value.as_str().is_some_and(|word| words.contains(&word))
            {
                let words = words.join(", ");
                return Err(refused(format!("{key} is {value}; it can be {words}")));
            }
        }
        let says = |key: &str, word: &str| section.get(key).and_then(Value::as_str) == Some(word);
        let lists = list_of_models(section)?;
        let operators = says("dump_op_switch", "on");
        let overflow = says("dump_debug", "on");
        let scene = section.get("dump_scene").and_then(Value::as_str);
        let kernels = asks_for_kernel_data(section)?;
        let path = path_of(section)?;
        let tensors = lists || operators;
        match scene {
            Some("watcher") if overflow || operators => {
                return Err(refused(
                    "dump_scene \"watcher\" excludes dump_debug and dump_op_switch",
                ));
            }
            Some("watcher")
                if section.get("dump_mode").is_some() && !says("dump_mode", "output") =>
            {
                return Err(refused(
                    "dump_scene \"watcher\" takes the dump_mode \"output\" only",
                ));
            }
            Some(exception) if exception != "watcher" && tensors => {
                return Err(refused(format!(
                    "dump_scene {exception:?} excludes dumps of models and of operators"
                )));
            }
            _ if overflow && tensors => {
                return Err(refused(
                    "dump_debug excludes dumps of models and of operators",
                ));
            }
            _ => {}
        }
        let exclusive = tensors || overflow;
        if path.is_none() && (exclusive || kernels || scene == Some("watcher")) {
            return Err(refused("dump_path is missing"));
        }
        if operators || kernels || scene == Some("watcher") {
            tracing::warn!(
                "the dump section asks for more than models; of single operators, of what is watched and of what \
                 kernels print the CPU device writes nothing"
            );
        }
        let plan = Plan::of(section, path).map(Arc::new);
        Ok(if exclusive {
            Some(Self::Exclusive(plan))
        } else {
            (kernels || scene.is_some()).then_some(Self::Diagnostic(plan))
        })
    }

    fn plan(self) -> Option<Arc<Plan>> {
        match self {
            Self::Exclusive(plan) | Self::Diagnostic(plan) => plan,
        }
    }
}

fn refused(why: impl Into<String>) -> Fault {
    Fault::new(ACL_ERROR_INVALID_DUMP_CONFIG, why)
}

/// Whether models are listed.
fn list_of_models(section: &Value) -> Result<bool, Fault> {
    let Some(list) = section.get("dump_list") else {
        return Ok(false);
    };
    let Some(models) = list.as_array() else {
        return Err(refused("dump_list is no array"));
    };
    for (index, model) in models.iter().enumerate() {
        let is_text = |key: &str| model.get(key).is_none_or(Value::is_string);
        let is_texts = |key: &str| {
            let Some(value) = model.get(key) else {
                return true;
            };
            let texts = value.as_array();
            texts.is_some_and(|texts| texts.iter().all(Value::is_string))
        };
        if !model.is_object() || !is_text("model_name") {
            return Err(refused(format!(
                "entry {index} of dump_list is no object with a model_name"
            )));
        }
        if !is_texts("layer") || !is_texts("watcher_nodes") {
            return Err(refused(format!(
                "the layers of entry {index} of dump_list are no array of names"
            )));
        }
    }
    Ok(!models.is_empty())
}

fn asks_for_kernel_data(section: &Value) -> Result<bool, Fault> {
    let Some(value) = section.get("dump_kernel_data") else {
        return Ok(false);
    };
    let kinds = value.as_str().map(|kinds| kinds.split(','));
    let known = kinds.is_some_and(|mut kinds| kinds.all(|kind| KERNEL_DATA.contains(&kind.trim())));
    if !known {
        let kinds = KERNEL_DATA.join(", ");
        return Err(refused(format!(
            "dump_kernel_data is {value}; it lists some of {kinds}, with commas between"
        )));
    }
    Ok(true)
}

fn path_of(section: &Value) -> Result<Option<&str>, Fault> {
    let Some(value) = section.get("dump_path") else {
        return Ok(None);
    };
    let path = value.as_str().filter(|path| !path.is_empty());
    let path = path.ok_or_else(|| refused(format!("dump_path is {value}; write a folder")))?;
    if !Path::new(path).is_dir() {
        return Err(refused(format!(
            "dump_path {path} is no folder; make it first"
        )));
    }
    Ok(Some(path))
}

impl World {
    fn check_initialized(&self) -> Result<(), Fault> {
        if self.is_initialized() {
            return Ok(());
        }
        Err(Fault::new(
            ACL_ERROR_UNINITIALIZE,
            "call aclInit before the functions of dumps",
        ))
    }

    ///
    pub(crate) fn start_dump(&self) -> Result<(), Fault> {
        self.check_initialized()?;
        if matches!(self.settings().dump, Some(DumpConfig::Exclusive(_))) {
            return Err(Fault::new(
                ACL_ERROR_DUMP_ALREADY_RUN,
                "aclInit was given a dump configuration",
            ));
        }
        let mut state = lock(&self.system.dump);
        if state.runs {
            return Err(Fault::new(
                ACL_ERROR_REPEAT_INITIALIZE,
                "the dump is initialised already",
            ));
        }
        state.runs = true;
        Ok(())
    }

    /// The path may be missing; it is looked at last. It holds for models that are loaded later.
    pub(crate) fn set_dump(&self, path: Option<&OsStr>) -> Result<(), Fault> {
        self.check_initialized()?;
        self.check_dump_runs()?;
        let path = path.ok_or_else(|| Fault::null("dumpCfgPath"))?;
        let config = read_config(path)
            .map_err(|fault| Fault::new(ACL_ERROR_INVALID_DUMP_CONFIG, fault.text))?;
        let Some(section) = config.value.get("dump") else {
            return Ok(());
        };
        let plan = DumpConfig::of(section)?.and_then(DumpConfig::plan);
        if let Some(earlier) = std::mem::replace(&mut lock(&self.system.dump).plan, plan) {
            earlier.end();
        }
        Ok(())
    }

    pub(crate) fn end_dump(&self) -> Result<(), Fault> {
        self.check_initialized()?;
        self.check_dump_runs()?;
        let state = std::mem::take(&mut *lock(&self.system.dump));
        if let Some(plan) = state.plan {
            plan.end();
        }
        Ok(())
    }

    /// What is to be written of models that are loaded now, and what of those that fail: what was set last
    /// goes before what the runtime was started with.
    pub(crate) fn dump_plans(&self) -> [Option<Arc<Plan>>; 2] {
        let set = lock(&self.system.dump).plan.clone();
        let started = self.settings().dump.and_then(DumpConfig::plan);
        let of_failures = |plan: &Option<Arc<Plan>>| {
            let plan = plan.as_ref().filter(|plan| plan.has_failures());
            plan.map(Arc::clone)
        };
        let failures = of_failures(&set).or_else(|| of_failures(&started));
        [set.or(started), failures]
    }

    fn check_dump_runs(&self) -> Result<(), Fault> {
        if lock(&self.system.dump).runs {
            return Ok(());
        }
        Err(Fault::new(
            ACL_ERROR_DUMP_NOT_RUN,
            "call aclmdlInitDump first",
        ))
    }
}

impl Entry<'_> {
    /// Where operators of the thread's device are written that fail.
    pub(crate) fn failure_folder(&self) -> Result<PathBuf, Fault> {
        let device = self.context()?.device;
        let [_, failures] = self.world.dump_plans();
        let folder = failures.and_then(|plan| plan.failure_folder(device));
        folder.ok_or_else(|| {
            Fault::new(
                ACL_ERROR_DUMP_NOT_RUN,
                "no dump of operators that fail was asked for; give the configuration a dump_scene",
            )
        })
    }
}
