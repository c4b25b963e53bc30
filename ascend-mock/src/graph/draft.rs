//! What a capture notes, and the captures under way.

use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use ascend_sys::{
    ACL_ERROR_RT_STREAM_CAPTURE_INVALIDATED, ACL_ERROR_RT_STREAM_MODEL, aclmdlRICaptureMode,
};

use crate::fault::Fault;
use crate::stream::{Action, Task};
use crate::sync::lock;

use super::Graph;
use super::group::Group;

/// What other calls may be made while a capture is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// None that may block, on any thread.
    #[default]
    Global,
    /// None that may block, on the thread of the capture.
    ThreadLocal,
    /// All.
    Relaxed,
}

impl Mode {
    pub(crate) fn from_c(mode: aclmdlRICaptureMode) -> Result<Self, Fault> {
        match mode {
            aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_GLOBAL => Ok(Self::Global),
            aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_THREAD_LOCAL => Ok(Self::ThreadLocal),
            aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_RELAXED => Ok(Self::Relaxed),
            other => Err(Fault::argument(format!("{} is no capture mode", other.0))),
        }
    }

    pub(crate) fn to_c(self) -> aclmdlRICaptureMode {
        match self {
            Self::Global => aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_GLOBAL,
            Self::ThreadLocal => aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_THREAD_LOCAL,
            Self::Relaxed => aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_RELAXED,
        }
    }
}

/// Where a stream's capture stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    None,
    Active,
    Invalidated,
}

/// A capture under way, and afterwards what its events remember of it.
pub(crate) struct Capture {
    pub(crate) graph: Arc<Graph>,
    pub(super) mode: Mode,
    pub(super) thread: ThreadId,
    /// The stream that it began on; 0 if the graph is built from streams that are bound to it.
    pub(super) origin: u64,
    pub(super) draft: Mutex<Draft>,
}

#[derive(Default)]
pub(super) struct Draft {
    pub(super) lanes: Vec<DraftLane>,
    /// Where each record stands: lane and place.
    records: Vec<(usize, usize)>,
    /// The records that end a run of a graph that is built.
    pub(super) ends: Vec<usize>,
    /// The task groups, by handle; the one that is open in a lane.
    pub(super) groups: Vec<Group>,
    /// Graphs that conditions of this one run.
    pub(super) children: Vec<Arc<Graph>>,
    /// The call that made it invalid.
    pub(super) invalid: Option<&'static str>,
    pub(super) is_over: bool,
}

/// What a stream contributes.
pub(super) struct DraftLane {
    pub(super) stream: u64,
    pub(super) tasks: Vec<Task>,
    /// Whether a run starts it, and not another lane.
    pub(super) is_head: bool,
    /// Where the task group that is open began.
    pub(super) group: Option<usize>,
}

/// Where a stream notes its tasks.
#[derive(Clone)]
pub(crate) struct Mark {
    pub(crate) capture: Arc<Capture>,
    /// The lane of a stream; the number of a record.
    pub(crate) number: usize,
}

/// The captures under way in a world.
#[derive(Default)]
pub(crate) struct Captures {
    list: Mutex<Vec<Arc<Capture>>>,
    /// The graphs that are built, to their end.
    builds: Mutex<Vec<Arc<Capture>>>,
    count: AtomicUsize,
}

impl Captures {
    pub(super) fn add(&self, capture: Arc<Capture>) {
        let mut list = lock(&self.list);
        list.push(capture);
        self.count.store(list.len(), Ordering::Release);
    }

    pub(super) fn remove(&self, capture: &Arc<Capture>) {
        let mut list = lock(&self.list);
        list.retain(|other| !Arc::ptr_eq(other, capture));
        self.count.store(list.len(), Ordering::Release);
    }

    pub(super) fn add_build(&self, build: Arc<Capture>) {
        lock(&self.builds).push(build);
    }

    pub(super) fn build_of(&self, graph: &Arc<Graph>) -> Option<Arc<Capture>> {
        let builds = lock(&self.builds);
        let found = builds.iter().find(|build| Arc::ptr_eq(&build.graph, graph));
        found.cloned()
    }

    pub(super) fn remove_build(&self, graph: &Arc<Graph>) {
        lock(&self.builds).retain(|build| !Arc::ptr_eq(&build.graph, graph));
    }

    /// Whether a capture fills a graph now.
    pub(super) fn fills(&self, graph: &Arc<Graph>) -> bool {
        let list = lock(&self.list);
        list.iter()
            .any(|capture| Arc::ptr_eq(&capture.graph, graph))
    }

    pub(super) fn filter(&self, which: impl Fn(&Capture) -> bool) -> Vec<Arc<Capture>> {
        if self.count.load(Ordering::Acquire) == 0 {
            return Vec::new();
        }
        let list = lock(&self.list);
        list.iter()
            .filter(|capture| which(capture))
            .cloned()
            .collect()
    }
}

impl Capture {
    pub(crate) fn status(&self) -> Status {
        let draft = lock(&self.draft);
        match (draft.is_over, draft.invalid) {
            (true, _) => Status::None,
            (_, Some(_)) => Status::Invalidated,
            _ => Status::Active,
        }
    }

    pub(crate) fn invalidate(&self, symbol: &'static str) {
        lock(&self.draft).invalid.get_or_insert(symbol);
    }

    /// A graph that is built from streams which are bound to it.
    pub(super) fn build(graph: &Arc<Graph>) -> Arc<Self> {
        let capture = Self::new(graph, Mode::Relaxed, 0);
        capture.add_lane(0, false);
        capture
    }

    pub(super) fn new(graph: &Arc<Graph>, mode: Mode, origin: u64) -> Arc<Self> {
        Arc::new(Self {
            graph: Arc::clone(graph),
            mode,
            thread: thread::current().id(),
            origin,
            draft: Mutex::default(),
        })
    }

    pub(crate) fn is_build(&self) -> bool {
        self.origin == 0
    }

    pub(super) fn add_lane(&self, stream: u64, is_head: bool) -> usize {
        lock(&self.draft).add_lane(stream, is_head)
    }

    pub(crate) fn add(&self, lane: usize, task: Task) -> Result<(), Fault> {
        let mut draft = lock(&self.draft);
        draft.check()?;
        draft.lanes[lane].tasks.push(task);
        Ok(())
    }

    /// Notes a record; gives its number.
    pub(super) fn add_record(&self, lane: usize, mut task: Task) -> Result<usize, Fault> {
        let mut draft = lock(&self.draft);
        draft.check()?;
        let number = draft.records.len();
        let place = draft.lanes[lane].tasks.len();
        draft.records.push((lane, place));
        task.action = Action::RecordOf(number);
        draft.lanes[lane].tasks.push(task);
        Ok(number)
    }

    /// The place of the next task in a lane, for [`Flow::Jump`](crate::stream::Flow::Jump).
    pub(crate) fn length(&self, lane: usize) -> Result<usize, Fault> {
        let draft = lock(&self.draft);
        draft.check()?;
        Ok(draft.lanes[lane].tasks.len())
    }
}

impl Draft {
    /// Refuses more once it is over, when there are no lanes any more, or invalid.
    pub(super) fn check(&self) -> Result<(), Fault> {
        match self.invalid {
            Some(symbol) => Err(invalidated(symbol)),
            None if self.is_over => Err(Fault::new(
                ACL_ERROR_RT_STREAM_MODEL,
                "the stream is bound to a graph that is complete; unbind it first",
            )),
            None => Ok(()),
        }
    }

    pub(super) fn add_lane(&mut self, stream: u64, is_head: bool) -> usize {
        self.lanes.push(DraftLane {
            stream,
            tasks: Vec::new(),
            is_head,
            group: None,
        });
        self.lanes.len() - 1
    }

    /// Ends it, and makes the graph ready.
    pub(super) fn complete(&mut self, graph: &Arc<Graph>) {
        self.is_over = true;
        let groups = mem::take(&mut self.groups);
        graph.complete(mem::take(&mut self.lanes), self.records.len(), groups);
    }

    /// The first lane whose work the first lane does not wait for in the end.
    pub(super) fn unjoined(&self) -> Option<u64> {
        let mut covered = vec![0; self.lanes.len()];
        let mut open = vec![(0, self.lanes[0].tasks.len())];
        while let Some((lane, end)) = open.pop() {
            let start = covered[lane];
            if end <= start {
                continue;
            }
            covered[lane] = end;
            for task in &self.lanes[lane].tasks[start..end] {
                if let Action::WaitFor(record) = task.action {
                    let (lane, place) = self.records[record];
                    open.push((lane, place + 1));
                }
            }
        }
        let mut lanes = self.lanes.iter().zip(covered);
        let unjoined = lanes.find(|(lane, covered)| {
            let rest = &lane.tasks[*covered..];
            !rest
                .iter()
                .all(|task| matches!(task.action, Action::RecordOf(_)))
        });
        unjoined.map(|(lane, _)| lane.stream)
    }
}

pub(super) fn invalidated(symbol: &str) -> Fault {
    Fault::new(
        ACL_ERROR_RT_STREAM_CAPTURE_INVALIDATED,
        format!("{symbol} was called in the capture, which made it invalid"),
    )
}
