//! Queues of shared buffers, and the routes between them.

use std::ffi::*;
use std::sync::Arc;

use ascend_sys::*;

use super::fields::{put, take};
use super::pointers::{Place, array, handle, list, opaque, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::shared_buffer::{Attr, Buffer, Query, Route, RouteList};

pub(super) unsafe fn acltdtAllocBuf(
    call: &Entry<'_>,
    size: usize,
    type_: u32,
    buf: *mut acltdtBuf,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("buf", buf) }?;
    if type_ > 1 {
        return Err(Fault::argument(format!(
            "type is {type_}; it can be 0 or 1"
        )));
    }
    place.set(opaque(call.create_buffer(size)?));
    Ok(())
}

pub(super) unsafe fn acltdtFreeBuf(call: &Entry<'_>, buf: acltdtBuf) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    call.world.queues.free(buffer, call.origin)
}

pub(super) unsafe fn acltdtCopyBufRef(
    call: &Entry<'_>,
    buf: acltdtBuf,
    newBuf: *mut acltdtBuf,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("newBuf", newBuf) }?;
    let buffer = call.world.queues.buffers.get(buffer)?;
    place.set(opaque(call.world.queues.share(&buffer, call.origin)));
    Ok(())
}

pub(super) unsafe fn acltdtAppendBufChain(
    call: &Entry<'_>,
    headBuf: acltdtBuf,
    buf: acltdtBuf,
) -> Result<(), Fault> {
    let head = handle("headBuf", headBuf)?;
    call.world.queues.append(head, handle("buf", buf)?)
}

pub(super) unsafe fn acltdtGetBufChainNum(
    call: &Entry<'_>,
    headBuf: acltdtBuf,
    num: *mut u32,
) -> Result<(), Fault> {
    let head = handle("headBuf", headBuf)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("num", num) }?;
    let length = call.world.queues.buffers.get(head)?.chain_length();
    place.set(u32::try_from(length).map_err(Fault::internal)?);
    Ok(())
}

pub(super) unsafe fn acltdtGetBufFromChain(
    call: &Entry<'_>,
    headBuf: acltdtBuf,
    index: u32,
    buf: *mut acltdtBuf,
) -> Result<(), Fault> {
    let head = handle("headBuf", headBuf)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("buf", buf) }?;
    place.set(opaque(call.world.queues.chained(head, index)?));
    Ok(())
}

pub(super) unsafe fn acltdtGetBufData(
    call: &Entry<'_>,
    buf: acltdtBuf,
    dataPtr: *mut *mut c_void,
    size: *mut usize,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    // SAFETY: NULL, or a place for the answer.
    let data = unsafe { Place::new("dataPtr", dataPtr) }?;
    // SAFETY: as above.
    let size = unsafe { Place::new("size", size) }?;
    let buffer = call.world.queues.buffers.get(buffer)?;
    let (address, bytes) = buffer.room();
    data.set(opaque(address));
    size.set(bytes);
    Ok(())
}

pub(super) unsafe fn acltdtGetBufDataLen(
    call: &Entry<'_>,
    buf: acltdtBuf,
    len: *mut usize,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("len", len) }?;
    place.set(call.world.queues.buffers.get(buffer)?.length());
    Ok(())
}

pub(super) unsafe fn acltdtSetBufDataLen(
    call: &Entry<'_>,
    buf: acltdtBuf,
    len: usize,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    call.world.queues.buffers.get(buffer)?.set_length(len)
}

/// # Safety
///
/// `bytes` may be written at the address.
unsafe fn write(address: *mut c_void, bytes: &[u8]) {
    // SAFETY: the caller vouches for the room, which is the program's.
    unsafe { address.cast::<u8>().copy_from(bytes.as_ptr(), bytes.len()) }
}

pub(super) unsafe fn acltdtGetBufUserData(
    call: &Entry<'_>,
    buf: acltdtBuf,
    dataPtr: *mut c_void,
    size: usize,
    offset: usize,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    present("dataPtr", dataPtr)?;
    let data = call
        .world
        .queues
        .buffers
        .get(buffer)?
        .user_data(size, offset)?;
    // SAFETY: the C function demands `size` bytes at the address.
    unsafe { write(dataPtr, &data) };
    Ok(())
}

pub(super) unsafe fn acltdtSetBufUserData(
    call: &Entry<'_>,
    buf: acltdtBuf,
    dataPtr: *const c_void,
    size: usize,
    offset: usize,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    // SAFETY: NULL, or as many bytes as the caller says.
    let data = unsafe { list("dataPtr", dataPtr.cast::<u8>(), size) }?;
    call.world
        .queues
        .buffers
        .get(buffer)?
        .set_user_data(data, offset)
}

/// The functions that make and destroy objects that begin with default values.
macro_rules! objects {
    ($($object:ident in $objects:ident as $made:ident, $name:literal: $create:ident, $destroy:ident;)*) => {
        $(
            pub(super) unsafe fn $create(call: &Entry<'_>) -> Result<*mut $object, Fault> {
                let objects = &call.world.queues.$objects;
                Ok(opaque(objects.insert(call.origin, |_| $made::default()).0))
            }

            pub(super) unsafe fn $destroy(
                call: &Entry<'_>,
                object: *const $object,
            ) -> Result<(), Fault> {
                let object = handle($name, object)?;
                call.world.queues.$objects.remove(object).map(|_| ())
            }
        )*
    };
}

objects! {
    acltdtQueueAttr in attrs as Attr, "attr": acltdtCreateQueueAttr, acltdtDestroyQueueAttr;
    acltdtQueueRouteList in route_lists as RouteList, "routeList":
        acltdtCreateQueueRouteList, acltdtDestroyQueueRouteList;
    acltdtQueueRouteQueryInfo in queries as Query, "info":
        acltdtCreateQueueRouteQueryInfo, acltdtDestroyQueueRouteQueryInfo;
}

/// The parameter of a name is the place of a pointer to it.
pub(super) unsafe fn acltdtSetQueueAttr(
    call: &Entry<'_>,
    attr: *mut acltdtQueueAttr,
    type_: acltdtQueueAttrType,
    len: usize,
    param: *const c_void,
) -> Result<(), Fault> {
    let attr = handle("attr", attr)?;
    present("param", param)?;
    let attrs = &call.world.queues.attrs;
    match type_ {
        acltdtQueueAttrType::ACL_TDT_QUEUE_NAME_PTR => {
            // SAFETY: the C function demands `len` bytes at the address.
            let name = unsafe { take::<*const c_char>(param, len) }?;
            // SAFETY: NULL, or a text that ends with a zero byte.
            let name = unsafe { text("name", name) }?;
            Attr::check_name(name)?;
            attrs.change(attr, |attr| attr.name = Arc::from(name))
        }
        acltdtQueueAttrType::ACL_TDT_QUEUE_DEPTH_UINT32 => {
            // SAFETY: the C function demands `len` bytes at the address.
            let depth = unsafe { take::<u32>(param, len) }?;
            Attr::check_depth(depth)?;
            attrs.change(attr, |attr| attr.depth = depth)
        }
        acltdtQueueAttrType(other) => Err(Fault::argument(format!("type is {other}"))),
    }
}

pub(super) unsafe fn acltdtGetQueueAttr(
    call: &Entry<'_>,
    attr: *const acltdtQueueAttr,
    type_: acltdtQueueAttrType,
    len: usize,
    paramRetSize: *mut usize,
    param: *mut c_void,
) -> Result<(), Fault> {
    let attr = handle("attr", attr)?;
    // SAFETY: NULL, or a place for the answer.
    let size = unsafe { Place::new("paramRetSize", paramRetSize) }?;
    present("param", param)?;
    let attr = call.world.queues.attrs.get(attr)?;
    match type_ {
        acltdtQueueAttrType::ACL_TDT_QUEUE_NAME_PTR => {
            // SAFETY: the C function demands `len` bytes at the address.
            unsafe { put(param, len, attr.name.as_ptr()) }?;
            size.set(size_of::<*const c_char>());
        }
        acltdtQueueAttrType::ACL_TDT_QUEUE_DEPTH_UINT32 => {
            // SAFETY: the C function demands `len` bytes at the address.
            unsafe { put(param, len, attr.depth) }?;
            size.set(size_of::<u32>());
        }
        acltdtQueueAttrType(other) => return Err(Fault::argument(format!("type is {other}"))),
    }
    Ok(())
}

pub(super) unsafe fn acltdtCreateQueue(
    call: &Entry<'_>,
    attr: *const acltdtQueueAttr,
    qid: *mut u32,
) -> Result<(), Fault> {
    let attr = handle("attr", attr)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("qid", qid) }?;
    place.set(call.create_queue(attr)?);
    Ok(())
}

pub(super) unsafe fn acltdtDestroyQueue(call: &Entry<'_>, qid: u32) -> Result<(), Fault> {
    call.world.queues.destroy_queue(qid, call.origin)
}

pub(super) unsafe fn acltdtGrantQueue(
    call: &Entry<'_>,
    qid: u32,
    pid: i32,
    permission: u32,
    _timeout: i32,
) -> Result<(), Fault> {
    call.world.queues.grant(qid, pid, permission)
}

pub(super) unsafe fn acltdtAttachQueue(
    call: &Entry<'_>,
    qid: u32,
    _timeout: i32,
    permission: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("permission", permission) }?;
    place.set(call.world.queues.attach(qid)?);
    Ok(())
}

pub(super) unsafe fn acltdtEnqueue(
    call: &Entry<'_>,
    qid: u32,
    buf: acltdtBuf,
    timeout: i32,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    call.world.queues.enqueue(qid, buffer, timeout, call.origin)
}

pub(super) unsafe fn acltdtDequeue(
    call: &Entry<'_>,
    qid: u32,
    buf: *mut acltdtBuf,
    timeout: i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("buf", buf) }?;
    let (buffer, _) = call.world.queues.dequeue(qid, timeout, usize::MAX)?;
    place.set(opaque(buffer));
    Ok(())
}

pub(super) unsafe fn acltdtEnqueueData(
    call: &Entry<'_>,
    qid: u32,
    data: *const c_void,
    dataSize: usize,
    userData: *const c_void,
    userDataSize: usize,
    timeout: i32,
    rsv: u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or as many bytes as the caller says.
    let data = unsafe { list("data", data.cast::<u8>(), dataSize) }?;
    // SAFETY: as above.
    let user = unsafe { array("userData", userData.cast::<u8>(), userDataSize) }?;
    if rsv != 0 {
        return Err(Fault::argument(format!("rsv is {rsv}; it is reserved")));
    }
    let queues = &call.world.queues;
    let handle = call.create_buffer(data.len())?;
    let buffer = queues.buffers.get(handle)?;
    buffer.set_data(data);
    let sent = buffer.set_user_data(&user, 0);
    let sent = sent.and_then(|()| queues.enqueue(qid, handle, timeout, call.origin));
    if sent.is_err() {
        queues.free(handle, call.origin)?;
    }
    sent
}

pub(super) unsafe fn acltdtDequeueData(
    call: &Entry<'_>,
    qid: u32,
    data: *mut c_void,
    dataSize: usize,
    retDataSize: *mut usize,
    userData: *mut c_void,
    userDataSize: usize,
    timeout: i32,
) -> Result<(), Fault> {
    present("data", data)?;
    // SAFETY: NULL, or a place for the answer.
    let size = unsafe { Place::new("retDataSize", retDataSize) }?;
    if !userData.is_null() {
        Buffer::user_part(userDataSize, 0)?; // while the buffer is still in the queue
    }
    let queues = &call.world.queues;
    let (handle, length) = queues.dequeue(qid, timeout, dataSize)?;
    let buffer = queues.buffers.get(handle)?;
    let bytes = buffer.data(length);
    if !userData.is_null() {
        let user = buffer.user_data(userDataSize, 0)?;
        // SAFETY: the C function demands `userDataSize` bytes at the address.
        unsafe { write(userData, &user) };
    }
    // SAFETY: the C function demands `dataSize` bytes at the address; `length` was no more.
    unsafe { write(data, &bytes) };
    size.set(bytes.len());
    queues.free(handle, call.origin)
}

pub(super) unsafe fn acltdtCreateQueueRoute(
    call: &Entry<'_>,
    srcId: u32,
    dstId: u32,
) -> Result<*mut acltdtQueueRoute, Fault> {
    let route = Route {
        from: srcId,
        to: dstId,
        status: 0,
    };
    Ok(opaque(
        call.world.queues.routes.insert(call.origin, |_| route).0,
    ))
}

pub(super) unsafe fn acltdtDestroyQueueRoute(
    call: &Entry<'_>,
    route: *const acltdtQueueRoute,
) -> Result<(), Fault> {
    let route = handle("route", route)?;
    call.world.queues.routes.remove(route).map(|_| ())
}

pub(super) unsafe fn acltdtAddQueueRoute(
    call: &Entry<'_>,
    routeList: *mut acltdtQueueRouteList,
    route: *const acltdtQueueRoute,
) -> Result<(), Fault> {
    let routes = handle("routeList", routeList)?;
    let queues = &call.world.queues;
    let route = *queues.routes.get(handle("route", route)?)?;
    queues
        .route_lists
        .change(routes, |routes| routes.0.push(route))
}

pub(super) unsafe fn acltdtGetQueueRouteNum(
    call: &Entry<'_>,
    routeList: *const acltdtQueueRouteList,
) -> Result<usize, Fault> {
    let routes = handle("routeList", routeList)?;
    Ok(call.world.queues.route_lists.get(routes)?.0.len())
}

/// Fills a route that the program made.
pub(super) unsafe fn acltdtGetQueueRoute(
    call: &Entry<'_>,
    routeList: *const acltdtQueueRouteList,
    index: usize,
    route: *mut acltdtQueueRoute,
) -> Result<(), Fault> {
    let routes = handle("routeList", routeList)?;
    let route = handle("route", route)?;
    let queues = &call.world.queues;
    let routes = queues.route_lists.get(routes)?;
    let found = routes.0.get(index).copied().ok_or_else(|| {
        Fault::argument(format!(
            "the list has {} routes, no route {index}",
            routes.0.len()
        ))
    })?;
    queues.routes.change(route, |route| *route = found)
}

pub(super) unsafe fn acltdtGetQueueRouteParam(
    call: &Entry<'_>,
    route: *const acltdtQueueRoute,
    type_: acltdtQueueRouteParamType,
    len: usize,
    paramRetSize: *mut usize,
    param: *mut c_void,
) -> Result<(), Fault> {
    use acltdtQueueRouteParamType as Parameter;
    let route = handle("route", route)?;
    // SAFETY: NULL, or a place for the answer.
    let size = unsafe { Place::new("paramRetSize", paramRetSize) }?;
    present("param", param)?;
    let route = call.world.queues.routes.get(route)?;
    match type_ {
        // SAFETY: the C function demands `len` bytes at the address.
        Parameter::ACL_TDT_QUEUE_ROUTE_SRC_UINT32 => unsafe { put(param, len, route.from) }?,
        // SAFETY: as above.
        Parameter::ACL_TDT_QUEUE_ROUTE_DST_UINT32 => unsafe { put(param, len, route.to) }?,
        // SAFETY: as above.
        Parameter::ACL_TDT_QUEUE_ROUTE_STATUS_INT32 => unsafe { put(param, len, route.status) }?,
        acltdtQueueRouteParamType(other) => {
            return Err(Fault::argument(format!("type is {other}")));
        }
    }
    size.set(size_of::<u32>());
    Ok(())
}

pub(super) unsafe fn acltdtBindQueueRoutes(
    call: &Entry<'_>,
    qRouteList: *mut acltdtQueueRouteList,
) -> Result<(), Fault> {
    call.world.queues.bind(handle("qRouteList", qRouteList)?)
}

pub(super) unsafe fn acltdtUnbindQueueRoutes(
    call: &Entry<'_>,
    qRouteList: *mut acltdtQueueRouteList,
) -> Result<(), Fault> {
    call.world.queues.unbind(handle("qRouteList", qRouteList)?)
}

pub(super) unsafe fn acltdtSetQueueRouteQueryInfo(
    call: &Entry<'_>,
    info: *mut acltdtQueueRouteQueryInfo,
    type_: acltdtQueueRouteQueryInfoParamType,
    len: usize,
    value: *const c_void,
) -> Result<(), Fault> {
    use acltdtQueueRouteQueryInfoParamType as Parameter;
    let query = handle("param", info)?;
    present("value", value)?;
    if type_.0 > Parameter::ACL_TDT_QUEUE_ROUTE_QUERY_DST_ID_UINT32.0 {
        return Err(Fault::argument(format!("type is {}", type_.0)));
    }
    // SAFETY: the C function demands `len` bytes at the address.
    let value = unsafe { take::<u32>(value, len) }?;
    let highest = acltdtQueueRouteQueryMode::ACL_TDT_QUEUE_ROUTE_QUERY_SRC_AND_DST.0;
    let is_mode = type_ == Parameter::ACL_TDT_QUEUE_ROUTE_QUERY_MODE_ENUM;
    if is_mode && value > highest {
        return Err(Fault::argument(format!("there is no mode {value}")));
    }
    call.world
        .queues
        .queries
        .change(query, |query| match type_ {
            Parameter::ACL_TDT_QUEUE_ROUTE_QUERY_MODE_ENUM => query.mode = value,
            Parameter::ACL_TDT_QUEUE_ROUTE_QUERY_SRC_ID_UINT32 => query.from = Some(value),
            _ => query.to = Some(value),
        })
}

pub(super) unsafe fn acltdtQueryQueueRoutes(
    call: &Entry<'_>,
    queryInfo: *const acltdtQueueRouteQueryInfo,
    qRouteList: *mut acltdtQueueRouteList,
) -> Result<(), Fault> {
    let query = handle("queryInfo", queryInfo)?;
    call.world
        .queues
        .find_routes(query, handle("qRouteList", qRouteList)?)
}
