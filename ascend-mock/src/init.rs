//! `aclInit` and `aclFinalize`: counted, with a configuration file.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;

use ascend_sys::{
    ACL_ERROR_INVALID_FILE, ACL_ERROR_PARSE_FILE, ACL_ERROR_REPEAT_FINALIZE,
    ACL_ERROR_REPEAT_INITIALIZE,
};

use crate::fault::Fault;
use crate::json;
use crate::sync::lock;
use crate::world::World;

/// Configuration files above this are refused. The vendor's own limit is not published.
const MAX_CONFIG_BYTES: u64 = 10 << 20;

#[derive(Default)]
pub(crate) struct Init {
    count: u64,
    finalized: bool,
    /// What the first initialisation was configured with; later ones must agree.
    config: Option<Vec<u8>>,
}

impl World {
    /// `None` or an empty path stand for the defaults (R-013…R-027).
    pub(crate) fn initialize(&self, path: Option<&OsStr>) -> Result<(), Fault> {
        let mut init = lock(&self.init);
        if init.count > 0 {
            init.count += 1;
            return Err(Fault::new(
                ACL_ERROR_REPEAT_INITIALIZE,
                format!("initialised already; the count is {} now", init.count),
            ));
        }
        let config = match path {
            Some(path) if !path.is_empty() => read_config(path)?,
            _ => Vec::new(),
        };
        if init.config.as_ref().is_some_and(|first| *first != config) {
            return Err(Fault::argument(
                "the configuration differs from the one of the first aclInit",
            ));
        }
        self.messages.configure(&config)?;
        init.config = Some(config);
        init.count = 1;
        init.finalized = false;
        self.reporter.begin();
        Ok(())
    }

    pub(crate) fn is_initialized(&self) -> bool {
        lock(&self.init).count > 0
    }

    /// Whether taking back one initialisation finalises.
    pub(crate) fn is_initialized_once(&self) -> bool {
        lock(&self.init).count == 1
    }

    /// The text of the configuration file.
    pub(crate) fn configuration(&self) -> Vec<u8> {
        lock(&self.init).config.clone().unwrap_or_default()
    }

    /// Undoes a first initialisation that a callback made fail.
    pub(crate) fn take_back_initialization(&self) {
        let mut init = lock(&self.init);
        init.count = 0;
        init.config = None;
    }

    /// R-029…R-031: whatever the count.
    pub(crate) fn finalize(&self) -> Result<(), Fault> {
        let mut init = lock(&self.init);
        if init.finalized {
            return Err(finalized_already());
        }
        init.count = 0;
        init.finalized = true;
        drop(init);
        self.report_at_end();
        Ok(())
    }

    /// Takes back one initialisation, and says how many are left (R-032…R-034).
    pub(crate) fn finalize_reference(&self) -> (u64, Result<(), Fault>) {
        let mut init = lock(&self.init);
        if init.count == 0 {
            return (0, Err(finalized_already()));
        }
        init.count -= 1;
        let left = init.count;
        init.finalized = left == 0;
        drop(init);
        if left == 0 {
            self.report_at_end();
        }
        (left, Ok(()))
    }
}

fn finalized_already() -> Fault {
    Fault::new(ACL_ERROR_REPEAT_FINALIZE, "finalised already")
}

/// Reads and checks a configuration file; one that says nothing comes back empty.
fn read_config(path: &OsStr) -> Result<Vec<u8>, Fault> {
    let unreadable = |why: &str| {
        let path = path.display();
        Fault::new(
            ACL_ERROR_INVALID_FILE,
            format!("configuration file {path}: {why}"),
        )
    };
    let file = File::open(path).map_err(|error| unreadable(&error.to_string()))?;
    let metadata = file
        .metadata()
        .map_err(|error| unreadable(&error.to_string()))?;
    if !metadata.is_file() || metadata.len() > MAX_CONFIG_BYTES {
        return Err(unreadable("not a regular file of 10 MiB at most"));
    }
    let mut text = Vec::new();
    file.take(MAX_CONFIG_BYTES)
        .read_to_end(&mut text)
        .map_err(|error| unreadable(&error.to_string()))?;
    if text.is_empty() {
        return Ok(text);
    }
    json::check(&text).map_err(|error| {
        let path = path.display();
        Fault::new(
            ACL_ERROR_PARSE_FILE,
            format!("configuration file {path}: {error}"),
        )
    })?;
    if text
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .eq(b"{}")
    {
        text.clear();
    }
    Ok(text)
}
