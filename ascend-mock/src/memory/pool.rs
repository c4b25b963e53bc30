//! Pools of memory in the order of streams: freed memory goes to the stream that freed it at once,
//! and to others when the stream has got there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use ascend_sys::{
    aclrtMemAllocationType, aclrtMemHandleType, aclrtMemLocationType, aclrtMemPoolAttr,
    aclrtMemPoolProps,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::stream::Uses;
use crate::sync::lock;

use super::block::{Block, Holding};
use super::gaps::GRANULE;
use super::physical::lost;
use super::space::{Request, Space, exhausted};
use super::state::Usage;

pub(crate) struct Pool {
    device: u32,
    /// How often the device had been shut down when the pool was made.
    age: u64,
    /// The most that the pool takes of its device; 0 for no limit.
    limit: u64,
    state: Mutex<State>,
}

impl Object for Pool {
    const KIND: Kind = Kind::MemoryPool;
}

#[derive(Default)]
struct State {
    /// What was freed, and may be given out again.
    free: Vec<Chunk>,
    /// Memory that the pool has of its device.
    reserved: Usage,
    /// Memory that the program has of the pool.
    used: Usage,
    /// How much freed memory the pool keeps.
    threshold: u64,
    /// The kinds of reuse that the program asked for or against.
    reuse: [u32; 3],
    is_destroyed: bool,
}

struct Chunk {
    base: u64,
    bytes: u64,
    stream: u64,
    /// The stream has got to the free.
    is_done: Arc<AtomicBool>,
    /// The chunk, while no one may use it.
    block: Option<Block>,
}

impl Usage {
    fn add(&mut self, bytes: u64) {
        self.now += bytes;
        self.peak = self.peak.max(self.now);
    }
}

impl State {
    /// Takes the smallest free chunk that will do on `stream`.
    fn reuse(&mut self, bytes: u64, stream: u64) -> Option<Chunk> {
        let fits = |chunk: &Chunk| {
            let is_ready = chunk.stream == stream || chunk.is_done.load(Ordering::Acquire);
            is_ready && (bytes..=bytes.saturating_mul(2)).contains(&chunk.bytes)
        };
        let chunks = self
            .free
            .iter()
            .enumerate()
            .filter(|(_, chunk)| fits(chunk));
        let (index, _) = chunks.min_by_key(|(_, chunk)| chunk.bytes)?;
        Some(self.free.swap_remove(index))
    }

    /// Gives chunks that are done with back to the device until no more than `keep` bytes are
    /// reserved.
    fn trim(&mut self, keep: u64, space: &Space) {
        let reserved = &mut self.reserved;
        self.free.retain_mut(|chunk| {
            let goes = reserved.now > keep && chunk.is_done.load(Ordering::Acquire);
            if goes && let Some(block) = chunk.block.take() {
                reserved.now -= chunk.bytes;
                space.give_up(&block);
            }
            !goes
        });
    }
}

impl Entry<'_> {
    ///
    pub(crate) fn create_pool(&self, props: &aclrtMemPoolProps) -> Result<u64, Fault> {
        let refused = |what: &str| Err(Fault::argument(format!("poolProps: {what}")));
        if props.allocType != aclrtMemAllocationType::ACL_MEM_ALLOCATION_TYPE_PINNED {
            return refused("allocations are of type 0 only");
        }
        if props.handleType != aclrtMemHandleType::ACL_MEM_HANDLE_TYPE_NONE {
            return refused("handles are of type 0 only");
        }
        if props.location.type_ != aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE {
            return refused("pools are on devices only");
        }
        if props.reserved != [0; 32] {
            return refused("a reserved field is not 0");
        }
        let device = self.ordinal(i32::try_from(props.location.id).unwrap_or(i32::MAX))?;
        let (handle, _) = self.world.pools.insert(self.origin, |_| Pool {
            device,
            age: self.world.space.age(device),
            limit: props.maxSize as u64,
            state: Mutex::new(State {
                reuse: [1; 3],
                ..State::default()
            }),
        });
        Ok(handle)
    }

    /// A pool that its device has not lost since.
    fn kept_pool(&self, handle: u64) -> Result<Arc<Pool>, Fault> {
        let pool = self.world.pools.get(handle)?;
        if pool.age != self.world.space.age(pool.device) {
            return Err(lost("the pool", pool.device));
        }
        Ok(pool)
    }

    /// What the program still has of the pool stays its own until it is freed.
    pub(crate) fn destroy_pool(&self, handle: u64) -> Result<(), Fault> {
        let pool = self.world.pools.remove(handle)?;
        let mut state = lock(&pool.state);
        state.is_destroyed = true;
        state.trim(0, &self.world.space);
        Ok(())
    }

    /// Takes memory for work that comes later in `stream`, which is not the default one.
    pub(crate) fn allocate_in_stream(
        &self,
        bytes: usize,
        pool: u64,
        stream: u64,
    ) -> Result<u64, Fault> {
        let pool = self.kept_pool(pool)?;
        let stream = self.own_stream(stream)?;
        let booked = (bytes as u64).checked_next_multiple_of(GRANULE);
        let booked = booked.ok_or_else(|| {
            Fault::argument(format!("size {bytes} leaves no room to round it up"))
        })?;
        let mut state = lock(&pool.state);
        let space = &self.world.space;
        if let Some(chunk) = state.reuse(booked, stream.handle) {
            if space.give_out_again((chunk.base, pool.age), chunk.block, bytes, self.origin) {
                state.used.add(chunk.bytes);
                let taken = (Arc::clone(&pool), chunk.bytes);
                lock(&self.world.pooled).insert(chunk.base, taken);
                return Ok(chunk.base);
            }
            state.reserved.now -= chunk.bytes;
        }
        if pool.limit > 0 && state.reserved.now.saturating_add(booked) > pool.limit {
            return Err(exhausted(format!(
                "the pool has {} of {} bytes left, {booked} were asked for",
                pool.limit.saturating_sub(state.reserved.now),
                pool.limit
            )));
        }
        let base = space.allocate(Request {
            device: pool.device,
            bytes,
            booked,
            holding: Holding::Pool,
            origin: self.origin,
        })?;
        state.reserved.add(booked);
        state.used.add(booked);
        lock(&self.world.pooled).insert(base, (Arc::clone(&pool), booked));
        Ok(base)
    }

    /// Frees memory of a pool when `stream` gets there.
    pub(crate) fn free_in_stream(&self, base: u64, stream: u64) -> Result<(), Fault> {
        self.check_stream_handle(stream)?;
        let stream = self.own_stream(stream)?;
        let taken = lock(&self.world.pooled).remove(&base);
        let taken = taken.filter(|(pool, _)| pool.age == self.world.space.age(pool.device));
        let Some((pool, bytes)) = taken else {
            let space = &self.world.space;
            let refused = space.free(base, self.origin, &[]).err();
            return Err(refused.map_or_else(
                || Fault::internal("a block of no pool was freed"),
                |refusal| self.world.refused(refusal, self.origin),
            ));
        };
        let is_done = Arc::new(AtomicBool::new(false));
        let mut state = lock(&pool.state);
        state.used.now -= bytes;
        state.free.push(Chunk {
            base,
            bytes,
            stream: stream.handle,
            is_done: Arc::clone(&is_done),
            block: None,
        });
        drop(state);
        let uses = Uses::default().writes(base, 1);
        self.submit_work_using(&stream, uses, move |world| {
            // Who trims the pool finds the chunk not done, or with its block.
            let mut state = lock(&pool.state);
            if is_done.swap(true, Ordering::AcqRel) {
                return Ok(()); // a graph that runs again frees once
            }
            let is_same = |chunk: &&mut Chunk| Arc::ptr_eq(&chunk.is_done, &is_done);
            if let Some(chunk) = state.free.iter_mut().find(is_same) {
                chunk.block = world.space.withdraw(base, pool.age);
            }
            let keep = if state.is_destroyed {
                0
            } else {
                state.used.now.saturating_add(state.threshold)
            };
            state.trim(keep, &world.space);
            Ok(())
        })
    }

    pub(crate) fn trim_pool(&self, handle: u64, keep: u64) -> Result<(), Fault> {
        let pool = self.kept_pool(handle)?;
        lock(&pool.state).trim(keep, &self.world.space);
        Ok(())
    }

    /// The value of an attribute; kinds of reuse are 0 or 1 and as large as C's `int`.
    pub(crate) fn pool_attribute(
        &self,
        handle: u64,
        attribute: aclrtMemPoolAttr,
    ) -> Result<PoolValue, Fault> {
        let pool = self.kept_pool(handle)?;
        let state = lock(&pool.state);
        Ok(PoolValue::Bytes(match Attribute::from_c(attribute)? {
            Attribute::Reuse(kind) => return Ok(PoolValue::Switch(state.reuse[kind])),
            Attribute::Threshold => state.threshold,
            Attribute::Reserved => state.reserved.now,
            Attribute::ReservedPeak => state.reserved.peak,
            Attribute::Used => state.used.now,
            Attribute::UsedPeak => state.used.peak,
        }))
    }

    /// Peaks can be set to 0 only, which begins them anew. Reuse never waits for other streams
    /// here, so that its kinds are kept and change nothing.
    pub(crate) fn set_pool_attribute(
        &self,
        handle: u64,
        attribute: aclrtMemPoolAttr,
        value: PoolValue,
    ) -> Result<(), Fault> {
        let pool = self.kept_pool(handle)?;
        let mut state = lock(&pool.state);
        match (Attribute::from_c(attribute)?, value) {
            (Attribute::Reuse(kind), PoolValue::Switch(value @ 0..=1)) => state.reuse[kind] = value,
            (Attribute::Threshold, PoolValue::Bytes(value)) => state.threshold = value,
            (Attribute::ReservedPeak, PoolValue::Bytes(0)) => {
                state.reserved.peak = state.reserved.now;
            }
            (Attribute::UsedPeak, PoolValue::Bytes(0)) => state.used.peak = state.used.now,
            (_, value) => {
                let text = format!("attribute {} takes no {value:?}", attribute.0);
                return Err(Fault::argument(text));
            }
        }
        Ok(())
    }
}

/// The value of a pool's attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PoolValue {
    Switch(u32),
    Bytes(u64),
}

enum Attribute {
    Reuse(usize),
    Threshold,
    Reserved,
    ReservedPeak,
    Used,
    UsedPeak,
}

impl Attribute {
    fn from_c(attribute: aclrtMemPoolAttr) -> Result<Self, Fault> {
        Ok(match attribute {
            aclrtMemPoolAttr::ACL_RT_MEM_POOL_REUSE_FOLLOW_EVENT_DEPENDENCIES => Self::Reuse(0),
            aclrtMemPoolAttr::ACL_RT_MEM_POOL_REUSE_ALLOW_OPPORTUNISTIC => Self::Reuse(1),
            aclrtMemPoolAttr::ACL_RT_MEM_POOL_REUSE_ALLOW_INTERNAL_DEPENDENCIES => Self::Reuse(2),
            aclrtMemPoolAttr::ACL_RT_MEM_POOL_ATTR_RELEASE_THRESHOLD => Self::Threshold,
            aclrtMemPoolAttr::ACL_RT_MEM_POOL_ATTR_RESERVED_MEM_CURRENT => Self::Reserved,
            aclrtMemPoolAttr::ACL_RT_MEM_POOL_ATTR_RESERVED_MEM_HIGH => Self::ReservedPeak,
            aclrtMemPoolAttr::ACL_RT_MEM_POOL_ATTR_USED_MEM_CURRENT => Self::Used,
            aclrtMemPoolAttr::ACL_RT_MEM_POOL_ATTR_USED_MEM_HIGH => Self::UsedPeak,
            other => {
                let text = format!("{} is no attribute of pools", other.0);
                return Err(Fault::argument(text));
            }
        })
    }
}

impl PoolValue {
    /// Whether an attribute's value is as large as C's `int`, not as a `uint64_t`.
    pub(crate) fn is_switch(attribute: aclrtMemPoolAttr) -> bool {
        matches!(Attribute::from_c(attribute), Ok(Attribute::Reuse(_)))
    }
}
