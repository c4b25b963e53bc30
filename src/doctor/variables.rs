//! What the environment says, and what `set_env.sh` would make of it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use ascend_graph::{Text, text};

use super::finding::{Finding, listed, quoted};
use super::machine::Machine;
use super::secrets::is_secret;
use super::toolkit::{Toolkit, bases};
use super::{Facts, Presence};
use crate::convert::atc::environment::source;
use crate::convert::atc::toolkit::usual_variables;

/// Variables that name a folder of the toolkit.
const PLACES: [&str; 4] = [
    "ASCEND_OPP_PATH",
    "ASCEND_TOOLKIT_HOME",
    "ASCEND_HOME_PATH",
    "ASCEND_AICPU_PATH",
];
const VISIBLE: &str = "ASCEND_RT_VISIBLE_DEVICES";

pub(super) fn check(machine: &Machine, facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in PLACES {
        let Some(place) = machine.variable(name).map(PathBuf::from) else {
            continue;
        };
        if machine.root.exists(&place) {
            continue;
        }
        let what = text!(
            "{name} names {place}, which is not there",
            name,
            place = place.display()
        );
        let script = facts
            .toolkits
            .iter()
            .find_map(|toolkit| toolkit.script.as_ref());
        let command = script.map_or_else(
            || format!("unset {name}"),
            |script| format!("source {}", quoted(script)),
        );
        let found = Finding::fault("variable-place", what)
            .at(place)
            .mend(command);
        findings.push(found.because(text!(
            "CANN looks for its operators and configurations there (148049)"
        )));
    }
    let usable = facts
        .toolkits
        .iter()
        .find(|toolkit| toolkit.script.is_some());
    if let Some(toolkit) = usable.or(facts.toolkits.first()) {
        findings.push(set_env(machine, toolkit, facts));
    }
    findings.extend(second_script(machine));
    findings.extend(visible(machine, facts));
    findings
}

/// The toolkit that the environment is set for.
pub(super) fn chosen<'f>(machine: &Machine, facts: &'f Facts) -> Option<&'f Toolkit> {
    let place = PLACES.iter().find_map(|name| machine.variable(name))?;
    let mut toolkits = facts.toolkits.iter();
    toolkits.find(|toolkit| toolkit.holds(machine, Path::new(&place)))
}

fn set_env(machine: &Machine, toolkit: &Toolkit, facts: &Facts) -> Finding {
    if !machine.knows_environment() {
        let found = Finding::note(
            "set-env-unknown",
            text!("the environment of programs is not known"),
        );
        return found
            .because(text!(
                "whether set_env.sh is applied cannot be told; give it with --env"
            ))
            .mend("ascend doctor --root /proc/<PID>/root --env /proc/<PID>/environ");
    }
    // operators are found by this one alone
    if let Some(chosen) = chosen(machine, facts)
        && machine.variable("ASCEND_OPP_PATH").is_some()
    {
        return Finding::ok(
            "set-env",
            text!(
                "the environment is set for {chosen}",
                chosen = chosen.name()
            ),
        )
        .at(chosen.folder.clone());
    }
    let changes = changes(machine, toolkit);
    let Some(script) = &toolkit.script else {
        let what = text!("{toolkit} has no set_env.sh", toolkit = toolkit.name());
        let why = text!(
            "programs that are not started by ascend need {changes}",
            changes = listed(changes)
        );
        let operators = quoted(&toolkit.folder.join("opp"));
        let found = Finding::warning("set-env", what).at(toolkit.folder.clone());
        return found
            .because(why)
            .mend(format!("export ASCEND_OPP_PATH={operators}"));
    };
    let what = text!(
        "set_env.sh of {toolkit} is not applied",
        toolkit = toolkit.name()
    );
    let why = text!(
        "ascend finds the toolkit without it, other programs do not; it would set {changes}",
        changes = listed(changes)
    );
    let found = Finding::warning("set-env", what)
        .at(script.clone())
        .because(why);
    found.mend(format!("source {}", quoted(script)))
}

/// What the script changes, a few words for each variable.
fn changes(machine: &Machine, toolkit: &Toolkit) -> Vec<Text> {
    let usual = || usual_variables(&toolkit.folder, &|name| machine.variable(name));
    let script = toolkit
        .script
        .as_ref()
        .filter(|_| machine.is_own_environment);
    let asked = script.and_then(|script| {
        let folder = tempfile::tempdir().ok()?;
        source(script, folder.path()).ok()
    });
    let set: BTreeMap<OsString, OsString> = asked.unwrap_or_else(usual).into_iter().collect();
    let set = set.iter();
    let told = set.filter(|(name, _)| !is_secret(&name.to_string_lossy()));
    let told = told.map(|(name, value)| {
        let (name, value) = (name.to_string_lossy(), value.to_string_lossy());
        let before = machine.variable(&name).unwrap_or_default();
        let before = before.to_string_lossy();
        let before: Vec<_> = before.split(':').collect();
        let added: Vec<_> = value
            .split(':')
            .filter(|part| !part.is_empty() && !before.contains(part))
            .collect();
        text!("{name} ({added})", name, added = listed(added))
    });
    told.collect()
}

/// The devices that the environment leaves to programs.
fn visible(machine: &Machine, facts: &Facts) -> Option<Finding> {
    let value = machine.variable(VISIBLE)?;
    let value = value.to_string_lossy();
    if facts.presence() == Presence::Absent {
        return None;
    }
    let ids: Option<Vec<u32>> = value.split(',').map(|id| id.trim().parse().ok()).collect();
    let count = facts.nodes.devices.len();
    let wrong = match &ids {
        None => text!("is no list of numbers"),
        Some(ids) if !ids.is_sorted_by(|one, next| one < next) => {
            text!("is not in order, or names one twice")
        }
        Some(ids) => {
            let last = ids
                .last()
                .filter(|id| count > 0 && usize::try_from(**id).is_ok_and(|id| id >= count))?;
            text!(
                "names {last}, and the {count} devices are counted from 0",
                last = *last,
                count
            )
        }
    };
    let all: Vec<_> = (0..count).map(|id| id.to_string()).collect();
    let found = Finding::fault(
        "visible-devices",
        text!(
            "{setting} {wrong}",
            setting = format!("{VISIBLE}={value}"),
            wrong
        ),
    );
    let command = match count {
        0 => format!("unset {VISIBLE}"),
        _ => format!("export {VISIBLE}={}", all.join(",")),
    };
    Some(
        found
            .because(text!("the runtime then has no device (207004)"))
            .mend(command),
    )
}

/// The libraries of transformers, which have a script of their own.
fn second_script(machine: &Machine) -> Option<Finding> {
    let script = bases(machine)
        .into_iter()
        .map(|base| base.join("nnal/atb/set_env.sh"));
    let script = script
        .into_iter()
        .find(|script| machine.root.is_file(script))?;
    if !machine.knows_environment() || machine.variable("ATB_HOME_PATH").is_some() {
        return None;
    }
    let found = Finding::note(
        "nnal-environment",
        text!("NNAL is installed, and its own set_env.sh is not applied"),
    )
    .at(script.clone());
    Some(found.because(text!("programs that use its operators do not find libatb.so; the toolkit's script does not set this"))
        .mend(format!("source {}", quoted(&script))))
}
