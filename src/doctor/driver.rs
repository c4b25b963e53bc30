//! The driver and the firmware.

use std::path::{Path, PathBuf};

use ascend_graph::{Text, Words, text};

use super::finding::Finding;
use super::machine::Machine;
use super::root::Content;
use super::version::{self, Fields};
use super::{Facts, Presence, user};

const INSTALLED: &str = "/etc/ascend_install.info";
const BASE: &str = "/usr/local/Ascend";
const GROUP: &str = "HwHiAiUser";

/// An installed driver or firmware.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) folder: PathBuf,
    /// What its version file says.
    pub(super) fields: Fields,
    /// Why that cannot be read, if it cannot.
    damage: Option<Text>,
}

impl Package {
    pub(super) fn driver(machine: &Machine) -> Option<Self> {
        Self::at(machine, "driver", "Driver_Install_Path_Param")
    }

    pub(super) fn firmware(machine: &Machine) -> Option<Self> {
        Self::at(machine, "firmware", "Firmware_Install_Path_Param")
    }

    fn at(machine: &Machine, name: &str, key: &str) -> Option<Self> {
        let base = installed(machine).remove(&key.to_ascii_lowercase());
        let base = base
            .filter(|base| base.starts_with('/'))
            .unwrap_or_else(|| BASE.to_owned());
        let folder = Path::new(&base).join(name);
        // a container may have the folder, and nothing in it
        if machine.root.names(&folder).is_empty() {
            return None;
        }
        let file = folder.join("version.info");
        let (text, damage) = match machine.root.text(&file) {
            Content::Plain(text) => (text, None),
            Content::Strange(why) => (
                String::new(),
                Some(text!("{file} {why}", file = file.display(), why)),
            ),
            Content::Missing => (
                String::new(),
                Some(text!("{file} is not there", file = file.display())),
            ),
        };
        let mut package = Self {
            folder,
            fields: version::fields(&text),
            damage,
        };
        if package.version().is_none() && package.damage.is_none() {
            package.damage = Some(text!("{file} names no version", file = file.display()));
        }
        Some(package)
    }

    pub(super) fn version(&self) -> Option<&str> {
        let named = ["version", "package_version"].iter();
        let mut values = named.filter_map(|key| self.fields.get(*key));
        values.find_map(|value| version::plain(value))
    }
}

/// What the installers wrote down.
fn installed(machine: &Machine) -> Fields {
    let text = machine.root.text(Path::new(INSTALLED)).plain();
    version::fields(&text.unwrap_or_default())
}

/// The group that the device nodes are for.
pub(super) fn owner_group(machine: &Machine) -> String {
    let named = installed(machine).remove("usergroup");
    named
        .filter(|name| user::is_name(name))
        .unwrap_or_else(|| GROUP.to_owned())
}

/// The command that installs a driver.
pub(super) fn install(machine: &Machine, facts: &Facts, version: &str) -> String {
    run(machine, facts, version, "--full --install-for-all")
}

/// The command that puts a driver in the place of the installed one.
pub(super) fn upgrade(machine: &Machine, facts: &Facts, version: &str) -> String {
    run(machine, facts, version, "--upgrade")
}

fn run(machine: &Machine, facts: &Facts, version: &str, options: &str) -> String {
    let mut chips = facts.chips.iter().flatten();
    let chip = match chips.find_map(super::Chip::family) {
        Some("Ascend310P") => "310p",
        Some("Ascend910B") => "910b",
        Some("Ascend910") => "910",
        Some("Ascend310") => "310",
        _ => "<chip>",
    };
    let architecture = machine.architecture().replace('_', "-");
    format!("sudo ./Ascend-hdk-{chip}-npu-driver_{version}_linux-{architecture}.run {options}")
}

pub(super) fn check(machine: &Machine, facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_host = facts.container.is_none();
    let Some(driver) = &facts.driver else {
        if facts.presence() == Presence::Expected && is_host {
            let finding = Finding::fault("driver-missing", text!("the NPU's driver is not installed"))
                .at(format!("{BASE}/driver"))
                .because(text!("without it the NPU has no device nodes, and CANN's libraries do not load (libascend_hal.so)"))
                .mend(install(machine, facts, "<version>"));
            // a number that is not known may be that of another accelerator
            let chips = facts.chips.iter().flatten();
            let is_sure =
                !facts.nodes.is_empty() || chips.clone().any(|chip| chip.family().is_some());
            findings.push(if is_sure { finding } else { finding.assumed() });
        }
        return findings;
    };
    findings.push(told(
        Words("driver"),
        driver,
        &install(machine, facts, "<version>"),
    ));
    match &facts.firmware {
        Some(firmware) => {
            let command = "sudo ./Ascend-hdk-<chip>-npu-firmware_<version>.run --full";
            findings.push(told(Words("firmware"), firmware, command));
        }
        None if is_host => findings.push(
            Finding::note(
                "firmware-missing",
                text!("there is no trace of the firmware's package"),
            )
            .at(format!("{BASE}/firmware"))
            .because(text!(
                "a card keeps its firmware, but whether it fits the driver cannot be told"
            ))
            .mend("npu-smi info -t board -i 0"),
        ),
        None => {}
    }
    let group = owner_group(machine);
    if is_host && !user::is_group(&machine.root, &group) {
        let command =
            format!("sudo groupadd {group} && sudo useradd -g {group} -d /home/{group} -m {group}");
        findings.push(
            Finding::warning("group-missing", text!("there is no group {group}", group))
                .at("/etc/group")
                .because(text!(
                    "the device nodes belong to it, so that only root can use them without"
                ))
                .mend(command),
        );
    }
    findings
}

fn told(name: Words, package: &Package, command: &str) -> Finding {
    if let Some(damage) = &package.damage {
        let check = if name.0 == "driver" {
            "driver-version"
        } else {
            "firmware-version"
        };
        return Finding::warning(
            check,
            text!(
                "the {name}'s version cannot be told: {damage}",
                name,
                damage = damage.clone()
            ),
        )
        .at(package.folder.join("version.info"))
        .because(text!(
            "CANN reads it too, and whether the two fit cannot be judged"
        ))
        .mend(command);
    }
    let version = package.version().unwrap_or_default();
    Finding::ok(name.0, text!("{name} {version}", name, version)).at(package.folder.clone())
}
