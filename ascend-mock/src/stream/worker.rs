//! The thread of a stream, where work starts at once.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use ascend_sys::ACL_ERROR_RT_NO_STREAM_RESOURCE;

use crate::fault::Fault;
use crate::sync::{lock, wait, wait_until};
use crate::world::World;

use super::queue::Queue;
use super::state::{Sleep, Taken, Waiting};
use super::task::{Flow, Wait};

/// How long a thread without tasks looks out for one before it sleeps: waking it costs more than a
/// submission may.
const LOOKOUT: Duration = Duration::from_micros(20);

impl Queue {
    pub(super) fn start(self: &Arc<Self>) -> Result<JoinHandle<()>, Fault> {
        let queue = Arc::clone(self);
        thread::Builder::new()
            .name(format!("ascend-stream-{}", self.id))
            .spawn(move || queue.work())
            .map_err(|error| {
                Fault::new(
                    ACL_ERROR_RT_NO_STREAM_RESOURCE,
                    format!("no thread is left for stream {}: {error}", self.id),
                )
            })
    }

    /// Holds the world only while there is something to do in it.
    fn work(self: &Arc<Self>) {
        while self.wait_for_tasks() {
            let Some(world) = self.world.upgrade() else {
                return;
            };
            while let Some(taken) = self.next() {
                let told = taken.told(&world);
                let outcome = if let Some(wait) = taken.wait() {
                    self.wait(&world, taken, wait).map(|()| Flow::On)
                } else {
                    let outcome = Self::run(&world, &taken);
                    drop(taken);
                    outcome
                };
                self.finish(self.tell(&world, told, outcome));
            }
        }
    }

    /// Sleeps until there are tasks; false when the stream ends.
    fn wait_for_tasks(&self) -> bool {
        let mut state = lock(&self.state);
        while !state.has_task() && state.end.is_none() {
            state.sleep = Sleep::Tasks;
            state = wait(&self.changed, state);
        }
        state.sleep = Sleep::Awake;
        state.has_task()
    }

    /// The next task; `None` if there is none for a while.
    fn next(&self) -> Option<Taken> {
        let mut state = lock(&self.state);
        if !state.has_task() && state.end.is_none() {
            let submitted = state.submitted;
            drop(state);
            self.look_out(submitted);
            state = lock(&self.state);
        }
        state.take()
    }

    /// Waits a little for a task that comes after the first `submitted` ones.
    fn look_out(&self, submitted: u64) {
        let start = Instant::now();
        while self.submitted.load(Ordering::Acquire) == submitted && start.elapsed() < LOOKOUT {
            std::hint::spin_loop();
        }
    }

    fn wait(self: &Arc<Self>, world: &World, taken: Taken, wait: Wait) -> Result<(), Fault> {
        let mut waiting = Waiting::begin(self, world, taken, wait);
        loop {
            if let Some(outcome) = waiting.outcome(world) {
                return outcome;
            }
            let again = waiting.again();
            let mut state = lock(&self.state);
            while !state.woken && Self::cut(&state).is_none() && !again.is_over() {
                state.sleep = Sleep::Wake;
                state = wait_until(&self.changed, state, again);
            }
            state.sleep = Sleep::Awake;
            state.woken = false;
            if let Some(why) = Self::cut(&state) {
                return Err(why);
            }
        }
    }
}
