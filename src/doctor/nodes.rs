//! The device nodes, and who may use them.

use std::fs::Metadata;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use ascend_graph::{Text, text};

use super::container;
use super::driver;
use super::finding::{Finding, listed};
use super::machine::Machine;
use super::user;
use super::{Facts, Presence};

/// Those that every program needs, beside one of an NPU.
pub(super) const MANAGERS: [&str; 3] = ["davinci_manager", "devmm_svm", "hisi_hdc"];
/// Boards whose processor is on the chip have this one for the last two.
const OF_BOARDS: &str = "svm0";

/// What is in `/dev`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Nodes {
    /// The numbers of the NPUs.
    pub(super) devices: Vec<u32>,
    /// The names of slices of NPUs.
    slices: Vec<String>,
    present: Vec<&'static str>,
    is_board: bool,
}

impl Nodes {
    pub(super) fn of(machine: &Machine) -> Self {
        let names = machine.root.names(Path::new("/dev"));
        let mut devices: Vec<u32> = names.iter().filter_map(|name| number(name)).collect();
        devices.sort_unstable();
        let is_slice = |name: &&String| name.starts_with("vdavinci");
        let mut present = MANAGERS.to_vec();
        present.retain(|name| machine.root.exists(&Path::new("/dev").join(name)));
        Self {
            devices,
            slices: names.iter().filter(is_slice).cloned().collect(),
            present,
            is_board: names.iter().any(|name| name == OF_BOARDS),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.devices.is_empty() && self.present.is_empty()
    }

    /// The paths of those that are not there.
    pub(super) fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        if self.devices.is_empty() {
            missing.push("/dev/davinci0".to_owned());
        }
        let needed = if self.is_board {
            &MANAGERS[..1]
        } else {
            &MANAGERS[..]
        };
        let lacking = needed.iter().filter(|name| !self.present.contains(name));
        missing.extend(lacking.map(|name| format!("/dev/{name}")));
        missing
    }

    fn paths(&self) -> Vec<PathBuf> {
        let devices = self.devices.iter().map(|id| format!("davinci{id}"));
        let managers = self.present.iter().map(|name| (*name).to_owned());
        let names = devices.chain(managers);
        names.map(|name| Path::new("/dev").join(name)).collect()
    }
}

/// The number of an NPU in the name of its node.
pub(super) fn number(name: &str) -> Option<u32> {
    let number = name.strip_prefix("davinci")?;
    let is_number = number.chars().all(|c| c.is_ascii_digit());
    is_number.then(|| number.parse().ok())?
}

pub(super) fn check(machine: &Machine, facts: &Facts) -> Vec<Finding> {
    let nodes = &facts.nodes;
    let mut findings = Vec::new();
    // a machine without the driver has no nodes, and a container has what it was given
    if facts.presence() == Presence::Expected && facts.container.is_none() && facts.driver.is_some()
    {
        findings.extend(missing(machine, nodes));
    }
    if !nodes.slices.is_empty() {
        let what = text!("slices of NPUs: {slices}", slices = listed(&nodes.slices));
        findings.push(Finding::note("nodes-slices", what).at("/dev").because(
            text!("a slice has a part of a chip's cores: an .om that was compiled for all of them can fail on it \
             with TASK_TYPE_NOT_SUPPORT; compile for its count with atc --aicore_num"),
        ));
    }
    let paths = nodes.paths();
    let there: Vec<(&PathBuf, Metadata)> = paths
        .iter()
        .filter_map(|path| Some((path, machine.root.facts(path)?)))
        .collect();
    let is_wrong = |(_, facts): &&(&PathBuf, Metadata)| is_no_node(machine, facts);
    if let Some((path, _)) = there.iter().find(is_wrong) {
        let what = text!("{path} is no device node", path = path.display());
        let found = Finding::fault("nodes-kind", what).at(*path);
        let command = match facts.container {
            Some(kind) => container::command(kind, facts),
            None => format!("sudo rm -r {} && sudo reboot", path.display()),
        };
        findings.push(found.because(text!("a file or folder took its place, and the driver never sees what is written to it"))
            .mend(command));
    } else if let Some(closed) = closed(machine, facts.container, &there) {
        findings.push(closed);
    } else if !there.is_empty() && nodes.missing().is_empty() {
        let what = text!(
            "{nodes} and what belongs to them; {user} may use all",
            nodes = counted(nodes.devices.len()),
            user = machine.user()
        );
        findings.push(Finding::ok("nodes", what).at("/dev"));
    }
    findings
}

fn counted(nodes: usize) -> Text {
    match nodes {
        1 => text!("1 device node"),
        count => text!("{count} device nodes", count),
    }
}

fn is_no_node(machine: &Machine, facts: &Metadata) -> bool {
    // archives of files have no device nodes, and what mends it would be done to this machine's
    machine.is_here && !facts.file_type().is_char_device()
}

fn missing(machine: &Machine, nodes: &Nodes) -> Option<Finding> {
    let missing = nodes.missing();
    if missing.is_empty() {
        return None;
    }
    if !nodes.is_empty() {
        let what = text!(
            "of the device nodes, {missing} is not there",
            missing = listed(&missing)
        );
        let found = Finding::fault("nodes-incomplete", what).at("/dev");
        return Some(
            found
                .because(text!(
                    "the driver is not up: every program needs all of them"
                ))
                .mend("sudo reboot"),
        );
    }
    let modules = machine.root.text(Path::new("/proc/modules")).plain();
    let is_loaded = modules.map(|modules| modules.contains("davinci"));
    let found = Finding::fault(
        "nodes-missing",
        text!("the driver is installed, and there are no device nodes"),
    )
    .at("/dev");
    Some(if is_loaded == Some(false) {
        let why = text!(
            "the kernel has not loaded the driver's modules: it was updated after the driver was \
                   installed, or the machine was not started anew since"
        );
        let command = "sudo modprobe drv_davinci_intf_host";
        found.because(why).mend(command).assumed()
    } else {
        let why = text!(
            "the driver has found no NPU that works; after installing it the machine has to be started anew"
        );
        found.because(why).mend("sudo reboot")
    })
}

fn closed(
    machine: &Machine,
    container: Option<&str>,
    there: &[(&PathBuf, Metadata)],
) -> Option<Finding> {
    let mut closed = there
        .iter()
        .filter(|(_, facts)| !machine.user.may_use(facts));
    let (path, facts) = closed.next()?;
    let user = machine.user();
    let group = user::group_of(&machine.root, facts);
    let owner = driver::owner_group(machine);
    let all: Vec<_> = there
        .iter()
        .map(|(path, _)| path.display().to_string())
        .collect();
    let all = all.join(" ");
    // nobody is to come into the group of root
    let is_of_root = group == "root" || group == "0";
    let joined = if is_of_root { &owner } else { &group };
    let mut commands = Vec::new();
    if is_of_root {
        commands.push(format!("sudo chgrp {owner} {all}"));
    }
    if is_of_root || facts.mode() & 0o060 != 0o060 {
        commands.push(format!("sudo chmod g+rw {all}"));
    }
    let may_join = commands.is_empty();
    // the users of a container are not the host's
    if container.is_none() {
        commands.push(format!("sudo usermod -aG {joined} {user}"));
    }
    let command = match container {
        // groups of a container are given when it starts
        Some(kind) if may_join => container::with_group(kind, facts.gid()),
        _ => commands.join(" && "),
    };
    let mode = facts.mode() & 0o777;
    let what = text!(
        "{user} may not use {path} (group {group}, mode {mode})",
        user,
        path = path.display(),
        group,
        mode = format!("{mode:o}")
    );
    let why = match (container, may_join) {
        (None, _) => text!(
            "aclInit or aclrtSetDevice fails with 507033 or 107001; membership in a group counts from the next login"
        ),
        (_, true) => text!(
            "aclInit or aclrtSetDevice fails with 507033 or 107001; groups are given to a container when it starts"
        ),
        (_, false) => text!(
            "aclInit or aclrtSetDevice fails with 507033 or 107001; the nodes are the host's: run the command there"
        ),
    };
    Some(
        Finding::fault("nodes-rights", what)
            .at(*path)
            .because(why)
            .mend(command),
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_no_node_of_this_machine() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("davinci0");
        fs::write(&file, "").unwrap();
        let (file, null) = (
            fs::metadata(file).unwrap(),
            fs::metadata("/dev/null").unwrap(),
        );
        let folder = fs::metadata(place.path()).unwrap();
        for (machine, expected) in [
            (Machine::here(), [true, false, true]),
            (Machine::at(place.path()).unwrap(), [false, false, false]),
        ] {
            let found = [&file, &null, &folder].map(|facts| is_no_node(&machine, facts));
            assert_eq!(found, expected);
        }
    }
}
