//! What is examined: files, an environment and a user.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::elf;
use super::environment;
use super::root::Root;
use super::user::User;
use crate::error::{Error, ErrorKind, Result};

/// A machine or container: its files, the environment that programs start with, and their user.
#[derive(Clone, Debug)]
pub struct Machine {
    pub(super) root: Root,
    pub(super) user: User,
    environment: Option<BTreeMap<OsString, OsString>>,
    /// It is the one that this process runs on.
    pub(super) is_here: bool,
    /// The environment is the one of this process, so that what it starts sees the same.
    pub(super) is_own_environment: bool,
    architecture: &'static str,
}

impl Machine {
    /// The machine that this process runs on, with its environment and its user.
    #[must_use]
    pub fn here() -> Self {
        let root = Root::new(PathBuf::from("/"));
        Self {
            user: User::here(&root).unwrap_or_else(User::root),
            root,
            environment: Some(env::vars_os().collect()),
            is_here: true,
            is_own_environment: true,
            architecture: env::consts::ARCH,
        }
    }

    /// What lies in a folder that stands for `/`: the files of a container, such as
    /// `/proc/PID/root`, or an unpacked image. Its user is root, and its environment is not known. Ordinary
    /// files stand for device nodes too, as archives have none. No program is started.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] where the folder cannot be read.
    pub fn at(folder: impl Into<PathBuf>) -> Result<Self> {
        let folder = folder.into();
        if let Err(error) = folder.read_dir() {
            let message = format!(
                "cannot read the folder {}: {error}; name the folder that stands for /",
                folder.display()
            );
            return Err(Error::new(ErrorKind::Io, message).with_source(error));
        }
        let root = Root::new(folder);
        Ok(Self {
            architecture: elf::architecture_of(&root).unwrap_or(env::consts::ARCH),
            user: User::root(),
            root,
            environment: None,
            is_here: false,
            is_own_environment: false,
        })
    }

    /// With another environment.
    #[must_use]
    pub fn with_environment(
        mut self,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Self {
        self.environment = Some(variables.into_iter().collect());
        self.is_own_environment = false;
        self
    }

    /// With the environment in a file: variables that end with NUL bytes, as in `/proc/PID/environ`, or
    /// lines, as `env` writes them. A line that begins no variable goes on with the last one. It may be a
    /// pipe, whose other end is waited for a few seconds.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] where the file cannot be read, is larger than an environment or nothing comes out of
    /// the pipe, [`ErrorKind::Format`] where it is none of both.
    pub fn with_environment_of(self, file: &Path) -> Result<Self> {
        Ok(self.with_environment(environment::read(file)?))
    }

    /// With the user of this name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] where the `/etc/passwd` of the machine has none of that name.
    pub fn with_user(mut self, name: &str) -> Result<Self> {
        self.user = User::named(&self.root, name).ok_or_else(|| {
            let message = format!(
                "no user is called {name:?} in /etc/passwd of the examined files; give another --user"
            );
            Error::new(ErrorKind::InvalidArgument, message)
        })?;
        Ok(self)
    }

    /// The name of the user.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user.name
    }

    /// The architecture of the machine's programs, such as `x86_64` or `aarch64`.
    #[must_use]
    pub fn architecture(&self) -> &str {
        self.architecture
    }

    pub(super) fn knows_environment(&self) -> bool {
        self.environment.is_some()
    }

    pub(super) fn variable(&self, name: &str) -> Option<OsString> {
        self.environment.as_ref()?.get(OsStr::new(name)).cloned()
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = (&OsString, &OsString)> {
        self.environment.iter().flatten()
    }

    /// The folders that a variable lists, without empty ones.
    pub(super) fn folders(&self, name: &str) -> Vec<PathBuf> {
        let value = self.variable(name).unwrap_or_default();
        let mut folders: Vec<_> = env::split_paths(&value).collect();
        folders.retain(|folder| !folder.as_os_str().is_empty());
        folders
    }
}
