//! Streams: queues of work, each with a thread of its own.

mod injected;
mod queue;
mod task;

use std::sync::Arc;
use std::time::Duration;

use ascend_sys::{
    ACL_ERROR_RT_NO_STREAM_RESOURCE, ACL_ERROR_RT_PARAM_INVALID, ACL_ERROR_RT_STREAM_CONTEXT,
    ACL_STREAM_CPU_SCHEDULE, ACL_STREAM_DEVICE_USE_ONLY, ACL_STREAM_PERSISTENT,
};

use crate::context::Context;
use crate::entry::Entry;
use crate::event::Record;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::sync::Deadline;
use crate::threads;
use crate::world::World;

use queue::Queue;
use task::{Action, Task, Wait, Work};
pub(crate) use task::{Awaited, Poll, Uses, Waker};

/// Streams that synchronisation does not wait for.
const NEVER_WAITED_FOR: i32 =
    ACL_STREAM_PERSISTENT | ACL_STREAM_CPU_SCHEDULE | ACL_STREAM_DEVICE_USE_ONLY;

pub(crate) struct Stream {
    pub(crate) handle: u64,
    pub(crate) id: u32,
    pub(crate) context: u64,
    pub(crate) device: u32,
    flags: u32,
    is_default: bool,
    pub(crate) queue: Arc<Queue>,
}

impl Stream {
    pub(crate) fn default_of(context: u64, handle: u64, device: u32, id: u32) -> Self {
        let mut stream = Self::new(handle, context, device, id, 0);
        stream.is_default = true;
        stream
    }

    fn new(handle: u64, context: u64, device: u32, id: u32, flags: u32) -> Self {
        Self {
            handle,
            id,
            context,
            device,
            flags,
            is_default: false,
            queue: Arc::new(Queue::new(device, id)),
        }
    }

    pub(crate) fn device(&self) -> u32 {
        self.device
    }

    fn is_waited_for(&self) -> bool {
        self.flags & NEVER_WAITED_FOR.cast_unsigned() == 0
    }
}

impl Object for Stream {
    const KIND: Kind = Kind::Stream;

    fn is_owned_by_program(&self) -> bool {
        !self.is_default
    }
}

impl Drop for Stream {
    /// Lets the thread end when a stream goes without `close` or `abort`.
    fn drop(&mut self) {
        self.queue.abort();
    }
}

impl Entry<'_> {
    /// Checks a stream handle for what it is; 0 stands for the default stream.
    pub(crate) fn check_stream_handle(&self, handle: u64) -> Result<(), Fault> {
        if handle != 0 {
            self.world.streams.get(handle)?;
        }
        Ok(())
    }

    /// The stream behind `handle`, of whatever context, for a thread that has one.
    pub(crate) fn any_stream(&self, handle: u64) -> Result<Arc<Stream>, Fault> {
        self.stream_and_context(handle).map(|(stream, _)| stream)
    }

    /// The stream behind `handle`, which must be of the current context.
    pub(crate) fn own_stream(&self, handle: u64) -> Result<Arc<Stream>, Fault> {
        let (stream, context) = self.stream_and_context(handle)?;
        if stream.context != context.handle {
            return Err(Fault::new(
                ACL_ERROR_RT_STREAM_CONTEXT,
                format!(
                    "stream {} belongs to another context than the current one",
                    stream.id
                ),
            ));
        }
        Ok(stream)
    }

    /// A destroyed stream is told before a missing context.
    fn stream_and_context(&self, handle: u64) -> Result<(Arc<Stream>, Arc<Context>), Fault> {
        if handle == 0 {
            let context = self.context()?;
            let stream = self.world.streams.get(context.default_stream)?;
            return Ok((stream, context));
        }
        let stream = self.world.streams.get(handle)?;
        Ok((stream, self.context()?))
    }

    /// R-103…R-106.
    pub(crate) fn create_stream(&self, flags: u32) -> Result<u64, Fault> {
        let context = self.context()?;
        let device = context.device;
        let taken = self.world.streams.filter(|stream| stream.device == device);
        let limit = self.world.profile.streams;
        if taken.len() >= limit {
            return Err(Fault::new(
                ACL_ERROR_RT_NO_STREAM_RESOURCE,
                format!("all {limit} streams of device {device} are in use"),
            ));
        }
        let id = self.world.next_stream_id();
        let (handle, _) = self.world.streams.insert(self.origin, |handle| {
            Stream::new(handle, context.handle, device, id, flags)
        });
        self.stream_came(handle);
        Ok(handle)
    }

    /// R-108…R-112.
    pub(crate) fn destroy_stream(&self, handle: u64, force: bool) -> Result<(), Fault> {
        let stream = self.own_stream(handle)?;
        if stream.is_default {
            return Err(Fault::new(
                ACL_ERROR_RT_PARAM_INVALID,
                "a default stream ends with its context only",
            ));
        }
        self.stream_goes(handle);
        self.world.streams.remove(handle)?;
        if force {
            stream.queue.abort();
        } else {
            stream.queue.close();
        }
        stream.queue.join();
        self.world.end_callbacks_of(handle);
        Ok(())
    }

    /// R-115…R-120.
    pub(crate) fn synchronize_stream(&self, handle: u64, deadline: Deadline) -> Result<(), Fault> {
        let stream = self.any_stream(handle)?;
        if stream.is_waited_for() {
            stream.queue.synchronize(deadline)?;
        }
        Ok(())
    }

    /// Whether all work of a stream is done.
    pub(crate) fn is_stream_idle(&self, handle: u64) -> Result<bool, Fault> {
        let stream = self.any_stream(handle)?;
        Ok(!stream.is_waited_for() || stream.queue.is_idle())
    }

    /// Queues `work`.
    pub(crate) fn submit_work(
        &self,
        stream: &Stream,
        work: impl Fn(&World) -> Result<(), Fault> + Send + Sync + 'static,
    ) -> Result<(), Fault> {
        self.submit_work_using(stream, Uses::default(), work)
    }

    /// Queues `work`, and says what memory and objects it names.
    pub(crate) fn submit_work_using(
        &self,
        stream: &Stream,
        uses: Uses,
        work: impl Fn(&World) -> Result<(), Fault> + Send + Sync + 'static,
    ) -> Result<(), Fault> {
        let work: Work = match self.failing.take() {
            Some(fault) => Arc::new(move |_| Err(fault.clone())),
            None => Arc::new(work),
        };
        self.submit(stream, uses, Action::Work(work))
    }

    /// Queues the completion of `record`.
    pub(crate) fn submit_record(&self, stream: &Stream, record: &Arc<Record>) -> Result<(), Fault> {
        let record = Action::Record(Arc::clone(record));
        self.submit(stream, Uses::default(), record)
    }

    /// Queues a wait, without a limit or with one that counts from when the stream gets there.
    pub(crate) fn submit_wait(
        &self,
        stream: &Stream,
        on: Arc<dyn Awaited>,
        limit: Option<Duration>,
    ) -> Result<(), Fault> {
        let wait = Action::Wait(Wait { on, limit });
        self.submit(stream, Uses::default(), wait)
    }

    fn submit(&self, stream: &Stream, uses: Uses, action: Action) -> Result<(), Fault> {
        let task = Task {
            origin: self.origin,
            thread: threads::id(),
            uses,
            action,
        };
        stream.queue.submit(self.world, task)
    }
}
