//! A stream's queue: tasks in order of submission, and who waits for them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Weak};
use std::thread;

use ascend_sys::{
    ACL_ERROR_RT_INTERNAL_ERROR, ACL_ERROR_RT_STREAM_ABORT, ACL_ERROR_RT_STREAM_SYNC_TIMEOUT,
};

use crate::fault::Fault;
use crate::graph::Frame;
use crate::ledger::Origin;
use crate::sync::{Deadline, Signal, lock};
use crate::threads;
use crate::world::World;

use super::state::{End, FailureMode, Lost, Sleep, State};
use super::task::{Action, Task, Uses};

/// Tasks that a stream holds; submitting more waits for room.
pub(super) const DEPTH: usize = 2048;

pub(crate) struct Queue {
    pub(super) device: u32,
    pub(super) id: u32,
    /// The context of its stream.
    pub(super) context: u64,
    pub(super) world: Weak<World>,
    pub(super) is_strict: bool,
    pub(super) state: Mutex<State>,
    /// For the thread: tasks, wakes, the end.
    pub(super) changed: Condvar,
    /// For the host: tasks were finished.
    pub(super) progress: Signal,
    /// For the host: there is room again.
    pub(super) room: Signal,
    /// As in the state, for the thread to look at without the lock.
    pub(super) submitted: AtomicU64,
}

impl Queue {
    pub(crate) fn new(world: &Arc<World>, id: u32, context: u64, device: u32) -> Self {
        Self {
            device,
            id,
            context,
            world: Arc::downgrade(world),
            is_strict: world.config.strict,
            state: Mutex::default(),
            changed: Condvar::new(),
            progress: Signal::default(),
            room: Signal::default(),
            submitted: AtomicU64::new(0),
        }
    }

    /// Adds a task. A thread starts with the first one, so idle streams cost nothing.
    pub(crate) fn submit(self: &Arc<Self>, world: &Arc<World>, task: Task) -> Result<(), Fault> {
        let state = self.room(world);
        self.push(world, state, task)
    }

    /// Waits until there is room. The task of the stream itself that asks for it would wait for
    /// ever, and may exceed it.
    fn room(&self, world: &Arc<World>) -> MutexGuard<'_, State> {
        let mut state = lock(&self.state);
        while state.tasks.len() >= DEPTH && state.end.is_none() {
            drop(state);
            if self.is_inside(world) {
                return lock(&self.state);
            }
            if self.is_strict {
                let has_room = || (lock(&self.state).tasks.len() < DEPTH).then_some(());
                world.scheduler.drive(world, Deadline::NEVER, has_room);
                state = lock(&self.state);
            } else {
                state = lock(&self.state);
                if state.tasks.len() >= DEPTH && state.end.is_none() {
                    state = self.room.wait(state);
                }
            }
        }
        state
    }

    pub(crate) fn wait_for_room(&self, world: &Arc<World>) {
        drop(self.room(world));
    }

    /// Whether the calling thread does a task of this stream, and so cannot wait for it.
    pub(crate) fn is_inside(&self, world: &World) -> bool {
        let has_turn = self.is_strict && world.scheduler.has_turn();
        let state = lock(&self.state);
        if self.is_strict {
            return has_turn && state.is_running && state.waiting.is_none();
        }
        let worker = state.worker.as_ref().map(|worker| worker.thread().id());
        worker == Some(thread::current().id())
    }

    fn push(
        self: &Arc<Self>,
        world: &Arc<World>,
        mut state: MutexGuard<'_, State>,
        task: Task,
    ) -> Result<(), Fault> {
        if state.end.is_some() {
            return Err(self.destroyed());
        }
        if let FailureMode::Stopped(fault) = &state.mode {
            return Err(fault.clone());
        }
        if !self.is_strict && state.worker.is_none() {
            state.worker = Some(self.start()?);
        }
        state.tasks.push_back(task);
        state.submitted += 1;
        self.submitted.store(state.submitted, Ordering::Release);
        let sleeps = state.sleep == Sleep::Tasks;
        drop(state);
        if self.is_strict {
            world.scheduler.enlist(world, self);
        } else if sleeps {
            self.changed.notify_one();
        }
        Ok(())
    }

    /// The queue of a graph, which no stream stands for.
    pub(crate) fn hidden(world: &Arc<World>, context: u64) -> Arc<Self> {
        let device = world
            .contexts
            .find(context)
            .map_or(0, |context| context.device);
        Arc::new(Self::new(world, world.next_stream_id(), context, device))
    }

    /// The call behind the first queued task that names something.
    pub(super) fn find(&self, names: impl Fn(&Uses) -> bool) -> Option<Origin> {
        let state = lock(&self.state);
        let framed = state.frames.iter().flat_map(Frame::remaining);
        let tasks = framed.chain(&state.tasks);
        tasks
            .into_iter()
            .find(|task| names(&task.uses))
            .map(|task| task.origin)
    }

    /// Adds work that the device itself needs, whether there is room or not.
    pub(crate) fn submit_own(
        self: &Arc<Self>,
        world: &Arc<World>,
        origin: Origin,
        action: Action,
    ) -> Result<(), Fault> {
        let uses = Uses::default();
        let task = Task {
            origin,
            number: 0,
            thread: threads::id(),
            uses,
            action,
        };
        self.push(world, lock(&self.state), task)
    }

    pub(crate) fn is_idle(&self) -> bool {
        lock(&self.state).is_idle()
    }

    /// Waits for what is queued now, and takes the failure that happened since the last time.
    pub(crate) fn synchronize(&self, world: &Arc<World>, deadline: Deadline) -> Result<(), Fault> {
        if self.is_inside(world) {
            return Err(Fault::new(
                ACL_ERROR_RT_INTERNAL_ERROR,
                format!(
                    "a task of stream {} waits for the stream, which waits for the task",
                    self.id
                ),
            ));
        }
        let target = lock(&self.state).submitted;
        if self.is_strict {
            let is_over = || {
                let state = lock(&self.state);
                self.outcome(state, target, deadline).err()
            };
            let over = world.scheduler.drive(world, deadline, is_over);
            return over.unwrap_or_else(|| Err(self.late(target)));
        }
        let mut state = lock(&self.state);
        loop {
            state = match self.outcome(state, target, deadline) {
                Ok(state) => self.progress.wait_until(state, deadline),
                Err(outcome) => return outcome,
            };
        }
    }

    /// How the wait for the first `target` tasks ended; gives the state back if it has not.
    fn outcome<'a>(
        &self,
        mut state: MutexGuard<'a, State>,
        target: u64,
        deadline: Deadline,
    ) -> Result<MutexGuard<'a, State>, Result<(), Fault>> {
        if state.aborting {
            return Err(Err(self.aborted()));
        }
        if state.finished >= target {
            if let FailureMode::Stopped(fault) = &state.mode {
                return Err(Err(fault.clone()));
            }
            return Err(state.fault.take().map_or(Ok(()), Err));
        }
        if state.end == Some(End::Aborted) {
            return Err(Err(self.destroyed()));
        }
        if deadline.is_over() {
            drop(state);
            return Err(Err(self.late(target)));
        }
        Ok(state)
    }

    fn late(&self, target: u64) -> Fault {
        let left = target.saturating_sub(lock(&self.state).finished);
        Fault::new(
            ACL_ERROR_RT_STREAM_SYNC_TIMEOUT,
            format!(
                "stream {} still has {left} tasks to do; they go on",
                self.id
            ),
        )
    }

    /// Takes no more work; what is queued is still done.
    pub(crate) fn close(&self) {
        let mut state = lock(&self.state);
        state.end.get_or_insert(End::Closed);
        drop(state);
        self.tell_all();
    }

    /// Takes no more work, drops what is queued, and ends the wait of the running task.
    pub(crate) fn abort(&self) {
        let mut state = lock(&self.state);
        state.end = Some(End::Aborted);
        self.drop_tasks(state, &self.destroyed());
    }

    /// Drops what is queued and ends what waits, as a device does that is lost; `why` is the
    /// outcome.
    pub(crate) fn fail(&self, why: &Fault) {
        let mut state = lock(&self.state);
        state.fault = Some(why.clone());
        self.drop_tasks(state, why);
    }

    /// Drops what is queued and waits for what runs; the stream can be used on.
    pub(super) fn clear(&self, deadline: Deadline) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        state.aborting = true;
        self.drop_tasks(state, &self.aborted());
        let mut state = lock(&self.state);
        while state.is_running && !deadline.is_over() {
            state = self.progress.wait_until(state, deadline);
        }
        let is_late = state.is_running;
        state.aborting = false;
        state.fault = None;
        if let FailureMode::Stopped(_) = state.mode {
            state.mode = FailureMode::Stop;
        }
        if is_late {
            drop(state);
            return Err(self.late(u64::MAX));
        }
        Ok(())
    }

    /// Ends the work of a stream that stops at failures, for one that happened elsewhere.
    pub(super) fn stop(&self, why: &Fault) {
        let mut state = lock(&self.state);
        if !matches!(state.mode, FailureMode::Stop) {
            return;
        }
        state.mode = FailureMode::Stopped(why.clone());
        self.drop_tasks(state, why);
    }

    /// Drops what is queued, and tells all who wait.
    fn drop_tasks(&self, mut state: MutexGuard<'_, State>, why: &Fault) {
        let mut lost = Lost::default();
        state.drop_tasks(&mut lost, why);
        drop(state);
        self.tell_all();
        lost.tell();
    }

    fn tell_all(&self) {
        self.changed.notify_one();
        self.progress.notify();
        self.room.notify();
        self.wake_scheduler();
    }

    fn wake_scheduler(&self) {
        if self.is_strict
            && let Some(world) = self.world.upgrade()
        {
            world.scheduler.wake();
        }
    }

    /// Makes the stream poll what it waits for.
    pub(super) fn wake(&self) {
        let mut state = lock(&self.state);
        state.woken = true;
        let sleeps = state.sleep == Sleep::Wake;
        drop(state);
        if sleeps {
            self.changed.notify_one();
        }
        self.wake_scheduler();
    }

    /// Waits until no task runs and none will, after `close` or `abort`.
    pub(crate) fn join(&self, world: &Arc<World>) {
        if self.is_strict {
            if self.is_inside(world) {
                return;
            }
            let is_over = || {
                let state = lock(&self.state);
                let done =
                    !state.is_running && (state.end == Some(End::Aborted) || state.is_idle());
                done.then_some(())
            };
            world.scheduler.drive(world, Deadline::NEVER, is_over);
            return;
        }
        let worker = lock(&self.state).worker.take();
        worker.into_iter().for_each(threads::join);
    }

    /// Why the running wait has to end, if it has to.
    pub(super) fn cut(state: &State) -> Option<Fault> {
        state.cut.clone()
    }

    fn destroyed(&self) -> Fault {
        Fault::new(
            ACL_ERROR_RT_INTERNAL_ERROR,
            format!("stream {} was destroyed meanwhile", self.id),
        )
    }

    fn aborted(&self) -> Fault {
        Fault::new(
            ACL_ERROR_RT_STREAM_ABORT,
            format!("the work of stream {} is being aborted", self.id),
        )
    }
}
