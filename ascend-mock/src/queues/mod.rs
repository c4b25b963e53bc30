//! Queues that pass buffers on without a copy.

mod buffer;
mod route;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CStr;
use std::sync::{Arc, Mutex};

use ascend_sys::ACL_ERROR_INVALID_QUEUE_ID;

pub(crate) use buffer::Buffer;
pub(crate) use route::{Query, Route, RouteList};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::{Registry, kinds};
use crate::ledger::{Kind, Live, Origin};
use crate::line::{Line, patience};
use crate::sync::lock;

const DEFAULT_DEPTH: u32 = 8;
const DEPTHS: std::ops::RangeInclusive<u32> = 2..=8192;
/// Who makes a queue may manage it, take from it and put into it.
pub(crate) const ALL_RIGHTS: u32 = 7;

#[derive(Default)]
pub(crate) struct Queues {
    pub(crate) buffers: Registry<Buffer>,
    pub(crate) attrs: Registry<Attr>,
    pub(crate) routes: Registry<Route>,
    pub(crate) route_lists: Registry<RouteList>,
    pub(crate) queries: Registry<Query>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    queues: BTreeMap<u32, (Origin, Arc<Queue>)>,
    next: u32,
    /// From queue to queue.
    routes: BTreeSet<(u32, u32)>,
}

struct Queue {
    line: Line<u64>,
    /// What other processes may do.
    grants: Mutex<BTreeMap<i32, u32>>,
}

#[derive(Clone)]
pub(crate) struct Attr {
    pub(crate) name: Arc<CStr>,
    pub(crate) depth: u32,
}

impl Default for Attr {
    fn default() -> Self {
        Self {
            name: Arc::from(c""),
            depth: DEFAULT_DEPTH,
        }
    }
}

kinds! {
    Attr => QueueAttr;
}

impl Attr {
    pub(crate) fn check_name(name: &CStr) -> Result<(), Fault> {
        let length = name.to_bytes().len();
        if !(1..=127).contains(&length) {
            return Err(Fault::argument(format!(
                "the name has {length} bytes; it can have 1 to 127"
            )));
        }
        Ok(())
    }

    pub(crate) fn check_depth(depth: u32) -> Result<(), Fault> {
        if !DEPTHS.contains(&depth) {
            let (least, most) = (DEPTHS.start(), DEPTHS.end());
            return Err(Fault::argument(format!(
                "the depth is {depth}; it can be {least} to {most}"
            )));
        }
        Ok(())
    }
}

fn no_queue(id: u32) -> Fault {
    Fault::new(
        ACL_ERROR_INVALID_QUEUE_ID,
        format!("there is no queue {id}"),
    )
}

impl Queues {
    pub(crate) fn live(&self) -> Vec<Live> {
        let mut live = self.buffers.live();
        live.extend(self.attrs.live());
        live.extend(self.routes.live());
        live.extend(self.route_lists.live());
        live.extend(self.queries.live());
        let state = lock(&self.state);
        live.extend(state.queues.values().map(|(origin, _)| Live {
            kind: Kind::Queue,
            origin: *origin,
            bytes: 0,
        }));
        live
    }

    pub(crate) fn shut_down(&self) {
        for (_, queue) in lock(&self.state).queues.values() {
            queue.line.stop();
        }
    }

    fn queue(&self, id: u32) -> Result<Arc<Queue>, Fault> {
        let state = lock(&self.state);
        let queue = state.queues.get(&id).map(|(_, queue)| Arc::clone(queue));
        queue.ok_or_else(|| no_queue(id))
    }

    pub(crate) fn destroy_queue(&self, id: u32, origin: Origin) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        if state
            .routes
            .iter()
            .any(|&(from, to)| from == id || to == id)
        {
            return Err(Fault::argument(format!(
                "queue {id} is part of a route; unbind it first"
            )));
        }
        let (_, queue) = state.queues.remove(&id).ok_or_else(|| no_queue(id))?;
        drop(state);
        queue.line.stop();
        for buffer in queue.line.clear() {
            self.free(buffer, origin)?;
        }
        Ok(())
    }

    pub(crate) fn grant(&self, id: u32, process: i32, rights: u32) -> Result<(), Fault> {
        if rights == 0 || rights & !ALL_RIGHTS != 0 {
            return Err(Fault::argument(format!("permission is {rights:#x}")));
        }
        let queue = self.queue(id)?;
        lock(&queue.grants).insert(process, rights);
        Ok(())
    }

    /// What this process may do: everything, since it made the queue.
    pub(crate) fn attach(&self, id: u32) -> Result<u32, Fault> {
        self.queue(id).map(|_| ALL_RIGHTS)
    }

    /// Gives a buffer away: to the queue, or to those that its routes lead to.
    pub(crate) fn enqueue(
        &self,
        id: u32,
        buffer: u64,
        milliseconds: i32,
        origin: Origin,
    ) -> Result<(), Fault> {
        let content = self.buffers.get(buffer)?;
        let deadline = patience(milliseconds)?;
        self.queue(id)?;
        let routes: Vec<u32> = {
            let state = lock(&self.state);
            let routes = state.routes.range((id, 0)..=(id, u32::MAX));
            routes.map(|&(_, to)| to).collect()
        };
        let within = |fault: Fault, id: u32| fault.within(&format!("queue {id}"));
        let Some((&last, others)) = routes.split_last() else {
            let put = self.queue(id)?.line.put(buffer, deadline);
            return put.map_err(|fault| within(fault, id));
        };
        for &to in others {
            let copy = self.share(&content, origin);
            let put = self.queue(to)?.line.put(copy, deadline);
            put.map_err(|fault| within(fault, to))?;
        }
        let put = self.queue(last)?.line.put(buffer, deadline);
        put.map_err(|fault| within(fault, last))
    }

    /// The next buffer, and its length as it was found to be no more than `room`.
    pub(crate) fn dequeue(
        &self,
        id: u32,
        milliseconds: i32,
        room: usize,
    ) -> Result<(u64, usize), Fault> {
        let found = Cell::new(0);
        let taken = self
            .queue(id)?
            .line
            .take(patience(milliseconds)?, |&buffer| {
                let length = self.buffers.get(buffer)?.length();
                if length > room {
                    return Err(Fault::argument(format!(
                        "the next buffer has {length} bytes, there is room for {room}"
                    )));
                }
                found.set(length);
                Ok(())
            });
        let buffer = taken.map_err(|fault| fault.within(&format!("queue {id}")))?;
        Ok((buffer, found.get()))
    }
}

impl Entry<'_> {
    pub(crate) fn create_queue(&self, attr: u64) -> Result<u32, Fault> {
        let queues = &self.world.queues;
        let attr = queues.attrs.get(attr)?;
        Attr::check_name(&attr.name)?;
        let mut state = lock(&queues.state);
        let id = state.next;
        state.next += 1;
        let queue = Queue {
            line: Line::new(usize::try_from(attr.depth).unwrap_or(usize::MAX)),
            grants: Mutex::default(),
        };
        state.queues.insert(id, (self.origin, Arc::new(queue)));
        Ok(id)
    }
}
