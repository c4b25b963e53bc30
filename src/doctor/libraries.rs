//! Which libraries programs get, and whether these can be loaded.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use ascend_graph::text;
use ascend_sys::{AclApi, Libraries};

use super::elf::{Elf, MOST_FOLDERS};
use super::finding::{Finding, listed, quoted};
use super::linker::{Linker, keep_first};
use super::machine::Machine;
use super::toolkit::{self, Toolkit, bases};
use super::{Facts, Presence, container, driver, variables};

const LIBRARY: &str = "libascendcl.so";
/// No program loads more.
const MOST_LIBRARIES: usize = 1024;
/// The libraries of the system, which a tree may be without.
const OF_THE_SYSTEM: [&str; 10] = [
    "ld-linux",
    "libc.so",
    "libm.so",
    "libdl.so",
    "librt.so",
    "libpthread.so",
    "libutil.so",
    "libresolv.so",
    "libstdc++.so",
    "libgcc_s.so",
];

pub(super) fn check(machine: &Machine, facts: &Facts) -> Vec<Finding> {
    if facts.toolkits.is_empty() && facts.presence() == Presence::Absent {
        return Vec::new();
    }
    let linker = Linker::of(machine);
    let own = own(machine);
    let given = linker.find(LIBRARY, &[], &[]);
    let mut findings = Vec::new();
    findings.extend(stub(machine, facts, &linker, given.as_deref()));
    findings.extend(older(machine, facts, given.as_deref()));
    findings.extend(not_cached(&linker));
    let Some(own) = own else {
        if !facts.toolkits.is_empty() {
            let what = text!(
                "no folder has {library}, where a toolkit is installed",
                library = LIBRARY
            );
            let found = Finding::fault("library-missing", what)
                .at(facts.toolkits[0].library_folders(machine.architecture())[0].clone());
            findings.push(
                found
                    .because(text!("the toolkit is not whole"))
                    .mend(toolkit::install(machine, "<version>")),
            );
        }
        return findings;
    };
    let loads = loads(machine, facts, &linker, &own);
    let is_sound = loads.is_empty();
    findings.extend(loads);
    let is_same = given
        .as_ref()
        .is_some_and(|given| machine.root.real(given) == machine.root.real(&own));
    let others = match &given {
        Some(_) if is_same => text!("and so do programs that are linked to it"),
        Some(given) => text!(
            "programs that are linked to it load {given}",
            given = given.display()
        ),
        None => text!("programs that are linked to it find none without set_env.sh"),
    };
    if is_sound {
        let what = text!("ascend loads {own}; {others}", own = own.display(), others);
        findings.push(Finding::ok("library", what).at(own));
    }
    findings
}

/// The library that this crate opens, in the order of its own search.
fn own(machine: &Machine) -> Option<PathBuf> {
    let folders = Libraries::search_path_in(&|name| machine.variable(name), machine.architecture());
    let in_folder = |folder: PathBuf| {
        let files = AclApi::LIBRARIES.iter().map(|name| folder.join(name));
        files.into_iter().find(|file| machine.root.exists(file))
    };
    folders.into_iter().find_map(in_folder)
}

/// The stub that programs get in place of the library.
fn stub(
    machine: &Machine,
    facts: &Facts,
    linker: &Linker<'_>,
    given: Option<&Path>,
) -> Option<Finding> {
    let given = given?;
    let folder = given.parent()?;
    if !Libraries::is_stub(folder) {
        return None;
    }
    let what = text!("programs load the stub {given}", given = given.display());
    let why = text!(
        "it is there for linking only and answers every call with an error; ascend itself passes it over"
    );
    let is_listed = linker.listed.iter().any(|listed| listed == folder);
    let command = if is_listed {
        let mut kept: Vec<_> = linker
            .listed
            .iter()
            .filter(|folder| !Libraries::is_stub(folder))
            .cloned()
            .collect();
        if kept.is_empty() {
            kept.extend(
                facts
                    .toolkits
                    .first()
                    .map(|toolkit| toolkit.folder.join("lib64")),
            );
        }
        let kept: Vec<_> = kept.iter().map(|folder| quoted(folder)).collect();
        Some(format!("export LD_LIBRARY_PATH={}", kept.join(":")))
    } else {
        // others would mean something to sed, or to the shell
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        let folder = folder
            .to_str()
            .filter(|folder| folder.chars().all(is_plain));
        folder.map(|folder| {
            format!("sudo sed -i '\\#{folder}#d' /etc/ld.so.conf.d/*.conf && sudo ldconfig")
        })
    };
    let level = if facts.presence() == Presence::Absent {
        Finding::warning
    } else {
        Finding::fault
    };
    let found = level("library-stub", what)
        .at(machine.root.real(given)?)
        .because(why);
    Some(match command {
        Some(command) => found.mend(command),
        None => found,
    })
}

/// An older toolkit that hides a newer one.
fn older(machine: &Machine, facts: &Facts, given: Option<&Path>) -> Option<Finding> {
    let given = given?;
    let holder = |toolkit: &&Toolkit| toolkit.holds(machine, given);
    let got = facts.toolkits.iter().find(holder)?;
    let newest = facts
        .toolkits
        .iter()
        .max_by_key(|toolkit| toolkit.release())?;
    if got.release()? >= newest.release()? {
        return None;
    }
    let what = text!(
        "programs get {got}, although {newest} is installed",
        got = got.name(),
        newest = newest.name()
    );
    let why = text!(
        "{folder} is first in the search for libraries: an .om of a newer atc does not load on an older runtime",
        folder = got.folder.display()
    );
    let command = match &newest.script {
        Some(script) => format!("source {}", quoted(script)),
        None => before_others(&newest.folder.join("lib64")),
    };
    let found = Finding::warning("toolkit-older-first", what).at(given);
    Some(found.because(why).mend(command))
}

fn not_cached(linker: &Linker<'_>) -> Option<Finding> {
    let folders = linker.not_cached();
    let folder = *folders.first()?;
    let what = text!(
        "{folder} is configured, and the linker's cache does not know it",
        folder = folder.display()
    );
    let found = Finding::warning("linker-cache", what).at("/etc/ld.so.cache");
    Some(
        found
            .because(text!(
                "libraries are looked up in the cache, which was not made anew"
            ))
            .mend("sudo ldconfig"),
    )
}

/// What keeps the library and all that it needs from being loaded.
fn loads(machine: &Machine, facts: &Facts, linker: &Linker<'_>, own: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    let mut lacking: Vec<(String, PathBuf)> = Vec::new();
    let mut left = VecDeque::from([(own.to_owned(), Vec::<PathBuf>::new())]);
    while let Some((path, mut above)) = left.pop_front() {
        let Some(folder) = path.parent() else {
            continue;
        };
        let elf = match Elf::read(&machine.root, &path) {
            Ok(elf) => elf,
            Err(why) => {
                let what = text!("{path} {why}", path = path.display(), why);
                let found = Finding::fault("library-damaged", what).at(path);
                findings.push(
                    found
                        .because(text!("the linker refuses it, and the program with it"))
                        .mend(toolkit::install(machine, "<version>")),
                );
                continue;
            }
        };
        if elf.architecture != machine.architecture() {
            let own = machine.architecture();
            let what = text!(
                "{path} is for {architecture}, and this machine is {own}",
                path = path.display(),
                architecture = elf.architecture,
                own
            );
            let found = Finding::fault("library-architecture", what).at(path);
            findings.push(
                found
                    .because(text!("the linker passes it over or refuses it"))
                    .mend(toolkit::install(machine, "<version>")),
            );
            continue;
        }
        let runpath = Elf::folders(elf.runpath.as_deref(), folder);
        if elf.runpath.is_none() {
            // those of the libraries above count too, but for one that has the newer kind
            above.extend(Elf::folders(elf.rpath.as_deref(), folder));
            keep_first(&mut above, MOST_FOLDERS);
        }
        let first: &[PathBuf] = if elf.runpath.is_some() { &[] } else { &above };
        for name in elf.needed {
            let is_system = OF_THE_SYSTEM.iter().any(|known| name.starts_with(known));
            if is_system || seen.len() >= MOST_LIBRARIES || !seen.insert(name.clone()) {
                continue;
            }
            match linker.find(&name, first, &runpath) {
                Some(file) => left.push_back((file, above.clone())),
                None => lacking.push((name, path.clone())),
            }
        }
    }
    findings.extend(needed(machine, facts, lacking));
    findings
}

/// Libraries that others need and that are not found, by the folder that has them.
fn needed(machine: &Machine, facts: &Facts, lacking: Vec<(String, PathBuf)>) -> Vec<Finding> {
    let mut groups: Vec<(Option<PathBuf>, Vec<String>, PathBuf)> = Vec::new();
    for (name, by) in lacking {
        let folder = holder(machine, facts, &name);
        match groups.iter_mut().find(|(known, ..)| *known == folder) {
            Some((_, names, _)) => names.push(name),
            None => groups.push((folder, vec![name], by)),
        }
    }
    let groups = groups.into_iter();
    groups
        .map(|(folder, names, by)| {
            let what = text!("{library} needs {names}, which is not found", library = by.display(), names = listed(&names));
            let is_driver = names.iter().any(|name| name.contains("ascend_hal"));
            let (why, command) = match folder {
                Some(folder) => (
                    text!("it lies in {folder}, where the linker does not look", folder = folder.display()),
                    export(machine, facts, &folder),
                ),
                None if is_driver && facts.driver.is_none() => (
                    text!("it comes with the driver, which is not here"),
                    match facts.container {
                        Some(kind) => container::command(kind, facts),
                        None => driver::install(machine, facts, "<version>"),
                    },
                ),
                None => (
                    text!("no folder of Ascend has it: the toolkit is not whole, or a part of it was removed"),
                    toolkit::install(machine, "<version>"),
                ),
            };
            let is_for_npu = is_driver && facts.presence() != Presence::Expected;
            let level = if is_for_npu { Finding::note } else { Finding::fault };
            level("library-needed", what).at(by).because(why).mend(command)
        })
        .collect()
}

/// The command that has the linker look in a folder: the toolkit's script, where that was not applied.
fn export(machine: &Machine, facts: &Facts, folder: &Path) -> String {
    let holder = |toolkit: &&Toolkit| toolkit.holds(machine, folder) && !Libraries::is_stub(folder);
    let holder = facts.toolkits.iter().find(holder);
    let script = holder.and_then(|toolkit| toolkit.script.as_ref());
    match script.filter(|_| variables::chosen(machine, facts).is_none()) {
        Some(script) => format!("source {}", quoted(script)),
        // behind the others, for the library itself lies there as a stub too
        None if Libraries::is_stub(folder) => format!(
            "export LD_LIBRARY_PATH=${{LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}}{}",
            quoted(folder)
        ),
        None => before_others(folder),
    }
}

/// The command that has the linker look in a folder first. An empty part would be the current folder.
fn before_others(folder: &Path) -> String {
    format!(
        "export LD_LIBRARY_PATH={}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}",
        quoted(folder)
    )
}

/// A folder of Ascend that has the library.
fn holder(machine: &Machine, facts: &Facts, name: &str) -> Option<PathBuf> {
    let mut folders = Vec::new();
    if let Some(driver) = &facts.driver {
        let parts = ["lib64/driver", "lib64/common", "lib64"];
        folders.extend(parts.map(|part| driver.folder.join(part)));
    }
    for toolkit in &facts.toolkits {
        folders.extend(toolkit.library_folders(machine.architecture()));
        folders.push(toolkit.folder.join("lib64/plugin/opskernel"));
        folders.push(
            toolkit
                .folder
                .join(format!("{}-linux/devlib", machine.architecture())),
        );
    }
    folders.extend(
        bases(machine)
            .iter()
            .map(|base| base.join("nnal/atb/latest/atb/cxx_abi_0/lib")),
    );
    folders.retain(|folder| !Libraries::is_stub(folder) || facts.presence() == Presence::Absent);
    folders
        .into_iter()
        .find(|folder| machine.root.is_file(&folder.join(name)))
}
