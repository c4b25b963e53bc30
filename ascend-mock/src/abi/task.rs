//! Small tasks.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtRandomNumAsync(
    call: &Entry<'_>,
    taskInfo: *const aclrtRandomNumTaskInfo,
    _stream: aclrtStream,
    reserve: *mut c_void,
) -> Result<(), Fault> {
    present("taskInfo", taskInfo)?;
    present("reserve", reserve)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtReduceAsync(
    call: &Entry<'_>,
    dst: *mut c_void,
    src: *const c_void,
    _count: u64,
    _kind: aclrtReduceKind,
    _type_: aclDataType,
    _stream: aclrtStream,
    reserve: *mut c_void,
) -> Result<(), Fault> {
    present("dst", dst)?;
    present("src", src)?;
    present("reserve", reserve)?;
    call.unsupported()
}
