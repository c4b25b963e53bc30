//! Routes between queues, and queries for them.

use std::ffi::*;

use ascend_sys::*;

use super::fields::{objects, put, take};
use super::pointers::{Place, handle, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::queues::{Query, Route, RouteList};

objects! {
    queues:
    acltdtQueueRouteList in route_lists as RouteList, "routeList":
        acltdtCreateQueueRouteList, acltdtDestroyQueueRouteList;
    acltdtQueueRouteQueryInfo in queries as Query, "info":
        acltdtCreateQueueRouteQueryInfo, acltdtDestroyQueueRouteQueryInfo;
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
