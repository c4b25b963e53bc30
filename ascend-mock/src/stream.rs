//! Streams: queues of work, each with a thread of its own.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};

use ascend_sys::{
    ACL_ERROR_RT_INTERNAL_ERROR, ACL_ERROR_RT_NO_STREAM_RESOURCE, ACL_ERROR_RT_PARAM_INVALID,
    ACL_ERROR_RT_STREAM_CONTEXT, ACL_ERROR_RT_STREAM_SYNC_TIMEOUT, ACL_STREAM_CPU_SCHEDULE,
    ACL_STREAM_DEVICE_USE_ONLY, ACL_STREAM_PERSISTENT,
};

use crate::entry::{Entry, guarded};
use crate::event::Record;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::sync::{Deadline, lock, wait, wait_until};
use crate::world::World;

/// Streams that synchronisation does not wait for.
const NEVER_WAITED_FOR: i32 =
    ACL_STREAM_PERSISTENT | ACL_STREAM_CPU_SCHEDULE | ACL_STREAM_DEVICE_USE_ONLY;

pub(crate) struct Stream {
    pub(crate) handle: u64,
    pub(crate) id: u32,
    pub(crate) context: u64,
    device: u32,
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
            queue: Arc::new(Queue::new(id)),
        }
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

/// One piece of queued work.
pub(crate) enum Task {
    Work(Box<dyn FnOnce() -> Result<(), Fault> + Send>),
    Record(Arc<Record>),
    Wait(Arc<Record>),
}

/// Work in order of submission, and the thread that does it.
pub(crate) struct Queue {
    id: u32,
    state: Mutex<State>,
    changed: Condvar,
    /// Ends waits inside a task.
    aborted: AtomicBool,
}

#[derive(Default)]
struct State {
    tasks: VecDeque<Task>,
    submitted: u64,
    finished: u64,
    /// The first failure since the last synchronisation.
    fault: Option<Fault>,
    worker: Option<JoinHandle<()>>,
    /// What the running task waits for.
    awaited: Option<Arc<Record>>,
    closed: bool,
}

impl Queue {
    fn new(id: u32) -> Self {
        Self {
            id,
            state: Mutex::default(),
            changed: Condvar::new(),
            aborted: AtomicBool::new(false),
        }
    }

    /// Adds a task. The thread starts with the first one, so idle streams cost nothing.
    pub(crate) fn submit(self: &Arc<Self>, task: Task) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        if state.closed {
            return Err(self.destroyed());
        }
        if state.worker.is_none() {
            let queue = Arc::clone(self);
            let worker = thread::Builder::new()
                .name(format!("ascend-stream-{}", self.id))
                .spawn(move || queue.work())
                .map_err(|error| {
                    Fault::new(
                        ACL_ERROR_RT_NO_STREAM_RESOURCE,
                        format!("no thread is left for stream {}: {error}", self.id),
                    )
                })?;
            state.worker = Some(worker);
        }
        state.tasks.push_back(task);
        state.submitted += 1;
        self.changed.notify_all();
        Ok(())
    }

    pub(crate) fn is_idle(&self) -> bool {
        let state = lock(&self.state);
        state.finished == state.submitted
    }

    /// Waits for what is queued now, and takes the failure that happened since the last time.
    pub(crate) fn synchronize(&self, deadline: Deadline) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        let target = state.submitted;
        while state.finished < target {
            if self.aborted.load(Ordering::Acquire) {
                return Err(self.destroyed());
            }
            if deadline.is_over() {
                return Err(Fault::new(
                    ACL_ERROR_RT_STREAM_SYNC_TIMEOUT,
                    format!(
                        "stream {} still has {} tasks to do; they go on",
                        self.id,
                        target - state.finished
                    ),
                ));
            }
            state = wait_until(&self.changed, state, deadline);
        }
        state.fault.take().map_or(Ok(()), Err)
    }

    /// Takes no more work; the thread ends when the queue is empty.
    pub(crate) fn close(&self) {
        lock(&self.state).closed = true;
        self.changed.notify_all();
    }

    /// Takes no more work, drops what is queued, and ends the wait of the running task.
    pub(crate) fn abort(&self) {
        let mut state = lock(&self.state);
        state.closed = true;
        self.aborted.store(true, Ordering::Release);
        let dropped = std::mem::take(&mut state.tasks);
        let awaited = state.awaited.take();
        drop(state);
        self.changed.notify_all();
        if let Some(record) = awaited {
            record.wake();
        }
        for task in dropped {
            if let Task::Record(record) = task {
                record.abandon();
            }
        }
    }

    /// Waits for the thread to end, after `close` or `abort`.
    pub(crate) fn join(&self) {
        let worker = lock(&self.state).worker.take();
        let Some(worker) = worker else { return };
        if worker.thread().id() != thread::current().id() && worker.join().is_err() {
            tracing::error!(stream = self.id, "the stream's thread panicked");
        }
    }

    fn work(&self) {
        while let Some(task) = self.next() {
            let outcome = guarded(|| self.run(task));
            let mut state = lock(&self.state);
            state.finished += 1;
            state.awaited = None;
            if let Err(fault) = outcome {
                tracing::debug!(stream = self.id, code = fault.code, "{}", fault.text);
                state.fault.get_or_insert(fault.in_stream());
            }
            drop(state);
            self.changed.notify_all();
        }
    }

    /// The next task; `None` when the stream ends.
    fn next(&self) -> Option<Task> {
        let mut state: MutexGuard<'_, State> = lock(&self.state);
        loop {
            if let Some(task) = state.tasks.pop_front() {
                if let Task::Wait(record) = &task {
                    state.awaited = Some(Arc::clone(record));
                }
                return Some(task);
            }
            if state.closed {
                return None;
            }
            state = wait(&self.changed, state);
        }
    }

    fn run(&self, task: Task) -> Result<(), Fault> {
        match task {
            Task::Work(work) => work(),
            Task::Record(record) => {
                record.complete();
                Ok(())
            }
            Task::Wait(record) => record.wait_in_stream(&self.aborted),
        }
    }

    fn destroyed(&self) -> Fault {
        Fault::new(
            ACL_ERROR_RT_INTERNAL_ERROR,
            format!("stream {} was destroyed meanwhile", self.id),
        )
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
        self.check_stream_handle(handle)?;
        let context = self.context()?;
        let handle = if handle == 0 {
            context.default_stream
        } else {
            handle
        };
        self.world.streams.get(handle)
    }

    /// The stream behind `handle`, which must be of the current context.
    pub(crate) fn own_stream(&self, handle: u64) -> Result<Arc<Stream>, Fault> {
        let stream = self.any_stream(handle)?;
        if stream.context != self.context()?.handle {
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
        self.world.streams.remove(handle)?;
        if force {
            stream.queue.abort();
        } else {
            stream.queue.close();
        }
        stream.queue.join();
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

    /// Queues `work`, which gets the world to work in.
    pub(crate) fn submit_work(
        &self,
        stream: &Stream,
        work: impl FnOnce(&World) -> Result<(), Fault> + Send + 'static,
    ) -> Result<(), Fault> {
        let world = Arc::clone(self.world);
        let work = Box::new(move || work(&world));
        stream.queue.submit(Task::Work(work))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_a_task_is_its_failure_and_the_stream_goes_on() {
        let queue = Arc::new(Queue::new(0));
        let ran = Arc::new(AtomicBool::new(false));
        let mark = Arc::clone(&ran);
        queue
            .submit(Task::Work(Box::new(|| panic!("on purpose"))))
            .unwrap();
        queue
            .submit(Task::Work(Box::new(move || {
                mark.store(true, Ordering::Release);
                Ok(())
            })))
            .unwrap();
        let fault = queue.synchronize(Deadline::NEVER).unwrap_err();
        assert_eq!(fault.code, ACL_ERROR_RT_INTERNAL_ERROR);
        assert!(fault.text.contains("on purpose"));
        assert!(ran.load(Ordering::Acquire));
        queue.close();
        queue.join();
        assert!(queue.submit(Task::Work(Box::new(|| Ok(())))).is_err());
    }
}
