//! Buffers that queues pass on without a copy, and the queues.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ascend_sys::{
    ACL_ERROR_INVALID_QUEUE_ID, ACL_ERROR_RT_MEMORY_ALLOCATION, acltdtQueueRouteQueryMode,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::{Registry, kinds};
use crate::ledger::{Kind, Live, Origin};
use crate::line::{Line, patience};
use crate::memory::SharedBlock;
use crate::sync::lock;

/// The largest buffer.
const MAX_BYTES: usize = 1 << 30;
/// What a buffer has for the program beside its data.
const USER_BYTES: usize = 96;
/// The most buffers of a chain.
const MAX_CHAIN: usize = 128;
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

/// A handle of a buffer; several may share what is in it.
pub(crate) struct Buffer {
    shared: Arc<Content>,
    /// The buffers behind this one, if it heads a chain.
    chain: Mutex<Vec<u64>>,
}

struct Content {
    block: SharedBlock,
    length: AtomicUsize,
    user: Mutex<[u8; USER_BYTES]>,
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
    Buffer => SharedBuffer;
    Attr => QueueAttr;
    Route => QueueRoute;
    RouteList => QueueRouteList;
    Query => QueueRouteQuery;
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

impl Buffer {
    /// Where the data is, for host and device alike, and how much there is room for.
    pub(crate) fn room(&self) -> (u64, usize) {
        let block = &self.shared.block;
        (block.address(), block.bytes())
    }

    /// Sets all of the data, which is as long as `data`.
    pub(crate) fn set_data(&self, data: &[u8]) {
        self.shared.block.span().write(data);
    }

    /// The first `length` bytes; the buffer was said to have that many.
    pub(crate) fn data(&self, length: usize) -> Vec<u8> {
        let mut data = vec![0; length];
        self.shared.block.span().read_start(&mut data);
        data
    }

    pub(crate) fn length(&self) -> usize {
        self.shared.length.load(Ordering::Relaxed)
    }

    pub(crate) fn set_length(&self, length: usize) -> Result<(), Fault> {
        let (_, bytes) = self.room();
        if length > bytes {
            return Err(Fault::argument(format!(
                "the buffer has {bytes} bytes, not {length}"
            )));
        }
        self.shared.length.store(length, Ordering::Relaxed);
        Ok(())
    }

    /// The part of the program's bytes, if there are so many.
    pub(crate) fn user_part(size: usize, offset: usize) -> Result<std::ops::Range<usize>, Fault> {
        let end = offset.checked_add(size).filter(|end| *end <= USER_BYTES);
        end.map(|end| offset..end).ok_or_else(|| {
            Fault::argument(format!(
                "a buffer has {USER_BYTES} bytes for the program, not {size} at {offset}"
            ))
        })
    }

    pub(crate) fn user_data(&self, size: usize, offset: usize) -> Result<Vec<u8>, Fault> {
        let part = Self::user_part(size, offset)?;
        Ok(lock(&self.shared.user)[part].to_vec())
    }

    pub(crate) fn set_user_data(&self, data: &[u8], offset: usize) -> Result<(), Fault> {
        let part = Self::user_part(data.len(), offset)?;
        lock(&self.shared.user)[part].copy_from_slice(data);
        Ok(())
    }

    pub(crate) fn chain_length(&self) -> usize {
        1 + lock(&self.chain).len()
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

    /// A chain ends with its head, and only with it.
    pub(crate) fn free(&self, buffer: u64, origin: Origin) -> Result<(), Fault> {
        let heads = self
            .buffers
            .filter(|head| lock(&head.chain).contains(&buffer));
        if !heads.is_empty() {
            return Err(Fault::argument(
                "the buffer is in a chain; free the head of the chain, which frees all of it",
            ));
        }
        let head = self.buffers.remove(buffer)?;
        head.shared.block.is_freed_by(origin);
        let chain = std::mem::take(&mut *lock(&head.chain));
        for next in chain {
            let next = self.buffers.remove(next)?;
            next.shared.block.is_freed_by(origin);
        }
        Ok(())
    }

    pub(crate) fn append(&self, head: u64, buffer: u64) -> Result<(), Fault> {
        let chained = self.buffers.get(head)?;
        if head == buffer || self.buffers.get(buffer)?.chain_length() > 1 {
            return Err(Fault::argument("the buffer heads a chain itself"));
        }
        let mut chain = lock(&chained.chain);
        if chain.contains(&buffer) || chain.len() + 1 >= MAX_CHAIN {
            return Err(Fault::argument(format!(
                "the chain has the buffer already, or {MAX_CHAIN} buffers"
            )));
        }
        chain.push(buffer);
        Ok(())
    }

    pub(crate) fn chained(&self, head: u64, index: u32) -> Result<u64, Fault> {
        let chained = self.buffers.get(head)?;
        let chain = lock(&chained.chain);
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let buffer = match index.checked_sub(1) {
            None => Some(head),
            Some(index) => chain.get(index).copied(),
        };
        buffer.ok_or_else(|| {
            Fault::argument(format!(
                "the chain has {} buffers, no buffer {index}",
                chain.len() + 1
            ))
        })
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

    /// Another handle of the same content.
    pub(crate) fn share(&self, buffer: &Buffer, origin: Origin) -> u64 {
        let copy = Buffer {
            shared: Arc::clone(&buffer.shared),
            chain: Mutex::default(),
        };
        self.buffers.insert(origin, |_| copy).0
    }

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

impl Entry<'_> {
    pub(crate) fn create_buffer(&self, size: usize) -> Result<u64, Fault> {
        if size == 0 {
            return Err(Fault::argument("size is 0"));
        }
        if size > MAX_BYTES {
            return Err(Fault::new(
                ACL_ERROR_RT_MEMORY_ALLOCATION,
                format!("a buffer has {MAX_BYTES} bytes at most, not {size}"),
            ));
        }
        let block = self.share_block(size)?;
        let buffer = Buffer {
            shared: Arc::new(Content {
                block,
                length: AtomicUsize::new(size),
                user: Mutex::new([0; USER_BYTES]),
            }),
            chain: Mutex::default(),
        };
        Ok(self.world.queues.buffers.insert(self.origin, |_| buffer).0)
    }

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
