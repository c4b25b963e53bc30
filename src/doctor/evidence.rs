//! The texts that a report rests on, for whoever is to help.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::iter;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use super::machine::Machine;
use super::root::Content;
use super::secrets::{is_secret, without_secrets};
use super::toolkit::{Toolkit, bases};
use crate::convert::atc::toolkit::version_files;

/// Variables that tell of Ascend or of the search for libraries and programs.
const BEGINNINGS: [&str; 9] = [
    "ASCEND", "ATB_", "HCCL_", "TE_", "GE_", "DUMP_", "LD_", "PYTHON", "ACL_",
];
const VARIABLES: [&str; 9] = [
    "PATH",
    "HOME",
    "USER",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "NPU_HOST",
    "MAX_COMPILE_CORE_NUMBER",
    "DDK_PATH",
    "NPU_HOST_LIB",
];
const FILES: [&str; 10] = [
    "/etc/os-release",
    "/etc/ascend_install.info",
    "/etc/ld.so.conf",
    "/etc/sys_version.conf",
    "/proc/version",
    "/proc/modules",
    "/proc/meminfo",
    "/proc/self/limits",
    "/usr/local/Ascend/driver/version.info",
    "/usr/local/Ascend/firmware/version.info",
];

/// More configurations of the linker than are looked at, more bytes of all texts together, and more lines in the
/// list of folders are told to nobody.
const MOST_CONFIGURATIONS: usize = 64;
const MOST_BYTES: usize = 16 << 20;
const MOST_LINES: usize = 4096;

/// A text, and the file that it comes from or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// A relative path, which has neither links nor `..`.
    pub name: PathBuf,
    /// What it says.
    pub text: String,
}

/// Gathers the texts that tell of a machine: version files, configurations, the environment as far as it has
/// to do with Ascend, and lists of the folders. They are as they are: see [`Redaction`](super::Redaction).
#[must_use]
pub fn gather(machine: &Machine) -> Vec<Evidence> {
    let mut evidence = vec![
        Evidence {
            name: "environment.txt".into(),
            text: environment(machine),
        },
        Evidence {
            name: "folders.txt".into(),
            text: folders(machine),
        },
    ];
    let mut files: Vec<PathBuf> = FILES.iter().map(PathBuf::from).collect();
    let configurations = Path::new("/etc/ld.so.conf.d");
    files.extend(
        machine
            .root
            .names(configurations)
            .iter()
            .take(MOST_CONFIGURATIONS)
            .map(|name| configurations.join(name)),
    );
    for toolkit in Toolkit::all(machine) {
        files.extend(version_files(&toolkit.folder, machine.architecture()));
        files.extend(toolkit.script);
    }
    let (mut seen, mut len) = (BTreeSet::new(), 0);
    for file in files {
        let Some(real) = machine.root.real(&file) else {
            continue;
        };
        if !seen.insert(real.clone()) {
            continue;
        }
        let text = match machine.root.text(&file) {
            Content::Missing => continue,
            Content::Strange(why) => format!("{} {why}\n", file.display()),
            Content::Plain(text) => text,
        };
        len += text.len();
        if len > MOST_BYTES {
            break;
        }
        let inside = real.components();
        let inside = inside.filter(|part| matches!(part, Component::Normal(_)));
        evidence.push(Evidence {
            name: Path::new("files").join(inside.collect::<PathBuf>()),
            text,
        });
    }
    for Evidence { text, .. } in &mut evidence {
        *text = without_secrets(text);
    }
    evidence
}

fn environment(machine: &Machine) -> String {
    if !machine.knows_environment() {
        return "not known\n".to_owned();
    }
    let mut text = String::new();
    for (name, value) in machine.variables() {
        let (name, value) = (name.to_string_lossy(), value.to_string_lossy());
        let is_told =
            VARIABLES.contains(&&*name) || BEGINNINGS.iter().any(|begin| name.starts_with(begin));
        if is_told && !is_secret(&name) {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "{name}={value}");
        }
    }
    text
}

/// The device nodes, and two levels of the folders of Ascend.
fn folders(machine: &Machine) -> String {
    let mut text = String::new();
    let nodes = machine.root.names(Path::new("/dev")).into_iter();
    let of_ascend = ["davinci", "vdavinci", "devmm", "hisi", "svm"];
    let nodes = nodes.filter(|name| of_ascend.iter().any(|begin| name.starts_with(begin)));
    let nodes = nodes.map(|name| Path::new("/dev").join(name));
    let inside = |folder: &Path| {
        let names = machine.root.names(folder).into_iter();
        let folder = folder.to_owned();
        names.map(move |name| folder.join(name))
    };
    let bases = bases(machine).into_iter();
    let paths = bases.flat_map(|base| inside(&base)).flat_map(|path| {
        let within = inside(&path);
        iter::once(path).chain(within)
    });
    for path in nodes.chain(paths).take(MOST_LINES) {
        tell(machine, &path, &mut text);
    }
    text
}

fn tell(machine: &Machine, path: &Path, text: &mut String) {
    // Writing to a text cannot fail.
    let _ = match (machine.root.link(path), machine.root.facts(path)) {
        (Some(target), None) => writeln!(
            text,
            "{} -> {} (not there)",
            path.display(),
            target.display()
        ),
        (Some(target), _) => writeln!(text, "{} -> {}", path.display(), target.display()),
        (None, Some(facts)) => {
            let (mode, user, group) = (facts.mode(), facts.uid(), facts.gid());
            writeln!(text, "{} {mode:o} {user}:{group}", path.display())
        }
        (None, None) => Ok(()),
    };
}
