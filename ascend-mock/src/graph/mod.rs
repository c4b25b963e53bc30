//! Captured graphs: the tasks of streams, kept to be run again and again.

mod build;
mod capture;
mod condition;
mod describe;
mod draft;
mod group;
mod run;

use std::mem;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ascend_sys::{
    ACL_ERROR_RT_MODEL_CAPTURED, ACL_ERROR_RT_MODEL_CONTEXT, ACL_ERROR_RT_MODEL_RUNNING,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::{Kind, Origin};
use crate::stream::{Action, Flow, Queue, Stream, Task, Uses, Waker};
use crate::sync::{Deadline, lock};
use crate::world::World;

pub(crate) use capture::{bound, not_captured};
pub(crate) use condition::{CondHandle, Kind as ConditionKind};
pub(crate) use describe::{OnDestroy, TaskRef, check_array};
pub(crate) use draft::{Captures, Mark, Mode, Status};
pub(crate) use group::{TaskGroup, Update};
pub(crate) use run::{Frame, Run};

use condition::Condition;
use draft::DraftLane;
use group::Group;
use run::Booking;

static IDS: AtomicU32 = AtomicU32::new(0);

/// A graph, under capture or ready to be run.
pub(crate) struct Graph {
    pub(crate) handle: u64,
    pub(crate) id: u32,
    /// Whether the program destroys it.
    is_owned: bool,
    context: u64,
    plan: Mutex<Plan>,
    /// Runs that are queued or under way.
    bookings: AtomicUsize,
    aborts: AtomicU64,
    launches: Mutex<()>,
    /// The streams that a run may wait on.
    at_work: Mutex<Vec<Waker>>,
}

#[derive(Default)]
struct Plan {
    name: String,
    lanes: Vec<Lane>,
    records: usize,
    groups: Vec<Group>,
    is_ready: bool,
    conditions: Vec<Arc<Condition>>,
    /// What conditions run.
    children: Vec<Arc<Graph>>,
    on_destroy: Vec<OnDestroy>,
}

/// What one stream contributed.
struct Lane {
    stream: u64,
    tasks: Arc<[Task]>,
    /// Whether a run starts it, and not another lane.
    is_head: bool,
    /// Where it runs, unless on the stream that the graph is run on.
    queue: Option<Arc<Queue>>,
}

impl Object for Graph {
    const KIND: Kind = Kind::Graph;

    fn is_owned_by_program(&self) -> bool {
        self.is_owned
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        self.abort_queues();
    }
}

impl Graph {
    fn new(handle: u64, context: u64) -> Self {
        Self::made(handle, context, true)
    }

    /// A graph that a condition of another one runs, and that goes with it.
    fn child(handle: u64, context: u64) -> Self {
        Self::made(handle, context, false)
    }

    fn made(handle: u64, context: u64, is_owned: bool) -> Self {
        Self {
            handle,
            is_owned,
            id: IDS.fetch_add(1, Ordering::Relaxed),
            context,
            plan: Mutex::default(),
            bookings: AtomicUsize::new(0),
            aborts: AtomicU64::new(0),
            launches: Mutex::default(),
            at_work: Mutex::default(),
        }
    }

    fn complete(&self, lanes: Vec<DraftLane>, records: usize, groups: Vec<Group>) {
        let lanes = lanes.into_iter().map(|lane| Lane {
            stream: lane.stream,
            tasks: lane.tasks.into(),
            is_head: lane.is_head,
            queue: None,
        });
        let mut plan = lock(&self.plan);
        plan.lanes = lanes.collect();
        plan.records = records;
        plan.groups = groups;
        plan.is_ready = true;
    }

    pub(crate) fn is_ready(&self) -> bool {
        lock(&self.plan).is_ready
    }

    fn record_count(&self) -> usize {
        lock(&self.plan).records
    }

    /// The lanes that a run starts, besides the first.
    fn side_heads(&self) -> Vec<usize> {
        let plan = lock(&self.plan);
        let lanes = plan.lanes.iter().enumerate().skip(1);
        lanes
            .filter(|(_, lane)| lane.is_head)
            .map(|(number, _)| number)
            .collect()
    }

    fn tasks(&self, lane: usize) -> Arc<[Task]> {
        let plan = lock(&self.plan);
        let lane = plan.lanes.get(lane);
        lane.map_or_else(|| Arc::from([]), |lane| Arc::clone(&lane.tasks))
    }

    /// The queue of a side lane.
    fn queue(&self, world: &Arc<World>, lane: usize) -> Result<Arc<Queue>, Fault> {
        self.with_queue(world, lane, |queue| Ok(Arc::clone(queue)))
    }

    /// What is submitted meanwhile is before the queue's end.
    fn with_queue<R>(
        &self,
        world: &Arc<World>,
        lane: usize,
        body: impl FnOnce(&Arc<Queue>) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let mut plan = lock(&self.plan);
        let lane = plan.lanes.get_mut(lane);
        let lane = lane.ok_or_else(|| Fault::internal("a graph lacks a lane"))?;
        let make = || Queue::hidden(world, self.context);
        body(lane.queue.get_or_insert_with(make))
    }

    /// Ends the threads of its queues, when they have done what they have. A later run, as part of
    /// another graph, makes new ones. Events that were recorded in its capture may hold the graph
    /// for long.
    fn close_queues(&self) {
        let mut plan = lock(&self.plan);
        let queues = plan.lanes.iter_mut().filter_map(|lane| lane.queue.take());
        queues.for_each(|queue| queue.close());
    }

    /// All that its tasks name.
    fn uses(&self) -> Uses {
        let plan = lock(&self.plan);
        let tasks = plan.lanes.iter().flat_map(|lane| lane.tasks.iter());
        tasks.flat_map(|task| task.uses.iter()).collect()
    }

    pub(crate) fn abort_queues(&self) -> Vec<Arc<Queue>> {
        let queues = self.queues();
        for queue in &queues {
            queue.abort();
        }
        queues
    }

    fn is_at_work(&self) -> bool {
        self.bookings.load(Ordering::Acquire) > 0
    }

    /// Begins a run: side lanes on queues of their own, the first one where the run was asked for.
    fn begin(self: &Arc<Self>, world: &Arc<World>, origin: Origin) -> Result<Frame, Fault> {
        let run = Run::new(self);
        self.reset_conditions(world)?;
        let lanes = self.side_heads();
        for lane in &lanes {
            self.queue(world, *lane)?.wait_for_room(world);
        }
        // Runs that start at one time stand in the same order on all queues. Nothing is waited for
        // under the lock: another run may start meanwhile, on the same thread in strict mode.
        let _turn = lock(&self.launches);
        for lane in lanes {
            run.start_now(world, origin, lane, 0)?;
        }
        Ok(run.frame(0))
    }

    /// All queues that its runs use.
    fn queues(&self) -> Vec<Arc<Queue>> {
        let plan = lock(&self.plan);
        let queues = plan.lanes.iter().filter_map(|lane| lane.queue.clone());
        queues.collect()
    }
}

fn running(graph: &Graph) -> Fault {
    Fault::new(
        ACL_ERROR_RT_MODEL_RUNNING,
        format!(
            "graph {} still runs; synchronise its stream first",
            graph.id
        ),
    )
}

impl Entry<'_> {
    /// The graph behind a handle, which must be ready (107026 while it is captured).
    pub(crate) fn ready_graph(&self, handle: u64) -> Result<Arc<Graph>, Fault> {
        let graph = self.world.graphs.get(handle)?;
        if !graph.is_ready() {
            return Err(Fault::new(
                ACL_ERROR_RT_MODEL_CAPTURED,
                format!(
                    "graph {} is still being made; end its capture first",
                    graph.id
                ),
            ));
        }
        Ok(graph)
    }

    /// Runs a graph when `stream` gets there.
    pub(crate) fn run_graph(&self, graph: u64, stream: u64) -> Result<(), Fault> {
        let graph = self.ready_graph(graph)?;
        let stream = self.own_stream(stream)?;
        if graph.context != stream.context {
            return Err(Fault::new(
                ACL_ERROR_RT_MODEL_CONTEXT,
                format!(
                    "graph {} belongs to another context than the stream",
                    graph.id
                ),
            ));
        }
        Waker::of(&stream.queue).enlist(&mut lock(&graph.at_work));
        let is_part = stream.is_captured();
        let launch = self.launch_graph(&graph, is_part);
        let uses = graph.uses();
        self.submit(&stream, uses, launch)
    }

    /// Runs a graph before it returns.
    pub(crate) fn run_graph_now(&self, graph: u64, deadline: Deadline) -> Result<(), Fault> {
        let graph = self.ready_graph(graph)?;
        self.context()?;
        let queue = graph.queue(self.world, 0)?;
        let launch = self.launch_graph(&graph, false);
        queue.submit_own(self.world, self.origin, launch)?;
        queue.synchronize(self.world, deadline)
    }

    /// A task that runs the graph. A graph that is part of another one is not at work by that.
    fn launch_graph(&self, graph: &Arc<Graph>, is_part: bool) -> Action {
        let booking = (!is_part).then(|| Booking::new(graph));
        let graph = Arc::clone(graph);
        let origin = self.origin;
        Action::Branch(Arc::new(move |world, _| {
            let booking = booking.clone().unwrap_or_else(|| Booking::new(&graph));
            let frame = graph.begin(world, origin)?;
            Ok(Flow::Enter(frame.booked(booking)))
        }))
    }

    ///
    pub(crate) fn destroy_graph(&self, handle: u64) -> Result<(), Fault> {
        let graph = self.world.graphs.get(handle)?;
        if self.world.captures.fills(&graph) {
            return Err(Fault::new(
                ACL_ERROR_RT_MODEL_CAPTURED,
                format!(
                    "graph {} is still being made; end its capture first",
                    graph.id
                ),
            ));
        }
        if graph.is_at_work() {
            return Err(running(&graph));
        }
        self.world.graphs.remove(handle)?;
        self.give_up_graph(&graph);
        Ok(())
    }

    /// Ends what belongs to a graph: bound streams, conditions and what they run.
    fn give_up_graph(&self, graph: &Arc<Graph>) {
        self.world.captures.remove_build(graph);
        // In strict mode queues have no threads, and their tasks go with them.
        if !self.world.config.strict {
            graph.close_queues();
        }
        for stream in self.world.streams.filter(Stream::is_captured) {
            let mark = stream.capture();
            if mark.is_some_and(|mark| Arc::ptr_eq(&mark.capture.graph, graph)) {
                stream.set_capture(None);
            }
        }
        let mut plan = lock(&graph.plan);
        let conditions = mem::take(&mut plan.conditions);
        let children = mem::take(&mut plan.children);
        let on_destroy = mem::take(&mut plan.on_destroy);
        drop(plan);
        self.world.forget_tasks(graph);
        for condition in conditions {
            self.destroy_condition(&condition);
        }
        for child in children {
            self.world.graphs.remove(child.handle).ok();
            self.give_up_graph(&child);
        }
        on_destroy.into_iter().for_each(OnDestroy::call);
    }

    /// Ends the runs of a graph; their streams answer 507023.
    pub(crate) fn abort_graph(&self, handle: u64) -> Result<(), Fault> {
        let graph = self.ready_graph(handle)?;
        graph.aborts.fetch_add(1, Ordering::AcqRel);
        let wakers = lock(&graph.at_work).clone();
        let queues = graph.queues();
        wakers.iter().for_each(Waker::wake);
        for queue in queues {
            Waker::of(&queue).wake();
        }
        Ok(())
    }
}
