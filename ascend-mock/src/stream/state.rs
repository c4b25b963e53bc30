//! What a queue holds, and what becomes of it.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use crate::entry::guarded;
use crate::event::Record;
use crate::fault::Fault;
use crate::graph::Frame;
use crate::ledger::Origin;
use crate::sync::Deadline;
use crate::world::World;

use super::queue::Queue;
use super::task::{Action, Poll, Task, Wait, Waker};

#[derive(Default)]
pub(super) struct State {
    pub(super) tasks: VecDeque<Task>,
    /// The graph runs that the first task led into, innermost last.
    pub(super) frames: Vec<Frame>,
    pub(super) submitted: u64,
    pub(super) finished: u64,
    /// The first failure since the last synchronisation.
    pub(super) fault: Option<Fault>,
    pub(super) mode: FailureMode,
    pub(super) worker: Option<JoinHandle<()>>,
    pub(super) sleep: Sleep,
    /// What the running task waits for may have come.
    pub(super) woken: bool,
    pub(super) is_running: bool,
    /// Why the running wait has to end.
    pub(super) cut: Option<Fault>,
    /// The wait that the stream is in, in strict mode.
    pub(super) waiting: Option<Waiting>,
    /// An abort is under way.
    pub(super) aborting: bool,
    pub(super) end: Option<End>,
}

/// What a failure does to the stream's later work.
#[derive(Default)]
pub(super) enum FailureMode {
    /// Nothing.
    #[default]
    Continue,
    /// It is dropped.
    Stop,
    /// It was, for this.
    Stopped(Fault),
}

/// What the thread sleeps for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sleep {
    #[default]
    Awake,
    Tasks,
    Wake,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// When the queue is empty.
    Closed,
    /// At once.
    Aborted,
}

/// A task that is its turn, and the graph run that it is part of.
pub(super) enum Taken {
    Submitted(Task),
    Framed(Frame),
}

/// What is told of a task when it is done.
#[derive(Clone, Copy)]
pub(super) struct Told {
    pub(super) number: u32,
    pub(super) origin: Origin,
    pub(super) thread: u32,
    pub(super) begin: Option<Instant>,
}

impl Taken {
    /// What will be told; the task begins now.
    pub(super) fn told(&self, world: &World) -> Told {
        let task = self.task();
        Told {
            number: task.number,
            origin: task.origin,
            thread: task.thread,
            begin: world.tracer.as_ref().map(|_| Instant::now()),
        }
    }

    pub(super) fn task(&self) -> &Task {
        match self {
            Self::Submitted(task) => task,
            Self::Framed(frame) => frame.next_task(),
        }
    }

    pub(super) fn frame(&self) -> Option<&Frame> {
        match self {
            Self::Submitted(_) => None,
            Self::Framed(frame) => Some(frame),
        }
    }

    /// What the task waits for, if it does nothing else.
    pub(super) fn wait(&self) -> Option<Wait> {
        match &self.task().action {
            Action::Wait(wait) => Some(wait.clone()),
            Action::WaitFor(record) => Some(Wait {
                on: self.frame()?.record(*record),
                limit: None,
            }),
            _ => None,
        }
    }
}

/// A wait under way.
pub(super) struct Waiting {
    taken: Taken,
    pub(super) told: Told,
    wait: Wait,
    poll: Poll,
    deadline: Deadline,
}

impl Waiting {
    pub(super) fn begin(queue: &Arc<Queue>, world: &World, taken: Taken, wait: Wait) -> Self {
        let told = taken.told(world);
        let begin = || Ok(Arc::clone(&wait.on).begin(world, &Waker::of(queue)));
        let poll = guarded(begin)
            .unwrap_or_else(|fault| Box::new(move |_: &World| Some(Err(fault.clone()))));
        let deadline = wait.limit.map_or(Deadline::NEVER, Deadline::after);
        Self {
            taken,
            told,
            wait,
            poll,
            deadline,
        }
    }

    pub(super) fn outcome(&mut self, world: &World) -> Option<Result<(), Fault>> {
        let outcome = guarded(|| Ok((self.poll)(world))).unwrap_or_else(|fault| Some(Err(fault)));
        let frame = self.taken.frame().filter(|frame| frame.is_cut());
        outcome
            .or_else(|| frame.map(|_| Err(Frame::aborted())))
            .or_else(|| self.deadline.is_over().then(|| Err(self.wait.on.expired())))
    }

    /// When to ask again without being woken.
    pub(super) fn again(&self) -> Deadline {
        match self.wait.on.interval() {
            Some(interval) => self.deadline.min(Deadline::after(interval)),
            None => self.deadline,
        }
    }
}

/// Records that will not be reached, and why: told when no lock is held. What is over is dropped
/// then too, because the last part of a graph's run may be the last to hold the graph.
#[derive(Default)]
pub(super) struct Lost {
    records: Vec<(Arc<Record>, Fault)>,
    tasks: Vec<Task>,
    frames: Vec<Frame>,
    /// A wait that was given up.
    waiting: Option<Waiting>,
}

impl Lost {
    fn tasks(&mut self, tasks: impl IntoIterator<Item = Task>, why: &Fault) {
        for task in tasks {
            if let Action::Record(record) = &task.action {
                self.records.push((Arc::clone(record), why.clone()));
            }
            self.tasks.push(task);
        }
    }

    pub(super) fn frames(&mut self, frames: &mut Vec<Frame>, why: &Fault) {
        for frame in frames.drain(..) {
            let records = frame.remaining_records();
            self.records
                .extend(records.map(|record| (record, why.clone())));
            self.frames.push(frame);
        }
    }

    pub(super) fn has_frames(&self) -> bool {
        !self.frames.is_empty()
    }

    pub(super) fn drop_frames(&mut self) {
        self.frames.clear();
    }

    pub(super) fn tell(self) {
        drop(self.waiting);
        for (record, why) in self.records {
            record.abandon(why);
        }
        drop(self.tasks);
        drop(self.frames);
    }
}

impl State {
    /// The next task that is not a frame's end.
    pub(super) fn take(&mut self) -> Option<Taken> {
        let taken = match self.frames.last_mut() {
            Some(frame) => Taken::Framed(frame.step()),
            None => Taken::Submitted(self.tasks.pop_front()?),
        };
        self.is_running = true;
        self.cut = None;
        Some(taken)
    }

    pub(super) fn has_task(&self) -> bool {
        !self.frames.is_empty() || !self.tasks.is_empty()
    }

    pub(super) fn next_waits(&self) -> bool {
        let action = match self.frames.last() {
            Some(frame) => Some(&frame.next_task().action),
            None => self.tasks.front().map(|task| &task.action),
        };
        matches!(action, Some(Action::Wait(_) | Action::WaitFor(_)))
    }

    /// Drops what is queued, which counts as finished, and makes what runs end.
    pub(super) fn drop_tasks(&mut self, lost: &mut Lost, why: &Fault) {
        lost.tasks(mem::take(&mut self.tasks), why);
        lost.frames(&mut self.frames, why);
        lost.waiting = self.waiting.take();
        if lost.waiting.is_some() {
            self.is_running = false;
        }
        self.finished = self.submitted - u64::from(self.is_running);
        self.cut = self.is_running.then(|| why.clone());
    }

    pub(super) fn is_idle(&self) -> bool {
        self.finished == self.submitted
    }
}
