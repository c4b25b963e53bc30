//! Routes, which lead from queue to queue.

use ascend_sys::acltdtQueueRouteQueryMode;

use super::{Queues, State, no_queue};
use crate::fault::Fault;
use crate::handles::kinds;
use crate::sync::lock;

#[derive(Clone, Copy)]
pub(crate) struct Route {
    pub(crate) from: u32,
    pub(crate) to: u32,
    /// 1 while it is bound.
    pub(crate) status: i32,
}

#[derive(Clone, Default)]
pub(crate) struct RouteList(pub(crate) Vec<Route>);

#[derive(Clone, Default)]
pub(crate) struct Query {
    pub(crate) mode: u32,
    pub(crate) from: Option<u32>,
    pub(crate) to: Option<u32>,
}

kinds! {
    Route => QueueRoute;
    RouteList => QueueRouteList;
    Query => QueueRouteQuery;
}

impl Queues {
    pub(crate) fn bind(&self, list: u64) -> Result<(), Fault> {
        self.each_route(list, |state, route| {
            for id in [route.from, route.to] {
                if !state.queues.contains_key(&id) {
                    return Err(no_queue(id));
                }
            }
            if route.from == route.to {
                return Err(Fault::argument(format!(
                    "a route leads from queue {} to itself",
                    route.from
                )));
            }
            state.routes.insert((route.from, route.to));
            route.status = 1;
            Ok(())
        })
    }

    pub(crate) fn unbind(&self, list: u64) -> Result<(), Fault> {
        self.each_route(list, |state, route| {
            if !state.routes.remove(&(route.from, route.to)) {
                return Err(Fault::argument(format!(
                    "no route leads from queue {} to queue {}",
                    route.from, route.to
                )));
            }
            route.status = 0;
            Ok(())
        })
    }

    fn each_route(
        &self,
        list: u64,
        act: impl Fn(&mut State, &mut Route) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut done = Ok(());
        self.route_lists.change(list, |list| {
            let mut state = lock(&self.state);
            let mut routes = list.0.iter_mut();
            done = routes.try_for_each(|route| act(&mut state, route));
        })?;
        done
    }

    /// Fills a list with the routes that the query names.
    pub(crate) fn find_routes(&self, query: u64, list: u64) -> Result<(), Fault> {
        let query = self.queries.get(query)?;
        let by_source = query.mode != acltdtQueueRouteQueryMode::ACL_TDT_QUEUE_ROUTE_QUERY_DST.0;
        let by_target = query.mode != acltdtQueueRouteQueryMode::ACL_TDT_QUEUE_ROUTE_QUERY_SRC.0;
        if (by_source && query.from.is_none()) || (by_target && query.to.is_none()) {
            return Err(Fault::argument(
                "the query lacks a queue that its mode asks for",
            ));
        }
        let found: Vec<Route> = lock(&self.state)
            .routes
            .iter()
            .filter(|(from, to)| {
                (!by_source || query.from == Some(*from)) && (!by_target || query.to == Some(*to))
            })
            .map(|&(from, to)| Route {
                from,
                to,
                status: 1,
            })
            .collect();
        self.route_lists.change(list, |list| list.0 = found)
    }
}
