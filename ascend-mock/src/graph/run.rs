//! Runs of a captured graph.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ascend_sys::ACL_ERROR_RT_MODEL_ABORT_NORMAL;

use crate::event::Record;
use crate::fault::Fault;
use crate::ledger::Origin;
use crate::stream::{Action, Flow, Task};
use crate::world::World;

use super::Graph;

/// One run: events are recorded anew in each.
pub(crate) struct Run {
    pub(crate) graph: Arc<Graph>,
    records: Box<[Arc<Record>]>,
    /// The graph's count of aborts when it started.
    aborts: u64,
}

impl Run {
    pub(crate) fn new(graph: &Arc<Graph>) -> Arc<Self> {
        let records = (0..graph.record_count()).map(|_| Arc::default());
        Arc::new(Self {
            graph: Arc::clone(graph),
            records: records.collect(),
            aborts: graph.aborts.load(Ordering::Acquire),
        })
    }

    /// The tasks of a lane, from the first on.
    pub(crate) fn frame(self: &Arc<Self>, lane: usize) -> Frame {
        self.frame_at(lane, 0)
    }

    fn frame_at(self: &Arc<Self>, lane: usize, place: usize) -> Frame {
        Frame {
            tasks: self.graph.tasks(lane),
            next: place,
            run: Arc::clone(self),
            booking: None,
        }
    }

    /// Starts a lane on the queue of its own, when that has room.
    pub(crate) fn start(
        self: &Arc<Self>,
        world: &Arc<World>,
        origin: Origin,
        lane: usize,
    ) -> Result<(), Fault> {
        self.start_at(world, origin, lane, 0)
    }

    /// The same, from a place of the lane on.
    pub(crate) fn start_at(
        self: &Arc<Self>,
        world: &Arc<World>,
        origin: Origin,
        lane: usize,
        place: usize,
    ) -> Result<(), Fault> {
        self.graph.queue(world, lane)?.wait_for_room(world);
        self.start_now(world, origin, lane, place)
    }

    /// The same, whether there is room or not.
    pub(super) fn start_now(
        self: &Arc<Self>,
        world: &Arc<World>,
        origin: Origin,
        lane: usize,
        place: usize,
    ) -> Result<(), Fault> {
        let run = Arc::clone(self);
        let enter =
            move |_: &Arc<World>, _: Option<&Arc<Self>>| Ok(Flow::Enter(run.frame_at(lane, place)));
        let enter = Action::Branch(Arc::new(enter));
        self.graph
            .with_queue(world, lane, |queue| queue.submit_own(world, origin, enter))
    }

    fn is_cut(&self) -> bool {
        self.graph.aborts.load(Ordering::Acquire) != self.aborts
    }
}

/// Where a stream is in a run.
#[derive(Clone)]
pub(crate) struct Frame {
    tasks: Arc<[Task]>,
    next: usize,
    run: Arc<Run>,
    /// Says that the graph is at work, to the end of the frame.
    booking: Option<Arc<Booking>>,
}

impl Frame {
    pub(super) fn booked(mut self, booking: Arc<Booking>) -> Self {
        self.booking = Some(booking);
        self
    }

    /// The frame at its next task, which is passed by that.
    pub(crate) fn step(&mut self) -> Self {
        let current = Self {
            tasks: Arc::clone(&self.tasks),
            next: self.next,
            run: Arc::clone(&self.run),
            booking: None,
        };
        self.next += 1;
        current
    }

    pub(crate) fn step_back(&mut self) {
        self.next -= 1;
    }

    pub(crate) fn jump(&mut self, place: usize) {
        self.next = place;
    }

    pub(crate) fn next_task(&self) -> &Task {
        &self.tasks[self.next]
    }

    pub(crate) fn is_over(&self) -> bool {
        self.next >= self.tasks.len()
    }

    pub(crate) fn run(&self) -> &Arc<Run> {
        &self.run
    }

    pub(crate) fn record(&self, number: usize) -> Arc<Record> {
        Arc::clone(&self.run.records[number])
    }

    /// Whether the graph was aborted since the run began.
    pub(crate) fn is_cut(&self) -> bool {
        self.run.is_cut()
    }

    pub(crate) fn aborted() -> Fault {
        Fault::new(
            ACL_ERROR_RT_MODEL_ABORT_NORMAL,
            "the graph was aborted by aclmdlRIAbort",
        )
    }

    pub(crate) fn remaining(&self) -> &[Task] {
        self.tasks.get(self.next..).unwrap_or_default()
    }

    pub(crate) fn remaining_records(&self) -> impl Iterator<Item = Arc<Record>> {
        self.remaining()
            .iter()
            .filter_map(|task| match &task.action {
                Action::RecordOf(number) => Some(self.record(*number)),
                _ => None,
            })
    }
}

/// Counts a graph as at work.
pub(crate) struct Booking(Arc<Graph>);

impl Booking {
    pub(super) fn new(graph: &Arc<Graph>) -> Arc<Self> {
        graph.bookings.fetch_add(1, Ordering::AcqRel);
        Arc::new(Self(Arc::clone(graph)))
    }
}

impl Drop for Booking {
    fn drop(&mut self) {
        self.0.bookings.fetch_sub(1, Ordering::AcqRel);
    }
}
