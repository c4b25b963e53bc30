//! Searches for feature vectors: the objects that describe them. There is no searcher.

use std::sync::Mutex;

use ascend_sys::{ACL_ERROR_REPEAT_INITIALIZE, ACL_ERROR_UNINITIALIZE, aclfvSearchType};

use crate::fault::Fault;
use crate::handles::{Registry, kinds};
use crate::ledger::Live;
use crate::sync::lock;

/// Repositories are numbered by two numbers, each up to this.
const MAX_ID: u32 = 1023;
/// The most results of a search in one repository set.
const MAX_TOP: u32 = 4800;

#[derive(Default)]
pub(crate) struct Retrieval {
    pub(crate) features: Registry<Features>,
    pub(crate) setups: Registry<Setup>,
    pub(crate) tables: Registry<Table>,
    pub(crate) ranges: Registry<Range>,
    pub(crate) searches: Registry<Search>,
    pub(crate) results: Registry<Found>,
    is_set_up: Mutex<bool>,
}

pub(crate) struct Features;

#[derive(Clone, Default)]
pub(crate) struct Setup {
    pub(crate) top_of_one: u32,
    pub(crate) top_of_many: u32,
}

pub(crate) struct Table;
pub(crate) struct Range;

/// Handles of what is searched for, and where.
pub(crate) struct Search {
    pub(crate) table: u64,
    pub(crate) range: u64,
}

pub(crate) struct Found;

kinds! {
    Features => FeatureInfo;
    Setup => FeatureInit;
    Table => FeatureQuery;
    Range => FeatureRange;
    Search => FeatureSearch;
    Found => FeatureResult;
}

impl Retrieval {
    pub(crate) fn live(&self) -> Vec<Live> {
        let mut live = self.features.live();
        live.extend(self.setups.live());
        live.extend(self.tables.live());
        live.extend(self.ranges.live());
        live.extend(self.searches.live());
        live.extend(self.results.live());
        live
    }

    pub(crate) fn set_up(&self) -> Result<(), Fault> {
        let mut is_set_up = lock(&self.is_set_up);
        if *is_set_up {
            return Err(Fault::new(
                ACL_ERROR_REPEAT_INITIALIZE,
                "searching is set up already",
            ));
        }
        *is_set_up = true;
        Ok(())
    }

    pub(crate) fn check_set_up(&self) -> Result<(), Fault> {
        if !*lock(&self.is_set_up) {
            return Err(Fault::new(
                ACL_ERROR_UNINITIALIZE,
                "searching is not set up; call aclfvInit first",
            ));
        }
        Ok(())
    }

    pub(crate) fn release(&self) -> Result<(), Fault> {
        self.check_set_up()?;
        *lock(&self.is_set_up) = false;
        Ok(())
    }
}

/// Refuses data that has not `count` parts of `length` bytes.
pub(crate) fn check_parts(name: &str, count: u32, length: u32, bytes: u32) -> Result<(), Fault> {
    if bytes == 0 || u64::from(count) * u64::from(length) != u64::from(bytes) {
        return Err(Fault::argument(format!(
            "{name} is {bytes}, not {count} parts of {length} bytes"
        )));
    }
    Ok(())
}

pub(crate) fn check_ids(name: &str, least: u32, most: u32) -> Result<(), Fault> {
    if least > most || most > MAX_ID {
        return Err(Fault::argument(format!(
            "{name} goes from {least} to {most}; it can go from 0 to {MAX_ID}"
        )));
    }
    Ok(())
}

pub(crate) fn check_top(name: &str, top: u32) -> Result<(), Fault> {
    if !(1..=MAX_TOP).contains(&top) {
        return Err(Fault::argument(format!(
            "{name} is {top}; it can be 1 to {MAX_TOP}"
        )));
    }
    Ok(())
}

pub(crate) fn check_kind(kind: aclfvSearchType) -> Result<(), Fault> {
    if kind.0 > aclfvSearchType::SEARCH_N_M.0 {
        return Err(Fault::argument(format!(
            "there is no search of type {}",
            kind.0
        )));
    }
    Ok(())
}
