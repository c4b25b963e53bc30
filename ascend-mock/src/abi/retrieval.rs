//! Searches for feature vectors.

use ascend_sys::*;

use super::pointers::{handle, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::retrieval::{
    Features, Found, Range, Search, Setup, Table, check_ids, check_kind, check_parts, check_top,
};

/// The functions that destroy objects.
macro_rules! destroys {
    ($($symbol:ident($object:ident, $name:literal) of $objects:ident;)*) => {
        $(pub(super) unsafe fn $symbol(call: &Entry<'_>, object: *mut $object) -> Result<(), Fault> {
            let object = handle($name, object)?;
            call.world.retrieval.$objects.remove(object).map(|_| ())
        })*
    };
}

destroys! {
    aclfvDestroyFeatureInfo(aclfvFeatureInfo, "featureInfo") of features;
    aclfvDestroyInitPara(aclfvInitPara, "initPara") of setups;
    aclfvDestroyQueryTable(aclfvQueryTable, "queryTable") of tables;
    aclfvDestroyRepoRange(aclfvRepoRange, "repoRange") of ranges;
    aclfvDestroySearchInput(aclfvSearchInput, "searchInput") of searches;
    aclfvDestroySearchResult(aclfvSearchResult, "searchResult") of results;
}

pub(super) unsafe fn aclfvCreateInitPara(
    call: &Entry<'_>,
    fsNum: u64,
) -> Result<*mut aclfvInitPara, Fault> {
    if fsNum == 0 {
        return Err(Fault::argument("fsNum is 0"));
    }
    let setups = &call.world.retrieval.setups;
    Ok(opaque(setups.insert(call.origin, |_| Setup::default()).0))
}

pub(super) unsafe fn aclfvSet1NTopNum(
    call: &Entry<'_>,
    initPara: *mut aclfvInitPara,
    maxTopNumFor1N: u32,
) -> Result<(), Fault> {
    let setup = handle("initPara", initPara)?;
    check_top("maxTopNumFor1N", maxTopNumFor1N)?;
    let setups = &call.world.retrieval.setups;
    setups.change(setup, |setup| setup.top_of_one = maxTopNumFor1N)
}

pub(super) unsafe fn aclfvSetNMTopNum(
    call: &Entry<'_>,
    initPara: *mut aclfvInitPara,
    maxTopNumForNM: u32,
) -> Result<(), Fault> {
    let setup = handle("initPara", initPara)?;
    check_top("maxTopNumForNM", maxTopNumForNM)?;
    let setups = &call.world.retrieval.setups;
    setups.change(setup, |setup| setup.top_of_many = maxTopNumForNM)
}

pub(super) unsafe fn aclfvCreateFeatureInfo(
    call: &Entry<'_>,
    id0: u32,
    id1: u32,
    _offset: u32,
    featureLen: u32,
    featureCount: u32,
    featureData: *mut u8,
    featureDataLen: u32,
) -> Result<*mut aclfvFeatureInfo, Fault> {
    present("featureData", featureData)?;
    check_ids("id0", id0, id0)?;
    check_ids("id1", id1, id1)?;
    check_parts("featureDataLen", featureCount, featureLen, featureDataLen)?;
    let features = &call.world.retrieval.features;
    Ok(opaque(features.insert(call.origin, |_| Features).0))
}

pub(super) unsafe fn aclfvCreateQueryTable(
    call: &Entry<'_>,
    queryCnt: u32,
    tableLen: u32,
    tableData: *mut u8,
    tableDataLen: u32,
) -> Result<*mut aclfvQueryTable, Fault> {
    present("tableData", tableData)?;
    check_parts("tableDataLen", queryCnt, tableLen, tableDataLen)?;
    let tables = &call.world.retrieval.tables;
    Ok(opaque(tables.insert(call.origin, |_| Table).0))
}

pub(super) unsafe fn aclfvCreateRepoRange(
    call: &Entry<'_>,
    id0Min: u32,
    id0Max: u32,
    id1Min: u32,
    id1Max: u32,
) -> Result<*mut aclfvRepoRange, Fault> {
    check_ids("id0", id0Min, id0Max)?;
    check_ids("id1", id1Min, id1Max)?;
    let ranges = &call.world.retrieval.ranges;
    Ok(opaque(ranges.insert(call.origin, |_| Range).0))
}

pub(super) unsafe fn aclfvCreateSearchInput(
    call: &Entry<'_>,
    queryTable: *mut aclfvQueryTable,
    repoRange: *mut aclfvRepoRange,
    topk: u32,
) -> Result<*mut aclfvSearchInput, Fault> {
    let search = Search {
        table: handle("queryTable", queryTable)?,
        range: handle("repoRange", repoRange)?,
    };
    let retrieval = &call.world.retrieval;
    retrieval.tables.get(search.table)?;
    retrieval.ranges.get(search.range)?;
    check_top("topk", topk)?;
    Ok(opaque(retrieval.searches.insert(call.origin, |_| search).0))
}

pub(super) unsafe fn aclfvCreateSearchResult(
    call: &Entry<'_>,
    queryCnt: u32,
    resultNum: *mut u32,
    resultNumDataLen: u32,
    id0: *mut u32,
    id1: *mut u32,
    resultOffset: *mut u32,
    resultDistance: *mut f32,
    dataLen: u32,
) -> Result<*mut aclfvSearchResult, Fault> {
    present("resultNum", resultNum)?;
    present("id0", id0)?;
    present("id1", id1)?;
    present("resultOffset", resultOffset)?;
    present("resultDistance", resultDistance)?;
    check_parts("resultNumDataLen", queryCnt, 4, resultNumDataLen)?;
    if dataLen == 0 {
        return Err(Fault::argument("dataLen is 0"));
    }
    let results = &call.world.retrieval.results;
    Ok(opaque(results.insert(call.origin, |_| Found).0))
}

pub(super) unsafe fn aclfvInit(
    call: &Entry<'_>,
    initPara: *mut aclfvInitPara,
) -> Result<(), Fault> {
    let setup = call
        .world
        .retrieval
        .setups
        .get(handle("initPara", initPara)?)?;
    check_top("maxTopNumFor1N", setup.top_of_one.max(1))?;
    check_top("maxTopNumForNM", setup.top_of_many.max(1))?;
    call.world.retrieval.set_up()
}

pub(super) unsafe fn aclfvRelease(call: &Entry<'_>) -> Result<(), Fault> {
    call.world.retrieval.release()
}

/// Checks feature vectors that a repository is to take or to lose.
fn features(call: &Entry<'_>, info: *mut aclfvFeatureInfo) -> Result<(), Fault> {
    let retrieval = &call.world.retrieval;
    retrieval.features.get(handle("featureInfo", info)?)?;
    retrieval.check_set_up()
}

pub(super) unsafe fn aclfvDel(
    call: &Entry<'_>,
    featureInfo: *mut aclfvFeatureInfo,
) -> Result<(), Fault> {
    features(call, featureInfo)?;
    call.unsupported()
}

pub(super) unsafe fn aclfvModify(
    call: &Entry<'_>,
    featureInfo: *mut aclfvFeatureInfo,
) -> Result<(), Fault> {
    features(call, featureInfo)?;
    call.unsupported()
}

pub(super) unsafe fn aclfvRepoAdd(
    call: &Entry<'_>,
    type_: aclfvSearchType,
    featureInfo: *mut aclfvFeatureInfo,
) -> Result<(), Fault> {
    check_kind(type_)?;
    features(call, featureInfo)?;
    call.unsupported()
}

pub(super) unsafe fn aclfvRepoDel(
    call: &Entry<'_>,
    type_: aclfvSearchType,
    repoRange: *mut aclfvRepoRange,
) -> Result<(), Fault> {
    check_kind(type_)?;
    let retrieval = &call.world.retrieval;
    retrieval.ranges.get(handle("repoRange", repoRange)?)?;
    retrieval.check_set_up()?;
    call.unsupported()
}

pub(super) unsafe fn aclfvSearch(
    call: &Entry<'_>,
    type_: aclfvSearchType,
    searchInput: *mut aclfvSearchInput,
    searchRst: *mut aclfvSearchResult,
) -> Result<(), Fault> {
    check_kind(type_)?;
    let retrieval = &call.world.retrieval;
    let search = retrieval
        .searches
        .get(handle("searchInput", searchInput)?)?;
    retrieval.tables.get(search.table)?;
    retrieval.ranges.get(search.range)?;
    retrieval.results.get(handle("searchRst", searchRst)?)?;
    retrieval.check_set_up()?;
    call.unsupported()
}
