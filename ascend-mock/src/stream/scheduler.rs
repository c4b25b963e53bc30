//! Strict mode: work starts late, one task at a time, in a random order between the streams that
//! are ready.
//!
//! Work is done by the host thread that waits for some of it, so that the order follows from the
//! program and the seed alone. Only what nobody waits for is done by a thread of its own, later.
//! What a stream waits for is polled, so a wait never keeps the others from their turn.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Weak};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::Duration;

use crate::sync::{Deadline, Signal, lock};
use crate::threads;
use crate::world::World;

use super::queue::Queue;
use super::state::{End, Waiting};
use super::task::Flow;

/// How long work waits for somebody who needs it.
const LATENESS: Duration = Duration::from_millis(50);

#[derive(Default)]
pub(crate) struct Scheduler {
    state: Mutex<State>,
    changed: Signal,
}

#[derive(Default)]
struct State {
    /// The queues that may have tasks, by stream number.
    queues: BTreeMap<u32, Weak<Queue>>,
    random: Random,
    /// The thread that has the turn: it looks for a task, or does one.
    busy: Option<ThreadId>,
    /// Counts what may have made a stream ready.
    changes: u64,
    /// When the thread does what nobody waited for.
    due: Option<Deadline>,
    thread: Option<JoinHandle<()>>,
    is_over: bool,
}

/// A turn, which ends with this, whatever becomes of the task. A task that has to wait for other
/// streams takes turns within its own.
struct Turn<'a> {
    scheduler: &'a Scheduler,
    is_outer: bool,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if self.is_outer {
            lock(&self.scheduler.state).busy = None;
        }
        self.scheduler.changed.notify();
    }
}

/// What a look at a stream found.
enum Look {
    Ready,
    /// A wait ended.
    WentOn,
    /// Until it is woken, or until then.
    Waits(Deadline),
    Empty,
}

impl Scheduler {
    pub(crate) fn new(seed: u64) -> Self {
        let state = State {
            random: Random(seed),
            ..State::default()
        };
        Self {
            state: Mutex::new(state),
            changed: Signal::default(),
        }
    }

    /// Makes it look at a queue that has got a task.
    pub(super) fn enlist(&self, world: &Arc<World>, queue: &Arc<Queue>) {
        let mut state = lock(&self.state);
        let queues = &mut state.queues;
        queues
            .entry(queue.id)
            .or_insert_with(|| Arc::downgrade(queue));
        if state.thread.is_none() && !state.is_over {
            let world = Arc::downgrade(world);
            let thread = thread::Builder::new().name("ascend-scheduler".into());
            state.thread = thread.spawn(move || serve(&world)).ok();
        }
        self.change(&mut state);
    }

    /// Makes it look at all streams again.
    pub(crate) fn wake(&self) {
        self.change(&mut lock(&self.state));
    }

    fn change(&self, state: &mut State) {
        state.changes += 1;
        state.due.get_or_insert_with(|| Deadline::after(LATENESS));
        self.changed.notify();
    }

    /// Has all work done that can be, since somebody waits for what is not a stream's.
    #[allow(dead_code, reason = "for reports of callbacks")]
    pub(crate) fn hurry(&self) {
        let mut state = lock(&self.state);
        state.due = Some(Deadline::after(Duration::ZERO));
        self.changed.notify();
    }

    /// Does work until `check` has an answer; `None` when it is too late.
    pub(crate) fn drive<R>(
        &self,
        world: &Arc<World>,
        deadline: Deadline,
        mut check: impl FnMut() -> Option<R>,
    ) -> Option<R> {
        loop {
            let seen = lock(&self.state).changes;
            if let Some(answer) = check() {
                return Some(answer);
            }
            if deadline.is_over() {
                return None;
            }
            if let Some(again) = self.step(world, seen, deadline) {
                let until = again.min(deadline);
                let mut state = lock(&self.state);
                while state.changes == seen && !until.is_over() {
                    state = self.changed.wait_until(state, until);
                }
            }
        }
    }

    /// Takes one step for a program that asks whether something is done.
    pub(super) fn poll(&self, world: &Arc<World>) {
        let seen = lock(&self.state).changes;
        self.step(world, seen, Deadline::NEVER);
    }

    /// Takes one step: does a task, or finds a wait over. When nothing can be done, answers when to
    /// look again. `seen` is the count of changes before the caller found that it needs a step.
    fn step(&self, world: &Arc<World>, seen: u64, deadline: Deadline) -> Option<Deadline> {
        let mut state = lock(&self.state);
        let this = thread::current().id();
        let is_outer = state.busy.is_none();
        if state.busy.is_some_and(|thread| thread != this) {
            // What the caller waits for may come before that thread's turn is over.
            if state.changes == seen {
                drop(self.changed.wait_until(state, deadline));
            }
            return None;
        }
        state.busy = Some(this);
        state.queues.retain(|_, queue| queue.strong_count() > 0);
        let queues: Vec<_> = state.queues.values().filter_map(Weak::upgrade).collect();
        drop(state);
        let _turn = Turn {
            scheduler: self,
            is_outer,
        };
        let again = self.turn(world, &queues);
        lock(&self.state).changes += u64::from(again.is_none());
        again
    }

    /// Whether the calling thread does a task.
    pub(super) fn has_turn(&self) -> bool {
        lock(&self.state).busy == Some(thread::current().id())
    }

    fn turn(&self, world: &Arc<World>, queues: &[Arc<Queue>]) -> Option<Deadline> {
        let mut ready = Vec::new();
        let mut empty = Vec::new();
        let mut again = Deadline::NEVER;
        let mut went_on = false;
        for queue in queues {
            match queue.look(world) {
                Look::Ready => ready.push(queue),
                Look::WentOn => went_on = true,
                Look::Waits(until) => again = again.min(until),
                Look::Empty => empty.push(queue),
            }
        }
        let mut state = lock(&self.state);
        let chosen = match ready.len() {
            0 => None,
            count => Some(state.random.below(count)),
        };
        for queue in empty {
            // A submission that is not seen here enlists the queue again.
            if !lock(&queue.state).has_task() {
                state.queues.remove(&queue.id);
            }
        }
        drop(state);
        if went_on {
            return None;
        }
        let Some(queue) = chosen.map(|chosen| ready[chosen]) else {
            return Some(again);
        };
        queue.step(world);
        None
    }

    /// The queues that may have tasks.
    pub(super) fn queues(&self) -> Vec<Arc<Queue>> {
        let state = lock(&self.state);
        state.queues.values().filter_map(Weak::upgrade).collect()
    }

    /// Ends the thread.
    pub(crate) fn shut_down(&self) {
        let mut state = lock(&self.state);
        state.is_over = true;
        let thread = state.thread.take();
        state.changes += 1;
        self.changed.notify();
        drop(state);
        thread.into_iter().for_each(threads::join);
    }
}

/// Does what nobody waited for.
fn serve(world: &Weak<World>) {
    loop {
        let Some(world) = world.upgrade() else { return };
        let scheduler = &world.scheduler;
        let mut state = lock(&scheduler.state);
        loop {
            if state.is_over {
                return;
            }
            match state.due {
                Some(due) if due.is_over() => break,
                due => {
                    let due = due.unwrap_or(Deadline::NEVER);
                    state = scheduler.changed.wait_until(state, due);
                }
            }
        }
        state.due = None;
        drop(state);
        let mut again = None;
        while again.is_none() {
            let state = lock(&scheduler.state);
            let seen = state.changes;
            if state.is_over {
                return;
            }
            drop(state);
            again = scheduler.step(&world, seen, Deadline::NEVER);
        }
        if let Some(again) = again.filter(|again| again.is_set()) {
            let mut state = lock(&scheduler.state);
            state.due = Some(state.due.map_or(again, |due| due.min(again)));
        }
    }
}

impl Queue {
    /// Looks whether a task can be done, and gets on with waits. Only under the turn.
    fn look(self: &Arc<Self>, world: &Arc<World>) -> Look {
        let mut state = lock(&self.state);
        let waiting = state.waiting.take();
        let mut waiting = match waiting {
            Some(waiting) => waiting,
            // The task that takes this turn within its own.
            None if state.is_running => return Look::Waits(Deadline::NEVER),
            None if !state.next_waits() => {
                let is_ready = state.has_task() && state.end != Some(End::Aborted);
                return if is_ready { Look::Ready } else { Look::Empty };
            }
            None => {
                let taken = state.take();
                drop(state);
                let Some((wait, taken)) = taken.and_then(|taken| Some((taken.wait()?, taken)))
                else {
                    return Look::Empty;
                };
                let waiting = Waiting::begin(self, world, taken, wait);
                state = lock(&self.state);
                waiting
            }
        };
        let cut = Self::cut(&state);
        drop(state);
        let outcome = cut.map(Err).or_else(|| waiting.outcome(world));
        if let Some(outcome) = outcome {
            let told = waiting.told;
            drop(waiting);
            self.finish(self.tell(world, told, outcome.map(|()| Flow::On)));
            return Look::WentOn;
        }
        let again = waiting.again();
        let mut state = lock(&self.state);
        if let Some(why) = Self::cut(&state) {
            drop(state);
            let told = waiting.told;
            drop(waiting);
            self.finish(self.tell(world, told, Err(why)));
            return Look::WentOn;
        }
        state.waiting = Some(waiting);
        Look::Waits(again)
    }

    /// Does one task. Only under the turn.
    fn step(&self, world: &Arc<World>) {
        let taken = lock(&self.state).take();
        if let Some(taken) = taken {
            let told = taken.told(world);
            let outcome = Self::run(world, &taken);
            drop(taken);
            self.finish(self.tell(world, told, outcome));
        }
    }
}

/// Numbers that follow from a seed (the generator "splitmix64").
#[derive(Default)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ bits >> 31
    }

    fn below(&mut self, count: usize) -> usize {
        let count = count as u64;
        usize::try_from(self.next() % count).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::MockConfig;
    use crate::fault::Fault;
    use crate::ledger::Origin;
    use crate::stream::task::{Action, Awaited, Poll, Wait, Waker};

    const ORIGIN: Origin = Origin {
        symbol: "aclrtProbe",
        sequence: 1,
    };

    /// Panics where a turn does not look out for it.
    struct Panics;

    impl Awaited for Panics {
        fn begin(self: Arc<Self>, _: &World, _: &Waker) -> Poll {
            Box::new(|_| None)
        }

        fn interval(&self) -> Option<Duration> {
            panic!("on purpose")
        }

        fn expired(&self) -> Fault {
            Fault::internal("no limit")
        }
    }

    #[test]
    fn a_panic_ends_the_turn_that_it_is_in() {
        let world = Arc::new(World::new(0, MockConfig::default().strict(true)).unwrap());
        let [bad, good] = [(); 2].map(|()| Queue::hidden(&world, 0));
        let wait = Wait {
            on: Arc::new(Panics),
            limit: None,
        };
        bad.submit_own(&world, ORIGIN, Action::Wait(wait)).unwrap();
        let soon = || Deadline::after(Duration::from_secs(5));
        let outcome = catch_unwind(AssertUnwindSafe(|| bad.synchronize(&world, soon())));
        assert!(outcome.is_err() || outcome.is_ok_and(|outcome| outcome.is_err()));
        let work = Action::Work(Arc::new(|_| Ok(())));
        good.submit_own(&world, ORIGIN, work).unwrap();
        good.synchronize(&world, soon()).unwrap();
    }
}
