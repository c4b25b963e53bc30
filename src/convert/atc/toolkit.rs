//! Where `atc` is installed.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{self, Path, PathBuf};

use ascend_graph::atc::Cann;
use ascend_graph::text;
use ascend_sys::Libraries;

use crate::error::{Error, ErrorKind, Result};

/// A toolkit with an `atc`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Toolkit {
    pub(super) folder: PathBuf,
    /// The program.
    pub(super) atc: PathBuf,
    /// Such as 8.0.RC1, where a file tells.
    pub(super) version: Option<String>,
}

impl Toolkit {
    /// The toolkit in `folder`, or the first one where they usually are.
    pub(super) fn find(folder: Option<&Path>) -> Result<Self> {
        let folders = match folder {
            Some(folder) => vec![folder.to_owned()],
            None => Libraries::install_folders(),
        };
        let in_path = || {
            let path = env::var_os("PATH").filter(|_| folder.is_none())?;
            let mut programs = env::split_paths(&path).map(|bin| bin.join("atc"));
            programs.find_map(|program| Self::around(&program))
        };
        let found = folders.iter().find_map(|folder| Self::at(folder));
        found.or_else(in_path).ok_or_else(|| {
            let searched = folders.iter().map(|folder| folder.display().to_string());
            let searched: Vec<_> = searched.collect();
            let message = text!(
                "no atc is installed in {folders}: install CANN's toolkit (no NPU is needed), or name its \
                 folder with --toolkit or ASCEND_TOOLKIT_HOME",
                folders = searched.join(", ")
            );
            Error::new(ErrorKind::Library, message)
        })
    }

    /// The toolkit that a program in `PATH` belongs to. It may be a link, or a link to one, and each of
    /// them may lie in the toolkit; one without anything of a toolkit around it is taken as it lies.
    fn around(program: &Path) -> Option<Self> {
        const MOST_LINKS: usize = 16;
        let place = path::absolute(program).ok();
        let mut place = place.filter(|place| is_program(place))?;
        let mut found = place.ancestors().nth(2).and_then(Self::at);
        for _ in 0..MOST_LINKS {
            let mut folders = place.ancestors().skip(2).take(2);
            if let Some(whole) = folders.find_map(|folder| Self::at(folder).filter(Self::is_whole))
            {
                found = Some(whole);
                break;
            }
            match (fs::read_link(&place), place.parent()) {
                (Ok(target), Some(folder)) => place = folder.join(target),
                _ => break,
            }
        }
        found
    }

    /// Tells whether there is more of a toolkit than the program.
    fn is_whole(&self) -> bool {
        let has_version = || own_version_files(&self.folder).any(|file| file.is_file());
        self.folder.join("opp").is_dir() || self.set_env().is_some() || has_version()
    }

    fn at(folder: &Path) -> Option<Self> {
        let folder = path::absolute(folder).ok()?;
        let atc = programs(&folder, env::consts::ARCH).find(|path| is_program(path))?;
        let texts = own_version_files(&folder).filter_map(|file| fs::read_to_string(file).ok());
        let version = texts.into_iter().find_map(|text| version_in(&text));
        Some(Self {
            folder,
            atc,
            version,
        })
    }

    /// What tells this toolkit from others, and from what was in its place before.
    pub(super) fn identity(&self) -> Vec<Vec<u8>> {
        let real = fs::canonicalize(&self.atc).unwrap_or_else(|_| self.atc.clone());
        let mut facts: Vec<_> = own_version_files(&self.folder)
            .filter_map(|file| fs::read(file).ok())
            .collect();
        for program in [real.clone(), real.with_file_name("atc.bin")] {
            if let Ok(found) = fs::metadata(&program) {
                let modified = found.modified().ok();
                facts.push(format!("{} {} {modified:?}", program.display(), found.len()).into());
            }
        }
        facts
    }

    /// Its release, where the version is that of CANN and not of a part of it, which are longer.
    pub(super) fn release(&self) -> Option<Cann> {
        let version = self.version.as_ref()?;
        let is_release = version.split('.').count() <= 3;
        is_release.then(|| version.parse().ok()).flatten()
    }

    pub(super) fn set_env(&self) -> Option<PathBuf> {
        scripts(&self.folder).find(|place| place.is_file())
    }

    /// What its own script would set, for a toolkit without one.
    pub(super) fn usual_variables(&self) -> Vec<(OsString, OsString)> {
        usual_variables(&self.folder, &|name| env::var_os(name))
    }
}

/// What the script of the toolkit in `folder` sets, as far as it is the same everywhere; `before` tells the
/// variables that it adds to.
pub(crate) fn usual_variables(
    folder: &Path,
    before: &dyn Fn(&str) -> Option<OsString>,
) -> Vec<(OsString, OsString)> {
    let own = || folder.to_owned().into_os_string();
    let mut variables: Vec<(OsString, OsString)> = vec![
        ("ASCEND_TOOLKIT_HOME".into(), own()),
        ("ASCEND_HOME_PATH".into(), own()),
        ("ASCEND_AICPU_PATH".into(), own()),
        ("ASCEND_OPP_PATH".into(), folder.join("opp").into()),
    ];
    for (name, paths) in [
        ("PATH", ["bin", "compiler/ccec_compiler/bin"]),
        ("LD_LIBRARY_PATH", ["lib64", "lib64/plugin/opskernel"]),
        (
            "PYTHONPATH",
            ["python/site-packages", "opp/built-in/op_impl/ai_core/tbe"],
        ),
    ] {
        let before = before(name).unwrap_or_default();
        let all = paths.map(|path| folder.join(path)).into_iter();
        let all = all.chain(env::split_paths(&before).filter(|path| path != Path::new("")));
        if let Ok(joined) = env::join_paths(all) {
            variables.push((name.into(), joined));
        }
    }
    variables
}

impl fmt::Display for Toolkit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "CANN {version}"),
            None => f.write_str("CANN of an unknown version"),
        }
    }
}

fn is_program(path: &Path) -> bool {
    let facts = fs::metadata(path);
    facts.is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

fn joined(folder: &Path, paths: Vec<String>) -> impl Iterator<Item = PathBuf> {
    let folder = folder.to_owned();
    paths.into_iter().map(move |path| folder.join(path))
}

/// Where the toolkit in `folder` may have its `atc`.
pub(crate) fn programs(folder: &Path, architecture: &str) -> impl Iterator<Item = PathBuf> {
    let own = format!("{architecture}-linux/bin/atc");
    let paths = ["bin/atc", &own, "compiler/bin/atc", "atc/bin/atc"];
    joined(folder, paths.map(str::to_owned).into())
}

/// Where the toolkit in `folder` may have the script that sets its environment.
pub(crate) fn scripts(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let paths = ["set_env.sh", "../set_env.sh", "bin/setenv.bash"];
    joined(folder, paths.map(str::to_owned).into())
}

/// The files in which the toolkit in `folder` may tell its version.
pub(crate) fn version_files(folder: &Path, architecture: &str) -> impl Iterator<Item = PathBuf> {
    let own = format!("{architecture}-linux/ascend_toolkit_install.info");
    let paths = [
        &*own,
        "version.cfg",
        "compiler/version.info",
        "opp/version.info",
    ];
    joined(folder, paths.map(str::to_owned).into())
}

fn own_version_files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    version_files(folder, env::consts::ARCH)
}

fn version_in(text: &str) -> Option<String> {
    const MOST_LETTERS: usize = 64;
    text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        let value = value.trim().trim_matches(['"', '[', ']']);
        let is_version = key.trim().to_ascii_lowercase().ends_with("version");
        let is_plain = value.len() <= MOST_LETTERS && value.chars().all(|c| c.is_ascii_graphic());
        (is_version && is_plain && !value.is_empty()).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn versions_are_found_in_many_files() {
        for (text, expected) in [
            ("package_name=toolkit\nversion=8.0.RC1\n", Some("8.0.RC1")),
            ("Version=7.3.0.1.231", Some("7.3.0.1.231")),
            ("runtime_running_version=[7.1:8.0]", Some("7.1:8.0")),
            ("version = two words", None),
            ("version=", None),
            ("nothing", None),
        ] {
            assert_eq!(version_in(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_link_in_path_leads_to_the_toolkit() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        for folder in [
            "usr/bin",
            "usr/local/bin",
            "cann/8.0/opp",
            "cann/8.0/bin",
            "alone/bin",
        ] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        let inner = format!("cann/8.0/{}-linux/bin", env::consts::ARCH);
        fs::create_dir_all(at(&inner)).unwrap();
        for program in [&*format!("{inner}/atc"), "alone/bin/atc"] {
            fs::write(at(program), "").unwrap();
            fs::set_permissions(at(program), fs::Permissions::from_mode(0o755)).unwrap();
        }
        symlink(
            format!("../{}-linux/bin/atc", env::consts::ARCH),
            at("cann/8.0/bin/atc"),
        )
        .unwrap();
        symlink("8.0", at("cann/latest")).unwrap();
        symlink(at("cann/latest/bin/atc"), at("usr/local/bin/atc")).unwrap();
        symlink("../local/bin/atc", at("usr/bin/atc")).unwrap();
        for (program, folder) in [
            ("usr/bin/atc", Some("cann/latest")),
            ("usr/local/bin/atc", Some("cann/latest")),
            ("cann/8.0/bin/atc", Some("cann/8.0")),
            (&*format!("{inner}/atc"), Some("cann/8.0")),
            ("alone/bin/atc", Some("alone")),
            ("cann/bin/atc", None),
        ] {
            let found = Toolkit::around(&at(program)).map(|toolkit| toolkit.folder);
            assert_eq!(found, folder.map(at), "{program}");
        }
    }
}
