//! Notifies.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtCntNotifyCreate(
    call: &Entry<'_>,
    cntNotify: *mut aclrtCntNotify,
    _flag: u64,
) -> Result<(), Fault> {
    present("cntNotify", cntNotify)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCntNotifyDestroy(
    call: &Entry<'_>,
    _cntNotify: aclrtCntNotify,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtCntNotifyGetId(
    call: &Entry<'_>,
    _cntNotify: aclrtCntNotify,
    notifyId: *mut u32,
) -> Result<(), Fault> {
    present("notifyId", notifyId)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCntNotifyRecord(
    call: &Entry<'_>,
    _cntNotify: aclrtCntNotify,
    _stream: aclrtStream,
    info: *mut aclrtCntNotifyRecordInfo,
) -> Result<(), Fault> {
    present("info", info)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCntNotifyReset(
    call: &Entry<'_>,
    _cntNotify: aclrtCntNotify,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtCntNotifyWaitWithTimeout(
    call: &Entry<'_>,
    _cntNotify: aclrtCntNotify,
    _stream: aclrtStream,
    info: *mut aclrtCntNotifyWaitInfo,
) -> Result<(), Fault> {
    present("info", info)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtCreateNotify(
    call: &Entry<'_>,
    notify: *mut aclrtNotify,
    _flag: u64,
) -> Result<(), Fault> {
    present("notify", notify)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtDestroyNotify(
    call: &Entry<'_>,
    _notify: aclrtNotify,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtGetNotifyId(
    call: &Entry<'_>,
    _notify: aclrtNotify,
    notifyId: *mut u32,
) -> Result<(), Fault> {
    present("notifyId", notifyId)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtNotifyBatchReset(
    call: &Entry<'_>,
    notifies: *mut aclrtNotify,
    _num: usize,
) -> Result<(), Fault> {
    present("notifies", notifies)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtNotifyGetExportKey(
    call: &Entry<'_>,
    _notify: aclrtNotify,
    key: *mut c_char,
    _len: usize,
    _flags: u64,
) -> Result<(), Fault> {
    present("key", key)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtNotifyImportByKey(
    call: &Entry<'_>,
    notify: *mut aclrtNotify,
    key: *const c_char,
    _flags: u64,
) -> Result<(), Fault> {
    present("notify", notify)?;
    present("key", key)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtNotifySetImportPid(
    call: &Entry<'_>,
    _notify: aclrtNotify,
    pid: *mut i32,
    _num: usize,
) -> Result<(), Fault> {
    present("pid", pid)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtNotifySetImportPidInterServer(
    call: &Entry<'_>,
    _notify: aclrtNotify,
    serverPids: *mut aclrtServerPid,
    _num: usize,
) -> Result<(), Fault> {
    present("serverPids", serverPids)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtRecordNotify(
    call: &Entry<'_>,
    _notify: aclrtNotify,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtWaitAndResetNotify(
    call: &Entry<'_>,
    _notify: aclrtNotify,
    _stream: aclrtStream,
    _timeout: u32,
) -> Result<(), Fault> {
    call.unsupported()
}
