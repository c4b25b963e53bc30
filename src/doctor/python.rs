//! The Python that `atc` needs.

use std::path::{Path, PathBuf};

use ascend_graph::text;

use super::Facts;
use super::finding::{Finding, listed};
use super::machine::Machine;
use crate::convert::atc::python::{MODULES, VERSIONS, lacking_here};

/// The minor versions that are looked for.
const MINORS: std::ops::Range<u32> = 0..40;

pub(super) fn check(machine: &Machine, facts: &Facts) -> Vec<Finding> {
    if !facts.toolkits.iter().any(|toolkit| toolkit.has_atc) {
        return Vec::new();
    }
    let (first, last) = VERSIONS;
    let wanted = || {
        text!(
            "atc compiles operators with Python 3.{first} to 3.{last}",
            first,
            last
        )
    };
    let Some(python) = find(machine) else {
        let found = Finding::warning("python-missing", text!("there is no python3 in PATH"));
        let found = found.because(text!(
            "{wanted}: E40011, or E40021 for each operator",
            wanted = wanted()
        ));
        let installer = installer(machine);
        return vec![found.mend(format!("sudo {installer} install python3 python3-pip"))];
    };
    let mut findings = Vec::new();
    let Some(minor) = minor(machine, &python) else {
        let found = Finding::note(
            "python-version",
            text!("the version of python3 cannot be told from its files"),
        )
        .at(python);
        return vec![found.because(wanted()).mend("python3 --version")];
    };
    if !(first..=last).contains(&minor) {
        let found = Finding::warning("python-version", text!("python3 is 3.{minor}", minor))
            .at(python.clone());
        let command = format!("conda create -n cann python=3.{last} && conda activate cann");
        findings.push(found.because(wanted()).mend(command));
    }
    let mut lacks = lacking(machine, &python, minor);
    if machine.is_own_environment
        && !lacks.is_empty()
        && let Ok(folder) = tempfile::tempdir()
        && let Ok(asked) = lacking_here(folder.path())
    {
        // files do not tell all ways of installing, and Python does
        lacks.retain(|package| asked.contains(package));
    }
    if lacks.is_empty() {
        let what = text!("Python 3.{minor} has the packages that atc needs", minor);
        findings.push(Finding::ok("python", what).at(python));
        return findings;
    }
    let found = Finding::warning(
        "python-packages",
        text!(
            "Python 3.{minor} lacks {lacks}",
            minor,
            lacks = listed(&lacks)
        ),
    )
    .at(python);
    let packages: Vec<_> = lacks
        .iter()
        .map(|name| {
            if name == "numpy" {
                "'numpy<2'"
            } else {
                name.as_str()
            }
        })
        .collect();
    let command = format!("python3 -m pip install {}", packages.join(" "));
    findings.push(found.because(text!("atc needs them to compile operators: E40021 or EZ9999, and a ModuleNotFoundError in its log")).mend(command));
    findings
}

/// The program that installs packages of the system.
fn installer(machine: &Machine) -> &'static str {
    const OF_DNF: [&str; 5] = ["openeuler", "rhel", "centos", "fedora", "kylin"];
    let release = machine.root.text(Path::new("/etc/os-release")).plain();
    let fields = super::version::fields(&release.unwrap_or_default());
    let systems = ["id", "id_like"].iter().filter_map(|key| fields.get(*key));
    let is_of_dnf = |names: &String| {
        let names = names.to_ascii_lowercase();
        names.split(' ').any(|name| OF_DNF.contains(&name))
    };
    if systems.into_iter().any(is_of_dnf) {
        "dnf"
    } else {
        "apt-get"
    }
}

fn find(machine: &Machine) -> Option<PathBuf> {
    let mut folders = machine.folders("PATH");
    if folders.is_empty() {
        folders = ["/usr/local/bin", "/usr/bin", "/bin"]
            .map(PathBuf::from)
            .into();
    }
    let mut programs = folders.into_iter().map(|folder| folder.join("python3"));
    programs.find(|program| machine.root.is_file(program))
}

/// The minor version: in the name of the program behind its links, else by the folders beside it.
fn minor(machine: &Machine, python: &Path) -> Option<u32> {
    let real = machine.root.real(python)?;
    let name = real.file_name()?.to_str()?;
    let named = name
        .strip_prefix("python3.")
        .and_then(|minor| minor.parse().ok());
    named.or_else(|| {
        let prefix = python.parent()?.parent()?;
        let mut minors = MINORS.rev();
        minors.find(|minor| {
            machine
                .root
                .is_folder(&prefix.join(format!("lib/python3.{minor}")))
        })
    })
}

/// The packages that are in none of the folders for packages.
fn lacking(machine: &Machine, python: &Path, minor: u32) -> Vec<String> {
    let real = machine.root.real(python);
    let prefixes = [Some(python), real.as_deref()].into_iter().flatten();
    let mut prefixes: Vec<PathBuf> = prefixes
        .filter_map(|program| Some(program.parent()?.parent()?.to_owned()))
        .collect();
    prefixes.push(PathBuf::from("/usr/local"));
    prefixes.push(PathBuf::from("/usr"));
    if let Some(home) = machine.variable("HOME") {
        prefixes.push(Path::new(&home).join(".local"));
    }
    let mut folders = machine.folders("PYTHONPATH");
    for prefix in prefixes {
        for library in ["lib", "lib64"] {
            for version in [format!("python3.{minor}"), "python3".to_owned()] {
                let folder = prefix.join(library).join(version);
                folders.push(folder.join("site-packages"));
                folders.push(folder.join("dist-packages"));
            }
        }
    }
    let mut lacks = Vec::new();
    for module in MODULES {
        let (module, package) = module.split_once('=').unwrap_or((module, module));
        let path = module.replace('.', "/");
        let is_there = |folder: &PathBuf| {
            machine.root.is_folder(&folder.join(&path))
                || machine.root.is_file(&folder.join(format!("{path}.py")))
        };
        if !folders.iter().any(is_there) {
            lacks.push(package.to_owned());
        }
    }
    lacks
}
