//! `aclInit` and `aclFinalize`: counted, with a configuration file.

use std::ffi::OsStr;
use std::fmt::Display;
use std::mem;
use std::path::Path;
use std::sync::MutexGuard;

use ascend_sys::{
    ACL_ERROR_INVALID_FILE, ACL_ERROR_PARSE_FILE, ACL_ERROR_REPEAT_FINALIZE,
    ACL_ERROR_REPEAT_INITIALIZE, ACL_ERROR_RT_FEATURE_NOT_SUPPORT,
};

use serde_json::{Map, Value};

use crate::context::Queued;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::file;
use crate::json;
use crate::settings::Settings;
use crate::sync::lock;
use crate::world::World;

/// Configuration files above this are refused. The vendor's own limit is not published.
pub(crate) const MAX_CONFIG_BYTES: u64 = 10 << 20;

#[derive(Default)]
pub(crate) struct Init {
    count: u64,
    finalized: bool,
    /// What the first initialisation was configured with; later ones must agree.
    config: Option<Vec<u8>>,
    settings: Settings,
}

/// A configuration file.
#[derive(Default)]
pub(crate) struct Config {
    /// Empty for a file that says nothing.
    text: Vec<u8>,
    pub(crate) value: Value,
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
            _ => Config::default(),
        };
        if init
            .config
            .as_ref()
            .is_some_and(|first| *first != config.text)
        {
            return Err(Fault::argument(
                "the configuration differs from the one of the first aclInit",
            ));
        }
        let settings = Settings::of(&config.value, self.config.devices)?;
        self.apply(&settings)?;
        self.messages.share(settings.shares_messages);
        init.settings = settings;
        init.config = Some(config.text);
        init.count = 1;
        init.finalized = false;
        self.reporter.begin();
        Ok(())
    }

    fn apply(&self, settings: &Settings) -> Result<(), Fault> {
        for &(limit, bytes) in &settings.limits {
            // The file may name limits that the chip does not have.
            if let Err(fault) = self.set_limit(limit, bytes)
                && fault.code != ACL_ERROR_RT_FEATURE_NOT_SUPPORT
            {
                return Err(fault);
            }
        }
        if let Some(length) = settings.operator_queue {
            self.operators.set_queue_length(length)?;
        }
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

    /// What the configuration file of `aclInit` asked for, while that holds.
    pub(crate) fn settings(&self) -> Settings {
        lock(&self.init).settings.clone()
    }

    /// The device of threads that set none.
    pub(crate) fn default_device(&self) -> Option<u32> {
        lock(&self.init).settings.default_device
    }
}

impl Entry<'_> {
    /// R-029…R-031: whatever the count.
    pub(crate) fn tear_down(&self) -> Result<(), Fault> {
        let mut init = lock(&self.world.init);
        if init.finalized {
            return Err(finalized_already());
        }
        init.count = 0;
        self.end(init);
        Ok(())
    }

    /// Takes back one initialisation, and says how many are left (R-032…R-034).
    pub(crate) fn take_back_reference(&self) -> (u64, Result<(), Fault>) {
        let mut init = lock(&self.world.init);
        if init.count == 0 {
            return (0, Err(finalized_already()));
        }
        init.count -= 1;
        let left = init.count;
        if left == 0 {
            self.end(init);
        }
        (left, Ok(()))
    }

    /// Devices that were set stay set; the one that no thread set ends.
    fn end(&self, mut init: MutexGuard<'_, Init>) {
        init.finalized = true;
        let settings = mem::take(&mut init.settings);
        drop(init);
        if let Some(primary) = settings
            .default_device
            .and_then(|device| self.take_unreferenced(device))
        {
            self.end_context(primary, Queued::Runs);
        }
        self.world.exceptions.end_devices();
        self.world.report_at_end();
    }
}

fn finalized_already() -> Fault {
    Fault::new(ACL_ERROR_REPEAT_FINALIZE, "finalised already")
}

/// Reads a configuration file; one that says nothing comes back empty (R-015…R-020).
pub(crate) fn read_config(path: &OsStr) -> Result<Config, Fault> {
    let refused = |code, why: &dyn Display| {
        let path = path.display();
        Fault::new(code, format!("configuration file {path}: {why}"))
    };
    let unreadable = |why: &dyn Display| refused(ACL_ERROR_INVALID_FILE, why);
    let read = file::read(Path::new(path), MAX_CONFIG_BYTES);
    let mut text = read.map_err(|error| unreadable(&error))?;
    if text.is_empty() {
        return Ok(Config::default());
    }
    let value = json::parse(&text).map_err(|error| refused(ACL_ERROR_PARSE_FILE, &error))?;
    if value.as_object().is_some_and(Map::is_empty) {
        text.clear();
    }
    Ok(Config { text, value })
}
