//! Captured graphs.

use std::ffi::*;

use ascend_sys::*;

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclmdlRIAbort(call: &Entry<'_>, _modelRI: aclmdlRI) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIAddCondTask(
    call: &Entry<'_>,
    _params: aclmdlRICondTaskParams,
    _stream: aclrtStream,
    _flags: u32,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIBindStream(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    _stream: aclrtStream,
    _flag: u32,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIBuildBegin(
    call: &Entry<'_>,
    modelRI: *mut aclmdlRI,
    _flag: u32,
) -> Result<(), Fault> {
    present("modelRI", modelRI)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIBuildEnd(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    reserve: *mut c_void,
) -> Result<(), Fault> {
    present("reserve", reserve)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRICaptureBegin(
    call: &Entry<'_>,
    _stream: aclrtStream,
    _mode: aclmdlRICaptureMode,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRICaptureEnd(
    call: &Entry<'_>,
    _stream: aclrtStream,
    modelRI: *mut aclmdlRI,
) -> Result<(), Fault> {
    present("modelRI", modelRI)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRICaptureGetInfo(
    call: &Entry<'_>,
    _stream: aclrtStream,
    status: *mut aclmdlRICaptureStatus,
    modelRI: *mut aclmdlRI,
) -> Result<(), Fault> {
    present("status", status)?;
    present("modelRI", modelRI)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRICaptureTaskGrpBegin(
    call: &Entry<'_>,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRICaptureTaskGrpEnd(
    call: &Entry<'_>,
    _stream: aclrtStream,
    handle: *mut aclrtTaskGrp,
) -> Result<(), Fault> {
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRICaptureTaskUpdateBegin(
    call: &Entry<'_>,
    _stream: aclrtStream,
    _handle: aclrtTaskGrp,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRICaptureTaskUpdateEnd(
    call: &Entry<'_>,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRICaptureThreadExchangeMode(
    call: &Entry<'_>,
    mode: *mut aclmdlRICaptureMode,
) -> Result<(), Fault> {
    present("mode", mode)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRICaptureToModelRIBegin(
    call: &Entry<'_>,
    _stream: aclrtStream,
    _modelRI: aclmdlRI,
    _mode: aclmdlRICaptureMode,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRICondHandleCreate(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    _defaultLaunchValue: u32,
    _flag: aclmdlRICondHandleFlag,
    handle: *mut aclmdlRICondHandle,
) -> Result<(), Fault> {
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRICondHandleGetCondPtr(
    call: &Entry<'_>,
    _handle: aclmdlRICondHandle,
    ptr: *mut *mut u64,
) -> Result<(), Fault> {
    present("ptr", ptr)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIDebugJsonPrint(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    path: *const c_char,
    _flags: u32,
) -> Result<(), Fault> {
    present("path", path)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIDebugPrint(call: &Entry<'_>, _modelRI: aclmdlRI) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIDestroy(call: &Entry<'_>, _modelRI: aclmdlRI) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIDestroyRegisterCallback(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    _func: aclrtCallback,
    userData: *mut c_void,
) -> Result<(), Fault> {
    present("userData", userData)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIDestroyUnregisterCallback(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    _func: aclrtCallback,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIEndTask(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIExecute(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    _timeout: i32,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIExecuteAsync(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIGetId(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    modelRIId: *mut u32,
) -> Result<(), Fault> {
    present("modelRIId", modelRIId)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIGetName(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    _maxLen: u32,
    name: *mut c_char,
) -> Result<(), Fault> {
    present("name", name)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIGetStreams(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    streams: *mut aclrtStream,
    numStreams: *mut u32,
) -> Result<(), Fault> {
    present("streams", streams)?;
    present("numStreams", numStreams)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIGetTasksByStream(
    call: &Entry<'_>,
    _stream: aclrtStream,
    tasks: *mut aclmdlRITask,
    numTasks: *mut u32,
) -> Result<(), Fault> {
    present("tasks", tasks)?;
    present("numTasks", numTasks)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIKernelTaskGetAttribute(
    call: &Entry<'_>,
    _task: aclmdlRITask,
    _attrId: aclrtLaunchKernelAttrId,
    attrValue: *mut aclrtLaunchKernelAttrValue,
) -> Result<(), Fault> {
    present("attrValue", attrValue)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRISetName(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    name: *const c_char,
) -> Result<(), Fault> {
    present("name", name)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRITaskDisable(
    call: &Entry<'_>,
    _task: aclmdlRITask,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRITaskGetParams(
    call: &Entry<'_>,
    _task: aclmdlRITask,
    params: *mut aclmdlRITaskParams,
) -> Result<(), Fault> {
    present("params", params)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRITaskGetSeqId(
    call: &Entry<'_>,
    _task: aclmdlRITask,
    id: *mut u32,
) -> Result<(), Fault> {
    present("id", id)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRITaskGetType(
    call: &Entry<'_>,
    _task: aclmdlRITask,
    type_: *mut aclmdlRITaskType,
) -> Result<(), Fault> {
    present("type_", type_)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRITaskSetParams(
    call: &Entry<'_>,
    _task: aclmdlRITask,
    params: *mut aclmdlRITaskParams,
) -> Result<(), Fault> {
    present("params", params)?;
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIUnbindStream(
    call: &Entry<'_>,
    _modelRI: aclmdlRI,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclmdlRIUpdate(call: &Entry<'_>, _modelRI: aclmdlRI) -> Result<(), Fault> {
    call.unsupported()
}
