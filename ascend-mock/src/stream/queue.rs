//! A stream's queue: tasks in order of submission, and the thread that does them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use ascend_sys::{
    ACL_ERROR_RT_INTERNAL_ERROR, ACL_ERROR_RT_NO_STREAM_RESOURCE, ACL_ERROR_RT_STREAM_SYNC_TIMEOUT,
};

use crate::entry::guarded;
use crate::exception::ExceptionInfo;
use crate::fault::Fault;
use crate::sync::{Deadline, Signal, lock, wait, wait_until};
use crate::world::World;

use super::task::{Action, Task, Wait, Waker};

/// Tasks that a stream holds; submitting more waits for room.
const DEPTH: usize = 2048;

/// How long a thread without tasks looks out for one before it sleeps: waking it costs more than a
/// submission may.
const LOOKOUT: Duration = Duration::from_micros(20);

pub(crate) struct Queue {
    device: u32,
    id: u32,
    state: Mutex<State>,
    /// For the thread: tasks, wakes, the end.
    changed: Condvar,
    /// For the host: tasks were finished.
    progress: Signal,
    /// For the host: there is room again.
    room: Signal,
    /// As in the state, for the thread to look at without the lock.
    submitted: AtomicU64,
}

#[derive(Default)]
struct State {
    tasks: VecDeque<Task>,
    submitted: u64,
    finished: u64,
    /// The first failure since the last synchronisation.
    fault: Option<Fault>,
    worker: Option<JoinHandle<()>>,
    sleep: Sleep,
    /// What the running task waits for may have come.
    woken: bool,
    /// Ends the wait of the running task.
    failing: Option<Fault>,
    end: Option<End>,
}

/// What the thread sleeps for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Sleep {
    #[default]
    Awake,
    Tasks,
    Wake,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// When the queue is empty.
    Closed,
    /// At once.
    Aborted,
}

impl Queue {
    pub(super) fn new(device: u32, id: u32) -> Self {
        Self {
            device,
            id,
            state: Mutex::default(),
            changed: Condvar::new(),
            progress: Signal::default(),
            room: Signal::default(),
            submitted: AtomicU64::new(0),
        }
    }

    /// Adds a task. The thread starts with the first one, so idle streams cost nothing.
    pub(super) fn submit(self: &Arc<Self>, world: &Arc<World>, task: Task) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        while state.tasks.len() >= DEPTH && state.end.is_none() {
            state = self.room.wait(state);
        }
        if state.end.is_some() {
            return Err(self.destroyed());
        }
        if state.worker.is_none() {
            state.worker = Some(self.start(Arc::downgrade(world))?);
        }
        state.tasks.push_back(task);
        state.submitted += 1;
        self.submitted.store(state.submitted, Ordering::Release);
        let sleeps = state.sleep == Sleep::Tasks;
        drop(state);
        if sleeps {
            self.changed.notify_one();
        }
        Ok(())
    }

    fn start(self: &Arc<Self>, world: Weak<World>) -> Result<JoinHandle<()>, Fault> {
        let queue = Arc::clone(self);
        thread::Builder::new()
            .name(format!("ascend-stream-{}", self.id))
            .spawn(move || queue.work(&world))
            .map_err(|error| {
                Fault::new(
                    ACL_ERROR_RT_NO_STREAM_RESOURCE,
                    format!("no thread is left for stream {}: {error}", self.id),
                )
            })
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
            if state.end == Some(End::Aborted) {
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
            state = self.progress.wait_until(state, deadline);
        }
        state.fault.take().map_or(Ok(()), Err)
    }

    /// Takes no more work; the thread ends when the queue is empty.
    pub(crate) fn close(&self) {
        let mut state = lock(&self.state);
        state.end.get_or_insert(End::Closed);
        self.tell_all(state);
    }

    /// Takes no more work, drops what is queued, and ends the wait of the running task.
    pub(crate) fn abort(&self) {
        let mut state = lock(&self.state);
        state.end = Some(End::Aborted);
        self.drop_tasks(state);
    }

    /// Drops what is queued, and ends the wait of the running task; `fault` is the outcome.
    pub(crate) fn fail(&self, fault: &Fault) {
        let mut state = lock(&self.state);
        state.finished += state.tasks.len() as u64;
        if state.finished < state.submitted {
            state.failing = Some(fault.clone());
        }
        state.fault = Some(fault.clone());
        self.drop_tasks(state);
    }

    fn drop_tasks(&self, mut state: MutexGuard<'_, State>) {
        let dropped = std::mem::take(&mut state.tasks);
        self.tell_all(state);
        for task in dropped {
            if let Action::Record(record) = task.action {
                record.abandon();
            }
        }
    }

    fn tell_all(&self, state: MutexGuard<'_, State>) {
        drop(state);
        self.changed.notify_one();
        self.progress.notify();
        self.room.notify();
    }

    /// Makes the thread poll what it waits for.
    pub(super) fn wake(&self) {
        let mut state = lock(&self.state);
        state.woken = true;
        let sleeps = state.sleep == Sleep::Wake;
        drop(state);
        if sleeps {
            self.changed.notify_one();
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

    /// The thread. It holds the world only while there is something to do in it.
    fn work(self: &Arc<Self>, world: &Weak<World>) {
        while self.wait_for_tasks() {
            let Some(world) = world.upgrade() else { return };
            let mut done = None;
            while let Some(task) = self.next(done.take()) {
                let begin = world.tracer.as_ref().map(|_| Instant::now());
                let outcome = guarded(|| self.run(&world, &task)).map_err(Fault::in_stream);
                if let (Some(tracer), Some(begin)) = (&world.tracer, begin) {
                    let code = outcome.as_ref().err().map_or(0, |fault| fault.code);
                    tracer.task(task.origin, self.device, self.id, begin, code);
                }
                if let Err(fault) = &outcome {
                    self.tell_failure(&world, &task, fault);
                }
                done = Some(outcome);
            }
        }
    }

    /// Sleeps until there are tasks; false when the stream ends.
    fn wait_for_tasks(&self) -> bool {
        let mut state = lock(&self.state);
        while state.tasks.is_empty() && state.end.is_none() {
            state.sleep = Sleep::Tasks;
            state = wait(&self.changed, state);
        }
        state.sleep = Sleep::Awake;
        !state.tasks.is_empty()
    }

    /// Books the outcome of a task and takes the next one; `None` if there is none for a while.
    fn next(&self, done: Option<Result<(), Fault>>) -> Option<Task> {
        let mut state = lock(&self.state);
        if let Some(outcome) = done {
            state.finished += 1;
            state.failing = None;
            if let Err(fault) = outcome {
                tracing::debug!(stream = self.id, code = fault.code, "{}", fault.text);
                state.fault.get_or_insert(fault);
            }
            self.progress.notify();
        }
        if state.tasks.is_empty() {
            if state.end.is_some() {
                return None;
            }
            let submitted = state.submitted;
            drop(state);
            self.look_out(submitted);
            state = lock(&self.state);
        }
        let task = state.tasks.pop_front();
        if state.tasks.len() == DEPTH / 2 {
            self.room.notify();
        }
        task
    }

    /// Waits a little for a task that comes after the first `submitted` ones.
    fn look_out(&self, submitted: u64) {
        let start = Instant::now();
        while self.submitted.load(Ordering::Acquire) == submitted && start.elapsed() < LOOKOUT {
            std::hint::spin_loop();
        }
    }

    /// Calls the program's functions for exceptions, before the failure can be seen.
    fn tell_failure(&self, world: &World, task: &Task, fault: &Fault) {
        let state = lock(&self.state);
        if state.end == Some(End::Aborted) {
            return;
        }
        let number = state.finished;
        drop(state);
        let info = ExceptionInfo {
            task: u32::try_from(number % (1 << 32)).unwrap_or_default(),
            stream: self.id,
            thread: task.thread,
            device: self.device,
            code: fault.code,
        };
        world.tell_exception(task.origin, info);
    }

    fn run(self: &Arc<Self>, world: &World, task: &Task) -> Result<(), Fault> {
        match &task.action {
            Action::Work(work) => work(world),
            Action::Record(record) => {
                record.complete();
                Ok(())
            }
            Action::Wait(wait) => self.wait(world, wait),
        }
    }

    fn wait(self: &Arc<Self>, world: &World, wait: &Wait) -> Result<(), Fault> {
        let waker = Waker(Arc::downgrade(self));
        let mut poll = Arc::clone(&wait.on).begin(world, &waker);
        let deadline = wait.limit.map_or(Deadline::NEVER, Deadline::after);
        loop {
            if let Some(outcome) = poll(world) {
                return outcome;
            }
            if deadline.is_over() {
                return Err(wait.on.expired());
            }
            let again = wait
                .on
                .interval()
                .map_or(deadline, |interval| deadline.min(Deadline::after(interval)));
            let mut state = lock(&self.state);
            while !state.woken
                && state.failing.is_none()
                && state.end != Some(End::Aborted)
                && !again.is_over()
            {
                state.sleep = Sleep::Wake;
                state = wait_until(&self.changed, state, again);
            }
            state.sleep = Sleep::Awake;
            state.woken = false;
            if let Some(fault) = state.failing.take() {
                return Err(fault);
            }
            if state.end == Some(End::Aborted) {
                return Err(self.destroyed());
            }
        }
    }

    fn destroyed(&self) -> Fault {
        Fault::new(
            ACL_ERROR_RT_INTERNAL_ERROR,
            format!("stream {} was destroyed meanwhile", self.id),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::MockConfig;
    use crate::ledger::Origin;
    use crate::stream::task::{Uses, Work};

    fn task(work: Work) -> Task {
        Task {
            origin: Origin {
                symbol: "aclrtProbe",
                sequence: 1,
            },
            thread: 0,
            uses: Uses::default(),
            action: Action::Work(work),
        }
    }

    #[test]
    fn a_panic_in_a_task_is_its_failure_and_the_stream_goes_on() {
        let world = Arc::new(World::new(0, MockConfig::default()).unwrap());
        let queue = Arc::new(Queue::new(0, 0));
        let ran = Arc::new(AtomicBool::new(false));
        let mark = Arc::clone(&ran);
        let panics = task(Arc::new(|_| panic!("on purpose")));
        queue.submit(&world, panics).unwrap();
        let marks = task(Arc::new(move |_| {
            mark.store(true, Ordering::Release);
            Ok(())
        }));
        queue.submit(&world, marks).unwrap();
        let fault = queue.synchronize(Deadline::NEVER).unwrap_err();
        assert_eq!(fault.code, ACL_ERROR_RT_INTERNAL_ERROR);
        assert!(fault.text.contains("on purpose"));
        assert!(ran.load(Ordering::Acquire));
        queue.close();
        queue.join();
        assert!(queue.submit(&world, task(Arc::new(|_| Ok(())))).is_err());
    }
}
