//! The toolkits and runtimes that are installed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ascend_graph::{Text, text};
use ascend_sys::{Libraries, Version};

use super::finding::{Finding, listed, quoted};
use super::machine::Machine;
use super::root::Content;
use super::version::{self, Fields};
use super::{Facts, Presence};
use crate::convert::atc::toolkit::{programs, scripts, version_files};

/// Where versions lie side by side.
const SHELVES: [&str; 3] = ["ascend-toolkit", "nnrt", ""];
/// So many of the versions on a shelf are looked at.
const MOST_VERSIONS: usize = 64;
/// The processors that toolkits are made for.
const ARCHITECTURES: [&str; 2] = ["x86_64", "aarch64"];
/// Libraries that a toolkit with `atc` has, by what programs load beside `libascendcl.so`.
const SIBLINGS: [&str; 6] = [
    "libge_compiler.so",
    "libfmk_onnx_parser.so",
    "libgraph.so",
    "libnnopbase.so",
    "libopapi.so",
    "libhccl.so",
];

/// A CANN in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Toolkit {
    pub(super) folder: PathBuf,
    /// Such as 8.0.RC3.
    pub(super) version: Option<String>,
    /// What its version files say.
    pub(super) fields: Fields,
    /// The script that sets its environment.
    pub(super) script: Option<PathBuf>,
    pub(super) has_atc: bool,
    /// The processor that it is for, where that is another.
    foreign: Option<&'static str>,
    /// Version files that cannot be read, and why.
    damage: Vec<Text>,
}

impl Toolkit {
    /// All, those first that are found first.
    pub(super) fn all(machine: &Machine) -> Vec<Self> {
        let (mut toolkits, mut seen) = (Vec::new(), BTreeSet::new());
        for folder in candidates(machine) {
            let Some(toolkit) = Self::at(machine, &folder) else {
                continue;
            };
            let parts = [
                format!("{}-linux", machine.architecture()),
                "opp".to_owned(),
                "lib64".to_owned(),
                String::new(),
            ];
            let identity = parts
                .iter()
                .find_map(|part| machine.root.real(&folder.join(part)));
            if seen.insert(identity) {
                toolkits.push(toolkit);
            }
        }
        toolkits
    }

    fn at(machine: &Machine, folder: &Path) -> Option<Self> {
        let (root, architecture) = (&machine.root, machine.architecture());
        let has_atc = programs(folder, architecture).any(|path| root.is_file(&path));
        let of_processor = |name: &&str| root.is_folder(&folder.join(format!("{name}-linux")));
        let processors: Vec<_> = ARCHITECTURES
            .into_iter()
            .filter(|name| of_processor(name))
            .collect();
        let foreign = processors
            .first()
            .filter(|_| !processors.contains(&architecture))
            .copied();
        let (mut fields, mut damage, mut has_file) = (Fields::new(), Vec::new(), false);
        for file in version_files(folder, foreign.unwrap_or(architecture)) {
            match root.text(&file) {
                Content::Missing => continue,
                Content::Strange(why) => {
                    damage.push(text!("{file} {why}", file = file.display(), why));
                }
                Content::Plain(text) => {
                    // the first file is the one of the whole
                    for (key, value) in version::fields(&text) {
                        fields.entry(key).or_insert(value);
                    }
                }
            }
            has_file = true;
        }
        let has_library = root.exists(&folder.join("lib64/libascendcl.so"));
        if !(has_file || has_atc || has_library || !processors.is_empty()) {
            return None;
        }
        let script = scripts(folder).find(|path| root.is_file(path));
        Some(Self {
            folder: folder.to_owned(),
            version: named(&fields),
            fields,
            script: script.and_then(|path| root.real(&path)),
            has_atc,
            foreign,
            damage,
        })
    }

    pub(super) fn release(&self) -> Option<Version> {
        version::version(self.version.as_deref()?)
    }

    /// As people call it.
    pub(super) fn name(&self) -> Text {
        match &self.version {
            Some(version) => text!("CANN {version}", version),
            None => text!("the CANN in {folder}", folder = self.folder.display()),
        }
    }

    /// Where its libraries are.
    pub(super) fn library_folders(&self, architecture: &str) -> [PathBuf; 2] {
        let own = format!("{architecture}-linux/lib64");
        [self.folder.join("lib64"), self.folder.join(own)]
    }

    /// Tells whether a path as it is, or without links, is of this toolkit.
    pub(super) fn holds(&self, machine: &Machine, path: &Path) -> bool {
        let real = |path: &Path| machine.root.real(path);
        let is_below = |folder: PathBuf| real(path).is_some_and(|path| path.starts_with(folder));
        path.starts_with(&self.folder)
            || real(&self.folder).is_some_and(is_below)
            || real(&self.folder.join("opp"))
                .is_some_and(|opp| opp.parent().is_some_and(|own| is_below(own.to_owned())))
    }
}

/// The version of the whole: in its own file, else behind the colon of a part's.
fn named(fields: &Fields) -> Option<String> {
    let of_part = |value: &String| {
        let value = value.trim_matches(['[', ']']);
        let value = value.rsplit_once(':').map_or(value, |(_, release)| release);
        version::plain(value).map(str::to_owned)
    };
    let running = fields
        .iter()
        .filter(|(key, _)| key.ends_with("_running_version"));
    let keys = ["version_dir", "version"]
        .iter()
        .filter_map(|key| fields.get(*key));
    let is_whole = |value: &&String| value.split('.').count() <= 4;
    let whole = keys.clone().filter(is_whole).find_map(of_part);
    whole
        .or_else(|| running.map(|(_, value)| value).find_map(of_part))
        .or_else(|| keys.clone().find_map(of_part))
}

/// The folders in which one may be, each once.
fn candidates(machine: &Machine) -> Vec<PathBuf> {
    let mut folders = Libraries::install_folders_in(&|name| machine.variable(name));
    for base in bases(machine) {
        for shelf in SHELVES {
            let shelf = if shelf.is_empty() {
                base.clone()
            } else {
                base.join(shelf)
            };
            let mut names = machine.root.names(&shelf);
            names.retain(|name| {
                name.starts_with(|c: char| c.is_ascii_digit()) || name.starts_with("cann-")
            });
            // those that sort last are the newest
            let names = names.iter().rev().take(MOST_VERSIONS);
            folders.extend(names.map(|name| shelf.join(name)));
        }
    }
    let mut seen = BTreeSet::new();
    folders.retain(|folder| folder.is_absolute() && seen.insert(folder.clone()));
    folders
}

/// The folders below which Ascend's packages are installed.
pub(super) fn bases(machine: &Machine) -> Vec<PathBuf> {
    let home = machine
        .variable("HOME")
        .map(|home| Path::new(&home).join("Ascend"));
    [Some(PathBuf::from("/usr/local/Ascend")), home]
        .into_iter()
        .flatten()
        .collect()
}

/// The command that installs a toolkit.
pub(super) fn install(machine: &Machine, version: &str) -> String {
    format!(
        "./Ascend-cann-toolkit_{version}_linux-{}.run --install",
        machine.architecture()
    )
}

pub(super) fn check(machine: &Machine, facts: &Facts) -> Vec<Finding> {
    let mut findings = broken_links(machine, facts);
    for toolkit in &facts.toolkits {
        findings.extend(judged(machine, toolkit));
    }
    if facts.toolkits.is_empty() {
        let why = text!(
            "it brings libascendcl.so, which every program for Ascend loads, and atc, which makes .om files"
        );
        let what = text!("no CANN is installed in the usual folders");
        let finding = if facts.presence() == Presence::Absent {
            Finding::note("toolkit-missing", what).because(text!(
                "for the CPU device none is needed; atc needs one, and no NPU"
            ))
        } else {
            Finding::fault("toolkit-missing", what).because(why)
        };
        findings.push(
            finding
                .at("/usr/local/Ascend/ascend-toolkit")
                .mend(install(machine, "<version>")),
        );
    }
    if let [first, second, ..] = &facts.toolkits[..] {
        let names: Vec<_> = facts
            .toolkits
            .iter()
            .map(|toolkit| {
                text!(
                    "{version} in {folder}",
                    version = toolkit
                        .version
                        .as_deref()
                        .map_or_else(|| text!("an unknown version"), Text::from),
                    folder = toolkit.folder.display()
                )
            })
            .collect();
        let what = text!(
            "{count} toolkits: {names}",
            count = names.len(),
            names = listed(names.clone())
        );
        let found = Finding::note("toolkit-several", what).at(second.folder.clone());
        findings.push(found.because(text!(
            "the environment decides which one a program gets; {first} is found first",
            first = first.name()
        )));
    }
    findings
}

fn judged(machine: &Machine, toolkit: &Toolkit) -> Vec<Finding> {
    let mut findings = Vec::new();
    let version = toolkit.version.as_deref().unwrap_or("<version>");
    let command = install(machine, version);
    let place = toolkit.folder.clone();
    if let Some(foreign) = toolkit.foreign {
        let own = machine.architecture();
        let what = text!(
            "{toolkit} is for {foreign}, and this machine is {own}",
            toolkit = toolkit.name(),
            foreign,
            own
        );
        let found = Finding::fault("toolkit-architecture", what).at(place.clone());
        findings.push(
            found
                .because(text!("none of its libraries and programs starts here"))
                .mend(&*command),
        );
    }
    let Some(version) = &toolkit.version else {
        let why = text!(
            "the libraries tell version 0.0.0 or warn of a mismatch, and whether the driver fits cannot be told"
        );
        let told = match &toolkit.damage[..] {
            [] => text!("no file names it"),
            damage => listed(damage.iter().cloned()),
        };
        let what = text!("the version of a toolkit cannot be told: {told}", told);
        let found = Finding::warning("toolkit-version", what).at(place);
        findings.push(found.because(why).mend(command));
        return findings;
    };
    let what = if toolkit.has_atc {
        text!("CANN {version}, with atc", version)
    } else {
        text!("CANN {version}, without atc", version)
    };
    findings.push(Finding::ok("toolkit", what).at(place));
    if !toolkit.damage.is_empty() {
        let what = text!(
            "version files of {toolkit} are damaged: {damage}",
            toolkit = toolkit.name(),
            damage = listed(toolkit.damage.iter().cloned())
        );
        let found = Finding::warning("toolkit-version", what).at(toolkit.folder.clone());
        findings.push(
            found
                .because(text!("parts of CANN read them when they start"))
                .mend(&*command),
        );
    }
    let folders = toolkit.library_folders(machine.architecture());
    let is_there = |name: &&str| {
        folders
            .iter()
            .any(|folder| machine.root.exists(&folder.join(name)))
    };
    let lacks: Vec<_> = SIBLINGS
        .into_iter()
        .filter(|name| !is_there(name))
        .collect();
    if toolkit.has_atc && toolkit.foreign.is_none() && !lacks.is_empty() {
        let what = text!(
            "{toolkit} lacks {lacks}",
            toolkit = toolkit.name(),
            lacks = listed(&lacks)
        );
        let found = Finding::warning("toolkit-libraries", what)
            .at(folders[0].clone())
            .assumed();
        findings.push(found.because(text!("frameworks load them when they start, and report something else when they are not there"))
            .mend(command));
    }
    findings
}

/// Links such as `latest` to what is not there any more.
fn broken_links(machine: &Machine, facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for folder in candidates(machine) {
        let Some(target) = machine
            .root
            .link(&folder)
            .filter(|_| !machine.root.exists(&folder))
        else {
            continue;
        };
        let beside = facts
            .toolkits
            .iter()
            .filter(|toolkit| toolkit.folder.parent() == folder.parent());
        let newest = beside.max_by_key(|toolkit| toolkit.release());
        let name = newest.and_then(|toolkit| toolkit.folder.file_name());
        let command = match name {
            Some(name) => format!(
                "sudo ln -sfn {} {}",
                quoted(Path::new(name)),
                quoted(&folder)
            ),
            None if facts.toolkits.is_empty() => install(machine, "<version>"),
            None => format!("sudo rm {}", quoted(&folder)),
        };
        let what = text!(
            "the link {folder} leads to {target}, which is not there",
            folder = folder.display(),
            target = target.display()
        );
        let found = if facts.toolkits.is_empty() || is_named(machine, &folder) {
            Finding::fault("toolkit-link", what)
        } else {
            Finding::warning("toolkit-link", what)
        };
        let found = found.at(folder);
        findings.push(found.because(text!("what is found through it is not found: the toolkit was removed or moved, and the link stayed"))
            .mend(command));
    }
    findings
}

/// Tells whether a variable that programs search by names what is in a folder.
fn is_named(machine: &Machine, folder: &Path) -> bool {
    const LISTS: [&str; 3] = ["PATH", "LD_LIBRARY_PATH", "PYTHONPATH"];
    let searched = machine.variables().filter_map(|(name, _)| name.to_str());
    let mut searched = searched.filter(|name| name.starts_with("ASCEND_") || LISTS.contains(name));
    searched.any(|name| {
        let places = machine.folders(name);
        places.iter().any(|place| place.starts_with(folder))
    })
}
