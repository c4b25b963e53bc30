//! Captured graphs.

use std::ffi::*;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use ascend_sys::*;

use super::pointers::{Place, check_timeout, deadline, handle, number, opaque, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::graph::{ConditionKind, OnDestroy, check_array};

/// Writes handles to an array of the caller's, or only their number if there is none.
///
/// # Safety
///
/// `count` is the array's length, and a place for the number of handles.
unsafe fn list<T>(handles: &[u64], array: *mut *mut T, count: *mut u32) -> Result<(), Fault> {
    if !array.is_null() {
        // SAFETY: the caller vouches for it.
        check_array(unsafe { count.read() }, handles.len())?;
        for (index, handle) in handles.iter().enumerate() {
            // SAFETY: the array is long enough.
            unsafe { array.wrapping_add(index).write(opaque(*handle)) };
        }
    }
    let found = u32::try_from(handles.len()).unwrap_or(u32::MAX);
    // SAFETY: the caller vouches for it.
    unsafe { count.write(found) };
    Ok(())
}

pub(super) unsafe fn aclmdlRIAbort(call: &Entry<'_>, modelRI: aclmdlRI) -> Result<(), Fault> {
    call.abort_graph(handle("modelRI", modelRI)?)
}

pub(super) unsafe fn aclmdlRIAddCondTask(
    call: &Entry<'_>,
    params: aclmdlRICondTaskParams,
    stream: aclrtStream,
    flags: u32,
) -> Result<(), Fault> {
    let stream = handle("stream", stream)?;
    let condition = handle("params.handle", params.handle)?;
    present("params.modelRIArray", params.modelRIArray)?;
    if flags != 0 {
        return Err(Fault::argument("flags is reserved, it must be 0"));
    }
    let kind = ConditionKind::from_c(params.type_, params.size)?;
    let graphs = call.add_condition(condition, kind, params.size, stream)?;
    for (index, graph) in graphs.into_iter().enumerate() {
        let place = params.modelRIArray.wrapping_add(index);
        // SAFETY: the C function demands room for `size` graphs, and there are as many.
        unsafe { place.write(opaque(graph)) };
    }
    Ok(())
}

pub(super) unsafe fn aclmdlRIBindStream(
    call: &Entry<'_>,
    modelRI: aclmdlRI,
    stream: aclrtStream,
    flag: u32,
) -> Result<(), Fault> {
    call.bind_stream(handle("modelRI", modelRI)?, handle("stream", stream)?, flag)
}

pub(super) unsafe fn aclmdlRIBuildBegin(
    call: &Entry<'_>,
    modelRI: *mut aclmdlRI,
    flag: u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("modelRI", modelRI) }?;
    if flag != 0 {
        return Err(Fault::argument("flag is reserved, it must be 0"));
    }
    place.set(opaque(call.begin_build()?));
    Ok(())
}

pub(super) unsafe fn aclmdlRIBuildEnd(
    call: &Entry<'_>,
    modelRI: aclmdlRI,
    reserve: *mut c_void,
) -> Result<(), Fault> {
    let graph = handle("modelRI", modelRI)?;
    if !reserve.is_null() {
        return Err(Fault::argument("reserve must be NULL"));
    }
    call.end_build(graph)
}

pub(super) unsafe fn aclmdlRICondHandleCreate(
    call: &Entry<'_>,
    modelRI: aclmdlRI,
    defaultLaunchValue: u32,
    flag: aclmdlRICondHandleFlag,
    handle: *mut aclmdlRICondHandle,
) -> Result<(), Fault> {
    let graph = super::pointers::handle("modelRI", modelRI)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("handle", handle) }?;
    place.set(opaque(call.create_condition(
        graph,
        defaultLaunchValue,
        flag,
    )?));
    Ok(())
}

pub(super) unsafe fn aclmdlRICondHandleGetCondPtr(
    call: &Entry<'_>,
    handle: aclmdlRICondHandle,
    ptr: *mut *mut u64,
) -> Result<(), Fault> {
    let condition = super::pointers::handle("handle", handle)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("ptr", ptr) }?;
    place.set(opaque(call.condition_address(condition)?));
    Ok(())
}

pub(super) unsafe fn aclmdlRIDebugJsonPrint(
    call: &Entry<'_>,
    modelRI: aclmdlRI,
    path: *const c_char,
    _flags: u32,
) -> Result<(), Fault> {
    let graph = handle("modelRI", modelRI)?;
    // SAFETY: the C function demands a text.
    let path = unsafe { text("path", path) }?;
    call.write_graph(graph, Path::new(OsStr::from_bytes(path.to_bytes())))
}

pub(super) unsafe fn aclmdlRIDebugPrint(call: &Entry<'_>, modelRI: aclmdlRI) -> Result<(), Fault> {
    call.print_graph(handle("modelRI", modelRI)?)
}

pub(super) unsafe fn aclmdlRIDestroy(call: &Entry<'_>, modelRI: aclmdlRI) -> Result<(), Fault> {
    call.destroy_graph(handle("modelRI", modelRI)?)
}

pub(super) unsafe fn aclmdlRIDestroyRegisterCallback(
    call: &Entry<'_>,
    modelRI: aclmdlRI,
    func: aclrtCallback,
    userData: *mut c_void,
) -> Result<(), Fault> {
    let graph = handle("modelRI", modelRI)?;
    let function = func.ok_or_else(|| Fault::null("func"))?;
    let data = userData.expose_provenance();
    let on = OnDestroy {
        function: function as usize,
        call: Box::new(move || {
            let data = ptr::with_exposed_provenance_mut(data);
            // SAFETY: the C function demands a function that takes the data, when the graph ends.
            unsafe { function(data) };
        }),
    };
    call.on_graph_destroyed(graph, on)
}

pub(super) unsafe fn aclmdlRIDestroyUnregisterCallback(
    call: &Entry<'_>,
    modelRI: aclmdlRI,
    func: aclrtCallback,
) -> Result<(), Fault> {
    let graph = handle("modelRI", modelRI)?;
    let function = func.ok_or_else(|| Fault::null("func"))?;
    call.forget_graph_destroyed(graph, function as usize)
}

pub(super) unsafe fn aclmdlRIEndTask(
    call: &Entry<'_>,
    modelRI: aclmdlRI,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.end_tasks(handle("modelRI", modelRI)?, handle("stream", stream)?)
}

pub(super) unsafe fn aclmdlRIExecute(
    call: &Entry<'_>,
    modelRI: aclmdlRI,
    timeout: i32,
) -> Result<(), Fault> {
    let graph = handle("modelRI", modelRI)?;
    check_timeout(timeout)?;
    call.run_graph_now(graph, deadline(timeout)?)
}

pub(super) unsafe fn aclmdlRIExecuteAsync(
    call: &Entry<'_>,
    modelRI: aclmdlRI,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.run_graph(handle("modelRI", modelRI)?, number(stream))
}

pub(super) unsafe fn aclmdlRIGetId(
    call: &Entry<'_>,
    modelRI: aclmdlRI,
    modelRIId: *mut u32,
) -> Result<(), Fault> {
    let graph = handle("modelRI", modelRI)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("modelRIId", modelRIId) }?;
    place.set(call.world.graphs.get(graph)?.id);
    Ok(())
}

pub(super) unsafe fn aclmdlRIGetName(
    call: &Entry<'_>,
    modelRI: aclmdlRI,
    maxLen: u32,
    name: *mut c_char,
) -> Result<(), Fault> {
    let graph = handle("modelRI", modelRI)?;
    present("name", name)?;
    let found = call.graph_name(graph)?;
    check_array(maxLen, found.len() + 1)?;
    // SAFETY: the C function demands room for `maxLen` bytes, which is enough.
    unsafe { ptr::copy_nonoverlapping(found.as_ptr(), name.cast(), found.len()) };
    // SAFETY: as above.
    unsafe { name.wrapping_add(found.len()).write(0) };
    Ok(())
}

pub(super) unsafe fn aclmdlRIGetStreams(
    call: &Entry<'_>,
    modelRI: aclmdlRI,
    streams: *mut aclrtStream,
    numStreams: *mut u32,
) -> Result<(), Fault> {
    let graph = handle("modelRI", modelRI)?;
    present("numStreams", numStreams)?;
    let found = call.graph_streams(graph)?;
    // SAFETY: the C function demands a number there, and room for as many streams.
    unsafe { list(&found, streams, numStreams) }
}

pub(super) unsafe fn aclmdlRIGetTasksByStream(
    call: &Entry<'_>,
    stream: aclrtStream,
    tasks: *mut aclmdlRITask,
    numTasks: *mut u32,
) -> Result<(), Fault> {
    let stream = handle("stream", stream)?;
    present("numTasks", numTasks)?;
    let found = call.graph_tasks(stream)?;
    // SAFETY: the C function demands a number there, and room for as many tasks.
    unsafe { list(&found, tasks, numTasks) }
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
    modelRI: aclmdlRI,
    name: *const c_char,
) -> Result<(), Fault> {
    let graph = handle("modelRI", modelRI)?;
    // SAFETY: the C function demands a text.
    let name = unsafe { text("name", name) }?;
    call.name_graph(graph, &name.to_string_lossy())
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
    task: aclmdlRITask,
    id: *mut u32,
) -> Result<(), Fault> {
    let task = handle("task", task)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("id", id) }?;
    place.set(call.world.graph_tasks.get(task)?.place());
    Ok(())
}

pub(super) unsafe fn aclmdlRITaskGetType(
    call: &Entry<'_>,
    task: aclmdlRITask,
    type_: *mut aclmdlRITaskType,
) -> Result<(), Fault> {
    let task = handle("task", task)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("type", type_) }?;
    place.set(call.world.graph_tasks.get(task)?.kind());
    Ok(())
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
    modelRI: aclmdlRI,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.unbind_stream(handle("modelRI", modelRI)?, handle("stream", stream)?)
}

pub(super) unsafe fn aclmdlRIUpdate(call: &Entry<'_>, _modelRI: aclmdlRI) -> Result<(), Fault> {
    call.unsupported()
}
