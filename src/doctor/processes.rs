//! Who works on the NPUs.

use std::collections::BTreeMap;
use std::path::Path;

use ascend_graph::{Text, text};

use super::Facts;
use super::finding::{Finding, listed};
use super::machine::Machine;
use super::nodes::number;

/// So many processes may share an NPU.
const MOST_ON_ONE: usize = 64;
/// Linux keeps no longer name of a process.
const MOST_LETTERS: usize = 16;
/// No process has more files open that are looked at.
const MOST_FILES: usize = 4096;

pub(super) fn check(machine: &Machine, facts: &Facts) -> Vec<Finding> {
    if facts.nodes.devices.is_empty() {
        return Vec::new();
    }
    let (on, closed) = holders(machine);
    let mut findings = Vec::new();
    for (device, processes) in &on {
        let what = text!(
            "{processes} on {device}: {names}",
            processes = counted(processes.len()),
            device,
            names = listed(processes)
        );
        let why = text!(
            "they hold memory and cores of the NPU; each counts against the 64 that may share one"
        );
        let found = if processes.len() >= MOST_ON_ONE {
            Finding::fault("processes-many", what).mend("kill <PID>")
        } else {
            Finding::note("processes", what)
        };
        findings.push(found.at(Path::new("/dev").join(device)).because(why));
    }
    if on.is_empty() && closed == 0 {
        findings.push(Finding::ok(
            "processes",
            text!("no process has an NPU open"),
        ));
    } else if closed > 0 && on.is_empty() {
        let what = text!(
            "{processes} of others could not be looked into",
            processes = counted(closed)
        );
        let found = Finding::note("processes", what).because(text!("they may have an NPU open"));
        findings.push(found.mend("sudo ascend doctor"));
    }
    findings
}

fn counted(processes: usize) -> Text {
    match processes {
        1 => text!("1 process"),
        count => text!("{count} processes", count),
    }
}

/// The processes that have a device open, by device, and how many could not be looked into.
fn holders(machine: &Machine) -> (BTreeMap<String, Vec<String>>, usize) {
    let root = &machine.root;
    let (mut on, mut closed) = (BTreeMap::<String, Vec<String>>::new(), 0);
    for process in root.names(Path::new("/proc")) {
        if !process.chars().all(|c| c.is_ascii_digit()) {
            continue;
        }
        let folder = Path::new("/proc").join(&process);
        let Some(files) = root.listed(&folder.join("fd")) else {
            closed += usize::from(root.is_folder(&folder));
            continue;
        };
        let mut devices: Vec<_> = files
            .iter()
            .take(MOST_FILES)
            .filter_map(|file| root.link(&folder.join("fd").join(file)))
            .filter_map(|target| {
                let name = target.strip_prefix("/dev").ok()?.to_str()?.to_owned();
                number(&name).is_some().then_some(name)
            })
            .collect();
        devices.sort();
        devices.dedup();
        for device in devices {
            let name = root.text(&folder.join("comm")).plain().unwrap_or_default();
            let name: String = name.trim().chars().take(MOST_LETTERS).collect();
            let process = format!("{process} ({name})");
            on.entry(device).or_default().push(process);
        }
    }
    (on, closed)
}

/// The memory of the machine, which `atc` needs too.
pub(super) fn memory(machine: &Machine, facts: &Facts) -> Vec<Finding> {
    const ENOUGH_MIB: u64 = 2048;
    let text = machine
        .root
        .text(Path::new("/proc/meminfo"))
        .plain()
        .unwrap_or_default();
    let mebibytes = |key: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(key))?;
        let kibibytes: u64 = line.split_ascii_whitespace().next()?.parse().ok()?;
        Some(kibibytes >> 10)
    };
    let (Some(free), Some(all)) = (mebibytes("MemAvailable:"), mebibytes("MemTotal:")) else {
        return Vec::new();
    };
    let what = text!("{free} MiB of {all} MiB of memory are free", free, all);
    let has_atc = facts.toolkits.iter().any(|toolkit| toolkit.has_atc);
    if free >= ENOUGH_MIB || !has_atc {
        return vec![Finding::ok("memory", what)];
    }
    let found = Finding::warning("memory", what).at("/proc/meminfo");
    let why = text!(
        "atc may be ended without a word with less than {enough} MiB",
        enough = ENOUGH_MIB
    );
    vec![
        found
            .because(why)
            .mend("export TE_PARALLEL_COMPILER=1 MAX_COMPILE_CORE_NUMBER=1"),
    ]
}
