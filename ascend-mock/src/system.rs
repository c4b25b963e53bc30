//! What a process carries besides objects: limits, options and states.

use std::sync::Mutex;

use crate::chip::Family;
use crate::limits::Limits;
use crate::options::Options;
use crate::snapshot::Snapshot;

pub(crate) struct System {
    pub(crate) family: Family,
    pub(crate) limits: Limits,
    /// Of the process; contexts have their own as well.
    pub(crate) options: Options,
    /// Whether `aclmdlInitDump` was called.
    pub(crate) dump: Mutex<bool>,
    pub(crate) snapshot: Mutex<Snapshot>,
}

impl System {
    pub(crate) fn new(family: Family) -> Self {
        Self {
            family,
            limits: Limits::default(),
            options: Options::default(),
            dump: Mutex::default(),
            snapshot: Mutex::default(),
        }
    }
}
