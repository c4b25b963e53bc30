//! Contexts: what streams, events and models belong to, and what threads are bound to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ascend_sys::{
    ACL_ERROR_RT_CONTEXT_NULL, ACL_ERROR_RT_DEVICE_TASK_ABORT, ACL_ERROR_RT_INVALID_DEVICEID,
    ACL_ERROR_RT_PARAM_INVALID,
};

use crate::device::Device;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::options::Options;
use crate::stream::Stream;
use crate::sync::{Deadline, lock};
use crate::threads;

pub(crate) struct Context {
    pub(crate) handle: u64,
    pub(crate) device: u32,
    /// The device's own, made by `aclrtSetDevice`.
    pub(crate) is_primary: bool,
    pub(crate) default_stream: u64,
    /// The tasks of its device are being aborted.
    pub(crate) aborting: AtomicBool,
    pub(crate) options: Options,
}

impl Object for Context {
    const KIND: Kind = Kind::Context;

    fn is_owned_by_program(&self) -> bool {
        !self.is_primary
    }
}

/// What becomes of queued work when a context ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queued {
    Runs,
    IsDropped,
}

impl Entry<'_> {
    /// The calling thread's current context, else that of the default device, if
    /// there is one.
    pub(crate) fn context(&self) -> Result<Arc<Context>, Fault> {
        let contexts = &self.world.contexts;
        let bound = threads::context(self.world).and_then(|bound| contexts.find(bound));
        let context = bound.or_else(|| {
            let device = self.world.default_device()?;
            contexts.find(self.primary_context(device))
        });
        let context = context.ok_or_else(Fault::no_context)?;
        if context.aborting.load(Ordering::Acquire) {
            return Err(Fault::new(
                ACL_ERROR_RT_DEVICE_TASK_ABORT,
                format!("the tasks of device {} are being aborted", context.device),
            ));
        }
        Ok(context)
    }

    /// Checks a device number.
    pub(crate) fn ordinal(&self, id: i32) -> Result<u32, Fault> {
        self.visible()?;
        let count = self.world.config.devices;
        let ordinal = u32::try_from(id).ok().filter(|ordinal| *ordinal < count);
        ordinal.ok_or_else(|| {
            Fault::new(
                ACL_ERROR_RT_INVALID_DEVICEID,
                format!(
                    "device {id} does not exist: devices are numbered from 0, there are {count}"
                ),
            )
        })
    }

    /// Makes a context with its default stream.
    pub(crate) fn make_context(&self, device: u32, is_primary: bool) -> u64 {
        let (handle, _) = self.world.contexts.insert(self.origin, |handle| {
            let default_stream = self.world.streams.insert(self.origin, |stream| {
                Stream::default_of(self.world, handle, stream, device)
            });
            Context {
                handle,
                device,
                is_primary,
                default_stream: default_stream.0,
                aborting: AtomicBool::new(false),
                options: Options::default(),
            }
        });
        handle
    }

    ///
    pub(crate) fn create_context(&self, device: i32) -> Result<u64, Fault> {
        let device = self.ordinal(device)?;
        self.world.check_stack()?;
        let handle = self.make_context(device, false);
        threads::bind(self.world, Some(handle));
        Ok(handle)
    }

    /// R-087…R-091.
    pub(crate) fn destroy_context(&self, handle: u64) -> Result<(), Fault> {
        let refused = |why| Fault::new(ACL_ERROR_RT_CONTEXT_NULL, format!("{handle:#x} {why}"));
        let context = self.world.contexts.find(handle);
        let context = context.ok_or_else(|| refused("is no live context"))?;
        if context.is_primary {
            return Err(refused(
                "is the default context of its device, which only aclrtResetDevice ends",
            ));
        }
        self.end_context(handle, Queued::IsDropped);
        Ok(())
    }

    ///
    pub(crate) fn set_context(&self, handle: u64) -> Result<(), Fault> {
        if self.world.contexts.find(handle).is_none() {
            return Err(Fault::new(
                ACL_ERROR_RT_PARAM_INVALID,
                format!("{handle:#x} is no live context"),
            ));
        }
        threads::bind(self.world, Some(handle));
        Ok(())
    }

    /// Ends a context with its streams. Threads that are bound to it have no context then.
    pub(crate) fn end_context(&self, handle: u64, queued: Queued) {
        let Ok(context) = self.world.contexts.remove(handle) else {
            return; // another thread was faster
        };
        let streams = self
            .world
            .streams
            .extract(|stream| stream.context == handle);
        for (_, stream) in &streams {
            match queued {
                Queued::Runs => stream.queue.close(),
                Queued::IsDropped => stream.queue.abort(),
            }
        }
        for (_, stream) in &streams {
            stream.queue.join(self.world);
        }
        for (stream, _) in &streams {
            self.world.end_callbacks_of(*stream);
        }
        self.world.host_threads.end_context(handle);
        self.world.models.end_context(handle);
        self.lose_memory_if_down(context.device);
    }

    /// A device is down when no one references it and no context is left; its memory is gone
    /// then.
    fn lose_memory_if_down(&self, device: u32) {
        let is_down = |devices: &[Device]| {
            let contexts = &self.world.contexts;
            let contexts = contexts.filter(|context| context.device == device);
            devices[device as usize].is_unreferenced() && contexts.is_empty()
        };
        if !is_down(&lock(&self.world.devices)) {
            return;
        }
        // Exception callbacks may read the memory, and set the device again.
        self.world.exceptions.end_device(device);
        let devices = lock(&self.world.devices);
        if is_down(&devices) {
            self.world.space.lose(device);
            lock(&self.world.sharing).withdraw(device);
        }
    }

    /// Waits for all streams of the current context.
    pub(crate) fn synchronize_context(&self, deadline: Deadline) -> Result<(), Fault> {
        let context = self.context()?;
        let streams = self
            .world
            .streams
            .filter(|stream| stream.context == context.handle);
        for stream in &streams {
            self.check_captures(stream)?;
        }
        let outcomes: Vec<_> = streams
            .iter()
            .map(|stream| stream.queue.synchronize(self.world, deadline))
            .collect();
        outcomes.into_iter().collect()
    }
}
