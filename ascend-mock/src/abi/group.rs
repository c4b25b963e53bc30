//! Groups of cores.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtCreateGroupInfo(call: &Entry<'_>) -> Result<*mut aclrtGroupInfo, Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtDestroyGroupInfo(
    call: &Entry<'_>,
    groupInfo: *mut aclrtGroupInfo,
) -> Result<(), Fault> {
    present("groupInfo", groupInfo)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetAllGroupInfo(
    call: &Entry<'_>,
    groupInfo: *mut aclrtGroupInfo,
) -> Result<(), Fault> {
    present("groupInfo", groupInfo)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetGroupCount(call: &Entry<'_>, count: *mut u32) -> Result<(), Fault> {
    present("count", count)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetGroupInfoDetail(
    call: &Entry<'_>,
    groupInfo: *const aclrtGroupInfo,
    _groupIndex: i32,
    _attr: aclrtGroupAttr,
    attrValue: *mut c_void,
    _valueLen: usize,
    paramRetSize: *mut usize,
) -> Result<(), Fault> {
    present("groupInfo", groupInfo)?;
    present("attrValue", attrValue)?;
    present("paramRetSize", paramRetSize)?;
    call.unsupported()
}

/// The device has no groups of cores, as most chips have none.
pub(super) unsafe fn aclrtSetGroup(call: &Entry<'_>, _groupId: i32) -> Result<(), Fault> {
    call.context()?;
    call.unsupported()
}
