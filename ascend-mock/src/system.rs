//! What a process carries besides objects: limits, options and states.

use std::sync::Mutex;

use crate::chip::Family;
use crate::dump::DumpState;
use crate::limits::Limits;
use crate::options::Options;
use crate::snapshot::Snapshot;

pub(crate) struct System {
    pub(crate) family: Family,
    pub(crate) limits: Limits,
    /// Of the process; contexts have their own as well.
    pub(crate) options: Options,
    pub(crate) dump: Mutex<DumpState>,
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
