//! Functions of the program that streams call: callbacks, on threads that ask for them, and host
//! functions, on a thread of the context's own.

mod reports;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use ascend_sys::{
    ACL_ERROR_RT_INTERNAL_ERROR, ACL_ERROR_RT_RESOURCE_ALLOC_FAIL, ACL_ERROR_RT_STREAM_NO_CB_REG,
};

pub(crate) use self::reports::Reports;
use self::reports::subscription;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::findings::{Finding, Mistake};
use crate::stream::{Awaited, Poll, Waker};
use crate::sync::{Deadline, lock};
use crate::threads;
use crate::world::World;

/// What a function of the program must not call, by the beginnings of the names.
const FORBIDDEN: [&str; 9] = [
    "aclmdlExecute",
    "aclmdlRIExecute",
    "aclopExecute",
    "aclrtDeviceTaskAbort",
    "aclrtFree",
    "aclrtLaunch",
    "aclrtMalloc",
    "aclrtStreamAbort",
    "aclrtSynchronize",
];

/// A function of the program, with its argument.
pub(crate) type HostFunction = Arc<dyn Fn() + Send + Sync>;

/// The two sorts of threads that ask for functions to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// `aclrtProcessReport`
    Report,
    /// `aclrtProcessHostFunc`, of the lite runtime
    HostFunction,
}

/// A call that a stream asked for.
struct Request {
    stream: u64,
    function: HostFunction,
    progress: Arc<Progress>,
}

/// How far a request got, and the stream that may wait for its end.
struct Progress {
    step: Mutex<Step>,
    waker: Waker,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Queued,
    Runs,
    Done,
    /// The stream or its subscription ended before the function ran; it never will.
    Dropped,
}

impl Progress {
    fn new(waker: &Waker) -> Arc<Self> {
        Arc::new(Self {
            step: Mutex::new(Step::Queued),
            waker: waker.clone(),
        })
    }

    /// Whether the step could be made from `from`.
    fn advance(&self, from: Step, to: Step) -> bool {
        let mut step = lock(&self.step);
        let advances = *step == from;
        if advances {
            *step = to;
        }
        advances
    }

    fn drop_request(&self) {
        if self.advance(Step::Queued, Step::Dropped) {
            self.waker.wake();
        }
    }

    fn outcome(&self) -> Option<Result<(), Fault>> {
        match *lock(&self.step) {
            Step::Queued | Step::Runs => None,
            Step::Done => Some(Ok(())),
            Step::Dropped => Some(Err(dropped())),
        }
    }
}

fn dropped() -> Fault {
    Fault::new(
        ACL_ERROR_RT_STREAM_NO_CB_REG,
        "the stream was unsubscribed before the function could run",
    )
}

impl Request {
    /// Runs the function on this thread, unless it was dropped meanwhile; false then.
    fn run(&self) -> bool {
        if !self.progress.advance(Step::Queued, Step::Runs) {
            return false;
        }
        threads::as_callback(|| (self.function)());
        self.progress.advance(Step::Runs, Step::Done);
        self.progress.waker.wake();
        true
    }
}

/// The threads for host functions, one for each context that has any.
#[derive(Default)]
pub(crate) struct HostThreads {
    contexts: Mutex<BTreeMap<u64, HostThread>>,
    /// The streams that host functions were launched on.
    streams: Mutex<BTreeSet<u64>>,
}

struct HostThread {
    requests: Sender<Request>,
    thread: JoinHandle<()>,
}

impl HostThreads {
    fn start(context: u64) -> Result<HostThread, Fault> {
        let (sender, receiver): (_, Receiver<Request>) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("ascend-host-func".into())
            .spawn(move || {
                for request in receiver {
                    request.run();
                }
            });
        let thread = thread.map_err(|error| {
            Fault::new(
                ACL_ERROR_RT_RESOURCE_ALLOC_FAIL,
                format!("no thread is left for host functions of context {context:#x}: {error}"),
            )
        })?;
        Ok(HostThread {
            requests: sender,
            thread,
        })
    }

    /// Makes sure that the context has its thread.
    fn prepare(&self, context: u64, stream: u64) -> Result<(), Fault> {
        let mut contexts = lock(&self.contexts);
        if let std::collections::btree_map::Entry::Vacant(place) = contexts.entry(context) {
            place.insert(Self::start(context)?);
        }
        drop(contexts);
        lock(&self.streams).insert(stream);
        Ok(())
    }

    fn add(&self, context: u64, request: Request) {
        let contexts = lock(&self.contexts);
        let sent = match contexts.get(&context) {
            Some(thread) => thread.requests.send(request),
            None => Err(mpsc::SendError(request)),
        };
        drop(contexts);
        if let Err(mpsc::SendError(request)) = sent {
            request.progress.drop_request();
        }
    }

    /// Ends the thread of a context whose streams have ended.
    pub(crate) fn end_context(&self, context: u64) {
        let ended = lock(&self.contexts).remove(&context);
        ended.into_iter().for_each(HostThread::end);
    }

    pub(crate) fn shut_down(&self) {
        let ended = std::mem::take(&mut *lock(&self.contexts));
        ended.into_values().for_each(HostThread::end);
    }
}

impl HostThread {
    fn end(self) {
        drop(self.requests);
        threads::join(self.thread);
    }
}

/// Where a stream's functions run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Subscribed(Sort),
    ThreadOf { context: u64 },
}

/// A call of a function of the program, as a task.
struct Callback {
    stream: u64,
    function: HostFunction,
    place: Place,
    /// Whether later tasks of the stream wait until the function has returned.
    blocks: bool,
}

/// Drops a request that the stream gives up.
struct Pending(Arc<Progress>);

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.advance(Step::Queued, Step::Dropped);
    }
}

impl Awaited for Callback {
    fn begin(self: Arc<Self>, world: &World, waker: &Waker) -> Poll {
        let progress = Progress::new(waker);
        let request = Request {
            stream: self.stream,
            function: Arc::clone(&self.function),
            progress: Arc::clone(&progress),
        };
        match self.place {
            Place::Subscribed(sort) => world.reports(sort).add(request),
            Place::ThreadOf { context } => world.host_threads.add(context, request),
        }
        waker.wake(); // whoever drives the streams may be the thread that the request is for
        if !self.blocks {
            return Box::new(move |_| match progress.outcome() {
                Some(Err(fault)) => Some(Err(fault)),
                _ => Some(Ok(())),
            });
        }
        let pending = Pending(progress);
        Box::new(move |_| pending.0.outcome())
    }

    fn expired(&self) -> Fault {
        Fault::new(
            ACL_ERROR_RT_INTERNAL_ERROR,
            "a function of the program did not return in time",
        )
    }
}

impl World {
    fn reports(&self, sort: Sort) -> &Reports {
        match sort {
            Sort::Report => &self.reports,
            Sort::HostFunction => &self.host_reports,
        }
    }

    /// Forgets who serves a stream that ends, and drops what it still asks for.
    pub(crate) fn end_callbacks_of(&self, stream: u64) {
        for sort in [Sort::Report, Sort::HostFunction] {
            self.reports(sort).end_stream(stream);
        }
        self.scheduler.wake();
        lock(&self.host_threads.streams).remove(&stream);
    }
}

impl Entry<'_> {
    ///
    pub(crate) fn subscribe(&self, sort: Sort, thread: u64, stream: u64) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        let launched = lock(&self.world.host_threads.streams).contains(&stream.handle);
        if sort == Sort::Report && launched {
            return Err(subscription(format!(
                "stream {} has host functions, and cannot have both",
                stream.id
            )));
        }
        self.world.reports(sort).subscribe(thread, &stream)
    }

    ///
    pub(crate) fn unsubscribe(&self, sort: Sort, thread: u64, stream: u64) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        self.world.reports(sort).unsubscribe(thread, &stream)?;
        self.world.scheduler.wake(); // the thread may wait for its streams' work
        Ok(())
    }

    /// Runs one function that a stream asks for on this thread, which is `thread`.
    pub(crate) fn process(&self, sort: Sort, thread: u64, deadline: Deadline) -> Result<(), Fault> {
        self.world
            .reports(sort)
            .process(self.world, thread, deadline)
    }

    ///
    pub(crate) fn launch_callback(
        &self,
        function: HostFunction,
        blocks: bool,
        stream: u64,
    ) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        if !self.world.reports.serves(stream.handle) {
            return Err(Fault::new(
                ACL_ERROR_RT_STREAM_NO_CB_REG,
                format!(
                    "stream {} has no thread for callbacks: call aclrtSubscribeReport first",
                    stream.id
                ),
            ));
        }
        let callback = Callback {
            stream: stream.handle,
            function,
            place: Place::Subscribed(Sort::Report),
            blocks,
        };
        self.submit_wait(&stream, Arc::new(callback), None)
    }

    /// Streams that a thread of the lite runtime serves have their functions there.
    pub(crate) fn launch_host_function(
        &self,
        function: HostFunction,
        stream: u64,
    ) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        if self.world.reports.serves(stream.handle) {
            return Err(subscription(format!(
                "stream {} is subscribed for callbacks, and cannot have both",
                stream.id
            )));
        }
        let place = if self.world.host_reports.serves(stream.handle) {
            Place::Subscribed(Sort::HostFunction)
        } else {
            let context = stream.context;
            self.world.host_threads.prepare(context, stream.handle)?;
            Place::ThreadOf { context }
        };
        let callback = Callback {
            stream: stream.handle,
            function,
            place,
            blocks: true,
        };
        self.submit_wait(&stream, Arc::new(callback), None)
    }

    /// Tells a call that a function of the program must not make.
    pub(crate) fn check_in_callback(&self) {
        let symbol = self.origin.symbol;
        let is_forbidden = FORBIDDEN.iter().any(|start| symbol.starts_with(start));
        if !is_forbidden || !threads::is_in_callback() {
            return;
        }
        self.world.report(Finding {
            mistake: Mistake::ForbiddenInCallback,
            text: format!(
                "{symbol} is called by a function that a stream runs, where it can deadlock; call \
                 it on a thread of the program"
            ),
            found_by: self.origin,
            made_by: None,
        });
    }
}
