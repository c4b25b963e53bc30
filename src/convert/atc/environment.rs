//! The environment that `atc` needs.

use std::collections::HashMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ascend_graph::counted;

use super::process::{End, Job, MARK};
use super::toolkit::Toolkit;

/// Where the driver of NPUs is, on machines that have one.
const DRIVER: [&str; 2] = ["/usr/local/Ascend/driver/lib64", "/dev/davinci_manager"];
/// How long a shell may take over `set_env.sh`, and Python over its packages.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than any environment.
const MOST_ENVIRONMENT: u64 = 4 << 20;
/// Variables of the shell itself.
const OF_THE_SHELL: [&str; 5] = ["_", "SHLVL", "PWD", "OLDPWD", "BASH_ENV"];

/// What is added to this process's environment for `atc`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Environment {
    pub(super) added: Vec<(OsString, OsString)>,
    /// How it was found, in a few words.
    pub(super) origin: String,
    /// What is to be told about it.
    pub(super) notes: Vec<String>,
}

impl Environment {
    /// The environment for `toolkit`; `folder` takes files for the moment.
    pub(super) fn of(toolkit: &Toolkit, folder: &Path) -> Self {
        let has_driver = DRIVER.iter().any(|path| Path::new(path).exists());
        Self::with_driver(toolkit, folder, has_driver)
    }

    fn with_driver(toolkit: &Toolkit, folder: &Path, has_driver: bool) -> Self {
        let mut environment = Self::default();
        let opp = env::var_os("ASCEND_OPP_PATH").map(PathBuf::from);
        if opp.is_some_and(|opp| opp.starts_with(&toolkit.folder)) {
            "the environment as it is".clone_into(&mut environment.origin);
        } else {
            let sourced = toolkit
                .set_env()
                .map(|script| (source(&script, folder), script));
            match sourced {
                Some((Ok(added), script)) => {
                    environment.origin = format!(
                        "{} of {}",
                        counted(added.len(), "variable"),
                        script.display()
                    );
                    environment.added = added;
                }
                failed => {
                    if let Some((Err(why), script)) = failed {
                        let note = format!("{} could not be sourced: {why}", script.display());
                        environment.notes.push(note);
                    }
                    environment.added = toolkit.usual_variables();
                    "the usual variables".clone_into(&mut environment.origin);
                }
            }
        }
        let stubs = toolkit
            .folder
            .join(format!("{}-linux/devlib", env::consts::ARCH));
        if !has_driver && stubs.is_dir() {
            environment.append("LD_LIBRARY_PATH", &stubs);
            environment.origin += ", devlib as there is no driver";
        }
        environment
    }

    /// The value of a variable as `atc` sees it.
    pub(super) fn get(&self, name: &str) -> Option<OsString> {
        let added = self.added.iter().find(|(known, _)| known == name);
        added
            .map(|(_, value)| value.clone())
            .or_else(|| env::var_os(name))
    }

    /// The folders of operators that are no part of the toolkit.
    pub(super) fn custom_operators(&self) -> Vec<PathBuf> {
        let custom = self.get("ASCEND_CUSTOM_OPP_PATH").unwrap_or_default();
        let vendors = self
            .get("ASCEND_OPP_PATH")
            .map(|opp| Path::new(&opp).join("vendors"));
        let custom = env::split_paths(&custom).filter(|path| path != Path::new(""));
        custom.chain(vendors).collect()
    }

    fn append(&mut self, name: &str, folder: &Path) {
        let before = self.get(name).unwrap_or_default();
        let all = env::split_paths(&before).filter(|path| path != Path::new(""));
        if let Ok(joined) = env::join_paths(all.chain([folder.to_owned()])) {
            self.added.retain(|(known, _)| known != name);
            self.added.push((name.into(), joined));
        }
    }

    /// The program `name` as `atc` would find it.
    pub(super) fn find_in_path(&self, name: &str) -> Option<PathBuf> {
        let path = self.get("PATH")?;
        env::split_paths(&path)
            .map(|bin| bin.join(name))
            .find(|file| file.is_file())
    }
}

/// What sourcing `script` changes in the environment; `folder` takes files for the moment.
pub(crate) fn source(script: &Path, folder: &Path) -> Result<Vec<(OsString, OsString)>, String> {
    // CANN's scripts are written for bash
    let shell = ["/bin/bash", "/usr/bin/bash"]
        .iter()
        .find(|shell| Path::new(shell).exists());
    let mut command = Command::new(shell.unwrap_or(&"/bin/sh"));
    let line = r#". "$1" >/dev/null 2>&1; env -0"#;
    command
        .args(["-c", line, "set_env"])
        .arg(script)
        .env_remove("BASH_ENV");
    let output = run(command, folder)?;
    let before: HashMap<OsString, OsString> = env::vars_os().collect();
    let variables = output.split(|byte| *byte == 0).filter_map(|variable| {
        let equals = variable.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (&variable[..equals], variable.get(equals + 1..)?);
        Some((
            OsStr::from_bytes(name).to_owned(),
            OsString::from_vec(value.to_vec()),
        ))
    });
    let is_new = |(name, value): &(OsString, OsString)| {
        let is_own = OF_THE_SHELL.iter().chain([&MARK]).any(|own| name == own);
        !is_own && before.get(name) != Some(value)
    };
    let mut added: Vec<_> = variables.filter(is_new).collect();
    added.sort();
    if added.is_empty() {
        return Err("it sets nothing".to_owned());
    }
    Ok(added)
}

/// Runs a helper, and gives its output.
pub(crate) fn run(command: Command, folder: &Path) -> Result<Vec<u8>, String> {
    let (stdout, stderr) = (folder.join("helper.out"), folder.join("helper.err"));
    let job = Job {
        command,
        stdout: &stdout,
        stderr: &stderr,
        folder,
        timeout: Some(PATIENCE),
    };
    let finished = job.run(&mut |_| ()).map_err(|error| error.to_string())?;
    let read = || {
        let is_small = fs::metadata(&stdout).is_ok_and(|file| file.len() <= MOST_ENVIRONMENT);
        is_small.then(|| fs::read(&stdout).ok()).flatten()
    };
    let output = match finished.end {
        End::Exited(status) if status.success() => read().ok_or("it answers too much".to_owned()),
        End::Exited(status) => Err(format!("it ended with {status}")),
        End::TimedOut => Err(format!("it took longer than {} s", PATIENCE.as_secs())),
        End::TooMuchOutput => Err("it answers too much".to_owned()),
    };
    // nothing is left but what belongs to the work
    let _ = (fs::remove_file(&stdout), fs::remove_file(&stderr));
    output
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn devlib_is_for_machines_without_a_driver() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("latest");
        let devlib = format!("{}-linux/devlib", env::consts::ARCH);
        for inside in ["bin", &devlib] {
            fs::create_dir_all(folder.join(inside)).unwrap();
        }
        assert!(Toolkit::find(Some(&folder)).is_err(), "there is no program");
        fs::write(folder.join("bin/atc"), "").unwrap();
        assert!(Toolkit::find(Some(&folder)).is_err(), "it cannot be run");
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.join("bin/atc"), executable).unwrap();
        let toolkit = Toolkit::find(Some(&folder)).unwrap();
        assert_eq!(
            (toolkit.version.as_deref(), &toolkit.folder),
            (None, &folder)
        );
        for has_driver in [false, true] {
            let environment = Environment::with_driver(&toolkit, place.path(), has_driver);
            let libraries = environment.get("LD_LIBRARY_PATH").unwrap();
            let folders: Vec<_> = env::split_paths(&libraries).collect();
            assert_eq!(folders[0], folder.join("lib64"));
            let has_stubs = folders.last() == Some(&folder.join(&devlib));
            assert_eq!(has_stubs, !has_driver);
            let opp = environment.get("ASCEND_OPP_PATH").unwrap();
            assert_eq!(Path::new(&opp), folder.join("opp"));
        }
    }

    #[test]
    fn a_script_is_asked_for_what_it_changes() {
        let place = tempfile::tempdir().unwrap();
        let script = place.path().join("set env.sh");
        for (text, expected) in [
            ("export A_NEW_ONE='a b\n=c'", Ok("a b\n=c")),
            ("true", Err("it sets nothing")),
            ("exit 3", Err("exit status: 3")),
        ] {
            fs::write(&script, text).unwrap();
            let got = source(&script, place.path());
            match expected {
                Ok(value) => assert_eq!(got.unwrap(), [("A_NEW_ONE".into(), value.into())]),
                Err(why) => assert!(got.unwrap_err().contains(why), "{text}"),
            }
        }
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }
}
