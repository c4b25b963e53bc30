//! Streams: queues of work, each with a thread of its own, or all in turn in strict mode.

mod attributes;
mod config;
mod execution;
mod injected;
mod queue;
mod scheduler;
mod state;
mod task;
mod uses;
mod value;
mod worker;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ascend_sys::{
    ACL_ERROR_RT_NO_STREAM_RESOURCE, ACL_ERROR_RT_PARAM_INVALID, ACL_ERROR_RT_STREAM_CONTEXT,
    ACL_STREAM_CPU_SCHEDULE, ACL_STREAM_DEVICE_USE_ONLY, ACL_STREAM_PERSISTENT,
};

use crate::context::Context;
use crate::entry::Entry;
use crate::event::Record;
use crate::fault::Fault;
use crate::graph::{Mark, Update, bound};
use crate::handles::Object;
use crate::ledger::Kind;
use crate::sync::{Deadline, lock};
use crate::threads;
use crate::world::World;

use attributes::Attributes;
pub(crate) use attributes::{Attribute, GREATEST_PRIORITY, LEAST_PRIORITY};
pub(crate) use config::StreamConfig;
pub(crate) use queue::Queue;
pub(crate) use scheduler::{Random, Scheduler};
use task::Wait;
pub(crate) use task::{Action, Awaited, Flow, Poll, Task, Uses, Waker};
pub(crate) use value::{Comparison, Condition};

/// Streams that synchronisation does not wait for.
const NEVER_WAITED_FOR: i32 =
    ACL_STREAM_PERSISTENT | ACL_STREAM_CPU_SCHEDULE | ACL_STREAM_DEVICE_USE_ONLY;

pub(crate) struct Stream {
    pub(crate) handle: u64,
    pub(crate) id: u32,
    pub(crate) context: u64,
    pub(crate) device: u32,
    pub(crate) flags: u32,
    is_default: bool,
    attributes: Mutex<Attributes>,
    diversion: Mutex<Option<Diversion>>,
    is_diverted: AtomicBool,
    pub(crate) queue: Arc<Queue>,
}

/// Where tasks go that are not for the queue.
#[derive(Clone)]
enum Diversion {
    /// While the stream is captured, or bound to a graph.
    Capture(Mark),
    /// While it collects the tasks of a task group anew.
    Update(Update),
}

impl Stream {
    pub(crate) fn default_of(world: &Arc<World>, context: u64, handle: u64, device: u32) -> Self {
        let mut stream = Self::new(world, handle, context, device);
        stream.is_default = true;
        stream
    }

    fn new(world: &Arc<World>, handle: u64, context: u64, device: u32) -> Self {
        let id = world.next_stream_id();
        Self {
            handle,
            id,
            context,
            device,
            flags: 0,
            is_default: false,
            attributes: Mutex::default(),
            diversion: Mutex::default(),
            is_diverted: AtomicBool::new(false),
            queue: Arc::new(Queue::new(world, id, context, device)),
        }
    }

    pub(crate) fn is_default(&self) -> bool {
        self.is_default
    }

    fn is_waited_for(&self) -> bool {
        self.flags & NEVER_WAITED_FOR.cast_unsigned() == 0
    }

    pub(crate) fn is_captured(&self) -> bool {
        self.capture().is_some()
    }

    /// Where it notes its tasks while it is captured or bound to a graph.
    pub(crate) fn capture(&self) -> Option<Mark> {
        match self.diversion() {
            Some(Diversion::Capture(mark)) => Some(mark),
            _ => None,
        }
    }

    pub(crate) fn set_capture(&self, mark: Option<Mark>) {
        self.divert(mark.map(Diversion::Capture));
    }

    pub(crate) fn update(&self) -> Option<Update> {
        match self.diversion() {
            Some(Diversion::Update(update)) => Some(update),
            _ => None,
        }
    }

    pub(crate) fn set_update(&self, update: Option<Update>) {
        self.divert(update.map(Diversion::Update));
    }

    fn diversion(&self) -> Option<Diversion> {
        if !self.is_diverted.load(Ordering::Acquire) {
            return None;
        }
        lock(&self.diversion).clone()
    }

    fn divert(&self, to: Option<Diversion>) {
        let mut diversion = lock(&self.diversion);
        self.is_diverted.store(to.is_some(), Ordering::Release);
        *diversion = to;
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
    pub(crate) fn create_stream(&self, priority: u32, flags: u32) -> Result<u64, Fault> {
        let context = self.context()?;
        let device = context.device;
        if self.streams_left(device) == 0 {
            let limit = self.world.profile.streams;
            return Err(Fault::new(
                ACL_ERROR_RT_NO_STREAM_RESOURCE,
                format!("all {limit} streams of device {device} are in use"),
            ));
        }
        let (handle, _) = self.world.streams.insert(self.origin, |handle| {
            let mut stream = Stream::new(self.world, handle, context.handle, device);
            stream.flags = flags;
            lock(&stream.attributes).set_priority(priority);
            stream
        });
        self.stream_came(handle);
        Ok(handle)
    }

    /// How many streams a device can still make.
    pub(crate) fn streams_left(&self, device: u32) -> usize {
        let taken = self.world.streams.filter(|stream| stream.device == device);
        self.world.profile.streams.saturating_sub(taken.len())
    }

    /// R-108…R-113.
    pub(crate) fn destroy_stream(&self, handle: u64, force: bool) -> Result<(), Fault> {
        let stream = self.own_stream(handle)?;
        if stream.is_default {
            return Err(Fault::new(
                ACL_ERROR_RT_PARAM_INVALID,
                "a default stream ends with its context only",
            ));
        }
        self.check_captures(&stream)?;
        if stream.is_captured() {
            return Err(bound(&stream));
        }
        self.stream_goes(handle);
        self.world.streams.remove(handle)?;
        if force {
            stream.queue.abort();
        } else {
            stream.queue.close();
        }
        stream.queue.join(self.world);
        self.world.end_callbacks_of(handle);
        Ok(())
    }

    /// R-115…R-121.
    pub(crate) fn synchronize_stream(&self, handle: u64, deadline: Deadline) -> Result<(), Fault> {
        let stream = self.any_stream(handle)?;
        self.check_captures(&stream)?;
        if stream.is_waited_for() {
            stream.queue.synchronize(self.world, deadline)?;
        }
        Ok(())
    }

    /// Whether all work of a stream is done.
    pub(crate) fn is_stream_idle(&self, handle: u64) -> Result<bool, Fault> {
        let stream = self.any_stream(handle)?;
        self.check_captures(&stream)?;
        if !stream.is_waited_for() || stream.queue.is_idle() {
            return Ok(true);
        }
        self.world.poll_answered();
        Ok(false)
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
        self.submit(stream, uses, Action::Work(Arc::new(work)))
    }

    /// The same for operators and models, which have a time limit.
    pub(crate) fn submit_operator(
        &self,
        stream: &Stream,
        uses: Uses,
        work: impl Fn(&World) -> Result<(), Fault> + Send + Sync + 'static,
    ) -> Result<(), Fault> {
        self.submit(stream, uses, Action::Operator(Arc::new(work)))
    }

    /// Queues the completion of `record`; in a capture, of one of each run.
    pub(crate) fn submit_record(&self, stream: &Stream, record: &Arc<Record>) -> Result<(), Fault> {
        let action = Action::Record(Arc::clone(record));
        match stream.capture() {
            Some(mark) => {
                let task = self.task(Uses::default(), action);
                Self::capture_record(mark, task, record)
            }
            None => self.submit(stream, Uses::default(), action),
        }
    }

    /// Queues a wait for `record`; one that was captured takes the stream into the capture.
    pub(crate) fn submit_wait_for_record(
        &self,
        stream: &Stream,
        record: &Record,
        on: Arc<dyn Awaited>,
        limit: Option<Duration>,
    ) -> Result<(), Fault> {
        let task = self.task(Uses::default(), Action::Wait(Wait { on, limit }));
        if self.capture_wait(stream, record, task.clone())? {
            return Ok(());
        }
        stream.queue.submit(self.world, task)
    }

    /// Queues a wait, without a limit or with one that counts from when the stream gets there.
    #[allow(dead_code, reason = "for notifies")]
    pub(crate) fn submit_wait(
        &self,
        stream: &Stream,
        on: Arc<dyn Awaited>,
        limit: Option<Duration>,
    ) -> Result<(), Fault> {
        self.submit_wait_using(stream, Uses::default(), on, limit)
    }

    /// The same, and says what memory and objects the wait names.
    pub(crate) fn submit_wait_using(
        &self,
        stream: &Stream,
        uses: Uses,
        on: Arc<dyn Awaited>,
        limit: Option<Duration>,
    ) -> Result<(), Fault> {
        self.submit(stream, uses, Action::Wait(Wait { on, limit }))
    }

    /// Queues a task, or notes it in the capture that the stream takes part in.
    pub(crate) fn submit(&self, stream: &Stream, uses: Uses, action: Action) -> Result<(), Fault> {
        let action = match self.failing.take() {
            Some(fault) => Action::Work(Arc::new(move |_| Err(fault.clone()))),
            None => action,
        };
        let mut task = self.task(uses, action);
        match stream.diversion() {
            Some(Diversion::Capture(mark)) => mark.capture.add(mark.number, task),
            Some(Diversion::Update(update)) => {
                update.add(task);
                Ok(())
            }
            None => {
                self.check_submitted(&mut task);
                stream.queue.submit(self.world, task)
            }
        }
    }

    pub(crate) fn task(&self, uses: Uses, action: Action) -> Task {
        Task {
            origin: self.origin,
            number: threads::count_task(self.world),
            thread: threads::id(),
            uses,
            action,
        }
    }
}
