//! Starting the runtime with a configuration.

use std::ffi::CString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::AclConfig;
use crate::acl::Acl;
use crate::error::{Error, ErrorKind, Result};

impl AclConfig {
    /// The CANN installed on this machine, started with this configuration; see [`Acl::load`].
    ///
    /// # Errors
    ///
    /// As for [`Acl::load`] and [`AclConfig::to_json`]; [`ErrorKind::InvalidArgument`] when the runtime
    /// runs already: its configuration is read once a process.
    pub fn load(&self) -> Result<Acl> {
        Acl::load_configured(self)
    }

    /// A CPU device of its own that is started with this configuration.
    ///
    /// # Errors
    ///
    /// As for [`Acl::mock`] and [`AclConfig::to_json`].
    #[cfg(feature = "mock")]
    pub fn mock(&self, mock: ascend_mock::MockConfig) -> Result<Acl> {
        Acl::mock_configured(mock, self)
    }

    /// CANN where it is installed, and otherwise a CPU device, as by [`Acl::auto_with`].
    ///
    /// # Errors
    ///
    /// As for [`AclConfig::load`] and [`AclConfig::mock`].
    #[cfg(feature = "mock")]
    pub fn auto(&self, mock: ascend_mock::MockConfig) -> Result<Acl> {
        Acl::auto_configured(mock, self)
    }

    /// The file for the runtime, for as long as it reads it. `None` for the defaults.
    pub(crate) fn hand_over(&self) -> Result<Option<Handed>> {
        if let Some(file) = &self.file {
            return Handed::new(file.clone(), false).map(Some);
        }
        if self.is_default() {
            return Ok(None);
        }
        handed(&self.to_json()?, "the configuration of the runtime").map(Some)
    }
}

/// A configuration as the runtime takes it.
#[derive(Debug)]
pub(crate) struct Handed {
    path: PathBuf,
    c_path: CString,
    is_ours: bool,
}

impl Handed {
    fn new(path: PathBuf, is_ours: bool) -> Result<Self> {
        let c_path = CString::new(path.as_os_str().as_bytes()).map_err(|_| {
            let message = format!(
                "cannot hand over {}: the path holds a NUL; name another",
                path.display()
            );
            Error::new(ErrorKind::InvalidArgument, message)
        })?;
        Ok(Self {
            path,
            c_path,
            is_ours,
        })
    }

    pub(crate) fn c_path(&self) -> &CString {
        &self.c_path
    }

    /// What it is called in errors.
    pub(crate) fn told(&self) -> String {
        if self.is_ours {
            "its configuration".to_owned()
        } else {
            format!("the configuration {}", self.path.display())
        }
    }
}

impl Drop for Handed {
    fn drop(&mut self) {
        if self.is_ours {
            // It is of no use to anybody, and small.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A file that others can neither read nor have put there.
fn write(text: &str) -> io::Result<PathBuf> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    loop {
        let name = format!(
            "ascend-{}-{}.json",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        let mut options = OpenOptions::new();
        match options.write(true).create_new(true).mode(0o600).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(mut file) => {
                file.write_all(text.as_bytes()).inspect_err(|_| {
                    let _ = fs::remove_file(&path);
                })?;
                return Ok(path);
            }
        }
    }
}

/// `text` in a file for the runtime, which is gone when the runtime has read it.
pub(crate) fn handed(text: &str, whose: &str) -> Result<Handed> {
    let path = write(text).map_err(|error| {
        let message = format!(
            "cannot write {whose} into {}: {error}; name a folder that can be written to by TMPDIR",
            std::env::temp_dir().display()
        );
        Error::new(ErrorKind::Io, message).with_source(error)
    })?;
    Handed::new(path, true)
}
