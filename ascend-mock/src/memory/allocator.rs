//! Allocators of the program, known to the streams that they are registered for.

use std::sync::Mutex;

use ascend_sys::{
    aclrtAllocatorAllocAdviseFunc, aclrtAllocatorAllocFunc, aclrtAllocatorFreeFunc,
    aclrtAllocatorGetAddrFromBlockFunc,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::sync::lock;

/// The object and the functions of an allocator. Only C knows what the object's number means.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Allocator {
    pub(crate) object: u64,
    pub(crate) allocate: aclrtAllocatorAllocFunc,
    pub(crate) free: aclrtAllocatorFreeFunc,
    pub(crate) advise: aclrtAllocatorAllocAdviseFunc,
    pub(crate) address: aclrtAllocatorGetAddrFromBlockFunc,
}

/// A description that a program fills in.
#[derive(Default)]
pub(crate) struct AllocatorDesc(Mutex<Allocator>);

impl Object for AllocatorDesc {
    const KIND: Kind = Kind::AllocatorDesc;
}

impl Entry<'_> {
    pub(crate) fn create_allocator_desc(&self) -> u64 {
        let descs = &self.world.allocator_descs;
        descs.insert(self.origin, |_| AllocatorDesc::default()).0
    }

    pub(crate) fn change_allocator_desc(
        &self,
        desc: u64,
        change: impl FnOnce(&mut Allocator),
    ) -> Result<(), Fault> {
        let desc = self.world.allocator_descs.get(desc)?;
        change(&mut lock(&desc.0));
        Ok(())
    }

    /// Makes the allocator known to `stream`, in place of another one. The description may go then.
    pub(crate) fn register_allocator(&self, stream: u64, handle: u64) -> Result<(), Fault> {
        let desc = self.world.allocator_descs.get(handle)?;
        let stream = self.world.streams.get(stream)?.handle;
        let allocator = *lock(&desc.0);
        let is_complete = allocator.object != 0
            && allocator.allocate.is_some()
            && allocator.free.is_some()
            && allocator.address.is_some();
        if !is_complete {
            return Err(Fault::argument(
                "the description lacks the object, or a function to allocate, to free or to get \
                 an address",
            ));
        }
        lock(&self.world.allocators).insert(stream, (handle, allocator));
        Ok(())
    }

    /// The description's handle and the allocator of `stream`.
    pub(crate) fn allocator(&self, stream: u64) -> Result<(u64, Allocator), Fault> {
        let stream = self.world.streams.get(stream)?.handle;
        let found = lock(&self.world.allocators).get(&stream).copied();
        found.ok_or_else(|| Fault::argument("no allocator is registered for the stream"))
    }

    pub(crate) fn unregister_allocator(&self, stream: u64) -> Result<(), Fault> {
        let stream = self.world.streams.get(stream)?.handle;
        let removed = lock(&self.world.allocators).remove(&stream);
        removed
            .map(|_| ())
            .ok_or_else(|| Fault::argument("no allocator is registered for the stream"))
    }
}
